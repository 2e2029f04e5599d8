package html

import (
	"cmp"
	"html/template"
	"math/big"
	"slices"
	"strconv"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/render"
)

// What the page carries of customers: what a person can use. The workbook has
// all.
const (
	mostListed               = 1000 // customers in the list
	mostCustomers            = 200  // customers with a view of their own
	mostDocuments            = 3000 // open documents in those views
	mostDocumentsPerCustomer = 100
	mostSettledPerCustomer   = 25
)

// customers is the list of customers.
type customers struct {
	Left  string // whose documents were left out, or ""
	Table *table
}

// customer is the view of one customer: the figures, the open documents with
// what settled them, and what was settled in the period.
type customer struct {
	Anchor, Name, ID string
	Rep              *link
	Figures          []tile
	Aging, Open      template.HTML
	Settled          template.HTML
	Rule, More       string
	SettledMore      string

	anchors map[string]bool // ids of figures that the view has
}

// listedCustomers returns the customers of the list: the largest balances
// first, then those that only bought or paid.
func listedCustomers(p *analysis.Pack) []int {
	var order []int
	for i := range p.Customers {
		c := &p.Customers[i]
		moved := c.Value(analysis.Balance).Minor != 0 || c.Value(analysis.Sales).Minor != 0 || c.Value(analysis.Receipts).Minor != 0
		if moved || slices.ContainsFunc(c.Aging, func(m ledger.Minor) bool { return m != 0 }) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(x, y int) int {
		return cmp.Compare(p.Customers[y].Value(analysis.Balance).Minor.Abs(), p.Customers[x].Value(analysis.Balance).Minor.Abs())
	})
	return order[:min(len(order), mostListed)]
}

// shownCustomers returns the listed customers that have a view of their own:
// those with open documents, in order, up to what a page can carry.
func shownCustomers(p *analysis.Pack, listed []int) []int {
	count := make([]int, len(p.Customers))
	for i := range p.Detail.Open {
		count[p.Detail.Open[i].Customer]++
	}
	var shown []int
	documents := 0
	for _, c := range listed {
		if count[c] == 0 {
			continue
		}
		documents += min(count[c], mostDocumentsPerCustomer)
		if len(shown) == mostCustomers || documents > mostDocuments && len(shown) > 0 {
			break
		}
		shown = append(shown, c)
	}
	return shown
}

// customerDetail is the detail of the pack by customer.
type customerDetail struct {
	open    [][]*analysis.Item
	applied [][]*analysis.Application
}

func newCustomerDetail(p *analysis.Pack) *customerDetail {
	open, applied := p.Detail.Open, p.Detail.Applications
	return &customerDetail{
		open:    byCustomer(open, len(p.Customers), func(i *analysis.Item) int32 { return i.Customer }),
		applied: byCustomer(applied, len(p.Customers), func(a *analysis.Application) int32 { return a.Customer }),
	}
}

// byCustomer returns the rows of each customer, in their order.
func byCustomer[T any](rows []T, customers int, customer func(*T) int32) [][]*T {
	counts, lists, list := make([]int, customers), make([][]*T, customers), make([]*T, len(rows))
	for i := range rows {
		counts[customer(&rows[i])]++
	}
	for c, n := range counts {
		lists[c], list = list[:0:n], list[n:]
	}
	for i := range rows {
		c := customer(&rows[i])
		lists[c] = append(lists[c], &rows[i])
	}
	return lists
}

// withOpen counts the customers with open documents.
func (d *customerDetail) withOpen() int {
	n := 0
	for _, items := range d.open {
		if len(items) > 0 {
			n++
		}
	}
	return n
}

// customerList lists the customers with what they owe, each leading to its view.
func (b *builder) customerList() *customers {
	if len(b.listed) == 0 {
		return nil
	}
	source := &analysis.Table{ID: "customers", Columns: []analysis.Column{{Key: "customer", Wide: true}, {Key: "id"}, {Key: "rep"},
		{Key: "balance", Right: true}, {Key: "overdue", Right: true}, {Key: "oldest_days", Right: true}, {Key: "days_late", Right: true}, {Key: "financing_cost", Right: true}}}
	for _, c := range b.listed {
		s := &b.pack.Customers[c]
		cells := append(make([]analysis.Cell, 0, len(source.Columns)), analysis.Cell{Text: b.words.Subject(s), Link: b.ifShown(c)}, analysis.Cell{Text: s.ID}, b.repCell(s.Rep))
		for _, id := range []analysis.FigureID{analysis.Balance, analysis.Overdue} {
			value := s.Value(id)
			cells = append(cells, analysis.Cell{Value: &value, Currency: s.Currency})
		}
		cells = append(cells, b.oldest(b.detail.open[c]))
		for _, id := range []analysis.FigureID{analysis.DaysLate, analysis.FinancingCost} {
			value := s.Value(id)
			cells = append(cells, analysis.Cell{Value: &value, Currency: s.Currency})
		}
		source.Rows = append(source.Rows, analysis.Row{Cells: cells})
	}
	source.More = len(b.pack.Customers) - len(b.listed)
	view := &customers{Table: b.table(source)}
	view.Table.Sort = true
	for i, c := range b.listed { // links to a customer without a view lead to its row
		if b.ifShown(c) == "" {
			view.Table.Body[i].ID = b.pack.Customers[c].Path()
		}
	}
	if left := b.detail.withOpen() - len(b.shown); left > 0 {
		view.Left = b.words.Text("pack.customers_more", b.words.Count(len(b.shown)), b.words.Count(left))
	}
	return view
}

// ifShown returns the anchor of a customer's view, or "" where it has none.
func (b *builder) ifShown(c int) string {
	if b.isShown[c] {
		return b.pack.Customers[c].Path()
	}
	return ""
}

func (b *builder) repCell(rep int32) analysis.Cell {
	if rep < 0 {
		return analysis.Cell{Key: "word.unassigned"}
	}
	return analysis.Cell{Text: b.words.Subject(&b.pack.Reps[rep])}
}

// oldest is how many days the oldest overdue document is past due.
func (b *builder) oldest(items []*analysis.Item) analysis.Cell {
	days := 0
	for _, item := range items {
		if item.Open > 0 && item.PastDue && item.Due != 0 {
			days = max(days, int(b.pack.AsOf-item.Due))
		}
	}
	if days == 0 {
		return analysis.Cell{}
	}
	return analysis.Cell{Value: &analysis.Value{Unit: analysis.Count, Minor: ledger.Minor(days)}}
}

// ofCustomer are the figures that a customer's view shows.
var ofCustomer = [...]analysis.FigureID{analysis.Balance, analysis.Overdue, analysis.Sales, analysis.Receipts, analysis.CollectionRate, analysis.DSO,
	analysis.DaysLate, analysis.OnTimeRate, analysis.FinancingCost, analysis.ProfitEaten, analysis.BadDebt, analysis.Provision}

func (b *builder) customer(c int) customer {
	s := &b.pack.Customers[c]
	view := customer{Anchor: s.Path(), Name: b.words.Subject(s), ID: render.Clean(s.ID), Rule: b.words.AgingRule(b.pack)}
	for _, id := range ofCustomer {
		view.Figures = append(view.Figures, b.figure(b.words.Label(b.pack, id), s.Path()+"/"+id.Def().Key, s.Value(id), b.pack.Currencies[s.Currency]))
	}
	if s.Rep >= 0 {
		view.Rep = b.linkTo(&b.pack.Reps[s.Rep])
	}
	view.Aging = b.agingOf(s).HTML()
	items := b.detail.open[c]
	slices.SortStableFunc(items, func(x, y *analysis.Item) int {
		return cmp.Or(cmp.Compare(x.Due, y.Due), cmp.Compare(x.ID, y.ID))
	})
	if more := len(items) - mostDocumentsPerCustomer; more > 0 {
		view.More = b.words.Text("pack.documents_more", b.words.Count(more))
	}
	view.Open = b.openTable(items[:min(len(items), mostDocumentsPerCustomer)]).HTML()
	if settled, more := b.settledTable(items, b.detail.applied[c]); settled != nil {
		view.Settled, view.SettledMore = settled.HTML(), more
	}
	return view
}

// linkTo names a subject and leads to its section where it has one.
func (b *builder) linkTo(s *analysis.Subject) *link {
	l := &link{Title: b.words.Subject(s)}
	if b.targets[s.Path()] {
		l.Href = to(s.Path())
	}
	return l
}

// agingOf shows the buckets of one customer in one row.
func (b *builder) agingOf(s *analysis.Subject) *table {
	source := &analysis.Table{ID: "aging", Columns: []analysis.Column{{Key: "currency"}}}
	cells := []analysis.Cell{{Text: b.pack.Currencies[s.Currency].Code}}
	add := func(column analysis.Column, v analysis.Value, figure string) {
		column.Right = true
		source.Columns = append(source.Columns, column)
		cells = append(cells, analysis.Cell{Value: &v, Currency: s.Currency, Figure: s.Path() + "/" + figure})
	}
	for i, bucket := range b.pack.Buckets {
		add(analysis.Column{Bucket: bucket.ID}, analysis.Value{Unit: analysis.Money, Minor: s.Aging[i]}, "aging/"+bucket.ID)
	}
	add(analysis.Column{Key: "on_account"}, s.Value(analysis.OnAccount), analysis.OnAccount.Def().Key)
	source.Rows = []analysis.Row{{Cells: cells}}
	return b.table(source)
}

// documentKey names a document or an instalment among those of a customer.
type documentKey struct {
	currency   int32
	id         string
	instalment int16
}

func keyOf(item *analysis.Item) documentKey {
	return documentKey{item.Currency, item.ID, item.Instalment}
}

func documentApplied(a *analysis.Application) documentKey {
	return documentKey{a.Currency, a.Document, a.Instalment}
}

// openTable lists open documents, with what was settled of each.
func (b *builder) openTable(items []*analysis.Item) *table {
	reps := slices.ContainsFunc(items, func(i *analysis.Item) bool { return i.Rep != items[0].Rep })
	later := slices.ContainsFunc(items, func(i *analysis.Item) bool { return i.LaterPaid != 0 })
	source := &analysis.Table{ID: "open_documents", Columns: []analysis.Column{{Key: "document"}, {Key: "kind"}, {Key: "issued"}, {Key: "due"},
		{Key: "bucket"}, {Key: "days_overdue", Right: true}, {Key: "currency"}, {Key: "amount", Right: true}, {Key: "settled", Right: true}, {Key: "open", Right: true}}}
	const amount, settled, open = 7, 8, 9 // places of the columns
	if later {
		source.Columns = append(source.Columns, analysis.Column{Key: "later_paid", Right: true})
	}
	if reps {
		source.Columns = append(source.Columns, analysis.Column{Key: "rep"})
	}
	for _, item := range items {
		cells := append(b.documentCells(item), moneyCell(item.Amount, item.Currency), analysis.Cell{}, moneyCell(item.Open, item.Currency))
		if item.Amount > 0 && (item.Amount != item.Open || item.LaterPaid != 0) {
			cells[settled] = moneyCell(item.Amount-item.Open, item.Currency)
		}
		if later {
			cells = append(cells, laterCell(item))
		}
		if reps {
			cells = append(cells, b.repCell(item.Rep))
		}
		source.Rows = append(source.Rows, analysis.Row{Cells: cells})
	}
	view := b.table(source)
	for i, item := range items {
		cells := view.Body[i].Cells
		cells[settled].Lines = b.history(item)
		if int(item.Currency) != b.pack.Base {
			cells[amount].Sort, cells[settled].Sort, cells[open].Sort = b.inBook(item, item.Amount), b.inBook(item, item.Amount-item.Open), b.inBook(item, item.Open)
		}
	}
	return view
}

// inBook is an amount of a foreign document at its rate: what a column of
// several currencies is sorted by.
func (b *builder) inBook(item *analysis.Item, m ledger.Minor) string {
	native, _ := new(big.Rat).SetString(m.Decimal(b.pack.Currencies[item.Currency].Exponent))
	return shortest(native.Mul(native, item.Rate.Rat()).FloatString(6))
}

// documentCells say which document an item is and how late it is.
func (b *builder) documentCells(item *analysis.Item) []analysis.Cell {
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
	cells := make([]analysis.Cell, 0, 12) // as many as a row has
	return append(cells, analysis.Cell{Text: documentName(item.ID, item.Instalment)}, kind, analysis.Cell{Date: item.Issued}, analysis.Cell{Date: item.Due}, bucket, overdue,
		analysis.Cell{Text: b.pack.Currencies[item.Currency].Code})
}

func documentName(id string, instalment int16) string {
	if instalment == 0 {
		return id
	}
	return id + " / " + strconv.Itoa(int(instalment))
}

func moneyCell(m ledger.Minor, currency int32) analysis.Cell {
	return analysis.Cell{Value: &analysis.Value{Unit: analysis.Money, Minor: m}, Currency: int(currency)}
}

func laterCell(item *analysis.Item) analysis.Cell {
	if item.LaterPaid == 0 {
		return analysis.Cell{}
	}
	return moneyCell(item.LaterPaid, item.Currency)
}

// mostSettlements is how many lines of its history a document shows, the latest
// ones; what came before is one sum.
const mostSettlements = 12

// history says line by line what an open document was lowered by, and what was
// paid since as information (rules §12).
func (b *builder) history(item *analysis.Item) []string {
	if b.pack.Snapshot || item.Amount <= 0 {
		return nil // a list of open items does not say what settled them
	}
	cur := b.pack.Currencies[item.Currency]
	settled := item.Settled[max(0, len(item.Settled)-mostSettlements):]
	before := item.Amount - item.Open // what these lines do not explain
	var lines []string
	for _, line := range settled {
		before -= line.Amount
		kind, id := b.words.Text("kind."+line.Kind.String()), render.Clean(line.ID)
		if line.Amount < 0 {
			lines = append(lines, b.words.Text("page.reversed", line.Date.String(), b.words.Amount(-line.Amount, cur), kind, id))
			continue
		}
		lines = append(lines, b.words.Text("page.applied", line.Date.String(), b.words.Amount(line.Amount, cur), kind, id, b.lateness(line.Date, item.Due)))
	}
	if before != 0 {
		lines = slices.Insert(lines, 0, b.words.Text("page.settled_before", b.words.Amount(before, cur)))
	}
	if item.LaterPaid != 0 {
		lines = append(lines, b.words.Text("page.paid_later", b.words.Amount(item.LaterPaid, cur), b.pack.AsOf.String()))
	}
	return lines
}

// lateness says how long after its due date a document was paid.
func (b *builder) lateness(paid, due ledger.Date) string {
	switch days := int(paid - due); {
	case days == 1:
		return b.words.Text("page.late_one")
	case days == -1:
		return b.words.Text("page.early_one")
	case days > 0:
		return b.words.Text("page.late", b.words.Count(days))
	case days < 0:
		return b.words.Text("page.early", b.words.Count(-days))
	}
	return b.words.Text("page.on_time")
}

// settledTable lists what was paid in the period of documents that are no
// longer open, the latest first, and says how much it leaves out.
func (b *builder) settledTable(open []*analysis.Item, applied []*analysis.Application) (*table, string) {
	still := map[documentKey]bool{}
	for _, item := range open {
		still[keyOf(item)] = true
	}
	var closed []*analysis.Application
	for _, a := range applied {
		if !still[documentApplied(a)] {
			closed = append(closed, a)
		}
	}
	if len(closed) == 0 {
		return nil, ""
	}
	slices.SortStableFunc(closed, func(x, y *analysis.Application) int {
		return cmp.Or(cmp.Compare(y.Date, x.Date), cmp.Compare(x.Document, y.Document))
	})
	more := ""
	if n := len(closed) - mostSettledPerCustomer; n > 0 {
		more, closed = b.words.Text("pack.more", b.words.Count(n)), closed[:mostSettledPerCustomer]
	}
	source := &analysis.Table{ID: "settled_documents", Columns: []analysis.Column{{Key: "document"}, {Key: "issued"}, {Key: "due"}, {Key: "paid_on"},
		{Key: "days_to_due", Right: true}, {Key: "receipt"}, {Key: "currency"}, {Key: "paid", Right: true}}}
	for _, a := range closed {
		days := analysis.Value{Unit: analysis.Count, Minor: ledger.Minor(a.Date - a.Due)}
		source.Rows = append(source.Rows, analysis.Row{Cells: []analysis.Cell{{Text: documentName(a.Document, a.Instalment)}, {Date: a.Issued}, {Date: a.Due}, {Date: a.Date},
			{Value: &days}, {Text: a.Receipt}, {Text: b.pack.Currencies[a.Currency].Code}, moneyCell(a.Amount, a.Currency)}})
	}
	view := b.table(source)
	for i, a := range closed {
		if int(a.Currency) != b.pack.Base {
			cells := view.Body[i].Cells
			cells[len(cells)-1].Sort = a.Book.Decimal(b.pack.BookCurrency().Exponent)
		}
	}
	return view, more
}
