package analysis_test

import (
	"reflect"
	"testing"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/analysis/ledgertest"
)

// laterBook has 1,000.00 and an invoice in two instalments, open on 31 October.
func laterBook(later ...ledger.Entry) *ledger.Ledger {
	return book(append([]ledger.Entry{
		{ID: ledgertest.ID("A"), Kind: ledger.Invoice, Posted: day("2026-08-01"), Due: day("2026-09-15"), Amount: 100_000},
		{ID: ledgertest.ID("B"), Kind: ledger.Invoice, Posted: day("2026-08-01"), Due: day("2026-11-30"), Amount: 30_000, Instalment: 2},
		{ID: ledgertest.ID("B"), Kind: ledger.Invoice, Posted: day("2026-08-01"), Due: day("2026-10-30"), Amount: 20_000, Instalment: 1},
		{ID: ledgertest.ID("R1"), Kind: ledger.Receipt, Posted: day("2026-10-31"), Amount: -40_000, Settles: ledgertest.ID("A")},
	}, later...)...)
}

// Rules §12: later payments (posted after D, known when the pack is made) are
// shown beside the open item. 250.00 for B pays its first instalment of 200.00
// and 50.00 of the second; 700.00 for A is more than the 600.00 that is open.
func TestPaymentAfterTheAsOfDateIsShownBesideItsDocument(t *testing.T) {
	p := build(t, laterBook(
		ledger.Entry{ID: ledgertest.ID("R2"), Kind: ledger.Receipt, Posted: day("2026-11-01"), Amount: -70_000, Settles: ledgertest.ID("A")},
		ledger.Entry{ID: ledgertest.ID("R3"), Kind: ledger.Receipt, Posted: day("2026-11-05"), Amount: -25_000, Settles: ledgertest.ID("B")},
		ledger.Entry{ID: ledgertest.ID("R4"), Kind: ledger.Receipt, Posted: day("2026-11-05"), Amount: -10_000},                                    // names nothing
		ledger.Entry{ID: ledgertest.ID("W1"), Kind: ledger.WriteOff, Posted: day("2026-11-06"), Amount: -5_000, Settles: ledgertest.ID("B")},       // no payment
		ledger.Entry{ID: ledgertest.ID("R5"), Kind: ledger.Receipt, Posted: day("2026-11-05"), Amount: -10_000, Settles: ledgertest.ID("unknown")}, // names what is not there
	), settings("2026-10-01", "2026-10-31"))
	want := map[ledger.Date]ledger.Minor{day("2026-09-15"): 60_000, day("2026-10-30"): 20_000, day("2026-11-30"): 5_000}
	for _, item := range p.Detail.Open {
		if item.LaterPaid != want[item.Due] {
			t.Errorf("%s due %s: paid later %d, want %d", item.ID, item.Due, item.LaterPaid, want[item.Due])
		}
	}
	for _, item := range append(p.Detail.Opening, p.Detail.Closing...) {
		if item.LaterPaid != 0 {
			t.Errorf("%s of another date shows a later payment", item.ID)
		}
	}
	documents := table(t, p, "rep_documents")
	if head := documents.Columns[len(documents.Columns)-1].Key; head != "later_paid" {
		t.Errorf("last column of the overdue documents is %q, want later_paid", head)
	}
}

func TestBouncedLaterPaymentTakesItselfBack(t *testing.T) {
	p := build(t, laterBook(
		ledger.Entry{ID: ledgertest.ID("R2"), Kind: ledger.Receipt, Posted: day("2026-11-01"), Amount: -50_000, Settles: ledgertest.ID("A")},
		ledger.Entry{ID: ledgertest.ID("R2"), Kind: ledger.Receipt, Posted: day("2026-11-09"), Amount: 50_000, Settles: ledgertest.ID("A")},
	), settings("2026-10-01", "2026-10-31"))
	for _, item := range p.Detail.Open {
		if item.LaterPaid != 0 {
			t.Errorf("%s: paid later %d, want nothing", item.ID, item.LaterPaid)
		}
	}
}

// Rules §3, prefix stability, and §12: they change nothing.
func TestLaterPaymentsChangeNoFigure(t *testing.T) {
	opt := settings("2026-10-01", "2026-10-31")
	opt.LossRates = sixLossRates
	before := build(t, laterBook(), opt)
	after := build(t, laterBook(ledger.Entry{ID: ledgertest.ID("R2"), Kind: ledger.Receipt, Posted: day("2026-11-01"), Amount: -70_000, Settles: ledgertest.ID("A")}), opt)
	for i, s := range before.Subjects() {
		for _, id := range analysis.Figures() {
			if got := after.Subjects()[i].Values[id]; !reflect.DeepEqual(got, s.Values[id]) {
				t.Errorf("%s/%s: %v, without the later payment %v", s.Path(), id.Def().Key, got, s.Values[id])
			}
		}
	}
	if len(after.Detail.Lines) != len(before.Detail.Lines) || len(after.Detail.Applications) != len(before.Detail.Applications) {
		t.Error("a later payment stands among the lines or applications of the period")
	}
}
