package ingest

import (
	"fmt"
	"slices"
	"strings"

	"duepack/analysis/ledger"
	"duepack/ingest/sheet"
)

// noCurrency marks an entry whose line names no currency until the book's is known.
const noCurrency = 255

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
	byName         int // lines whose kind the name of the sheet says
	receiptRows    int // rows that are receipts by their type
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

// draftLedger reads a ledger sheet once.
func (b *book) draftLedger(t *tab, settled decisions) (*draft, error) {
	r := newRowReader(b, t)
	r.settled = settled
	merges := map[int][]sheet.Range{} // by first row; only those that reach down
	for _, m := range t.merges {
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
				r.carried[c] = carry{row.Cells[c], m.FirstRow, m.LastRow}
			}
		}
		r.readRow()
		return r.tooMany()
	})
	r.draft.join()
	return r.draft, err
}
