package analysis

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// piece is a run of entries that one goroutine goes through.
type piece struct{ from, to int }

// piecesOf cuts n entries into a piece for each processor; into one where they
// are few beside what each piece costs apart from its entries.
func piecesOf(n, cost int) []piece {
	count := max(1, min(runtime.GOMAXPROCS(0), n/(cost+1000)))
	pieces := make([]piece, count)
	for w := range pieces {
		pieces[w] = piece{n * w / count, n * (w + 1) / count}
	}
	return pieces
}

// eachPiece does something with every piece, all at the same time.
func eachPiece(pieces []piece, do func(w int, at piece)) {
	var group sync.WaitGroup
	for w, at := range pieces[1:] {
		group.Go(func() { do(w+1, at) })
	}
	do(0, pieces[0])
	group.Wait()
}

// inParallel does n things with a number of workers, each of which does one
// thing after another; worker is its number, from 0 on.
func inParallel(workers, n int, do func(worker, i int)) {
	var next atomic.Int64
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(w, i)
			}
		})
	}
	group.Wait()
}

// workersFor is how many goroutines do n things: at least one.
func workersFor(n int) int { return max(1, min(runtime.GOMAXPROCS(0), n)) }
