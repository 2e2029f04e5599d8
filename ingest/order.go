package ingest

import "runtime"

// inOrder does n pieces of work at the same time, as many as there are
// processors, and takes the results one after the other in their order. No more
// results than that are waiting, however many there are to come.
func inOrder[R any](n int, work func(i int) R, take func(i int, r R)) {
	results := make([]chan R, n)
	for i := range results {
		results[i] = make(chan R, 1)
	}
	places := make(chan struct{}, runtime.GOMAXPROCS(0))
	go func() {
		for i := range n {
			places <- struct{}{}
			go func() { results[i] <- work(i) }()
		}
	}()
	for i := range n {
		take(i, <-results[i])
		<-places
	}
}

// stretches does work on stretches of n lines at the same time, as many as there are
// processors, and takes the results in their order.
func stretches[R any](n int, work func(from, to int) R, take func(r R)) {
	const few = 1 << 12 // lines, for which a goroutine is started
	parts := max(1, min(runtime.GOMAXPROCS(0), n/few))
	size := n/parts + 1
	inOrder(parts, func(i int) R {
		from := min(i*size, n)
		return work(from, min(from+size, n))
	}, func(_ int, r R) { take(r) })
}
