package analysis_test

// Published cases of other systems, as oracles that know nothing of duepack:
// what executable tests, maintainers and manuals of those systems say must
// come out (facts and figures only). Each test names its case and its source;
// where rules.md decides otherwise, the test follows rules.md and says why.
// Every pack built here is also held to the control of completeness, PC-32's
// last row: Σ buckets + on account = balance = control balance at the date.
//
// Cases, or parts of cases, that are no figure of this package:
//
//	PC-30 filters by territory, group, rep    there are no filters: the pack always has every subject
//	PC-31 export with subtotal rows           reading is ingest's: its tests leave subtotal rows out
//	PC-32 fee on late interest (10.41)        a fee is no cost of financing (rules §7); the interest is tested
//	PC-32 rep's share of a shared order       a document has one rep (rules §2); two documents stand for it
//	PC-32 commission on receipt               commission plans are not part of the pack yet (rules §11)
//	PC-32 credit limits                       exposure against limits is not part of the pack yet (rules §12)
//	PC-32 after 4 and 6 months: +1, −1        follows from months to zero; not a figure of its own

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/analysis/ledgertest"
)

// invoice, receipt and credit are lines of a peer's case, amounts in cents.
func invoice(id, posted, due string, cents ledger.Minor) ledger.Entry {
	return ledger.Entry{ID: ledgertest.ID(id), Kind: ledger.Invoice, Posted: day(posted), Due: day(due), Amount: cents}
}

func receipt(posted, settles string, cents ledger.Minor) ledger.Entry {
	return ledger.Entry{ID: ledgertest.ID("R-" + posted), Kind: ledger.Receipt, Posted: day(posted), Amount: -cents, Settles: ledgertest.ID(settles)}
}

func creditNote(id, posted, settles string, cents ledger.Minor) ledger.Entry {
	return ledger.Entry{ID: ledgertest.ID(id), Kind: ledger.CreditNote, Posted: day(posted), Amount: -cents, Settles: ledgertest.ID(settles)}
}

// dayBounds are bucket bounds in days, after "not due".
func dayBounds(last ...int) []analysis.Bound {
	bounds := []analysis.Bound{{N: 0}}
	for _, n := range last {
		bounds = append(bounds, analysis.Bound{N: n})
	}
	return bounds
}

// peerPack builds the pack of a case at a date, for the month so far, and
// holds it to the control of completeness. change may alter the settings.
func peerPack(t *testing.T, l *ledger.Ledger, asOf string, change func(*analysis.Options)) *analysis.Pack {
	t.Helper()
	opt := settings(day(asOf).MonthStart().String(), asOf)
	if change != nil {
		change(&opt)
	}
	control := ledger.Minor(0)
	for _, e := range l.Entries {
		if e.Posted <= opt.AsOf {
			control += e.Amount
		}
	}
	with := *l
	with.Control = append(slices.Clone(l.Control), ledger.ControlBalance{Account: "GL", Date: opt.AsOf, Currency: -1, Balance: control})
	p := build(t, &with, opt)
	sum := p.Company.Value(analysis.OnAccount).Minor
	for _, m := range p.Company.Aging {
		sum += m
	}
	if balance := p.Company.Value(analysis.Balance).Minor; sum != balance || balance != control {
		t.Errorf("%s: buckets and on account %d, balance %d, control %d", asOf, sum, balance, control)
	}
	for _, tie := range p.TieOut {
		if tie.Date == opt.AsOf && l.Control == nil && tie.Difference() != 0 {
			t.Errorf("%s: control balance differs by %d", asOf, tie.Difference())
		}
	}
	return p
}

// wantAging compares the company's buckets, in order, and what is on account.
func wantAging(t *testing.T, p *analysis.Pack, onAccount string, buckets ...string) {
	t.Helper()
	var got []string
	for i := range p.Buckets {
		got = append(got, figure(t, p, "company/aging/"+p.Buckets[i].ID, 0))
	}
	if !slices.Equal(got, buckets) {
		t.Errorf("buckets %v, want %v", got, buckets)
	}
	if got := figure(t, p, "company/on_account", 0); got != onAccount {
		t.Errorf("on account %s, want %s", got, onAccount)
	}
}

// wantOpen compares the open items, in order of due date, as "id open".
func wantOpen(t *testing.T, p *analysis.Pack, want ...string) {
	t.Helper()
	items := slices.Clone(p.Detail.Open)
	slices.SortStableFunc(items, func(a, b analysis.Item) int { return int(a.Due - b.Due) })
	got := []string{}
	for _, item := range items {
		got = append(got, item.ID+" "+item.Open.Decimal(2))
	}
	if !slices.Equal(got, want) {
		t.Errorf("open items %q, want %q", got, want)
	}
}

func wantFigures(t *testing.T, p *analysis.Pack, decimals int, want map[string]string) {
	t.Helper()
	for key, value := range want {
		if !strings.Contains(key, "/") {
			key = "company/" + key
		}
		if got := figure(t, p, key, decimals); got != value {
			t.Errorf("%s = %s, want %s", key, got, value)
		}
	}
}

// A. Aging core

// gnucashBook is the book of PC-01: GnuCash, test-owner-report.scm,
// "aging-table".
func gnucashBook() *ledger.Ledger {
	l := book(
		invoice("inv5", "1980-01-13", "1980-03-18", 1150),
		invoice("inv4", "1980-02-13", "1980-04-18", 750),
		invoice("inv3", "1980-03-13", "1980-05-18", 850),
		receipt("1980-03-18", "inv5", 150),
		receipt("1980-03-20", "inv5", 200),
		invoice("inv2", "1980-04-13", "1980-06-18", 400),
		invoice("inv6", "1980-04-18", "1980-04-18", 20000),
		receipt("1980-04-19", "inv6", 20000),
		invoice("inv1", "1980-05-13", "1980-07-18", 675),
		creditNote("CN1", "1980-06-22", "", 300))
	l.Currencies[0] = ledger.Currency{Code: "USD", Exponent: 2}
	l.Entries[len(l.Entries)-1].Due = day("1980-06-22")
	return l
}

// PC-01 (asserted by GnuCash): six buckets, and the credit note lowers the
// bucket of its own date, which is our treatment own_bucket.
func TestPC01GnuCashSixBucketsCreditNoteInItsOwnBucket(t *testing.T) {
	p := peerPack(t, gnucashBook(), "1980-07-01", func(o *analysis.Options) {
		o.Bounds, o.Aging.Credits = dayBounds(30, 60, 90), analysis.CreditsOwnBucket
	})
	wantAging(t, p, "0.00", "6.75", "1.00", "8.50", "7.50", "8.00")
	wantFigures(t, p, 0, map[string]string{"balance": "31.75", "overdue": "25.00"})
	ages := map[string]int{"inv1": -17, "inv2": 13, "inv3": 44, "inv4": 74, "inv5": 105, "CN1": 9}
	for _, item := range p.Detail.Open {
		if want, ok := ages[item.ID]; !ok || int(item.AgeDays) != want {
			t.Errorf("%s is %d days late, want %d", item.ID, item.AgeDays, want)
		}
		delete(ages, item.ID)
	}
	if len(ages) > 0 {
		t.Errorf("not open: %v", ages)
	}
}

// PC-01 by default: the credit keeps its own column (rules §4), so the bucket
// 1–30 shows the whole invoice; the balance is the same.
func TestPC01CreditNoteOnAccountLeavesTheBalance(t *testing.T) {
	p := peerPack(t, gnucashBook(), "1980-07-01", func(o *analysis.Options) { o.Bounds = dayBounds(30, 60, 90) })
	wantAging(t, p, "-3.00", "6.75", "4.00", "8.50", "7.50", "8.00")
	wantFigures(t, p, 0, map[string]string{"balance": "31.75"})
}

// PC-01, running balance after each document in date order.
func TestPC01RunningBalance(t *testing.T) {
	for date, want := range map[string]string{
		"1980-01-13": "11.50", "1980-02-13": "19.00", "1980-03-13": "27.50", "1980-03-18": "26.00", "1980-03-20": "24.00",
		"1980-04-13": "28.00", "1980-04-18": "228.00", "1980-04-19": "28.00", "1980-05-13": "34.75", "1980-06-22": "31.75",
	} {
		p := peerPack(t, gnucashBook(), date, nil)
		if got := figure(t, p, "company/balance", 0); got != want {
			t.Errorf("balance on %s is %s, want %s", date, got, want)
		}
	}
}

// PC-03 (OCA/account-financial-reporting PR#383, written by a maintainer):
// columns of the aged partner balance at 2017-12-31.
func TestPC03OCAAgedPartnerBalanceColumns(t *testing.T) {
	p := peerPack(t, book(
		invoice("A", "2017-12-15", "2018-01-15", 500_00),
		invoice("B", "2017-11-15", "2017-12-15", 1000_00),
		invoice("C", "2017-10-15", "2017-11-15", 2000_00),
		invoice("D", "2017-09-15", "2017-10-15", 4000_00),
		invoice("E", "2017-08-15", "2017-09-15", 8000_00),
		invoice("F", "2017-07-15", "2017-08-15", 160000_00)), "2017-12-31", nil)
	wantAging(t, p, "0.00", "500.00", "1000.00", "2000.00", "4000.00", "8000.00", "160000.00")
	wantFigures(t, p, 0, map[string]string{"balance": "175500.00"})
}

// PC-04 (odoo PR#16235): the bucket follows the due date of the invoice,
// whatever was paid in parts, and before it was issued.
func TestPC04PartialPaymentsKeepTheBucket(t *testing.T) {
	l := book(
		receipt("2016-11-09", "INV", 1500_00),
		invoice("INV", "2016-11-30", "2017-02-28", 10000_00),
		receipt("2016-11-30", "INV", 1000_00),
		receipt("2017-01-30", "INV", 2000_00))
	p := peerPack(t, l, "2017-04-04", nil)
	wantAging(t, p, "0.00", "0.00", "0.00", "5500.00", "0.00", "0.00", "0.00")
	if age := p.Detail.Open[0].AgeDays; age != 35 {
		t.Errorf("%d days late, want 35", age)
	}
	wantAging(t, peerPack(t, l, "2017-01-15", nil), "0.00", "7500.00", "0.00", "0.00", "0.00", "0.00", "0.00")
	wantAging(t, peerPack(t, l, "2016-11-20", nil), "-1500.00", "0.00", "0.00", "0.00", "0.00", "0.00", "0.00")
}

// PC-05 (odoo PR#19984): an invoice is listed up to the day before it is
// settled, and not after.
func TestPC05SettledInvoiceIsOpenBeforeItsSettlementOnly(t *testing.T) {
	l := book(invoice("INV", "2016-07-26", "2016-07-26", 115_00), receipt("2016-10-28", "INV", 115_00))
	l.Currencies[0] = ledger.Currency{Code: "USD", Exponent: 2}
	wantOpen(t, peerPack(t, l, "2016-10-31", nil))
	wantOpen(t, peerPack(t, l, "2016-10-28", nil))
	wantOpen(t, peerPack(t, l, "2016-10-27", nil), "INV 115.00")
}

// PC-06 (odoo PR#16016 and PR#15786): the date of the payment decides, not the
// day on which somebody matched it.
func TestPC06DateOfPaymentDecidesNotDateOfMatching(t *testing.T) {
	l := book(invoice("INV", "2016-12-30", "2016-12-30", 100_00), receipt("2017-01-01", "INV", 100_00))
	wantOpen(t, peerPack(t, l, "2016-12-31", nil), "INV 100.00")
	wantOpen(t, peerPack(t, l, "2017-01-01", nil))
	same := book(invoice("INV", "2016-12-05", "2016-12-30", 100_00), receipt("2016-12-20", "INV", 100_00))
	p := peerPack(t, same, "2016-12-31", nil)
	wantOpen(t, p)
	wantFigures(t, p, 0, map[string]string{"balance": "0.00", "on_account": "0.00"})
}

// PC-07 (OCA issue 707): a report of an earlier date, made after the payment,
// lists the invoice (prefix stability, rules §3).
func TestPC07LaterPaymentDoesNotChangeAnEarlierReport(t *testing.T) {
	l := book(invoice("INV", "2020-04-30", "2020-04-30", 100_00), receipt("2020-06-30", "INV", 100_00))
	wantOpen(t, peerPack(t, l, "2020-05-31", nil), "INV 100.00")
	wantOpen(t, peerPack(t, l, "2020-06-30", nil))
}

// PC-09 (asserted by Business Central, O365AgedAccounts,
// TestChartDataPeriodLengthWeek): 14 columns of weeks back from the start
// date. Buckets of 7 days by due date are the same weeks.
func TestPC09BusinessCentralWeeks(t *testing.T) {
	l := book(
		invoice("1", "2015-01-15", "2015-02-15", 1000_00),
		invoice("2", "2015-01-01", "2015-01-05", 2000_00),
		invoice("3", "2015-01-01", "2015-01-06", 3000_00),
		invoice("4", "2015-01-01", "2015-01-07", 4000_00),
		invoice("5", "2015-01-01", "2015-01-08", 5000_00),
		invoice("6", "2015-01-01", "2015-01-09", 6000_00),
		invoice("7", "2015-01-01", "2015-01-05", 1000_00), receipt("2015-01-02", "7", 1000_00),
		invoice("8", "2015-01-01", "2015-01-06", 2000_00), receipt("2015-01-02", "8", 2000_00),
		invoice("9", "2015-01-01", "2015-01-07", 3000_00), receipt("2015-01-02", "9", 3000_00))
	p := peerPack(t, l, "2015-01-15", func(o *analysis.Options) {
		o.Bounds = dayBounds(7, 14, 21, 28, 35, 42, 49, 56, 63, 70, 77, 84)
	})
	want := append([]string{"1000.00", "11000.00", "9000.00"}, slices.Repeat([]string{"0.00"}, 11)...)
	wantAging(t, p, "0.00", want...)
	wantFigures(t, p, 0, map[string]string{"balance": "21000.00"})
	counts := make([]int, len(p.Buckets))
	for _, item := range p.Detail.Open {
		counts[item.Bucket]++
	}
	if got := fmt.Sprint(counts[:4]); got != "[1 2 3 0]" {
		t.Errorf("items per column %s, want [1 2 3 0]", got)
	}
}

// PC-10 (asserted by Business Central): 14 columns of months back from
// 2015-01-15. Bounds in months by anniversary are the same months.
func TestPC10BusinessCentralMonths(t *testing.T) {
	l := book(
		invoice("1", "2015-01-15", "2015-02-15", 1500_00),
		invoice("2", "2013-12-01", "2013-12-29", 3000_00),
		invoice("3", "2013-12-01", "2014-01-05", 4500_00),
		invoice("4", "2013-12-01", "2014-01-12", 5000_00),
		invoice("5", "2013-12-01", "2014-01-19", 8000_00),
		invoice("6", "2013-12-01", "2014-01-26", 9000_00))
	p := peerPack(t, l, "2015-01-15", func(o *analysis.Options) {
		o.Bounds = nil
		for n := range 13 {
			o.Bounds = append(o.Bounds, analysis.Bound{N: n, Unit: analysis.BoundMonths})
		}
	})
	want := append(append([]string{"1500.00"}, slices.Repeat([]string{"0.00"}, 11)...), "17000.00", "12500.00")
	wantAging(t, p, "0.00", want...)
	wantFigures(t, p, 0, map[string]string{"balance": "31000.00"})
}

// PC-10, derived from its column heads: the twelfth month is 2014-01-15 to
// 2014-02-14, both days inside.
func TestPC10LimitsOfTheTwelfthMonth(t *testing.T) {
	for due, want := range map[string][3]string{
		"2014-01-14": {"0.00", "0.00", "1.00"}, "2014-01-15": {"0.00", "1.00", "0.00"},
		"2014-02-14": {"0.00", "1.00", "0.00"}, "2014-02-15": {"1.00", "0.00", "0.00"},
	} {
		p := peerPack(t, book(invoice("A", "2013-12-01", due, 1_00)), "2015-01-15", func(o *analysis.Options) {
			o.Bounds = []analysis.Bound{{N: 0}, {N: 11, Unit: analysis.BoundMonths}, {N: 12, Unit: analysis.BoundMonths}}
		})
		wantAging(t, p, "0.00", "0.00", want[0], want[1], want[2])
	}
}

// PC-11 (asserted by Business Central): 7 columns of years back from
// 2015-01-15; what is due on 2010-01-15 is in the fifth year, as an
// anniversary belongs to the younger bucket.
func TestPC11BusinessCentralYears(t *testing.T) {
	l := book(
		invoice("1", "2015-01-15", "2015-02-15", 2000_00),
		invoice("2", "2009-12-01", "2010-01-10", 3000_00),
		invoice("3", "2009-12-01", "2010-01-14", 4500_00),
		invoice("4", "2009-12-01", "2010-01-15", 5000_00),
		invoice("5", "2009-12-01", "2010-01-16", 8000_00),
		invoice("6", "2009-12-01", "2010-01-17", 9000_00))
	p := peerPack(t, l, "2015-01-15", func(o *analysis.Options) {
		o.Bounds = nil
		for n := range 6 {
			o.Bounds = append(o.Bounds, analysis.Bound{N: n, Unit: analysis.BoundYears})
		}
	})
	wantAging(t, p, "0.00", "2000.00", "0.00", "0.00", "0.00", "0.00", "22000.00", "7500.00")
	wantFigures(t, p, 0, map[string]string{"balance": "31500.00"})
}

// PC-16 (bigcapital PR#1416): the last day of a bucket belongs to it; before
// the mend, what was 30 and 60 days late vanished.
func TestPC16LastDayOfABucketBelongsToIt(t *testing.T) {
	at := func(days ...int) *ledger.Ledger {
		var lines []ledger.Entry
		for i, d := range days {
			date := (day("2026-03-31") - ledger.Date(d)).String()
			lines = append(lines, invoice(fmt.Sprint(d), date, date, []ledger.Minor{10_00, 20_00, 40_00, 80_00}[i]))
		}
		return book(lines...)
	}
	byAge := func(o *analysis.Options) { o.Aging.Basis, o.Bounds = analysis.ByIssued, dayBounds(30, 60) }
	byDue := func(o *analysis.Options) { o.Bounds = dayBounds(30, 60) }
	// The peer's three buckets 0-30, 31-60, 61+ are ours by issue date.
	wantAging(t, peerPack(t, at(30, 60, 90), "2026-03-31", byAge), "0.00", "10.00", "20.00", "40.00")
	wantAging(t, peerPack(t, at(0, 1, 31, 61), "2026-03-31", byAge), "0.00", "30.00", "40.00", "80.00")
	// By due date what is due today is not due yet (age ≤ 0, rules §4).
	wantAging(t, peerPack(t, at(30, 60, 90), "2026-03-31", byDue), "0.00", "0.00", "10.00", "20.00", "40.00")
	wantAging(t, peerPack(t, at(0, 1, 31, 61), "2026-03-31", byDue), "0.00", "10.00", "20.00", "40.00", "80.00")
}

// PC-17 (BCApps PR#10412): what is not due and what is older than every
// column must appear, and so must a customer who has nothing else. (Tests of
// that system at c3414ede assert that it does not: they hold the defect.)
func TestPC17NotDueAndVeryOldItemsAppear(t *testing.T) {
	l := book(
		invoice("NEW", "2016-08-17", "2016-09-19", 100_00),
		invoice("OLD", "2001-01-05", "2001-02-05", 7_00))
	l.Customers = append(l.Customers, ledger.Customer{ID: "C2", Rep: ledger.None, Region: ledger.None})
	l.Entries[1].Customer = 1
	p := peerPack(t, l, "2016-08-19", nil)
	wantAging(t, p, "0.00", "100.00", "0.00", "0.00", "0.00", "0.00", "7.00")
	wantFigures(t, p, 0, map[string]string{"customers/C1/aging/not_due": "100.00", "customers/C2/aging/120+": "7.00", "customers/C2/balance": "7.00"})
}

// B. Documents, credits, instalments (ERPNext)

// instalmentBook is the invoice of PC-18 and what else is given.
func instalmentBook(more ...ledger.Entry) *ledger.Ledger {
	var lines []ledger.Entry
	for i, part := range []struct {
		due   string
		cents ledger.Minor
	}{{"2026-04-30", 30_00}, {"2026-05-30", 50_00}, {"2026-06-29", 20_00}} {
		line := invoice("SI", "2026-03-31", part.due, part.cents)
		line.Instalment = int16(i + 1)
		lines = append(lines, line)
	}
	return book(append(lines, more...)...)
}

// PC-18 (asserted by ERPNext): instalments of one invoice, lowered earliest
// due first.
func TestPC18InstalmentsArePaidEarliestDueFirst(t *testing.T) {
	p := peerPack(t, instalmentBook(), "2026-03-31", nil)
	wantOpen(t, p, "SI 30.00", "SI 50.00", "SI 20.00")
	wantFigures(t, p, 0, map[string]string{"documents_open": "1", "sales": "100.00"})
	p = peerPack(t, instalmentBook(receipt("2026-03-31", "SI", 40_00)), "2026-03-31", nil)
	wantOpen(t, p, "SI 40.00", "SI 20.00")
	if first := p.Detail.Open[0]; first.Instalment != 2 || first.Amount != 50_00 {
		t.Errorf("first open instalment is %d of %d, want 2 of 5000", first.Instalment, first.Amount)
	}
}

// PC-18, return of the whole invoice: without a payment it nets all rows away.
// After a payment of 40 the peer keeps both open rows and shows the return as
// a row of −100; by rules §3 the return lowers what is open (60) and the rest
// (40) is on account. The balance of −40 is the same.
func TestPC18ReturnOfAnInvoiceInInstalments(t *testing.T) {
	wantOpen(t, peerPack(t, instalmentBook(creditNote("CN", "2026-03-31", "SI", 100_00)), "2026-03-31", nil))
	p := peerPack(t, instalmentBook(receipt("2026-03-31", "SI", 40_00), creditNote("CN", "2026-03-31", "SI", 100_00)), "2026-03-31", nil)
	wantOpen(t, p, "CN -40.00")
	wantFigures(t, p, 0, map[string]string{"balance": "-40.00", "on_account": "-40.00"})
}

// PC-21 (asserted by ERPNext): the credit note of a paid invoice is linked to
// another invoice by a journal, and nothing is open. A link without an amount
// is no line of our ledger; application explicit-then-fifo says the same.
func TestPC21CreditNoteOfAPaidInvoiceClosesAnother(t *testing.T) {
	l := book(
		invoice("SI1", "2026-03-31", "2026-03-31", 100_00), receipt("2026-03-31", "SI1", 100_00),
		creditNote("CN", "2026-03-31", "SI1", 100_00), invoice("SI2", "2026-03-31", "2026-03-31", 100_00))
	p := peerPack(t, l, "2026-03-31", func(o *analysis.Options) { o.Apply = analysis.ExplicitThenFIFO })
	wantOpen(t, p)
	wantFigures(t, p, 0, map[string]string{"balance": "0.00", "on_account": "0.00", "documents_open": "0"})
	p = peerPack(t, l, "2026-03-31", nil) // explicit: nobody has linked them
	wantFigures(t, p, 0, map[string]string{"balance": "0.00", "on_account": "-100.00", "documents_open": "1"})
}

// PC-22 (asserted by ERPNext): advances. The peer takes them off the oldest
// bucket, which is our treatment net_oldest; by default they stand beside it.
func TestPC22AdvancesLowerTheOldestBucketOrStandBesideIt(t *testing.T) {
	l := book(invoice("SI", "2026-03-20", "2026-03-20", 200_00), receipt("2026-03-25", "", 50_00))
	netted := func(o *analysis.Options) { o.Aging.Credits = analysis.CreditsNetOldest }
	p := peerPack(t, l, "2026-03-31", netted)
	wantAging(t, p, "0.00", "0.00", "150.00", "0.00", "0.00", "0.00", "0.00")
	wantFigures(t, p, 0, map[string]string{"overdue": "150.00", "balance": "150.00"})
	wantAging(t, peerPack(t, l, "2026-03-31", nil), "-50.00", "0.00", "200.00", "0.00", "0.00", "0.00", "0.00")

	l = book(invoice("SI", "2026-03-20", "2026-03-20", 200_00), receipt("2026-03-25", "", 50_00), receipt("2026-03-26", "SI", 125_00))
	wantAging(t, peerPack(t, l, "2026-03-31", netted), "0.00", "0.00", "25.00", "0.00", "0.00", "0.00", "0.00")
	wantAging(t, peerPack(t, l, "2026-03-31", nil), "-50.00", "0.00", "75.00", "0.00", "0.00", "0.00", "0.00")

	p = peerPack(t, book(receipt("2026-03-25", "ORDER", 1000_00)), "2026-03-31", nil)
	wantFigures(t, p, 0, map[string]string{"receipts": "1000.00", "balance": "-1000.00", "on_account": "-1000.00"})
}

// PC-23 (asserted by ERPNext): the open amount ties to the general ledger.
func TestPC23OpenAmountTiesToTheGeneralLedger(t *testing.T) {
	part := book(invoice("SI", "2026-03-20", "2026-03-20", 200_00), receipt("2026-03-25", "SI", 150_00))
	part.Control = []ledger.ControlBalance{{Account: "Debtors", Date: day("2026-03-31"), Currency: 0, Balance: 50_00}}
	p := peerPack(t, part, "2026-03-31", nil)
	wantOpen(t, p, "SI 50.00")
	if len(p.TieOut) == 0 {
		t.Fatal("no tie-out")
	}
	for _, tie := range p.TieOut {
		if tie.Ledger != 50_00 || tie.Difference() != 0 {
			t.Errorf("tie-out %+v differs by %d, want 50.00 on both sides", tie, tie.Difference())
		}
	}
	wantOpen(t, peerPack(t, book(invoice("SI", "2026-03-20", "2026-03-20", 200_00), receipt("2026-03-25", "SI", 200_00)), "2026-03-31", nil))
}

// PC-24 (asserted by ERPNext): one cent is an open item.
func TestPC24OneCentIsOpen(t *testing.T) {
	p := peerPack(t, book(invoice("SI", "2026-03-20", "2026-03-20", 100_00), receipt("2026-03-25", "SI", 99_99)), "2026-03-31", nil)
	wantOpen(t, p, "SI 0.01")
	wantFigures(t, p, 0, map[string]string{"documents_open": "1", "balance": "0.01"})
}

// PC-26 (asserted by ERPNext): two rows of a customer, its subtotal and the
// grand total.
func TestPC26RowsSubtotalAndGrandTotal(t *testing.T) {
	p := peerPack(t, book(invoice("A", "2026-03-30", "2026-03-30", 100_00), invoice("B", "2026-03-31", "2026-03-31", 85_00)), "2026-03-31", nil)
	wantOpen(t, p, "A 100.00", "B 85.00")
	wantFigures(t, p, 0, map[string]string{"customers/C1/balance": "185.00", "balance": "185.00"})
}

// PC-29 (asserted by ERPNext): two control accounts. A line of our ledger
// names no account, so the accounts of one date are added up for the tie-out.
func TestPC29TwoControlAccountsTieTogether(t *testing.T) {
	l := book(
		ledger.Entry{ID: ledgertest.ID("JV1"), Kind: ledger.Adjustment, Posted: day("2026-03-31"), Amount: 150_00},
		ledger.Entry{ID: ledgertest.ID("JV2"), Kind: ledger.Adjustment, Posted: day("2026-03-31"), Amount: 200_00})
	l.Control = []ledger.ControlBalance{
		{Account: "Debtors", Date: day("2026-03-31"), Currency: 0, Balance: 150_00},
		{Account: "Debtors 2", Date: day("2026-03-31"), Currency: 0, Balance: 200_00}}
	p := peerPack(t, l, "2026-03-31", nil)
	wantOpen(t, p, "JV1 150.00", "JV2 200.00")
	found := false
	for _, tie := range p.TieOut {
		if tie.Account == "Debtors + Debtors 2" {
			found = true
			if tie.Control != 350_00 || tie.Difference() != 0 {
				t.Errorf("control %d differs by %d, want 35000 and 0", tie.Control, tie.Difference())
			}
		}
	}
	if !found {
		t.Errorf("no tie-out of both accounts: %+v", p.TieOut)
	}
}

// PC-30 (asserted by ERPNext), the part that is a figure: a return that names
// an invoice counts for the invoice's rep, though the return has none and the
// customer has another.
func TestPC30ReturnKeepsTheRepOfItsInvoice(t *testing.T) {
	l := book(invoice("SI", "2026-03-20", "2026-03-20", 200_00), creditNote("CN", "2026-03-25", "SI", 100_00))
	l.Reps = []ledger.Rep{{ID: "SELLER"}, {ID: "PRESENT"}}
	l.Entries[0].Rep, l.Customers[0].Rep = 0, 1
	p := peerPack(t, l, "2026-03-31", nil)
	wantFigures(t, p, 0, map[string]string{"reps/SELLER/sales": "100.00", "reps/SELLER/balance": "100.00", "balance": "100.00"})
}

// C. FIFO, hierarchy, KPI, provision, interest

// PC-31 (worked example): a ledger without allocations, first in first out.
func TestPC31FIFOLowersTheEarliestDue(t *testing.T) {
	three := []ledger.Entry{
		invoice("1", "2026-01-15", "2026-01-15", 100000_00),
		invoice("2", "2026-02-20", "2026-02-20", 50000_00),
		invoice("3", "2026-03-10", "2026-03-10", 75000_00)}
	two := []ledger.Entry{invoice("B", "2026-01-15", "2026-01-15", 100000_00), invoice("A", "2026-01-15", "2026-01-15", 100000_00)}
	for _, c := range []struct {
		name      string
		invoices  []ledger.Entry
		paid      ledger.Minor
		open      []string
		onAccount string
	}{
		{"130,000 of three", three, 130000_00, []string{"2 20000.00", "3 75000.00"}, "0.00"},
		{"nothing of three", three, 0, []string{"1 100000.00", "2 50000.00", "3 75000.00"}, "0.00"},
		{"150,000 of 100,000", three[:1], 150000_00, []string{"R-2026-03-20 -50000.00"}, "-50000.00"},
		{"150,000 of two, same day", two, 150000_00, []string{"B 50000.00"}, "0.00"}, // then by id (rules §3)
	} {
		t.Run(c.name, func(t *testing.T) {
			lines := slices.Clone(c.invoices)
			if c.paid > 0 {
				lines = append(lines, receipt("2026-03-20", "", c.paid))
			}
			p := peerPack(t, book(lines...), "2026-03-31", func(o *analysis.Options) { o.Apply = analysis.FIFO })
			wantOpen(t, p, c.open...)
			wantFigures(t, p, 0, map[string]string{"on_account": c.onAccount})
		})
	}
}

// PC-31, sequence asserted by iDempiere's test of open items.
func TestPC31SequenceOfReceiptsCreditAndDebitNote(t *testing.T) {
	l := book(
		invoice("I1", "2020-10-20", "2020-11-19", 550_00),
		invoice("I2", "2020-10-25", "2020-11-24", 550_00),
		receipt("2020-11-01", "", 550_00),
		receipt("2020-11-03", "", 200_00),
		receipt("2020-11-04", "", 250_00),
		creditNote("CN", "2020-11-05", "", 100_00),
		ledger.Entry{ID: ledgertest.ID("DN"), Kind: ledger.DebitNote, Posted: day("2020-11-06"), Due: day("2020-12-06"), Amount: 50_00})
	fifo := func(o *analysis.Options) { o.Apply = analysis.FIFO }
	wantOpen(t, peerPack(t, l, "2020-11-01", fifo), "I2 550.00")
	wantOpen(t, peerPack(t, l, "2020-11-04", fifo), "I2 100.00")
	wantOpen(t, peerPack(t, l, "2020-11-05", fifo))
	wantOpen(t, peerPack(t, l, "2020-11-30", fifo), "DN 50.00")
}

// period begins on another day than the first of the month.
func period(from string) func(*analysis.Options) {
	return func(o *analysis.Options) { o.From = day(from) }
}

// PC-32 simple DSO: 150,000; 1,800,000; 365 days → 30.42.
func TestPC32SimpleDSO(t *testing.T) {
	p := peerPack(t, book(
		invoice("A", "2025-05-02", "2025-06-01", 1650000_00), receipt("2025-06-01", "A", 1650000_00),
		invoice("B", "2025-12-15", "2026-01-14", 150000_00)), "2025-12-31", period("2025-01-01"))
	wantFigures(t, p, 2, map[string]string{"closing": "150000.00", "sales": "1800000.00", "dso": "30.42"})
}

// countBackBook has monthly sales, given back from the month of the last day,
// in whole units, and a balance at that day.
func countBackBook(last string, balance ledger.Minor, sales ...ledger.Minor) *ledger.Ledger {
	var lines []ledger.Entry
	total := ledger.Minor(0)
	for i, amount := range sales {
		date := day(last).MonthStart().AddMonths(-i).String()
		lines = append(lines, invoice(fmt.Sprint("M", i), date, date, amount*100))
		total += amount * 100
	}
	slices.Reverse(lines)
	return book(append(lines, receipt(last, "", total-balance*100))...)
}

// PC-32 count-back: 212,000 against 100, 80 and 70 thousand. The manual counts
// 30 days a month and gets 73.71; we count the months as they are (rules §6),
// so from 30 November over October (31 days) it is one day more.
func TestPC32CountBack(t *testing.T) {
	p := peerPack(t, countBackBook("2026-11-30", 212_000, 100_000, 80_000, 70_000), "2026-11-30", nil)
	wantFigures(t, p, 2, map[string]string{"closing": "212000.00", "dso_countback": "74.71"})
}

// PC-32 count-back over real months: 13,000 → 179.67. Oracle's manual prints
// 12,000 beside 179.7, which is its misprint: 12,000 is 166.33.
func TestPC32CountBackOverRealMonths(t *testing.T) {
	months := []ledger.Minor{2500, 1750, 2250, 2500, 2000, 2250} // September back to April
	for balance, want := range map[ledger.Minor]string{13_000: "179.67", 12_000: "166.33"} {
		p := peerPack(t, countBackBook("2026-09-30", balance, months...), "2026-09-30", nil)
		wantFigures(t, p, 2, map[string]string{"dso_countback": want})
	}
}

// PC-32 DSO, BPDSO and ADD: 15,000; 4,000; 10,000; 30 days → 45, 12, 33.
func TestPC32DSOBestPossibleAndAverageDaysDelinquent(t *testing.T) {
	p := peerPack(t, book(
		invoice("OLD", "2026-07-01", "2026-07-31", 11000_00),
		invoice("PAID", "2026-09-01", "2026-09-20", 6000_00), receipt("2026-09-20", "PAID", 6000_00),
		invoice("NEW", "2026-09-15", "2026-10-15", 4000_00)), "2026-09-30", nil)
	wantFigures(t, p, 2, map[string]string{"closing": "15000.00", "sales": "10000.00", "company/aging/not_due": "4000.00", "dso": "45.00", "bpdso": "12.00", "add": "33.00"})
}

// PC-32 CEI: 6,200; 10,890; 6,340; 3,590. Over three months rules §6 takes the
// monthly average of the sales, 55.93; the other reading, the full sales, is
// the same figure over one month, 79.63.
func TestPC32CollectionEffectivenessIndex(t *testing.T) {
	lines := func(sale string) *ledger.Ledger {
		return book(
			invoice("OLD", "2026-05-01", "2026-05-31", 6200_00),
			invoice("A", sale, sale, 7300_00),
			invoice("B", "2026-09-10", "2026-10-10", 3590_00),
			receipt("2026-09-20", "OLD", 6200_00), receipt("2026-09-20", "A", 4550_00))
	}
	for from, want := range map[string]string{"2026-07-01": "55.93", "2026-09-01": "79.63"} {
		p := peerPack(t, lines(from), "2026-09-30", period(from))
		wantFigures(t, p, 2, map[string]string{"opening": "6200.00", "sales": "10890.00", "closing": "6340.00", "company/aging/not_due": "3590.00", "cei": want})
	}
}

// PC-32 turnover: 6,205,000 ÷ 335,000 → 18.52 times; 19.71 days.
func TestPC32Turnover(t *testing.T) {
	p := peerPack(t, book(
		invoice("OLD", "2024-12-01", "2024-12-31", 335000_00),
		invoice("A", "2025-03-01", "2025-03-31", 6205000_00), receipt("2025-06-01", "A", 6205000_00)), "2025-12-31", period("2025-01-01"))
	wantFigures(t, p, 2, map[string]string{"turnover": "18.52", "dso": "19.71"})
}

// PC-32 weighted days: 10 in 5 days and 100 in 10 days are 9.55, not 7.5.
func TestPC32DaysToPayAreWeightedByAmount(t *testing.T) {
	p := peerPack(t, book(
		invoice("A", "2026-03-01", "2026-03-06", 10_00), receipt("2026-03-06", "A", 10_00),
		invoice("B", "2026-03-01", "2026-03-31", 100_00), receipt("2026-03-11", "B", 100_00)), "2026-03-31", nil)
	// Late by 0 and by −20 days: (10 × 0 − 100 × 20) ÷ 110.
	wantFigures(t, p, 2, map[string]string{"days_to_pay": "9.55", "days_late": "-18.18", "on_time_rate": "1.00"})
}

// matrix builds a book with an amount in each bucket and given loss rates.
func matrix(t *testing.T, rates []ledger.Ratio, cents ...ledger.Minor) *analysis.Pack {
	t.Helper()
	var lines []ledger.Entry
	for i, amount := range cents {
		due := day("2026-12-31") - ledger.Date([]int{0, 30, 60, 90, 91}[i])
		lines = append(lines, invoice(fmt.Sprint("B", i), (due-30).String(), due.String(), amount))
	}
	return peerPack(t, book(lines...), "2026-12-31", func(o *analysis.Options) { o.Bounds, o.LossRates = dayBounds(30, 60, 90), rates })
}

// PC-32 roll rates: 100,000 → 50,000 → 23,000 → 8,000 → 2,000 give 2 %, 4 %,
// 8.6957 %, 25 % and 100 %; on 300/140/60/23/5 thousand 27,567.39. (That the
// rates follow from such a history is tested with the roll rates.)
func TestPC32ProvisionByRollRates(t *testing.T) {
	rates := []ledger.Ratio{{Num: 2000, Den: 100_000}, {Num: 2000, Den: 50_000}, {Num: 2000, Den: 23_000}, {Num: 2000, Den: 8000}, {Num: 2000, Den: 2000}}
	p := matrix(t, rates, 300000_00, 140000_00, 60000_00, 23000_00, 5000_00)
	wantFigures(t, p, 2, map[string]string{"provision": "27567.39"})
}

// PC-32 IFRS 9, Illustrative Example 12.
func TestPC32ProvisionMatrixOfIE12(t *testing.T) {
	rates := []ledger.Ratio{{Num: 3, Den: 1000}, {Num: 16, Den: 1000}, {Num: 36, Den: 1000}, {Num: 66, Den: 1000}, {Num: 106, Den: 1000}}
	p := matrix(t, rates, 15_000_000_00, 7_500_000_00, 4_000_000_00, 2_500_000_00, 1_000_000_00)
	wantFigures(t, p, 2, map[string]string{"provision": "580000.00"})
	for i, want := range []ledger.Minor{45_000_00, 120_000_00, 144_000_00, 165_000_00, 106_000_00} {
		for _, item := range p.Detail.Open {
			if int(item.Bucket) == i && item.Provision != want {
				t.Errorf("bucket %s: %d, want %d", p.Buckets[i].ID, item.Provision, want)
			}
		}
	}
}

// PC-32 迁徙率: of 100 up to a year old 50 are left after a year; of the
// decrease 20 were written off, which is moved on and not collected: 70 %.
func TestPC32WriteOffsCountAsRolledOn(t *testing.T) {
	if got := (analysis.RollRate{Base: 100, Moved: 50, Lost: 20}).Rate().FloatString(2); got != "0.70" {
		t.Errorf("roll rate %s, want 0.70", got)
	}
}

// lateCost is the financing cost of one invoice that is paid some days late.
func lateCost(t *testing.T, cents ledger.Minor, percent int64, days ledger.Date) string {
	t.Helper()
	due := day("2026-03-31")
	l := book(invoice("A", "2026-03-01", due.String(), cents), receipt((due+days).String(), "A", cents))
	p := peerPack(t, l, "2026-12-31", func(o *analysis.Options) {
		o.From, o.Rates[0].Rate = day("2026-01-01"), ledger.Ratio{Num: percent, Den: 100}
	})
	return figure(t, p, "company/financing_cost", 0)
}

// PC-32 late interest (asserted by the peer, without its fee of 10) and the
// cost of lateness, ACT/365.
func TestPC32CostOfLateness(t *testing.T) {
	for _, c := range []struct {
		cents   ledger.Minor
		percent int64
		days    ledger.Date
		want    string
	}{{100_00, 10, 15, "0.41"}, {100_000_00, 7, 45, "863.01"}, {500_000_00, 10, 90, "12328.77"}} {
		if got := lateCost(t, c.cents, c.percent, c.days); got != c.want {
			t.Errorf("%d at %d %% for %d days: %s, want %s", c.cents, c.percent, c.days, got, c.want)
		}
	}
}

func percent(n int64) ledger.Ratio { return ledger.Ratio{Num: n, Den: 100} }

// PC-32 months to zero margin, and the table of rules §7.
func TestPC32MonthsToZero(t *testing.T) {
	check := func(margin, rate int64, want string) {
		if v := analysis.MonthsToZero(percent(margin), percent(rate)); v.IsAbsent() || v.Ratio.FloatString(1) != want {
			t.Errorf("%d %% at %d %%: %v, want %s", margin, rate, v, want)
		}
	}
	check(5, 12, "5.0")
	for margin, row := range map[int64][3]string{
		10: {"24.0", "20.0", "15.0"}, 8: {"19.2", "16.0", "12.0"}, 6: {"14.4", "12.0", "9.0"}, 4: {"9.6", "8.0", "6.0"}, 2: {"4.8", "4.0", "3.0"},
	} {
		for i, rate := range []int64{5, 6, 8} {
			check(margin, rate, row[i])
		}
	}
}

// PC-32 extra sales, and the table of rules §8 in full: where the printed
// course table cuts a cell, ours is exact.
func TestPC32ExtraSales(t *testing.T) {
	check := func(loss, margin int64, want string) {
		if v := analysis.SalesNeeded(ledger.Minor(loss*100), percent(margin)); v.IsAbsent() || v.Minor.Decimal(2) != want {
			t.Errorf("%d at %d %%: %v, want %s", loss, margin, v, want)
		}
	}
	check(5000, 18, "27777.78")
	check(12000, 3, "400000.00")
	check(50000, 6, "833333.33")
	for loss, row := range map[int64][5]string{
		500:  {"25000.00", "16666.67", "12500.00", "10000.00", "8333.33"},
		600:  {"30000.00", "20000.00", "15000.00", "12000.00", "10000.00"},
		700:  {"35000.00", "23333.33", "17500.00", "14000.00", "11666.67"},
		750:  {"37500.00", "25000.00", "18750.00", "15000.00", "12500.00"},
		800:  {"40000.00", "26666.67", "20000.00", "16000.00", "13333.33"},
		900:  {"45000.00", "30000.00", "22500.00", "18000.00", "15000.00"},
		1000: {"50000.00", "33333.33", "25000.00", "20000.00", "16666.67"},
		1500: {"75000.00", "50000.00", "37500.00", "30000.00", "25000.00"},
		2500: {"125000.00", "83333.33", "62500.00", "50000.00", "41666.67"},
	} {
		for i, want := range row {
			check(loss, int64(i+2), want)
		}
	}
	// And as a figure: 5,000 written off in a book with a margin of 18 %.
	p := peerPack(t, book(
		invoice("A", "2026-03-01", "2026-03-31", 5000_00),
		ledger.Entry{ID: ledgertest.ID("W"), Kind: ledger.WriteOff, Posted: day("2026-12-15"), Amount: -5000_00, Settles: ledgertest.ID("A")}),
		"2026-12-31", func(o *analysis.Options) { o.Margin = percent(18) })
	wantFigures(t, p, 0, map[string]string{"bad_debt": "5000.00", "extra_sales": "27777.78"})
}

// PC-32 rep targets (asserted by ERPNext): of a target of 50 each achieves 10,
// variance −40; by amount 10,000 of 30,000. An order of 20 that two reps share
// is a document of 10 for each, because a document has one rep (rules §2).
func TestPC32SalesAgainstTarget(t *testing.T) {
	l := book(
		invoice("A", "2026-03-10", "2026-04-10", 10_00), invoice("B", "2026-03-10", "2026-04-10", 10_00),
		invoice("C", "2026-03-10", "2026-04-10", 10000_00))
	l.Reps = []ledger.Rep{{ID: "R1"}, {ID: "R2"}, {ID: "R3"}}
	for i, cents := range []ledger.Minor{50_00, 50_00, 30000_00} {
		l.Entries[i].Rep = int32(i)
		l.Targets = append(l.Targets, ledger.Target{Rep: int32(i), Month: day("2026-03-01").Month(), Sales: cents, HasSales: true})
	}
	p := peerPack(t, l, "2026-03-31", nil)
	wantFigures(t, p, 4, map[string]string{
		"reps/R1/sales": "10.00", "reps/R1/sales_target": "50.00", "reps/R1/sales_attainment": "0.2000", "reps/R2/sales_attainment": "0.2000",
		"reps/R3/sales": "10000.00", "reps/R3/sales_target": "30000.00", "reps/R3/sales_attainment": "0.3333"})
}
