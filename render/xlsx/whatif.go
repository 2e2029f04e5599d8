package xlsx

import (
	"fmt"
	"math/big"

	"duepack/analysis"
	"duepack/analysis/ledger"
)

// whatIf is the sheet on which a reader tries numbers: a question about this
// book, and the two tables of the course (rules §7, §8) over heads that may be
// overwritten. Nothing else in the workbook follows from it.
type whatIf struct {
	*reader
}

// The example of a sale that is paid late, in whole units of the book's
// currency and days.
const (
	exampleSale = 100_000
	exampleDays = 45
)

func (b *book) addWhatIf() {
	v := &whatIf{&reader{book: b, tab: b.names.whatIf, widths: []float64{44, 16, 16, 16, 16, 16, 18}}}
	v.line(textFormat, titleRole, b.names.whatIf)
	v.line(textFormat, mutedRole, b.words.Text("workbook.what_if_hint"))
	v.sheet = &sheet{name: b.names.whatIf, about: b.words.Text("workbook.about.what_if"), head: headRows, tab: inputTab}
	v.gap()
	v.question()
	v.gap()
	v.salesTable()
	v.gap()
	v.monthsTable()
	v.finish()
	b.add(v.sheet)
}

// ownRate is the book's annual rate at the as-of date, by its place in the list.
func (b *book) currentRate() int {
	current := 0
	for i := range b.pack.Rates {
		if b.pack.Rates[i].From <= b.pack.AsOf {
			current = i
		}
	}
	return current
}

// named adds a row of a label and a cell that formulas of the sheet refer to,
// and returns that cell.
func (v *whatIf) row(key string, value func(*rowWriter)) string {
	row := v.add(func(r *rowWriter) {
		r.text(v.style(textFormat, plainRole), v.words.Text(key))
		value(r)
	})
	return absolute(2, row)
}

// question is what a loss and a delay mean for this book.
func (v *whatIf) question() {
	cur, p := v.base(), v.pack
	loss := p.Company.Values[analysis.BadDebt].Minor
	rate := p.Rates[v.currentRate()].Rate
	sale := ledger.Minor(exampleSale)
	for range cur.Exponent {
		sale *= 10
	}
	v.line(textFormat, subtotalRole, v.words.Text("workbook.what_if_own"))
	cellLoss := v.row("column.loss", func(r *rowWriter) {
		r.formula(v.style(money(cur), inputRole), "MAX(0,N("+v.figureCell("company/bad_debt")+"))", decimal(max(0, loss), cur))
	})
	cellMargin := v.row("column.margin", func(r *rowWriter) { r.formula(v.style(rateFormat, inputRole), "book_margin", fraction(p.Margin.Rat())) })
	cellRate := v.row("setting.financing.rate", func(r *rowWriter) {
		r.formula(v.style(rateFormat, inputRole), rateName(v.currentRate()), fraction(rate.Rat()))
	})
	cellSale := v.row("workbook.what_if_sale", func(r *rowWriter) { r.number(v.style(money(cur), inputRole), decimal(sale, cur)) })
	cellDays := v.row("workbook.what_if_days", func(r *rowWriter) { r.number(v.style(countFormat, inputRole), whole(exampleDays)) })
	v.row("workbook.what_if_need", func(r *rowWriter) {
		v.salesNeeded(r, cellLoss, cellMargin, analysis.SalesNeeded(max(0, loss), p.Margin), subtotalRole)
	})
	v.row("workbook.what_if_months", func(r *rowWriter) {
		v.months(r, cellMargin, cellRate, analysis.MonthsToZero(p.Margin, rate), subtotalRole)
	})
	cost, profit := v.costOf(sale, rate), v.profitOf(sale)
	cellCost := v.row("workbook.what_if_cost", func(r *rowWriter) {
		r.formula(v.style(money(cur), subtotalRole), round(cellSale+"*"+cellDays+"*"+cellRate+"/year_days", cur), decimal(cost, cur))
	})
	v.row("workbook.what_if_eaten", func(r *rowWriter) {
		value := ""
		if profit != 0 {
			value = fraction(big.NewRat(int64(cost), int64(profit)))
		}
		gain := round(cellSale+"*"+cellMargin, cur)
		v.orDash(r, v.style(shareFormat, subtotalRole), fmt.Sprintf(`IF(%s=0,%s,%s/%s)`, gain, v.dash(), cellCost, gain), value)
	})
}

func (v *whatIf) dash() string { return stringLiteral(v.words.Text("number.absent")) }

// costOf is what the example costs: sale × days × rate ÷ days of the year.
func (v *whatIf) costOf(sale ledger.Minor, rate ledger.Ratio) ledger.Minor {
	year := int64(360)
	if v.pack.Basis == analysis.ACT365 {
		year = 365
	}
	if !rate.Given() {
		return 0
	}
	cost, _ := sale.MulDiv(exampleDays*rate.Num, year*rate.Den)
	return cost
}

func (v *whatIf) profitOf(sale ledger.Minor) ledger.Minor {
	if !v.pack.Margin.Given() {
		return 0
	}
	profit, _ := sale.MulDiv(v.pack.Margin.Num, v.pack.Margin.Den)
	return profit
}

// salesNeeded writes loss ÷ margin, 0 without a loss, absent where the margin
// is not above zero (rules §8).
func (v *whatIf) salesNeeded(r *rowWriter, loss, margin string, value analysis.Value, as role) {
	cur := v.base()
	v.orDash(r, v.style(money(cur), as), fmt.Sprintf(`IF(%s<=0,0,IF(%s<=0,%s,%s))`, loss, margin, v.dash(), round(loss+"/"+margin, cur)), cached(value, cur))
}

// months writes margin ÷ rate × 12 (rules §7).
func (v *whatIf) months(r *rowWriter, margin, rate string, value analysis.Value, as role) {
	v.orDash(r, v.style(daysFormat, as), fmt.Sprintf(`IF(%s=0,%s,%s/%s*12)`, rate, v.dash(), margin, rate), cached(value, v.base()))
}

// heads writes the row of rates that a table divides by, the book's own last,
// and returns its row.
func (v *whatIf) heads(label string, rates []ledger.Ratio, own ledger.Ratio, ownCell string) int {
	return v.add(func(r *rowWriter) {
		r.text(v.style(textFormat, headRole), label)
		for _, rate := range rates {
			v.ratio(r, rate, rateFormat, inputRole)
		}
		r.formula(v.style(rateFormat, markedRole), ownCell, fraction(own.Rat()))
	})
}

// ownHead says above the last column of a table that it is this book's.
func (v *whatIf) ownHead(title string, columns int) {
	v.add(func(r *rowWriter) {
		r.text(v.style(textFormat, subtotalRole), title)
		r.skip(columns)
		r.text(v.style(rightFormat, mutedRole), v.words.Text("workbook.what_if_this"))
	})
}

// salesTable is what must be sold to make up for a loss, by margin.
func (v *whatIf) salesTable() {
	cur, p, margins := v.base(), v.pack, analysis.CourseLossMargins()
	v.ownHead(v.words.Text("table.what_if_sales"), len(margins))
	head := v.heads(v.words.Text("column.loss")+", "+cur.Code, margins, p.Margin, "book_margin")
	row := func(as role, loss ledger.Minor, write func(*rowWriter)) {
		v.add(func(r *rowWriter) {
			write(r)
			for i := range len(margins) + 1 {
				margin, cell := p.Margin, as
				if i < len(margins) {
					margin = margins[i]
				} else {
					cell = markedRole
				}
				v.salesNeeded(r, "$A"+whole(r.row), letters(i+2)+"$"+whole(head), analysis.SalesNeeded(loss, margin), cell)
			}
		})
	}
	for _, units := range analysis.CourseLosses() {
		loss := ledger.Minor(units)
		for range cur.Exponent {
			loss *= 10
		}
		row(plainRole, loss, func(r *rowWriter) { r.number(v.style(money(cur), inputRole), decimal(loss, cur)) })
	}
	own := max(0, p.Company.Values[analysis.BadDebt].Minor)
	row(markedRole, own, func(r *rowWriter) {
		r.formula(v.style(money(cur), markedRole), "MAX(0,N("+v.figureCell("company/bad_debt")+"))", decimal(own, cur))
	})
}

// monthsTable is how many months of delay eat the profit, by margin and rate.
func (v *whatIf) monthsTable() {
	p, rates, own := v.pack, analysis.CourseRates(), v.pack.Rates[v.currentRate()].Rate
	v.ownHead(v.words.Text("table.months_to_zero"), len(rates))
	head := v.heads(v.words.Text("column.margin"), rates, own, rateName(v.currentRate()))
	row := func(as role, margin ledger.Ratio, write func(*rowWriter)) {
		v.add(func(r *rowWriter) {
			write(r)
			for i := range len(rates) + 1 {
				rate, cell := own, as
				if i < len(rates) {
					rate = rates[i]
				} else {
					cell = markedRole
				}
				v.months(r, "$A"+whole(r.row), letters(i+2)+"$"+whole(head), analysis.MonthsToZero(margin, rate), cell)
			}
		})
	}
	for _, margin := range analysis.CourseMargins() {
		row(plainRole, margin, func(r *rowWriter) { v.ratio(r, margin, rateFormat, inputRole) })
	}
	row(markedRole, p.Margin, func(r *rowWriter) {
		r.formula(v.style(rateFormat, markedRole), "book_margin", fraction(p.Margin.Rat()))
	})
}
