package render

import (
	"math/big"
	"strings"

	"duepack/analysis"
	"duepack/analysis/ledger"
)

// This file is the only place where a number becomes text.

// plainDecimals are the decimals of ratios in pack.json, pageDecimals those on
// pages, by unit.
var (
	plainDecimals = map[analysis.Unit]int{analysis.Share: 4, analysis.Percent: 2, analysis.Days: 1, analysis.Times: 4}
	pageDecimals  = map[analysis.Unit]int{analysis.Share: 1, analysis.Percent: 1, analysis.Days: 1, analysis.Times: 2}
)

// Plain returns a value as pack.json writes it: money as a decimal with the
// currency's exponent, shares and multiples with 4 decimals, percentages with
// 2, days with 1, counts as whole numbers. An absent value is nil.
func Plain(v analysis.Value, cur ledger.Currency) *string {
	if v.IsAbsent() {
		return nil
	}
	text := ""
	switch v.Unit {
	case analysis.Money:
		text = v.Minor.Decimal(cur.Exponent)
	case analysis.Count:
		text = v.Minor.Decimal(0)
	default:
		text = round(v.Ratio, plainDecimals[v.Unit])
	}
	return &text
}

// round writes a fraction with a number of decimals, rounded half away from
// zero (rules §1). A negative that rounds to zero loses its sign.
func round(r *big.Rat, decimals int) string {
	text := r.FloatString(decimals) // documented to round halves away from zero
	if magnitude, negative := strings.CutPrefix(text, "-"); negative && strings.Trim(magnitude, "0.") == "" {
		return magnitude
	}
	return text
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
