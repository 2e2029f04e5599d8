package json_test

import (
	"io"
	"testing"

	"duepack/render/internal/book"
	"duepack/render/json"
)

func BenchmarkPack(b *testing.B) {
	p := book.Trading()
	b.ReportAllocs()
	for b.Loop() {
		if err := json.Write(io.Discard, p); err != nil {
			b.Fatal(err)
		}
	}
}
