package chart

import (
	"duepack/analysis"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// labelledBars is up to how many upright bars of one series carry their value.
const labelledBars = 14

// bars draws bars side by side, stacked, or lying with one row per label. Bars
// that carry their values need no value axis.
func (d *drawing) bars() map[string]any {
	bar := charts.NewBar()
	lying := d.chart.Kind == analysis.RowsChart
	labelled := len(d.chart.Series) == 1 && (lying || len(d.chart.Labels) <= labelledBars)
	grid := d.grid()
	if lying {
		grid.right = d.widestValue() + 12
		d.global(&bar.RectChart, grid, d.valueXAxis(!labelled), d.nameAxis())
	} else {
		d.global(&bar.RectChart, grid, d.labelAxis(), d.valueYAxis(!labelled))
	}
	bar.SetXAxis(d.axisLabels())
	for i := range d.chart.Series {
		d.addBars(bar, i, labelled)
	}
	if lying {
		bar.XYReversal()
	}
	bar.Validate()
	option := bar.JSON()
	if !lying {
		option["xAxis"] = dated(bar.XAxisList[0])
	}
	return option
}

// addBars adds one series.
func (d *drawing) addBars(bar *charts.Bar, i int, labelled bool) {
	series := &d.chart.Series[i]
	data := make([]opts.BarData, len(series.Values))
	for j, v := range series.Values {
		data[j] = opts.BarData{Name: d.words.Full(v, d.currency), Value: d.position(v, d.divisor)}
		if bucket := d.chart.Labels[j].Bucket; bucket != "" && len(d.chart.Series) == 1 {
			data[j].ItemStyle = &opts.ItemStyle{Color: bucketColor(d.pack, bucket)}
		}
		if labelled {
			data[j].Label = d.barLabel(v)
		}
	}
	settings := opts.BarChart{BarCategoryGap: "34%", BarGap: "6%"}
	if d.chart.Kind == analysis.StackedChart {
		settings.Stack = "all"
	}
	bar.AddSeries(d.words.Series(d.pack, series), data,
		charts.WithItemStyleOpts(opts.ItemStyle{Color: d.seriesColor(i)}), charts.WithBarChartOpts(settings))
	bar.MultiSeries[i].BarMaxWidth = "64"
	if d.chart.Kind == analysis.RowsChart {
		bar.MultiSeries[i].BarMaxWidth = "18"
	}
}

// barLabel writes the value above a bar or to its right. For a negative bar that
// is at the zero line, where nothing else stands; below or to its left it would
// run into the labels of the axis.
func (d *drawing) barLabel(v analysis.Value) *opts.Label {
	position := "top"
	if d.chart.Kind == analysis.RowsChart {
		position = "right"
	}
	return &opts.Label{Show: opts.Bool(true), Position: position, Color: textColor, FontSize: textSize, Formatter: d.words.Scaled(v, d.currency, d.divisor)}
}

// widestValue is the width in pixels of the widest value written beside a bar.
func (d *drawing) widestValue() float64 {
	widest := 0.0
	for i := range d.chart.Series {
		for _, v := range d.chart.Series[i].Values {
			widest = max(widest, textWidth(d.words.Scaled(v, d.currency, d.divisor)))
		}
	}
	return widest
}
