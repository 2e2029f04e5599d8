package pdf

import "testing"

func BenchmarkRep(b *testing.B) {
	p := fixture(b, fixtureBook(24, 5, 100))
	w := words(b, "en")
	for b.Loop() {
		if _, err := Rep(p, 0, w); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPack(b *testing.B) {
	p := fixture(b, fixtureBook(24, 5, 100))
	w := words(b, "en")
	for b.Loop() {
		if _, err := Pack(p, w); err != nil {
			b.Fatal(err)
		}
	}
}
