package xlsx

import (
	"fmt"
	"math/rand"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/analysis/ledgertest"
	books "duepack/render/internal/book"
)

// variants are the settings that formulas must follow: treatments of credits,
// day bases, periods, dated rates.
func variants() []analysis.Options {
	base := books.Options()
	with := func(by func(*analysis.Options)) analysis.Options {
		opt := base
		by(&opt)
		return opt
	}
	date := ledger.MustDate
	return []analysis.Options{
		with(func(o *analysis.Options) { o.From = date("2026-08-16") }),
		with(func(o *analysis.Options) {
			o.Aging.Credits = analysis.CreditsOwnBucket
			o.Basis = analysis.ACT360
			o.Apply = analysis.ExplicitThenFIFO
			// A bucket's rate that a reader changes leaves these customers alone.
			o.Specific = []analysis.SpecificRate{{Customer: "C04/aging", Rate: ledger.Ratio{Num: 4, Den: 5}}, {Customer: "C07/aging", Rate: ledger.Ratio{Num: 1, Den: 3}}}
			o.Commission = []analysis.CommissionBand{{LateDays: 0, Rate: ledger.Ratio{Num: 1, Den: 50}}, {LateDays: 30, Rate: ledger.Ratio{Num: 1, Den: 100}}}
			o.Rates = []analysis.RateFrom{{Rate: ledger.Ratio{Num: 3, Den: 50}}, {From: date("2026-10-11"), Rate: ledger.Ratio{Num: 1, Den: 16}}}
		}),
		with(func(o *analysis.Options) {
			o.Aging = analysis.AgingRule{Basis: analysis.ByIssued, Credits: analysis.CreditsNetOldest}
			o.Basis = analysis.E30360
			o.From, o.To = date("2026-07-01"), date("2026-09-30")
			o.Basis = analysis.E30360
			o.Margin = ledger.Ratio{Num: 1, Den: 30} // no finite decimal
			o.LossRates = o.LossRates[1:]            // by issue date there is no bucket "not due"
		}),
	}
}

// randomLedger is a book of three currencies with exponents 0, 2 and 3 in
// which everything happens that lines can do.
func randomLedger(seed int64) *ledger.Ledger {
	r := rand.New(rand.NewSource(seed))
	date := ledger.MustDate
	l := &ledger.Ledger{
		Numbering:  &ledgertest.Numbering,
		Currencies: []ledger.Currency{{Code: "CNY", Exponent: 2}, {Code: "JPY", Exponent: 0}, {Code: "KWD", Exponent: 3}},
		Reps:       []ledger.Rep{{ID: "1", Name: "One"}, {ID: "01", Name: "Zero one"}, {ID: "r*", Name: "Star", Margin: ledger.Ratio{Num: 1, Den: 8}}, {ID: "R?", Name: "None"}},
		Regions:    []string{"<5", "=5", "N"},
		Sources:    []ledger.Source{{File: "ledger.csv"}},
	}
	for c := range 24 {
		customer := ledger.Customer{ID: fmt.Sprintf("C%02d/aging", c), Name: "Customer", Rep: int32(c % 4), Region: int32(c % 3)}
		if c%7 == 3 {
			customer.Margin = ledger.Ratio{Num: int64(c), Den: 300}
		}
		if c%5 == 2 {
			customer.FinancingRate = ledger.Ratio{Num: 11, Den: 200}
		}
		l.Customers = append(l.Customers, customer)
	}
	for i, rate := range []string{"0.0471", "0.0468", "0.0482"} {
		q, _ := ledger.ParseRatio(rate)
		day := date("2026-01-01") + ledger.Date(120*i)
		l.Rates = append(l.Rates, ledger.FxRate{Currency: 1, Date: day, Rate: q}, ledger.FxRate{Currency: 2, Date: day, Rate: ledger.Ratio{Num: int64(2311 + 7*i), Den: 100}})
	}
	for rep := range 2 {
		l.Targets = append(l.Targets, ledger.Target{Rep: int32(rep), Month: date("2026-09-01").Month(), Sales: 5000000, HasSales: true, Collection: 0, HasCollection: true, Expenses: 123456, HasExpenses: rep == 1})
	}
	randomEntries(r, l)
	return l
}

func randomEntries(r *rand.Rand, l *ledger.Ledger) {
	amount := func() ledger.Minor { return ledger.Minor(1+r.Intn(400000)) * 5 }
	for i := range 400 {
		customer := int32(r.Intn(len(l.Customers)))
		posted := ledger.MustDate("2026-02-01") + ledger.Date(r.Intn(273))
		e := ledger.Entry{
			ID: ledgertest.ID(fmt.Sprintf("D%04d", i)), Amount: amount(), Posted: posted, Issued: posted - ledger.Date(r.Intn(3)),
			Customer: customer, Rep: ledger.None, Region: ledger.None, Currency: uint8(customer % 3), Pos: ledger.Pos{Row: int32(i + 2)},
		}
		e.Due = e.Issued + ledger.Date(r.Intn(60))
		if edge := ledger.MustDate("2026-10-31") - ledger.Date(30*r.Intn(3)); r.Intn(3) == 0 && edge > e.Issued {
			e.Due = edge // the limits of periods
		}
		switch pick := r.Intn(20); {
		case pick < 9:
			if r.Intn(2) == 0 {
				e.Cost, e.Flags = e.Amount*9/10, ledger.HasCost
			}
			if r.Intn(5) == 0 {
				e.Flags |= ledger.Disputed
			}
			if r.Intn(6) == 0 {
				e.Rep = int32(r.Intn(4))
			}
		case pick < 16:
			e.Kind, e.Amount, e.Due = ledger.Receipt, -e.Amount, 0
		case pick == 16:
			e.Kind, e.Amount, e.Due = ledger.CreditNote, -e.Amount, 0
		case pick == 17:
			e.Kind, e.Amount, e.Due = ledger.WriteOff, -e.Amount/10, 0
		case pick == 18:
			e.Kind, e.Amount, e.Due = ledger.Recovery, -e.Amount/40, 0
		default:
			e.Kind = []ledger.Kind{ledger.Refund, ledger.Adjustment, ledger.Opening, ledger.DebitNote}[r.Intn(4)]
		}
		if e.Amount < 0 {
			settleSome(r, l, &e)
		}
		l.Entries = append(l.Entries, e)
		if e.Kind == ledger.Invoice && r.Intn(8) == 0 {
			e.Instalment, e.Due = 2, e.Due+30
			l.Entries[len(l.Entries)-1].Instalment = 1
			e.Flags &^= ledger.HasCost
			l.Entries = append(l.Entries, e)
		}
	}
}

// settleSome lets a credit name an earlier document of its customer, mostly.
func settleSome(r *rand.Rand, l *ledger.Ledger, e *ledger.Entry) {
	for i := len(l.Entries) - 1; i >= 0; i-- {
		d := &l.Entries[i]
		if d.Customer == e.Customer && d.Amount > 0 && r.Intn(3) == 0 {
			e.Settles = d.ID
			if r.Intn(2) == 0 && e.Kind == ledger.Receipt {
				e.Amount = -d.Amount
			}
			if r.Intn(3) == 0 && d.Due <= ledger.MustDate("2026-10-31") {
				e.Posted, e.Issued = d.Due, d.Due // paid on the day
			}
			return
		}
	}
}
