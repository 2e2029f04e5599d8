package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
)

// The exit codes of the contract.
const (
	exitDone        = 0
	exitInternal    = 1
	exitUsage       = 2
	exitRejected    = 3
	exitUntied      = 4
	exitIncomplete  = 5
	exitInterrupted = 130
)

// failure is an error with its exit code. An error that is no failure and no
// *settingError is an internal one.
type failure struct {
	code int
	err  error // nil where everything has been said
}

// Error returns the text of what failed.
func (f *failure) Error() string {
	if f.err == nil {
		return ""
	}
	return f.err.Error()
}

// Unwrap returns what failed.
func (f *failure) Unwrap() error { return f.err }

// usage is a failure of the one who called: wrong flag, wrong path.
func usage(format string, args ...any) error {
	return &failure{exitUsage, fmt.Errorf(format, args...)}
}

// app is what a run may touch besides files: its streams, its environment and
// the only clock.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	env            []string
	now            func() time.Time

	machine *slog.Logger // messages for machines; nil: as text
	id      string       // of the run
	shown   *bar         // what a terminal shows at the moment

	interrupted string // what to say where the run is interrupted from here on; "" for the usual
}

// run is the whole program: arguments in, exit code out.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer, env []string, now func() time.Time) (code int) {
	a := &app{stdin: stdin, stdout: stdout, stderr: stderr, env: env, now: now}
	defer func() {
		if p := recover(); p != nil {
			fmt.Fprintf(stderr, "duepack: internal error: %v (this is a defect of duepack %s; please report it with the lines below)\n%s", p, buildVersion(), debug.Stack())
			code = exitInternal
		}
	}()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	root := a.rootCommand()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	return a.explain(root.ExecuteContext(ctx))
}

// explain prints an error on one line and returns its exit code.
func (a *app) explain(err error) int {
	code := exitCode(err)
	if code == exitInterrupted {
		err = errors.New("interrupted; " + cmp.Or(a.interrupted, "what was there before is untouched"))
	}
	if err == nil || err.Error() == "" {
		return code
	}
	text := strings.TrimSpace(err.Error())
	if code == exitUsage { // cobra writes suggestions on lines of their own
		text, _, _ = strings.Cut(text, "\n")
	}
	if a.machine != nil {
		a.machine.Error(text, "exit_code", code)
		return code
	}
	a.shown.clear()
	fmt.Fprintln(a.stderr, "duepack: "+text)
	return code
}

// exitCode returns the code of an error.
func exitCode(err error) int {
	var f *failure
	var s *settingError
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	case errors.As(err, &f):
		return f.code
	case errors.As(err, &s):
		return exitUsage
	}
	return exitInternal
}

// rootCommand builds the command tree.
func (a *app) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "duepack",
		Short: "Turn a ledger export into a close pack",
		Long: "Duepack turns a ledger export into a close pack: what customers owe, how late it is,\n" +
			"what the delay costs, and what must be sold to make up for bad debt.",
		Example:            "  duepack report ledger.xlsx\n  duepack report -c duepack.yaml --period 2026-10",
		SilenceUsage:       true,
		SilenceErrors:      true,
		DisableSuggestions: true,
		Args:               a.noSuchCommand,
		RunE:               func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.AddCommand(a.reportCommand(), a.checkCommand(), a.initCommand(), a.explainCommand(), a.diffCommand(), a.tablesCommand(), a.sendCommand(), a.closeCommand(), a.sampleCommand(), a.versionCommand())
	for _, cmd := range root.Commands() {
		cmd.Args = wrongArgs(cmd.Args)
	}
	root.AddCommand(a.manCommand(root))
	a.addCompletion(root)
	a.addLogFlag(root)
	root.SetFlagErrorFunc(flagError)
	return root
}

// wrongArgs makes arguments that a command refuses a failure of usage.
func wrongArgs(check cobra.PositionalArgs) cobra.PositionalArgs {
	if check == nil {
		return nil
	}
	return func(cmd *cobra.Command, args []string) error {
		err := check(cmd, args)
		var f *failure
		if err == nil || errors.As(err, &f) {
			return err
		}
		return usage("%s: %w", cmd.Name(), err)
	}
}

// noSuchCommand refuses a word that is no command and names the nearest one.
func (a *app) noSuchCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		if !c.Hidden {
			names = append(names, c.Name())
		}
	}
	return usage("there is no command %q (%s)", args[0], hintNearest(args[0], names))
}

// logf writes a message line to stderr.
func (a *app) logf(format string, args ...any) {
	if a.machine != nil {
		a.machine.Info(fmt.Sprintf(format, args...))
		return
	}
	a.shown.clear()
	fmt.Fprintf(a.stderr, format+"\n", args...)
}
