package sheet

import (
	"encoding/binary"
	"strconv"
	"unicode/utf8"
)

// plainCellBytes is room for everything of a plain cell but its value:
// <c r="XFD1048576" s="65535" t="inlineStr"><is><t>.
const plainCellBytes = 64

// mostDigits is how many digits a plain number of a style may have: others are
// left to the general way, leading zeros as well, so that all fit into that room.
const mostDigits = 9

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

// at reports whether the eight bytes at b begin with the text.
func (w word) at(b []byte) bool { return binary.LittleEndian.Uint64(b)&w.mask == w.value }

var (
	cellStart  = wordOf(`<c r="`)
	styleAttr  = wordOf(` s="`)
	typeAttr   = wordOf(` t="`)
	sharedType = wordOf(`s">`)
	stringType = wordOf(`str">`)
	inlineType = wordOf(`inlineStr">`) // its first eight bytes
	valueStart = wordOf(`<v>`)
	valueEnd   = wordOf(`</v></c>`)
	noValue    = wordOf(`/>`)
	rowStart   = wordOf(`<row r="`)
	rowEnd     = wordOf(`</row>`)
)

// plainRow reads the tag of a row at pos that has nothing but its number. It
// reports false, and has done nothing, where it is not written so.
func (r *rowReader) plainRow() (bool, error) {
	b := r.buf[r.pos:]
	if len(b) < plainCellBytes || !rowStart.at(b) {
		return false, nil
	}
	n, i := 0, len(`<row r="`)
	for ; b[i]-'0' <= 9 && i < 17; i++ {
		n = n*10 + int(b[i]-'0')
	}
	if b[i] != '"' || b[i+1] != '>' || n == 0 {
		return false, nil
	}
	r.pos += i + 2
	r.newRow()
	return true, r.numberRow(n)
}

// plainCells reads the cells from pos on that are written as nearly all cells
// are: the reference first and in this row, then style and type, then a value
// that needs no decoding, all of it inside the block. It stops before the first
// that is not; then the general way reads that one, and says what is wrong with it.
func (r *rowReader) plainCells() {
	ref := wordOf(string(r.ref))
	if len(r.ref) < 2 || len(r.ref) > 8 {
		return
	}
	for {
		b := r.buf[r.pos:]
		if len(b) < plainCellBytes || !cellStart.at(b) {
			return
		}
		i, column := len(`<c r="`), 0
		for ; b[i]-'A' < 26 && i < 9; i++ {
			column = column*26 + int(b[i]-'A') + 1
		}
		if !ref.at(b[i:]) || column == 0 || int64(column) > r.book.limits.Columns {
			return
		}
		i += len(r.ref)
		style := 0
		if styleAttr.at(b[i:]) {
			i += len(` s="`)
			for end := i + mostDigits; b[i]-'0' <= 9 && i < end; i++ {
				style = style*10 + int(b[i]-'0')
			}
			if b[i] != '"' {
				return
			}
			i++
		}
		n := r.plainContent(b, i, column, style)
		if n == 0 {
			return
		}
		r.column = column
		r.pos += n
	}
}

// plainContent reads what follows reference and style of a plain cell, sets the
// cell, and returns where it ends in b; 0 where it is not plain.
func (r *rowReader) plainContent(b []byte, i, column, style int) int {
	switch {
	case b[i] == '>':
		return r.plainNumber(b, i+1, column, style)
	case noValue.at(b[i:]):
		return i + len(`/>`)
	case !typeAttr.at(b[i:]):
		return 0
	}
	i += len(` t="`)
	switch {
	case sharedType.at(b[i:]):
		return r.plainShared(b, i+len(`s">`), column)
	case stringType.at(b[i:]):
		value, n := plainValue(b[i+len(`str">`):])
		if n == 0 || !r.keepAt(column, unescape(value)) {
			return 0
		}
		return i + len(`str">`) + n
	case inlineType.at(b[i:]) && string(b[i:i+len(`inlineStr">`)]) == `inlineStr">`:
		i += len(`inlineStr">`)
		value, n := plainInline(b[i:])
		if n == 0 || !r.keepAt(column, unescape(value)) {
			return 0
		}
		return i + n
	}
	return 0
}

// plainShared reads the index of a shared text.
func (r *rowReader) plainShared(b []byte, i, column int) int {
	if !valueStart.at(b[i:]) {
		return 0
	}
	index, start := 0, i+len(`<v>`)
	for i = start; i < len(b) && b[i]-'0' <= 9 && i-start < 9; i++ {
		index = index*10 + int(b[i]-'0')
	}
	if i == start || len(b)-i < 8 || !valueEnd.at(b[i:]) {
		return 0
	}
	text, known := r.book.shared.at(index)
	if !known {
		return 0
	}
	if text != "" {
		r.setAt(column, Cell{Text: text, Kind: Text, Shared: int32(index) + 1})
	}
	return i + len(`</v></c>`)
}

// plainNumber reads a number, or a date where the style says so.
func (r *rowReader) plainNumber(b []byte, i, column, style int) int {
	if !valueStart.at(b[i:]) {
		return 0
	}
	start := i + len(`<v>`)
	for i = start; i < len(b) && b[i] != '<'; i++ {
	}
	as := Number
	if r.book.isDate(style) {
		as = Date
	}
	if len(b)-i < 8 || !valueEnd.at(b[i:]) || !isNumber(b[start:i]) {
		return 0
	}
	r.setAt(column, Cell{Text: r.out.keep(b[start:i]), Kind: as})
	return i + len(`</v></c>`)
}

// keepAt sets a cell to a text that is not in the table of shared texts. It
// reports false where that is empty or not valid UTF-8.
func (r *rowReader) keepAt(column int, value []byte) bool {
	if len(value) == 0 || !utf8.Valid(value) {
		return false
	}
	r.setAt(column, Cell{Text: r.out.keep(value), Kind: Text})
	return true
}

// setRef prepares the end that the references of a row's cells have: 17".
func (r *rowReader) setRef() {
	r.ref = append(strconv.AppendInt(r.ref[:0], int64(r.row), 10), '"')
}
