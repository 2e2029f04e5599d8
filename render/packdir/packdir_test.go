package packdir

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"duepack/analysis"
	"duepack/render"
	"duepack/render/internal/book"

	"github.com/gofrs/flock"
)

func words(t testing.TB) *render.Words {
	t.Helper()
	w, err := render.New("en")
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// tree reads a folder: contents by name with slashes.
func tree(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		files[filepath.ToSlash(rel)], err = os.ReadFile(name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func write(t *testing.T, dir string, formats ...string) string {
	t.Helper()
	folder, err := Write(context.Background(), dir, book.Trading(), Options{Words: words(t), Formats: formats, Version: "v1", Problems: problems})
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

var problems = render.Problems{N: len(listed), At: func(i int) render.Problem { return listed[i] }}

var listed = []render.Problem{
	{Error: true, Code: "bad-amount", File: "ledger.xlsx", Sheet: "Ledger", Cell: "F17", Found: `=HYPERLINK("http://x")`, Message: `"=HYPERLINK" is not an amount`, Hint: "write 1,234.50", Amount: -1250, Currency: "CNY", HasAmount: true},
	{Code: "due-derived", File: "-ledger.csv", Cell: "E4", Found: "恒达, \"quoted\"\nline", Message: "due date from terms net 30"},
}

func TestWholePackIsWritten(t *testing.T) {
	dir := t.TempDir()
	folder := write(t, dir, Formats()...)
	if want := filepath.Join(dir, "2026-10-31"); folder != want {
		t.Errorf("folder %s, want %s", folder, want)
	}
	files := tree(t, folder)
	for _, name := range []string{"index.html", "pack.pdf", "pack.xlsx", "pack.json", "documents.json", "exceptions.csv", "manifest.json",
		"reps/R01.pdf", "reps/R02.pdf", "reps/_CON.pdf", "reps/unassigned.pdf"} {
		if len(files[name]) == 0 {
			t.Errorf("%s is missing or empty", name)
		}
		delete(files, name)
	}
	for name := range files {
		t.Errorf("%s is there and should not be", name)
	}
}

func TestSameInputSameBytesWhateverTheProcessors(t *testing.T) {
	first := tree(t, write(t, t.TempDir(), Formats()...))
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	second := tree(t, write(t, t.TempDir(), Formats()...))
	for name := range first {
		if !bytes.Equal(first[name], second[name]) {
			t.Errorf("%s differs", name)
		}
	}
}

func TestManifestHasTheHashOfEveryFile(t *testing.T) {
	files := tree(t, write(t, t.TempDir(), JSON, PDF))
	var m manifest
	if err := json.Unmarshal(files[manifestName], &m); err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, out := range m.Outputs {
		listed = append(listed, out.File)
		sum := sha256.Sum256(files[out.File])
		if hex.EncodeToString(sum[:]) != out.SHA256 || out.Bytes != len(files[out.File]) {
			t.Errorf("%s: the manifest has another hash or size", out.File)
		}
		if rep := strings.HasPrefix(out.File, "reps/"); rep != (out.Rep != "") {
			t.Errorf("%s: rep %q", out.File, out.Rep)
		}
	}
	want := []string{"documents.json", "exceptions.csv", "pack.json", "pack.pdf", "reps/R01.pdf", "reps/R02.pdf", "reps/_CON.pdf", "reps/unassigned.pdf"}
	if !slices.Equal(listed, want) {
		t.Errorf("outputs %v, want %v", listed, want)
	}
	if len(m.Inputs) != 1 || m.Inputs[0].SHA256 == "" || m.Version != "v1" || !slices.Equal(m.Formats, []string{PDF, JSON}) {
		t.Errorf("inputs %v, version %q, formats %v", m.Inputs, m.Version, m.Formats)
	}
	p := book.Trading()
	if got, want := *m.ControlTotals.Totals["balance"], *render.Plain(p.Company.Value(analysis.Balance), p.BookCurrency()); got != want {
		t.Errorf("balance %s, want %s", got, want)
	}
	if len(m.ControlTotals.TieOut) != 1 || *m.ControlTotals.TieOut[0].Control != "1.00" {
		t.Errorf("tie-out %+v", m.ControlTotals.TieOut)
	}
}

func TestNoFormulaInExceptions(t *testing.T) {
	var out bytes.Buffer
	if err := exceptions(&out, problems); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(out.Bytes(), []byte(byteOrderMark)))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"severity", "code", "file", "sheet", "cell", "found", "message", "hint", "amount", "currency"},
		{"error", "bad-amount", "ledger.xlsx", "Ledger", "F17", `'=HYPERLINK("http://x")`, `"=HYPERLINK" is not an amount`, "write 1,234.50", "-12.50", "CNY"},
		{"note", "due-derived", "'-ledger.csv", "", "E4", "恒达, \"quoted\"\nline", "due date from terms net 30", "", "", ""},
	}
	for i := range want {
		if !slices.Equal(rows[i], want[i]) {
			t.Errorf("row %d: %q, want %q", i, rows[i], want[i])
		}
	}
}

func TestHarmless(t *testing.T) {
	for text, want := range map[string]string{
		"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@x": "'@x", "\t=1": "'\t=1", "\r=1": "'\r=1", "  =1": "'  =1", "＝1": "'＝1",
		"1-2": "1-2", "": "", "abc": "abc", " x": " x", "a\x00b\x1b[2J": "a\ufffdb\ufffd[2J", "\x00=1": "\ufffd=1", "a\u202eb": "ab", "\u202e=1": "'=1",
	} {
		if got := harmless(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestFileNames(t *testing.T) {
	long := strings.Repeat("界", 60)
	cases := map[string]string{
		"R07": "R07", "../../etc/passwd": "_.._etc_passwd", "a/b\\c:d*e?f\"g<h>i|j": "a_b_c_d_e_f_g_h_i_j", "..": "_", "": "_", ".hidden": "hidden",
		"CON": "_CON", "con": "_con", "nul.txt": "_nul.txt", "COM1": "_COM1", "COM10": "COM10", "LPT9.pdf": "_LPT9.pdf", "李 明": "李 明", "end. .": "end",
		"a\x00b\nc": "a_b_c", "bad\xffutf": "bad_utf", "e\u0301": "é", "🎉": "_", long: strings.Repeat("界", 26),
	}
	for id, want := range cases {
		if got := fileName(id); got != want {
			t.Errorf("%q: %q, want %q", id, got, want)
		}
	}
}

func TestFileNamesThatDifferInCaseOnlyDoNotCollide(t *testing.T) {
	var subjects []analysis.Subject
	for _, id := range []string{"A", "A~2", "a", "a/", "a_"} {
		subjects = append(subjects, analysis.Subject{ID: id})
	}
	if got, want := fileNames(subjects), []string{"A", "A_2", "a~2", "a_", "a_~2"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestModesKeepOthersOut(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("skipped: Windows has no such modes")
	}
	dir := filepath.Join(t.TempDir(), "out")
	write(t, dir, JSON)
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: mode %v", name, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// names lists a folder but for the lock.
func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		if e.Name() != lockName {
			list = append(list, e.Name())
		}
	}
	return list
}

// holding fills a folder with a pack of one file.
func holding(text string) func(folder string) error {
	return func(folder string) error {
		return os.WriteFile(filepath.Join(folder, "pack.json"), []byte(text), fileMode)
	}
}

func read(t *testing.T, folder string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(folder, "pack.json"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestNewPackReplacesTheOldOneAndLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	target := filepath.Join(dir, "2026-10-31")
	for _, text := range []string{"first", "second"} {
		if err := place(context.Background(), target, holding(text)); err != nil {
			t.Fatal(err)
		}
		if got := read(t, target); got != text {
			t.Errorf("%q, want %q", got, text)
		}
	}
	if got := names(t, dir); !slices.Equal(got, []string{"2026-10-31"}) {
		t.Errorf("left behind: %v", got)
	}
}

// Each case is what a killed run can leave, and what the next run must find.
func TestLeftoversOfAKilledRun(t *testing.T) {
	cases := []struct {
		name  string
		left  map[string]string // folder: content
		whole string            // content of the pack after recovery; "" where there is none
	}{
		{"while writing the first pack", map[string]string{".2026-10-31.new": "half"}, ""},
		{"while writing a later pack", map[string]string{"2026-10-31": "old", ".2026-10-31.new": "half"}, "old"},
		{"between the two renames", map[string]string{".2026-10-31.old": "old", ".2026-10-31.new": "new"}, "old"},
		{"after the swap", map[string]string{"2026-10-31": "new", ".2026-10-31.old": "old"}, "new"},
		{"after the exchange", map[string]string{"2026-10-31": "new", ".2026-10-31.new": "old"}, "new"},
	}
	for _, c := range cases {
		dir := t.TempDir()
		for name, text := range c.left {
			if err := writeFolder(filepath.Join(dir, name), holding(text)); err != nil {
				t.Fatal(err)
			}
		}
		if err := recoverFolder(dir); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if c.whole == "" {
			if got := names(t, dir); len(got) != 0 {
				t.Errorf("%s: %v", c.name, got)
			}
			continue
		}
		if got := read(t, filepath.Join(dir, "2026-10-31")); got != c.whole {
			t.Errorf("%s: %q, want %q", c.name, got, c.whole)
		}
		if got := names(t, dir); !slices.Equal(got, []string{"2026-10-31"}) {
			t.Errorf("%s: left behind: %v", c.name, got)
		}
	}
}

func TestSecondRunAtOnceSaysSoAndLeaves(t *testing.T) {
	dir := t.TempDir()
	lock := flock.New(filepath.Join(dir, lockName))
	if _, err := lock.TryLock(); err != nil {
		t.Fatal(err)
	}
	err := place(context.Background(), filepath.Join(dir, "2026-10-31"), holding("x"))
	if !errors.Is(err, ErrBusy) {
		t.Errorf("%v, want ErrBusy", err)
	}
	if err := lock.Unlock(); err != nil {
		t.Fatal(err)
	}
}

func TestInterruptedRunLeavesThePreviousPack(t *testing.T) {
	dir := t.TempDir()
	target := filepath.Join(dir, "2026-10-31")
	if err := place(context.Background(), target, holding("old")); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := place(ctx, target, holding("new")); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if got := read(t, target); got != "old" {
		t.Errorf("%q", got)
	}
	if got := names(t, dir); !slices.Equal(got, []string{"2026-10-31"}) {
		t.Errorf("left behind: %v", got)
	}
}

func TestFileThatCannotBeMadeLeavesThePreviousPack(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // one file after the other
	dir := t.TempDir()
	target := filepath.Join(dir, "2026-10-31")
	if err := place(context.Background(), target, holding("old")); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	made := false
	err := place(context.Background(), target, func(folder string) error {
		_, err := writeFiles(context.Background(), folder, []task{
			{name: "pack.json", write: whole(func() ([]byte, error) { return []byte("new"), nil })},
			{name: "reps/R01.pdf", write: func(out io.Writer) error {
				if _, err := os.Stat(filepath.Join(folder, "pack.json")); err == nil {
					made = true
				}
				_, err := out.Write([]byte("half"))
				return errors.Join(err, broken)
			}},
		})
		return err
	})
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), "reps/R01.pdf") {
		t.Errorf("%v, want the file that is broken", err)
	}
	if !made {
		t.Error("the file before it was not there yet: this tests nothing")
	}
	if got := read(t, target); got != "old" {
		t.Errorf("%q", got)
	}
	if got := names(t, dir); !slices.Equal(got, []string{"2026-10-31"}) {
		t.Errorf("left behind: %v", got)
	}
}

func TestInterruptKeepsFurtherFilesFromBeingMade(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	ctx, cancel := context.WithCancel(context.Background())
	files := 0
	one := func(io.Writer) error {
		files++
		cancel()
		return nil
	}
	_, err := writeFiles(ctx, t.TempDir(), []task{{name: "a", write: one}, {name: "b", write: one}, {name: "c", write: one}, {name: "d", write: one}})
	if !errors.Is(err, context.Canceled) || files > 2 {
		t.Errorf("%v after %d files", err, files)
	}
}

func TestFolderThatCannotBeMadeIsAnError(t *testing.T) {
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(context.Background(), filepath.Join(blocked, "out"), book.Empty(), Options{Words: words(t), Formats: []string{JSON}}); err == nil {
		t.Error("no error")
	}
}

func TestUnknownFormatIsRefusedBeforeAnythingIsWritten(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	for _, formats := range [][]string{nil, {"docx"}} {
		if _, err := Write(context.Background(), dir, book.Empty(), Options{Words: words(t), Formats: formats}); err == nil {
			t.Errorf("%v: no error", formats)
		}
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the folder was made")
	}
}

func TestSwapWithoutExchange(t *testing.T) {
	dir := t.TempDir()
	made, target := filepath.Join(dir, ".p.new"), filepath.Join(dir, "p")
	for folder, text := range map[string]string{made: "new", target: "old"} {
		if err := writeFolder(folder, holding(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := swapByRenames(made, target); err != nil {
		t.Fatal(err)
	}
	if got := read(t, target); got != "new" {
		t.Errorf("%q", got)
	}
	if got := names(t, dir); !slices.Equal(got, []string{"p"}) {
		t.Errorf("left behind: %v", got)
	}
}
