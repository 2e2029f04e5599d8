package analysis

import (
	"cmp"
	"slices"

	"duepack/analysis/ledger"
)

// posting turns one played account into detail and tallies. Every amount goes
// to four tallies in the book's currency, at the rate its rule asks for, of
// which the company is the sum, and in its own currency to the currency's.
type posting struct {
	*builder
	shard    *shard
	out      *outcome
	account  *account
	order    []int32
	customer int32
	currency uint8
	win      *window // the window being posted
	w        int32   // its index: 0 is the pack's own
}

func newPosting(b *builder, s *shard, out *outcome, c int32, order []int32) *posting {
	p := &posting{builder: b, shard: s, out: out, order: order, customer: c}
	p.currency = b.ledger.Entries[order[0]].Currency
	p.account = &s.account
	p.account.reset(&b.player, b.ledger.Customers[c].FinancingRate)
	return p
}

// post plays the account and books what it gives.
func (p *posting) post() {
	if p.ledger.Snapshot {
		p.win = &p.windows[0]
		held := p.account.holdSnapshot(p.order)
		p.touch()
		p.postOpen(held, p.items(held, p.win.asOf))
		p.postClosing(p.items(held, p.win.to))
		p.postCosts()
		return
	}
	holdings := p.account.play(p.order)
	for w := range p.windows {
		p.w, p.win = int32(w), &p.windows[w]
		if w == 0 {
			p.touchAndMonths()
			p.postVintages()
			p.postHabits()
			p.postCommission()
			p.postClasses(holdings)
		}
		held := p.holdingAt(holdings, p.win.asOf)
		items := p.items(held, p.win.asOf)
		p.postOpen(held, items)
		if p.win.to != p.win.asOf {
			items = p.items(p.holdingAt(holdings, p.win.to), p.win.to)
		}
		p.postClosing(items)
		p.postOpening(p.holdingAt(holdings, p.win.from-1))
		p.postLines()
		p.postApplications()
		p.postCosts()
	}
}

// owner says whose figures something counts in.
func (p *posting) owner(rep, region int32) Owner {
	return Owner{Customer: p.customer, Rep: rep, Region: region, Currency: int32(p.currency)}
}

// ownerOf is owner for an entry. Months of the history have no figures but the
// company's, so there nobody needs to be found.
func (p *posting) ownerOf(e *ledger.Entry) Owner {
	if p.w > 0 {
		return p.owner(p.unassigned, p.noRegion)
	}
	return p.owner(p.attribute(e))
}

// tallyOf returns a tally of a list, making it on first use.
func (p *posting) tallyOf(list []*Tally, i int32) *Tally {
	if list[i] == nil {
		list[i] = &Tally{aging: make([]ledger.Minor, len(p.buckets))}
	}
	return list[i]
}

// booked returns the tallies in the book's currency that an owner's amounts
// count in: of its customer, rep and region, or of a month of the history.
func (p *posting) booked(o Owner) []*Tally {
	if p.w > 0 {
		t := &p.shard.history[p.w].company
		if t.aging == nil {
			t.aging = make([]ledger.Minor, len(p.buckets))
		}
		return append(p.shard.sinks[:0], t)
	}
	if p.out.tally.aging == nil {
		p.out.tally.aging = make([]ledger.Minor, len(p.buckets))
	}
	return append(p.shard.sinks[:0], &p.out.tally, p.tallyOf(p.shard.reps, o.Rep), p.tallyOf(p.shard.regions, o.Region))
}

// native returns the tally of the account's currency.
func (p *posting) native() *Tally { return p.tallyOf(p.shard.currencies, int32(p.currency)) }

// each adds to a sum of every tally an owner's amount counts in.
func (p *posting) each(o Owner, native, book ledger.Minor, sum func(*Tally) *ledger.Minor) {
	for _, t := range p.booked(o) {
		t.add(sum(t), book)
	}
	if p.w == 0 {
		t := p.native()
		t.add(sum(t), native)
	}
}

// touch makes the tallies of everybody who has an entry, so that a rep whose
// figures are all zero is still in the pack.
func (p *posting) touch() {
	p.native()
	for _, i := range p.order {
		rep, region := p.attribute(&p.ledger.Entries[i])
		p.booked(Owner{Rep: rep, Region: region})
		p.servedBy(rep)
	}
}

// servedBy notes who served the customer last.
func (p *posting) servedBy(rep int32) {
	if rep != p.unassigned {
		p.out.lastRep, p.out.hasLastRep = rep, true
	}
}

// touchAndMonths is touch that also books the sales and receipts of every
// calendar month.
func (p *posting) touchAndMonths() {
	p.native()
	for _, i := range p.order {
		e := &p.ledger.Entries[i]
		owner := p.owner(p.attribute(e))
		p.booked(owner)
		p.servedBy(owner.Rep)
		if e.Kind.IsSale() || e.Kind == ledger.Receipt || e.Kind == ledger.Refund {
			p.postMonth(e, owner)
		}
	}
}

// attribute returns rep and region of an entry (rules §2): a line that settles
// a document counts where the document does; else its own, else the
// customer's, else unassigned. With rep_basis customer the rep is the
// customer's present one.
func (p *posting) attribute(e *ledger.Entry) (rep, region int32) {
	e = p.settled(e)
	c := &p.ledger.Customers[p.customer]
	pick := func(own, customers, none int32) int32 {
		switch {
		case own != ledger.None:
			return own
		case customers != ledger.None:
			return customers
		}
		return none
	}
	if p.opt.RepBasis == RepOfCustomer {
		rep = pick(ledger.None, c.Rep, p.unassigned)
	} else {
		rep = pick(e.Rep, c.Rep, p.unassigned)
	}
	return rep, pick(e.Region, c.Region, p.noRegion)
}

// settled returns the entry of the document that an entry settles, as far as it
// was known at the window's as-of date; the entry itself where it settles none.
// A reversal that found no document to reopen is one itself and may name
// another that came later, so more than one step can be needed.
func (p *posting) settled(e *ledger.Entry) *ledger.Entry {
	const mostSteps = 8 // reversals that name each other in a circle end somewhere
	for range mostSteps {
		if e.Settles == "" || e.Amount > 0 && e.Kind.MakesDocument() {
			return e
		}
		var next *ledger.Entry
		for _, d := range p.account.named(e.Settles) {
			doc := &p.account.documents[d]
			if doc.posted > p.win.asOf {
				continue
			}
			if entry := &p.ledger.Entries[doc.entry]; entry.Kind.MakesDocument() {
				next = entry
				break
			} else if next == nil {
				next = entry // a bounced payment that is a document of its own stands behind invoices with its number
			}
		}
		if next == nil || next == e {
			return e
		}
		e = next
	}
	return e
}

// rate returns the rate of exchange at a date and notes where it is missing.
func (p *posting) rate(date ledger.Date, pos ledger.Pos) ledger.Ratio {
	r, ok := p.exchange.at(p.currency, date)
	if !ok {
		if p.w > 0 {
			p.shard.history[p.w].unrated = true
			return ledger.Ratio{Num: 1, Den: 1}
		}
		key := missingRate{p.currency, date}
		if at, seen := p.shard.missing[key]; !seen || comparePos(pos, at) < 0 {
			p.shard.missing[key] = pos
		}
		return ledger.Ratio{Num: 1, Den: 1} // the pack is refused; see faults
	}
	return r
}

// convert converts at a rate and notes where the result is out of range.
func (p *posting) convert(m ledger.Minor, rate ledger.Ratio, pos ledger.Pos) ledger.Minor {
	book, ok := p.exchange.convert(m, p.currency, rate)
	if !ok {
		p.shard.overflow = append(p.shard.overflow, pos)
	}
	return book
}

// items lists what is held at a date: documents in their buckets, credits
// where the treatment puts them (rules §4), with the provision (rules §9). The
// list is valid until the next call.
func (p *posting) items(h holding, date ledger.Date) []Item {
	items := p.shard.items[:0]
	toNet := make([][2]ledger.Minor, len(p.buckets)) // native, by bucket: not past due, past due
	for _, at := range h.documents {
		d := &p.account.documents[at.index]
		item := p.item(d.entry, at.open, date)
		base := p.opt.Aging.base(d)
		item.Instalment, item.Issued, item.Due, item.Amount = d.instalment, d.issued, d.due, d.amount
		item.AgeDays, item.PastDue = int(date-base), date > d.due
		item.Bucket = bucketOf(p.buckets, base, date)
		if p.opt.LossRates != nil {
			p.provide(&item)
		}
		toNet[item.Bucket][pastDue(item.PastDue)] += item.Open
		items = append(items, item)
	}
	for _, at := range h.credits {
		items = p.placeCredit(items, at, toNet, date)
	}
	p.shard.items = items
	return items
}

// item starts the row of a document or credit.
func (p *posting) item(entry int32, open ledger.Minor, date ledger.Date) Item {
	e := &p.ledger.Entries[entry]
	rate := p.rate(date, e.Pos)
	return Item{
		Owner: p.ownerOf(e), ID: e.ID, Kind: e.Kind, Issued: e.Issued, Posted: e.Posted, Due: e.Due,
		Amount: e.Amount, Open: open, OpenBook: p.convert(open, rate, e.Pos), Rate: rate,
		Bucket: OnAccountBucket, Disputed: e.Has(ledger.Disputed), Pos: e.Pos,
	}
}

// provide computes the provision of a document: open × loss rate of its bucket
// or, where the customer has one, the customer's, rounded at the document in
// its currency, then converted (rules §9).
func (p *posting) provide(item *Item) {
	item.LossRate = p.opt.LossRates[item.Bucket]
	if p.specific != nil && p.specific[p.customer].Given() {
		item.LossRate, item.Specific = p.specific[p.customer], true
	}
	amount, ok := item.Open.MulDiv(item.LossRate.Num, item.LossRate.Den)
	if !ok {
		p.shard.overflow = append(p.shard.overflow, item.Pos)
	}
	item.Provision = amount
	item.ProvisionBook = p.convert(amount, item.Rate, item.Pos)
}

// pastDue is the place in toNet of what is past due or not.
func pastDue(is bool) int {
	if is {
		return 1
	}
	return 0
}

// placeCredit puts a credit on account into its column, into the bucket of its
// own date, or against the oldest buckets: within a bucket, which by issue or
// posting date may hold both, against what is past due first. The converted
// parts add up to the converted whole, so that the balance is the same in all
// three treatments.
func (p *posting) placeCredit(items []Item, at held, toNet [][2]ledger.Minor, date ledger.Date) []Item {
	whole := p.item(p.account.credits[at.index].entry, at.open, date)
	own := whole.Due
	if own == 0 {
		own = whole.Posted
	}
	whole.AgeDays = int(date - own)
	switch p.opt.Aging.Credits {
	case CreditsOwnBucket:
		whole.Bucket = bucketOf(p.buckets, own, date)
		whole.PastDue = date > own
	case CreditsNetOldest:
		for b := len(p.buckets) - 1; b >= 0 && whole.Open < 0; b-- {
			for _, late := range []bool{true, false} {
				items = p.netCredit(items, &whole, &toNet[b][pastDue(late)], b, late)
			}
		}
		if whole.Open == 0 {
			return items
		}
	}
	return append(items, whole)
}

// netCredit sets a credit, as far as it reaches, against what is left of one
// part of a bucket.
func (p *posting) netCredit(items []Item, whole *Item, left *ledger.Minor, bucket int, late bool) []Item {
	part := max(whole.Open, -*left)
	if part == 0 {
		return items
	}
	*left += part
	placed := *whole
	placed.Bucket, placed.PastDue, placed.Open = bucket, late, part
	if part != whole.Open {
		placed.OpenBook = p.convert(part, whole.Rate, whole.Pos)
	}
	whole.Open -= part
	whole.OpenBook -= placed.OpenBook
	return append(items, placed)
}

// postOpen books the position at the as-of date.
func (p *posting) postOpen(h holding, items []Item) {
	var seen map[string]bool // instalments counted
	for i := range items {
		item := &items[i]
		if item.Bucket == OnAccountBucket {
			p.each(item.Owner, item.Open, item.OpenBook, func(t *Tally) *ledger.Minor { return &t.onAccount })
		} else {
			p.each(item.Owner, item.Open, item.OpenBook, func(t *Tally) *ledger.Minor { return &t.aging[item.Bucket] })
		}
		if item.PastDue {
			p.each(item.Owner, item.Open, item.OpenBook, func(t *Tally) *ledger.Minor { return &t.overdue })
		}
		if item.Open < 0 {
			continue
		}
		if item.Disputed {
			p.each(item.Owner, item.Open, item.OpenBook, func(t *Tally) *ledger.Minor { return &t.disputed })
		}
		p.each(item.Owner, item.Provision, item.ProvisionBook, func(t *Tally) *ledger.Minor { return &t.provision })
		// Instalments are one document (rules §2).
		if item.Instalment == 0 || !seen[item.ID] {
			if item.Instalment != 0 {
				if seen == nil {
					seen = map[string]bool{}
				}
				seen[item.ID] = true
			}
			p.each(item.Owner, 1, 1, func(t *Tally) *ledger.Minor { return &t.documents })
		}
	}
	if p.w == 0 {
		p.showSettled(items, h)
		p.showLater(items)
		p.out.open = append(p.out.open, items...)
	}
}

// postClosing books the balance at the end of the period.
func (p *posting) postClosing(items []Item) {
	for i := range items {
		item := &items[i]
		p.each(item.Owner, item.Open, item.OpenBook, func(t *Tally) *ledger.Minor { return &t.closing })
		p.each(item.Owner, item.Provision, item.ProvisionBook, func(t *Tally) *ledger.Minor { return &t.provisionClosing })
		if item.Bucket != OnAccountBucket && !item.PastDue {
			p.each(item.Owner, item.Open, item.OpenBook, func(t *Tally) *ledger.Minor { return &t.closingNotDue })
		}
	}
	if p.w == 0 && p.win.to != p.win.asOf {
		p.out.closed = append(p.out.closed, items...)
	}
}

// postOpening books the balance the day before the period.
func (p *posting) postOpening(h holding) {
	items := p.items(h, p.win.from-1)
	for i := range items {
		item := &items[i]
		p.each(item.Owner, item.Open, item.OpenBook, func(t *Tally) *ledger.Minor { return &t.opening })
		p.each(item.Owner, item.Provision, item.ProvisionBook, func(t *Tally) *ledger.Minor { return &t.provisionOpening })
		if item.Open > 0 && item.Due <= p.win.to {
			p.each(item.Owner, item.Open, item.OpenBook, func(t *Tally) *ledger.Minor { return &t.dueToCollect })
		}
	}
	if p.w == 0 {
		p.out.before = append(p.out.before, items...)
	}
}

// postLines books the flows of the period.
func (p *posting) postLines() {
	entries := p.ledger.Entries
	first, _ := slices.BinarySearchFunc(p.order, p.win.from, func(i int32, d ledger.Date) int { return cmp.Compare(entries[i].Posted, d) })
	var toCollect map[int32]ledger.Minor
	for i, entry := range p.order[first:] {
		e := &entries[entry]
		if e.Posted > p.win.to {
			break
		}
		if i == 0 {
			toCollect = p.dueInPeriod()
		}
		owner := p.ownerOf(e)
		if p.w > 0 && e.Kind.IsSale() {
			owner = p.owner(p.attribute(e)) // its margin may be the rep's
		}
		p.postLine(e, owner, toCollect[entry])
	}
}

// dueInPeriod returns, by entry, the amounts of the documents posted and due
// in the period.
func (p *posting) dueInPeriod() map[int32]ledger.Minor {
	var amounts map[int32]ledger.Minor
	for i := range p.account.documents {
		d := &p.account.documents[i]
		if p.win.has(d.posted) && p.win.has(d.due) {
			if amounts == nil {
				amounts = map[int32]ledger.Minor{}
			}
			amounts[d.entry] = d.amount
		}
	}
	return amounts
}

// postLine books one entry of the period at the rate of its posting date.
func (p *posting) postLine(e *ledger.Entry, owner Owner, toCollect ledger.Minor) {
	rate := p.rate(e.Posted, e.Pos)
	line := Line{
		Owner: owner, ID: e.ID, Kind: e.Kind, Posted: e.Posted, Due: e.Due, Settles: e.Settles,
		Amount: e.Amount, Book: p.convert(e.Amount, rate, e.Pos), Rate: rate,
		ToCollect: toCollect, ToCollectBook: p.convert(toCollect, rate, e.Pos), Pos: e.Pos,
	}
	sum, sign := flowOf(e.Kind)
	p.each(owner, sign*line.Amount, sign*line.Book, sum)
	p.each(owner, line.ToCollect, line.ToCollectBook, func(t *Tally) *ledger.Minor { return &t.dueToCollect })
	if e.Kind.IsSale() {
		p.grossMargin(e, &line)
		p.each(owner, line.Gross, line.GrossBook, func(t *Tally) *ledger.Minor { return &t.gross })
	}
	if p.w == 0 {
		p.out.lines = append(p.out.lines, line)
	}
}

// flowOf returns the flow a kind counts in and the sign it is shown with
// (rules §6, §8, §10). Opening entries inside the period are no sales; they
// stand in adjustments, so that the roll-forward foots.
func flowOf(k ledger.Kind) (sum func(*Tally) *ledger.Minor, sign ledger.Minor) {
	switch k {
	case ledger.Receipt, ledger.Refund:
		return func(t *Tally) *ledger.Minor { return &t.receipts }, -1
	case ledger.WriteOff:
		return func(t *Tally) *ledger.Minor { return &t.writeOffs }, -1
	case ledger.Recovery:
		return func(t *Tally) *ledger.Minor { return &t.recoveries }, -1
	case ledger.Adjustment, ledger.Opening:
		return func(t *Tally) *ledger.Minor { return &t.adjustments }, 1
	}
	return func(t *Tally) *ledger.Minor { return &t.sales }, 1
}

// grossMargin computes amount − cost, or amount × the margin of the customer,
// else the rep, else the book, rounded at the line (rules §7).
func (p *posting) grossMargin(e *ledger.Entry, line *Line) {
	if e.Has(ledger.HasCost) {
		line.HasCost, line.Cost = true, e.Cost
		line.Gross = e.Amount - e.Cost
	} else {
		line.Margin, line.OwnMargin = p.opt.Margin, false
		for _, own := range []ledger.Ratio{p.ledger.Customers[p.customer].Margin, p.reps[line.Rep].Margin} {
			if own.Given() {
				line.Margin, line.OwnMargin = own, true
				break
			}
		}
		gross, ok := e.Amount.MulDiv(line.Margin.Num, line.Margin.Den)
		if !ok {
			p.shard.overflow = append(p.shard.overflow, e.Pos)
		}
		line.Gross = gross
	}
	line.GrossBook = p.convert(line.Gross, line.Rate, e.Pos)
}

// postMonth adds an entry to the sales or receipts of its calendar month. A
// month before the first rate of exchange is marked, not refused: only a
// count-back that reaches it is absent.
func (p *posting) postMonth(e *ledger.Entry, owner Owner) {
	month := int(e.Posted.Month() - p.firstMonth)
	rate, rated := p.exchange.at(p.currency, e.Posted)
	book := e.Amount
	if rated {
		book = p.convert(e.Amount, rate, e.Pos)
	}
	if !e.Kind.IsSale() {
		if rated {
			sum, ok := p.shard.receipts[month].Add(-book)
			if !ok {
				p.shard.overflow = append(p.shard.overflow, e.Pos)
			}
			p.shard.receipts[month] = sum
		} else {
			p.shard.unrated = max(p.shard.unrated, month+1)
		}
		return
	}
	for _, t := range p.booked(owner) {
		if rated {
			t.addSale(month, p.months, book)
		} else {
			t.unrated = max(t.unrated, month+1)
		}
	}
	p.native().addSale(month, p.months, e.Amount)
}

// postApplications books the receipts that were applied in the period.
func (p *posting) postApplications() {
	for _, a := range p.account.applied {
		e := &p.ledger.Entries[p.account.credits[a.credit].entry]
		if e.Kind != ledger.Receipt || !p.win.has(a.date) {
			continue
		}
		d := &p.account.documents[a.document]
		app := Application{
			Owner: p.ownerOf(&p.ledger.Entries[d.entry]), Receipt: e.ID, Document: d.id, Instalment: d.instalment,
			Date: a.date, Issued: d.issued, Due: d.due, Amount: a.amount, Pos: e.Pos,
		}
		app.Book = p.convert(a.amount, p.rate(e.Posted, e.Pos), e.Pos)
		p.each(app.Owner, app.Amount, app.Book, func(t *Tally) *ledger.Minor { return &t.applied })
		if app.Date <= app.Due {
			p.each(app.Owner, app.Amount, app.Book, func(t *Tally) *ledger.Minor { return &t.appliedOnTime })
		}
		if app.Due <= p.win.to {
			p.each(app.Owner, app.Amount, app.Book, func(t *Tally) *ledger.Minor { return &t.dueCollected })
		}
		for _, t := range p.booked(app.Owner) {
			t.addDays(&t.appliedDaysPay, app.Book, app.Date-app.Issued)
			t.addDays(&t.appliedDaysLate, app.Book, app.Date-app.Due)
		}
		if p.w > 0 {
			continue
		}
		t := p.native()
		t.addDays(&t.appliedDaysPay, app.Amount, app.Date-app.Issued)
		t.addDays(&t.appliedDaysLate, app.Amount, app.Date-app.Due)
		p.out.applications = append(p.out.applications, app)
	}
}

// postCosts books what documents cost in financing over the period.
func (p *posting) postCosts() {
	for i := range p.account.documents {
		d := &p.account.documents[i]
		stretches := p.account.stretches(p.shard.stretches[:0], d, p.w)
		p.shard.stretches = stretches
		if len(stretches) == 0 {
			continue
		}
		e := &p.ledger.Entries[d.entry]
		late, ok1 := p.opt.Basis.cost(stretches, true)
		terms, ok2 := p.opt.Basis.cost(stretches, false)
		if !ok1 || !ok2 {
			p.shard.overflow = append(p.shard.overflow, e.Pos)
		}
		rate := p.rate(p.win.asOf, e.Pos)
		cost := Cost{
			Owner: p.ownerOf(e), ID: d.id, Instalment: d.instalment,
			Issued: d.issued, Posted: d.posted, Due: d.due, Stretches: stretches,
			Financing: late, Terms: terms, Rate: rate, Pos: e.Pos,
			FinancingBook: p.convert(late, rate, e.Pos), TermsBook: p.convert(terms, rate, e.Pos),
		}
		p.each(cost.Owner, cost.Financing, cost.FinancingBook, func(t *Tally) *ledger.Minor { return &t.financing })
		p.each(cost.Owner, cost.Terms, cost.TermsBook, func(t *Tally) *ledger.Minor { return &t.terms })
		if p.w == 0 {
			cost.Stretches = slices.Clone(stretches) // what it was computed from is used again
			p.out.costs = append(p.out.costs, cost)
		}
	}
}
