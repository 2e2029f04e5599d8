package analysis

import "duepack/analysis/ledger"

// settingValue shows what a setting is set to: its wording where it is one of a
// few words, else as it would stand in the configuration.
func settingValue(a Assumption) Cell {
	switch a.Key {
	case "application", "rep_basis", "aging.basis", "aging.credits", "lenient":
		return Cell{Key: "choice." + a.Key + "." + a.Value}
	}
	return Cell{Text: a.Value}
}

var (
	noCollectionNote = sentence("note.no_collection", 1)
	versionNote      = sentence("note.version", 1)
)

// headlineDefinitions are the figures that readers of the digest meet.
var headlineDefinitions = []FigureID{
	OnAccount, Balance, Overdue, Sales, Receipts, Recoveries, WriteOffs, CollectionRate, CollectionRateTotal, CollectionRateDue,
	DSO, BPDSO, DaysLate, FinancingCost, TermsCost, GrossMargin, ProfitEaten, BadDebt, Provision, ProvisionCharge, ExtraSales,
	SalesAttainment, CollectionAttainment, Contribution, Rank,
}

// method says how the figures were made: definitions, settings, problems of
// the input, the files, and the program.
func (v *view) method() Section {
	s := Section{ID: "method", Title: v.methodTitle()}
	for _, t := range []*Table{v.assumptionsTable(), v.exceptionsTable()} {
		if len(t.Rows) > 0 {
			s.Blocks = append(s.Blocks, block(t))
		}
	}
	switch files := inputsTable(v.Inputs); {
	case len(v.Inputs) > topRows:
		digest := inputsTable(v.Inputs[:topRows])
		digest.More = len(v.Inputs) - topRows
		s.Blocks = append(append(s.Blocks, inBrief(block(digest))...), inFull(block(files))...)
	case len(v.Inputs) > 0:
		s.Blocks = append(s.Blocks, block(files))
	}
	s.Blocks = append(s.Blocks, inBrief(block(definitionsTable(headlineDefinitions)))...)
	s.Blocks = append(s.Blocks, inFull(block(definitionsTable(Figures())))...)
	if v.Snapshot {
		s.Blocks = append(s.Blocks, block(noCollectionNote.note(Cell{Date: v.AsOf})))
	}
	if v.Version != "" {
		s.Blocks = append(s.Blocks, block(versionNote.note(Cell{Text: v.Version})))
	}
	return s
}

func definitionsTable(ids []FigureID) *Table {
	t := &Table{ID: "definitions", Columns: []Column{{Key: "figure"}, {Key: "definition", Wide: true}}}
	for _, id := range ids {
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Key: "figure." + id.Def().Key}, {Key: "figure." + id.Def().Key + ".definition"}}})
	}
	return t
}

func (v *view) assumptionsTable() *Table {
	t := &Table{ID: "assumptions", Columns: []Column{{Key: "key"}, {Key: "value"}, {Key: "reason", Wide: true}}}
	for _, a := range v.Assumptions {
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Key: "setting." + a.Key}, settingValue(a), {Key: "assumption." + a.Reason, Text: a.Detail}}})
	}
	return t
}

// exceptionsTable lists the problems of the input by code, with what the rows
// they left out are worth.
func (v *view) exceptionsTable() *Table {
	t := &Table{ID: "exceptions", Columns: []Column{{Key: "code"}, {Key: "severity"}, {Key: "count", Right: true}, {Key: "left_out", Right: true}, {Key: "example", Wide: true}}}
	for _, e := range v.Exceptions.ByCode {
		severity, leftOut := Cell{Key: "word.note"}, Cell{}
		if e.Error {
			severity, leftOut = Cell{Key: "word.error"}, v.money(e.LeftOut)
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: e.Code}, severity, v.count(e.Count), leftOut, {Text: e.Example}}})
	}
	if v.Exceptions.Errors > 0 {
		t.Rows = append(t.Rows, Row{Kind: TotalRow, Cells: []Cell{{Key: "word.total"}, {}, v.count(v.Exceptions.Errors + v.Exceptions.Notes), v.money(v.Exceptions.LeftOut), {}}})
	}
	return t
}

func inputsTable(files []Input) *Table {
	t := &Table{ID: "inputs", Columns: []Column{{Key: "file", Wide: true}, {Key: "rows", Right: true}, {Key: "sha256"}}}
	for _, in := range files {
		rows := Value{Unit: Count, Minor: ledger.Minor(in.Rows)}
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Text: in.File}, {Value: &rows}, {Text: in.SHA256}}})
	}
	return t
}
