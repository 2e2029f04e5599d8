package worked_test

import (
	"math/big"
	"strconv"
	"strings"
	"testing"

	"duepack/analysis"
	"duepack/analysis/ledger"
)

// exactly returns a value of the pack as a fraction: money in whole units.
func exactly(v analysis.Value, exponent int) *big.Rat {
	switch v.Unit {
	case analysis.Money:
		r := new(big.Rat).SetInt64(int64(v.Minor))
		for range exponent {
			r.Quo(r, big.NewRat(10, 1))
		}
		return r
	case analysis.Count:
		return new(big.Rat).SetInt64(int64(v.Minor))
	}
	return v.Ratio
}

// same compares a value of the program with a result by hand.
func same(t *testing.T, label string, v analysis.Value, exponent int, want result) {
	t.Helper()
	if reason, ok := strings.CutPrefix(want.text, "absent "); ok {
		if v.Absent.String() != reason {
			t.Errorf("%s: absent for %q, by hand for %q", label, v.Absent, reason)
		}
		return
	}
	switch {
	case want.value == nil:
		t.Errorf("%s: %q is no result", label, want.text)
	case v.IsAbsent():
		t.Errorf("%s is absent (%s), by hand %s", label, v.Absent, want.text)
	default:
		if v.Unit == analysis.Money { // rounded already: no decimal may hide a difference
			want.rounded = false
		}
		if got := exactly(v, exponent); !want.is(got) {
			t.Errorf("%s is %s, by hand %s", label, got.FloatString(8), want.text)
		}
	}
}

func money(m ledger.Minor) analysis.Value { return analysis.Value{Unit: analysis.Money, Minor: m} }

func share(r *big.Rat) analysis.Value { return analysis.Value{Unit: analysis.Share, Ratio: r} }

// sameFigure: the label is a figure id of the pack.
func sameFigure(t *testing.T, _ *part, p *analysis.Pack, label string, want result) {
	v, s, ok := p.Find(label)
	if !ok {
		t.Errorf("the pack has no figure %s", label)
		return
	}
	same(t, label, v, p.Currencies[s.Currency].Exponent, want)
}

// bucketNamed returns the index of the bucket that the label names last.
func bucketNamed(t *testing.T, p *analysis.Pack, label string) int {
	t.Helper()
	_, id, _ := strings.Cut(label, "/")
	for i := range p.Buckets {
		if p.Buckets[i].ID == id {
			return i
		}
	}
	t.Fatalf("%s: the pack has no such bucket", label)
	return 0
}

func sameLossRate(t *testing.T, _ *part, p *analysis.Pack, label string, want result) {
	same(t, label, share(p.LossRates[bucketNamed(t, p, label)].Rat()), 0, want)
}

func sameRollRate(t *testing.T, _ *part, p *analysis.Pack, label string, want result) {
	bucket, found := bucketNamed(t, p, label), 0
	for _, r := range p.Rolls {
		if r.Bucket == bucket && r.Rate() != nil {
			same(t, label, share(r.Rate()), 0, want)
			found++
		}
	}
	if found != 1 {
		t.Errorf("%s: the bucket held something in %d months, the example has 1", label, found)
	}
}

func sameItemProvision(t *testing.T, _ *part, p *analysis.Pack, label string, want result) {
	_, id, _ := strings.Cut(label, "/")
	for _, item := range p.Detail.Open {
		if item.ID == id {
			same(t, label, money(item.Provision), p.Currencies[item.Currency].Exponent, want)
			return
		}
	}
	t.Errorf("%s: no such document is open", label)
}

func sameItemCost(t *testing.T, _ *part, p *analysis.Pack, label string, want result) {
	_, id, _ := strings.Cut(label, "/")
	for _, cost := range p.Detail.Costs {
		if cost.ID == id {
			same(t, label, money(cost.Financing), p.Currencies[cost.Currency].Exponent, want)
			return
		}
	}
	t.Errorf("%s: no such document has a cost", label)
}

// arguments splits kind/a/b/c.
func arguments(t *testing.T, label string, n int) []string {
	t.Helper()
	list := strings.Split(label, "/")[1:]
	if len(list) != n {
		t.Fatalf("%s: want %d arguments", label, n)
	}
	return list
}

// sameLateCost: amount, rate, days late.
func sameLateCost(t *testing.T, _ *part, _ *analysis.Pack, label string, want result) {
	a := arguments(t, label, 3)
	days, err := strconv.Atoi(a[2])
	if err != nil {
		t.Fatal(err)
	}
	due := ledger.MustDate("2026-03-31")
	b := book{
		Period: "2026-01-01..2026-12-31", Financing: a[1],
		Ledger: "document kind posted due amount settles\nA invoice 2026-03-01 " + due.String() + " " + a[0] + " -\n" +
			"R receipt " + (due + ledger.Date(days)).String() + " - -" + a[0] + " A\n",
	}
	sameFigure(t, nil, b.build(t), "company/financing_cost", want)
}

// sameMonthsToZero: margin, rate.
func sameMonthsToZero(t *testing.T, _ *part, _ *analysis.Pack, label string, want result) {
	a := arguments(t, label, 2)
	same(t, label, analysis.MonthsToZero(ratio(t, a[0]), ratio(t, a[1])), 0, want)
}

// sameExtraSales: loss, margin.
func sameExtraSales(t *testing.T, _ *part, _ *analysis.Pack, label string, want result) {
	a := arguments(t, label, 2)
	loss, err := strconv.Atoi(a[0])
	if err != nil {
		t.Fatal(err)
	}
	same(t, label, analysis.SalesNeeded(ledger.Minor(loss*100), ratio(t, a[1])), 2, want)
}

// sameBucketOfAges: every age from first to last has an invoice of its own in
// the bucket.
func sameBucketOfAges(t *testing.T, p *part, _ *analysis.Pack, label string, want result) {
	first, last, _ := strings.Cut(arguments(t, label, 1)[0], "..")
	from, err1 := strconv.Atoi(first)
	to, err2 := strconv.Atoi(last)
	if err1 != nil || err2 != nil || to < from {
		t.Fatalf("%s: want age/FIRST..LAST", label)
	}
	_, end, _ := strings.Cut(p.Book.Period, "..")
	lines := "document kind posted issued due amount\n"
	for age := from; age <= to; age++ {
		start := (date(t, end) - ledger.Date(age)).String()
		lines += "A" + strconv.Itoa(age) + " invoice 2020-01-01 " + start + " " + start + " 1.00\n"
	}
	b := *p.Book
	b.Ledger = lines
	pack := b.build(t)
	for _, item := range pack.Detail.Open {
		if got := pack.Buckets[item.Bucket].ID; got != want.text {
			t.Errorf("age %d stands in %s, by hand in %s", item.AgeDays, got, want.text)
		}
	}
	if n := len(pack.Detail.Open); n != to-from+1 {
		t.Errorf("%s: %d invoices are open, want %d", label, n, to-from+1)
	}
}

// sameBucketOfDates: the date an age counts from, and the as-of date.
func sameBucketOfDates(t *testing.T, p *part, _ *analysis.Pack, label string, want result) {
	a := arguments(t, label, 2)
	b := *p.Book
	b.Period = "2020-01-01.." + a[1]
	b.Ledger = "document kind posted issued due amount\nA invoice 2020-01-01 " + a[0] + " " + a[0] + " 1.00\n"
	pack := b.build(t)
	if got := pack.Buckets[pack.Detail.Open[0].Bucket].ID; got != want.text {
		t.Errorf("%s stands in %s, by hand in %s", label, got, want.text)
	}
}
