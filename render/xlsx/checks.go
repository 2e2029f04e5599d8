package xlsx

import (
	"fmt"
	"strings"

	"duepack/analysis"
	"duepack/analysis/ledger"
)

// checkedFigures are the figures in which regions, reps and customers add up
// to the company (rules §1, §11).
var checkedFigures = []analysis.FigureID{
	analysis.Balance, analysis.Overdue, analysis.OpeningBalance, analysis.Sales, analysis.Receipts, analysis.WriteOffs,
	analysis.Adjustments, analysis.FxDifference, analysis.ClosingBalance, analysis.FinancingCost, analysis.GrossMargin,
	analysis.BadDebt, analysis.Provision,
}

// checksLayout says what is checked: the cells of other sheets, and the sum of
// all differences.
type checksLayout struct {
	journal, charge string // what must be zero, and the charge as its movement has it; "" without a provision
	sum             string
}

// addChecks adds the sheet on which an accountant sees that the pack foots:
// company, and the sums of regions, reps and customers beside it; then what
// two sheets must have alike.
func (b *book) addChecks() {
	p, w := b.pack, b.words
	var ids []analysis.FigureID
	for _, id := range checkedFigures {
		if !p.Company.Values[id].IsAbsent() {
			ids = append(ids, id)
		}
	}
	pairs := b.checkedPairs()
	last := 1 + len(ids) + len(pairs)
	differences := relative(checkDifferenceColumn, 2) + ":" + relative(checkDifferenceColumn, last)
	b.checks.sum = "SUMPRODUCT(ABS(" + quote(b.names.checks) + "$F$2:$F$" + whole(last) + "))"
	b.add(&sheet{
		name: b.names.checks, about: w.Text("workbook.about.checks"), widths: []float64{44, 18, 18, 18, 18, 14}, rows: last, head: 1, tab: dataTab,
		rules: []rule{{differences, "=F2<>0", look{color: alarmColor, bold: true}}},
		write: func(r *rowWriter) {
			r.begin(headHeightPoints)
			r.text(b.style(textFormat, headRole), w.Text("column.figure"))
			for _, key := range []string{"word.company", "workbook.sum_regions", "workbook.sum_reps", "workbook.sum_customers", "column.difference"} {
				r.text(b.style(rightFormat, headRole), w.Text(key))
			}
			for _, id := range ids {
				b.writeCheck(r, id)
			}
			for i := range pairs {
				b.writePair(r, &pairs[i])
			}
		},
	})
}

// checkDifferenceColumn is the column of differences on the sheet of checks.
const checkDifferenceColumn = 6

// checkedPair is two amounts that must be one.
type checkedPair struct {
	key       string
	one, same string // formulas
	amount    ledger.Minor
}

// checkedPairs lists what two sheets must have alike.
func (b *book) checkedPairs() []checkedPair {
	company := &b.pack.Company
	figure := func(id analysis.FigureID) string { return b.figureCell("company/" + id.Def().Key) }
	list := func(col int) string { return quote(b.names.agingList) + absolute(col, b.agingRows()) }
	first, last := b.figureCell("company/aging/"+b.pack.Buckets[0].ID), figure(analysis.OnAccount)
	_, lastCell, _ := strings.Cut(last, "!")
	pairs := []checkedPair{
		{"workbook.check.buckets", "SUM(" + first + ":" + lastCell + ")", figure(analysis.Balance), company.Values[analysis.Balance].Minor},
		{"workbook.check.aging_balance", list(b.agingBalanceColumn()), figure(analysis.Balance), company.Values[analysis.Balance].Minor},
		{"workbook.check.aging_overdue", list(b.agingOverdueColumn()), figure(analysis.Overdue), company.Values[analysis.Overdue].Minor},
	}
	if b.checks.charge != "" {
		charge := company.Values[analysis.ProvisionCharge].Minor
		pairs = append(pairs,
			checkedPair{"workbook.check.charge", b.checks.charge, figure(analysis.ProvisionCharge), charge},
			checkedPair{"workbook.check.journal", b.checks.journal, "0", 0})
	}
	return pairs
}

func (b *book) writePair(r *rowWriter, c *checkedPair) {
	cur := b.base()
	amount := b.style(money(cur), plainRole)
	r.next()
	r.text(b.style(textFormat, plainRole), b.words.Text(c.key))
	r.formula(amount, c.one, decimal(c.amount, cur))
	r.formula(amount, c.same, decimal(c.amount, cur))
	r.skip(2)
	r.formula(b.style(money(cur), subtotalRole), round(relative(2, r.row)+"-"+relative(3, r.row), cur), "0")
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
