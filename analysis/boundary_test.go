package analysis_test

import (
	"fmt"
	"strings"
	"testing"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/analysis/ledgertest"
)

// line is an entry with the fields that boundaries are about.
func line(id string, kind ledger.Kind, amount ledger.Minor, posted, due, settles string) ledger.Entry {
	e := ledger.Entry{ID: ledgertest.ID(id), Kind: kind, Amount: amount, Posted: day(posted), Settles: ledgertest.ID(settles)}
	if due != "" {
		e.Due = day(due)
	}
	return e
}

// inMinor is figure with money in minor units.
func inMinor(t *testing.T, p *analysis.Pack, id string, decimals int) string {
	t.Helper()
	if v, _, ok := p.Find(id); ok && v.Unit == analysis.Money && !v.IsAbsent() {
		return fmt.Sprint(int64(v.Minor))
	}
	return figure(t, p, id, decimals)
}

// inBucket returns the id of the only bucket with an amount, or "on_account".
func inBucket(t *testing.T, p *analysis.Pack) string {
	t.Helper()
	found := ""
	for i, sum := range p.Company.Aging {
		if sum != 0 {
			found += p.Buckets[i].ID
		}
	}
	if p.Company.Value(analysis.OnAccount).Minor != 0 {
		found += "on_account"
	}
	return found
}

// The limits of rules §4: a bucket a–b holds a ≤ age ≤ b.
func TestEachBucketEndsOnItsLastDay(t *testing.T) {
	for _, c := range []struct{ due, asOf, bucket string }{
		{"2026-02-01", "2026-01-31", "not_due"}, // age −1
		{"2026-01-31", "2026-01-31", "not_due"}, // age 0: due = as-of
		{"2026-01-30", "2026-01-31", "1-30"},    // 1
		{"2026-01-01", "2026-01-31", "1-30"},    // 30
		{"2025-12-31", "2026-01-31", "31-60"},   // 31
		{"2025-12-02", "2026-01-31", "31-60"},   // 60
		{"2025-12-01", "2026-01-31", "61-90"},   // 61
		{"2025-11-02", "2026-01-31", "61-90"},   // 90
		{"2025-11-01", "2026-01-31", "91-120"},  // 91
		{"2025-10-03", "2026-01-31", "91-120"},  // 120
		{"2025-10-02", "2026-01-31", "120+"},    // 121
		{"2024-01-31", "2024-03-01", "1-30"},    // 30, through 29 February
		{"2024-01-31", "2024-03-02", "31-60"},
		{"2023-01-31", "2023-03-02", "1-30"}, // 30, without it
		{"2023-01-31", "2023-03-03", "31-60"},
	} {
		p := build(t, book(line("I1", ledger.Invoice, 100, "2022-06-01", c.due, "")), settings("2022-06-01", c.asOf))
		if got := inBucket(t, p); got != c.bucket {
			t.Errorf("due %s at %s stands in %s, want %s", c.due, c.asOf, got, c.bucket)
		}
		overdue := "100"
		if c.bucket == "not_due" {
			overdue = "0"
		}
		if got := inMinor(t, p, "company/overdue", 0); got != overdue {
			t.Errorf("due %s at %s: overdue %s, want %s", c.due, c.asOf, got, overdue)
		}
	}
}

// The first bucket starts at 0 with basis issued or posted (rules §4).
func TestAgeCountsFromTheBasisOfAging(t *testing.T) {
	e := line("I1", ledger.Invoice, 100, "2026-01-10", "2026-03-01", "")
	e.Issued = day("2026-01-01")
	for _, c := range []struct {
		basis  analysis.AgingBasis
		asOf   string
		bucket string
	}{
		{analysis.ByIssued, "2026-01-10", "0-30"}, {analysis.ByIssued, "2026-01-31", "0-30"}, {analysis.ByIssued, "2026-02-01", "31-60"},
		{analysis.ByPosted, "2026-01-10", "0-30"}, {analysis.ByPosted, "2026-02-09", "0-30"}, {analysis.ByPosted, "2026-02-10", "31-60"},
		{analysis.ByDue, "2026-03-01", "not_due"}, {analysis.ByDue, "2026-03-02", "1-30"},
	} {
		opt := settings("2026-01-01", c.asOf)
		opt.Aging.Basis = c.basis
		if got := inBucket(t, build(t, book(e), opt)); got != c.bucket {
			t.Errorf("%s at %s: %s, want %s", c.basis, c.asOf, got, c.bucket)
		}
	}
}

// The anniversary itself belongs to the younger bucket (含1年, rules §4).
func TestAnniversaryBelongsToTheYoungerBucket(t *testing.T) {
	months, years := analysis.BoundMonths, analysis.BoundYears
	bounds := []analysis.Bound{{N: 1, Unit: months}, {N: 6, Unit: months}, {N: 1, Unit: years}, {N: 2, Unit: years}, {N: 4, Unit: years}}
	for _, c := range []struct {
		issued, asOf string
		bucket       int
	}{
		{"2026-01-15", "2026-02-15", 0}, {"2026-01-15", "2026-02-16", 1},
		{"2026-01-31", "2026-02-28", 0}, {"2026-01-31", "2026-03-01", 1}, // February has no 31st
		{"2024-01-31", "2024-02-29", 0}, {"2024-01-31", "2024-03-01", 1},
		{"2025-08-31", "2026-02-28", 1}, {"2025-08-31", "2026-03-01", 2},
		{"2025-01-31", "2026-01-31", 2}, {"2025-01-31", "2026-02-01", 3},
		{"2024-02-29", "2025-02-28", 2}, {"2024-02-29", "2025-03-01", 3}, // no 29 February in 2025
		{"2024-02-29", "2026-02-28", 3}, {"2024-02-29", "2026-03-01", 4},
		{"2020-02-29", "2024-02-29", 4}, {"2020-02-29", "2024-03-01", 5},
		{"2023-02-28", "2024-02-28", 2}, {"2023-02-28", "2024-02-29", 3},
	} {
		opt := settings("2020-01-01", c.asOf)
		opt.Aging.Basis, opt.Bounds = analysis.ByIssued, bounds
		p := build(t, book(line("I1", ledger.Invoice, 100, c.issued, "", "")), opt)
		if p.Company.Aging[c.bucket] != 100 {
			t.Errorf("issued %s at %s stands in %s, want bucket %d", c.issued, c.asOf, inBucket(t, p), c.bucket)
		}
	}
}

// Only entries posted up to D exist at D, and both ends of P are inside
// (rules §1, §3).
func TestBothEndsOfThePeriodAreInside(t *testing.T) {
	for _, c := range []struct{ posted, opening, sales, closing string }{
		{"2025-12-31", "100", "0", "100"}, {"2026-01-01", "0", "100", "100"}, {"2026-01-31", "0", "100", "100"}, {"2026-02-01", "0", "0", "0"},
	} {
		p := build(t, book(line("I1", ledger.Invoice, 100, c.posted, "2026-06-30", "")), settings("2026-01-01", "2026-01-31"))
		for id, want := range map[string]string{"company/opening": c.opening, "company/sales": c.sales, "company/closing": c.closing} {
			if got := inMinor(t, p, id, 0); got != want {
				t.Errorf("posted %s: %s is %s, want %s", c.posted, id, got, want)
			}
		}
	}
}

// A payment on date p after due date d is p − d days late, and on time on d
// itself (rules §6, §7): 36,500.00 at 10 % cost 10.00 a day.
func TestPaymentOnTheDueDateIsOnTime(t *testing.T) {
	for _, c := range []struct{ paid, late, onTime, cost string }{
		{"2026-01-14", "-1.0", "1.0", "0"}, {"2026-01-15", "0.0", "1.0", "0"}, {"2026-01-16", "1.0", "0.0", "1000"}, {"2026-01-31", "16.0", "0.0", "16000"},
	} {
		opt := settings("2026-01-01", "2026-01-31")
		opt.Rates = []analysis.RateFrom{{Rate: ledger.Ratio{Num: 10, Den: 100}}}
		p := build(t, book(line("I1", ledger.Invoice, 3650000, "2026-01-02", "2026-01-15", ""), line("R1", ledger.Receipt, -3650000, c.paid, "", "I1")), opt)
		for id, want := range map[string]string{"company/days_late": c.late, "company/on_time_rate": c.onTime, "company/financing_cost": c.cost} {
			if got := inMinor(t, p, id, 1); got != want {
				t.Errorf("paid %s: %s is %s, want %s", c.paid, id, got, want)
			}
		}
	}
}

// The window of the cost is (max(due, from−1), to], and a document is open
// from the day it is posted (rules §7): 36,500.00 at 10 % cost 10.00 a day.
func TestCostCountsTheDaysOfThePeriodOnly(t *testing.T) {
	for _, c := range []struct{ posted, issued, due, late, terms string }{
		{"2025-12-01", "2025-12-01", "2025-12-30", "31000", "0"}, // all of January
		{"2025-12-01", "2025-12-01", "2025-12-31", "31000", "0"}, // due on from − 1
		{"2025-12-01", "2025-12-01", "2026-01-01", "30000", "1000"},
		{"2025-12-01", "2025-12-01", "2026-01-31", "0", "31000"},
		{"2026-01-11", "2026-01-01", "2026-01-01", "20000", "0"}, // posted after it fell due
		{"2026-01-11", "2026-01-01", "2026-01-21", "10000", "10000"},
		{"2026-01-01", "2026-01-11", "2026-01-21", "10000", "10000"}, // posted before it was issued
		{"2026-01-31", "2026-01-31", "2026-01-31", "0", "0"},
	} {
		e := line("I1", ledger.Invoice, 3650000, c.posted, c.due, "")
		e.Issued = day(c.issued)
		opt := settings("2026-01-01", "2026-01-31")
		opt.Rates = []analysis.RateFrom{{Rate: ledger.Ratio{Num: 10, Den: 100}}}
		p := build(t, book(e), opt)
		if late, terms := inMinor(t, p, "company/financing_cost", 0), inMinor(t, p, "company/terms_cost", 0); late != c.late || terms != c.terms {
			t.Errorf("posted %s issued %s due %s: late %s and terms %s, want %s and %s", c.posted, c.issued, c.due, late, terms, c.late, c.terms)
		}
	}
}

// 30/360 is the European count: day 31 counts as day 30 (rules §7). 36,000.00
// at 10 % cost 10.00 a day.
func TestDayBasesCountTheirDays(t *testing.T) {
	for _, c := range []struct {
		basis     analysis.DayBasis
		due, asOf string
		cost      string
	}{
		{analysis.ACT360, "2026-01-31", "2026-02-28", "28000"}, {analysis.E30360, "2026-01-31", "2026-02-28", "28000"},
		{analysis.ACT360, "2026-01-30", "2026-01-31", "1000"}, {analysis.E30360, "2026-01-30", "2026-01-31", "0"},
		{analysis.ACT360, "2026-02-28", "2026-03-31", "31000"}, {analysis.E30360, "2026-02-28", "2026-03-31", "32000"},
		{analysis.ACT360, "2024-02-28", "2024-03-01", "2000"}, {analysis.E30360, "2024-02-28", "2024-03-01", "3000"},
		{analysis.ACT360, "2025-01-31", "2026-01-31", "365000"}, {analysis.E30360, "2025-01-31", "2026-01-31", "360000"},
	} {
		opt := settings("2020-01-01", c.asOf)
		opt.Basis, opt.Rates = c.basis, []analysis.RateFrom{{Rate: ledger.Ratio{Num: 10, Den: 100}}}
		p := build(t, book(line("I1", ledger.Invoice, 3600000, "2020-01-02", c.due, "")), opt)
		if got := inMinor(t, p, "company/financing_cost", 0); got != c.cost {
			t.Errorf("%s from %s to %s: %s, want %s", c.basis, c.due, c.asOf, got, c.cost)
		}
	}
}

// Documents due on to are collectable in P, those due the day after are not;
// one due before from counts with what was open (rules §6).
func TestCollectionRateDueLimits(t *testing.T) {
	for _, c := range []struct{ posted, due, rate string }{
		{"2025-12-01", "2025-12-31", "0.25"}, {"2025-12-01", "2026-01-01", "0.25"}, {"2025-12-01", "2026-01-31", "0.25"},
		{"2025-12-01", "2026-02-01", "absent: nothing-to-collect"}, {"2026-01-01", "2026-01-01", "0.25"}, {"2026-01-05", "2026-01-31", "0.25"},
		{"2026-01-05", "2026-02-01", "absent: nothing-to-collect"},
	} {
		l := book(line("I1", ledger.Invoice, 400, c.posted, c.due, ""), line("R1", ledger.Receipt, -100, "2026-01-20", "", "I1"))
		if got := inMinor(t, build(t, l, settings("2026-01-01", "2026-01-31")), "company/collection_rate_due", 2); got != c.rate {
			t.Errorf("posted %s due %s: %s, want %s", c.posted, c.due, got, c.rate)
		}
	}
}

// The last rate on or before D converts (rules §5).
func TestRateOfExchangeHoldsFromItsDay(t *testing.T) {
	for _, c := range []struct{ from, balance string }{{"2026-01-31", "800"}, {"2026-02-01", "700"}} {
		l := book(line("I1", ledger.Invoice, 100, "2026-01-10", "2026-06-30", ""))
		l.Currencies = append(l.Currencies, ledger.Currency{Code: "USD", Exponent: 2})
		l.Entries[0].Currency = 1
		l.Rates = []ledger.FxRate{{Currency: 1, Date: day(c.from), Rate: ledger.Ratio{Num: 8, Den: 1}}, {Currency: 1, Date: day("2025-12-31"), Rate: ledger.Ratio{Num: 7, Den: 1}}}
		p := build(t, l, settings("2026-01-01", "2026-01-31"))
		if got := inMinor(t, p, "company/balance", 0); got != c.balance {
			t.Errorf("8 from %s: balance %s, want %s", c.from, got, c.balance)
		}
	}
}

// No rate on or before a date is an error that names currency and date.
func TestMissingRateOfExchangeIsNamed(t *testing.T) {
	l := book(line("I1", ledger.Invoice, 100, "2026-01-10", "2026-06-30", ""))
	l.Currencies = append(l.Currencies, ledger.Currency{Code: "USD", Exponent: 2})
	l.Entries[0].Currency = 1
	l.Rates = []ledger.FxRate{{Currency: 1, Date: day("2026-01-11"), Rate: ledger.Ratio{Num: 8, Den: 1}}}
	_, err := analysis.Build(l, settings("2026-01-01", "2026-01-31"))
	if err == nil || !strings.Contains(err.Error(), "USD") || !strings.Contains(err.Error(), "2026-01-10") {
		t.Errorf("Build: %v, want an error naming USD and 2026-01-10", err)
	}
}

// The rate in force on a day costs that day (rules §7): 36,500.00 cost 10.00
// a day at 10 % and 20.00 at 20 %.
func TestFinancingRateHoldsFromItsDay(t *testing.T) {
	opt := settings("2026-01-01", "2026-01-31")
	opt.Rates = []analysis.RateFrom{{Rate: ledger.Ratio{Num: 10, Den: 100}}, {From: day("2026-01-31"), Rate: ledger.Ratio{Num: 20, Den: 100}}}
	p := build(t, book(line("I1", ledger.Invoice, 3650000, "2025-12-01", "2025-12-31", "")), opt)
	if got := inMinor(t, p, "company/financing_cost", 0); got != "32000" {
		t.Errorf("30 days at 10 %% and one at 20 %%: %s, want 32000", got)
	}
}

// Count-back: the rest against the month's sales, exactly, one less, one more
// (rules §6).
func TestCountBackLimits(t *testing.T) {
	for _, c := range []struct {
		january, february, received ledger.Minor
		days                        string
	}{
		{1000, 1000, 1000, "28.00"},               // February's sales exactly
		{1000, 1000, 999, "28.03"},                // 28 + 1/1000 × 31
		{1000, 1000, 1001, "27.97"},               // 999/1000 × 28 = 27.97
		{1000, 1000, 0, "59.00"},                  // all sales of the book
		{1000, 1000, 2000, "absent: no-balance"},  // nothing is open
		{1000, 0, 500, "43.50"},                   // a month without sales adds its days
		{1000, -200, 300, "43.50"},                // and so does one of credit notes: 28 + 500/1000 × 31
		{1000, 1000, -1, "absent: sales-run-out"}, // one more than was ever sold
	} {
		lines := []ledger.Entry{line("I1", ledger.Invoice, c.january, "2026-01-10", "2026-06-30", "")}
		if c.february > 0 {
			lines = append(lines, line("I2", ledger.Invoice, c.february, "2026-02-10", "2026-06-30", ""))
		} else if c.february < 0 {
			lines = append(lines, line("N2", ledger.CreditNote, c.february, "2026-02-10", "", "I1"))
		}
		if c.received > 0 {
			lines = append(lines, line("R1", ledger.Receipt, -c.received, "2026-02-20", "", ""))
		} else if c.received < 0 {
			lines = append(lines, line("A1", ledger.Adjustment, -c.received, "2026-02-20", "2026-06-30", ""))
		}
		p := build(t, book(lines...), settings("2026-02-01", "2026-02-28"))
		if got := inMinor(t, p, "company/dso_countback", 2); got != c.days {
			t.Errorf("%+v: %s days, want %s", c, got, c.days)
		}
	}
}

// A target counts by the days of its month that P covers (rules §11).
func TestTargetCountsByTheDaysCovered(t *testing.T) {
	for _, c := range []struct{ from, to, target string }{
		{"2026-02-01", "2026-02-28", "1000"}, {"2026-02-02", "2026-02-28", "964"}, {"2026-02-28", "2026-02-28", "36"},
		{"2026-02-14", "2026-03-31", "536"}, {"2026-01-01", "2026-12-31", "1000"}, {"2026-03-01", "2026-03-31", "absent: no-target"},
	} {
		l := book(line("I1", ledger.Invoice, 100, "2026-01-01", "", ""))
		l.Reps = []ledger.Rep{{ID: "R1"}}
		l.Entries[0].Rep = 0
		l.Targets = []ledger.Target{{Rep: 0, Month: day("2026-02-01").Month(), Sales: 1000, HasSales: true}}
		if got := inMinor(t, build(t, l, settings(c.from, c.to)), "reps/R1/sales_target", 0); got != c.target {
			t.Errorf("%s … %s: %s, want %s", c.from, c.to, got, c.target)
		}
	}
}

// Zero, none, one: a pack of next to nothing is a pack, and what cannot be
// divided is absent (rules §1).
func TestBooksOfNextToNothing(t *testing.T) {
	for name, c := range map[string]struct {
		lines []ledger.Entry
		want  map[string]string
	}{
		"none": {nil, map[string]string{"balance": "0", "documents_open": "0", "dso": "absent: no-sales", "extra_sales": "0", "provision": "absent: no-loss-rates"}},
		"one line": {[]ledger.Entry{line("I1", ledger.Invoice, 1, "2026-01-31", "2026-01-31", "")},
			map[string]string{"balance": "1", "documents_open": "1", "overdue": "0", "dso": "31.0", "collection_rate": "0.0", "days_late": "absent: no-receipts"}},
		"only credits": {[]ledger.Entry{line("R1", ledger.Receipt, -500, "2026-01-05", "", "")},
			map[string]string{"balance": "-500", "on_account": "-500", "documents_open": "0", "dso": "absent: no-sales", "dso_countback": "absent: no-balance", "overdue": "0"}},
		"zero amount": {[]ledger.Entry{line("I1", ledger.Invoice, 0, "2026-01-05", "2026-01-06", "")},
			map[string]string{"balance": "0", "documents_open": "0", "dso": "absent: no-sales", "financing_cost": "0"}},
		"only later": {[]ledger.Entry{line("I1", ledger.Invoice, 7, "2026-02-01", "", "")}, map[string]string{"balance": "0", "sales": "0"}},
		"paid": {[]ledger.Entry{line("I1", ledger.Invoice, 7, "2026-01-01", "", ""), line("R1", ledger.Receipt, -7, "2026-01-01", "", "I1")},
			map[string]string{"balance": "0", "documents_open": "0", "collection_rate": "1.0", "days_to_pay": "0.0", "on_time_rate": "1.0", "dso": "0.0"}},
	} {
		p := build(t, book(c.lines...), settings("2026-01-01", "2026-01-31"))
		for key, want := range c.want {
			if got := inMinor(t, p, "company/"+key, 1); got != want {
				t.Errorf("%s: %s is %s, want %s", name, key, got, want)
			}
		}
	}
}

// Rates and margins at the edge of extra sales (rules §8).
func TestExtraSalesLimits(t *testing.T) {
	for _, c := range []struct {
		loss   ledger.Minor
		margin int64
		want   string
	}{
		{500, 2, "25000"}, {1, 3, "33"}, {2, 3, "67"}, {0, 5, "0"}, {-1, 5, "0"}, {0, 0, "0"}, {5, 0, "absent: margin-not-above-0"}, {5, -2, "absent: margin-not-above-0"},
	} {
		opt := settings("2026-01-01", "2026-01-31")
		opt.Margin = ledger.Ratio{Num: c.margin, Den: 100}
		p := build(t, book(line("I1", ledger.Invoice, 100000, "2025-12-01", "", ""), line("W1", ledger.WriteOff, -c.loss, "2026-01-05", "2026-01-05", "I1")), opt)
		if got := inMinor(t, p, "company/extra_sales", 0); got != c.want {
			t.Errorf("loss %d at %d %%: %s, want %s", c.loss, c.margin, got, c.want)
		}
	}
}

// N of the collection effectiveness is 1 for less than a month, so that the
// sales of a few days are not blown up to those of a month (rules §6). 1,000 are
// open before, 500 are sold and not due, 600 of the 1,000 are received.
func TestSalesOfLessThanAMonthAreNotAveraged(t *testing.T) {
	for _, c := range []struct{ from, to, cei string }{
		{"2026-10-01", "2026-10-15", "60.00"}, // (1,000 + 500 − 900) ÷ (1,000 + 500 − 500)
		{"2026-10-10", "2026-10-12", "60.00"},
		{"2026-10-01", "2026-10-31", "60.00"},
		{"2026-09-16", "2026-10-31", "52.00"}, // N = 15/30 + 1: (1,000 + 333.33 − 900) ÷ (1,000 + 333.33 − 500)
	} {
		l := book(line("I1", ledger.Invoice, 1000, "2026-08-01", "2026-08-31", ""), line("I2", ledger.Invoice, 500, "2026-10-10", "2026-12-31", ""),
			line("R1", ledger.Receipt, -600, "2026-10-12", "", "I1"))
		if got := inMinor(t, build(t, l, settings(c.from, c.to)), "company/cei", 2); got != c.cei {
			t.Errorf("%s … %s: %s, want %s", c.from, c.to, got, c.cei)
		}
	}
}

// By date of issue a bucket may hold what is past due and what is not. Netted
// credit lowers the former first, so neither falls below zero (rules §4). Old
// and past due 200, old and not due 300, young and not due 100.
func TestNettedCreditLowersWhatIsPastDueFirst(t *testing.T) {
	for _, c := range []struct {
		credit                           ledger.Minor
		young, old, overdue, left, bpdso string // bpdso: what is not due ÷ sales of 100 × 31 days
	}{
		{150, "100", "350", "50", "0", "124.0"}, {250, "100", "250", "0", "0", "108.5"}, {550, "50", "0", "0", "0", "15.5"}, {700, "0", "0", "0", "-100", "0.0"},
	} {
		opt := settings("2026-01-01", "2026-01-31")
		opt.Aging = analysis.AgingRule{Basis: analysis.ByIssued, Credits: analysis.CreditsNetOldest}
		opt.Bounds = []analysis.Bound{{N: 30}}
		p := build(t, book(line("I1", ledger.Invoice, 300, "2025-11-01", "2026-03-01", ""), line("I2", ledger.Invoice, 200, "2025-12-01", "2025-12-31", ""),
			line("I3", ledger.Invoice, 100, "2026-01-20", "2026-03-01", ""), line("R1", ledger.Receipt, -c.credit, "2026-01-25", "", "")), opt)
		for key, want := range map[string]string{"aging/0-30": c.young, "aging/30+": c.old, "overdue": c.overdue, "on_account": c.left, "bpdso": c.bpdso} {
			if got := inMinor(t, p, "company/"+key, 1); got != want {
				t.Errorf("credit of %d: %s is %s, want %s", c.credit, key, got, want)
			}
		}
	}
}

// A list of no loss rates is no provision, as no list is.
func TestEmptyListOfLossRatesIsNoProvision(t *testing.T) {
	opt := settings("2026-01-01", "2026-01-31")
	opt.LossRates = []ledger.Ratio{}
	p := build(t, book(line("I1", ledger.Invoice, 100, "2026-01-10", "2026-01-20", "")), opt)
	for _, key := range []string{"provision", "provision_charge"} {
		if got := figure(t, p, "company/"+key, 2); got != "absent: no-loss-rates" {
			t.Errorf("%s is %s", key, got)
		}
	}
}

// The first month of the count-back counts up to D only, and the balance is the
// one at the end of the period, also where D is later (rules §6).
func TestCountBackStartsAtTheAsOfDate(t *testing.T) {
	for _, c := range []struct{ to, asOf, days string }{
		{"2026-02-14", "2026-02-14", "7.0"},  // 500 of February's 1,000: half of 14 days
		{"2026-02-14", "2026-02-28", "14.0"}, // half of 28; the 500 that came later are still in the balance
		{"2026-02-14", "2026-03-10", "24.0"}, // ten days of March without sales before
	} {
		opt := settings("2026-02-01", c.to)
		opt.AsOf = day(c.asOf)
		p := build(t, book(line("I1", ledger.Invoice, 1000, "2026-02-03", "2026-06-30", ""), line("R1", ledger.Receipt, -500, "2026-02-10", "", "I1"),
			line("R2", ledger.Receipt, -500, "2026-02-20", "", "I1")), opt)
		if got := inMinor(t, p, "company/dso_countback", 1); got != c.days {
			t.Errorf("to %s, as of %s: %s days, want %s", c.to, c.asOf, got, c.days)
		}
	}
}

// A bounced cheque that names nothing known is a document of its own (rules §2).
// Where an invoice has its number too, a line that settles that number is the
// invoice's, whichever is due first.
func TestLineIsTheInvoicesAndNotABouncedPaymentsOfItsNumber(t *testing.T) {
	l := book(
		ledger.Entry{ID: ledgertest.ID("D1"), Kind: ledger.Receipt, Posted: day("2026-10-05"), Due: day("2026-10-05"), Amount: 100, Settles: ledgertest.ID("X")},
		ledger.Entry{ID: ledgertest.ID("D1"), Kind: ledger.Invoice, Posted: day("2026-10-10"), Due: day("2026-10-10"), Amount: 100},
		ledger.Entry{ID: ledgertest.ID("W1"), Kind: ledger.WriteOff, Posted: day("2026-10-20"), Amount: -30, Settles: ledgertest.ID("D1")},
	)
	l.Reps = []ledger.Rep{{ID: "R1"}, {ID: "R2"}}
	for i, rep := range []int32{0, 1, 0} {
		l.Entries[i].Rep = rep
	}
	p := build(t, l, settings("2026-10-01", "2026-10-31"))
	for i, want := range map[string]ledger.Minor{"R1": 0, "R2": 30} {
		v, _, ok := p.Find("reps/" + i + "/write_offs")
		if !ok || v.Minor != want {
			t.Errorf("write-offs of %s: %d, want %d", i, v.Minor, want)
		}
	}
}
