package analysis

import (
	"slices"

	"duepack/analysis/ledger"
)

// Vintage is what became of the sales documents issued in one calendar month
// (rules §6, collected_by_age), in the book's currency at the rates of their
// posting dates.
type Vintage struct {
	Month  ledger.Month `json:"month"`
	Issued ledger.Minor `json:"issued"`
	// Collected[n] is what receipts had paid of it by the end of the nth
	// calendar month after the month of issue, less those that were reversed by
	// then; it ends with the as-of month.
	Collected []ledger.Minor `json:"collected"`
}

// Share returns the share collected n months later; absent where nothing was
// issued.
func (v Vintage) Share(n int) Value {
	return quotient(Share, rat(v.Collected[n]), rat(v.Issued), NoSales)
}

// vintageSums collects issued amounts and collections by months of issue and
// of collection, both counted from the builder's first month.
type vintageSums struct {
	issued    []ledger.Minor
	collected [][]ledger.Minor // by month of issue and of collection; nil where nothing was collected
}

func newVintageSums(months int) *vintageSums {
	return &vintageSums{issued: make([]ledger.Minor, months), collected: make([][]ledger.Minor, months)}
}

func (v *vintageSums) collect(issued, paid int, m ledger.Minor) {
	if v.collected[issued] == nil {
		v.collected[issued] = make([]ledger.Minor, len(v.issued))
	}
	v.collected[issued][paid] += m
}

// soldDocument is a document of a vintage.
type soldDocument struct {
	rate ledger.Ratio // of its posting date; not given: the document is in no vintage
	kept ledger.Minor // paid and not reversed
}

// postVintages books the account's sales documents and what receipts paid of
// them. A bounced cheque takes back what it paid in the month it bounces, or a
// document paid twice would be collected twice. Documents issued before the book begins, or posted when there was no
// rate of exchange, are in no vintage.
func (p *posting) postVintages() {
	sold := slices.Grow(p.shard.sold[:0], len(p.account.documents))[:len(p.account.documents)] // by document
	clear(sold)
	p.shard.sold = sold
	month := func(d *document) int { return p.calendar.month(d.issued) }
	for i := range p.account.documents {
		d := &p.account.documents[i]
		kind := p.ledger.Entries[d.entry].Kind
		rate, rated := p.rateAt(d.posted)
		at := month(d)
		if !rated || at < 0 || at >= p.calendar.count || kind != ledger.Invoice && kind != ledger.DebitNote {
			continue
		}
		sold[i].rate = rate
		p.shard.vintages.issued[at] += p.convert(d.amount, rate, p.ledger.Entries[d.entry].Pos)
	}
	collect := func(document int32, date ledger.Date, amount ledger.Minor, e *ledger.Entry) {
		d := &sold[document]
		if !d.rate.Given() || e.Kind != ledger.Receipt {
			return
		}
		amount = max(amount, -d.kept) // a reversal takes back no more than was paid
		d.kept += amount
		issued := month(&p.account.documents[document])
		p.shard.vintages.collect(issued, max(issued, p.calendar.month(date)), p.convert(amount, d.rate, e.Pos))
	}
	undone := p.account.undone
	for i, a := range p.account.applied {
		for ; len(undone) > 0 && int(undone[0].after) <= i; undone = undone[1:] {
			collect(undone[0].document, undone[0].date, -undone[0].amount, &p.ledger.Entries[undone[0].entry])
		}
		collect(a.document, a.date, a.amount, &p.ledger.Entries[p.account.credits[a.credit].entry])
	}
	for _, u := range undone {
		collect(u.document, u.date, -u.amount, &p.ledger.Entries[u.entry])
	}
}

// collectVintages lists the vintages with sales, oldest first.
func (b *builder) collectVintages(p *Pack) {
	sum := newVintageSums(b.calendar.count)
	for _, s := range b.shards {
		for i := range sum.issued {
			sum.issued[i] += s.vintages.issued[i]
			for j, m := range s.vintages.collected[i] {
				sum.collect(i, j, m)
			}
		}
	}
	for i, issued := range sum.issued {
		if issued == 0 {
			continue
		}
		v := Vintage{Month: b.calendar.first + ledger.Month(i), Issued: issued}
		total := ledger.Minor(0)
		for at := i; at < b.calendar.count; at++ {
			if sum.collected[i] != nil {
				total += sum.collected[i][at]
			}
			v.Collected = append(v.Collected, total)
		}
		p.Vintages = append(p.Vintages, v)
	}
}
