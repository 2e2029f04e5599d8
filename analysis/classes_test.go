package analysis_test

import (
	"testing"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/analysis/ledgertest"
)

func share(percent int64) ledger.Ratio { return ledger.Ratio{Num: percent, Den: 100} }

// practice are the shares of rules §11: 65 %, 100 %, 90 %.
var practice = analysis.ClassTargets{Old: share(65), Overdue: share(100), Current: share(90)}

// classBook: O1 and O2 are open at the end of 2025 (1,000.00 and 600.00); O0 was
// paid before. The receipt of 100.00 for O2 bounces. N1 (2,000.00 less a credit
// note of 500.00) and N2 (300.00) are of 2026.
func classBook() *ledger.Ledger {
	return book(
		ledger.Entry{ID: ledgertest.ID("O0"), Kind: ledger.Invoice, Posted: day("2025-11-01"), Due: day("2025-12-01"), Amount: 70_000},
		ledger.Entry{ID: ledgertest.ID("R0"), Kind: ledger.Receipt, Posted: day("2025-12-31"), Amount: -70_000, Settles: ledgertest.ID("O0")},
		ledger.Entry{ID: ledgertest.ID("O1"), Kind: ledger.Invoice, Posted: day("2025-11-01"), Due: day("2025-12-01"), Amount: 100_000},
		ledger.Entry{ID: ledgertest.ID("O2"), Kind: ledger.Invoice, Posted: day("2025-12-31"), Due: day("2026-10-01"), Amount: 60_000},
		ledger.Entry{ID: ledgertest.ID("R1"), Kind: ledger.Receipt, Posted: day("2026-01-01"), Amount: -40_000, Settles: ledgertest.ID("O1")},
		ledger.Entry{ID: ledgertest.ID("R2"), Kind: ledger.Receipt, Posted: day("2026-10-31"), Amount: -12_000, Settles: ledgertest.ID("O1")},
		ledger.Entry{ID: ledgertest.ID("R3"), Kind: ledger.Receipt, Posted: day("2026-10-05"), Amount: -10_000, Settles: ledgertest.ID("O2")},
		ledger.Entry{ID: ledgertest.ID("R3"), Kind: ledger.Receipt, Posted: day("2026-10-09"), Amount: 10_000, Settles: ledgertest.ID("O2")},
		ledger.Entry{ID: ledgertest.ID("N1"), Kind: ledger.Invoice, Posted: day("2026-01-01"), Due: day("2026-09-29"), Amount: 200_000},
		ledger.Entry{ID: ledgertest.ID("K1"), Kind: ledger.CreditNote, Posted: day("2026-02-01"), Amount: -50_000, Settles: ledgertest.ID("N1")},
		ledger.Entry{ID: ledgertest.ID("N2"), Kind: ledger.Invoice, Posted: day("2026-10-31"), Due: day("2026-11-30"), Amount: 30_000},
		ledger.Entry{ID: ledgertest.ID("R4"), Kind: ledger.Receipt, Posted: day("2026-09-30"), Amount: -80_000, Settles: ledgertest.ID("N1")},
		ledger.Entry{ID: ledgertest.ID("R5"), Kind: ledger.Receipt, Posted: day("2026-10-20"), Amount: -10_000, Settles: ledgertest.ID("N1")},
		ledger.Entry{ID: ledgertest.ID("R6"), Kind: ledger.Receipt, Posted: day("2026-11-02"), Amount: -5_000, Settles: ledgertest.ID("O1")}) // after D
}

// Rules §11: old debt (open at the last year end), overdue, this year's sales,
// each with its own share (practice: 65 %, 100 %, 90 %).
//
//	old      1,000 + 600 = 1,600; collected 400 + 120 + 100 − 100 = 520; 32.5 % of it, 50 % of the target
//	overdue  on 30 September: O1 600, N1 (due the day before) 2,000 − 500 − 800 = 700, not O2: 1,300;
//	         collected in October 120 + 100 = 220
//	current  2,000 − 500 + 300 = 1,800; collected 800 + 100 = 900; 50 %, 55.56 % of the target
func TestClassesOfDebtByHand(t *testing.T) {
	opt := settings("2026-10-01", "2026-10-31")
	opt.Classes = practice
	p := build(t, classBook(), opt)
	if p.YearEnd != day("2025-12-31") {
		t.Errorf("year end %s, want 2025-12-31", p.YearEnd)
	}
	want := map[analysis.DebtClass][2]ledger.Minor{analysis.OldDebt: {160_000, 52_000}, analysis.OverdueDebt: {130_000, 22_000}, analysis.CurrentDebt: {180_000, 90_000}}
	for _, r := range p.ClassResults {
		if got := [2]ledger.Minor{r.Base, r.Collected}; got != want[r.Class] {
			t.Errorf("class %d of rep %d: %v, want %v", r.Class, r.Rep, got, want[r.Class])
		}
	}
	for id, want := range map[string][2]string{"class_old": {"0.3250", "0.5000"}, "class_overdue": {"0.1692", "0.1692"}, "class_current": {"0.5000", "0.5556"}} {
		rows := table(t, p, id).Rows
		total := rows[len(rows)-1]
		if rate, attained := total.Cells[3].Value.Ratio.FloatString(4), total.Cells[5].Value.Ratio.FloatString(4); rate != want[0] || attained != want[1] {
			t.Errorf("%s: rate %s and attainment %s, want %v", id, rate, attained, want)
		}
	}
}

func TestClassesOfRepsAddUpToTheCompany(t *testing.T) {
	l := classBook()
	l.Reps = []ledger.Rep{{ID: "R1"}, {ID: "R2"}}
	for i := range l.Entries {
		l.Entries[i].Rep = int32(i % 2)
	}
	opt := settings("2026-10-01", "2026-10-31")
	opt.Classes = practice
	p := build(t, l, opt)
	var sums [3]analysis.ClassResult
	reps := 0
	for _, r := range p.ClassResults {
		if r.Rep == ledger.None {
			if sums[r.Class].Base != r.Base || sums[r.Class].Collected != r.Collected {
				t.Errorf("class %d: reps %+v, company %+v", r.Class, sums[r.Class], r)
			}
			continue
		}
		reps++
		sums[r.Class].Base += r.Base
		sums[r.Class].Collected += r.Collected
	}
	if reps != 6 {
		t.Errorf("%d results of reps, want 2 reps in 3 classes", reps)
	}
	table(t, p, "classes") // on the rep's page
}

func TestClassWithoutATargetIsNotShown(t *testing.T) {
	opt := settings("2026-10-01", "2026-10-31")
	opt.Classes = analysis.ClassTargets{Old: share(65)}
	p := build(t, classBook(), opt)
	for _, r := range p.ClassResults {
		if r.Class != analysis.OldDebt {
			t.Errorf("class %d has no target and a result", r.Class)
		}
	}
	if p := build(t, classBook(), settings("2026-10-01", "2026-10-31")); len(p.ClassResults) != 0 {
		t.Error("classes without any target")
	}
}

// A period that ends on 31 December looks back to the year end before it.
func TestLastYearEndIsBeforeTheEndOfThePeriod(t *testing.T) {
	for to, want := range map[string]string{"2026-12-31": "2025-12-31", "2027-01-01": "2026-12-31"} {
		opt := settings("2026-10-01", to)
		opt.Classes = practice
		if p := build(t, classBook(), opt); p.YearEnd != day(want) {
			t.Errorf("year end before %s is %s, want %s", to, p.YearEnd, want)
		}
	}
}
