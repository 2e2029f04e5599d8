package html

import (
	"cmp"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/render"
)

// How many open documents the page carries: what a person can use. The
// workbook has all.
const (
	mostCustomers            = 200
	mostDocuments            = 3000
	mostDocumentsPerCustomer = 100
)

type table struct {
	Title string
	Heads []cell
	Rows  []row
	More  string
}

type row struct {
	Class string
	Cells []cell
}

// cell is one cell: Head makes it the head of its row.
type cell struct {
	Text, Class, ID, Reason string
	Href                    template.URL
	Head                    bool
}

// rowClasses give rows their look by their meaning.
var rowClasses = [...]string{analysis.ItemRow: "", analysis.SubtotalRow: "subtotal", analysis.TotalRow: "total", analysis.MarkedRow: "marked"}

func (b *builder) table(t *analysis.Table) *table {
	view := &table{Title: b.words.Table(t)}
	for i := range t.Columns {
		view.Heads = append(view.Heads, cell{Text: b.words.Column(b.pack, &t.Columns[i]), Class: columnClass(&t.Columns[i])})
	}
	for _, r := range t.Rows {
		cells := make([]cell, len(r.Cells))
		for i := range r.Cells {
			cells[i] = b.cell(&r.Cells[i])
			cells[i].Head = i == 0
			if i < len(t.Columns) {
				cells[i].Class = strings.TrimSpace(columnClass(&t.Columns[i]) + " " + cells[i].Class)
			}
		}
		view.Rows = append(view.Rows, row{Class: rowClasses[r.Kind], Cells: cells})
	}
	if t.More > 0 {
		view.More = b.words.Text("pack.more", b.words.Count(t.More))
	}
	return view
}

func columnClass(c *analysis.Column) string {
	switch {
	case c.Right:
		return "right"
	case c.Wide:
		return "wide"
	}
	return "text"
}

func (b *builder) cell(c *analysis.Cell) cell {
	view := cell{Text: b.words.Cell(b.pack, c), ID: b.anchor(c.Figure)}
	if b.targets[c.Link] {
		view.Href = to(c.Link)
	}
	switch {
	case c.Value != nil && c.Value.IsAbsent():
		view.Class, view.Reason = "nowrap", b.words.Text("pack.absent", b.words.Reason(c.Value.Absent))
	case c.Value != nil || c.Date != 0 || c.Month != 0:
		view.Class = "nowrap"
	}
	return view
}

// chartNumbers is the table below a chart: a row per label, a column per
// series.
func (b *builder) chartNumbers(c *analysis.Chart) *table {
	cur := b.pack.Currencies[c.Currency]
	view := &table{Title: b.words.Chart(b.pack, c), Heads: []cell{{}}}
	for i := range c.Series {
		head := b.words.Series(b.pack, &c.Series[i])
		if len(c.Series[i].Values) > 0 {
			if unit := b.words.Unit(c.Series[i].Values[0], cur); unit != "" {
				head += " (" + unit + ")"
			}
		}
		view.Heads = append(view.Heads, cell{Text: head, Class: "right"})
	}
	for i := range c.Labels {
		cells := []cell{{Text: b.words.Cell(b.pack, &c.Labels[i]), Class: "wide", Head: true}}
		for _, s := range c.Series {
			cells = append(cells, cell{Text: b.words.Value(s.Values[i], cur), Class: "right"})
		}
		view.Rows = append(view.Rows, row{Cells: cells})
	}
	return view
}

// documents is the part of the page that lists open documents by customer.
type documents struct {
	Left      string // what was left out, or ""
	Rule      string
	Customers []customerDocuments
}

type customerDocuments struct {
	Anchor, Name, ID, Balance, More string
	Table                           *table
}

// shownCustomers returns the customers whose open documents the page lists:
// the largest balances first, up to what a page can carry.
func shownCustomers(p *analysis.Pack) []int {
	count := make([]int, len(p.Customers))
	for i := range p.Detail.Open {
		count[p.Detail.Open[i].Customer]++
	}
	var order []int
	for c := range p.Customers {
		if count[c] > 0 {
			order = append(order, c)
		}
	}
	slices.SortStableFunc(order, func(x, y int) int {
		return cmp.Compare(p.Customers[y].Value(analysis.Balance).Minor.Abs(), p.Customers[x].Value(analysis.Balance).Minor.Abs())
	})
	documents := 0
	for i, c := range order {
		documents += min(count[c], mostDocumentsPerCustomer)
		if i >= mostCustomers || documents > mostDocuments && i > 0 {
			return order[:i]
		}
	}
	return order
}

func (b *builder) documents() *documents {
	if len(b.shown) == 0 {
		return nil
	}
	items := make([][]*analysis.Item, len(b.pack.Customers))
	with := 0
	for i := range b.pack.Detail.Open {
		item := &b.pack.Detail.Open[i]
		if items[item.Customer] == nil {
			with++
		}
		items[item.Customer] = append(items[item.Customer], item)
	}
	view := &documents{Rule: b.words.AgingRule(b.pack)}
	if left := with - len(b.shown); left > 0 {
		view.Left = b.words.Text("pack.customers_more", b.words.Count(len(b.shown)), b.words.Count(left))
	}
	for _, c := range b.shown {
		s := &b.pack.Customers[c]
		cur := b.pack.Currencies[s.Currency]
		entry := customerDocuments{Anchor: s.Path(), Name: b.words.Subject(s), ID: render.Clean(s.ID), Balance: b.words.Full(s.Value(analysis.Balance), cur)}
		list := items[c]
		slices.SortStableFunc(list, func(x, y *analysis.Item) int {
			return cmp.Or(cmp.Compare(x.Due, y.Due), cmp.Compare(x.ID, y.ID))
		})
		if more := len(list) - mostDocumentsPerCustomer; more > 0 {
			entry.More = b.words.Text("pack.documents_more", b.words.Count(more))
			list = list[:mostDocumentsPerCustomer]
		}
		entry.Table = b.documentTable(list)
		view.Customers = append(view.Customers, entry)
	}
	return view
}

func (b *builder) documentTable(items []*analysis.Item) *table {
	source := &analysis.Table{ID: "open_documents", Columns: []analysis.Column{{Key: "document"}, {Key: "kind"}, {Key: "rep"}, {Key: "issued"}, {Key: "due"},
		{Key: "bucket"}, {Key: "days_overdue", Right: true}, {Key: "currency"}, {Key: "amount", Right: true}, {Key: "open", Right: true}}}
	money := func(m ledger.Minor, currency int32) analysis.Cell {
		return analysis.Cell{Value: &analysis.Value{Unit: analysis.Money, Minor: m}, Currency: int(currency)}
	}
	later := slices.ContainsFunc(items, func(i *analysis.Item) bool { return i.LaterPaid != 0 })
	if later {
		source.Columns = append(source.Columns, analysis.Column{Key: "later_paid", Right: true})
	}
	for _, item := range items {
		id := item.ID
		if item.Instalment != 0 {
			id += " / " + strconv.Itoa(int(item.Instalment))
		}
		bucket, overdue := analysis.Cell{Bucket: "on_account"}, analysis.Cell{}
		if item.Bucket != analysis.OnAccountBucket {
			bucket.Bucket = b.pack.Buckets[item.Bucket].ID
		}
		if item.PastDue && item.Due != 0 && item.Open > 0 {
			overdue.Value = &analysis.Value{Unit: analysis.Count, Minor: ledger.Minor(b.pack.AsOf - item.Due)}
		}
		kind := analysis.Cell{Key: "kind." + item.Kind.String()}
		if item.Disputed {
			kind.Text = b.words.Text("mark.disputed")
		}
		rep := analysis.Cell{}
		if item.Rep >= 0 {
			rep = analysis.Cell{Text: b.words.Subject(&b.pack.Reps[item.Rep])}
		}
		cells := []analysis.Cell{{Text: id}, kind, rep, {Date: item.Issued}, {Date: item.Due}, bucket, overdue,
			{Text: b.pack.Currencies[item.Currency].Code}, money(item.Amount, item.Currency), money(item.Open, item.Currency)}
		if later {
			paid := analysis.Cell{}
			if item.LaterPaid != 0 {
				paid = money(item.LaterPaid, item.Currency)
			}
			cells = append(cells, paid)
		}
		source.Rows = append(source.Rows, analysis.Row{Cells: cells})
	}
	return b.table(source)
}

// subjectFigures lists every figure of one subject.
type subjectFigures struct {
	Anchor, Name string
	Table        *table
}

// allFigures lists every figure of the company, each currency, region and rep,
// so that each has a place on the page that its id leads to.
func (b *builder) allFigures() []subjectFigures {
	var list []subjectFigures
	for _, s := range b.pack.Subjects() {
		if s.Level == analysis.CustomerLevel {
			continue
		}
		name := b.words.Text("level." + levelKey(s.Level))
		if s.Level != analysis.CompanyLevel {
			name += ": " + b.words.Subject(s)
		}
		list = append(list, subjectFigures{Anchor: "figures/" + s.Path(), Name: name, Table: b.figureTable(s)})
	}
	return list
}

func (b *builder) figureTable(s *analysis.Subject) *table {
	source := &analysis.Table{ID: "figures", Columns: []analysis.Column{{Key: "figure", Wide: true}, {Key: "value", Right: true}, {Key: "unit"}, {Key: "reason"}}}
	cur := b.pack.Currencies[s.Currency]
	add := func(label analysis.Cell, v analysis.Value, figure string) {
		why := ""
		if v.IsAbsent() {
			why = b.words.Reason(v.Absent)
		}
		source.Rows = append(source.Rows, analysis.Row{Cells: []analysis.Cell{label,
			{Value: &v, Currency: s.Currency, Figure: s.Path() + "/" + figure}, {Text: b.words.Unit(v, cur)}, {Text: why}}})
	}
	for i, bucket := range b.pack.Buckets {
		add(analysis.Cell{Bucket: bucket.ID}, analysis.Value{Unit: analysis.Money, Minor: s.Aging[i]}, "aging/"+bucket.ID)
	}
	for _, id := range analysis.Figures() {
		if s.Has(id) {
			add(analysis.Cell{Text: b.words.Label(b.pack, id)}, s.Value(id), id.Def().Key)
		}
	}
	view := b.table(source)
	view.Title = b.words.Subject(s)
	return view
}
