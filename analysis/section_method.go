package analysis

// settingValue shows what a setting is set to: its wording where it is one of a
// few words, else as it would stand in the configuration.
func settingValue(a Assumption) Cell {
	switch a.Key {
	case "application", "rep_basis", "aging.basis", "aging.credits", "lenient":
		return Cell{Key: "choice." + a.Key + "." + a.Value}
	}
	return Cell{Text: a.Value}
}

// method says how the figures were made: definitions, settings, problems of
// the input, and the files.
func (v *view) method() Section {
	s := Section{ID: "method", Title: v.methodTitle()}
	definitions := &Table{ID: "definitions", Columns: []Column{{Key: "figure"}, {Key: "definition", Wide: true}}}
	for _, id := range Figures() {
		definitions.Rows = append(definitions.Rows, Row{Cells: []Cell{{Key: "figure." + id.Def().Key}, {Key: "figure." + id.Def().Key + ".definition"}}})
	}
	assumptions := &Table{ID: "assumptions", Columns: []Column{{Key: "key"}, {Key: "value"}, {Key: "reason", Wide: true}}}
	for _, a := range v.Assumptions {
		assumptions.Rows = append(assumptions.Rows, Row{Cells: []Cell{{Key: "setting." + a.Key}, settingValue(a), {Key: "assumption." + a.Reason, Text: a.Detail}}})
	}
	exceptions := &Table{ID: "exceptions", Columns: []Column{{Key: "code"}, {Key: "severity"}, {Key: "count", Right: true}, {Key: "example", Wide: true}}}
	for _, e := range v.Exceptions.ByCode {
		severity := "word.note"
		if e.Error {
			severity = "word.error"
		}
		exceptions.Rows = append(exceptions.Rows, Row{Cells: []Cell{{Text: e.Code}, {Key: severity}, v.count(e.Count), {Text: e.Example}}})
	}
	inputs := &Table{ID: "inputs", Columns: []Column{{Key: "file", Wide: true}, {Key: "rows", Right: true}, {Key: "sha256"}}}
	for _, in := range v.Inputs {
		inputs.Rows = append(inputs.Rows, Row{Cells: []Cell{{Text: in.File}, v.count(in.Rows), {Text: in.SHA256}}})
	}
	for _, t := range []*Table{assumptions, exceptions, inputs, definitions} {
		if len(t.Rows) > 0 {
			s.Blocks = append(s.Blocks, block(t))
		}
	}
	return s
}
