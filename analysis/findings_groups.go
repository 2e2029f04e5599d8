package analysis

import (
	"slices"
	"strconv"

	"duepack/analysis/ledger"
)

var (
	allRepsEarn     = finding("finding.reps.all", 1)
	noRepEarns      = finding("finding.reps.none", 1)
	oneRepEarns     = finding("finding.reps.one", 2)
	someRepsEarn    = finding("finding.reps.some", 2)
	onlyRepEarns    = finding("finding.reps.single", 2)
	onlyRepCosts    = finding("finding.reps.single_loss", 2)
	repOverdue      = largestOf("finding.most_overdue_rep")
	noRepOverdue    = finding("finding.reps.no_overdue", 0)
	repLeads        = finding("finding.reps.leads", 2)
	bestAndWorst    = finding("finding.contribution.range", 4)
	sameForAll      = finding("finding.contribution.same", 2)
	metBothAll      = finding("finding.quadrant.all", 1)
	metBothNone     = finding("finding.quadrant.none", 1)
	metBothOne      = finding("finding.quadrant.one", 2)
	metBothSome     = finding("finding.quadrant.some", 2)
	metBothSingle   = finding("finding.quadrant.single", 1)
	missedSingle    = finding("finding.quadrant.single_missed", 1)
	repShare        = finding("finding.rep.share", 3)
	repAmount       = finding("finding.rep.amount", 2)
	repClean        = finding("finding.rep.none", 2)
	repNothing      = finding("finding.rep.nothing", 1)
	repCredit       = finding("finding.rep.credit", 2)
	repRank         = finding("finding.rep.rank", 3)
	mostOfRegions   = largestOf("finding.most_overdue_region")
	noRegionOverdue = finding("finding.regions.none", 0)
	inCurrencies    = finding("finding.currencies.count", 3)
	inCurrenciesNo  = finding("finding.currencies.only", 1)
	classBehind     = finding("finding.classes.behind", 2)
	classesMet      = finding("finding.classes.met", 0)
	classesNothing  = finding("finding.classes.nothing", 0)
	commissionPaid  = finding("finding.commission.paid", 3)
	commissionBack  = finding("finding.commission.back", 1)
	commissionNone  = finding("finding.commission.none", 1)
	madeFromOne     = finding("finding.method.one", 2)
	madeFromMany    = finding("finding.method.many", 2)
	nothingLeftOut  = finding("finding.method.clean", 0)
	oneRowLeftOut   = finding("finding.method.error", 1)
	rowsLeftOut     = finding("finding.method.errors", 2)
	madeFromNothing = finding("finding.method.nothing", 0)
)

// namedReps leaves out what no rep is named for.
func namedReps(order []*Subject) []*Subject {
	return slices.DeleteFunc(slices.Clone(order), func(s *Subject) bool { return s.ID == ledger.Unassigned })
}

// repsTitle says how many reps earn more than they cost; where contributions are
// unknown, who has most overdue.
func (v *view) repsTitle(order []*Subject) *Note {
	order = namedReps(order)
	var earn, known int
	for _, s := range order {
		if c := s.Values[Contribution]; !c.IsAbsent() {
			known++
			if c.Minor > 0 {
				earn++
			}
		}
	}
	if known < len(order) || known == 0 {
		if n := repOverdue.title(v, v.Reps, amountOf(Overdue)); n != nil {
			return n
		}
		return noRepOverdue.note()
	}
	first := order[0]
	best := v.figure(first, Contribution)
	switch {
	case known == 1 && earn == 1:
		return onlyRepEarns.note(subjectCell(first), best)
	case known == 1:
		return onlyRepCosts.note(subjectCell(first), best)
	case earn == 0:
		return noRepEarns.note(v.count(known))
	case earn == 1:
		return oneRepEarns.note(subjectCell(first), v.count(known))
	}
	n := someRepsEarn.note(v.count(earn), v.count(known))
	if earn == known {
		n = allRepsEarn.note(v.count(known))
	}
	if second := order[1]; second.Values[Contribution].Minor < best.Value.Minor {
		n.then(repLeads.note(subjectCell(first), best))
	}
	return n
}

// contributionTitle names the best and the last.
func (v *view) contributionTitle(order []*Subject) *Note {
	var known []*Subject
	for _, s := range namedReps(order) {
		if !s.Values[Contribution].IsAbsent() {
			known = append(known, s)
		}
	}
	if len(known) == 0 {
		return nil
	}
	first, last := known[0], known[len(known)-1]
	best, worst := v.figure(first, Contribution), v.figure(last, Contribution)
	switch {
	case len(known) == 1 && best.Value.Minor > 0:
		return onlyRepEarns.note(subjectCell(first), best)
	case len(known) == 1:
		return onlyRepCosts.note(subjectCell(first), best)
	case best.Value.Minor == worst.Value.Minor:
		return sameForAll.note(v.count(len(known)), best)
	}
	return bestAndWorst.note(subjectCell(first), best, subjectCell(last), worst)
}

// quadrantTitle says how many reps met both of their targets.
func (v *view) quadrantTitle(c *Chart) *Note {
	met, who := 0, 0
	for i := range c.Labels {
		if c.Series[0].Values[i].Ratio.Cmp(one) >= 0 && c.Series[1].Values[i].Ratio.Cmp(one) >= 0 {
			met++
			who = i
		}
	}
	all := v.count(len(c.Labels))
	switch {
	case len(c.Labels) == 1 && met == 1:
		return metBothSingle.note(c.Labels[0])
	case len(c.Labels) == 1:
		return missedSingle.note(c.Labels[0])
	case met == len(c.Labels):
		return metBothAll.note(all)
	case met == 0:
		return metBothNone.note(all)
	case met == 1:
		return metBothOne.note(c.Labels[who], all)
	}
	return metBothSome.note(v.count(met), all)
}

// repTitle says what of a rep's documents is overdue, and the rep's place.
func (v *view) repTitle(rep *Subject) *Note {
	owed, overdue, name := rep.Values[Balance].Minor, rep.Values[Overdue].Minor, subjectCell(rep)
	name.Link = ""
	var n *Note
	switch {
	case owed < 0:
		n = repCredit.note(name, v.money(-owed))
	case overdue > owed, overdue > 0 && owed == 0:
		n = repAmount.note(name, v.money(overdue))
	case overdue > 0:
		n = repShare.note(name, v.money(overdue), v.ratio(Share, overdue, owed))
	case owed > 0 && overdue == 0:
		n = repClean.note(name, v.money(owed))
	default:
		n = repNothing.note(name)
	}
	if rank := rep.Values[Rank]; !rank.IsAbsent() && len(v.Reps) > 1 {
		n.then(repRank.note(v.figure(rep, Contribution), Cell{Text: strconv.Itoa(int(rank.Minor))}, Cell{Text: strconv.Itoa(len(v.Reps))}))
	}
	return n
}

// regionsTitle says which region has most overdue.
func (v *view) regionsTitle() *Note {
	if n := mostOfRegions.title(v, v.Regions, amountOf(Overdue)); n != nil {
		return n
	}
	return noRegionOverdue.note()
}

// currenciesTitle says in how many currencies customers owe, and how much of it
// is in the book's own.
func (v *view) currenciesTitle() *Note {
	own, all := ledger.Minor(0), ledger.Minor(0)
	owed := map[int32]bool{}
	for i := range v.Detail.Open {
		if item := &v.Detail.Open[i]; item.Open > 0 {
			owed[item.Currency] = true
			all += item.OpenBook
			if int(item.Currency) == v.Base {
				own += item.OpenBook
			}
		}
	}
	if len(owed) < 2 || all <= 0 {
		return inCurrenciesNo.note(v.count(len(v.ByCurrency)))
	}
	return inCurrencies.note(v.count(len(owed)), v.ratio(Share, own, all), Cell{Text: v.BookCurrency().Code})
}

// classesTitle names the class of debt that is furthest behind its target.
func (v *view) classesTitle() *Note {
	var class DebtClass
	var least *Cell
	for i := range v.ClassResults {
		r := &v.ClassResults[i]
		if r.Rep != ledger.None {
			continue
		}
		if cell := v.attainment(r); !cell.Value.IsAbsent() && (least == nil || cell.Value.Ratio.Cmp(least.Value.Ratio) < 0) {
			class, least = r.Class, &cell
		}
	}
	switch {
	case least == nil:
		return classesNothing.note()
	case least.Value.Ratio.Cmp(one) >= 0:
		return classesMet.note()
	}
	return classBehind.note(Cell{Key: "word.class_" + classKeys[class]}, *least)
}

// commissionTitle says what the plan pays, and what it takes back.
func (v *view) commissionTitle() *Note {
	var sum commissionSum
	for i := range v.Detail.Commissions {
		sum.add(&v.Detail.Commissions[i])
	}
	if sum == (commissionSum{}) {
		return commissionNone.note(v.periodCell())
	}
	n := commissionPaid.note(v.money(sum.earned+sum.back), v.money(sum.cash), v.periodCell())
	if sum.back < 0 {
		n.then(commissionBack.note(v.money(-sum.back)))
	}
	return n
}

// methodTitle says what the figures were made from and what was left out.
func (v *view) methodTitle() *Note {
	lines := 0
	for _, in := range v.Inputs {
		lines += in.Rows
	}
	read := counted("word.line", lines)
	n := madeFromMany.note(read, v.count(len(v.Inputs)))
	switch {
	case len(v.Inputs) == 0:
		n = madeFromNothing.note()
	case len(v.Inputs) == 1:
		n = madeFromOne.note(read, Cell{Text: v.Inputs[0].File})
	}
	switch errors := v.Exceptions.Errors; {
	case errors == 0:
		n.then(nothingLeftOut.note())
	case errors == 1:
		n.then(oneRowLeftOut.note(v.money(v.Exceptions.LeftOut)))
	default:
		n.then(rowsLeftOut.note(v.count(errors), v.money(v.Exceptions.LeftOut)))
	}
	return n
}
