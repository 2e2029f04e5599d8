package analysis_test

import (
	"fmt"
	"testing"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/analysis/ledgertest"
)

// repsBook has a rep for each document, who is owed that many cents; the first is
// owed least.
func repsBook(reps int) *ledger.Ledger {
	entries := make([]ledger.Entry, reps)
	for i := range entries {
		entries[i] = ledger.Entry{ID: ledgertest.ID(fmt.Sprintf("D%05d", i)), Kind: ledger.Invoice,
			Posted: day("2026-10-01"), Due: day("2026-10-10"), Amount: ledger.Minor(i + 1)}
	}
	l := book(entries...)
	l.Reps = nil
	for i := range entries {
		l.Entries[i].Rep = int32(i)
		l.Reps = append(l.Reps, ledger.Rep{ID: fmt.Sprintf("R%05d", i), Name: fmt.Sprintf("Seller %d", i)})
	}
	return l
}

// repPages returns the subjects of the pages of reps.
func repPages(p *analysis.Pack) map[string]bool {
	pages := map[string]bool{}
	for _, s := range p.Sections {
		if s.ID == "rep" {
			pages[s.Subject] = true
		}
	}
	return pages
}

func TestAThousandRepsHaveAPageAndOneMoreDropsTheOneOwedLeast(t *testing.T) {
	p := build(t, repsBook(1000), settings("2026-10-01", "2026-10-31"))
	if pages := repPages(p); len(pages) != 1000 || !pages["reps/R00000"] {
		t.Errorf("%d pages of 1,000 reps", len(pages))
	}
	p = build(t, repsBook(1001), settings("2026-10-01", "2026-10-31"))
	if pages := repPages(p); len(pages) != 1000 || pages["reps/R00000"] || !pages["reps/R00001"] {
		t.Errorf("%d pages of 1,001 reps, the one of who is owed least: %t", len(pages), pages["reps/R00000"])
	}
	if len(p.Reps) != 1001 || p.Reps[0].Values[analysis.Balance].Minor != 1 {
		t.Error("a rep without a page has lost the figures")
	}
}
