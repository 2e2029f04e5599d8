package ingest

import (
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
	place := &m.texts[mix(cell.Text)&uint64(len(m.texts)-1)]
	return place.value, place.kind == cell.Kind && cell.Kind != sheet.Empty && place.text == cell.Text
}

// keep remembers what a cell means.
func (m *memo[V]) keep(cell *sheet.Cell, value V) {
	if cell.Shared != 0 {
		m.numbered[int(cell.Shared)&(len(m.numbered)-1)] = numbered[V]{cell.Shared, value}
		return
	}
	m.texts[mix(cell.Text)&uint64(len(m.texts)-1)] = remembered[V]{strings.Clone(cell.Text), value, cell.Kind}
}

// customerMemo remembers the customers of ids with the names beside them. It is
// a memo of two columns, and packed, as there are thousands of customers.
type customerMemo struct {
	numbered []numberedCustomer
	texts    []rememberedCustomer
}

type numberedCustomer struct{ id, beside, customer int32 }

// rememberedCustomer has its texts in it, so that a look at one place of memory
// tells. Longer ones are not remembered.
type rememberedCustomer struct {
	customer   int32
	kind       sheet.Kind // of the id
	besideKind sheet.Kind
	bytes      uint8 // of the id …
	both       uint8 // … and of both
	texts      [56]byte
}

func newCustomerMemo(bytes int64) customerMemo {
	slots := slotsFor(bytes, manySlots)
	return customerMemo{make([]numberedCustomer, slots), make([]rememberedCustomer, slots)}
}

// places returns where an id and a name are remembered: by number where both are
// shared texts or empty, else by their texts. Both are nil where both are empty.
func (m *customerMemo) places(id, beside *sheet.Cell) (numbered *numberedCustomer, text *rememberedCustomer) {
	first := id
	if id.Kind == sheet.Empty {
		first = beside
	}
	switch {
	case first.Kind == sheet.Empty:
		return nil, nil
	case first.Shared != 0 && (beside.Shared != 0 || beside.Kind == sheet.Empty):
		return &m.numbered[int(first.Shared)&(len(m.numbered)-1)], nil
	}
	return nil, &m.texts[mix(first.Text)&uint64(len(m.texts)-1)]
}

// of returns the customer of an id and the name beside it, if it is remembered.
func (m *customerMemo) of(id, beside *sheet.Cell) (customer int32, known bool) {
	n, t := m.places(id, beside)
	switch {
	case n != nil:
		return n.customer, n.id == id.Shared && n.beside == beside.Shared
	case t != nil:
		return t.customer, t.kind == id.Kind && t.besideKind == beside.Kind &&
			string(t.texts[:t.bytes]) == id.Text && string(t.texts[t.bytes:t.both]) == beside.Text
	}
	return 0, false
}

// keep remembers the customer of an id and the name beside it.
func (m *customerMemo) keep(id, beside *sheet.Cell, customer int32) {
	n, t := m.places(id, beside)
	switch {
	case n != nil:
		*n = numberedCustomer{id.Shared, beside.Shared, customer}
	case t != nil && len(id.Text)+len(beside.Text) <= len(t.texts):
		*t = rememberedCustomer{customer: customer, kind: id.Kind, besideKind: beside.Kind, bytes: uint8(len(id.Text)), both: uint8(len(id.Text) + len(beside.Text))}
		copy(t.texts[:], id.Text)
		copy(t.texts[t.bytes:], beside.Text)
	}
}

// mix makes a number of a text, a different one for nearly every other text. It
// is for tables with one place for a number: they forget where many texts of a
// file have the same, and do not slow down.
func mix(text string) uint64 {
	h := uint64(len(text)) * spread
	for len(text) >= 8 {
		h = (h ^ word(text)) * spread
		h ^= h >> 32
		text = text[8:]
	}
	rest := uint64(0)
	for i := range len(text) {
		rest = rest<<8 | uint64(text[i])
	}
	h = (h ^ rest) * spread
	return h ^ h>>32
}

// spread is an odd number that spreads what differs in a few bits over all.
const spread = 0x9e3779b97f4a7c15

// word returns the first eight bytes of a text as a number.
func word(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}
