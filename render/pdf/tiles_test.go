package pdf

import (
	"math/big"
	"testing"

	"duepack/analysis"
	"duepack/analysis/ledger"
)

func amountOf(m ledger.Minor) analysis.Value { return analysis.Value{Unit: analysis.Money, Minor: m} }

// textsOf returns the texts of strips in order.
func textsOf(strips []*strip) (list []*textMark) {
	for _, s := range strips {
		texts(s.Marks, func(m *textMark) { list = append(list, m) })
	}
	return list
}

func blankLayout(t *testing.T, lang string) *layout {
	t.Helper()
	l, err := newLayout(fixture(t, fixtureBook(2, 1, 1)), words(t, lang))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// Green says good news and red bad news, whichever way the figure went; what is
// neither stays grey. The arrow alone says up or down.
func TestChangeHasTheColourOfTheNews(t *testing.T) {
	for _, c := range []struct {
		change ledger.Minor
		better int
		want   color
	}{{5, 1, goodInk}, {-5, 1, alarmInk}, {5, -1, alarmInk}, {-5, -1, goodInk}, {5, 0, muted}, {-5, 0, muted}, {0, 1, muted}} {
		l := blankLayout(t, "en")
		value := amountOf(100)
		l.headlines(&analysis.FigureBlock{Tiles: []analysis.Tile{{Key: "tile.balance", Value: analysis.Cell{Value: &value}, Change: amountOf(c.change), Better: c.better}}})
		all := textsOf(l.strips)
		if got := all[len(all)-1]; got.Color != c.want {
			t.Errorf("change %d, better %d: %q in %v, want %v", c.change, c.better, got.Text, got.Color, c.want)
		}
	}
}

// A change is without a sign, which the arrow shows; shares change in points.
func TestChangeIsWrittenInTheUnitOfItsFigure(t *testing.T) {
	share := func(n int64) analysis.Value { return analysis.Value{Unit: analysis.Share, Ratio: big.NewRat(n, 1000)} }
	for _, c := range []struct {
		lang          string
		value, change analysis.Value
		want          string
	}{
		{"en", amountOf(1_234_50), amountOf(-34_50), "34.50 on last month"},
		{"en", share(340), share(99), "9.9 points on last month"},
		{"en", share(340), share(-99), "9.9 points on last month"},
		{"en", amountOf(5), amountOf(0), "Unchanged on last month"},
		{"zh-CN", share(340), share(99), "较上月 9.9 个百分点"},
	} {
		l := blankLayout(t, c.lang)
		l.headlines(&analysis.FigureBlock{Tiles: []analysis.Tile{{Key: "tile.balance", Value: analysis.Cell{Value: &c.value}, Change: c.change}}})
		all := textsOf(l.strips)
		if got := all[len(all)-1].Text; got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

// The line of month-ends goes from the left to the right, the smallest value at
// the bottom and the largest at the top; a month without one is a gap, and the
// last one is marked.
func TestSparklineShowsTheMonths(t *testing.T) {
	none := analysis.Value{Unit: analysis.Money, Absent: analysis.NoSales}
	marks := sparkline([]analysis.Value{amountOf(10), amountOf(30), none, amountOf(20), amountOf(10)}, 0, 0, 41.5)
	path := marks[1].(*shape).Path
	if got := string([]byte{path[0].Op, path[1].Op, path[2].Op, path[3].Op}); len(path) != 4 || got != "MLML" {
		t.Fatalf("path %s of %d steps, want MLML", got, len(path))
	}
	low, high := path[0].P[0], path[1].P[0]
	if high.Y >= low.Y || path[3].P[0].Y != low.Y || path[2].P[0].Y != (low.Y+high.Y)/2 {
		t.Errorf("heights %v", path)
	}
	if path[0].P[0].X != 0 || path[1].P[0].X != 10 || path[3].P[0].X != 40 {
		t.Errorf("places %v", path)
	}
	if len(marks) != 3 {
		t.Error("the last month is not marked")
	}
	for _, few := range [][]analysis.Value{nil, {amountOf(1)}, {none, amountOf(1)}} {
		if sparkline(few, 0, 0, 40) != nil {
			t.Errorf("%d values make a line", len(few))
		}
	}
}

func TestAbsentTileSaysWhy(t *testing.T) {
	l := blankLayout(t, "en")
	value := analysis.Value{Unit: analysis.Days, Absent: analysis.NoSales}
	l.headlines(&analysis.FigureBlock{Tiles: []analysis.Tile{{Key: "tile.dso", Value: analysis.Cell{Value: &value}, Change: amountOf(0)}}})
	all := textsOf(l.strips)
	if last := all[len(all)-1].Text; last != words(t, "en").Reason(analysis.NoSales) {
		t.Errorf("below the dash stands %q", last)
	}
}
