package ingest

import (
	"cmp"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"duepack/analysis/ledger"
	"duepack/ingest/sheet"
)

// rowReader reads the rows of one ledger sheet.
type rowReader struct {
	*book
	*parties // of the sheet; of the book for a sheet beside the ledger
	tab      *tab
	draft    *draft
	at       [fieldCount]int32 // column of each field; −1: none
	columns  []fieldColumn     // of the fields that are read, from left to right
	rawTexts []string          // of the header row, by column; "" behind it
	settled  decisions
	carried  map[int]*carry // by column: text of a cell merged downwards
	layout   string
	workbook bool
	bytes    int64 // of the rows to read

	row                *sheet.Row  // its texts are gone with the next one: what is kept of them is cloned
	given              fieldSet    // fields that are not blank in the row
	looks              [16]rowLook // of rows before
	bad                bool        // the row has an error
	failed, mostFailed int64       // errors of the sheet, and how many it may have
	group              []string    // id and name, or name, of the customer above the lines
	forward            bool        // the row brings a balance forward
	// unnumbered says that the row has no document number.
	unnumbered bool
	document   ledger.DocID // of the row, where its series is known
	noTotals   []bool       // by series of document numbers: they are not the words of a total

	// What cells meant that were read before.
	knownCustomers customerMemo
	knownReps      memo[int32]
	knownRegions   memo[int32]
	knownKinds     memo[kindWord]
	knownCodes     memo[uint8]
	knownTerms     memo[parsedTerms]
	isoDates       isoDates
}

// fieldColumn is the column of a field.
type fieldColumn struct {
	column int
	field  fieldSet
}

// carry is a merged cell and the rows it covers.
type carry struct {
	cell        sheet.Cell
	first, last int
}

func newRowReader(b *book, t *tab) *rowReader {
	r := &rowReader{book: b, parties: b.parties, tab: t, mostFailed: b.opts.Limits.MostErrors(), draft: newDraft(), layout: t.rec.Layout, workbook: t.info.Format == "",
		carried: map[int]*carry{}}
	for f := range fieldCount {
		if r.at[f] = int32(t.header.col(f)); r.at[f] >= 0 && !(t.header.def.role == ledgerRole && unread&(1<<f) != 0) {
			r.columns = append(r.columns, fieldColumn{t.header.col(f), 1 << f})
		}
	}
	slices.SortFunc(r.columns, func(x, y fieldColumn) int { return cmp.Compare(x.column, y.column) })
	bytes := t.info.Bytes
	r.bytes = bytes
	r.knownCustomers, r.knownReps, r.knownRegions = newCustomerMemo(bytes), newMemo[int32](bytes), newMemo[int32](bytes)
	r.knownKinds, r.knownCodes, r.knownTerms = newMemo[kindWord](bytes), newMemo[uint8](bytes), newMemo[parsedTerms](bytes)
	for c, text := range t.header.raw {
		if c >= len(r.rawTexts) {
			r.rawTexts = append(r.rawTexts, make([]string, c+1-len(r.rawTexts))...)
		}
		r.rawTexts[c] = text
	}
	return r
}

// col returns the column of a field, −1 where the sheet has none.
func (r *rowReader) col(f Field) int { return int(r.at[f]) }

// has reports whether the sheet has the field.
func (r *rowReader) has(f Field) bool { return r.at[f] >= 0 }

// take makes a row the present one, and notes which fields have something in it:
// most of what is asked of a row is that.
func (r *rowReader) take(row *sheet.Row) {
	r.row = row
	look := &r.looks[row.Shown*spread>>60]
	if look.shown != row.Shown || !look.known || len(row.Cells) > 64 {
		*look = rowLook{row.Shown, r.fieldsOf(row), len(row.Cells) <= 64}
	}
	r.given = look.given
}

// rowLook is what fields rows have whose cells show in the same columns.
type rowLook struct {
	shown uint64
	given fieldSet
	known bool
}

// fieldsOf returns the fields that have something in a row.
func (r *rowReader) fieldsOf(row *sheet.Row) (given fieldSet) {
	for _, at := range r.columns {
		if at.column < len(row.Cells) && row.Cells[at.column].Visible {
			given |= at.field
		}
	}
	return given
}

// cell returns the cell of a field; an empty one where the row has none.
func (r *rowReader) cell(f Field) *sheet.Cell {
	if r.given&(1<<f) != 0 {
		return &r.row.Cells[r.at[f]]
	}
	return r.merged(r.col(f))
}

// cellAt returns the cell of a column; −1 has none.
func (r *rowReader) cellAt(c int) *sheet.Cell {
	if c < 0 || c >= len(r.row.Cells) || !r.row.Cells[c].Visible {
		return r.merged(c)
	}
	return &r.row.Cells[c]
}

// noCell is the cell that a row does not have.
var noCell sheet.Cell

// merged returns what a cell merged downwards has in its first row.
func (r *rowReader) merged(column int) *sheet.Cell {
	if at, ok := r.carriedTo(column); ok && r.row.Number <= at.last {
		return &at.cell
	}
	return &noCell
}

// text returns a field's text, trimmed; an error cell is a problem.
func (r *rowReader) text(f Field) string {
	cell := r.cell(f)
	switch cell.Kind {
	case sheet.Empty:
		return ""
	case sheet.Error:
		r.fail("error-cell", r.col(f), cell.Text, quote(cell.Text)+" is an error of the spreadsheet, not a value", "mend the formula and export again")
		return ""
	case sheet.Number:
		return plainDigits(cell.Text)
	}
	return trim(cell.Text)
}

func (r *rowReader) fail(code string, column int, found, message, hint string) {
	r.bad = true
	r.failed++
	r.report(Error, code, column, found, message, hint)
}

// tooMany ends the reading of a sheet whose rows have more errors than anybody
// mends by hand.
func (r *rowReader) tooMany() error {
	if r.failed <= r.mostFailed {
		return nil
	}
	first := r.draft.problems[slices.IndexFunc(r.draft.problems, func(p Problem) bool { return p.Severity == Error })]
	return r.opts.Limits.TooManyErrors(first.Code + " in " + first.Cell)
}

func (r *rowReader) note(code string, column int, found, message string) {
	r.report(Note, code, column, found, message, "")
}

func (r *rowReader) report(severity Severity, code string, column int, found, message, hint string) {
	cell := strconv.Itoa(r.row.Number)
	if column >= 0 {
		cell = cellName(column, r.row.Number)
	}
	r.draft.problems = append(r.draft.problems, Problem{Source: r.tab.rec.Source, Row: r.row.Number, Cell: cell, Severity: severity, Code: code, Found: strings.Clone(found), Message: message, Hint: hint})
}

// The fields that tell lines from other rows.
var (
	documentField = setOf([]Field{fDocument})
	dateFields    = setOf([]Field{fPosted, fIssued, fDue, fSettledOn, fReceivedOn})
	moneyFields   = setOf([]Field{fAmount, fDebit, fCredit, fOpen, fPaid, fReceived})
	partyFields   = setOf([]Field{fDocument, fCustomer, fCustomerName})

	// unread are fields of a ledger that no figure rests on yet.
	unread = setOf([]Field{fContract, fDelivery, fCreatedBy, fApprovedBy, fNote, fExcuse})
)

// hasAny reports whether one of the fields has something in this row.
func (r *rowReader) hasAny(fields fieldSet) bool { return r.given&fields != 0 }

// hasEntry reports whether one of the fields has something in this row other
// than the words of a total, which stand wherever there is room for them.
func (r *rowReader) hasEntry(fields fieldSet) bool {
	for left := r.given & fields; left != 0; left &= left - 1 {
		if cell := r.cell(Field(bits.TrailingZeros64(uint64(left)))); cell.Kind != sheet.Text || !isTotal(cell.Text) {
			return true
		}
	}
	return false
}

// classify says what a row is that may be no entry: blank, a repeated header, a
// total, or text without an amount.
func (r *rowReader) classify() (skip bool) {
	r.forward = false
	if r.tab.header.grouped && r.takesHeading() {
		r.draft.texts++
		return true
	}
	if r.repeatsHeader() {
		r.draft.texts++
		return true
	}
	hasDocument := r.hasDocument() || r.col(fDocument) < 0 && !slices.ContainsFunc(r.row.Cells, func(c sheet.Cell) bool { return c.Kind == sheet.Text && saysTotal(c.Text) })
	hasDate := r.hasEntry(dateFields)
	if !(hasDocument && hasDate) {
		if blank, total := r.blankOrTotal(hasDocument || hasDate); blank || total {
			if total {
				r.draft.totals++
			}
			return true
		}
	}
	if r.has(fStatus) {
		if status := r.text(fStatus); voidWords[foldHeader(status)] {
			r.note("void-row", r.col(fStatus), status, "the document is marked "+quote(status)+" and left out")
			r.draft.texts++
			return true
		}
	}
	if r.forward = r.bringsForward(); r.forward {
		return false
	}
	if !r.hasAny(moneyFields) && !(r.hasAny(partyFields) && hasDate) {
		r.draft.texts++
		return true
	}
	return false
}

// takesHeading keeps the customer that a row heads a group with. A row with an
// amount is a line or a total; one without heads, even if it begins with Total.
func (r *rowReader) takesHeading() bool {
	if r.hasAny(moneyFields) || r.hasAny(documentField) && r.hasAny(setOf([]Field{fPosted, fIssued, fDue})) || r.repeatsHeader() {
		return false
	}
	texts := heading(*r.row)
	if len(texts) == 0 {
		return false
	}
	for i := range texts {
		texts[i] = strings.Clone(texts[i])
	}
	r.group = texts
	return true
}

// repeatsHeader reports whether the row is the header again, as exports write
// it on every page.
func (r *rowReader) repeatsHeader() bool {
	same := 0
	for c, cell := range r.row.Cells {
		if cell.Text == "" {
			continue
		}
		if cell.Kind != sheet.Text || c >= len(r.rawTexts) || !repeats(cell.Text, r.rawTexts[c]) {
			return false
		}
		same++
	}
	return same > 1
}

// repeats reports whether a text is a header, spaces aside.
func repeats(text, header string) bool {
	if header == "" || text[0] != header[0] && text[0] > ' ' && text[0] < utf8.RuneSelf { // nearly every cell
		return false
	}
	return text == header || !isSpacedPlainly(text) && foldSpaces(text) == header
}

// blankOrTotal looks at the texts of a row that has no document or no date. With
// one of the two it is a total only where a text is the word alone: a receipt of
// the customer Total Energies may have no number. SAP marks totals with asterisks.
func (r *rowReader) blankOrTotal(strict bool) (blank, total bool) {
	blank = true
	for _, cell := range r.row.Cells {
		text := strings.TrimSpace(cell.Text)
		if text == "" {
			continue
		}
		first := blank
		blank = false
		switch {
		case cell.Kind != sheet.Text:
		case strict:
			total = total || saysTotal(text)
		default:
			total = total || isTotal(text) || first && strings.Trim(text, "*") == ""
		}
	}
	return blank, total
}

// bringsForward reports whether the row of an account with debits and credits
// brings a balance forward: it has no movement, a balance, and says 期初余额 or
// Opening balance. Without it the account would begin with nothing.
func (r *rowReader) bringsForward() bool {
	at := r.tab.header.running
	if r.layout != "debit-credit" || at < 0 || at >= len(r.row.Cells) || r.hasAny(setOf([]Field{fDebit, fCredit})) {
		return false
	}
	if p, ok := parseAmount(r.row.Cells[at].Text, anyStyle); ok && (p.empty || p.value.coefficient == 0) {
		return false
	}
	return slices.ContainsFunc(r.row.Cells, func(c sheet.Cell) bool {
		word, ok := kinds[foldHeader(c.Text)]
		return ok && c.Kind == sheet.Text && word.kind == ledger.Opening
	})
}

// readRow reads one row into an entry, or two for a settled invoice.
func (r *rowReader) readRow() {
	if r.classify() {
		return
	}
	if r.row.Hidden {
		r.draft.hidden++
		r.note("hidden-row", -1, "", "the row is hidden; it is read all the same")
	}
	r.bad = false
	r.draft.entryRows++
	first := len(r.draft.problems)
	r.refuseExtra()
	e := r.next()
	kind, hasKind := kindWord{kind: ledger.Opening}, true
	if !r.forward {
		kind, hasKind = r.kind()
	}
	r.readParties(e)
	r.currency(e)
	r.amounts(e)
	e.Kind = kind.kind
	if !hasKind && !r.bad {
		e.Kind = r.assumeKind(e)
	}
	r.dates(e)
	r.marks(e, kind)
	paidOn, paid := r.payment(e)
	if r.bad {
		r.leaveOut(e, r.draft.problems[first:])
		return
	}
	r.count(e)
	r.draft.keepEntry(e)
	if paid != 0 {
		payment := paymentOf(e, paidOn, paid)
		if payment.Kind == ledger.Refund {
			r.draft.refunded = append(r.draft.refunded, e.Customer)
		}
		r.draft.entries = append(r.draft.entries, payment)
		r.draft.lines[e.Currency]++
	}
}

// refuseExtra refuses a row of a text file with more cells than the header: a
// value holds the separator, and all that stands behind it has moved.
func (r *rowReader) refuseExtra() {
	if r.workbook {
		return
	}
	for c := r.tab.header.width; c < len(r.row.Cells); c++ {
		if text := trim(r.row.Cells[c].Text); text != "" {
			r.fail("extra-cell", c, text, quote(text)+" stands in a column without a header, so a separator inside a value may have moved the cells of this row",
				"put values with a separator in quotes, or give the column a header")
			return
		}
	}
}

// count keeps what has to be known of the whole sheet. Counting here saves looking
// at all entries again when they are no longer in the processor's cache.
func (r *rowReader) count(e *ledger.Entry) {
	d := r.draft
	if r.unnumbered {
		d.noDocument++
	}
	if e.Amount < 0 || e.Open < 0 {
		d.negatives++
	}
	if e.Kind.LowersReceivable() {
		d.creditKinds++
	}
	if e.Kind == ledger.Receipt {
		d.receiptRows++
	}
	if e.Kind == ledger.Refund {
		d.refunded = append(d.refunded, e.Customer)
	}
	if e.Kind == ledger.Receipt && r.layout == "ledger" {
		d.receipts++
		if e.Amount > 0 {
			d.positiveReceip++
		}
	}
	if e.Cost < 0 {
		d.costNegatives++
	}
	if e.Cost > 0 && e.Amount < 0 {
		d.costsAgainst++
	}
	if lacksDue(e) {
		d.undue = append(d.undue, int32(len(d.entries)))
	}
}

// leaveOut remembers a row with an error, with its amount where it was read.
func (r *rowReader) leaveOut(e *ledger.Entry, problems []Problem) {
	amount := e.Amount
	if e.Has(ledger.HasOpen) {
		amount = e.Open
	}
	out := ledger.LeftOut{Pos: e.Pos, Currency: e.Currency, Amount: amount}
	for i := range problems {
		if p := &problems[i]; p.Severity == Error {
			out.Code, p.Amount, p.HasAmount = p.Code, amount, true
			if e.Currency != noCurrency {
				p.Currency = r.ledger.Currencies[e.Currency].Code
			}
			break
		}
	}
	r.draft.leftOut = append(r.draft.leftOut, out)
}
