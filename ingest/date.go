package ingest

import (
	"strconv"
	"strings"

	"duepack/analysis/ledger"
	"duepack/ingest/sheet"
)

// dateOrder says how a column writes dates whose parts are all numbers.
type dateOrder uint8

// The orders of dates.
const (
	anyOrder   dateOrder = iota // not decided
	dayFirst                    // 31/12/2026
	monthFirst                  // 12/31/2026
	yearFirst                   // 26/12/31: two-digit years, only where the config says so
)

// dateForm is how a cell wrote its date, for the notes of check.
type dateForm uint8

// The forms of dates.
const (
	plainDate   dateForm = iota
	textDate             // a text in a workbook
	numberDate           // 20260408 as a number
	serialDate           // a serial number without a date format
	timeCut              // with a time of day, which was cut
	missingDate          // no date: empty
)

// parsedDate is what a cell says about a date.
type parsedDate struct {
	date      ledger.Date
	form      dateForm
	ambiguous bool      // day and month can be swapped
	shows     dateOrder // the order the text proves
}

// Dates outside these years are typing errors: no receivable is that old or
// that far away.
const (
	firstYear = 1950
	lastYear  = 2200
)

var (
	firstDate, _ = ledger.NewDate(firstYear, 1, 1)
	lastDate, _  = ledger.NewDate(lastYear, 12, 31)
	// The days that serial numbers count from; in the first system those before
	// March 1900 count from one day later, because Excel has a 1900-02-29.
	epoch1900 = ledger.MustDate("1899-12-30")
	epoch1904 = ledger.MustDate("1904-01-01")
)

func plausible(d ledger.Date) bool { return d >= firstDate && d <= lastDate }

// parseDateCell reads a date out of a cell of any kind. date1904 is the date
// system of the workbook; order is what the column was decided to be. It
// reports false where the cell is no date, or no plausible one.
func parseDateCell(c sheet.Cell, date1904 bool, order dateOrder) (parsedDate, bool) {
	text := strings.TrimSpace(narrow(c.Text))
	if text == "" {
		return parsedDate{form: missingDate}, c.Kind == sheet.Empty || c.Kind == sheet.Text
	}
	var p parsedDate
	var ok bool
	switch c.Kind {
	case sheet.Date, sheet.Number:
		p, ok = parseSerial(text, c.Kind == sheet.Date, date1904)
		if !ok && c.Kind == sheet.Date { // t="d": ISO 8601
			p, ok = parseDateText(text, order)
			p.form = plainDate
		}
	case sheet.Text:
		if looksLikeSerial(text) {
			p, ok = parseSerial(text, false, date1904)
		} else {
			p, ok = parseDateText(text, order)
		}
	}
	return p, ok && (p.ambiguous || plausible(p.date))
}

// serialOf reads a date as nearly all of a workbook are written: a serial number of
// five digits. It returns 0 for any other, and for one that is not plausible; those
// are parseDateCell's to read, as those of isoDates.
func serialOf(text string) ledger.Date {
	if len(text) != 5 || !isDigits(text) {
		return 0
	}
	n := ledger.Date(0)
	for _, digit := range []byte(text) {
		n = n*10 + ledger.Date(digit-'0')
	}
	if d := epoch1900 + n; plausible(d) {
		return d
	}
	return 0
}

// isoDates reads dates as most text files write them, YYYY-MM-DD. It remembers
// months that it has seen, so that only the day is to be read.
type isoDates [64]isoMonth

// isoMonth is a month as a text begins with it.
type isoMonth struct {
	text uint64      // YYYY-MM-
	last ledger.Date // of the month before
	days byte
}

// of returns a date, and 0 for a text of another form or without a plausible date.
func (months *isoDates) of(text string) ledger.Date {
	if len(text) != 10 || text[4] != '-' || text[7] != '-' {
		return 0
	}
	begins := word(text)
	month := &months[begins*spread>>58]
	if month.text != begins {
		d, err := ledger.ParseDate(text)
		if err != nil || !plausible(d) {
			return 0
		}
		*month = isoMonth{begins, d.MonthStart() - 1, byte(d.Month().Days())}
	}
	tens, ones := text[8]-'0', text[9]-'0'
	day := tens*10 + ones
	if tens > 9 || ones > 9 || day == 0 || day > month.days {
		return 0
	}
	return month.last + ledger.Date(day)
}

// looksLikeSerial reports whether a text is the serial number of a day between
// 1927 and 2173, as text files have it that were made from unformatted cells.
func looksLikeSerial(text string) bool {
	whole, fraction, hasFraction := strings.Cut(text, ".")
	return len(whole) == 5 && isDigits(whole) && (!hasFraction || isDigits(fraction))
}

// parseSerial reads a number in a date column: a serial of the workbook's date
// system, cut to its day, or a number such as 20260408.
func parseSerial(text string, formatted, date1904 bool) (parsedDate, bool) {
	whole, fraction, hasFraction := strings.Cut(text, ".")
	if strings.ContainsAny(text, "eE-") || len(whole) > 8 {
		return parsedDate{}, false
	}
	n, err := strconv.Atoi(whole)
	if err != nil {
		return parsedDate{}, false
	}
	if len(whole) == 8 && !formatted {
		d, ok := ledger.NewDate(n/10000, n/100%100, n%100)
		return parsedDate{date: d, form: numberDate}, ok && !hasFraction
	}
	p := parsedDate{form: serialDate}
	if formatted {
		p.form = plainDate
	}
	if strings.Trim(fraction, "0") != "" {
		p.form = timeCut
	}
	switch {
	case date1904:
		p.date = epoch1904 + ledger.Date(n)
	case n == 60:
		return parsedDate{}, false // 1900-02-29, a day that Excel invented
	case n > 60:
		p.date = epoch1900 + ledger.Date(n)
	default:
		p.date = epoch1900 + 1 + ledger.Date(n)
	}
	return p, n > 0 && n < 3_000_000
}

// dateMarks are the separators of the parts of a date.
var dateMarks = strings.NewReplacer("年", "-", "月", "-", "日", "", "号", "", "/", "-", ".", "-", " ", "-", ",", "-")

// parseDateText reads a date as text: ISO 8601, 20260408, 2026年4月8日, dots,
// slashes or dashes in any order, month names; a time of day after it is cut.
func parseDateText(text string, order dateOrder) (parsedDate, bool) {
	p := parsedDate{form: textDate}
	if len(text) == 10 && text[4] == '-' {
		if d, err := ledger.ParseDate(text); err == nil {
			p.date = d
			return p, true
		}
	}
	text, cut := cutTime(text)
	if cut {
		p.form = timeCut
	}
	if len(text) == 8 && isDigits(text) {
		n, _ := strconv.Atoi(text)
		d, ok := ledger.NewDate(n/10000, n/100%100, n%100)
		p.date = d
		return p, ok
	}
	text = dateMarks.Replace(text)
	var parts []string
	for _, part := range strings.Split(text, "-") {
		if part != "" {
			parts = append(parts, part)
		}
	}
	if len(parts) != 3 {
		return p, false
	}
	if d, ok := namedMonth(parts); ok {
		p.date = d
		return p, true
	}
	var n [3]int
	for i, part := range parts {
		if !isDigits(part) || len(part) > 4 || len(part) == 3 {
			return p, false
		}
		n[i], _ = strconv.Atoi(part)
	}
	if len(parts[0]) == 4 {
		d, ok := ledger.NewDate(n[0], n[1], n[2])
		p.date = d
		return p, ok
	}
	year := n[2]
	if len(parts[2]) != 4 {
		// A two-digit year can be any of the three parts: only the config can say.
		if order == anyOrder || len(parts[0]) > 2 {
			p.ambiguous = order == anyOrder && len(parts[0]) <= 2
			return p, p.ambiguous
		}
		year = 2000 + n[2]
		if order == yearFirst {
			d, ok := ledger.NewDate(2000+n[0], n[1], n[2])
			p.date = d
			return p, ok
		}
	}
	return swapped(p, year, n[0], n[1], order)
}

// swapped reads a-b-year, where either a or b is the day.
func swapped(p parsedDate, year, a, b int, order dateOrder) (parsedDate, bool) {
	asDay, dayOK := ledger.NewDate(year, b, a)
	asMonth, monthOK := ledger.NewDate(year, a, b)
	switch {
	case dayOK && !monthOK:
		p.date, p.shows = asDay, dayFirst
	case monthOK && !dayOK:
		p.date, p.shows = asMonth, monthFirst
	case !dayOK && !monthOK:
		return p, false
	case asDay == asMonth:
		p.date = asDay // 5/5/2026 is the same either way
	case order == dayFirst:
		p.date = asDay
	case order == monthFirst:
		p.date = asMonth
	default:
		p.ambiguous = true
	}
	if order != anyOrder && p.shows != anyOrder && p.shows != order {
		return p, false
	}
	return p, true
}

// cutTime takes a time of day off a text.
func cutTime(text string) (string, bool) {
	if !strings.Contains(text, ":") {
		return text, false
	}
	for i := 0; i < len(text); i++ {
		if (text[i] == 'T' || text[i] == ' ') && i >= 6 && strings.Contains(text[i:], ":") {
			rest := strings.TrimSpace(text[i+1:])
			for _, noon := range []string{"上午", "下午"} {
				rest = strings.TrimSpace(strings.TrimPrefix(rest, noon))
			}
			if rest != "" && rest[0] >= '0' && rest[0] <= '9' {
				return strings.TrimSpace(text[:i]), strings.Trim(rest, "0:.Z") != ""
			}
		}
	}
	return text, false
}

// namedMonth reads 8 Apr 2026, April 8 2026 and 2026 Apr 8.
func namedMonth(parts []string) (ledger.Date, bool) {
	for i, part := range parts {
		month := monthByName(part)
		if month == 0 || i == 2 {
			continue
		}
		day, year := parts[0], parts[2]
		if i == 0 {
			day = parts[1]
		} else if len(parts[0]) == 4 {
			day, year = parts[2], parts[0]
		}
		day = strings.TrimRight(strings.ToLower(day), "stndrh")
		if !isDigits(day) || !isDigits(year) || len(day) > 2 || len(year) != 4 && len(year) != 2 {
			return 0, false
		}
		y, _ := strconv.Atoi(year)
		if len(year) == 2 { // 8-Apr-26: the month's name leaves only one place for the year
			if i != 1 {
				return 0, false
			}
			y += 2000
		}
		d, _ := strconv.Atoi(day)
		return ledger.NewDate(y, month, d)
	}
	return 0, false
}

func monthByName(s string) int {
	s = strings.ToLower(s)
	if len(s) < 3 {
		return 0
	}
	for i, name := range []string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"} {
		if strings.HasPrefix(name, s) || s == "sept" && i == 8 {
			return i + 1
		}
	}
	return 0
}

func isDigits(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return s != ""
}

// monthMarks make the marks between year and month one.
var monthMarks = strings.NewReplacer("年", "-", "月", "", "/", "-", ".", "-", " ", "-")

// parseMonth reads a calendar month: 2026-10, 2026/10, 202610, 2026年10月,
// Oct 2026, or any date in it.
func parseMonth(c sheet.Cell, date1904 bool) (ledger.Month, bool) {
	text := strings.TrimSpace(narrow(c.Text))
	if len(text) == 6 && isDigits(text) {
		text = text[:4] + "-" + text[4:]
	}
	if year, month, ok := strings.Cut(monthMarks.Replace(text), "-"); ok && c.Kind != sheet.Date {
		if isDigits(month) && !isDigits(year) || len(month) == 4 && isDigits(month) {
			year, month = month, year
		}
		m, _ := strconv.Atoi(month)
		if !isDigits(month) {
			m = monthByName(month)
		}
		y, _ := strconv.Atoi(year)
		if d, ok := ledger.NewDate(y, m, 1); ok && len(year) == 4 && plausible(d) {
			return d.Month(), true
		}
	}
	p, ok := parseDateCell(c, date1904, anyOrder)
	return p.date.Month(), ok && !p.ambiguous && p.date != 0
}
