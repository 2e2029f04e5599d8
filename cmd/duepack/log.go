package main

import (
	"log/slog"
	"strings"

	"github.com/spf13/cobra"
)

// addLogFlag adds --log to every command.
func (a *app) addLogFlag(root *cobra.Command) {
	root.PersistentFlags().String("log", "", "messages on stderr as text or as json, one object a line (default text)")
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error { return a.startLog(cmd) }
}

// startLog begins the log for machines, where it is wanted.
func (a *app) startLog(cmd *cobra.Command) error {
	text, place := a.lookup("log"), variable("log")
	if option := cmd.Flags().Lookup("log"); option != nil && option.Changed {
		text, place = option.Value.String(), "--log"
	}
	switch strings.ToLower(text) {
	case "", "text":
		return nil
	case "json":
	default:
		return usage("%s: %q is neither text nor json", place, text)
	}
	a.machine = slog.New(slog.NewJSONHandler(a.stderr, &slog.HandlerOptions{ReplaceAttr: func(groups []string, attr slog.Attr) slog.Attr {
		if attr.Key == slog.TimeKey && len(groups) == 0 {
			attr.Value = slog.TimeValue(a.now().UTC()) // there is one clock
		}
		return attr
	}})).With("command", cmd.Name(), "run", a.runID())
	return nil
}

// event logs what happened for machines. It is given ids, codes and counts: no
// name, no amount and no address.
func (a *app) event(what string, attrs ...any) {
	if a.machine != nil {
		a.machine.Info(what, attrs...)
	}
}
