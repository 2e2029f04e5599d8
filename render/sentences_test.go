package render_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"duepack/analysis"
	"duepack/templates"
)

var gap = regexp.MustCompile(`\{(\d+)\}`)

// gapsOf returns the numbers of the gaps in a text.
func gapsOf(text string) []int {
	var gaps []int
	for _, m := range gap.FindAllStringSubmatch(text, -1) {
		n, _ := strconv.Atoi(m[1])
		gaps = append(gaps, n)
	}
	return gaps
}

// Every sentence that analysis can say has words in every language, with no gap
// that nothing fills, and nothing is handed over that no language says.
func TestEverySentenceHasWordsInEveryLanguage(t *testing.T) {
	sentences := analysis.Sentences()
	if len(sentences) < 100 {
		t.Fatalf("only %d sentences: are they declared?", len(sentences))
	}
	seen := map[string]bool{}
	for _, s := range sentences {
		if seen[s.Key] {
			t.Errorf("%s is declared twice", s.Key)
		}
		seen[s.Key] = true
		said := make([]bool, s.Gaps)
		for _, lang := range templates.Languages() {
			text, ok := wording(t, lang)[s.Key]
			if !ok || text == "" {
				t.Errorf("%s has no words for %s", lang, s.Key)
			}
			for _, n := range gapsOf(text) {
				if n >= s.Gaps {
					t.Errorf("%s: %s: nothing fills gap {%d} of %q", lang, s.Key, n, text)
				} else {
					said[n] = true
				}
			}
		}
		if i := slices.Index(said, false); i >= 0 {
			t.Errorf("%s: no language says {%d}", s.Key, i)
		}
	}
}

// A sentence of the wording that analysis never says is one that a translator
// words for nothing.
func TestNoLanguageHasASentenceThatIsNeverSaid(t *testing.T) {
	known := map[string]bool{}
	for _, s := range analysis.Sentences() {
		known[s.Key] = true
	}
	for _, lang := range templates.Languages() {
		for key := range wording(t, lang) {
			part, _, _ := strings.Cut(key, ".")
			if slices.Contains([]string{"finding", "decision", "note"}, part) && !known[key] {
				t.Errorf("%s: nothing says %s", lang, key)
			}
		}
	}
}
