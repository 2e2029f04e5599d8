package main

import (
	"os"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// manCommand writes the manual pages, for whoever makes a package of duepack.
// It is hidden: nobody else needs it.
func (a *app) manCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:    "man DIR",
		Short:  "Write the manual pages of every command to a folder",
		Hidden: true,
		Args:   wrongArgs(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return cannotWrite(err)
			}
			root.DisableAutoGenTag = true // the day a page is made says nothing
			root.InitDefaultCompletionCmd()
			header := &doc.GenManHeader{Section: "1", Source: "duepack " + buildVersion(), Manual: "duepack", Date: &time.Time{}}
			return doc.GenManTree(root, header, args[0])
		},
	}
}
