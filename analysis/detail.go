package analysis

import (
	"runtime"
	"sync"
)

// lot is a run of customers, in the order of the pack, that one goroutine
// computes, and the detail it made of them.
type lot struct {
	customers              []int32
	open, opening, closing []Item
	lines                  []Line
	applications           []Application
	costs                  []Cost
	commissions            []CommissionLine
	stretches              []Stretch // block that costs take theirs from
}

// lotEntries is how many entries a lot has at least, its last one apart: few
// enough that all processors are done at about the same time.
const lotEntries = 16 << 10

// makeLots cuts the customers into lots.
func (b *builder) makeLots() []*lot {
	var lots []*lot
	from, entries := 0, 0
	for i, c := range b.customerOrder {
		entries += int(b.starts[c+1] - b.starts[c])
		if entries >= lotEntries || i == len(b.customerOrder)-1 {
			lots = append(lots, &lot{customers: b.customerOrder[from : i+1]})
			from, entries = i+1, 0
		}
	}
	return lots
}

// stretchBlock is how many stretches are made at once.
const stretchBlock = 512

// stretchesOf copies the stretches of runs.
func (d *lot) stretchesOf(runs []run) []Stretch {
	if cap(d.stretches)-len(d.stretches) < len(runs) {
		d.stretches = make([]Stretch, 0, max(stretchBlock, len(runs)))
	}
	from := len(d.stretches)
	for i := range runs {
		d.stretches = append(d.stretches, runs[i].Stretch)
	}
	return d.stretches[from:len(d.stretches):len(d.stretches)]
}

// eachLot does something with every lot, on all processors.
func (b *builder) eachLot(do func(worker, i int, d *lot)) {
	var group sync.WaitGroup
	for w := range b.workers() {
		group.Go(func() {
			for i := int(b.nextLot.Add(1)) - 1; i < len(b.lots); i = int(b.nextLot.Add(1)) - 1 {
				do(w, i, b.lots[i])
			}
		})
	}
	group.Wait()
	b.nextLot.Store(0)
}

// workers is how many goroutines share the lots.
func (b *builder) workers() int { return max(1, min(runtime.GOMAXPROCS(0), len(b.lots))) }

// offsets are the places in the pack's detail at which a lot begins.
type offsets struct{ open, opening, closing, lines, applications, costs, commissions int }

// collectDetail moves the detail of the lots into the pack, on all processors,
// and lets what points to a rep or region of the ledger point into the pack.
func (b *builder) collectDetail(p *Pack, repPlace, regionPlace []int32) {
	at := make([]offsets, len(b.lots)+1)
	for i, d := range b.lots {
		o := at[i]
		at[i+1] = offsets{
			o.open + len(d.open), o.opening + len(d.opening), o.closing + len(d.closing), o.lines + len(d.lines),
			o.applications + len(d.applications), o.costs + len(d.costs), o.commissions + len(d.commissions),
		}
	}
	n := at[len(b.lots)]
	p.Detail = Detail{
		Open: make([]Item, n.open), Opening: make([]Item, n.opening), Closing: make([]Item, n.closing),
		Lines: make([]Line, n.lines), Applications: make([]Application, n.applications), Costs: make([]Cost, n.costs),
	}
	if n.commissions > 0 {
		p.Detail.Commissions = make([]CommissionLine, n.commissions)
	}
	place := func(o *Owner) { o.Rep, o.Region = repPlace[o.Rep], regionPlace[o.Region] }
	b.eachLot(func(_, i int, d *lot) {
		o := at[i]
		moveRows(p.Detail.Open[o.open:], d.open, func(r *Item) { place(&r.Owner) })
		moveRows(p.Detail.Opening[o.opening:], d.opening, func(r *Item) { place(&r.Owner) })
		moveRows(p.Detail.Closing[o.closing:], d.closing, func(r *Item) { place(&r.Owner) })
		moveRows(p.Detail.Lines[o.lines:], d.lines, func(r *Line) { place(&r.Owner) })
		moveRows(p.Detail.Applications[o.applications:], d.applications, func(r *Application) { place(&r.Owner) })
		moveRows(p.Detail.Costs[o.costs:], d.costs, func(r *Cost) { place(&r.Owner) })
		moveRows(p.Detail.Commissions[o.commissions:], d.commissions, func(r *CommissionLine) { place(&r.Owner) })
		*d = lot{}
	})
}

// moveRows copies rows to the beginning of a list and changes each.
func moveRows[T any](to, from []T, change func(*T)) {
	for i := range to[:copy(to, from)] {
		change(&to[i])
	}
}
