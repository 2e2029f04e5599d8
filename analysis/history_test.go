package analysis_test

import (
	"testing"

	"duepack/analysis"
	"duepack/analysis/ledger"
)

// Rules §3, prefix stability: a month-end of the history is the pack that was
// printed then.
func TestHistoryIsThePackOfEachMonthEnd(t *testing.T) {
	l := bigBook(3000)
	for i := range l.Entries { // customers pay for others' documents and on account, too
		if e := &l.Entries[i]; e.Kind == ledger.Receipt && i%7 == 0 {
			e.Settles = 0
		}
	}
	for _, mode := range []analysis.ApplicationMode{analysis.Explicit, analysis.ExplicitThenFIFO} {
		opt := settings("2026-10-01", "2026-10-20")
		opt.Apply, opt.HistoryMonths = mode, 12
		opt.LossRates = []ledger.Ratio{{Num: 1, Den: 200}, {Num: 1, Den: 50}, {Num: 1, Den: 20}, {Num: 1, Den: 10}, {Num: 1, Den: 4}, {Num: 3, Den: 5}}
		opt.Rates = append(opt.Rates, analysis.RateFrom{From: day("2026-03-15"), Rate: ledger.Ratio{Num: 31, Den: 500}})
		p := build(t, l, opt)
		if n := len(p.History); n != 12 || p.History[0].Date != day("2025-10-31") || p.History[11].Date != day("2026-09-30") {
			t.Fatalf("%d month-ends, want 12 from 2025-10-31 to 2026-09-30", n)
		}
		for _, end := range p.History {
			then := opt
			then.From, then.To, then.AsOf, then.HistoryMonths = end.Date.MonthStart(), end.Date, end.Date, 0
			want := build(t, l, then).Company
			for i := range want.Aging {
				if end.Company.Aging[i] != want.Aging[i] {
					t.Errorf("%s %s: bucket %d is %d, the pack of that day says %d", mode, end.Date, i, end.Company.Aging[i], want.Aging[i])
				}
			}
			for _, id := range analysis.Figures() {
				got, want := end.Company.Values[id], want.Values[id]
				if got.Minor != want.Minor || got.Absent != want.Absent || (got.Ratio == nil) != (want.Ratio == nil) || got.Ratio != nil && got.Ratio.Cmp(want.Ratio) != 0 {
					t.Errorf("%s %s %s: %v, the pack of that day says %v", mode, end.Date, id.Def().Key, got, want)
				}
			}
		}
	}
}
