package ingest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"duepack/analysis/ledger"
	"duepack/ingest/sheet"
)

// noCurrency marks an entry whose line names no currency until the book's is known.
const noCurrency = 255

// decisions are what has to be known of a whole column before its cells can be
// read: the order of day and month, and the decimal separator.
type decisions struct {
	dates  map[Field]dateOrder
	styles map[Field]style
}

// evidence is what the cells of a sheet show about its columns.
type evidence struct {
	dates   map[Field]*dateEvidence
	amounts map[Field]*amountEvidence
}

// dateEvidence counts what a date column shows.
type dateEvidence struct {
	dayFirst, monthFirst   int
	provesDay, provesMonth string // first cells
	ambiguous              int
	firstAmbiguous         string // cell
	firstText              string
	firstRow               int
}

// amountEvidence counts what an amount column shows.
type amountEvidence struct {
	point, comma           int
	provesPoint            string
	provesComma            string
	ambiguous              int
	firstAmbiguous, sample string
	firstRow               int
}

// draft is what one reading of a ledger sheet gives.
type draft struct {
	entries  []ledger.Entry
	chunks   [][]ledger.Entry // entries while they are read: joined once, as growing copies them over and over
	problems []Problem
	leftOut  []ledger.LeftOut
	evidence evidence

	negatives      int // amounts below zero
	creditKinds    int // lines of kinds that lower the receivable
	receipts       int
	positiveReceip int
	costNegatives  int
	kindless       int
	entryRows      int // rows that are entries, good or bad
	notOpen        int // open amounts that are none of an open document: over its amount, or of the other sign
	monthEnd       int // lines whose due date counts month-end terms from the month's end …
	fromIssue      int // … and from the date of issue
	practice       string
	lineTerms      []lineTerms
	said           map[string]bool // notes that are given once
	totals, texts  int
	hidden         int
	noDocument     int
}

// lineTerms are the terms of a document without a due date.
type lineTerms struct {
	pos   ledger.Pos
	terms ledger.Terms
}

// readLedgers reads the ledger sheets. Where the book is a snapshot, sheets of
// receipts are not read: what they paid is in the open amounts already.
func (b *book) readLedgers() {
	var tabs []*tab
	for _, t := range b.tabs {
		if t.header != nil && t.header.def.role == ledgerRole {
			tabs = append(tabs, t)
			b.rethink(t)
			b.ledger.Snapshot = b.ledger.Snapshot || t.rec.Layout == "snapshot"
		}
	}
	if len(tabs) == 0 && !b.fatal {
		b.problem(Problem{Source: b.firstSource(), Severity: Error, Code: "no-ledger",
			Message: "no sheet is a ledger: " + b.seen(),
			Hint:    "a ledger has a customer, an amount, and a document or a date in every row; give a mapping under columns: where the headers have other names"})
		b.fatal = true
		return
	}
	for _, t := range tabs {
		if b.ledger.Snapshot && t.rec.Layout != "snapshot" {
			t.rec.Role, t.rec.Why = "", "the book is a list of open items, which holds these movements already"
			b.problem(Problem{Source: t.rec.Source, Severity: Note, Code: "receipts-not-used",
				Message: "the sheet is not read: the book is a list of open items, which holds these movements already"})
			continue
		}
		b.readLedger(t)
	}
}

// seen says what the first sheets look like.
func (b *book) seen() string {
	const most = 2
	if more := len(b.sheets) - most; more > 0 {
		return fmt.Sprintf("%s; and %d more sheets", strings.Join(b.sheets[:most], "; "), more)
	}
	return strings.Join(b.sheets, "; ")
}

func (b *book) firstSource() ledger.Source {
	if len(b.ledger.Sources) > 0 {
		return ledger.Source{File: b.ledger.Sources[0].File}
	}
	return ledger.Source{}
}

// readLedger reads one sheet, twice where its columns had to be seen whole.
func (b *book) readLedger(t *tab) {
	d, err := b.draftLedger(t, decisions{})
	if err == nil {
		again, settled, problems := t.decide(d.evidence)
		if len(problems) > 0 {
			b.result.Problems = append(b.result.Problems, problems...)
			b.fatal = true
		} else if again {
			d, err = b.draftLedger(t, settled)
		}
	}
	if err != nil {
		if other := b.formatProblem(t.rec.Source, err); other != nil {
			b.problem(Problem{Source: t.rec.Source, Severity: Error, Code: "corrupt-workbook", Message: other.Error(), Hint: "export the file again"})
			b.fatal = true
		}
		return
	}
	b.signByKind(t, d)
	t.settlePractice(d)
	for _, line := range d.lineTerms {
		b.lineTerms[line.pos] = line.terms
	}
	t.rec.Totals, t.rec.Texts, t.rec.Hidden, t.rec.Rows = d.totals, d.texts, d.hidden, len(d.entries)
	b.result.Inputs[t.file].Rows += len(d.entries)
	b.result.Problems = append(b.result.Problems, d.problems...)
	b.ledger.LeftOut = append(b.ledger.LeftOut, d.leftOut...)
	if b.ledger.Entries == nil {
		b.ledger.Entries = d.entries
	} else {
		b.ledger.Entries = append(b.ledger.Entries, d.entries...)
	}
	if d.kindless > 0 {
		b.problem(Problem{Source: t.rec.Source, Severity: Note, Code: "kind-assumed",
			Message: fmt.Sprintf("%s no type: debits are taken for invoices, credits for %s", count(d.kindless, "line names", "lines name"), map[bool]string{true: "credit notes", false: "receipts"}[t.rec.Layout == "snapshot"]),
			Hint:    "add a column Type"})
	}
	if d.noDocument > 0 {
		b.problem(Problem{Source: t.rec.Source, Severity: Note, Code: "document-assumed",
			Message: fmt.Sprintf("%s no document number; such a line is called by its row, as #17", count(d.noDocument, "line has", "lines have"))})
	}
}

// count writes a number with its noun and verb: "1 line has", "2 lines have".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// rethink looks whether what was taken for open amounts is a balance that runs
// over the lines. What is open of a document lies between nothing and its
// amount; a running balance soon does not.
func (b *book) rethink(t *tab) {
	if t.rec.Layout != "snapshot" || t.input.Layout != "" || t.header.running < 0 {
		return
	}
	d, err := b.draftLedger(t, decisions{})
	if err != nil || 10*d.notOpen <= d.entryRows {
		return
	}
	t.header.dropRunning()
	t.rec.Columns, t.rec.Unknown = nil, nil
	t.describe()
}

// practiceLines is how many lines must show how a sheet counts month-end terms.
const practiceLines = 3

// settlePractice finds out how the sheet counts month-end terms. Rules §2 count
// 月结30天 from the end of the month, but many companies count it from the date
// of issue: where the due dates that are given all show it, the ones that are
// empty are derived in the same way.
func (t *tab) settlePractice(d *draft) {
	if d.fromIssue < practiceLines || d.monthEnd > 0 {
		return
	}
	t.netTerms = true
	t.rec.Dates = append(t.rec.Dates, fmt.Sprintf("month-end terms count from the date of issue, as %d due dates show (%s)", d.fromIssue, d.practice))
}

// decide settles the columns that had to be seen whole. again says that the
// sheet must be read with what was settled.
func (t *tab) decide(e evidence) (again bool, settled decisions, problems []Problem) {
	settled = decisions{dates: map[Field]dateOrder{}, styles: map[Field]style{}}
	t.rec.Dates = nil
	for _, f := range t.header.def.knows {
		if d := e.dates[f]; d != nil && t.order == anyOrder {
			switch {
			case d.ambiguous > 0 && d.dayFirst > 0 && d.monthFirst == 0:
				settled.dates[f], again = dayFirst, true
				t.rec.Dates = append(t.rec.Dates, fmt.Sprintf("%s: day first, as %s proves", f, d.provesDay))
			case d.ambiguous > 0 && d.monthFirst > 0 && d.dayFirst == 0:
				settled.dates[f], again = monthFirst, true
				t.rec.Dates = append(t.rec.Dates, fmt.Sprintf("%s: month first, as %s proves", f, d.provesMonth))
			case d.ambiguous > 0:
				why := "no cell of the column tells day and month apart"
				if d.dayFirst > 0 {
					why = fmt.Sprintf("%s proves day first and %s month first", d.provesDay, d.provesMonth)
				}
				problems = append(problems, Problem{Source: t.rec.Source, Row: d.firstRow, Cell: d.firstAmbiguous, Severity: Error, Code: "ambiguous-dates", Found: d.firstText,
					Message: fmt.Sprintf("%s can be two dates (%s in %s): %s", quote(d.firstText), count(d.ambiguous, "such cell", "such cells"), f, why),
					Hint:    "say dates: dmy (or mdy, ymd) for this file under inputs in the config"})
			}
		}
		if a := e.amounts[f]; a != nil {
			switch {
			case a.point > 0 && a.comma > 0:
				problems = append(problems, Problem{Source: t.rec.Source, Row: a.firstRow, Cell: a.provesComma, Severity: Error, Code: "ambiguous-amounts", Found: a.sample,
					Message: fmt.Sprintf("%s mixes decimal points (%s) and decimal commas (%s)", f, a.provesPoint, a.provesComma), Hint: "export the column in one format"})
			case a.comma > 0:
				settled.styles[f], again = commaDecimal, again || a.ambiguous > 0
			case a.point > 0:
				settled.styles[f], again = pointDecimal, again || a.ambiguous > 0
			case a.ambiguous > 0:
				problems = append(problems, Problem{Source: t.rec.Source, Row: a.firstRow, Cell: a.firstAmbiguous, Severity: Error, Code: "ambiguous-amounts", Found: a.sample,
					Message: fmt.Sprintf("%s can group thousands or have three decimals, and no cell of %s tells which", quote(a.sample), f), Hint: "export amounts with two decimals"})
			}
		}
	}
	return again, settled, problems
}

// signByKind gives the amounts of an export that writes them all positive the
// sign of their kind (rules §2, amount), and costs the sign of their amount.
func (b *book) signByKind(t *tab, d *draft) {
	if t.rec.Layout == "ledger" || t.rec.Layout == "snapshot" {
		switch {
		case d.negatives == 0 && d.creditKinds > 0:
			t.rec.ByKind = true
			for i := range d.entries {
				if e := &d.entries[i]; e.Kind.LowersReceivable() {
					e.Amount, e.Open, e.Cost = -e.Amount, -e.Open, -e.Cost
				}
			}
		case d.receipts >= 3 && d.receipts == d.positiveReceip:
			b.problem(Problem{Source: t.rec.Source, Severity: Error, Code: "unclear-sign",
				Message: fmt.Sprintf("all %d receipts are positive while other amounts are negative, so it is not clear which way they count", d.receipts),
				Hint:    "write receipts as negative amounts, or every amount as positive"})
			b.fatal = true
		}
	}
	if d.costNegatives == 0 {
		for i := range d.entries {
			if e := &d.entries[i]; e.Has(ledger.HasCost) && e.Amount < 0 && e.Cost > 0 {
				e.Cost = -e.Cost
			}
		}
	}
}

// rowReader reads the rows of one ledger sheet.
type rowReader struct {
	*book
	tab      *tab
	draft    *draft
	settled  decisions
	carried  map[int]carry // by column: text of a cell merged downwards
	layout   string
	workbook bool

	row     sheet.Row
	bad     bool // the row has an error
	forward bool // the row brings a balance forward
	// unnumbered says that the row has no document number.
	unnumbered bool
	line       ledger.Entry
	terms      map[string]parsedTerms

	kindWords map[string]kindWord
	codes     map[string]string // currency codes
}

type parsedTerms struct {
	terms ledger.Terms
	ok    bool
}

// carry is the text of a merged cell and the last row it covers.
type carry struct {
	text string
	last int
}

// chunkEntries is the number of entries that are allocated together.
const chunkEntries = 1 << 13

func (d *draft) add(e ledger.Entry) {
	last := len(d.chunks) - 1
	if last < 0 || len(d.chunks[last]) == chunkEntries {
		size := chunkEntries
		if last < 0 {
			size = 64 // most sheets are small
		}
		d.chunks = append(d.chunks, make([]ledger.Entry, 0, size))
		last++
	}
	d.chunks[last] = append(d.chunks[last], e)
}

// join puts the entries into one slice.
func (d *draft) join() {
	d.entries = slices.Concat(d.chunks...)
	d.chunks = nil
}

func newDraft() *draft {
	return &draft{evidence: evidence{dates: map[Field]*dateEvidence{}, amounts: map[Field]*amountEvidence{}}, said: map[string]bool{}}
}

func newRowReader(b *book, t *tab) *rowReader {
	return &rowReader{book: b, tab: t, draft: newDraft(), layout: t.rec.Layout, workbook: t.info.Format == "",
		carried: map[int]carry{}, terms: map[string]parsedTerms{}, kindWords: map[string]kindWord{}, codes: map[string]string{}}
}

// draftLedger reads a ledger sheet once.
func (b *book) draftLedger(t *tab, settled decisions) (*draft, error) {
	r := newRowReader(b, t)
	r.settled = settled
	merges := map[int][]sheet.Range{} // by first row; only those that reach down
	for _, m := range t.info.Merges {
		if m.LastRow > m.FirstRow {
			merges[m.FirstRow] = append(merges[m.FirstRow], m)
		}
	}
	err := t.sheet.Rows(func(row sheet.Row) error {
		if row.Number <= t.header.last {
			return nil
		}
		r.row = row
		for _, m := range merges[row.Number] {
			if c := m.FirstCol - 1; c < len(row.Cells) {
				r.carried[c] = carry{row.Cells[c].Text, m.LastRow}
			}
		}
		r.readRow()
		return nil
	})
	r.draft.join()
	return r.draft, err
}

// cell returns the cell of a field; an empty one where the row has none.
func (r *rowReader) cell(f Field) (sheet.Cell, int) {
	c := r.tab.header.col(f)
	return r.cellAt(c), c
}

// cellAt returns the cell of a column; −1 has none.
func (r *rowReader) cellAt(c int) sheet.Cell {
	if c < 0 || c >= len(r.row.Cells) {
		return r.merged(c)
	}
	cell := r.row.Cells[c]
	if cell.Kind == sheet.Empty || cell.Kind == sheet.Text && strings.TrimSpace(cell.Text) == "" {
		return r.merged(c)
	}
	return cell
}

// merged returns what a cell merged downwards has in its first row.
func (r *rowReader) merged(column int) sheet.Cell {
	if at, ok := r.carried[column]; ok && r.row.Number <= at.last && at.text != "" {
		return sheet.Cell{Kind: sheet.Text, Text: at.text}
	}
	return sheet.Cell{}
}

// text returns a field's text, trimmed; an error cell is a problem.
func (r *rowReader) text(f Field) string {
	cell, c := r.cell(f)
	if cell.Kind == sheet.Error {
		r.fail("error-cell", c, cell.Text, quote(cell.Text)+" is an error of the spreadsheet, not a value", "mend the formula and export again")
		return ""
	}
	if cell.Kind == sheet.Number {
		return plainDigits(cell.Text)
	}
	return trim(cell.Text)
}

// plainDigits writes a number that stands for an id as a person writes it:
// 1024.0 and 1.024E3 are 1024. Another number stays as it is.
func plainDigits(s string) string {
	if isDigits(s) {
		return s
	}
	p, ok := parseAmount(s, pointDecimal)
	if !ok || p.empty {
		return s
	}
	d := p.value
	for d.scale > 0 && d.coefficient%10 == 0 {
		d.coefficient /= 10
		d.scale--
	}
	if d.scale > 0 || d.dust {
		return s
	}
	return strconv.FormatInt(d.coefficient, 10)
}

// trim takes spaces of all widths off both ends and makes those inside one.
func trim(s string) string {
	space := true // the character before is a space
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c < ' ', c == ' ' && space, c >= utf8.RuneSelf && strings.ContainsAny(s, "\u3000\u00a0\u2007\u202f\u200b\u200e\u200f\ufeff"):
			return foldSpaces(invisible.Replace(s))
		default:
			space = c == ' '
		}
		if s[i] >= utf8.RuneSelf {
			return foldedIfNeeded(s)
		}
	}
	if space && s != "" {
		return foldSpaces(s)
	}
	return s
}

// foldedIfNeeded is trim for a text that has characters beyond ASCII but no odd
// space.
func foldedIfNeeded(s string) string {
	if strings.Contains(s, "  ") || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' }) || strings.HasPrefix(s, " ") || strings.HasSuffix(s, " ") {
		return foldSpaces(s)
	}
	return s
}

// invisible are characters that take no space and mean nothing in an id.
var invisible = strings.NewReplacer("\u200b", "", "\u200e", "", "\u200f", "", "\ufeff", "")

func foldSpaces(s string) string { return strings.Join(strings.Fields(s), " ") }

func (r *rowReader) fail(code string, column int, found, message, hint string) {
	r.bad = true
	r.report(Error, code, column, found, message, hint)
}

func (r *rowReader) note(code string, column int, found, message string) {
	r.report(Note, code, column, found, message, "")
}

func (r *rowReader) report(severity Severity, code string, column int, found, message, hint string) {
	cell := strconv.Itoa(r.row.Number)
	if column >= 0 {
		cell = cellName(column, r.row.Number)
	}
	r.draft.problems = append(r.draft.problems, Problem{Source: r.tab.rec.Source, Row: r.row.Number, Cell: cell, Severity: severity, Code: code, Found: found, Message: message, Hint: hint})
}

// hasAny reports whether one of the fields has something in this row.
func (r *rowReader) hasAny(fields ...Field) bool {
	return slices.ContainsFunc(fields, func(f Field) bool {
		c := r.tab.header.col(f)
		return c >= 0 && c < len(r.row.Cells) && strings.TrimSpace(r.row.Cells[c].Text) != ""
	})
}

// classify says what a row is that may be no entry: blank, a repeated header, a
// total, or text without an amount.
func (r *rowReader) classify() (skip bool) {
	r.forward = false
	if r.repeatsHeader() {
		r.draft.texts++
		return true
	}
	hasDocument := r.hasAny(fDocument) || r.tab.header.col(fDocument) < 0 && !slices.ContainsFunc(r.row.Cells, func(c sheet.Cell) bool { return c.Kind == sheet.Text && saysTotal(c.Text) })
	hasDate := r.hasAny(fPosted, fIssued, fDue, fSettledOn, fReceivedOn)
	if !(hasDocument && hasDate) {
		if blank, total := r.blankOrTotal(); blank || total {
			if total {
				r.draft.totals++
			}
			return true
		}
	}
	if r.tab.header.has(fStatus) {
		if status := r.text(fStatus); voidWords[foldHeader(status)] {
			r.note("void-row", r.tab.header.col(fStatus), status, "the document is marked "+quote(status)+" and left out")
			r.draft.texts++
			return true
		}
	}
	if r.forward = r.bringsForward(); r.forward {
		return false
	}
	if !r.hasAny(fAmount, fDebit, fCredit, fOpen, fPaid, fReceived) && !(r.hasAny(fDocument, fCustomer, fCustomerName) && hasDate) {
		r.draft.texts++
		return true
	}
	return false
}

// repeatsHeader reports whether the row is the header again, as exports write
// it on every page.
func (r *rowReader) repeatsHeader() bool {
	same := 0
	for c, cell := range r.row.Cells {
		if cell.Text == "" {
			continue
		}
		if cell.Kind != sheet.Text {
			return false
		}
		header := r.tab.header.raw[c]
		if header == "" || cell.Text != header && foldSpaces(cell.Text) != header {
			return false
		}
		same++
	}
	return same > 1
}

// blankOrTotal looks at the texts of a row that has no document or no date.
func (r *rowReader) blankOrTotal() (blank, total bool) {
	blank = true
	for _, cell := range r.row.Cells {
		if strings.TrimSpace(cell.Text) == "" {
			continue
		}
		blank = false
		total = total || cell.Kind == sheet.Text && isTotal(cell.Text)
	}
	return blank, total
}

// bringsForward reports whether the row of an account with debits and credits
// brings a balance forward: it has no movement, a balance, and says 期初余额 or
// Opening balance. Without it the account would begin with nothing.
func (r *rowReader) bringsForward() bool {
	at := r.tab.header.running
	if r.layout != "debit-credit" || at < 0 || at >= len(r.row.Cells) || r.hasAny(fDebit, fCredit) {
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
	e := &r.line
	*e = ledger.Entry{Rep: ledger.None, Region: ledger.None, Currency: noCurrency, Pos: ledger.Pos{Source: r.tab.source, Row: int32(r.row.Number)}}
	kind, hasKind := kindWord{kind: ledger.Opening}, true
	if !r.forward {
		kind, hasKind = r.kind()
	}
	r.parties(e)
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
	r.draft.add(*e)
	if paid != 0 {
		r.draft.add(paymentOf(e, paidOn, paid))
	}
}

// count keeps what signByKind needs to know of the whole sheet.
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
	if e.Kind == ledger.Receipt && r.layout == "ledger" {
		d.receipts++
		if e.Amount > 0 {
			d.positiveReceip++
		}
	}
	if e.Cost < 0 {
		d.costNegatives++
	}
}

// leaveOut remembers a row with an error, with its amount where it was read.
func (r *rowReader) leaveOut(e *ledger.Entry, problems []Problem) {
	amount := e.Amount
	if e.Has(ledger.HasOpen) {
		amount = e.Open
	}
	r.draft.leftOut = append(r.draft.leftOut, ledger.LeftOut{Pos: e.Pos, Currency: e.Currency, Amount: amount})
	for i := range problems {
		if p := &problems[i]; p.Severity == Error {
			p.Amount, p.HasAmount = amount, true
			if e.Currency != noCurrency {
				p.Currency = r.ledger.Currencies[e.Currency].Code
			}
			break
		}
	}
}

func (r *rowReader) kind() (kindWord, bool) {
	if r.layout == "receipts" {
		return kindWord{kind: ledger.Receipt}, true
	}
	text := r.text(fType)
	if text == "" {
		if r.layout == "settled" {
			return kindWord{kind: ledger.Invoice}, true
		}
		return kindWord{}, false
	}
	word, ok := r.kindWords[text] // a sheet has few, and folding each costs
	if !ok {
		if word, ok = kinds[foldHeader(text)]; ok {
			r.kindWords[text] = word
		}
	}
	if !ok {
		r.fail("bad-type", r.tab.header.col(fType), text, quote(text)+" is not a type of document",
			"want invoice, debit note, credit note, receipt, refund, write-off, recovery, adjustment or opening")
	}
	return word, ok
}

// assumeKind takes a debit for an invoice and a credit for a receipt; in a list
// of open items a credit is taken for a credit note.
func (r *rowReader) assumeKind(e *ledger.Entry) ledger.Kind {
	r.draft.kindless++
	switch {
	case e.Amount >= 0:
		return ledger.Invoice
	case r.layout == "snapshot":
		return ledger.CreditNote
	}
	return ledger.Receipt
}

// parties reads customer, rep and region.
func (r *rowReader) parties(e *ledger.Entry) {
	id, name := r.text(fCustomer), r.text(fCustomerName)
	if id == "" {
		id = name
	}
	if id == "" {
		r.fail("missing-customer", max(r.tab.header.col(fCustomer), r.tab.header.col(fCustomerName)), "", "the row has an amount but no customer",
			"name the customer, or mark the row as a total")
		return
	}
	e.Customer = r.customer(id, name)
	if have := r.ledger.Customers[e.Customer].Name; name != "" && have != name && !r.draft.said[id+"\x00"+name] {
		r.draft.said[id+"\x00"+name] = true
		r.note("name-differs", r.tab.header.col(fCustomerName), name, fmt.Sprintf("customer %s is called %s here and %s before", id, quote(name), quote(have)))
	}
	if rep := r.text(fRep); rep != "" {
		e.Rep = r.rep(rep)
	}
	if region := r.text(fRegion); region != "" {
		e.Region = r.region(region)
	}
}

func (r *rowReader) currency(e *ledger.Entry) {
	text := r.text(fCurrency)
	switch {
	case r.tab.header.local: // the amounts are in the book's currency, whatever the document's is
		return
	case text == "" && r.tab.currency != "":
		e.Currency = r.currencyIndex(r.tab.currency)
		return
	case text == "":
		return
	}
	code, known := r.codes[text]
	if !known {
		code = currencyCode(text)
		r.codes[text] = code
	}
	if code == "" {
		if _, isWord := currencyWords[strings.ToUpper(text)]; isWord {
			return // 本位币: the book's currency
		}
		r.fail("bad-currency", r.tab.header.col(fCurrency), text, quote(text)+" is not a currency", "want an ISO 4217 code such as CNY")
		return
	}
	e.Currency = r.currencyIndex(code)
}

// exponent returns the number of decimals of the row's currency; the book's
// where the row names none.
func (r *rowReader) exponent(e *ledger.Entry) int {
	if e.Currency == noCurrency {
		return r.baseExponent
	}
	return r.ledger.Currencies[e.Currency].Exponent
}

// amounts reads the money of a row.
func (r *rowReader) amounts(e *ledger.Entry) {
	switch r.layout {
	case "debit-credit":
		if r.forward {
			e.Amount = r.broughtForward(e)
			return
		}
		debit, hasDebit := r.amount(e, fDebit)
		credit, hasCredit := r.amount(e, fCredit)
		if !hasDebit && !hasCredit && !r.bad {
			r.missingAmount(fDebit)
		}
		e.Amount = debit - credit
	case "receipts":
		field := fReceived
		if !r.tab.header.has(fReceived) {
			field = fAmount
		}
		amount, ok := r.amount(e, field)
		if !ok && !r.bad {
			r.missingAmount(field)
		}
		e.Amount = -amount
	case "snapshot":
		r.openAmounts(e)
	default:
		amount, ok := r.amount(e, fAmount)
		if !ok && !r.bad {
			r.missingAmount(fAmount)
		}
		e.Amount = amount
	}
	if cost, ok := r.amount(e, fCost); ok {
		e.Cost = cost
		e.Flags |= ledger.HasCost
	}
}

// broughtForward reads the balance of a row that brings one forward: a credit
// where the row says 贷 or CR.
func (r *rowReader) broughtForward(e *ledger.Entry) ledger.Minor {
	amount, _ := r.amountAt(e, fOpen, r.tab.header.running)
	credit := slices.ContainsFunc(r.row.Cells, func(c sheet.Cell) bool {
		text := strings.ToUpper(trim(c.Text))
		return c.Kind == sheet.Text && (text == "贷" || text == "CR" || text == "CREDIT")
	})
	if credit && amount > 0 {
		return -amount
	}
	return amount
}

func (r *rowReader) missingAmount(f Field) {
	r.fail("missing-amount", r.tab.header.col(f), "", "the row has a date but no amount", "write the amount, or 0.00")
}

// openAmounts reads a row of a snapshot: the open amount as it is given, or
// amount − paid where the export has no open amount.
func (r *rowReader) openAmounts(e *ledger.Entry) {
	amount, hasAmount := r.amount(e, fAmount)
	paid, hasPaid := r.amount(e, fPaid)
	if !r.tab.header.has(fPaid) {
		paid, hasPaid = r.amount(e, fReceived)
	}
	open, hasOpen := r.amount(e, fOpen)
	switch {
	case r.bad:
	case r.tab.header.has(fOpen) && !hasOpen:
		r.missingAmount(fOpen)
	case !r.tab.header.has(fOpen) && !hasAmount:
		r.missingAmount(fAmount)
	case !r.tab.header.has(fOpen):
		open = amount - paid
	case hasAmount && hasPaid && open != amount-paid:
		r.note("open-differs", r.tab.header.col(fOpen), "", fmt.Sprintf("the open amount is not the amount less what was paid (%s)", (amount-paid).Decimal(r.exponent(e))))
	}
	if !hasAmount {
		amount = open
	}
	if open != 0 && ((open > 0) != (amount > 0) || open.Abs() > amount.Abs()) {
		r.draft.notOpen++
	}
	e.Amount, e.Open = amount, open
	e.Flags |= ledger.HasOpen
}

// amount reads an amount in minor units of the row's currency. has is false
// for an empty cell.
func (r *rowReader) amount(e *ledger.Entry, f Field) (m ledger.Minor, has bool) {
	return r.amountAt(e, f, r.tab.header.col(f))
}

// amountAt reads the amount of a field that stands in a column.
func (r *rowReader) amountAt(e *ledger.Entry, f Field, c int) (m ledger.Minor, has bool) {
	cell := r.cellAt(c)
	if c < 0 || cell.Kind == sheet.Empty {
		return 0, false
	}
	if cell.Kind == sheet.Error {
		r.fail("error-cell", c, cell.Text, quote(cell.Text)+" is an error of the spreadsheet, not an amount", "mend the formula and export again")
		return 0, false
	}
	number := cell.Kind == sheet.Number
	in := r.settled.styles[f]
	if number {
		in = pointDecimal
	}
	p, ok := parseAmount(cell.Text, in)
	if !ok || cell.Kind == sheet.Bool || cell.Kind == sheet.Date {
		r.fail("bad-amount", c, cell.Text, quote(cell.Text)+" is not an amount", "write it as 1234.50")
		return 0, false
	}
	if p.empty {
		return 0, strings.TrimSpace(cell.Text) != ""
	}
	if !number {
		r.observeAmount(f, p, cell.Text, cellName(c, r.row.Number), r.exponent(e))
		if r.workbook {
			r.note("text-amount", c, cell.Text, quote(cell.Text)+" is an amount written as text")
		}
	}
	switch {
	case p.currency == "":
	case e.Currency == noCurrency && !r.tab.header.has(fCurrency):
		e.Currency = r.currencyIndex(p.currency)
	case e.Currency != noCurrency && r.ledger.Currencies[e.Currency].Code != p.currency:
		code := r.ledger.Currencies[e.Currency].Code
		r.fail("currency-conflict", c, cell.Text, fmt.Sprintf("%s is in %s, but the line is in %s", quote(cell.Text), p.currency, code), "mend the amount or the currency of the line")
		return 0, false
	}
	m, moved, ok := p.value.minor(r.exponent(e))
	if !ok {
		r.fail("amount-out-of-range", c, cell.Text, quote(cell.Text)+" is out of range", "no amount has more than 16 digits before the decimal point")
		return 0, false
	}
	if moved {
		r.note("amount-precision", c, cell.Text, fmt.Sprintf("%s has more decimals than its currency; it is read as %s", quote(cell.Text), m.Decimal(r.exponent(e))))
	}
	return m, true
}

func (r *rowReader) observeAmount(f Field, p parsed, text, cell string, exponent int) {
	ev := r.draft.evidence.amounts[f]
	if ev == nil {
		ev = &amountEvidence{}
		r.draft.evidence.amounts[f] = ev
	}
	switch {
	case p.shows == pointDecimal:
		if ev.point++; ev.point == 1 {
			ev.provesPoint = cell
		}
	case p.shows == commaDecimal:
		if ev.comma++; ev.comma == 1 {
			ev.provesComma = cell
			ev.firstRow, ev.sample = r.row.Number, text
		}
	case p.ambiguous == '.' || p.ambiguous == ',' && exponent >= 3:
		// A comma before three digits groups thousands where the currency has
		// no three decimals.
		if ev.ambiguous++; ev.ambiguous == 1 {
			ev.firstAmbiguous, ev.sample, ev.firstRow = cell, text, r.row.Number
		}
	}
}

// dates reads posted, issued and due. A field that is empty takes the other
// (rules §2); the due date of debits is derived when customers are known.
func (r *rowReader) dates(e *ledger.Entry) {
	posted, issued, due := r.date(fPosted), r.date(fIssued), r.date(fDue)
	if posted == 0 && r.layout != "settled" && r.layout != "snapshot" {
		posted = r.date(fReceivedOn)
	}
	if r.bad {
		return
	}
	if posted == 0 {
		posted = issued
		if posted != 0 && r.tab.header.has(fPosted) {
			r.note("posted-assumed", r.tab.header.col(fPosted), "", "the posting date is empty; the date of issue "+issued.String()+" is taken")
		}
	}
	if issued == 0 {
		issued = posted
	}
	if posted == 0 && r.layout == "snapshot" && due != 0 {
		posted, issued = due, due
		if d := r.ledger.SnapshotDate; d != 0 {
			posted, issued = min(due, d), min(due, d)
		}
		r.note("posted-assumed", -1, "", "the row has no date of its own; "+posted.String()+" is taken")
	}
	if posted == 0 {
		r.fail("missing-date", max(r.tab.header.col(fPosted), r.tab.header.col(fIssued)), "", "the row has no date", "write the posting date or the date of issue")
		return
	}
	if e.Kind == ledger.Refund && e.Amount > 0 {
		due = posted // a refund is due at once, rules §2
	}
	e.Posted, e.Issued, e.Due = posted, issued, due
}

// date reads a date; 0 for an empty cell.
func (r *rowReader) date(f Field) ledger.Date {
	cell, c := r.cell(f)
	if c < 0 || cell.Kind == sheet.Empty {
		return 0
	}
	if cell.Kind == sheet.Error {
		r.fail("error-cell", c, cell.Text, quote(cell.Text)+" is an error of the spreadsheet, not a date", "mend the formula and export again")
		return 0
	}
	order := r.tab.order
	if settled, ok := r.settled.dates[f]; ok {
		order = settled
	}
	p, ok := parseDateCell(cell, r.tab.info.Date1904, order)
	if p.ambiguous {
		r.observeDate(f, p, cell.Text, c)
		return 1 // any date: the sheet is read again, or refused
	}
	if !ok {
		r.fail("bad-date", c, cell.Text, quote(cell.Text)+" is not a date", fmt.Sprintf("want a date of the workbook or YYYY-MM-DD, from %d to %d", firstYear, lastYear))
		return 0
	}
	r.observeDate(f, p, cell.Text, c)
	if r.workbook {
		r.noteForm(p, cell.Text, c)
	}
	return p.date
}

func (r *rowReader) noteForm(p parsedDate, text string, column int) {
	code, how := "", ""
	switch p.form {
	case textDate:
		code, how = "text-date", "is a date written as text"
	case numberDate:
		code, how = "number-date", "is a number that reads as a date"
	case serialDate:
		code, how = "serial-date", "is a serial number without a date format"
	case timeCut:
		code, how = "time-cut", "has a time of day, which is cut"
	default:
		return
	}
	r.note(code, column, text, fmt.Sprintf("%s %s: %s", quote(text), how, p.date))
}

func (r *rowReader) observeDate(f Field, p parsedDate, text string, column int) {
	if p.shows == anyOrder && !p.ambiguous {
		return
	}
	ev := r.draft.evidence.dates[f]
	if ev == nil {
		ev = &dateEvidence{}
		r.draft.evidence.dates[f] = ev
	}
	cell := cellName(column, r.row.Number)
	switch {
	case p.ambiguous:
		if ev.ambiguous++; ev.ambiguous == 1 {
			ev.firstAmbiguous, ev.firstText, ev.firstRow = cell, text, r.row.Number
		}
	case p.shows == dayFirst:
		if ev.dayFirst++; ev.dayFirst == 1 {
			ev.provesDay = cell
		}
	case p.shows == monthFirst:
		if ev.monthFirst++; ev.monthFirst == 1 {
			ev.provesMonth = cell
		}
	}
}

// marks reads the rest: document number, what it settles, instalment, terms,
// dispute.
func (r *rowReader) marks(e *ledger.Entry, kind kindWord) {
	e.ID, e.Settles = r.text(fDocument), r.text(fSettles)
	if r.layout == "receipts" && e.Settles == "" {
		e.Settles = e.ID // a list of receipts names the invoice they paid
	}
	if kind.onAccount {
		e.Settles = ""
	}
	r.unnumbered = e.ID == ""
	if r.unnumbered {
		e.ID = "#" + strconv.Itoa(r.row.Number)
	}
	if text := r.text(fInstalment); text != "" {
		n, err := strconv.Atoi(strings.TrimSuffix(text, ".0"))
		if err != nil || n < 1 || n > 9999 {
			r.fail("bad-instalment", r.tab.header.col(fInstalment), text, quote(text)+" is not the number of an instalment", "want 1, 2, 3 …")
		}
		e.Instalment = int16(n)
	}
	r.lineTerms(e)
	if text := r.text(fDisputed); text != "" {
		yes, ok := yesNo(text)
		if !ok {
			r.fail("bad-flag", r.tab.header.col(fDisputed), text, quote(text)+" is neither yes nor no", "want Y or N")
		}
		if yes {
			e.Flags |= ledger.Disputed
		}
	}
}

// lineTerms reads the line's terms. They are kept where the due date is empty,
// which finish derives; where it is given, it shows how month-end terms count.
func (r *rowReader) lineTerms(e *ledger.Entry) {
	if e.Amount <= 0 && e.Open <= 0 || r.bad {
		return
	}
	text := r.text(fTerms)
	if text == "" {
		return
	}
	p, seen := r.terms[text]
	if !seen {
		terms, err := ledger.ParseTerms(narrow(text))
		p = parsedTerms{terms, err == nil}
		r.terms[text] = p
	}
	switch {
	case e.Due == 0 && !p.ok:
		r.fail("bad-terms", r.tab.header.col(fTerms), text, quote(text)+" is not payment terms", "want net 30, eom 30, 月结30天, cod or prepaid")
	case e.Due == 0:
		r.draft.lineTerms = append(r.draft.lineTerms, lineTerms{e.Pos, p.terms})
	case p.ok && p.terms.Kind == ledger.TermsEOM && p.terms.Day == 0:
		r.observeTerms(e, p.terms, text)
	}
}

// observeTerms counts a due date that shows how month-end terms are counted.
func (r *rowReader) observeTerms(e *ledger.Entry, terms ledger.Terms, text string) {
	monthEnd, fromIssue := terms.Due(e.Issued), e.Issued+ledger.Date(terms.Days)
	switch {
	case monthEnd == fromIssue: // issued on the last day of a month: it shows nothing
	case e.Due == monthEnd:
		r.draft.monthEnd++
	case e.Due == fromIssue:
		if r.draft.fromIssue++; r.draft.fromIssue == 1 {
			r.draft.practice = fmt.Sprintf("row %d: %s from %s to %s", r.row.Number, text, e.Issued, e.Due)
		}
	}
}

// payment returns when a settled invoice was paid, and how much: all of it
// where the row does not say. Zero where it is open.
func (r *rowReader) payment(e *ledger.Entry) (on ledger.Date, paid ledger.Minor) {
	if r.layout != "settled" {
		return 0, 0
	}
	if on = r.date(fSettledOn); on == 0 {
		on = r.date(fReceivedOn)
	}
	paid = e.Amount
	for _, f := range []Field{fPaid, fReceived} {
		amount, has := r.amount(e, f)
		switch {
		case !has:
			continue
		case on == 0 && amount != 0 && !r.bad:
			r.fail("missing-date", r.tab.header.col(fSettledOn), "", "the row says what was paid and not when", "write the date of the payment")
		}
		paid = amount
	}
	if on == 0 {
		return 0, 0
	}
	return on, paid
}

// paymentOf makes the receipt that settles an invoice (rules §3).
func paymentOf(e *ledger.Entry, on ledger.Date, paid ledger.Minor) ledger.Entry {
	receipt := *e
	receipt.Kind, receipt.Settles, receipt.Amount = ledger.Receipt, e.ID, -paid
	receipt.Posted, receipt.Issued, receipt.Due, receipt.Cost, receipt.Flags, receipt.Instalment = on, on, 0, 0, 0, 0
	if receipt.Amount > 0 { // a credit that was paid out
		receipt.Kind, receipt.Due = ledger.Refund, on
	}
	return receipt
}
