package main

import (
	"bytes"
	"fmt"

	"github.com/spf13/cobra"

	"duepack/render/derivation"
)

// explainRows is how many rows of a part explain prints; --all prints all.
const explainRows = 10

func (a *app) explainCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "explain FIGURE [FILE...]",
		Short: "Derive a figure down to the rows of the input",
		Long: "Derive a figure: its formula with its rule, the parts with their values, and the documents and lines\n" +
			"behind each part with their place in the input. Every sum foots, and the result is the pack's.\n" +
			"A figure's id is its path in pack.json.",
		Example: "  duepack explain company/dso -c duepack.yaml\n  duepack explain customers/C001/aging/31-60 ledger.xlsx --all",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage("explain: name a figure (a path of pack.json, such as company/dso)")
			}
			return nil
		},
		RunE: a.explainFigure,
	}
	addBookFlags(cmd)
	cmd.Flags().String("format", "text", "text, json or xlsx")
	cmd.Flags().Bool("all", false, "print every row, not the first of each part")
	return cmd
}

func (a *app) explainFigure(cmd *cobra.Command, args []string) error {
	format, _ := cmd.Flags().GetString("format")
	if format != "text" && format != "json" && format != "xlsx" {
		return usage("--format: %q is not text, json or xlsx", format)
	}
	b, err := a.openBook(cmd, args[1:], bookFlags, explaining)
	if err != nil {
		return err
	}
	if err := b.rejectedUnless(b.settings.lenient.value); err != nil {
		b.printProblems(problemsPerCode, true)
		return err
	}
	b.quiet = true // the derivation is the answer; where settings come from is report's to say
	pack, err := b.build(cmd.Context())
	if err != nil {
		return err
	}
	list, ok := pack.ExplainAll(args[0])
	if !ok {
		return usage("%q is not a figure of this pack (want a path of pack.json, such as company/dso or %s/overdue)", args[0], pack.Subjects()[len(pack.Subjects())-1].Path())
	}
	var out bytes.Buffer
	switch format {
	case "json":
		err = derivation.JSON(&out, pack, list, b.words)
	case "xlsx":
		err = derivation.XLSX(&out, pack, list, b.words)
	default:
		most := explainRows
		if all, _ := cmd.Flags().GetBool("all"); all {
			most = 0
		}
		err = derivation.Text(&out, pack, list, b.words, most)
	}
	if err != nil {
		return fmt.Errorf("writing the derivation of %s: %w", args[0], err)
	}
	_, err = a.stdout.Write(out.Bytes())
	return err
}
