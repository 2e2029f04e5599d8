package analysis_test

import (
	"testing"

	"duepack/analysis/ledger"
	"duepack/analysis/ledgertest"
)

// A list of open items is read as it is: the open amount is given, nothing is
// applied, and figures that need history are absent, not zero (rules §3). Of A
// 600.00 was paid before the list was made, D is paid; at 31 January A is 30 days
// late: 400.00 × 30 × 7 % ÷ 365 = 2.30, and 2 % of it and 0.5 % of B are provided for.
func TestSnapshotIsReadAsItIs(t *testing.T) {
	entry := func(id string, kind ledger.Kind, due string, amount, open ledger.Minor, flags ledger.Flag) ledger.Entry {
		return ledger.Entry{ID: ledgertest.ID(id), Kind: kind, Posted: day("2025-12-02"), Due: day(due), Amount: amount, Open: open, Flags: flags}
	}
	l := book(
		entry("A", ledger.Invoice, "2026-01-01", 1000_00, 400_00, ledger.HasOpen),
		entry("B", ledger.Invoice, "2026-02-10", 500_00, 0, 0), // a list with one column of amounts
		entry("C", ledger.CreditNote, "2026-01-01", -80_00, -30_00, ledger.HasOpen),
		entry("D", ledger.Invoice, "2026-01-01", 70_00, 0, ledger.HasOpen))
	l.Snapshot = true
	opt := settings("2026-01-01", "2026-01-31")
	opt.LossRates = []ledger.Ratio{{Num: 1, Den: 200}, {Num: 1, Den: 50}, {Num: 1, Den: 20}, {Num: 1, Den: 10}, {Num: 1, Den: 4}, {Num: 3, Den: 5}}
	p := build(t, l, opt)
	for key, want := range map[string]string{
		"aging/not_due": "50000", "aging/1-30": "40000", "on_account": "-3000", "balance": "87000", "overdue": "40000", "documents_open": "2",
		"provision": "1050", "financing_cost": "230",
		"opening": "absent: no-history", "sales": "absent: no-history", "receipts": "absent: no-history", "dso": "absent: no-history",
		"days_late": "absent: no-history", "bad_debt": "absent: no-history", "provision_charge": "absent: no-history", "extra_sales": "absent: no-history",
	} {
		if got := inMinor(t, p, "company/"+key, 0); got != want {
			t.Errorf("%s is %s, want %s", key, got, want)
		}
	}
}

// A list of open items has no section on what was collected, and says so once,
// where the pack says how it was made.
func TestSnapshotHasNoSectionOnCollection(t *testing.T) {
	l := book(ledger.Entry{ID: ledgertest.ID("A"), Kind: ledger.Invoice, Posted: day("2025-12-02"), Due: day("2026-01-01"), Amount: 1000_00})
	for _, snapshot := range []bool{false, true} {
		l.Snapshot = snapshot
		p := build(t, l, settings("2026-01-01", "2026-01-31"))
		collection, said := false, ""
		for _, s := range p.Sections {
			collection = collection || s.ID == "collection"
			for _, b := range s.Blocks {
				if b.Note != nil && b.Note.Key == "note.no_collection" {
					said += s.ID + " "
				}
			}
		}
		if collection == snapshot || (said == "method ") != snapshot {
			t.Errorf("snapshot %v: section on collection %v, said to be missing in %q", snapshot, collection, said)
		}
	}
}
