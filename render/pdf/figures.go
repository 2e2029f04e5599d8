package pdf

import (
	"fmt"

	"duepack/analysis"
)

// The grid of tiles, in millimetres.
const (
	tileGap     = 4.0
	tileInset   = 2.4
	tileTop     = 1.8
	tileBottom  = 1.6
	unitGap     = 1.1 // between a value and its unit
	reasonLines = 4
)

var (
	labelStyle = style{smallPt, false, muted}
	unitStyle  = style{finePt, false, muted}
)

// tiles is a grid of figures of one subject.
type tiles struct {
	*layout
	subject *analysis.Subject
	across  int
	widthMM float64 // of a tile
	sizePt  float64 // of values: the same in the whole grid
}

// inner is the width that the texts of a tile may use.
func (t *tiles) inner() float64 { return t.widthMM - 2*tileInset }

// at returns where the nth tile of a row begins.
func (t *tiles) at(n int) float64 { return float64(n) * (t.widthMM + tileGap) }

// figures adds a grid of tiles: label, value with its unit, and in small type
// why a value is absent.
func (l *layout) figures(b *analysis.FigureBlock) error {
	subject := findSubject(l.pack, b.Subject)
	if subject == nil {
		return fmt.Errorf("pdf: a block of figures is about %q, which the pack does not have", b.Subject)
	}
	t := &tiles{layout: l, subject: subject, across: tilesAcross(len(b.IDs))}
	t.widthMM = (textWidth - float64(t.across-1)*tileGap) / float64(t.across)
	t.sizePt = t.valueSize(b.IDs)
	for start := 0; start < len(b.IDs); start += t.across {
		end := min(len(b.IDs), start+t.across)
		row := t.row(b.IDs[start:end])
		row.Keep = end < len(b.IDs)
		l.add(row)
		if row.Keep {
			gap := space(2.6)
			gap.Keep = true
			l.add(gap)
		}
	}
	return nil
}

// tilesAcross is four, or three where a single tile would be left over.
func tilesAcross(n int) int {
	if n > 4 && n%4 == 1 && n%3 != 1 {
		return 3
	}
	return 4
}

func findSubject(p *analysis.Pack, path string) *analysis.Subject {
	for _, s := range p.Subjects() {
		if s.Path() == path {
			return s
		}
	}
	return nil
}

// valueSize returns the size at which every value of the grid fits its tile
// beside its unit.
func (t *tiles) valueSize(ids []analysis.FigureID) float64 {
	sizePt := valuePt
	for _, id := range ids {
		number, unit := t.numberAndUnit(id)
		room := t.inner() - t.unitWidth(unit)
		for sizePt > valueLow && t.width(number, style{sizePt: sizePt, bold: true}) > room {
			sizePt -= 0.5
		}
	}
	return sizePt
}

// numberAndUnit returns the text of a value and its unit, "" where the number
// says it itself or is absent.
func (t *tiles) numberAndUnit(id analysis.FigureID) (number, unit string) {
	value, currency := t.subject.Value(id), t.pack.Currencies[t.subject.Currency]
	number = t.plain(t.words.Value(value, currency))
	if !value.IsAbsent() {
		unit = t.plain(t.words.Unit(value, currency))
	}
	return number, unit
}

// unitWidth is the room a unit takes beside its number.
func (t *tiles) unitWidth(unit string) float64 {
	if unit == "" {
		return 0
	}
	return t.width(unit, unitStyle) + unitGap
}

// row returns one row of the grid; its height is that of its highest tile.
func (t *tiles) row(ids []analysis.FigureID) *strip {
	row := &strip{}
	labels, most := t.labels(ids)
	below := tileTop + float64(most)*lineHeight(smallPt) + 0.6
	var texts []mark
	for i, id := range ids {
		label, _ := t.lines(labels[i], labelStyle, t.at(i)+tileInset, tileTop, t.inner())
		value, height := t.value(id, t.at(i)+tileInset, below)
		texts = append(append(texts, label...), value...)
		row.Height = max(row.Height, height)
	}
	for i := range ids {
		row.Marks = append(row.Marks, box(t.at(i), 0, t.widthMM, row.Height, tint), box(t.at(i), 0, 0.7, row.Height, accent))
	}
	row.Marks = append(row.Marks, texts...)
	return row
}

// labels returns the labels of a row of tiles in at most two lines each, short
// forms where the full ones are too long, and how many lines the row needs.
func (t *tiles) labels(ids []analysis.FigureID) (lines [][]string, most int) {
	for _, id := range ids {
		text := t.plain(t.words.Label(t.pack, id))
		if len(t.face(labelStyle).wrap(text, smallPt, t.inner())) > 2 {
			text = t.plain(t.words.Short(id))
		}
		wrapped := t.face(labelStyle).fit(text, smallPt, t.inner(), 2)
		lines, most = append(lines, wrapped), max(most, len(wrapped))
	}
	return lines, most
}

// value returns the texts below a tile's label, from x and top on, and the
// tile's height.
func (t *tiles) value(id analysis.FigureID, x, top float64) ([]mark, float64) {
	value := t.subject.Value(id)
	number, unit := t.numberAndUnit(id)
	big := style{t.sizePt, true, ink}
	if value.IsAbsent() {
		big.color = muted
	}
	base, bottom := baseline(top, t.sizePt), top+lineHeight(t.sizePt)
	marks := []mark{t.left(number, big, x, base, t.inner())}
	switch after := t.width(number, big); {
	case unit == "":
	case after+t.unitWidth(unit) <= t.inner():
		marks = append(marks, t.left(unit, unitStyle, x+after+unitGap, base, t.unitWidth(unit)-unitGap))
	default: // the unit goes below
		marks = append(marks, t.left(unit, unitStyle, x, baseline(bottom, finePt), t.inner()))
		bottom += lineHeight(finePt)
	}
	if value.IsAbsent() {
		why := t.face(unitStyle).fit(t.plain(t.words.Reason(value.Absent)), finePt, t.inner(), reasonLines)
		reason, end := t.lines(why, unitStyle, x, bottom, t.inner())
		marks, bottom = append(marks, reason...), end
	}
	return marks, bottom + tileBottom
}
