package chart

import (
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
		charts.WithItemStyleOpts(opts.ItemStyle{Color: palette[0]}),
		charts.WithLabelLayoutOpts(opts.LabelLayout{HideOverlap: opts.Bool(true)}))
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
	spare   bool // low lies below every value, for room alone
}

// axisOf returns the axis of a series, with room around its points: to the
// right for names, above and below for the names of quadrants.
func (d *drawing) axisOf(i int) scale {
	s := scale{series: &d.chart.Series[i]}
	var unit analysis.Unit
	unit, s.divisor, s.unit = d.axis(d.chart.Series[i : i+1])
	s.share = unit == analysis.Share
	values := d.values(d.chart.Series[i:i+1], s.divisor)
	if s.share {
		values = append(values, 100)
	}
	s.span = spanOf(values, 0.14)
	if i == 1 && s.low == 0 {
		s.low, s.spare = -s.step, true
	}
	return s
}

// both reports whether a point has both its values.
func (d *drawing) both(j int) bool {
	return !d.chart.Series[0].Values[j].IsAbsent() && !d.chart.Series[1].Values[j].IsAbsent()
}

// label is how the axis writes its numbers; a step below zero that is there for
// room alone is not written.
func (s scale) label() *opts.AxisLabel {
	label := &opts.AxisLabel{Color: textColor, FontSize: textSize}
	if s.spare {
		label.ShowMinLabel = opts.Bool(false)
	}
	if s.share {
		label.Formatter = "{value}%"
	}
	return label
}

func (d *drawing) scatterPoints(x, y scale) []scatterPoint {
	var points []scatterPoint
	names := d.labels()
	for i := range names {
		if !d.both(i) {
			continue
		}
		atX, atY := d.position(x.series.Values[i], x.divisor).(float64), d.position(y.series.Values[i], y.divisor).(float64)
		side := "right"
		if atX > x.low+0.66*(x.high-x.low) {
			side = "left"
		}
		points = append(points, scatterPoint{
			ScatterData: opts.ScatterData{Name: names[i], SymbolSize: 9, Symbol: "circle", Value: []any{atX, atY}},
			Label:       &opts.Label{Show: opts.Bool(true), Position: side, Color: textColor, FontSize: textSize, Formatter: literal(shortened(names[i], widestName))}})
	}
	return points
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

// quadrants names the four parts, each in its outer corner.
func (d *drawing) quadrants(x, y scale) *opts.MarkAreas {
	areas := &opts.MarkAreas{MarkAreaStyle: opts.MarkAreaStyle{ItemStyle: &opts.ItemStyle{Color: "transparent"}}}
	for _, q := range []struct {
		key, place string
		x, y       float64
	}{
		{"low_high", "insideTopLeft", x.low, y.high}, {"high_high", "insideTopRight", x.high, y.high},
		{"low_low", "insideBottomLeft", x.low, y.low}, {"high_low", "insideBottomRight", x.high, y.low},
	} {
		key := "chart." + d.chart.ID + "." + q.key
		if !d.words.Has(key) {
			continue
		}
		areas.Data = append(areas.Data, [2]corner{
			{Name: d.words.Text(key), XAxis: min(q.x, 100), YAxis: max(q.y, 100),
				Label: &opts.Label{Show: opts.Bool(true), Position: q.place, Color: textColor, FontSize: textSize, FontStyle: "italic"}},
			{XAxis: max(q.x, 100), YAxis: min(q.y, 100)}})
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
