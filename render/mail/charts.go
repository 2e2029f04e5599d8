package mail

import (
	"fmt"
	"html/template"
	"strings"

	"duepack/analysis"
	"duepack/render/chart"
	"duepack/render/raster"
)

// The charts of a mail: as many, so wide in pixels of the page, drawn with
// twice as many for sharp screens, and so high: upright ones, and lying ones
// per row and around the rows.
const (
	mostCharts    = 2
	width         = 560
	uprightHeight = 240
	rowHeight     = 24
	aroundRows    = 50
	mostRows      = 8
)

// charts draws the first charts of the subject's sections. A subject whose
// sections show fewer has its aging, and a table of what is overdue as rows.
func (b *builder) charts() ([]chartView, []Picture, error) {
	views, pictures := []chartView{}, []Picture{}
	for i, c := range b.chosen() {
		height := uprightHeight
		if c.Kind == analysis.RowsChart {
			height = aroundRows + rowHeight*len(c.Labels)
		}
		option, err := chart.Option(c, b.words, b.pack)
		if err != nil {
			return nil, nil, err
		}
		svg, err := chart.SVG(option, width, height)
		if err != nil {
			return nil, nil, fmt.Errorf("chart %s: %w", c.ID, err)
		}
		png, err := raster.PNG(svg, 2*width)
		if err != nil {
			return nil, nil, fmt.Errorf("chart %s: %w", c.ID, err)
		}
		id := fmt.Sprintf("chart%d@duepack", i+1)
		v := chartView{Title: b.words.Chart(b.pack, c), Source: template.URL("cid:" + id), Height: height, rows: b.numbers(c)}
		texts := make([]string, len(v.rows))
		for i, row := range v.rows {
			texts[i] = row[0] + ": " + row[1]
		}
		v.Numbers = v.Title + ". " + strings.Join(texts, "; ")
		views, pictures = append(views, v), append(pictures, Picture{ID: id, PNG: png})
	}
	return views, pictures, nil
}

// chosen returns the charts of the mail.
func (b *builder) chosen() []*analysis.Chart {
	var list []*analysis.Chart
	for _, s := range b.sections() {
		for _, block := range s.Blocks {
			if block.Chart != nil && len(block.Chart.Labels) > 0 && len(list) < mostCharts {
				list = append(list, cut(block.Chart))
			}
		}
	}
	if len(list) < mostCharts && !hasChart(list, "aging") {
		list = append(list, b.aging())
	}
	if c := b.overdue(); c != nil && len(list) < mostCharts {
		list = append(list, c)
	}
	return list
}

func hasChart(list []*analysis.Chart, id string) bool {
	for _, c := range list {
		if c.ID == id {
			return true
		}
	}
	return false
}

// cut returns a chart of rows with those at the top only.
func cut(c *analysis.Chart) *analysis.Chart {
	if c.Kind != analysis.RowsChart || len(c.Labels) <= mostRows {
		return c
	}
	short := *c
	short.Labels = c.Labels[:mostRows]
	short.Series = make([]analysis.Series, len(c.Series))
	for i, s := range c.Series {
		short.Series[i] = s
		short.Series[i].Values = s.Values[:min(mostRows, len(s.Values))]
	}
	return &short
}

// aging is the chart of the subject's buckets.
func (b *builder) aging() *analysis.Chart {
	c := &analysis.Chart{ID: "aging", Kind: analysis.BarChart, Currency: b.subject.Currency, Series: []analysis.Series{{Key: "open"}}}
	for i, bucket := range b.pack.Buckets {
		c.Labels = append(c.Labels, analysis.Cell{Bucket: bucket.ID})
		c.Series[0].Values = append(c.Series[0].Values, analysis.Value{Unit: analysis.Money, Minor: b.subject.Aging[i]})
	}
	return c
}

// overdue is the first table of the subject that has a column of what is
// overdue, as rows; nil where there is none or nothing is overdue.
func (b *builder) overdue() *analysis.Chart {
	for _, s := range b.sections() {
		for _, block := range s.Blocks {
			if block.Table == nil {
				continue
			}
			if c := overdueRows(block.Table); c != nil {
				return cut(c)
			}
		}
	}
	return nil
}

func overdueRows(t *analysis.Table) *analysis.Chart {
	name, amount := -1, -1
	for i, column := range t.Columns {
		switch {
		case column.Key == "overdue":
			amount = i
		case column.Wide && name < 0:
			name = i
		}
	}
	if name < 0 || amount < 0 {
		return nil
	}
	c := &analysis.Chart{ID: "top_overdue", Kind: analysis.RowsChart, Series: []analysis.Series{{Key: "overdue"}}}
	for _, row := range t.Rows {
		cell := row.Cells[amount]
		if row.Kind != analysis.ItemRow || cell.Value == nil || cell.Value.IsAbsent() || cell.Value.Minor <= 0 {
			continue
		}
		c.Currency = cell.Currency
		c.Labels = append(c.Labels, row.Cells[name])
		c.Series[0].Values = append(c.Series[0].Values, *cell.Value)
	}
	if len(c.Labels) == 0 {
		return nil
	}
	return c
}

// numbers are the labels of a chart and their values, for those who see no
// picture.
func (b *builder) numbers(c *analysis.Chart) [][2]string {
	cur := b.pack.Currencies[c.Currency]
	rows := make([][2]string, len(c.Labels))
	for i := range c.Labels {
		texts := make([]string, len(c.Series))
		for j := range c.Series {
			texts[j] = b.words.Full(c.Series[j].Values[i], cur)
			if len(c.Series) > 1 {
				texts[j] = b.words.Series(b.pack, &c.Series[j]) + " " + texts[j]
			}
		}
		rows[i] = [2]string{b.words.Cell(b.pack, &c.Labels[i]), strings.Join(texts, ", ")}
	}
	return rows
}
