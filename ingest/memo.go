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
// a memo of two columns. There are thousands of customers, so it is packed: small
// tables of places, and one behind the other what stands there. It looks at a few
// places only: an id may have another name in every row, and ids can be made that
// all begin at one place.
type customerMemo struct {
	numberPlaces []uint16 // places in numbered from 1; a power of two, at most half of them taken
	numbered     []numberedCustomer
	textPlaces   []uint16 // places in texts
	texts        []rememberedCustomer
	longIDs      []string // by place in texts, those of more than eight bytes
}

// mostLooks is how many places are looked at for a customer. With half of them
// taken, nearly all are found by the second.
const mostLooks = 8

type numberedCustomer struct{ id, beside, customer int32 }

// rememberedCustomer is small, so that thousands of them stay in a processor's
// cache. Its id, or its name where it has no id, is compared letter by letter. Of a
// name beside an id it has the hash only: of two with the same hash the second would
// get no note that it differs.
type rememberedCustomer struct {
	id         uint64 // short of up to eight bytes; the hash of more, which are in longIDs
	beside     uint64 // hash
	customer   int32
	bytes      uint8 // of the id; longID for more than eight
	kind       sheet.Kind
	besideKind sheet.Kind
}

// longID stands for the length of an id that is in longIDs.
const longID = 9

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

// rememberedOf returns what is remembered of an id and the name beside it, and the
// text that is compared.
func rememberedOf(id, beside *sheet.Cell, customer int32) (t rememberedCustomer, text string) {
	t = rememberedCustomer{customer: customer, bytes: longID, kind: id.Kind, besideKind: beside.Kind}
	if text = id.Text; id.Kind == sheet.Empty {
		text = beside.Text
	} else if beside.Text != "" {
		t.beside = seededHash(beside.Text)
	}
	if len(text) <= 8 {
		t.id, t.bytes = short(text), uint8(len(text))
	} else {
		t.id = seededHash(text)
	}
	return t, text
}

func newCustomerMemo(bytes int64) customerMemo {
	places := slotsFor(bytes, manySlots)
	return customerMemo{numberPlaces: make([]uint16, places), textPlaces: make([]uint16, places)}
}

// byNumber reports whether a customer is remembered by the numbers of its texts in
// the workbook's table: both are in it, or one is and the other is empty.
func byNumber(first, beside *sheet.Cell) bool {
	return first.Shared != 0 && (beside.Shared != 0 || beside.Kind == sheet.Empty)
}

// firstOf returns the cell that a customer is looked for by: its id, or its name
// where it has none.
func firstOf(id, beside *sheet.Cell) *sheet.Cell {
	if id.Kind == sheet.Empty {
		return beside
	}
	return id
}

// of returns the customer of an id and the name beside it, if it is remembered.
func (m *customerMemo) of(id, beside *sheet.Cell) (customer int32, known bool) {
	first := firstOf(id, beside)
	if byNumber(first, beside) {
		_, customer, known = m.ofNumbers(first, id, beside)
	} else if first.Kind != sheet.Empty {
		_, customer, known = m.ofTexts(id, beside)
	}
	return customer, known
}

// ofNumbers looks for the numbers of two texts, and returns the place for them
// where they are not there: a free one, or the last one that was looked at.
func (m *customerMemo) ofNumbers(first, id, beside *sheet.Cell) (place *uint16, customer int32, known bool) {
	at, mask := uint64(first.Shared)*spread>>32, uint64(len(m.numberPlaces)-1)
	for range mostLooks {
		if place = &m.numberPlaces[at&mask]; *place == 0 {
			break
		}
		if n := &m.numbered[*place-1]; n.id == id.Shared && n.beside == beside.Shared {
			return nil, n.customer, true
		}
		at++
	}
	return place, 0, false
}

// ofTexts is ofNumbers by the texts themselves.
func (m *customerMemo) ofTexts(id, beside *sheet.Cell) (place *uint16, customer int32, known bool) {
	wanted, text := rememberedOf(id, beside, 0)
	at, mask := scatter(wanted.id), uint64(len(m.textPlaces)-1)
	for range mostLooks {
		if place = &m.textPlaces[at&mask]; *place == 0 {
			break
		}
		t := &m.texts[*place-1]
		wanted.customer = t.customer
		if *t == wanted && (t.bytes != longID || m.longIDs[*place-1] == text) {
			return nil, t.customer, true
		}
		at++
	}
	return place, 0, false
}

// keep remembers the customer of an id and the name beside it. When the memo is
// full it forgets all of them.
func (m *customerMemo) keep(id, beside *sheet.Cell, customer int32) {
	first := firstOf(id, beside)
	if byNumber(first, beside) {
		if 2*len(m.numbered) == len(m.numberPlaces) {
			m.numbered = m.numbered[:0]
			clear(m.numberPlaces)
		}
		if place, _, known := m.ofNumbers(first, id, beside); !known {
			m.numbered = put(m.numbered, place, numberedCustomer{id.Shared, beside.Shared, customer})
		}
		return
	}
	const longest = 64 // a copy is held for each name beside it
	if first.Kind == sheet.Empty || len(first.Text) > longest {
		return
	}
	if 2*len(m.texts) == len(m.textPlaces) {
		m.texts, m.longIDs = m.texts[:0], m.longIDs[:0]
		clear(m.textPlaces)
	}
	if place, _, known := m.ofTexts(id, beside); !known {
		t, text := rememberedOf(id, beside, customer)
		m.texts = put(m.texts, place, t)
		m.longIDs = append(m.longIDs, make([]string, len(m.texts)-len(m.longIDs))...)
		if t.bytes == longID {
			m.longIDs[*place-1] = strings.Clone(text)
		}
	}
}

// put makes a place that of a customer, who takes the room of the one that it was of.
func put[C any](list []C, place *uint16, customer C) []C {
	if *place != 0 {
		list[*place-1] = customer
		return list
	}
	list = append(list, customer)
	*place = uint16(len(list))
	return list
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
