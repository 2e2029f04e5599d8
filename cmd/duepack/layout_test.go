package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"duepack/samples"
)

// TestEveryLayoutLanguageAndFormatGivesTheSameFigures writes one company in
// English and Chinese, as workbook and as text, with signed amounts and with debit
// and credit, and wants the same figures of the company, its currencies, its reps.
func TestEveryLayoutLanguageAndFormatGivesTheSameFigures(t *testing.T) {
	for _, same := range [][]string{{samples.Ledger, samples.DebitCredit}, {samples.Snapshot}, {samples.Settled}} {
		first, firstName := "", ""
		for _, layout := range same {
			for _, variant := range [][2]string{{samples.English, samples.Workbook}, {samples.Chinese, samples.Workbook}, {samples.English, samples.CSV}, {samples.Chinese, samples.CSV}} {
				name := layout + " " + variant[0] + " " + variant[1]
				dir := t.TempDir()
				if err := samples.Generate(dir, samples.Options{Rows: 400, Seed: 11, Layout: layout, Lang: variant[0], Format: variant[1]}); err != nil {
					t.Fatal(err)
				}
				figures := figuresOf(t, name, dir)
				if first == "" {
					first, firstName = figures, name
				} else if figures != first {
					t.Errorf("%s and %s differ:\n%s\n%s", firstName, name, first, figures)
				}
			}
		}
	}
}

// figuresOf reports on the book of a folder and returns what pack.json has for
// the company, the currencies and the reps, without names.
func figuresOf(t *testing.T, name, dir string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	args := []string{"report", "-c", filepath.Join(dir, configName), "--out", filepath.Join(dir, "out"), "--format", "json", "--quiet"}
	now := func() time.Time { return time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC) }
	if code := run(args, nil, &stdout, &stderr, nil, now); code != exitDone || stderr.Len() > 0 {
		t.Fatalf("%s: exit code %d: %s", name, code, &stderr)
	}
	text, err := os.ReadFile(filepath.Join(dir, "out", "2026-10-31", "pack.json"))
	if err != nil {
		t.Fatal(err)
	}
	var pack struct {
		Company    map[string]any   `json:"company"`
		ByCurrency []map[string]any `json:"by_currency"`
		Reps       []map[string]any `json:"reps"`
	}
	if err := json.Unmarshal(text, &pack); err != nil {
		t.Fatal(err)
	}
	for _, subject := range append(pack.Reps, pack.ByCurrency...) {
		delete(subject, "name")
	}
	figures, err := json.Marshal(pack)
	if err != nil {
		t.Fatal(err)
	}
	return string(figures)
}
