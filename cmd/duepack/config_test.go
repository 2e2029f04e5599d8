package main

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"duepack/analysis"
	"duepack/analysis/ledger"
)

// writeConfig writes a config file into a folder of its own.
func writeConfig(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), configName)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// contractConfig is the example of the contract without the keys of later
// commands.
const contractConfig = `book: {name: Meridian Trading, currency: CNY, language: en}
inputs: [ledger.xlsx]                 # files or globs
as_of: 2026-10-31
period: month
terms: net 30
application: explicit
rep_basis: document
margin: 5%
financing: {rate: 6%, basis: ACT/365}
aging: {basis: due, buckets: [0, 30, 60, 90, 120], credits: on_account}
provision: {rates: [0.5%, 2%, 5%, 10%, 25%, 60%]}
lenient: false
output: {dir: out, formats: [html, pdf, xlsx, json]}
`

func TestConfigOfTheContractIsRead(t *testing.T) {
	path := writeConfig(t, contractConfig)
	var s settings
	if err := readConfig(path, &s); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Dir(path)
	check := func(key string, got, want any) {
		t.Helper()
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %v, want %v", key, got, want)
		}
	}
	check("book.name", s.name.value, "Meridian Trading")
	check("book.currency", s.currency.value, "CNY")
	check("book.language", s.language.value, "en")
	check("inputs", s.inputs.value[0].pattern.text, "ledger.xlsx")
	check("inputs' folder", s.inputs.value[0].base, folder)
	check("as_of", s.asOf.value, ledger.MustDate("2026-10-31"))
	check("period", s.period.value.String(), "month")
	check("terms", s.terms.value, ledger.Terms{Kind: ledger.TermsNet, Days: 30})
	check("application", s.application.value, analysis.Explicit)
	check("rep_basis", s.repBasis.value, analysis.RepOnDocument)
	check("margin", s.margin.value, ledger.Ratio{Num: 1, Den: 20})
	check("financing.rate", s.rates.value, []analysis.RateFrom{{Rate: ledger.Ratio{Num: 3, Den: 50}}})
	check("financing.basis", s.dayBasis.value, analysis.ACT365)
	check("aging.basis", s.agingBasis.value, analysis.ByDue)
	check("aging.buckets", s.bounds.value, []analysis.Bound{{N: 0}, {N: 30}, {N: 60}, {N: 90}, {N: 120}})
	check("aging.credits", s.credits.value, analysis.CreditsOnAccount)
	check("provision.rates", percents(s.lossRates.value), "[0.5%, 2%, 5%, 10%, 25%, 60%]")
	check("lenient", s.lenient.value, false)
	check("output.dir", s.outDir.value, filepath.Join(folder, "out"))
	check("output.formats", s.formats.value, []string{"html", "pdf", "xlsx", "json"})
	check("place of margin", s.margin.from, origin{rank: fromFile, detail: "duepack.yaml:8:9"})
}

// TestConfigOfTheContractIsTheDefault holds the example of the contract, the
// defaults and the table of keys together.
func TestConfigOfTheContractIsTheDefault(t *testing.T) {
	var given, defaults settings
	if err := readConfig(writeConfig(t, contractConfig), &given); err != nil {
		t.Fatal(err)
	}
	book := &ledger.Ledger{Entries: []ledger.Entry{{Posted: ledger.MustDate("2026-10-02")}, {Posted: ledger.MustDate("2026-11-02")}}}
	for _, s := range []*settings{&given, &defaults} {
		s.currency.take("CNY", origin{})
		if err := s.fillBeforeReading(); err != nil {
			t.Fatal(err)
		}
		if err := s.fillFromBook(book, true); err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range given.assumptions() {
		if got := defaults.assumptions()[i]; got.Key != want.Key || got.Value != want.Value {
			t.Errorf("%s: default %q, the contract's example has %q", want.Key, got.Value, want.Value)
		}
	}
}

func TestConfigForms(t *testing.T) {
	var s settings
	err := readConfig(writeConfig(t, `
inputs:
  - a/*.csv
  - {file: b.xlsx, sheet: Ledger 2026, layout: snapshot, dates: dmy, columns: {Document: Rechnung}}
columns:
  Document: Belegnummer
  Amount: 金额
financing:
  rate:
    - {from: 2026-01-01, rate: 4.35%}
    - {from: 2026-07-01, rate: 0.05}
  basis: act/360
aging: {buckets: [0, 1y, 2y, 3年]}
period: 2026-Q3
margin: -2%
lenient: yes
output: {formats: [json, html]}
terms:
`), &s)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]analysis.RateFrom{
		{From: ledger.MustDate("2026-01-01"), Rate: ledger.Ratio{Num: 87, Den: 2000}},
		{From: ledger.MustDate("2026-07-01"), Rate: ledger.Ratio{Num: 1, Den: 20}},
	}, s.rates.value); diff != "" {
		t.Errorf("rates: %s", diff)
	}
	in := s.inputs.value[1]
	if len(s.inputs.value) != 2 || in.pattern.text != "b.xlsx" || in.sheet != "Ledger 2026" || in.layout != "snapshot" || in.dates != "dmy" || in.columns["Document"] != "Rechnung" {
		t.Errorf("inputs: %+v", s.inputs.value)
	}
	if s.columns.value["Amount"] != "金额" || s.columns.value["Document"] != "Belegnummer" {
		t.Errorf("columns: %v", s.columns.value)
	}
	if got := boundsText(s.bounds.value); got != "[0, 1y, 2y, 3y]" {
		t.Errorf("buckets: %s", got)
	}
	if percent(s.margin.value) != "-2%" || !s.lenient.value || s.dayBasis.value != analysis.ACT360 {
		t.Errorf("margin %v, lenient %v, basis %v", s.margin.value, s.lenient.value, s.dayBasis.value)
	}
	if diff := cmp.Diff([]string{"html", "json"}, s.formats.value); diff != "" {
		t.Errorf("formats: %s", diff)
	}
	if s.terms.given() {
		t.Error("a key without a value is not given")
	}
}

func TestConfigFaultsNamePlaceAndRemedy(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"margn: 5%", `:1:1: error unknown-key: there is no key "margn" (did you mean "margin"?)`},
		{"book: {nmae: X}", `:1:8: error unknown-key: there is no key "book.nmae" (did you mean "name"?)`},
		{"financing:\n  rat: 6%", `:2:3: error unknown-key: there is no key "financing.rat" (did you mean "rate"?)`},
		{"zzzzzz: 1", `:1:1: error unknown-key: there is no key "zzzzzz" (known: book, inputs, columns, as_of, period, terms, application, rep_basis, margin, financing, aging, provision, collection_targets, commission, lenient, output, mail, close)`},
		{"margin: 5", `:1:9: error bad-rate: "5" is more than 100 % (want 6% or 0.06)`},
		{"margin: five", `:1:9: error bad-rate: "five" is not a rate (want 6% or 0.06)`},
		{"financing: {rate: -6%}", `:1:19: error bad-rate: "-6%" is below zero`},
		{"as_of: 2026-02-30", `:1:8: error bad-date: "2026-02-30" is not a date (want YYYY-MM-DD)`},
		{"period: 2026-13", `:1:9: error bad-period: "2026-13" is not a period (want month, quarter, year, 2026-10, 2026-Q3, 2026 or 2026-01-01..2026-10-31)`},
		{"terms: soon", `:1:8: error bad-terms: "soon" is not payment terms (want net 30, eom 30, eom 30 day 10, 月结30天, cod or prepaid)`},
		{"book: {currency: RMB}", `:1:18: error bad-currency: "RMB" is not an ISO 4217 currency code (want three letters as CNY)`},
		{"book: {language: fr}", `:1:18: error bad-language: "fr" is not one of en, zh-CN`},
		{"application: lifo", `:1:14: error bad-application: "lifo" is not one of explicit, fifo, explicit-then-fifo`},
		{"aging: {buckets: [0, thirty]}", `:1:22: error bad-buckets: "thirty" is not a bucket bound (want days as 30, months as 6m or years as 1y)`},
		{"output: {formats: [html, docx]}", `:1:26: error bad-format: "docx" is not one of html, pdf, xlsx, json`},
		{"output: {formats: []}", `:1:19: error bad-format: the list of formats is empty (want one or more of html, pdf, xlsx, json)`},
		{"aging: {buckets: []}", `:1:18: error bad-buckets: the list of buckets is empty (want their last days as [0, 30, 60, 90, 120])`},
		{"provision: {history: 0}", `:1:22: error bad-history: "0" is not a number of months from 1 to 120`},
		{"lenient: perhaps", `:1:10: error bad-switch: "perhaps" is neither true nor false`},
		{"financing: {rate: [{from: 2026-07-01, rate: 6%}, {from: 2026-01-01, rate: 5%}]}", `error bad-rate: the rate from 2026-01-01 does not follow the one from 2026-07-01`},
		{"financing: {rate: [{from: 2026-07-01}]}", `error bad-rate: want from and rate: {from: 2026-01-01, rate: 6%}`},
		{"inputs: [{sheet: X}]", `error bad-config: this input names no file`},
		{"inputs: [{file: a, sheets: X}]", `error unknown-key: there is no key "sheets" in an input (did you mean "sheet"?)`},
		{"inputs: [{file: a, layout: pile}]", `:1:28: error bad-layout: "pile" is not one of ledger, debit-credit, snapshot, settled, receipts`},
		{"inputs: [{file: a, dates: ydm}]", `:1:27: error bad-dates: "ydm" is not one of dmy, mdy, ymd`},
		{"margin: [1%]", `:1:9: error bad-config: want a single value here`},
		{"- margin", `:1:1: error bad-config: the file is not a list of keys and values`},
		{"book: Meridian", `:1:7: error bad-config: book is not a list of keys and values`},
		{"margin: 5%\nmargin: 6%", `:2:1: error bad-yaml: mapping key "margin" already defined at [1:1]`},
		{"aging: {buckets: [0, 30", `error bad-yaml: `},
		{"margin: 5%\n---\nmargin: 6%", `error bad-yaml: the file has 2 YAML documents (want one)`},
		{"margin: &m 5%", `:1:9: error bad-config: want a single value here`},
	} {
		var s settings
		path := writeConfig(t, c.text)
		err := readConfig(path, &s)
		if err == nil {
			t.Errorf("%q: no error, want %q", c.text, c.want)
			continue
		}
		got, ok := strings.CutPrefix(err.Error(), path)
		if !ok || !strings.Contains(got, c.want) || strings.Contains(got, "\n") {
			t.Errorf("%q:\n got %s\nwant %s", c.text, got, c.want)
		}
		if exitCode(err) != exitUsage {
			t.Errorf("%q: exit code %d", c.text, exitCode(err))
		}
	}
}

func TestEmptyConfigIsAllDefaults(t *testing.T) {
	for _, text := range []string{"", "# nothing yet\n", "---\n"} {
		var s settings
		if err := readConfig(writeConfig(t, text), &s); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestConfigThatCostsTooMuchIsRefusedAtOnce(t *testing.T) {
	deep := strings.Repeat("[", 64)
	for text, want := range map[string]string{
		strings.Repeat("[", 100_000):                 ":1:65: error deep-config: lists lie more than 64 deep in each other",
		strings.Repeat("{a: ", 100_000):              "error deep-config",
		strings.Repeat("- ", 400_000) + "a":          ":1:129: error deep-config",
		strings.Repeat("? ", 400_000) + "a":          "error deep-config",
		"margin: " + deep + "[1]":                    ":1:73: error deep-config",
		"margin: " + deep:                            "error bad-yaml",
		"# " + strings.Repeat("x", 1<<20):            ": error large-config: the file is larger than 1 MiB",
		"# " + strings.Repeat("[", 1000) + "\nx: 1":  "error unknown-key",
		"x: '" + strings.Repeat("[", 1000) + "'":     "error unknown-key",
		"# " + strings.Repeat("x", 1<<20-8) + "\nx:": "error unknown-key",
	} {
		begin := time.Now()
		err := readConfig(writeConfig(t, text), &settings{})
		if err == nil || !strings.Contains(err.Error(), want) || exitCode(err) != exitUsage || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.20q…: %v, want %q", text, err, want)
		}
		if took := time.Since(begin); took > 5*time.Second {
			t.Errorf("%.20q…: %v", text, took)
		}
	}
}

func FuzzConfig(f *testing.F) {
	f.Add(contractConfig)
	f.Add("inputs: [{file: a, columns: {x: Document}}]\nfinancing: {rate: [{from: 2026-01-01, rate: 6%}]}")
	f.Add("a: &x [*x]\n<<: *x\n? {b: c} : d\n")
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(t.TempDir(), configName)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := readConfig(path, &settings{}); err != nil && exitCode(err) != exitUsage {
			t.Errorf("%v is no error of usage", err)
		}
	})
}

func FuzzPeriod(f *testing.F) {
	for _, text := range []string{"month", "2026-10", "2026-Q3", "2026", "2026-01-01..2026-10-31"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := parsePeriod(text)
		if err != nil {
			return
		}
		if again, err := parsePeriod(p.String()); err != nil || again != p {
			t.Errorf("%q is %s, which reads as %v, %v", text, p, again, err)
		}
	})
}
