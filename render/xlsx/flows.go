package xlsx

import (
	"strconv"

	"duepack/analysis"
	"duepack/analysis/ledger"
)

// The numbers of the flows that lines count in.
const (
	salesFlow = iota + 1
	receiptsFlow
	writeOffsFlow
	recoveriesFlow
	adjustmentsFlow
)

// flowOf returns the flow a kind counts in (rules §6, §8, §10).
func flowOf(k ledger.Kind) int {
	switch k {
	case ledger.Receipt, ledger.Refund:
		return receiptsFlow
	case ledger.WriteOff:
		return writeOffsFlow
	case ledger.Recovery:
		return recoveriesFlow
	case ledger.Adjustment, ledger.Opening:
		return adjustmentsFlow
	}
	return salesFlow
}

// linesTable lists the entries of the period. Computed in it: the amount in
// the book's currency at the rate of its posting date, and the gross margin,
// rounded at the line (rules §5, §7).
func (b *book) linesTable() *dataTable[analysis.Line] {
	t := &dataTable[analysis.Line]{prefix: linesPrefix, name: b.words.Text("workbook.sheet.lines"), about: b.words.Text("workbook.about.lines"), rows: b.pack.Detail.Lines, freeze: 1}
	owner := func(l *analysis.Line) *analysis.Owner { return &l.Owner }
	currency := func(l *analysis.Line) int32 { return l.Currency }
	t.columns = []column[analysis.Line]{
		textColumn(b, "document", func(l *analysis.Line) string { return l.ID }),
		kindColumn(b, func(l *analysis.Line) ledger.Kind { return l.Kind }),
	}
	t.columns = append(t.columns, ownerNames(b, owner).all()...)
	t.columns = append(t.columns,
		dateColumn(b, "posted", func(l *analysis.Line) ledger.Date { return l.Posted }),
		dateColumn(b, "due", func(l *analysis.Line) ledger.Date { return l.Due }),
		textColumn(b, "settles", func(l *analysis.Line) string { return l.Settles }),
		amountColumn(b, "native", currency, func(l *analysis.Line) ledger.Minor { return l.Amount }),
		exchangeColumn(b, func(x *analysis.Line) ledger.Ratio { return x.Rate }),
		bookColumn(b, t, "book", "native", func(l *analysis.Line) (int32, ledger.Minor, ledger.Ratio, ledger.Minor) {
			return l.Currency, l.Amount, l.Rate, l.Book
		}),
		amountColumn(b, "collect_native", currency, func(l *analysis.Line) ledger.Minor { return l.ToCollect }),
		bookColumn(b, t, "collect_book", "collect_native", func(l *analysis.Line) (int32, ledger.Minor, ledger.Ratio, ledger.Minor) {
			return l.Currency, l.ToCollect, l.Rate, l.ToCollectBook
		}),
		column[analysis.Line]{key: "cost", head: b.words.Text("workbook.cost"), width: 15, right: true, write: b.writeLineCost},
		column[analysis.Line]{key: "margin", head: b.words.Text("column.margin"), width: 9, right: true, write: b.writeLineMargin},
		column[analysis.Line]{key: "gross_native", head: b.words.Text("workbook.gross_native"), width: 15, right: true, sum: true,
			write: b.grossWriter(t)},
		column[analysis.Line]{key: "gross_book", head: b.words.Text("workbook.gross_book", b.base().Code), width: 15, right: true, sum: true,
			write: b.grossBookWriter(t)},
		sourceColumn(b, func(l *analysis.Line) ledger.Pos { return l.Pos }),
		keyColumn(b, "flow", func(l *analysis.Line) int { return flowOf(l.Kind) }),
	)
	t.columns = append(t.columns, ownerKeys(b, owner)...)
	return t
}

func (b *book) writeLineCost(r *rowWriter, l *analysis.Line) {
	cur := b.currency(int(l.Currency))
	if !l.HasCost {
		r.skip(1)
		return
	}
	r.amount(b.style(money(cur), plainRole), l.Cost, cur)
}

// writeLineMargin writes the margin of a sales line without a cost: the
// customer's own as a number, else the rep's, which is the book's where the
// rep has none.
func (b *book) writeLineMargin(r *rowWriter, l *analysis.Line) {
	switch style := b.style(rateFormat, plainRole); {
	case !l.Kind.IsSale() || l.HasCost:
		r.skip(1)
	case b.pack.Customers[l.Customer].OwnMargin:
		b.ratio(r, l.Margin, rateFormat, plainRole)
	case l.Margin.Given():
		r.formula(style, b.repMarginCell(int(l.Rep)), b.numbers.of(l.Margin).fraction)
	default:
		r.formula(style, b.repMarginCell(int(l.Rep)), "0")
	}
}

// grossWriter writes the gross margin of sales lines: less the cost, or times
// the margin.
func (b *book) grossWriter(t *dataTable[analysis.Line]) func(*rowWriter, *analysis.Line) {
	byCost := t.formulas(func(at func(string) string, cur ledger.Currency) string {
		return round(at("native")+"-"+at("cost"), cur)
	})
	byMargin := t.formulas(func(at func(string) string, cur ledger.Currency) string {
		return round(at("native")+"*"+at("margin"), cur)
	})
	return func(r *rowWriter, l *analysis.Line) {
		cur := b.currency(int(l.Currency))
		style := b.style(money(cur), plainRole)
		switch {
		case !l.Kind.IsSale():
			r.skip(1)
		case l.HasCost:
			r.amountFormula(style, byCost(cur), l.Gross, cur)
		default:
			r.amountFormula(style, byMargin(cur), l.Gross, cur)
		}
	}
}

func (b *book) grossBookWriter(t *dataTable[analysis.Line]) func(*rowWriter, *analysis.Line) {
	formula := t.formulas(func(at func(string) string, cur ledger.Currency) string {
		return round(at("gross_native")+"*"+at("fx"), cur)
	})
	return func(r *rowWriter, l *analysis.Line) {
		if !l.Kind.IsSale() {
			r.skip(1)
			return
		}
		r.amountFormula(b.style(money(b.base()), plainRole), formula(b.base()), l.GrossBook, b.base())
	}
}

// applicationsTable lists the parts of receipts that lowered documents in the
// period, with amount × days for the weighted days of rules §6.
func (b *book) applicationsTable() *dataTable[analysis.Application] {
	t := &dataTable[analysis.Application]{prefix: applicationsPrefix, name: b.words.Text("workbook.sheet.applications"), about: b.words.Text("workbook.about.applications"), rows: b.pack.Detail.Applications, freeze: 1}
	owner := func(a *analysis.Application) *analysis.Owner { return &a.Owner }
	days := func(key, from string, since func(*analysis.Application) ledger.Date) column[analysis.Application] {
		style := b.style(countFormat, plainRole)
		formula := t.formulas(func(at func(string) string, _ ledger.Currency) string { return at("date") + "-" + at(from) })
		return column[analysis.Application]{key: key, head: b.words.Text("column." + key), width: 9, right: true, sum: true, write: func(r *rowWriter, a *analysis.Application) {
			r.wholeFormula(style, formula(ledger.Currency{}), int64(a.Date-since(a)))
		}}
	}
	issued := func(a *analysis.Application) ledger.Date { return a.Issued }
	due := func(a *analysis.Application) ledger.Date { return a.Due }
	weighted := func(key, amount, number string, since func(*analysis.Application) ledger.Date) column[analysis.Application] {
		formula := t.formulas(func(at func(string) string, cur ledger.Currency) string { return round(at(amount)+"*"+at(number), cur) })
		return column[analysis.Application]{key: key, head: b.words.Text("workbook." + key), width: 16, right: true, sum: true, selects: true, write: func(r *rowWriter, a *analysis.Application) {
			cur, value := b.base(), a.Book
			if amount == "native" {
				cur, value = b.currency(int(a.Currency)), a.Amount
			}
			product := value * ledger.Minor(a.Date-since(a))
			r.amountFormula(b.style(money(cur), mutedRole), formula(cur), product, cur)
		}}
	}
	t.columns = []column[analysis.Application]{
		textColumn(b, "receipt", func(a *analysis.Application) string { return a.Receipt }),
		textColumn(b, "document", func(a *analysis.Application) string { return a.Document }),
		instalmentColumn(b, func(a *analysis.Application) int16 { return a.Instalment }),
	}
	t.columns[0].head = b.words.Text("kind.receipt")
	t.columns = append(t.columns, ownerNames(b, owner).all()...)
	t.columns = append(t.columns,
		dateColumn(b, "date", func(a *analysis.Application) ledger.Date { return a.Date }),
		dateColumn(b, "issued", issued),
		dateColumn(b, "due", due),
		amountColumn(b, "native", func(a *analysis.Application) int32 { return a.Currency }, func(a *analysis.Application) ledger.Minor { return a.Amount }),
		column[analysis.Application]{key: "book", head: b.words.Text("workbook.book", b.base().Code), width: 15, right: true, sum: true, write: func(r *rowWriter, a *analysis.Application) {
			r.amount(b.style(money(b.base()), plainRole), a.Book, b.base())
		}},
		days("days_to_pay", "issued", issued), days("days_late", "due", due),
		sourceColumn(b, func(a *analysis.Application) ledger.Pos { return a.Pos }),
		weighted("pay_native", "native", "days_to_pay", issued), weighted("pay_book", "book", "days_to_pay", issued),
		weighted("late_native", "native", "days_late", due), weighted("late_book", "book", "days_late", due),
	)
	t.columns = append(t.columns, ownerKeys(b, owner)...)
	return t
}

// costsTable lists what documents cost in financing: amount × days after and
// up to the due date under each rate of the book, or under the customer's own,
// and the cost, rounded at the document and then converted (rules §7).
func (b *book) costsTable() *dataTable[analysis.Cost] {
	t := &dataTable[analysis.Cost]{prefix: costsPrefix, name: b.words.Text("workbook.sheet.costs"), about: b.words.Text("workbook.about.costs"), rows: b.pack.Detail.Costs, freeze: 1}
	owner := func(c *analysis.Cost) *analysis.Owner { return &c.Owner }
	t.columns = []column[analysis.Cost]{
		textColumn(b, "document", func(c *analysis.Cost) string { return c.ID }),
		instalmentColumn(b, func(c *analysis.Cost) int16 { return c.Instalment }),
	}
	t.columns = append(t.columns, ownerNames(b, owner).all()...)
	t.columns = append(t.columns,
		dateColumn(b, "issued", func(c *analysis.Cost) ledger.Date { return c.Issued }),
		dateColumn(b, "posted", func(c *analysis.Cost) ledger.Date { return c.Posted }),
		dateColumn(b, "due", func(c *analysis.Cost) ledger.Date { return c.Due }),
	)
	used := b.ratesUsed()
	for _, i := range used {
		t.columns = append(t.columns, b.amountDays("late", i, true), b.amountDays("terms", i, false))
	}
	t.columns = append(t.columns, b.amountDays("late", ownRate, true), b.amountDays("terms", ownRate, false),
		column[analysis.Cost]{key: "own_rate", head: b.words.Text("workbook.own_rate"), width: 9, right: true, write: b.writeOwnRate})
	for _, late := range []bool{true, false} {
		t.columns = append(t.columns, b.costColumn(t, used, late))
	}
	t.columns = append(t.columns,
		exchangeColumn(b, func(x *analysis.Cost) ledger.Ratio { return x.Rate }),
		bookColumn(b, t, "financing_book", "financing_native", func(c *analysis.Cost) (int32, ledger.Minor, ledger.Ratio, ledger.Minor) {
			return c.Currency, c.Financing, c.Rate, c.FinancingBook
		}),
		bookColumn(b, t, "terms_book", "terms_native", func(c *analysis.Cost) (int32, ledger.Minor, ledger.Ratio, ledger.Minor) {
			return c.Currency, c.Terms, c.Rate, c.TermsBook
		}),
		sourceColumn(b, func(c *analysis.Cost) ledger.Pos { return c.Pos }),
	)
	t.columns = append(t.columns, ownerKeys(b, owner)...)
	return t
}

// ownRate stands for the customer's own rate among the rates of the book.
const ownRate = -1

// rateName is the cell of a rate of the book.
func rateName(i int) string { return "rate_" + strconv.Itoa(i+1) }

// rateOf returns which rate of the book a stretch is under.
func (b *book) rateOf(s *analysis.Stretch) int {
	if s.OwnRate {
		return ownRate
	}
	for i := range b.pack.Rates {
		if b.pack.Rates[i].From == s.RateFrom {
			return i
		}
	}
	return 0
}

// ratesUsed lists the rates of the book that a document of the period is under.
func (b *book) ratesUsed() []int {
	used := make([]bool, len(b.pack.Rates))
	for i := range b.pack.Detail.Costs {
		for j := range b.pack.Detail.Costs[i].Stretches {
			if rate := b.rateOf(&b.pack.Detail.Costs[i].Stretches[j]); rate != ownRate {
				used[rate] = true
			}
		}
	}
	var list []int
	for i := range used {
		if used[i] {
			list = append(list, i)
		}
	}
	return list
}

// daysKey names the column of amount × days under a rate.
func daysKey(kind string, rate int) string {
	if rate == ownRate {
		return "own_" + kind
	}
	return kind + "_" + strconv.Itoa(rate+1)
}

// amountDays is the column of amount × days under one rate.
func (b *book) amountDays(kind string, rate int, late bool) column[analysis.Cost] {
	head := b.words.Text("workbook.own_" + kind)
	if rate != ownRate {
		head = b.words.Text("workbook."+kind+"_days", b.rateLabel(rate))
	}
	return column[analysis.Cost]{key: daysKey(kind, rate), head: head, width: 23, right: true, write: func(r *rowWriter, c *analysis.Cost) {
		for i := range c.Stretches {
			s := &c.Stretches[i]
			if days := stretchDays(s, late); b.rateOf(s) == rate && days != 0 {
				cur := b.currency(int(c.Currency))
				r.amount(b.style(money(cur), plainRole), ledger.Minor(days), cur)
				return
			}
		}
		r.skip(1)
	}}
}

func stretchDays(s *analysis.Stretch, late bool) int64 {
	if late {
		return s.LateDays
	}
	return s.TermsDays
}

func (b *book) writeOwnRate(r *rowWriter, c *analysis.Cost) {
	for i := range c.Stretches {
		if c.Stretches[i].OwnRate {
			b.ratio(r, c.Stretches[i].Annual, rateFormat, plainRole)
			return
		}
	}
	r.skip(1)
}

// costColumn is Σ amount × days × rate ÷ days of the year, rounded at the
// document.
func (b *book) costColumn(t *dataTable[analysis.Cost], used []int, late bool) column[analysis.Cost] {
	kind, key := "terms", "terms_native"
	if late {
		kind, key = "late", "financing_native"
	}
	formula := t.formulas(func(at func(string) string, cur ledger.Currency) string {
		sum := at(daysKey(kind, ownRate)) + "*" + at("own_rate")
		for _, i := range used {
			sum += "+" + at(daysKey(kind, i)) + "*" + rateName(i)
		}
		return round("("+sum+")/year_days", cur)
	})
	return column[analysis.Cost]{key: key, head: b.words.Text("workbook." + key), width: 15, right: true, sum: true, write: func(r *rowWriter, c *analysis.Cost) {
		cur, value := b.currency(int(c.Currency)), c.Terms
		if late {
			value = c.Financing
		}
		r.amountFormula(b.style(money(cur), plainRole), formula(cur), value, cur)
	}}
}
