package chart

import (
	"cmp"
	"math"
	"slices"

	"duepack/analysis"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// scatterPoint is a point with its name beside it.
type scatterPoint struct {
	opts.ScatterData
	Label *opts.Label `json:"label,omitempty"`
}

// scatter draws one point per label, its first series along x, its second up y.
// Two shares of a target are parted into four quadrants at 100 %, each with
// its name where the wording has one.
func (d *drawing) scatter() map[string]any {
	scatter := charts.NewScatter()
	x, y := d.axisOf(0), d.axisOf(1)
	grid := d.grid()
	grid.bottom, grid.right = 34, 16
	xAxis, yAxis := d.valueXAxis(true), d.valueYAxis(true)
	xAxis.Name, xAxis.NameLocation, xAxis.NameGap = joinUnit(d.words.Series(d.pack, x.series), x.unit), "middle", 28
	xAxis.SplitLine = &opts.SplitLine{Show: opts.Bool(false)}
	xAxis.Min, xAxis.Max, xAxis.AxisLabel = x.low, x.high, x.label()
	yAxis.Min, yAxis.Max, yAxis.AxisLabel = y.low, y.high, y.label()
	d.axisName = joinUnit(d.words.Series(d.pack, y.series), y.unit)
	d.global(&scatter.RectChart, grid, xAxis, yAxis)
	scatter.AddSeries(d.words.Chart(d.pack, d.chart), nil,
		charts.WithItemStyleOpts(opts.ItemStyle{Color: palette[0]}))
	series := &scatter.MultiSeries[0]
	series.Data = d.scatterPoints(x, y)
	if x.share && y.share {
		series.MarkLines, series.MarkAreas = targetLines(), d.quadrants(x, y)
	}
	scatter.Validate()
	option := scatter.JSON()
	option["xAxis"], option["yAxis"] = steppedX{scatter.XAxisList[0], x.step}, y.onY(scatter.YAxisList[0])
	return option
}

// scale is a value axis of a scatter chart.
type scale struct {
	span
	series  *analysis.Series
	unit    string
	divisor int64
	share   bool
}

// axisOf returns the axis of a series over its points and, of shares, the target;
// above and below there is room for the names of quadrants.
func (d *drawing) axisOf(i int) scale {
	s := scale{series: &d.chart.Series[i]}
	var unit analysis.Unit
	unit, s.divisor, s.unit = d.axis(d.chart.Series[i : i+1])
	s.share = unit == analysis.Share
	values := d.values(d.chart.Series[i:i+1], s.divisor)
	if s.share {
		values = append(values, 100)
	}
	s.span = around(values)
	if s.share {
		least := s.low
		s.span = s.widened(100)
		if least >= 0 {
			s.low = max(0, s.low)
		}
	}
	return s
}

// around returns an axis with round steps around values, a seventh of its length
// free at either end. It need not hold zero: what counts is the distance from
// the target.
func around(values []float64) span {
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		low, high = min(low, v), max(high, v)
	}
	if len(values) == 0 {
		low, high = 0, 1
	}
	if high-low < math.Abs(high)/10 || high == low {
		room := max(math.Abs(high)/10, 1)
		low, high = low-room, high+room
	}
	s := span{step: niceStep((high - low) / 4)}
	room := (high - low) / 7
	s.low, s.high = math.Floor((low-room)/s.step)*s.step, math.Ceil((high+room)/s.step)*s.step
	if low >= 0 {
		s.low = max(0, s.low)
	}
	return s
}

// widened returns an axis on which a value stands in the middle third, so that
// there is room for a name on either side.
func (s span) widened(middle float64) span {
	for (middle-s.low)*3 < s.high-s.low {
		s.low -= s.step
	}
	for (s.high-middle)*3 < s.high-s.low {
		s.high += s.step
	}
	return s
}

// both reports whether a point has both its values.
func (d *drawing) both(j int) bool {
	return !d.chart.Series[0].Values[j].IsAbsent() && !d.chart.Series[1].Values[j].IsAbsent()
}

// label is how the axis writes its numbers.
func (s scale) label() *opts.AxisLabel {
	label := &opts.AxisLabel{Color: textColor, FontSize: textSize, HideOverlap: opts.Bool(true)}
	if s.share {
		label.Formatter = "{value}%"
	}
	return label
}

// scatterPoints returns the points, with names beside those that have room for
// one: a crowd of names over each other says nothing.
func (d *drawing) scatterPoints(x, y scale) []scatterPoint {
	names := d.labels()
	var points []scatterPoint
	var spots []spot
	for i := range names {
		if !d.both(i) {
			continue
		}
		atX, atY := d.position(x.series.Values[i], x.divisor).(float64), d.position(y.series.Values[i], y.divisor).(float64)
		points = append(points, scatterPoint{ScatterData: opts.ScatterData{Name: names[i], SymbolSize: 8, Symbol: "circle", Value: []any{atX, atY}}})
		spots = append(spots, spot{name: shortened(names[i], widestName),
			x: (atX - x.low) / (x.high - x.low) * slimPlot, y: (y.high - atY) / (y.high - y.low) * slimPlot})
	}
	for i, side := range sides(spots, d.corners(x, y)) {
		if side != "" {
			points[i].Label = &opts.Label{Show: opts.Bool(true), Position: side, Color: textColor, FontSize: textSize, Formatter: literal(spots[i].name)}
		}
	}
	return points
}

// corners are the boxes of the names of quadrants on the smallest plot.
func (d *drawing) corners(x, y scale) []box {
	const high = 20
	var boxes []box
	if !x.share || !y.share {
		return nil
	}
	for _, q := range quadrantKeys {
		wide := textWidth(d.words.Text("chart."+d.chart.ID+"."+q.key)) + 6
		b := box{0, 0, wide, high}
		if q.right {
			b.left, b.right = slimPlot-wide, slimPlot
		}
		if !q.upper {
			b.top, b.bottom = slimPlot-high, slimPlot
		}
		boxes = append(boxes, b)
	}
	return boxes
}

// spot is a point in pixels on the smallest plot, with its name.
type spot struct {
	name string
	x, y float64
}

// box is a rectangle in pixels.
type box struct{ left, top, right, bottom float64 }

func (b box) overlaps(o box) bool {
	return b.left < o.right && o.left < b.right && b.top < o.bottom && o.top < b.bottom
}

// sides returns on which side of each point its name stands, "" where it would
// cover a point, another name, the edge or what is taken. Points far from the
// others choose first.
func sides(spots []spot, taken []box) []string {
	const dot, gap, high = 4, 6, 13
	meanX, meanY := 0.0, 0.0
	order := make([]int, len(spots))
	for i, s := range spots {
		meanX, meanY = meanX+s.x/float64(len(spots)), meanY+s.y/float64(len(spots))
		taken = append(taken, box{s.x - dot, s.y - dot, s.x + dot, s.y + dot})
		order[i] = i
	}
	far := func(i int) float64 { return math.Hypot(spots[i].x-meanX, spots[i].y-meanY) }
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(far(b), far(a)) })
	chosen := make([]string, len(spots))
	for _, i := range order {
		s, width := spots[i], textWidth(spots[i].name)
		for _, side := range []struct {
			name string
			box  box
		}{
			{"right", box{s.x + gap, s.y - high/2, s.x + gap + width, s.y + high/2}},
			{"left", box{s.x - gap - width, s.y - high/2, s.x - gap, s.y + high/2}},
		} {
			inside := side.box.left >= 0 && side.box.right <= slimPlot
			if inside && !slices.ContainsFunc(taken, side.box.overlaps) {
				chosen[i] = side.name
				taken = append(taken, side.box)
				break
			}
		}
	}
	return chosen
}

// targetLines part the plane where the target is met.
func targetLines() *opts.MarkLines {
	return &opts.MarkLines{
		Data: []any{opts.MarkLineNameXAxisItem{XAxis: 100}, opts.MarkLineNameYAxisItem{YAxis: 100}},
		MarkLineStyle: opts.MarkLineStyle{Symbol: []string{"none", "none"}, Label: &opts.Label{Show: opts.Bool(false)},
			LineStyle: &opts.LineStyle{Color: axisColor, Width: 1, Type: "solid"}}}
}

// corner is one corner of a quadrant as the charting library reads it.
type corner struct {
	Name  string      `json:"name,omitempty"`
	XAxis float64     `json:"xAxis"`
	YAxis float64     `json:"yAxis"`
	Label *opts.Label `json:"label,omitempty"`
}

// columnPlot is the width in pixels of a plot in a column of the PDF.
const columnPlot = 300

// holds reports whether a text fits beside the target in a column of the PDF.
func (s scale) holds(right bool, text string) bool {
	part := 100 - s.low
	if right {
		part = s.high - 100
	}
	return textWidth(text)+10 <= part/(s.high-s.low)*columnPlot
}

// quadrantKeys are the ends of the wording keys of quadrants: what is across the
// axis, low or high, then what is up.
var quadrantKeys = []struct {
	key          string
	right, upper bool
}{{"low_high", false, true}, {"high_high", true, true}, {"low_low", false, false}, {"high_low", true, false}}

// quadrants names the four parts, each in its outer corner, if it fits there.
func (d *drawing) quadrants(x, y scale) *opts.MarkAreas {
	areas := &opts.MarkAreas{MarkAreaStyle: opts.MarkAreaStyle{ItemStyle: &opts.ItemStyle{Color: "transparent"}}}
	for _, q := range quadrantKeys {
		key := "chart." + d.chart.ID + "." + q.key
		if !d.words.Has(key) || !x.holds(q.right, d.words.Text(key)) {
			continue
		}
		place, outerX, outerY := "insideBottom", x.low, y.low
		if q.upper {
			place, outerY = "insideTop", y.high
		}
		if q.right {
			place, outerX = place+"Right", x.high
		} else {
			place += "Left"
		}
		areas.Data = append(areas.Data, [2]corner{
			{Name: d.words.Text(key), XAxis: min(outerX, 100), YAxis: max(outerY, 100),
				Label: &opts.Label{Show: opts.Bool(true), Position: place, Color: textColor, FontSize: textSize}},
			{XAxis: max(outerX, 100), YAxis: min(outerY, 100)}})
	}
	if len(areas.Data) == 0 {
		return nil
	}
	return areas
}

func joinUnit(name, unit string) string {
	if unit == "" || unit == "%" {
		return name
	}
	return name + " (" + unit + ")"
}
