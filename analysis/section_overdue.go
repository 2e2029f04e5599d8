package analysis

import (
	"slices"

	"duepack/analysis/ledger"
)

var (
	nothingOverdueNote = sentence("note.nothing_overdue", 1)
	laterPaidNote      = sentence("note.later_paid", 2)
)

// overdue lists the customers who owe most past due.
func (v *view) overdue() Section {
	all := v.overdueCustomers()
	s := Section{ID: "overdue", Title: v.overdueTitle(all)}
	if len(all) == 0 {
		s.Blocks = append(s.Blocks, block(nothingOverdueNote.note(Cell{Date: v.AsOf})))
		return s
	}
	s.Blocks = append(s.Blocks, block(v.overdueChart(all)))
	s.Blocks = append(s.Blocks, inBrief(block(v.largestOverdue(all)))...)
	s.Blocks = append(s.Blocks, inFull(block(v.topOverdue(all)))...)
	if !v.hasReps() { // with reps, each one's pages list them
		_, documents := v.repTables(0)
		s.Blocks = append(s.Blocks, inFull(block(documents))...)
	}
	if v.later > 0 {
		s.Blocks = append(s.Blocks, inFull(block(laterPaidNote.note(v.count(v.later), Cell{Date: v.AsOf})))...)
	}
	return s
}

// overdueCustomers returns the customers with an overdue amount above zero, the
// largest first.
func (v *view) overdueCustomers() []*Subject {
	return byValue(v.Customers, func(c *Subject) ledger.Minor { return max(0, c.Values[Overdue].Minor) })
}

func (v *view) overdueChart(all []*Subject) *Chart {
	c := &Chart{ID: "top_overdue", Kind: RowsChart, Title: mostOverdue.title(v, v.Customers, amountOf(Overdue)), Currency: v.Base, Series: []Series{{Key: "overdue"}}}
	list, _ := top(all, briefRows)
	for _, customer := range list {
		c.Labels = append(c.Labels, subjectCell(customer))
		c.Series[0].Values = append(c.Series[0].Values, customer.Values[Overdue])
	}
	return c
}

// largestOverdue is the digest of topOverdue.
func (v *view) largestOverdue(all []*Subject) *Table {
	list, more := top(all, briefRows)
	t := &Table{ID: "largest_overdue", More: more, Columns: columns("customer", "rep", "overdue", "running_share", "oldest_days", "days_late", "financing_cost")}
	running := ledger.Minor(0)
	for _, customer := range list {
		running += customer.Values[Overdue].Minor
		cells := []Cell{subjectCell(customer), v.repCell(customer.Rep), v.figure(customer, Overdue), v.runningShare(running), v.count(v.oldest[v.customerIndex(customer)])}
		t.Rows = append(t.Rows, Row{Cells: append(cells, v.figures(customer, DaysLate, FinancingCost)...)})
	}
	v.nameReps(t)
	return t
}

// topOverdue is the list as far as readers use one.
func (v *view) topOverdue(all []*Subject) *Table {
	list, more := top(all, topRows)
	t := &Table{ID: "top_overdue", More: more, Columns: columns("customer", "rep", "balance", "overdue", "overdue_share", "running_share", "oldest_days", "days_late", "financing_cost")}
	running := ledger.Minor(0)
	for _, customer := range list {
		overdue := customer.Values[Overdue].Minor
		running += overdue
		cells := []Cell{subjectCell(customer), v.repCell(customer.Rep)}
		cells = append(cells, v.figures(customer, Balance, Overdue)...)
		cells = append(cells, v.overdueShare(overdue, customer.Values[Balance].Minor), v.runningShare(running),
			v.count(v.oldest[v.customerIndex(customer)]))
		t.Rows = append(t.Rows, Row{Cells: append(cells, v.figures(customer, DaysLate, FinancingCost)...)})
	}
	v.nameReps(t)
	return t
}

// runningShare is the part of all that is overdue which the customers so far
// make up; credit in the buckets past due can leave too little to be a share of.
func (v *view) runningShare(sum ledger.Minor) Cell {
	overdue := v.Company.Values[Overdue].Minor
	if overdue <= 0 {
		value := absent(Share, ZeroDenominator)
		return Cell{Value: &value}
	}
	return v.ratio(Share, sum, overdue)
}

// nameReps finishes a table whose second column names a rep: it is text, and
// goes where the book has no reps.
func (v *view) nameReps(t *Table) {
	t.Columns[1].Right = false
	if v.hasReps() {
		return
	}
	t.Columns = slices.Delete(t.Columns, 1, 2)
	for i := range t.Rows {
		t.Rows[i].Cells = slices.Delete(t.Rows[i].Cells, 1, 2)
	}
}
