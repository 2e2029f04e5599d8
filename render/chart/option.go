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
)

// Text and line colours of charts; the page replaces them in dark mode.
const (
	textColor  = "#4a545e"
	axisColor  = "#9aa4ad"
	splitColor = "#e6e9ec"
)

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
// Its title says what is shown and the unit; the finding is the caption, which
// renderers write. Its key "labels", which the charting library does not know,
// has the labels in full where axes shorten them.
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
	option["title"] = d.titleOption()
	option["legend"] = d.legendOption()
	option["labels"] = d.labels()
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
