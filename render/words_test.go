package render_test

import (
	"slices"
	"strings"
	"testing"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/render"
	"duepack/render/internal/book"
	"duepack/templates"

	"github.com/goccy/go-yaml"
)

func words(t testing.TB, lang string) *render.Words {
	t.Helper()
	w, err := render.New(lang)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func wording(t *testing.T, lang string) map[string]string {
	t.Helper()
	source, ok := templates.Wording(lang)
	if !ok {
		t.Fatalf("no wording of %s", lang)
	}
	texts := map[string]string{}
	if err := yaml.UnmarshalWithOptions(source, &texts, yaml.DisallowUnknownField()); err != nil {
		t.Fatalf("wording of %s: %v", lang, err)
	}
	return texts
}

func TestEveryLanguageHasTheSameKeysAndGaps(t *testing.T) {
	english := wording(t, "en")
	for _, lang := range templates.Languages() {
		other := wording(t, lang)
		for key := range english {
			if _, ok := other[key]; !ok {
				t.Errorf("%s lacks %s", lang, key)
			}
		}
		for key, text := range other {
			if _, ok := english[key]; !ok {
				t.Errorf("en lacks %s, which %s has", key, lang)
			}
			if strings.HasPrefix(key, "finding.") || strings.HasPrefix(key, "date.") {
				continue // languages choose from what they are given: TestEverySentenceHasWordsInEveryLanguage
			}
			for _, gap := range []string{"{0}", "{1}", "{2}", "{3}", "{4}"} {
				if strings.Contains(text, gap) != strings.Contains(english[key], gap) && !strings.HasPrefix(key, "scale.") && key != "unit.short_money" {
					t.Errorf("%s: %s: gap %s is in one of %q and %q only", lang, key, gap, text, english[key])
				}
			}
		}
	}
}

func TestEveryFigureReasonAndKindHasWords(t *testing.T) {
	reasons := []analysis.Reason{analysis.NoHistory, analysis.NoSales, analysis.NothingToCollect, analysis.NoBalance, analysis.SalesRunOut,
		analysis.NoReceipts, analysis.NoGrossMargin, analysis.MarginNotAbove0, analysis.NoLossRates, analysis.NoTarget, analysis.NoExpenses, analysis.ZeroDenominator,
		analysis.NoMonthBefore, analysis.NotOneMonth}
	for _, lang := range templates.Languages() {
		w := words(t, lang)
		for _, id := range analysis.Figures() {
			for _, text := range []string{w.Label(nil, id), w.Short(id), w.Definition(id)} {
				if text == "" || strings.HasPrefix(text, "[") {
					t.Errorf("%s: %s: %q", lang, id.Def().Key, text)
				}
			}
		}
		for _, r := range reasons {
			if text := w.Reason(r); strings.HasPrefix(text, "[") {
				t.Errorf("%s: no words for reason %s", lang, r)
			}
		}
		for k := ledger.Invoice; k <= ledger.Opening; k++ {
			if !w.Has("kind." + k.String()) {
				t.Errorf("%s: no words for kind %s", lang, k)
			}
		}
	}
}

// texts lists everything the sections of a pack say.
func texts(w *render.Words, p *analysis.Pack) []string {
	var all []string
	for i := range p.Sections {
		s := &p.Sections[i]
		all = append(all, w.Section(p, s))
		for _, b := range s.Blocks {
			all = append(all, blockTexts(w, p, b)...)
		}
	}
	return append(all, w.AgingRule(p))
}

func blockTexts(w *render.Words, p *analysis.Pack, b analysis.Block) []string {
	var all []string
	switch {
	case b.Note != nil:
		all = append(all, w.Note(p, b.Note))
	case b.Chart != nil:
		all = append(all, w.Chart(p, b.Chart))
		for i := range b.Chart.Series {
			all = append(all, w.Series(p, &b.Chart.Series[i]))
		}
		for i := range b.Chart.Labels {
			all = append(all, w.Cell(p, &b.Chart.Labels[i]))
		}
	case b.Table != nil:
		all = append(all, w.Table(b.Table))
		for i := range b.Table.Columns {
			all = append(all, w.Column(p, &b.Table.Columns[i]))
		}
		for _, row := range b.Table.Rows {
			for i := range row.Cells {
				all = append(all, w.Cell(p, &row.Cells[i]))
			}
		}
	}
	return all
}

func TestEveryKeyOfEveryPackHasWords(t *testing.T) {
	for _, lang := range templates.Languages() {
		w := words(t, lang)
		for name, p := range book.All() {
			for _, text := range texts(w, p) {
				if strings.HasPrefix(text, "[") && strings.HasSuffix(text, "]") {
					t.Errorf("%s, %s book: no words for %s", lang, name, text)
				}
				if strings.Contains(text, "{0}") && !strings.Contains(text, "{b}") || strings.Contains(text, "{1}") {
					t.Errorf("%s, %s book: a gap is left in %q", lang, name, text)
				}
			}
		}
	}
}

func TestArgumentThatLooksLikeAGapStays(t *testing.T) {
	w := words(t, "en")
	if got, want := w.Text("period", "{1}", "b"), "{1} to b"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestUnknownLanguageNamesTheKnown(t *testing.T) {
	_, err := render.New("fr")
	if err == nil || !strings.Contains(err.Error(), "en or zh-CN") {
		t.Errorf("%v", err)
	}
}

func TestBucketLabels(t *testing.T) {
	days := func(basis analysis.AgingBasis, bounds ...analysis.Bound) []analysis.Bucket {
		buckets, err := analysis.MakeBuckets(basis, bounds)
		if err != nil {
			t.Fatal(err)
		}
		return buckets
	}
	day := func(n int) analysis.Bound { return analysis.Bound{N: n} }
	month := func(n int) analysis.Bound { return analysis.Bound{N: n, Unit: analysis.BoundMonths} }
	year := func(n int) analysis.Bound { return analysis.Bound{N: n, Unit: analysis.BoundYears} }
	cases := []struct {
		buckets     []analysis.Bucket
		english, zh string
	}{
		{days(analysis.ByDue, analysis.DefaultBounds()...), "Not due|1–30 days|31–60 days|61–90 days|91–120 days|Over 120 days", "未到期|1–30天|31–60天|61–90天|91–120天|120天以上"},
		{days(analysis.ByIssued, day(30), day(60)), "0–30 days|31–60 days|Over 60 days", "0–30天|31–60天|60天以上"},
		{days(analysis.ByIssued, year(1), year(2), year(3)), "Up to 1 year|1–2 years|2–3 years|Over 3 years", "1年以内|1–2年|2–3年|3年以上"},
		{days(analysis.ByDue, day(90), year(1)), "Not due|1–90 days|90 days to 1 year|Over 1 year", "未到期|1–90天|90天至1年|1年以上"},
		{days(analysis.ByPosted, month(3), month(6), year(1)), "Up to 3 months|3–6 months|6 months to 1 year|Over 1 year", "3个月以内|3–6个月|6个月至1年|1年以上"},
	}
	for _, c := range cases {
		for lang, want := range map[string]string{"en": c.english, "zh-CN": c.zh} {
			w := words(t, lang)
			var got []string
			for _, b := range c.buckets {
				got = append(got, w.Bucket(b))
			}
			if !slices.Equal(got, strings.Split(want, "|")) {
				t.Errorf("%s: %v, want %s", lang, got, want)
			}
		}
	}
}

func TestCleanTurnsLineBreaksIntoSpaces(t *testing.T) {
	if got := render.Clean("a\nb\tc\x00d\u2028e"); got != "a b c d e" {
		t.Errorf("%q", got)
	}
}
