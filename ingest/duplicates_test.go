package ingest

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"duepack/analysis/ledger"
)

// slowFaults finds the faults by comparing every entry with every other one.
func slowFaults(entries []ledger.Entry) faults {
	found := faults{duplicates: map[int32]int32{}}
	same := func(e, o *ledger.Entry, id ledger.DocID) bool {
		return e.Customer == o.Customer && e.Currency == o.Currency && o.ID == id
	}
	for i := range entries {
		e := &entries[i]
		for j := range entries[:i] {
			o := &entries[j]
			_, out := found.duplicates[int32(j)]
			if isDocument(e) && isDocument(o) && !out && same(e, o, e.ID) && (e.Instalment == 0 || o.Instalment == 0 || e.Instalment == o.Instalment) {
				found.duplicates[int32(i)] = int32(j)
				break
			}
		}
	}
	for i := range entries {
		e := &entries[i]
		if _, out := found.duplicates[int32(i)]; e.Settles == 0 || out {
			continue
		}
		known := false
		for j := range entries {
			o := &entries[j]
			if _, out := found.duplicates[int32(j)]; !out && same(e, o, e.Settles) {
				credit := e.Kind == ledger.Refund && e.Amount > 0
				known = known || credit && o.Amount < 0 || !credit && o.Amount > 0
			}
		}
		if !known {
			found.unknown = append(found.unknown, int32(i))
		}
	}
	return found
}

// randomEntries draws entries whose numbers lie close together or far apart, or of
// which many customers have the same.
func randomEntries(r *rand.Rand, n, customers int, numbering *ledger.Numbering) []ledger.Entry {
	entries := make([]ledger.Entry, n)
	ids, apart := n/3+1, 1
	switch r.IntN(3) {
	case 0:
		apart = 7_654_321
	case 1:
		ids = 2
	}
	id := func() ledger.DocID { return numbering.Of(fmt.Sprintf("D%09d", apart*r.IntN(ids))) }
	for i := range entries {
		e := &entries[i]
		e.ID, e.Customer, e.Currency = id(), r.Int32N(int32(customers)), uint8(r.IntN(2))
		e.Amount, e.Kind = ledger.Minor(r.IntN(7)-2), ledger.Kind(r.IntN(9))
		e.Instalment = int16(max(0, r.IntN(5)-2))
		if r.IntN(2) == 0 {
			e.Settles = id()
		}
		if r.IntN(8) == 0 {
			e.Open, e.Flags = ledger.Minor(r.IntN(3)-1), ledger.HasOpen
		}
	}
	return entries
}

// checkDocuments finds the faults among entries of a numbering.
func checkDocuments(entries []ledger.Entry, customers int, n *ledger.Numbering) faults {
	refunded := make([]bool, customers)
	for i := range entries {
		if entries[i].Kind == ledger.Refund {
			refunded[entries[i].Customer] = true
		}
	}
	return newDocumentIndex(entries, n, refunded).faults()
}

func TestFaultsAreThoseOfComparingEveryEntryWithEveryOther(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		customers := 1 + r.IntN(30)
		var numbering ledger.Numbering
		entries := randomEntries(r, r.IntN(120), customers, &numbering)
		got, want := checkDocuments(entries, customers, &numbering), slowFaults(entries)
		if len(got.duplicates) != len(want.duplicates) || len(want.duplicates) > 0 && !reflect.DeepEqual(got.duplicates, want.duplicates) {
			t.Fatalf("duplicates %v, want %v of %v", got.duplicates, want.duplicates, entries)
		}
		if len(got.unknown) != len(want.unknown) || len(want.unknown) > 0 && !reflect.DeepEqual(got.unknown, want.unknown) {
			t.Fatalf("unknown %v, want %v of %v", got.unknown, want.unknown, entries)
		}
	}
}

func TestManyCustomersMayHaveTheSameNumber(t *testing.T) {
	var numbering ledger.Numbering
	entries := make([]ledger.Entry, 300_000)
	for i := range entries {
		entries[i] = ledger.Entry{ID: numbering.Of("OPENING"), Kind: ledger.Opening, Amount: 1, Customer: int32(i / 2), Instalment: int16(i % 2)}
	}
	entries[4].Instalment = 1 // as the next one
	start := time.Now()
	found := checkDocuments(entries, len(entries)/2, &numbering)
	if len(found.duplicates) != 150_000 { // without the number of an instalment, the other one repeats it
		t.Errorf("%d duplicates, want %d", len(found.duplicates), 150_000)
	}
	if took := time.Since(start); took > 30*time.Second {
		t.Errorf("it took %s", took)
	}
}

func TestManyLinesOfOneIdAreCheckedAtOnce(t *testing.T) {
	var numbering ledger.Numbering
	entries := make([]ledger.Entry, 300_000)
	for i := range entries {
		entries[i] = ledger.Entry{ID: numbering.Of("RF-1"), Settles: numbering.Of("RC-1"), Kind: ledger.Refund, Amount: 1}
		if i%2 == 0 {
			entries[i] = ledger.Entry{ID: numbering.Of("RC-1"), Kind: ledger.Receipt, Amount: -1}
		}
	}
	start := time.Now()
	if found := checkDocuments(entries, 1, &numbering); len(found.duplicates)+len(found.unknown) > 0 {
		t.Errorf("%d duplicates, %d unknown, want none", len(found.duplicates), len(found.unknown))
	}
	if took := time.Since(start); took > 30*time.Second { // comparing each with each takes hours
		t.Errorf("it took %s", took)
	}
}

// BenchmarkDocuments looks for repeated and unknown documents among entries of
// which the later half settle those of the former.
func BenchmarkDocuments(b *testing.B) {
	var numbering ledger.Numbering
	const lines = 200_000
	entries := make([]ledger.Entry, lines)
	for i := range entries {
		e := &entries[i]
		e.ID, e.Customer, e.Amount = numbering.Of(fmt.Sprintf("INV-%06d", i)), int32(i%1000), 1
		if i >= lines/2 {
			e.Kind, e.Amount, e.ID, e.Settles, e.Customer = ledger.Receipt, -1, numbering.Of(fmt.Sprintf("RC-%06d", i)), entries[i-lines/2].ID, entries[i-lines/2].Customer
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if found := checkDocuments(entries, 1000, &numbering); len(found.unknown) > 0 {
			b.Fatal(found.unknown)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/lines, "ns/line")
}
