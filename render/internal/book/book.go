// Package book makes packs for the tests of renderers: a small trading book
// whose customers have the names that break pages, a list of open items, an
// empty book, and one aged in years. Their figures come from analysis; tests of
// renderers check how figures are shown, not what they are.
package book

import (
	"fmt"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/analysis/ledgertest"
)

// HostileNames are names of customers that must come out harmless in every
// format: markup, a formula, the marker by which go-echarts emits JavaScript,
// a long word, right-to-left text, an emoji, a character beyond U+FFFF, a line
// break, and a gap of the wording.
var HostileNames = []string{
	"</script><script>alert(1)</script>",
	`=HYPERLINK("http://example.com","x")`,
	"__f__alert(1)__f__",
	"Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
	"شركة الأمل للتجارة",
	"Party 🎉 Supplies",
	"𠮷野家",
	"Line\nBreak & <b>Sons</b>",
	"{0} {b} ${x}",
	"恒达贸易有限公司",
}

// Options are the settings of the books here: October 2026, every default of
// the product, and loss rates.
func Options() analysis.Options {
	return analysis.Options{
		Book: "Meridian <Trading>", AsOf: ledger.MustDate("2026-10-31"), From: ledger.MustDate("2026-10-01"), To: ledger.MustDate("2026-10-31"),
		Apply: analysis.Explicit, RepBasis: analysis.RepOnDocument, Margin: ledger.Ratio{Num: 1, Den: 20},
		Rates: []analysis.RateFrom{{Rate: ledger.Ratio{Num: 3, Den: 50}}}, Basis: analysis.ACT365,
		Aging: analysis.AgingRule{Basis: analysis.ByDue, Credits: analysis.CreditsOnAccount}, Bounds: analysis.DefaultBounds(),
		LossRates: []ledger.Ratio{{Num: 1, Den: 200}, {Num: 1, Den: 50}, {Num: 1, Den: 20}, {Num: 1, Den: 10}, {Num: 1, Den: 4}, {Num: 3, Den: 5}},
		Assumptions: []analysis.Assumption{
			{Key: "as_of", Value: "2026-10-31", Reason: "as-of-month-end", Detail: "2026-11-03"},
			{Key: "financing.rate", Value: "6%", Reason: "given-config", Detail: "duepack.yaml:7:8"},
			{Key: "margin", Value: "5%", Reason: "default"},
		},
		Inputs: []analysis.Input{{File: "ledger.xlsx", SHA256: "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0", Bytes: 12345, Rows: 66}},
		Exceptions: analysis.Exceptions{Errors: 1, Notes: 2, LeftOut: 12345, ByCode: []analysis.ExceptionCount{
			{Code: "bad-amount", Error: true, Count: 1, Example: `ledger.xlsx!Ledger!F17: error bad-amount: "12,3x" is not an amount`},
			{Code: "due-derived", Count: 2, Example: "ledger.xlsx!Ledger!E4: note due-derived: due date from terms net 30"},
		}},
	}
}

// Ledger is the trading book: one customer per hostile name, three reps, two
// regions, three currencies, part payments, a write-off, a credit on account.
func Ledger() *ledger.Ledger {
	l := &ledger.Ledger{
		Numbering:  &ledgertest.Numbering,
		Currencies: []ledger.Currency{{Code: "CNY", Exponent: 2}, {Code: "JPY", Exponent: 0}, {Code: "KWD", Exponent: 3}},
		Reps:       []ledger.Rep{{ID: "R01", Name: "Ana & Co <i>"}, {ID: "R02", Name: "李明"}, {ID: "CON", Name: "../../etc/passwd"}},
		Regions:    []string{"华东", "North"},
		Sources:    []ledger.Source{{File: "ledger.xlsx", Sheet: "Ledger"}},
		Rates: []ledger.FxRate{
			{Currency: 1, Date: ledger.MustDate("2026-01-01"), Rate: ledger.Ratio{Num: 49, Den: 1000}},
			{Currency: 2, Date: ledger.MustDate("2026-01-01"), Rate: ledger.Ratio{Num: 235, Den: 10}},
			{Currency: 2, Date: ledger.MustDate("2026-10-31"), Rate: ledger.Ratio{Num: 234, Den: 10}},
		},
		Control: []ledger.ControlBalance{{Account: "1122", Date: ledger.MustDate("2026-10-31"), Currency: -1, Balance: 100}},
	}
	for i, name := range HostileNames {
		rep, region := int32(i%3), int32(i%2)
		if i == len(HostileNames)-1 {
			rep, region = ledger.None, ledger.None
		}
		l.Customers = append(l.Customers, ledger.Customer{ID: fmt.Sprintf("C%03d", i+1), Name: name, Rep: rep, Region: region})
	}
	l.Targets = []ledger.Target{{Rep: 0, Month: ledger.MustDate("2026-10-01").Month(), Sales: 50_000_00, Collection: 40_000_00, Expenses: 1_200_00, HasSales: true, HasCollection: true, HasExpenses: true}}
	addEntries(l)
	return l
}

// addEntries posts an invoice per customer and month from January on, and pays
// most of them late.
func addEntries(l *ledger.Ledger) {
	add := func(e ledger.Entry) {
		e.Pos = ledger.Pos{Row: int32(len(l.Entries) + 2)}
		l.Entries = append(l.Entries, e)
	}
	first := ledger.MustDate("2026-01-05")
	for c := range l.Customers {
		who := &l.Customers[c]
		currency := uint8(max(0, c-len(l.Customers)+3)) // the last two customers buy in JPY and KWD
		for m := range 10 {
			posted := first.AddMonths(m) + ledger.Date(c)
			amount := ledger.Minor(1_000_000 + 137_531*c + 71_113*m)
			id := fmt.Sprintf("INV-%02d-%02d", c+1, m+1)
			e := ledger.Entry{ID: ledgertest.ID(id), Kind: ledger.Invoice, Customer: int32(c), Rep: who.Rep, Region: who.Region, Currency: currency,
				Posted: posted, Issued: posted, Due: posted + 30, Amount: amount}
			if m == 8 && c == 1 {
				e.Flags |= ledger.Disputed
			}
			add(e)
			if late := ledger.Date(25 + 9*c); m < 7 && (m+c)%5 != 0 && posted+late <= ledger.MustDate("2026-10-31") {
				add(ledger.Entry{ID: ledgertest.ID("RC" + id), Kind: ledger.Receipt, Customer: int32(c), Rep: ledger.None, Region: ledger.None, Currency: currency,
					Posted: posted + late, Issued: posted + late, Amount: -amount, Settles: ledgertest.ID(id)})
			}
		}
	}
	october := ledger.MustDate("2026-10-20")
	add(ledger.Entry{ID: ledgertest.ID("WO-1"), Kind: ledger.WriteOff, Customer: 0, Rep: ledger.None, Region: ledger.None, Posted: october, Issued: october, Amount: -250_000, Settles: ledgertest.ID("INV-01-01")})
	add(ledger.Entry{ID: ledgertest.ID("RC-X"), Kind: ledger.Receipt, Customer: 2, Rep: ledger.None, Region: ledger.None, Posted: october, Issued: october, Amount: -777_77})
	add(ledger.Entry{ID: ledgertest.ID("RC-Y"), Kind: ledger.Receipt, Customer: 3, Rep: ledger.None, Region: ledger.None, Posted: october, Issued: october, Amount: -400_000, Settles: ledgertest.ID("INV-04-01")})
}

// Trading returns the pack of the trading book.
func Trading() *analysis.Pack { return must(Ledger(), Options()) }

// Years returns the pack of the trading book aged by issue date in months and
// years, with credits netted, over the quarter.
func Years() *analysis.Pack {
	opt := Options()
	opt.From = ledger.MustDate("2026-08-01")
	opt.Aging = analysis.AgingRule{Basis: analysis.ByIssued, Credits: analysis.CreditsNetOldest}
	opt.Bounds = []analysis.Bound{{N: 3, Unit: analysis.BoundMonths}, {N: 1, Unit: analysis.BoundYears}, {N: 2, Unit: analysis.BoundYears}}
	opt.LossRates = nil
	return must(Ledger(), opt)
}

// Snapshot returns the pack of a list of open items.
func Snapshot() *analysis.Pack {
	l := Ledger()
	l.Snapshot, l.Control = true, nil
	var open []ledger.Entry
	for _, e := range l.Entries {
		if e.Kind == ledger.Invoice {
			e.Flags |= ledger.HasOpen
			e.Open = e.Amount / 2
			open = append(open, e)
		}
	}
	l.Entries = open
	return must(l, Options())
}

// Empty returns the pack of a book without a line.
func Empty() *analysis.Pack {
	l := Ledger()
	l.Entries, l.Customers, l.Reps, l.Regions, l.Targets, l.Control = nil, nil, nil, nil, nil, nil
	opt := Options()
	opt.Exceptions = analysis.Exceptions{}
	return must(l, opt)
}

// Plans returns the pack of the trading book at the end of August, when later
// payments are known, with specific provisions, targets by class and a
// commission plan; a cheque bounces and paid goods come back in it.
func Plans() *analysis.Pack {
	l := Ledger()
	add := func(e ledger.Entry) {
		e.Rep, e.Region, e.Pos = ledger.None, ledger.None, ledger.Pos{Row: int32(len(l.Entries) + 2)}
		e.Posted = ledger.MustDate("2026-08-20")
		e.Issued, e.Due = e.Posted, e.Posted
		l.Entries = append(l.Entries, e)
	}
	add(ledger.Entry{ID: ledgertest.ID("RCINV-03-01"), Kind: ledger.Receipt, Customer: 2, Amount: 500_000, Settles: ledgertest.ID("INV-03-01")})
	add(ledger.Entry{ID: ledgertest.ID("CN-1"), Kind: ledger.CreditNote, Customer: 1, Amount: -333_333, Settles: ledgertest.ID("INV-02-01")})
	l.Control = nil
	opt := Options()
	opt.From, opt.To, opt.AsOf = ledger.MustDate("2026-08-01"), ledger.MustDate("2026-08-31"), ledger.MustDate("2026-08-31")
	opt.Specific = []analysis.SpecificRate{{Customer: "C001", Rate: ledger.Ratio{Num: 4, Den: 5}}, {Customer: "C009", Rate: ledger.Ratio{Num: 1, Den: 3}}}
	opt.Classes = analysis.ClassTargets{Old: ledger.Ratio{Num: 13, Den: 20}, Overdue: ledger.Ratio{Num: 1, Den: 1}, Current: ledger.Ratio{Num: 9, Den: 10}}
	opt.Commission = []analysis.CommissionBand{{LateDays: 0, Rate: ledger.Ratio{Num: 1, Den: 50}}, {LateDays: 30, Rate: ledger.Ratio{Num: 1, Den: 100}}}
	return must(l, opt)
}

// All returns every pack by name.
func All() map[string]*analysis.Pack {
	return map[string]*analysis.Pack{"plans": Plans(), "trading": Trading(), "years": Years(), "snapshot": Snapshot(), "empty": Empty()}
}

func must(l *ledger.Ledger, opt analysis.Options) *analysis.Pack {
	if err := l.Validate(); err != nil {
		panic(err)
	}
	p, err := analysis.Build(l, opt)
	if err != nil {
		panic(err)
	}
	return p
}
