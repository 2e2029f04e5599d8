package xlsx

import (
	"fmt"

	"duepack/analysis"
)

// checkedFigures are the figures in which regions, reps and customers add up
// to the company (rules §1, §11).
var checkedFigures = []analysis.FigureID{
	analysis.Balance, analysis.Overdue, analysis.OpeningBalance, analysis.Sales, analysis.Receipts, analysis.WriteOffs,
	analysis.Adjustments, analysis.FxDifference, analysis.ClosingBalance, analysis.FinancingCost, analysis.GrossMargin,
	analysis.BadDebt, analysis.Provision,
}

// addChecks adds the sheet on which an accountant sees that the pack foots:
// company, and the sums of regions, reps and customers beside it.
func (b *book) addChecks() {
	p, w := b.pack, b.words
	var ids []analysis.FigureID
	for _, id := range checkedFigures {
		if !p.Company.Values[id].IsAbsent() {
			ids = append(ids, id)
		}
	}
	b.add(&sheet{
		name: b.reserve(w.Text("workbook.sheet.checks")), widths: []float64{30, 20, 20, 20, 20, 16}, rows: 1 + len(ids), head: 1,
		write: func(r *rowWriter) {
			r.next()
			r.text(b.style(textFormat, headRole), w.Text("column.figure"))
			for _, key := range []string{"word.company", "workbook.sum_regions", "workbook.sum_reps", "workbook.sum_customers", "column.difference"} {
				r.text(b.style(rightFormat, headRole), w.Text(key))
			}
			for _, id := range ids {
				b.writeCheck(r, id)
			}
		},
	})
}

func (b *book) writeCheck(r *rowWriter, id analysis.FigureID) {
	s := &b.pack.Company
	cur := b.base()
	amount := b.style(money(cur), plainRole)
	value := cached(s.Values[id], cur)
	column := func(col int) string {
		return figuresSheet + "!" + absolute(col, 2) + ":" + absolute(col, b.figures.rows)
	}
	level := func(l analysis.Level) string {
		return round(fmt.Sprintf("SUMIFS(%s,%s,%d,%s,%d)", column(figureValueColumn), column(figureLevelColumn), l, column(figureNumberColumn), id+1), cur)
	}
	r.next()
	r.text(b.style(textFormat, plainRole), b.words.Label(b.pack, id))
	r.formula(amount, b.figureCell(s.Path()+"/"+id.Def().Key), value)
	r.formula(amount, level(analysis.RegionLevel), value)
	r.formula(amount, level(analysis.RepLevel), value)
	if len(b.pack.Customers) == 0 {
		r.number(amount, value)
	} else {
		total := b.customers.head + len(b.pack.Customers) + 1
		r.formula(amount, quote(b.customers.name)+absolute(b.customerColumn(id), total), value)
	}
	row := r.row
	r.formula(b.style(money(cur), subtotalRole), fmt.Sprintf("ROUND(MAX(B%d:E%d)-MIN(B%d:E%d),%d)", row, row, row, row, cur.Exponent), "0")
}
