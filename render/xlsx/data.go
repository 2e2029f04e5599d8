package xlsx

import (
	"slices"
	"strconv"
	"strings"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/render"
)

// maxRows is the number of rows of a sheet, less its head. Tests lower it.
var maxRows = 1<<20 - 1

// bareRows is the number of rows above which the cells of a data sheet do not
// say where they stand. Each stands behind the one before it all the same, as
// the standard has it, and the packed sheet is less than half as long. Few
// readers do not know that (exceljs does not); those fail on sheets of this
// size for other reasons. Tests lower it.
var bareRows = 20_000

// column is a column of a data sheet whose rows are of type T.
type column[T any] struct {
	key     string // names the range prefix_key where sum is set, and the column in formulas of its row
	head    string
	width   float64
	right   bool                         // head over numbers
	text    func(row *T) string          // what is written, where the column is as wide as its texts
	sum     bool                         // formulas of other sheets refer to the column
	selects bool                         // a number that formulas select by
	owner   func(row *T) *analysis.Owner // where cells say nothing but whose the row is
	write   func(r *rowWriter, row *T)
}

// dataTable is a list of detail rows: the sheet that formulas add up. Formulas
// in its rows refer to their own row and to named cells only, so that a reader
// can sort and filter it.
type dataTable[T any] struct {
	prefix  string
	name    string
	about   string
	rows    []T
	columns []column[T]
	letter  map[string]string
	freeze  int
	made    int // formulas of rows
}

// dataSource is a dataTable whatever its rows.
type dataSource interface {
	place(b *book)
	addTo(b *book)
}

// dataPlace says where a data table stands.
type dataPlace struct {
	sheets []string // one per maxRows rows
}

// formula makes a formula over cells of its row: text is given a function that
// names a column's cell in it.
func (t *dataTable[T]) formula(text func(at func(key string) string) string) *rowFormula {
	t.made++
	return newRowFormula(t.made-1, text(func(key string) string { return t.letter[key] + rowMark }))
}

// formulas is formula for every number of decimals, each made when it is first
// asked for: the letters of the columns are known only after place.
func (t *dataTable[T]) formulas(text func(at func(key string) string, cur ledger.Currency) string) func(cur ledger.Currency) *rowFormula {
	var made [exponents]*rowFormula
	return func(cur ledger.Currency) *rowFormula {
		if made[cur.Exponent] == nil {
			made[cur.Exponent] = t.formula(func(at func(string) string) string { return text(at, cur) })
		}
		return made[cur.Exponent]
	}
}

// place gives the table its sheets and names its ranges.
func (t *dataTable[T]) place(b *book) {
	place := &dataPlace{}
	t.letter = map[string]string{}
	for i, c := range t.columns {
		t.letter[c.key] = letters(i + 1)
	}
	for first := 0; first == 0 || first < len(t.rows); first += maxRows {
		name := b.reserve(t.name)
		place.sheets = append(place.sheets, name)
		last := 1 + max(1, min(len(t.rows)-first, maxRows))
		for i, c := range t.columns {
			if c.sum {
				b.define(rangeName(t.prefix, c.key, len(place.sheets)), quote(name)+absolute(i+1, 2)+":"+absolute(i+1, last))
			}
		}
	}
	b.data[t.prefix] = place
}

// headHeightPoints leaves room for two lines in the heads of data sheets.
const headHeightPoints = 30

// rangeName names a column of a data table on its n-th sheet.
func rangeName(prefix, key string, n int) string {
	name := prefix + "_" + key
	if n > 1 {
		name += "_" + strconv.Itoa(n)
	}
	return name
}

// addTo adds the table's sheets.
func (t *dataTable[T]) addTo(b *book) {
	widths := make([]float64, len(t.columns))
	for i := range t.columns {
		widths[i] = t.width(&t.columns[i])
	}
	for n, name := range b.data[t.prefix].sheets {
		rows := t.rows[min(n*maxRows, len(t.rows)):min((n+1)*maxRows, len(t.rows))]
		b.add(&sheet{
			name: name, about: t.about, widths: widths, rows: 1 + len(rows), head: 1, freeze: t.freeze, filter: true,
			keys: t.keys(), printed: t.printed(), bare: len(rows) > bareRows, tab: dataTab, zoom: dataZoom, rules: t.rules(b, 1+len(rows)),
			write: func(r *rowWriter) { t.writeRows(b, r, rows) },
		})
	}
}

// dataZoom shows more of the wide data sheets, in per cent.
const dataZoom = 85

// widestText bounds how wide a text makes its column.
const widestText = 40

// width is the width of a column: of its longest text, where it has texts of
// its own.
func (t *dataTable[T]) width(c *column[T]) float64 {
	if c.text == nil {
		return c.width
	}
	widest := textWidth(c.head)
	for i := range t.rows {
		widest = wider(widest, c.text(&t.rows[i]))
	}
	return max(8, min(widestText, widest+2))
}

// wider is a width or that of a text, whichever is more. No text is wider than
// it has bytes, so most need not be looked at.
func wider(width float64, text string) float64 {
	if float64(len(text)) <= width {
		return width
	}
	return max(width, textWidth(text))
}

// widthOf is the width of a column that holds some of a list of texts.
func widthOf(head string, texts []string) float64 {
	widest := textWidth(head)
	for _, text := range texts {
		widest = wider(widest, text)
	}
	return max(8, min(widestText, widest+2))
}

// printed counts the columns that are printed, which end with the source.
func (t *dataTable[T]) printed() int {
	return 1 + slices.IndexFunc(t.columns, func(c column[T]) bool { return c.key == "place" })
}

// keys is the first of the columns that formulas select by.
func (t *dataTable[T]) keys() int {
	return 1 + slices.IndexFunc(t.columns, func(c column[T]) bool { return c.selects })
}

// rules shade the bucket of what is past due.
func (t *dataTable[T]) rules(b *book, last int) []rule {
	column, number := t.letter["bucket"], t.letter["bucket_no"]
	if column == "" {
		return nil
	}
	var rules []rule
	for i := range b.pack.Buckets {
		if !b.pack.Buckets[i].NotDue {
			rules = append(rules, rule{column + "2:" + column + strconv.Itoa(max(2, last)), "=$" + number + "2=" + whole(i+1), look{fill: tint(b.bucketColor(i))}})
		}
	}
	return rules
}

func (t *dataTable[T]) writeRows(b *book, r *rowWriter, rows []T) {
	r.begin(headHeightPoints)
	for _, c := range t.columns {
		form := textFormat
		if c.right {
			form = rightFormat
		}
		r.text(b.style(form, headRole), c.head)
	}
	writers := t.writers(r.bare)
	for i := range rows {
		r.next()
		for _, write := range writers {
			write(r, &rows[i])
		}
	}
}

// writers write the cells of a row. Columns side by side that say nothing but
// whose the row is are written at once, where cells do not say where they stand:
// a customer has many rows, one below the other.
func (t *dataTable[T]) writers(bare bool) []func(*rowWriter, *T) {
	var writers []func(*rowWriter, *T)
	for first, end := 0, 0; first < len(t.columns); first = end {
		end = first + 1
		for bare && t.columns[first].owner != nil && end < len(t.columns) && t.columns[end].owner != nil {
			end++
		}
		if end == first+1 {
			writers = append(writers, t.columns[first].write)
		} else {
			writers = append(writers, ofOneOwner(t.columns[first:end]))
		}
	}
	return writers
}

// ofOneOwner writes columns as the row before has them, where it has the same
// owner.
func ofOneOwner[T any](columns []column[T]) func(*rowWriter, *T) {
	var last analysis.Owner
	var cells []byte
	return func(r *rowWriter, row *T) {
		owner := columns[0].owner(row)
		if len(cells) > 0 && *owner == last {
			r.buf = append(r.buf, cells...)
			r.col += len(columns)
			return
		}
		start := len(r.buf)
		for i := range columns {
			columns[i].write(r, row)
		}
		last, cells = *owner, append(cells[:0], r.buf[start:]...)
	}
}

// sum returns the sum of a column of a data table over the rows that meet all
// conditions: pairs of a column and a criterion. It is exact on ranges and
// never compares texts, which SUMIFS would match by pattern and without case.
func (b *book) sum(prefix, key string, conditions ...string) string {
	var sums []string
	for n := range b.data[prefix].sheets {
		amounts := rangeName(prefix, key, n+1)
		if len(conditions) == 0 {
			sums = append(sums, "SUM("+amounts+")")
			continue
		}
		args := []string{amounts}
		for i := 0; i < len(conditions); i += 2 {
			args = append(args, rangeName(prefix, conditions[i], n+1), conditions[i+1])
		}
		sums = append(sums, "SUMIFS("+strings.Join(args, ",")+")")
	}
	if len(sums) == 1 {
		return sums[0]
	}
	return "(" + strings.Join(sums, "+") + ")"
}

// count returns the number of rows of a data table that meet all conditions.
func (b *book) count(prefix string, conditions ...string) string {
	var counts []string
	for n := range b.data[prefix].sheets {
		var args []string
		for i := 0; i < len(conditions); i += 2 {
			args = append(args, rangeName(prefix, conditions[i], n+1), conditions[i+1])
		}
		counts = append(counts, "COUNTIFS("+strings.Join(args, ",")+")")
	}
	return strings.Join(counts, "+")
}

// round wraps a formula so that it gives whole minor units of a currency: the
// rounding at the document of rules §1, and in sums no trace of binary
// fractions.
func round(formula string, cur ledger.Currency) string {
	return "ROUND(" + formula + "," + strconv.Itoa(cur.Exponent) + ")"
}

// The columns that say whose figures a row counts in: names for readers, and
// at the end of the sheet the numbers that formulas select by.

// ownerColumns name the subjects a row counts in.
type ownerColumns[T any] struct {
	id, name, rep, region, currency column[T]
}

func (o ownerColumns[T]) all() []column[T] {
	return []column[T]{o.id, o.name, o.rep, o.region, o.currency}
}

func ownerNames[T any](b *book, owner func(*T) *analysis.Owner) ownerColumns[T] {
	style, texts := b.style(textFormat, plainRole), b.ownerTexts()
	text := func(key string, texts subjectTexts, index func(*analysis.Owner) int32) column[T] {
		ready := texts.ready
		return column[T]{key: key, head: texts.head, width: texts.width, owner: owner, write: func(r *rowWriter, row *T) {
			r.ready(style, ready[index(owner(row))])
		}}
	}
	customer := func(o *analysis.Owner) int32 { return o.Customer }
	return ownerColumns[T]{
		id:       text("customer_id", texts.id, customer),
		name:     text("customer_name", texts.name, customer),
		rep:      text("rep_name", texts.rep, func(o *analysis.Owner) int32 { return o.Rep }),
		region:   text("region_name", texts.region, func(o *analysis.Owner) int32 { return o.Region }),
		currency: text("currency_name", texts.currency, func(o *analysis.Owner) int32 { return o.Currency }),
	}
}

// subjectTexts are what a column of all data sheets says, by the number of the
// subject.
type subjectTexts struct {
	head  string
	width float64
	ready []readyText
}

// ownerTexts are the texts of the columns of ownerColumns.
type ownerTexts struct {
	id, name, rep, region, currency subjectTexts
}

// ownerTexts returns the texts of all data sheets, made once.
func (b *book) ownerTexts() *ownerTexts {
	if b.owners != nil {
		return b.owners
	}
	p := b.pack
	column := func(head string, texts []string) subjectTexts {
		head = b.words.Text("column." + head)
		return subjectTexts{head, widthOf(head, texts), readyTexts(texts)}
	}
	var codes []string
	for i := range p.Currencies {
		codes = append(codes, p.Currencies[i].Code)
	}
	b.owners = &ownerTexts{
		id:       column("customer", b.texts(p.Customers, func(s *analysis.Subject) string { return s.ID })),
		name:     column("name", b.texts(p.Customers, b.words.Subject)),
		rep:      column("rep", b.texts(p.Reps, b.words.Subject)),
		region:   column("region", b.texts(p.Regions, b.words.Subject)),
		currency: column("currency", codes),
	}
	return b.owners
}

// texts are what rows say of their subjects, made once for all rows.
func (b *book) texts(subjects []analysis.Subject, text func(*analysis.Subject) string) []string {
	list := make([]string, len(subjects))
	for i := range subjects {
		list[i] = text(&subjects[i])
	}
	return list
}

// readyTexts makes texts that many rows show.
func readyTexts(texts []string) []readyText {
	list := make([]readyText, len(texts))
	for i := range texts {
		list[i] = newReadyText(texts[i])
	}
	return list
}

// ownerKeys are the numbers of the subjects a row counts in: the place in the
// pack's sorted lists, from 1, as the sheets Figures and Customers show them.
func ownerKeys[T any](b *book, owner func(*T) *analysis.Owner) []column[T] {
	key := func(key string, value func(*analysis.Owner) int32) column[T] {
		c := keyColumn(b, key, func(row *T) int { return int(value(owner(row))) + 1 })
		c.owner = owner
		return c
	}
	return []column[T]{
		key("customer", func(o *analysis.Owner) int32 { return o.Customer }),
		key("rep", func(o *analysis.Owner) int32 { return o.Rep }),
		key("region", func(o *analysis.Owner) int32 { return o.Region }),
		key("currency", func(o *analysis.Owner) int32 { return o.Currency }),
	}
}

// keyColumn is a number that formulas select by.
func keyColumn[T any](b *book, key string, value func(*T) int) column[T] {
	style := b.style(countFormat, mutedRole)
	return column[T]{
		key: key, head: b.words.Text("workbook.key." + key), width: 9, right: true, sum: true, selects: true,
		write: func(r *rowWriter, row *T) { r.whole(style, int64(value(row))) },
	}
}

// kindColumn names the kind of a document.
func kindColumn[T any](b *book, kind func(*T) ledger.Kind) column[T] {
	return choiceColumn(b, "kind", b.kindNames(), func(row *T) int { return int(kind(row)) })
}

// choiceColumn is a column of a few texts that rows choose from.
func choiceColumn[T any](b *book, key string, texts []string, choice func(*T) int) column[T] {
	style, ready, head := b.style(textFormat, plainRole), make([]readyText, len(texts)), b.words.Text("column."+key)
	for i := range texts {
		ready[i] = newReadyText(render.Clean(texts[i]))
	}
	return column[T]{key: key, head: head, width: widthOf(head, texts), write: func(r *rowWriter, row *T) {
		r.ready(style, ready[choice(row)])
	}}
}

// textColumn is a column of literal texts, as wide as they are.
func textColumn[T any](b *book, key string, value func(*T) string) column[T] {
	style := b.style(textFormat, plainRole)
	return column[T]{key: key, head: b.words.Text("column." + key), text: value, write: func(r *rowWriter, row *T) {
		r.place(style)
		if text := value(row); isSimple(text) {
			r.buf = appendSimple(r.buf, text)
		} else {
			r.buf = appendText(r.buf, render.Clean(text))
		}
	}}
}

// dateColumn is a column of dates.
func dateColumn[T any](b *book, key string, value func(*T) ledger.Date) column[T] {
	return column[T]{key: key, head: b.words.Text("column." + key), width: 11, right: true, sum: true, write: func(r *rowWriter, row *T) {
		b.date(r, value(row), plainRole)
	}}
}

// amountColumn is a column of amounts that are data, in the currency of the row.
func amountColumn[T any](b *book, key string, currency func(*T) int32, value func(*T) ledger.Minor) column[T] {
	return column[T]{key: key, head: b.words.Text("workbook." + key), width: 15, right: true, sum: true, write: func(r *rowWriter, row *T) {
		cur := b.currency(int(currency(row)))
		r.amount(b.style(money(cur), plainRole), value(row), cur)
	}}
}

// sourceColumn says which row of the input a row was read from.
func sourceColumn[T any](b *book, pos func(*T) ledger.Pos) column[T] {
	places := ledger.Ledger{Sources: b.pack.Sources}
	sheets := make([]string, len(b.pack.Sources)) // the place without its row; "" where it needs cleaning
	width := 0.0
	for i, source := range b.pack.Sources {
		place := source.String() + "!"
		width = max(width, textWidth(place))
		if render.Clean(place) == place && !keepsSpace(place) {
			sheets[i] = xmlText(place)
		}
	}
	c := textColumn(b, "place", func(row *T) string { return places.Place(pos(row)) })
	c.text, c.width = nil, min(widestText, width+8)
	any, style := c.write, b.style(textFormat, plainRole)
	c.write = func(r *rowWriter, row *T) {
		if p := pos(row); p.Row != 0 && int(p.Source) < len(sheets) && sheets[p.Source] != "" {
			r.numbered(style, sheets[p.Source], int64(p.Row))
			return
		}
		any(r, row)
	}
	return c
}
