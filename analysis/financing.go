package analysis

import (
	"math"
	"math/big"
	"math/bits"
	"slices"

	"duepack/analysis/ledger"
)

// carry computes what open documents cost in financing (rules §7): the cost is
// accrued as amount × days per annual rate, exactly, and rounded once at the
// document.
type carry struct {
	windows  []window // the period, then the months of the history, ascending
	calendar *calendar
	before   int // number of the calendar month before windows[1]: window w is the month before + w
	basis    DayBasis
	rates    []RateFrom // of the book, ascending
}

// run is a stretch of one document in one window.
type run struct {
	Stretch
	window int32
	next   int32 // the document's run before it; -1 for none
}

// add accrues a constant open amount over the days since+1 … until, as far as
// they lie in a window: days after due are late, days from issued to due are
// the credit granted. Day t costs at the rate in force on day t.
func (c *carry) add(a *account, d *document, since, until ledger.Date) {
	c.addTo(a, d, 0, since, until)
	last := len(c.windows) - 1
	if last == 0 || until < c.windows[1].from || since >= c.windows[last].to {
		return
	}
	from := c.windowOf(max(since+1, c.windows[1].from))
	for w := from; w <= last && c.windows[w].from <= until; w++ {
		c.addTo(a, d, w, since, until)
	}
}

// windowOf returns the month of the history that a date from its first month on
// lies in; it is beyond the windows where the date is after the last.
func (c *carry) windowOf(d ledger.Date) int { return c.calendar.month(d) - c.before }

// addTo accrues what lies in one window.
func (c *carry) addTo(a *account, d *document, w int, since, until ledger.Date) {
	win := &c.windows[w]
	if until < win.from || since > win.to {
		return
	}
	c.span(a, d, int32(w), max(since, win.from-1, d.due), min(until, win.to), true)
	c.span(a, d, int32(w), max(since, win.from-1, d.issued), min(until, win.to, d.due), false)
}

// span accrues the days x+1 … y.
func (c *carry) span(a *account, d *document, window int32, x, y ledger.Date, late bool) {
	if y <= x {
		return
	}
	if a.own.Given() {
		a.book(d, window, Stretch{Annual: a.own, OwnRate: true}, c.days(x, y), late)
		return
	}
	for i, rate := range c.rates {
		start, end := x, y
		if i > 0 {
			start = max(x, rate.From-1)
		}
		if i+1 < len(c.rates) {
			end = min(y, c.rates[i+1].From-1)
		}
		if end > start {
			a.book(d, window, Stretch{Annual: rate.Rate, RateFrom: rate.From}, c.days(start, end), late)
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

// YearDays returns the days of a year by the day basis.
func (b DayBasis) YearDays() int64 {
	if b == ACT365 {
		return 365
	}
	return 360
}

// book adds open × days to a document's run of a window and rate. An overflow
// saturates, and so does not pass for a cost: see posting.postCosts.
func (a *account) book(d *document, window int32, s Stretch, days int64, late bool) {
	r := a.run(d, window, s)
	into := &r.TermsDays
	if late {
		into = &r.LateDays
	}
	product, ok := times(d.open, days)
	sum, fits := ledger.Minor(*into).Add(product)
	if !ok || !fits {
		sum = overflowedDays
	}
	*into = int64(sum)
}

// times returns an amount × a number of days, or false where that is out of range.
// MulDiv would divide it by 1, which takes longer than the rest.
func times(m ledger.Minor, days int64) (ledger.Minor, bool) {
	upper, lower := bits.Mul64(uint64(m), uint64(days))
	upper -= uint64(m>>63)&uint64(days) + uint64(days>>63)&uint64(m) // of the signed product
	if product := int64(lower); int64(upper) == product>>63 && product != math.MinInt64 {
		return ledger.Minor(product), true
	}
	return 0, false
}

// overflowedDays marks amount × days that left the range.
const overflowedDays = 1<<63 - 1

// run finds or starts a document's run of a window and rate.
func (a *account) run(d *document, window int32, s Stretch) *run {
	for at := d.runs; at >= 0; at = a.runs[at].next {
		if r := &a.runs[at]; r.window == window && r.OwnRate == s.OwnRate && r.RateFrom == s.RateFrom {
			return r
		}
	}
	a.runs = append(a.runs, run{Stretch: s, window: window, next: d.runs})
	d.runs = int32(len(a.runs) - 1)
	return &a.runs[d.runs]
}

// runsOf appends what a document accrued, ascending by window and rate, to an
// empty list.
func (a *account) runsOf(list []run, d *document) []run {
	for at := d.runs; at >= 0; at = a.runs[at].next {
		list = append(list, a.runs[at])
	}
	slices.Reverse(list)
	for i := 1; i < len(list); i++ { // few, and nearly in order: they were made one month after another
		for j := i; j > 0 && list[j].comesBefore(&list[j-1]); j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
	return list
}

// comesBefore orders runs of a document by window and rate.
func (r *run) comesBefore(o *run) bool {
	if r.window != o.window {
		return r.window < o.window
	}
	return r.RateFrom < o.RateFrom
}

// cost returns Σ amount × days × annual rate ÷ day basis, rounded half away
// from zero to the minor unit: the rounding at the document (rules §1, §7).
func (b DayBasis) cost(runs []run, late bool) (ledger.Minor, bool) {
	amountDays := func(r *run) int64 {
		if late {
			return r.LateDays
		}
		return r.TermsDays
	}
	for i := range runs {
		if amountDays(&runs[i]) == overflowedDays {
			return 0, false
		}
	}
	if len(runs) == 1 {
		r, perYear := &runs[0], runs[0].Annual.Den*b.YearDays()
		if amountDays(r) == 0 && perYear > 0 { // as of what is paid in time, and of what was late before the window began
			return 0, true
		}
		return ledger.Minor(amountDays(r)).MulDiv(r.Annual.Num, perYear)
	}
	sum := new(big.Rat)
	for i := range runs {
		r := &runs[i]
		part := new(big.Rat).SetInt64(amountDays(r))
		sum.Add(sum, part.Mul(part, r.Annual.Rat()))
	}
	sum.Quo(sum, new(big.Rat).SetInt64(b.YearDays()))
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
