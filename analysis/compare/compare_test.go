package compare_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"duepack/analysis"
	"duepack/analysis/compare"
	"duepack/analysis/ledger"
)

func day(s string) ledger.Date { return ledger.MustDate(s) }

// closed is a pack of a ledger for one month, as its two files hold it.
func closed(t *testing.T, month string, entries ...ledger.Entry) *compare.Closed {
	t.Helper()
	l := &ledger.Ledger{
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
	from := day(month + "-01")
	p, err := analysis.Build(l, analysis.Options{
		AsOf: from.MonthEnd(), From: from, To: from.MonthEnd(), Apply: analysis.Explicit, RepBasis: analysis.RepOnDocument,
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
		{ID: "PAID", Kind: ledger.Invoice, Posted: day("2026-09-01"), Amount: 100_00},
		{ID: "PART", Kind: ledger.Invoice, Posted: day("2026-09-02"), Due: day("2026-12-02"), Amount: 200_00},
		{ID: "LOST", Kind: ledger.Invoice, Posted: day("2026-09-03"), Amount: 300_00},
		{ID: "LATE", Kind: ledger.Invoice, Posted: day("2026-09-20"), Amount: 400_00},
		{ID: "MOVED", Kind: ledger.Invoice, Posted: day("2026-09-21"), Amount: 500_00},
	}
	old := closed(t, "2026-09", september...)
	october := append([]ledger.Entry(nil), september...)
	october[4].Amount = 550_00 // changed after September was closed
	october = append(october,
		ledger.Entry{ID: "BACK", Kind: ledger.Invoice, Posted: day("2026-09-30"), Amount: 7_00}, // backdated
		ledger.Entry{ID: "NEW", Kind: ledger.Invoice, Posted: day("2026-10-05"), Amount: 600_00},
		ledger.Entry{ID: "R", Kind: ledger.Receipt, Posted: day("2026-10-06"), Amount: -100_00, Settles: "PAID"},
		ledger.Entry{ID: "R", Kind: ledger.Receipt, Posted: day("2026-10-06"), Amount: -50_00, Settles: "PART"},
		ledger.Entry{ID: "W", Kind: ledger.WriteOff, Posted: day("2026-10-07"), Amount: -300_00, Settles: "LOST"})
	d, err := compare.Compare(old, closed(t, "2026-10", october...))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range d.Causes {
		got = append(got, fmt.Sprintf("%s %s %s→%s", c.What, c.Document.ID, c.OldOpen, c.NewOpen))
	}
	want := []string{
		"restated BACK →7.00", "restated MOVED 500.00→550.00", "written_off LOST 300.00→", "new NEW →600.00",
		"settled PAID 100.00→", "lowered PART 200.00→150.00", "reaged LATE 400.00→400.00",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("causes\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for _, c := range d.Changes {
		if c.Figure == "company/balance" && (*c.Old != "1500.00" || *c.New != "1707.00" || c.By != "207.00") {
			t.Errorf("balance %s → %s by %s, want 1500.00 → 1707.00 by 207.00", *c.Old, *c.New, c.By)
		}
	}
}

func TestAPackDoesNotDifferFromItself(t *testing.T) {
	c := closed(t, "2026-09", ledger.Entry{ID: "A", Kind: ledger.Invoice, Posted: day("2026-09-01"), Amount: 100_00})
	d, err := compare.Compare(c, c)
	if err != nil || len(d.Changes)+len(d.Causes) != 0 {
		t.Errorf("%v changes, %v causes, %v", d.Changes, d.Causes, err)
	}
}

func TestPacksInTheWrongOrderAreRefused(t *testing.T) {
	e := ledger.Entry{ID: "A", Kind: ledger.Invoice, Posted: day("2026-08-01"), Amount: 100_00}
	if _, err := compare.Compare(closed(t, "2026-10", e), closed(t, "2026-09", e)); err == nil {
		t.Error("October before September was compared")
	}
	if _, err := compare.Read([]byte(`{"schema": "other"}`), nil); err == nil {
		t.Error("a foreign file was read")
	}
}
