package analysis

import (
	"cmp"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"duepack/analysis/ledger"
)

// Rows that readers use of a list; the rest is in the workbook, and the table
// says how much.
const (
	topRows    = 25
	chartRows  = 12
	chartMonth = 24 // months of a chart of flows
)

// sections is the pack as readers see it, in order. A new section is one
// function and one line here.
func sections(p *Pack) []Section {
	view := newView(p)
	list := []Section{
		view.summary(), view.aging(), view.overdue(), view.collection(),
		view.financing(), view.badDebt(), view.rollForward(),
	}
	if view.hasReps() {
		list = append(list, view.repLeague())
	}
	if s := view.forecast(); len(s.Blocks) > 0 {
		list = slices.Insert(list, 4, s) // after collection
	}
	for _, s := range []Section{view.classes(), view.commission(), view.regions(), view.currencies()} {
		if len(s.Blocks) > 0 {
			list = append(list, s)
		}
	}
	if view.hasReps() {
		for i := range p.Reps {
			list = append(list, view.rep(i))
		}
	}
	list = append(list, view.method())
	if p.Snapshot {
		dropHistory(list)
	}
	return list
}

// hasReps reports whether the book names a rep. Without one everything is
// unassigned, and pages by rep would only repeat the company.
func (v *view) hasReps() bool {
	return len(v.Reps) > 1 || len(v.Reps) == 1 && v.Reps[0].ID != ledger.Unassigned
}

// overdueShare is what is overdue ÷ the balance. Where credit on account makes
// the balance zero or less, a share of it means nothing.
func (v *view) overdueShare(overdue, balance ledger.Minor) Cell {
	if balance <= 0 && overdue != 0 {
		value := absent(Share, NoBalance)
		return Cell{Value: &value}
	}
	return v.ratio(Share, overdue, balance)
}

// view is a pack with what its sections look up more than once.
type view struct {
	*Pack
	later  int   // open documents that were paid after the as-of date
	oldest []int // by customer: days since due of the oldest overdue document; 0 where none
}

func newView(p *Pack) *view {
	v := &view{Pack: p, oldest: make([]int, len(p.Customers))}
	for i := range p.Detail.Open {
		item := &p.Detail.Open[i]
		if item.Open > 0 && item.PastDue {
			v.oldest[item.Customer] = max(v.oldest[item.Customer], int(p.AsOf-item.Due))
		}
		if item.LaterPaid != 0 {
			v.later++
		}
	}
	return v
}

func block(b any) Block {
	switch b := b.(type) {
	case *FigureBlock:
		return Block{Figures: b}
	case *Table:
		return Block{Table: b}
	case *Chart:
		return Block{Chart: b}
	case *Note:
		return Block{Note: b}
	}
	panic("analysis: not a block")
}

// figure is the cell of a figure of a subject.
func (v *view) figure(s *Subject, id FigureID) Cell {
	value := s.Values[id]
	return Cell{Value: &value, Currency: s.Currency, Figure: s.Path() + "/" + id.Def().Key}
}

func (v *view) figures(s *Subject, ids ...FigureID) []Cell {
	cells := make([]Cell, len(ids))
	for i, id := range ids {
		cells[i] = v.figure(s, id)
	}
	return cells
}

func (v *view) money(m ledger.Minor) Cell {
	value := money(m)
	return Cell{Value: &value, Currency: v.Base}
}

func (v *view) ratio(unit Unit, num, den ledger.Minor) Cell {
	value := quotient(unit, rat(num), rat(den), ZeroDenominator)
	return Cell{Value: &value}
}

func (v *view) count(n int) Cell {
	return Cell{Value: &Value{Unit: Count, Minor: ledger.Minor(n)}}
}

// subjectCell names a subject and leads to it.
func subjectCell(s *Subject) Cell {
	if s.ID == ledger.Unassigned {
		return Cell{Key: "word.unassigned", Link: s.Path()}
	}
	return Cell{Text: s.Name, Link: s.Path()}
}

func (v *view) repCell(rep int32) Cell {
	if rep < 0 {
		return Cell{Key: "word.unassigned"}
	}
	return subjectCell(&v.Reps[rep])
}

// columns describes number columns by wording key, after one wide text column.
func columns(wide string, keys ...string) []Column {
	list := []Column{{Key: wide, Wide: true}}
	for _, k := range keys {
		list = append(list, Column{Key: k, Right: true})
	}
	return list
}

// agingNote states the rule on which buckets rest (rules §4: printed on every
// page that shows buckets).
func (v *view) agingNotes() []Block {
	notes := []Block{block(&Note{Key: "note.aging_rule." + string(v.Aging.Basis)})}
	if slices.ContainsFunc(v.Buckets, func(b Bucket) bool { return b.Last.Unit != BoundDays }) {
		notes = append(notes, block(&Note{Key: "note.aging_rule.anniversary"}))
	}
	if v.Company.Values[OnAccount].Minor != 0 || v.Aging.Credits != CreditsOnAccount {
		notes = append(notes, block(&Note{Key: "note.credits." + string(v.Aging.Credits)}))
	}
	return notes
}

func (v *view) summary() Section {
	s := Section{ID: "summary"}
	s.Blocks = append(s.Blocks, v.figureBlock(&v.Company, Balance, Overdue, DSO, CollectionRate, FinancingCost, BadDebt, ExtraSales, Provision))
	if v.Snapshot {
		s.Blocks = append(s.Blocks, block(&Note{Key: "note.snapshot", Args: []Cell{{Date: v.AsOf}}}))
	}
	s.Blocks = append(s.Blocks, v.tieOutNotes()...)
	if v.Exceptions.LeftOut != 0 || v.Exceptions.Errors > 0 {
		s.Blocks = append(s.Blocks, block(&Note{Key: "note.left_out", Alarm: true, Args: []Cell{v.count(v.Exceptions.Errors), v.money(v.Exceptions.LeftOut)}}))
	}
	s.Blocks = append(s.Blocks, block(v.agingChart(&v.Company)))
	s.Blocks = append(s.Blocks, v.agingNotes()...)
	return s
}

// tieOutNotes says whether the ledger ties to the control accounts.
func (v *view) tieOutNotes() []Block {
	var notes []Block
	for _, t := range v.TieOut {
		control, own, difference := money(t.Control), money(t.Ledger), money(t.Difference())
		args := []Cell{{Text: t.Account}, {Date: t.Date}, {Value: &control, Currency: t.Currency}, {Value: &own, Currency: t.Currency}, {Value: &difference, Currency: t.Currency}}
		switch {
		case t.Difference() != 0:
			notes = append(notes, block(&Note{Key: "note.tie_out.differs", Args: args, Alarm: true}))
		case t.Date == v.AsOf:
			notes = append(notes, block(&Note{Key: "note.tie_out.ok", Args: args}))
		}
	}
	if len(notes) == 0 {
		return []Block{block(&Note{Key: "note.tie_out.none", Args: []Cell{{Date: v.AsOf}}})}
	}
	return notes
}

func (v *view) agingChart(s *Subject) *Chart {
	c := &Chart{ID: "aging", Kind: BarChart, Currency: s.Currency, Series: []Series{{Key: "open"}}}
	for i, b := range v.Buckets {
		c.Labels = append(c.Labels, Cell{Bucket: b.ID})
		c.Series[0].Values = append(c.Series[0].Values, money(s.Aging[i]))
	}
	return c
}

// agingTable shows a subject's buckets with their share of what is in buckets.
func (v *view) agingTable(s *Subject) *Table {
	t := &Table{ID: "aging", Columns: columns("bucket", "amount", "share", "items")}
	documents, total := make([]int, len(v.Buckets)), 0
	for i := range v.Detail.Open {
		item := &v.Detail.Open[i]
		if item.Open > 0 && v.belongs(s, &item.Owner) {
			documents[item.Bucket]++
			total++
		}
	}
	sum := s.Values[Balance].Minor - s.Values[OnAccount].Minor
	cell := func(m ledger.Minor, figure string) Cell {
		c := v.money(m)
		c.Currency, c.Figure = s.Currency, s.Path()+"/"+figure
		return c
	}
	for i, b := range v.Buckets {
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Bucket: b.ID}, cell(s.Aging[i], "aging/"+b.ID), v.ratio(Share, s.Aging[i], sum), v.count(documents[i])}})
	}
	if onAccount := s.Values[OnAccount].Minor; onAccount != 0 {
		t.Rows = append(t.Rows,
			Row{Kind: SubtotalRow, Cells: []Cell{{Key: "word.in_buckets"}, cell(sum, "balance"), v.ratio(Share, sum, sum), v.count(total)}},
			Row{Cells: []Cell{{Key: "figure.on_account"}, cell(onAccount, "on_account"), {}, {}}})
		t.Rows[len(t.Rows)-2].Cells[1].Figure = ""
		total := Row{Kind: TotalRow, Cells: []Cell{{Key: "figure.balance"}, cell(s.Values[Balance].Minor, "balance"), {}, {}}}
		t.Rows = append(t.Rows, total)
		return t
	}
	t.Rows = append(t.Rows, Row{Kind: TotalRow, Cells: []Cell{{Key: "figure.balance"}, cell(sum, "balance"), v.ratio(Share, sum, sum), v.count(total)}})
	return t
}

// belongs reports whether a detail row counts in a subject.
func (v *view) belongs(s *Subject, o *Owner) bool {
	switch s.Level {
	case CurrencyLevel:
		return int(o.Currency) == s.Currency
	case RegionLevel:
		return &v.Regions[o.Region] == s
	case RepLevel:
		return &v.Reps[o.Rep] == s
	case CustomerLevel:
		return &v.Customers[o.Customer] == s
	}
	return true
}

// byValue returns the subjects that keep reports true for, the largest value
// first, equal ones by id.
func byValue(list []Subject, value func(*Subject) ledger.Minor) []*Subject {
	var order []*Subject
	for i := range list {
		if value(&list[i]) != 0 {
			order = append(order, &list[i])
		}
	}
	slices.SortStableFunc(order, func(x, y *Subject) int { return cmp.Compare(value(y), value(x)) })
	return order
}

func amountOf(id FigureID) func(*Subject) ledger.Minor {
	return func(s *Subject) ledger.Minor { return s.Values[id].Minor }
}

// top cuts a list to what readers use and says how many are left out.
func top[T any](list []T, n int) (cut []T, more int) {
	if len(list) <= n {
		return list, 0
	}
	return list[:n], len(list) - n
}

// agingBySubject lists subjects with their buckets, the largest balance first.
func (v *view) agingBySubject(id, head string, list []Subject) *Table {
	t := &Table{ID: id, Columns: []Column{{Key: head, Wide: true}}}
	for _, b := range v.Buckets {
		t.Columns = append(t.Columns, Column{Bucket: b.ID, Right: true})
	}
	t.Columns = append(t.Columns, Column{Key: "on_account", Right: true}, Column{Key: "balance", Right: true})
	row := func(s *Subject, name Cell, kind RowKind) Row {
		cells := []Cell{name}
		for i, b := range v.Buckets {
			c := v.money(s.Aging[i])
			c.Currency, c.Figure = s.Currency, s.Path()+"/aging/"+b.ID
			cells = append(cells, c)
		}
		return Row{Kind: kind, Cells: append(cells, v.figures(s, OnAccount, Balance)...)}
	}
	all := openSubjects(list)
	order, more := top(all, topRows)
	t.More = more
	for _, s := range order {
		t.Rows = append(t.Rows, row(s, subjectCell(s), ItemRow))
	}
	if more > 0 {
		t.Rows = append(t.Rows, v.agingRest(all[len(order):]))
	}
	t.Rows = append(t.Rows, row(&v.Company, Cell{Key: "word.company"}, TotalRow))
	return t
}

// openSubjects returns the subjects with anything open or on account, the
// largest balance first, equal ones by id. One whose credit equals what it owes
// is among them: its buckets count in the totals.
func openSubjects(list []Subject) []*Subject {
	var open []*Subject
	for i := range list {
		s := &list[i]
		if s.Values[OnAccount].Minor != 0 || slices.ContainsFunc(s.Aging, func(m ledger.Minor) bool { return m != 0 }) {
			open = append(open, s)
		}
	}
	slices.SortStableFunc(open, func(x, y *Subject) int { return cmp.Compare(y.Values[Balance].Minor, x.Values[Balance].Minor) })
	return open
}

// agingRest sums the subjects that a list leaves out, so that its rows foot.
func (v *view) agingRest(left []*Subject) Row {
	sums := make([]ledger.Minor, len(v.Buckets)+2)
	for _, s := range left {
		for i := range v.Buckets {
			sums[i] += s.Aging[i]
		}
		sums[len(v.Buckets)] += s.Values[OnAccount].Minor
		sums[len(v.Buckets)+1] += s.Values[Balance].Minor
	}
	row := Row{Cells: []Cell{{Key: "word.others", Text: strconv.Itoa(len(left))}}}
	for _, m := range sums {
		row.Cells = append(row.Cells, v.money(m))
	}
	return row
}

func (v *view) aging() Section {
	s := Section{ID: "aging"}
	s.Blocks = append(s.Blocks, v.figureBlock(&v.Company, Balance, Overdue, OnAccount, DisputedAmount, DocumentsOpen))
	s.Blocks = append(s.Blocks, v.agingNotes()...)
	s.Blocks = append(s.Blocks, v.trend()...)
	s.Blocks = append(s.Blocks, block(v.agingTable(&v.Company)))
	s.Blocks = append(s.Blocks, v.itemsNote(&v.Company)...)
	s.Blocks = append(s.Blocks, block(v.agingBySubject("aging_customers", "customer", v.Customers)))
	if len(v.Reps) > 1 {
		s.Blocks = append(s.Blocks, block(v.agingBySubject("aging_reps", "rep", v.Reps)))
	}
	return s
}

// itemsNote says why the items of the aging are more than the open documents:
// each instalment has an age of its own.
func (v *view) itemsNote(s *Subject) []Block {
	items := 0
	for i := range v.Detail.Open {
		if item := &v.Detail.Open[i]; item.Open > 0 && v.belongs(s, &item.Owner) {
			items++
		}
	}
	documents := int(s.Values[DocumentsOpen].Minor)
	if items == documents {
		return nil
	}
	return []Block{block(&Note{Key: "note.items", Args: []Cell{v.count(items), v.count(documents)}})}
}

// trend shows the aging and the collection of the last month-ends.
func (v *view) trend() []Block {
	if len(v.History) < 2 {
		return nil
	}
	c := &Chart{ID: "aging_trend", Kind: StackedChart, Currency: v.Base}
	for _, b := range v.Buckets {
		c.Series = append(c.Series, Series{Bucket: b.ID})
	}
	t := &Table{ID: "month_ends", Columns: columns("month", "balance", "overdue", "overdue_share", "sales", "receipts", "collection_rate", "dso", "cei", "financing_cost")}
	for i := range v.History {
		end := &v.History[i]
		month := Cell{Month: end.Date.Month()}
		c.Labels = append(c.Labels, month)
		for b := range v.Buckets {
			c.Series[b].Values = append(c.Series[b].Values, money(end.Company.Aging[b]))
		}
		cells := []Cell{month}
		for _, cell := range append(v.figures(&end.Company, Balance, Overdue), v.overdueShare(end.Company.Values[Overdue].Minor, end.Company.Values[Balance].Minor)) {
			cell.Figure = ""
			cells = append(cells, cell)
		}
		for _, cell := range v.figures(&end.Company, Sales, Receipts, CollectionRate, DSO, CEI, FinancingCost) {
			cell.Figure = ""
			cells = append(cells, cell)
		}
		t.Rows = append(t.Rows, Row{Cells: cells})
	}
	return []Block{block(c), block(t)}
}

// overdue lists the customers who owe most past due.
func (v *view) overdue() Section {
	s := Section{ID: "overdue"}
	order, more := top(byValue(v.Customers, func(c *Subject) ledger.Minor { return max(0, c.Values[Overdue].Minor) }), topRows)
	if len(order) == 0 {
		s.Blocks = append(s.Blocks, block(&Note{Key: "note.nothing_overdue", Args: []Cell{{Date: v.AsOf}}}))
		return s
	}
	t := &Table{ID: "top_overdue", More: more, Columns: columns("customer", "rep", "balance", "overdue", "overdue_share", "running_share", "oldest_days", "days_late", "financing_cost")}
	t.Columns[1].Right = false
	c := &Chart{ID: "top_overdue", Kind: RowsChart, Currency: v.Base, Series: []Series{{Key: "overdue"}}}
	running := ledger.Minor(0)
	for i, customer := range order {
		overdue := customer.Values[Overdue].Minor
		running += overdue
		cells := []Cell{subjectCell(customer), v.repCell(customer.Rep)}
		cells = append(cells, v.figures(customer, Balance, Overdue)...)
		cells = append(cells, v.overdueShare(overdue, customer.Values[Balance].Minor), v.ratio(Share, running, v.Company.Values[Overdue].Minor),
			v.count(v.oldest[v.customerIndex(customer)]))
		t.Rows = append(t.Rows, Row{Cells: append(cells, v.figures(customer, DaysLate, FinancingCost)...)})
		if i < chartRows {
			c.Labels = append(c.Labels, subjectCell(customer))
			c.Series[0].Values = append(c.Series[0].Values, customer.Values[Overdue])
		}
	}
	if !v.hasReps() {
		t.Columns = slices.Delete(t.Columns, 1, 2)
		for i := range t.Rows {
			t.Rows[i].Cells = slices.Delete(t.Rows[i].Cells, 1, 2)
		}
	}
	s.Blocks = append(s.Blocks, block(c), block(t))
	if !v.hasReps() { // with reps, each one's pages list them
		_, documents := v.repTables(0)
		s.Blocks = append(s.Blocks, block(documents))
	}
	if v.later > 0 {
		s.Blocks = append(s.Blocks, block(&Note{Key: "note.later_paid", Args: []Cell{v.count(v.later), {Date: v.AsOf}}}))
	}
	return s
}

func (v *view) customerIndex(s *Subject) int {
	i, _ := slices.BinarySearchFunc(v.Customers, s.ID, func(c Subject, id string) int { return cmp.Compare(c.ID, id) })
	return i
}

func (v *view) collection() Section {
	s := Section{ID: "collection"}
	s.Blocks = append(s.Blocks, v.figureBlock(&v.Company, Sales, Receipts, CollectionRate, CollectionRateTotal, CollectionRateDue, CEI, DSO, DSOCountBack, BPDSO, ADD, Turnover, DaysToPay, DaysLate, OnTimeRate))
	if v.Snapshot {
		s.Blocks = append(s.Blocks, block(&Note{Key: "note.snapshot", Args: []Cell{{Date: v.AsOf}}}))
		return s
	}
	s.Blocks = append(s.Blocks, block(&Note{Key: "note.rates_with_tax"}))
	if PeriodMonths(v.From, v.To).Cmp(new(big.Rat).SetInt64(1)) > 0 {
		s.Blocks = append(s.Blocks, block(&Note{Key: "note.cei_monthly_average"}))
	}
	months := v.Months[max(0, len(v.Months)-chartMonth):]
	if len(months) == 0 {
		return s
	}
	c := &Chart{ID: "monthly_flow", Kind: BarChart, Currency: v.Base, Series: []Series{{Key: "sales"}, {Key: "receipts"}}}
	t := &Table{ID: "monthly_flow", Columns: columns("month", "sales", "receipts", "collection_rate")}
	for _, m := range months {
		c.Labels = append(c.Labels, Cell{Month: m.Month})
		c.Series[0].Values = append(c.Series[0].Values, money(m.Sales))
		c.Series[1].Values = append(c.Series[1].Values, money(m.Receipts))
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Month: m.Month}, v.money(m.Sales), v.money(m.Receipts), v.ratio(Share, m.Receipts, m.Sales)}})
	}
	s.Blocks = append(s.Blocks, block(c), block(t))
	s.Blocks = append(s.Blocks, v.vintages()...)
	return s
}

// Months of issue, and months after it, that the vintage table shows.
const (
	vintageRows = 12
	vintageAges = 7
)

// vintages shows what share of each month's sales had been collected 0, 1, 2 …
// months later (rules §6, collected_by_age).
func (v *view) vintages() []Block {
	list := v.Vintages[max(0, len(v.Vintages)-vintageRows):]
	if len(list) < 2 {
		return nil
	}
	t := &Table{ID: "vintages", Columns: columns("issued_in", "issued_amount")}
	for n := range vintageAges {
		t.Columns = append(t.Columns, Column{Text: "+" + strconv.Itoa(n), Right: true})
	}
	for _, x := range list {
		cells := []Cell{{Month: x.Month}, v.money(x.Issued)}
		for n := range vintageAges {
			if n >= len(x.Collected) {
				cells = append(cells, Cell{})
				continue
			}
			share := x.Share(n)
			cells = append(cells, Cell{Value: &share})
		}
		t.Rows = append(t.Rows, Row{Cells: cells})
	}
	return []Block{block(t), block(&Note{Key: "note.vintages"})}
}

func (v *view) financing() Section {
	s := Section{ID: "financing"}
	s.Blocks = append(s.Blocks, v.figureBlock(&v.Company, FinancingCost, TermsCost, GrossMargin, ProfitEaten))
	rate := v.currentRate()
	s.Blocks = append(s.Blocks, block(&Note{Key: "note.financing_basis", Args: []Cell{{Rate: rate}, {Text: string(v.Basis)}}}))
	if v.Snapshot {
		s.Blocks = append(s.Blocks, block(&Note{Key: "note.financing_snapshot"}))
	}
	s.Blocks = append(s.Blocks, v.costTable("financing_customers", "customer", v.Customers)...)
	if len(v.Reps) > 1 {
		s.Blocks = append(s.Blocks, v.costTable("financing_reps", "rep", v.Reps)...)
	}
	s.Blocks = append(s.Blocks, block(v.monthsToZeroTable(rate)))
	return s
}

// currentRate is the book's annual rate at the as-of date.
func (v *view) currentRate() ledger.Ratio {
	rate := v.Rates[0].Rate
	for _, r := range v.Rates {
		if r.From <= v.AsOf {
			rate = r.Rate
		}
	}
	return rate
}

// costTable lists who cost most in financing.
func (v *view) costTable(id, head string, list []Subject) []Block {
	order, more := top(byValue(list, amountOf(FinancingCost)), topRows)
	if len(order) == 0 {
		return nil
	}
	t := &Table{ID: id, More: more, Columns: columns(head, "overdue", "days_late", "financing_cost", "share", "gross_margin", "profit_eaten")}
	c := &Chart{ID: id, Kind: RowsChart, Currency: v.Base, Series: []Series{{Key: "financing_cost"}}}
	for i, s := range order {
		cells := append([]Cell{subjectCell(s)}, v.figures(s, Overdue, DaysLate, FinancingCost)...)
		share := v.ratio(Share, s.Values[FinancingCost].Minor, v.Company.Values[FinancingCost].Minor)
		share.From = &Origin{Quotient, []string{s.Path() + "/" + FinancingCost.Def().Key, v.Company.Path() + "/" + FinancingCost.Def().Key}}
		cells = append(cells, share)
		t.Rows = append(t.Rows, Row{Cells: append(cells, v.figures(s, GrossMargin, ProfitEaten)...)})
		if i < chartRows {
			c.Labels = append(c.Labels, subjectCell(s))
			c.Series[0].Values = append(c.Series[0].Values, s.Values[FinancingCost])
		}
	}
	total := append([]Cell{{Key: "word.company"}}, v.figures(&v.Company, Overdue, DaysLate, FinancingCost)...)
	total = append(total, Cell{})
	t.Rows = append(t.Rows, Row{Kind: TotalRow, Cells: append(total, v.figures(&v.Company, GrossMargin, ProfitEaten)...)})
	return []Block{block(c), block(t)}
}

func (v *view) monthsToZeroTable(own ledger.Ratio) *Table {
	t := &Table{ID: "months_to_zero", Columns: []Column{{Key: "margin", Wide: true}}}
	rates := append(CourseRates(), own)
	for i, r := range rates {
		key := ""
		if i == len(rates)-1 {
			key = "own_rate"
		}
		t.Columns = append(t.Columns, Column{Key: key, Text: percentHead(r), Right: true})
	}
	row := func(margin ledger.Ratio, kind RowKind) {
		cells := []Cell{{Rate: margin}}
		if kind == MarkedRow {
			cells[0].Key = "word.own_margin"
		}
		for _, r := range rates {
			value := MonthsToZero(margin, r)
			cells = append(cells, Cell{Value: &value})
		}
		t.Rows = append(t.Rows, Row{Kind: kind, Cells: cells})
	}
	for _, m := range CourseMargins() {
		row(m, ItemRow)
	}
	row(v.Margin, MarkedRow)
	return t
}

func percentHead(r ledger.Ratio) string {
	text := new(big.Rat).Mul(r.Rat(), big.NewRat(100, 1)).FloatString(2)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".") + "%"
}

func (v *view) badDebt() Section {
	s := Section{ID: "baddebt"}
	s.Blocks = append(s.Blocks, v.figureBlock(&v.Company, WriteOffs, Recoveries, BadDebt, ExtraSales, Provision, ProvisionCharge))
	s.Blocks = append(s.Blocks, block(&Note{Key: "note.extra_sales", Args: []Cell{{Rate: v.Margin}}}))
	if len(v.LossRates) > 0 {
		s.Blocks = append(s.Blocks, block(v.provisionTable()))
		s.Blocks = append(s.Blocks, v.specificTable()...)
	}
	if len(v.Rolls) > 0 {
		s.Blocks = append(s.Blocks, block(v.rollTable()))
	}
	s.Blocks = append(s.Blocks, v.provisionMovement()...)
	t := &Table{ID: "extra_sales", Columns: columns("loss", "amount", "margin", "extra_sales")}
	for _, id := range []FigureID{BadDebt, ProvisionCharge, FinancingCost} {
		amount := v.Company.Values[id]
		if amount.IsAbsent() {
			continue
		}
		need := SalesNeeded(amount.Minor, v.Company.Margin)
		row := Row{Cells: []Cell{{Key: "figure." + id.Def().Key}, v.figure(&v.Company, id), marginCell(&v.Company), salesFor(&v.Company, id, need)}}
		if id == BadDebt {
			row.Cells[3].Figure = v.Company.Path() + "/" + ExtraSales.Def().Key
		}
		t.Rows = append(t.Rows, row)
	}
	s.Blocks = append(s.Blocks, block(t))
	if v.hasReps() {
		s.Blocks = append(s.Blocks, v.extraSalesBySubject("extra_sales_reps", "rep", v.Reps)...)
	}
	s.Blocks = append(s.Blocks, v.extraSalesBySubject("extra_sales_customers", "customer", v.Customers)...)
	s.Blocks = append(s.Blocks, block(v.whatIfSales()))
	return s
}

// marginCell shows the net margin of a subject.
func marginCell(s *Subject) Cell {
	return Cell{Rate: s.Margin, From: &Origin{Same, []string{MarginOf + s.Path()}}}
}

// salesFor shows the sales that make up for a figure of a subject.
func salesFor(s *Subject, loss FigureID, need Value) Cell {
	return Cell{Value: &need, Currency: s.Currency, From: &Origin{SalesForLoss, []string{s.Path() + "/" + loss.Def().Key, MarginOf + s.Path()}}}
}

// provisionTable is the provision matrix: bucket, open documents, loss rate,
// provision. Documents with a specific provision stand outside it, in a line of
// their own (rules §9).
func (v *view) provisionTable() *Table {
	t := &Table{ID: "provision_matrix", Columns: columns("bucket", "open", "loss_rate", "provision", "coverage")}
	open, provision := make([]ledger.Minor, len(v.Buckets)), make([]ledger.Minor, len(v.Buckets))
	var ownOpen, ownProvision ledger.Minor
	for i := range v.Detail.Open {
		item := &v.Detail.Open[i]
		switch {
		case item.Open <= 0:
		case item.Specific:
			ownOpen += item.OpenBook
			ownProvision += item.ProvisionBook
		default:
			open[item.Bucket] += item.OpenBook
			provision[item.Bucket] += item.ProvisionBook
		}
	}
	openSum, provisionSum := ownOpen, ownProvision
	for i, b := range v.Buckets {
		openSum += open[i]
		provisionSum += provision[i]
		row := Row{Cells: []Cell{{Bucket: b.ID}, v.money(open[i]), {Rate: v.LossRates[i]}, v.money(provision[i]), v.ratio(Share, provision[i], open[i])}}
		row.Cells[2].From = &Origin{Same, []string{LossRateOf + b.ID}}
		row.Cells[3].From = &Origin{Same, []string{ProvisionOf + b.ID}}
		row.Cells[4].From = &Origin{Quotient, []string{"#3", "#1"}}
		t.Rows = append(t.Rows, row)
	}
	if ownOpen != 0 {
		row := Row{Cells: []Cell{{Key: "word.specific"}, v.money(ownOpen), {}, v.money(ownProvision), v.ratio(Share, ownProvision, ownOpen)}}
		row.Cells[3].From = &Origin{Same, []string{ProvisionOfOwn}}
		row.Cells[4].From = &Origin{Quotient, []string{"#3", "#1"}}
		t.Rows = append(t.Rows, row)
	}
	total := Row{Kind: TotalRow, Cells: []Cell{{Key: "word.company"}, v.money(openSum), {}, v.money(provisionSum), v.ratio(Share, provisionSum, openSum)}}
	total.Cells[3].Figure = v.Company.Path() + "/" + Provision.Def().Key
	total.Cells[4].From = &Origin{Quotient, []string{"#3", "#1"}}
	t.Rows = append(t.Rows, total)
	return t
}

// rollTable shows the monthly roll rates that the loss rates come from (rules §9).
func (v *view) rollTable() *Table {
	t := &Table{ID: "roll_rates", Columns: []Column{{Key: "month", Wide: true}}}
	for _, b := range v.Buckets[:len(v.Buckets)-1] {
		t.Columns = append(t.Columns, Column{Bucket: b.ID, Right: true})
	}
	for _, r := range v.Rolls {
		if r.Bucket == 0 {
			t.Rows = append(t.Rows, Row{Cells: []Cell{{Month: r.Month}}})
		}
		value := Value{Unit: Share, Ratio: r.Rate()}
		if value.Ratio == nil {
			value = absent(Share, ZeroDenominator)
		}
		row := &t.Rows[len(t.Rows)-1]
		row.Cells = append(row.Cells, Cell{Value: &value})
	}
	return t
}

// provisionMovement is opening + charge − write-offs + recoveries = closing,
// and the entry that books the charge (rules §9).
func (v *view) provisionMovement() []Block {
	charge := v.Company.Values[ProvisionCharge]
	if charge.IsAbsent() {
		return nil
	}
	sum := func(items []Item) (total ledger.Minor) {
		for i := range items {
			total += items[i].ProvisionBook
		}
		return total
	}
	closing := v.Detail.Open
	if v.To != v.AsOf {
		closing = v.Detail.Closing
	}
	t := &Table{ID: "provision_movement", Columns: columns("line", "amount")}
	add := func(kind RowKind, key string, m ledger.Minor, op OriginOp, of string) {
		amount := v.money(m)
		amount.From = &Origin{op, []string{of}}
		t.Rows = append(t.Rows, Row{Kind: kind, Cells: []Cell{{Key: key}, amount}})
	}
	figure := func(id FigureID) string { return v.Company.Path() + "/" + id.Def().Key }
	add(SubtotalRow, "movement.opening", sum(v.Detail.Opening), Same, ProvisionOpening)
	add(ItemRow, "movement.charge", charge.Minor, Same, figure(ProvisionCharge))
	add(ItemRow, "movement.write_offs", -v.Company.Values[WriteOffs].Minor, Negative, figure(WriteOffs))
	add(ItemRow, "movement.recoveries", v.Company.Values[Recoveries].Minor, Same, figure(Recoveries))
	add(TotalRow, "movement.closing", sum(closing), Same, ProvisionClosing)
	if charge.Minor == 0 {
		return []Block{block(t)}
	}
	entry := &Table{ID: "journal", Columns: columns("account", "debit", "credit")}
	booked := v.money(charge.Minor.Abs())
	booked.From = &Origin{Same, []string{figure(ProvisionCharge)}}
	loss := Row{Cells: []Cell{{Key: "journal.impairment_loss"}, booked, {}}}
	allowance := Row{Cells: []Cell{{Key: "journal.allowance"}, {}, booked}}
	if charge.Minor < 0 { // a release is booked the other way round
		booked.From = &Origin{Negative, booked.From.Of}
		loss.Cells[1], loss.Cells[2] = Cell{}, booked
		allowance.Cells[1], allowance.Cells[2] = booked, Cell{}
		loss, allowance = allowance, loss
	}
	entry.Rows = []Row{loss, allowance}
	return []Block{block(t), block(entry)}
}

// extraSalesBySubject shows the same division for bad debt, provision charge
// and financing cost of reps or customers (rules §8).
func (v *view) extraSalesBySubject(id, head string, list []Subject) []Block {
	loss := func(s *Subject) ledger.Minor {
		return max(0, s.Values[BadDebt].Minor) + max(0, s.Values[ProvisionCharge].Minor) + max(0, s.Values[FinancingCost].Minor)
	}
	order, more := top(byValue(list, loss), topRows)
	if len(order) == 0 {
		return nil
	}
	t := &Table{ID: id, More: more, Columns: columns(head, "margin", "bad_debt", "extra_sales", "provision_charge", "extra_sales", "financing_cost", "extra_sales")}
	for _, s := range order {
		cells := []Cell{subjectCell(s), marginCell(s)}
		for _, f := range []FigureID{BadDebt, ProvisionCharge, FinancingCost} {
			need := s.Values[f]
			if !need.IsAbsent() {
				need = SalesNeeded(need.Minor, s.Margin)
			}
			cells = append(cells, v.figure(s, f), salesFor(s, f, need))
		}
		cells[3].Figure = s.Path() + "/" + ExtraSales.Def().Key
		t.Rows = append(t.Rows, Row{Cells: cells})
	}
	return []Block{block(t)}
}

// whatIfSales is the course table of rules §8 with this book's own loss and
// margin marked in it.
func (v *view) whatIfSales() *Table {
	exponent := v.BookCurrency().Exponent
	t := &Table{ID: "what_if_sales", Columns: []Column{{Key: "loss", Wide: true}}}
	margins := append(CourseLossMargins(), v.Margin)
	for i, m := range margins {
		key := ""
		if i == len(margins)-1 {
			key = "own_margin"
		}
		t.Columns = append(t.Columns, Column{Key: key, Text: percentHead(m), Right: true})
	}
	row := func(loss ledger.Minor, kind RowKind) {
		cells := []Cell{v.money(loss)}
		if kind == MarkedRow {
			cells[0].Figure = v.Company.Path() + "/" + BadDebt.Def().Key
		}
		for _, m := range margins {
			need := SalesNeeded(loss, m)
			cells = append(cells, Cell{Value: &need, Currency: v.Base})
		}
		t.Rows = append(t.Rows, Row{Kind: kind, Cells: cells})
	}
	for _, units := range CourseLosses() {
		loss := ledger.Minor(units)
		for range exponent {
			loss *= 10
		}
		row(loss, ItemRow)
	}
	if own := v.Company.Values[BadDebt]; !own.IsAbsent() && own.Minor > 0 {
		row(own.Minor, MarkedRow)
	}
	return t
}

// rollForward is rules §10: what moved the balance, and the control accounts.
func (v *view) rollForward() Section {
	s := Section{ID: "rollforward"}
	if v.Snapshot {
		s.Blocks = append(s.Blocks, block(&Note{Key: "note.snapshot", Args: []Cell{{Date: v.AsOf}}}))
	} else {
		s.Blocks = append(s.Blocks, block(v.rollForwardTable("rollforward", &v.Company)))
		if len(v.ByCurrency) > 1 {
			s.Blocks = append(s.Blocks, block(v.rollForwardByCurrency()))
		}
	}
	s.Blocks = append(s.Blocks, v.tieOutNotes()...)
	if len(v.TieOut) > 0 {
		t := &Table{ID: "tie_out", Columns: columns("account", "date", "currency", "control", "ledger", "difference")}
		c := &Table{ID: "tie_out_candidates", Columns: columns("why", "document", "date", "amount", "place")}
		earlier := 0
		for _, tie := range v.TieOut {
			if tie.Date != v.AsOf && tie.Difference() == 0 {
				earlier++
				continue
			}
			cell := func(m ledger.Minor) Cell { c := v.money(m); c.Currency = tie.Currency; return c }
			kind := ItemRow
			if tie.Difference() != 0 {
				kind = MarkedRow
			}
			t.Rows = append(t.Rows, Row{Kind: kind, Cells: []Cell{{Text: tie.Account}, {Date: tie.Date}, {Text: v.Currencies[tie.Currency].Code}, cell(tie.Control), cell(tie.Ledger), cell(tie.Difference())}})
			for _, x := range tie.Candidates {
				c.Rows = append(c.Rows, Row{Cells: []Cell{{Key: "word." + x.Why}, {Text: x.ID}, {Date: x.Posted}, cell(x.Amount), {Text: v.place(x.Pos)}}})
			}
		}
		if len(t.Rows) > 0 {
			s.Blocks = append(s.Blocks, block(t))
		}
		if earlier > 0 {
			s.Blocks = append(s.Blocks, block(&Note{Key: "note.tie_out.earlier", Args: []Cell{v.count(earlier)}}))
		}
		if len(c.Rows) > 0 {
			s.Blocks = append(s.Blocks, block(c))
		}
	}
	return s
}

// place writes where a row was read from.
func (v *view) place(pos ledger.Pos) string {
	l := ledger.Ledger{Sources: v.Sources}
	return l.Place(pos)
}

// rollForwardLines are the lines of the roll-forward with their signs.
var rollForwardLines = []struct {
	figure FigureID
	sign   ledger.Minor
	kind   RowKind
}{
	{OpeningBalance, 1, SubtotalRow}, {Sales, 1, ItemRow}, {Receipts, -1, ItemRow}, {WriteOffs, -1, ItemRow},
	{Adjustments, 1, ItemRow}, {FxDifference, 1, ItemRow}, {ClosingBalance, 1, TotalRow},
}

func (v *view) rollForwardTable(id string, s *Subject) *Table {
	t := &Table{ID: id, Columns: columns("line", "amount")}
	for _, line := range rollForwardLines {
		amount := v.figure(s, line.figure)
		amount.Value.Minor *= line.sign
		if line.sign < 0 {
			amount.Figure = "" // shown with the sign it has in the sum
		}
		t.Rows = append(t.Rows, Row{Kind: line.kind, Cells: []Cell{{Key: "rollforward." + line.figure.Def().Key}, amount}})
	}
	return t
}

func (v *view) rollForwardByCurrency() *Table {
	t := &Table{ID: "rollforward_currencies", Columns: []Column{{Key: "line", Wide: true}}}
	for i := range v.ByCurrency {
		t.Columns = append(t.Columns, Column{Text: v.ByCurrency[i].ID, Right: true})
	}
	for _, line := range rollForwardLines {
		cells := []Cell{{Key: "rollforward." + line.figure.Def().Key}}
		for i := range v.ByCurrency {
			amount := v.figure(&v.ByCurrency[i], line.figure)
			amount.Value.Minor *= line.sign
			amount.Figure = ""
			cells = append(cells, amount)
		}
		t.Rows = append(t.Rows, Row{Kind: line.kind, Cells: cells})
	}
	return t
}

// repLeague compares the reps, by rank.
func (v *view) repLeague() Section {
	s := Section{ID: "reps"}
	order := make([]*Subject, len(v.Reps))
	for i := range v.Reps {
		order[i] = &v.Reps[i]
	}
	slices.SortStableFunc(order, func(x, y *Subject) int { return cmp.Compare(x.Values[Rank].Minor, y.Values[Rank].Minor) })
	results := &Table{ID: "reps_league", Columns: columns("rep", "rank", "sales", "sales_attainment", "receipts", "collection_attainment", "collection_rate", "dso", "days_late")}
	costs := &Table{ID: "reps_costs", Columns: columns("rep", "balance", "overdue", "overdue_share", "gross_margin", "financing_cost", "provision_charge", "expenses", "contribution", "bad_debt", "extra_sales")}
	c := &Chart{ID: "reps_contribution", Kind: RowsChart, Currency: v.Base, Series: []Series{{Key: "contribution"}}}
	for _, rep := range order {
		results.Rows = append(results.Rows, Row{Cells: append([]Cell{subjectCell(rep)},
			v.figures(rep, Rank, Sales, SalesAttainment, Receipts, CollectionAttainment, CollectionRate, DSO, DaysLate)...)})
		costs.Rows = append(costs.Rows, Row{Cells: v.repCosts(rep, subjectCell(rep))})
		if len(c.Labels) < 2*chartRows && !rep.Values[Contribution].IsAbsent() {
			c.Labels = append(c.Labels, subjectCell(rep))
			c.Series[0].Values = append(c.Series[0].Values, rep.Values[Contribution])
		}
	}
	total := v.repCosts(&v.Company, Cell{Key: "word.company"})
	costs.Rows = append(costs.Rows, Row{Kind: TotalRow, Cells: total})
	company := append([]Cell{{Key: "word.company"}, {}}, v.figure(&v.Company, Sales), Cell{}, v.figure(&v.Company, Receipts), Cell{})
	company = append(company, v.figures(&v.Company, CollectionRate, DSO, DaysLate)...)
	results.Rows = append(results.Rows, Row{Kind: TotalRow, Cells: company})
	if len(c.Labels) > 0 {
		s.Blocks = append(s.Blocks, block(c))
	}
	s.Blocks = append(s.Blocks, block(results), block(costs), block(&Note{Key: "note.contribution"}))
	return s
}

func (v *view) repCosts(s *Subject, name Cell) []Cell {
	cells := append([]Cell{name}, v.figures(s, Balance, Overdue)...)
	cells = append(cells, v.overdueShare(s.Values[Overdue].Minor, s.Values[Balance].Minor))
	cells = append(cells, v.figures(s, GrossMargin, FinancingCost, ProvisionCharge)...)
	if s.Level == RepLevel {
		return append(cells, v.figures(s, Expenses, Contribution, BadDebt, ExtraSales)...)
	}
	return append(append(cells, Cell{}, Cell{}), v.figures(s, BadDebt, ExtraSales)...)
}

// groupTable compares regions or currencies.
func (v *view) groupTable(id, head string, list []Subject) *Table {
	t := &Table{ID: id, Columns: columns(head, "balance", "overdue", "sales", "receipts", "collection_rate", "dso", "financing_cost", "bad_debt", "provision")}
	for i := range list {
		s := &list[i]
		t.Rows = append(t.Rows, Row{Cells: append([]Cell{subjectCell(s)},
			v.figures(s, Balance, Overdue, Sales, Receipts, CollectionRate, DSO, FinancingCost, BadDebt, Provision)...)})
	}
	return t
}

func (v *view) regions() Section {
	s := Section{ID: "regions"}
	if len(v.Regions) > 1 {
		t := v.groupTable("by_region", "region", v.Regions)
		t.Rows = append(t.Rows, Row{Kind: TotalRow, Cells: append([]Cell{{Key: "word.company"}},
			v.figures(&v.Company, Balance, Overdue, Sales, Receipts, CollectionRate, DSO, FinancingCost, BadDebt, Provision)...)})
		s.Blocks = []Block{block(t)}
	}
	return s
}

func (v *view) currencies() Section {
	s := Section{ID: "currencies"}
	if len(v.ByCurrency) > 1 {
		s.Blocks = []Block{block(&Note{Key: "note.own_currency"}), block(v.groupTable("by_currency", "currency", v.ByCurrency))}
	}
	return s
}

// rep is the page of one rep: nothing on it is another rep's.
func (v *view) rep(i int) Section {
	rep := &v.Reps[i]
	s := Section{ID: "rep", Subject: rep.Path(), Title: &Note{Key: "section.rep", Args: []Cell{subjectCell(rep)}}}
	s.Blocks = append(s.Blocks, v.figureBlock(rep,
		Rank, Contribution, Sales, SalesTarget, SalesAttainment, Receipts, CollectionTarget, CollectionAttainment,
		Balance, Overdue, CollectionRate, DSO, DaysLate, FinancingCost, BadDebt, ExtraSales, ProvisionCharge, GrossMargin, Expenses))
	s.Blocks = append(s.Blocks, v.agingNotes()...)
	s.Blocks = append(s.Blocks, block(v.agingTable(rep)))
	s.Blocks = append(s.Blocks, v.itemsNote(rep)...)
	s.Blocks = append(s.Blocks, v.repClasses(int32(i))...)
	s.Blocks = append(s.Blocks, v.repCommission(int32(i))...)
	customers, documents := v.repTables(int32(i))
	if len(customers.Rows) > 0 {
		s.Blocks = append(s.Blocks, block(customers))
	}
	if len(documents.Rows) > 0 {
		s.Blocks = append(s.Blocks, block(documents))
	}
	return s
}

// repTables lists a rep's customers by what they owe on the rep's documents,
// and the rep's overdue documents, largest first.
func (v *view) repTables(rep int32) (customers, documents *Table) {
	type sum struct {
		customer         int32
		balance, overdue ledger.Minor
		oldest           int
	}
	byCustomer := map[int32]*sum{}
	var late []*Item
	for i := range v.Detail.Open {
		item := &v.Detail.Open[i]
		if item.Rep != rep {
			continue
		}
		c := byCustomer[item.Customer]
		if c == nil {
			c = &sum{customer: item.Customer}
			byCustomer[item.Customer] = c
		}
		c.balance += item.OpenBook
		if item.PastDue {
			c.overdue += item.OpenBook
		}
		if item.PastDue && item.Open > 0 {
			c.oldest = max(c.oldest, int(v.AsOf-item.Due))
			late = append(late, item)
		}
	}
	list := make([]*sum, 0, len(byCustomer))
	for _, c := range byCustomer {
		list = append(list, c)
	}
	slices.SortFunc(list, func(x, y *sum) int {
		return cmp.Or(cmp.Compare(y.overdue, x.overdue), cmp.Compare(y.balance, x.balance), cmp.Compare(x.customer, y.customer))
	})
	slices.SortStableFunc(late, func(x, y *Item) int { return cmp.Compare(y.OpenBook, x.OpenBook) })
	customers = &Table{ID: "rep_customers", Columns: columns("customer", "balance", "overdue", "overdue_share", "oldest_days")}
	list, customers.More = top(list, topRows)
	for _, c := range list {
		customers.Rows = append(customers.Rows, Row{Cells: []Cell{subjectCell(&v.Customers[c.customer]), v.money(c.balance), v.money(c.overdue), v.overdueShare(c.overdue, c.balance), v.count(c.oldest)}})
	}
	documents = &Table{ID: "rep_documents", Columns: columns("document", "customer", "due", "days_overdue", "open", "open_book")}
	documents.Columns[0].Wide, documents.Columns[1] = false, Column{Key: "customer", Wide: true}
	late, documents.More = top(late, topRows)
	if v.later > 0 {
		documents.Columns = append(documents.Columns, Column{Key: "later_paid", Right: true})
	}
	for _, item := range late {
		open := money(item.Open)
		cells := []Cell{{Text: item.ID}, subjectCell(&v.Customers[item.Customer]), {Date: item.Due},
			v.count(int(v.AsOf - item.Due)), {Value: &open, Currency: int(item.Currency)}, v.money(item.OpenBook)}
		if v.later > 0 {
			cells = append(cells, laterCell(item))
		}
		documents.Rows = append(documents.Rows, Row{Cells: cells})
	}
	return customers, documents
}

// method says how the figures were made: definitions, settings, problems of
// the input, and the files.
// settingValue shows what a setting is set to: its wording where it is one of a
// few words, else as it would stand in the configuration.
func settingValue(a Assumption) Cell {
	switch a.Key {
	case "application", "rep_basis", "aging.basis", "aging.credits", "lenient":
		return Cell{Key: "choice." + a.Key + "." + a.Value}
	}
	return Cell{Text: a.Value}
}

func (v *view) method() Section {
	s := Section{ID: "method"}
	definitions := &Table{ID: "definitions", Columns: []Column{{Key: "figure"}, {Key: "definition", Wide: true}}}
	for _, id := range Figures() {
		definitions.Rows = append(definitions.Rows, Row{Cells: []Cell{{Key: "figure." + id.Def().Key}, {Key: "figure." + id.Def().Key + ".definition"}}})
	}
	assumptions := &Table{ID: "assumptions", Columns: []Column{{Key: "key"}, {Key: "value"}, {Key: "reason", Wide: true}}}
	for _, a := range v.Assumptions {
		assumptions.Rows = append(assumptions.Rows, Row{Cells: []Cell{{Key: "setting." + a.Key}, settingValue(a), {Key: "assumption." + a.Reason, Text: a.Detail}}})
	}
	exceptions := &Table{ID: "exceptions", Columns: []Column{{Key: "code"}, {Key: "severity"}, {Key: "count", Right: true}, {Key: "example", Wide: true}}}
	for _, e := range v.Exceptions.ByCode {
		severity := "word.note"
		if e.Error {
			severity = "word.error"
		}
		exceptions.Rows = append(exceptions.Rows, Row{Cells: []Cell{{Text: e.Code}, {Key: severity}, v.count(e.Count), {Text: e.Example}}})
	}
	inputs := &Table{ID: "inputs", Columns: []Column{{Key: "file", Wide: true}, {Key: "rows", Right: true}, {Key: "sha256"}}}
	for _, in := range v.Inputs {
		inputs.Rows = append(inputs.Rows, Row{Cells: []Cell{{Text: in.File}, v.count(in.Rows), {Text: in.SHA256}}})
	}
	for _, t := range []*Table{assumptions, exceptions, inputs, definitions} {
		if len(t.Rows) > 0 {
			s.Blocks = append(s.Blocks, block(t))
		}
	}
	return s
}
