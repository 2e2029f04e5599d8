package ingest

import (
	"hash/maphash"
	"math/bits"
	"strings"

	"duepack/ingest/sheet"
)

// memo remembers what the last cells of a column were found to mean: most of
// them repeat, and finding them here costs less than reading them again. It has
// one place for a cell and does not grow, so no file can make it large or slow.
type memo[V any] struct {
	numbered []numbered[V]   // texts of the workbook's table, by their number
	texts    []remembered[V] // others
}

// numbered is what the shared text of a number means; 0 is no text.
type numbered[V any] struct {
	text  int32
	value V
}

type remembered[V any] struct {
	text  string
	short uint64 // the text itself, of one of up to eight bytes
	value V
	kind  sheet.Kind
}

// fewSlots and manySlots are powers of two.
const (
	fewSlots  = 1 << 10
	manySlots = 1 << 15
)

// newMemo makes a memo for the rows of a sheet of so many bytes.
func newMemo[V any](bytes int64) memo[V] {
	slots := slotsFor(bytes, fewSlots)
	return memo[V]{make([]numbered[V], slots), make([]remembered[V], slots)}
}

// slotsFor returns how many places a memo has, at most so many.
func slotsFor(bytes int64, most int) int {
	const small = 1 << 6
	slots := small
	for int64(slots) < bytes>>11 && slots < most {
		slots *= 2
	}
	return slots
}

// of returns what a cell means, if that is remembered.
func (m *memo[V]) of(cell *sheet.Cell) (value V, known bool) {
	if cell.Shared != 0 {
		place := &m.numbered[int(cell.Shared)&(len(m.numbered)-1)]
		return place.value, place.text == cell.Shared
	}
	if len(cell.Text) <= 8 { // nearly all are as short, and compared in one look
		text := short(cell.Text)
		place := &m.texts[scatter(text)&uint64(len(m.texts)-1)]
		return place.value, place.short == text && len(place.text) == len(cell.Text) && place.kind == cell.Kind && cell.Kind != sheet.Empty
	}
	place := &m.texts[mix(cell.Text)&uint64(len(m.texts)-1)]
	return place.value, place.kind == cell.Kind && cell.Kind != sheet.Empty && place.text == cell.Text
}

// keep remembers what a cell means.
func (m *memo[V]) keep(cell *sheet.Cell, value V) {
	if cell.Shared != 0 {
		m.numbered[int(cell.Shared)&(len(m.numbered)-1)] = numbered[V]{cell.Shared, value}
		return
	}
	at, text := mix(cell.Text), uint64(0)
	if len(cell.Text) <= 8 {
		text = short(cell.Text)
		at = scatter(text)
	}
	m.texts[at&uint64(len(m.texts)-1)] = remembered[V]{strings.Clone(cell.Text), text, value, cell.Kind}
}

// customerMemo remembers the customers of ids with the names beside them. It is
// a memo of two columns. There are thousands of customers, so it is packed, and each is
// found by one look into memory; it grows up to manySlots. It looks at a few
// places only: an id may have another name in every row, and ids can be made that
// all begin at one place.
type customerMemo struct {
	slots   []customerSlot // a power of two
	most    int            // slots
	taken   int
	longIDs []string // by slot, those of more than eight bytes; nil while there are none
}

// mostLooks is how many places are looked at for a customer.
const mostLooks = 8

// customerSlot is what a customer is found by, and the customer in the lowest bits of is.
type customerSlot struct {
	// id is short of an id of up to eight bytes, a hash of a longer one, and of texts that
	// are in the workbook's table their numbers. A customer without an id is found by its
	// name in the same way.
	id uint64
	// is has what else tells customers apart: half the hash of the name beside an id,
	// the kinds of both, and how long the id is. It is 0 where no customer is. A new name
	// has the hash of one of the mostLooks that are remembered, and gets no note that it
	// differs, once in 500 million times.
	is uint64
}

const (
	customerBits = 22
	lengthAt     = customerBits // longID for more than eight bytes, idNumbers for numbers
	kindAt       = lengthAt + 4
	besideKindAt = kindAt + 3
	besideAt     = 32

	longID    = 9
	idNumbers = 10
)

// keyOf returns what a customer is found by, and its id where that has to be compared
// as well. There is nothing where both texts are empty.
func keyOf(id, beside *sheet.Cell) (key customerSlot, long string) {
	first := id
	if id.Kind == sheet.Empty {
		first = beside
	}
	if first.Shared != 0 && (beside.Shared != 0 || beside.Kind == sheet.Empty) {
		return customerSlot{uint64(uint32(id.Shared))<<32 | uint64(uint32(beside.Shared)), idNumbers << lengthAt}, ""
	}
	text := first.Text
	key.is = uint64(id.Kind)<<kindAt | uint64(beside.Kind)<<besideKindAt
	if key.is == 0 {
		return key, ""
	}
	if id.Kind != sheet.Empty && beside.Text != "" {
		key.is |= seededHash(beside.Text) >> besideAt << besideAt
	}
	if len(text) <= 8 {
		key.id, key.is = short(text), key.is|uint64(len(text))<<lengthAt
		return key, ""
	}
	key.id, key.is = seededHash(text), key.is|longID<<lengthAt
	return key, text
}

// memoSeeds make hashes differ from run to run. No figure depends on them.
var memoSeeds = [2]uint64{maphash.Comparable(maphash.MakeSeed(), 0), maphash.Comparable(maphash.MakeSeed(), 1)}

// seededHash makes a number of a text, of which nobody can know beforehand for which other
// texts it is the same: sixteen bytes at a time, as wyhash does, and without a call
// for names, most of which are not much longer.
func seededHash(text string) uint64 {
	h, length := memoSeeds[0], uint64(len(text))
	for ; len(text) > 16; text = text[16:] {
		h = fold(word(text)^memoSeeds[1], word(text[8:])^h)
	}
	first, last := short(text), uint64(0)
	if len(text) > 8 {
		first, last = word(text), word(text[len(text)-8:])
	}
	return fold(memoSeeds[1]^length, fold(first^memoSeeds[1], last^h))
}

// fold makes a number of the two halves of a product, in which all bits of both
// factors count.
func fold(x, y uint64) uint64 {
	upper, lower := bits.Mul64(x, y)
	return upper ^ lower
}

// newCustomerMemo makes a memo for the rows of a sheet of so many bytes.
func newCustomerMemo(bytes int64) customerMemo {
	return customerMemo{slots: make([]customerSlot, slotsFor(0, manySlots)), most: slotsFor(bytes, manySlots)}
}

// of returns the customer of an id and the name beside it, if it is remembered.
func (m *customerMemo) of(id, beside *sheet.Cell) (customer int32, known bool) {
	key, long := keyOf(id, beside)
	at, known := m.find(key, long)
	return int32(m.slots[at].is & (1<<customerBits - 1)), known
}

// find returns the slot of a customer, or the one for it where it is not there: a free one,
// or the last one that was looked at.
func (m *customerMemo) find(key customerSlot, long string) (at uint64, known bool) {
	at, mask := scatter(key.id), uint64(len(m.slots)-1)
	for looks := 1; ; looks++ {
		at &= mask
		slot := &m.slots[at]
		if slot.id == key.id && slot.is>>customerBits == key.is>>customerBits && slot.is != 0 && (long == "" || m.longIDs[at] == long) {
			return at, true
		}
		if slot.is == 0 || looks == mostLooks {
			return at, false
		}
		at++
	}
}

// keep remembers the customer of an id and the name beside it.
func (m *customerMemo) keep(id, beside *sheet.Cell, customer int32) {
	const longest = 64 // a copy is held for each name beside it
	key, long := keyOf(id, beside)
	if key.is == 0 || len(long) > longest || customer >= 1<<customerBits {
		return
	}
	if _, known := m.find(key, long); known {
		return
	}
	if m.taken >= len(m.slots)*5/8 {
		m.grow()
	}
	key.is |= uint64(customer)
	m.put(key, strings.Clone(long))
}

// put puts a customer into the slot for it, from which another one may have to go.
func (m *customerMemo) put(customer customerSlot, long string) {
	at, _ := m.find(customer, long)
	if m.slots[at].is == 0 {
		m.taken++
	}
	m.slots[at] = customer
	if long != "" && m.longIDs == nil {
		m.longIDs = make([]string, len(m.slots))
	}
	if m.longIDs != nil {
		m.longIDs[at] = long
	}
}

// grow makes room for twice as many customers; where there is as much as there may be, all
// are forgotten.
func (m *customerMemo) grow() {
	slots, longIDs := m.slots, m.longIDs
	if len(slots) >= m.most {
		clear(slots)
		m.taken = 0
		return
	}
	*m = customerMemo{slots: make([]customerSlot, 2*len(slots)), most: m.most}
	for i, customer := range slots {
		switch {
		case customer.is == 0:
		case longIDs == nil:
			m.put(customer, "")
		default:
			m.put(customer, longIDs[i])
		}
	}
}

// mix makes a number of a text, a different one for nearly every other text. It
// is for tables with one place for a number, or a few: they forget where many texts of a
// file have the same, and do not slow down.
func mix(text string) uint64 {
	h := uint64(len(text)) * spread
	for len(text) >= 8 {
		h = (h ^ word(text)) * spread
		h ^= h >> 32
		text = text[8:]
	}
	h = (h ^ short(text)) * spread
	return h ^ h>>32
}

// short makes a number of a text of up to eight bytes, another one for every
// other text of the same length.
func short(s string) uint64 {
	switch n := len(s); {
	case n >= 4: // the first four bytes and the last four, which may be some of them again
		return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
			uint64(s[n-4])<<32 | uint64(s[n-3])<<40 | uint64(s[n-2])<<48 | uint64(s[n-1])<<56
	case n > 0:
		return uint64(s[0]) | uint64(s[n/2])<<8 | uint64(s[n-1])<<16
	}
	return 0
}

// scatter makes a number of one that short made, in whose lowest bits all letters
// count: the last ones are in the upper half of the product only.
func scatter(text uint64) uint64 { return fold(text, spread) }

// spread is an odd number that spreads what differs in a few bits over all.
const spread = 0x9e3779b97f4a7c15

// word returns the first eight bytes of a text as a number.
func word(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}
