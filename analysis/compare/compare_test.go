package compare_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"duepack/analysis"
	"duepack/analysis/compare"
	"duepack/analysis/ledger"
	"duepack/analysis/ledgertest"
)

func day(s string) ledger.Date { return ledger.MustDate(s) }

// closed is a pack of a ledger for one month, as its two files hold it.
func closed(t *testing.T, month string, entries ...ledger.Entry) *compare.Closed {
	t.Helper()
	from := day(month + "-01")
	return closedFor(t, from, from.MonthEnd(), entries...)
}

// closedFor is a pack of a ledger for a period.
func closedFor(t *testing.T, from, to ledger.Date, entries ...ledger.Entry) *compare.Closed {
	t.Helper()
	l := &ledger.Ledger{
		Numbering:  &ledgertest.Numbering,
		Currencies: []ledger.Currency{{Code: "CNY", Exponent: 2}},
		Customers:  []ledger.Customer{{ID: "C1", Rep: ledger.None, Region: ledger.None}},
		Sources:    []ledger.Source{{File: "l.csv"}},
	}
	for i, e := range entries {
		e.Issued, e.Rep, e.Region, e.Pos = e.Posted, ledger.None, ledger.None, ledger.Pos{Row: int32(i + 2)}
		if e.Amount > 0 && e.Due == 0 {
			e.Due = e.Posted + 30
		}
		l.Entries = append(l.Entries, e)
	}
	p, err := analysis.Build(l, analysis.Options{
		AsOf: to, From: from, To: to, Apply: analysis.Explicit, RepBasis: analysis.RepOnDocument,
		Margin: ledger.Ratio{Num: 1, Den: 20}, Rates: []analysis.RateFrom{{Rate: ledger.Ratio{Num: 3, Den: 50}}}, Basis: analysis.ACT365,
		Aging: analysis.AgingRule{Basis: analysis.ByDue, Credits: analysis.CreditsOnAccount}, Bounds: analysis.DefaultBounds(),
	})
	if err != nil {
		t.Fatal(err)
	}
	documents, err := json.Marshal(compare.DocumentsOf(p))
	if err != nil {
		t.Fatal(err)
	}
	pack := fmt.Sprintf(`{"schema": "duepack.pack/1", "as_of": %q, "period": {"from": %q, "to": %q}, "currency": "CNY", "buckets": [{"id": "not_due"}, {"id": "1-30"}],
		"company": {"aging": {"not_due": %q, "1-30": %q}, "balance": %q, "dso": null}, "by_currency": [], "regions": [], "reps": [], "customers": []}`,
		p.AsOf, p.From, p.To, p.Company.Aging[0].Decimal(2), p.Company.Aging[1].Decimal(2), p.Company.Value(analysis.Balance).Minor.Decimal(2))
	c, err := compare.Read([]byte(pack), documents)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEveryChangeOfABalanceNamesItsDocuments(t *testing.T) {
	september := []ledger.Entry{
		{ID: ledgertest.ID("PAID"), Kind: ledger.Invoice, Posted: day("2026-09-01"), Amount: 100_00},
		{ID: ledgertest.ID("PART"), Kind: ledger.Invoice, Posted: day("2026-09-02"), Due: day("2026-12-02"), Amount: 200_00},
		{ID: ledgertest.ID("LOST"), Kind: ledger.Invoice, Posted: day("2026-09-03"), Amount: 300_00},
		{ID: ledgertest.ID("LATE"), Kind: ledger.Invoice, Posted: day("2026-09-20"), Amount: 400_00},
		{ID: ledgertest.ID("MOVED"), Kind: ledger.Invoice, Posted: day("2026-09-21"), Amount: 500_00},
	}
	old := closed(t, "2026-09", september...)
	october := append([]ledger.Entry(nil), september...)
	october[4].Amount = 550_00 // changed after September was closed
	october = append(october,
		ledger.Entry{ID: ledgertest.ID("BACK"), Kind: ledger.Invoice, Posted: day("2026-09-30"), Amount: 7_00}, // backdated
		ledger.Entry{ID: ledgertest.ID("NEW"), Kind: ledger.Invoice, Posted: day("2026-10-05"), Amount: 600_00},
		ledger.Entry{ID: ledgertest.ID("R"), Kind: ledger.Receipt, Posted: day("2026-10-06"), Amount: -100_00, Settles: ledgertest.ID("PAID")},
		ledger.Entry{ID: ledgertest.ID("R"), Kind: ledger.Receipt, Posted: day("2026-10-06"), Amount: -50_00, Settles: ledgertest.ID("PART")},
		ledger.Entry{ID: ledgertest.ID("W"), Kind: ledger.WriteOff, Posted: day("2026-10-07"), Amount: -300_00, Settles: ledgertest.ID("LOST")})
	d, err := compare.Compare(old, closed(t, "2026-10", october...))
	if err != nil {
		t.Fatal(err)
	}
	wantCauses(t, d,
		"restated BACK →7.00", "restated MOVED 500.00→550.00", "written_off LOST 300.00→", "new NEW →600.00",
		"settled PAID 100.00→", "lowered PART 200.00→150.00", "reaged LATE 400.00→400.00")
	for _, c := range d.Changes {
		if c.Figure == "company/balance" && (*c.Old != "1500.00" || *c.New != "1707.00" || c.By != "207.00") {
			t.Errorf("balance %s → %s by %s, want 1500.00 → 1707.00 by 207.00", *c.Old, *c.New, c.By)
		}
	}
}

// What a rerun of a closed date shows is no payment of a later month: a receipt
// that turned up, one that went, and an invoice that was taken out.
func TestEveryChangeAtTheSameDateIsRestated(t *testing.T) {
	invoice := func(id string) ledger.Entry {
		return ledger.Entry{ID: ledgertest.ID(id), Kind: ledger.Invoice, Posted: day("2026-08-01"), Amount: 100_00}
	}
	receipt := func(id string) ledger.Entry {
		return ledger.Entry{ID: ledgertest.ID("R" + id), Kind: ledger.Receipt, Posted: day("2026-09-10"), Amount: -100_00, Settles: ledgertest.ID(id)}
	}
	old := closed(t, "2026-09", invoice("A"), invoice("B"), invoice("C"), invoice("D"), receipt("B"))
	d, err := compare.Compare(old, closed(t, "2026-09", invoice("A"), invoice("B"), invoice("D"), receipt("A")))
	if err != nil {
		t.Fatal(err)
	}
	wantCauses(t, d, "restated A 100.00→", "restated B →100.00", "restated C 100.00→")
}

// Packs of the year to date know the lines of the closed months again: a
// receipt added in August is restated, one of October is not, and neither is a
// line that stands in another row now or has another rep.
func TestLinesOfAnEarlierMonthAreRestatedInAPackOfTheYear(t *testing.T) {
	invoice := func(id string) ledger.Entry {
		return ledger.Entry{ID: ledgertest.ID(id), Kind: ledger.Invoice, Posted: day("2026-02-01"), Due: day("2026-12-01"), Amount: 100_00}
	}
	lines := []ledger.Entry{invoice("A"), invoice("B"), invoice("C"), {ID: ledgertest.ID("R1"), Kind: ledger.Receipt, Posted: day("2026-09-10"), Amount: -10_00, Settles: ledgertest.ID("C")}}
	old := closedFor(t, day("2026-01-01"), day("2026-09-30"), lines...)
	d, err := compare.Compare(old, closedFor(t, day("2026-01-01"), day("2026-10-31"), append([]ledger.Entry{
		{ID: ledgertest.ID("R2"), Kind: ledger.Receipt, Posted: day("2026-08-10"), Amount: -100_00, Settles: ledgertest.ID("A")},
		{ID: ledgertest.ID("R3"), Kind: ledger.Receipt, Posted: day("2026-10-10"), Amount: -100_00, Settles: ledgertest.ID("B")}}, lines...)...))
	if err != nil {
		t.Fatal(err)
	}
	wantCauses(t, d, "restated A 100.00→", "settled B 100.00→")
}

// wantCauses compares what happened to documents, and to which.
func wantCauses(t *testing.T, d compare.Difference, want ...string) {
	t.Helper()
	var got []string
	for _, c := range d.Causes {
		got = append(got, fmt.Sprintf("%s %s %s→%s", c.What, c.Document.ID, c.OldOpen, c.NewOpen))
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("causes\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestAPackDoesNotDifferFromItself(t *testing.T) {
	c := closed(t, "2026-09", ledger.Entry{ID: ledgertest.ID("A"), Kind: ledger.Invoice, Posted: day("2026-09-01"), Amount: 100_00})
	d, err := compare.Compare(c, c)
	if err != nil || len(d.Changes)+len(d.Causes) != 0 {
		t.Errorf("%v changes, %v causes, %v", d.Changes, d.Causes, err)
	}
}

func TestPacksInTheWrongOrderAreRefused(t *testing.T) {
	e := ledger.Entry{ID: ledgertest.ID("A"), Kind: ledger.Invoice, Posted: day("2026-08-01"), Amount: 100_00}
	if _, err := compare.Compare(closed(t, "2026-10", e), closed(t, "2026-09", e)); err == nil {
		t.Error("October before September was compared")
	}
	if _, err := compare.Read([]byte(`{"schema": "other"}`), nil); err == nil {
		t.Error("a foreign file was read")
	}
}
