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

// reader is a sheet for readers in the making: one section, its blocks below
// each other.
type reader struct {
	*book
	rows   []func(*rowWriter)
	widths []float64
	merges []string
}

// placeSections keeps the names of the sheets for readers, so that no data
// sheet takes them.
func (b *book) placeSections() {
	for i := range b.pack.Sections {
		if s := &b.pack.Sections[i]; b.hasSheet(s) {
			b.readers = append(b.readers, b.reserve(b.tabName(s)))
		}
	}
}

// tabName names the sheet of a section: its title, or a shorter one where the
// title is too long for a tab.
func (b *book) tabName(s *analysis.Section) string {
	if key := "workbook.section." + s.ID; b.words.Has(key) {
		return b.words.Text(key)
	}
	return b.words.Text("section." + s.ID)
}

// hasSheet reports whether a section is a sheet: it has tables or figures, and
// is about the whole book. A section about one rep is a page of its own; the
// workbook has the rep's figures on Figures and its rows by filter.
func (b *book) hasSheet(s *analysis.Section) bool {
	if s.Subject != "" {
		return false
	}
	for _, block := range s.Blocks {
		if block.Table != nil || block.Figures != nil {
			return true
		}
	}
	return false
}

// addSections adds the sheets for readers.
func (b *book) addSections() {
	n := 0
	for i := range b.pack.Sections {
		if s := &b.pack.Sections[i]; b.hasSheet(s) {
			b.addSection(b.readers[n], s)
			n++
		}
	}
}

func (b *book) addSection(name string, s *analysis.Section) {
	v := &reader{book: b}
	v.measure(s)
	v.line(textFormat, titleRole, b.words.Section(b.pack, s))
	v.line(textFormat, mutedRole, b.words.Text("pack.as_of", b.pack.AsOf.String())+"  ·  "+
		b.words.Text("pack.period", b.words.Text("period", b.pack.From.String(), b.pack.To.String()))+"  ·  "+
		b.words.Text("pack.currency", b.base().Code))
	for i := range s.Blocks {
		switch block := &s.Blocks[i]; {
		case block.Figures != nil:
			v.gap()
			v.figureBlock(block.Figures)
		case block.Table != nil:
			v.gap()
			v.table(block.Table)
		case block.Note != nil:
			if i == 0 || s.Blocks[i-1].Note == nil {
				v.gap()
			}
			v.note(block.Note)
		}
	}
	rows := v.rows
	b.add(&sheet{name: name, widths: v.widths, rows: len(rows), merges: v.merges, write: func(r *rowWriter) {
		for _, row := range rows {
			row(r)
		}
	}})
}

// measure sets the widths of the columns by what stands in them.
func (v *reader) measure(s *analysis.Section) {
	widen := func(col int, text string, atMost float64) {
		for len(v.widths) <= col {
			v.widths = append(v.widths, 14)
		}
		v.widths[col] = max(v.widths[col], min(atMost, textWidth(text)+2))
	}
	widen(5, "", 0) // room for sentences
	widen(0, strings.Repeat("x", 24), 44)
	for i := range s.Blocks {
		if f := s.Blocks[i].Figures; f != nil {
			for _, id := range f.IDs {
				widen(0, v.words.Label(v.pack, id), 44)
			}
		}
		if t := s.Blocks[i].Table; t != nil {
			for col := range t.Columns {
				widen(col, "", 0)
				widen(col, v.words.Column(v.pack, &t.Columns[col]), 18)
				for j := range t.Rows {
					if col < len(t.Rows[j].Cells) {
						widen(col, v.words.Cell(v.pack, &t.Rows[j].Cells[col]), 44)
					}
				}
			}
		}
	}
}

// textWidth is the width of a text in digits; a Chinese character is two.
func textWidth(text string) float64 {
	width := 0.0
	for _, c := range text {
		if width++; c >= 0x2E80 {
			width++
		}
	}
	return width
}

// add adds a row and returns its number.
func (v *reader) add(write func(*rowWriter)) int {
	v.rows = append(v.rows, func(r *rowWriter) {
		r.next()
		write(r)
	})
	return len(v.rows)
}

func (v *reader) gap() { v.add(func(*rowWriter) {}) }

func (v *reader) line(form format, as role, text string) {
	v.add(func(r *rowWriter) { r.text(v.style(form, as), text) })
}

// note writes a sentence over the width of the sheet.
func (v *reader) note(n *analysis.Note) {
	text := v.words.Note(v.pack, n)
	as := plainRole
	if n.Alarm {
		as = alarmRole
	}
	const sentenceColumns = 6
	width := 0.0
	for _, w := range v.widths[:sentenceColumns] {
		width += w
	}
	height := 14 * int(math.Ceil(textWidth(text)/width+0.1))
	v.rows = append(v.rows, func(r *rowWriter) {
		r.begin(height)
		r.text(v.style(wrapFormat, as), text)
	})
	row := len(v.rows)
	v.merges = append(v.merges, relative(1, row)+":"+relative(sentenceColumns, row))
}

// figureBlock lists figures of one subject with their unit, and why a missing
// one is missing.
func (v *reader) figureBlock(f *analysis.FigureBlock) {
	subject := v.subject(f.Subject)
	if subject == nil {
		return
	}
	v.add(func(r *rowWriter) {
		r.text(v.style(textFormat, headRole), v.words.Text("column.figure"))
		r.text(v.style(rightFormat, headRole), v.words.Text("column.value"))
		r.text(v.style(textFormat, headRole), v.words.Text("column.unit"))
	})
	for _, id := range f.IDs {
		if !subject.Has(id) {
			continue
		}
		value := subject.Values[id]
		cell := analysis.Cell{Value: &value, Currency: subject.Currency, Figure: subject.Path() + "/" + id.Def().Key}
		v.add(func(r *rowWriter) {
			r.text(v.style(textFormat, plainRole), v.words.Label(v.pack, id))
			v.value(r, &cell, plainRole)
			r.text(v.style(textFormat, mutedRole), v.unitName(value.Unit, v.currency(subject.Currency)))
			if value.IsAbsent() {
				r.text(v.style(textFormat, mutedRole), v.words.Reason(value.Absent))
			}
		})
	}
}

// subject finds a subject by its path.
func (b *book) subject(path string) *analysis.Subject {
	if b.subjects == nil {
		b.subjects = map[string]*analysis.Subject{}
		for _, s := range b.pack.Subjects() {
			b.subjects[s.Path()] = s
		}
	}
	return b.subjects[path]
}

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
	for i := range t.Rows {
		row := &t.Rows[i]
		as := [...]role{plainRole, subtotalRole, totalRole, markedRole}[row.Kind]
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

// cell writes a typed cell of a row.
func (v *reader) cell(r *rowWriter, row *analysis.Row, col int, as role) {
	c := &row.Cells[col]
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
