package sheet

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"slices"
	"strconv"
	"unicode/utf8"

	"duepack/analysis/ledger/digit"
)

// Nearly every cell of a column is written as the one above it but for the
// number of the row and the value. So a column remembers what stands in front of
// its values, and a cell is compared with that, eight bytes at a time. What is
// written in another way is read tag by tag, which also says what is wrong with it.

// window is the next bytes of a block: enough for all of a cell that is read so
// but a text. A byte counts any place in it, so that none has to be checked.
type window [256 + 8]byte

// at returns the eight bytes at i, the first one lowest.
func (w *window) at(i uint8) uint64 { return binary.LittleEndian.Uint64(w[i:]) }

// word is a short text as the number that eight bytes of XML with it in front
// make, so that one comparison finds it.
type word struct{ value, mask uint64 }

func wordOf(text string) word {
	var w word
	for i := range min(len(text), 8) {
		w.value |= uint64(text[i]) << (8 * i)
		w.mask |= 0xff << (8 * i)
	}
	return w
}

// differs is not 0 where eight bytes do not begin with the text.
func (w word) differs(eight uint64) uint64 { return eight&w.mask ^ w.value }

var (
	cellStart = wordOf(`<c r="`)
	rowStart  = wordOf(`<row r="`)
	rowEnd    = wordOf(`</row>`)
	valueEnd  = wordOf(`</v></c>`)
)

// plainRow reads the tag of a row at pos that has nothing but its number. It
// reports false, and has done nothing, where it is not written so.
func (r *rowReader) plainRow() (bool, error) {
	if len(r.buf)-r.pos < len(window{}) {
		return false, nil
	}
	w := (*window)(r.buf[r.pos:])
	if rowStart.differs(w.at(0)) != 0 {
		return false, nil
	}
	number := w.at(uint8(len(`<row r="`)))
	n := digit.Count(number)
	if n == 0 {
		return false, nil
	}
	end := uint8(len(`<row r="`)) + n
	row := digit.Number(number, n)
	if w[end] != '"' || w[end+1] != '>' || row == 0 {
		return false, nil
	}
	r.pos += int(end) + len(`">`)
	r.newRow()
	err := r.numberRow(row)
	mask := uint64(1)<<(8*n+8) - 1
	r.ref, r.refBytes = word{number & mask, mask}, n+1
	return true, err
}

// column is how the cells of a column are written.
type column struct {
	start      word // <c r="AB
	startBytes uint8
	number     uint8
	next       *column // that of the cell that came next in a row
	form       *form   // that was met last, of
	forms      [2]form
}

// form is how a cell is written, but for its reference and value. The first and
// last eight bytes of what stands between them tell it; they are the same ones
// where that is short.
type form struct {
	first, last uint64
	mask        uint64 // of both, where there are less than eight bytes
	lastAt      uint8
	bytes       uint8
	kind        formKind
	between     string // all of it, where twice eight bytes are not
	end         string // what stands behind the value
}

type formKind uint8

const (
	formShared formKind = iota
	formNumber
	formDate
	formText
	formEmpty
)

// forms are the ways in which cells are written, behind the style.
var forms = []struct {
	between, end string
	kind         formKind
}{
	{` t="s"><v>`, `</v></c>`, formShared},
	{`><v>`, `</v></c>`, formNumber},
	{` t="n"><v>`, `</v></c>`, formNumber},
	{` t="inlineStr"><is><t>`, `</t></is></c>`, formText},
	{` t="inlineStr"><is><t xml:space="preserve">`, `</t></is></c>`, formText},
	{` t="str"><v>`, `</v></c>`, formText},
	{`/>`, ``, formEmpty},
}

// learn finds out how the cell is written that has its reference before i. ok is
// false where that is not one of the usual ways.
func (r *rowReader) learn(w *window, i uint8) (f form, ok bool) {
	b := w[i:]
	style := 0
	if bytes.HasPrefix(b, []byte(` s="`)) {
		number := w.at(i + uint8(len(` s="`)))
		n := digit.Count(number)
		b = b[len(` s="`)+int(n):]
		if n == 0 || b[0] != '"' {
			return form{}, false
		}
		style, b = digit.Number(number, n), b[1:]
	}
	for _, usual := range forms {
		if !bytes.HasPrefix(b, []byte(usual.between)) {
			continue
		}
		styled := len(w[i:]) - len(b)
		f = newForm(string(w[int(i) : int(i)+styled+len(usual.between)]))
		f.kind, f.end = usual.kind, usual.end
		if f.kind == formNumber && r.book.isDate(style) {
			f.kind = formDate
		}
		return f, true
	}
	return form{}, false
}

func newForm(between string) form {
	lastAt := max(len(between)-8, 0)
	f := form{
		first: wordOf(between).value, last: wordOf(between[lastAt:]).value, mask: wordOf(between).mask,
		lastAt: uint8(lastAt), bytes: uint8(len(between)),
	}
	if len(between) > 2*8 {
		f.between = between
	}
	return f
}

// differs is not 0 where what follows a reference at i is not written in this form.
func (f *form) differs(w *window, i uint8) uint64 {
	return ((w.at(i) ^ f.first) | (w.at(i+f.lastAt) ^ f.last)) & f.mask
}

// plainCells reads the cells from pos on that are written in one of the usual
// ways: the reference first and in this row, then style and type, then a value
// that needs no decoding, all of it inside the block. It stops before the first
// that is not.
func (r *rowReader) plainCells() {
	if r.refBytes == 0 && !r.setRef() {
		return
	}
	if r.written == nil {
		r.written = newColumns()
	}
	row, width, before := r.room(), len(r.out.now.cells)-r.first, &r.written[0]
	shown := r.shown
	for {
		end := uint(r.pos) + uint(len(window{}))
		if end > uint(len(r.buf)) {
			break
		}
		w := (*window)(r.buf[r.pos:end])
		c := before.next
		i := c.startBytes + r.refBytes
		f := c.form
		if c.start.differs(w.at(0))|r.ref.differs(w.at(c.startBytes))|f.differs(w, i) != 0 {
			if c = r.columnAt(w); c == nil {
				break
			}
			before.next = c
			i = c.startBytes + r.refBytes
			if f = r.formAt(c, w, i); f == nil {
				break
			}
		}
		cell, n := r.plainValue(f, w, i+f.bytes)
		if n == 0 {
			break
		}
		r.pos += n
		before = c
		if cell.Kind == Empty {
			continue
		}
		at := int(c.number - 1)
		for ; width < at; width++ {
			row[width] = Cell{}
		}
		row[at] = cell
		shown = withCell(shown, at, cell.Visible)
		width = max(width, at+1)
	}
	if before.number > 0 {
		r.column = int(before.number)
	}
	r.shown = shown
	r.out.now.cells = r.out.now.cells[:r.first+width]
}

// room makes room for the cells of a row that plainCells reads.
func (r *rowReader) room() *[mostColumns + 1]Cell {
	b := r.out.now
	b.cells = slices.Grow(b.cells, mostColumns+1)
	return (*[mostColumns + 1]Cell)(b.cells[r.first:cap(b.cells)])
}

// noForm is the form that no cell has: the same eight bytes cannot be both.
var noForm = form{first: 0, last: 1, mask: 1<<64 - 1}

// newColumns makes columns whose cells are in no way written yet.
func newColumns() *[mostColumns + 1]column {
	const never = 1 // what has no mask
	columns := new([mostColumns + 1]column)
	for i := range columns {
		c := &columns[i]
		c.number, c.start.value = uint8(i), never
		c.forms = [2]form{noForm, noForm}
		c.form, c.next = &c.forms[0], &columns[0]
	}
	return columns
}

// formAt returns the form of a cell that has its reference before i. It is nil
// where it is not written in one of the usual ways.
func (r *rowReader) formAt(c *column, w *window, i uint8) *form {
	if r.ref.differs(w.at(c.startBytes)) != 0 {
		return nil
	}
	for range c.forms {
		if c.form.differs(w, i) == 0 {
			return c.form
		}
		c.other()
	}
	learned, ok := r.learn(w, i)
	if !ok {
		return nil
	}
	c.other()
	*c.form = learned
	return c.form
}

// other turns to the other form.
func (c *column) other() {
	if c.form == &c.forms[0] {
		c.form = &c.forms[1]
	} else {
		c.form = &c.forms[0]
	}
}

// mostColumns is how many columns are remembered; in a wider sheet the cells to
// the right are read tag by tag.
const mostColumns = 255

// setRef prepares the end that the references of a row's cells have: 17". It
// reports false where the row has no number yet, or a very long one.
func (r *rowReader) setRef() bool {
	number := strconv.Itoa(r.row)
	if r.row == 0 || len(number) > digit.Most {
		return false
	}
	r.ref, r.refBytes = wordOf(number+`"`), uint8(len(number)+1)
	return true
}

// columnAt finds the column of the cell by its letters, at most two; nil where
// there is no cell, or not such a one.
func (r *rowReader) columnAt(w *window) *column {
	start := uint8(len(`<c r="`))
	if cellStart.differs(w.at(0)) != 0 {
		return nil
	}
	end := start
	for end < start+3 && w[end]-'A' < 26 {
		end++
	}
	at, _ := parseRef(w[start:end])
	if at == 0 || end > start+2 || at > mostColumns || int64(at) > r.book.limits.Columns {
		return nil
	}
	c := &r.written[at]
	if c.startBytes == 0 {
		c.start, c.startBytes = wordOf(string(w[:end])), end
	}
	return c
}

// plainValue reads the value at i and returns how many bytes its cell has; 0 where
// it is not plain.
func (r *rowReader) plainValue(f *form, w *window, i uint8) (Cell, int) {
	switch f.kind {
	case formShared:
		number := w.at(i)
		n := digit.Count(number)
		index := digit.Number(number, n)
		cell, known := r.book.shared.at(index)
		if i += n; n == 0 || w.at(i) != valueEnd.value || !known {
			break
		}
		return cell, int(i) + len(`</v></c>`)
	case formNumber, formDate:
		if n := plainNumber(w, i); n > 0 {
			return Cell{Text: r.out.now.texts.keepShort((*[shortText]byte)(w[i:]), n), Visible: true, Kind: Number + Kind(f.kind-formNumber)}, int(i+n) + len(`</v></c>`)
		}
	}
	return r.longValue(f, w, i)
}

// plainNumber returns how many bytes the number at i has that ends its cell; 0 where
// there is none, or it is not short.
func plainNumber(w *window, i uint8) uint8 {
	n := i
	if w[n] == '-' {
		n++
	}
	whole := digit.Count(w.at(n))
	n += whole
	if w[n] == '.' {
		n++
		n += digit.Count(w.at(n))
	}
	if whole == 0 || n-i > shortText || w.at(n) != valueEnd.value {
		return 0
	}
	return n - i
}

// longValue does what plainValue does for other values than short numbers.
func (r *rowReader) longValue(f *form, w *window, i uint8) (Cell, int) {
	if f.between != "" && string(w[int(i)-len(f.between):int(i)]) != f.between {
		return Cell{}, 0
	}
	b := r.buf[r.pos+int(i):]
	n := 0
	kind := Text
	switch f.kind {
	case formNumber:
		n, kind = numberBytes(b), Number
	case formDate:
		n, kind = numberBytes(b), Date
	case formText:
		n = textBytes(b)
	case formEmpty:
		return Cell{}, int(i)
	}
	if n == 0 || len(b)-n < len(f.end) || string(b[n:n+len(f.end)]) != f.end {
		return Cell{}, 0
	}
	return Cell{Text: r.out.now.texts.keepFirst(b, n), Visible: isVisible(b[:n]), Kind: kind}, int(i) + n + len(f.end)
}

// numberBytes returns how long the number at the start of b is, up to "<"; 0
// where there is none.
func numberBytes(b []byte) int {
	if len(b) >= 32 {
		w := (*[32]byte)(b)
		i := uint8(0)
		if w[0] == '-' {
			i = 1
		}
		whole := digit.Count(binary.LittleEndian.Uint64(w[i&7:]))
		i += whole
		if w[i&31] == '.' {
			i++
			i += digit.Count(binary.LittleEndian.Uint64(w[i&15:]))
		}
		if whole > 0 && w[i&31] == '<' {
			return int(i)
		}
	}
	i := bytes.IndexByte(b, '<')
	if i < 0 || !isNumber(b[:i]) {
		return 0
	}
	return i
}

// textBytes returns how long the text at the start of b is, up to "<"; 0 where
// there is none, where it needs decoding, or is not valid UTF-8.
func textBytes(b []byte) int {
	var high uint64
	for i := 0; len(b)-i >= 8; i += 8 {
		w := binary.LittleEndian.Uint64(b[i : i+8])
		stop := has(w, '<') | has(w, '&') | has(w, '\r') | has(w, '_')
		if stop == 0 {
			high |= w
			continue
		}
		n := bits.TrailingZeros64(stop) / 8
		high |= w & (1<<(8*n) - 1)
		i += n
		if b[i] != '<' || high&(0x80*digit.Every) != 0 && !utf8.Valid(b[:i]) {
			return 0
		}
		return i
	}
	return 0
}

// has marks the lowest of eight bytes that is c; marks above that mean nothing.
func has(w uint64, c byte) uint64 {
	w ^= uint64(c) * digit.Every
	return (w - digit.Every) &^ w & (0x80 * digit.Every)
}
