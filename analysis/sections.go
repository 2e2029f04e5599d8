package analysis

import (
	"cmp"
	"slices"

	"duepack/analysis/ledger"
)

// Rows that readers use of a list; the rest is in the workbook, and the table
// says how much.
const (
	topRows    = 25
	chartMonth = 24 // months of a chart of flows

	briefRows   = 10 // of a digest
	leagueRows  = 15 // of a digest of the reps
	trendMonths = 12 // months of a trend

	// repPages are the reps with a page and a PDF of their own: beyond it a Rep
	// column holds something other than the people who sell.
	repPages = 1000
)

// sections is the pack as readers see it, in order. A new section is one
// function and one line here. They do not know each other, and are made on all
// processors.
func sections(p *Pack) []Section {
	view := newView(p)
	makers := []func() Section{
		view.summary, view.aging, view.overdue, ifAny(view.collection), ifAny(view.forecast),
		view.financing, view.badDebt, view.rollForward,
	}
	if view.hasReps() {
		makers = append(makers, view.repLeague)
	}
	makers = append(makers, ifAny(view.classes), ifAny(view.commission), ifAny(view.regions), ifAny(view.currencies))
	if view.hasReps() {
		for _, i := range view.repsWithPage() {
			makers = append(makers, func() Section { return view.rep(i) })
		}
	}
	list := make([]Section, len(makers)+1)
	inParallel(workersFor(len(makers)), len(makers), func(_, i int) { list[i] = makers[i]() })
	list[len(makers)] = view.method()
	list = slices.DeleteFunc(list, func(s Section) bool { return s.ID == "" })
	if p.Snapshot {
		dropHistory(list)
	}
	return list
}

// ifAny makes a section that is left out where it has nothing to show.
func ifAny(section func() Section) func() Section {
	return func() Section {
		if s := section(); len(s.Blocks) > 0 {
			return s
		}
		return Section{}
	}
}

// hasReps reports whether the book names a rep. Without one everything is
// unassigned, and pages by rep would only repeat the company.
func (v *view) hasReps() bool {
	return len(v.Reps) > 1 || len(v.Reps) == 1 && v.Reps[0].ID != ledger.Unassigned
}

// repsWithPage returns the reps that have a page, as indices in the order of the
// pack: all, or the repPages of them that are owed most, then sold most.
func (v *view) repsWithPage() []int {
	order := make([]int, len(v.Reps))
	for i := range order {
		order[i] = i
	}
	if len(order) <= repPages {
		return order
	}
	slices.SortStableFunc(order, func(i, j int) int {
		x, y := v.Reps[i].Values, v.Reps[j].Values
		return cmp.Or(cmp.Compare(y[Balance].Minor, x[Balance].Minor), cmp.Compare(y[Sales].Minor, x[Sales].Minor))
	})
	order = order[:repPages]
	slices.Sort(order)
	return order
}

// view is a pack with what its sections look up more than once.
type view struct {
	*Pack
	// ends are the last month-ends, at most trendMonths, and the as-of date where
	// it is none of them; oldest first.
	ends   []MonthEnd
	later  int       // open documents that were paid after the as-of date
	oldest []int     // by customer: days since due of the oldest overdue document; 0 where none
	byRep  [][]*Item // what is open, by rep
}

func newView(p *Pack) *view {
	v := &view{Pack: p, oldest: make([]int, len(p.Customers)), ends: recentEnds(p), byRep: make([][]*Item, len(p.Reps))}
	for i := range p.Detail.Open {
		item := &p.Detail.Open[i]
		v.byRep[item.Rep] = append(v.byRep[item.Rep], item)
		if item.Open > 0 && item.PastDue {
			v.oldest[item.Customer] = max(v.oldest[item.Customer], int(p.AsOf-item.Due))
		}
		if item.LaterPaid != 0 {
			v.later++
		}
	}
	return v
}
