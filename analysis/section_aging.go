package analysis

import (
	"slices"
	"strconv"

	"duepack/analysis/ledger"
)

var (
	agingRuleNotes = map[AgingBasis]Sentence{
		ByDue:    sentence("note.aging_rule.due", 0),
		ByIssued: sentence("note.aging_rule.issued", 0),
		ByPosted: sentence("note.aging_rule.posted", 0),
	}
	anniversaryNote = sentence("note.aging_rule.anniversary", 0)
	creditNotes     = map[CreditTreatment]Sentence{
		CreditsOnAccount: sentence("note.credits.on_account", 0),
		CreditsOwnBucket: sentence("note.credits.own_bucket", 0),
		CreditsNetOldest: sentence("note.credits.net_oldest", 0),
	}
	itemsNote = sentence("note.items", 2)
)

// agingNotes states the rule on which buckets rest (rules §4: printed on every
// page that shows buckets).
func (v *view) agingNotes() []Block {
	notes := []Block{block(agingRuleNotes[v.Aging.Basis].note())}
	if slices.ContainsFunc(v.Buckets, func(b Bucket) bool { return b.Last.Unit != BoundDays }) {
		notes = append(notes, block(anniversaryNote.note()))
	}
	if v.Company.Values[OnAccount].Minor != 0 || v.Aging.Credits != CreditsOnAccount {
		notes = append(notes, block(creditNotes[v.Aging.Credits].note()))
	}
	return notes
}

func (v *view) agingChart(s *Subject) *Chart {
	c := &Chart{ID: "aging", Kind: BarChart, Title: v.bucketTitle(s), Currency: s.Currency, Series: []Series{{Key: "open"}}}
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
	for item := range v.openOf(s) {
		if item.Open > 0 {
			documents[item.Bucket]++
			total++
		}
	}
	sum := inBuckets(s)
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

// inBuckets is what a subject's buckets add up to: the balance without credit on
// account.
func inBuckets(s *Subject) ledger.Minor { return s.Values[Balance].Minor - s.Values[OnAccount].Minor }

// companyAging is the aging table of the company with what each line changed by
// since the month-end before.
func (v *view) companyAging() *Table {
	t, before := v.agingTable(&v.Company), v.before()
	if before == nil {
		return t
	}
	t.Columns = slices.Insert(t.Columns, 2, Column{Key: "change", Right: true})
	for i := range t.Rows {
		cells := t.Rows[i].Cells
		was := inBuckets(before)
		switch {
		case i < len(v.Buckets):
			was = before.Aging[i]
		case cells[0].Key == "figure.on_account":
			was = before.Values[OnAccount].Minor
		case cells[0].Key == "figure.balance":
			was = before.Values[Balance].Minor
		}
		t.Rows[i].Cells = slices.Insert(cells, 2, v.money(cells[1].Value.Minor-was))
	}
	return t
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
	return largestFirst(open, amountOf(Balance))
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
	s := Section{ID: "aging", Title: v.agingTitle()}
	s.Blocks = append(s.Blocks, inFull(v.figureBlock(&v.Company, Balance, Overdue, OnAccount, DisputedAmount, DocumentsOpen))...)
	s.Blocks = append(s.Blocks, inFull(v.agingNotes()...)...)
	if len(v.ends) > 1 {
		s.Blocks = append(s.Blocks, block(v.agingTrend()))
	}
	s.Blocks = append(s.Blocks, block(v.companyAging()))
	s.Blocks = append(s.Blocks, inFull(v.itemsNote(&v.Company)...)...)
	if len(v.History) > 1 {
		s.Blocks = append(s.Blocks, inFull(block(v.monthEnds()))...)
	}
	s.Blocks = append(s.Blocks, inFull(block(v.agingBySubject("aging_customers", "customer", v.Customers)))...)
	if len(v.Reps) > 1 {
		s.Blocks = append(s.Blocks, inFull(block(v.agingBySubject("aging_reps", "rep", v.Reps)))...)
	}
	return s
}

// itemsNote says why the items of the aging are more than the open documents:
// each instalment has an age of its own.
func (v *view) itemsNote(s *Subject) []Block {
	items := 0
	for item := range v.openOf(s) {
		if item.Open > 0 {
			items++
		}
	}
	documents := int(s.Values[DocumentsOpen].Minor)
	if items == documents {
		return nil
	}
	return []Block{block(itemsNote.note(v.count(items), v.count(documents)))}
}

// agingTrend shows the buckets at the last month-ends and at the as-of date.
func (v *view) agingTrend() *Chart {
	c := &Chart{ID: "aging_trend", Kind: StackedChart, Title: v.trendTitle(), Currency: v.Base}
	for _, b := range v.Buckets {
		c.Series = append(c.Series, Series{Bucket: b.ID})
	}
	for _, end := range v.ends {
		c.Labels = append(c.Labels, v.endLabel(end.Date))
		for b := range v.Buckets {
			c.Series[b].Values = append(c.Series[b].Values, money(end.Company.Aging[b]))
		}
	}
	return c
}

// monthEnds lists the position and the collection of the last month-ends.
func (v *view) monthEnds() *Table {
	t := &Table{ID: "month_ends", Columns: columns("month", "balance", "overdue", "overdue_share", "sales", "receipts", "collection_rate", "dso", "cei", "financing_cost")}
	for i := range v.History {
		end := &v.History[i].Company
		cells := append(v.figures(end, Balance, Overdue), v.overdueShare(end.Values[Overdue].Minor, end.Values[Balance].Minor))
		cells = append(cells, v.figures(end, Sales, Receipts, CollectionRate, DSO, CEI, FinancingCost)...)
		for j := range cells {
			cells[j].Figure = "" // the figure of an earlier pack
		}
		t.Rows = append(t.Rows, Row{Cells: append([]Cell{{Month: v.History[i].Date.Month()}}, cells...)})
	}
	return t
}
