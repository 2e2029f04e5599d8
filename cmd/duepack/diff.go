package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"duepack/analysis/compare"
	"duepack/render"
	"duepack/render/difference"
)

func (a *app) diffCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Compare two packs: what changed, and from which documents",
		Long: "Compare two pack folders of one book: the figures that changed and by how much, and the documents that\n" +
			"caused it. What changed at a date that OLD had closed is called restated and comes first: it rewrites a\n" +
			"closed month.",
		Example: "  duepack diff out/2026-09-30 out/2026-10-31",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usage("diff: name two pack folders, the older one first")
			}
			return nil
		},
		RunE: a.diff,
	}
	addFlags(cmd, []flag{languageFlag})
	cmd.Flags().String("format", "text", "text or json")
	cmd.Flags().Bool("all", false, "compare every subject, not the company and the currencies only")
	return cmd
}

func (a *app) diff(cmd *cobra.Command, args []string) error {
	format, _ := cmd.Flags().GetString("format")
	if format != "text" && format != "json" {
		return usage("--format: %q is not text or json", format)
	}
	s := &settings{}
	if err := a.takeFlags(cmd, s, []flag{languageFlag}); err != nil {
		return err
	}
	s.fillBeforeReading()
	words, err := render.New(s.language.value)
	if err != nil {
		return err
	}
	old, err := readClosed(args[0])
	if err != nil {
		return err
	}
	newer, err := readClosed(args[1])
	if err != nil {
		return err
	}
	d, err := compare.Compare(old, newer)
	if err != nil {
		return usage("%w", err)
	}
	var out bytes.Buffer
	if format == "json" {
		err = difference.JSON(&out, d)
	} else {
		all, _ := cmd.Flags().GetBool("all")
		err = difference.Text(&out, d, words, all)
	}
	if err != nil {
		return err
	}
	_, err = a.stdout.Write(out.Bytes())
	return err
}

// readClosed reads the pack in a folder.
func readClosed(folder string) (*compare.Closed, error) {
	var files [2][]byte
	for i, name := range []string{"pack.json", "documents.json"} {
		data, err := os.ReadFile(filepath.Join(folder, name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, usage("%s has no %s (want the folder of a pack written with --format json among others)", folder, name)
		case err != nil:
			return nil, cannotRead(filepath.Join(folder, name), err)
		}
		files[i] = data
	}
	closed, err := compare.Read(files[0], files[1])
	if err != nil {
		return nil, usage("%s: %w", folder, err)
	}
	return closed, nil
}
