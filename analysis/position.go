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
	id         int32 // number of its id
	settles    int32 // number of the document its entry names; none: see line
	issued     ledger.Date
	posted     ledger.Date
	due        ledger.Date
	amount     ledger.Minor // as posted; what exceeds a refund's credit for its rest
	open       ledger.Minor
	instalment int16
	queued     bool  // stands in the queue of fifo
	listed     bool  // stands in account.open
	sibling    int32 // the document before it with the same id, as instalments have; -1 for none

	since ledger.Date // from when open has its present value
	runs  int32       // newest of its runs in account.runs; -1 for none
}

// credit is a line that lowers what is owed; rest is what of it is on account.
type credit struct {
	entry   int32
	settles int32 // number of the document it names; none: see line
	next    int32 // the credit before it that waits for the same document; -1 for none
	posted  ledger.Date
	rest    ledger.Minor // positive
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

	lines     []line // the entries, by date
	ids       idTable
	documents []document
	credits   []credit
	found     []int32      // what named returned last
	toApply   []int32      // credits to apply by name on the day
	appeared  []int32      // ids that appeared on the day
	oldest    int32        // no credit before this index has anything on account
	queue     dueQueue     // documents for fifo
	onAccount ledger.Minor // sum of rests
	own       ledger.Ratio // annual financing rate of the customer's own; may be not given
	applied   []applied    // of every credit kind, by date
	undone    []undone     // in the order of play
	runs      []run        // days of financing of all documents

	open     []int32 // documents with an open amount, and some that no longer have one; see openDocuments
	unsorted bool    // a document came back to open
	unused   []int32 // credits with something on account among the first looked credits
	looked   int     // how many credits hold has looked at
	held     []held  // of all holdings
	counts   int32   // counts of documents so far
}

// player holds what every account needs to play the book.
type player struct {
	entries   []ledger.Entry
	numbering *ledger.Numbering
	fifo      bool
	asOf      ledger.Date
	stops     []stop // ascending
	carry     *carry
}

// stop is a date whose position is asked for.
type stop struct {
	date   ledger.Date
	kept   bool  // the pack itself shows documents of this date
	closes int32 // the window of the history that ends on it; 0 for none
	opens  int32 // the window of the history that begins on the next day; 0 for none
}

// play replays the entries of the account up to the as-of date and calls visit
// at the end of each of the player's stops (rules §3).
func (a *account) play(visit func(stop int)) {
	p := a.player
	next := 0
	for lines := a.lines; len(lines) > 0; {
		day := p.entries[lines[0].entry].Posted
		for ; next < len(p.stops) && p.stops[next].date < day; next++ {
			visit(next)
		}
		n := 1
		for n < len(lines) && p.entries[lines[n].entry].Posted == day {
			n++
		}
		a.playDay(day, lines[:n])
		lines = lines[n:]
	}
	for ; next < len(p.stops); next++ {
		visit(next)
	}
	for _, d := range a.stillOpen() {
		a.accrue(&a.documents[d], p.asOf)
	}
}

// playDay plays one day in the order of rules §3: debits, credits that name a
// document, refunds, then fifo.
func (a *account) playDay(day ledger.Date, lines []line) {
	entries := a.player.entries
	a.openDay(lines)
	named := a.toApply[:0]
	for _, id := range a.appeared {
		for c := a.ids.states[id].waiting; c >= 0; c = a.credits[c].next {
			named = append(named, c)
		}
		a.ids.states[id].waiting = -1
	}
	for i := range lines {
		l := &lines[i]
		e := &entries[l.entry]
		if e.Amount >= 0 || e.Kind == ledger.Recovery {
			continue
		}
		c := a.addCredit(l, e)
		switch {
		case l.settles == none:
		case a.knows(l.settles):
			named = append(named, c)
		default:
			a.wait(c)
		}
	}
	slices.Sort(named) // credits are numbered in order of posting and file
	for _, c := range named {
		documents := a.named(a.credits[c].settles)
		for _, d := range documents {
			a.settle(day, d, c)
		}
		if from := &a.credits[c]; from.rest > 0 && entries[from.entry].Kind.IsSale() {
			a.undo(from.entry, documents[0], day, from.rest)
		}
	}
	a.toApply = named
	for i := range lines {
		if e := &entries[lines[i].entry]; e.Kind == ledger.Refund && e.Amount > 0 {
			a.refund(&lines[i], e)
		}
	}
	if a.player.fifo {
		a.applyOldest(day)
	}
}

// wait puts a credit beside the others that name a document not posted yet.
func (a *account) wait(c int32) {
	waiting := &a.ids.states[a.credits[c].settles].waiting
	a.credits[c].next, *waiting = *waiting, c
}

// openDay lets the day's debits become documents, then its reversals reopen
// theirs, so that neither depends on the order of rows. It notes the ids that
// appeared.
func (a *account) openDay(lines []line) {
	entries := a.player.entries
	a.appeared = a.appeared[:0]
	reversals := false
	for i := range lines {
		l := &lines[i]
		e := &entries[l.entry]
		switch {
		case e.Amount <= 0 || e.Kind == ledger.Refund || e.Kind == ledger.Recovery:
		case l.settles != none && !e.Kind.MakesDocument():
			reversals = true
		default:
			a.openDocument(l, e)
		}
	}
	if !reversals {
		return
	}
	for i := range lines {
		l := &lines[i]
		e := &entries[l.entry]
		switch {
		case e.Amount <= 0 || e.Kind == ledger.Refund || e.Kind == ledger.Recovery || l.settles == none || e.Kind.MakesDocument():
		case a.knows(l.settles):
			a.reopen(l, e)
		default: // it names nothing we know (unknown-settles): the money is owed all the same
			a.openDocument(l, e)
		}
	}
}

// openDocument adds a document of the day.
func (a *account) openDocument(l *line, e *ledger.Entry) {
	if !a.knows(l.id) {
		a.appeared = append(a.appeared, l.id)
	}
	a.addDocument(l, e, e.Amount, e.Due)
}

// addDocument opens a document.
func (a *account) addDocument(l *line, e *ledger.Entry, amount ledger.Minor, due ledger.Date) {
	d := int32(len(a.documents))
	newest := &a.ids.states[l.id].newest
	a.documents = append(a.documents, document{
		entry: l.entry, id: l.id, settles: l.settles, issued: e.Issued, posted: e.Posted, due: due,
		amount: amount, open: amount, instalment: e.Instalment, sibling: *newest,
		since: e.Posted, runs: -1, listed: true,
	})
	*newest, l.document = d, d
	a.open = append(a.open, d)
	a.enqueue(d)
}

// knows reports whether a document of the id has been posted.
func (a *account) knows(id int32) bool { return a.ids.states[id].newest >= 0 }

// named returns the documents of an id, instalments earliest due first: the
// order in which a credit that names them lowers them (rules §2). The result
// is valid until the next call.
func (a *account) named(id int32) []int32 {
	a.found = a.found[:0]
	for d := a.ids.states[id].newest; d >= 0; d = a.documents[d].sibling {
		a.found = append(a.found, d)
	}
	if len(a.found) > 1 {
		slices.SortFunc(a.found, func(x, y int32) int {
			dx, dy := &a.documents[x], &a.documents[y]
			return cmp.Or(cmp.Compare(dx.due, dy.due), cmp.Compare(dx.instalment, dy.instalment), cmp.Compare(x, y))
		})
	}
	return a.found
}

// reset makes the account ready for the entries of another customer or
// currency, sorted by posting date and file order and all posted on or before
// the as-of date. It keeps its memory.
func (a *account) reset(p *player, own ledger.Ratio, order []int32) {
	*a = account{
		player: p, own: own, lines: slices.Grow(a.lines[:0], len(order)), ids: a.ids, found: a.found[:0], toApply: a.toApply[:0], appeared: a.appeared[:0],
		documents: a.documents[:0], credits: a.credits[:0], applied: a.applied[:0], undone: a.undone[:0], runs: a.runs[:0], queue: dueQueue{order: a.queue.order[:0]},
		open: a.open[:0], unused: a.unused[:0], held: a.held[:0],
	}
	a.number(order)
}

// number makes the lines of the entries and numbers their ids.
func (a *account) number(order []int32) {
	a.ids.reset(len(order))
	for _, i := range order {
		e := &a.player.entries[i]
		l := line{entry: i, id: none, settles: none, document: none}
		if mayMakeDocument(e) {
			l.id = a.ids.number(e.ID, hashOf(e.ID))
		}
		if e.Settles != 0 {
			l.settles = a.ids.number(e.Settles, hashOf(e.Settles))
		}
		a.lines = append(a.lines, l)
	}
}

// mayMakeDocument reports whether an entry may become a document, by its own id.
func mayMakeDocument(e *ledger.Entry) bool { return e.Amount > 0 && e.Kind != ledger.Recovery }

// reopen raises a document by a reversal, such as a bounced cheque (rules §2).
// Of instalments, those lowered last are raised first, each up to its amount;
// what is left raises the first.
func (a *account) reopen(l *line, e *ledger.Entry) {
	list, amount := a.named(l.settles), e.Amount
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
		if !d.listed {
			d.listed, a.unsorted = true, true
			a.open = append(a.open, list[i])
		}
		if e.Kind == ledger.Receipt {
			a.undo(l.entry, list[i], e.Posted, part)
		}
		a.enqueue(list[i])
		amount -= part
	}
}

// undo notes that cash no longer counts for a document.
func (a *account) undo(entry, document int32, day ledger.Date, amount ledger.Minor) {
	a.undone = append(a.undone, undone{document: document, entry: entry, date: day, amount: amount, after: int32(len(a.applied))})
}

func (a *account) addCredit(l *line, e *ledger.Entry) int32 {
	c := int32(len(a.credits))
	a.credits = append(a.credits, credit{entry: l.entry, settles: l.settles, next: -1, posted: e.Posted, rest: -e.Amount})
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
func (a *account) refund(l *line, e *ledger.Entry) {
	left := e.Amount
	take := func(c int32) {
		part := min(left, a.credits[c].rest)
		a.credits[c].rest -= part
		a.onAccount -= part
		left -= part
	}
	if e.Settles != 0 {
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
		a.addDocument(l, e, left, e.Posted)
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

// hold copies what is open now. The holding is valid until the account is reset.
func (a *account) hold() holding {
	from := len(a.held)
	for _, d := range a.stillOpen() {
		a.held = append(a.held, held{d, a.documents[d].open})
	}
	credits := len(a.held)
	for _, c := range a.stillUnused() {
		a.held = append(a.held, held{c, -a.credits[c].rest})
	}
	return holding{documents: a.held[from:credits:credits], credits: a.held[credits:len(a.held):len(a.held)]}
}

// release forgets the newest holding.
func (a *account) release(h holding) {
	a.held = a.held[:len(a.held)-len(h.documents)-len(h.credits)]
}

// stillOpen returns the documents with an open amount, in the order of their
// posting. Those that were settled since it was asked last leave the list here.
func (a *account) stillOpen() []int32 {
	kept := a.open[:0]
	for _, d := range a.open {
		if doc := &a.documents[d]; doc.open > 0 {
			kept = append(kept, d)
		} else {
			doc.listed = false
		}
	}
	a.open = kept
	if a.unsorted {
		slices.Sort(a.open)
		a.unsorted = false
	}
	return a.open
}

// stillUnused returns the credits with something on account, oldest first. What
// a credit has on account only falls, so one that has nothing never comes back.
func (a *account) stillUnused() []int32 {
	kept := a.unused[:0]
	for _, c := range a.unused {
		if a.credits[c].rest > 0 {
			kept = append(kept, c)
		}
	}
	for ; a.looked < len(a.credits); a.looked++ {
		if a.credits[a.looked].rest > 0 {
			kept = append(kept, int32(a.looked))
		}
	}
	a.unused = kept
	return a.unused
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
	switch {
	case x.due != y.due:
		return x.due < y.due
	case x.issued != y.issued:
		return x.issued < y.issued
	case x.id != y.id:
		return q.account.player.numbering.Compare(q.account.ids.names[x.id], q.account.ids.names[y.id]) < 0
	case x.instalment != y.instalment:
		return x.instalment < y.instalment
	}
	return q.order[i] < q.order[j]
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
func (a *account) holdSnapshot() holding {
	for i := range a.lines {
		l := &a.lines[i]
		e := &a.player.entries[l.entry]
		open := e.Open
		if !e.Has(ledger.HasOpen) {
			open = e.Amount
		}
		switch {
		case open > 0:
			a.open = append(a.open, int32(len(a.documents)))
			a.documents = append(a.documents, document{
				entry: l.entry, id: a.ids.number(e.ID, hashOf(e.ID)), settles: l.settles, issued: e.Issued, posted: e.Posted, due: e.Due,
				amount: e.Amount, open: open, instalment: e.Instalment, sibling: -1, since: e.Posted, runs: -1, listed: true,
			})
		case open < 0:
			a.credits = append(a.credits, credit{entry: l.entry, settles: l.settles, next: -1, posted: e.Posted, rest: -open})
		}
	}
	for i := range a.documents {
		a.accrue(&a.documents[i], a.player.asOf)
	}
	return a.hold()
}
