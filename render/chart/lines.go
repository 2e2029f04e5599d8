package chart

import (
	"cmp"
	"math"
	"slices"

	"duepack/analysis"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// widestName is the room in pixels for the name of a line at its end, or of a
// point beside it; longer names are shortened.
const widestName = 120

// linePoint is a point of a line; the last one carries the line's name.
type linePoint struct {
	opts.LineData
	Label *shiftedLabel `json:"label,omitempty"`
}

// shiftedLabel has the field of a label that the option builder lacks.
type shiftedLabel struct {
	opts.Label
	Offset [2]float64 `json:"offset"`
}

// lines draws lines with their names at their ends, which spares a legend and
// the search in it.
func (d *drawing) lines() map[string]any {
	line := charts.NewLine()
	grid := d.grid()
	names := make([]string, len(d.chart.Series))
	for i := range d.chart.Series {
		names[i] = shortened(d.words.Series(d.pack, &d.chart.Series[i]), widestName)
		if d.direct() {
			grid.right = max(grid.right, textWidth(names[i])+16)
		}
	}
	over := spanOf(d.values(d.chart.Series, d.divisor), 0)
	y := d.valueYAxis(true)
	y.Min, y.Max = over.low, over.high
	d.global(&line.RectChart, grid, d.labelAxis(), y)
	line.SetXAxis(d.axisLabels())
	shifts := d.shifts(over)
	for i := range d.chart.Series {
		series, color := &d.chart.Series[i], d.seriesColor(i)
		line.AddSeries(d.words.Series(d.pack, series), nil,
			charts.WithLineStyleOpts(opts.LineStyle{Color: color, Width: 2}), charts.WithItemStyleOpts(opts.ItemStyle{Color: color}))
		points, last := d.points(series)
		if d.direct() && last >= 0 {
			points[last].Label = &shiftedLabel{Offset: [2]float64{0, shifts[i]},
				Label: opts.Label{Show: opts.Bool(true), Position: "right", Color: d.nameColor(i), FontSize: textSize, FontWeight: "bold", Formatter: literal(names[i])}}
		}
		line.MultiSeries[i].Data = points
	}
	line.Validate()
	option := line.JSON()
	option["xAxis"] = dated(line.XAxisList[0])
	option["yAxis"] = over.onY(line.YAxisList[0])
	return option
}

// direct reports whether lines carry their names at their ends: all but a
// single line, which the title names.
func (d *drawing) direct() bool {
	return d.chart.Kind == analysis.LineChart && len(d.chart.Series) > 1
}

// points returns the points of a line and the index of the last one, -1 where
// there is none. Only the last is marked, so that the eye follows the line and
// ends at its present value.
func (d *drawing) points(series *analysis.Series) (points []linePoint, last int) {
	points, last = make([]linePoint, len(series.Values)), -1
	for j, v := range series.Values {
		points[j].LineData = opts.LineData{Name: d.words.Full(v, d.currency), Value: d.position(v, d.divisor), Symbol: "circle", SymbolSize: 3}
		if !v.IsAbsent() {
			last = j
		}
	}
	if last >= 0 {
		points[last].SymbolSize = 7
	}
	return points, last
}

// Names at the ends of lines keep this distance in pixels on a plot of the
// smallest size; on a larger one they stand further apart.
const (
	nameStep = 14
	lowPlot  = 110
	slimPlot = 220
)

// lineEnd is where the name of a line stands, in pixels from the upper left
// corner of the smallest plot.
type lineEnd struct {
	line              int
	x, natural, y, to float64 // to is where the name ends
}

// shifts returns by how many pixels the name of each line moves down, so that
// those of lines that end close together do not cover each other.
func (d *drawing) shifts(over span) []float64 {
	var ends []lineEnd
	for i := range d.chart.Series {
		series := &d.chart.Series[i]
		if _, last := d.points(series); last >= 0 {
			at := d.position(series.Values[last], d.divisor).(float64)
			y := (over.high - at) / (over.high - over.low) * lowPlot
			x := float64(last) / float64(max(1, len(series.Values)-1)) * slimPlot
			ends = append(ends, lineEnd{i, x, y, y, x + textWidth(shortened(d.words.Series(d.pack, series), widestName))})
		}
	}
	slices.SortStableFunc(ends, func(a, b lineEnd) int { return cmp.Compare(a.natural, b.natural) })
	shifts := make([]float64, len(d.chart.Series))
	for i := range ends {
		e := &ends[i]
		if e.avoid(ends[:i], nameStep); e.y > lowPlot+nameStep/2 {
			e.y = e.natural
			e.avoid(ends[:i], -nameStep)
		}
		shifts[e.line] = e.y - e.natural
	}
	return shifts
}

// avoid moves a name by steps down, or up where the step is negative, until it
// covers none of those before it.
func (e *lineEnd) avoid(before []lineEnd, step float64) {
	for moved := true; moved; {
		moved = false
		for _, other := range before {
			if e.x < other.to && other.x < e.to && math.Abs(e.y-other.y) < nameStep-0.01 {
				e.y, moved = other.y+step, true
			}
		}
	}
}
