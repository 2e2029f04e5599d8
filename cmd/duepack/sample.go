package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"duepack/samples"
)

func (a *app) sampleCommand() *cobra.Command {
	var options samples.Options
	var force bool
	cmd := &cobra.Command{
		Use:   "sample DIR",
		Short: "Write a synthetic book to try, of any size, from a seed",
		Long: "Write the book of a company that does not exist into DIR: its ledger and a duepack.yaml.\n" +
			"The same options give the same bytes on every machine.",
		Example: "  duepack sample try\n  duepack sample big --rows 1000000 --seed 7 --layout debit-credit",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("sample wants one folder to write to, got %d arguments", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			s := &settings{}
			if err := a.takeFlags(cmd, s, []flag{languageFlag}); err != nil {
				return err
			}
			options.Lang = s.language.value
			return a.sample(args[0], options, force)
		},
	}
	cmd.Flags().IntVar(&options.Rows, "rows", 3000, "rows of the ledger")
	cmd.Flags().Uint64Var(&options.Seed, "seed", 1, "another seed is another company")
	cmd.Flags().StringVar(&options.Layout, "layout", samples.Ledger, strings.Join(samples.Layouts(), ", "))
	cmd.Flags().StringVar(&options.Format, "format", samples.Workbook, samples.Workbook+" or "+samples.CSV)
	cmd.Flags().BoolVar(&force, "force", false, "overwrite a book that is there")
	addFlags(cmd, []flag{languageFlag})
	return cmd
}

// sample writes a book. A folder that holds a config is somebody's work: it is
// overwritten by force only.
func (a *app) sample(dir string, options samples.Options, force bool) error {
	config := filepath.Join(dir, configName)
	if !force && exists(config) {
		return usage("%s is there already (--force overwrites it)", config)
	}
	if options.Rows < 1 { // 0 would be the default of the package
		return usage("--rows %d: a book has at least one row", options.Rows)
	}
	var errno syscall.Errno
	switch err := samples.Generate(dir, options); {
	case errors.As(err, &errno):
		return cannotWrite(err)
	case err != nil:
		return usage("%w", err)
	}
	_, err := fmt.Fprintln(a.stdout, config)
	return err
}
