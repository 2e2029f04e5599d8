package analysis

import (
	"math/big"

	"duepack/analysis/ledger"
)

// SalesNeeded returns loss ÷ net margin (rules §8, SEED): what must be sold on
// top to earn a loss back, rounded half away from zero to the minor unit. A
// loss of zero or less needs none. It is absent where the margin is zero or
// less, or the result out of range.
func SalesNeeded(loss ledger.Minor, margin ledger.Ratio) Value {
	switch {
	case loss <= 0:
		return money(0)
	case margin.Num <= 0:
		return absent(Money, MarginNotAbove0)
	}
	sales, ok := loss.MulDiv(margin.Den, margin.Num)
	if !ok {
		return absent(Money, MarginNotAbove0)
	}
	return money(sales)
}

// MonthsToZero returns net margin ÷ annual rate × 12 (rules §7, SEED): how
// many months of delay eat the whole profit. Absent where the rate is zero or
// not given.
func MonthsToZero(margin, rate ledger.Ratio) Value {
	if !margin.Given() || rate.Num == 0 {
		return absent(Times, ZeroDenominator)
	}
	months := new(big.Rat).Quo(margin.Rat(), rate.Rat())
	return Value{Unit: Times, Ratio: months.Mul(months, big.NewRat(12, 1))}
}
