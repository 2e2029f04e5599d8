package analysis

import (
	"cmp"
	"slices"

	"duepack/analysis/ledger"
)

var (
	tiesNote        = sentence("note.tie_out.ok", 3)
	differsNote     = sentence("note.tie_out.differs", 5)
	notTiedNote     = sentence("note.tie_out.none", 1)
	allTieNote      = sentence("note.tie_out.all", 2)
	moreDifferNote  = sentence("note.tie_out.more", 1)
	tiedEarlierNote = sentence("note.tie_out.earlier", 1)
)

// tieOutNotes says whether the ledger ties to the control accounts.
func (v *view) tieOutNotes() []Block {
	var notes []Block
	for _, t := range v.TieOut {
		control, own, difference := money(t.Control), money(t.Ledger), money(t.Difference())
		in := func(v Value) Cell { return Cell{Value: &v, Currency: t.Currency} }
		switch {
		case t.Difference() != 0:
			notes = append(notes, block(differsNote.note(Cell{Text: t.Account}, Cell{Date: t.Date}, in(control), in(own), in(difference)).alarm()))
		case t.Date == v.AsOf:
			notes = append(notes, block(tiesNote.note(Cell{Text: t.Account}, Cell{Date: t.Date}, in(control)).good()))
		}
	}
	if len(notes) == 0 {
		return []Block{block(notTiedNote.note(Cell{Date: v.AsOf}))}
	}
	return notes
}

// tieOutDigest is what the summary has room for of tieOutNotes: the largest two
// differences, or that all control balances of the as-of date tie.
func (v *view) tieOutDigest() []Block {
	notes := v.tieOutNotes()
	differ := slices.DeleteFunc(slices.Clone(notes), func(b Block) bool { return !b.Note.Alarm })
	size := func(b Block) ledger.Minor {
		difference := b.Note.Args[len(b.Note.Args)-1]
		return v.inBook(difference.Value.Minor.Abs(), difference.Currency)
	}
	slices.SortStableFunc(differ, func(x, y Block) int { return cmp.Compare(size(y), size(x)) })
	switch list, more := top(differ, 2); {
	case more > 0:
		return append(list, block(moreDifferNote.note(v.count(more)).alarm()))
	case len(list) > 0:
		return list
	case len(notes) > 1:
		return []Block{block(allTieNote.note(v.count(len(notes)), Cell{Date: v.AsOf}).good())}
	}
	return notes
}

// rollForward is rules §10: what moved the balance, and the control accounts.
func (v *view) rollForward() Section {
	s := Section{ID: "rollforward", Title: v.rollForwardTitle(), Depth: InFull}
	if v.Snapshot {
		s.Blocks = append(s.Blocks, block(snapshotNote.note(Cell{Date: v.AsOf})))
	} else {
		s.Blocks = append(s.Blocks, block(v.rollForwardTable("rollforward", &v.Company)))
		if len(v.ByCurrency) > 1 {
			s.Blocks = append(s.Blocks, block(v.rollForwardByCurrency()))
		}
	}
	s.Blocks = append(s.Blocks, v.tieOutNotes()...)
	if len(v.TieOut) > 0 {
		t := &Table{ID: "tie_out", Columns: columns("account", "date", "currency", "control", "ledger", "difference")}
		c := &Table{ID: "tie_out_candidates", Columns: columns("why", "document", "date", "amount", "place")}
		earlier := 0
		for _, tie := range v.TieOut {
			if tie.Date != v.AsOf && tie.Difference() == 0 {
				earlier++
				continue
			}
			cell := func(m ledger.Minor) Cell { c := v.money(m); c.Currency = tie.Currency; return c }
			kind := ItemRow
			if tie.Difference() != 0 {
				kind = MarkedRow
			}
			t.Rows = append(t.Rows, Row{Kind: kind, Cells: []Cell{{Text: tie.Account}, {Date: tie.Date}, {Text: v.Currencies[tie.Currency].Code}, cell(tie.Control), cell(tie.Ledger), cell(tie.Difference())}})
			for _, x := range tie.Candidates {
				c.Rows = append(c.Rows, Row{Cells: []Cell{{Key: "word." + x.Why}, {Text: x.ID}, {Date: x.Posted}, cell(x.Amount), {Text: v.place(x.Pos)}}})
			}
		}
		if len(t.Rows) > 0 {
			s.Blocks = append(s.Blocks, block(t))
		}
		if earlier > 0 {
			s.Blocks = append(s.Blocks, block(tiedEarlierNote.note(v.count(earlier))))
		}
		if len(c.Rows) > 0 {
			s.Blocks = append(s.Blocks, block(c))
		}
	}
	return s
}

// place writes where a row was read from.
func (v *view) place(pos ledger.Pos) string {
	l := ledger.Ledger{Sources: v.Sources}
	return l.Place(pos)
}

// rollForwardLines are the lines of the roll-forward with their signs.
var rollForwardLines = []struct {
	figure FigureID
	sign   ledger.Minor
	kind   RowKind
}{
	{OpeningBalance, 1, SubtotalRow}, {Sales, 1, ItemRow}, {Receipts, -1, ItemRow}, {WriteOffs, -1, ItemRow},
	{Adjustments, 1, ItemRow}, {FxDifference, 1, ItemRow}, {ClosingBalance, 1, TotalRow},
}

func (v *view) rollForwardTable(id string, s *Subject) *Table {
	t := &Table{ID: id, Columns: columns("line", "amount")}
	for _, line := range rollForwardLines {
		amount := v.figure(s, line.figure)
		amount.Value.Minor *= line.sign
		if line.sign < 0 {
			amount.Figure = "" // shown with the sign it has in the sum
		}
		t.Rows = append(t.Rows, Row{Kind: line.kind, Cells: []Cell{{Key: "rollforward." + line.figure.Def().Key}, amount}})
	}
	return t
}

func (v *view) rollForwardByCurrency() *Table {
	t := &Table{ID: "rollforward_currencies", Columns: []Column{{Key: "line", Wide: true}}}
	for i := range v.ByCurrency {
		t.Columns = append(t.Columns, Column{Text: v.ByCurrency[i].ID, Right: true})
	}
	for _, line := range rollForwardLines {
		cells := []Cell{{Key: "rollforward." + line.figure.Def().Key}}
		for i := range v.ByCurrency {
			amount := v.figure(&v.ByCurrency[i], line.figure)
			amount.Value.Minor *= line.sign
			amount.Figure = ""
			cells = append(cells, amount)
		}
		t.Rows = append(t.Rows, Row{Kind: line.kind, Cells: cells})
	}
	return t
}
