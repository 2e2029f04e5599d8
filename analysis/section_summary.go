package analysis

var leftOutNote = sentence("note.left_out", 2)

// summary is the page that suffices: what is owed, how late, and what it costs.
func (v *view) summary() Section {
	s := Section{ID: "summary", Title: v.summaryTitle()}
	s.Blocks = append(s.Blocks, v.tiles())
	s.Blocks = append(s.Blocks, block(v.agingChart(&v.Company)))
	s.Blocks = append(s.Blocks, v.tieOutDigest()...)
	if v.Exceptions.LeftOut != 0 || v.Exceptions.Errors > 0 {
		s.Blocks = append(s.Blocks, block(leftOutNote.note(v.count(v.Exceptions.Errors), v.money(v.Exceptions.LeftOut)).alarm()))
	}
	s.Blocks = append(s.Blocks, v.decisions()...)
	if v.Snapshot {
		s.Blocks = append(s.Blocks, block(snapshotNote.note(Cell{Date: v.AsOf})))
	}
	s.Blocks = append(s.Blocks, inFull(v.agingNotes()...)...)
	return s
}
