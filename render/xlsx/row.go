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
	last   int    // row of the sheet
	bare   bool   // cells do not say where they stand; see bareRows
	row    int    // of the open row; 0 before the first
	digits []byte // of the open row's number
	col    int    // of the last cell, 1-based
	open   bool
	links  []link
	// What rows repeat as markup: the beginning of a cell by its column, what says
	// its style, and by its style the beginning of a cell that does not say where
	// it stands, without and with a number.
	columns, styles, cells, numbers []string
	shared                          []bool // by number of a rowFormula: a row above has its text
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
	r.digits = ledger.Minor(r.row).AppendDecimal(r.digits[:0], 0)
	r.col, r.open = 0, true
	r.buf = append(append(r.buf, `<row r="`...), r.digits...)
	if heightPoints > 0 {
		r.raw(`" ht="`, strconv.Itoa(heightPoints), `" customHeight="1`)
	}
	if level > 0 {
		r.raw(`" outlineLevel="`, strconv.Itoa(level))
	}
	r.buf = append(r.buf, `">`...)
}

// end closes the open row.
func (r *rowWriter) end() {
	if r.open {
		r.buf = append(r.buf, `</row>`...)
		r.open = false
	}
}

// raw writes markup.
func (r *rowWriter) raw(texts ...string) {
	for _, t := range texts {
		r.buf = append(r.buf, t...)
	}
}

// place begins a cell with a style.
func (r *rowWriter) place(style int) {
	if !r.bare {
		r.placeAt(style)
		return
	}
	r.col++
	if style >= len(r.cells) {
		r.style(style)
	}
	r.buf = append(r.buf, r.cells[style]...)
}

// placeNumber begins a cell with a number.
func (r *rowWriter) placeNumber(style int) {
	if !r.bare {
		r.placeAt(style)
		r.buf = append(r.buf, `><v>`...)
		return
	}
	r.col++
	if style >= len(r.numbers) {
		r.style(style)
	}
	r.buf = append(r.buf, r.numbers[style]...)
}

// placeAt begins a cell that says where it stands.
func (r *rowWriter) placeAt(style int) {
	r.at()
	r.buf = append(append(r.buf, '"'), r.style(style)...)
}

// at begins a cell up to the number of its row.
func (r *rowWriter) at() {
	r.col++
	for r.col > len(r.columns) {
		r.columns = append(r.columns, `<c r="`+letters(len(r.columns)+1))
	}
	r.buf = append(append(r.buf, r.columns[r.col-1]...), r.digits...)
}

// style returns a style as markup. What it says is made once: rows repeat it.
func (r *rowWriter) style(n int) string {
	for n >= len(r.styles) {
		style := ""
		if next := len(r.styles); next > 0 {
			style = ` s="` + strconv.Itoa(next) + `"`
		}
		r.styles, r.cells, r.numbers = append(r.styles, style), append(r.cells, `<c`+style), append(r.numbers, `<c`+style+`><v>`)
	}
	return r.styles[n]
}

// skip leaves cells out.
func (r *rowWriter) skip(cells int) {
	for range cells {
		if r.bare {
			r.buf = append(r.buf, `<c/>`...)
		}
		r.col++
	}
}

// blank writes an empty cell that has a style.
func (r *rowWriter) blank(style int) {
	r.place(style)
	r.buf = append(r.buf, `/>`...)
}

// text writes a literal text: what begins with = stays text.
func (r *rowWriter) text(style int, text string) {
	r.place(style)
	r.buf = appendText(r.buf, text)
}

// ready writes a text that readyText made.
func (r *rowWriter) ready(style int, text readyText) {
	r.place(style)
	r.buf = append(r.buf, text...)
}

// readyText is a cell's text as markup, made once for many rows.
type readyText string

func newReadyText(text string) readyText { return readyText(appendText(nil, text)) }

// appendText appends a text with the end of its cell. It stands in the cell as
// the result of a formula does: a third of the markup of an inline string, and
// every reader takes it. What is not safe there stands in an inline string.
func appendText(buf []byte, text string) []byte {
	switch {
	case isSimple(text):
		return appendSimple(buf, text)
	case text == "":
		return append(buf, `/>`...)
	case keepsSpace(text) || strings.Contains(text, "_x"):
		buf = append(append(buf, ` t="inlineStr"><is><t xml:space="preserve">`...), xmlText(text)...)
		return append(buf, `</t></is></c>`...)
	}
	return append(append(append(buf, ` t="str"><v>`...), xmlText(text)...), `</v></c>`...)
}

// appendSimple appends a text that isSimple with the end of its cell.
func appendSimple(buf []byte, text string) []byte {
	return append(append(append(buf, ` t="str"><v>`...), text...), `</v></c>`...)
}

// isSimple reports whether a text stands in a cell as it is, as nearly all do:
// printable ASCII without what XML, a workbook or a terminal reads otherwise.
func isSimple(text string) bool {
	if text == "" || text[0] == ' ' || text[len(text)-1] == ' ' || len(text) > maxUnits {
		return false
	}
	for i := range len(text) {
		if !simple[text[i]] {
			return false
		}
	}
	return true
}

// simple tells the characters of simple texts.
var simple = func() (is [256]bool) {
	for c := ' '; c <= '~'; c++ {
		is[c] = c != '&' && c != '<' && c != '>' && c != '_'
	}
	return is
}()

// numbered writes a text that is fit for XML and begins and ends without a
// space, with a number behind it.
func (r *rowWriter) numbered(style int, text string, n int64) {
	r.place(style)
	r.buf = append(append(r.buf, ` t="str"><v>`...), text...)
	r.endWhole(n)
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
	r.placeNumber(style)
	r.buf = append(append(r.buf, decimal...), `</v></c>`...)
}

// whole writes a whole number.
func (r *rowWriter) whole(style int, n int64) {
	r.placeNumber(style)
	r.endWhole(n)
}

// amount writes an amount of money with the decimals of its currency.
func (r *rowWriter) amount(style int, m ledger.Minor, cur ledger.Currency) {
	r.placeNumber(style)
	r.endAmount(m, cur)
}

// endWhole writes the rest of a cell with a whole number.
func (r *rowWriter) endWhole(n int64) {
	r.buf = append(ledger.Minor(n).AppendDecimal(r.buf, 0), `</v></c>`...)
}

// endAmount writes the rest of a cell with an amount.
func (r *rowWriter) endAmount(m ledger.Minor, cur ledger.Currency) {
	r.buf = append(m.AppendDecimal(r.buf, cur.Exponent), `</v></c>`...)
}

// formula writes a formula with its cached result, a number given as a
// decimal; "" is the empty text, which formulas give for what is absent.
func (r *rowWriter) formula(style int, formula, cached string) {
	if cached == "" {
		r.formulaText(style, formula, "")
		return
	}
	r.place(style)
	r.raw(`><f>`, xmlText(formula), `</f><v>`, cached, `</v></c>`)
}

// formulaText writes a formula whose cached result is a text.
func (r *rowWriter) formulaText(style int, formula, cached string) {
	r.place(style)
	r.raw(` t="str"><f>`, xmlText(formula), `</f><v>`, xmlText(cached), `</v></c>`)
}

// rowFormula is a formula over cells of its own row, the same for many rows of
// a column. The first of them has its text, the others refer to that one:
// half the markup, and a program that opens the workbook reads it once.
type rowFormula struct {
	number int      // among those of its sheet, from 0
	pieces []string // of the text; the number of the row goes between them
	// refer is what the rows below write behind their number where the result is a
	// number, by the style they have.
	refer []string
}

// rowMark stands for the number of the row in the text a rowFormula is made of.
const rowMark = "\uE000"

func newRowFormula(number int, text string) *rowFormula {
	return &rowFormula{number: number, pieces: strings.Split(xmlText(text), rowMark)}
}

// amountFormula writes a formula of the row and its cached amount.
func (r *rowWriter) amountFormula(style int, f *rowFormula, m ledger.Minor, cur ledger.Currency) {
	r.rowFormula(style, f)
	r.endAmount(m, cur)
}

// wholeFormula writes a formula of the row and its cached whole number.
func (r *rowWriter) wholeFormula(style int, f *rowFormula, n int64) {
	r.rowFormula(style, f)
	r.endWhole(n)
}

// numberFormula writes a formula of the row and its cached decimal.
func (r *rowWriter) numberFormula(style int, f *rowFormula, cached string) {
	r.rowFormula(style, f)
	r.buf = append(append(r.buf, cached...), `</v></c>`...)
}

// emptyFormula writes a formula of the row whose result is the empty text.
func (r *rowWriter) emptyFormula(style int, f *rowFormula) {
	r.placeAt(style)
	r.raw(` t="str"`, r.reference(f), `><v></v></c>`)
}

// rowFormula begins a cell with a formula of the row whose result is a number.
// Such a cell says where it stands also among those that do not, for some readers
// move the formula by that.
func (r *rowWriter) rowFormula(style int, f *rowFormula) {
	if f.number >= len(r.shared) || !r.shared[f.number] {
		r.placeAt(style)
		r.raw(r.reference(f), `><v>`)
		return
	}
	r.at()
	for style >= len(f.refer) {
		f.refer = append(f.refer, `"`+r.style(len(f.refer))+r.reference(f)+`><v>`)
	}
	r.buf = append(r.buf, f.refer[style]...)
}

// reference is the element of a formula of the row without its end: its text, or
// a reference to the row above that has it.
func (r *rowWriter) reference(f *rowFormula) string {
	for f.number >= len(r.shared) {
		r.shared = append(r.shared, false)
	}
	number := strconv.Itoa(f.number)
	if r.shared[f.number] {
		return `><f t="shared" si="` + number + `"/`
	}
	r.shared[f.number] = true
	return `><f t="shared" ref="` + relative(r.col, r.row) + `:` + relative(r.col, max(r.row, r.last)) + `" si="` + number + `">` + f.text(r.row) + `</f`
}

// text is the formula in a row.
func (f *rowFormula) text(row int) string { return strings.Join(f.pieces, strconv.Itoa(row)) }

// amountPlus writes a formula of the row to which an amount is added, and its
// cached amount: one of a kind.
func (r *rowWriter) amountPlus(style int, f *rowFormula, plus string, m ledger.Minor, cur ledger.Currency) {
	r.place(style)
	r.raw(`><f>`, f.text(r.row), plus, `</f><v>`)
	r.endAmount(m, cur)
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
