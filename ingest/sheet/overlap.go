package sheet

import (
	"errors"
	"sync"
)

// errStopped ends a reading whose caller wants no more rows; it never leaves
// the package.
var errStopped = errors.New("no more rows are wanted")

// Rows are handed from the goroutine that reads them to the caller's in
// batches: large enough that handing one over costs nothing, few enough that
// what is in flight stays small.
const (
	batchCells   = 4096
	batchText    = textsBytes - 4<<10 // nearly every row fits behind it
	batchesAhead = 3
)

// batch is some rows; their cells and texts stand one behind the other.
type batch struct {
	rows  []Row
	from  int // where the cells of the row to come begin
	cells []Cell
	texts texts
	err   error // why there is no further batch; nil on all but the last
	last  bool

	mostRows, mostCells int // that it held since it was taken for a sheet
}

// spareBatches are kept for the next sheet or file: a book may have hundreds.
var spareBatches = sync.Pool{New: func() any { return &batch{cells: make([]Cell, 0, batchCells+256)} }}

// recycle keeps a batch for another sheet, without the texts of this one.
func (b *batch) recycle() {
	b.reuse()
	clear(b.cells[:b.mostCells])
	clear(b.rows[:b.mostRows])
	b.mostRows, b.mostCells = 0, 0
	spareBatches.Put(b)
}

// reuse empties a batch.
func (b *batch) reuse() {
	b.mostRows, b.mostCells = max(b.mostRows, len(b.rows)), max(b.mostCells, len(b.cells))
	b.rows, b.from, b.cells, b.err, b.last = b.rows[:0], 0, b.cells[:0], nil, false
	b.texts.forget()
	if cap(b.texts) > max(textsBytes, textBlockBytes) {
		b.texts = nil // of a few very long texts
	}
}

// overlap reads on a goroutine of its own and yields on the caller's, so that
// what is done with the rows does not wait for what comes next. It returns
// what yield or else read returned.
func overlap(read func(out *batcher) error, yield func(*Row) error) error {
	ready, free, stop := make(chan *batch, batchesAhead), make(chan *batch, batchesAhead+2), make(chan struct{})
	go func() {
		defer close(ready)
		p := &batcher{ready: ready, free: free, stop: stop}
		p.now = p.spare()
		err := read(p)
		p.now.err, p.now.last = err, true
		if !p.send() {
			p.now.recycle()
		}
	}()
	for b := range ready {
		if err := b.yield(yield); err != nil {
			b.recycle()
			close(stop)
			for b := range ready { // until the reading has ended: the file may be closed next
				b.recycle()
			}
			return err
		}
		if !b.last {
			b.reuse()
			free <- b
			continue
		}
		err := b.err
		b.recycle()
		for len(free) > 0 {
			(<-free).recycle()
		}
		return err
	}
	panic("sheet: the reading ended without its last batch")
}

// top returns the first n rows, which stay valid. It reads on the caller's goroutine
// and no further; whole says that there are no others.
func top(read func(out *batcher) error, n int) (rows []Row, whole bool, err error) {
	p := &batcher{most: n}
	p.now = p.spare()
	if err = read(p); err == nil {
		p.send()
	}
	p.now.recycle()
	if errors.Is(err, errStopped) {
		return p.first, false, nil
	}
	return p.first, err == nil, err
}

// inTurn reads and yields on the caller's goroutine, row by row.
func inTurn(read func(out *batcher) error, yield func(*Row) error) error {
	p := &batcher{yield: yield}
	p.now = p.spare()
	err := read(p)
	p.now.recycle()
	if p.refused != nil {
		return p.refused
	}
	return err
}

// keepCells puts cells of a row to come, which stand somewhere behind those of the batch,
// right behind them.
func (b *batch) keepCells(cells []Cell) []Cell {
	n := len(b.cells)
	b.cells = append(b.cells, cells...)
	return b.cells[n:]
}

// yield hands on the rows of a batch.
func (b *batch) yield(yield func(*Row) error) error {
	for i := range b.rows {
		if err := yield(&b.rows[i]); err != nil {
			return err
		}
	}
	return nil
}

// batcher fills batches.
type batcher struct {
	ready chan<- *batch
	free  <-chan *batch
	stop  <-chan struct{}
	now   *batch
	dry   bool  // nobody wants the rows
	most  int   // how many rows are wanted; 0: all
	first []Row // of most, those of batches before

	yield   func(*Row) error // takes each row at once, if set, so that its cells need not wait in the batch
	refused error            // what yield returned
}

// keep copies the text of a cell of the row to come into the batch.
func (p *batcher) keep(b []byte) string { return p.now.texts.keep(b) }

// add ends a row, whose cells stand in the batch behind those of the row before.
func (p *batcher) add(row Row) error {
	b := p.now
	if p.dry {
		b.reuse()
		return nil
	}
	row.Cells = b.cells[b.from:len(b.cells):len(b.cells)]
	b.from = len(b.cells)
	b.rows = append(b.rows, row)
	if len(b.cells) < batchCells && len(b.texts) < batchText && !p.enough() {
		return nil
	}
	if !p.send() {
		return errStopped
	}
	if p.most == 0 {
		p.now = p.spare()
	}
	return nil
}

// enough reports whether no further rows are wanted.
func (p *batcher) enough() bool { return p.most > 0 && len(p.first)+len(p.now.rows) >= p.most }

// spare returns an empty batch to be filled next: one that was used before, if any.
func (p *batcher) spare() *batch {
	select {
	case b := <-p.free:
		return b
	default:
		return spareBatches.Get().(*batch)
	}
}

// send hands the batch over; it reports false when nobody wants it.
func (p *batcher) send() bool {
	if p.most > 0 {
		p.now.yield(func(r *Row) error { p.first = append(p.first, r.Kept()); return nil })
		p.now.reuse()
		return len(p.first) < p.most
	}
	select {
	case p.ready <- p.now:
		return true
	case <-p.stop:
		return false
	}
}
