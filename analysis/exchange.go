package analysis

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"

	"duepack/analysis/ledger"
)

// DataError is a fault of the input that only shows when figures are computed:
// a rate of exchange that is missing, an amount out of range.
type DataError struct {
	Code    string // no-rate, out-of-range
	Place   string // file!sheet!row, or "" where no row is meant
	Message string
	Hint    string
}

// Error writes place, code, what was found and what to do, as contract.md has it.
func (e *DataError) Error() string {
	var b strings.Builder
	if e.Place != "" {
		b.WriteString(e.Place + ": ")
	}
	fmt.Fprintf(&b, "error %s: %s", e.Code, e.Message)
	if e.Hint != "" {
		b.WriteString(" (" + e.Hint + ")")
	}
	return b.String()
}

// DataErrors are all faults that Build found, one per currency and date.
type DataErrors []*DataError

// Error joins the faults, one per line.
func (es DataErrors) Error() string {
	lines := make([]string, len(es))
	for i, e := range es {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.As find a DataError.
func (es DataErrors) Unwrap() []error {
	errs := make([]error, len(es))
	for i, e := range es {
		errs[i] = e
	}
	return errs
}

// exchange converts amounts to the book's currency (rules §5).
type exchange struct {
	base       uint8
	currencies []ledger.Currency
	rates      [][]ledger.FxRate // by currency, ascending by date
}

func newExchange(l *ledger.Ledger) *exchange {
	x := &exchange{base: l.Base, currencies: l.Currencies, rates: make([][]ledger.FxRate, len(l.Currencies))}
	for _, r := range l.Rates {
		x.rates[r.Currency] = append(x.rates[r.Currency], r)
	}
	for _, list := range x.rates {
		slices.SortStableFunc(list, func(a, b ledger.FxRate) int { return cmp.Compare(a.Date, b.Date) })
	}
	return x
}

// at returns the last rate on or before a date; false where there is none.
func (x *exchange) at(currency uint8, date ledger.Date) (ledger.Ratio, bool) {
	s := x.span(currency, date)
	return s.rate, s.ok
}

// span returns the rate that at returns and the days around the date on which
// it is the same.
func (x *exchange) span(currency uint8, date ledger.Date) rateSpan {
	s := rateSpan{from: math.MinInt32, to: math.MaxInt32}
	if currency == x.base {
		s.rate, s.ok = ledger.Ratio{Num: 1, Den: 1}, true
		return s
	}
	list := x.rates[currency]
	n, _ := slices.BinarySearchFunc(list, date+1, func(r ledger.FxRate, d ledger.Date) int { return cmp.Compare(r.Date, d) })
	if n < len(list) {
		s.to = list[n].Date
	}
	if n > 0 {
		s.from, s.rate, s.ok = list[n-1].Date, list[n-1].Rate, true
	}
	return s
}

// convert multiplies by a rate and rounds half away from zero to the minor
// unit of the book's currency. It reports false where the result is out of range.
func (x *exchange) convert(m ledger.Minor, currency uint8, rate ledger.Ratio) (ledger.Minor, bool) {
	if currency == x.base || m == 0 {
		return m, true
	}
	num, den := rate.Num, rate.Den
	shift := x.currencies[x.base].Exponent - x.currencies[currency].Exponent
	for ; shift > 0 && num < 1<<59; shift-- {
		num *= 10
	}
	for ; shift < 0 && den < 1<<59; shift++ {
		den *= 10
	}
	if shift == 0 {
		return m.MulDiv(num, den)
	}
	exact := new(big.Rat).Mul(rat(m), big.NewRat(num, den))
	ten := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(shift, -shift))), nil))
	if shift > 0 {
		return roundHalfAway(exact.Mul(exact, ten))
	}
	return roundHalfAway(exact.Quo(exact, ten))
}
