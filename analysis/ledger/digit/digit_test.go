package digit_test

import (
	"strconv"
	"strings"
	"testing"

	"duepack/analysis/ledger/digit"
	"pgregory.net/rapid"
)

func TestWordsAreReadAsTheirCharacters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Characters next to digits, and those that carry where bytes are added.
		text := []byte(rapid.StringMatching(`[0-9]{8}`).Draw(t, "digits"))
		for range rapid.IntRange(0, 3).Draw(t, "others") {
			text[rapid.IntRange(0, 7).Draw(t, "at")] = rapid.SampledFrom([]byte("/:-.A\x00\x01\x7f\x80\x89\x8a\xb0\xb9\xff")).Draw(t, "other")
		}
		word, others := digit.Word(string(text)), uint64(0)
		for i, c := range text {
			if c < '0' || c > '9' {
				others |= 0x80 << (8 * i)
			}
		}
		if got := digit.Others(word); got != others {
			t.Fatalf("%q: others %x, want %x", text, got, others)
		}
		for n := 4; n <= 8; n++ {
			if got, want := digit.Front(string(text[:n])), word<<(64-8*n)>>(64-8*n); got != want {
				t.Fatalf("%q: front %x, want %x", text[:n], got, want)
			}
		}
		if digit.Front(string(text)+"x") != word {
			t.Fatalf("%q: front of more than eight", text)
		}
		front := len(text) - len(strings.TrimLeft(string(text), "0123456789"))
		if got := digit.Count(word); int(got) != min(front, digit.Most) {
			t.Fatalf("%q: %d digits, want %d", text, got, front)
		}
		for n := 1; n <= front; n++ {
			want, err := strconv.Atoi(string(text[:n]))
			if got := digit.Number(word, uint8(n)); err != nil || got != want {
				t.Fatalf("%q: number %d, want %d (%v)", text[:n], got, want, err)
			}
		}
	})
}
