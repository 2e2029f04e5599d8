package analysis

import (
	"slices"

	"duepack/analysis/ledger"
)

// posting turns one played account into detail and tallies. Every amount goes
// to three tallies in the book's currency, at the rate its rule asks for, whose
// sums are the company's, and in its own currency to the currency's. Months of
// the history are sums of the company alone (history_posting.go).
type posting struct {
	*builder
	shard    *shard
	out      *outcome
	account  *account
	customer int32
	currency uint8
	win      *window // the pack's own
	served   served  // who was found last
	rates    rateSpan
	holdings []holding // of the stops that are kept
}

// served are the tallies of a rep and region that the customer's amounts count in.
type served struct {
	rep, region int32
	tallies     [3]*Tally // of the customer, rep and region; nil before anybody was found
}

func newPosting(b *builder, s *shard, out *outcome, c int32, order []int32) *posting {
	p := &s.posting
	*p = posting{builder: b, shard: s, out: out, customer: c, win: &b.windows[0], holdings: p.holdings}
	p.currency = b.ledger.Entries[order[0]].Currency
	p.account = &s.account
	p.account.reset(&b.player, b.ledger.Customers[c].FinancingRate, order)
	return p
}

// post plays the account and books what it gives.
func (p *posting) post() {
	if p.ledger.Snapshot {
		held := p.account.holdSnapshot()
		p.touch()
		p.postPosition(func(ledger.Date) holding { return held })
		p.postCosts()
		return
	}
	p.holdings = slices.Grow(p.holdings[:0], len(p.player.stops))[:len(p.player.stops)]
	p.account.play(p.visit)
	p.postLines()
	p.postVintages()
	p.postHabits()
	p.postCommission()
	p.postClasses()
	p.postPosition(p.holdingAt)
	p.postApplications()
	p.postCosts()
}

// visit takes the position at the end of a stop.
func (p *posting) visit(i int) {
	s := &p.player.stops[i]
	h := p.account.hold()
	if s.closes > 0 || s.opens > 0 {
		p.postMonthEnd(s, h)
	}
	p.holdings[i] = h
	if !s.kept {
		p.account.release(h)
	}
}

// holdingAt returns the holding of a stop that is kept.
func (p *posting) holdingAt(date ledger.Date) holding {
	i, _ := slices.BinarySearchFunc(p.player.stops, date, func(s stop, d ledger.Date) int { return int(s.date - d) })
	return p.holdings[i]
}

// postPosition books what is open at the as-of date, at the end of the period
// and on the day before it.
func (p *posting) postPosition(at func(ledger.Date) holding) {
	held := at(p.win.asOf)
	list := p.place(held, p.win.asOf)
	p.postOpen(held, list)
	if p.win.to != p.win.asOf {
		list = p.place(at(p.win.to), p.win.to)
	}
	p.postClosing(list)
	if !p.ledger.Snapshot {
		p.postOpening(p.place(at(p.win.from-1), p.win.from-1))
	}
}

// owner says whose figures something counts in.
func (p *posting) owner(rep, region int32) Owner {
	return Owner{Customer: p.places[p.customer], Rep: rep, Region: region, Currency: int32(p.currency)}
}

// ownerOf is owner for the entry of a document or credit.
func (p *posting) ownerOf(entry, settles int32) Owner { return p.owner(p.attribute(entry, settles)) }

// tallyOf returns a tally of a list, making it on first use.
func (p *posting) tallyOf(list []*Tally, i int32) *Tally {
	if list[i] == nil {
		list[i] = &Tally{aging: make([]ledger.Minor, len(p.buckets))}
	}
	return list[i]
}

// booked returns the tallies in the book's currency that a rep's and region's
// amounts count in: of the customer, the rep and the region.
func (p *posting) booked(rep, region int32) *[3]*Tally {
	s := &p.served
	if s.tallies[0] == nil || s.rep != rep || s.region != region {
		if p.out.tally.aging == nil {
			p.out.tally.aging = make([]ledger.Minor, len(p.buckets))
		}
		*s = served{rep, region, [3]*Tally{&p.out.tally, p.tallyOf(p.shard.reps, rep), p.tallyOf(p.shard.regions, region)}}
	}
	return &s.tallies
}

// native returns the tally of the account's currency.
func (p *posting) native() *Tally { return p.tallyOf(p.shard.currencies, int32(p.currency)) }

// touch makes the tallies of everybody who has an entry, so that a rep whose
// figures are all zero is still in the pack.
func (p *posting) touch() {
	p.native()
	for i := range p.account.lines {
		l := &p.account.lines[i]
		rep, region := p.attribute(l.entry, l.settles)
		p.booked(rep, region)
		p.servedBy(rep)
	}
}

// servedBy notes who served the customer last.
func (p *posting) servedBy(rep int32) {
	if rep != p.unassigned {
		p.out.lastRep, p.out.hasLastRep = rep, true
	}
}

// attribute returns rep and region of an entry (rules §2): a line that settles
// a document counts where the document does; else its own, else the
// customer's, else unassigned. With rep_basis customer the rep is the
// customer's present one.
func (p *posting) attribute(entry, settles int32) (rep, region int32) {
	return p.attributeAt(entry, settles, p.win.asOf)
}

// attributeAt is attribute as it was known at a date.
func (p *posting) attributeAt(entry, settles int32, date ledger.Date) (rep, region int32) {
	e := p.settled(entry, settles, date)
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
// was known at a date; the entry itself where it settles none. A reversal that
// found no document to reopen is one itself and may name another that came
// later, so more than one step can be needed.
func (p *posting) settled(entry, settles int32, date ledger.Date) *ledger.Entry {
	const mostSteps = 8 // reversals that name each other in a circle end somewhere
	e := &p.ledger.Entries[entry]
	for range mostSteps {
		if settles == none || e.Amount > 0 && e.Kind.MakesDocument() {
			return e
		}
		var next *ledger.Entry
		for _, d := range p.account.named(settles) {
			doc := &p.account.documents[d]
			if doc.posted > date {
				continue
			}
			if made := &p.ledger.Entries[doc.entry]; made.Kind.MakesDocument() {
				next, settles = made, doc.settles
				break
			} else if next == nil {
				next, settles = made, doc.settles // a bounced payment that is a document of its own stands behind invoices with its number
			}
		}
		if next == nil || next == e {
			return e
		}
		e = next
	}
	return e
}

// rateSpan is a rate of exchange and the days it holds.
type rateSpan struct {
	from, to ledger.Date // to is the day after the last
	rate     ledger.Ratio
	ok       bool
}

// rateAt returns the rate of exchange of the account's currency at a date;
// false where there is none. Entries come by date, so the next rate asked for
// is often the last one.
func (p *posting) rateAt(date ledger.Date) (ledger.Ratio, bool) {
	if date < p.rates.from || date >= p.rates.to {
		p.rates = p.exchange.span(p.currency, date)
	}
	return p.rates.rate, p.rates.ok
}

// rate returns the rate of exchange at a date and notes where it is missing.
func (p *posting) rate(date ledger.Date, pos ledger.Pos) ledger.Ratio {
	r, ok := p.rateAt(date)
	if !ok {
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
	if p.currency == p.exchange.base {
		return m
	}
	book, ok := p.exchange.convert(m, p.currency, rate)
	if !ok {
		p.shard.overflow = append(p.shard.overflow, pos)
	}
	return book
}

// item is the row of what is placed at a date.
func (p *posting) item(x *placed, owner Owner, rate ledger.Ratio) Item {
	e := p.entryOf(x.index, x.credit)
	item := Item{
		Owner: owner, ID: p.idOf(e), Kind: e.Kind, Issued: e.Issued, Posted: e.Posted, Due: e.Due,
		Amount: e.Amount, Open: x.open, OpenBook: x.book, Rate: rate,
		Bucket: x.bucket, AgeDays: x.ageDays, PastDue: x.pastDue, Disputed: e.Has(ledger.Disputed),
		Provision: x.provision, ProvisionBook: x.provisionBook, Pos: e.Pos,
	}
	if x.credit {
		return item
	}
	d := &p.account.documents[x.index]
	item.Instalment, item.Issued, item.Due, item.Amount = d.instalment, d.issued, d.due, d.amount
	if p.opt.LossRates != nil {
		item.LossRate, item.Specific = p.lossRate(x.bucket)
	}
	return item
}

// idOf returns the document number of an entry as the pack shows it.
func (p *posting) idOf(e *ledger.Entry) string { return p.shard.textOf(p.ledger.Numbering, e.ID) }

// ownerOfPlaced says whose figures a document or credit counts in.
func (p *posting) ownerOfPlaced(x *placed) Owner {
	if x.credit {
		c := &p.account.credits[x.index]
		return p.ownerOf(c.entry, c.settles)
	}
	d := &p.account.documents[x.index]
	return p.ownerOf(d.entry, d.settles)
}

// startCount begins a count of documents.
func (a *account) startCount() { a.counts++ }

// counts reports whether an open document is one more in the count: of the
// instalments of a document one is (rules §2).
func (a *account) countsNow(d *document) bool {
	if d.instalment == 0 {
		return true
	}
	id := &a.ids.states[d.id]
	first := id.counted != a.counts
	id.counted = a.counts
	return first
}

// postOpen books the position at the as-of date.
func (p *posting) postOpen(h holding, list []placed) {
	rows := len(p.shard.detail.Open)
	rate, _ := p.rateAt(p.win.asOf)
	p.account.startCount()
	for i := range list {
		x := &list[i]
		owner := p.ownerOfPlaced(x)
		item := p.item(x, owner, rate)
		document := x.open > 0 && p.account.countsNow(&p.account.documents[x.index])
		for _, t := range p.booked(owner.Rep, owner.Region) {
			t.addOpen(x, x.book, x.provisionBook, item.Disputed, document)
		}
		p.native().addOpen(x, x.open, x.provision, item.Disputed, document)
		p.shard.detail.Open = append(p.shard.detail.Open, item)
	}
	items := p.shard.detail.Open[rows:]
	p.showSettled(items, h)
	p.showLater(items, h)
}

// postClosing books the balance at the end of the period.
func (p *posting) postClosing(list []placed) {
	rate, _ := p.rateAt(p.win.to)
	for i := range list {
		x := &list[i]
		owner := p.ownerOfPlaced(x)
		for _, t := range p.booked(owner.Rep, owner.Region) {
			t.addClosing(x, x.book, x.provisionBook)
		}
		p.native().addClosing(x, x.open, x.provision)
		if p.win.to != p.win.asOf {
			p.shard.detail.Closing = append(p.shard.detail.Closing, p.item(x, owner, rate))
		}
	}
}

// postOpening books the balance the day before the period.
func (p *posting) postOpening(list []placed) {
	rate, _ := p.rateAt(p.win.from - 1)
	for i := range list {
		x := &list[i]
		owner := p.ownerOfPlaced(x)
		item := p.item(x, owner, rate)
		collect := x.open > 0 && item.Due <= p.win.to
		for _, t := range p.booked(owner.Rep, owner.Region) {
			t.addOpening(x.book, x.provisionBook, collect)
		}
		p.native().addOpening(x.open, x.provision, collect)
		p.shard.detail.Opening = append(p.shard.detail.Opening, item)
	}
}

// postLines books the entries: sales and receipts by calendar month, the flows
// of the period and those of the months of the history.
func (p *posting) postLines() {
	native := p.native()
	for i := range p.account.lines {
		l := &p.account.lines[i]
		e := &p.ledger.Entries[l.entry]
		rep, region := p.attribute(l.entry, l.settles)
		tallies := p.booked(rep, region)
		p.servedBy(rep)
		rate, rated := p.rateAt(e.Posted)
		month := p.calendar.month(e.Posted)
		if e.Kind.IsSale() {
			p.addSale(tallies, month, e, rate, rated)
			native.addSale(month, p.calendar.count, e.Amount)
		} else if e.Kind == ledger.Receipt || e.Kind == ledger.Refund {
			p.addReceipt(month, e, rate, rated)
		}
		if w := p.windowOfMonth(month); w > 0 {
			p.postPastLine(w, l, e, rate, rated)
		}
		if p.win.has(e.Posted) {
			p.postLine(l, e, p.owner(rep, region))
		}
	}
}

// addSale adds an entry to the sales of its calendar month. A month before the
// first rate of exchange is marked, not refused: only a count-back that reaches
// it is absent.
func (p *posting) addSale(tallies *[3]*Tally, month int, e *ledger.Entry, rate ledger.Ratio, rated bool) {
	book := ledger.Minor(0)
	if rated {
		book = p.convert(e.Amount, rate, e.Pos)
	}
	for _, t := range tallies {
		if rated {
			t.addSale(month, p.calendar.count, book)
		} else {
			t.unrated = max(t.unrated, month+1)
		}
	}
}

// addReceipt adds a receipt or refund to its calendar month in the same way.
func (p *posting) addReceipt(month int, e *ledger.Entry, rate ledger.Ratio, rated bool) {
	if !rated {
		p.shard.unrated = max(p.shard.unrated, month+1)
		return
	}
	sum, ok := p.shard.receipts[month].Add(-p.convert(e.Amount, rate, e.Pos))
	if !ok {
		p.shard.overflow = append(p.shard.overflow, e.Pos)
	}
	p.shard.receipts[month] = sum
}

// toCollect returns the amount of a document that the entry became, where it
// fell due in the window it was posted in; else zero.
func (p *posting) toCollect(l *line, w *window) ledger.Minor {
	if l.document == none || !w.has(p.account.documents[l.document].due) {
		return 0
	}
	return p.account.documents[l.document].amount
}

// postLine books one entry of the period at the rate of its posting date.
func (p *posting) postLine(l *line, e *ledger.Entry, owner Owner) {
	rate := p.rate(e.Posted, e.Pos)
	toCollect := p.toCollect(l, p.win)
	line := Line{
		Owner: owner, ID: p.idOf(e), Kind: e.Kind, Posted: e.Posted, Due: e.Due, Settles: p.shard.textOf(p.ledger.Numbering, e.Settles),
		Amount: e.Amount, Book: p.convert(e.Amount, rate, e.Pos), Rate: rate,
		ToCollect: toCollect, ToCollectBook: p.convert(toCollect, rate, e.Pos), Pos: e.Pos,
	}
	if e.Kind.IsSale() {
		line.HasCost = e.Has(ledger.HasCost)
		if line.HasCost {
			line.Cost = e.Cost
		} else {
			line.Margin, line.OwnMargin = p.marginOf(owner.Rep)
		}
		line.Gross = p.gross(e, line.Margin)
		line.GrossBook = p.convert(line.Gross, rate, e.Pos)
	}
	for _, t := range p.booked(owner.Rep, owner.Region) {
		t.addFlow(e.Kind, line.Book, line.ToCollectBook, line.GrossBook)
	}
	p.native().addFlow(e.Kind, line.Amount, line.ToCollect, line.Gross)
	p.shard.detail.Lines = append(p.shard.detail.Lines, line)
}

// marginOf returns the margin of a sale without a known cost: the customer's,
// else the rep's, else the book's; own says that it is not the book's.
func (p *posting) marginOf(rep int32) (margin ledger.Ratio, own bool) {
	if m := p.ledger.Customers[p.customer].Margin; m.Given() {
		return m, true
	}
	if m := p.reps[rep].Margin; m.Given() {
		return m, true
	}
	return p.opt.Margin, false
}

// gross returns the gross margin of a sale: amount − cost where the cost is
// known, else amount × margin, rounded at the line (rules §7).
func (p *posting) gross(e *ledger.Entry, margin ledger.Ratio) ledger.Minor {
	if e.Has(ledger.HasCost) {
		return e.Amount - e.Cost
	}
	gross, ok := e.Amount.MulDiv(margin.Num, margin.Den)
	if !ok {
		p.shard.overflow = append(p.shard.overflow, e.Pos)
	}
	return gross
}

// postApplications books the receipts that were applied in the period and in
// the months of the history.
func (p *posting) postApplications() {
	for i := range p.account.applied {
		a := &p.account.applied[i]
		w, own := p.pastWindow(a.date), p.win.has(a.date)
		if w == 0 && !own {
			continue
		}
		e := &p.ledger.Entries[p.account.credits[a.credit].entry]
		if e.Kind != ledger.Receipt {
			continue
		}
		if w > 0 {
			p.postPastApplication(w, a, e)
		}
		if own {
			p.postApplication(a, e)
		}
	}
}

// postApplication books a receipt that was applied in the period.
func (p *posting) postApplication(a *applied, e *ledger.Entry) {
	d := &p.account.documents[a.document]
	app := Application{
		Owner: p.ownerOf(d.entry, d.settles), Receipt: p.idOf(e), Document: p.idOf(&p.ledger.Entries[d.entry]), Instalment: d.instalment,
		Date: a.date, Issued: d.issued, Due: d.due, Amount: a.amount, Pos: e.Pos,
	}
	app.Book = p.convert(a.amount, p.rate(e.Posted, e.Pos), e.Pos)
	for _, t := range p.booked(app.Rep, app.Region) {
		t.addApplied(d, a.date, app.Book, p.win)
	}
	p.native().addApplied(d, a.date, app.Amount, p.win)
	p.shard.detail.Applications = append(p.shard.detail.Applications, app)
}

// postCosts books what documents cost in financing over the period and the
// months of the history.
func (p *posting) postCosts() {
	for i := range p.account.documents {
		d := &p.account.documents[i]
		if d.runs < 0 {
			continue
		}
		runs := p.account.runsOf(p.shard.runs[:0], d)
		p.shard.runs = runs
		for len(runs) > 0 {
			n := 1
			for n < len(runs) && runs[n].window == runs[0].window {
				n++
			}
			p.postCost(d, runs[:n])
			runs = runs[n:]
		}
	}
}

// postCost books what a document cost in one window.
func (p *posting) postCost(d *document, runs []run) {
	e := &p.ledger.Entries[d.entry]
	late, ok1 := p.opt.Basis.cost(runs, true)
	terms, ok2 := p.opt.Basis.cost(runs, false)
	if !ok1 || !ok2 {
		p.shard.overflow = append(p.shard.overflow, e.Pos)
	}
	if w := runs[0].window; w > 0 {
		p.postPastCost(int(w), late, terms, e)
		return
	}
	rate := p.rate(p.win.asOf, e.Pos)
	cost := Cost{
		Owner: p.ownerOf(d.entry, d.settles), ID: p.idOf(e), Instalment: d.instalment,
		Issued: d.issued, Posted: d.posted, Due: d.due, Stretches: p.shard.stretchesOf(runs),
		Financing: late, Terms: terms, Rate: rate, Pos: e.Pos,
		FinancingBook: p.convert(late, rate, e.Pos), TermsBook: p.convert(terms, rate, e.Pos),
	}
	for _, t := range p.booked(cost.Rep, cost.Region) {
		t.addCost(cost.FinancingBook, cost.TermsBook)
	}
	p.native().addCost(cost.Financing, cost.Terms)
	p.shard.detail.Costs = append(p.shard.detail.Costs, cost)
}
