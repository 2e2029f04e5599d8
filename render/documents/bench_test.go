package documents_test

import (
	"testing"

	"duepack/render/documents"
	"duepack/render/internal/book"
)

func BenchmarkPack(b *testing.B) {
	p := book.Trading()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := documents.JSON(p); err != nil {
			b.Fatal(err)
		}
	}
}
