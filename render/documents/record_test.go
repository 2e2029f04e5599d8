package documents

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"duepack/analysis/compare"
	"duepack/analysis/ledger"
)

func TestRecordsAreWhatEncodingJSONWrites(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "INV-1", "a\"b", `a\b`, "<&>", "恒达", "\x7f", "\u2028", "bad \xff", "tab\t"}))
	rapid.Check(t, func(t *rapid.T) {
		d := compare.Document{
			Customer: text.Draw(t, "customer"), ID: text.Draw(t, "id"), Instalment: rapid.Int16Range(0, 3).Draw(t, "instalment"),
			Kind: ledger.Kind(rapid.IntRange(0, int(ledger.Opening)).Draw(t, "kind")), Currency: "CNY", Rep: text.Draw(t, "rep"),
			Posted: ledger.MustDate("2026-10-01"), Due: ledger.Date(rapid.IntRange(0, 3_000_000).Draw(t, "due")), Settles: text.Draw(t, "settles"),
			Amount: "-12.50", Open: rapid.SampledFrom([]string{"", "3.00"}).Draw(t, "open"), Bucket: rapid.SampledFrom([]string{"", "1-30"}).Draw(t, "bucket"), Place: text.Draw(t, "place"),
		}
		want, err := json.Marshal(&d)
		if err != nil {
			t.Fatal(err)
		}
		if got := appendRecord(nil, &d); string(got) != string(want) {
			t.Errorf("%s, want %s", got, want)
		}
	})
}
