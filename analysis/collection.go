package analysis

import (
	"math/big"

	"duepack/analysis/ledger"
)

// PeriodDays returns the number of days of a period, both ends inside.
func PeriodDays(from, to ledger.Date) int64 { return int64(to-from) + 1 }

// PeriodMonths returns N, the number of months of a period that its sales are
// averaged over, exactly (rules §6 cei): a calendar month that the period
// covers in part counts by its days. It is 1 for anything shorter than a month:
// the sales of a few days are what they are, and a whole month of them was
// never there to be collected.
func PeriodMonths(from, to ledger.Date) *big.Rat {
	sum := new(big.Rat)
	for m := from.Month(); m <= to.Month(); m++ {
		covered := min(to, m.End()) - max(from, m.Start()) + 1
		sum.Add(sum, big.NewRat(int64(covered), int64(m.Days())))
	}
	if one := big.NewRat(1, 1); sum.Cmp(one) < 0 {
		return one
	}
	return sum
}

// countBack returns days sales outstanding by exhaustion (rules §6, CRF):
// calendar months are taken back from the as-of date, the first one up to it,
// until the balance is used up; of the month that is more than what is left,
// only that share of its days counts. A month with net sales of zero or less
// adds its days and subtracts nothing.
//
// months are the sales by calendar month, first being the index of the first
// month with a sale; the last of them is the as-of date's month, of which
// lastDays are counted. lastMonth is that month. The value is absent where the
// balance is not positive or the sales run out first.
func countBack(balance ledger.Minor, months []ledger.Minor, first int, lastMonth ledger.Month, lastDays int) Value {
	if balance <= 0 {
		return absent(Days, NoBalance)
	}
	rest, days := balance, int64(0)
	for back := 0; ; back++ {
		if rest == 0 {
			return Value{Unit: Days, Ratio: new(big.Rat).SetInt64(days)}
		}
		at := len(months) - 1 - back
		if at < first {
			return absent(Days, SalesRunOut)
		}
		monthDays := int64(lastDays)
		if back > 0 {
			monthDays = int64((lastMonth - ledger.Month(back)).Days())
		}
		sales := months[at]
		if sales > rest {
			whole := new(big.Int).Mul(big.NewInt(days), big.NewInt(int64(sales)))
			whole.Add(whole, new(big.Int).Mul(big.NewInt(int64(rest)), big.NewInt(monthDays)))
			return wholeQuotient(Days, whole, big.NewInt(int64(sales)), SalesRunOut)
		}
		days += monthDays
		if sales > 0 {
			rest -= sales
		}
	}
}
