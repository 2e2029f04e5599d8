package ingest

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// However a file changes while it is read, nothing is made of it.
func TestAFileThatChangesWhileItIsReadIsRefused(t *testing.T) {
	content := smallHeader + "\n" + smallRow + "\n"
	for name, change := range map[string]func(path string) error{
		"nothing happens": func(string) error { return nil },
		"it grows":        func(path string) error { appendTo(path, smallRow); return nil },
		"it grows before the clock of files ticks": func(path string) error {
			stat, err := os.Stat(path)
			if err != nil {
				return err
			}
			appendTo(path, smallRow)
			return os.Chtimes(path, stat.ModTime(), stat.ModTime())
		},
		"it is cut":     func(path string) error { return os.Truncate(path, int64(len(smallHeader)+1)) },
		"it is removed": os.Remove,
		"another of the same size takes its place": func(path string) error {
			stat, err := os.Stat(path)
			if err != nil {
				return err
			}
			if err := os.WriteFile(path+".new", []byte(content), 0o600); err != nil {
				return err
			}
			if err := os.Chtimes(path+".new", stat.ModTime(), stat.ModTime()); err != nil {
				return err
			}
			return os.Rename(path+".new", path)
		},
		"a cell of it changes": func(path string) error {
			if err := os.WriteFile(path, []byte(content[:len(content)-2]+"1\n"), 0o600); err != nil {
				return err
			}
			return os.Chtimes(path, time.Time{}, time.Now().Add(time.Second)) // clocks of files may tick slowly
		},
	} {
		path := filepath.Join(t.TempDir(), "ledger.csv")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		var failed error
		r, err := Read(Options{Inputs: []Input{{File: path}}, Lenient: true, opened: func() { failed = change(path) }})
		if err != nil || failed != nil {
			t.Fatalf("%s: %v, %v", name, err, failed)
		}
		whole := r.Ledger != nil && len(r.Problems) == 0
		refused := r.Ledger == nil && len(r.Problems) == 1 && r.Problems[0].Code == "file-changed"
		if name == "nothing happens" && !whole || name != "nothing happens" && !refused {
			t.Errorf("%s: ledger %t, problems %q", name, r.Ledger != nil, Lines(r.Problems, 0))
		}
	}
}
