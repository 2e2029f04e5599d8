package ledger

import "strconv"

// Source is one sheet of one input file. A CSV file is a source without a
// sheet name.
type Source struct {
	File  string `json:"file"`
	Sheet string `json:"sheet,omitempty"`
}

// String writes file!sheet, or the file alone.
func (s Source) String() string {
	if s.Sheet == "" {
		return s.File
	}
	return s.File + "!" + s.Sheet
}

// Pos is the row an entry was read from: an index into Ledger.Sources and the
// row number as a spreadsheet shows it. Row 0 means "made up, not read".
type Pos struct {
	Source int32 `json:"source"`
	Row    int32 `json:"row"`
}

// Place writes the position as file!sheet!row.
func (l *Ledger) Place(p Pos) string {
	if p.Row == 0 || int(p.Source) >= len(l.Sources) {
		return ""
	}
	return l.Sources[p.Source].String() + "!" + strconv.Itoa(int(p.Row))
}
