package ledger_test

import (
	"fmt"
	"math"
	"strconv"
	"testing"
	"time"

	"duepack/analysis/ledger"
)

func TestDateRoundTripsThroughEveryDayOfFourCenturies(t *testing.T) {
	at := time.Date(1800, 1, 1, 0, 0, 0, 0, time.UTC)
	for d := ledger.MustDate("1800-01-01"); d <= ledger.MustDate("2200-12-31"); d++ {
		if got, want := d.String(), at.Format(time.DateOnly); got != want {
			t.Fatalf("day %d is %s, want %s", d, got, want)
		}
		if y, m, day := at.Date(); ledger.DateOf(at) != d || d.Unix() != int(at.Unix()/86400) {
			t.Fatalf("%d-%d-%d does not convert back", y, m, day)
		}
		at = at.AddDate(0, 0, 1)
	}
}

func TestParseDateRefusesWhatIsNoDay(t *testing.T) {
	for _, s := range []string{"", "2026-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "2026/01/01", "2026-01-32", "0000-01-01", "２０２６-01-01"} {
		if d, err := ledger.ParseDate(s); err == nil {
			t.Errorf("%q was read as %s", s, d)
		}
	}
}

func TestAddMonthsClampsToTheLastDay(t *testing.T) {
	for _, c := range []struct {
		from   string
		months int
		want   string
	}{
		{"2024-01-31", 1, "2024-02-29"}, {"2026-01-31", 1, "2026-02-28"}, {"2024-02-29", 12, "2025-02-28"},
		{"2024-02-29", 48, "2028-02-29"}, {"2026-03-31", -1, "2026-02-28"}, {"2026-12-15", 1, "2027-01-15"},
	} {
		if got := ledger.MustDate(c.from).AddMonths(c.months).String(); got != c.want {
			t.Errorf("%s + %d months = %s, want %s", c.from, c.months, got, c.want)
		}
	}
}

func TestMonthKnowsItsDays(t *testing.T) {
	m := ledger.MustDate("2024-02-10").Month()
	if m.Days() != 29 || m.Start().String() != "2024-02-01" || m.End().String() != "2024-02-29" || m.String() != "2024-02" {
		t.Errorf("February 2024: %d days, %s..%s, %s", m.Days(), m.Start(), m.End(), m)
	}
}

// Whole numbers are written as strconv writes them, whatever their number of
// digits, and cents behind a point.
func TestWholeNumbersHaveAllTheirDigits(t *testing.T) {
	check := func(n int64) {
		if got, want := ledger.Minor(n).Decimal(0), strconv.FormatInt(n, 10); got != want {
			t.Errorf("%d is written %s", n, got)
		}
		if got, want := ledger.Minor(n).Decimal(2), fmt.Sprintf("%d.%02d", n/100, max(n%100, -(n%100))); n/100 != 0 && got != want {
			t.Errorf("%d cents are written %s, want %s", n, got, want)
		}
	}
	for power := int64(1); power < math.MaxInt64/10; power *= 10 {
		for _, n := range []int64{power - 1, power, power + 1, 2*power + 3, 9*power - 1, -power, 1 - power} {
			check(n)
		}
	}
	check(math.MaxInt64)
	check(math.MinInt64)
	for n := range int64(20_000) {
		check(n)
	}
}

func TestDecimalWritesTheExponentOfTheCurrency(t *testing.T) {
	for _, c := range []struct {
		minor    ledger.Minor
		exponent int
		want     string
	}{
		{-1250, 2, "-12.50"}, {5, 2, "0.05"}, {0, 2, "0.00"}, {12, 0, "12"}, {1250, 3, "1.250"}, {-7, 3, "-0.007"},
		{math.MaxInt64, 2, "92233720368547758.07"}, {100, 2, "1.00"}, {-100000, 4, "-10.0000"},
	} {
		if got := c.minor.Decimal(c.exponent); got != c.want {
			t.Errorf("%d with %d decimals = %s, want %s", c.minor, c.exponent, got, c.want)
		}
	}
}

// Rules §1: half away from zero, and no wrap.
func TestMulDivRoundsHalfAwayFromZero(t *testing.T) {
	for _, c := range []struct {
		a        ledger.Minor
		num, den int64
		want     ledger.Minor
		ok       bool
	}{
		{5, 1, 2, 3, true}, {-5, 1, 2, -3, true}, {4, 1, 3, 1, true}, {5, 1, 3, 2, true}, {5, -1, 2, -3, true},
		{math.MaxInt64, math.MaxInt64, math.MaxInt64, math.MaxInt64, true}, {math.MaxInt64, 2, 1, 0, false}, {1, 1, 0, 0, false},
		{10_000_000 * 45, 7, 100 * 365, 86301, true},
	} {
		got, ok := c.a.MulDiv(c.num, c.den)
		if got != c.want || ok != c.ok {
			t.Errorf("%d × %d ÷ %d = %d, %t; want %d, %t", c.a, c.num, c.den, got, ok, c.want, c.ok)
		}
	}
}

func TestAddReportsOverflow(t *testing.T) {
	if _, ok := ledger.Minor(math.MaxInt64).Add(1); ok {
		t.Error("the largest amount plus one did not overflow")
	}
	if _, ok := ledger.Minor(math.MinInt64).Add(-1); ok {
		t.Error("the smallest amount minus one did not overflow")
	}
	for _, c := range [][3]ledger.Minor{{1, 2, 3}, {5, 0, 5}, {-5, 0, -5}, {-5, 5, 0}, {math.MaxInt64, math.MinInt64, -1}} {
		if sum, ok := c[0].Add(c[1]); !ok || sum != c[2] {
			t.Errorf("%d + %d = %d, %t", c[0], c[1], sum, ok)
		}
	}
}

func TestExponentFollowsISO4217(t *testing.T) {
	for code, want := range map[string]int{"CNY": 2, "JPY": 0, "KWD": 3, "USD": 2, "CLF": 4, "ZWG": 2, "AED": 2, "BHD": 3, "XOF": 0} {
		if got, ok := ledger.Exponent(code); !ok || got != want {
			t.Errorf("%s has %d decimals (%t), want %d", code, got, ok, want)
		}
	}
	for _, code := range []string{"", "RMB", "usd", "ABC", "US", "EURO"} {
		if _, ok := ledger.Exponent(code); ok {
			t.Errorf("%q passes for a currency", code)
		}
	}
}

func TestParseRatioIsExact(t *testing.T) {
	for text, want := range map[string]ledger.Ratio{
		"6%": {Num: 3, Den: 50}, "0.06": {Num: 3, Den: 50}, "6.25 %": {Num: 1, Den: 16}, "-3%": {Num: -3, Den: 100},
		"0": {Num: 0, Den: 1}, "7.1234": {Num: 35617, Den: 5000}, "5‰": {Num: 1, Den: 200}, "６%": {}, "": {}, "6%%": {}, "1e3": {}, ".": {}, "-": {},
	} {
		got, err := ledger.ParseRatio(text)
		if got != want || (err == nil) != want.Given() {
			t.Errorf("%q = %+v, %v; want %+v", text, got, err, want)
		}
	}
}

// Rules §2: net N = issued + N; eom N = end of the issued month + N; cod and
// prepaid = issued.
func TestTermsGiveTheDueDate(t *testing.T) {
	for _, c := range []struct{ terms, issued, want string }{
		{"net 30", "2026-01-15", "2026-02-14"}, {"Net30", "2024-02-01", "2024-03-02"}, {"30 days", "2026-01-01", "2026-01-31"},
		{"eom", "2026-02-03", "2026-02-28"}, {"EOM 30", "2026-01-15", "2026-03-02"}, {"月结30天", "2026-01-15", "2026-03-02"},
		{"月结", "2024-02-10", "2024-02-29"}, {"eom 30 day 10", "2026-01-15", "2026-03-10"}, {"eom 0 day 10", "2026-01-15", "2026-02-10"},
		{"cod", "2026-01-15", "2026-01-15"}, {"款到发货", "2026-01-15", "2026-01-15"}, {"60天", "2026-01-01", "2026-03-02"},
	} {
		terms, err := ledger.ParseTerms(c.terms)
		if err != nil {
			t.Errorf("%q: %v", c.terms, err)
			continue
		}
		if got := terms.Due(ledger.MustDate(c.issued)).String(); got != c.want {
			t.Errorf("%q from %s is due %s, want %s", c.terms, c.issued, got, c.want)
		}
		if again, err := ledger.ParseTerms(terms.String()); err != nil || again != terms {
			t.Errorf("%q does not read its own %q", c.terms, terms)
		}
	}
	for _, bad := range []string{"soon", "net -5", "net 99999", "eom 30 day 40", "net"} {
		if terms, err := ledger.ParseTerms(bad); err == nil {
			t.Errorf("%q was read as %s", bad, terms)
		}
	}
}
