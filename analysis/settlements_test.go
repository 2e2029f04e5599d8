package analysis_test

import (
	"testing"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/analysis/ledgertest"
)

// By hand: of 1,000 a receipt pays 300 in August and bounces in September, a
// credit note lowers 200 and a receipt 100; 700 is open. What comes after the
// as-of date is not there yet, and a document nobody paid has no history.
func TestOpenDocumentTellsWhatLoweredIt(t *testing.T) {
	p := build(t, book(
		ledger.Entry{ID: ledgertest.ID("INV-1"), Kind: ledger.Invoice, Posted: day("2026-07-01"), Due: day("2026-08-01"), Amount: 1_000_00},
		ledger.Entry{ID: ledgertest.ID("INV-2"), Kind: ledger.Invoice, Posted: day("2026-07-02"), Due: day("2026-08-02"), Amount: 50_00},
		ledger.Entry{ID: ledgertest.ID("RC-1"), Kind: ledger.Receipt, Posted: day("2026-08-10"), Amount: -300_00, Settles: ledgertest.ID("INV-1")},
		ledger.Entry{ID: ledgertest.ID("RC-1B"), Kind: ledger.Receipt, Posted: day("2026-09-05"), Amount: 300_00, Settles: ledgertest.ID("INV-1")},
		ledger.Entry{ID: ledgertest.ID("CN-1"), Kind: ledger.CreditNote, Posted: day("2026-09-20"), Amount: -200_00, Settles: ledgertest.ID("INV-1")},
		ledger.Entry{ID: ledgertest.ID("RC-2"), Kind: ledger.Receipt, Posted: day("2026-10-07"), Amount: -100_00, Settles: ledgertest.ID("INV-1")},
		ledger.Entry{ID: ledgertest.ID("RC-3"), Kind: ledger.Receipt, Posted: day("2026-11-02"), Amount: -700_00, Settles: ledgertest.ID("INV-1")},
	), settings("2026-10-01", "2026-10-31"))
	want := []analysis.Settlement{
		{ID: "RC-1", Kind: ledger.Receipt, Date: day("2026-08-10"), Amount: 300_00},
		{ID: "RC-1B", Kind: ledger.Receipt, Date: day("2026-09-05"), Amount: -300_00},
		{ID: "CN-1", Kind: ledger.CreditNote, Date: day("2026-09-20"), Amount: 200_00},
		{ID: "RC-2", Kind: ledger.Receipt, Date: day("2026-10-07"), Amount: 100_00},
	}
	for _, item := range p.Detail.Open {
		if item.ID != "INV-1" {
			if len(item.Settled) > 0 {
				t.Errorf("%s has the history %+v", item.ID, item.Settled)
			}
			continue
		}
		if item.Open != 700_00 || len(item.Settled) != len(want) {
			t.Fatalf("open %d after %+v", item.Open, item.Settled)
		}
		for i, got := range item.Settled {
			got.Pos = ledger.Pos{}
			if got != want[i] {
				t.Errorf("line %d is %+v, want %+v", i, got, want[i])
			}
		}
	}
}
