package render

import (
	"math/big"
	"strconv"
	"strings"

	"duepack/analysis"
	"duepack/analysis/ledger"
)

// This file is the only place where a number becomes text.

// plainDecimals are the decimals of ratios in pack.json, pageDecimals those on
// pages, by unit.
var (
	plainDecimals = map[analysis.Unit]int{analysis.Share: 4, analysis.Percent: 2, analysis.Days: 1, analysis.Times: 4, analysis.Months: 1}
	pageDecimals  = map[analysis.Unit]int{analysis.Share: 1, analysis.Percent: 1, analysis.Days: 1, analysis.Times: 2, analysis.Months: 1}
)

// Plain returns a value as pack.json writes it: money as a decimal with the
// currency's exponent, shares and multiples with 4 decimals, percentages with
// 2, days with 1, counts as whole numbers. An absent value is nil.
func Plain(v analysis.Value, cur ledger.Currency) *string {
	if v.IsAbsent() {
		return nil
	}
	text := string(AppendPlain(nil, v, cur))
	return &text
}

// AppendPlain appends what Plain returns of a value that is not absent.
func AppendPlain(dst []byte, v analysis.Value, cur ledger.Currency) []byte {
	switch v.Unit {
	case analysis.Money:
		return v.Minor.AppendDecimal(dst, cur.Exponent)
	case analysis.Count:
		return v.Minor.AppendDecimal(dst, 0)
	}
	return appendRounded(dst, v.Ratio, plainDecimals[v.Unit])
}

var powersOfTen = [...]int64{1, 10, 100, 1_000, 10_000}

// round writes a fraction with a number of decimals, rounded half away from
// zero (rules §1). A negative that rounds to zero loses its sign.
func round(r *big.Rat, decimals int) string { return string(appendRounded(nil, r, decimals)) }

// appendRounded appends what round returns.
func appendRounded(dst []byte, r *big.Rat, decimals int) []byte {
	// Nearly all fit machine words, in which this takes a tenth of the time.
	if num, den := r.Num(), r.Denom(); num.IsInt64() && den.IsInt64() && decimals < len(powersOfTen) {
		if scaled, fits := ledger.Minor(num.Int64()).MulDiv(powersOfTen[decimals], den.Int64()); fits {
			return scaled.AppendDecimal(dst, decimals)
		}
	}
	text := r.FloatString(decimals) // documented to round halves away from zero
	if magnitude, negative := strings.CutPrefix(text, "-"); negative && strings.Trim(magnitude, "0.") == "" {
		text = magnitude
	}
	return append(dst, text...)
}

// Value returns a value as pages show it: digits in groups of three, negatives
// as the language writes them, shares as per cent, an en dash where the value
// is absent. Money and days are without their unit, for columns whose head
// says it.
func (w *Words) Value(v analysis.Value, cur ledger.Currency) string {
	if v.IsAbsent() {
		return w.Text("number.absent")
	}
	switch v.Unit {
	case analysis.Money:
		return w.signed(v.Minor.Decimal(cur.Exponent), "number.negative_money")
	case analysis.Count:
		return w.signed(v.Minor.Decimal(0), "number.negative")
	case analysis.Share:
		return w.signed(round(new(big.Rat).Mul(v.Ratio, big.NewRat(100, 1)), pageDecimals[v.Unit]), "number.negative") + "%"
	case analysis.Percent:
		return w.signed(round(v.Ratio, pageDecimals[v.Unit]), "number.negative") + "%"
	}
	return w.signed(round(v.Ratio, pageDecimals[v.Unit]), "number.negative")
}

// Full returns what Value returns with the unit, for tiles and sentences:
// "CNY 1,234.50", "45.0 days".
func (w *Words) Full(v analysis.Value, cur ledger.Currency) string {
	text := w.Value(v, cur)
	if v.IsAbsent() {
		return text
	}
	switch v.Unit {
	case analysis.Money:
		return w.Text("unit.money", text, cur.Code)
	case analysis.Days:
		return w.Text("unit.days", text)
	case analysis.Times:
		return w.Text("unit.times", text)
	}
	return text
}

// Unit returns the unit that Full adds to a value, for headings beside it: the
// currency code, "days", or "" where the number says it itself.
func (w *Words) Unit(v analysis.Value, cur ledger.Currency) string {
	switch v.Unit {
	case analysis.Money:
		return cur.Code
	case analysis.Days:
		return strings.TrimSpace(w.Text("unit.days", ""))
	case analysis.Times:
		return strings.TrimSpace(w.Text("unit.times", ""))
	}
	return ""
}

// Amount returns an amount of money as pages show it, without its currency.
func (w *Words) Amount(m ledger.Minor, cur ledger.Currency) string {
	return w.Value(analysis.Value{Unit: analysis.Money, Minor: m}, cur)
}

// Count returns a whole number as pages show it.
func (w *Words) Count(n int) string {
	return w.Value(analysis.Value{Unit: analysis.Count, Minor: ledger.Minor(n)}, ledger.Currency{})
}

// Rate returns a rate that was given, exactly and as short as can be up to 4
// decimals of a per cent: "6%", "6.25%". A rate not given is an en dash.
func (w *Words) Rate(r ledger.Ratio) string {
	if !r.Given() {
		return w.Text("number.absent")
	}
	text := round(new(big.Rat).Mul(r.Rat(), big.NewRat(100, 1)), 4)
	return w.signed(strings.TrimSuffix(strings.TrimRight(text, "0"), "."), "number.negative") + "%"
}

// Spoken returns a value as sentences have it: amounts rounded by ShortMoney,
// counts up to ten in words where the language writes them so, multiples bare.
func (w *Words) Spoken(v analysis.Value, cur ledger.Currency) string {
	switch {
	case v.IsAbsent():
		return w.Value(v, cur)
	case v.Unit == analysis.Money:
		return w.ShortMoney(v.Minor, cur)
	case v.Unit == analysis.Count && v.Minor > 0 && int(v.Minor) <= len(w.numbers):
		return w.numbers[v.Minor-1]
	case v.Unit == analysis.Days:
		return w.Text("short.days", w.Value(v, cur))
	}
	return w.Value(v, cur)
}

// Amounts in sentences are whole below shortFrom and exact below exactBelow.
const (
	shortFrom  = 10_000
	exactBelow = 1_000
)

// ShortMoney returns an amount as sentences have it, with its unit: "CNY 31.8m",
// "3,180万元". It is rounded once, half away from zero, to at least three digits;
// small amounts are whole, or exact.
func (w *Words) ShortMoney(m ledger.Minor, cur ledger.Currency) string {
	whole := new(big.Rat).SetFrac(big.NewInt(int64(m)), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(cur.Exponent)), nil))
	number := w.shortNumber(whole.Abs(whole), cur)
	if m < 0 {
		number = w.Text("number.negative_money", number)
	}
	name, ok := w.texts["currency."+cur.Code]
	if !ok {
		return w.Text("unit.money", number, cur.Code)
	}
	return w.Text("unit.short_money", number, name)
}

// shortNumber writes an amount not below zero in the largest unit it fills.
func (w *Words) shortNumber(amount *big.Rat, cur ledger.Currency) string {
	below := func(n int64) bool { return amount.Cmp(new(big.Rat).SetInt64(n)) < 0 }
	switch {
	case below(exactBelow):
		return strings.TrimSuffix(round(amount, cur.Exponent), "."+strings.Repeat("0", cur.Exponent))
	case below(shortFrom):
		return group(round(amount, 0))
	}
	for i := range w.scales {
		last := i == len(w.scales)-1
		scaled := new(big.Rat).Quo(amount, new(big.Rat).SetInt64(w.scales[i]))
		text := threeDigits(scaled)
		rounded, _ := new(big.Rat).SetString(text)
		if last || rounded.Mul(rounded, new(big.Rat).SetInt64(w.scales[i])).Cmp(new(big.Rat).SetInt64(w.scales[i+1])) < 0 {
			return w.Text("short."+string(rune('1'+i)), group(text))
		}
	}
	return group(round(amount, 0))
}

// threeDigits rounds a number to a whole one, or to as many decimals as give it
// three digits, without zeros at the end.
func threeDigits(r *big.Rat) string {
	decimals := 0
	for limit := int64(100); decimals < 2 && r.Cmp(new(big.Rat).SetInt64(limit)) < 0; limit /= 10 {
		decimals++
	}
	text := round(r, decimals)
	if decimals > 0 {
		text = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	}
	return text
}

// Date returns a date as sentences have it: "31 October 2026", "2026年10月31日".
func (w *Words) Date(d ledger.Date) string {
	year, month, day := d.Civil()
	return w.Text("date.day", strconv.Itoa(day), w.months[month-1], strconv.Itoa(year))
}

// Month returns a month as sentences have it, without its year where it is one
// of the last twelve up to another: "October", "October 2024".
func (w *Words) Month(m, upTo ledger.Month) string {
	year, month, _ := m.Start().Civil()
	if m <= upTo && m > upTo-12 {
		return w.Text("date.month", w.months[month-1])
	}
	return w.Text("date.month_year", w.months[month-1], strconv.Itoa(year))
}

// Scale returns the divisor for amounts up to a largest one, so that an axis
// has short numbers, and the unit to state beside it: 1000000, "CNY million".
// The divisor is in whole units of the currency and 1 for small amounts.
func (w *Words) Scale(largest ledger.Minor, cur ledger.Currency) (divisor int64, unit string) {
	divisor, unit = 1, cur.Code
	whole := new(big.Rat).SetFrac(big.NewInt(int64(largest)), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(cur.Exponent)), nil))
	whole.Abs(whole)
	for i, scale := range w.scales {
		if whole.Cmp(new(big.Rat).SetInt64(scale)) >= 0 {
			divisor, unit = scale, w.Text("scale."+string(rune('1'+i)), cur.Code)
		}
	}
	return divisor, unit
}

// Scaled returns a value in the unit of an axis that Scale chose, short enough
// for a label on a chart: one decimal of thousands or millions, a whole number
// below, and every other unit as Value writes it.
func (w *Words) Scaled(v analysis.Value, cur ledger.Currency, divisor int64) string {
	if v.IsAbsent() || v.Unit != analysis.Money {
		return w.Value(v, cur)
	}
	minorPerUnit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(cur.Exponent)), nil)
	scaled := new(big.Rat).SetFrac(big.NewInt(int64(v.Minor)), minorPerUnit.Mul(minorPerUnit, big.NewInt(divisor)))
	decimals := 0
	if divisor > 1 {
		decimals = 1
	}
	return w.signed(round(scaled, decimals), "number.negative")
}

// signed groups the digits of a decimal and writes its sign as the language
// does.
func (w *Words) signed(decimal, negativeKey string) string {
	if magnitude, negative := strings.CutPrefix(decimal, "-"); negative {
		return w.Text(negativeKey, group(magnitude))
	}
	return group(decimal)
}

// group puts a comma between groups of three digits of the whole part.
func group(decimal string) string {
	whole, fraction, hasFraction := strings.Cut(decimal, ".")
	var b strings.Builder
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(digit)
	}
	if hasFraction {
		b.WriteByte('.')
		b.WriteString(fraction)
	}
	return b.String()
}

// Rounded returns what Value returns with an amount in units of so many whole
// units of its currency, rounded half away from zero to a whole number, for
// readers who want its size: 1 and 1000 of 1,234,567.80 are 1,234,568 and 1,235.
func (w *Words) Rounded(v analysis.Value, cur ledger.Currency, units int64) string {
	if v.Unit != analysis.Money || v.IsAbsent() {
		return w.Value(v, cur)
	}
	minorPerUnit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(cur.Exponent)), nil)
	amount := new(big.Rat).SetFrac(big.NewInt(int64(v.Minor)), minorPerUnit.Mul(minorPerUnit, big.NewInt(units)))
	return w.signed(round(amount, 0), "number.negative_money")
}

// Thousands returns the smallest unit above one that the language counts money
// in, in whole units of the currency, and its name: 1000, "CNY thousand".
func (w *Words) Thousands(cur ledger.Currency) (units int64, name string) {
	return w.scales[0], w.Text("scale.1", cur.Code)
}
