package analysis_test

import (
	"testing"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/analysis/ledgertest"
)

// rollBook follows one invoice of 100,000 due on 15 February through the
// buckets: 50,000 is open after the first month, 23,000, 8,000 and 2,000 then.
func rollBook(kind ledger.Kind) *ledger.Ledger {
	return book(
		ledger.Entry{ID: ledgertest.ID("A"), Kind: ledger.Invoice, Posted: day("2026-01-16"), Due: day("2026-02-15"), Amount: 10_000_000},
		ledger.Entry{ID: ledgertest.ID("R1"), Kind: kind, Posted: day("2026-02-20"), Amount: -5_000_000, Settles: ledgertest.ID("A")},
		ledger.Entry{ID: ledgertest.ID("R2"), Kind: ledger.Receipt, Posted: day("2026-03-20"), Amount: -2_700_000, Settles: ledgertest.ID("A")},
		ledger.Entry{ID: ledgertest.ID("R3"), Kind: ledger.Receipt, Posted: day("2026-04-20"), Amount: -1_500_000, Settles: ledgertest.ID("A")},
		ledger.Entry{ID: ledgertest.ID("R4"), Kind: ledger.Receipt, Posted: day("2026-05-20"), Amount: -600_000, Settles: ledgertest.ID("A")})
}

func rollSettings() analysis.Options {
	opt := settings("2026-05-01", "2026-05-31")
	opt.Bounds = []analysis.Bound{{N: 0}, {N: 30}, {N: 60}, {N: 90}}
	opt.HistoryMonths, opt.LossHistory = 12, &analysis.LossHistory{Months: 12}
	return opt
}

// Rules §9: 100,000 → 50,000 → 23,000 → 8,000 → 2,000 lost gives 2 %, 4 %,
// 8.6957 %, 25 %, 100 %, and on 300/140/60/23/5 thousand a provision of 27,567.39.
func TestLossRatesFromRollRatesOfTheRulesExample(t *testing.T) {
	l := rollBook(ledger.Receipt)
	p := build(t, l, rollSettings())
	for i, want := range []string{"0.020000", "0.040000", "0.086957", "0.250000", "1.000000"} {
		if got := p.LossRates[i].Rat().FloatString(6); got != want {
			t.Errorf("loss rate of %s = %s, want %s", p.Buckets[i].ID, got, want)
		}
	}
	opt := settings("2026-05-01", "2026-05-31")
	opt.Bounds, opt.LossRates = rollSettings().Bounds, p.LossRates
	var lines []ledger.Entry
	for i, amount := range []ledger.Minor{300_000_00, 140_000_00, 60_000_00, 23_000_00, 5_000_00} {
		due := day("2026-05-31") - ledger.Date([]int{0, 15, 45, 75, 100}[i])
		lines = append(lines, ledger.Entry{ID: ledgertest.ID(string(rune('A' + i))), Kind: ledger.Invoice, Posted: due - 30, Due: due, Amount: amount})
	}
	if got := figure(t, build(t, book(lines...), opt), "company/provision", 0); got != "27567.39" {
		t.Errorf("provision %s, want 27567.39", got)
	}
}

// Rules §9: 100 of which 50 are left and 20 were written off is 70 %, not 50 %.
func TestWriteOffCountsAsMovedOn(t *testing.T) {
	l := book(
		ledger.Entry{ID: ledgertest.ID("A"), Kind: ledger.Invoice, Posted: day("2026-01-16"), Due: day("2026-02-15"), Amount: 100_00},
		ledger.Entry{ID: ledgertest.ID("R"), Kind: ledger.Receipt, Posted: day("2026-02-20"), Amount: -30_00, Settles: ledgertest.ID("A")},
		ledger.Entry{ID: ledgertest.ID("W"), Kind: ledger.WriteOff, Posted: day("2026-02-25"), Amount: -20_00, Settles: ledgertest.ID("A")})
	opt := rollSettings()
	opt.From, opt.To, opt.AsOf = day("2026-02-01"), day("2026-02-28"), day("2026-02-28")
	opt.Bounds = []analysis.Bound{{N: 0}}
	p := build(t, l, opt)
	if got := p.LossRates[0].Rat().FloatString(4); got != "0.7000" {
		t.Errorf("roll rate %s, want 0.7000", got)
	}
	if n := len(p.Rolls); n != 2 || p.Rolls[1].Moved != 50_00 || p.Rolls[1].Lost != 20_00 || p.Rolls[1].Base != 100_00 {
		t.Errorf("rolls %+v", p.Rolls)
	}
}

func TestLossGivenDefaultAndFactorMultiply(t *testing.T) {
	opt := rollSettings()
	opt.LossHistory.LossGivenDefault, opt.LossHistory.Factor = ledger.Ratio{Num: 1, Den: 2}, ledger.Ratio{Num: 11, Den: 10}
	p := build(t, rollBook(ledger.Receipt), opt)
	if got := p.LossRates[0].Rat().FloatString(4); got != "0.0110" { // 2 % × 0.5 × 1.1
		t.Errorf("loss rate %s, want 0.0110", got)
	}
	opt.LossHistory.LossGivenDefault = ledger.Ratio{} // the last bucket at 100 % × 1.1 is lost once, not more
	p = build(t, rollBook(ledger.Receipt), opt)
	if first, last := p.LossRates[0].Rat().FloatString(4), p.LossRates[len(p.LossRates)-1]; first != "0.0220" || last != (ledger.Ratio{Num: 1, Den: 1}) {
		t.Errorf("loss rates %s … %s, want 0.0220 … 1", first, last)
	}
}
