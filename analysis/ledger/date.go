package ledger

import (
	"fmt"
	"strconv"
	"time"
)

// Date is a civil date without a time zone (rules §1): the number of days
// since 31 December of the year 0 in the proleptic Gregorian calendar, so that
// 1 is 0001-01-01. The zero value means "no date".
type Date int32

// unixEpoch is the Date of 1970-01-01.
const unixEpoch Date = 719163

// NewDate returns the date of a year, a month and a day of the month. It
// reports false where the calendar has no such day (31 February) or the year
// is outside 1 … 9999.
func NewDate(year, month, day int) (Date, bool) {
	if year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return 0, false
	}
	return fromCivil(year, month, day), true
}

// MustDate parses YYYY-MM-DD and panics where it is no date. It is for
// constants in code and tests.
func MustDate(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// ParseDate parses the form YYYY-MM-DD, and only that.
func ParseDate(s string) (Date, error) {
	if len(s) == 10 && s[4] == '-' && s[7] == '-' {
		y, okY := digits(s[:4])
		m, okM := digits(s[5:7])
		d, okD := digits(s[8:])
		if okY && okM && okD {
			if date, ok := NewDate(y, m, d); ok {
				return date, nil
			}
		}
	}
	return 0, fmt.Errorf("%q is not a date (want YYYY-MM-DD)", s)
}

func digits(s string) (int, bool) {
	n := 0
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

// DateOf cuts a time to its civil date in the time's own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return fromCivil(y, int(m), d)
}

// fromCivil counts days with the era arithmetic of Howard Hinnant's
// "chrono-Compatible Low-Level Date Algorithms": March-based years make the
// leap day the last of its year.
func fromCivil(y, m, d int) Date {
	if m <= 2 {
		y--
	}
	era := y / 400
	yearOfEra := y - era*400
	monthFromMarch := (m + 9) % 12
	dayOfYear := (153*monthFromMarch+2)/5 + d - 1
	dayOfEra := yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + dayOfYear
	return Date(era*146097 + dayOfEra - 305)
}

// Civil returns year, month and day of the month. All are 0 for no date.
func (d Date) Civil() (year, month, day int) {
	if d == 0 {
		return 0, 0, 0
	}
	z := int(d) + 305
	era := z / 146097
	dayOfEra := z - era*146097
	yearOfEra := (dayOfEra - dayOfEra/1460 + dayOfEra/36524 - dayOfEra/146096) / 365
	dayOfYear := dayOfEra - (365*yearOfEra + yearOfEra/4 - yearOfEra/100)
	mp := (5*dayOfYear + 2) / 153
	day = dayOfYear - (153*mp+2)/5 + 1
	month = mp + 3
	if month > 12 {
		month -= 12
	}
	year = yearOfEra + era*400
	if month <= 2 {
		year++
	}
	return year, month, day
}

// String returns YYYY-MM-DD, and "" for no date.
func (d Date) String() string {
	return string(d.Append(make([]byte, 0, len("2026-10-31"))))
}

// Append appends what String returns.
func (d Date) Append(dst []byte) []byte {
	if d == 0 {
		return dst
	}
	y, m, day := d.Civil()
	for most := 1000; most > y && most > 1; most /= 10 {
		dst = append(dst, '0')
	}
	dst = strconv.AppendInt(dst, int64(y), 10)
	return append(dst, '-', byte('0'+m/10), byte('0'+m%10), '-', byte('0'+day/10), byte('0'+day%10))
}

// MarshalText writes YYYY-MM-DD.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads YYYY-MM-DD; the empty text is no date.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = 0
		return nil
	}
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// Unix returns the number of days since 1970-01-01.
func (d Date) Unix() int { return int(d - unixEpoch) }

// AddMonths returns the date n calendar months later (earlier where n < 0). A
// day that the target month lacks becomes its last day: 31 January plus one
// month is 28 or 29 February.
func (d Date) AddMonths(n int) Date {
	y, m, day := d.Civil()
	at := y*12 + m - 1 + n
	y, m = at/12, at%12+1
	return fromCivil(y, m, min(day, daysIn(y, m)))
}

// MonthStart returns the first day of the date's calendar month.
func (d Date) MonthStart() Date {
	_, _, day := d.Civil()
	return d - Date(day-1)
}

// MonthEnd returns the last day of the date's calendar month.
func (d Date) MonthEnd() Date {
	y, m, day := d.Civil()
	return d + Date(daysIn(y, m)-day)
}

// Month numbers the date's calendar month, consecutively over years.
func (d Date) Month() Month {
	y, m, _ := d.Civil()
	return Month(y*12 + m - 1)
}

// Month is a calendar month, numbered consecutively: year × 12 + month − 1.
type Month int32

// Start returns the first day of the month.
func (m Month) Start() Date { return fromCivil(int(m)/12, int(m)%12+1, 1) }

// End returns the last day of the month.
func (m Month) End() Date { return (m + 1).Start() - 1 }

// Days returns the number of days of the month.
func (m Month) Days() int { return daysIn(int(m)/12, int(m)%12+1) }

// String returns YYYY-MM.
func (m Month) String() string { return fmt.Sprintf("%04d-%02d", int(m)/12, int(m)%12+1) }

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}
