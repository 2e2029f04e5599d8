package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/cmd/internal/heap"
	"duepack/render/packdir"
)

func (a *app) reportCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "report [FILE...]",
		Short: "Read a ledger and write its close pack",
		Long: "Read a ledger, compute its close pack and write it to OUT/<as-of>/: page, PDF, workbook, JSON, a PDF\n" +
			"per rep, the problems of the input, and a manifest. With files alone no config is needed.",
		Example: "  duepack report ledger.xlsx\n  duepack report -c duepack.yaml --period 2026-10 --out packs",
		RunE:    a.report,
	}
	addBookFlags(cmd)
	addFlags(cmd, packFlags)
	return cmd
}

// report reads, analyses and writes. Nothing is written before everything is
// computed; a pack that does not tie out is written all the same, because the
// difference is in it.
func (a *app) report(cmd *cobra.Command, files []string) error {
	b, err := a.openBook(cmd, files, append(bookFlags[:len(bookFlags):len(bookFlags)], packFlags...), asSet)
	if err != nil {
		return err
	}
	rejected := b.rejectedUnless(b.settings.lenient.value)
	b.printProblems(problemsPerCode, rejected != nil)
	if rejected != nil {
		return rejected
	}
	pack, err := b.build(cmd.Context())
	if err != nil {
		return err
	}
	b.printLeftOut(pack)
	folder, err := b.write(cmd.Context(), pack)
	if err != nil {
		return err
	}
	if !b.quiet {
		fmt.Fprintln(a.stdout, folder)
		printSummary(a.stdout, pack, b.words)
	}
	return untied(pack)
}

// write renders the pack and puts it in place.
func (b *book) write(ctx context.Context, pack *analysis.Pack) (string, error) {
	letters, err := b.letters(pack)
	if err != nil {
		return "", err
	}
	b.result.Ledger.Entries = nil // outputs are made from the pack alone
	heap.Collect()
	b.progress.at("writing")
	defer b.progress.done()
	folder, err := packdir.Write(ctx, b.settings.outDir.value, pack, packdir.Options{
		Words: b.words, Formats: b.settings.formats.value, Version: buildVersion(), Problems: b.problems(), Letters: letters,
	})
	switch {
	case errors.Is(err, packdir.ErrBusy):
		return "", usage("%w", err)
	case err != nil:
		return "", cannotWrite(err)
	}
	return folder, nil
}

// printLeftOut says what --lenient left out, how much it is worth, and how many
// rows that sum knows nothing of.
func (b *book) printLeftOut(p *analysis.Pack) {
	rows := b.result.Ledger.LeftOut
	if len(rows) == 0 {
		return
	}
	unread := 0
	for _, row := range rows {
		if row.Amount == 0 {
			unread++
		}
	}
	more := ""
	if unread > 0 {
		more += fmt.Sprintf("; the amount of %d could not be read", unread)
	}
	if notAdded := analysis.LeftOutTotal(b.result.Ledger, p.AsOf).NotAdded; notAdded > 0 {
		more += fmt.Sprintf("; %d have a currency without a rate", notAdded)
	}
	b.app.logf("left out: %s with errors, worth %s %s%s", plural(len(rows), "row"), p.BookCurrency().Code,
		b.words.Amount(p.Exceptions.LeftOut, p.BookCurrency()), more)
}

// untied returns the failure of a pack that differs from a control balance,
// naming the first difference.
func untied(p *analysis.Pack) error {
	for _, t := range p.TieOut {
		if t.Difference() != 0 {
			currency := p.Currencies[t.Currency]
			text := func(m ledger.Minor) string { return currency.Code + " " + m.Decimal(currency.Exponent) }
			return &failure{exitUntied, fmt.Errorf("the ledger does not tie out: account %s at %s has %s, the ledger %s; difference %s",
				t.Account, t.Date, text(t.Control), text(t.Ledger), text(t.Difference()))}
		}
	}
	return nil
}
