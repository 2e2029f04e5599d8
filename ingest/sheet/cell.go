package sheet

import "strconv"

// plainCellBytes is room for everything of a plain cell but its value:
// <c r="XFD1048576" s="65535" t="inlineStr"><is><t>.
const plainCellBytes = 64

// plainCell reads the cell at pos in one go where it is written as nearly all
// cells are: the reference first and in this row, then style and type, then a
// value that needs no decoding, all of it inside the block. It reports false,
// and has done nothing, where it is not; then the general way reads it, which
// also says what is wrong with it.
func (r *rowReader) plainCell() bool {
	b := r.buf[r.pos:]
	if len(b) < plainCellBytes || string(b[:len(`<c r="`)]) != `<c r="` {
		return false
	}
	i, column := len(`<c r="`), 0
	for ; b[i]-'A' < 26 && i < 9; i++ {
		column = column*26 + int(b[i]-'A') + 1
	}
	if n := len(r.ref); n < 2 || string(b[i:i+n]) != string(r.ref) {
		return false
	} else {
		i += n
	}
	style, kind := 0, typeNumber
	if string(b[i:i+4]) == ` s="` {
		for i += 4; b[i]-'0' <= 9; i++ {
			if style = style*10 + int(b[i]-'0'); style > 1<<16 {
				return false
			}
		}
		if b[i] != '"' {
			return false
		}
		i++
	}
	if string(b[i:i+4]) == ` t="` {
		switch i += 4; {
		case string(b[i:i+2]) == `s"`:
			kind, i = typeShared, i+2
		case string(b[i:i+4]) == `str"`:
			kind, i = typeFormulaText, i+4
		case string(b[i:i+10]) == `inlineStr"`:
			kind, i = typeInline, i+10
		default:
			return false
		}
	}
	if column == 0 || int64(column) > r.book.limits.Columns {
		return false
	}
	n := 0
	switch {
	case string(b[i:i+2]) == "/>":
		n = i + 2
	case b[i] == '>':
		n = r.plainContent(b, i+1, column, style, kind)
	}
	if n == 0 {
		return false
	}
	r.column = column
	r.pos += n
	return true
}

// plainContent reads what follows the tag of a plain cell, sets the cell, and
// returns where it ends; 0 where it is not plain.
func (r *rowReader) plainContent(b []byte, i, column, style int, kind cellType) int {
	if kind == typeInline {
		value, n := plainInline(b[i:])
		if n == 0 || !r.keepAt(column, Text, unescape(value)) {
			return 0
		}
		return i + n
	}
	value, n := plainValue(b[i:])
	if n == 0 || len(value) == 0 {
		return 0
	}
	switch kind {
	case typeShared:
		index, ok := parseUint(value)
		if !ok {
			return 0
		}
		text, known := r.book.shared.at(index)
		if !known {
			return 0
		}
		if text != "" {
			r.setAt(column, Cell{text, Text})
		}
		return i + n
	case typeFormulaText:
		if !r.keepAt(column, Text, unescape(value)) {
			return 0
		}
		return i + n
	}
	as := Number
	if r.book.isDate(style) {
		as = Date
	}
	if !isNumber(value) || !r.keepAt(column, as, value) {
		return 0
	}
	return i + n
}

// keepAt sets a cell to a text that is not in the table of shared texts. It
// reports false where that is empty or not valid UTF-8.
func (r *rowReader) keepAt(column int, kind Kind, value []byte) bool {
	if len(value) == 0 {
		return false
	}
	text, ok := r.texts.keep(column, value)
	if ok {
		r.setAt(column, Cell{text, kind})
	}
	return ok
}

// setRef prepares the end that the references of a row's cells have: 17".
func (r *rowReader) setRef() {
	r.ref = append(strconv.AppendInt(r.ref[:0], int64(r.row), 10), '"')
}
