package sheet

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Uncalculated is the text of an Error cell that has a formula but no stored
// result: programs that write formulas without calculating them leave it so.
// It is not empty, because a sum over it would silently be too small.
const Uncalculated = "#UNCALCULATED"

// rowReader reads the rows of one worksheet part.
type rowReader struct {
	*scanner
	book    *workbook
	sheet   string // its name, for messages
	part    string
	out     *batcher
	first   int // of the row's cells in the batch
	value   []byte
	row     int    // number of the row being read, 0 while it is unknown
	last    int    // number of the row before
	column  int    // of the cell before
	shown   uint64 // of the row
	hidden  bool
	columns []Range // hidden ones
	width   int64   // sum of the widths of the rows so far
	merges  []Range

	ref      word  // what the references of the row's cells end in, with the quote
	refBytes uint8 // 0 while it is not prepared
	written  *[mostColumns + 1]column

	behindRows bool // skipRows has passed the rows
}

// readSheet hands every row of the part to out, then reads the merged
// ranges behind them and the rest, so that the part's check sum is verified.
func (r *rowReader) readSheet(out *batcher) error {
	r.out = out
	for first := true; ; first = false {
		t, ok, err := r.next()
		switch {
		case err != nil:
			return r.at(err)
		case !ok && first:
			return r.at(corrupt("the part %s is empty", r.part))
		case !ok:
			return nil
		case t.end:
		case first && !r.behindRows && !t.is("worksheet"):
			return r.at(corrupt("the part %s is a <%s>, not a worksheet", r.part, t.name))
		case t.is("col") && !r.behindRows:
			r.hiddenColumns(t)
		case t.is("sheetData") && !t.empty:
			if err := r.sheetData(); err != nil {
				return err
			}
			r.row = 0 // what follows concerns no row
		case t.is("mergeCell"):
			if err := r.mergeCell(t); err != nil {
				return err
			}
		}
	}
}

// mostHiddenColumns bounds the list of a sheet that hides every other column.
const mostHiddenColumns = 1000

// hiddenColumns takes the columns that a <col> hides. What is wrong with it hides none:
// it says how a sheet looks.
func (r *rowReader) hiddenColumns(t tag) {
	first, _ := attr(t.attrs, "min")
	last, _ := attr(t.attrs, "max")
	from, ok := parseUint(first)
	to, okToo := parseUint(last)
	if truth(t.attrs, "hidden") && ok && okToo && len(r.columns) < mostHiddenColumns {
		r.columns = append(r.columns, Range{FirstCol: from, LastCol: to})
	}
}

// sheetData reads all rows up to </sheetData>.
func (r *rowReader) sheetData() error {
	for {
		plain, err := r.plainRow()
		if err != nil {
			return err
		}
		if !plain {
			t, ok, err := r.next()
			switch {
			case err != nil:
				return r.at(err)
			case !ok:
				return r.at(corrupt("the XML ends before </sheetData>"))
			case t.end && t.is("sheetData"):
				return nil
			case t.end || !t.is("row"):
				continue
			}
			if err := r.rowStart(t); err != nil {
				return err
			}
			if t.empty {
				if err := r.numberRow(r.last + 1); err != nil {
					return err
				}
				continue
			}
		}
		if err := r.rowCells(); err != nil {
			return r.at(err)
		}
		if err := r.emit(); err != nil {
			return err
		}
	}
}

// rowStart takes the attributes of a row.
func (r *rowReader) rowStart(t tag) error {
	r.newRow()
	r.hidden = truth(t.attrs, "hidden")
	ref, ok := attr(t.attrs, "r")
	if !ok {
		return nil
	}
	n, ok := parseUint(bytes.TrimSpace(ref))
	if !ok || n == 0 {
		return r.at(corrupt("a row has the number %q", ref))
	}
	return r.numberRow(n)
}

// newRow forgets the row before.
func (r *rowReader) newRow() {
	r.last, r.row = max(r.last, r.row), 0
	r.column, r.refBytes, r.hidden, r.shown = 0, 0, false, 0
}

// numberRow sets the number of the row being read, if it has none yet. Rows
// must ascend: a stream cannot give a row that should have come before.
func (r *rowReader) numberRow(n int) error {
	switch {
	case r.row != 0:
		return nil
	case int64(n) > r.book.limits.Rows:
		return r.at(limitExceeded("rows", r.book.limits.Rows, fmt.Sprintf("there is a row %d", n)))
	case n <= r.last:
		return r.at(corrupt("row %d comes after row %d", n, r.last))
	}
	r.row = n
	return nil
}

// emit hands the row over if it has a cell.
func (r *rowReader) emit() error {
	if err := r.numberRow(r.last + 1); err != nil {
		return err
	}
	width := len(r.out.now.cells) - r.first
	if width == 0 {
		return nil
	}
	r.width += int64(width)
	if r.width > r.book.limits.Cells {
		return r.at(limitExceeded("cells", r.book.limits.Cells, "the sheet's rows are very many or very wide"))
	}
	err := r.out.add(Row{Number: r.row, Hidden: r.hidden, Shown: r.shown, HiddenColumns: r.columns, Offset: r.offset()})
	r.first = len(r.out.now.cells)
	return err
}

// rowCells reads the cells up to </row>.
func (r *rowReader) rowCells() error {
	for {
		r.plainCells()
		if rest := r.buf[r.pos:]; len(rest) >= 8 && rowEnd.differs(binary.LittleEndian.Uint64(rest)) == 0 {
			r.pos += len(`</row>`)
			return nil
		}
		t, ok, err := r.next()
		switch {
		case err != nil:
			return err
		case !ok:
			return corrupt("the XML ends inside a row")
		case t.end && t.is("row"):
			return nil
		case t.is("row") || t.is("sheetData"):
			return corrupt("a row is not closed")
		case t.end || !t.is("c"):
			continue
		}
		head := cellHead{empty: t.empty}
		for attrs := t.attrs; len(attrs) > 0; {
			var key, value []byte
			key, value, attrs = nextAttr(attrs)
			if len(key) == 1 {
				head.set(key[0], value)
			}
		}
		if err := r.cell(head); err != nil {
			return err
		}
	}
}

// cellHead is what a cell's tag says. Absent numbers are 0.
type cellHead struct {
	row, column int
	style       int
	kind        cellType
	empty       bool
	bad         bool // r is not a cell reference
}

type cellType uint8

const (
	typeNumber cellType = iota
	typeShared
	typeFormulaText
	typeInline
	typeBool
	typeError
	typeDate
	typeUnknown
)

func (h *cellHead) set(name byte, value []byte) {
	switch name {
	case 'r':
		h.column, h.row = parseRef(value)
		_, counted := parseUint(value) // some writers number the cells 0, 1, 2: that is their order
		h.bad = h.column == 0 && !counted
	case 's':
		h.style, _ = parseUint(value)
	case 't':
		h.kind = parseType(value)
	}
}

func parseType(value []byte) cellType {
	switch string(value) {
	case "", "n":
		return typeNumber
	case "s":
		return typeShared
	case "str":
		return typeFormulaText
	case "inlineStr":
		return typeInline
	case "b":
		return typeBool
	case "e":
		return typeError
	case "d":
		return typeDate
	}
	return typeUnknown
}

// parseRef reads "AB12" (either case, $ allowed) as column and row; 0 and 0
// where it is none. A reference may name a column alone.
func parseRef(ref []byte) (column, row int) {
	i := 0
	for ; i < len(ref); i++ {
		c := ref[i] | 0x20
		if ref[i] == '$' {
			continue
		}
		if c < 'a' || c > 'z' {
			break
		}
		if column = column*26 + int(c-'a') + 1; column > 1<<20 {
			return 0, 0
		}
	}
	if i == len(ref) {
		return column, 0
	}
	row, ok := parseUint(bytes.TrimLeft(ref[i:], "$"))
	if !ok {
		return 0, 0
	}
	return column, row
}

// parseUint reads a whole number below 2^31.
func parseUint(b []byte) (int, bool) {
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		if n = n*10 + int(c-'0'); n > 1<<31-1 {
			return 0, false
		}
	}
	return n, len(b) > 0
}

// cell reads the rest of a cell whose tag has been read.
func (r *rowReader) cell(h cellHead) error {
	if h.bad {
		return corrupt("a cell has a reference that is none")
	}
	if r.row == 0 && h.row != 0 {
		if err := r.numberRow(h.row); err != nil {
			return err
		}
	}
	if h.column != 0 {
		r.column = h.column
	} else {
		r.column++
	}
	if int64(r.column) > r.book.limits.Columns {
		return limitExceeded("columns", r.book.limits.Columns, fmt.Sprintf("there is a column %s", columnName(r.column)))
	}
	if h.empty {
		return nil
	}
	return r.cellBody(h)
}

// cellBody reads what stands in a cell up to </c>. Some writers put a stale
// <v> beside an inline text, which counts.
func (r *rowReader) cellBody(h cellHead) error {
	var has, inline, formula bool
	r.value = r.value[:0]
	for {
		t, ok, err := r.next()
		switch {
		case err != nil:
			return err
		case !ok || t.is("row") || t.is("sheetData") || t.is("c") && !t.end:
			return corrupt("a cell is not closed")
		case t.end && t.is("c"):
			if !has && formula {
				r.set(Cell{Text: Uncalculated, Kind: Error, Visible: true})
				return nil
			}
			if !has {
				return nil
			}
			return r.setValue(h, r.value)
		case t.end:
		case t.is("f"):
			formula = true
		case t.is("v"):
			has = true
			if t.empty || inline {
				continue
			}
			text, err := r.text()
			if err != nil {
				return err
			}
			r.value = append(r.value, text...)
		case t.is("is"):
			if has, inline, h.kind = true, true, typeInline; t.empty {
				continue
			}
			if r.value, err = r.richText("is", r.value[:0]); err != nil {
				return err
			}
		}
	}
}

// richText appends the text of an <si> or <is> up to its end tag: its runs
// joined, without the phonetic ones (furigana stand in <rPh>).
func (s *scanner) richText(end string, dst []byte) ([]byte, error) {
	phonetic := false
	for {
		t, ok, err := s.next()
		switch {
		case err != nil:
			return dst, err
		case !ok:
			return dst, corrupt("the XML ends inside a text")
		case t.end && t.is(end):
			return dst, nil
		case t.is("rPh"):
			phonetic = !t.end && !t.empty
		case t.is("t") && !t.end && !t.empty && !phonetic:
			text, err := s.text()
			if err != nil {
				return dst, err
			}
			dst = append(dst, text...)
			if int64(len(dst)) > s.maxToken {
				return dst, limitExceeded("record-bytes", s.maxToken, "a single text is very long")
			}
		}
	}
}

// setValue gives the cell at the present column the value written in the XML.
func (r *rowReader) setValue(h cellHead, value []byte) error {
	switch h.kind {
	case typeNumber:
		return r.setNumber(h, value)
	case typeShared:
		index, ok := parseUint(bytes.TrimSpace(value))
		if len(value) == 0 {
			return nil
		}
		cell, known := r.book.shared.at(index)
		if !ok || !known {
			return corrupt("the cell names the shared text %q, which is not in the table of %d", value, r.book.shared.count())
		}
		if cell.Kind != Empty {
			r.set(cell)
		}
		return nil
	case typeBool:
		return r.setBool(value)
	case typeError:
		return r.setText(Error, bytes.TrimSpace(value))
	case typeDate:
		return r.setText(Date, bytes.TrimSpace(value))
	}
	return r.setText(Text, unescape(value))
}

// setNumber sets a number, or a date where the format says so. What is not a
// number after all stays a text, so that nobody takes it for 0.
func (r *rowReader) setNumber(h cellHead, value []byte) error {
	if !isNumber(value) {
		value = bytes.TrimSpace(value)
	}
	switch {
	case !isNumber(value):
		return r.setText(Text, value)
	case r.book.isDate(h.style):
		return r.setText(Date, value)
	}
	return r.setText(Number, value)
}

// isNumber reports whether b is an XML decimal or double: 12, -1.5, 1E-3.
func isNumber(b []byte) bool {
	i, digits := 0, 0
	if i < len(b) && (b[i] == '-' || b[i] == '+') {
		i++
	}
	for ; i < len(b) && b[i]-'0' <= 9; i++ {
		digits++
	}
	if i < len(b) && b[i] == '.' {
		for i++; i < len(b) && b[i]-'0' <= 9; i++ {
			digits++
		}
	}
	if digits == 0 {
		return false
	}
	if i < len(b) && b[i]|0x20 == 'e' {
		if i++; i < len(b) && (b[i] == '-' || b[i] == '+') {
			i++
		}
		start := i
		for i < len(b) && b[i]-'0' <= 9 {
			i++
		}
		return i == len(b) && i > start
	}
	return i == len(b)
}

func (r *rowReader) setBool(value []byte) error {
	switch string(bytes.TrimSpace(value)) {
	case "1", "true", "TRUE":
		r.set(Cell{Text: "TRUE", Kind: Bool, Visible: true})
	case "0", "false", "FALSE":
		r.set(Cell{Text: "FALSE", Kind: Bool, Visible: true})
	case "":
	default:
		return corrupt("the cell is a boolean but has the value %q", value)
	}
	return nil
}

// setText sets a value that is kept as it stands; nothing is an empty cell.
func (r *rowReader) setText(kind Kind, value []byte) error {
	if len(value) == 0 {
		return nil
	}
	if !utf8.Valid(value) {
		return &FormatError{Code: "bad-encoding", Message: fmt.Sprintf("the text %q is not valid UTF-8", value),
			Hint: "save the workbook again in Excel or LibreOffice"}
	}
	r.set(Cell{Text: r.out.keep(value), Kind: kind, Visible: isVisible(value)})
	return nil
}

// set places a cell at the present column. Where a row has one twice, the
// later one stands, as in every other reader.
func (r *rowReader) set(c Cell) {
	cells, at := r.out.now.cells, r.first+r.column-1
	for len(cells) <= at {
		cells = append(cells, Cell{})
	}
	cells[at] = c
	r.out.now.cells = cells
	r.shown = withCell(r.shown, r.column-1, c.Visible)
}

// withCell returns a Row.Shown with another cell in a column, the first of which is 0.
func withCell(shown uint64, column int, visible bool) uint64 {
	bit := uint64(0)
	if visible {
		bit = 1
	}
	return shown&^(1<<column) | bit<<column
}

// mergeCell notes one merged range.
func (r *rowReader) mergeCell(t tag) error {
	ref, _ := attr(t.attrs, "ref")
	from, to, ok := bytes.Cut(ref, []byte(":"))
	if !ok {
		return nil
	}
	var m Range
	m.FirstCol, m.FirstRow = parseRef(from)
	m.LastCol, m.LastRow = parseRef(to)
	if m.FirstCol == 0 || m.FirstRow == 0 || m.LastCol < m.FirstCol || m.LastRow < m.FirstRow {
		return nil
	}
	if int64(len(r.merges)) >= r.book.limits.Merges {
		return r.at(limitExceeded("merges", r.book.limits.Merges, "the sheet has very many merged cells"))
	}
	r.merges = append(r.merges, m)
	return nil
}

// at adds sheet and cell to an error of this package.
func (r *rowReader) at(err error) error {
	return place(err, r.sheet, r.row, r.column)
}

// place fills in where a FormatError was met, as far as it does not say so
// itself.
func place(err error, sheet string, row, column int) error {
	e, ok := err.(*FormatError)
	if !ok {
		return err
	}
	placed := *e
	if placed.Sheet == "" {
		placed.Sheet = sheet
	}
	if placed.Cell == "" && row > 0 {
		placed.Cell = columnName(max(column, 1)) + strconv.Itoa(row)
	}
	return &placed
}

// columnName gives 1 as A, 27 as AA.
func columnName(column int) string {
	var name []byte
	for ; column > 0; column = (column - 1) / 26 {
		name = append([]byte{byte('A' + (column-1)%26)}, name...)
	}
	return string(name)
}

// unescape resolves _xHHHH_, the way workbooks write characters that XML
// cannot hold; _x005F_ stands for an underscore that is none of those.
func unescape(value []byte) []byte {
	if !bytes.Contains(value, []byte("_x")) {
		return value
	}
	return []byte(unescapeString(string(value)))
}

func unescapeString(text string) string {
	if !strings.Contains(text, "_x") {
		return text
	}
	var out []byte
	for i := 0; i < len(text); {
		r, ok := escapeAt(text[i:])
		if !ok {
			out = append(out, text[i])
			i++
			continue
		}
		i += escapeBytes
		if low, ok := escapeAt(text[i:]); ok && utf16.DecodeRune(r, low) != utf8.RuneError {
			r = utf16.DecodeRune(r, low)
			i += escapeBytes
		}
		out = utf8.AppendRune(out, r)
	}
	return string(out)
}

// escapeBytes is the length of _xHHHH_.
const escapeBytes = 7

// escapeAt reads an escape at the start of text.
func escapeAt(text string) (rune, bool) {
	if len(text) < escapeBytes || text[0] != '_' || text[1] != 'x' || text[escapeBytes-1] != '_' {
		return 0, false
	}
	var r rune
	for i := 2; i < escapeBytes-1; i++ {
		d, ok := hexDigit(text[i])
		if !ok {
			return 0, false
		}
		r = r<<4 | d
	}
	return r, true
}
