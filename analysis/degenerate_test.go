package analysis_test

import (
	"testing"

	"duepack/analysis/ledger"
	"duepack/analysis/ledgertest"
)

// Books at the edge of being one, with what rules §1, §6 and §8 say of each by
// hand: a ratio without a denominator is absent for its reason, a sum of nothing
// is zero.
func TestDegenerateBooksHaveFiguresOrReasons(t *testing.T) {
	entry := func(id string, kind ledger.Kind, posted string, amount ledger.Minor, settles string) ledger.Entry {
		return ledger.Entry{ID: ledgertest.ID(id), Kind: kind, Posted: day(posted), Amount: amount, Settles: ledgertest.ID(settles)}
	}
	for name, c := range map[string]struct {
		lines []ledger.Entry
		want  map[string]string
	}{
		"no entries": {nil, map[string]string{
			"balance": "0.00", "documents_open": "0", "dso": "absent: no-sales", "dso_countback": "absent: no-balance", "collection_rate": "absent: no-sales",
			"collection_rate_total": "absent: nothing-to-collect", "cei": "absent: nothing-to-collect", "turnover": "absent: zero-denominator",
			"days_late": "absent: no-receipts", "profit_eaten": "absent: no-gross-margin", "extra_sales": "0.00", "provision": "absent: no-loss-rates"}},
		"zero sales": {[]ledger.Entry{entry("O", ledger.Opening, "2026-08-01", 5000_00, ""), entry("R", ledger.Receipt, "2026-10-10", -1000_00, "O")}, map[string]string{
			"opening": "5000.00", "sales": "0.00", "receipts": "1000.00", "closing": "4000.00", "dso": "absent: no-sales", "collection_rate": "absent: no-sales",
			"collection_rate_total": "0.20", "dso_countback": "absent: sales-run-out", "days_to_pay": "70.00"}},
		"nothing open": {[]ledger.Entry{entry("I", ledger.Invoice, "2026-10-01", 1000_00, ""), entry("R", ledger.Receipt, "2026-10-01", -1000_00, "I")}, map[string]string{
			"balance": "0.00", "dso": "0.00", "dso_countback": "absent: no-balance", "collection_rate": "1.00", "on_time_rate": "1.00", "days_to_pay": "0.00", "turnover": "absent: zero-denominator"}},
		"one line": {[]ledger.Entry{entry("I", ledger.Invoice, "2026-10-31", 1, "")}, map[string]string{
			"balance": "0.01", "overdue": "0.00", "dso": "31.00", "dso_countback": "31.00", "collection_rate": "0.00", "financing_cost": "0.00", "gross_margin": "0.00", "profit_eaten": "absent: no-gross-margin"}},
		"only credits": {[]ledger.Entry{entry("R", ledger.Receipt, "2026-10-05", -500_00, ""), entry("N", ledger.CreditNote, "2026-10-06", -100_00, "")}, map[string]string{
			"balance": "-600.00", "on_account": "-600.00", "overdue": "0.00", "sales": "-100.00", "receipts": "500.00", "collection_rate": "-5.00", "dso_countback": "absent: no-balance", "documents_open": "0"}},
		"only recoveries": {[]ledger.Entry{entry("V", ledger.Recovery, "2026-10-05", -500_00, "")}, map[string]string{
			"balance": "0.00", "recoveries": "500.00", "bad_debt": "-500.00", "extra_sales": "0.00", "receipts": "0.00"}},
		"all after the as-of date": {[]ledger.Entry{entry("I", ledger.Invoice, "2026-11-01", 1000_00, "")}, map[string]string{
			"balance": "0.00", "sales": "0.00", "documents_open": "0"}},
	} {
		p := build(t, book(c.lines...), settings("2026-10-01", "2026-10-31"))
		for key, want := range c.want {
			if got := figure(t, p, "company/"+key, 2); got != want {
				t.Errorf("%s: %s = %s, want %s", name, key, got, want)
			}
		}
	}
}

// A margin at or below zero earns no loss back; a loss of zero or less needs
// nothing, whatever the margin (rules §8).
func TestMarginNotAboveZeroHasNoExtraSales(t *testing.T) {
	l := book(
		ledger.Entry{ID: ledgertest.ID("I"), Kind: ledger.Invoice, Posted: day("2026-09-05"), Amount: 1000_00},
		ledger.Entry{ID: ledgertest.ID("W"), Kind: ledger.WriteOff, Posted: day("2026-10-05"), Amount: -400_00, Settles: ledgertest.ID("I")})
	l.Customers[0].Margin = ledger.Ratio{Num: -3, Den: 100}
	p := build(t, l, settings("2026-10-01", "2026-10-31"))
	if got := figure(t, p, "customers/C1/extra_sales", 2); got != "absent: margin-not-above-0" {
		t.Errorf("at a margin of −3 %%: %s", got)
	}
	if got := figure(t, p, "company/extra_sales", 2); got != "8000.00" { // 400 ÷ 5 %, the book's
		t.Errorf("company %s, want 8000.00", got)
	}
	p = build(t, l, settings("2026-09-01", "2026-09-30"))
	if got := figure(t, p, "customers/C1/extra_sales", 2); got != "0.00" {
		t.Errorf("without a loss: %s, want 0.00", got)
	}
}
