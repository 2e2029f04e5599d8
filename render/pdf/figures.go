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
	unitGap     = 1.1 // between a value and its unit
	reasonLines = 4
)

// figures adds a grid of tiles: label, value with its unit, and in small type
// why a value is absent.
func (l *layout) figures(b *analysis.FigureBlock) error {
	subject := findSubject(l.pack, b.Subject)
	if subject == nil {
		return fmt.Errorf("pdf: a block of figures is about %q, which the pack does not have", b.Subject)
	}
	sizePt := l.valueSize(subject, b.IDs)
	for start := 0; start < len(b.IDs); start += tilesAcross {
		ids := b.IDs[start:min(len(b.IDs), start+tilesAcross)]
		last := start+tilesAcross >= len(b.IDs)
		row := l.tiles(subject, ids, sizePt)
		row.Keep = !last
		l.add(row)
		if !last {
			gap := space(2.6)
			gap.Keep = true
			l.add(gap)
		}
	}
	return nil
}

// valueSize returns the size at which every value of a grid fits its tile
// beside its unit: values of one grid look alike.
func (l *layout) valueSize(s *analysis.Subject, ids []analysis.FigureID) float64 {
	sizePt := valuePt
	for _, id := range ids {
		number, unit := l.numberAndUnit(s, id)
		room := tileWidth - 2*tileInset - l.unitWidth(unit)
		for sizePt > valueLow && l.width(number, style{sizePt: sizePt, bold: true}) > room {
			sizePt -= 0.5
		}
	}
	return sizePt
}

// numberAndUnit returns the text of a value and its unit, "" where the number
// says it itself or is absent.
func (l *layout) numberAndUnit(s *analysis.Subject, id analysis.FigureID) (number, unit string) {
	value, currency := s.Value(id), l.pack.Currencies[s.Currency]
	number = l.plain(l.words.Value(value, currency))
	if !value.IsAbsent() {
		unit = l.plain(l.words.Unit(value, currency))
	}
	return number, unit
}

// unitWidth is the room a unit takes beside its number.
func (l *layout) unitWidth(unit string) float64 {
	if unit == "" {
		return 0
	}
	return l.width(unit, style{sizePt: finePt}) + unitGap
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
func (l *layout) tiles(s *analysis.Subject, ids []analysis.FigureID, sizePt float64) *strip {
	row := &strip{}
	var inner []mark
	for i, id := range ids {
		x := float64(i) * (tileWidth + tileGap)
		marks, height := l.tile(s, id, sizePt, x+tileInset)
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
func (l *layout) tile(s *analysis.Subject, id analysis.FigureID, sizePt, x float64) ([]mark, float64) {
	const inner = tileWidth - 2*tileInset
	label, small := style{smallPt, false, muted}, style{finePt, false, muted}
	text := l.plain(l.words.Label(l.pack, id))
	if len(l.face(label).wrap(text, label.sizePt, inner)) > 2 {
		text = l.plain(l.words.Short(id))
	}
	marks, _ := l.lines(l.face(label).fit(text, label.sizePt, inner, 2), label, x, 1.8, inner)
	top := 1.8 + 2*lineHeight(label.sizePt) + 0.4 // labels of one row have the same room
	number, unit := l.numberAndUnit(s, id)
	big := style{sizePt, true, ink}
	value := s.Value(id)
	if value.IsAbsent() {
		big.color = muted
	}
	base := baseline(top, sizePt)
	bottom := top + lineHeight(sizePt)
	marks = append(marks, l.left(number, big, x, base, inner))
	switch after := l.width(number, big); {
	case unit == "":
	case after+l.unitWidth(unit) <= inner:
		marks = append(marks, l.left(unit, small, x+after+unitGap, base, l.unitWidth(unit)))
	default: // the unit goes below
		marks = append(marks, l.left(unit, small, x, baseline(bottom, finePt), inner))
		bottom += lineHeight(finePt)
	}
	if value.IsAbsent() {
		why := l.face(small).fit(l.plain(l.words.Reason(value.Absent)), small.sizePt, inner, reasonLines)
		reason, end := l.lines(why, small, x, bottom, inner)
		marks, bottom = append(marks, reason...), end
	}
	return marks, bottom + 1.6
}
