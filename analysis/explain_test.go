package analysis_test

import (
	"testing"

	"duepack/analysis"
	"duepack/analysis/ledger"
)

// explainBook has something of everything a figure is made of.
func explainBook() (*ledger.Ledger, analysis.Options) {
	l := bigBook(1500)
	l.Regions = []string{"North", "South"}
	for i := range l.Entries {
		e := &l.Entries[i]
		e.Customer %= 40
		e.Rep, e.Region = e.Customer%7, e.Customer%2
		switch {
		case i%11 == 0 && e.Kind == ledger.Receipt:
			e.Kind = ledger.WriteOff
		case i%13 == 0 && e.Kind == ledger.Receipt:
			e.Settles = 0
		case i%17 == 0 && e.Kind == ledger.Invoice:
			e.Flags |= ledger.Disputed
		case i%5 == 0 && e.Kind == ledger.Invoice:
			e.Flags |= ledger.HasCost
			e.Cost = e.Amount * 9 / 10
		}
	}
	for m := ledger.MustDate("2026-08-01").Month(); m <= ledger.MustDate("2026-11-01").Month(); m++ {
		for rep := range int32(6) {
			l.Targets = append(l.Targets, ledger.Target{Rep: rep, Month: m, Sales: 5_000_001, Collection: 4_000_003, Expenses: 70_001, HasSales: true, HasCollection: true, HasExpenses: rep > 0, Pos: ledger.Pos{Row: 3}})
		}
	}
	opt := settings("2026-08-16", "2026-10-20")
	opt.Apply = analysis.ExplicitThenFIFO
	opt.LossRates = []ledger.Ratio{{Num: 1, Den: 200}, {Num: 1, Den: 50}, {Num: 1, Den: 20}, {Num: 1, Den: 10}, {Num: 1, Den: 4}, {Num: 3, Den: 5}}
	return l, opt
}

func TestExplainEqualsThePackForEveryFigure(t *testing.T) {
	l, opt := explainBook()
	for _, credits := range []analysis.CreditTreatment{analysis.CreditsOnAccount, analysis.CreditsNetOldest, analysis.CreditsOwnBucket} {
		opt.Aging.Credits = credits
		p := build(t, l, opt)
		for _, s := range p.Subjects() {
			for _, b := range p.Buckets {
				checkExplained(t, p, s.Path()+"/aging/"+b.ID)
			}
			for _, id := range analysis.Figures() {
				if s.Has(id) {
					checkExplained(t, p, s.Path()+"/"+id.Def().Key)
				}
			}
		}
	}
}

func checkExplained(t *testing.T, p *analysis.Pack, id string) {
	t.Helper()
	want, _, _ := p.Find(id)
	d, ok := p.Explain(id)
	if !ok {
		t.Fatalf("%s has no derivation", id)
	}
	got := d.Value
	if got.Minor != want.Minor || got.Absent != want.Absent || (got.Ratio == nil) != (want.Ratio == nil) || got.Ratio != nil && got.Ratio.Cmp(want.Ratio) != 0 {
		t.Errorf("%s is %v by its parts, %v in the pack", id, got, want)
	}
	for _, part := range d.Parts {
		sum := ledger.Minor(0)
		for _, row := range part.Rows {
			sum += row.Amount
			if row.Place == "" && row.ID == "" {
				t.Errorf("%s: a row of %s says neither place nor id", id, part.Key)
			}
		}
		if len(part.Rows) > 0 && sum != part.Value.Minor {
			t.Errorf("%s: rows of %s add up to %d, not %d", id, part.Key, sum, part.Value.Minor)
		}
	}
}

func TestExplainKnowsOnlyFiguresOfThePack(t *testing.T) {
	l, opt := explainBook()
	p := build(t, l, opt)
	for _, id := range []string{"", "company", "company/", "company/dsoo", "company/rank", "reps/nobody/dso", "company/aging/1-29", "customers//dso"} {
		if _, ok := p.Explain(id); ok {
			t.Errorf("%q was explained", id)
		}
	}
}
