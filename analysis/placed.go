package analysis

import "duepack/analysis/ledger"

// placed is a document or a credit on account, or a part of one, as it stands
// at a date: what aging and provision make of it (rules §4, §9). Figures are
// sums of these; the pack's own rows say more (Item).
type placed struct {
	index   int32 // into account.documents or account.credits
	bucket  int32 // or OnAccountBucket
	ageDays int32
	credit  bool
	pastDue bool

	open          ledger.Minor // native; negative for a credit
	book          ledger.Minor // open at the closing rate
	provision     ledger.Minor // native
	provisionBook ledger.Minor
}

// place puts what is held at a date into its place at the closing rate, and
// notes where that is missing. The list is valid until the next call.
func (p *posting) place(h holding, date ledger.Date) []placed {
	rate, ok := p.rateAt(date)
	if !ok {
		for _, at := range h.documents {
			rate = p.rate(date, p.entryOf(at.index, false).Pos)
		}
		for _, at := range h.credits {
			rate = p.rate(date, p.entryOf(at.index, true).Pos)
		}
	}
	return p.placeAt(h, date, rate)
}

// entryOf returns the entry of a document or credit.
func (p *posting) entryOf(index int32, credit bool) *ledger.Entry {
	if credit {
		return &p.ledger.Entries[p.account.credits[index].entry]
	}
	return &p.ledger.Entries[p.account.documents[index].entry]
}

// placeAt puts documents into their buckets and credits where the treatment
// puts them (rules §4), with the provision (rules §9).
func (p *posting) placeAt(h holding, date ledger.Date, rate ledger.Ratio) []placed {
	list := p.shard.placed[:0]
	toNet := p.shard.toNet // native, by bucket: not past due, past due
	clear(toNet)
	for _, at := range h.documents {
		d := &p.account.documents[at.index]
		base := p.opt.Aging.base(d)
		x := placed{
			index: at.index, bucket: p.bucketOf(base, date), ageDays: int32(date - base), pastDue: date > d.due,
			open: at.open, book: at.open,
		}
		if p.currency != p.exchange.base {
			x.book = p.convert(x.open, rate, p.entryOf(x.index, false).Pos)
		}
		if p.opt.LossRates != nil {
			p.provide(&x, rate)
		}
		toNet[x.bucket][pastDue(x.pastDue)] += x.open
		list = append(list, x)
	}
	for _, at := range h.credits {
		list = p.placeCredit(list, at, toNet, date, rate)
	}
	p.shard.placed = list
	return list
}

// lossRate returns the loss rate of a bucket or, where the customer has one of
// its own, that (rules §9).
func (p *posting) lossRate(bucket int32) (rate ledger.Ratio, specific bool) {
	if p.specific != nil && p.specific[p.customer].Given() {
		return p.specific[p.customer], true
	}
	return p.opt.LossRates[bucket], false
}

// provide computes the provision of a document: open × loss rate, rounded at
// the document in its currency, then converted (rules §9).
func (p *posting) provide(x *placed, rate ledger.Ratio) {
	loss, _ := p.lossRate(x.bucket)
	amount, ok := x.open.MulDiv(loss.Num, loss.Den)
	if !ok {
		p.shard.overflow = append(p.shard.overflow, p.entryOf(x.index, false).Pos)
	}
	x.provision, x.provisionBook = amount, amount
	if p.currency != p.exchange.base {
		x.provisionBook = p.convert(amount, rate, p.entryOf(x.index, false).Pos)
	}
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
func (p *posting) placeCredit(list []placed, at held, toNet [][2]ledger.Minor, date ledger.Date, rate ledger.Ratio) []placed {
	e := p.entryOf(at.index, true)
	own := e.Due
	if own == 0 {
		own = e.Posted
	}
	whole := placed{
		index: at.index, credit: true, bucket: OnAccountBucket, ageDays: int32(date - own),
		open: at.open, book: p.convert(at.open, rate, e.Pos),
	}
	switch p.opt.Aging.Credits {
	case CreditsOwnBucket:
		whole.bucket = p.bucketOf(own, date)
		whole.pastDue = date > own
	case CreditsNetOldest:
		for b := len(p.buckets) - 1; b >= 0 && whole.open < 0; b-- {
			for _, late := range []bool{true, false} {
				list = p.netCredit(list, &whole, &toNet[b][pastDue(late)], int32(b), late, rate)
			}
		}
		if whole.open == 0 {
			return list
		}
	}
	return append(list, whole)
}

// netCredit sets a credit, as far as it reaches, against what is left of one
// part of a bucket.
func (p *posting) netCredit(list []placed, whole *placed, left *ledger.Minor, bucket int32, late bool, rate ledger.Ratio) []placed {
	part := max(whole.open, -*left)
	if part == 0 {
		return list
	}
	*left += part
	x := *whole
	x.bucket, x.pastDue, x.open = bucket, late, part
	if part != whole.open {
		x.book = p.convert(part, rate, p.entryOf(whole.index, true).Pos)
	}
	whole.open -= part
	whole.book -= x.book
	return append(list, x)
}
