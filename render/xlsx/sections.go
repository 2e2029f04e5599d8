package xlsx

import (
	"math"
	"math/big"
	"slices"
	"strings"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/render"

	"github.com/xuri/excelize/v2"
)

// reader is a sheet for readers in the making: one section, its blocks below
// each other.
type reader struct {
	*book
	tab    string // its name
	sheet  *sheet
	rows   []func(*rowWriter)
	widths []float64
	merges []string
	charts []placedChart
	sparks []excelize.SparklineOptions
	rules  []rule
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

// addSections adds the sheets for readers. The sheets about what is open follow
// the first one with buckets.
func (b *book) addSections() {
	n, listed := 0, false
	for i := range b.pack.Sections {
		s := &b.pack.Sections[i]
		if !b.hasSheet(s) {
			continue
		}
		v := b.addSection(b.readers[n], s)
		if n == 0 {
			b.front = v
		}
		n++
		if !listed && slices.ContainsFunc(s.Blocks, func(block analysis.Block) bool { return block.Table != nil && render.ShowsBuckets(block) }) {
			b.addAgingList()
			b.addOpenItems()
			listed = true
		}
	}
	if !listed {
		b.addAgingList()
		b.addOpenItems()
	}
}

// headRows are the rows of a sheet for readers that stay in view: its title,
// and what it is about.
const headRows = 2

func (b *book) addSection(name string, s *analysis.Section) *reader {
	v := &reader{book: b, tab: name}
	v.measure(s)
	v.line(textFormat, titleRole, b.words.Section(b.pack, s))
	v.line(textFormat, mutedRole, b.words.Text("pack.as_of", b.pack.AsOf.String())+"  ·  "+
		b.words.Text("pack.period", b.words.Text("period", b.pack.From.String(), b.pack.To.String()))+"  ·  "+
		b.words.Text("pack.currency", b.base().Code))
	if name != b.readers[0] {
		v.add(func(r *rowWriter) {
			r.text(v.style(textFormat, linkRole), "← "+b.readers[0])
			r.link(quote(b.readers[0]) + "A1")
		})
	}
	for i := range s.Blocks {
		if s.Blocks[i].Depth != analysis.InBrief {
			v.block(s, i)
		}
	}
	v.sheet = &sheet{name: name, head: headRows, tab: linkColor}
	v.sheet.about = b.aboutSection(s)
	v.finish()
	b.add(v.sheet)
	return v
}

// aboutSection says what a section has: its finding, else the titles of its
// tables.
func (b *book) aboutSection(s *analysis.Section) string {
	if s.Title != nil {
		return b.words.Section(b.pack, s)
	}
	var titles []string
	for i := range s.Blocks {
		if t := s.Blocks[i].Table; t != nil && s.Blocks[i].Depth != analysis.InBrief && !t.WhatIf {
			titles = append(titles, b.words.Table(t))
		}
	}
	return strings.Join(titles, "  ·  ")
}

// finish gives the sheet what the reader has gathered.
func (v *reader) finish() {
	area := "A3:" + relative(len(v.widths), max(3, len(v.rows)))
	s, rows := v.sheet, v.rows
	s.widths, s.rows, s.merges, s.charts, s.sparks = v.widths, len(rows), v.merges, v.charts, v.sparks
	s.rules = append(v.rules, rule{area, "=A3=" + stringLiteral(v.words.Text("number.absent")), look{color: faintColor}})
	s.write = func(r *rowWriter) {
		for _, row := range rows {
			row(r)
		}
	}
}

// block writes one block of a section.
func (v *reader) block(s *analysis.Section, i int) {
	subject := s.Subject
	if subject == "" {
		subject = v.pack.Company.Path()
	}
	switch block := &s.Blocks[i]; {
	case block.Figures != nil && len(block.Figures.Tiles) > 0:
		v.gap()
		v.tiles(block.Figures)
	case block.Figures != nil:
		v.gap()
		v.figureBlock(block.Figures)
	case block.Table != nil && block.Table.WhatIf:
		v.gap()
		v.add(func(r *rowWriter) {
			r.text(v.style(textFormat, linkRole), v.words.Table(block.Table)+" → "+v.names.whatIf)
			r.link(quote(v.names.whatIf) + "A1")
		})
	case block.Table != nil:
		v.gap()
		v.table(block.Table)
	case block.Chart != nil:
		v.gap()
		v.chart(block.Chart, subject)
	case block.Note != nil:
		v.noteAfter(s, i)
	}
}

// noteAfter writes a note, apart from what is no note, and below the heading of
// its list where it begins one.
func (v *reader) noteAfter(s *analysis.Section, i int) {
	n, before := s.Blocks[i].Note, (*analysis.Note)(nil)
	for i--; i >= 0 && before == nil; i-- {
		if s.Blocks[i].Depth == analysis.InBrief {
			continue
		}
		if before = s.Blocks[i].Note; before == nil {
			break
		}
	}
	if before == nil || before.List != n.List {
		v.gap()
		if n.List != "" {
			v.line(textFormat, subtotalRole, v.words.Text(n.List))
		}
	}
	v.note(n)
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
		if s.Blocks[i].Depth == analysis.InBrief {
			continue
		}
		if f := s.Blocks[i].Figures; f != nil {
			for _, id := range f.IDs {
				widen(0, v.words.Label(v.pack, id), 44)
			}
			for j := range f.Tiles {
				widen(0, v.words.Text(f.Tiles[j].Key), 44)
				widen(1, v.words.Cell(v.pack, &f.Tiles[j].Value), 44)
				widen(4, "", 0)
			}
		}
		if t := s.Blocks[i].Table; t != nil && !t.WhatIf {
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
		r.begin(rowPoints)
		write(r)
	})
	return len(v.rows)
}

// rowPoints is the height of a row of a sheet for readers. It is fixed, for a
// program that fits rows to their text moves them under the charts.
const rowPoints = 15

func (v *reader) gap() { v.add(func(*rowWriter) {}) }

func (v *reader) line(form format, as role, text string) {
	v.add(func(r *rowWriter) { r.text(v.style(form, as), text) })
}

// note writes a sentence over the width of the sheet.
func (v *reader) note(n *analysis.Note) {
	text, as := v.words.Note(v.pack, n), plainRole
	switch {
	case n.Alarm:
		as = alarmRole
	case n.Good:
		as, text = goodRole, "✓ "+text
	}
	if n.List != "" {
		text = "• " + text
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
			r.link(v.explained["figure."+id.Def().Key])
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

// tiles lists headline figures with what became of them since the month-end
// before, and their last month-ends as bars.
func (v *reader) tiles(f *analysis.FigureBlock) {
	v.rows = append(v.rows, func(r *rowWriter) {
		r.begin(headHeightPoints)
		r.text(v.style(textFormat, headRole), v.words.Text("column.figure"))
		r.text(v.style(rightFormat, headRole), v.words.Text("column.value"))
		r.text(v.style(textFormat, headRole), v.words.Text("column.unit"))
		r.text(v.style(rightFormat, headRole), v.words.Text("workbook.change"))
		r.text(v.style(textFormat, headRole), v.words.Text("workbook.trend"))
	})
	for i := range f.Tiles {
		v.tile(&f.Tiles[i])
	}
}

// tileHeightPoints leaves room for the bars of a tile.
const tileHeightPoints = 20

func (v *reader) tile(t *analysis.Tile) {
	label := v.words.Text(t.Key)
	cur := v.currency(t.Value.Currency)
	v.rows = append(v.rows, func(r *rowWriter) {
		r.begin(tileHeightPoints)
		r.text(v.style(textFormat, plainRole), label)
		_, key, _ := cutLast(t.Value.Figure, "/")
		r.link(v.explained["figure."+key])
		v.value(r, &t.Value, subtotalRole)
		r.text(v.style(textFormat, mutedRole), v.unitName(t.Value.Value.Unit, cur))
		v.change(r, t, cur)
		if t.Value.Value.IsAbsent() {
			r.text(v.style(textFormat, mutedRole), v.words.Reason(t.Value.Value.Absent))
		}
	})
	if area := v.plots.trend(v.book, label, t.Trend, t.Value.Currency); area != "" {
		v.sparks = append(v.sparks, excelize.SparklineOptions{
			Location: []string{relative(5, len(v.rows))}, Range: []string{area}, Type: "column", SeriesColor: "#" + linkColor, Last: true, Negative: anyNegative(t.Trend),
		})
	}
}

// anyNegative reports whether a value is below zero.
func anyNegative(values []analysis.Value) bool {
	return slices.ContainsFunc(values, func(v analysis.Value) bool { return v.Minor < 0 || v.Ratio != nil && v.Ratio.Sign() < 0 })
}

// change writes a tile's change on the month-end before: good news or bad news
// where a rise is either.
func (v *reader) change(r *rowWriter, t *analysis.Tile, cur ledger.Currency) {
	if t.Change.IsAbsent() {
		r.text(v.style(rightFormat, mutedRole), v.words.Text("number.absent"))
		return
	}
	rise := int(min(1, max(-1, t.Change.Minor)))
	if t.Change.Ratio != nil {
		rise = t.Change.Ratio.Sign()
	}
	as, sign := plainRole, t.Better*rise
	switch {
	case sign > 0:
		as = betterRole
	case sign < 0:
		as = worseRole
	}
	if t.Change.Unit == analysis.Share { // in percentage points
		points := new(big.Rat).Mul(t.Change.Ratio, big.NewRat(100, 1))
		r.number(v.style(pointsFormat, as), fraction(points))
		return
	}
	r.number(v.style(changeFormat(t.Change.Unit, cur), as), cached(t.Change, cur))
}
