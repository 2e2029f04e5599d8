package ingest

import (
	"fmt"
	"hash/maphash"
	"maps"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"duepack/analysis/ledger"
)

// faults are entries that do not fit to what else their customer has, by their
// place in the ledger.
type faults struct {
	duplicates map[int32]int32 // a document, and the one it repeats; nil where there is none
	unknown    []int32         // lines that settle what is not there, ascending
}

// checkDocuments looks for faults customer by customer, on all processors: what
// one customer has fits into a processor's cache, and the whole ledger does not.
func checkDocuments(entries []ledger.Entry, customers int) faults {
	order, starts := byCustomer(entries, customers)
	const lot = 16 // customers at a time
	found := make([]faults, max(1, min(runtime.GOMAXPROCS(0), customers/lot)))
	var next atomic.Int32
	var all sync.WaitGroup
	for w := range found {
		all.Go(func() {
			x := idIndex{entries: entries, seed: maphash.MakeSeed()}
			for first := int(next.Add(lot)) - lot; first < customers; first = int(next.Add(lot)) - lot {
				for c := first; c < min(first+lot, customers); c++ {
					x.check(order[starts[c]:starts[c+1]], &found[w])
				}
			}
		})
	}
	all.Wait()
	sum := found[0]
	for _, f := range found[1:] {
		if sum.duplicates == nil {
			sum.duplicates = f.duplicates
		} else {
			maps.Copy(sum.duplicates, f.duplicates)
		}
		sum.unknown = append(sum.unknown, f.unknown...)
	}
	slices.Sort(sum.unknown)
	return sum
}

// byCustomer returns the places of the entries, those of customer c, in their
// order, from starts[c] to starts[c+1].
func byCustomer(entries []ledger.Entry, customers int) (order, starts []int32) {
	starts = make([]int32, customers+1)
	for i := range entries {
		starts[entries[i].Customer+1]++
	}
	for c := range customers {
		starts[c+1] += starts[c]
	}
	order, next := make([]int32, len(entries)), slices.Clone(starts)
	for i := range entries {
		at := &next[entries[i].Customer]
		order[*at] = int32(i)
		*at++
	}
	return order, starts
}

// idIndex finds the entries of one customer by id and currency, which identify a
// document (rules §2). It is a hash table of their places.
type idIndex struct {
	entries []ledger.Entry
	seed    maphash.Seed
	slots   []idSlot // a power of two long, at most half full
}

// idSlot is an entry's place from 1, 0 for none, and part of its hash.
type idSlot struct {
	entry int32
	hash  uint32
}

// check finds the faults among the entries of one customer.
func (x *idIndex) check(list []int32, found *faults) {
	if len(list) == 0 {
		return
	}
	x.reset(len(list))
	refunds := slices.ContainsFunc(list, func(i int32) bool { e := &x.entries[i]; return e.Settles != "" && paysBack(e) })
	for _, i := range list {
		e := &x.entries[i]
		if e.Amount <= 0 && !refunds && !isDocument(e) {
			continue // nobody asks for it
		}
		if first, repeated := x.add(i); repeated {
			if found.duplicates == nil {
				found.duplicates = map[int32]int32{}
			}
			found.duplicates[i] = first
		}
	}
	for _, i := range list {
		if e := &x.entries[i]; e.Settles != "" && !x.knowsSettled(e) {
			if _, repeated := found.duplicates[i]; !repeated {
				found.unknown = append(found.unknown, i)
			}
		}
	}
}

// reset empties the index and makes room for n entries.
func (x *idIndex) reset(n int) {
	size := 16
	for size < 2*n {
		size *= 2
	}
	if cap(x.slots) < size {
		x.slots = make([]idSlot, size)
	}
	x.slots = x.slots[:size]
	clear(x.slots)
}

func (x *idIndex) hash(id string, currency uint8) uint64 {
	return (maphash.String(x.seed, id) ^ uint64(currency)) * 0x9e3779b97f4a7c15
}

// probe calls visit for the entries of a hash until it returns true; else it
// returns the place for another one.
func (x *idIndex) probe(h uint64, visit func(entry int32) bool) (place *idSlot, found bool) {
	at := h >> 32 & uint64(len(x.slots)-1)
	for ; x.slots[at].entry != 0; at = (at + 1) & uint64(len(x.slots)-1) {
		if x.slots[at].hash == uint32(h) && visit(x.slots[at].entry-1) {
			return nil, true
		}
	}
	return &x.slots[at], false
}

// add adds an entry, unless it is a document and repeats one that is there, which
// it returns then.
func (x *idIndex) add(i int32) (first int32, repeated bool) {
	e := &x.entries[i]
	h := x.hash(e.ID, e.Currency)
	document := isDocument(e)
	place, repeated := x.probe(h, func(other int32) bool {
		first = other
		return document && sameDocument(e, &x.entries[other])
	})
	if !repeated {
		*place = idSlot{i + 1, uint32(h)}
	}
	return first, repeated
}

// knowsSettled reports whether the customer has what a line settles: a document,
// or the credit that a refund pays back.
func (x *idIndex) knowsSettled(e *ledger.Entry) bool {
	credit := paysBack(e)
	_, known := x.probe(x.hash(e.Settles, e.Currency), func(other int32) bool {
		o := &x.entries[other]
		return o.ID == e.Settles && o.Currency == e.Currency && (credit && o.Amount < 0 || !credit && o.Amount > 0)
	})
	return known
}

// paysBack reports whether an entry is a refund of a credit.
func paysBack(e *ledger.Entry) bool { return e.Kind == ledger.Refund && e.Amount > 0 }

// sameDocument reports whether a document of a customer is another one again.
// Other instalments of a document are the same document's (rules §2).
func sameDocument(e, o *ledger.Entry) bool {
	return e.ID == o.ID && e.Currency == o.Currency && isDocument(o) &&
		!(e.Instalment != 0 && o.Instalment != 0 && e.Instalment != o.Instalment)
}

// isDocument reports whether an entry must have an id of its own.
func isDocument(e *ledger.Entry) bool {
	return e.Kind.MakesDocument() && (e.Amount > 0 || e.Has(ledger.HasOpen) && e.Open > 0) ||
		e.Has(ledger.HasOpen) && e.Amount > 0 && e.Kind != ledger.Receipt && e.Kind != ledger.Refund
}

// refuseDuplicates makes a second document with the same customer, currency
// and id an error and takes it out.
func (b *book) refuseDuplicates(duplicate map[int32]int32) {
	if len(duplicate) == 0 {
		return
	}
	entries := b.ledger.Entries
	for i := range entries {
		if first, repeated := duplicate[int32(i)]; repeated {
			b.refuseDuplicate(&entries[i], &entries[first])
		}
	}
	kept := make([]ledger.Entry, 0, len(entries)-len(duplicate))
	for i := range entries {
		if _, repeated := duplicate[int32(i)]; !repeated {
			kept = append(kept, entries[i])
		}
	}
	b.ledger.Entries = kept
}

func (b *book) refuseDuplicate(e, first *ledger.Entry) {
	amount := e.Amount
	if e.Has(ledger.HasOpen) {
		amount = e.Open
	}
	same := *e
	same.Pos, same.Flags = first.Pos, first.Flags
	message := fmt.Sprintf("document %s of this customer is there already, with other contents", quote(e.ID))
	if same == *first {
		message = fmt.Sprintf("document %s of this customer is there already, the same in every column", quote(e.ID))
	}
	p := b.at(e.Pos, fDocument, Problem{
		Severity: Error, Code: "duplicate-document", Found: e.ID, Message: message,
		Hint: "delete one of the rows, or give instalments of one document their numbers in a column Instalment",
		See:  b.ledger.Place(first.Pos), Amount: amount, Currency: b.ledger.Currencies[e.Currency].Code, HasAmount: true,
	})
	b.problem(p)
	b.ledger.LeftOut = append(b.ledger.LeftOut, ledger.LeftOut{Pos: e.Pos, Currency: e.Currency, Amount: amount, Code: p.Code})
	t := b.tabs[e.Pos.Source]
	t.rec.Rows--
	b.result.Inputs[t.file].Rows--
}

// noteUnknown notes lines that settle a document the customer does not have.
func (b *book) noteUnknown(entries []ledger.Entry, unknown []int32) {
	for _, i := range unknown {
		e := &entries[i]
		b.note(e.Pos, fSettles, "unknown-settles", e.Settles, fmt.Sprintf("%s is no document of this customer in this currency; %s", quote(e.Settles), withoutDocument(e)))
		if e.Has(ledger.DueDerived) && !e.Kind.MakesDocument() && e.Kind != ledger.Refund {
			_, message := b.dueByTerms(e)
			b.note(e.Pos, fDue, "due-derived", "", message)
		}
	}
}

// withoutDocument says what a line is whose document is not there.
func withoutDocument(e *ledger.Entry) string {
	switch {
	case e.Kind == ledger.Recovery:
		return "the recovery counts all the same"
	case e.Amount < 0:
		return "the line is on account"
	case e.Kind == ledger.Refund:
		return "it pays back the oldest credit on account"
	}
	return "the line is a document of its own"
}
