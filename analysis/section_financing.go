package analysis

import "duepack/analysis/ledger"

var (
	costBasisNote  = sentence("note.financing_basis", 2)
	costOfOpenNote = sentence("note.financing_snapshot", 0)
)

// financing says what waiting for money costs, and who makes it cost.
func (v *view) financing() Section {
	s := Section{ID: "financing", Title: v.financingTitle()}
	s.Blocks = append(s.Blocks, v.figureBlock(&v.Company, FinancingCost, TermsCost, GrossMargin, ProfitEaten))
	rate := v.currentRate()
	s.Blocks = append(s.Blocks, block(costBasisNote.note(Cell{Rate: rate}, Cell{Text: string(v.Basis)})))
	if v.Snapshot {
		s.Blocks = append(s.Blocks, block(costOfOpenNote.note()))
	}
	s.Blocks = append(s.Blocks, v.costBlocks(&mostCost, "financing_customers", "customer", v.Customers)...)
	if len(v.Reps) > 1 {
		s.Blocks = append(s.Blocks, v.costBlocks(&mostCostOfReps, "financing_reps", "rep", v.Reps)...)
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

// costBlocks show who cost most in financing.
func (v *view) costBlocks(most *largest, id, head string, list []Subject) []Block {
	order := byValue(list, amountOf(FinancingCost))
	if len(order) == 0 {
		return nil
	}
	return append([]Block{block(v.costChart(id, order, most.title(v, list, amountOf(FinancingCost))))}, inFull(block(v.costTable(id, head, order)))...)
}

func (v *view) costChart(id string, order []*Subject, title *Note) *Chart {
	c := &Chart{ID: id, Kind: RowsChart, Title: title, Currency: v.Base, Series: []Series{{Key: "financing_cost"}}}
	list, _ := top(order, briefRows)
	for _, s := range list {
		c.Labels = append(c.Labels, subjectCell(s))
		c.Series[0].Values = append(c.Series[0].Values, s.Values[FinancingCost])
	}
	return c
}

func (v *view) costTable(id, head string, order []*Subject) *Table {
	list, more := top(order, topRows)
	t := &Table{ID: id, More: more, Columns: columns(head, "overdue", "days_late", "financing_cost", "share", "gross_margin", "profit_eaten")}
	for _, s := range list {
		cells := append([]Cell{subjectCell(s)}, v.figures(s, Overdue, DaysLate, FinancingCost)...)
		share := v.ratio(Share, s.Values[FinancingCost].Minor, v.Company.Values[FinancingCost].Minor)
		share.From = &Origin{Quotient, []string{s.Path() + "/" + FinancingCost.Def().Key, v.Company.Path() + "/" + FinancingCost.Def().Key}}
		cells = append(cells, share)
		t.Rows = append(t.Rows, Row{Cells: append(cells, v.figures(s, GrossMargin, ProfitEaten)...)})
	}
	total := append([]Cell{{Key: "word.company"}}, v.figures(&v.Company, Overdue, DaysLate, FinancingCost)...)
	total = append(total, Cell{})
	t.Rows = append(t.Rows, Row{Kind: TotalRow, Cells: append(total, v.figures(&v.Company, GrossMargin, ProfitEaten)...)})
	return t
}

func (v *view) monthsToZeroTable(own ledger.Ratio) *Table {
	t := &Table{ID: "months_to_zero", WhatIf: true, Columns: []Column{{Key: "margin", Wide: true}}}
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
