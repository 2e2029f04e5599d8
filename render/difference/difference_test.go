package difference_test

import (
	"bytes"
	"strings"
	"testing"

	"duepack/analysis/compare"
	"duepack/analysis/ledger"
	"duepack/render"
	"duepack/render/difference"
)

func TestEveryKindOfCauseIsWorded(t *testing.T) {
	for _, lang := range []string{"en", "zh-CN"} {
		w, err := render.New(lang)
		if err != nil {
			t.Fatal(err)
		}
		for _, what := range []compare.What{compare.Restated, compare.New, compare.Settled, compare.WrittenOff, compare.Lowered, compare.Raised, compare.Reaged} {
			if !w.Has("diff." + string(what)) {
				t.Errorf("%s has no wording for %s", lang, what)
			}
		}
		var out bytes.Buffer
		old := "1.00"
		d := compare.Difference{Old: &compare.Closed{Currency: "CNY"}, New: &compare.Closed{Currency: "CNY"},
			Changes: []compare.Change{{Figure: "company/dso", Old: &old}, {Figure: "reps/R1/dso", New: &old}}}
		if err := difference.Text(&out, d, w, false); err != nil {
			t.Fatal(err)
		}
		if text := out.String(); !strings.Contains(text, "company/dso  1.00 → –") || strings.Contains(text, "reps/R1") || strings.Contains(text, "[") {
			t.Errorf("%s:\n%s", lang, text)
		}
	}
}

// Amount and bucket may stay as they are when a due date is moved: the row says
// what was changed.
func TestAMovedDueDateIsShown(t *testing.T) {
	w, err := render.New("en")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	d := compare.Difference{Old: &compare.Closed{}, New: &compare.Closed{}, Causes: []compare.Cause{
		{What: compare.Restated, Document: compare.Document{ID: "A", Due: ledger.MustDate("2026-10-20")}, OldDue: ledger.MustDate("2026-10-05")},
		{What: compare.Restated, Document: compare.Document{ID: "B", Due: ledger.MustDate("2026-10-20")}}}}
	if err := difference.Text(&out, d, w, false); err != nil {
		t.Fatal(err)
	}
	if text := out.String(); strings.Count(text, "Due 2026-10-05 → 2026-10-20") != 1 || strings.Count(text, "Due") != 1 {
		t.Errorf("want the due date of A alone in\n%s", text)
	}
}
