package xlsx

import (
	"strconv"
	"strings"

	"duepack/analysis"
	"duepack/analysis/ledger"
)

// assumptionsLayout says where on the sheet Assumptions formulas find what
// they need; other cells are reached by their names.
type assumptionsLayout struct {
	rows   []func(*rowWriter)
	repRow int // of the first rep
	inputs []input
}

// The columns of the block of reps on Assumptions.
const (
	repNumberColumn = iota + 1
	repIDColumn
	repNameColumn
	repOwnMarginColumn
	repMarginColumn
	repSalesTargetColumn
	repCollectionTargetColumn
	repExpensesColumn
)

// repCell is a cell of a rep on Assumptions.
func (b *book) repCell(rep, col int) string {
	return assumptionsSheet + "!" + absolute(col, b.assumptions.repRow+rep)
}

// repMarginCell is the cell of the margin that counts for a rep: its own, else
// the book's.
func (b *book) repMarginCell(rep int) string { return b.repCell(rep, repMarginColumn) }

// rateLabel says from when a rate of the book holds.
func (b *book) rateLabel(i int) string {
	if from := b.pack.Rates[i].From; from != 0 {
		return b.words.Text("workbook.rate_from", from.String())
	}
	return b.words.Text("setting.financing.rate")
}

// placeAssumptions lays out the sheet and names its cells.
func (b *book) placeAssumptions() {
	b.inputRows()
	b.periodRows()
	b.repRows()
	b.settingRows()
}

func (b *book) addAssumptions() {
	rows := b.assumptions.rows
	b.add(&sheet{
		name: assumptionsSheet, about: b.words.Text("workbook.about.assumptions"), widths: []float64{38, 36, 44, 18, 18, 18, 18, 18}, rows: len(rows),
		head: headRows, tab: inputTab, inputs: b.assumptions.inputs,
		write: func(r *rowWriter) {
			for _, row := range rows {
				r.next()
				row(r)
			}
		},
	})
}

// assume adds a row to Assumptions and returns its number.
func (b *book) assume(write func(*rowWriter)) int {
	b.assumptions.rows = append(b.assumptions.rows, write)
	return len(b.assumptions.rows)
}

func (b *book) assumeText(form format, as role, texts ...string) {
	b.assume(func(r *rowWriter) {
		for _, text := range texts {
			r.text(b.style(form, as), text)
		}
	})
}

// named adds a row of a label and a value whose cell has a name, and a remark.
func (b *book) named(name, label, remark string, value func(*rowWriter)) {
	row := b.assume(func(r *rowWriter) {
		r.text(b.style(textFormat, plainRole), label)
		value(r)
		r.text(b.style(textFormat, mutedRole), remark)
	})
	if name != "" {
		b.define(name, assumptionsSheet+"!"+absolute(2, row))
	}
}

// inputRows are the cells a reader may change.
func (b *book) inputRows() {
	p, w := b.pack, b.words
	b.assumeText(textFormat, titleRole, w.Text("table.assumptions"))
	b.assumeText(textFormat, mutedRole, w.Text("workbook.inputs_hint"))
	b.assume(func(*rowWriter) {})
	b.assumeText(textFormat, headRole, w.Text("workbook.inputs"), w.Text("column.value"), "")
	input := func(rate ledger.Ratio) func(*rowWriter) {
		return func(r *rowWriter) { b.ratio(r, rate, rateFormat, inputRole) }
	}
	b.named("book_margin", w.Text("setting.margin"), "book_margin", input(p.Margin))
	for i := range p.Rates {
		label := w.Text("setting.financing.rate")
		if p.Rates[i].From != 0 {
			label += " " + b.rateLabel(i)
		}
		b.named(rateName(i), label, rateName(i), input(p.Rates[i].Rate))
	}
	b.limit(2, len(b.assumptions.rows)-len(p.Rates), len(b.assumptions.rows), -1, 1)
	first := len(b.assumptions.rows) + 1
	for i := range p.Buckets {
		rate := ledger.Ratio{}
		if i < len(p.LossRates) {
			rate = p.LossRates[i]
		}
		b.named(lossRateName(i), w.Text("column.loss_rate")+": "+w.Bucket(p.Buckets[i]), lossRateName(i), input(rate))
	}
	b.limit(2, first, len(b.assumptions.rows), 0, 1)
	b.define("loss_rates", assumptionsSheet+"!"+absolute(2, first)+":"+absolute(2, len(b.assumptions.rows)))
	b.assume(func(*rowWriter) {})
}

// limit lets the cells of a column of Assumptions take shares from least to
// most only.
func (b *book) limit(col, first, last int, least, most float64) {
	if last >= first {
		b.assumptions.inputs = append(b.assumptions.inputs, input{relative(col, first) + ":" + relative(col, last), least, most})
	}
}

// periodRows are what the positions were computed for; changing them here
// cannot recompute the positions, so they do not look like inputs.
func (b *book) periodRows() {
	p, w := b.pack, b.words
	b.assumeText(textFormat, headRole, w.Text("workbook.fixed"), w.Text("column.value"), "")
	day := func(d ledger.Date) func(*rowWriter) {
		return func(r *rowWriter) { b.date(r, d, plainRole) }
	}
	text := func(s string) func(*rowWriter) {
		return func(r *rowWriter) { r.text(b.style(rightFormat, plainRole), s) }
	}
	b.named("as_of", w.Text("setting.as_of"), "as_of", day(p.AsOf))
	b.named("period_from", w.Text("workbook.period_from"), "period_from", day(p.From))
	b.named("period_to", w.Text("workbook.period_to"), "period_to", day(p.To))
	b.named("period_days", w.Text("workbook.period_days"), "period_days", func(r *rowWriter) {
		r.formula(b.style(countFormat, plainRole), "period_to-period_from+1", whole(analysis.PeriodDays(p.From, p.To)))
	})
	b.named("period_months", w.Text("workbook.period_months"), "period_months", func(r *rowWriter) {
		r.formula(b.style(timesFormat, plainRole), monthsFormula(p.From, p.To), fraction(analysis.PeriodMonths(p.From, p.To)))
	})
	b.named("year_days", w.Text("workbook.year_days"), string(p.Basis), func(r *rowWriter) {
		days := "360"
		if p.Basis == analysis.ACT365 {
			days = "365"
		}
		r.number(b.style(countFormat, plainRole), days)
	})
	b.named("", w.Text("setting.book.currency"), "", text(b.base().Code))
	b.named("", w.Text("setting.aging.basis"), b.words.AgingRule(p), text(b.setting("aging.basis", string(p.Aging.Basis))))
	b.named("", w.Text("setting.aging.credits"), "", text(b.setting("aging.credits", string(p.Aging.Credits))))
	b.assume(func(*rowWriter) {})
}

// monthsFormula writes the months of a period as the whole ones plus the
// parts, at least one (analysis.PeriodMonths).
func monthsFormula(from, to ledger.Date) string {
	wholeMonths, parts := 0, []string{}
	for m := from.Month(); m <= to.Month(); m++ {
		if covered := min(to, m.End()) - max(from, m.Start()) + 1; int(covered) == m.Days() {
			wholeMonths++
		} else {
			parts = append(parts, strconv.Itoa(int(covered))+"/"+strconv.Itoa(m.Days()))
		}
	}
	formula := strings.Join(append([]string{strconv.Itoa(wholeMonths)}, parts...), "+")
	if wholeMonths == 0 {
		return "MAX(1," + formula + ")"
	}
	return formula
}

// repRows are what is known of each rep: its own margin, targets, expenses.
func (b *book) repRows() {
	p, w := b.pack, b.words
	b.assumeText(wrapFormat, headRole, w.Text("workbook.key.rep"), w.Text("column.rep"), w.Text("column.name"), w.Text("workbook.own_margin"),
		w.Text("workbook.margin_used"), w.Text("column.sales_target"), w.Text("column.collection_target"), w.Text("column.expenses"))
	b.assumptions.repRow = len(b.assumptions.rows) + 1
	for i := range p.Reps {
		s := &p.Reps[i]
		b.assume(func(r *rowWriter) {
			r.number(b.style(countFormat, mutedRole), whole(i+1))
			r.text(b.style(textFormat, plainRole), s.ID)
			r.text(b.style(textFormat, plainRole), w.Subject(s))
			own := ledger.Ratio{}
			if s.OwnMargin {
				own = s.Margin
			}
			b.ratio(r, own, rateFormat, inputRole)
			margin := "0"
			if s.Margin.Given() {
				margin = fraction(s.Margin.Rat())
			}
			cell := relative(repOwnMarginColumn, r.row)
			r.formula(b.style(rateFormat, plainRole), `IF(`+cell+`="",book_margin,`+cell+`)`, margin)
			for _, id := range []analysis.FigureID{analysis.SalesTarget, analysis.CollectionTarget, analysis.Expenses} {
				r.number(b.style(money(b.base()), inputRole), cached(s.Values[id], b.base()))
			}
		})
	}
	b.limit(repOwnMarginColumn, b.assumptions.repRow, b.assumptions.repRow+len(p.Reps)-1, -1, 1)
	b.assume(func(*rowWriter) {})
}

// settingRows are the settings of the pack with the reasons they were taken for.
func (b *book) settingRows() {
	w := b.words
	b.assumeText(textFormat, headRole, w.Text("column.key"), w.Text("column.value"), w.Text("column.reason"), w.Text("column.detail"))
	for _, a := range b.pack.Assumptions {
		label := a.Key
		if key := "setting." + a.Key; w.Has(key) {
			label = w.Text(key)
		}
		reason := a.Reason
		if key := "assumption." + a.Reason; w.Has(key) {
			reason = w.Text(key, a.Detail)
		}
		b.assumeText(textFormat, plainRole, label, b.setting(a.Key, a.Value), reason, a.Detail)
	}
}

// setting returns what a setting is set to in words, where it is one of a few.
func (b *book) setting(key, value string) string {
	if key = "choice." + key + "." + value; b.words.Has(key) {
		return b.words.Text(key)
	}
	return value
}
