package sheet

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// bothWays runs a test with the instructions for many bytes at once and without them.
func bothWays(t *testing.T, test func(t *testing.T)) {
	defer func() { vectors = hasVectors }()
	for _, vectors = range []bool{false, true} {
		t.Run(fmt.Sprintf("vectors=%t", vectors), func(t *testing.T) {
			if vectors && !hasVectors {
				t.Skip("skipped: this processor has no such instructions")
			}
			test(t)
		})
	}
}

func TestMarksAreThoseOfThePlainLoop(t *testing.T) {
	bothWays(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(11, 12))
		for _, separator := range []byte{',', ';', '\t', '|', ' ', 0, 1, 'a', 'b', 0x7f} {
			// Bytes next to those that are marked, and those that share all bits but one with them.
			near := []byte{0, 1, 0x7f, 0x80, 0x81, 0xff, 'a', 'b', separator - 1, separator + 1, separator ^ 1, separator | 0x80}
			for _, c := range []byte{'\n', '\r', '"'} {
				near = append(near, c-1, c+1, c^4, c|0x80)
			}
			for i := range 1000 {
				b := textBlock{text: make([]byte, r.IntN(200)), separator: separator}
				if i%100 == 0 {
					b.text = make([]byte, 64*64+r.IntN(10_000)) // more than is looked through at once
				}
				var want []uint32
				for i := range b.text {
					b.text[i] = near[r.IntN(len(near))]
					if r.IntN(3) == 0 {
						b.text[i] = []byte{separator, '\n', '\r', '"'}[r.IntN(4)]
					}
					if c := b.text[i]; c == separator || c == '\n' || c == '\r' || c == '"' {
						want = append(want, uint32(i))
					}
				}
				b.mark()
				if !slices.Equal(b.marks, want) {
					t.Fatalf("separator %q: marks of %q are %d, want %d", separator, b.text, b.marks, want)
				}
			}
		}
	})
}

// Every text in which a byte of well-formed characters is changed or missing is held
// against the standard library, wherever it stands in what is looked at at once.
func TestUTF8IsThatOfTheStandardLibrary(t *testing.T) {
	if !hasVectors {
		t.Skip("skipped: this processor has no instructions for it")
	}
	// The first and last characters of each length, around the surrogates, and what is
	// near them and no character.
	pieces := []string{"a", "\x7f", "\u0080", "\u07ff", "\u0800", "\u0fff", "\u1000", "\ucfff", "\ud7ff", "\ue000", "\uffff", "\U00010000", "\U0003ffff", "\U00040000", "\U000fffff", "\U0010ffff", "客户", "é"}
	odd := []string{"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf",
		"\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80", "\xfe", "\xff", "\xc3", "\xe5\xae", "\xf0\x9f\x98"}
	r := rand.New(rand.NewPCG(31, 32))
	said := map[bool]int{}
	for i := range 300_000 {
		var text strings.Builder
		for size := r.IntN(150); text.Len() < size; {
			text.WriteString(pieces[r.IntN(len(pieces))])
			if r.IntN(100) == 0 {
				text.WriteString(odd[r.IntN(len(odd))])
			}
			if r.IntN(3) == 0 {
				text.WriteString(strings.Repeat("x", r.IntN(70)))
			}
		}
		b := textBlock{text: []byte(text.String()), separator: ','}
		if i%1000 == 0 {
			b.text = append([]byte(strings.Repeat("x", 64*64+r.IntN(5)-2)), b.text...) // at the edge of what is looked through at once
		}
		if n := len(b.text); n > 0 && r.IntN(2) == 0 {
			b.text[r.IntN(n)] = byte(r.IntN(256))
		}
		want := utf8.Valid(b.text)
		if got := b.mark(); got != want {
			t.Fatalf("%q: valid is %t, want %t", b.text, got, want)
		}
		said[want]++
	}
	if said[true] < 50_000 || said[false] < 50_000 {
		t.Errorf("%v texts were tried: too few of one kind", said)
	}
}
