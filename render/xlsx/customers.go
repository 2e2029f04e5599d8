package xlsx

import (
	"strconv"
	"strings"

	"duepack/analysis"
	"duepack/analysis/ledger"
)

// The columns of the sheet Customers before its figures.
const (
	customerKeyColumn = iota + 1
	customerIDColumn
	customerNameColumn
	customerRepColumn
	customerMarginColumn
	customerColumns = customerMarginColumn
)

// maxVisits bounds the rows that the formulas of Customers would go through
// together in one recalculation, which is some ten seconds. Above it the sheet
// holds values, and says so. Tests lower it.
var maxVisits = 1_000_000_000

// customersLayout says where each customer's figures stand.
type customersLayout struct {
	name    string
	rows    map[string]int // by customer id
	figures []analysis.FigureID
	live    bool
	head    int // row of the head
}

func (b *book) placeCustomers() {
	p, l := b.pack, &b.customers
	l.name = b.reserve(b.words.Text("workbook.sheet.customers"))
	l.rows = make(map[string]int, len(p.Customers))
	d := &p.Detail
	// Each figure of a customer goes through its data sheet once.
	visits := len(p.Customers) * (9*len(d.Open) + 3*len(d.Opening) + 4*len(d.Closing) + 7*len(d.Lines) + 8*len(d.Applications) + 2*len(d.Costs))
	l.live = visits <= maxVisits
	l.head = 1
	if !l.live {
		l.head = 2
	}
	for i := range p.Customers {
		l.rows[p.Customers[i].ID] = l.head + 1 + i
	}
	if len(p.Customers) > 0 {
		l.figures = figuresOf(&p.Customers[0])
	}
}

// customerCell is the cell of a customer's figure by its key; "" for none.
func (b *book) customerCell(customer, key string) string {
	row, ok := b.customers.rows[customer]
	if !ok {
		return ""
	}
	col := 0
	if bucket, isBucket := strings.CutPrefix(key, "aging/"); isBucket {
		for i := range b.pack.Buckets {
			if b.pack.Buckets[i].ID == bucket {
				col = customerColumns + 1 + i
			}
		}
	} else if id, known := analysis.FigureByKey(key); known && !id.Def().RepOnly {
		col = b.customerColumn(id)
	}
	if col == 0 {
		return ""
	}
	return quote(b.customers.name) + absolute(col, row)
}

// customerColumn is the column of a figure.
func (b *book) customerColumn(id analysis.FigureID) int {
	return customerColumns + len(b.pack.Buckets) + int(id) + 1
}

// customerMarginCell is the cell of a customer's own margin.
func (b *book) customerMarginCell(s *analysis.Subject) string {
	return quote(b.customers.name) + absolute(customerMarginColumn, b.customers.rows[s.ID])
}

// figureCell is the cell that shows a figure by its id, on Figures or on
// Customers; "" where there is none.
func (b *book) figureCell(id string) string {
	if cell, ok := b.figures.cells[id]; ok {
		return cell
	}
	rest, ok := strings.CutPrefix(id, "customers/")
	if !ok {
		return ""
	}
	// An id of a customer may hold slashes, and even "/aging/".
	if customer, bucket, ok := cutLast(rest, "/aging/"); ok {
		if cell := b.customerCell(customer, "aging/"+bucket); cell != "" {
			return cell
		}
	}
	customer, key, _ := cutLast(rest, "/")
	return b.customerCell(customer, key)
}

// addCustomers adds the sheet Customers: one row per customer, one column per
// figure, and the company below.
func (b *book) addCustomers() {
	p, l := b.pack, &b.customers
	if len(p.Customers) == 0 {
		return
	}
	widths := b.customerWidths()
	last := l.head + len(p.Customers)
	b.add(&sheet{
		name: l.name, about: b.words.Text("workbook.about.customers"), tab: dataTab, zoom: dataZoom, widths: widths, rows: last + 1, head: l.head, freeze: customerNameColumn, filter: true, filterLast: last,
		write: func(r *rowWriter) {
			if !l.live {
				r.next()
				r.text(b.style(textFormat, mutedRole), b.words.Text("workbook.customers_values"))
			}
			b.writeCustomersHead(r)
			for i := range p.Customers {
				b.writeCustomer(r, i)
			}
			b.writeCustomersTotal(r, l.head+1, last)
		},
	})
}

// customerWidths are as wide as the ids and names.
func (b *book) customerWidths() []float64 {
	widths := []float64{7, 10, 16, 12, 10}
	widen := func(col int, text string) { widths[col-1] = max(widths[col-1], min(widestText, textWidth(text)+2)) }
	for i := range b.pack.Customers {
		widen(customerIDColumn, b.pack.Customers[i].ID)
		widen(customerNameColumn, b.words.Subject(&b.pack.Customers[i]))
	}
	for i := range b.pack.Reps {
		widen(customerRepColumn, b.words.Subject(&b.pack.Reps[i]))
	}
	for range len(b.pack.Buckets) + len(b.customers.figures) {
		widths = append(widths, 15)
	}
	return widths
}

func (b *book) writeCustomersHead(r *rowWriter) {
	w := b.words
	r.begin(headHeightPoints)
	r.text(b.style(rightFormat, headRole), w.Text("workbook.key.customer"))
	for _, key := range []string{"column.customer", "column.name", "column.rep"} {
		r.text(b.style(textFormat, headRole), w.Text(key))
	}
	r.text(b.style(rightFormat, headRole), w.Text("workbook.own_margin"))
	for i := range b.pack.Buckets {
		r.text(b.style(rightFormat, headRole), w.Bucket(b.pack.Buckets[i]))
	}
	for _, id := range b.customers.figures {
		r.text(b.style(rightFormat, headRole), w.Short(id))
	}
}

func (b *book) writeCustomer(r *rowWriter, i int) {
	p, s := b.pack, &b.pack.Customers[i]
	cur := b.currency(s.Currency)
	r.next()
	row := r.row
	r.number(b.style(countFormat, mutedRole), whole(i+1))
	text := b.style(textFormat, plainRole)
	r.text(text, s.ID)
	r.text(text, b.words.Subject(s))
	rep := ""
	if s.Rep >= 0 {
		rep = b.words.Subject(&p.Reps[s.Rep])
	}
	r.text(text, rep)
	own := ledger.Ratio{}
	if s.OwnMargin {
		own = s.Margin
	}
	b.ratio(r, own, rateFormat, plainRole)
	at := &figureCells{
		bucket: func(i int) string { return relative(customerColumns+1+i, row) },
		value:  func(id analysis.FigureID) string { return relative(b.customerColumn(id), row) },
		key:    func() string { return "$A" + strconv.Itoa(row) },
	}
	write := func(v analysis.Value, formula func() string) {
		style := b.style(valueFormat(v.Unit, cur), plainRole)
		if f := ""; b.customers.live {
			if f = formula(); f != "" {
				r.formula(style, f, cached(v, cur))
				return
			}
		}
		if v.Unit == analysis.Money && !v.IsAbsent() {
			r.amount(style, v.Minor, cur)
			return
		}
		r.number(style, cached(v, cur))
	}
	for i := range p.Buckets {
		write(analysis.Value{Unit: analysis.Money, Minor: s.Aging[i]}, func() string { return b.bucketFormula(s, i, at) })
	}
	for _, id := range b.customers.figures {
		write(s.Values[id], func() string { return b.formula(s, id, at) })
	}
}

// writeCustomersTotal writes the row of the company: sums where customers add
// up to it (rules §1, §11), else the company's own figure.
func (b *book) writeCustomersTotal(r *rowWriter, first, last int) {
	s := &b.pack.Company
	cur := b.base()
	r.next()
	r.blank(b.style(textFormat, totalRole))
	r.text(b.style(textFormat, totalRole), b.words.Subject(s))
	for range customerColumns - 2 {
		r.blank(b.style(textFormat, totalRole))
	}
	sum := func(minor ledger.Minor) {
		column := letters(r.col + 1)
		formula := round("SUM("+column+strconv.Itoa(first)+":"+column+strconv.Itoa(last)+")", cur)
		r.formula(b.style(money(cur), totalRole), formula, decimal(minor, cur))
	}
	for i := range b.pack.Buckets {
		sum(s.Aging[i])
	}
	for _, id := range b.customers.figures {
		v := s.Values[id]
		if v.Unit == analysis.Money && !v.IsAbsent() && id != analysis.ExtraSales {
			sum(v.Minor)
			continue
		}
		cell := b.figureCell(s.Path() + "/" + id.Def().Key)
		r.formula(b.style(valueFormat(v.Unit, cur), totalRole), `IF(`+cell+`="","",`+cell+`)`, cached(v, cur))
	}
}
