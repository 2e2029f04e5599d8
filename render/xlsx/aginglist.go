package xlsx

import (
	"cmp"
	"slices"
	"strconv"

	"duepack/analysis"
	"duepack/analysis/ledger"
)

// The columns of the aging list before its buckets.
const (
	agingNameColumn = iota + 1
	agingIDColumn
	agingColumns = agingIDColumn
)

// agingLayout is the list of who owes how much in which bucket: reps, and below
// each the customers with anything open on the rep's documents.
type agingLayout struct {
	groups []agingGroup
	live   bool
}

// agingGroup is a rep with its customers, the largest balance first.
type agingGroup struct {
	rep       int
	row       int // of the rep; the customers follow
	customers []*agingLine
}

// agingLine is what one customer owes on the documents of one rep.
type agingLine struct {
	customer          int32
	aging             []ledger.Minor
	onAccount         ledger.Minor
	overdue, disputed ledger.Minor
	items             int
}

func (l *agingLine) balance() ledger.Minor {
	sum := l.onAccount
	for _, m := range l.aging {
		sum += m
	}
	return sum
}

// placeAgingList gathers the lines of the list from the open items.
func (b *book) placeAgingList() {
	lines := map[[2]int32]*agingLine{}
	groups := make([]agingGroup, len(b.pack.Reps))
	for i := range b.pack.Detail.Open {
		item := &b.pack.Detail.Open[i]
		key := [2]int32{item.Rep, item.Customer}
		line := lines[key]
		if line == nil {
			line = &agingLine{customer: item.Customer, aging: make([]ledger.Minor, len(b.pack.Buckets))}
			lines[key] = line
			groups[item.Rep].customers = append(groups[item.Rep].customers, line)
		}
		line.add(item)
	}
	l := &b.agingList
	row := headRows + 2
	for i := range groups {
		g := &groups[i]
		if len(g.customers) == 0 {
			continue
		}
		slices.SortStableFunc(g.customers, func(x, y *agingLine) int {
			return cmp.Or(cmp.Compare(y.balance(), x.balance()), cmp.Compare(x.customer, y.customer))
		})
		g.rep, g.row = i, row
		row += 1 + len(g.customers)
		l.groups = append(l.groups, *g)
	}
	// Each cell goes through the open items once.
	l.live = len(lines)*(len(b.pack.Buckets)+4)*len(b.pack.Detail.Open) <= maxVisits/4
}

func (l *agingLine) add(item *analysis.Item) {
	if item.Bucket == analysis.OnAccountBucket {
		l.onAccount += item.OpenBook
	} else {
		l.aging[item.Bucket] += item.OpenBook
	}
	if item.PastDue {
		l.overdue += item.OpenBook
	}
	if item.Disputed && item.Open > 0 {
		l.disputed += item.OpenBook
	}
	if item.Open > 0 {
		l.items++
	}
}

// agingRows is the number of rows of the list with its total.
func (b *book) agingRows() int {
	rows := headRows + 1
	for _, g := range b.agingList.groups {
		rows += 1 + len(g.customers)
	}
	return rows + 1
}

// The columns of the aging list after its buckets.
func (b *book) agingColumn(n int) int { return agingColumns + len(b.pack.Buckets) + n }

func (b *book) onAccountColumn() int    { return b.agingColumn(1) }
func (b *book) agingBalanceColumn() int { return b.agingColumn(2) }
func (b *book) agingOverdueColumn() int { return b.agingColumn(3) }
func (b *book) agingShareColumn() int   { return b.agingColumn(4) }
func (b *book) agingDisputed() int      { return b.agingColumn(5) }
func (b *book) agingItemsColumn() int   { return b.agingColumn(6) }

// The last columns are what formulas select by.
func (b *book) agingRepKey() int      { return b.agingColumn(7) }
func (b *book) agingCustomerKey() int { return b.agingColumn(8) }

// addAgingList adds the list: a row per rep, its customers one level below, so
// that an outline folds them away.
func (b *book) addAgingList() {
	w := b.words
	heads := []string{w.Text("column.rep") + " / " + w.Text("column.customer"), w.Text("column.id")}
	for i := range b.pack.Buckets {
		heads = append(heads, w.Bucket(b.pack.Buckets[i]))
	}
	for _, key := range []string{"column.on_account", "column.balance", "column.overdue", "column.overdue_share", "figure.disputed", "column.items", "workbook.key.rep", "workbook.key.customer"} {
		heads = append(heads, w.Text(key))
	}
	last := b.agingRows()
	s := &sheet{
		name: b.names.agingList, about: w.Text("workbook.about.aging_list"), tab: linkColor, rows: last,
		head: headRows + 1, freeze: agingNameColumn, levels: 1, keys: b.agingRepKey(),
	}
	for col := range heads {
		s.widths = append(s.widths, b.agingWidth(col+1))
	}
	for i := range b.pack.Buckets {
		cell := relative(agingColumns+1+i, headRows+2)
		s.rules = append(s.rules, b.bucketRules(i, cell, cell+":"+relative(agingColumns+1+i, last-1))...)
	}
	s.write = func(r *rowWriter) {
		r.next()
		r.text(b.style(textFormat, titleRole), s.name)
		r.next()
		subtitle := w.AgingRule(b.pack)
		if !b.agingList.live {
			subtitle += "  " + w.Text("workbook.customers_values")
		}
		r.text(b.style(textFormat, mutedRole), subtitle)
		r.begin(headHeightPoints)
		for col, head := range heads {
			form := rightFormat
			if col < agingColumns {
				form = textFormat
			}
			r.text(b.style(form, headRole), head)
		}
		for i := range b.agingList.groups {
			b.writeAgingGroup(r, &b.agingList.groups[i])
		}
		b.writeAgingTotal(r, last-1)
	}
	b.add(s)
}

// agingWidth is the width of a column of the list.
func (b *book) agingWidth(col int) float64 {
	width := 9.0
	switch {
	case col == agingNameColumn:
		width = 24
		for i := range b.pack.Customers {
			width = max(width, min(44, textWidth(b.words.Subject(&b.pack.Customers[i]))+4))
		}
	case col == agingIDColumn:
		for i := range b.pack.Customers {
			width = max(width, min(24, textWidth(b.pack.Customers[i].ID)+2))
		}
	case col <= b.agingOverdueColumn() || col == b.agingDisputed():
		width = max(13, textWidth(b.words.Amount(b.pack.Company.Values[analysis.Balance].Minor.Abs(), b.base()))+3)
	}
	return width
}

func (b *book) writeAgingGroup(r *rowWriter, g *agingGroup) {
	rep := &b.pack.Reps[g.rep]
	r.next()
	first, last := r.row+1, r.row+len(g.customers)
	r.text(b.style(textFormat, subtotalRole), b.words.Subject(rep))
	r.link(b.subjectPlace(rep.Path()))
	r.text(b.style(textFormat, subtotalRole), rep.ID)
	sum := agingLine{aging: make([]ledger.Minor, len(b.pack.Buckets))}
	for _, line := range g.customers {
		sum.join(line)
	}
	b.writeAging(r, &sum, subtotalRole, func(col int) string {
		return "SUM(" + relative(col, first) + ":" + relative(col, last) + ")"
	}, "")
	for _, line := range g.customers {
		b.writeAgingLine(r, g.rep, line)
	}
}

func (l *agingLine) join(o *agingLine) {
	for i := range l.aging {
		l.aging[i] += o.aging[i]
	}
	l.onAccount += o.onAccount
	l.overdue += o.overdue
	l.disputed += o.disputed
	l.items += o.items
}

func (b *book) writeAgingLine(r *rowWriter, rep int, line *agingLine) {
	customer := &b.pack.Customers[line.customer]
	r.beginAt(0, 1)
	r.text(b.style(indentFormat, linkRole), b.words.Subject(customer))
	r.link(b.subjectPlace(customer.Path()))
	r.text(b.style(textFormat, mutedRole), customer.ID)
	row := strconv.Itoa(r.row)
	of := []string{"rep", "$" + letters(b.agingRepKey()) + row, "customer", "$" + letters(b.agingCustomerKey()) + row}
	formula := func(int) string { return "" }
	if b.agingList.live {
		formula = func(col int) string { return b.agingFormula(col, of) }
	}
	b.writeAging(r, line, plainRole, formula, b.itemsOf(line.customer))
	muted := b.style(countFormat, mutedRole)
	r.number(muted, whole(rep+1))
	r.number(muted, whole(line.customer+1))
}

// agingFormula sums the open items of a customer and rep for a column.
func (b *book) agingFormula(col int, of []string) string {
	with := func(conditions ...string) []string { return append(conditions, of...) }
	switch col {
	case b.onAccountColumn():
		return b.sum(openPrefix, "book", with("bucket_no", "0")...)
	case b.agingOverdueColumn():
		return b.sum(openPrefix, "book", with("past_due", "1")...)
	case b.agingDisputed():
		return b.sum(openPrefix, "book", with("is_disputed", "1", "native", `">0"`)...)
	case b.agingItemsColumn():
		return b.count(openPrefix, with("native", `">0"`)...)
	}
	return b.sum(openPrefix, "book", with("bucket_no", whole(col-agingColumns))...)
}

// writeAging writes the amounts of a row. Those that are no sums of their row
// come from a formula by column, or stand as values where it gives none.
func (b *book) writeAging(r *rowWriter, line *agingLine, as role, formula func(col int) string, items string) {
	amount := func(m ledger.Minor, from string) {
		style := b.style(money(b.base()), as)
		if from == "" {
			r.amount(style, m, b.base())
			return
		}
		r.formula(style, round(from, b.base()), decimal(m, b.base()))
	}
	for _, m := range line.aging {
		amount(m, formula(r.col+1))
	}
	amount(line.onAccount, formula(r.col+1))
	amount(line.balance(), "SUM("+relative(agingColumns+1, r.row)+":"+relative(b.onAccountColumn(), r.row)+")")
	r.link(items)
	amount(line.overdue, formula(r.col+1))
	b.writeShare(r, line.overdue, line.balance(), as)
	amount(line.disputed, formula(r.col+1))
	if count := formula(r.col + 1); count != "" {
		r.formula(b.style(countFormat, as), count, whole(line.items))
	} else {
		r.number(b.style(countFormat, as), whole(line.items))
	}
}

// writeShare writes overdue ÷ balance; where credit leaves no balance a share
// of it means nothing.
func (b *book) writeShare(r *rowWriter, overdue, balance ledger.Minor, as role) {
	of, all := relative(b.agingOverdueColumn(), r.row), relative(b.agingBalanceColumn(), r.row)
	formula := "IF(" + all + "<=0,\"\"," + of + "/" + all + ")"
	value := ""
	if balance > 0 {
		value = fraction(ledger.Ratio{Num: int64(overdue), Den: int64(balance)}.Rat())
	}
	r.formula(b.style(shareFormat, as), formula, value)
}

// writeAgingTotal writes the company: the sums of the rows of customers, which
// alone have the number of a rep.
func (b *book) writeAgingTotal(r *rowWriter, last int) {
	company := &b.pack.Company
	r.next()
	r.text(b.style(textFormat, totalRole), b.words.Subject(company))
	r.link(b.subjectPlace(company.Path()))
	r.blank(b.style(textFormat, totalRole))
	sum := agingLine{aging: make([]ledger.Minor, len(b.pack.Buckets))}
	for _, g := range b.agingList.groups {
		for _, line := range g.customers {
			sum.join(line)
		}
	}
	first := headRows + 2
	if last < first {
		b.writeAging(r, &sum, totalRole, func(int) string { return "0" }, "")
		return
	}
	area := func(col int) string { return absolute(col, first) + ":" + absolute(col, last) }
	b.writeAging(r, &sum, totalRole, func(col int) string {
		return "SUMIFS(" + area(col) + "," + area(b.agingRepKey()) + `,">0")`
	}, quote(b.data[openPrefix].sheets[0])+"A1")
}

// itemsOf is the range of a customer's open items as they are written.
func (b *book) itemsOf(customer int32) string {
	if b.itemRows == nil {
		b.itemRows = map[int32][2]int{}
		for i := range b.pack.Detail.Open {
			c := b.pack.Detail.Open[i].Customer
			if at, seen := b.itemRows[c]; seen && at[1] == i-1 {
				b.itemRows[c] = [2]int{at[0], i}
			} else if !seen {
				b.itemRows[c] = [2]int{i, i}
			}
		}
	}
	at := b.itemRows[customer]
	n := at[0] / maxRows
	first := at[0] - n*maxRows
	last := min(at[1]-n*maxRows, maxRows-1)
	return quote(b.data[openPrefix].sheets[n]) + relative(1, first+2) + ":" + relative(b.itemColumns, last+2)
}
