package xlsx

import (
	"io"
	"testing"

	books "duepack/render/internal/book"
)

func BenchmarkPack(b *testing.B) {
	p, w := books.Trading(), words("en")
	b.ReportAllocs()
	for b.Loop() {
		if err := Write(io.Discard, p, w, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// A book of 30,000 open items, whose rows are nearly all of the work.
func BenchmarkLargeBook(b *testing.B) {
	p, w := books.Trading(), words("en")
	d := &p.Detail
	d.Open, d.Opening, d.Lines, d.Costs = times(d.Open, 30_000), times(d.Opening, 30_000), times(d.Lines, 10_000), times(d.Costs, 30_000)
	b.ReportAllocs()
	for b.Loop() {
		if err := Write(io.Discard, p, w, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// times repeats rows until there are n.
func times[T any](rows []T, n int) []T {
	list := make([]T, n)
	for i := range list {
		list[i] = rows[i%len(rows)]
	}
	return list
}
