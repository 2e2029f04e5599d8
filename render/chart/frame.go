package chart

import (
	"math"
	"strconv"
	"strings"

	"duepack/analysis"
	"duepack/render"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/go-echarts/go-echarts/v2/types"
)

// textSize is the size of every text of a chart in pixels: 8 points in the PDF.
const textSize = 12

// nameWidth is the room of the names of lying bars in pixels.
const nameWidth = 156

// margins are the distances in pixels of what is drawn from the edges; axis
// labels stand inside them.
type margins struct{ left, right, top, bottom float64 }

// grid leaves room above for the line that says what is shown, and for the
// legend where there is one.
func (d *drawing) grid() margins {
	m := margins{left: 2, right: 10, top: 38, bottom: 4} // a value stands above the tallest bar
	if d.legend() {
		m.top = 52
	}
	return m
}

// legend reports whether series need one: lines carry their names, and a single
// series is named by the title.
func (d *drawing) legend() bool {
	return len(d.chart.Series) > 1 && d.chart.Kind != analysis.ScatterChart && !d.direct()
}

// global sets axes, grid, legend, title and tooltip.
func (d *drawing) global(rect *charts.RectChart, m margins, x opts.XAxis, y opts.YAxis) {
	rect.SetGlobalOptions(
		charts.WithInitializationOpts(opts.Initialization{Theme: types.ThemeWesteros}), // any theme but white: it would add a palette
		charts.WithGridOpts(opts.Grid{Left: px(m.left), Right: px(m.right), Top: px(m.top), Bottom: px(m.bottom), ContainLabel: opts.Bool(true)}),
		charts.WithXAxisOpts(x), charts.WithYAxisOpts(y),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: d.trigger()}),
	)
}

func px(pixels float64) string { return strconv.Itoa(int(math.Ceil(pixels))) }

// plainTitle has the field of a title that the option builder lacks.
type plainTitle struct {
	opts.Title
	Padding int `json:"padding"`
}

// titleOption is the line that says what is shown, flush with the chart.
func (d *drawing) titleOption() plainTitle {
	return plainTitle{Title: opts.Title{Title: d.subtitle(), Left: "0", Top: "0",
		TitleStyle: &opts.TextStyle{Color: textColor, FontSize: textSize, FontWeight: "normal"}}}
}

// wideLegend has the fields of a legend that the option builder lacks.
type wideLegend struct {
	opts.Legend
	ItemWidth  int    `json:"itemWidth"`
	ItemHeight int    `json:"itemHeight"`
	ItemGap    int    `json:"itemGap"`
	Icon       string `json:"icon"`
}

// legendOption is the legend in the order of the series, flush left under the
// line that says what is shown.
func (d *drawing) legendOption() wideLegend {
	return wideLegend{
		Legend: opts.Legend{Show: opts.Bool(d.legend()), Top: "22", Left: "0", Padding: 0,
			TextStyle: &opts.TextStyle{Color: textColor, FontSize: textSize}},
		ItemWidth: 11, ItemHeight: 11, ItemGap: 16, Icon: "rect"}
}

// subtitle says what is shown and in which unit. The finding, or the plain name
// of a chart without one, is the caption that the renderer writes above.
func (d *drawing) subtitle() string {
	var parts []string
	// The name above the upright axis of a scatter chart says enough.
	if d.chart.Title != nil && d.chart.Kind != analysis.ScatterChart && d.words.Has("chart."+d.chart.ID) {
		parts = append(parts, d.words.Text("chart."+d.chart.ID))
	}
	if d.axisName != "" {
		parts = append(parts, d.axisName)
	}
	return strings.Join(parts, " · ")
}

// trigger shows all series of a label together where there are several.
func (d *drawing) trigger() string {
	if d.chart.Kind == analysis.ScatterChart {
		return "item"
	}
	return "axis"
}

func (d *drawing) labelAxis() opts.XAxis {
	label := &opts.AxisLabel{Color: textColor, FontSize: textSize, HideOverlap: opts.Bool(true)}
	if len(d.chart.Labels) <= 8 {
		label.Interval = "0"
	}
	return opts.XAxis{Type: "category", AxisLabel: label,
		AxisTick: &opts.AxisTick{Show: opts.Bool(false)},
		AxisLine: &opts.AxisLine{LineStyle: &opts.LineStyle{Color: axisColor}}}
}

// nameAxis lists names from the top, cutting those that are too long.
func (d *drawing) nameAxis() opts.YAxis {
	return opts.YAxis{Type: "category", Inverse: opts.Bool(true),
		AxisLabel: &opts.AxisLabel{Color: textColor, FontSize: textSize, Interval: "0", Width: nameWidth, Overflow: "truncate", Ellipsis: "…"},
		AxisLine:  &opts.AxisLine{LineStyle: &opts.LineStyle{Color: axisColor}}}
}

// valueYAxis starts at zero: a bar that does not lies about its length.
func (d *drawing) valueYAxis(show bool) opts.YAxis {
	return opts.YAxis{Type: "value", Show: opts.Bool(show), AxisLabel: d.valueLabel(), AxisLine: &opts.AxisLine{Show: opts.Bool(false)},
		SplitNumber: 4, SplitLine: &opts.SplitLine{Show: opts.Bool(show), LineStyle: &opts.LineStyle{Color: splitColor}}}
}

func (d *drawing) valueXAxis(show bool) opts.XAxis {
	return opts.XAxis{Type: "value", Show: opts.Bool(show), AxisLabel: d.valueLabel(),
		AxisLine: &opts.AxisLine{Show: opts.Bool(false)}, AxisTick: &opts.AxisTick{Show: opts.Bool(false)},
		SplitNumber: 4, SplitLine: &opts.SplitLine{Show: opts.Bool(show), LineStyle: &opts.LineStyle{Color: splitColor}}}
}

func (d *drawing) valueLabel() *opts.AxisLabel {
	label := &opts.AxisLabel{Color: textColor, FontSize: textSize}
	if d.unit == analysis.Share || d.unit == analysis.Percent {
		label.Formatter = "{value}%"
	}
	return label
}

// axisLabels are the labels as an axis shows them: months by their short names,
// the year below the first and below each January.
func (d *drawing) axisLabels() []string {
	texts := d.labels()
	year := 0
	for i := range d.chart.Labels {
		month := d.chart.Labels[i].Month
		if month == 0 || d.chart.Labels[i].Key != "" {
			continue
		}
		texts[i] = d.words.MonthName(month)
		if int(month)/12 != year {
			year = int(month) / 12
			texts[i] += "\n" + strconv.Itoa(year)
		}
	}
	return texts
}

// span is a value axis whose ends are fixed: from low to high in steps.
type span struct{ low, high, step float64 }

// spanOf returns an axis with round steps from zero over values; room is the
// share of the height left above the largest and below the smallest.
func spanOf(values []float64, room float64) span {
	low, high := 0.0, 0.0
	for _, v := range values {
		low, high = min(low, v), max(high, v)
	}
	if low == high {
		high = 1
	}
	s := span{step: niceStep((high - low) / 4)}
	s.high = math.Ceil((high+room*(high-low))/s.step) * s.step
	s.low = math.Floor(low/s.step) * s.step
	return s
}

// niceStep is the next of 1, 2, 5, 10, 20, 50 … from a width on.
func niceStep(width float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(width)))
	for _, n := range []float64{1, 2, 5} {
		if n*power >= width {
			return n * power
		}
	}
	return 10 * power
}

// datedX is an axis whose labels may have two lines, the month and the year.
type datedX struct {
	opts.XAxis
	AxisLabel datedLabel `json:"axisLabel"`
}

type datedLabel struct {
	*opts.AxisLabel
	LineHeight int `json:"lineHeight"`
}

// dated gives the lines of labels room below each other.
func dated(axis opts.XAxis) datedX { return datedX{axis, datedLabel{axis.AxisLabel, textSize + 2}} }

// steppedX and steppedY are axes with the field that the option builder lacks.
type (
	steppedX struct {
		opts.XAxis
		Interval float64 `json:"interval"`
	}
	steppedY struct {
		opts.YAxis
		Interval float64       `json:"interval"`
		AxisTick opts.AxisTick `json:"axisTick"`
	}
)

func (s span) onY(axis opts.YAxis) steppedY {
	return steppedY{axis, s.step, opts.AxisTick{Show: opts.Bool(false)}}
}

// values returns what can be drawn of series.
func (d *drawing) values(series []analysis.Series, divisor int64) []float64 {
	var list []float64
	for i := range series {
		for _, v := range series[i].Values {
			if at, ok := d.position(v, divisor).(float64); ok {
				list = append(list, at)
			}
		}
	}
	return list
}

// textWidth is the width of a text of a chart in pixels.
func textWidth(text string) float64 { return measure(text, strconv.Itoa(textSize)+"px") }

// shortened cuts a text to a width in pixels, with an ellipsis where something
// is missing.
func shortened(text string, width float64) string {
	if textWidth(text) <= width {
		return text
	}
	runes := []rune(text)
	for len(runes) > 0 && textWidth(render.Shortened(string(runes))) > width {
		runes = runes[:len(runes)-1]
	}
	return render.Shortened(string(runes))
}

// literal is a template of the charting library that stands for a text: a
// brace in a name must not become a gap.
func literal(text string) string { return braces.Replace(text) }

var braces = strings.NewReplacer("{", "(", "}", ")")
