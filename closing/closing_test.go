package closing

import (
	"encoding/json"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/render/packdir"
)

var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

// pack returns a pack with a balance in CNY, so many ledger lines, and control
// balances that differ by these amounts at these dates.
func pack(balance ledger.Minor, lines int, ties ...analysis.TieOut) *analysis.Pack {
	values := make([]analysis.Value, len(analysis.Figures()))
	values[analysis.Balance] = analysis.Value{Unit: analysis.Money, Minor: balance}
	return &analysis.Pack{AsOf: ledger.MustDate("2026-10-31"), Currencies: []ledger.Currency{{Code: "CNY", Exponent: 2}},
		Company: analysis.Subject{Values: values}, Inputs: []analysis.Input{{Rows: lines - 1}, {Rows: 1}}, TieOut: ties}
}

func tie(date string, control, own ledger.Minor) analysis.TieOut {
	return analysis.TieOut{Account: "1122", Date: ledger.MustDate(date), Control: control, Ledger: own}
}

func codes(breaches []Breach) string {
	var list []string
	for _, b := range breaches {
		list = append(list, string(b.Code))
	}
	return strings.Join(list, " ")
}

func TestInputsAreFreshUpToTheirMaxAge(t *testing.T) {
	p := Policy{MaxAge: 36 * time.Hour}
	for age, want := range map[time.Duration]string{0: "", 36 * time.Hour: "", 36*time.Hour + time.Second: "max_age", -time.Hour: ""} {
		if got := codes(p.Age([]Input{{"a.xlsx", noon.Add(-age)}}, noon)); got != want {
			t.Errorf("%v old: %q, want %q", age, got, want)
		}
	}
	if got := (Policy{}).Age([]Input{{"a.xlsx", time.Time{}}}, noon); len(got) != 0 {
		t.Errorf("no rule, and yet %v", got)
	}
	got := p.Age([]Input{{"a.xlsx", noon}, {"b.xlsx", noon.Add(-50 * time.Hour)}}, noon)
	if len(got) != 1 || got[0].Error() != "close.max_age: b.xlsx was last written on 2026-10-31 10:00 UTC, 2 d 2 h ago; the policy allows 1 d 12 h (did the export run?)" {
		t.Errorf("%v", got)
	}
}

func TestErrorsAreAllowedUpToTheirNumber(t *testing.T) {
	for errors, want := range map[int]string{0: "", 3: "", 4: "errors"} {
		if got := codes(Policy{Errors: 3}.Problems(errors)); got != want {
			t.Errorf("%d errors: %q, want %q", errors, got, want)
		}
	}
}

func TestTieOutIsHeldAsFarAsItIsAsked(t *testing.T) {
	same, differs, earlier := tie("2026-10-31", 100, 100), tie("2026-10-31", 101, 100), tie("2026-09-30", 100, 100)
	for _, c := range []struct {
		ask  TieOut
		ties []analysis.TieOut
		want string
	}{
		{TieOutRequired, []analysis.TieOut{same}, ""},
		{TieOutRequired, nil, "tie_out"},
		{TieOutRequired, []analysis.TieOut{earlier}, "tie_out"}, // a balance of another date says nothing about this one
		{TieOutRequired, []analysis.TieOut{differs, same}, "tie_out"},
		{TieOutGiven, nil, ""},
		{TieOutGiven, []analysis.TieOut{same, earlier}, ""},
		{TieOutGiven, []analysis.TieOut{same, differs}, "tie_out"},
		{TieOutIgnored, []analysis.TieOut{differs}, ""},
	} {
		if got := codes(Policy{TieOut: c.ask}.Pack(pack(100, 2, c.ties...), nil)); got != c.want {
			t.Errorf("%s, %d balances: %q, want %q", c.ask, len(c.ties), got, c.want)
		}
	}
	text := Policy{TieOut: TieOutGiven}.Pack(pack(100, 2, differs), nil)[0].Text
	if text != "account 1122 at 2026-10-31 has CNY 1.01 in the general ledger and CNY 1.00 here; difference CNY 0.01" {
		t.Errorf("%s", text)
	}
}

// By hand: 20 % fewer than 1,000 is 800, 50 % of 2,000.00 is 1,000.00 either way.
func TestChangeSinceTheLastCloseIsHeldToItsShare(t *testing.T) {
	p := Policy{TieOut: TieOutGiven, Fewer: ledger.Ratio{Num: 1, Den: 5}, Change: ledger.Ratio{Num: 1, Den: 2}}
	last := &packdir.Written{AsOf: ledger.MustDate("2026-09-30"), Lines: 1000, Balance: "2000.00", Currency: "CNY"}
	for _, c := range []struct {
		lines   int
		balance ledger.Minor
		want    string
	}{
		{1000, 200000, ""}, {800, 200000, ""}, {799, 200000, "rows"}, {5000, 200000, ""},
		{1000, 300000, ""}, {1000, 300001, "total"}, {1000, 100000, ""}, {1000, 99999, "total"},
		{10, -200000, "rows total"},
	} {
		if got := codes(p.Pack(pack(c.balance, c.lines), last)); got != c.want {
			t.Errorf("%d lines, balance %d: %q, want %q", c.lines, c.balance, got, c.want)
		}
		if got := codes(p.Pack(pack(c.balance, c.lines), nil)); got != "" {
			t.Errorf("the first close: %q", got)
		}
		if got := codes(Policy{}.Pack(pack(c.balance, c.lines), last)); got != "" {
			t.Errorf("no rule, and yet %q", got)
		}
	}
	foreign := *last
	foreign.Currency = "USD"
	if got := codes(p.Pack(pack(9_000_000, 1000), &foreign)); got != "" {
		t.Errorf("a book that changed its currency cannot be compared: %q", got)
	}
	if beyond(big.NewRat(1, 1), big.NewRat(0, 1), p.Change, true) == false {
		t.Error("from nothing to something is beyond any share of nothing")
	}
}

func TestPackOnDiskIsHeldToThePolicy(t *testing.T) {
	for _, c := range []struct {
		ask               TieOut
		ties, off, faults int
		want              string
	}{{TieOutGiven, 2, 0, 0, ""}, {TieOutGiven, 2, 1, 0, "tie_out"}, {TieOutIgnored, 2, 1, 0, ""}, {TieOutRequired, 0, 0, 0, "tie_out"}, {TieOutGiven, 0, 0, 1, "errors"}} {
		w := &packdir.Written{AsOf: ledger.MustDate("2026-10-31"), TieOuts: c.ties, Untied: c.off, Errors: c.faults}
		if got := codes(Policy{TieOut: c.ask}.Written(w)); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

func TestLastCloseIsTheNewestPackBefore(t *testing.T) {
	dir := t.TempDir()
	manifest := func(asOf string) {
		folder := filepath.Join(dir, asOf)
		if err := os.Mkdir(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "manifest.json"), []byte(`{"schema":"duepack.manifest/1","as_of":"`+asOf+`"}`), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, asOf := range []string{"2026-08-31", "2026-09-30", "2026-10-31"} {
		manifest(asOf)
	}
	if err := os.Mkdir(filepath.Join(dir, "2026-10-15"), 0o700); err != nil { // no pack
		t.Fatal(err)
	}
	for before, want := range map[string]string{"2026-10-31": "2026-09-30", "2026-11-30": "2026-10-31", "2026-08-31": ""} {
		got := ""
		w, err := LastClose(dir, ledger.MustDate(before))
		if w != nil {
			got = w.AsOf.String()
		}
		if err != nil || got != want {
			t.Errorf("before %s: %q, %v, want %q", before, got, err, want)
		}
	}
	if w, err := LastClose(filepath.Join(dir, "nowhere"), 1); w != nil || err != nil {
		t.Errorf("no folder: %v, %v", w, err)
	}
}

func TestRecordKeepsTheLastSuccess(t *testing.T) {
	dir := t.TempDir()
	metrics := filepath.Join(dir, "duepack.prom")
	good := Record{Run: "a", Command: "close", Phases: []Phase{{"read", 1.5}}, Counts: Counts{Lines: 7, Errors: 1, Sent: 2, Already: 3, Waiting: 4}}
	if err := good.Finish(dir, metrics, 0, noon); err != nil {
		t.Fatal(err)
	}
	bad := Record{Run: "b", Command: "close"}
	if err := bad.Finish(dir, metrics, 3, noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, RecordName))
	if err != nil {
		t.Fatal(err)
	}
	var read Record
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	if read.ExitCode != 3 || !read.LastSuccess.Equal(noon) || read.Run != "b" {
		t.Errorf("%+v", read)
	}
	want := `# HELP duepack_last_run_timestamp_seconds When the last run ended.
# TYPE duepack_last_run_timestamp_seconds gauge
duepack_last_run_timestamp_seconds{command="close"} 1793620800
# HELP duepack_last_success_timestamp_seconds When a run last ended with exit code 0.
# TYPE duepack_last_success_timestamp_seconds gauge
duepack_last_success_timestamp_seconds 1793620800
# HELP duepack_last_exit_code Exit code of the last run.
# TYPE duepack_last_exit_code gauge
duepack_last_exit_code{command="close"} 0
# HELP duepack_phase_seconds How long each part of the last run took.
# TYPE duepack_phase_seconds gauge
duepack_phase_seconds{phase="read"} 1.500
# HELP duepack_lines Ledger lines used.
# TYPE duepack_lines gauge
duepack_lines 7
# HELP duepack_problems Problems of the input.
# TYPE duepack_problems gauge
duepack_problems{severity="error"} 1
duepack_problems{severity="note"} 0
# HELP duepack_mails Mails of the pack by what became of them.
# TYPE duepack_mails gauge
duepack_mails{state="sent"} 5
duepack_mails{state="waiting"} 4
duepack_mails{state="refused"} 0
`
	if got := good.Metrics(); got != want {
		t.Errorf("metrics:\n%s", got)
	}
	for name, mode := range map[string]os.FileMode{RecordName: 0o600, "duepack.prom": 0o644} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 2 {
		t.Errorf("%d files, want the record and the metrics", len(entries))
	}
}
