package analysis_test

import (
	"testing"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/analysis/ledgertest"
)

// book is a one-customer ledger in CNY that tests add lines to.
func book(entries ...ledger.Entry) *ledger.Ledger {
	l := &ledger.Ledger{
		Numbering:  &ledgertest.Numbering,
		Currencies: []ledger.Currency{{Code: "CNY", Exponent: 2}},
		Customers:  []ledger.Customer{{ID: "C1", Name: "Hengda", Rep: ledger.None, Region: ledger.None}},
		Sources:    []ledger.Source{{File: "ledger.xlsx", Sheet: "Ledger"}},
	}
	for i, e := range entries {
		if e.Issued == 0 {
			e.Issued = e.Posted
		}
		if e.Due == 0 && e.Amount > 0 {
			e.Due = e.Issued
		}
		e.Rep, e.Region, e.Pos = ledger.None, ledger.None, ledger.Pos{Row: int32(i + 2)}
		l.Entries = append(l.Entries, e)
	}
	return l
}

func day(s string) ledger.Date { return ledger.MustDate(s) }

// settings are the defaults of duepack.yaml over a period that ends at D.
func settings(from, to string) analysis.Options {
	return analysis.Options{
		AsOf: day(to), From: day(from), To: day(to), Apply: analysis.Explicit, RepBasis: analysis.RepOnDocument,
		Margin: ledger.Ratio{Num: 5, Den: 100}, Rates: []analysis.RateFrom{{Rate: ledger.Ratio{Num: 7, Den: 100}}}, Basis: analysis.ACT365,
		Aging: analysis.AgingRule{Basis: analysis.ByDue, Credits: analysis.CreditsOnAccount}, Bounds: analysis.DefaultBounds(),
	}
}

func build(t *testing.T, l *ledger.Ledger, opt analysis.Options) *analysis.Pack {
	t.Helper()
	p, err := analysis.Build(l, opt)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// figure returns a figure of the company as pack.json would round it: money in
// minor units, ratios to the given number of decimals.
func figure(t *testing.T, p *analysis.Pack, id string, decimals int) string {
	t.Helper()
	v, s, ok := p.Find(id)
	switch {
	case !ok:
		t.Fatalf("no figure %s", id)
	case v.IsAbsent():
		return "absent: " + v.Absent.String()
	case v.Unit == analysis.Money:
		return v.Minor.Decimal(p.Currencies[s.Currency].Exponent)
	case v.Unit == analysis.Count:
		return v.Minor.Decimal(0)
	}
	return v.Ratio.FloatString(decimals)
}

// Rules §7, first example: 100,000 at 7 %, 45 days late → 863.01.
func TestFinancingCostOfTheRulesExamples(t *testing.T) {
	l := book(
		ledger.Entry{ID: ledgertest.ID("A"), Kind: ledger.Invoice, Posted: day("2026-01-01"), Due: day("2026-01-31"), Amount: 10_000_000},
		ledger.Entry{ID: ledgertest.ID("R"), Kind: ledger.Receipt, Posted: day("2026-03-17"), Amount: -10_000_000, Settles: ledgertest.ID("A")})
	p := build(t, l, settings("2026-01-01", "2026-12-31"))
	if got := figure(t, p, "company/financing_cost", 0); got != "863.01" {
		t.Errorf("45 days late at 7 %%: %s, want 863.01", got)
	}
	opt := settings("2026-01-01", "2026-12-31")
	opt.Rates[0].Rate = ledger.Ratio{Num: 10, Den: 100}
	l = book(ledger.Entry{ID: ledgertest.ID("A"), Kind: ledger.Invoice, Posted: day("2026-10-01"), Due: day("2026-10-02"), Amount: 50_000_000})
	if got := figure(t, build(t, l, opt), "company/financing_cost", 0); got != "12328.77" {
		t.Errorf("90 days at 10 %%: %s, want 12328.77", got)
	}
}

// Rules §6: cei 6,200; 10,890 over 3 months; 6,340; 3,590 → 55.93, and the
// count-back example 13,000 → 179.67.
func TestCEIAndCountBackOfTheRulesExamples(t *testing.T) {
	l := book(
		ledger.Entry{ID: ledgertest.ID("O"), Kind: ledger.Opening, Posted: day("2026-06-30"), Amount: 620_000},
		ledger.Entry{ID: ledgertest.ID("S"), Kind: ledger.Invoice, Posted: day("2026-07-15"), Due: day("2026-08-01"), Amount: 730_000},
		ledger.Entry{ID: ledgertest.ID("N"), Kind: ledger.Invoice, Posted: day("2026-09-01"), Due: day("2026-10-15"), Amount: 359_000},
		ledger.Entry{ID: ledgertest.ID("R"), Kind: ledger.Receipt, Posted: day("2026-09-20"), Amount: -620_000, Settles: ledgertest.ID("O")},
		ledger.Entry{ID: ledgertest.ID("R"), Kind: ledger.Receipt, Posted: day("2026-09-20"), Amount: -455_000, Settles: ledgertest.ID("S")})
	p := build(t, l, settings("2026-07-01", "2026-09-30"))
	for id, want := range map[string]string{"company/opening": "6200.00", "company/sales": "10890.00", "company/closing": "6340.00", "company/cei": "55.93"} {
		if got := figure(t, p, id, 2); got != want {
			t.Errorf("%s = %s, want %s", id, got, want)
		}
	}

	var lines []ledger.Entry
	for month, amount := range map[string]ledger.Minor{"09": 250_000, "08": 175_000, "07": 225_000, "06": 250_000, "05": 200_000, "04": 225_000} {
		lines = append(lines, ledger.Entry{ID: ledgertest.ID(month), Kind: ledger.Invoice, Posted: day("2026-" + month + "-10"), Amount: amount})
	}
	lines = append(lines, ledger.Entry{ID: ledgertest.ID("R"), Kind: ledger.Receipt, Posted: day("2026-09-30"), Amount: -(1_325_000 - 1_300_000), Settles: ledgertest.ID("04")})
	if got := figure(t, build(t, book(lines...), settings("2026-09-01", "2026-09-30")), "company/dso_countback", 2); got != "179.67" {
		t.Errorf("count-back of 13,000: %s, want 179.67", got)
	}
}

// Rules §9, IE12: 45,000 + 120,000 + 144,000 + 165,000 + 106,000 = 580,000.
func TestProvisionMatrixOfIE12(t *testing.T) {
	var lines []ledger.Entry
	for i, amount := range []ledger.Minor{15_000_000_00, 7_500_000_00, 4_000_000_00, 2_500_000_00, 1_000_000_00} {
		due := day("2026-12-31") - ledger.Date([]int{0, 30, 60, 90, 91}[i])
		lines = append(lines, ledger.Entry{ID: ledgertest.ID(string(rune('A' + i))), Kind: ledger.Invoice, Posted: day("2026-09-01"), Due: due, Amount: amount})
	}
	opt := settings("2026-12-01", "2026-12-31")
	opt.Bounds = []analysis.Bound{{N: 0}, {N: 30}, {N: 60}, {N: 90}}
	opt.LossRates = []ledger.Ratio{{Num: 3, Den: 1000}, {Num: 16, Den: 1000}, {Num: 36, Den: 1000}, {Num: 66, Den: 1000}, {Num: 106, Den: 1000}}
	if got := figure(t, build(t, book(lines...), opt), "company/provision", 0); got != "580000.00" {
		t.Errorf("provision %s, want 580000.00", got)
	}
}

func TestBouncedChequeReopensItsInvoice(t *testing.T) {
	l := book(
		ledger.Entry{ID: ledgertest.ID("A"), Kind: ledger.Invoice, Posted: day("2026-01-01"), Due: day("2026-01-31"), Amount: 10_000},
		ledger.Entry{ID: ledgertest.ID("R1"), Kind: ledger.Receipt, Posted: day("2026-01-20"), Amount: -10_000, Settles: ledgertest.ID("A")},
		ledger.Entry{ID: ledgertest.ID("R1"), Kind: ledger.Receipt, Posted: day("2026-01-25"), Amount: 10_000, Settles: ledgertest.ID("A")})
	p := build(t, l, settings("2026-03-01", "2026-03-31"))
	if got := figure(t, p, "company/aging/31-60", 0); got != "100.00" {
		t.Errorf("59 days late after the bounce: %s in 31-60, want 100.00", got)
	}
	if got := figure(t, p, "company/receipts", 0); got != "0.00" {
		t.Errorf("receipts of March %s, want 0.00", got)
	}
}

// A book without a sheet of customers names reps on its documents only: who
// served the customer last is whom a reader asks. Lines after the as-of date are
// not known yet.
func TestCustomerWithoutARepIsServedByTheRepOfTheLastLine(t *testing.T) {
	l := book(
		ledger.Entry{ID: ledgertest.ID("A"), Kind: ledger.Invoice, Posted: day("2026-08-01"), Due: day("2026-08-31"), Amount: 100_00, Rep: 0},
		ledger.Entry{ID: ledgertest.ID("B"), Kind: ledger.Invoice, Posted: day("2026-09-01"), Due: day("2026-09-30"), Amount: 100_00, Rep: 1},
		ledger.Entry{ID: ledgertest.ID("C"), Kind: ledger.Invoice, Posted: day("2026-11-01"), Due: day("2026-11-30"), Amount: 100_00, Rep: 0},
	)
	l.Reps = []ledger.Rep{{ID: "R1"}, {ID: "R2"}}
	for i := range l.Customers {
		l.Customers[i].Rep = ledger.None
	}
	for i := range l.Entries {
		l.Entries[i].Rep = int32([]int{0, 1, 0}[i])
	}
	p := build(t, l, settings("2026-10-01", "2026-10-31"))
	if rep := p.Customers[0].Rep; rep < 0 || p.Reps[rep].ID != "R2" {
		t.Errorf("served by %d of %+v, want R2", rep, p.Reps)
	}
}
