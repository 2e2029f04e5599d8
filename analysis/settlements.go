package analysis

import (
	"slices"

	"duepack/analysis/ledger"
)

// Settlement is a line that lowered an open document, or a bounced payment that
// raised it again: what became of the document from its amount to what is open
// (rules §3). Amounts are in the document's currency.
type Settlement struct {
	ID     string       `json:"id"` // of the line: a receipt, credit note, write-off …
	Kind   ledger.Kind  `json:"kind"`
	Date   ledger.Date  `json:"date"`   // on which it was applied
	Amount ledger.Minor `json:"amount"` // positive lowers the document, negative raises it
	Pos    ledger.Pos   `json:"pos"`
}

// showSettled notes on each open document what lowered it so far, by date. The
// items of documents stand first and in the order of the holding.
func (p *posting) showSettled(items []Item, h holding) {
	if len(p.account.applied) == 0 {
		return
	}
	partly := false
	place := slices.Grow(p.shard.itemOf[:0], len(p.account.documents))[:len(p.account.documents)] // by document: its item counted from one, where it is partly settled
	p.shard.itemOf = place
	clear(place)
	for i, at := range h.documents {
		if d := &p.account.documents[at.index]; d.amount != at.open {
			place[at.index], partly = int32(i+1), true
		}
	}
	if !partly {
		return
	}
	note := func(document, entry int32, date ledger.Date, amount ledger.Minor) {
		if i := place[document] - 1; i >= 0 {
			e := &p.ledger.Entries[entry]
			items[i].Settled = append(items[i].Settled, Settlement{ID: p.idOf(e), Kind: e.Kind, Date: date, Amount: amount, Pos: e.Pos})
		}
	}
	back := p.account.undone
	for n := 0; n <= len(p.account.applied); n++ {
		for len(back) > 0 && int(back[0].after) <= n {
			if e := &p.ledger.Entries[back[0].entry]; e.Kind == ledger.Receipt { // a credit note takes back no open amount
				note(back[0].document, back[0].entry, back[0].date, -back[0].amount)
			}
			back = back[1:]
		}
		if n < len(p.account.applied) {
			a := &p.account.applied[n]
			note(a.document, p.account.credits[a.credit].entry, a.date, a.amount)
		}
	}
}
