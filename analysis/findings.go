package analysis

import (
	"math/big"

	"duepack/analysis/ledger"
)

// The findings are the titles of sections and charts: what the figures say, in a
// sentence whose case is chosen here and worded in templates/wording. A finding
// must be true of every book; where no case is, there is none and the plain
// title stands.

// periodCell names the period in a sentence: the month it is, or "the period".
func (v *view) periodCell() Cell {
	if v.From == v.From.Month().Start() && v.To == v.From.Month().End() {
		return Cell{Month: v.From.Month()}
	}
	return Cell{Key: "word.the_period"}
}

// monthBefore names the month of the month-end before.
func (v *view) monthBefore() Cell { return Cell{Month: v.AsOf.Month() - 1} }

// valueCell shows a value in the book's currency.
func (v *view) valueCell(value Value) Cell { return Cell{Value: &value, Currency: v.Base} }

// flowBefore is a figure of the month before, where the period compares with it.
func (v *view) flowBefore(id FigureID) (Value, bool) {
	before := v.before()
	if before == nil || !v.wholeMonth() || before.Values[id].IsAbsent() {
		return Value{}, false
	}
	return before.Values[id], true
}

// Decimals with which readers see a value: two that are equal in them are equal
// to readers, and nothing rose or fell.
var (
	one       = big.NewRat(1, 1)
	perMille  = big.NewRat(1, 1000) // shares: one decimal of a per cent
	tenth     = big.NewRat(1, 10)   // days: one decimal
	hundredth = big.NewRat(1, 100)  // multiples: two decimals
)

// moved says which way a value went as readers see it: 1 up, −1 down, 0 nowhere.
func moved(from, to *big.Rat, step *big.Rat) int {
	return inSteps(to, step).Cmp(inSteps(from, step))
}

// inSteps is how many steps a value has, rounded half away from zero.
func inSteps(r, step *big.Rat) *big.Int {
	steps := new(big.Rat).Quo(r, step)
	magnitude := new(big.Rat).Abs(steps)
	magnitude.Add(magnitude, big.NewRat(1, 2))
	whole := new(big.Int).Quo(magnitude.Num(), magnitude.Denom())
	if steps.Sign() < 0 {
		whole.Neg(whole)
	}
	return whole
}

// byDirection is one sentence for each way a value can go.
type byDirection struct{ rose, fell, same Sentence }

func (d *byDirection) of(direction int) Sentence {
	switch {
	case direction > 0:
		return d.rose
	case direction < 0:
		return d.fell
	}
	return d.same
}

// directions declares the three sentences of a movement.
func directions(key string, gaps, gapsOfSame int) byDirection {
	return byDirection{finding(key+".rose", gaps), finding(key+".fell", gaps), finding(key+".same", gapsOfSame)}
}

// part is a share of an amount by a subject.
type part struct {
	subject *Subject
	amount  ledger.Minor
}

// parts lists the amounts of subjects that are not zero, the largest first, and
// their sum. They are shares of the sum only where none is negative.
func parts(list []Subject, amount func(*Subject) ledger.Minor) (all []part, sum ledger.Minor, shares bool) {
	shares = true
	for i := range list {
		if m := amount(&list[i]); m != 0 {
			all = append(all, part{&list[i], m})
			sum += m
			shares = shares && m > 0
		}
	}
	return largestFirst(all, func(p part) ledger.Minor { return p.amount }), sum, shares && len(all) > 0
}

var (
	heldByOne  = finding("finding.held.one", 1)
	heldMostly = finding("finding.held.mostly", 2)
	heldByFew  = finding("finding.held.few", 2)
	heldByMany = finding("finding.held.many", 1)
)

// fewHolders is up to how many customers are few.
const fewHolders = 10

// heldBy is the clause that says how few customers make up half of an amount.
func (v *view) heldBy(amount func(*Subject) ledger.Minor) *Note {
	all, sum, shares := parts(v.Customers, amount)
	if !shares {
		return nil
	}
	if len(all) == 1 {
		return heldByOne.note(subjectCell(all[0].subject))
	}
	half := ledger.Minor(0)
	for i := range all {
		half += all[i].amount
		if half < sum-half {
			continue
		}
		switch {
		case i == 0:
			return heldMostly.note(subjectCell(all[0].subject), v.ratio(Share, half, sum))
		case i < fewHolders:
			return heldByFew.note(v.count(i+1), v.ratio(Share, half, sum))
		}
		break
	}
	return heldByMany.note(v.count(len(all)))
}

// largest says who has most of an amount, for the title of a chart of rows.
type largest struct{ only, share, plain, tie Sentence }

func largestOf(key string) largest {
	return largest{finding(key+".only", 2), finding(key+".share", 3), finding(key+".plain", 2), finding(key+".tie", 2)}
}

func (l *largest) title(v *view, list []Subject, amount func(*Subject) ledger.Minor) *Note {
	all, sum, shares := parts(list, amount)
	if len(all) == 0 || all[0].amount <= 0 {
		return nil
	}
	name, most := subjectCell(all[0].subject), v.money(all[0].amount)
	ties := 1
	for ties < len(all) && all[ties].amount == all[0].amount {
		ties++
	}
	switch {
	case ties > 1:
		return l.tie.note(v.count(ties), most)
	case len(all) == 1:
		return l.only.note(name, most)
	case shares:
		return l.share.note(name, most, v.ratio(Share, all[0].amount, sum))
	}
	return l.plain.note(name, most)
}
