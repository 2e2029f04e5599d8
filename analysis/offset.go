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
		return absent(Months, ZeroDenominator)
	}
	months := new(big.Rat).Quo(margin.Rat(), rate.Rat())
	return Value{Unit: Months, Ratio: months.Mul(months, big.NewRat(12, 1))}
}

// CourseMargins are the net margins of the course table on late payment, and
// CourseRates its annual rates (rules §7, SEED).
func CourseMargins() []ledger.Ratio { return percents(10, 8, 6, 4, 2) }

// CourseRates are the annual rates of the course table on late payment.
func CourseRates() []ledger.Ratio { return percents(5, 6, 8) }

// CourseLossMargins are the net margins of the course table on bad debt, and
// CourseLosses its losses in whole currency units (rules §8, SEED).
func CourseLossMargins() []ledger.Ratio { return percents(2, 3, 4, 5, 6) }

// CourseLosses are the losses of the course table on bad debt, in whole units
// of a currency.
func CourseLosses() []int64 { return []int64{500, 600, 700, 750, 800, 900, 1000, 1500, 2500} }

func percents(list ...int64) []ledger.Ratio {
	ratios := make([]ledger.Ratio, len(list))
	for i, n := range list {
		r := big.NewRat(n, 100)
		ratios[i] = ledger.Ratio{Num: r.Num().Int64(), Den: r.Denom().Int64()}
	}
	return ratios
}
