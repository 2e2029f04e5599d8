package sheet

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"slices"
	"unicode/utf8"
	"unsafe"
)

// textBlock is some decoded text in which records that are written plainly are found
// without looking at each byte: their quotes stand at the edges of fields and
// nowhere else. What is true of the block is found out once for all its records.
type textBlock struct {
	text      []byte
	pos       int // from here on the text is not yet consumed
	separator byte

	// marks has a bit for every byte of text, set for separators.
	marks []uint64
	// Where the next of each kind of byte stands at or behind pos, or len(text);
	// before pos: to be looked for.
	lineFeed, carriageReturn, quote int
	// valid is up to where the text is UTF-8 for certain.
	valid int
	// shown is Row.Shown of the record that was cut last.
	shown uint64
	usual usualWidth
}

// scan looks through the text, which was moved or became more. Text that was
// decoded needs no check.
func (b *textBlock) scan(decoded bool) {
	b.lineFeed, b.carriageReturn, b.quote = -1, -1, -1
	b.valid = len(b.text)
	if !decoded {
		// The last line may end inside a character.
		if b.valid = bytes.LastIndexByte(b.text, '\n') + 1; !utf8.Valid(b.text[b.pos:max(b.pos, b.valid)]) {
			b.valid = b.pos
		}
	}
	b.mark()
}

// mark sets the marks, 64 bytes at a time.
func (b *textBlock) mark() {
	words := len(b.text)/64 + 1
	if cap(b.marks) < words {
		b.marks = make([]uint64, words, words+words/8)
	}
	b.marks = b.marks[:words]
	pattern := everyByte * uint64(b.separator)
	whole := len(b.text) / 64
	for i := range whole {
		b.marks[i] = marksOf((*[64]byte)(b.text[i*64:]), pattern)
	}
	var rest [64]byte
	n := copy(rest[:], b.text[whole*64:])
	b.marks[whole] = marksOf(&rest, pattern) & (1<<n - 1)
}

const everyByte = 0x0101010101010101

// marksOf returns a bit for each of 64 bytes, set where it is that of pattern.
func marksOf(b *[64]byte, pattern uint64) uint64 {
	m := equalBytes(binary.LittleEndian.Uint64(b[0:]) ^ pattern)
	m |= equalBytes(binary.LittleEndian.Uint64(b[8:])^pattern) << 8
	m |= equalBytes(binary.LittleEndian.Uint64(b[16:])^pattern) << 16
	m |= equalBytes(binary.LittleEndian.Uint64(b[24:])^pattern) << 24
	m |= equalBytes(binary.LittleEndian.Uint64(b[32:])^pattern) << 32
	m |= equalBytes(binary.LittleEndian.Uint64(b[40:])^pattern) << 40
	m |= equalBytes(binary.LittleEndian.Uint64(b[48:])^pattern) << 48
	m |= equalBytes(binary.LittleEndian.Uint64(b[56:])^pattern) << 56
	return m
}

// equalBytes returns a bit for each byte of a word, set where the byte is zero:
// adding 0x7f sets the top bit of any other, and the product gathers the top bits.
func equalBytes(word uint64) uint64 {
	const low = everyByte * 0x7f
	return (^(word&low + low | word) & (everyByte * 0x80)) * 0x2040810204081 >> 56
}

// next returns where the next byte c stands at or behind from, given where the
// last one that was looked for stands.
func (b *textBlock) next(known *int, c byte, from int) int {
	if *known < from {
		*known = b.find(c, from)
	}
	return *known
}

func (b *textBlock) find(c byte, from int) int {
	if i := bytes.IndexByte(b.text[from:], c); i >= 0 {
		return from + i
	}
	return len(b.text)
}

// plainRecord appends the cells of the record at pos to the batch and returns where
// the next one starts. 0 says that the record is not whole, or not plain.
func (r *textRows) plainRecord() (next int) {
	b := &r.textBlock
	cells := r.out.now.cells
	before := len(cells)
	end, ok := 0, false
	if cells, end, ok = b.cutPlain(cells, r.most); !ok {
		return 0
	}
	if next = b.behindLineEnd(end); next == 0 || next > b.valid && !utf8.Valid(b.text[b.pos:next]) {
		return 0
	}
	r.fieldCount, r.cut = len(cells)-before, false
	n := len(cells)
	for n > before && cells[n-1].Kind == Empty { // empty cells at the end of a row are none
		n--
	}
	r.out.now.cells = cells[:n]
	return next
}

// cutPlain appends a cell for every field of the record at pos and returns where its
// line ends. ok is false where the record is not whole, not plain, or so long
// that it may have more than most fields.
func (b *textBlock) cutPlain(cells []Cell, most int) (out []Cell, end int, ok bool) {
	start, first := b.pos, len(cells)
	b.shown = 0
	for {
		end = min(b.next(&b.lineFeed, '\n', start), b.next(&b.carriageReturn, '\r', start))
		quote := b.next(&b.quote, '"', start)
		if end == len(b.text) || end-b.pos >= most {
			return nil, 0, false
		}
		if quote > end {
			return b.split(cells, first, start, end), end, true
		}
		if quote > start {
			if b.text[quote-1] != b.separator {
				return nil, 0, false
			}
			cells = b.split(cells, first, start, quote-1)
		}
		closing := b.next(&b.quote, '"', quote+1)
		if closing+1 >= len(b.text) || closing-b.pos >= most || b.carriageReturn < closing {
			return nil, 0, false
		}
		if b.lineFeed < closing && b.holdsRows(b.text[quote+1:closing]) {
			return nil, 0, false // which parsing it says
		}
		cell := textCell(b.string()[quote+1 : closing])
		b.shown = withCell(b.shown, len(cells)-first, cell.Visible)
		cells = append(cells, cell)
		switch b.text[closing+1] {
		case b.separator:
			start = closing + 2
		case '\n', '\r':
			return cells, closing + 1, true
		default:
			return nil, 0, false
		}
	}
}

// holdsRows reports whether a quoted text that goes over several lines looks like a text
// with a single quote and the rows behind it, up to the next quote: whole lines of it
// have as many fields as the records before. Of few fields one line may by chance.
func (b *textBlock) holdsRows(text []byte) bool {
	const few = 8 // fields
	fields := b.usual.fields
	if b.usual.run < regularRecords || fields < few/2 {
		return false
	}
	missing := 1 // rows
	if fields < few {
		missing = 3
	}
	_, text, more := bytes.Cut(text, []byte{'\n'}) // the first and the last line are parts of rows
	for more && missing > 0 {
		var line []byte
		if line, text, more = bytes.Cut(text, []byte{'\n'}); more && bytes.Count(line, []byte{b.separator}) == fields-1 {
			missing--
		}
	}
	return missing == 0
}

// behindLineEnd returns where the line end at end ends; 0 where more text must
// show it.
func (b *textBlock) behindLineEnd(end int) int {
	switch {
	case b.text[end] == '\n':
		return end + 1
	case end+1 == len(b.text):
		return 0
	case b.text[end+1] == '\n':
		return end + 2
	}
	return end + 1
}

// split appends a cell for every field between start and end, which is that of a
// line or a separator. The record's first cell is at first.
func (b *textBlock) split(cells []Cell, first, start, end int) []Cell {
	text := b.string()
	n, shown := len(cells), b.shown
	most := end - start + 1 // cells, for which there must be room
	if cap(cells) >= batchCells && cap(cells)-n < most {
		most = max(most, mostBlockCells) // at once for all of a block, as growing copies
	}
	cells = slices.Grow(cells, most)
	cells = cells[:cap(cells)]
	word := start / 64
	b.marks[end/64] |= 1 << (end % 64) // the end ends a field as well
	marks := b.marks[word] &^ (1<<(start%64) - 1)
	for {
		for marks == 0 {
			word++
			marks = b.marks[word]
		}
		at := word*64 + bits.TrailingZeros64(marks)
		// Whether a field is empty cannot be foreseen: no branch may depend on it, as one
		// that min is made of does.
		some := uint64(start-at) >> 63
		visible := some
		if !isPrinting(text[start]) && isBlankField(text[start:at]) { // text[start] may be the end of an empty one
			visible = 0
		}
		cells[n] = Cell{Text: text[start:at], Kind: Empty + (Text-Empty)*Kind(some), Visible: visible != 0}
		shown |= visible << (n - first)
		n++
		if at == end {
			b.shown = shown
			return cells[:n]
		}
		start = at + 1
		marks &= marks - 1
	}
}

// isBlankField is isBlank, apart from the loop in split, which its own would crowd.
//
//go:noinline
func isBlankField(text string) bool { return isBlank(text) }

// string returns the text without a copy.
func (b *textBlock) string() string { return unsafe.String(unsafe.SliceData(b.text), len(b.text)) }

func textCell(text string) Cell {
	if text == "" {
		return Cell{}
	}
	return Cell{Text: text, Kind: Text, Visible: isPrinting(text[0]) || !isBlank(text)}
}
