package analysis

import (
	"cmp"
	"container/heap"
	"slices"

	"duepack/analysis/ledger"
)

// document is a debit that stands on its own while the book is played.
type document struct {
	entry      int32 // index into Ledger.Entries
	id         string
	issued     ledger.Date
	posted     ledger.Date
	due        ledger.Date
	amount     ledger.Minor // as posted; what exceeds a refund's credit for its rest
	open       ledger.Minor
	instalment int16
	queued     bool  // stands in the queue of fifo
	sibling    int32 // the document before it with the same id, as instalments have; -1 for none

	since ledger.Date // from when open has its present value
	runs  int32       // newest of its runs in account.runs; -1 for none
}

// credit is a line that lowers what is owed; rest is what of it is on account.
type credit struct {
	entry  int32
	posted ledger.Date
	rest   ledger.Minor // positive
}

// applied is one application of a credit to a document (rules §3).
type applied struct {
	document int32 // index into account.documents
	credit   int32 // index into account.credits
	date     ledger.Date
	amount   ledger.Minor // positive
}

// undone is cash that no longer counts for a document (rules §11): a receipt
// that was reversed, or a credit note for goods that were paid for already.
type undone struct {
	document int32 // index into account.documents; of instalments the one that was raised, or the first
	entry    int32 // the reversal or credit note
	date     ledger.Date
	amount   ledger.Minor // positive
	after    int32        // number of applications before it
}

// holding is what one account has at the end of a date.
type holding struct {
	documents []held // documents with an open amount above zero
	credits   []held // credits with something on account
}

// held is one document or credit of a holding.
type held struct {
	index int32        // into account.documents or account.credits
	open  ledger.Minor // of a document; negative: on account of a credit
}

// account is one customer in one currency: the unit the book is played in.
// Accounts do not know each other, so they can be played in parallel.
type account struct {
	player *player

	documents []document
	credits   []credit
	byID      map[string]int32   // the newest document of an id; its siblings are linked
	waiting   map[string][]int32 // credits that name a document not posted yet
	found     []int32            // what named returned last
	oldest    int32              // no credit before this index has anything on account
	queue     dueQueue           // documents for fifo
	onAccount ledger.Minor       // sum of rests
	own       ledger.Ratio       // annual financing rate of the customer's own; may be not given
	applied   []applied          // of every credit kind, by date
	undone    []undone           // in the order of play
	runs      []run              // days of financing of all documents
}

// player holds what every account needs to play the book.
type player struct {
	entries []ledger.Entry
	fifo    bool
	asOf    ledger.Date
	stops   []ledger.Date // dates whose position is asked for, ascending
	carry   *carry
}

// play replays the entries of one account, sorted by posting date and file
// order and all posted on or before the as-of date, and returns what was open
// at the end of each of the player's stops (rules §3).
func (a *account) play(order []int32) []holding {
	p := a.player
	holdings := make([]holding, 0, len(p.stops))
	for len(order) > 0 {
		day := p.entries[order[0]].Posted
		for len(holdings) < len(p.stops) && p.stops[len(holdings)] < day {
			holdings = append(holdings, a.hold())
		}
		n := 1
		for n < len(order) && p.entries[order[n]].Posted == day {
			n++
		}
		a.playDay(day, order[:n])
		order = order[n:]
	}
	for len(holdings) < len(p.stops) {
		holdings = append(holdings, a.hold())
	}
	for i := range a.documents {
		a.accrue(&a.documents[i], p.asOf)
	}
	return holdings
}

// playDay plays one day in the order of rules §3: debits, credits that name a
// document, refunds, then fifo.
func (a *account) playDay(day ledger.Date, order []int32) {
	entries := a.player.entries
	appeared := a.openDocuments(order)
	var named []int32 // credits to apply by name
	for _, id := range appeared {
		named = append(named, a.waiting[id]...)
		delete(a.waiting, id)
	}
	for _, i := range order {
		e := &entries[i]
		if e.Amount >= 0 || e.Kind == ledger.Recovery {
			continue
		}
		c := a.addCredit(i, e)
		switch {
		case e.Settles == "":
		case a.knows(e.Settles):
			named = append(named, c)
		default:
			a.waiting[e.Settles] = append(a.waiting[e.Settles], c)
		}
	}
	slices.Sort(named) // credits are numbered in order of posting and file
	for _, c := range named {
		documents := a.named(entries[a.credits[c].entry].Settles)
		for _, d := range documents {
			a.settle(day, d, c)
		}
		if from := &a.credits[c]; from.rest > 0 && entries[from.entry].Kind.IsSale() {
			a.undo(from.entry, documents[0], day, from.rest)
		}
	}
	for _, i := range order {
		if e := &entries[i]; e.Kind == ledger.Refund && e.Amount > 0 {
			a.refund(i, e)
		}
	}
	if a.player.fifo {
		a.applyOldest(day)
	}
}

// openDocuments lets the day's debits become documents, then its reversals
// reopen theirs, so that neither depends on the order of rows. It returns the
// ids that appeared.
func (a *account) openDocuments(order []int32) (appeared []string) {
	entries := a.player.entries
	isReversal := func(e *ledger.Entry) bool {
		return e.Settles != "" && !e.Kind.MakesDocument()
	}
	debit := func(e *ledger.Entry) bool {
		return e.Amount > 0 && e.Kind != ledger.Refund && e.Kind != ledger.Recovery
	}
	for _, i := range order {
		if e := &entries[i]; debit(e) && !isReversal(e) {
			if len(a.waiting) > 0 && !a.knows(e.ID) {
				appeared = append(appeared, e.ID)
			}
			a.addDocument(i, e, e.Amount, e.Due)
		}
	}
	for _, i := range order {
		e := &entries[i]
		if !debit(e) || !isReversal(e) {
			continue
		}
		if !a.knows(e.Settles) {
			// It names nothing we know (unknown-settles): the money is owed all the same.
			if !a.knows(e.ID) {
				appeared = append(appeared, e.ID)
			}
			a.addDocument(i, e, e.Amount, e.Due)
			continue
		}
		a.reopen(i, e)
	}
	return appeared
}

// addDocument opens a document.
func (a *account) addDocument(i int32, e *ledger.Entry, amount ledger.Minor, due ledger.Date) {
	d := int32(len(a.documents))
	sibling, ok := a.byID[e.ID]
	if !ok {
		sibling = -1
	}
	a.documents = append(a.documents, document{
		entry: i, id: e.ID, issued: e.Issued, posted: e.Posted, due: due,
		amount: amount, open: amount, instalment: e.Instalment, sibling: sibling,
		since: e.Posted, runs: -1,
	})
	a.byID[e.ID] = d
	a.enqueue(d)
}

// knows reports whether a document of the id has been posted.
func (a *account) knows(id string) bool {
	_, ok := a.byID[id]
	return ok
}

// named returns the documents of an id, instalments earliest due first: the
// order in which a credit that names them lowers them (rules §2). The result
// is valid until the next call.
func (a *account) named(id string) []int32 {
	a.found = a.found[:0]
	d, ok := a.byID[id]
	for ok && d >= 0 {
		a.found = append(a.found, d)
		d = a.documents[d].sibling
	}
	if len(a.found) > 1 {
		slices.SortFunc(a.found, func(x, y int32) int {
			dx, dy := &a.documents[x], &a.documents[y]
			return cmp.Or(cmp.Compare(dx.due, dy.due), cmp.Compare(dx.instalment, dy.instalment), cmp.Compare(x, y))
		})
	}
	return a.found
}

// reset makes the account ready for another customer or currency, keeping its
// memory.
func (a *account) reset(p *player, own ledger.Ratio) {
	clear(a.byID)
	clear(a.waiting)
	*a = account{
		player: p, own: own, byID: a.byID, waiting: a.waiting, found: a.found[:0],
		documents: a.documents[:0], credits: a.credits[:0], applied: a.applied[:0], undone: a.undone[:0], runs: a.runs[:0], queue: dueQueue{order: a.queue.order[:0]},
	}
}

// reopen raises a document by a reversal, such as a bounced cheque (rules §2).
// Of instalments, those lowered last are raised first, each up to its amount;
// what is left raises the first.
func (a *account) reopen(entry int32, e *ledger.Entry) {
	list, amount := a.named(e.Settles), e.Amount
	for i := len(list) - 1; i >= 0 && amount > 0; i-- {
		d := &a.documents[list[i]]
		part := min(amount, d.amount-d.open)
		if i == 0 {
			part = amount
		}
		if part <= 0 {
			continue
		}
		a.change(d, e.Posted, part)
		if e.Kind == ledger.Receipt {
			a.undo(entry, list[i], e.Posted, part)
		}
		a.enqueue(list[i])
		amount -= part
	}
}

// undo notes that cash no longer counts for a document.
func (a *account) undo(entry, document int32, day ledger.Date, amount ledger.Minor) {
	a.undone = append(a.undone, undone{document: document, entry: entry, date: day, amount: amount, after: int32(len(a.applied))})
}

func (a *account) addCredit(i int32, e *ledger.Entry) int32 {
	c := int32(len(a.credits))
	a.credits = append(a.credits, credit{entry: i, posted: e.Posted, rest: -e.Amount})
	a.onAccount -= e.Amount
	return c
}

// settle applies what is left of a credit to a document.
func (a *account) settle(day ledger.Date, d, c int32) {
	doc, from := &a.documents[d], &a.credits[c]
	part := min(doc.open, from.rest)
	if part <= 0 {
		return
	}
	a.change(doc, day, -part)
	from.rest -= part
	a.onAccount -= part
	a.applied = append(a.applied, applied{document: d, credit: c, date: day, amount: part})
}

// refund pays back credit on account: of the receipt it names first, then the
// oldest. What exceeds it is a document due at once (rules §2).
func (a *account) refund(i int32, e *ledger.Entry) {
	left := e.Amount
	take := func(c int32) {
		part := min(left, a.credits[c].rest)
		a.credits[c].rest -= part
		a.onAccount -= part
		left -= part
	}
	if e.Settles != "" {
		for c := a.firstOnAccount(); int(c) < len(a.credits); c++ {
			if a.player.entries[a.credits[c].entry].ID == e.Settles {
				take(c)
			}
		}
	}
	for c := a.firstOnAccount(); left > 0 && int(c) < len(a.credits); c++ {
		take(c)
	}
	if left > 0 {
		a.addDocument(i, e, left, e.Posted)
	}
}

// firstOnAccount returns the index of the oldest credit that may have
// something on account.
func (a *account) firstOnAccount() int32 {
	for int(a.oldest) < len(a.credits) && a.credits[a.oldest].rest == 0 {
		a.oldest++
	}
	return a.oldest
}

// applyOldest applies credit on account, oldest first, to the open documents,
// earliest due first, then earliest issued, then id (rules §3.4).
func (a *account) applyOldest(day ledger.Date) {
	for a.onAccount > 0 && len(a.queue.order) > 0 {
		d := a.queue.order[0]
		if a.documents[d].open == 0 {
			a.documents[d].queued = false
			heap.Pop(&a.queue)
			continue
		}
		a.settle(day, d, a.firstOnAccount())
	}
}

// change raises or lowers a document's open amount on a date.
func (a *account) change(d *document, day ledger.Date, by ledger.Minor) {
	a.accrue(d, day)
	d.open += by
}

// accrue books the cost of the days since the open amount last changed.
func (a *account) accrue(d *document, until ledger.Date) {
	if until > d.since {
		if d.open > 0 {
			a.player.carry.add(a, d, d.since, until)
		}
		d.since = until
	}
}

// hold copies what is open now.
func (a *account) hold() holding {
	var h holding
	for i := range a.documents {
		if open := a.documents[i].open; open > 0 {
			h.documents = append(h.documents, held{int32(i), open})
		}
	}
	for i := a.firstOnAccount(); int(i) < len(a.credits); i++ {
		if rest := a.credits[i].rest; rest > 0 {
			h.credits = append(h.credits, held{i, -rest})
		}
	}
	return h
}

func (a *account) enqueue(d int32) {
	if a.player.fifo && !a.documents[d].queued {
		a.documents[d].queued = true
		a.queue.account = a
		heap.Push(&a.queue, d)
	}
}

// dueQueue is a heap of documents in the order in which fifo lowers them.
type dueQueue struct {
	account *account
	order   []int32
}

func (q *dueQueue) Len() int { return len(q.order) }

func (q *dueQueue) Less(i, j int) bool {
	x, y := &q.account.documents[q.order[i]], &q.account.documents[q.order[j]]
	return cmp.Or(
		cmp.Compare(x.due, y.due), cmp.Compare(x.issued, y.issued), cmp.Compare(x.id, y.id),
		cmp.Compare(x.instalment, y.instalment), cmp.Compare(q.order[i], q.order[j])) < 0
}

func (q *dueQueue) Swap(i, j int) { q.order[i], q.order[j] = q.order[j], q.order[i] }

// Push and Pop are for container/heap only.
func (q *dueQueue) Push(d any) { q.order = append(q.order, d.(int32)) }

// Pop removes the last element, as container/heap asks.
func (q *dueQueue) Pop() any {
	last := q.order[len(q.order)-1]
	q.order = q.order[:len(q.order)-1]
	return last
}

// holdSnapshot opens the rows of a snapshot book as they are: the open amount
// is given and nothing is applied (rules §3).
func (a *account) holdSnapshot(order []int32) holding {
	for _, i := range order {
		e := &a.player.entries[i]
		open := e.Open
		if !e.Has(ledger.HasOpen) {
			open = e.Amount
		}
		switch {
		case open > 0:
			a.documents = append(a.documents, document{
				entry: i, id: e.ID, issued: e.Issued, posted: e.Posted, due: e.Due,
				amount: e.Amount, open: open, instalment: e.Instalment, sibling: -1, since: e.Posted, runs: -1,
			})
		case open < 0:
			a.credits = append(a.credits, credit{entry: i, posted: e.Posted, rest: -open})
		}
	}
	for i := range a.documents {
		a.accrue(&a.documents[i], a.player.asOf)
	}
	return a.hold()
}
