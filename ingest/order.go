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
