package analysis

import (
	"cmp"
	"slices"

	"duepack/analysis/ledger"
)

var (
	contributionNote = sentence("note.contribution", 0)
	repPagesNote     = sentence("note.rep_pages", 2)
)

// repLeague compares the reps, by rank.
func (v *view) repLeague() Section {
	order := v.repsByRank()
	s := Section{ID: "reps", Title: v.repsTitle(order)}
	list, more := ends(order, leagueRows)
	shown, beyond := ends(order, repPages)
	league, costs := v.leagueTable("reps_league", shown), v.repCosts(shown)
	league.More, costs.More = beyond, beyond
	if more > 0 {
		digest := v.leagueTable("reps_best", list)
		digest.More = more
		s.Blocks = append(append(s.Blocks, inBrief(block(digest))...), inFull(block(league))...)
	} else {
		s.Blocks = append(s.Blocks, block(league))
	}
	if c := v.quadrantChart(order); len(c.Labels) > 0 {
		s.Blocks = append(s.Blocks, block(c))
	}
	if c := v.contributionChart(order); len(c.Labels) > 0 {
		s.Blocks = append(s.Blocks, block(c))
	}
	s.Blocks = append(s.Blocks, block(contributionNote.note()))
	if len(v.Reps) > repPages {
		s.Blocks = append(s.Blocks, block(repPagesNote.note(v.count(repPages), v.count(len(v.Reps)))))
	}
	s.Blocks = append(s.Blocks, inFull(block(costs))...)
	return s
}

func (v *view) repsByRank() []*Subject {
	order := make([]*Subject, len(v.Reps))
	for i := range v.Reps {
		order[i] = &v.Reps[i]
	}
	slices.SortStableFunc(order, func(x, y *Subject) int { return cmp.Compare(x.Values[Rank].Minor, y.Values[Rank].Minor) })
	return order
}

// leagueTable sets what each rep sold, collected and cost side by side.
func (v *view) leagueTable(id string, order []*Subject) *Table {
	t := &Table{ID: id, Columns: columns("rep", "rank", "sales", "sales_attainment", "receipts", "collection_attainment", "overdue_share", "days_late", "financing_cost", "bad_debt", "contribution", "extra_sales")}
	row := func(s *Subject, name Cell, ofRep func(FigureID) Cell) []Cell {
		return []Cell{name, ofRep(Rank), v.figure(s, Sales), ofRep(SalesAttainment), v.figure(s, Receipts), ofRep(CollectionAttainment),
			v.overdueShare(s.Values[Overdue].Minor, s.Values[Balance].Minor), v.figure(s, DaysLate), v.figure(s, FinancingCost),
			v.figure(s, BadDebt), ofRep(Contribution), v.figure(s, ExtraSales)}
	}
	for _, rep := range order {
		t.Rows = append(t.Rows, Row{Cells: row(rep, subjectCell(rep), func(id FigureID) Cell { return v.figure(rep, id) })})
	}
	none := func(FigureID) Cell { return Cell{} }
	t.Rows = append(t.Rows, Row{Kind: TotalRow, Cells: row(&v.Company, Cell{Key: "word.company"}, none)})
	return t
}

// quadrantChart places the reps by what they sold and collected of their
// targets; who lacks one of them has no place.
func (v *view) quadrantChart(order []*Subject) *Chart {
	c := &Chart{ID: "reps_quadrant", Kind: ScatterChart, Currency: v.Base, Series: []Series{{Key: "sales_attainment"}, {Key: "collection_attainment"}}}
	for _, rep := range order {
		sold, collected := rep.Values[SalesAttainment], rep.Values[CollectionAttainment]
		if !sold.IsAbsent() && !collected.IsAbsent() {
			c.Labels = append(c.Labels, subjectCell(rep))
			c.Series[0].Values = append(c.Series[0].Values, sold)
			c.Series[1].Values = append(c.Series[1].Values, collected)
		}
	}
	if len(c.Labels) > 0 {
		c.Title = v.quadrantTitle(c)
	}
	return c
}

func (v *view) contributionChart(order []*Subject) *Chart {
	c := &Chart{ID: "reps_contribution", Kind: RowsChart, Currency: v.Base, Series: []Series{{Key: "contribution"}}}
	known := slices.DeleteFunc(slices.Clone(order), func(s *Subject) bool { return s.Values[Contribution].IsAbsent() })
	list, _ := ends(known, leagueRows)
	for _, rep := range list {
		c.Labels = append(c.Labels, subjectCell(rep))
		c.Series[0].Values = append(c.Series[0].Values, rep.Values[Contribution])
	}
	if len(c.Labels) > 0 {
		c.Title = v.contributionTitle(order)
	}
	return c
}

// repCosts are the amounts behind the league.
func (v *view) repCosts(order []*Subject) *Table {
	t := &Table{ID: "reps_costs", Columns: columns("rep", "balance", "overdue", "collection_rate", "dso", "gross_margin", "financing_cost", "provision_charge", "expenses", "contribution")}
	for _, rep := range order {
		t.Rows = append(t.Rows, Row{Cells: append([]Cell{subjectCell(rep)}, v.figures(rep, Balance, Overdue, CollectionRate, DSO, GrossMargin, FinancingCost, ProvisionCharge, Expenses, Contribution)...)})
	}
	total := append([]Cell{{Key: "word.company"}}, v.figures(&v.Company, Balance, Overdue, CollectionRate, DSO, GrossMargin, FinancingCost, ProvisionCharge)...)
	t.Rows = append(t.Rows, Row{Kind: TotalRow, Cells: append(total, Cell{}, Cell{})})
	return t
}

// rep is the page of one rep: nothing on it is another rep's.
func (v *view) rep(i int) Section {
	rep := &v.Reps[i]
	s := Section{ID: "rep", Subject: rep.Path(), Title: v.repTitle(rep)}
	s.Blocks = append(s.Blocks, inBrief(v.figureBlock(rep, Sales, SalesAttainment, Receipts, CollectionAttainment, Balance, Overdue, FinancingCost, Contribution))...)
	s.Blocks = append(s.Blocks, inFull(v.figureBlock(rep,
		Rank, Contribution, Sales, SalesTarget, SalesAttainment, Receipts, CollectionTarget, CollectionAttainment,
		Balance, Overdue, CollectionRate, DSO, DaysLate, FinancingCost, BadDebt, ExtraSales, ProvisionCharge, GrossMargin, Expenses))...)
	s.Blocks = append(s.Blocks, inFull(v.agingNotes()...)...)
	s.Blocks = append(s.Blocks, block(v.agingTable(rep)))
	s.Blocks = append(s.Blocks, inFull(v.itemsNote(rep)...)...)
	s.Blocks = append(s.Blocks, inFull(v.repClasses(int32(i))...)...)
	s.Blocks = append(s.Blocks, inFull(v.repCommission(int32(i))...)...)
	customers, documents := v.repTables(int32(i))
	if len(customers.Rows) > briefRows {
		digest := *customers
		digest.More += len(customers.Rows) - briefRows
		digest.Rows = customers.Rows[:briefRows]
		s.Blocks = append(append(s.Blocks, inBrief(block(&digest))...), inFull(block(customers))...)
	} else if len(customers.Rows) > 0 {
		s.Blocks = append(s.Blocks, block(customers))
	}
	if len(documents.Rows) > 0 {
		s.Blocks = append(s.Blocks, inFull(block(documents))...)
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
	for _, item := range v.byRep[rep] {
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
	customers = &Table{ID: "rep_customers", Columns: columns("customer", "balance", "overdue", "overdue_share", "oldest_days")}
	list, customers.More = top(list, topRows)
	for _, c := range list {
		customers.Rows = append(customers.Rows, Row{Cells: []Cell{subjectCell(&v.Customers[c.customer]), v.money(c.balance), v.money(c.overdue), v.overdueShare(c.overdue, c.balance), v.count(c.oldest)}})
	}
	documents = &Table{ID: "rep_documents", Columns: columns("document", "customer", "due", "days_overdue", "open", "open_book")}
	documents.Columns[0].Wide, documents.Columns[1] = false, Column{Key: "customer", Wide: true}
	late, documents.More = topBy(late, topRows, func(item *Item) ledger.Minor { return item.OpenBook })
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
