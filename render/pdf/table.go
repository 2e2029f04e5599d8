package pdf

import (
	"sort"
	"strings"

	"duepack/analysis"
)

// Limits of tables.
const (
	mostItems = 60 // rows of one table; the workbook has all
	cellLines = 4  // of a text in a cell
	headLines = 3
	// shortTable is up to how many rows stay on one page.
	shortTable = 10
	lastRows   = 4 // of a table stay together
)

// attempt is one way to set a table: a size of type and the least width of
// its wide column in millimetres.
type attempt struct{ sizePt, wideMM float64 }

// attempts are tried from the best looking one on, none smaller than what can be
// read on a phone. A table that fits none is parted into several.
var attempts = []attempt{{8, 44}, {8, 36}, {7.5, 36}, {7.5, 28}, {7.5, 22}}

// tableGap is how far columns of a table that does not need the whole width
// stand apart beyond their padding: the eye loses a row whose cells are further.
const tableGap = 9.0

const cellPadX = 1.3

// cellPad is the white space above and below the text of a row.
func (l *layout) cellPad() float64 {
	const least, airy = 0.8, 0.8
	if l.plan.tight {
		return least / 2
	}
	return least + l.plan.stretch*airy
}

// grid is a table as texts.
type grid struct {
	columns []analysis.Column
	heads   []string
	rows    []gridRow
	buckets bool
}

type gridRow struct {
	kind  analysis.RowKind
	cells []gridCell
}

type gridCell struct {
	text   string
	absent bool
	link   string // an anchor of this document, or ""
}

// table adds a table under its title.
func (l *layout) table(t *analysis.Table) {
	if t.Exact {
		defer func(units int64) { l.units = units }(l.units)
		l.units = 0
	}
	l.heading(l.words.Table(t))
	if len(t.Rows) == 0 || len(t.Columns) == 0 {
		l.paragraph(l.words.Text("pack.none"), style{bodyPt, false, muted})
		return
	}
	g, left := l.grid(t)
	switch scaled, name := l.scaled(t, g); {
	case g.glossary():
		l.glossary(g)
	case scaled != nil:
		l.paragraph(name, labelStyle)
		l.add(space(0.6))
		l.parts(scaled)
	default:
		l.parts(g)
	}
	if more := t.More + left; more > 0 {
		l.strips[len(l.strips)-1].Keep = true
		l.add(space(0.8))
		l.strips[len(l.strips)-1].Keep = true
		l.paragraph(l.words.Text("pack.more", l.words.Count(more)), style{smallPt, false, muted})
	}
}

// scaled returns a table with its amounts in thousands, and their name, where it
// is too wide with whole amounts and fits then: rows in one line beat digits that
// nobody reads. It returns nil where that is not so, and for documents to the
// cent. Amounts in several currencies have no one unit.
func (l *layout) scaled(t *analysis.Table, g *grid) (*grid, string) {
	if l.units == 0 {
		return nil, ""
	}
	if _, widths := l.fitColumns(g, attempts); widths != nil {
		return nil, ""
	}
	currency, ok := oneCurrency(t)
	if !ok {
		return nil, ""
	}
	sub := l.column(l.widthMM)
	units, name := l.words.Thousands(l.pack.Currencies[currency])
	sub.units = units
	smaller, _ := sub.grid(t)
	if _, widths := sub.fitColumns(smaller, attempts); widths == nil {
		return nil, ""
	}
	return smaller, l.plain(name)
}

// oneCurrency returns the currency of all amounts of a table, if there is one.
func oneCurrency(t *analysis.Table) (currency int, ok bool) {
	for i := range t.Rows {
		for _, c := range t.Rows[i].Cells {
			if c.Value == nil || c.Value.Unit != analysis.Money {
				continue
			}
			if ok && c.Currency != currency {
				return 0, false
			}
			currency, ok = c.Currency, true
		}
	}
	return currency, ok
}

// grid writes the cells of a table and says how many rows it leaves out.
func (l *layout) grid(t *analysis.Table) (g *grid, left int) {
	g = &grid{columns: t.Columns}
	for i := range t.Columns {
		g.heads = append(g.heads, l.plain(l.words.Column(l.pack, &t.Columns[i])))
		g.buckets = g.buckets || t.Columns[i].Bucket != ""
	}
	items := 0
	for i := range t.Rows {
		row := gridRow{kind: t.Rows[i].Kind}
		if row.kind == analysis.ItemRow {
			if items++; items > min(l.plan.rows, mostItems) {
				left++
				continue
			}
		}
		for j := range t.Columns {
			row.cells = append(row.cells, l.cell(&t.Rows[i], j))
			g.buckets = g.buckets || j < len(t.Rows[i].Cells) && t.Rows[i].Cells[j].Bucket != ""
		}
		g.rows = append(g.rows, row)
	}
	return g, left
}

func (l *layout) cell(row *analysis.Row, j int) gridCell {
	if j >= len(row.Cells) {
		return gridCell{}
	}
	c := &row.Cells[j]
	text := l.words.Cell(l.pack, c)
	if c.Value != nil && c.Key == "" {
		text = l.value(*c.Value, l.pack.Currencies[c.Currency])
	}
	cell := gridCell{text: strings.TrimSpace(l.plain(text)), absent: c.Value != nil && c.Value.IsAbsent()}
	if l.places[c.Link] && c.Link != l.here {
		cell.link = c.Link
	}
	return cell
}

// parts sets a table, in several parts under each other where it is too wide:
// each begins with the first column.
func (l *layout) parts(g *grid) {
	for {
		if try, widths := l.fitColumns(g, attempts); widths != nil {
			l.set(g, try.sizePt, widths)
			return
		}
		n := (len(g.columns) + 2) / 2 // halves look better than a rest of one column
		for n > 2 {
			if _, widths := l.fitColumns(g.part(0, n), attempts); widths != nil {
				break
			}
			n--
		}
		head := g.part(0, n)
		try, widths := l.fitColumns(head, attempts)
		if widths == nil { // two columns that do not fit: share the width
			try, widths = attempts[len(attempts)-1], []float64{l.widthMM / 2, l.widthMM / 2}[:len(head.columns)]
		}
		l.set(head, try.sizePt, widths)
		if n >= len(g.columns) {
			return
		}
		l.add(space(3))
		g = g.part(n, len(g.columns))
	}
}

// part returns the columns from … to, after the first column where it is not
// one of them.
func (g *grid) part(from, to int) *grid {
	pick := func(i int) bool { return i == 0 || i >= from && i < to }
	out := &grid{buckets: g.buckets}
	for i := range g.columns {
		if pick(i) {
			out.columns, out.heads = append(out.columns, g.columns[i]), append(out.heads, g.heads[i])
		}
	}
	for _, row := range g.rows {
		cut := gridRow{kind: row.kind}
		for i := range row.cells {
			if pick(i) {
				cut.cells = append(cut.cells, row.cells[i])
			}
		}
		out.rows = append(out.rows, cut)
	}
	return out
}

// fitColumns returns the first attempt that the table fits with, and the
// widths of its columns; no widths where it fits with none.
func (l *layout) fitColumns(g *grid, list []attempt) (attempt, []float64) {
	if l.plan.tight {
		list = list[2:]
	}
	for _, try := range list {
		if widths := l.widths(g, try); widths != nil {
			return try, widths
		}
	}
	return attempt{}, nil
}

// headSize is the size of a table's head beside that of its rows.
func headSize(sizePt float64) float64 { return max(smallPt, sizePt-0.5) }

// tableWidth is how wide a table is whose cells have one line each.
func (l *layout) tableWidth(t *analysis.Table) float64 {
	g, _ := l.grid(t)
	sum := 0.0
	for i := range g.columns {
		sum += max(l.natural(g, i, attempts[0].sizePt), l.headWidth(g.heads[i], headSize(attempts[0].sizePt)))
	}
	return sum
}

// widths shares the width among columns: numbers get what they need, texts at
// least what keeps them readable and at most their length, and what is left
// goes to all evenly; but a table of little takes no more than the eye can
// follow. It returns nil where the width does not suffice.
func (l *layout) widths(g *grid, try attempt) []float64 {
	least, want := make([]float64, len(g.columns)), make([]float64, len(g.columns))
	sum, wanted := 0.0, 0.0
	for i := range g.columns {
		natural := l.natural(g, i, try.sizePt)
		least[i] = max(natural, l.headWidth(g.heads[i], headSize(try.sizePt)))
		if !g.columns[i].Right {
			floor := 19.0
			if g.columns[i].Wide {
				floor = try.wideMM
			}
			least[i] = max(min(natural, floor), min(l.headWidth(g.heads[i], headSize(try.sizePt)), floor), l.wordWidth(g, i, try.sizePt))
			want[i] = max(0, natural-least[i])
		}
		sum += least[i]
		wanted += want[i]
	}
	extra := l.widthMM - sum
	if extra < 0 {
		return nil
	}
	given := min(extra, wanted)
	even := (extra - given) / float64(len(least))
	if sum+given < 0.4*l.widthMM && l.widthMM > columnWidth {
		even = min(even, tableGap)
	}
	for i := range least {
		if wanted > 0 {
			least[i] += want[i] * given / wanted
		}
		least[i] += even
	}
	return least
}

// wordWidth returns the width at which a column tears no word of moderate
// length, such as a code or a name.
func (l *layout) wordWidth(g *grid, i int, sizePt float64) float64 {
	const mostMM = 32.0
	widest := 0.0
	for _, row := range g.rows {
		if part := l.fonts[weightIndex(strong(row.kind))].longestPart(row.cells[i].text, sizePt) + 2*cellPadX + 0.05; part <= mostMM {
			widest = max(widest, part)
		}
	}
	return widest
}

// natural returns the width of a column whose cells have one line each.
func (l *layout) natural(g *grid, i int, sizePt float64) float64 {
	widest := 0.0
	for _, row := range g.rows {
		widest = max(widest, l.width(row.cells[i].text, style{sizePt: sizePt, bold: strong(row.kind)}))
	}
	return widest + 2*cellPadX + 0.05
}

// headWidth returns the width at which a head needs no more than its lines,
// breaks no word, and has four ideographs side by side.
func (l *layout) headWidth(head string, sizePt float64) float64 {
	plain := l.fonts[0]
	inner := max(plain.longestPart(head, sizePt), min(plain.width(head, sizePt), 4*sizePt*mmPerPoint)) + 0.05
	for len(plain.wrap(head, sizePt, inner)) > headLines {
		inner += 1
	}
	return inner + 2*cellPadX
}

func strong(kind analysis.RowKind) bool { return kind != analysis.ItemRow }

func sumOf(widths []float64) float64 {
	sum := 0.0
	for _, w := range widths {
		sum += w
	}
	return sum
}

// set adds the strips of a table.
func (l *layout) set(g *grid, sizePt float64, widths []float64) {
	head := l.headStrip(g, headSize(sizePt), widths)
	l.add(head)
	for i := range g.rows {
		row := l.rowStrip(g, &g.rows[i], sizePt, widths)
		row.Head = head
		// A short table is not torn, nor a total from the last of what it sums, and
		// no row stands alone on a last page.
		row.Keep = i+1 < len(g.rows) && (len(g.rows) <= shortTable || i >= len(g.rows)-lastRows || strong(g.rows[i+1].kind) && !strong(g.rows[i].kind))
		l.add(row)
	}
}

func (l *layout) headStrip(g *grid, sizePt float64, widths []float64) *strip {
	s := style{sizePt, false, muted}
	wrapped := make([][]string, len(g.heads))
	most := 1
	for i, text := range g.heads {
		wrapped[i] = l.balanced(text, s, widths[i]-2*cellPadX)
		most = max(most, len(wrapped[i]))
	}
	height := float64(most)*lineHeight(sizePt) + 2*l.cellPad()
	out := &strip{Height: height, Keep: true, Buckets: g.buckets}
	x := 0.0
	for i := range g.heads {
		top := height - l.cellPad() - float64(len(wrapped[i]))*lineHeight(sizePt) // heads stand on the line
		for _, text := range wrapped[i] {
			out.Marks = append(out.Marks, l.inCell(text, s, g.columns[i].Right, x, baseline(top, sizePt), widths[i]))
			top += lineHeight(sizePt)
		}
		x += widths[i]
	}
	out.Marks = append(out.Marks, rule(0, height, sumOf(widths), 0.3, ink))
	return out
}

// balanced breaks a title or a head into no more lines than it needs, of about the same
// length: one ideograph alone on a second line reads like a slip.
func (l *layout) balanced(text string, s style, boxMM float64) []string {
	f := l.face(s)
	lines := f.wrap(text, s.sizePt, boxMM)
	switch {
	case len(lines) > headLines:
		return f.fit(text, s.sizePt, boxMM, headLines)
	case len(lines) > 1:
		return f.wrap(text, s.sizePt, f.narrowest(text, s.sizePt, boxMM, len(lines)))
	}
	return lines
}

// narrowest returns the width in millimetres, a number of steps below that of a
// box, at which a text takes as many lines as in the box, and at one step less
// more, or a part that does not break would have to. A narrower box never takes
// fewer lines, so that halving finds it.
func (f *face) narrowest(text string, sizePt, boxMM float64, lines int) float64 {
	const step = 0.5
	least := f.longestPart(text, sizePt)
	steps := sort.Search(int(boxMM/step), func(n int) bool {
		width := boxMM - float64(n+1)*step
		return width < least || len(f.wrap(text, sizePt, width)) > lines
	})
	return boxMM - float64(steps)*step
}

// inCell places one line in a cell. A closing bracket hangs over the edge, so
// that the digits of (1.00) stand under those of 1.00.
func (l *layout) inCell(text string, s style, right bool, x, base, width float64) *textMark {
	inner := width - 2*cellPadX
	if !right {
		return l.left(text, s, x+cellPadX, base, inner)
	}
	hang := 0.0
	if strings.HasSuffix(text, ")") {
		hang = min(l.width(")", s), cellPadX)
	}
	return l.right(text, s, x+width-cellPadX+hang, base, inner+hang)
}

func (l *layout) rowStrip(g *grid, row *gridRow, sizePt float64, widths []float64) *strip {
	s := style{sizePt, strong(row.kind), ink}
	wrapped := make([][]string, len(row.cells))
	most := 1
	for i, cell := range row.cells {
		wrapped[i] = []string{cell.text}
		if !g.columns[i].Right {
			wrapped[i] = l.face(s).fit(cell.text, sizePt, widths[i]-2*cellPadX, cellLines)
		}
		most = max(most, len(wrapped[i]))
	}
	height := float64(most)*lineHeight(sizePt) + 2*l.cellPad()
	out := &strip{Height: height, Buckets: g.buckets}
	width := sumOf(widths)
	switch row.kind {
	case analysis.TotalRow:
		out.Marks = append(out.Marks, rule(0, 0, width, 0.3, ink))
	case analysis.MarkedRow:
		out.Marks = append(out.Marks, box(0, 0, width, height, markTint), rule(0, height, width, 0.1, hairline))
	case analysis.SubtotalRow:
		out.Marks = append(out.Marks, rule(0, 0, width, 0.2, line), rule(0, height, width, 0.1, hairline))
	default:
		out.Marks = append(out.Marks, rule(0, height, width, 0.1, hairline))
	}
	x := 0.0
	for i, cell := range row.cells {
		look := s
		if cell.absent {
			look.color = muted
		}
		if cell.link != "" {
			look.color = accent
			out.Marks = append(out.Marks, &area{At: point{X: x, Y: 0}, W: widths[i], H: height, To: cell.link})
		}
		for j, text := range wrapped[i] {
			out.Marks = append(out.Marks, l.inCell(text, look, g.columns[i].Right, x, baseline(l.cellPad()+float64(j)*lineHeight(sizePt), sizePt), widths[i]))
		}
		x += widths[i]
	}
	return out
}
