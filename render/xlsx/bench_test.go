package xlsx

import (
	"testing"

	books "duepack/render/internal/book"
)

func BenchmarkPack(b *testing.B) {
	p, w := books.Trading(), words("en")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Pack(p, w, nil); err != nil {
			b.Fatal(err)
		}
	}
}
