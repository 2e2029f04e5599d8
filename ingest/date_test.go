package ingest

import (
	"strconv"
	"strings"
	"testing"

	"duepack/analysis/ledger"
	"duepack/ingest/sheet"
)

func text(s string) sheet.Cell   { return sheet.Cell{Kind: sheet.Text, Text: s} }
func number(s string) sheet.Cell { return sheet.Cell{Kind: sheet.Number, Text: s} }
func dated(s string) sheet.Cell  { return sheet.Cell{Kind: sheet.Date, Text: s} }

func TestDatesAreReadInEveryForm(t *testing.T) {
	const want = "2026-04-08" // serial 46120: 1899-12-30 + 46120 days
	for _, c := range []struct {
		cell  sheet.Cell
		order dateOrder
		form  dateForm
	}{
		{text("2026-04-08"), anyOrder, textDate},
		{text("2026/4/8"), anyOrder, textDate},
		{text("2026.04.08"), anyOrder, textDate},
		{text("20260408"), anyOrder, textDate},
		{text("2026年4月8日"), anyOrder, textDate},
		{text("2026年04月08日"), anyOrder, textDate},
		{text("２０２６－０４－０８"), anyOrder, textDate},
		{text(" 2026-04-08 "), anyOrder, textDate},
		{text("8 Apr 2026"), anyOrder, textDate},
		{text("08-Apr-2026"), anyOrder, textDate},
		{text("08-APR-26"), anyOrder, textDate},
		{text("April 8, 2026"), anyOrder, textDate},
		{text("Apr 8th, 2026"), anyOrder, textDate},
		{text("2026 April 8"), anyOrder, textDate},
		{text("08.04.2026"), dayFirst, textDate},
		{text("8/4/2026"), dayFirst, textDate},
		{text("4/8/2026"), monthFirst, textDate},
		{text("8/4/26"), dayFirst, textDate},
		{text("26/4/8"), yearFirst, textDate},
		{text("2026-04-08 00:00:00"), anyOrder, textDate},
		{text("2026-04-08T23:59:59"), anyOrder, timeCut},
		{text("2026-04-08T23:59:59.999Z"), anyOrder, timeCut},
		{text("2026-04-08 23:59:59"), anyOrder, timeCut},
		{text("2026/4/8 下午11:59:59"), anyOrder, timeCut},
		{text("8/4/2026 9:30"), dayFirst, timeCut},
		{text("46120"), anyOrder, serialDate},
		{number("20260408"), anyOrder, numberDate},
		{number("46120"), anyOrder, serialDate},
		{number("46120.0"), anyOrder, serialDate},
		{dated("46120"), anyOrder, plainDate},
		{dated("46120.99998842592"), anyOrder, timeCut},
		{dated("46120.9999999999"), anyOrder, timeCut},
		{dated("2026-04-08"), anyOrder, plainDate},
		{dated("2026-04-08T10:00:00"), anyOrder, plainDate},
	} {
		p, ok := parseDateCell(c.cell, false, c.order)
		if !ok || p.ambiguous || p.date.String() != want || p.form != c.form {
			t.Errorf("%q (kind %d) is %s in form %d (%t, ambiguous %t), want %s in form %d", c.cell.Text, c.cell.Kind, p.date, p.form, ok, p.ambiguous, want, c.form)
		}
	}
}

func TestSerialsCountFromTheDateSystemOfTheWorkbook(t *testing.T) {
	for _, c := range []struct {
		serial   string
		date1904 bool
		want     string
	}{
		{"45965", false, "2025-11-04"}, {"44503", true, "2025-11-04"}, {"18264", false, "1950-01-01"}, {"109939", false, "2200-12-31"}, {"60000", false, "2064-04-08"},
	} {
		if p, ok := parseDateCell(dated(c.serial), c.date1904, anyOrder); !ok || p.date.String() != c.want {
			t.Errorf("serial %s is %s (%t), want %s", c.serial, p.date, ok, c.want)
		}
	}
}

func TestWhatIsNoDateIsRefused(t *testing.T) {
	for _, c := range []sheet.Cell{
		text("31/02/2026"), text("2026-02-29"), text("2026-13-01"), text("2026-04-31"), text("n/a"), text("soon"), text("2026"), text("2026-04"), text("20261301"), text("8/4"),
		text("1949-12-31"), text("2201-01-01"), text("9999-12-31"), text("0026-04-08"), text("13/13/2026"), text("8 Foo 2026"), text("1.5"), text("100"),
		number("18263"), number("109940"), number("60"), number("0"), number("-5"), number("20261301"), number("1E5"), number("2026.04"), dated("99999999"),
		{Kind: sheet.Bool, Text: "TRUE"}, {Kind: sheet.Error, Text: "#N/A"},
	} {
		if p, ok := parseDateCell(c, false, anyOrder); ok {
			t.Errorf("%q (kind %d) was read as %s (ambiguous %t)", c.Text, c.Kind, p.date, p.ambiguous)
		}
	}
}

func TestDayAndMonthAreNeverGuessedFromOneCell(t *testing.T) {
	for _, c := range []struct {
		text      string
		ambiguous bool
		shows     dateOrder
	}{
		{"04/08/2026", true, anyOrder}, {"1.2.2026", true, anyOrder}, {"12-12-2026", false, anyOrder}, {"31/12/2026", false, dayFirst}, {"12/31/2026", false, monthFirst},
		{"13/01/2026", false, dayFirst}, {"12/13/2026", false, monthFirst}, {"12/12/2026", false, anyOrder}, {"01/02/26", true, anyOrder}, {"2026/04/08", false, anyOrder},
	} {
		p, ok := parseDateCell(text(c.text), false, anyOrder)
		if !ok || p.ambiguous != c.ambiguous || p.shows != c.shows {
			t.Errorf("%q: ambiguous %t shows %d (%t), want %t, %d", c.text, p.ambiguous, p.shows, ok, c.ambiguous, c.shows)
		}
	}
}

func TestADateThatContradictsTheOrderOfItsColumnIsRefused(t *testing.T) {
	for s, order := range map[string]dateOrder{"12/31/2026": dayFirst, "31/12/2026": monthFirst} {
		if p, ok := parseDateCell(text(s), false, order); ok {
			t.Errorf("%q was read as %s", s, p.date)
		}
	}
}

func TestMonthsAreReadInEveryForm(t *testing.T) {
	for _, c := range []sheet.Cell{text("2026-10"), text("2026/10"), text("2026.10"), text("202610"), text("2026年10月"), text("2026-10-01"), text("2026年10月15日"),
		text("Oct 2026"), text("October 2026"), text("10/2026"), text("2026-10-31"), number("202610"), dated("46296"), number("46296")} {
		if m, ok := parseMonth(c, false); !ok || m.String() != "2026-10" {
			t.Errorf("%q (kind %d) is %s, %t", c.Text, c.Kind, m, ok)
		}
	}
	for _, c := range []sheet.Cell{text(""), text("October"), text("2026"), text("2026-13"), text("13/2026"), number("10"), text("2026-00")} {
		if m, ok := parseMonth(c, false); ok {
			t.Errorf("%q was read as %s", c.Text, m)
		}
	}
}

// A date that is accepted is plausible, and is read again from its ISO form.
func FuzzDate(f *testing.F) {
	for _, s := range []string{"2026-04-08", "20260408", "2026年4月8日", "31/12/2026", "8 Apr 26", "46120.5", "1/2/3", "T00:", "日", "----", "12:30"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, kind := range []sheet.Kind{sheet.Text, sheet.Number, sheet.Date} {
			for _, order := range []dateOrder{anyOrder, dayFirst, monthFirst, yearFirst} {
				p, ok := parseDateCell(sheet.Cell{Kind: kind, Text: s}, kind == sheet.Date, order)
				if !ok || p.ambiguous || p.form == missingDate {
					continue
				}
				again, fine := parseDateCell(text(p.date.String()), false, order)
				if !fine || again.date != p.date || !plausible(p.date) {
					t.Errorf("%q is %s, which is read as %s", s, p.date, again.date)
				}
			}
			parseMonth(sheet.Cell{Kind: kind, Text: s}, false)
		}
	})
}

// Terms that are accepted are read again from their canonical form.
func FuzzTerms(f *testing.F) {
	for _, s := range []string{"net 30", "eom 30 day 10", "月结60天", "COD", "预付", "30天", "n/30", "net", "eom+", "月结"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		terms, err := ledger.ParseTerms(narrow(s))
		if err != nil || terms.Kind == ledger.TermsNone {
			return
		}
		again, err := ledger.ParseTerms(terms.String())
		if err != nil || again != terms {
			t.Errorf("%q is %q, which is read as %q (%v)", s, terms, again, err)
		}
		issued := ledger.MustDate("2026-01-31")
		if due := terms.Due(issued); due < issued || strings.Contains(terms.String(), "-") {
			t.Errorf("%q: due %s before it was issued", s, due)
		}
	})
}

func TestTheShortWaysOfDatesAreTheLongOne(t *testing.T) {
	var months isoDates
	long := func(kind sheet.Kind, s string) ledger.Date {
		p, ok := parseDateCell(sheet.Cell{Kind: kind, Text: s}, false, anyOrder)
		if !ok {
			return 0
		}
		return p.date
	}
	for d := firstDate - 400; d <= lastDate+400; d++ {
		serial := strconv.Itoa(int(d - epoch1900))
		if got, want := serialOf(serial), long(sheet.Date, serial); got != want && len(serial) == 5 {
			t.Fatalf("the serial number %s is %s, want %s", serial, got, want)
		}
		if got, want := months.of(d.String()), long(sheet.Text, d.String()); got != want {
			t.Fatalf("%s is %s, want %s", d, got, want)
		}
	}
	for _, s := range []string{"2026-02-29", "2026-02-00", "2026-02-31", "2026-13-01", "2026-00-01", "2026-02-1x", "2026-02-/1", "2026-02-1", "2026-2-011", "2026/02/01", "26-02-0001", "", "-026-02-01", "20x6-02-01"} {
		months.of("2026-02-01")
		if got := months.of(s); got != 0 {
			t.Errorf("%q is %s, want none", s, got)
		}
	}
	for _, s := range []string{"0", "00060", "1e+04", "4612x", "46120.5", "-4612", ""} {
		if got := serialOf(s); got != 0 {
			t.Errorf("the serial number %q is %s, want none", s, got)
		}
	}
}
