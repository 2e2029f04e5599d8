package analysis_test

import (
	"testing"

	"pgregory.net/rapid"

	"duepack/analysis"
	"duepack/analysis/ledger"
)

// drawPlanned draws a book with a commission plan and targets by class.
func drawPlanned(t *rapid.T) randomBook {
	b := drawBook(t)
	b.opt.Classes = practice
	for days := rapid.IntRange(-10, 5).Draw(t, "first band"); len(b.opt.Commission) < 3; days += rapid.IntRange(1, 30).Draw(t, "next band") {
		rate := ledger.Ratio{Num: rapid.Int64Range(0, 70).Draw(t, "rate"), Den: 1000}
		b.opt.Commission = append(b.opt.Commission, analysis.CommissionBand{LateDays: days, Rate: rate})
	}
	return b
}

// repCommissions sums the commission by rep id.
func repCommissions(p *analysis.Pack) map[string]ledger.Minor {
	sums := map[string]ledger.Minor{}
	for _, line := range p.Detail.Commissions {
		sums[p.Reps[line.Rep].ID] += line.Commission
	}
	return sums
}

// Rules §11: what is earned and taken back happens on a date, so a period pays
// what its two parts pay; and what was ever taken back was earned before.
func TestCommissionOfAPeriodIsThatOfItsParts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := drawPlanned(t)
		first := b.opt.To
		for _, e := range b.l.Entries {
			first = min(first, e.Posted)
		}
		b.opt.From, b.opt.To = first, b.opt.AsOf
		cut := first + ledger.Date(rapid.IntRange(0, int(b.opt.AsOf-first)).Draw(t, "cut"))
		whole := repCommissions(buildBook(t, b))
		early, late := b, b
		early.opt.To = cut
		parts := repCommissions(buildBook(t, early))
		if cut < b.opt.AsOf {
			late.opt.From = cut + 1
			for rep, m := range repCommissions(buildBook(t, late)) {
				parts[rep] += m
			}
		}
		for rep, m := range whole {
			if parts[rep] != m {
				t.Fatalf("rep %s: %d over the whole, %d over its parts\n%s", rep, m, parts[rep], b)
			}
			if m < 0 {
				t.Fatalf("rep %s: %d over all history\n%s", rep, m, b)
			}
		}
	})
}

// The base of the overdue class is the overdue of the day before the period,
// credits left out (rules §4, §11), and the reps add up to the company.
func TestOverdueClassIsWhatWasOverdueBeforeThePeriod(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := drawPlanned(t)
		p := buildBook(t, b)
		overdue := ledger.Minor(0)
		for _, item := range p.Detail.Opening {
			if item.Open > 0 && item.PastDue {
				overdue += item.OpenBook
			}
		}
		sums := map[analysis.DebtClass]ledger.Minor{}
		for _, r := range p.ClassResults {
			if r.Rep != ledger.None {
				sums[r.Class] += r.Base - r.Collected
				continue
			}
			if r.Class == analysis.OverdueDebt && r.Base != overdue {
				t.Fatalf("base of the overdue class %d, overdue documents before the period %d\n%s", r.Base, overdue, b)
			}
			if sums[r.Class] != r.Base-r.Collected {
				t.Fatalf("class %d: reps leave %d, the company %d\n%s", r.Class, sums[r.Class], r.Base-r.Collected, b)
			}
		}
	})
}

// Nothing is lost between the weeks: they foot to the open documents.
func TestForecastFootsToTheOpenDocuments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := drawBook(t)
		p := buildBook(t, b)
		open := ledger.Minor(0)
		for _, item := range p.Detail.Open {
			if item.Open > 0 {
				open += item.OpenBook
			}
		}
		sum := ledger.Minor(0)
		for _, s := range p.Sections {
			if s.ID != "forecast" {
				continue
			}
			for _, row := range s.Blocks[2].Table.Rows[:14] {
				sum += row.Cells[2].Value.Minor
			}
		}
		if sum != open {
			t.Fatalf("forecast %d, open documents %d\n%s", sum, open, b)
		}
	})
}

// Plans and targets are beside the figures: they change none.
func TestPlansChangeNoFigure(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := drawPlanned(t)
		plain := b
		plain.opt.Classes, plain.opt.Commission = analysis.ClassTargets{}, nil
		mustAgree(t, "without plans", buildBook(t, b), buildBook(t, plain), everyFigure, b)
	})
}
