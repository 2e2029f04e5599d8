package xlsx

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"duepack/analysis/ledger"
)

// rowWriter writes the rows of one sheet as XML, cell by cell from left to
// right. It appends to one buffer, which flush empties when it is full.
type rowWriter struct {
	buf    []byte
	flush  func(*rowWriter)
	row    int    // of the open row; 0 before the first
	digits []byte // of the open row's number
	col    int    // of the last cell, 1-based
	open   bool
	links  []link
}

// rowBytes is what a rowWriter gathers before it is flushed. Tests lower it.
var rowBytes = 512 << 10

// link leads from a cell to a place in the workbook.
type link struct {
	cell, place string
}

// maxLinks bounds the links of one sheet; Excel follows at most 65,530.
const maxLinks = 65_000

// link lets the last cell lead to a place, as 'Open items'!A5; "" is none.
func (r *rowWriter) link(place string) {
	if place != "" && len(r.links) < maxLinks {
		r.links = append(r.links, link{relative(r.col, r.row), place})
	}
}

// writeLinks writes the links of the sheet.
func (r *rowWriter) writeLinks() {
	if len(r.links) == 0 {
		return
	}
	r.raw("<hyperlinks>")
	for _, l := range r.links {
		r.raw(`<hyperlink ref="`, l.cell, `" location="`, attribute(l.place), `"/>`)
	}
	r.raw("</hyperlinks>")
}

// quoted escapes what an attribute needs beyond xmlText.
var quoted = strings.NewReplacer(`"`, "&quot;")

// next begins the next row.
func (r *rowWriter) next() { r.begin(0) }

// begin begins the next row with a height in points; 0 is the default height.
func (r *rowWriter) begin(heightPoints int) { r.beginAt(heightPoints, 0) }

// beginAt begins the next row at a level of the outline.
func (r *rowWriter) beginAt(heightPoints, level int) {
	r.end()
	if len(r.buf) >= rowBytes && r.flush != nil {
		r.flush(r)
	}
	r.row++
	r.digits = strconv.AppendInt(r.digits[:0], int64(r.row), 10)
	r.col, r.open = 0, true
	r.raw(`<row r="`)
	r.buf = append(r.buf, r.digits...)
	if heightPoints > 0 {
		r.raw(`" ht="`, strconv.Itoa(heightPoints), `" customHeight="1`)
	}
	if level > 0 {
		r.raw(`" outlineLevel="`, strconv.Itoa(level))
	}
	r.raw(`">`)
}

// end closes the open row.
func (r *rowWriter) end() {
	if r.open {
		r.raw(`</row>`)
		r.open = false
	}
}

// raw writes markup.
func (r *rowWriter) raw(texts ...string) {
	for _, t := range texts {
		r.buf = append(r.buf, t...)
	}
}

// cell begins a cell with a style and a type ("" for a number).
func (r *rowWriter) cell(style int, kind string) {
	r.col++
	r.raw(`<c r="`, letters(r.col))
	r.buf = append(r.buf, r.digits...)
	if style != 0 {
		r.raw(`" s="`)
		r.buf = strconv.AppendInt(r.buf, int64(style), 10)
	}
	if kind != "" {
		r.raw(`" t="`, kind)
	}
	r.raw(`">`)
}

// skip leaves cells out.
func (r *rowWriter) skip(cells int) { r.col += cells }

// blank writes an empty cell that has a style.
func (r *rowWriter) blank(style int) {
	r.cell(style, "")
	r.raw(`</c>`)
}

// text writes a literal text: what begins with = stays text.
func (r *rowWriter) text(style int, text string) {
	if text == "" {
		r.blank(style)
		return
	}
	r.cell(style, "inlineStr")
	if keepsSpace(text) {
		r.raw(`<is><t xml:space="preserve">`, xmlText(text), `</t></is></c>`)
		return
	}
	r.raw(`<is><t>`, xmlText(text), `</t></is></c>`)
}

// numbered writes a text that is fit for XML and begins and ends without a
// space, with a number behind it.
func (r *rowWriter) numbered(style int, text string, n int64) {
	r.cell(style, "inlineStr")
	r.raw(`<is><t>`, text)
	r.buf = strconv.AppendInt(r.buf, n, 10)
	r.raw(`</t></is></c>`)
}

// keepsSpace reports whether a text has white space that XML would lose.
func keepsSpace(text string) bool {
	return text[0] == ' ' || text[len(text)-1] == ' ' || strings.IndexByte(text, '\n') >= 0 || strings.IndexByte(text, '\t') >= 0
}

// number writes a number given as a decimal; "" is an empty cell.
func (r *rowWriter) number(style int, decimal string) {
	if decimal == "" {
		r.blank(style)
		return
	}
	r.cell(style, "")
	r.raw(`<v>`, decimal, `</v></c>`)
}

// whole writes a whole number.
func (r *rowWriter) whole(style int, n int64) {
	r.cell(style, "")
	r.raw(`<v>`)
	r.buf = strconv.AppendInt(r.buf, n, 10)
	r.raw(`</v></c>`)
}

// amount writes an amount of money with the decimals of its currency.
func (r *rowWriter) amount(style int, m ledger.Minor, cur ledger.Currency) {
	r.cell(style, "")
	r.raw(`<v>`)
	r.buf = m.AppendDecimal(r.buf, cur.Exponent)
	r.raw(`</v></c>`)
}

// formula writes a formula with its cached result, a number given as a
// decimal; "" is the empty text, which formulas give for what is absent.
func (r *rowWriter) formula(style int, formula, cached string) {
	if cached == "" {
		r.formulaText(style, formula, "")
		return
	}
	r.cell(style, "")
	r.raw(`<f>`, xmlText(formula), `</f><v>`, cached, `</v></c>`)
}

// formulaText writes a formula whose cached result is a text.
func (r *rowWriter) formulaText(style int, formula, cached string) {
	r.cell(style, "str")
	r.raw(`<f>`, xmlText(formula), `</f><v>`, xmlText(cached), `</v></c>`)
}

// rowFormula is a formula over cells of its own row, the same for every row of
// a sheet: the number of the row goes between its pieces.
type rowFormula []string

// rowMark stands for the number of the row in the text a rowFormula is made of.
const rowMark = "\uE000"

func newRowFormula(text string) rowFormula { return strings.Split(xmlText(text), rowMark) }

// amountFormula writes a formula of the row, what is added to it, and its
// cached amount.
func (r *rowWriter) amountFormula(style int, f rowFormula, plus string, m ledger.Minor, cur ledger.Currency) {
	r.cell(style, "")
	r.rowFormula(f)
	r.raw(plus, `</f><v>`)
	r.buf = m.AppendDecimal(r.buf, cur.Exponent)
	r.raw(`</v></c>`)
}

// wholeFormula writes a formula of the row and its cached whole number.
func (r *rowWriter) wholeFormula(style int, f rowFormula, n int64) {
	r.cell(style, "")
	r.rowFormula(f)
	r.raw(`</f><v>`)
	r.buf = strconv.AppendInt(r.buf, n, 10)
	r.raw(`</v></c>`)
}

// emptyFormula writes a formula of the row whose result is the empty text.
func (r *rowWriter) emptyFormula(style int, f rowFormula) {
	r.cell(style, "str")
	r.rowFormula(f)
	r.raw(`</f><v></v></c>`)
}

func (r *rowWriter) rowFormula(f rowFormula) {
	r.raw(`<f>`, f[0])
	for _, piece := range f[1:] {
		r.buf = append(r.buf, r.digits...)
		r.raw(piece)
	}
}

// letters names a column: 1 is A, 27 is AA.
func letters(col int) string {
	if col <= 26 {
		return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[col-1 : col]
	}
	return letters((col-1)/26) + letters((col-1)%26+1)
}

// maxUnits is the number of UTF-16 units that a cell can hold.
const maxUnits = 32767

// xmlText makes a text fit for XML and for a cell: markup is escaped, what XML
// cannot hold becomes U+FFFD, _xHHHH_ (which a workbook reads as a character)
// is escaped, and what is longer than a cell ends in an ellipsis.
func xmlText(text string) string {
	if plain(text) {
		return text
	}
	var b strings.Builder
	text = cut(text)
	for i, c := range text {
		switch {
		case c == '&':
			b.WriteString("&amp;")
		case c == '<':
			b.WriteString("&lt;")
		case c == '>':
			b.WriteString("&gt;")
		case c == '_' && isEscape(text[i:]):
			b.WriteString("_x005F_")
		case c == '\n' || c == '\t':
			b.WriteRune(c)
		case c < 0x20 || c == 0xFFFE || c == 0xFFFF:
			b.WriteRune(utf8.RuneError)
		default:
			b.WriteRune(c) // an invalid byte arrives as U+FFFD
		}
	}
	return b.String()
}

// plain reports whether a text can be written as it is, which nearly all can.
func plain(text string) bool {
	if len(text) > maxUnits {
		return false
	}
	ascii := true
	for i := range len(text) {
		// 0xEF begins U+FFFE and U+FFFF, among others.
		c := text[i]
		if c < 0x20 || c == '&' || c == '<' || c == '>' || c == 0xEF || c == '_' && isEscape(text[i:]) {
			return false
		}
		ascii = ascii && c < utf8.RuneSelf
	}
	return ascii || utf8.ValidString(text)
}

// isEscape reports whether a text begins with _xHHHH_.
func isEscape(text string) bool {
	if len(text) < 7 || text[1] != 'x' || text[6] != '_' {
		return false
	}
	_, err := strconv.ParseUint(text[2:6], 16, 16)
	return err == nil
}

// cut shortens a text to what a cell can hold.
func cut(text string) string {
	if len(text) <= maxUnits {
		return text
	}
	units := 0
	for i, c := range text {
		if units++; c > 0xFFFF {
			units++
		}
		if units >= maxUnits && i+utf8.RuneLen(c) < len(text) {
			return text[:i] + "…"
		}
	}
	return text
}
