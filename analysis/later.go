package analysis

import (
	"cmp"
	"slices"

	"duepack/analysis/ledger"
)

// laterKey names a document as receipts name it (rules §2, settles).
type laterKey struct {
	customer int32
	currency uint8
	id       ledger.DocID
}

// laterPayments sums the receipts posted after the as-of date by the document
// they name: "shown beside the open item as information and change nothing"
// (rules §12). A bounced one takes itself back. Receipts that name nothing are
// not shown: whose document they would lower is not known before the close.
func (b *builder) laterPayments() {
	if b.ledger.Snapshot {
		return
	}
	entries := b.ledger.Entries
	if len(b.order) == len(entries) {
		return // all are posted by then
	}
	for i := range entries {
		e := &entries[i]
		if e.Posted <= b.opt.AsOf || e.Kind != ledger.Receipt || e.Settles == 0 {
			continue
		}
		if b.later == nil {
			b.later = map[laterKey]ledger.Minor{}
		}
		key := laterKey{e.Customer, e.Currency, e.Settles}
		sum, ok := b.later[key].Add(-e.Amount)
		if !ok { // a sum beyond the range pays every open amount in full
			sum = b.later[key]
		}
		b.later[key] = sum
	}
}

// showLater notes on open documents what was paid of them later, instalments
// earliest due first and each up to its open amount (rules §2). The items of
// documents stand first and in the order of the holding.
func (p *posting) showLater(items []Item, h holding) {
	if len(p.later) == 0 {
		return
	}
	left := map[string]ledger.Minor{}
	var paid []*Item
	for i, at := range h.documents {
		item := &items[i]
		id := p.account.ids.names[p.account.documents[at.index].id]
		if sum := p.later[laterKey{p.customer, p.currency, id}]; sum > 0 && item.Open > 0 {
			left[item.ID] = sum
			paid = append(paid, item)
		}
	}
	slices.SortStableFunc(paid, func(x, y *Item) int {
		return cmp.Or(cmp.Compare(x.Due, y.Due), cmp.Compare(x.Instalment, y.Instalment))
	})
	for _, item := range paid {
		item.LaterPaid = min(left[item.ID], item.Open)
		left[item.ID] -= item.LaterPaid
	}
}

// laterCell shows what was paid of an item later; empty for nothing.
func laterCell(item *Item) Cell {
	if item.LaterPaid == 0 {
		return Cell{}
	}
	value := money(item.LaterPaid)
	return Cell{Value: &value, Currency: int(item.Currency)}
}
