package sheet

import (
	"encoding/binary"
	"strings"
)

// columnTexts turns the bytes of cells into strings that outlive their block.
// What repeats in a column (customers, kinds, dates) is one string; what does
// not shares chunks with its column only, so that keeping all document numbers
// does not keep all amounts alive.
type columnTexts struct {
	columns [textColumns]textColumn
}

// textColumns is the number of columns with a memory of their own; wider
// sheets share them.
const textColumns = 64

// textColumn remembers the texts last seen, by a hash of their bytes.
type textColumn struct {
	seen        []string
	tries, hits int
	unique      bool // hardly anything repeats: not worth remembering
	chunk       strings.Builder
}

const (
	seenTexts       = 512  // texts a column remembers
	seenBytes       = 64   // longer texts are not looked up
	judgeTries      = 4096 // after so many look-ups a column without repeats stops
	chunkBytes      = 16 << 10
	firstChunkBytes = 512
)

// keep returns b as a string. ok is false where b is not valid UTF-8.
func (t *columnTexts) keep(column int, b []byte) (text string, ok bool) {
	c := &t.columns[column%textColumns]
	if c.unique || len(b) > seenBytes {
		return addTo(&c.chunk, b)
	}
	if c.seen == nil {
		c.seen = make([]string, seenTexts)
	}
	slot := &c.seen[hashBytes(b)%seenTexts]
	c.tries++
	if *slot == string(b) {
		c.hits++
		return *slot, true
	}
	if text, ok = addTo(&c.chunk, b); ok {
		*slot = text
	}
	if c.tries == judgeTries {
		c.unique = c.hits < judgeTries/8
		c.tries, c.hits = 0, 0
	}
	return text, ok
}

// hashBytes mixes the first and the last eight bytes and the length: enough to
// spread texts over a table where a clash only costs a copy.
func hashBytes(b []byte) uint64 {
	var first, last uint64
	switch n := len(b); {
	case n >= 8:
		first, last = binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[n-8:])
	case n >= 4:
		first, last = uint64(binary.LittleEndian.Uint32(b)), uint64(binary.LittleEndian.Uint32(b[n-4:]))
	default:
		for _, c := range b {
			first = first<<8 | uint64(c)
		}
	}
	h := (first ^ last*0x9e3779b97f4a7c15 ^ uint64(len(b))) * 0xd6e8feb86659fd93
	return h >> 40
}
