package ingest

import (
	"hash/maphash"
	"strings"

	"duepack/ingest/sheet"
)

// memo remembers what the last cells of a column were found to mean: most of
// them repeat, and finding them here costs less than reading them again.
type memo[V any] struct {
	seed  maphash.Seed
	slots []remembered[V]
}

type remembered[V any] struct {
	text  string
	value V
	kind  sheet.Kind
}

// newMemo makes a memo of a column with few or many different cells, for a sheet
// of so many bytes.
func newMemo[V any](bytes int64, many bool) memo[V] {
	const large, huge = 1 << 20, 64 << 20
	slots := 1 << 6
	switch {
	case many && bytes >= huge:
		slots = 1 << 15
	case many && bytes >= large:
		slots = 1 << 13
	case bytes >= large:
		slots = 1 << 10
	}
	return memo[V]{maphash.MakeSeed(), make([]remembered[V], slots)}
}

// of returns the place for what a cell means; known says that it is there.
func (m *memo[V]) of(cell sheet.Cell) (place *remembered[V], known bool) {
	place = &m.slots[maphash.String(m.seed, cell.Text)&uint64(len(m.slots)-1)]
	return place, place.kind == cell.Kind && cell.Kind != sheet.Empty && place.text == cell.Text
}

// keep remembers what a cell means.
func (p *remembered[V]) keep(cell sheet.Cell, value V) {
	*p = remembered[V]{strings.Clone(cell.Text), value, cell.Kind}
}
