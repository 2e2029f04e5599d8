package ingest

import (
	"fmt"
	"hash/maphash"
	"runtime"
	"slices"
	"sync"

	"duepack/analysis/ledger"
)

// idIndex finds the entries of a book by id, customer and currency, which
// identify a document (rules §2). A share of it holds the entries of some
// customers, so that shares can be filled and asked at the same time. It is a
// hash table of entry numbers: a map of keys would take as much memory as the
// ledger itself.
type idIndex struct {
	entries []ledger.Entry
	seed    maphash.Seed
	shares  [][]idSlot // each a power of two long, at most half full
	refunds bool       // a refund names the credit it pays back: else nobody asks for credits
}

// idSlot is an entry's number from 1, 0 for none, and part of its hash.
type idSlot struct {
	entry int32
	hash  uint32
}

// newIDIndex makes an index without entries for the entries of a book.
func newIDIndex(entries []ledger.Entry, customers int) *idIndex {
	x := &idIndex{entries: entries, seed: maphash.MakeSeed(), shares: make([][]idSlot, max(1, min(runtime.GOMAXPROCS(0), customers)))}
	counts := make([]int, len(x.shares))
	for i := range entries {
		e := &entries[i]
		counts[x.share(e.Customer)]++
		x.refunds = x.refunds || e.Settles != "" && paysBack(e)
	}
	for s, n := range counts {
		size := 16
		for size < 2*n {
			size *= 2
		}
		x.shares[s] = make([]idSlot, size)
	}
	return x
}

func (x *idIndex) share(customer int32) int { return int(customer) % len(x.shares) }

// each calls do for every share at the same time.
func (x *idIndex) each(do func(share int)) {
	var all sync.WaitGroup
	for s := range x.shares {
		all.Go(func() { do(s) })
	}
	all.Wait()
}

func (x *idIndex) hash(id string, customer int32, currency uint8) uint64 {
	return (maphash.String(x.seed, id) ^ uint64(customer)<<8 ^ uint64(currency)) * 0x9e3779b97f4a7c15
}

// find calls visit for the entries of an id that were added, in the order in
// which they were, until it returns true.
func (x *idIndex) find(id string, customer int32, currency uint8, visit func(entry int32) bool) bool {
	slots, h := x.shares[x.share(customer)], x.hash(id, customer, currency)
	_, found := x.probe(slots, h, func(i int32) bool {
		e := &x.entries[i]
		return e.ID == id && e.Customer == customer && e.Currency == currency && visit(i)
	})
	return found
}

// probe calls visit for the entries of a hash until it returns true; else it
// returns the place for another one.
func (x *idIndex) probe(slots []idSlot, h uint64, visit func(entry int32) bool) (place *idSlot, found bool) {
	at := h >> 32 & uint64(len(slots)-1)
	for ; slots[at].entry != 0; at = (at + 1) & uint64(len(slots)-1) {
		if slots[at].hash == uint32(h) && visit(slots[at].entry-1) {
			return nil, true
		}
	}
	return &slots[at], false
}

// duplicates adds every entry that somebody may ask for but the documents that are there already, and
// returns the document that each of those repeats; nil where there is none. A
// document is there already with the same customer, currency and id; other
// instalments of it are the same document's (rules §2).
func (x *idIndex) duplicates() map[int32]int32 {
	found := make([]map[int32]int32, len(x.shares))
	x.each(func(s int) {
		for i := range x.entries {
			if x.share(x.entries[i].Customer) != s {
				continue
			}
			if e := &x.entries[i]; e.Amount <= 0 && !x.refunds && !isDocument(e) {
				continue
			}
			if first, repeated := x.add(int32(i)); repeated {
				if found[s] == nil {
					found[s] = map[int32]int32{}
				}
				found[s][int32(i)] = first
			}
		}
	})
	all := found[0]
	for _, more := range found[1:] {
		for i, first := range more {
			if all == nil {
				all = map[int32]int32{}
			}
			all[i] = first
		}
	}
	return all
}

// add adds an entry, unless it is a document and repeats one that is there, which
// it returns then.
func (x *idIndex) add(i int32) (first int32, repeated bool) {
	e := &x.entries[i]
	slots, h := x.shares[x.share(e.Customer)], x.hash(e.ID, e.Customer, e.Currency)
	document := isDocument(e)
	place, repeated := x.probe(slots, h, func(other int32) bool {
		first = other
		return document && sameDocument(e, &x.entries[other])
	})
	if !repeated {
		*place = idSlot{i + 1, uint32(h)}
	}
	return first, repeated
}

// sameDocument reports whether a document is another one again.
func sameDocument(e, o *ledger.Entry) bool {
	return e.ID == o.ID && e.Customer == o.Customer && e.Currency == o.Currency && isDocument(o) &&
		!(e.Instalment != 0 && o.Instalment != 0 && e.Instalment != o.Instalment)
}

// paysBack reports whether an entry is a refund of a credit.
func paysBack(e *ledger.Entry) bool { return e.Kind == ledger.Refund && e.Amount > 0 }

// isDocument reports whether an entry must have an id of its own.
func isDocument(e *ledger.Entry) bool {
	return e.Kind.MakesDocument() && (e.Amount > 0 || e.Has(ledger.HasOpen) && e.Open > 0) ||
		e.Has(ledger.HasOpen) && e.Amount > 0 && e.Kind != ledger.Receipt && e.Kind != ledger.Refund
}

// refuseDuplicates makes a second document with the same customer, currency
// and id an error and takes it out.
func (b *book) refuseDuplicates(x *idIndex) {
	duplicate := x.duplicates()
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
// The index holds what is left of the entries; it may have their places from
// before duplicates were taken out.
func (b *book) noteUnknown(x *idIndex) {
	entries := b.ledger.Entries
	unknown := make([][]int32, len(x.shares))
	x.each(func(s int) {
		for i := range entries {
			if e := &entries[i]; e.Settles != "" && x.share(e.Customer) == s && !x.knowsSettled(e) {
				unknown[s] = append(unknown[s], int32(i))
			}
		}
	})
	for i := range entries {
		b.result.Explicit = b.result.Explicit || entries[i].Settles != ""
	}
	all := slices.Concat(unknown...)
	slices.Sort(all)
	for _, i := range all {
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

// knowsSettled reports whether a line's customer has what it settles: a
// document, or the credit that a refund pays back.
func (x *idIndex) knowsSettled(e *ledger.Entry) bool {
	credit := paysBack(e)
	return x.find(e.Settles, e.Customer, e.Currency, func(other int32) bool {
		amount := x.entries[other].Amount
		return credit && amount < 0 || !credit && amount > 0
	})
}
