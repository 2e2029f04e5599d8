package render_test

import (
	"math/big"
	"testing"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/render"
)

var (
	cny = ledger.Currency{Code: "CNY", Exponent: 2}
	jpy = ledger.Currency{Code: "JPY", Exponent: 0}
	kwd = ledger.Currency{Code: "KWD", Exponent: 3}
)

func money(m ledger.Minor) analysis.Value { return analysis.Value{Unit: analysis.Money, Minor: m} }

func ratio(unit analysis.Unit, num, den int64) analysis.Value {
	return analysis.Value{Unit: unit, Ratio: big.NewRat(num, den)}
}

// Contract, pack.json: money with its exponent, ratios with 4 decimals, cei with
// 2, days with 1, absent as null. Halves go away from zero (rules §1).
func TestPlainNumbersOfTheContract(t *testing.T) {
	cases := []struct {
		value analysis.Value
		cur   ledger.Currency
		want  string
	}{
		{money(-1250), cny, "-12.50"},
		{money(12), jpy, "12"},
		{money(-5), kwd, "-0.005"},
		{ratio(analysis.Share, 1234, 10000), cny, "0.1234"},
		{ratio(analysis.Share, 12345, 100000), cny, "0.1235"},
		{ratio(analysis.Share, -12345, 100000), cny, "-0.1235"},
		{ratio(analysis.Share, 2, 3), cny, "0.6667"},
		{ratio(analysis.Share, -1, 100000), cny, "0.0000"},
		{ratio(analysis.Percent, 55932, 1000), cny, "55.93"},
		{ratio(analysis.Days, 45, 1), cny, "45.0"},
		{ratio(analysis.Days, -1, 20), cny, "-0.1"},
		{ratio(analysis.Times, 1, 3), cny, "0.3333"},
		{analysis.Value{Unit: analysis.Count, Minor: 12}, cny, "12"},
	}
	for _, c := range cases {
		if got := render.Plain(c.value, c.cur); got == nil || *got != c.want {
			t.Errorf("%+v: %v, want %s", c.value, got, c.want)
		}
	}
	if got := render.Plain(analysis.Value{Unit: analysis.Days, Absent: analysis.NoSales}, cny); got != nil {
		t.Errorf("absent: %s, want null", *got)
	}
}

func TestNumbersOnPages(t *testing.T) {
	cases := []struct {
		value       analysis.Value
		cur         ledger.Currency
		english, zh string
	}{
		{money(123456789), cny, "1,234,567.89", "1,234,567.89"},
		{money(-123456789), cny, "(1,234,567.89)", "−1,234,567.89"},
		{money(100000), jpy, "100,000", "100,000"},
		{money(999), kwd, "0.999", "0.999"},
		{money(0), cny, "0.00", "0.00"},
		{ratio(analysis.Share, 1235, 10000), cny, "12.4%", "12.4%"},
		{ratio(analysis.Share, -1, 4), cny, "−25.0%", "−25.0%"},
		{ratio(analysis.Days, -35, 10), cny, "−3.5", "−3.5"},
		{ratio(analysis.Times, 12345, 1000), cny, "12.35", "12.35"},
		{analysis.Value{Unit: analysis.Count, Minor: 1200}, cny, "1,200", "1,200"},
		{analysis.Value{Unit: analysis.Money, Absent: analysis.NoHistory}, cny, "–", "–"},
	}
	for _, c := range cases {
		if got := words(t, "en").Value(c.value, c.cur); got != c.english {
			t.Errorf("en: %+v: %s, want %s", c.value, got, c.english)
		}
		if got := words(t, "zh-CN").Value(c.value, c.cur); got != c.zh {
			t.Errorf("zh-CN: %+v: %s, want %s", c.value, got, c.zh)
		}
	}
}

func TestFullNumbersCarryTheirUnit(t *testing.T) {
	w := words(t, "en")
	for want, v := range map[string]analysis.Value{"CNY (1.00)": money(-100), "45.0 days": ratio(analysis.Days, 45, 1), "5.20 times": ratio(analysis.Times, 52, 10), "50.0%": ratio(analysis.Share, 1, 2)} {
		if got := w.Full(v, cny); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestRatesAreAsShortAsCanBe(t *testing.T) {
	w := words(t, "en")
	for want, r := range map[string]ledger.Ratio{"6%": {Num: 6, Den: 100}, "6.25%": {Num: 1, Den: 16}, "33.3333%": {Num: 1, Den: 3}, "0%": {Num: 0, Den: 1}, "–": {}} {
		if got := w.Rate(r); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestScaleIsStatedInTheLanguage(t *testing.T) {
	cases := []struct {
		lang    string
		largest ledger.Minor
		divisor int64
		unit    string
	}{
		{"en", 999_99, 1, "CNY"}, {"en", 1_000_00, 1000, "CNY thousand"}, {"en", -2_500_000_00, 1_000_000, "CNY million"},
		{"zh-CN", 9_999_99, 1, "CNY"}, {"zh-CN", 10_000_00, 10_000, "CNY 万"}, {"zh-CN", 250_000_000_00, 100_000_000, "CNY 亿"},
	}
	for _, c := range cases {
		divisor, unit := words(t, c.lang).Scale(c.largest, cny)
		if divisor != c.divisor || unit != c.unit {
			t.Errorf("%s %d: %d %q, want %d %q", c.lang, c.largest, divisor, unit, c.divisor, c.unit)
		}
	}
	if got := words(t, "en").Scaled(money(3_181_000_000), cny, 1_000_000); got != "31.8" {
		t.Errorf("scaled: %s, want 31.8", got)
	}
}
