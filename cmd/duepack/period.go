package main

import (
	"fmt"
	"strconv"
	"strings"

	"duepack/analysis/ledger"
)

// period is what --period or the key period asks for: a length that ends at
// the as-of date, or two dates.
type period struct {
	length   string      // month, quarter or year; "" where the dates are fixed
	from, to ledger.Date // both ends inside; 0 where the length decides
}

// fixed reports whether the period has dates of its own.
func (p period) fixed() bool { return p.length == "" }

// endingAt returns the dates of the period for an as-of date. A length begins
// on the first day of the calendar month, quarter or year of that date and
// ends at it.
func (p period) endingAt(asOf ledger.Date) (from, to ledger.Date) {
	year, month, _ := asOf.Civil()
	switch p.length {
	case "month":
		return asOf.MonthStart(), asOf
	case "quarter":
		month -= (month - 1) % 3
	case "year":
		month = 1
	default:
		return p.from, p.to
	}
	from, _ = ledger.NewDate(year, month, 1)
	return from, asOf
}

// String writes the period as parsePeriod reads it.
func (p period) String() string {
	if p.fixed() {
		return p.from.String() + ".." + p.to.String()
	}
	return p.length
}

// parsePeriod reads month, quarter or year, a calendar month 2026-10, a
// quarter 2026-Q3, a year 2026, or two dates 2026-01-01..2026-10-31.
func parsePeriod(text string) (period, error) {
	text = strings.TrimSpace(text)
	switch text {
	case "month", "quarter", "year":
		return period{length: text}, nil
	}
	if first, last, ok := strings.Cut(text, ".."); ok {
		return parseSpan(text, first, last)
	}
	year, rest, _ := strings.Cut(text, "-")
	y, err := strconv.Atoi(year)
	if err != nil || len(year) != 4 {
		return period{}, periodError(text)
	}
	month, months := 1, 12
	switch {
	case text == year:
	case len(rest) == 2 && (rest[0] == 'Q' || rest[0] == 'q') && rest[1] >= '1' && rest[1] <= '4':
		month, months = int(rest[1]-'1')*3+1, 3
	case len(rest) == 2:
		if month, err = strconv.Atoi(rest); err != nil {
			return period{}, periodError(text)
		}
		months = 1
	default:
		return period{}, periodError(text)
	}
	from, ok := ledger.NewDate(y, month, 1)
	if !ok {
		return period{}, periodError(text)
	}
	return period{from: from, to: from.AddMonths(months - 1).MonthEnd()}, nil
}

func parseSpan(text, first, last string) (period, error) {
	from, err := ledger.ParseDate(strings.TrimSpace(first))
	if err != nil {
		return period{}, periodError(text)
	}
	to, err := ledger.ParseDate(strings.TrimSpace(last))
	if err != nil {
		return period{}, periodError(text)
	}
	if to < from {
		return period{}, fmt.Errorf("period %s ends before it begins", text)
	}
	return period{from: from, to: to}, nil
}

func periodError(text string) error {
	return fmt.Errorf("%q is not a period (want month, quarter, year, 2026-10, 2026-Q3, 2026 or 2026-01-01..2026-10-31)", text)
}
