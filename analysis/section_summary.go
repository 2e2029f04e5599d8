package analysis

// summary is the page that suffices: what is owed, how late, and what it costs.
func (v *view) summary() Section {
	s := Section{ID: "summary"}
	s.Blocks = append(s.Blocks, v.tiles())
	s.Blocks = append(s.Blocks, block(v.agingChart(&v.Company)))
	s.Blocks = append(s.Blocks, v.tieOutNotes()...)
	if v.Exceptions.LeftOut != 0 || v.Exceptions.Errors > 0 {
		s.Blocks = append(s.Blocks, block(&Note{Key: "note.left_out", Alarm: true, Args: []Cell{v.count(v.Exceptions.Errors), v.money(v.Exceptions.LeftOut)}}))
	}
	if v.Snapshot {
		s.Blocks = append(s.Blocks, block(&Note{Key: "note.snapshot", Args: []Cell{{Date: v.AsOf}}}))
	}
	s.Blocks = append(s.Blocks, inFull(v.agingNotes()...)...)
	return s
}
