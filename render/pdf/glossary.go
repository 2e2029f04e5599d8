package pdf

import "strings"

// longGlossary is from how many rows on a table of terms and texts is set as a
// glossary in two columns.
const longGlossary = 12

// headingRoom is what a title above a glossary takes of a page.
const headingRoom = 12.0

// glossary reports whether a table is a list of terms with a text each.
func (g *grid) glossary() bool {
	if len(g.columns) != 2 || len(g.rows) < longGlossary {
		return false
	}
	for i := range g.columns {
		if g.columns[i].Right {
			return false
		}
	}
	return true
}

// glossary sets terms in bold, each followed by its text, in two columns that
// read downwards, or in one where they are longer than a page.
func (l *layout) glossary(g *grid) {
	column := l.column((l.widthMM - gutter) / 2)
	entries := make([]*strip, len(g.rows))
	for i := range g.rows {
		entries[i] = column.entry(g.rows[i].cells[0].text, g.rows[i].cells[1].text)
	}
	split, sum, half := 0, 0.0, height(entries)/2
	for split < len(entries) && sum+entries[split].Height/2 <= half {
		sum += entries[split].Height
		split++
	}
	left, right := stacked(entries[:split]), stacked(entries[split:])
	both := &strip{Height: max(left.Height, right.Height)}
	both.beside(left, 0, 0)
	both.beside(right, column.widthMM+gutter, 0)
	if both.Height <= fullPage-headingRoom {
		l.add(both)
		return
	}
	l.add(entries...)
}

// entry is a term with its text running on behind it.
func (l *layout) entry(term, text string) *strip {
	bold, plain := style{smallPt, true, ink}, style{smallPt, false, muted}
	const gap = 1.4
	height := lineHeight(smallPt)
	head := l.left(term, bold, 0, baseline(0, smallPt), l.widthMM)
	out := &strip{Marks: []mark{head}, Height: height}
	used := l.width(head.Text, bold) + gap
	rest := []rune(strings.Join(strings.Fields(text), " "))
	if room := l.widthMM - used; room > 15 {
		limit := int(room / mmPerPoint / smallPt * 1000)
		end := l.fonts[0].lineEnd(rest, limit)
		out.Marks = append(out.Marks, l.left(strings.TrimRight(string(rest[:end]), " "), plain, used, baseline(0, smallPt), room))
		rest = rest[end:]
	}
	lines := l.fonts[0].wrap(string(rest), smallPt, l.widthMM)
	marks, end := l.lines(lines, plain, 0, height, l.widthMM)
	out.Marks, out.Height = append(out.Marks, marks...), end+1.1
	return out
}
