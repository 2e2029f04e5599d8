package analysis

import (
	"math/big"
	"slices"

	"duepack/analysis/ledger"
)

var (
	nothingHappened   = finding("finding.collection.nothing", 1)
	receiptsNoSales   = finding("finding.collection.no_sales", 2)
	flowNoSales       = finding("finding.flow.no_sales", 1)
	dsoNone           = finding("finding.dso.none", 0)
	refundsNoSales    = finding("finding.collection.refunds_only", 2)
	returnsAndCash    = finding("finding.collection.returns", 3)
	salesNotCollected = finding("finding.collection.not_collected", 2)
	salesNoReceipts   = finding("finding.collection.no_receipts", 2)
	refundsAndSales   = finding("finding.collection.refunds", 3)
	collectedRate     = finding("finding.collection.rate", 3)
	rateWas           = directions("finding.rate_was", 3, 1)
	coveredInAll      = finding("finding.flow.all", 1)
	coveredInNone     = finding("finding.flow.none", 1)
	coveredInOne      = finding("finding.flow.one", 1)
	coveredInSome     = finding("finding.flow.some", 2)
	flowOfOneMonth    = finding("finding.flow.month", 3)
	dsoMoved          = directions("finding.dso", 4, 3)
	dsoNow            = finding("finding.dso.now", 2)
	dsoInCredit       = finding("finding.dso.credit", 1)
	dsoLate           = finding("finding.dso.late", 1)
	dsoOnTime         = finding("finding.dso.on_time", 0)
	vintageNone       = finding("finding.vintage.none", 2)
	vintageMoved      = directions("finding.vintage", 5, 4)
	vintageSameMonth  = directions("finding.vintage.at_once", 4, 3)
	freeOfCost        = finding("finding.cost.none", 1)
	costOfMargin      = finding("finding.cost.share", 3)
	costAboveMargin   = finding("finding.cost.above", 3)
	costOnLoss        = finding("finding.cost.loss", 3)
	costAlone         = finding("finding.cost.alone", 2)
	costMultiplied    = finding("finding.cost_was.multiplied", 2)
	costWas           = directions("finding.cost_was", 2, 1)
	mostCost          = largestOf("finding.most_cost")
	mostCostOfReps    = largestOf("finding.most_cost_rep")
	lossNeedsSales    = finding("finding.loss.sales", 3)
	lossNoMargin      = finding("finding.loss.no_margin", 3)
	nothingLost       = finding("finding.loss.none", 1)
	lossRecovered     = finding("finding.loss.even", 2)
	recoveredMore     = finding("finding.loss.recovered", 2)
	provisionCovers   = finding("finding.provision.covers", 2)
	provisionOnly     = finding("finding.provision.only", 2)
	provisionNone     = finding("finding.provision.none", 0)
	balanceMoved      = directions("finding.rollforward", 4, 2)
	listOfOpenItems   = finding("finding.rollforward.snapshot", 1)
	expectedSoon      = finding("finding.forecast.soon", 2)
	expectedMissed    = finding("finding.forecast.missed", 1)
	nothingExpected   = finding("finding.forecast.none", 1)
	expectedMost      = finding("finding.forecast.most", 2)
	expectedNothing   = finding("finding.forecast.no_week", 1)
)

// collectionTitle says what came in for what was sold.
func (v *view) collectionTitle() *Note {
	sales, receipts, period := v.Company.Values[Sales].Minor, v.Company.Values[Receipts].Minor, v.periodCell()
	switch {
	case sales == 0 && receipts == 0:
		return nothingHappened.note(period)
	case sales == 0 && receipts < 0:
		return refundsNoSales.note(v.money(-receipts), period)
	case sales == 0:
		return receiptsNoSales.note(v.money(receipts), period)
	case sales < 0:
		return returnsAndCash.note(v.money(-sales), v.money(receipts), period)
	case receipts == 0 && !v.anyReceipt():
		return salesNotCollected.note(v.money(sales), period)
	case receipts == 0:
		return salesNoReceipts.note(v.money(sales), period)
	case receipts < 0:
		return refundsAndSales.note(v.money(-receipts), v.money(sales), period)
	}
	rate := v.Company.Values[CollectionRate]
	return collectedRate.note(v.perOne(rate), v.valueCell(rate), period).then(v.rateWas(rate))
}

// anyReceipt reports whether a receipt or refund was posted in the period.
func (v *view) anyReceipt() bool {
	return slices.ContainsFunc(v.Detail.Lines, func(l Line) bool { return l.Kind == ledger.Receipt || l.Kind == ledger.Refund })
}

// perOne shows a share as what it is of 1.00.
func (v *view) perOne(share Value) Cell { return v.valueCell(Value{Unit: Times, Ratio: share.Ratio}) }

// rateWas is the clause that compares the collection rate with the month before.
func (v *view) rateWas(now Value) *Note {
	was, ok := v.flowBefore(CollectionRate)
	if !ok || was.Ratio.Sign() < 0 {
		return nil
	}
	direction := moved(was.Ratio, now.Ratio, hundredth)
	if direction == 0 {
		return rateWas.same.note(v.monthBefore())
	}
	return rateWas.of(direction).note(v.perOne(was), v.valueCell(was), v.monthBefore())
}

// flowTitle says in how many of the months shown receipts covered sales.
func (v *view) flowTitle(months []MonthFlow) *Note {
	covered, sold, received := 0, 0, ledger.Minor(0)
	var last MonthFlow
	for _, m := range months {
		received += m.Receipts
		if m.Sales > 0 {
			last = m
			sold++
			if m.Receipts >= m.Sales {
				covered++
			}
		}
	}
	switch {
	case sold == 0:
		return flowNoSales.note(v.money(received))
	case sold == 1:
		return flowOfOneMonth.note(v.money(last.Receipts), v.money(last.Sales), Cell{Month: last.Month})
	case covered == 0:
		return coveredInNone.note(v.count(sold))
	case covered == sold:
		return coveredInAll.note(v.count(sold))
	case covered == 1:
		return coveredInOne.note(v.count(sold))
	}
	return coveredInSome.note(v.count(covered), v.count(sold))
}

// dsoTitle says what became of DSO over the month-ends shown, and how much of it
// is late payment.
func (v *view) dsoTitle() *Note {
	var ends []*MonthEnd
	for i := max(0, len(v.History)-trendMonths); i < len(v.History); i++ {
		if v.History[i].Company.Values[Sales].Minor > 0 {
			ends = append(ends, &v.History[i])
		}
	}
	if len(ends) == 0 {
		return dsoNone.note()
	}
	first, last := ends[0], ends[len(ends)-1]
	was, is, now := first.Company.Values[DSO], last.Company.Values[DSO], v.endLabel(last.Date)
	if is.Ratio.Sign() < 0 {
		return dsoInCredit.note(now)
	}
	n := dsoNow.note(v.valueCell(is), now)
	if first != last {
		if direction := moved(was.Ratio, is.Ratio, tenth); direction == 0 {
			n = dsoMoved.same.note(v.valueCell(is), v.endLabel(first.Date), now)
		} else {
			n = dsoMoved.of(direction).note(v.valueCell(was), v.valueCell(is), v.endLabel(first.Date), now)
		}
	}
	switch late := last.Company.Values[ADD]; {
	case inSteps(late.Ratio, tenth).Sign() > 0 && late.Ratio.Cmp(is.Ratio) <= 0:
		n.then(dsoLate.note(v.valueCell(late)))
	case late.Ratio.Sign() == 0 && !v.anyOverdueAt(last):
		n.then(dsoOnTime.note())
	}
	return n
}

// anyOverdueAt reports whether anything was overdue at a month-end.
func (v *view) anyOverdueAt(end *MonthEnd) bool { return end.Company.Values[Overdue].Minor != 0 }

// vintageTitle compares the two youngest vintages at the greatest age that both
// have, up to three months.
func (v *view) vintageTitle(list []Vintage) *Note {
	newer, older := &list[len(list)-1], &list[len(list)-2]
	age := min(3, len(newer.Collected)-1)
	is, was := newer.Share(age), older.Share(age)
	if is.IsAbsent() || was.IsAbsent() {
		return nil
	}
	if newer.Collected[age] == 0 {
		return vintageNone.note(Cell{Month: newer.Month}, Cell{Month: newer.Month + ledger.Month(age)})
	}
	direction := moved(was.Ratio, is.Ratio, perMille)
	cells := []Cell{{Month: newer.Month}, v.valueCell(is), {Month: older.Month}}
	if direction != 0 {
		cells = append(cells, v.valueCell(was))
	}
	if age == 1 {
		return vintageSameMonth.of(direction).note(cells...)
	}
	return vintageMoved.of(direction).note(append(cells, v.count(age))...)
}

// financingTitle says what late payment cost, and how much of the gross margin
// that is.
func (v *view) financingTitle() *Note {
	cost, margin, period := v.Company.Values[FinancingCost].Minor, v.Company.Values[GrossMargin], v.periodCell()
	switch {
	case cost < 0:
		return nil
	case cost == 0:
		return freeOfCost.note(period)
	case margin.IsAbsent() || margin.Minor == 0:
		return costAlone.note(v.money(cost), period).then(v.costWas())
	case margin.Minor < 0:
		return costOnLoss.note(v.money(cost), v.money(-margin.Minor), period)
	case cost > margin.Minor:
		return costAboveMargin.note(v.money(cost), v.money(margin.Minor), period)
	}
	return costOfMargin.note(v.money(cost), v.valueCell(v.Company.Values[ProfitEaten]), period).then(v.costWas())
}

// costWas is the clause that compares the cost of late payment with the month
// before: by how much of that it changed, or what it was where it more than
// doubled.
func (v *view) costWas() *Note {
	was, ok := v.flowBefore(FinancingCost)
	if !ok || was.Minor <= 0 {
		return nil
	}
	change := new(big.Rat).SetFrac64(int64(v.Company.Values[FinancingCost].Minor-was.Minor), int64(was.Minor))
	if change.Cmp(one) > 0 {
		return costMultiplied.note(v.valueCell(was), v.monthBefore())
	}
	direction := inSteps(change, perMille).Sign()
	if direction == 0 {
		return costWas.same.note(v.monthBefore())
	}
	return costWas.of(direction).note(v.valueCell(Value{Unit: Share, Ratio: change.Abs(change)}), v.monthBefore())
}

// lossTitle says what bad debt cost and what must be sold to make up for it, and
// what is set aside.
func (v *view) lossTitle() *Note {
	loss, period := v.Company.Values[BadDebt], v.periodCell()
	if loss.IsAbsent() {
		return v.provisionTitle()
	}
	written, recovered := v.Company.Values[WriteOffs].Minor, v.Company.Values[Recoveries].Minor
	n := nothingLost.note(period)
	switch need := v.Company.Values[ExtraSales]; {
	case loss.Minor > 0 && !need.IsAbsent():
		n = lossNeedsSales.note(v.valueCell(loss), v.valueCell(need), period)
	case loss.Minor > 0:
		n = lossNoMargin.note(v.valueCell(loss), Cell{Rate: v.Company.Margin}, period)
	case loss.Minor < 0:
		n = recoveredMore.note(v.money(-loss.Minor), period)
	case written != 0 || recovered != 0:
		n = lossRecovered.note(v.money(written), period)
	}
	return n.then(v.provisionClause())
}

// provisionCover is the provision and its share of the open documents; false
// where it is absent or not above zero.
func (v *view) provisionCover() (provision, share Cell, ok bool) {
	value, open := v.Company.Values[Provision], ledger.Minor(0)
	if value.IsAbsent() || value.Minor <= 0 {
		return Cell{}, Cell{}, false
	}
	for i := range v.Detail.Open {
		if item := &v.Detail.Open[i]; item.Open > 0 {
			open += item.OpenBook
		}
	}
	return v.valueCell(value), v.ratio(Share, value.Minor, open), true
}

func (v *view) provisionClause() *Note {
	provision, share, ok := v.provisionCover()
	if !ok {
		return nil
	}
	return provisionCovers.note(provision, share)
}

// provisionTitle stands where a list of open items knows no bad debt.
func (v *view) provisionTitle() *Note {
	provision, share, ok := v.provisionCover()
	if !ok {
		return provisionNone.note()
	}
	return provisionOnly.note(provision, share)
}

// rollForwardTitle says which way the balance went, and between what.
func (v *view) rollForwardTitle() *Note {
	if v.Snapshot {
		return listOfOpenItems.note(Cell{Date: v.AsOf})
	}
	change := v.Company.Values[ClosingBalance].Minor - v.Company.Values[OpeningBalance].Minor
	if change == 0 {
		return balanceMoved.same.note(v.figure(&v.Company, ClosingBalance), v.periodCell())
	}
	return balanceMoved.of(int(max(-1, min(1, change)))).note(v.money(change.Abs()), v.figure(&v.Company, Sales), v.figure(&v.Company, Receipts), v.periodCell())
}

// forecastTitle says what is expected in the next weeks and what should have
// come by now.
func (v *view) forecastTitle(missed, near ledger.Minor) *Note {
	n := nothingExpected.note(v.count(nearWeeks))
	if near > 0 {
		n = expectedSoon.note(v.money(near), v.count(nearWeeks))
	}
	if missed > 0 {
		n.then(expectedMissed.note(v.money(missed)))
	}
	return n
}

// forecastChartTitle says which week brings most.
func (v *view) forecastChartTitle(c *Chart) *Note {
	values := c.Series[0].Values
	most := slices.MaxFunc(values, func(x, y Value) int { return int(max(-1, min(1, x.Minor-y.Minor))) })
	if most.Minor <= 0 {
		return expectedNothing.note(v.count(len(values)))
	}
	week := slices.IndexFunc(values, func(x Value) bool { return x.Minor == most.Minor })
	return expectedMost.note(c.Labels[week], v.valueCell(most))
}
