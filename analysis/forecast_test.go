package analysis_test

import (
	"testing"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/analysis/ledgertest"
)

// payer adds an invoice of a customer and its payment that many days late.
func payer(l *ledger.Ledger, customer int32, id string, lateDays ledger.Date) {
	due := day("2026-03-31")
	e := ledger.Entry{ID: ledgertest.ID(id), Kind: ledger.Invoice, Customer: customer, Rep: ledger.None, Region: ledger.None, Posted: day("2026-03-01"), Issued: day("2026-03-01"), Due: due, Amount: 10_000}
	r := ledger.Entry{ID: ledgertest.ID("P" + id), Kind: ledger.Receipt, Customer: customer, Rep: ledger.None, Region: ledger.None, Posted: due + lateDays, Issued: due + lateDays, Amount: -10_000, Settles: ledgertest.ID(id)}
	l.Entries = append(l.Entries, e, r)
}

// owed adds an open invoice of a customer.
func owed(l *ledger.Ledger, customer int32, id, due string, amount ledger.Minor) {
	l.Entries = append(l.Entries, ledger.Entry{ID: ledgertest.ID(id), Kind: ledger.Invoice, Customer: customer, Rep: ledger.None, Region: ledger.None,
		Posted: day("2026-09-01"), Issued: day("2026-09-01"), Due: day(due), Amount: amount})
}

// forecastBook has C1, who pays 2, 10 and 40 days late (median 10); C2, −4 and
// 1 days (median −1.5, rounded to −2); and C3, who never paid: the book's median
// of −4, 1, 2, 10, 40 is 2.
func forecastBook() *ledger.Ledger {
	l := book()
	l.Customers = append(l.Customers, ledger.Customer{ID: "C2", Rep: ledger.None, Region: ledger.None}, ledger.Customer{ID: "C3", Rep: ledger.None, Region: ledger.None})
	for i, late := range []ledger.Date{40, 2, 10} {
		payer(l, 0, string(rune('a'+i)), late)
	}
	for i, late := range []ledger.Date{-4, 1} {
		payer(l, 1, string(rune('a'+i)), late)
	}
	owed(l, 0, "A1", "2026-10-21", 100)  // expected 31 October: by now
	owed(l, 0, "A2", "2026-10-22", 200)  // 1 November, the Sunday after: first week
	owed(l, 0, "A3", "2026-10-23", 400)  // 2 November, Monday: second week
	owed(l, 1, "B1", "2026-11-10", 800)  // 8 November, Sunday: second week
	owed(l, 2, "C1", "2026-11-07", 1600) // 9 November, Monday: third week
	owed(l, 2, "C2", "2027-01-15", 3200) // 17 January, Sunday: the last day of the twelfth week
	owed(l, 2, "C3", "2027-01-16", 6400) // 18 January: later
	return l
}

// Rules §12: open items by expected date = due + the customer's own days late
// (its median, else the book's), by week. 31 October 2026 is a Saturday.
func TestForecastExpectsDueDatePlusTheCustomersMedian(t *testing.T) {
	p := build(t, forecastBook(), settings("2026-10-01", "2026-10-31"))
	for i, want := range []analysis.Habit{{Payments: 3, LateDays: 10}, {Payments: 2, LateDays: -2}, {}} {
		if p.Habits[i] != want {
			t.Errorf("habit of %s is %v, want %v", p.Customers[i].ID, p.Habits[i], want)
		}
	}
	if want := (analysis.Habit{Payments: 5, LateDays: 2}); p.Habit != want {
		t.Errorf("habit of the book is %v, want %v", p.Habit, want)
	}
	rows := table(t, p, "forecast").Rows
	if len(rows) != 15 {
		t.Fatalf("%d rows, want 12 weeks, two beside them and the total", len(rows))
	}
	want := map[int]ledger.Minor{0: 100, 1: 200, 2: 1200, 3: 1600, 12: 3200, 13: 6400, 14: 12_700}
	for i, row := range rows {
		if got := row.Cells[2].Value.Minor; got != want[i] {
			t.Errorf("row %d: %d, want %d", i, got, want[i])
		}
	}
	for row, date := range map[int]string{1: "2026-11-01", 2: "2026-11-02", 3: "2026-11-09", 12: "2027-01-11"} {
		if got := rows[row].Cells[0].Date; got != day(date) {
			t.Errorf("row %d begins %s, want %s", row, got, date)
		}
	}
}

func TestForecastConvertsAtTheClosingRate(t *testing.T) {
	l := forecastBook()
	l.Currencies = append(l.Currencies, ledger.Currency{Code: "USD", Exponent: 2})
	l.Rates = []ledger.FxRate{{Currency: 1, Date: day("2026-01-01"), Rate: ledger.Ratio{Num: 7, Den: 1}}, {Currency: 1, Date: day("2026-10-31"), Rate: ledger.Ratio{Num: 8, Den: 1}}}
	owed(l, 0, "U", "2026-10-22", 1000)
	l.Entries[len(l.Entries)-1].Currency = 1
	p := build(t, l, settings("2026-10-01", "2026-10-31"))
	if got := table(t, p, "forecast").Rows[1].Cells[2].Value.Minor; got != 200+8000 {
		t.Errorf("first week %d, want 8200: 2.00 and 10.00 dollars at 8", got)
	}
}

// A receipt after the as-of date is no habit yet (rules §3, prefix stability).
func TestPaymentsAfterTheAsOfDateAreNoHabit(t *testing.T) {
	l := forecastBook()
	payer(l, 2, "late", 300)
	if p := build(t, l, settings("2026-10-01", "2026-10-31")); p.Habits[2].Payments != 0 {
		t.Errorf("habit %v, want none", p.Habits[2])
	}
}

func TestForecastOfABookWithoutPaymentsIsTheDueDate(t *testing.T) {
	l := book()
	owed(l, 0, "A", "2026-11-05", 100)
	p := build(t, l, settings("2026-10-01", "2026-10-31"))
	if got := p.Detail.Open[0].Expected; got != day("2026-11-05") {
		t.Errorf("expected %s, want the due date", got)
	}
}
