package analysis

import (
	"math/big"

	"duepack/analysis/ledger"
)

// carry computes what open documents cost in financing over the period
// (rules §7): the cost is accrued as amount × days per annual rate, exactly,
// and rounded once at the document.
type carry struct {
	from, to ledger.Date // the period
	basis    DayBasis
	rates    []RateFrom // of the book, ascending
}

// accrual is the amount × days of one document by rate. Nearly every document
// lives under one rate, so the first needs no allocation.
type accrual struct {
	own      ledger.Ratio // the customer's own rate; not given: the book's list
	first    Stretch
	used     bool
	more     []Stretch
	overflow bool
}

// add accrues a constant open amount over the days since+1 … until, as far as
// they lie in the period: days after due are late, days from issued to due are
// the credit granted. Day t costs at the rate in force on day t.
func (c *carry) add(acc *accrual, d *document, since, until ledger.Date) {
	c.span(acc, d.open, max(since, c.from-1, d.due), min(until, c.to), true)
	c.span(acc, d.open, max(since, c.from-1, d.issued), min(until, c.to, d.due), false)
}

// span accrues the days a+1 … b.
func (c *carry) span(acc *accrual, open ledger.Minor, a, b ledger.Date, late bool) {
	if b <= a {
		return
	}
	if acc.own.Given() {
		acc.book(Stretch{Annual: acc.own, OwnRate: true}, open, c.days(a, b), late)
		return
	}
	for i, rate := range c.rates {
		start := a
		if i > 0 {
			start = max(a, rate.From-1)
		}
		end := b
		if i+1 < len(c.rates) {
			end = min(b, c.rates[i+1].From-1)
		}
		if end > start {
			acc.book(Stretch{Annual: rate.Rate, RateFrom: rate.From}, open, c.days(start, end), late)
		}
	}
}

// days counts the days from a to b by the day basis. 30/360 is the European
// method: every month has 30 days and a 31st counts as the 30th.
func (c *carry) days(a, b ledger.Date) int64 {
	if c.basis != E30360 {
		return int64(b - a)
	}
	number := func(d ledger.Date) int64 {
		y, m, day := d.Civil()
		return int64(y*360 + m*30 + min(day, 30))
	}
	return number(b) - number(a)
}

// yearDays returns the days of a year by the day basis.
func (b DayBasis) yearDays() int64 {
	if b == ACT365 {
		return 365
	}
	return 360
}

// book adds open × days to the stretch of a rate.
func (acc *accrual) book(s Stretch, open ledger.Minor, days int64, late bool) {
	product, ok := ledger.Minor(open).MulDiv(days, 1)
	at := acc.find(s)
	into := &at.TermsDays
	if late {
		into = &at.LateDays
	}
	sum, fits := ledger.Minor(*into).Add(product)
	if !ok || !fits {
		acc.overflow = true
		return
	}
	*into = int64(sum)
}

func (acc *accrual) find(s Stretch) *Stretch {
	same := func(x *Stretch) bool { return x.OwnRate == s.OwnRate && x.RateFrom == s.RateFrom }
	if !acc.used {
		acc.first, acc.used = s, true
	}
	if same(&acc.first) {
		return &acc.first
	}
	for i := range acc.more {
		if same(&acc.more[i]) {
			return &acc.more[i]
		}
	}
	acc.more = append(acc.more, s)
	return &acc.more[len(acc.more)-1]
}

// stretches returns what was accrued, in the order of first use.
func (acc *accrual) stretches() []Stretch {
	if !acc.used {
		return nil
	}
	return append([]Stretch{acc.first}, acc.more...)
}

// cost returns Σ amount × days × annual rate ÷ day basis, rounded half away
// from zero to the minor unit: the rounding at the document (rules §1, §7).
func (b DayBasis) cost(stretches []Stretch, late bool) (ledger.Minor, bool) {
	amountDays := func(s *Stretch) int64 {
		if late {
			return s.LateDays
		}
		return s.TermsDays
	}
	if len(stretches) == 1 {
		s := &stretches[0]
		return ledger.Minor(amountDays(s)).MulDiv(s.Annual.Num, s.Annual.Den*b.yearDays())
	}
	sum := new(big.Rat)
	for i := range stretches {
		s := &stretches[i]
		part := new(big.Rat).SetInt64(amountDays(s))
		sum.Add(sum, part.Mul(part, s.Annual.Rat()))
	}
	sum.Quo(sum, new(big.Rat).SetInt64(b.yearDays()))
	return roundHalfAway(sum)
}

// roundHalfAway rounds an exact fraction half away from zero to a whole minor
// unit, or reports false where it is out of range.
func roundHalfAway(r *big.Rat) (ledger.Minor, bool) {
	twice := new(big.Int).Lsh(new(big.Int).Abs(r.Num()), 1)
	twice.Add(twice, r.Denom())
	twice.Quo(twice, new(big.Int).Lsh(r.Denom(), 1))
	if r.Sign() < 0 {
		twice.Neg(twice)
	}
	return ledger.Minor(twice.Int64()), twice.IsInt64()
}
