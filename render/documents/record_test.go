package documents

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"duepack/analysis"
	"duepack/analysis/compare"
	"duepack/analysis/ledger"
)

func TestRecordsAreWhatEncodingJSONWrites(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "INV-1", "a\"b", `a\b`, "<&>", "恒达", "\x7f", "\u2028", "bad \xff", "tab\t"}))
	rapid.Check(t, func(t *rapid.T) {
		date := func(name string) ledger.Date { return ledger.Date(rapid.IntRange(0, 3_000_000).Draw(t, name)) }
		amount := func(name string) ledger.Minor {
			return ledger.Minor(rapid.Int64Range(-1_000_000, 1_000_000).Draw(t, name))
		}
		p := &analysis.Pack{
			Currencies: []ledger.Currency{{Code: "CNY", Exponent: 2}, {Code: "JPY"}, {Code: "KWD", Exponent: 3}},
			Customers:  []analysis.Subject{{ID: text.Draw(t, "customer")}}, Reps: []analysis.Subject{{ID: text.Draw(t, "rep")}},
			Buckets: []analysis.Bucket{{ID: "1-30"}, {ID: text.Draw(t, "bucket")}},
			Sources: []ledger.Source{{File: text.Draw(t, "file"), Sheet: text.Draw(t, "sheet")}},
		}
		owner := analysis.Owner{Currency: rapid.Int32Range(0, 2).Draw(t, "currency")}
		kind := ledger.Kind(rapid.IntRange(0, int(ledger.Opening)).Draw(t, "kind"))
		pos := ledger.Pos{Row: rapid.Int32Range(0, 2).Draw(t, "row")}
		items := []analysis.Item{{
			Owner: owner, ID: text.Draw(t, "id"), Instalment: rapid.Int16Range(0, 3).Draw(t, "instalment"), Kind: kind, Posted: date("posted"), Due: date("due"),
			Amount: amount("amount"), Open: amount("open"), Bucket: rapid.Int32Range(analysis.OnAccountBucket, 1).Draw(t, "no"), Pos: pos,
		}}
		p.Detail.Open, p.Detail.Opening = items, append(items, items...)
		p.Detail.Lines = []analysis.Line{{Owner: owner, ID: text.Draw(t, "line"), Kind: kind, Posted: date("posted"), Settles: text.Draw(t, "settles"), Amount: amount("amount"), Pos: pos}}

		var got bytes.Buffer
		if err := Write(&got, p); err != nil {
			t.Fatal(err)
		}
		documents := compare.DocumentsOf(p)
		all := slices.Concat(documents.Open, documents.Opening, documents.Lines)
		lines := slices.DeleteFunc(strings.Split(got.String(), "\n"), func(line string) bool { return !strings.HasPrefix(line, `{"customer"`) })
		if len(lines) != len(all) {
			t.Fatalf("%d records, want %d", len(lines), len(all))
		}
		for i, line := range lines {
			want, err := json.Marshal(&all[i])
			if err != nil {
				t.Fatal(err)
			}
			if line = strings.TrimRight(line, ",]"); line != string(want) {
				t.Errorf("%s, want %s", line, want)
			}
		}
	})
}
