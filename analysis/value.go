package analysis

import (
	"fmt"
	"math"
	"math/big"
	"slices"

	"duepack/analysis/ledger"
)

// Unit says what a value counts in, and so how every renderer writes it.
type Unit uint8

// The units of values.
const (
	Money   Unit = iota // minor units of the subject's currency
	Share               // a ratio where 1 is 100 %; pack.json writes 4 decimals
	Percent             // already × 100, as cei is defined; 2 decimals
	Days                // 1 decimal
	Times               // a ratio that is not a share, as turnover; 4 decimals
	Count               // a whole number
	Months              // 1 decimal
)

// Reason says why a value is absent: one byte, as a large book has many values.
// Its text is a key of the wording; that of Present, the zero value, is empty.
type Reason uint8

// The reasons a figure can be absent.
const (
	Present          Reason = iota
	NoHistory               // a snapshot book has no movements (rules §3)
	NoSales                 // denominator: no sales in the period
	NothingToCollect        // denominator: nothing opened, sold or fell due
	NoBalance               // count-back: the balance is not positive
	SalesRunOut             // count-back: the book begins too late
	NoReceipts              // nothing was applied in the period
	NoGrossMargin           // denominator: gross margin is zero
	MarginNotAbove0         // extra sales: a margin ≤ 0 earns no loss back
	NoLossRates             // no loss rate per bucket was given
	NoTarget                // no target of that kind in the period
	NoExpenses              // no expenses given in the period
	ZeroDenominator         // any other division by zero
	NoMonthBefore           // change and trend: the history does not have the month
	NotOneMonth             // change: a period that is no calendar month does not compare with one
	reasonCount
)

var reasonKeys = [reasonCount]string{
	Present:          "",
	NoHistory:        "no-history",
	NoSales:          "no-sales",
	NothingToCollect: "nothing-to-collect",
	NoBalance:        "no-balance",
	SalesRunOut:      "sales-run-out",
	NoReceipts:       "no-receipts",
	NoGrossMargin:    "no-gross-margin",
	MarginNotAbove0:  "margin-not-above-0",
	NoLossRates:      "no-loss-rates",
	NoTarget:         "no-target",
	NoExpenses:       "no-expenses",
	ZeroDenominator:  "zero-denominator",
	NoMonthBefore:    "no-month-before",
	NotOneMonth:      "not-one-month",
}

// String returns the key of the wording.
func (r Reason) String() string { return reasonKeys[r] }

// MarshalText writes what String returns.
func (r Reason) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (r *Reason) UnmarshalText(text []byte) error {
	i := slices.Index(reasonKeys[:], string(text))
	if i < 0 {
		return fmt.Errorf("%q is not a reason", text)
	}
	*r = Reason(i)
	return nil
}

// Value is a figure's value, or the reason it is absent. Money and Count are
// in Minor; every other unit is the exact fraction in Ratio, which a renderer
// rounds once, half away from zero (rules §1).
type Value struct {
	Minor  ledger.Minor `json:"minor,omitempty"`
	Ratio  *big.Rat     `json:"ratio,omitempty"`
	Unit   Unit         `json:"unit"`
	Absent Reason       `json:"absent,omitempty"`
}

// IsAbsent reports whether the value is not there.
func (v Value) IsAbsent() bool { return v.Absent != Present }

// money returns an amount as a value.
func money(m ledger.Minor) Value { return Value{Unit: Money, Minor: m} }

// absent returns a missing value of a unit with its reason.
func absent(unit Unit, why Reason) Value { return Value{Unit: unit, Absent: why} }

// quotient returns num ÷ den × times exactly; absent for the given reason
// where den is zero (rules §1: never 0, Inf or NaN).
func quotient(unit Unit, num, den *big.Rat, why Reason) Value {
	if den.Sign() == 0 {
		return absent(unit, why)
	}
	if num.IsInt() && den.IsInt() {
		return wholeQuotient(unit, num.Num(), den.Num(), why)
	}
	return Value{Unit: unit, Ratio: new(big.Rat).Quo(num, den)}
}

// wholeQuotient is quotient of whole numbers.
func wholeQuotient(unit Unit, num, den *big.Int, why Reason) Value {
	if den.Sign() == 0 {
		return absent(unit, why)
	}
	if num.IsInt64() && den.IsInt64() {
		if r := fraction(num.Int64(), den.Int64()); r != nil {
			return Value{Unit: unit, Ratio: r}
		}
	}
	return Value{Unit: unit, Ratio: new(big.Rat).SetFrac(num, den)}
}

// share is quotient of two amounts or counts.
func share(unit Unit, num, den ledger.Minor, why Reason) Value {
	if den != 0 {
		if r := fraction(int64(num), int64(den)); r != nil {
			return Value{Unit: unit, Ratio: r}
		}
	}
	return quotient(unit, rat(num), rat(den), why)
}

// fraction returns num ÷ den in lowest terms, as big.Rat would, but in a third
// of the time and memory; nil where the smallest int64 stands in the way.
func fraction(num, den int64) *big.Rat {
	if num == math.MinInt64 || den == math.MinInt64 {
		return nil
	}
	if den < 0 {
		num, den = -num, -den
	}
	a, b := max(num, -num), den
	for b != 0 {
		a, b = b, a%b
	}
	r := new(big.Rat).SetInt64(num / a)
	r.Denom().SetInt64(den / a)
	return r
}

func rat(m ledger.Minor) *big.Rat { return new(big.Rat).SetInt64(int64(m)) }
