package samples

import "duepack/analysis/ledger"

// The days of every book. They are constants, not options, so that two books
// of different size tell the same two years.
var (
	warmUp   = ledger.MustDate("2024-05-06") // sales from here on leave the opening balances
	opening  = ledger.MustDate("2024-10-31") // the day before the first month
	asOf     = ledger.MustDate("2026-10-31") // the close the book is made for
	lastDay  = ledger.MustDate("2026-11-06") // a few lines after the close, which it must not see
	handover = ledger.MustDate("2026-04-01") // some customers of one rep get another
)

// seasons are the sales of each calendar month in percent of an even month:
// the spring festival empties February, the year's end fills December.
var seasons = [12]int{94, 58, 101, 98, 100, 108, 93, 97, 112, 101, 114, 124}

// holidays are the longer closures of the years the books cover, first and
// last day.
var holidays = [...][2]ledger.Date{
	{ledger.MustDate("2024-10-01"), ledger.MustDate("2024-10-07")},
	{ledger.MustDate("2025-01-01"), ledger.MustDate("2025-01-01")},
	{ledger.MustDate("2025-01-28"), ledger.MustDate("2025-02-04")},
	{ledger.MustDate("2025-05-01"), ledger.MustDate("2025-05-05")},
	{ledger.MustDate("2025-10-01"), ledger.MustDate("2025-10-08")},
	{ledger.MustDate("2026-01-01"), ledger.MustDate("2026-01-02")},
	{ledger.MustDate("2026-02-16"), ledger.MustDate("2026-02-23")},
	{ledger.MustDate("2026-05-01"), ledger.MustDate("2026-05-05")},
	{ledger.MustDate("2026-10-01"), ledger.MustDate("2026-10-07")},
}

// isWorkday reports whether the company works on a day. Day 1 of the calendar
// is a Monday.
func isWorkday(d ledger.Date) bool {
	if (d-1)%7 >= 5 {
		return false
	}
	for _, h := range holidays {
		if d >= h[0] && d <= h[1] {
			return false
		}
	}
	return true
}

// workday returns the first working day on or after a day.
func workday(d ledger.Date) ledger.Date {
	for !isWorkday(d) {
		d++
	}
	return d
}

// lastWorkday returns the last working day of a day's month.
func lastWorkday(d ledger.Date) ledger.Date {
	for d = d.MonthEnd(); !isWorkday(d); d-- {
	}
	return d
}

// payRun is when a customer's cashier pays what is to be paid.
type payRun int8

const (
	anyDay payRun = iota
	fridays
	tenthAndTwentyFifth
	monthEnds
)

// next returns the day of the first run on or after a day.
func (r payRun) next(d ledger.Date) ledger.Date {
	switch r {
	case fridays:
		for (d-1)%7 != 4 {
			d++
		}
	case tenthAndTwentyFifth:
		for {
			_, _, day := d.Civil()
			if day == 10 || day == 25 {
				break
			}
			d++
		}
	case monthEnds:
		if last := lastWorkday(d); d <= last {
			return last
		}
	}
	return workday(d)
}

// pace is the sales of a day relative to others: nothing on days off, else its
// share of the month's season times a growth of one percent a month.
func pace(d ledger.Date) int {
	if !isWorkday(d) {
		return 0
	}
	_, month, _ := d.Civil()
	days := 0
	for at := d.MonthStart(); at <= d.MonthEnd(); at++ {
		if isWorkday(at) {
			days++
		}
	}
	return seasons[month-1] * (100 + int(d.Month()-warmUp.Month())) * 10 / days
}
