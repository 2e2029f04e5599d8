package ingest

import (
	"unsafe"

	"duepack/ingest/sheet"
)

// memo remembers what the last cells of a column were found to mean. Texts that
// repeat are one string (package sheet), so a cell is looked up by where its
// text lies, and nearly always found without looking at its letters.
type memo[V any] struct {
	slots []remembered[V]
}

type remembered[V any] struct {
	text  string
	kind  sheet.Kind
	value V
}

// newMemo makes a memo for a sheet of so many bytes.
func newMemo[V any](bytes int64) memo[V] {
	const few, many, large = 64, 1 << 12, 1 << 20
	if bytes < large {
		return memo[V]{make([]remembered[V], few)}
	}
	return memo[V]{make([]remembered[V], many)}
}

// of returns the place for what a cell means; known says that it is there.
func (m *memo[V]) of(cell sheet.Cell) (place *remembered[V], known bool) {
	at := uintptr(unsafe.Pointer(unsafe.StringData(cell.Text)))
	place = &m.slots[(at^at>>12)&uintptr(len(m.slots)-1)]
	return place, place.kind == cell.Kind && cell.Kind != sheet.Empty && place.text == cell.Text
}

// keep remembers what a cell means.
func (p *remembered[V]) keep(cell sheet.Cell, value V) {
	*p = remembered[V]{cell.Text, cell.Kind, value}
}
