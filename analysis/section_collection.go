package analysis

import (
	"math/big"
	"strconv"
)

var (
	snapshotNote       = sentence("note.snapshot", 1)
	withTaxNote        = sentence("note.rates_with_tax", 0)
	monthlyAverageNote = sentence("note.cei_monthly_average", 0)
	vintagesNote       = sentence("note.vintages", 0)
)

// collection says how much of what was sold has come in, and how fast. A list of
// open items does not know that: it has no such section, as method says.
func (v *view) collection() Section {
	if v.Snapshot {
		return Section{}
	}
	s := Section{ID: "collection", Title: v.collectionTitle()}
	s.Blocks = append(s.Blocks, inBrief(v.figureBlock(&v.Company, CollectionRate, CollectionRateTotal, CollectionRateDue))...)
	s.Blocks = append(s.Blocks, inFull(v.figureBlock(&v.Company, Sales, Receipts, CollectionRate, CollectionRateTotal, CollectionRateDue, CEI, DSO, DSOCountBack, BPDSO, ADD, Turnover, DaysToPay, DaysLate, OnTimeRate))...)
	s.Blocks = append(s.Blocks, inFull(block(withTaxNote.note()))...)
	if PeriodMonths(v.From, v.To).Cmp(new(big.Rat).SetInt64(1)) > 0 {
		s.Blocks = append(s.Blocks, inFull(block(monthlyAverageNote.note()))...)
	}
	months := v.Months[max(0, len(v.Months)-chartMonth):]
	if len(months) == 0 {
		return s
	}
	s.Blocks = append(s.Blocks, block(v.flowChart(months)))
	if len(v.History) > 1 {
		s.Blocks = append(s.Blocks, block(v.dsoChart()))
	}
	curves := v.recentVintages()
	if len(curves) > 1 {
		s.Blocks = append(s.Blocks, block(v.vintageChart(curves)))
	}
	s.Blocks = append(s.Blocks, inFull(block(v.flowTable(months)))...)
	s.Blocks = append(s.Blocks, inFull(v.vintages()...)...)
	return s
}

func (v *view) flowChart(months []MonthFlow) *Chart {
	c := &Chart{ID: "monthly_flow", Kind: BarChart, Title: v.flowTitle(months), Currency: v.Base, Series: []Series{{Key: "sales"}, {Key: "receipts"}}}
	for _, m := range months {
		c.Labels = append(c.Labels, Cell{Month: m.Month})
		c.Series[0].Values = append(c.Series[0].Values, money(m.Sales))
		c.Series[1].Values = append(c.Series[1].Values, money(m.Receipts))
	}
	return c
}

func (v *view) flowTable(months []MonthFlow) *Table {
	t := &Table{ID: "monthly_flow", Columns: columns("month", "sales", "receipts", "collection_rate")}
	for _, m := range months {
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Month: m.Month}, v.money(m.Sales), v.money(m.Receipts), v.ratio(Share, m.Receipts, m.Sales)}})
	}
	return t
}

// dsoChart sets the DSO of each of the last months against the best possible
// one: the gap is what is late.
func (v *view) dsoChart() *Chart {
	c := &Chart{ID: "dso", Kind: LineChart, Title: v.dsoTitle(), Currency: v.Base, Series: []Series{{Key: "dso"}, {Key: "bpdso"}}}
	for _, end := range v.History[max(0, len(v.History)-trendMonths):] {
		c.Labels = append(c.Labels, Cell{Month: end.Date.Month()})
		c.Series[0].Values = append(c.Series[0].Values, end.Company.Values[DSO])
		c.Series[1].Values = append(c.Series[1].Values, end.Company.Values[BPDSO])
	}
	return c
}

// Months of issue, and months after it, that the vintage table and the curves
// show.
const (
	vintageRows   = 12
	vintageAges   = 7
	vintageCurves = 5
)

// recentVintages returns the youngest vintages of which more than their own
// month is known.
func (v *view) recentVintages() []Vintage {
	n := len(v.Vintages)
	for n > 0 && len(v.Vintages[n-1].Collected) < 2 {
		n--
	}
	return v.Vintages[max(0, n-vintageCurves):n]
}

// vintageChart draws a curve per month of issue: the share collected by the end
// of later months.
func (v *view) vintageChart(list []Vintage) *Chart {
	c := &Chart{ID: "vintages", Kind: LineChart, Title: v.vintageTitle(list), Currency: v.Base}
	ages := min(vintageAges, len(list[0].Collected))
	for n := range ages {
		c.Labels = append(c.Labels, Cell{Text: "+" + strconv.Itoa(n)})
	}
	for _, x := range list {
		curve := Series{Month: x.Month}
		for n := range ages {
			share := absent(Share, NoHistory)
			if n < len(x.Collected) {
				share = x.Share(n)
			}
			curve.Values = append(curve.Values, share)
		}
		c.Series = append(c.Series, curve)
	}
	return c
}

// vintages shows what share of each month's sales had been collected 0, 1, 2 …
// months later (rules §6, collected_by_age).
func (v *view) vintages() []Block {
	list := v.Vintages[max(0, len(v.Vintages)-vintageRows):]
	if len(list) < 2 {
		return nil
	}
	t := &Table{ID: "vintages", Columns: columns("issued_in", "issued_amount")}
	for n := range vintageAges {
		t.Columns = append(t.Columns, Column{Text: "+" + strconv.Itoa(n), Right: true})
	}
	for _, x := range list {
		cells := []Cell{{Month: x.Month}, v.money(x.Issued)}
		for n := range vintageAges {
			if n >= len(x.Collected) {
				cells = append(cells, Cell{})
				continue
			}
			share := x.Share(n)
			cells = append(cells, Cell{Value: &share})
		}
		t.Rows = append(t.Rows, Row{Cells: cells})
	}
	return []Block{block(t), block(vintagesNote.note())}
}
