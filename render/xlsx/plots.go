package xlsx

import (
	"math"
	"strconv"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/render"

	"github.com/xuri/excelize/v2"
)

// plotsLayout is the sheet that holds what charts draw: one block per chart,
// its labels down and its series across. Values that are figures are formulas,
// so that a chart follows a changed assumption.
type plotsLayout struct {
	name   string
	rows   []func(*rowWriter)
	widths []float64
}

// placedChart is a chart over the cells of a sheet for readers.
type placedChart struct {
	cell          string
	width, height uint // in pixels
	plot          *plot
}

// rowPixels is what excelize takes a row of rowPoints for when it looks for the
// last row below a chart.
const rowPixels = 18

// place tells excelize that there is a chart: it writes the drawing and its
// relations. What the chart is, is written by plot.xml in place of excelize's.
func (b *book) place(s *sheet, c *placedChart) error {
	return b.file.AddChart(s.name, c.cell, &excelize.Chart{
		Type:      excelize.Col,
		Series:    []excelize.ChartSeries{{Name: c.plot.series[0].name.ref, Values: c.plot.series[0].values.ref}},
		Dimension: excelize.ChartDimension{Width: c.width, Height: c.height},
		Format:    excelize.GraphicOptions{AltText: xmlClean(c.plot.title)},
	})
}

// addPlots adds the sheet, where there is a chart.
func (b *book) addPlots() {
	l := &b.plots
	if len(l.rows) == 0 {
		return
	}
	b.add(&sheet{name: l.name, about: b.words.Text("workbook.about.plots"), widths: l.widths, rows: len(l.rows), tab: dataTab, write: func(r *rowWriter) {
		for _, row := range l.rows {
			r.next()
			row(r)
		}
	}})
}

// row adds a row to the sheet of charts and returns its number.
func (l *plotsLayout) row(write func(*rowWriter)) int {
	l.rows = append(l.rows, write)
	return len(l.rows)
}

func (l *plotsLayout) widen(col int, width float64) {
	for len(l.widths) <= col {
		l.widths = append(l.widths, 14)
	}
	l.widths[col] = max(l.widths[col], min(width, 40))
}

// block writes the data of a chart and returns the plot that draws it.
func (l *plotsLayout) block(v *reader, c *analysis.Chart, subject string) *plot {
	b := v.book
	p := &plot{kind: c.Kind, title: b.words.Chart(b.pack, c), axis: b.axisFormat(c)}
	l.row(func(r *rowWriter) { r.text(b.style(textFormat, subtotalRole), p.title) })
	head := l.row(func(r *rowWriter) {
		r.blank(b.style(textFormat, headRole))
		for i := range c.Series {
			r.text(b.style(rightFormat, headRole), b.words.Series(b.pack, &c.Series[i]))
		}
	})
	first := head + 1
	for i := range c.Labels {
		label := b.words.Cell(b.pack, &c.Labels[i])
		l.widen(0, textWidth(label)+2)
		l.row(func(r *rowWriter) {
			r.text(b.style(textFormat, plainRole), label)
			for j := range c.Series {
				v.plotted(r, c, i, j, subject)
			}
		})
	}
	last := len(l.rows)
	l.row(func(*rowWriter) {})
	at := func(col, from, to int) string { return quote(l.name) + absolute(col, from) + ":" + absolute(col, to) }
	labels := textRange{ref: at(1, first, last)}
	for i := range c.Labels {
		labels.texts = append(labels.texts, b.words.Cell(b.pack, &c.Labels[i]))
	}
	for i := range c.Series {
		s := &c.Series[i]
		l.widen(i+1, textWidth(b.words.Series(b.pack, s))+2)
		p.series = append(p.series, plotSeries{
			name:   textRange{ref: quote(l.name) + absolute(i+2, head), texts: []string{b.words.Series(b.pack, s)}},
			labels: labels, values: valueRange{at(i+2, first, last), b.plainValues(s.Values, c.Currency)},
			color: b.seriesColor(c, i), pointColors: b.pointColors(c),
		})
	}
	return p
}

// plotted writes one value of a chart: the figure of which it is the value,
// else the value; nothing where it is absent, which leaves a gap.
func (v *reader) plotted(r *rowWriter, c *analysis.Chart, label, series int, subject string) {
	s := &c.Series[series]
	cell := analysis.Cell{Value: &s.Values[label], Currency: c.Currency}
	if cell.Value.IsAbsent() {
		r.skip(1)
		return
	}
	switch l := &c.Labels[label]; {
	case l.Bucket != "" && s.Key == "open":
		cell.Figure = subject + "/aging/" + l.Bucket
	case l.Link != "":
		cell.Figure = l.Link + "/" + s.Key
	}
	v.value(r, &cell, plainRole)
}

// plainValues are the values of a chart as a cell has them; "" is a gap.
func (b *book) plainValues(values []analysis.Value, currency int) []string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = cached(value, b.currency(currency))
	}
	return texts
}

// The colours of series that are no buckets, sales and receipts first
// (docs/design.md).
var seriesColors = []string{"1D4F7C", "E0962E", "7FA7C4", "2F7D4F", "B04A2A", "5B6570"}

func (b *book) seriesColor(c *analysis.Chart, series int) string {
	for i := range b.pack.Buckets {
		if c.Series[series].Bucket == b.pack.Buckets[i].ID {
			return b.bucketColor(i)
		}
	}
	return seriesColors[series%len(seriesColors)]
}

// pointColors colour each label of a chart of buckets.
func (b *book) pointColors(c *analysis.Chart) []string {
	if len(c.Series) != 1 {
		return nil
	}
	var colors []string
	for i := range c.Labels {
		for j := range b.pack.Buckets {
			if c.Labels[i].Bucket == b.pack.Buckets[j].ID {
				colors = append(colors, b.bucketColor(j))
			}
		}
	}
	if len(colors) != len(c.Labels) {
		return nil
	}
	return colors
}

// axisFormat keeps the numbers of an axis short: thousands or millions of
// money, as the language counts them.
func (b *book) axisFormat(c *analysis.Chart) string {
	unit, largest := analysis.Money, ledger.Minor(0)
	for i := range c.Series {
		for _, value := range c.Series[i].Values {
			if !value.IsAbsent() {
				unit, largest = value.Unit, max(largest, value.Minor.Abs())
			}
		}
	}
	cur := b.currency(c.Currency)
	if unit != analysis.Money {
		return valueFormat(unit, cur).number(lettering{})
	}
	units := largest
	for range cur.Exponent {
		units /= 10
	}
	switch {
	case units >= 10*1_000_000, units >= 1_000_000 && c.Kind != analysis.RowsChart:
		return b.words.Text("workbook.axis.millions")
	case units >= 100_000:
		return b.words.Text("workbook.axis.thousands")
	}
	return money(ledger.Currency{}).number(lettering{})
}

// chart reserves rows for a chart, draws it over them, and says above it what
// it shows.
func (v *reader) chart(c *analysis.Chart, subject string) {
	if len(c.Series) == 0 || len(c.Labels) == 0 {
		return
	}
	p := v.plots.block(v, c, subject)
	v.line(textFormat, subtotalRole, p.title)
	if unit := v.chartUnit(c); unit != "" {
		v.line(textFormat, mutedRole, unit)
	}
	rows := 14
	if c.Kind == analysis.RowsChart {
		rows = 3 + int(math.Ceil(1.2*float64(len(c.Labels)*len(c.Series))))
	}
	v.charts = append(v.charts, placedChart{
		cell: relative(1, len(v.rows)+1), width: v.chartWidth(), height: uint(rows*rowPixels - 4), plot: p,
	})
	for range rows {
		v.gap()
	}
}

// chartWidth is the width of the sheet's columns in pixels, within what a
// screen and a page show.
func (v *reader) chartWidth() uint {
	width := 0.0
	for _, w := range v.widths {
		width += w
	}
	return uint(min(900, max(520, width*7)))
}

// chartUnit states what the values of a chart are counted in.
func (v *reader) chartUnit(c *analysis.Chart) string {
	for i := range c.Series {
		for _, value := range c.Series[i].Values {
			if !value.IsAbsent() {
				return v.words.Unit(value, v.currency(c.Currency))
			}
		}
	}
	return ""
}

// trend writes the values of a tile at the last month-ends and returns their
// range, for a sparkline; "" for fewer than two.
func (l *plotsLayout) trend(b *book, label string, values []analysis.Value, currency int) string {
	known := 0
	for i := range values {
		if !values[i].IsAbsent() {
			known++
		}
	}
	if known < 2 {
		return ""
	}
	l.widen(0, textWidth(label)+2)
	l.widen(len(values), 14)
	row := l.row(func(r *rowWriter) {
		r.text(b.style(textFormat, plainRole), label)
		for i := range values {
			cur := b.currency(currency)
			r.number(b.style(valueFormat(values[i].Unit, cur), plainRole), cached(values[i], cur))
		}
	})
	return quote(l.name) + relative(2, row) + ":" + relative(1+len(values), row)
}

// rangeBound writes a limit of an input.
func rangeBound(n float64) string { return render.Clean(strconv.FormatFloat(n*100, 'f', -1, 64)) + "%" }
