package documents_test

import (
	"io"
	"testing"

	"duepack/render/documents"
	"duepack/render/internal/book"
)

func BenchmarkPack(b *testing.B) {
	p := book.Trading()
	b.ReportAllocs()
	for b.Loop() {
		if err := documents.Write(io.Discard, p); err != nil {
			b.Fatal(err)
		}
	}
}
