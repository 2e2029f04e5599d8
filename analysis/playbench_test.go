package analysis

import (
	"fmt"
	"testing"

	"duepack/analysis/ledger"
	"duepack/analysis/ledgertest"
)

// BenchmarkPosition plays one account of 1,000 invoices, each paid, or left to
// fifo.
func BenchmarkPosition(b *testing.B) {
	var entries []ledger.Entry
	start := ledger.MustDate("2024-11-01")
	for i := range 1000 {
		e := ledger.Entry{ID: ledgertest.ID(fmt.Sprintf("INV-%04d", i)), Amount: 10_000, Posted: start + ledger.Date(i/2), Issued: start + ledger.Date(i/2), Due: start + ledger.Date(i/2+30)}
		pay := e
		pay.ID, pay.Kind, pay.Settles, pay.Amount = ledgertest.ID(fmt.Sprintf("RC-%04d", i)), ledger.Receipt, e.ID, -10_000
		entries = append(entries, e, pay)
	}
	order := make([]int32, len(entries))
	for i := range order {
		order[i] = int32(i)
	}
	asOf := start + 700
	for _, fifo := range []bool{false, true} {
		b.Run(fmt.Sprintf("fifo=%v", fifo), func(b *testing.B) {
			p := &player{entries: entries, fifo: fifo, asOf: asOf, stops: []stop{{date: asOf - 31}, {date: asOf}}}
			p.carry = &carry{windows: []window{newWindow(asOf-30, asOf, asOf)}, basis: ACT365, rates: []RateFrom{{Rate: ledger.Ratio{Num: 6, Den: 100}}}}
			a := &account{}
			b.ReportAllocs()
			for b.Loop() {
				a.reset(p, ledger.Ratio{}, order)
				stops := 0
				a.play(func(int) {
					stops++
					a.release(a.hold())
				})
				if stops != 2 || len(a.stillOpen()) != 0 {
					b.Fatalf("%d stops; documents are open", stops)
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
