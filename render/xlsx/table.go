package xlsx

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/render"
)

// table writes a table with its title. A total that is the sum of the rows
// above it is that sum.
func (v *reader) table(t *analysis.Table) {
	v.add(func(r *rowWriter) { r.text(v.style(textFormat, subtotalRole), v.words.Table(t)) })
	v.rows = append(v.rows, func(r *rowWriter) {
		r.begin(v.headHeight(t))
		for i := range t.Columns {
			form := wrapFormat
			if t.Columns[i].Right {
				form = rightFormat
			}
			r.text(v.style(form, headRole), v.words.Column(v.pack, &t.Columns[i]))
		}
	})
	first := len(v.rows) + 1
	v.mark(t, first)
	for i := range t.Rows {
		row := &t.Rows[i]
		as := [...]role{plainRole, subtotalRole, totalRole, markedRole}[row.Kind]
		v.explain(t, row)
		v.add(func(r *rowWriter) {
			for col := range row.Cells {
				if sum := v.columnSum(t, i, col, first); sum != "" {
					c := &row.Cells[col]
					cur := v.currency(c.Currency)
					r.formula(v.style(money(cur), as), sum, decimal(c.Value.Minor, cur))
					continue
				}
				v.cell(r, row, col, as)
			}
		})
	}
	if t.More > 0 {
		v.line(textFormat, mutedRole, v.words.Text("workbook.more", v.words.Count(t.More)))
	}
}

// explain remembers where a table defines a figure, for what leads there.
func (v *reader) explain(t *analysis.Table, row *analysis.Row) {
	if len(t.Columns) > 1 && t.Columns[1].Key == "definition" {
		v.explained[row.Cells[0].Key] = quote(v.tab) + relative(1, len(v.rows)+1)
	}
}

// mark lets amounts past due stand out by their age, zeros step back, and
// differences alarm.
func (v *reader) mark(t *analysis.Table, first int) {
	last := first + len(t.Rows) - 1
	if n := len(t.Rows); n > 0 && t.Rows[n-1].Kind == analysis.TotalRow {
		last--
	}
	if last < first {
		return
	}
	for col := range t.Columns {
		cell := relative(col+1, first)
		area := cell + ":" + relative(col+1, last)
		if t.Columns[col].Key == "difference" {
			v.rules = append(v.rules, rule{area, "=" + cell + "<>0", look{color: alarmColor, bold: true}})
		}
		for i := range v.pack.Buckets {
			if t.Columns[col].Bucket == v.pack.Buckets[i].ID && v.bucketTotals(t, col) {
				v.rules = append(v.rules, v.bucketRules(i, cell, area)...)
			}
		}
	}
}

// bucketTotals reports whether a column of a bucket holds amounts, not rates.
func (v *reader) bucketTotals(t *analysis.Table, col int) bool {
	for i := range t.Rows {
		if cells := t.Rows[i].Cells; col < len(cells) && cells[col].Value != nil {
			return cells[col].Value.Unit == analysis.Money
		}
	}
	return false
}

// bucketRules shade amounts past due by the age of their bucket.
func (b *book) bucketRules(bucket int, cell, area string) []rule {
	rules := []rule{{area, "=" + cell + "=0", look{color: faintColor}}}
	if !b.pack.Buckets[bucket].NotDue {
		rules = append(rules, rule{area, "=" + cell + ">0", look{fill: tint(b.bucketColor(bucket))}})
	}
	return rules
}

// tint mixes a colour with white, so that a number on it stays easy to read.
func tint(color string) string {
	n, _ := strconv.ParseUint(color, 16, 32) // the palette's own
	mixed := uint64(0)
	for shift := 16; shift >= 0; shift -= 8 {
		part := n >> shift & 0xFF
		mixed = mixed<<8 | (part+5*0xFF)/6
	}
	return fmt.Sprintf("%06X", mixed)
}

// headHeight is the height of a head whose texts wrap, in points; 0 where one
// line is enough.
func (v *reader) headHeight(t *analysis.Table) int {
	lines := 1
	for i := range t.Columns {
		lines = max(lines, int(math.Ceil((textWidth(v.words.Column(v.pack, &t.Columns[i]))+2)/v.widths[i])))
	}
	if lines == 1 {
		return 0
	}
	return 14*lines + 2
}

// columnSum returns the formula of a total that is the sum of all rows above
// it; "" where the cell is a figure, no total, or no such sum.
func (v *reader) columnSum(t *analysis.Table, row, col, first int) string {
	c := &t.Rows[row].Cells[col]
	if t.Rows[row].Kind != analysis.TotalRow || c.Figure != "" || row == 0 || c.Value == nil || c.Value.Unit != analysis.Money || c.Value.IsAbsent() {
		return ""
	}
	sum := ledger.Minor(0)
	for i := range row {
		if t.Rows[i].Kind == analysis.SubtotalRow || t.Rows[i].Kind == analysis.TotalRow || col >= len(t.Rows[i].Cells) {
			return ""
		}
		above := &t.Rows[i].Cells[col]
		if above.Value == nil || above.Value.Unit != analysis.Money || above.Currency != c.Currency {
			return ""
		}
		sum += above.Value.Minor
	}
	if sum != c.Value.Minor {
		return ""
	}
	return round("SUM("+relative(col+1, first)+":"+relative(col+1, first+row-1)+")", v.currency(c.Currency))
}

// cell writes a typed cell of a row, and lets it lead to the subject it names.
func (v *reader) cell(r *rowWriter, row *analysis.Row, col int, as role) {
	c := &row.Cells[col]
	if c.Link != "" && c.Value == nil {
		if place := v.subjectPlace(c.Link); place != "" {
			if as == plainRole {
				as = linkRole
			}
			defer r.link(place)
		}
	}
	switch {
	case c.Value != nil && c.From != nil:
		v.derived(r, c, valueFormat(c.Value.Unit, v.currency(c.Currency)), cached(*c.Value, v.currency(c.Currency)), as)
	case c.Value != nil:
		v.value(r, c, as)
	case c.Key != "" || c.Bucket != "":
		r.text(v.style(textFormat, as), v.words.Cell(v.pack, c))
	case c.Date != 0:
		v.date(r, c.Date, as)
	case c.Month != 0:
		v.month(r, c.Month, as)
	case c.Rate.Given() && c.From != nil:
		v.derived(r, c, rateFormat, fraction(c.Rate.Rat()), as)
	case c.Rate.Given():
		v.ratio(r, c.Rate, rateFormat, as)
	default:
		r.text(v.style(textFormat, as), render.Clean(c.Text))
	}
}

// value writes a value: where it is a figure, the cell of the figure.
func (v *reader) value(r *rowWriter, c *analysis.Cell, as role) {
	cur := v.currency(c.Currency)
	style := v.style(valueFormat(c.Value.Unit, cur), as)
	dash := v.words.Text("number.absent")
	source := v.sourceOf(c)
	switch {
	case source == "" && c.Value.IsAbsent():
		r.text(style, dash)
	case source == "":
		r.number(style, cached(*c.Value, cur))
	default:
		v.orDash(r, style, `IF(`+source+`="",`+stringLiteral(dash)+`,`+source+`)`, cached(*c.Value, cur))
		r.link(source)
	}
}

// orDash writes a formula that shows a dash where its value is absent.
func (v *reader) orDash(r *rowWriter, style int, formula, value string) {
	if value == "" {
		r.formulaText(style, formula, v.words.Text("number.absent"))
		return
	}
	r.formula(style, formula, value)
}

// subjectPlace is where the workbook has the figures of a subject, by its path.
func (b *book) subjectPlace(path string) string {
	s := b.subject(path)
	switch {
	case s == nil:
		return ""
	case s.Level == analysis.CustomerLevel:
		return quote(b.customers.name) + relative(customerNameColumn, b.customers.rows[s.ID])
	}
	return figuresSheet + "!" + relative(figureIDColumn, b.figures.first[s])
}

// sourceOf is the cell of the figure that a cell shows; "" where it shows none,
// or not as the pack has it.
func (v *reader) sourceOf(c *analysis.Cell) string {
	if c.Figure == "" {
		return ""
	}
	value, ok := v.find(c.Figure)
	if !ok || cached(value, v.currency(c.Currency)) != cached(*c.Value, v.currency(c.Currency)) {
		return ""
	}
	return v.figureCell(c.Figure)
}

// find returns the value of a figure by its id.
func (b *book) find(id string) (analysis.Value, bool) {
	path, key, isBucket := cutLast(id, "/aging/")
	if isBucket {
		s := b.subject(path)
		for i := range b.pack.Buckets {
			if s != nil && b.pack.Buckets[i].ID == key {
				return analysis.Value{Unit: analysis.Money, Minor: s.Aging[i]}, true
			}
		}
	}
	path, key, _ = cutLast(id, "/")
	s := b.subject(path)
	figure, known := analysis.FigureByKey(key)
	if s == nil || !known {
		return analysis.Value{}, false
	}
	return s.Values[figure], true
}

// cutLast cuts a text at the last place where it holds a separator.
func cutLast(text, separator string) (before, after string, found bool) {
	if i := strings.LastIndex(text, separator); i >= 0 {
		return text[:i], text[i+len(separator):], true
	}
	return text, "", false
}

// derived writes what a cell follows from as a formula.
func (v *reader) derived(r *rowWriter, c *analysis.Cell, form format, value string, as role) {
	cells := make([]string, len(c.From.Of))
	for i, of := range c.From.Of {
		if cells[i] = v.operand(r, of); cells[i] == "" {
			r.number(v.style(form, as), value)
			return
		}
	}
	dash := stringLiteral(v.words.Text("number.absent"))
	formula := ""
	switch c.From.Op {
	case analysis.Same:
		formula = cells[0]
	case analysis.Negative:
		formula = "-" + cells[0]
	case analysis.Quotient:
		formula = cells[0] + "/" + cells[1]
	case analysis.SalesForLoss:
		formula = fmt.Sprintf(`IF(%s="",%s,IF(%s<=0,0,IF(%s<=0,%s,%s)))`, cells[0], dash, cells[0], cells[1], dash, round(cells[0]+"/"+cells[1], v.currency(c.Currency)))
	}
	// An absent operand is a text, a denominator may be zero: both are errors.
	v.orDash(r, v.style(form, as), "IFERROR("+formula+","+dash+")", value)
}

// operand is the cell or sum that an operand of an origin stands for; "" where
// the workbook has none.
func (v *reader) operand(r *rowWriter, of string) string {
	if n, ok := strings.CutPrefix(of, "#"); ok {
		col, err := strconv.Atoi(n)
		if err != nil {
			return ""
		}
		return relative(col+1, r.row)
	}
	if path, ok := strings.CutPrefix(of, analysis.MarginOf); ok {
		if s := v.subject(path); s != nil {
			return v.marginCell(s)
		}
		return ""
	}
	if bucket, ok := strings.CutPrefix(of, analysis.LossRateOf); ok {
		return v.ofBucket(bucket, lossRateName)
	}
	switch of {
	case analysis.ProvisionOfOwn:
		return round(v.sum(openPrefix, "provision_book", "is_specific", "1"), v.base())
	case analysis.ProvisionOpening:
		return round(v.sum(openingPrefix, "provision_book"), v.base())
	case analysis.ProvisionClosing:
		return round(v.sum(v.closingFrom(), "provision_book"), v.base())
	}
	if bucket, ok := strings.CutPrefix(of, analysis.ProvisionOf); ok {
		return v.ofBucket(bucket, func(i int) string {
			return round(v.sum(openPrefix, "provision_book", "bucket_no", whole(i+1), "is_specific", "0"), v.base())
		})
	}
	return v.figureCell(of)
}

// ofBucket returns what a bucket has, by its id; "" for an unknown one.
func (v *reader) ofBucket(id string, of func(i int) string) string {
	for i := range v.pack.Buckets {
		if v.pack.Buckets[i].ID == id {
			return of(i)
		}
	}
	return ""
}
