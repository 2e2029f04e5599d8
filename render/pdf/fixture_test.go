package pdf

import (
	"fmt"
	"testing"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/analysis/ledgertest"
	"duepack/render"
)

func date(s string) ledger.Date { return ledger.MustDate(s) }

// hostileNames are customers as exports have them, and worse.
var hostileNames = []string{
	"恒达国际贸易（上海）有限公司", "Northwind Traders Ltd.", "</script><script>alert(1)</script>",
	"Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
	"XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX",
	"Emoji 😀 Trading 🚀", "𠮷野家 Holdings", "חברת המסחר בע״מ", "Line\nbreak\r\nand\ttab Ltd", `=HYPERLINK("http://x")`,
	"中华人民共和国黑龙江省哈尔滨市南岗区西大直街进出口贸易集团股份有限公司第二分公司（筹）", "Rupee ₹ & Sons", "__f__alert(1)__f__", "A",
	"the quick brown fox jumps over the lazy dog and keeps running until the cell is surely full of words that nobody reads",
}

// fixtureBook is a trading company with three currencies, hostile customers
// and so many reps; amounts grow by the factor.
func fixtureBook(customers, reps int, factor ledger.Minor) *ledger.Ledger {
	l := &ledger.Ledger{
		Numbering:  &ledgertest.Numbering,
		Currencies: []ledger.Currency{{Code: "CNY", Exponent: 2}, {Code: "USD", Exponent: 2}, {Code: "JPY", Exponent: 0}},
		Regions:    []string{"华东", "North", "Overseas"},
		Sources:    []ledger.Source{{File: "ledger.xlsx", Sheet: "Ledger"}},
		Rates: []ledger.FxRate{
			{Currency: 1, Date: date("2025-01-01"), Rate: ledger.Ratio{Num: 71, Den: 10}},
			{Currency: 2, Date: date("2025-01-01"), Rate: ledger.Ratio{Num: 48, Den: 1000}}},
		Control: []ledger.ControlBalance{{Account: "1122", Date: date("2026-10-31"), Currency: -1, Balance: 123456789}},
	}
	for r := range reps {
		l.Reps = append(l.Reps, ledger.Rep{ID: fmt.Sprintf("R%02d", r+1), Name: []string{"李明", "Anna Schmidt", "王小红", "Rep with a rather long name indeed"}[r%4] + fmt.Sprint(" ", r+1)})
		l.Targets = append(l.Targets, ledger.Target{Rep: int32(r), Month: date("2026-10-01").Month(), Sales: 50_000_00 * factor, Collection: 40_000_00 * factor,
			Expenses: 1_000_00 * factor, HasSales: true, HasCollection: true, HasExpenses: true})
	}
	row := int32(1)
	add := func(e ledger.Entry) {
		row++
		e.Pos = ledger.Pos{Row: row}
		e.Issued = e.Posted
		l.Entries = append(l.Entries, e)
	}
	for c := range customers {
		name := hostileNames[c%len(hostileNames)]
		if c >= len(hostileNames) {
			name = fmt.Sprintf("%s %d", name, c)
		}
		rep, region := int32(c%reps), int32(c%3)
		l.Customers = append(l.Customers, ledger.Customer{ID: fmt.Sprintf("C%03d", c+1), Name: name, Rep: rep, Region: region})
		for m := range 10 {
			posted := date("2026-01-05").AddMonths(m) + ledger.Date(c%20)
			id := fmt.Sprintf("INV-%03d-%02d", c+1, m+1)
			amount := (ledger.Minor(1_000_00+c*37_21+m*911_07) * factor)
			currency := uint8(0)
			if c%3 == 2 {
				currency = uint8(1 + c%2)
			}
			add(ledger.Entry{ID: ledgertest.ID(id), Kind: ledger.Invoice, Customer: int32(c), Rep: rep, Region: region, Currency: currency, Posted: posted, Due: posted + 30, Amount: amount, Cost: amount * 9 / 10, Flags: ledger.HasCost})
			if (c+m)%3 != 0 {
				add(ledger.Entry{ID: ledgertest.ID("RC-" + id), Kind: ledger.Receipt, Customer: int32(c), Rep: rep, Region: region, Currency: currency, Posted: posted + ledger.Date(20+(c*m)%60), Amount: -amount * 8 / 10, Settles: ledgertest.ID(id)})
			}
		}
		if c%5 == 0 {
			add(ledger.Entry{ID: ledgertest.ID(fmt.Sprintf("WO-%d", c)), Kind: ledger.WriteOff, Customer: int32(c), Rep: rep, Region: region, Posted: date("2026-10-15"), Amount: -500_00 * factor, Settles: ledgertest.ID(fmt.Sprintf("INV-%03d-01", c+1))})
			add(ledger.Entry{ID: ledgertest.ID(fmt.Sprintf("PRE-%d", c)), Kind: ledger.Receipt, Customer: int32(c), Rep: rep, Region: region, Posted: date("2026-10-20"), Amount: -7_00 * factor})
		}
	}
	return l
}

// fixture is the pack of a fixture book for October 2026.
func fixture(t testing.TB, l *ledger.Ledger) *analysis.Pack {
	t.Helper()
	p, err := analysis.Build(l, analysis.Options{
		Book: "Meridian Trading 子午线贸易", AsOf: date("2026-10-31"), From: date("2026-10-01"), To: date("2026-10-31"),
		Apply: analysis.Explicit, RepBasis: analysis.RepOnDocument, Margin: ledger.Ratio{Num: 5, Den: 100},
		Rates: []analysis.RateFrom{{Rate: ledger.Ratio{Num: 6, Den: 100}}}, Basis: analysis.ACT365,
		Aging: analysis.AgingRule{Basis: analysis.ByDue, Credits: analysis.CreditsOnAccount}, Bounds: analysis.DefaultBounds(),
		LossRates:   []ledger.Ratio{{Num: 5, Den: 1000}, {Num: 2, Den: 100}, {Num: 5, Den: 100}, {Num: 10, Den: 100}, {Num: 25, Den: 100}, {Num: 60, Den: 100}},
		Assumptions: []analysis.Assumption{{Key: "financing.rate", Value: "6%", Reason: "given-config"}, {Key: "margin", Value: "5%", Reason: "default"}},
		Inputs:      []analysis.Input{{File: "ledger.xlsx", SHA256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", Bytes: 12345, Rows: len(l.Entries)}},
		Exceptions: analysis.Exceptions{Errors: 1, Notes: 12, LeftOut: 1200, ByCode: []analysis.ExceptionCount{
			{Code: "bad-amount", Error: true, Count: 1, Example: `ledger.xlsx!Ledger!F17: error bad-amount: "12,3x" is not an amount`},
			{Code: "due-derived", Count: 12, Example: `ledger.xlsx!Ledger!H3: note due-derived: due date 2026-03-04 from terms net 30`}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func words(t testing.TB, lang string) *render.Words {
	t.Helper()
	w, err := render.New(lang)
	if err != nil {
		t.Fatal(err)
	}
	return w
}
