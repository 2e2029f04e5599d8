package analysis

import (
	"cmp"
	"slices"

	"duepack/analysis/ledger"
)

// Decisions are what somebody has to settle after reading the summary: at most
// three, those with the most money at stake, each of another kind.
const mostDecisions = 3

var (
	decideDifference   = finding("decision.difference", 3)
	decideCustomer     = finding("decision.customer", 4)
	decideCustomerDays = finding("decision.customer_no_rep", 3)
	decideLimit        = finding("decision.limit", 3)
	decideLimits       = finding("decision.limits", 3)
	decideNoProvision  = finding("decision.no_provision_due", 2)
	decideUncovered    = finding("decision.no_provision_issued", 2)
	decideDispute      = finding("decision.dispute", 2)
	decideDisputes     = finding("decision.disputes", 2)
	decideOnAccount    = finding("decision.on_account", 1)
	decideRep          = finding("decision.rep", 3)
	decideLeftOut      = finding("decision.left_out", 1)
	decideNothing      = finding("decision.nothing", 0)
)

// decision is a line with the money it is about, in the book's currency.
type decision struct {
	stake ledger.Minor
	note  *Note
}

// decisions lists what needs a decision, most money first.
func (v *view) decisions() []Block {
	var list []decision
	for _, candidate := range []func() (decision, bool){
		v.differenceDecision, v.customerDecision, v.limitDecision, v.provisionDecision,
		v.disputeDecision, v.onAccountDecision, v.repDecision, v.leftOutDecision,
	} {
		if d, ok := candidate(); ok {
			list = append(list, d)
		}
	}
	slices.SortStableFunc(list, func(x, y decision) int { return cmp.Compare(y.stake, x.stake) })
	list, _ = top(list, mostDecisions)
	if len(list) == 0 {
		list = []decision{{note: decideNothing.note()}}
	}
	var blocks []Block
	for _, d := range list {
		d.note.List = decisionList
		blocks = append(blocks, block(d.note))
	}
	return blocks
}

// decisionList is the wording of the heading over the decisions.
const decisionList = "list.decisions"

// differenceDecision is the largest control balance at the as-of date, or an
// earlier one, that the ledger does not tie to.
func (v *view) differenceDecision() (decision, bool) {
	var worst decision
	for i := range v.TieOut {
		t := &v.TieOut[i]
		difference := money(t.Difference().Abs())
		stake := v.inBook(difference.Minor, t.Currency)
		if difference.Minor != 0 && (worst.note == nil || stake > worst.stake) {
			worst = decision{stake, decideDifference.note(Cell{Text: t.Account}, Cell{Value: &difference, Currency: t.Currency}, Cell{Date: t.Date})}
		}
	}
	return worst, worst.note != nil
}

// inBook is an amount of a currency at the closing rate that an open document of
// that currency was converted with; the amount itself where there is none.
func (v *view) inBook(m ledger.Minor, currency int) ledger.Minor {
	if currency == v.Base {
		return m
	}
	for i := range v.Detail.Open {
		if item := &v.Detail.Open[i]; int(item.Currency) == currency && item.Open != 0 {
			if converted, ok := m.MulDiv(int64(item.OpenBook.Abs()), int64(item.Open.Abs())); ok {
				return converted
			}
		}
	}
	return m
}

// customerDecision is the customer who owes most past due.
func (v *view) customerDecision() (decision, bool) {
	all := v.overdueCustomers()
	if len(all) == 0 {
		return decision{}, false
	}
	c := all[0]
	overdue, days := v.figure(c, Overdue), counted("word.day", v.oldest[v.customerIndex(c)])
	if !v.hasReps() {
		return decision{overdue.Value.Minor, decideCustomerDays.note(subjectCell(c), overdue, days)}, true
	}
	return decision{overdue.Value.Minor, decideCustomer.note(subjectCell(c), overdue, days, v.repCell(c.Rep))}, true
}

// limitDecision is the customer whose balance exceeds its credit limit by most,
// with how many others do.
func (v *view) limitDecision() (decision, bool) {
	over, excess, sum := 0, ledger.Minor(0), ledger.Minor(0)
	var worst *CreditLimit
	for i := range v.Limits {
		limit := &v.Limits[i]
		by := v.Customers[limit.Customer].Values[Balance].Minor - limit.Amount
		if by <= 0 {
			continue
		}
		over++
		sum += by
		if by > excess {
			worst, excess = limit, by
		}
	}
	if worst == nil {
		return decision{}, false
	}
	name := subjectCell(&v.Customers[worst.Customer])
	if over == 1 {
		return decision{excess, decideLimit.note(name, v.money(excess), v.money(worst.Amount))}, true
	}
	return decision{sum, decideLimits.note(v.count(over), v.money(sum), name)}, true
}

// provisionDecision is what stands in the oldest bucket without a provision.
func (v *view) provisionDecision() (decision, bool) {
	last, bare := len(v.Buckets)-1, ledger.Minor(0)
	for i := range v.Detail.Open {
		if item := &v.Detail.Open[i]; item.Open > 0 && int(item.Bucket) == last && item.LossRate.Num == 0 {
			bare += item.OpenBook
		}
	}
	if bare <= 0 || v.Buckets[last].First.N == 0 {
		return decision{}, false
	}
	without := decideNoProvision
	if v.Aging.Basis != ByDue {
		without = decideUncovered
	}
	return decision{bare, without.note(v.money(bare), boundCell(v.Buckets[last].First))}, true
}

func (v *view) disputeDecision() (decision, bool) {
	amount, documents := v.Company.Values[DisputedAmount].Minor, 0
	for i := range v.Detail.Open {
		if item := &v.Detail.Open[i]; item.Open > 0 && item.Disputed {
			documents++
		}
	}
	switch {
	case amount <= 0:
		return decision{}, false
	case documents == 1:
		return decision{amount, decideDispute.note(v.money(amount), v.disputant())}, true
	}
	return decision{amount, decideDisputes.note(v.money(amount), v.count(documents))}, true
}

// disputant is the customer of the first disputed document.
func (v *view) disputant() Cell {
	for i := range v.Detail.Open {
		if item := &v.Detail.Open[i]; item.Open > 0 && item.Disputed {
			return subjectCell(&v.Customers[item.Customer])
		}
	}
	return Cell{}
}

func (v *view) onAccountDecision() (decision, bool) {
	credit := -v.Company.Values[OnAccount].Minor
	return decision{credit, decideOnAccount.note(v.money(credit))}, credit > 0
}

// repDecision is the rep whose customers' late payment costs most of those where
// it costs more than what their sales earn.
func (v *view) repDecision() (decision, bool) {
	var worst decision
	if !v.hasReps() {
		return worst, false
	}
	for i := range v.Reps {
		rep := &v.Reps[i]
		cost, margin := rep.Values[FinancingCost].Minor, rep.Values[GrossMargin]
		if !margin.IsAbsent() && margin.Minor > 0 && cost > margin.Minor && cost > worst.stake {
			worst = decision{cost, decideRep.note(subjectCell(rep), v.money(cost), v.valueCell(margin))}
		}
	}
	return worst, worst.note != nil
}

func (v *view) leftOutDecision() (decision, bool) {
	amount := v.Exceptions.LeftOut.Abs()
	return decision{amount, decideLeftOut.note(v.money(amount))}, amount > 0
}
