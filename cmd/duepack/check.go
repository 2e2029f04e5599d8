package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"duepack/ingest"
	"duepack/render"
)

func (a *app) checkCommand() *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use:   "check [FILE...]",
		Short: "Read only: what was recognised, control totals, every problem with its place",
		Long: "Read a ledger as report would, and say what was recognised, what it adds up to, whether it ties out, and\n" +
			"every problem with its place. Nothing is written. The exit code is the one report would have.",
		Example: "  duepack check ledger.xlsx\n  duepack check -c duepack.yaml --all | grep ' error '",
		RunE:    func(cmd *cobra.Command, files []string) error { return a.check(cmd, files, all) },
	}
	addBookFlags(cmd)
	cmd.Flags().BoolVar(&all, "all", false, fmt.Sprintf("print every problem, not the first %d of each code", problemsPerCode))
	return cmd
}

// check reads leniently, so that the totals of the good rows can be shown beside
// the bad ones, and then judges as report would.
func (a *app) check(cmd *cobra.Command, files []string, all bool) error {
	b, err := a.openBook(cmd, files, bookFlags, lenientReading)
	if err != nil {
		return err
	}
	perCode := problemsPerCode
	if all {
		perCode = 0
	}
	if b.quiet {
		b.printProblems(perCode, true)
	} else {
		b.printBook(a.stdout, perCode)
	}
	rejected := b.rejectedUnless(b.settings.lenient.value)
	if b.result.Ledger == nil {
		return rejected
	}
	pack, err := b.build(cmd.Context())
	switch {
	case rejected != nil && exitCode(err) == exitRejected: // say both
		a.explain(err)
		return rejected
	case err != nil:
		return err
	}
	if !b.quiet {
		printSummary(a.stdout, pack, b.words)
	}
	if differs := untied(pack); rejected == nil {
		return differs
	} else if differs != nil {
		a.explain(differs)
	}
	return rejected
}

// printBook prints what was recognised, the control totals and the problems.
func (b *book) printBook(out io.Writer, perCode int) {
	for i := range b.result.Recognised {
		printRecognised(out, &b.result.Recognised[i], b.words)
	}
	fmt.Fprintln(out)
	if b.result.Ledger != nil {
		printTotals(out, b.result.Ledger, b.words)
	}
	lines := ingest.Lines(b.result.Problems, perCode)
	for _, line := range lines {
		fmt.Fprintln(out, line)
	}
	if len(lines) > 0 {
		fmt.Fprintln(out)
	}
}

// printRecognised prints what a sheet was taken for: its role, its columns and
// the headers they have, and what was passed over.
func printRecognised(out io.Writer, r *ingest.Recognised, words *render.Words) {
	if r.Role == "" {
		fmt.Fprintln(out, words.Text("check.ignored", r.Source.String(), render.Clean(r.Why)))
		return
	}
	what := r.Role
	for _, more := range []string{r.Layout, r.Format} {
		if more != "" {
			what += ", " + more
		}
	}
	fmt.Fprintln(out, words.Text("check.sheet", r.Source.String(), what, headerRows(r.Header), words.Count(r.Rows)))
	rows := make([][2]string, 0, len(r.Columns))
	for _, c := range r.Columns {
		rows = append(rows, [2]string{"  " + c.Letter + "  " + c.Field, render.Clean(c.Header)})
	}
	printPairs(out, rows)
	for _, passed := range []struct {
		key   string
		count int
	}{{"check.totals", r.Totals}, {"check.texts", r.Texts}, {"check.hidden", r.Hidden}} {
		if passed.count > 0 {
			fmt.Fprintln(out, "  "+words.Text(passed.key, words.Count(passed.count)))
		}
	}
	if len(r.Dates) > 0 {
		fmt.Fprintln(out, "  "+words.Text("check.dates", strings.Join(r.Dates, "; ")))
	}
	if len(r.Unknown) > 0 {
		fmt.Fprintln(out, "  "+words.Text("check.unknown", render.Clean(strings.Join(r.Unknown, ", "))))
	}
}

// headerRows writes the rows of a header: 5, or 4–5.
func headerRows(header [2]int) string {
	if header[0] == header[1] {
		return fmt.Sprint(header[0])
	}
	return fmt.Sprintf("%d–%d", header[0], header[1])
}
