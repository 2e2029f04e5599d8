package ledger_test

import (
	"cmp"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"duepack/analysis/ledger"
)

// documentTexts are drawn so that series meet: same letters with other digits,
// more digits than a number holds, no digits, digits only, other scripts.
func documentText(t *rapid.T, label string) string {
	return rapid.OneOf(
		rapid.StringMatching(`(INV|RC|B)-?[0-9]{0,3}[/-]?[0-9]{1,6}[!R]?`),
		rapid.StringMatching(`[0-9]{1,24}`),
		rapid.StringMatching(`[0-9a-f]{8}-[0-9a-f]{4}`),
		rapid.StringMatching(`[A-B0-1]{4,10}-?[0-2]{1,9}`), // of eight characters and more, which are compared at once
		rapid.StringMatching(`发票[0-3]{0,11}[A-B]{0,70}[0-1]`),
		rapid.StringMatching(`[0-1]{60,68}`),
		rapid.String(),
	).Draw(t, label)
}

func TestDocumentNumbersAreEqualAndOrderedAsTheirTexts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var n ledger.Numbering
		texts := []string{""}
		for range rapid.IntRange(1, 30).Draw(t, "texts") {
			texts = append(texts, documentText(t, "text"))
		}
		ids := make([]ledger.DocID, len(texts))
		for i, text := range texts {
			ids[i] = n.Of(text)
		}
		for i, x := range ids {
			if got := n.Text(x); got != texts[i] {
				t.Fatalf("%q comes back as %q", texts[i], got)
			}
			if again := n.Of(texts[i]); again != x {
				t.Fatalf("%q is %x and then %x", texts[i], x, again)
			}
			if (x == 0) != (texts[i] == "") {
				t.Fatalf("%q is %x", texts[i], x)
			}
			for j, y := range ids {
				if got, want := n.Compare(x, y), cmp.Compare(texts[i], texts[j]); got != want || (x == y) != (want == 0) {
					t.Fatalf("%q and %q compare as %d, want %d; the same: %t", texts[i], texts[j], got, want, x == y)
				}
			}
		}
	})
}

func TestDocumentNumbersKeepTheirTextsInAnotherNumbering(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var one, other ledger.Numbering
		for range rapid.IntRange(0, 9).Draw(t, "known") {
			one.Of(documentText(t, "known text"))
		}
		for round := range 2 { // the second time with memory that was used before
			var texts []string
			var ids []ledger.DocID
			for range rapid.IntRange(0, 9).Draw(t, "new") {
				text := documentText(t, "new text")
				texts, ids = append(texts, text), append(ids, other.Of(text))
			}
			moves := one.Take(&other)
			for i, id := range ids {
				if moves != nil {
					id = id.Moved(moves)
				}
				if got := one.Text(id); got != texts[i] || one.Of(texts[i]) != id {
					t.Fatalf("round %d: %q is %q there", round, texts[i], got)
				}
			}
			other.Reset()
		}
	})
}

func TestTheSameNumberingNeedsNoMoves(t *testing.T) {
	var one, other ledger.Numbering
	one.Of("INV-1")
	other.Of("INV-7")
	if moves := one.Take(&other); moves != nil {
		t.Errorf("moves %v, want none", moves)
	}
	if other.Of("INV-9") != one.Of("INV-9") {
		t.Error("INV-9 differs")
	}
}

func TestNoNumberingKnowsTheEmptyText(t *testing.T) {
	var none *ledger.Numbering
	if got := none.Text(0); got != "" {
		t.Errorf("%q, want nothing", got)
	}
}

// One number may stand in a million rows of a pack: as the document that a million
// receipts lower. Its text must not be there a million times.
func TestALongTextIsNotMadeAgain(t *testing.T) {
	var n ledger.Numbering
	for _, text := range []string{strings.Repeat("长", 40_000) + "417", strings.Repeat("A", 30_000) + "1" + strings.Repeat("B", 30_000)} {
		id := n.Of(text)
		if n.Of(text) != id || n.Text(id) != text {
			t.Error("the text does not come back")
		}
		if made := testing.AllocsPerRun(10, func() { n.Text(id) }); made > 0 {
			t.Errorf("a text of %d bytes is made %g times", len(text), made)
		}
	}
}

// BenchmarkNumbering reads the numbers of invoices and receipts in turn, and
// numbers with letters of their own, each of which is a series.
func BenchmarkNumbering(b *testing.B) {
	for name, form := range map[string]string{"usual": "%[2]s-2026-%07[1]d", "year-behind": "%[2]s/%05[1]d/2025-26", "letters": "%[1]x-%[1]b"} {
		texts := make([]string, 4096)
		for i := range texts {
			texts[i] = fmt.Sprintf(form, i*977, []string{"INV", "RC"}[i%2])
		}
		b.Run(name, func(b *testing.B) {
			var n ledger.Numbering
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				n.Of(texts[i&4095])
				i++
			}
		})
	}
}
