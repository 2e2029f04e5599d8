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
	spread := maphash.Comparable(maphash.MakeSeed(), 0) | 1
	found := make([]faults, max(1, min(runtime.GOMAXPROCS(0), customers/lot)))
	var next atomic.Int32
	var all sync.WaitGroup
	for w := range found {
		all.Go(func() {
			x := idIndex{entries: entries, spread: spread}
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

// idLine is what finding faults needs of an entry, whose memory is looked at once.
type idLine struct {
	id, settles ledger.DocID
	entry       int32 // its place in the ledger
	instalment  int16
	currency    uint8
	marks       idMark
}

// idMark is a set of marks of an idLine.
type idMark uint8

const (
	debitLine    idMark = 1 << iota // its amount is positive …
	creditLine                      // … or negative
	documentLine                    // it must have an id of its own
	settlesLine                     // it settles another
	refundLine                      // it pays back a credit
)

func (l *idLine) is(m idMark) bool { return l.marks&m != 0 }

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

// idIndex finds the lines of one customer by id and currency, which identify a
// document (rules §2). It is a hash table of their places.
type idIndex struct {
	entries []ledger.Entry
	spread  uint64   // odd, and another one in every run: no book can be written whose ids all meet in one place
	lines   []idLine // of the customer
	slots   []idSlot // a power of two long, at most half full
	seen    byte     // by touch, which would be left out if it came to nothing
}

// idSlot is a line's place from 1, 0 for none, and its hash.
type idSlot struct {
	line int32
	hash uint32
}

// check finds the faults among the entries of one customer.
func (x *idIndex) check(list []int32, found *faults) {
	if len(list) == 0 {
		return
	}
	x.reset(list)
	asked := debitLine | documentLine // nobody asks for the others by their id …
	if slices.ContainsFunc(x.lines, func(l idLine) bool { return l.is(refundLine) }) {
		asked |= creditLine // … unless it is paid back
	}
	for i := range x.lines {
		l := &x.lines[i]
		if !l.is(asked) {
			continue
		}
		if first, repeated := x.add(int32(i)); repeated {
			if found.duplicates == nil {
				found.duplicates = map[int32]int32{}
			}
			found.duplicates[l.entry] = x.lines[first].entry
		}
	}
	for i := range x.lines {
		if l := &x.lines[i]; l.is(settlesLine) && !x.knowsSettled(l) {
			if _, repeated := found.duplicates[l.entry]; !repeated {
				found.unknown = append(found.unknown, l.entry)
			}
		}
	}
}

// reset takes the entries of a customer, and empties the table of them.
func (x *idIndex) reset(list []int32) {
	size := 16
	for size < 2*len(list) {
		size *= 2
	}
	if cap(x.slots) < size {
		x.slots = make([]idSlot, size)
	}
	x.slots = x.slots[:size]
	clear(x.slots)
	x.touch(list)
	x.lines = x.lines[:0]
	for _, i := range list {
		x.lines = append(x.lines, x.line(i))
	}
}

// touch looks at the memory of entries, which lie far apart, and does nothing else,
// so that the processor fetches that of many at the same time. It halves the time.
func (x *idIndex) touch(list []int32) {
	seen := byte(0)
	for _, i := range list {
		e := &x.entries[i]
		seen += byte(e.Instalment)
	}
	x.seen = seen
}

// line looks at an entry.
func (x *idIndex) line(i int32) idLine {
	e := &x.entries[i]
	l := idLine{entry: i, id: e.ID, settles: e.Settles, instalment: e.Instalment, currency: e.Currency}
	if e.Amount > 0 {
		l.marks |= debitLine
	} else if e.Amount < 0 {
		l.marks |= creditLine
	}
	if isDocument(e) {
		l.marks |= documentLine
	}
	if e.Settles != 0 {
		l.marks |= settlesLine
		if paysBack(e) {
			l.marks |= refundLine
		}
	}
	return l
}

// probe calls visit for the lines of an id until it returns true; else it returns
// the place for another one, and its hash.
func (x *idIndex) probe(id ledger.DocID, visit func(line int32) bool) (place *idSlot, hash uint32, found bool) {
	hash = uint32(uint64(id) * x.spread >> 32)
	mask := uint32(len(x.slots) - 1)
	at := hash & mask
	for ; x.slots[at].line != 0; at = (at + 1) & mask {
		if x.slots[at].hash == hash && visit(x.slots[at].line-1) {
			return nil, hash, true
		}
	}
	return &x.slots[at], hash, false
}

// add adds a line, unless it is a document and repeats one that is there, which
// it returns then, or is no document and another one answers for it.
func (x *idIndex) add(i int32) (first int32, repeated bool) {
	l := &x.lines[i]
	document := l.is(documentLine)
	place, hash, there := x.probe(l.id, func(other int32) bool {
		o := &x.lines[other]
		first = other
		// Thousands of lines that are no documents may have the same id: one is enough.
		answers := document && l.repeats(o) || !document && o.is(l.marks&(debitLine|creditLine))
		return answers && o.currency == l.currency && o.id == l.id
	})
	if there {
		return first, document
	}
	*place = idSlot{i + 1, hash}
	return 0, false
}

// knowsSettled reports whether the customer has what a line settles: a document,
// or the credit that a refund pays back.
func (x *idIndex) knowsSettled(l *idLine) bool {
	wanted := debitLine
	if l.is(refundLine) {
		wanted = creditLine
	}
	_, _, known := x.probe(l.settles, func(other int32) bool {
		o := &x.lines[other]
		return o.is(wanted) && o.currency == l.currency && o.id == l.settles
	})
	return known
}

// repeats reports whether a document is another one of its id again. Other
// instalments of a document are the same document's (rules §2).
func (l *idLine) repeats(o *idLine) bool {
	return o.is(documentLine) && !(l.instalment != 0 && o.instalment != 0 && l.instalment != o.instalment)
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
func (b *book) refuseDuplicates(duplicate map[int32]int32) {
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
	id := b.ledger.Numbering.Text(e.ID)
	message := fmt.Sprintf("document %s of this customer is there already, with other contents", quote(id))
	if same == *first {
		message = fmt.Sprintf("document %s of this customer is there already, the same in every column", quote(id))
	}
	p := b.at(e.Pos, fDocument, Problem{
		Severity: Error, Code: "duplicate-document", Found: id, Message: message,
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
		settles := b.ledger.Numbering.Text(e.Settles)
		b.note(e.Pos, fSettles, "unknown-settles", settles, fmt.Sprintf("%s is no document of this customer in this currency; %s", quote(settles), withoutDocument(e)))
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
