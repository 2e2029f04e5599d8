package analysis

import "duepack/analysis/ledger"

// calendar numbers the months of a book from the month of its first posting
// on. Of days up to the as-of date the month is looked up: working it out for
// every entry, payment and document takes longer than the sums.
type calendar struct {
	first ledger.Month
	start ledger.Date // of the first month
	of    []int32     // by day from start on
	count int         // months up to the as-of date's
}

func newCalendar(first, asOf ledger.Date) calendar {
	c := calendar{first: first.Month(), start: first.Month().Start(), count: int(asOf.Month()-first.Month()) + 1}
	c.of = make([]int32, asOf-c.start+1)
	for m := range c.count {
		month := c.first + ledger.Month(m)
		for d := month.Start(); d <= min(month.End(), asOf); d++ {
			c.of[d-c.start] = int32(m)
		}
	}
	return c
}

// month returns the number of a date's month; negative before the first.
func (c *calendar) month(d ledger.Date) int {
	if at := int(d - c.start); at >= 0 && at < len(c.of) {
		return int(c.of[at])
	}
	return int(d.Month() - c.first)
}
