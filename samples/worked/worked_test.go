// Package worked_test runs the worked examples of this folder: it checks their
// arithmetic step by step, builds the small ledger written beside it, and
// compares the pack with what was worked out by hand. README.md has the form
// of the files; no figure stands here.
package worked_test

import (
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"duepack/analysis"

	"github.com/goccy/go-yaml"
)

// example is one file.
type example struct {
	Title  string `yaml:"title"`
	Rule   string `yaml:"rule"`
	Source string `yaml:"source"`
	Parts  []part `yaml:"parts"`
}

// part is one book with its arithmetic; without a book it needs none.
type part struct {
	Book *book  `yaml:"book"`
	Hand string `yaml:"hand"`
}

// result is what a line of arithmetic comes to, as written.
type result struct {
	text    string // without blanks and thousands commas
	value   *big.Rat
	rounded bool // ≈: rounded half away from zero to the decimals shown
}

// decimals is the number of decimals shown; a percentage is shown × 100.
func (r result) decimals() (n int, percent bool) {
	text, percent := strings.CutSuffix(r.text, "%")
	_, fraction, _ := strings.Cut(text, ".")
	return len(fraction), percent
}

// is reports whether a value is the result, exactly or as far as it is shown.
func (r result) is(v *big.Rat) bool {
	if !r.rounded {
		return v.Cmp(r.value) == 0
	}
	n, percent := r.decimals()
	if percent {
		v = new(big.Rat).Mul(v, big.NewRat(100, 1))
	}
	return v.FloatString(n) == strings.TrimSuffix(r.text, "%")
}

// kinds are the labels with a meaning, by what stands before the first slash.
var kinds = map[string]func(*testing.T, *part, *analysis.Pack, string, result){
	"company": sameFigure, "by_currency": sameFigure, "regions": sameFigure, "reps": sameFigure, "customers": sameFigure,
	"loss_rate": sameLossRate, "roll_rate": sameRollRate, "item_provision": sameItemProvision, "item_cost": sameItemCost,
	"late_cost": sameLateCost, "months_to_zero": sameMonthsToZero, "extra_sales": sameExtraSales,
	"age": sameBucketOfAges, "aged": sameBucketOfDates,
}

func TestWorkedExamples(t *testing.T) {
	names, err := filepath.Glob("*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatalf("no worked examples: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(name, ".yaml"), func(t *testing.T) {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var e example
			if err := yaml.UnmarshalWithOptions(text, &e, yaml.Strict()); err != nil {
				t.Fatal(err)
			}
			if e.Title == "" || e.Source == "" || !strings.HasPrefix(e.Rule, "§") || len(e.Parts) == 0 {
				t.Fatalf("%s lacks a title, a rule, a source or parts", name)
			}
			for i := range e.Parts {
				if compared := e.Parts[i].check(t); compared == 0 {
					t.Errorf("part %d compares nothing with the program", i+1)
				}
			}
		})
	}
}

// check checks every line of a part and returns how many were compared with
// the program.
func (p *part) check(t *testing.T) (compared int) {
	var pack *analysis.Pack
	if p.Book != nil && p.Book.Ledger != "" {
		pack = p.Book.build(t)
	}
	for line := range strings.Lines(p.Hand) {
		label, sum, _ := strings.Cut(strings.TrimSpace(line), ": ")
		first, _, hasKind := strings.Cut(label, "/")
		compare := kinds[first]
		switch {
		case hasKind && compare != nil:
			compare(t, p, pack, label, arithmetic(t, line, sum))
			compared++
		case strings.ContainsAny(sum, "=≈"):
			arithmetic(t, line, sum)
		case strings.ContainsAny(line, "=≈"):
			t.Errorf("this step has no label, so nothing checks it: %s", line)
		}
	}
	return compared
}

// arithmetic checks a line "step = result" or "step ≈ result" and returns the
// result. A line without a step is a word, such as a bucket or "absent why".
func arithmetic(t *testing.T, line, sum string) result {
	t.Helper()
	step, written, exact := strings.Cut(sum, "=")
	rounded := false
	if !exact {
		if step, written, rounded = strings.Cut(sum, "≈"); !rounded {
			return result{text: strings.TrimSpace(sum)}
		}
	}
	r := result{text: plainNumber(written), rounded: rounded}
	var err error
	if r.value, err = evaluate(written); err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	value, err := evaluate(step)
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	if !r.is(value) {
		t.Errorf("the arithmetic is wrong: %s comes to %s", strings.TrimSpace(line), value.FloatString(8))
	}
	return r
}
