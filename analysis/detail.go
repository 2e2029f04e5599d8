package analysis

import (
	"slices"
	"strings"
	"sync"

	"duepack/analysis/ledger"
)

// lot is a run of customers, in the order of the pack, that one goroutine
// computes.
type lot struct {
	customers []int32
	entries   int
}

// lotEntries is how many entries a lot has at least, its last one apart: few
// enough that all processors are done at about the same time.
const lotEntries = 16 << 10

// makeLots cuts the customers into lots.
func (b *builder) makeLots() []lot {
	var lots []lot
	from, entries := 0, 0
	for i, c := range b.customerOrder {
		entries += int(b.starts[c+1] - b.starts[c])
		if entries >= lotEntries || i == len(b.customerOrder)-1 {
			lots = append(lots, lot{customers: b.customerOrder[from : i+1], entries: entries})
			from, entries = i+1, 0
		}
	}
	return lots
}

// collector puts the detail of the lots together in the order of the pack. A
// goroutine that is done with a lot gives its rows and takes the memory of rows
// that were copied, so that no more of it is made than lots are in work.
type collector struct {
	mutex  sync.Mutex
	lots   []lot
	done   []*Detail // by lot: its rows, until they are copied
	next   int       // the lot whose rows are copied next
	copied int       // entries of the lots before it
	spare  []*Detail
	detail Detail
}

func newCollector(lots []lot) collector {
	return collector{lots: lots, done: make([]*Detail, len(lots)), detail: Detail{
		Open: []Item{}, Opening: []Item{}, Closing: []Item{}, Lines: []Line{}, Applications: []Application{}, Costs: []Cost{},
	}}
}

// take returns memory for the rows of a lot.
func (c *collector) take() *Detail {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if n := len(c.spare); n > 0 {
		d := c.spare[n-1]
		c.spare = c.spare[:n-1]
		return d
	}
	return &Detail{}
}

// give copies the rows of a lot once those of the lots before it are there.
func (c *collector) give(i int, rows *Detail) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.done[i] = rows
	for ; c.next < len(c.lots) && c.done[c.next] != nil; c.next++ {
		rows, into := c.done[c.next], &c.detail
		c.copied += c.lots[c.next].entries
		into.Open, rows.Open = moveRows(c, into.Open, rows.Open)
		into.Opening, rows.Opening = moveRows(c, into.Opening, rows.Opening)
		into.Closing, rows.Closing = moveRows(c, into.Closing, rows.Closing)
		into.Lines, rows.Lines = moveRows(c, into.Lines, rows.Lines)
		into.Applications, rows.Applications = moveRows(c, into.Applications, rows.Applications)
		into.Costs, rows.Costs = moveRows(c, into.Costs, rows.Costs)
		into.Commissions, rows.Commissions = moveRows(c, into.Commissions, rows.Commissions)
		c.done[c.next] = nil
		c.spare = append(c.spare, rows)
	}
}

// moveRows appends rows to a list and returns it and the emptied rows. Where
// the list has no room it is made as long as it will be if the lots to come have
// as many rows for their entries: growing step by step would copy it often.
func moveRows[T any](c *collector, list, rows []T) (all, empty []T) {
	if need := len(list) + len(rows); need > cap(list) {
		total := 0
		for i := range c.lots {
			total += c.lots[i].entries
		}
		guess := need * total / c.copied
		spare := guess / 64
		if c.copied < total/4 { // little is known yet, and guessing again means copying again
			spare = guess / 16
		}
		longer := make([]T, len(list), max(need, guess+spare))
		copy(longer, list)
		list = longer
	}
	return append(list, rows...), rows[:0]
}

// stretchBlock is how many stretches are made at once.
const stretchBlock = 512

// stretchesOf copies the stretches of runs.
func (s *shard) stretchesOf(runs []run) []Stretch {
	if cap(s.stretches)-len(s.stretches) < len(runs) {
		s.stretches = make([]Stretch, 0, max(stretchBlock, len(runs)))
	}
	from := len(s.stretches)
	for i := range runs {
		s.stretches = append(s.stretches, runs[i].Stretch)
	}
	return s.stretches[from:len(s.stretches):len(s.stretches)]
}

// textBlock is how many bytes of texts are made at once.
const textBlock = 8 << 10

// textOf returns the text of a document number. A pack shows hundreds of thousands;
// each by itself would be an allocation, and a thing that every collection of garbage
// has to mark.
func (s *shard) textOf(numbering *ledger.Numbering, id ledger.DocID) string {
	if id.Digits() == 0 { // none, or one whose series has its text
		return numbering.Text(id)
	}
	var room [64]byte
	text := numbering.Append(room[:0], id)
	if s.texts.Cap()-s.texts.Len() < len(text) {
		s.texts = strings.Builder{}
		s.texts.Grow(max(textBlock, len(text)))
	}
	from := s.texts.Len()
	s.texts.Write(text)
	return s.texts.String()[from:]
}

// placeDetail takes over the rows and lets what points to a rep or region of
// the ledger point into the pack.
func (b *builder) placeDetail(p *Pack, repPlace, regionPlace []int32) {
	p.Detail = b.collector.detail
	if inPlace(repPlace) && inPlace(regionPlace) {
		return
	}
	d := &p.Detail
	placeRows(d.Open, repPlace, regionPlace, func(r *Item) *Owner { return &r.Owner })
	placeRows(d.Opening, repPlace, regionPlace, func(r *Item) *Owner { return &r.Owner })
	placeRows(d.Closing, repPlace, regionPlace, func(r *Item) *Owner { return &r.Owner })
	placeRows(d.Lines, repPlace, regionPlace, func(r *Line) *Owner { return &r.Owner })
	placeRows(d.Applications, repPlace, regionPlace, func(r *Application) *Owner { return &r.Owner })
	placeRows(d.Costs, repPlace, regionPlace, func(r *Cost) *Owner { return &r.Owner })
	placeRows(d.Commissions, repPlace, regionPlace, func(r *CommissionLine) *Owner { return &r.Owner })
}

// inPlace reports whether all that are in the pack stand in the order of the ledger.
func inPlace(place []int32) bool {
	for i, at := range place {
		if at >= 0 && int(at) != i {
			return false
		}
	}
	return true
}

// placeRows changes the owners of rows.
func placeRows[T any](rows []T, repPlace, regionPlace []int32, owner func(*T) *Owner) {
	var group sync.WaitGroup
	for piece := range slices.Chunk(rows, len(rows)/workersFor(len(rows))+1) {
		group.Go(func() {
			for i := range piece {
				o := owner(&piece[i])
				o.Rep, o.Region = repPlace[o.Rep], regionPlace[o.Region]
			}
		})
	}
	group.Wait()
}
