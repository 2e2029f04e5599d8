package analysis

import (
	"testing"

	"pgregory.net/rapid"

	"duepack/analysis/ledger"
)

func TestCalendarKnowsTheMonthOfEveryDate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		date := rapid.Int32Range(int32(ledger.MustDate("2023-01-01")), int32(ledger.MustDate("2026-12-31")))
		first, asOf := ledger.Date(date.Draw(t, "first")), ledger.Date(date.Draw(t, "as of"))
		if asOf < first {
			first, asOf = asOf, first
		}
		c := newCalendar(first, asOf)
		d := ledger.Date(date.Draw(t, "date"))
		if got, want := c.month(d), int(d.Month()-first.Month()); got != want {
			t.Fatalf("month of %s from %s to %s is %d, want %d", d, first, asOf, got, want)
		}
		if c.month(asOf) != c.count-1 {
			t.Fatalf("the as-of date's month is %d of %d", c.month(asOf), c.count)
		}
	})
}
