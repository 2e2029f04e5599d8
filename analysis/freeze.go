package analysis

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"duepack/analysis/ledger"
)

// newPack starts the pack with what the ledger and the options say.
func (b *builder) newPack() *Pack {
	return &Pack{
		Book: b.opt.Book, Version: b.opt.Version, AsOf: b.opt.AsOf, From: b.opt.From, To: b.opt.To,
		Base: int(b.ledger.Base), Currencies: b.ledger.Currencies, Snapshot: b.ledger.Snapshot,
		Aging: b.opt.Aging, Buckets: b.buckets, Basis: b.opt.Basis, Margin: b.opt.Margin, Rates: b.opt.Rates,
		LossRates: b.opt.LossRates,
		Classes:   b.opt.Classes, YearEnd: lastYearEnd(b.opt.To), Commission: b.opt.Commission,
		Assumptions: b.opt.Assumptions, Inputs: b.opt.Inputs, Exceptions: b.opt.Exceptions, Sources: b.ledger.Sources,
	}
}

// sortGroup orders the subjects that exist by id.
func sortGroup(n int, exists func(int) bool, id func(int) string) (order []int32, place []int32) {
	place = make([]int32, n)
	for i := range n {
		place[i] = -1
		if exists(i) {
			order = append(order, int32(i))
		}
	}
	slices.SortFunc(order, func(x, y int32) int {
		return cmp.Or(strings.Compare(id(int(x)), id(int(y))), cmp.Compare(x, y))
	})
	for at, i := range order {
		place[i] = int32(at)
	}
	return order, place
}

// merge sums one list of tallies over all shards.
func (b *builder) merge(list func(*shard) []*Tally) []*Tally {
	sum := make([]*Tally, len(list(b.shards[0])))
	for _, s := range b.shards {
		for i, t := range list(s) {
			if t == nil {
				continue
			}
			if sum[i] == nil {
				sum[i] = &Tally{}
			}
			sum[i].Merge(t)
		}
	}
	return sum
}

// fillSubjects makes the figures of every subject and the detail behind them:
// everything that points to a customer, rep or region of the ledger is made to
// point into the pack's sorted slices.
func (b *builder) fillSubjects(p *Pack) {
	l := b.ledger
	reps := b.merge(func(s *shard) []*Tally { return s.reps })
	regions := b.merge(func(s *shard) []*Tally { return s.regions })
	currencies := b.merge(func(s *shard) []*Tally { return s.currencies })
	targetMonths := b.targetMonths()
	targets := sumTargets(targetMonths)
	for rep := range targets {
		if reps[rep] == nil {
			reps[rep] = &Tally{aging: make([]ledger.Minor, len(b.buckets))}
		}
	}

	repOrder, repPlace := sortGroup(len(b.reps), func(i int) bool { return reps[i] != nil }, func(i int) string { return b.reps[i].ID })
	regionOrder, regionPlace := sortGroup(len(b.regions), func(i int) bool { return regions[i] != nil }, func(i int) string { return b.regions[i] })
	currencyOrder, _ := sortGroup(len(l.Currencies), func(i int) bool { return currencies[i] != nil }, func(i int) string { return l.Currencies[i].Code })
	customerOrder := b.customerOrder

	main := &b.windows[0]
	b.placeDetail(p, repPlace, regionPlace)
	company := &Tally{aging: make([]ledger.Minor, len(b.buckets))}
	p.Customers = b.customerSubjects(p, customerOrder)
	for at, i := range customerOrder {
		c, o := &l.Customers[i], b.customers[i]
		company.Merge(&o.tally)
		s := &p.Customers[at]
		switch s.Rep = ledger.None; {
		case c.Rep != ledger.None:
			s.Rep = repPlace[c.Rep]
		case o.hasLastRep:
			s.Rep = repPlace[o.lastRep]
		}
		if c.HasLimit {
			p.Limits = append(p.Limits, CreditLimit{Customer: int32(at), Amount: c.CreditLimit})
		}
		p.Habits = append(p.Habits, o.habit)
	}
	b.overflow = company.overflow
	for _, list := range [][]*Tally{reps, regions, currencies} {
		for _, t := range list {
			b.overflow = b.overflow || t != nil && t.overflow
		}
	}
	p.Company = b.subject(p, main, CompanyLevel, "", "", company, ledger.Ratio{})
	for _, i := range currencyOrder {
		s := b.subject(p, main, CurrencyLevel, l.Currencies[i].Code, l.Currencies[i].Code, currencies[i], ledger.Ratio{})
		s.Currency = int(i)
		p.ByCurrency = append(p.ByCurrency, s)
	}
	for _, i := range regionOrder {
		p.Regions = append(p.Regions, b.subject(p, main, RegionLevel, b.regions[i], b.regions[i], regions[i], ledger.Ratio{}))
	}
	for _, i := range repOrder {
		r := &b.reps[i]
		s := b.subject(p, main, RepLevel, r.ID, cmp.Or(r.Name, r.ID), reps[i], r.Margin)
		targets[i].apply(&s)
		p.Reps = append(p.Reps, s)
	}
	rankReps(p.Reps)
	b.collectClasses(p, repOrder)
	for _, t := range targetMonths {
		t.Rep = repPlace[t.Rep]
		p.Detail.Targets = append(p.Detail.Targets, t)
	}

	b.collectMonths(p, company)
	b.collectHistory(p, company)
	b.collectVintages(p)
	if n := b.countMonths(company, currencies, regions, reps); n > 0 {
		p.Detail.Months = make([]SubjectMonth, 0, n)
	}
	subjectMonths := func(level Level, order []int32, tally func(int32) *Tally) {
		for at, i := range order {
			p.Detail.Months = b.appendMonths(p.Detail.Months, level, int32(at), tally(i))
		}
	}
	p.Detail.Months = b.appendMonths(p.Detail.Months, CompanyLevel, 0, company)
	subjectMonths(CurrencyLevel, currencyOrder, func(i int32) *Tally { return currencies[i] })
	subjectMonths(RegionLevel, regionOrder, func(i int32) *Tally { return regions[i] })
	subjectMonths(RepLevel, repOrder, func(i int32) *Tally { return reps[i] })
	subjectMonths(CustomerLevel, customerOrder, func(i int32) *Tally { return &b.customers[i].tally })
}

// customerSubjects makes the figures of customers in an order, on all
// processors: nobody's depend on another's.
func (b *builder) customerSubjects(p *Pack, order []int32) []Subject {
	subjects := make([]Subject, len(order))
	values := make([]Value, len(order)*int(figureCount)) // at once: each alone is rounded up to a size of the allocator
	inParallel(workersFor(len(order)), len(order), func(_, at int) {
		c, t := &b.ledger.Customers[order[at]], &b.customers[order[at]].tally
		own := values[at*int(figureCount) : (at+1)*int(figureCount) : (at+1)*int(figureCount)]
		subjects[at] = b.fillSubject(p, &b.windows[0], CustomerLevel, c.ID, cmp.Or(c.Name, c.ID), t, c.Margin, own)
	})
	return subjects
}

// collectMonths lists what the company sold and received by calendar month, as
// far back as rates of exchange reach.
func (b *builder) collectMonths(p *Pack, company *Tally) {
	if b.ledger.Snapshot {
		return
	}
	first := company.unrated
	receipts := make([]ledger.Minor, b.calendar.count)
	for _, s := range b.shards {
		first = max(first, s.unrated)
		for i, r := range s.receipts {
			receipts[i] += r
		}
	}
	for i := first; i < b.calendar.count; i++ {
		flow := MonthFlow{Month: b.calendar.first + ledger.Month(i), Receipts: receipts[i]}
		if company.months != nil {
			flow.Sales = company.months[i]
		}
		p.Months = append(p.Months, flow)
	}
}

// countMonths returns how many rows appendMonths makes of the tallies and those
// of the customers.
func (b *builder) countMonths(company *Tally, lists ...[]*Tally) (n int) {
	count := func(t *Tally) int { return max(0, len(t.months)-max(t.firstSales, t.unrated)) }
	n = count(company)
	for _, list := range lists {
		for _, t := range list {
			if t != nil {
				n += count(t)
			}
		}
	}
	for _, c := range b.customerOrder {
		n += count(&b.customers[c].tally)
	}
	return n
}

// appendMonths lists a subject's sales by month from its first sale on.
func (b *builder) appendMonths(list []SubjectMonth, level Level, subject int32, t *Tally) []SubjectMonth {
	for i := max(t.firstSales, t.unrated); i < len(t.months); i++ {
		list = append(list, SubjectMonth{Level: level, Subject: subject, Month: b.calendar.first + ledger.Month(i), Sales: t.months[i]})
	}
	return list
}

// subject computes the figures of one subject over a window from its tally.
func (b *builder) subject(p *Pack, w *window, level Level, id, name string, t *Tally, own ledger.Ratio) Subject {
	return b.fillSubject(p, w, level, id, name, t, own, make([]Value, figureCount))
}

// fillSubject is subject with memory for the values.
func (b *builder) fillSubject(p *Pack, w *window, level Level, id, name string, t *Tally, own ledger.Ratio, values []Value) Subject {
	s := Subject{Level: level, ID: id, Name: name, Currency: p.Base, Rep: ledger.None, Margin: b.opt.Margin, Aging: t.aging, Values: values}
	if own.Given() {
		s.Margin, s.OwnMargin = own, true
	}
	for i := range s.Values {
		s.Values[i] = absent(FigureID(i).Def().Unit, NoTarget) // rep figures; set by targetSum.apply
	}
	b.positionFigures(&s, t)
	b.flowFigures(&s, t)
	b.collectionFigures(&s, w, t)
	b.costFigures(&s, t)
	if b.ledger.Snapshot {
		for _, f := range historyFigures {
			s.Values[f] = absent(f.Def().Unit, NoHistory)
		}
	}
	return s
}

// historyFigures are the figures a snapshot book cannot have, because they
// need the movements that led to it (rules §3).
var historyFigures = []FigureID{
	OpeningBalance, Sales, Receipts, Recoveries, WriteOffs, Adjustments, FxDifference,
	CollectionRate, CollectionRateTotal, CollectionRateDue, CEI, DSO, DSOCountBack, BPDSO, ADD, Turnover,
	DaysToPay, DaysLate, OnTimeRate, GrossMargin, ProfitEaten, BadDebt, ProvisionCharge, ExtraSales,
}

// positionFigures are the figures of the as-of date (rules §3, §4, §9).
func (b *builder) positionFigures(s *Subject, t *Tally) {
	balance := t.onAccount
	for _, m := range t.aging {
		t.add(&balance, m)
	}
	s.Values[OnAccount] = money(t.onAccount)
	s.Values[Balance] = money(balance)
	s.Values[Overdue] = money(t.overdue)
	s.Values[DisputedAmount] = money(t.disputed)
	s.Values[DocumentsOpen] = Value{Unit: Count, Minor: t.documents}
	s.Values[Provision] = money(t.provision)
	s.Values[ProvisionCharge] = money(t.provisionClosing - t.provisionOpening + t.writeOffs - t.recoveries)
	if b.opt.LossRates == nil {
		s.Values[Provision] = absent(Money, NoLossRates)
		s.Values[ProvisionCharge] = absent(Money, NoLossRates)
	}
}

// flowFigures are the roll-forward (rules §6, §8, §10); fx is what conversion
// at different dates leaves.
func (b *builder) flowFigures(s *Subject, t *Tally) {
	s.Values[OpeningBalance] = money(t.opening)
	s.Values[Sales] = money(t.sales)
	s.Values[Receipts] = money(t.receipts)
	s.Values[Recoveries] = money(t.recoveries)
	s.Values[WriteOffs] = money(t.writeOffs)
	s.Values[Adjustments] = money(t.adjustments)
	s.Values[FxDifference] = money(t.closing - (t.opening + t.sales - t.receipts - t.writeOffs + t.adjustments))
	s.Values[ClosingBalance] = money(t.closing)
	s.Values[BadDebt] = money(t.writeOffs - t.recoveries)
	s.Values[ExtraSales] = SalesNeeded(t.writeOffs-t.recoveries, s.Margin)
}

// collectionFigures are the ratios of rules §6. Numerators and denominators are
// whole numbers, both times what one of them is divided by, so that a fraction is
// brought to lowest terms once and not after every step.
func (b *builder) collectionFigures(s *Subject, w *window, t *Tally) {
	whole := func(m ledger.Minor) *big.Int { return big.NewInt(int64(m)) }
	times := func(x, y *big.Int) *big.Int { return new(big.Int).Mul(x, y) }
	plus := func(x, y *big.Int) *big.Int { return new(big.Int).Add(x, y) }
	minus := func(x, y *big.Int) *big.Int { return new(big.Int).Sub(x, y) }
	days := big.NewInt(PeriodDays(w.from, w.to))
	sales, opening, closing, notDue := whole(t.sales), whole(t.opening), whole(t.closing), whole(t.closingNotDue)

	s.Values[CollectionRate] = share(Share, t.receipts, t.sales, NoSales)
	s.Values[CollectionRateTotal] = wholeQuotient(Share, whole(t.receipts), plus(opening, sales), NothingToCollect)
	s.Values[CollectionRateDue] = share(Share, t.dueCollected, t.dueToCollect, NothingToCollect)

	n, d := w.months.Num(), w.months.Denom() // N = n ÷ d: what is collectable, closing and not due are all times n
	collectable := plus(times(opening, n), times(sales, d))
	s.Values[CEI] = wholeQuotient(Percent, times(minus(collectable, times(closing, n)), big.NewInt(100)), minus(collectable, times(notDue, n)), NothingToCollect)

	s.Values[DSO] = wholeQuotient(Days, times(closing, days), sales, NoSales)
	s.Values[BPDSO] = wholeQuotient(Days, times(notDue, days), sales, NoSales)
	s.Values[ADD] = wholeQuotient(Days, times(minus(closing, notDue), days), sales, NoSales)
	_, _, dayOfMonth := w.asOf.Civil()
	s.Values[DSOCountBack] = countBack(t.closing, t.months, max(t.firstSales, t.unrated), w.asOf.Month(), dayOfMonth)

	s.Values[Turnover] = wholeQuotient(Times, times(sales, big.NewInt(2*365)), times(plus(opening, closing), days), ZeroDenominator)

	s.Values[DaysToPay] = share(Days, t.appliedDaysPay, t.applied, NoReceipts)
	s.Values[DaysLate] = share(Days, t.appliedDaysLate, t.applied, NoReceipts)
	s.Values[OnTimeRate] = share(Share, t.appliedOnTime, t.applied, NoReceipts)
}

// costFigures are what late payment costs (rules §7).
func (b *builder) costFigures(s *Subject, t *Tally) {
	s.Values[FinancingCost] = money(t.financing)
	s.Values[TermsCost] = money(t.terms)
	s.Values[GrossMargin] = money(t.gross)
	s.Values[ProfitEaten] = share(Share, t.financing, t.gross, NoGrossMargin)
}

// checkValid states what holds for every pack, whatever the book (rules §4,
// §10, §11): a failure is a defect of this program, found before anything is
// written.
func (p *Pack) checkValid() error {
	for _, s := range p.Subjects() {
		if len(s.Aging) != len(p.Buckets) || len(s.Values) != int(figureCount) {
			return fmt.Errorf("pack: %s has %d buckets and %d figures", s.Path(), len(s.Aging), len(s.Values))
		}
		sum := s.Values[OnAccount].Minor
		for _, m := range s.Aging {
			sum += m
		}
		if sum != s.Values[Balance].Minor {
			return fmt.Errorf("pack: %s: buckets and on account do not add up to the balance", s.Path())
		}
		if p.To == p.AsOf && s.Values[Balance].Minor != s.Values[ClosingBalance].Minor {
			return fmt.Errorf("pack: %s: closing is not the balance", s.Path())
		}
		for id := range s.Values {
			if v := s.Values[id]; !v.IsAbsent() && v.Unit != Money && v.Unit != Count && v.Ratio == nil {
				return fmt.Errorf("pack: %s/%s has no value and no reason", s.Path(), FigureID(id).Def().Key)
			}
		}
	}
	for _, level := range [][]Subject{p.Customers, p.Reps, p.Regions} {
		for _, f := range []FigureID{Balance, Overdue, OpeningBalance, Sales, Receipts, WriteOffs, Recoveries, Adjustments, FxDifference, ClosingBalance, FinancingCost, GrossMargin, Provision} {
			if p.Company.Values[f].IsAbsent() {
				continue
			}
			sum := ledger.Minor(0)
			for i := range level {
				sum += level[i].Values[f].Minor
			}
			if sum != p.Company.Values[f].Minor {
				return fmt.Errorf("pack: %s of the parts does not add up to the company", f.Def().Key)
			}
		}
	}
	return nil
}
