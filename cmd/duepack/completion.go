package main

import (
	"slices"

	"github.com/spf13/cobra"
)

// addCompletion makes the shells complete what is not a file name. The command
// that prints the scripts is cobra's own.
func (a *app) addCompletion(root *cobra.Command) {
	words := map[string][]string{
		"lang":   knownLanguages,
		"period": {"month", "quarter", "year"},
		"format": knownFormats,
		"layout": {"en", "zh-CN"},
	}
	for _, cmd := range root.Commands() {
		for name, list := range words {
			if cmd.Flags().Lookup(name) == nil {
				continue
			}
			list := slices.Clone(list)
			if name == "format" && cmd.Name() == "tables" {
				list = []string{"text", "csv", "json"}
			}
			// The error says that a flag has completions already: it has not.
			_ = cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(list, cobra.ShellCompDirectiveNoFileComp))
		}
	}
}
