package xlsx

import (
	"fmt"

	"duepack/analysis"
	"duepack/analysis/ledger"
)

// figureCells says where the figures of one subject stand, so that the same
// formulas serve rows (Figures) and columns (Customers).
type figureCells struct {
	bucket func(i int) string
	value  func(analysis.FigureID) string
	key    func() string // the cell with the subject's number
}

// subjectSums builds sums over data sheets for one subject: in its currency,
// over its rows.
type subjectSums struct {
	*book
	subject *analysis.Subject
	at      *figureCells
}

// of sums a column of a data sheet. A name that ends in "_" is that of an
// amount: native for a currency, else in the book's.
func (s *subjectSums) of(prefix, key string, conditions ...string) string {
	column := map[analysis.Level]string{
		analysis.CurrencyLevel: "currency", analysis.RegionLevel: "region",
		analysis.RepLevel: "rep", analysis.CustomerLevel: "customer",
	}[s.subject.Level]
	if column != "" {
		conditions = append(conditions[:len(conditions):len(conditions)], column, s.at.key())
	}
	return s.sum(prefix, s.amount(key), conditions...)
}

// amount completes the name of a column of amounts.
func (s *subjectSums) amount(key string) string {
	suffix := "book"
	if s.subject.Level == analysis.CurrencyLevel {
		suffix = "native"
	}
	switch {
	case key == "":
		return suffix
	case key[len(key)-1] == '_':
		return key + suffix
	}
	return key
}

// money is a sum rounded to the minor unit, so that binary fractions leave no
// trace and zero is zero.
func (s *subjectSums) money(prefix, key string, conditions ...string) string {
	return round(s.of(prefix, key, conditions...), s.currency())
}

func (s *subjectSums) currency() ledger.Currency { return s.book.currency(s.subject.Currency) }

// bucketFormula sums a bucket.
func (b *book) bucketFormula(s *analysis.Subject, bucket int, at *figureCells) string {
	sums := &subjectSums{b, s, at}
	return sums.money(openPrefix, "", "bucket_no", whole(bucket+1))
}

// formula returns the formula of a figure, as rules §3–§11 define it; "" where
// the figure needs a history that the book does not have, or is data.
func (b *book) formula(s *analysis.Subject, id analysis.FigureID, at *figureCells) string {
	if s.Values[id].Absent == analysis.NoHistory {
		return ""
	}
	sums := &subjectSums{b, s, at}
	for _, group := range []func(analysis.FigureID) string{sums.position, sums.flow, sums.collection, sums.days, sums.cost, sums.rep} {
		if formula := group(id); formula != "" {
			return formula
		}
	}
	return ""
}

// position are the figures of the as-of date (rules §3, §4).
func (s *subjectSums) position(id analysis.FigureID) string {
	switch id {
	case analysis.OnAccount:
		return s.money(openPrefix, "", "bucket_no", "0")
	case analysis.Balance:
		return round("SUM("+s.at.bucket(0)+":"+s.at.value(analysis.OnAccount)+")", s.currency())
	case analysis.Overdue:
		return s.money(openPrefix, "", "past_due", "1")
	case analysis.DisputedAmount:
		return s.money(openPrefix, "", "is_disputed", "1", "native", `">0"`)
	case analysis.DocumentsOpen:
		return s.of(openPrefix, "documents")
	}
	return ""
}

// flow are the lines of the roll-forward (rules §6, §8, §10).
func (s *subjectSums) flow(id analysis.FigureID) string {
	flow := func(sign string, number int) string {
		return round(sign+s.of(linesPrefix, "", "flow", whole(number)), s.currency())
	}
	v := s.at.value
	switch id {
	case analysis.OpeningBalance:
		return s.money(openingPrefix, "")
	case analysis.ClosingBalance:
		return s.money(s.closingFrom(), "")
	case analysis.Sales:
		return flow("", salesFlow)
	case analysis.Receipts:
		return flow("-", receiptsFlow)
	case analysis.Recoveries:
		return flow("-", recoveriesFlow)
	case analysis.WriteOffs:
		return flow("-", writeOffsFlow)
	case analysis.Adjustments:
		return flow("", adjustmentsFlow)
	case analysis.FxDifference:
		return round(fmt.Sprintf("%s-(%s+%s-%s-%s+%s)", v(analysis.ClosingBalance), v(analysis.OpeningBalance), v(analysis.Sales),
			v(analysis.Receipts), v(analysis.WriteOffs), v(analysis.Adjustments)), s.currency())
	case analysis.BadDebt:
		return round(v(analysis.WriteOffs)+"-"+v(analysis.Recoveries), s.currency())
	}
	return ""
}

// quotient divides, and is the empty text where the denominator is zero.
func quotient(num, den, times string) string {
	return fmt.Sprintf(`IF(%s=0,"",%s/%s%s)`, den, num, den, times)
}

// notDue is the closing balance that is not yet due.
func (s *subjectSums) notDue() string {
	return s.money(s.closingFrom(), "", "past_due", "0", "bucket_no", `">0"`)
}

// collection are the rates of rules §6.
func (s *subjectSums) collection(id analysis.FigureID) string {
	v := s.at.value
	switch id {
	case analysis.CollectionRate:
		return quotient(v(analysis.Receipts), v(analysis.Sales), "")
	case analysis.CollectionRateTotal:
		return quotient(v(analysis.Receipts), "("+v(analysis.OpeningBalance)+"+"+v(analysis.Sales)+")", "")
	case analysis.CollectionRateDue:
		due := round(s.of(openingPrefix, "", "native", `">0"`, "due", `"<="&period_to`)+"+"+s.of(linesPrefix, "collect_"), s.currency())
		return quotient(s.money(applicationsPrefix, "", "due", `"<="&period_to`), due, "")
	case analysis.CEI:
		// Sales ÷ months need not be whole minor units: zero is what rounds to it.
		monthly := v(analysis.OpeningBalance) + "+" + v(analysis.Sales) + "/period_months"
		num := "(" + monthly + "-" + v(analysis.ClosingBalance) + ")"
		den := "(" + monthly + "-" + s.notDue() + ")"
		return fmt.Sprintf(`IF(ROUND(%s,6)=0,"",%s/%s*100)`, den, num, den)
	}
	return ""
}

// days are the figures in days, and the turnover (rules §6).
func (s *subjectSums) days(id analysis.FigureID) string {
	v := s.at.value
	weighted := func(key string) string {
		return quotient(s.money(applicationsPrefix, key), s.money(applicationsPrefix, ""), "")
	}
	switch id {
	case analysis.DSO:
		return quotient(v(analysis.ClosingBalance), v(analysis.Sales), "*period_days")
	case analysis.BPDSO:
		return quotient(s.notDue(), v(analysis.Sales), "*period_days")
	case analysis.ADD:
		return quotient("("+v(analysis.ClosingBalance)+"-"+s.notDue()+")", v(analysis.Sales), "*period_days")
	case analysis.DSOCountBack:
		return s.countBack()
	case analysis.Turnover:
		return quotient(v(analysis.Sales)+"*365/period_days*2", "("+v(analysis.OpeningBalance)+"+"+v(analysis.ClosingBalance)+")", "")
	case analysis.DaysToPay:
		return weighted("pay_")
	case analysis.DaysLate:
		return weighted("late_")
	case analysis.OnTimeRate:
		return quotient(s.money(applicationsPrefix, "", "days_late", `"<=0"`), s.money(applicationsPrefix, ""), "")
	}
	return ""
}

// cost are financing, margin and bad debt (rules §7–§9).
func (s *subjectSums) cost(id analysis.FigureID) string {
	v := s.at.value
	ifRates := func(formula string) string { return `IF(COUNT(loss_rates)=0,"",` + formula + `)` }
	switch id {
	case analysis.FinancingCost:
		return s.money(costsPrefix, "financing_")
	case analysis.TermsCost:
		return s.money(costsPrefix, "terms_")
	case analysis.GrossMargin:
		return s.money(linesPrefix, "gross_")
	case analysis.ProfitEaten:
		return quotient(v(analysis.FinancingCost), v(analysis.GrossMargin), "")
	case analysis.Provision:
		return ifRates(s.money(openPrefix, "provision_"))
	case analysis.ProvisionCharge:
		return ifRates(round(s.of(s.closingFrom(), "provision_")+"-"+s.of(openingPrefix, "provision_")+"+"+v(analysis.BadDebt), s.currency()))
	case analysis.ExtraSales:
		return s.extraSales(v(analysis.BadDebt))
	}
	return ""
}

// extraSales is loss ÷ net margin: 0 without a loss, absent where the margin
// is not above zero (rules §8).
func (s *subjectSums) extraSales(loss string) string {
	margin := s.marginCell(s.subject)
	return fmt.Sprintf(`IF(%s<=0,0,IF(%s<=0,"",%s))`, loss, margin, round(loss+"/"+margin, s.currency()))
}

// marginCell is the cell of the net margin that extra sales divide by.
func (b *book) marginCell(s *analysis.Subject) string {
	switch s.Level {
	case analysis.RepLevel:
		return b.repMarginCell(b.subjectKey(s) - 1)
	case analysis.CustomerLevel:
		if s.OwnMargin {
			return b.customerMarginCell(s)
		}
	}
	return "book_margin"
}

// rep are the figures that only reps have (rules §11).
func (s *subjectSums) rep(id analysis.FigureID) string {
	if s.subject.Level != analysis.RepLevel {
		return ""
	}
	v := s.at.value
	given := func(col int) string {
		cell := s.repCell(s.subjectKey(s.subject)-1, col)
		return fmt.Sprintf(`IF(%s="","",%s)`, cell, cell)
	}
	attained := func(figure, target string) string {
		return fmt.Sprintf(`IF(N(%s)=0,"",%s/%s)`, target, figure, target)
	}
	switch id {
	case analysis.SalesTarget:
		return given(repSalesTargetColumn)
	case analysis.CollectionTarget:
		return given(repCollectionTargetColumn)
	case analysis.Expenses:
		return given(repExpensesColumn)
	case analysis.SalesAttainment:
		return attained(v(analysis.Sales), v(analysis.SalesTarget))
	case analysis.CollectionAttainment:
		return attained(v(analysis.Receipts), v(analysis.CollectionTarget))
	case analysis.Contribution:
		return fmt.Sprintf(`IF(%s="","",%s)`, v(analysis.ProvisionCharge), round(fmt.Sprintf("%s-%s-%s-N(%s)",
			v(analysis.GrossMargin), v(analysis.FinancingCost), v(analysis.ProvisionCharge), v(analysis.Expenses)), s.currency()))
	case analysis.Rank:
		return s.rank(v(analysis.Contribution))
	}
	return ""
}

// rank counts the reps with a larger contribution, and of equal ones those
// whose id comes first: reps stand in the order of their ids (rules §11).
func (s *subjectSums) rank(own string) string {
	l := &s.figures
	last := l.rows
	values := func(to int) string { return absolute(figureValueColumn, 2) + ":" + absolute(figureValueColumn, to) }
	numbers := func(to int) string { return absolute(figureNumberColumn, 2) + ":" + absolute(figureNumberColumn, to) }
	number := whole(int(analysis.Contribution) + 1)
	before := l.first[s.subject] - 1
	return fmt.Sprintf(`IF(%s="","",1+COUNTIFS(%s,%s,%s,">"&%s)+COUNTIFS(%s,%s,%s,%s))`, own,
		numbers(last), number, values(last), own, numbers(before), number, values(before), own)
}
