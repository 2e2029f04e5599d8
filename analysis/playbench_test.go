package analysis

import (
	"fmt"
	"testing"

	"duepack/analysis/ledger"
)

// BenchmarkPosition plays one account of 1,000 invoices, each paid, or left to
// fifo.
func BenchmarkPosition(b *testing.B) {
	var entries []ledger.Entry
	start := ledger.MustDate("2024-11-01")
	for i := range 1000 {
		e := ledger.Entry{ID: fmt.Sprintf("INV-%04d", i), Amount: 10_000, Posted: start + ledger.Date(i/2), Issued: start + ledger.Date(i/2), Due: start + ledger.Date(i/2+30)}
		pay := e
		pay.ID, pay.Kind, pay.Settles, pay.Amount = fmt.Sprintf("RC-%04d", i), ledger.Receipt, e.ID, -10_000
		entries = append(entries, e, pay)
	}
	order := make([]int32, len(entries))
	for i := range order {
		order[i] = int32(i)
	}
	asOf := start + 700
	for _, fifo := range []bool{false, true} {
		b.Run(fmt.Sprintf("fifo=%v", fifo), func(b *testing.B) {
			p := &player{entries: entries, fifo: fifo, asOf: asOf, stops: []ledger.Date{asOf - 31, asOf}}
			p.carry = &carry{windows: []window{{asOf - 30, asOf, asOf}}, basis: ACT365, rates: []RateFrom{{Rate: ledger.Ratio{Num: 6, Den: 100}}}}
			a := &account{byID: map[string]int32{}, waiting: map[string][]int32{}}
			b.ReportAllocs()
			for b.Loop() {
				a.reset(p, ledger.Ratio{})
				if h := a.play(order); len(h) != 2 || len(h[1].documents) != 0 {
					b.Fatalf("%d holdings; documents are open", len(h))
				}
			}
		})
	}
}

// BenchmarkTally merges the tally of a customer into that of the company.
func BenchmarkTally(b *testing.B) {
	customer := Tally{aging: make([]ledger.Minor, 6)}
	for month := range 24 {
		customer.addSale(month, 24, 1000)
	}
	var company Tally
	b.ReportAllocs()
	for b.Loop() {
		company.Merge(&customer)
	}
}
