package analysis

import (
	"cmp"
	"slices"

	"duepack/analysis/ledger"
)

// targetSum is what a rep's targets and expenses come to over the period, in
// the book's currency.
type targetSum struct {
	sales, collection, expenses          ledger.Minor
	hasSales, hasCollection, hasExpenses bool
}

// targetMonths lists targets and expenses of the months that the period
// touches, by rep of the builder.
func (b *builder) targetMonths() []TargetMonth {
	var list []TargetMonth
	for _, t := range b.ledger.Targets {
		covered := int64(min(b.opt.To, t.Month.End()) - max(b.opt.From, t.Month.Start()) + 1)
		if covered > 0 {
			list = append(list, TargetMonth{
				Rep: t.Rep, Month: t.Month, CoveredDays: covered, Sales: t.Sales, Collection: t.Collection, Expenses: t.Expenses,
				HasSales: t.HasSales, HasCollection: t.HasCollection, HasExpenses: t.HasExpenses, Pos: t.Pos,
			})
		}
	}
	return list
}

// sumTargets sums targets and expenses by rep. A month that the period covers
// in part counts by its days, rounded at the month (rules §11).
func sumTargets(months []TargetMonth) map[int32]*targetSum {
	sums := map[int32]*targetSum{}
	for i := range months {
		t := &months[i]
		sum := sums[t.Rep]
		if sum == nil {
			sum = &targetSum{}
			sums[t.Rep] = sum
		}
		add := func(into *ledger.Minor, has *bool, amount ledger.Minor, given bool) {
			if given {
				*into += t.share(amount)
				*has = true
			}
		}
		add(&sum.sales, &sum.hasSales, t.Sales, t.HasSales)
		add(&sum.collection, &sum.hasCollection, t.Collection, t.HasCollection)
		add(&sum.expenses, &sum.hasExpenses, t.Expenses, t.HasExpenses)
	}
	return sums
}

// apply sets the figures that only reps have (rules §11). A nil sum has no
// targets and no expenses.
func (sum *targetSum) apply(s *Subject) {
	if sum == nil {
		sum = &targetSum{}
	}
	given := func(has bool, m ledger.Minor, why Reason) Value {
		if !has {
			return absent(Money, why)
		}
		return money(m)
	}
	attained := func(figure FigureID, has bool, target ledger.Minor) Value {
		v := s.Values[figure]
		switch {
		case v.IsAbsent():
			return absent(Share, v.Absent)
		case !has:
			return absent(Share, NoTarget)
		}
		return quotient(Share, rat(v.Minor), rat(target), NoTarget)
	}
	s.Values[SalesTarget] = given(sum.hasSales, sum.sales, NoTarget)
	s.Values[CollectionTarget] = given(sum.hasCollection, sum.collection, NoTarget)
	s.Values[Expenses] = given(sum.hasExpenses, sum.expenses, NoExpenses)
	s.Values[SalesAttainment] = attained(Sales, sum.hasSales, sum.sales)
	s.Values[CollectionAttainment] = attained(Receipts, sum.hasCollection, sum.collection)
	s.Values[Contribution] = s.contribution(sum.expenses)
	s.Values[Rank] = absent(Count, s.Values[Contribution].Absent)
}

// contribution is gross margin − financing cost − provision charge − expenses
// (rules §11); the charge already holds the bad debt. It is absent where one
// of the first three is, for the same reason.
func (s *Subject) contribution(expenses ledger.Minor) Value {
	sum := -expenses
	for _, part := range []struct {
		figure FigureID
		sign   ledger.Minor
	}{{GrossMargin, 1}, {FinancingCost, -1}, {ProvisionCharge, -1}} {
		v := s.Values[part.figure]
		if v.IsAbsent() {
			return absent(Money, v.Absent)
		}
		sum += part.sign * v.Minor
	}
	return money(sum)
}

// rankReps numbers the reps by contribution, highest first; equal ones by id.
func rankReps(reps []Subject) {
	order := make([]int, 0, len(reps))
	for i := range reps {
		if !reps[i].Values[Contribution].IsAbsent() {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(x, y int) int {
		return cmp.Compare(reps[y].Values[Contribution].Minor, reps[x].Values[Contribution].Minor)
	})
	for place, i := range order {
		reps[i].Values[Rank] = Value{Unit: Count, Minor: ledger.Minor(place + 1)}
	}
}
