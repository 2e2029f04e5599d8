package ingest

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"duepack/analysis/ledger"
	"duepack/ingest/sheet"
)

// noCurrency marks an entry whose line names no currency until the book's is known.
const noCurrency = 255

// draft is what one reading of a ledger sheet gives. Its entries point into the
// tables of its own parties until book.take merges them.
type draft struct {
	*parties
	entries  []ledger.Entry
	problems []Problem
	leftOut  []ledger.LeftOut
	kept     strings.Builder // texts of a master sheet, some of them
	namings  []naming        // in order, each name of a customer once
	evidence evidence

	counts
	lines     [256]int // entries of each currency
	undue     []int32  // entries that lack a due date
	refunded  []int32  // customers of refunds
	practice  string
	lineTerms []lineTerms
	said      map[naming]bool // names of a customer beside its first; without rows
}

// counts are what has to be known of the lines of a sheet as a whole.
type counts struct {
	negatives      int // amounts below zero
	creditKinds    int // lines of kinds that lower the receivable
	receipts       int
	positiveReceip int
	costNegatives  int
	costsAgainst   int // positive costs of negative amounts
	kindless       int
	entryRows      int // rows that are entries, good or bad
	byName         int // lines whose kind the name of the sheet says
	receiptRows    int // rows that are receipts by their type
	notOpen        int // open amounts that are none of an open document: over its amount, or of the other sign
	monthEnd       int // lines whose due date counts month-end terms from the month's end …
	fromIssue      int // … and from the date of issue
	totals, texts  int
	hidden         int
	noDocument     int
}

// add adds the counts of later rows.
func (c *counts) add(later counts) {
	c.negatives += later.negatives
	c.creditKinds += later.creditKinds
	c.receipts += later.receipts
	c.positiveReceip += later.positiveReceip
	c.costNegatives += later.costNegatives
	c.costsAgainst += later.costsAgainst
	c.kindless += later.kindless
	c.entryRows += later.entryRows
	c.byName += later.byName
	c.receiptRows += later.receiptRows
	c.notOpen += later.notOpen
	c.monthEnd += later.monthEnd
	c.fromIssue += later.fromIssue
	c.totals += later.totals
	c.texts += later.texts
	c.hidden += later.hidden
	c.noDocument += later.noDocument
}

// lineTerms are the terms of a document without a due date.
type lineTerms struct {
	pos   ledger.Pos
	terms ledger.Terms
}

// compare tells whether the line stands before a row, is it, or stands behind it.
func (l lineTerms) compare(pos ledger.Pos) int {
	return cmp.Or(cmp.Compare(l.pos.Source, pos.Source), cmp.Compare(l.pos.Row, pos.Row))
}

// naming is a row that calls a customer by a name.
type naming struct {
	customer int32
	name     string
	row      int
}

// readLedgers reads the ledger sheets. Where the book is a snapshot, sheets of
// receipts are not read: what they paid is in the open amounts already.
func (b *book) readLedgers() {
	var tabs []*tab
	for _, t := range b.tabs {
		if t.header != nil && t.header.def.role == ledgerRole {
			tabs = append(tabs, t)
		}
	}
	b.ratedCurrencies = b.ledger.Currencies
	b.processors = runtime.GOMAXPROCS(0) / max(len(tabs), 1)
	inOrder(len(tabs), func(i int) struct{} { b.rethink(tabs[i]); return struct{}{} }, func(i int, _ struct{}) {
		b.ledger.Snapshot = b.ledger.Snapshot || tabs[i].rec.Layout == "snapshot"
		b.releaseAfter(tabs, i)
	})
	if len(tabs) == 0 && !b.fatal {
		b.problem(Problem{Source: b.firstSource(), Severity: Error, Code: "no-ledger",
			Message: "no sheet is a ledger: " + b.seen(),
			Hint:    "a ledger has a customer, an amount, and a document or a date in every row; give a mapping under columns: where the headers have other names"})
		b.fatal = true
		return
	}
	read := slices.DeleteFunc(slices.Clone(tabs), func(t *tab) bool {
		if !b.ledger.Snapshot || t.rec.Layout == "snapshot" {
			return false
		}
		t.rec.Role, t.rec.Why = "", "the book is a list of open items, which holds these movements already"
		b.problem(Problem{Source: t.rec.Source, Severity: Note, Code: "receipts-not-used",
			Message: "the sheet is not read: the book is a list of open items, which holds these movements already"})
		return true
	})
	b.processors = runtime.GOMAXPROCS(0) / max(len(read), 1)
	b.ledgerBytes, b.takenBytes = 0, 0
	for _, t := range read {
		b.ledgerBytes += t.info.Bytes
	}
	inOrder(len(read), func(i int) reading { return b.readLedger(read[i]) }, func(i int, r reading) {
		b.takeLedger(read[i], r)
		b.releaseAfter(read, i)
	})
}

// releaseAfter lets go of what the sheets of a file share when the last of the
// tabs that are its has been read.
func (b *book) releaseAfter(tabs []*tab, i int) {
	if i+1 == len(tabs) || tabs[i+1].of != tabs[i].of {
		b.release(tabs[i].of)
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

// reading is what reading a ledger sheet came to.
type reading struct {
	draft   *draft
	refused []Problem // of columns that can be read in two ways
	err     error
}

// readLedger reads one sheet, twice where its columns had to be seen whole. It
// changes nothing but the tab.
func (b *book) readLedger(t *tab) reading {
	d, err := b.draftLedger(t, decisions{})
	if err != nil {
		return reading{err: err}
	}
	again, settled, refused := t.decide(d.evidence)
	if again && len(refused) == 0 {
		d.recycle()
		d, err = b.draftLedger(t, settled)
	}
	return reading{draft: d, refused: refused, err: err}
}

// takeLedger adds what was read of a sheet to the book.
func (b *book) takeLedger(t *tab, r reading) {
	if r.err != nil {
		if other := b.formatProblem(t.rec.Source, r.err); other != nil {
			b.problem(Problem{Source: t.rec.Source, Severity: Error, Code: "corrupt-workbook", Message: other.Error(), Hint: "export the file again"})
			b.fatal = true
		}
		return
	}
	if len(r.refused) > 0 {
		b.result.Problems = append(b.result.Problems, r.refused...)
		b.fatal = true
	}
	d := r.draft
	b.signByKind(t, d)
	t.settlePractice(d)
	b.merge(t, d)
	for _, i := range d.undue {
		b.undue = append(b.undue, int32(len(b.ledger.Entries))+i)
	}
	b.refunded = append(b.refunded, d.refunded...)
	b.lineTerms = append(b.lineTerms, d.lineTerms...)
	t.rec.Totals, t.rec.Texts, t.rec.Hidden, t.rec.Rows = d.totals, d.texts, d.hidden, len(d.entries)
	b.result.Inputs[t.file].Rows += len(d.entries)
	b.result.Problems = append(b.result.Problems, d.problems...)
	b.ledger.LeftOut = append(b.ledger.LeftOut, d.leftOut...)
	b.append(t, d)
	b.refuseUnknownOpen(t, d)
	if h := t.header; h.taxApart && (t.rec.Layout == "ledger" || t.rec.Layout == "settled") {
		b.problem(Problem{Source: t.rec.Source, Severity: Note, Code: "tax-apart", Found: h.texts[h.col(fAmount)],
			Message: "the sheet names tax apart, so the amounts of " + quote(h.texts[h.col(fAmount)]) + " may be without it, and customers owe more",
			Hint:    "map the column of the amount with tax under columns: of the config, as Amount"})
	}
	if d.byName > 0 {
		b.problem(Problem{Source: t.rec.Source, Severity: Note, Code: "kind-assumed",
			Message: fmt.Sprintf("%s no type: by the name of the sheet they are of the kind %s", count(d.byName, "line names", "lines name"), t.kind.kind),
			Hint:    "add a column Type"})
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
	d.recycle()
}

// refuseUnknownOpen refuses a list of invoices with a column that seems to hold
// what is open of them and is not known: all of them would count as open in full.
func (b *book) refuseUnknownOpen(t *tab, d *draft) {
	if t.rec.Layout != "ledger" || t.input.Layout != "" || d.receiptRows+d.creditKinds+d.negatives > 0 {
		return
	}
	for _, c := range t.header.unknown {
		if text := t.header.texts[c]; looksOpen(text) {
			b.problem(Problem{Source: t.rec.Source, Row: t.header.last, Cell: cellName(c, t.header.last), Severity: Error, Code: "unknown-open", Found: text,
				Message: "the sheet has invoices only, and the column " + quote(text) + ", which is not read, may hold what is open of them",
				Hint:    "map it under columns: of the config, as Open Amount, or say layout: ledger under inputs"})
			b.fatal = true
			return
		}
	}
}

// merge makes what a draft has point into the tables of the book, which take what
// is new to them in order: as if the sheets had been read one after the other.
func (b *book) merge(t *tab, d *draft) {
	customers := d.moveTo(b.parties)
	for c, n := range d.lines {
		b.lines[c] += n
	}
	for _, n := range d.namings {
		d.noteName(t, n, &b.ledger.Customers[customers[n.customer]])
	}
}

// moveTo makes the entries of a draft point into other tables, which take what is
// new to them, and returns the numbers of its customers there.
func (d *draft) moveTo(p *parties) (customers []int32) {
	customers, reps := make([]int32, len(d.ledger.Customers)), make([]int32, len(d.ledger.Reps))
	regions, currencies := make([]int32, len(d.ledger.Regions)), [256]uint8{noCurrency: noCurrency}
	series := d.moveNumbering(p)
	same := series == nil // the other tables are those of the draft
	for i, c := range d.ledger.Customers {
		customers[i] = p.customer(c.ID, "")
		same = same && customers[i] == int32(i)
	}
	for i, r := range d.ledger.Reps {
		reps[i] = p.rep(r.ID)
		same = same && reps[i] == int32(i)
	}
	for i, region := range d.ledger.Regions {
		regions[i] = p.region(region)
		same = same && regions[i] == int32(i)
	}
	for i, c := range d.ledger.Currencies {
		currencies[i] = p.currencyIndex(c.Code)
		same = same && currencies[i] == uint8(i)
	}
	if same {
		return customers
	}
	for i, c := range d.refunded {
		d.refunded[i] = customers[c]
	}
	stretches(len(d.entries), func(from, to int) struct{} {
		for i := from; i < to; i++ {
			e := &d.entries[i]
			e.Customer, e.Currency = customers[e.Customer], currencies[e.Currency]
			if series != nil {
				e.ID, e.Settles = e.ID.Moved(series), e.Settles.Moved(series)
			}
			if e.Rep != ledger.None {
				e.Rep = reps[e.Rep]
			}
			if e.Region != ledger.None {
				e.Region = regions[e.Region]
			}
		}
		return struct{}{}
	}, func(struct{}) {})
	for i := range d.leftOut {
		d.leftOut[i].Currency = currencies[d.leftOut[i].Currency]
	}
	lines := d.lines
	d.lines = [256]int{}
	for c, n := range lines {
		d.lines[currencies[c]] += n
	}
	return customers
}

// moveNumbering gives other tables the series of the draft, and returns what moves
// its document numbers there. The first draft's are taken as they are: where every
// number is a series of its own, there are hundreds of thousands.
func (d *draft) moveNumbering(p *parties) (moves []uint32) {
	if p.ledger.Numbering.Series() == 0 {
		p.ledger.Numbering, d.ledger.Numbering = d.ledger.Numbering, p.ledger.Numbering
		return nil
	}
	return p.ledger.Numbering.Take(d.ledger.Numbering)
}

// noteName gives a customer of the book the name that a row calls it by, or notes
// that it has another.
func (d *draft) noteName(t *tab, n naming, c *ledger.Customer) {
	switch c.Name {
	case "":
		c.Name = n.name
		return
	case n.name:
		return
	}
	cell := strconv.Itoa(n.row)
	if column := t.header.col(fCustomerName); column >= 0 {
		cell = cellName(column, n.row)
	}
	d.problems = append(d.problems, Problem{Source: t.rec.Source, Row: n.row, Cell: cell, Severity: Note, Code: "name-differs", Found: n.name,
		Message: "customer " + c.ID + " is called " + quote(n.name) + " here and " + quote(c.Name) + " before"})
}

// append adds the entries of a sheet to the book's. Room is made for the sheets
// to come as well, by their bytes: growing little by little copies over and over.
func (b *book) append(t *tab, d *draft) {
	b.takenBytes += t.info.Bytes
	if b.ledger.Entries == nil {
		b.ledger.Entries, d.entries = d.entries, nil
		return
	}
	all := b.ledger.Entries
	if need := len(all) + len(d.entries); need > cap(all) {
		all = withRoom(all, len(d.entries)+expected(need, b.takenBytes, b.ledgerBytes))
	}
	b.ledger.Entries = append(all, d.entries...)
}

// expected estimates how many more entries there will be, after some were read
// from the first bytes of so many in all. Memory that is reserved and never
// written to costs nothing.
func expected(entries int, bytes, all int64) int {
	const few = 4096
	if entries < few || bytes <= 0 || bytes >= all {
		return max(entries/8, 64)
	}
	more := int64(entries) * (all - bytes) / bytes
	return int(min(more+more/32, mostExpected)) + 64
}

// withRoom returns entries with room for more. It is what slices.Grow does, which
// writes to all of the new memory first.
func withRoom(entries []ledger.Entry, more int) []ledger.Entry {
	grown := make([]ledger.Entry, len(entries), len(entries)+more)
	copy(grown, entries)
	return grown
}

// mostExpected bounds what is reserved, whatever size a file says it has.
const mostExpected = 1 << 24

// spareDrafts lend the memory of drafts to those of other sheets: a book may have
// hundreds of small files.
var spareDrafts = sync.Pool{New: func() any { return &draft{parties: newParties(), said: map[naming]bool{}} }}

func newDraft() *draft { return spareDrafts.Get().(*draft) }

// recycle gives the memory of a draft back that is in the book or of no use.
func (d *draft) recycle() {
	const mostEntries = 1 << 16 // of a large sheet it would stay in use too long
	if cap(d.entries) > mostEntries || len(d.ledger.Customers) > mostEntries {
		return
	}
	d.parties.reset()
	clear(d.said)
	*d = draft{parties: d.parties, entries: d.entries[:0], namings: d.namings[:0], undue: d.undue[:0], refunded: d.refunded[:0], said: d.said}
	spareDrafts.Put(d)
}

// draftLedger reads a ledger sheet once.
func (b *book) draftLedger(t *tab, settled decisions) (*draft, error) {
	if d := b.draftParts(t, settled); d != nil {
		return d, nil
	}
	r := b.ledgerReader(t, settled)
	merges := map[int][]sheet.Range{} // by first row; only those that reach down
	for _, m := range t.merges {
		if m.LastRow > m.FirstRow {
			merges[m.FirstRow] = append(merges[m.FirstRow], m)
		}
	}
	err := t.sheet.Rows(func(row *sheet.Row) error {
		if len(merges) > 0 && row.Number > t.header.last {
			r.row = row
			r.carry(merges[row.Number])
		}
		return r.read(row)
	})
	return r.draft, err
}

// ledgerReader returns a reader of the rows of a ledger sheet.
func (b *book) ledgerReader(t *tab, settled decisions) *rowReader {
	r := newRowReader(b, t)
	r.settled, r.parties = settled, r.draft.parties
	for _, c := range b.ratedCurrencies { // in their order, so that most sheets need not be renumbered
		r.currencyIndex(c.Code)
	}
	return r
}

// read reads a row into the draft.
func (r *rowReader) read(row *sheet.Row) error {
	if row.Number <= r.tab.header.last {
		return nil
	}
	r.take(row)
	r.readRow()
	return r.tooMany()
}

// carry keeps the cells of merged ranges that begin in the row, for those below.
func (r *rowReader) carry(merges []sheet.Range) {
	for _, m := range merges {
		if c := m.FirstCol - 1; c < len(r.row.Cells) {
			cell := r.row.Cells[c]
			cell.Text = strings.Clone(cell.Text)
			r.carried[c] = &carry{cell, m.FirstRow, m.LastRow}
		}
	}
}

// next returns the place for another entry: it is filled where it will lie, as
// copying it there costs as much as reading a cell. It counts when it is kept.
//
// The entry is written by its index, not by a pointer to it: a pointer is looked
// through for nil before it is written to, and to look at memory that was never
// written to costs the operating system two interruptions instead of one.
func (r *rowReader) next() *ledger.Entry {
	d := r.draft
	if len(d.entries) == cap(d.entries) {
		d.entries = withRoom(d.entries, expected(len(d.entries), r.row.Offset, r.bytes))
	}
	n := len(d.entries)
	all := d.entries[:n+1]
	all[n] = ledger.Entry{Rep: ledger.None, Region: ledger.None, Currency: noCurrency, Pos: ledger.Pos{Source: r.tab.source, Row: int32(r.row.Number)}}
	return &all[n]
}

// keepEntry makes the entry in the next place one of the draft's.
func (d *draft) keepEntry(e *ledger.Entry) {
	d.entries = d.entries[:len(d.entries)+1]
	d.lines[e.Currency]++
}
