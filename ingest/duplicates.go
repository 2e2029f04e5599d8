package ingest

import (
	"fmt"
	"hash/maphash"
	"math/bits"
	"slices"

	"duepack/analysis/ledger"
)

// faults are entries that do not fit to what else their customer has, by their
// place in the ledger.
type faults struct {
	duplicates map[int32]int32 // a document, and the one it repeats; nil where there is none
	unknown    []int32         // lines that settle what is not there, ascending
}

// documentIndex finds lines by document number. Of each series the numbers lie side
// by side, so that lines which stand close in the ledger are looked up close in
// memory. Lines of the same number, whoever their customers are, are linked in the
// order in which they were added.
type documentIndex struct {
	entries  []ledger.Entry
	refunded []bool // customers that may have a refund
	spread   uint64 // odd, and another one in every run: no book can be written whose numbers all meet in one place

	series []seriesTable
	slots  []documentSlot // of all series
	next   []int32        // by line: the next one of the same number from 1
	crowds map[party][]int32
}

// newDocumentIndex makes an index of entries, whose numbers are of a numbering.
func newDocumentIndex(entries []ledger.Entry, numbering *ledger.Numbering, refunded []bool) *documentIndex {
	x := &documentIndex{entries: entries, refunded: refunded, spread: maphash.Comparable(maphash.MakeSeed(), 0) | 1}
	x.series = make([]seriesTable, numbering.Series())
	room := uint32(0)
	for i := range x.series {
		const roomy = 4 // numbers that a series may skip for each that it has, before it is hashed
		least, most, times := numbering.Span(uint32(i))
		s := &x.series[i]
		*s = seriesTable{least: least, from: room, size: most - least + 1}
		if s.hashed = i > 0 && s.size > roomy*times; s.hashed {
			s.size = 1 << bits.Len32(2*times)
		}
		room += s.size
	}
	x.slots, x.next = make([]documentSlot, room), make([]int32, len(x.entries))
	const page = 4096 / 8 // slots. They are looked at before they are written to: see rowReader.next
	for i := 0; i < len(x.slots); i += page {
		x.slots[i] = documentSlot{}
	}
	return x
}

// faults goes through the entries twice. Both times are short, so that the processor
// fetches what several entries need at the same time.
func (x *documentIndex) faults() faults {
	var found faults
	for i := range x.entries {
		if !x.isAsked(&x.entries[i]) {
			continue
		}
		if first, repeated := x.add(int32(i)); repeated {
			if found.duplicates == nil {
				found.duplicates = map[int32]int32{}
			}
			found.duplicates[int32(i)] = first
		}
	}
	stretches(len(x.entries), x.unknown, func(unknown []int32) {
		for _, line := range unknown {
			if _, repeated := found.duplicates[line]; !repeated {
				found.unknown = append(found.unknown, line)
			}
		}
	})
	return found
}

// unknown returns the lines from a place on, up to another, that settle what is not there.
func (x *documentIndex) unknown(from, to int) (unknown []int32) {
	for i := from; i < to; i++ {
		if e := &x.entries[i]; e.Settles != 0 && !x.knowsSettled(e) {
			unknown = append(unknown, int32(i))
		}
	}
	return unknown
}

// documentSlot has what was found under a document number.
type documentSlot struct {
	line int32   // the first line from 1; 0 for none, below zero for a crowd's
	tag  lineTag // of the first line
}

// lineTag tells whose a line is and which sign it has, so that nearly every line
// that is settled is known without a look at it, megabytes away; 0 says nothing.
type lineTag uint32

// tagOf returns the tag of a line with an amount of a sign.
func tagOf(e *ledger.Entry, amount ledger.Minor) lineTag {
	const mostCustomers = 1 << 23
	switch {
	case e.Customer >= mostCustomers || amount == 0:
		return 0
	case amount < 0:
		return lineTag(e.Customer)<<9 | lineTag(e.Currency)<<1 | 1
	}
	return lineTag(e.Customer)<<9 | lineTag(e.Currency)<<1
}

// seriesTable is the part of the slots for the numbers of a series. Where they lie
// close together, each has its own slot; else it is a hash table.
type seriesTable struct {
	least      uint32
	from, size uint32 // of the slots
	hashed     bool
}

// party is a customer with a document number and a currency, which together
// identify a document (rules §2).
type party struct {
	id       ledger.DocID
	customer int32
	currency uint8
}

func partyOf(e *ledger.Entry, id ledger.DocID) party { return party{id, e.Customer, e.Currency} }

// isAsked reports whether lines may be looked for that are like an entry: debits
// and documents, and credits where the customer has a refund, which pays one back.
func (x *documentIndex) isAsked(e *ledger.Entry) bool {
	return e.Amount > 0 || isDocument(e) || e.Amount < 0 && x.refunded[e.Customer]
}

// slot returns the slot of a document number.
func (x *documentIndex) slot(id ledger.DocID) *documentSlot {
	s, digits := &x.series[id.Series()], id.Digits()
	if !s.hashed {
		return &x.slots[s.from+digits-s.least]
	}
	at := uint32(uint64(digits)*x.spread>>32) & (s.size - 1)
	for {
		slot := &x.slots[s.from+at]
		if slot.line == 0 || x.entries[max(slot.line, -slot.line)-1].ID == id {
			return slot
		}
		at = (at + 1) & (s.size - 1)
	}
}

// add adds a line, unless it is a document and repeats one that is there, which
// it returns then, or is no document and another one answers for it: thousands of
// lines that are no documents may have the same number.
func (x *documentIndex) add(i int32) (first int32, repeated bool) {
	e := &x.entries[i]
	slot := x.slot(e.ID)
	document := isDocument(e)
	matches := func(other int32) bool {
		o := &x.entries[other]
		if o.Customer != e.Customer || o.Currency != e.Currency {
			return false
		}
		if document {
			return isDocument(o) && !otherInstalment(e, o)
		}
		return (e.Amount < 0) == (o.Amount < 0) && o.Amount != 0
	}
	if slot.line < 0 {
		return x.addToCrowd(i, document, matches)
	}
	const mostLinked = 16 // lines of a number, before they are told apart by customer
	last, linked := &slot.line, 0
	for ; *last != 0; last = &x.next[*last-1] {
		if matches(*last - 1) {
			return *last - 1, document
		}
		linked++
	}
	*last = i + 1
	if linked == 0 {
		slot.tag = tagOf(e, e.Amount)
	}
	if linked == mostLinked {
		x.crowd(slot)
	}
	return 0, false
}

// crowd takes the lines of a slot into crowds by customer and currency, as 20,000
// customers may have a document that is called OPENING.
func (x *documentIndex) crowd(slot *documentSlot) {
	if x.crowds == nil {
		x.crowds = map[party][]int32{}
	}
	for line := slot.line; line != 0; line = x.next[line-1] {
		key := partyOf(&x.entries[line-1], x.entries[line-1].ID)
		x.crowds[key] = append(x.crowds[key], line-1)
	}
	slot.line = -slot.line
}

func (x *documentIndex) addToCrowd(i int32, document bool, matches func(int32) bool) (first int32, repeated bool) {
	key := partyOf(&x.entries[i], x.entries[i].ID)
	if at := slices.IndexFunc(x.crowds[key], matches); at >= 0 {
		return x.crowds[key][at], document
	}
	x.crowds[key] = append(x.crowds[key], i)
	return 0, false
}

// knowsSettled reports whether the customer has what a line settles: a document,
// or the credit that a refund pays back.
func (x *documentIndex) knowsSettled(e *ledger.Entry) bool {
	slot := x.slot(e.Settles)
	sign := ledger.Minor(1)
	if paysBack(e) {
		sign = -1
	}
	if tag := tagOf(e, sign); tag != 0 && tag == slot.tag && slot.line != 0 {
		return true
	}
	if slot.line < 0 {
		return slices.ContainsFunc(x.crowds[partyOf(e, e.Settles)], func(other int32) bool { return x.entries[other].Amount*sign > 0 })
	}
	for line := slot.line; line != 0; line = x.next[line-1] {
		if o := &x.entries[line-1]; o.Customer == e.Customer && o.Currency == e.Currency && o.Amount*sign > 0 {
			return true
		}
	}
	return false
}

// otherInstalment reports whether two lines of a document are different instalments
// of it, which are the same document's (rules §2).
func otherInstalment(e, o *ledger.Entry) bool {
	return e.Instalment != 0 && o.Instalment != 0 && e.Instalment != o.Instalment
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
			b.note(e.Pos, fDue, "due-derived", "", b.reasonOf(e, b.lineTermsFrom(e.Pos)).note().message)
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
