package html

import (
	"fmt"
	"html/template"
	"strings"
	"unicode/utf8"

	"duepack/analysis"
)

// table is a table of the page. The rows of its body may be sorted, filtered
// and shown in part; those of its foot, as totals, stay below them.
type table struct {
	Title string
	Heads []head
	Body  []row
	Foot  []row
	Sort  bool // the body is a list, not a calculation that is read downwards
	More  string
}

// head is the head of a column: of text where Left, of numbers elsewhere.
type head struct {
	Text       string
	Left, Wide bool
}

type row struct {
	Class, ID string
	Cells     []cell
}

// cell is one cell; the first of a row is the row's head.
type cell struct {
	Text, ID, Reason string
	Sort             string // what the cell is sorted by, where its text is not it
	Link             string // anchor it leads to
	Lines            []string
}

// rowClasses give rows their look by their meaning.
var rowClasses = [...]string{analysis.ItemRow: "", analysis.SubtotalRow: "subtotal", analysis.TotalRow: "total", analysis.MarkedRow: "marked"}

func (b *builder) table(t *analysis.Table) *table {
	view := &table{Title: b.words.Table(t), Sort: isList(t)}
	for i := range t.Columns {
		c := &t.Columns[i]
		view.Heads = append(view.Heads, head{Text: b.words.Column(b.pack, c), Left: !c.Right, Wide: c.Wide})
	}
	view.Body = make([]row, 0, len(t.Rows))
	for i := range t.Rows {
		r := &t.Rows[i]
		made := row{Class: rowClasses[r.Kind], Cells: make([]cell, len(r.Cells))}
		for i := range r.Cells {
			made.Cells[i] = b.cell(&r.Cells[i])
		}
		if view.Sort && (r.Kind == analysis.TotalRow || isSum(r)) {
			view.Foot = append(view.Foot, made)
		} else {
			view.Body = append(view.Body, made)
		}
	}
	if t.More > 0 {
		view.More = b.words.Text("pack.more", b.words.Count(t.More))
	}
	return view
}

// fewestSorted is from how many rows on sorting tells a reader more than
// reading.
const fewestSorted = 3

// isList reports whether a table lists things that stand in no order of their
// own, such as customers. Lines with a name of the wording, such as those from
// the opening to the closing balance, are a calculation.
func isList(t *analysis.Table) bool {
	listed := 0
	for i := range t.Rows {
		r := &t.Rows[i]
		if r.Kind == analysis.SubtotalRow {
			return false
		}
		if r.Kind != analysis.TotalRow && !isSum(r) {
			listed++
		}
	}
	return listed >= fewestSorted
}

// isSum reports whether a row is named by the wording and is no subject, as
// "Others (12)": what such a row holds is summed, not listed.
func isSum(r *analysis.Row) bool {
	return len(r.Cells) > 0 && r.Cells[0].Key != "" && r.Cells[0].Link == "" && !r.Cells[0].Rate.Given()
}

func (b *builder) cell(c *analysis.Cell) cell {
	view := cell{Text: b.words.Cell(b.pack, c), ID: b.anchor(c.Figure), Sort: b.sortKey(c)}
	if b.targets[c.Link] {
		view.Link = c.Link
	}
	if c.Value != nil && c.Value.IsAbsent() {
		view.Reason = b.words.Text("pack.absent", b.words.Reason(c.Value.Absent))
	}
	return view
}

// sortKey returns what a cell is sorted by: the place of a bucket, and the
// value of a ratio, whose text is rounded. Amounts, counts and dates are sorted
// by their text, which says all of them.
func (b *builder) sortKey(c *analysis.Cell) string {
	switch {
	case c.Value != nil && c.Value.Ratio != nil && !c.Value.IsAbsent():
		return shortest(c.Value.Ratio.FloatString(6))
	case c.Rate.Given():
		return shortest(c.Rate.Rat().FloatString(6))
	case c.Bucket != "":
		for i := range b.pack.Buckets {
			if b.pack.Buckets[i].ID == c.Bucket {
				return fmt.Sprint(i)
			}
		}
		return fmt.Sprint(len(b.pack.Buckets))
	}
	return ""
}

// shortest cuts the zeros at the end of a decimal.
func shortest(decimal string) string {
	return strings.TrimSuffix(strings.TrimRight(decimal, "0"), ".")
}

// chartNumbers is the table below a chart: a row per label, a column per
// series.
func (b *builder) chartNumbers(c *analysis.Chart) *table {
	cur := b.pack.Currencies[c.Currency]
	view := &table{Title: b.words.Chart(b.pack, c), Heads: []head{{Text: b.words.Text("page.label"), Left: true, Wide: true}}}
	for i := range c.Series {
		name := b.words.Series(b.pack, &c.Series[i])
		if len(c.Series[i].Values) > 0 {
			if unit := b.words.Unit(c.Series[i].Values[0], cur); unit != "" {
				name += " (" + unit + ")"
			}
		}
		view.Heads = append(view.Heads, head{Text: name})
	}
	for i := range c.Labels {
		cells := []cell{{Text: b.words.Cell(b.pack, &c.Labels[i])}}
		for _, s := range c.Series {
			cells = append(cells, cell{Text: b.words.Value(s.Values[i], cur)})
		}
		view.Body = append(view.Body, row{Cells: cells})
	}
	return view
}

// manyColumns is from how many columns on a table stands closer.
const manyColumns = 10

// wrapsFrom is from how many characters on a text column may break its lines.
const wrapsFrom = 20

// columnClasses say once per table how its columns look, instead of once per
// cell: t3 is a third column of text, w3 one that breaks lines, r1 a first
// column of numbers.
func (t *table) columnClasses() string {
	var list []string
	if len(t.Heads) >= manyColumns {
		list = append(list, "many")
	}
	for i, h := range t.Heads {
		n := i + 1
		switch {
		case h.Left && (h.Wide || t.longest(i) >= wrapsFrom):
			list = append(list, fmt.Sprintf("t%d w%d", n, n))
		case h.Left:
			list = append(list, fmt.Sprintf("t%d", n))
		case i == 0:
			list = append(list, "r1")
		}
	}
	return strings.Join(list, " ")
}

// longest returns the length of the longest text in a column, in characters.
func (t *table) longest(column int) int {
	most := 0
	for _, r := range t.Body {
		if column < len(r.Cells) {
			most = max(most, utf8.RuneCountInString(r.Cells[column].Text))
		}
	}
	return most
}

// HTML writes the table. Its rows and cells have no end tags: HTML wants none,
// and a large book has a megabyte of them.
func (t *table) HTML() template.HTML {
	const aroundCell = 24 // bytes of a usual cell and what stands around it
	var m markup
	m.Grow(aroundCell * len(t.Heads) * (len(t.Body) + 2))
	m.tag(`<div class="table"><div class="scroll" tabindex="0" role="region"`)
	m.attr("aria-label", t.Title)
	m.tag("><table")
	m.attr("class", t.columnClasses())
	if t.Sort {
		m.tag(" data-sort")
	}
	m.tag("><caption>")
	m.text(t.Title)
	m.tag("</caption><thead><tr>")
	for _, h := range t.Heads {
		m.tag(`<th scope="col">`)
		m.text(h.Text)
	}
	m.tag("<tbody>")
	m.rows(t.Body)
	if len(t.Foot) > 0 {
		m.tag("<tfoot>")
		m.rows(t.Foot)
	}
	m.tag("</table></div>")
	if t.More != "" {
		m.tag(`<p class="rule">`)
		m.text(t.More)
		m.tag("</p>")
	}
	m.tag("</div>")
	return m.html()
}

func (m *markup) rows(rows []row) {
	for i := range rows {
		m.tag("\n<tr")
		m.attr("class", rows[i].Class)
		m.attr("id", rows[i].ID)
		m.tag(">")
		for j := range rows[i].Cells {
			m.cell(&rows[i].Cells[j], j == 0)
		}
	}
}

func (m *markup) cell(c *cell, first bool) {
	if first {
		m.tag(`<th scope="row"`)
	} else {
		m.tag("<td")
	}
	m.attr("id", c.ID)
	m.attr("data-v", c.Sort)
	m.attr("title", c.Reason)
	m.tag(">")
	switch {
	case c.Link != "":
		m.tag("<a")
		m.attr("href", string(to(c.Link)))
		m.tag(">")
		m.text(c.Text)
		m.tag("</a>")
	case len(c.Lines) > 0:
		m.tag("<details><summary>")
		m.text(c.Text)
		m.tag("</summary><ul>")
		for _, line := range c.Lines {
			m.tag("<li>")
			m.text(line)
		}
		m.tag("</ul></details>")
	default:
		m.text(c.Text)
	}
}
