package analysis

import (
	"math/big"

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

// Reason says why a value is absent. It is a key of the wording; "" means the
// value is there.
type Reason string

// The reasons a figure can be absent.
const (
	Present          Reason = ""
	NoHistory        Reason = "no-history"         // a snapshot book has no movements (rules §3)
	NoSales          Reason = "no-sales"           // denominator: no sales in the period
	NothingToCollect Reason = "nothing-to-collect" // denominator: nothing opened, sold or fell due
	NoBalance        Reason = "no-balance"         // count-back: the balance is not positive
	SalesRunOut      Reason = "sales-run-out"      // count-back: the book begins too late
	NoReceipts       Reason = "no-receipts"        // nothing was applied in the period
	NoGrossMargin    Reason = "no-gross-margin"    // denominator: gross margin is zero
	MarginNotAbove0  Reason = "margin-not-above-0" // extra sales: a margin ≤ 0 earns no loss back
	NoLossRates      Reason = "no-loss-rates"      // no loss rate per bucket was given
	NoTarget         Reason = "no-target"          // no target of that kind in the period
	NoExpenses       Reason = "no-expenses"        // no expenses given in the period
	ZeroDenominator  Reason = "zero-denominator"   // any other division by zero
	NoMonthBefore    Reason = "no-month-before"    // change and trend: the history does not have the month
	NotOneMonth      Reason = "not-one-month"      // change: a period that is no calendar month does not compare with one
)

// Value is a figure's value, or the reason it is absent. Money and Count are
// in Minor; every other unit is the exact fraction in Ratio, which a renderer
// rounds once, half away from zero (rules §1).
type Value struct {
	Unit   Unit         `json:"unit"`
	Minor  ledger.Minor `json:"minor,omitempty"`
	Ratio  *big.Rat     `json:"ratio,omitempty"`
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
	return Value{Unit: unit, Ratio: new(big.Rat).Quo(num, den)}
}

func rat(m ledger.Minor) *big.Rat { return new(big.Rat).SetInt64(int64(m)) }
