package html_test

import (
	"testing"

	wording "duepack/render"
	"duepack/render/html"
	"duepack/render/internal/book"
)

func BenchmarkPack(b *testing.B) {
	p := book.Trading()
	w, err := wording.New("en")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := html.Pack(p, w); err != nil {
			b.Fatal(err)
		}
	}
}
