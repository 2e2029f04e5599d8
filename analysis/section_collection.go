package analysis

import (
	"math/big"
	"strconv"
)

func (v *view) collection() Section {
	s := Section{ID: "collection"}
	s.Blocks = append(s.Blocks, v.figureBlock(&v.Company, Sales, Receipts, CollectionRate, CollectionRateTotal, CollectionRateDue, CEI, DSO, DSOCountBack, BPDSO, ADD, Turnover, DaysToPay, DaysLate, OnTimeRate))
	if v.Snapshot {
		s.Blocks = append(s.Blocks, block(&Note{Key: "note.snapshot", Args: []Cell{{Date: v.AsOf}}}))
		return s
	}
	s.Blocks = append(s.Blocks, block(&Note{Key: "note.rates_with_tax"}))
	if PeriodMonths(v.From, v.To).Cmp(new(big.Rat).SetInt64(1)) > 0 {
		s.Blocks = append(s.Blocks, block(&Note{Key: "note.cei_monthly_average"}))
	}
	months := v.Months[max(0, len(v.Months)-chartMonth):]
	if len(months) == 0 {
		return s
	}
	c := &Chart{ID: "monthly_flow", Kind: BarChart, Currency: v.Base, Series: []Series{{Key: "sales"}, {Key: "receipts"}}}
	t := &Table{ID: "monthly_flow", Columns: columns("month", "sales", "receipts", "collection_rate")}
	for _, m := range months {
		c.Labels = append(c.Labels, Cell{Month: m.Month})
		c.Series[0].Values = append(c.Series[0].Values, money(m.Sales))
		c.Series[1].Values = append(c.Series[1].Values, money(m.Receipts))
		t.Rows = append(t.Rows, Row{Cells: []Cell{{Month: m.Month}, v.money(m.Sales), v.money(m.Receipts), v.ratio(Share, m.Receipts, m.Sales)}})
	}
	s.Blocks = append(s.Blocks, block(c), block(t))
	s.Blocks = append(s.Blocks, v.vintages()...)
	return s
}

// Months of issue, and months after it, that the vintage table shows.
const (
	vintageRows = 12
	vintageAges = 7
)

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
	return []Block{block(t), block(&Note{Key: "note.vintages"})}
}
