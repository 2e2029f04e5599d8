package analysis

import (
	"hash/maphash"

	"duepack/analysis/ledger"
)

// none is the number of an id that is not there.
const none int32 = -1

// line is an entry of an account with the numbers that the account gives to the
// document ids it has.
type line struct {
	entry   int32 // index into Ledger.Entries
	id      int32 // of its own id where it may become a document, else none
	settles int32 // of the id of the document it settles; none where it names none

	document int32 // that the entry became, index into account.documents; none while it is none
}

// idTable numbers the document ids of an account in the order in which they
// are met. It is a hash table that is cheaper to empty than a map: there is one
// customer after another, most with few documents.
type idTable struct {
	slots  []idSlot // a power of two; at most half of them are taken
	names  []ledger.DocID
	states []idState
}

// idSlot is a place in the hash table.
type idSlot struct {
	hash   uint32
	number int32 // plus one; 0: the slot is free
}

// idState is what an account knows of the documents of an id.
type idState struct {
	newest  int32 // document; its siblings are linked; -1 for none
	waiting int32 // newest credit that names it while it is not posted yet; -1 for none
	counted int32 // the count of documents that it was counted in last; see account.countsNow
}

// idSpread is an odd number that differs from run to run, so that no book can be
// written whose ids all meet in one place of a table. No result depends on it.
var idSpread = maphash.Comparable(maphash.MakeSeed(), 0) | 1

// reset empties the table for an account of a number of entries.
func (t *idTable) reset(entries int) {
	size := 16
	for size < entries {
		size *= 2
	}
	if size > cap(t.slots) {
		t.slots = make([]idSlot, size)
	} else {
		t.slots = t.slots[:size]
		clear(t.slots)
	}
	t.names, t.states = t.names[:0], t.states[:0]
}

// hashOf returns the hash by which an id is looked up. A product alone would not do:
// of series that lie evenly apart, as those of a customer whose turn comes every 1024
// lines, its bits repeat. So it is mixed twice with itself (the finalizer of MurmurHash3).
func hashOf(id ledger.DocID) uint32 {
	h := uint64(id) * idSpread
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return uint32(h >> 32)
}

// number returns the number of an id with its hash, a new one where it was not
// met before.
func (t *idTable) number(id ledger.DocID, hash uint32) int32 {
	at := hash & uint32(len(t.slots)-1)
	for ; t.slots[at].number > 0; at = (at + 1) & uint32(len(t.slots)-1) {
		if s := t.slots[at]; s.hash == hash && t.names[s.number-1] == id {
			return s.number - 1
		}
	}
	t.names = append(t.names, id)
	t.states = append(t.states, idState{newest: -1, waiting: -1})
	t.slots[at] = idSlot{hash: hash, number: int32(len(t.names))}
	if 2*len(t.names) > len(t.slots) {
		t.grow()
	}
	return int32(len(t.names) - 1)
}

// grow doubles the places.
func (t *idTable) grow() {
	old := t.slots
	t.slots = make([]idSlot, 2*len(old))
	for _, s := range old {
		if s.number == 0 {
			continue
		}
		at := s.hash & uint32(len(t.slots)-1)
		for t.slots[at].number > 0 {
			at = (at + 1) & uint32(len(t.slots)-1)
		}
		t.slots[at] = s
	}
}
