package sheet

import (
	"encoding/binary"
	"math/bits"

	"duepack/analysis/ledger/digit"
)

// markBytes is how many bytes are looked through at once. What they are may depend on
// as many before them as lookBack says.
const (
	markBytes = 64
	lookBack  = 3
)

// mostMarkedBytes is how long a text is at most whose marks are found. Records that make
// it longer are parsed: they may have a mark in every byte, which would be found again
// whenever more of them is read.
const mostMarkedBytes = 1 << 20

// vectors says that text is looked through with instructions for many bytes at once;
// a test sets it to false, as it is on other processors.
var vectors = hasVectors

// mark finds the marks of the text, and reports whether all of it is UTF-8, as far as
// that is known.
func (b *textBlock) mark() (valid bool) {
	b.marks, b.next = b.marks[:0], 0
	if len(b.text) > mostMarkedBytes {
		return false
	}
	valid = true
	var edge [lookBack + markBytes]byte // of the text, with what is not there
	whole := len(b.text) / markBytes
	for at := 0; at < whole; {
		text, n := edge[:], 1
		if at == 0 {
			copy(edge[lookBack:], b.text)
		} else {
			const most = 64 // for whose marks there must be room
			text, n = b.text[at*markBytes-lookBack:], min(most, whole-at)
		}
		valid = b.markBlocks(text, n, at*markBytes) && valid
		at += n
	}
	filler := byte('a')
	if b.separator == filler {
		filler = 'b'
	}
	for i := range edge {
		if at := whole*markBytes + i - lookBack; at < len(b.text) && at >= 0 {
			edge[i] = b.text[at]
		} else {
			edge[i] = filler
		}
	}
	return b.markBlocks(edge[:], 1, whole*markBytes) && valid
}

// markPlainly is markBlocks on any processor.
func (b *textBlock) markPlainly(text []byte, blocks, from int) {
	for i := range blocks {
		marks := marksOf((*[markBytes]byte)(text[lookBack+i*markBytes:]), digit.Every*uint64(b.separator))
		for ; marks != 0; marks &= marks - 1 {
			b.marks = append(b.marks, uint32(from+i*markBytes+bits.TrailingZeros64(marks)))
		}
	}
}

// marksOf returns a bit for each of 64 bytes that is a separator, a part of a line end
// or a quote.
func marksOf(b *[markBytes]byte, separators uint64) (marks uint64) {
	for i := 0; i < markBytes; i += 8 {
		word := binary.LittleEndian.Uint64(b[i:])
		found := zeroBytes(word^separators) | zeroBytes(word^digit.Every*'\n') | zeroBytes(word^digit.Every*'\r') | zeroBytes(word^digit.Every*'"')
		marks |= found * 0x2040810204081 >> 56 << i // the product gathers the top bits
	}
	return marks
}

// zeroBytes sets the top bit of every byte of a word that is zero: adding 0x7f sets
// that of any other.
func zeroBytes(word uint64) uint64 {
	const low = digit.Every * 0x7f
	return ^(word&low + low | word) & (digit.Every * 0x80)
}

// cutting is what became of the fields of a record, or of some of them.
type cutting struct {
	cells int
	// filled has a bit for each cell, the lowest for the first one, set where it is not
	// empty, and printing where it begins with an ASCII character that shows; of an
	// empty one that says nothing.
	filled, printing uint64
	marks            int // that were used
	start            int // of the next field, if there is one
	stop             int // why there is no next one
}

const (
	withoutRoom = iota // for its cell
	wholeRecord        // the last mark that was used ends the record
	notPlain           // it has quotes inside or several lines, or its end is not in the block
)

// cutRecord is a plain record that was cut.
type cutRecord struct {
	end      uint32 // of its cells in the room of several records
	marks    uint32 // that it and those before it used, with their line ends
	next     int    // where the next one starts
	filled   uint64 // as of a cutting; they say nothing where there are more cells than bits
	printing uint64
}

// cutRecordsPlainly is cutRecords on any processor.
func (b *textBlock) cutRecordsPlainly(room []Cell, records []cutRecord) (n int) {
	marks := b.marks[b.next:]
	for start, end, used := b.pos, 0, 0; n < len(records) && end < len(room); n++ {
		c := b.cutPlainly(room[end:], marks[used:], start)
		if c.stop != wholeRecord {
			break
		}
		used += c.marks
		if at := int(marks[used-1]); b.text[at] == '\r' {
			if used == len(marks) {
				break // a line feed may stand behind it
			}
			if b.text[at+1] == '\n' {
				used++
			}
		}
		start, end = int(marks[used-1])+1, end+c.cells
		records[n] = cutRecord{uint32(end), uint32(used), start, c.filled, c.printing}
	}
	return n
}

// cutPlainly makes cells of the fields from start on, whose marks are given. Quoted
// fields may have separators in them, and nothing else that is marked.
func (b *textBlock) cutPlainly(room []Cell, marks []uint32, start int) cutting {
	c := cutting{start: start}
	for {
		n, filled, printing := b.cutSeparated(room[c.cells:], marks[c.marks:], c.start)
		c.filled |= filled << c.cells
		c.printing |= printing << c.cells
		if c.cells, c.marks = c.cells+n, c.marks+n; n > 0 {
			c.start = int(marks[c.marks-1]) + 1
		}
		if c.cells == len(room) {
			c.stop = withoutRoom
			return c
		}
		from, last := c.start, c.marks // of the field, and the mark behind it
		if last == len(marks) {
			c.stop = notPlain
			return c
		}
		to := int(marks[last])
		if b.text[to] == '"' {
			closing := 1
			for last+closing < len(marks) && b.text[marks[last+closing]] == b.separator {
				closing++
			}
			if to != from || !b.closes(marks[last:], closing) {
				c.stop = notPlain
				return c
			}
			from, to, last = from+1, int(marks[last+closing]), last+closing+1
		}
		cell := &room[c.cells]
		if *cell = textCell(b.string()[from:to]); cell.Kind != Empty {
			cell.Visible = true
			c.filled |= 1 << c.cells
			if isPrinting(cell.Text[0]) {
				c.printing |= 1 << c.cells
			}
		}
		c.cells, c.marks, c.start = c.cells+1, last+1, int(marks[last])+1
		if b.text[marks[last]] != b.separator {
			c.stop = wholeRecord
			return c
		}
		if c.cells == len(room) {
			c.stop = withoutRoom
			return c
		}
	}
}

// cutSeparated makes cells of the fields before the first mark that is no separator. It
// is a function of its own so that the loop has the registers to itself.
//
//go:noinline
func (b *textBlock) cutSeparated(room []Cell, marks []uint32, start int) (n int, filled, printing uint64) {
	marks = marks[:min(len(marks), len(room))]
	text, separator, bit := b.string(), b.separator, uint64(1)
	for i, mark := range marks {
		at := int(mark)
		if text[at] != separator {
			return i, filled, printing
		}
		// Whether a field is empty cannot be foreseen: no branch may depend on it.
		some := uint64(start-at) >> 63
		room[i] = Cell{Text: text[start:at], Kind: Empty + (Text-Empty)*Kind(some), Visible: some != 0}
		filled |= bit & -some
		if isPrinting(text[start]) { // which may be the separator
			printing |= bit
		}
		bit <<= 1
		start = at + 1
	}
	return len(marks), filled, printing
}
