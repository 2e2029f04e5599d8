package sheet

import (
	"bytes"
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

	// marks are the places of separators, line ends and quotes, in order; next is the
	// first one at or behind pos.
	marks []uint32
	next  int
	// valid is up to where the text is UTF-8 for certain.
	valid int
	// shown is Row.Shown of the record that was cut last, filled the same of the cells
	// that are not empty.
	shown, filled uint64
	usual         usualWidth
}

// scan looks through the text, which was moved or became more. Text that was
// decoded needs no check.
func (b *textBlock) scan(decoded bool) {
	valid := b.mark()
	b.valid = len(b.text)
	if !decoded && !valid {
		// The last line may end inside a character.
		if b.valid = bytes.LastIndexByte(b.text, '\n') + 1; !utf8.Valid(b.text[b.pos:max(b.pos, b.valid)]) {
			b.valid = b.pos
		}
	}
}

// plainRecord takes the cells of the record at pos into the batch and returns where
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
		clear(cells[before:]) // nobody else will, as they are not in the batch
		return 0
	}
	r.fieldCount, r.cut = len(cells)-before, false
	width := bits.Len64(b.filled) // empty cells at the end of a row are none
	if r.fieldCount > wordBits {
		for width = r.fieldCount; width > 0 && cells[before+width-1].Kind == Empty; width-- {
		}
	}
	r.out.now.cells = cells[:before+width]
	r.cells = cells[before : before+width]
	return next
}

// cutPlain appends a cell for every field of the record at pos and returns where its
// line ends. ok is false where the record is not whole, not plain, or has more than
// most fields.
func (b *textBlock) cutPlain(cells []Cell, most int) (out []Cell, end int, ok bool) {
	b.findNext()
	first, next, start := len(cells), b.next, b.pos
	b.shown, b.filled = 0, 0
	for next < len(b.marks) && len(cells)-first <= most {
		n := len(cells)
		if n == cap(cells) {
			cells = grown(cells)
		}
		c := b.cutPlainly(cells[n:min(cap(cells), n+wordBits)], b.marks[next:], start)
		cells = cells[:n+c.cells]
		shown := c.filled
		if odd := c.filled &^ c.printing; odd != 0 {
			shown &^= hideBlank(cells[n:], odd)
		}
		b.shown |= shown << (n - first)
		b.filled |= c.filled << (n - first)
		next, start = next+c.marks, c.start
		switch {
		case c.stop == withoutRoom:
			continue
		case c.stop == wholeRecord:
			b.next = next
			return cells, int(b.marks[next-1]), len(cells)-first <= most
		}
		closing := 0
		if next < len(b.marks) {
			closing = b.closing(b.marks[next:], start)
		}
		if closing == 0 {
			break
		}
		cell := textCell(b.string()[start+1 : b.marks[next+closing]])
		b.shown = withCell(b.shown, len(cells)-first, cell.Visible)
		b.filled = withCell(b.filled, len(cells)-first, cell.Kind != Empty)
		cells = append(cells, cell)
		next += closing + 2
		if end = int(b.marks[next-1]); b.text[end] != b.separator {
			b.next = next
			return cells, end, len(cells)-first <= most
		}
		start = end + 1
	}
	clear(cells[first:]) // as above
	return nil, 0, false
}

const wordBits = 64

// grown makes room for cells of some more fields.
func grown(cells []Cell) []Cell {
	n := len(cells)
	switch {
	case cap(cells)-n >= wordBits:
		return cells
	case n >= batchCells:
		return slices.Grow(cells, mostBlockCells) // at once for all of a block, as growing copies
	}
	return slices.Grow(cells, max(n, wordBits))
}

// hideBlank makes cells invisible that have nothing but spaces, of those that a bit is
// set for, and returns which they are.
func hideBlank(cells []Cell, odd uint64) (blank uint64) {
	for ; odd != 0; odd &= odd - 1 {
		if i := bits.TrailingZeros64(odd); isBlank(cells[i].Text) {
			cells[i].Visible = false
			blank |= 1 << i
		}
	}
	return blank
}

// showWide makes cells invisible as hideBlank does, of a row of more than wordBits, and
// returns which of the first ones show, and how many there are without empty ones at the end.
func showWide(cells []Cell) (shown uint64, width int) {
	for i := range cells {
		c := &cells[i]
		if c.Kind == Empty {
			continue
		}
		c.Visible = isPrinting(c.Text[0]) || !isBlank(c.Text)
		shown, width = withCell(shown, i, c.Visible), i+1
	}
	return shown, width
}

// closing returns which mark is the quote that closes the field that begins at start
// with the first one, if its end is the next mark and the field is plain; and 0
// otherwise.
func (b *textBlock) closing(marks []uint32, start int) int {
	if int(marks[0]) != start {
		return 0
	}
	lines := false
	for i := 1; i+1 < len(marks); i++ {
		at := marks[i]
		switch b.text[at] {
		case '\r':
			return 0
		case '\n':
			lines = true
		case '"':
			if !b.closes(marks, i) || lines && b.holdsRows(b.text[start+1:at]) { // which parsing it says
				return 0
			}
			return i
		}
	}
	return 0
}

// closes reports whether a mark is a quote, the next one stands right behind it, and is
// none.
func (b *textBlock) closes(marks []uint32, mark int) bool {
	return mark+1 < len(marks) && b.text[marks[mark]] == '"' && marks[mark+1] == marks[mark]+1 && b.text[marks[mark+1]] != '"'
}

// findNext makes next the mark at or behind pos, where the last record was not cut here.
func (b *textBlock) findNext() {
	for b.next > 0 && int(b.marks[b.next-1]) >= b.pos {
		b.next--
	}
	for b.next < len(b.marks) && int(b.marks[b.next]) < b.pos {
		b.next++
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

// string returns the text without a copy.
func (b *textBlock) string() string { return unsafe.String(unsafe.SliceData(b.text), len(b.text)) }

func textCell(text string) Cell {
	if text == "" {
		return Cell{}
	}
	return Cell{Text: text, Kind: Text, Visible: isPrinting(text[0]) || !isBlank(text)}
}
