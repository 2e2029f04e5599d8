package analysis

import (
	"slices"

	"duepack/analysis/ledger"
)

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
