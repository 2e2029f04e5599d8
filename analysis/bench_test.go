package analysis_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/analysis/ledgertest"
)

// bigBook makes a book of n lines over two years: 5,000 customers, 50 reps,
// three currencies; nine in ten invoices are paid, some in two parts.
func bigBook(n int) *ledger.Ledger {
	r := rand.New(rand.NewPCG(1, 2))
	l := &ledger.Ledger{
		Numbering:  &ledgertest.Numbering,
		Currencies: []ledger.Currency{{Code: "CNY", Exponent: 2}, {Code: "USD", Exponent: 2}, {Code: "JPY", Exponent: 0}},
		Sources:    []ledger.Source{{File: "big.xlsx", Sheet: "Ledger"}},
	}
	start := ledger.MustDate("2024-11-01")
	for c := uint8(1); c < 3; c++ {
		l.Rates = append(l.Rates, ledger.FxRate{Currency: c, Date: start - 1, Rate: ledger.Ratio{Num: 71, Den: 10}})
	}
	for i := range 50 {
		l.Reps = append(l.Reps, ledger.Rep{ID: fmt.Sprintf("R%02d", i)})
	}
	for i := range 5000 {
		l.Customers = append(l.Customers, ledger.Customer{ID: fmt.Sprintf("C%04d", i), Rep: int32(i % 50), Region: ledger.None})
	}
	for i := 0; len(l.Entries) < n; i++ {
		c := int32(r.IntN(5000))
		e := ledger.Entry{
			ID: ledgertest.ID(fmt.Sprintf("INV-%07d", i)), Kind: ledger.Invoice, Customer: c, Rep: int32(c % 50), Region: ledger.None,
			Currency: uint8(max(0, int(c%20)-17)), Posted: start + ledger.Date(r.IntN(729)), Amount: ledger.Minor(10_000 + r.IntN(5_000_000)),
			Pos: ledger.Pos{Row: int32(len(l.Entries) + 2)},
		}
		e.Issued, e.Due = e.Posted, e.Posted+30
		l.Entries = append(l.Entries, e)
		if r.IntN(10) == 0 {
			continue
		}
		pay := e
		pay.ID, pay.Kind, pay.Settles, pay.Due = ledgertest.ID(fmt.Sprintf("RC-%07d", i)), ledger.Receipt, e.ID, 0
		pay.Posted = e.Due + ledger.Date(r.IntN(60)-10)
		pay.Issued, pay.Amount = pay.Posted, -e.Amount
		l.Entries = append(l.Entries, pay)
	}
	return l
}

func BenchmarkBuild(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("lines=%d", n), func(b *testing.B) {
			l, opt := bigBook(n), settings("2026-10-01", "2026-10-31")
			b.ReportAllocs()
			for b.Loop() {
				if _, err := analysis.Build(l, opt); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/line")
		})
	}
}
