package json_test

import (
	"testing"

	"duepack/render/internal/book"
	"duepack/render/json"
)

func BenchmarkPack(b *testing.B) {
	p := book.Trading()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := json.Pack(p); err != nil {
			b.Fatal(err)
		}
	}
}
