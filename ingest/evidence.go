package ingest

import (
	"fmt"
	"strings"

	"duepack/analysis/ledger"
)

// decisions are what has to be known of a whole column before its cells can be
// read: the order of day and month, and the decimal separator.
type decisions struct {
	dates  [fieldCount]dateOrder
	styles [fieldCount]style
}

// evidence is what the cells of a sheet show about its columns.
type evidence struct {
	dates   [fieldCount]*dateEvidence
	amounts [fieldCount]*amountEvidence
}

// dateEvidence counts what a date column shows.
type dateEvidence struct {
	dayFirst, monthFirst shown // cells that prove it
	ambiguous            shown
}

// amountEvidence counts what an amount column shows.
type amountEvidence struct {
	point, comma shown // cells that prove it
	ambiguous    shown
	presumed     int // cells with a point before the three decimals of their currency
}

// shown is how many cells show something, and the first of them.
type shown struct {
	cells int
	cell  string
	row   int
	text  string
}

// by counts the cell of a column in the present row.
func (s *shown) by(r *rowReader, column int, text string) {
	if s.cells++; s.cells == 1 {
		s.cell, s.row, s.text = cellName(column, r.row.Number), r.row.Number, strings.Clone(text)
	}
}

// join adds what later rows show.
func (s *shown) join(later shown) {
	if s.cells == 0 {
		*s = later
		return
	}
	s.cells += later.cells
}

// join adds what later rows show.
func (e *evidence) join(later *evidence) {
	for f := range later.dates {
		switch d, l := e.dates[f], later.dates[f]; {
		case d == nil:
			e.dates[f] = l
		case l != nil:
			d.dayFirst.join(l.dayFirst)
			d.monthFirst.join(l.monthFirst)
			d.ambiguous.join(l.ambiguous)
		}
	}
	for f := range later.amounts {
		switch a, l := e.amounts[f], later.amounts[f]; {
		case a == nil:
			e.amounts[f] = l
		case l != nil:
			a.point.join(l.point)
			a.comma.join(l.comma)
			a.ambiguous.join(l.ambiguous)
			a.presumed += l.presumed
		}
	}
}

// rethink reads a sheet whose columns can mean two things, and lets its lines
// decide. A balance that is no open amount runs over the lines: what is open of
// a document lies between nothing and its amount, and a running balance soon
// does not. And where receipts stand in lines of their own, the date on which a
// line was settled makes no second receipt.
func (b *book) rethink(t *tab) {
	h := t.header
	running := t.rec.Layout == "snapshot" && h.running >= 0
	settled := t.rec.Layout == "settled" && h.has(fType)
	if t.input.Layout != "" || !running && !settled {
		return
	}
	d, err := b.draftLedger(t, decisions{})
	switch {
	case err != nil:
		return // the reading proper will say so
	case running && 10*d.notOpen > d.entryRows:
		h.dropRunning()
	case settled && d.receiptRows > 0:
		delete(h.columns, fSettledOn)
	default:
		return
	}
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
	t.rec.Dates = nil
	for _, f := range t.header.def.knows {
		if d := e.dates[f]; d != nil && t.order == anyOrder {
			switch {
			case d.ambiguous.cells > 0 && d.dayFirst.cells > 0 && d.monthFirst.cells == 0:
				settled.dates[f], again = dayFirst, true
				t.rec.Dates = append(t.rec.Dates, fmt.Sprintf("%s: day first, as %s proves", f, d.dayFirst.cell))
			case d.ambiguous.cells > 0 && d.monthFirst.cells > 0 && d.dayFirst.cells == 0:
				settled.dates[f], again = monthFirst, true
				t.rec.Dates = append(t.rec.Dates, fmt.Sprintf("%s: month first, as %s proves", f, d.monthFirst.cell))
			case d.ambiguous.cells > 0:
				why := "no cell of the column tells day and month apart"
				if d.dayFirst.cells > 0 {
					why = fmt.Sprintf("%s proves day first and %s month first", d.dayFirst.cell, d.monthFirst.cell)
				}
				problems = append(problems, Problem{Source: t.rec.Source, Row: d.ambiguous.row, Cell: d.ambiguous.cell, Severity: Error, Code: "ambiguous-dates", Found: d.ambiguous.text,
					Message: fmt.Sprintf("%s can be two dates (%s in %s): %s", quote(d.ambiguous.text), count(d.ambiguous.cells, "such cell", "such cells"), f, why),
					Hint:    "say dates: dmy (or mdy, ymd) for this file under inputs in the config"})
			}
		}
		if a := e.amounts[f]; a != nil {
			switch {
			case a.point.cells > 0 && a.comma.cells > 0:
				problems = append(problems, Problem{Source: t.rec.Source, Row: a.comma.row, Cell: a.comma.cell, Severity: Error, Code: "ambiguous-amounts", Found: a.comma.text,
					Message: fmt.Sprintf("%s mixes decimal points (%s) and decimal commas (%s)", f, a.point.cell, a.comma.cell), Hint: "export the column in one format"})
			case a.comma.cells > 0:
				settled.styles[f], again = commaDecimal, again || a.ambiguous.cells > 0 || a.presumed > 0
			case a.point.cells > 0:
				settled.styles[f], again = pointDecimal, again || a.ambiguous.cells > 0
			case a.ambiguous.cells > 0:
				problems = append(problems, Problem{Source: t.rec.Source, Row: a.ambiguous.row, Cell: a.ambiguous.cell, Severity: Error, Code: "ambiguous-amounts", Found: a.ambiguous.text,
					Message: fmt.Sprintf("%s can group thousands or have three decimals, and no cell of %s tells which", quote(a.ambiguous.text), f), Hint: "export amounts with two decimals"})
			}
		}
	}
	return again, settled, problems
}

// signByKind gives the amounts of an export that writes them all positive the
// sign of their kind (rules §2, amount), and costs the sign of their amount.
func (b *book) signByKind(t *tab, d *draft) {
	turned := false // amounts changed their sign
	if t.rec.Layout == "ledger" || t.rec.Layout == "snapshot" {
		switch {
		case d.negatives == 0 && d.creditKinds > 0:
			t.rec.ByKind, turned = true, true
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
	if t.rec.Layout == "receipts" && 2*d.negatives < len(d.entries) {
		turned = true
		for i := range d.entries { // written as negative amounts: reading them as receipts turned them
			d.entries[i].Amount = -d.entries[i].Amount
		}
	}
	if d.costNegatives == 0 && (turned || d.costsAgainst > 0) {
		for i := range d.entries {
			if e := &d.entries[i]; e.Has(ledger.HasCost) && e.Amount < 0 && e.Cost > 0 {
				e.Cost = -e.Cost
			}
		}
	}
	if turned {
		d.findUndue()
	}
}

// findUndue finds the entries that lack a due date, after their signs changed.
func (d *draft) findUndue() {
	d.undue = d.undue[:0]
	for i := range d.entries {
		if lacksDue(&d.entries[i]) {
			d.undue = append(d.undue, int32(i))
		}
	}
}

func (r *rowReader) observeAmount(f Field, p parsed, text string, column, exponent int) {
	if p.shows == anyStyle && p.ambiguous == 0 {
		return
	}
	ev := r.amountEvidence(f)
	switch {
	case p.shows == pointDecimal:
		ev.point.by(r, column, text)
	case p.shows == commaDecimal:
		ev.comma.by(r, column, text)
	case p.ambiguous == '.' && exponent == 3:
		// 1.234 dinars are written with their three decimals, unless the column
		// shows that it writes commas before them.
		ev.presumed++
	case p.ambiguous == '.' || p.ambiguous == ',' && exponent >= 3:
		// A comma before three digits groups thousands where the currency has
		// no three decimals.
		ev.ambiguous.by(r, column, text)
	}
}

// amountEvidence returns what a field's column of amounts has shown so far.
func (r *rowReader) amountEvidence(f Field) *amountEvidence {
	of := &r.draft.evidence.amounts[f]
	if *of == nil {
		*of = &amountEvidence{}
	}
	return *of
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
	switch {
	case p.ambiguous:
		ev.ambiguous.by(r, column, text)
	case p.shows == dayFirst:
		ev.dayFirst.by(r, column, text)
	case p.shows == monthFirst:
		ev.monthFirst.by(r, column, text)
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
