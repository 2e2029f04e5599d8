package packdir

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"duepack/analysis"
	"duepack/render"
	"duepack/render/internal/book"
)

// A book at the edge of being one gives every file of a pack, in every
// language, and pack.json is JSON with null for what is absent.
func TestDegenerateBooksGiveWholePacks(t *testing.T) {
	for name, pack := range book.Degenerate() {
		for _, lang := range []string{"en", "zh-CN"} {
			w, err := render.New(lang)
			if err != nil {
				t.Fatal(err)
			}
			folder, err := Write(context.Background(), t.TempDir(), pack, Options{Words: w, Formats: Formats(), Version: "v1"})
			if err != nil {
				t.Errorf("%s in %s: %v", name, lang, err)
				continue
			}
			files := tree(t, folder)
			for _, want := range []string{"index.html", "pack.pdf", "pack.xlsx", "pack.json", "documents.json", "manifest.json"} {
				if len(files[want]) == 0 {
					t.Errorf("%s in %s: %s is missing or empty", name, lang, want)
				}
			}
			checkAbsentAreNull(t, name, pack, files["pack.json"])
			for _, nonsense := range []string{"NaN", "Infinity", "[reason.", "[note.", "[section.", "[table.", "[chart.", "[column.", "[word."} {
				if strings.Contains(visible(string(files["index.html"])), nonsense) {
					t.Errorf("%s in %s: the page shows %s", name, lang, nonsense)
				}
			}
		}
	}
}

// visible is the page without its scripts.
func visible(page string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(page, "<script")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		_, page, _ = strings.Cut(rest, "</script>")
	}
}

// checkAbsentAreNull holds pack.json to the pack: a figure is null exactly
// where it is absent.
func checkAbsentAreNull(t *testing.T, name string, pack *analysis.Pack, text []byte) {
	t.Helper()
	var written struct {
		Company map[string]any
	}
	if err := json.Unmarshal(text, &written); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for _, id := range analysis.Figures() {
		if !pack.Company.Has(id) {
			continue
		}
		value, there := written.Company[id.Def().Key]
		if absent := pack.Company.Value(id).IsAbsent(); !there || absent != (value == nil) {
			t.Errorf("%s: %s is %v in pack.json, absent in the pack: %t", name, id.Def().Key, value, absent)
		}
	}
}
