package html

import (
	"fmt"
	"html/template"
	"math/big"
	"strings"

	"duepack/analysis"
	"duepack/analysis/ledger"
)

// tile is a headline figure: what it is, how it changed, and its trend.
type tile struct {
	ID, Label, Value, Unit, Reason string
	Href                           template.URL
	Change                         string // "" where there is none
	Mood                           string // class of the change: good, bad, or "" for neither
	Spark                          *spark
}

// spark is a line of month-ends in a tile, in the units of its view box.
type spark struct {
	Says  string // what it shows, for those who do not see it
	Lines []string
	X, Y  string // its last point
}

// The view box of a spark, and the room around its line.
const (
	sparkWidth  = 120
	sparkHeight = 32
	sparkRoom   = 3
)

// figures shows a block of figures: tiles, or figures in a list.
func (b *builder) figures(f *analysis.FigureBlock) block {
	if len(f.Tiles) == 0 {
		return block{Figures: b.figureList(f)}
	}
	made := block{}
	for i := range f.Tiles {
		made.Tiles = append(made.Tiles, b.tile(&f.Tiles[i]))
	}
	return made
}

func (b *builder) figureList(f *analysis.FigureBlock) []tile {
	s := b.subjects[f.Subject]
	if s == nil {
		return nil
	}
	list := make([]tile, len(f.IDs))
	for i, id := range f.IDs {
		list[i] = b.figure(b.words.Label(b.pack, id), s.Path()+"/"+id.Def().Key, s.Value(id), b.pack.Currencies[s.Currency])
	}
	return list
}

// figure is a labelled figure with its unit, or the reason it is absent.
func (b *builder) figure(label, id string, v analysis.Value, cur ledger.Currency) tile {
	t := tile{ID: b.anchor(id), Label: label, Value: b.words.Value(v, cur)}
	if v.IsAbsent() {
		t.Reason = b.words.Reason(v.Absent)
	} else {
		t.Unit = b.words.Unit(v, cur)
	}
	return t
}

func (b *builder) tile(source *analysis.Tile) tile {
	value, cur := *source.Value.Value, b.pack.Currencies[source.Value.Currency]
	t := b.figure(b.words.Text(source.Key), source.Value.Figure, value, cur)
	if b.targets[source.Value.Link] {
		t.Href = to(source.Value.Link)
	}
	t.Change, t.Mood = b.change(source, cur)
	if drawn := draw(source.Trend); drawn != nil && !value.IsAbsent() {
		low, high := extremes(source.Trend)
		drawn.Says = b.words.Text("page.trend", b.words.Count(len(source.Trend)), b.words.Full(low, cur), b.words.Full(high, cur))
		t.Spark = drawn
	}
	return t
}

// change says how a tile's figure moved since the month-end before, and
// whether that is good news.
func (b *builder) change(source *analysis.Tile, cur ledger.Currency) (text, mood string) {
	by := source.Change
	if by.IsAbsent() || source.Value.Value.IsAbsent() || source.Change.Unit != source.Value.Value.Unit {
		return "", ""
	}
	sign := sign(by)
	size := by
	if sign < 0 {
		size = negative(by)
	}
	amount := b.words.Value(size, cur) // the tile has its currency already
	switch by.Unit {
	case analysis.Share, analysis.Percent:
		amount = b.words.Text("page.points", strings.TrimSuffix(amount, "%"))
	case analysis.Days, analysis.Times:
		amount = b.words.Full(size, cur)
	}
	switch {
	case sign > 0:
		text = b.words.Text("page.change_up", amount)
	case sign < 0:
		text = b.words.Text("page.change_down", amount)
	default:
		text = b.words.Text("page.change_none")
	}
	switch sign * source.Better {
	case 1:
		mood = "good"
	case -1:
		mood = "bad"
	}
	return text, mood
}

// exact returns the value of a figure as a fraction.
func exact(v analysis.Value) *big.Rat {
	if v.Unit == analysis.Money || v.Unit == analysis.Count || v.Ratio == nil {
		return new(big.Rat).SetInt64(int64(v.Minor))
	}
	return v.Ratio
}

func sign(v analysis.Value) int { return exact(v).Sign() }

// negative returns a value with the other sign.
func negative(v analysis.Value) analysis.Value {
	v.Minor = -v.Minor
	if v.Ratio != nil {
		v.Ratio = new(big.Rat).Neg(v.Ratio)
	}
	return v
}

// extremes returns the smallest and the largest value that is there.
func extremes(trend []analysis.Value) (low, high analysis.Value) {
	found := false
	for _, v := range trend {
		switch {
		case v.IsAbsent():
		case !found:
			low, high, found = v, v, true
		case exact(v).Cmp(exact(low)) < 0:
			low = v
		case exact(v).Cmp(exact(high)) > 0:
			high = v
		}
	}
	return low, high
}

// draw places a trend in the view box of a spark: oldest at the left, smallest
// at the bottom, a gap where a value is absent. It is nil where fewer than two
// values are there.
func draw(trend []analysis.Value) *spark {
	low, high := extremes(trend)
	span := new(big.Rat).Sub(exact(high), exact(low))
	s := &spark{}
	var line []string
	points := 0
	end := func() {
		if len(line) > 0 {
			s.Lines = append(s.Lines, strings.Join(line, " "))
		}
		line = nil
	}
	for i, v := range trend {
		if v.IsAbsent() {
			end()
			continue
		}
		height := big.NewRat(1, 2) // a line that never moves runs through the middle
		if span.Sign() > 0 {
			height.Quo(new(big.Rat).Sub(exact(high), exact(v)), span)
		}
		s.X = along(big.NewRat(int64(i), int64(max(1, len(trend)-1))), sparkWidth)
		s.Y = along(height, sparkHeight)
		line = append(line, s.X+","+s.Y)
		points++
	}
	end()
	if points < 2 {
		return nil
	}
	return s
}

// along returns a share of a side of the view box as a coordinate.
func along(share *big.Rat, side int64) string {
	at := new(big.Rat).Mul(share, big.NewRat(side-2*sparkRoom, 1))
	return shortest(at.Add(at, big.NewRat(sparkRoom, 1)).FloatString(1))
}

// ViewBox is the spark's coordinate system.
func (s *spark) ViewBox() string { return fmt.Sprintf("0 0 %d %d", sparkWidth, sparkHeight) }
