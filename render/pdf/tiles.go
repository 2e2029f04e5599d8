package pdf

import (
	"math/big"
	"strings"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/render/vector"
)

// Heights and gaps of tiles, in millimetres.
const (
	tileGap   = 8.0
	tileTop   = 1.6
	sparkHigh = 7.5
	unitGap   = 1.2 // between a value and its unit
	triangle  = 1.9 // size of the arrow of a change
)

var (
	labelStyle = style{smallPt + 0.5, false, muted}
	unitStyle  = style{smallPt, false, muted}
)

// tile is one headline figure as texts.
type tile struct {
	label, number, unit string
	reason              string // why the value is absent
	change              string
	rise, better        int // signs
	trend               []analysis.Value
	place               string // what it leads to
}

// headlines adds tiles: label, value with its unit, the line of the last
// month-ends, and the change since the one before.
func (l *layout) headlines(b *analysis.FigureBlock) {
	list := make([]tile, len(b.Tiles))
	for i := range b.Tiles {
		list[i] = l.tile(&b.Tiles[i])
	}
	l.tiles(list, tilesAcross(len(list)), valuePt)
}

func (l *layout) tile(source *analysis.Tile) tile {
	currency := l.pack.Currencies[source.Value.Currency]
	t := l.fact(l.words.Text(source.Key), *source.Value.Value, currency)
	t.trend, t.better, t.place = source.Trend, source.Better, l.placeOfCell(&source.Value)
	if change := source.Change; !change.IsAbsent() && !source.Value.Value.IsAbsent() {
		t.rise = exact(change).Sign()
		t.change = l.plain(l.changeText(change, currency))
	}
	return t
}

// changeText says by how much a value changed; an arrow says whether up or
// down.
func (l *layout) changeText(change analysis.Value, currency ledger.Currency) string {
	if exact(change).Sign() == 0 {
		return l.words.Text("pack.unchanged")
	}
	size := change
	size.Minor = change.Minor.Abs()
	if change.Ratio != nil {
		size.Ratio = new(big.Rat).Abs(change.Ratio)
	}
	text := l.value(size, currency)
	if change.Unit == analysis.Share || change.Unit == analysis.Percent {
		text = l.words.Text("unit.points", strings.TrimSuffix(text, "%"))
	}
	return l.words.Text("pack.changed", text)
}

// exact returns a value as a fraction; money and counts in minor units.
func exact(v analysis.Value) *big.Rat {
	if v.Ratio != nil {
		return v.Ratio
	}
	return new(big.Rat).SetInt64(int64(v.Minor))
}

// fact is a figure that says no more than its value.
func (l *layout) fact(label string, v analysis.Value, currency ledger.Currency) tile {
	t := tile{label: l.plain(label), number: l.plain(l.value(v, currency))}
	if v.IsAbsent() {
		t.reason = l.plain(l.words.Reason(v.Absent))
	} else {
		t.unit = l.plain(l.words.Unit(v, currency))
	}
	return t
}

// tilesAcross is three for headline figures that fill rows of three, else four
// or what there is.
func tilesAcross(n int) int {
	switch {
	case n%3 == 0 && n%4 != 0:
		return 3
	case n > 4 && n%4 == 1:
		return 3
	}
	return max(1, min(n, 4))
}

// tiles adds a grid of tiles of one size of value, each under a thin rule.
func (l *layout) tiles(list []tile, across int, sizePt float64) {
	width := (l.widthMM - float64(across-1)*tileGap) / float64(across)
	sizePt = l.valueSize(list, width, sizePt)
	for start := 0; start < len(list); start += across {
		end := min(len(list), start+across)
		row := l.tileRow(list[start:end], width, sizePt)
		row.Keep = end < len(list)
		l.add(row)
		if row.Keep {
			gap := space(3.6)
			gap.Keep = true
			l.add(gap)
		}
	}
}

// valueSize returns the size at which every value fits its tile beside its
// unit.
func (l *layout) valueSize(list []tile, width, sizePt float64) float64 {
	for _, t := range list {
		room := width - l.unitWidth(t.unit)
		for sizePt > valueLow && l.width(t.number, style{sizePt: sizePt, bold: true}) > room {
			sizePt -= 0.5
		}
	}
	return sizePt
}

// unitWidth is the room a unit takes beside its number.
func (l *layout) unitWidth(unit string) float64 {
	if unit == "" {
		return 0
	}
	return l.width(unit, unitStyle) + unitGap
}

// tileRow returns one row of the grid; its height is that of its highest tile.
func (l *layout) tileRow(list []tile, width, sizePt float64) *strip {
	row := &strip{}
	most := 1
	labels := make([][]string, len(list))
	for i, t := range list {
		labels[i] = l.face(labelStyle).fit(t.label, labelStyle.sizePt, width, 2)
		most = max(most, len(labels[i]))
	}
	below := tileTop + float64(most)*lineHeight(labelStyle.sizePt)
	for i, t := range list {
		x := float64(i) * (width + tileGap)
		marks, _ := l.lines(labels[i], labelStyle, x, tileTop, width)
		body, height := l.tileBody(t, x, below, width, sizePt)
		row.Marks = append(append(append(row.Marks, rule(x, 0, width, 0.3, ink)), marks...), body...)
		row.Height = max(row.Height, height)
	}
	for i, t := range list {
		if t.place != "" {
			row.Marks = append(row.Marks, &area{At: point{X: float64(i) * (width + tileGap), Y: 0}, W: width, H: row.Height, To: t.place})
		}
	}
	return row
}

// tileBody returns what stands below a tile's label, and the tile's height.
func (l *layout) tileBody(t tile, x, top, width, sizePt float64) ([]mark, float64) {
	big := style{sizePt, true, ink}
	if t.reason != "" {
		big.color = muted
	}
	base, bottom := baseline(top, sizePt), top+lineHeight(sizePt)
	marks := []mark{l.left(t.number, big, x, base, width)}
	switch after := l.width(t.number, big); {
	case t.unit == "":
	case after+l.unitWidth(t.unit) <= width:
		marks = append(marks, l.left(t.unit, unitStyle, x+after+unitGap, base, l.unitWidth(t.unit)-unitGap))
	default: // the unit goes below
		marks = append(marks, l.left(t.unit, unitStyle, x, baseline(bottom, smallPt), width))
		bottom += lineHeight(smallPt)
	}
	if t.reason != "" {
		why, end := l.lines(l.face(unitStyle).fit(t.reason, smallPt, width, 3), unitStyle, x, bottom, width)
		return append(marks, why...), end
	}
	if spark := sparkline(t.trend, x, bottom+0.6, width); spark != nil {
		marks, bottom = append(marks, spark...), bottom+sparkHigh+1.6
	}
	if t.change != "" {
		marks = append(marks, l.change(t, x, bottom, width)...)
		bottom += lineHeight(smallPt)
	}
	return marks, bottom
}

// change returns the arrow and the text of a change. Green and red say good and
// bad news; the arrow alone says up and down.
func (l *layout) change(t tile, x, top, width float64) []mark {
	s := style{smallPt, false, muted}
	switch t.rise * t.better {
	case 1:
		s.color = goodInk
	case -1:
		s.color = alarmInk
	}
	if t.rise == 0 {
		return []mark{l.left(t.change, s, x, baseline(top, smallPt), width)}
	}
	low := baseline(top, smallPt)
	high := low - triangle*0.9
	if t.rise < 0 {
		low, high = high, low
	}
	arrow := []segment{{Op: 'M', P: [3]point{{X: x, Y: low}}}, {Op: 'L', P: [3]point{{X: x + triangle, Y: low}}}, {Op: 'L', P: [3]point{{X: x + triangle/2, Y: high}}}, {Op: 'Z'}}
	const indent = triangle + 1
	return []mark{&shape{Path: arrow, Fill: &s.color}, l.left(t.change, s, x+indent, baseline(top, smallPt), width-indent)}
}

// sparkline draws values from the smallest at the bottom to the largest at the
// top, with gaps where one is absent and the last one marked; nil where there
// are fewer than two.
func sparkline(values []analysis.Value, x, top, width float64) []mark {
	const dot = 0.75
	low, high, n := new(big.Rat), new(big.Rat), 0
	for _, v := range values {
		if v.IsAbsent() {
			continue
		}
		if at := exact(v); n == 0 {
			low, high = at, at
		} else if at.Cmp(low) < 0 {
			low = at
		} else if at.Cmp(high) > 0 {
			high = at
		}
		n++
	}
	if n < 2 {
		return nil
	}
	reach := new(big.Rat).Sub(high, low)
	place := func(i int) point {
		share := 0.5 // a line that never moves runs through the middle
		if reach.Sign() > 0 {
			share, _ = new(big.Rat).Quo(new(big.Rat).Sub(high, exact(values[i])), reach).Float64()
		}
		return point{X: x + float64(i)/float64(len(values)-1)*(width-2*dot), Y: top + dot + share*(sparkHigh-2*dot)}
	}
	var path []segment
	last, before := point{}, false
	for i, v := range values {
		if v.IsAbsent() {
			before = false
			continue
		}
		op := byte('L')
		if !before {
			op = 'M'
		}
		last, before = place(i), true
		path = append(path, segment{Op: op, P: [3]point{last}})
	}
	return []mark{rule(x, top+sparkHigh, width, 0.1, hairline),
		&shape{Path: path, Stroke: &accent, Width: 0.4, Round: true},
		&shape{Path: vector.Disc(last.X, last.Y, dot), Fill: &accent}}
}
