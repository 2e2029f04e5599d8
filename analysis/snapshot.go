package analysis

import "slices"

// dropHistory takes out what a list of open items never has: figures and whole
// columns that need history. A note says so; every one of them stands with its
// reason among all figures.
func dropHistory(sections []Section) {
	for i := range sections {
		s := &sections[i]
		s.Blocks = slices.DeleteFunc(s.Blocks, func(b Block) bool { return b.Figures != nil && len(b.Figures.IDs) == 0 })
		for _, b := range s.Blocks {
			if b.Table != nil {
				b.Table.dropHistory()
			}
		}
	}
}

// dropHistory removes the columns in which every value needs history. A table
// whose cells refer to each other by column keeps them all.
func (t *Table) dropHistory() {
	drop := make([]bool, len(t.Columns))
	for i := range t.Columns {
		for _, row := range t.Rows {
			for _, c := range row.Cells {
				if c.From != nil && slices.ContainsFunc(c.From.Of, func(of string) bool { return of[0] == '#' }) {
					return
				}
			}
			if i >= len(row.Cells) || row.Cells[i].Value == nil {
				continue
			}
			if drop[i] = row.Cells[i].Value.Absent == NoHistory; !drop[i] {
				break
			}
		}
	}
	keep := func(i int) bool { return i >= len(drop) || !drop[i] }
	t.Columns = filter(t.Columns, keep)
	for i := range t.Rows {
		t.Rows[i].Cells = filter(t.Rows[i].Cells, keep)
	}
}

// filter returns the elements at the places to keep.
func filter[T any](list []T, keep func(int) bool) []T {
	var kept []T
	for i := range list {
		if keep(i) {
			kept = append(kept, list[i])
		}
	}
	return kept
}

// figureBlock shows figures of a subject; of a list of open items only those
// that need no history.
func (v *view) figureBlock(s *Subject, ids ...FigureID) Block {
	ids = slices.DeleteFunc(ids, func(id FigureID) bool { return v.Snapshot && s.Values[id].Absent == NoHistory })
	return block(&FigureBlock{Subject: s.Path(), IDs: ids})
}
