package render_test

import (
	"math"
	"math/big"
	"testing"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/render"

	"pgregory.net/rapid"
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

func TestAmountsInSentencesHaveTheUnitsOfTheLanguage(t *testing.T) {
	en, zh := words(t, "en"), words(t, "zh-CN")
	cny, jpy, kwd := ledger.Currency{Code: "CNY", Exponent: 2}, ledger.Currency{Code: "JPY"}, ledger.Currency{Code: "KWD", Exponent: 3}
	for _, c := range []struct {
		minor   ledger.Minor
		cur     ledger.Currency
		english string
		chinese string
	}{
		{0, cny, "CNY 0", "0元"}, {1, cny, "CNY 0.01", "0.01元"}, {850_25, cny, "CNY 850.25", "850.25元"}, {850_00, cny, "CNY 850", "850元"},
		{999_99, cny, "CNY 999.99", "999.99元"}, {1_000_00, cny, "CNY 1,000", "1,000元"}, {8_543_50, cny, "CNY 8,544", "8,544元"}, {9_999_99, cny, "CNY 10,000", "10,000元"},
		{10_000_00, cny, "CNY 10k", "1万元"}, {12_345_00, cny, "CNY 12.3k", "1.23万元"}, {12_350_00, cny, "CNY 12.4k", "1.24万元"},
		{431_499_99, cny, "CNY 431k", "43.1万元"}, {431_500_00, cny, "CNY 432k", "43.2万元"}, {999_499_99, cny, "CNY 999k", "99.9万元"}, {999_500_00, cny, "CNY 1m", "100万元"},
		{31_800_000_00, cny, "CNY 31.8m", "3,180万元"}, {99_999_600_00, cny, "CNY 100m", "1亿元"}, {123_456_789_00, cny, "CNY 123m", "1.23亿元"}, {1_140_000_00, cny, "CNY 1.14m", "114万元"},
		{2_500_000_000_00, cny, "CNY 2.5bn", "25亿元"}, {-31_800_000_00, cny, "CNY (31.8m)", "−3,180万元"}, {-50, cny, "CNY (0.50)", "−0.50元"},
		{31_800_000, jpy, "JPY 31.8m", "3,180万日元"}, {12_345_678, kwd, "KWD 12.3k", "1.23万科威特第纳尔"}, {31_800_000_00, ledger.Currency{Code: "XAF", Exponent: 2}, "XAF 31.8m", "XAF 3,180万"},
	} {
		if got := en.ShortMoney(c.minor, c.cur); got != c.english {
			t.Errorf("%d %s: %q, want %q", c.minor, c.cur.Code, got, c.english)
		}
		if got := zh.ShortMoney(c.minor, c.cur); got != c.chinese {
			t.Errorf("%d %s: %q, want %q", c.minor, c.cur.Code, got, c.chinese)
		}
	}
}

func TestDatesInSentencesAreWrittenOut(t *testing.T) {
	en, zh := words(t, "en"), words(t, "zh-CN")
	day, month := ledger.MustDate("2026-10-31"), ledger.MustDate("2026-10-31").Month()
	for got, want := range map[string]string{
		en.Date(day): "31 October 2026", zh.Date(day): "2026年10月31日",
		en.Month(month, month): "October", zh.Month(month, month): "10月",
		en.Month(month-11, month): "November", en.Month(month-12, month): "October 2025", zh.Month(month-12, month): "2025年10月", en.Month(month+1, month): "November 2026",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Rules §1: rounded once, half away from zero.
func TestRoundedAmountsAreWholeUnits(t *testing.T) {
	w, err := render.New("en")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		minor    ledger.Minor
		exponent int
		units    int64
		want     string
	}{
		{1_234_567_49, 2, 1, "1,234,567"}, {1_234_567_50, 2, 1, "1,234,568"}, {-50, 2, 1, "(1)"}, {-49, 2, 1, "0"},
		{1_234_567_80, 2, 1000, "1,235"}, {499_99, 2, 1000, "0"}, {-500_00, 2, 1000, "(1)"},
		{1_234_500, 3, 1, "1,235"}, {1_234, 0, 1, "1,234"},
	} {
		if got := w.Rounded(analysis.Value{Unit: analysis.Money, Minor: c.minor}, ledger.Currency{Code: "CNY", Exponent: c.exponent}, c.units); got != c.want {
			t.Errorf("%d with exponent %d in %d: %s, want %s", c.minor, c.exponent, c.units, got, c.want)
		}
	}
	if got := w.Rounded(analysis.Value{Unit: analysis.Share, Ratio: big.NewRat(1, 3)}, ledger.Currency{}, 1000); got != "33.3%" {
		t.Errorf("a share is %s", got)
	}
}

// Whatever its size, a ratio is rounded as math/big rounds, halves away from
// zero, and a zero has no sign.
func TestRatiosOfAnySizeAreRoundedAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		num, den := rapid.OneOf(rapid.Int64(), rapid.Int64Range(-30_000, 30_000)), rapid.OneOf(rapid.Int64Range(1, math.MaxInt64), rapid.Int64Range(1, 40_000))
		r := big.NewRat(num.Draw(t, "num"), den.Draw(t, "den"))
		if rapid.Bool().Draw(t, "more than a machine word") {
			r.Mul(r, big.NewRat(num.Draw(t, "num more"), den.Draw(t, "den more")))
		}
		want := r.FloatString(4)
		if want == "-0.0000" {
			want = "0.0000"
		}
		if got := *render.Plain(analysis.Value{Unit: analysis.Share, Ratio: r}, cny); got != want {
			t.Errorf("%v is %s, want %s", r, got, want)
		}
	})
}
