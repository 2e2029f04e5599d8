// Package chart draws the charts of a pack. A chart becomes one option of
// Apache ECharts, built with typed structs; the page draws that option in the
// browser, and SVG draws the same option without one for the PDF.
//
// It is the only package in which an amount becomes a float: a position on
// paper needs no cents. Every number that is printed comes from
// render.Words.
package chart

import (
	"encoding/json"
	"fmt"
	"math/big"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/render"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/go-echarts/go-echarts/v2/types"
)

// Text and line colours of charts; the page replaces them in dark mode.
const (
	textColor  = "#4a545e"
	axisColor  = "#9aa4ad"
	splitColor = "#e6e9ec"
)

// labelledBars is up to how many bars of one series carry their value.
const labelledBars = 14

// drawing is a chart while its option is built.
type drawing struct {
	chart *analysis.Chart
	words *render.Words
	pack  *analysis.Pack

	unit     analysis.Unit
	currency ledger.Currency
	divisor  int64  // whole units of currency per unit of the axis
	axisName string // unit of the value axis, as "CNY million"
}

// Option returns a chart's option as JSON, the same bytes for the same chart.
// The error is for a chart that is malformed: a series with more or fewer
// values than labels, or a kind that does not exist.
func Option(c *analysis.Chart, w *render.Words, p *analysis.Pack) ([]byte, error) {
	for i := range c.Series {
		if len(c.Series[i].Values) != len(c.Labels) {
			return nil, fmt.Errorf("chart %s: series %d has %d values for %d labels", c.ID, i, len(c.Series[i].Values), len(c.Labels))
		}
	}
	d := &drawing{chart: c, words: w, pack: p, currency: p.Currencies[c.Currency]}
	d.unit, d.divisor, d.axisName = d.axis(c.Series)
	var option map[string]any
	switch c.Kind {
	case analysis.BarChart, analysis.StackedChart, analysis.RowsChart:
		option = d.bars()
	case analysis.LineChart:
		option = d.lines()
	case analysis.ScatterChart:
		if len(c.Series) != 2 {
			return nil, fmt.Errorf("chart %s: a scatter chart has two series, not %d", c.ID, len(c.Series))
		}
		option = d.scatter()
	default:
		return nil, fmt.Errorf("chart %s: no chart of kind %q", c.ID, c.Kind)
	}
	delete(option, "toolbox")
	option["animation"] = false
	option["textStyle"] = map[string]any{"fontFamily": fontFamily, "color": textColor}
	return json.Marshal(option) // unlike JSONNotEscaped it reports NaN and Inf
}

// axis returns the unit that series share, the divisor that keeps its numbers
// short, and the unit's name.
func (d *drawing) axis(series []analysis.Series) (analysis.Unit, int64, string) {
	unit, found, largest := analysis.Money, false, ledger.Minor(0)
	for i := range series {
		for _, v := range series[i].Values {
			if v.IsAbsent() {
				continue
			}
			if !found {
				unit, found = v.Unit, true
			}
			largest = max(largest, v.Minor.Abs())
		}
	}
	if unit == analysis.Money {
		divisor, name := d.words.Scale(largest, d.currency)
		return unit, divisor, name
	}
	return unit, 1, d.words.Unit(analysis.Value{Unit: unit}, d.currency)
}

// position returns where on its axis a value stands, or "-", which leaves a
// gap, where it is absent.
func (d *drawing) position(v analysis.Value, divisor int64) any {
	if v.IsAbsent() {
		return "-"
	}
	at := new(big.Rat)
	switch v.Unit {
	case analysis.Money:
		scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(d.currency.Exponent)), nil)
		at.SetFrac(big.NewInt(int64(v.Minor)), scale.Mul(scale, big.NewInt(divisor)))
	case analysis.Count:
		at.SetInt64(int64(v.Minor))
	case analysis.Share:
		at.Mul(v.Ratio, big.NewRat(100, 1))
	default:
		at.Set(v.Ratio)
	}
	// Six decimals of an axis unit are far below the width of a line, and keep
	// the option small.
	rounded, _ := new(big.Rat).SetString(at.FloatString(6))
	drawn, _ := rounded.Float64()
	return drawn
}

func (d *drawing) labels() []string {
	texts := make([]string, len(d.chart.Labels))
	for i := range d.chart.Labels {
		texts[i] = d.words.Cell(d.pack, &d.chart.Labels[i])
	}
	return texts
}

// bars draws bars side by side, stacked, or lying with one row per label.
func (d *drawing) bars() map[string]any {
	bar := charts.NewBar()
	lying := d.chart.Kind == analysis.RowsChart
	labelled := len(d.chart.Series) == 1 && (lying || len(d.chart.Labels) <= labelledBars)
	d.global(&bar.RectChart, lying)
	bar.SetXAxis(d.labels())
	for i := range d.chart.Series {
		series := &d.chart.Series[i]
		data := make([]opts.BarData, len(series.Values))
		for j, v := range series.Values {
			data[j] = opts.BarData{Name: d.words.Full(v, d.currency), Value: d.position(v, d.divisor)}
			if bucket := d.chart.Labels[j].Bucket; bucket != "" && len(d.chart.Series) == 1 {
				data[j].ItemStyle = &opts.ItemStyle{Color: bucketColor(d.pack, bucket)}
			}
			if labelled {
				data[j].Label = d.barLabel(v, lying)
			}
		}
		options := []charts.SeriesOpts{charts.WithItemStyleOpts(opts.ItemStyle{Color: d.seriesColor(i)})}
		settings := opts.BarChart{BarCategoryGap: "35%", BarGap: "10%"}
		if d.chart.Kind == analysis.StackedChart {
			settings.Stack = "all"
		}
		bar.AddSeries(d.words.Series(d.pack, series), data, append(options, charts.WithBarChartOpts(settings))...)
		bar.MultiSeries[i].BarMaxWidth = "56"
	}
	if lying {
		bar.XYReversal()
	}
	bar.Validate()
	return bar.JSON()
}

// barLabel writes the value above a bar or to its right. For a negative bar that
// is at the zero line, where nothing else stands; below or to its left it would
// run into the labels of the axis.
func (d *drawing) barLabel(v analysis.Value, lying bool) *opts.Label {
	position := "top"
	if lying {
		position = "right"
	}
	return &opts.Label{Show: opts.Bool(true), Position: position, Color: textColor, FontSize: 11, Formatter: d.words.Scaled(v, d.currency, d.divisor)}
}

func (d *drawing) lines() map[string]any {
	line := charts.NewLine()
	d.global(&line.RectChart, false)
	line.SetXAxis(d.labels())
	for i := range d.chart.Series {
		series := &d.chart.Series[i]
		data := make([]opts.LineData, len(series.Values))
		for j, v := range series.Values {
			data[j] = opts.LineData{Name: d.words.Full(v, d.currency), Value: d.position(v, d.divisor), Symbol: "circle", SymbolSize: 5}
		}
		line.AddSeries(d.words.Series(d.pack, series), data,
			charts.WithLineStyleOpts(opts.LineStyle{Color: d.seriesColor(i), Width: 2}),
			charts.WithItemStyleOpts(opts.ItemStyle{Color: d.seriesColor(i)}))
	}
	line.Validate()
	return line.JSON()
}

// scatter draws one point per label, its first series along x, its second up y.
func (d *drawing) scatter() map[string]any {
	scatter := charts.NewScatter()
	d.global(&scatter.RectChart, false)
	x, y := &d.chart.Series[0], &d.chart.Series[1]
	_, xDivisor, xUnit := d.axis(d.chart.Series[:1])
	_, yDivisor, yUnit := d.axis(d.chart.Series[1:])
	xAxis, yAxis := d.valueXAxis(), d.valueYAxis()
	xAxis.Name, xAxis.NameLocation, xAxis.NameGap = joinUnit(d.words.Series(d.pack, x), xUnit), "middle", 26
	d.axisName = joinUnit(d.words.Series(d.pack, y), yUnit)
	scatter.SetGlobalOptions(charts.WithXAxisOpts(xAxis), charts.WithYAxisOpts(yAxis), charts.WithTitleOpts(d.unitTitle(false)))
	names := d.labels()
	var data []opts.ScatterData
	for i := range names {
		if x.Values[i].IsAbsent() || y.Values[i].IsAbsent() {
			continue
		}
		data = append(data, opts.ScatterData{Name: names[i], SymbolSize: 10, Symbol: "circle",
			Value: []any{d.position(x.Values[i], xDivisor), d.position(y.Values[i], yDivisor)}})
	}
	scatter.AddSeries(d.words.Chart(d.pack, d.chart), data,
		charts.WithItemStyleOpts(opts.ItemStyle{Color: palette[0]}),
		charts.WithLabelOpts(opts.Label{Show: opts.Bool(true), Position: "right", Formatter: "{b}", Color: textColor, FontSize: 11}))
	scatter.Validate()
	return scatter.JSON()
}

func joinUnit(name, unit string) string {
	if unit == "" {
		return name
	}
	return name + " (" + unit + ")"
}

// global sets axes, grid, legend and tooltip.
func (d *drawing) global(rect *charts.RectChart, lying bool) {
	legend := len(d.chart.Series) > 1 && d.chart.Kind != analysis.ScatterChart
	grid := opts.Grid{Left: "8", Right: "24", Top: "34", Bottom: "8", ContainLabel: opts.Bool(true)}
	if d.chart.Kind == analysis.ScatterChart {
		grid.Bottom, grid.Right = "30", "90"
	}
	if lying {
		grid.Top, grid.Right = "8", "56"
		if d.axisName != "" {
			grid.Bottom = "26"
		}
	}
	if legend {
		grid.Top = "46"
		if lying {
			grid.Top = "34"
		}
	}
	x, y := d.categoryAxis(), d.valueYAxis()
	if lying {
		x, y = d.valueXAxis(), d.categoryYAxis()
	}
	rect.SetGlobalOptions(
		charts.WithInitializationOpts(opts.Initialization{Theme: types.ThemeWesteros}), // any theme but white: it would add a palette
		charts.WithGridOpts(grid),
		charts.WithXAxisOpts(x), charts.WithYAxisOpts(y),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(legend), Top: "0", Right: "0", TextStyle: &opts.TextStyle{Color: textColor, FontSize: 12}}),
		charts.WithTitleOpts(d.unitTitle(lying)),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: d.trigger()}),
	)
}

// unitTitle states the unit of an upright value axis above it, flush left: as
// the axis' name it would be centred on the axis and cut off. The title of the
// chart itself is the caption of the page.
func (d *drawing) unitTitle(lying bool) opts.Title {
	if lying {
		return opts.Title{}
	}
	return opts.Title{Title: d.axisName, Left: "0", Top: "0", TitleStyle: &opts.TextStyle{Color: textColor, FontSize: 11, FontWeight: "normal"}}
}

// trigger shows all series of a label together where there are several.
func (d *drawing) trigger() string {
	if d.chart.Kind == analysis.ScatterChart {
		return "item"
	}
	return "axis"
}

func (d *drawing) categoryAxis() opts.XAxis {
	label := &opts.AxisLabel{Color: textColor, FontSize: 11, HideOverlap: opts.Bool(true)}
	if len(d.chart.Labels) <= 8 {
		label.Interval = "0"
	}
	return opts.XAxis{Type: "category", AxisLabel: label,
		AxisTick: &opts.AxisTick{Show: opts.Bool(false)},
		AxisLine: &opts.AxisLine{LineStyle: &opts.LineStyle{Color: axisColor}}}
}

// categoryYAxis lists labels from the top, cutting names that are too long.
func (d *drawing) categoryYAxis() opts.YAxis {
	return opts.YAxis{Type: "category", Inverse: opts.Bool(true),
		AxisLabel: &opts.AxisLabel{Color: textColor, FontSize: 11, Interval: "0", Width: 150, Overflow: "truncate"},
		AxisLine:  &opts.AxisLine{LineStyle: &opts.LineStyle{Color: axisColor}}}
}

// valueYAxis starts at zero: a bar that does not lies about its length.
func (d *drawing) valueYAxis() opts.YAxis {
	return opts.YAxis{Type: "value", AxisLabel: d.valueLabel(), AxisLine: &opts.AxisLine{Show: opts.Bool(false)},
		SplitNumber: 4, SplitLine: &opts.SplitLine{Show: opts.Bool(true), LineStyle: &opts.LineStyle{Color: splitColor}}}
}

func (d *drawing) valueXAxis() opts.XAxis {
	return opts.XAxis{Type: "value", Name: d.axisName, NameLocation: "middle", NameGap: 24, AxisLabel: d.valueLabel(),
		AxisLine: &opts.AxisLine{Show: opts.Bool(false)}, AxisTick: &opts.AxisTick{Show: opts.Bool(false)},
		SplitNumber: 4, SplitLine: &opts.SplitLine{Show: opts.Bool(true), LineStyle: &opts.LineStyle{Color: splitColor}}}
}

func (d *drawing) valueLabel() *opts.AxisLabel {
	label := &opts.AxisLabel{Color: textColor, FontSize: 11}
	if d.unit == analysis.Share || d.unit == analysis.Percent {
		label.Formatter = "{value}%"
	}
	return label
}
