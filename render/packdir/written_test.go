package packdir

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"duepack/analysis"
	"duepack/render"
	"duepack/render/internal/book"
	"duepack/render/mail"
)

func chinese(t *testing.T) *render.Words {
	t.Helper()
	w, err := render.New("zh-CN")
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestPackIsReadBackWithItsLetters(t *testing.T) {
	dir, p := t.TempDir(), book.Trading()
	folder, err := Write(context.Background(), dir, p, Options{Words: words(t), Formats: []string{XLSX, PDF}, Version: "v1", Letters: []Letter{
		{Role: mail.Executive, Words: words(t)}, {Role: mail.Executive, Words: words(t)},
		{Role: mail.Accountant, Words: chinese(t)}, {Role: mail.Rep, Words: chinese(t), Rep: 1, Address: "ana@example.com"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	w, err := Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := os.ReadFile(filepath.Join(folder, manifestName))
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(manifest); w.Hash != hex.EncodeToString(sum[:]) {
		t.Errorf("hash %s", w.Hash)
	}
	if w.AsOf != p.AsOf || w.Currency != "CNY" || w.Lines != 66 || w.TieOuts != 1 || w.Untied != 1 || w.Errors != 1 ||
		w.Balance != *render.Plain(p.Company.Value(analysis.Balance), p.BookCurrency()) || !slices.Equal(w.Inputs, []string{p.Inputs[0].SHA256}) {
		t.Errorf("%+v", w)
	}
	letters, err := w.Letters()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range letters {
		text := string(l.Role) + " " + l.Lang + " " + l.Rep + " " + l.Address
		for _, a := range l.Attachments {
			text += " " + a.File + "=" + a.Name
			if _, err := w.File(a.File); err != nil {
				t.Error(err)
			}
		}
		got = append(got, text)
	}
	want := []string{"accountant zh-CN   mail/pack.zh-CN.xlsx=pack.xlsx exceptions.csv=exceptions.csv", "executive en   pack.pdf=pack.pdf",
		"rep zh-CN " + p.Reps[1].ID + " ana@example.com mail/rep." + fileName(p.Reps[1].ID) + ".zh-CN.pdf=rep-" + p.Reps[1].ID + ".pdf"}
	if !slices.Equal(got, want) {
		t.Errorf("letters\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if strangers, err := w.Strangers(); err != nil || len(strangers) != 0 {
		t.Errorf("strangers %v, %v", strangers, err)
	}
}

func TestFileThatWasChangedIsNoFileOfThePack(t *testing.T) {
	folder := write(t, t.TempDir(), JSON)
	w, err := Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.File("pack.json"); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "pack.json"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := w.File("pack.json"); err == nil || !strings.Contains(err.Error(), "changed after the pack was written") {
		t.Errorf("changed: %v", err)
	}
	for _, name := range []string{"gone.pdf", "../manifest.json", manifestName} {
		if _, err := w.File(name); err == nil {
			t.Errorf("%s is a file of the pack", name)
		}
	}
	for _, bad := range []string{"", "{", `{"schema":"other"}`} {
		if err := os.WriteFile(filepath.Join(folder, manifestName), []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(folder); !errors.Is(err, ErrNoPack) {
			t.Errorf("manifest %q: %v", bad, err)
		}
	}
}

// folderOf makes a folder with a manifest alone, which is a pack to Prune.
func folderOf(t *testing.T, dir, asOf, difference string) {
	t.Helper()
	folder := filepath.Join(dir, asOf)
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	text := `{"schema":"duepack.manifest/1","as_of":"` + asOf + `","control_totals":{"tie_out":[{"difference":"` + difference + `"}]}}`
	if err := os.WriteFile(filepath.Join(folder, manifestName), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func entriesOf(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, entry := range entries {
		list = append(list, entry.Name())
	}
	return list
}

func TestPruneKeepsTheNewestTheLastGoodOneAndWhatIsNotOurs(t *testing.T) {
	dir := t.TempDir()
	for asOf, difference := range map[string]string{"2026-05-31": "0.00", "2026-06-30": "0.00", "2026-07-31": "0.00", "2026-08-31": "1.00", "2026-09-30": "-0.01"} {
		folderOf(t, dir, asOf, difference)
	}
	for _, file := range []string{"2026-06-30/notes.txt", "2026-05-31.outbox.jsonl", "readme.txt"} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, "2026-04-30", "sub"), 0o700); err != nil {
		t.Fatal(err)
	}
	removed, kept, err := Prune(dir, 2)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{filepath.Join(dir, "2026-05-31")}; !slices.Equal(removed, want) {
		t.Errorf("removed %v, want %v", removed, want)
	}
	if want := []string{".lock", "2026-04-30", "2026-05-31.outbox.jsonl", "2026-06-30", "2026-07-31", "2026-08-31", "2026-09-30", "readme.txt"}; !slices.Equal(entriesOf(t, dir), want) {
		t.Errorf("left %v, want %v", entriesOf(t, dir), want)
	}
	if len(kept) != 3 || !strings.Contains(kept[0], "no pack") || !strings.Contains(kept[1], "notes.txt") || !strings.Contains(kept[2], "the last one that ties out") {
		t.Errorf("kept %q", kept)
	}
	if removed, _, err := Prune(dir, 9); err != nil || len(removed) != 0 {
		t.Errorf("fewer than are kept: removed %v, %v", removed, err)
	}
}
