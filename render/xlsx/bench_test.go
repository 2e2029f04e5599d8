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
