package analysis

import (
	"cmp"
	"slices"

	"duepack/analysis/ledger"
)

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
