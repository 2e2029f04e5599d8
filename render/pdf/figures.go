package pdf

import (
	"fmt"

	"duepack/analysis"
)

// The grid of tiles, in millimetres.
const (
	tilesAcross = 4
	tileGap     = 4.0
	tileWidth   = (textWidth - (tilesAcross-1)*tileGap) / tilesAcross
	tileInset   = 2.4
	reasonLines = 4
)

// figures adds a grid of tiles: label, value with its unit, and in small type
// why a value is absent.
func (l *layout) figures(b *analysis.FigureBlock) error {
	subject := findSubject(l.pack, b.Subject)
	if subject == nil {
		return fmt.Errorf("pdf: a block of figures is about %q, which the pack does not have", b.Subject)
	}
	for start := 0; start < len(b.IDs); start += tilesAcross {
		ids := b.IDs[start:min(len(b.IDs), start+tilesAcross)]
		l.add(l.tiles(subject, ids))
		if start+tilesAcross < len(b.IDs) {
			l.add(space(2.6))
		}
	}
	return nil
}

func findSubject(p *analysis.Pack, path string) *analysis.Subject {
	for _, s := range p.Subjects() {
		if s.Path() == path {
			return s
		}
	}
	return nil
}

// tiles returns one row of the grid; its height is that of its highest tile.
func (l *layout) tiles(s *analysis.Subject, ids []analysis.FigureID) *strip {
	row := &strip{}
	var inner []mark
	for i, id := range ids {
		x := float64(i) * (tileWidth + tileGap)
		marks, height := l.tile(s, id, x+tileInset)
		inner = append(inner, marks...)
		row.Height = max(row.Height, height)
	}
	for i := range ids {
		x := float64(i) * (tileWidth + tileGap)
		row.Marks = append(row.Marks, box(x, 0, tileWidth, row.Height, tint), box(x, 0, 0.7, row.Height, accent))
	}
	row.Marks = append(row.Marks, inner...)
	return row
}

// tile returns one tile's texts from x on and its height.
func (l *layout) tile(s *analysis.Subject, id analysis.FigureID, x float64) ([]mark, float64) {
	const inner = tileWidth - 2*tileInset
	value, currency := s.Value(id), l.pack.Currencies[s.Currency]
	label := style{smallPt, false, muted}
	text := l.plain(l.words.Label(l.pack, id))
	if len(l.face(label).wrap(text, label.sizePt, inner)) > 2 {
		text = l.plain(l.words.Short(id))
	}
	lines := l.face(label).fit(text, label.sizePt, inner, 2)
	marks, _ := l.lines(lines, label, x, 1.8, inner)
	top := 1.8 + 2*lineHeight(label.sizePt) + 0.4 // labels of one row have the same room
	number, unit := l.plain(l.words.Value(value, currency)), ""
	big := style{valuePt, true, ink}
	if value.IsAbsent() {
		big.color = muted
	} else {
		unit = l.plain(l.words.Unit(value, currency))
	}
	small := style{finePt, false, muted}
	unitRoom := 0.0
	if unit != "" {
		unitRoom = l.width(unit, small) + 1.1
	}
	for big.sizePt > valueLow && l.width(number, big)+unitRoom > inner {
		big.sizePt -= 0.5
	}
	base := baseline(top, valuePt)
	if l.width(number, big)+unitRoom > inner { // the unit goes below
		marks = append(marks, l.left(number, big, x, base, inner), l.left(unit, small, x, base+lineHeight(finePt), inner))
		return marks, top + lineHeight(valuePt) + lineHeight(finePt) + 1.6
	}
	number1 := l.left(number, big, x, base, inner)
	marks = append(marks, number1)
	if unit != "" {
		marks = append(marks, l.left(unit, small, x+l.width(number, big)+1.1, base, unitRoom))
	}
	bottom := top + lineHeight(valuePt)
	if value.IsAbsent() {
		why := l.face(small).fit(l.plain(l.words.Reason(value.Absent)), small.sizePt, inner, reasonLines)
		reason, end := l.lines(why, small, x, bottom-0.6, inner)
		marks, bottom = append(marks, reason...), end
	}
	return marks, bottom + 1.6
}
