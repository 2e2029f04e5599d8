package packdir

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"duepack/analysis/ledger"
	"duepack/render/mail"
)

// Written is a pack as it is on disk.
type Written struct {
	Folder string
	Hash   string // SHA-256 of manifest.json, which has that of every other file
	AsOf   ledger.Date
	Book   string
	Lang   string

	Currency string
	Lines    int      // ledger lines used
	Balance  string   // of the company, as a decimal; "" where it is absent
	Errors   int      // rows with errors that were left out
	TieOuts  int      // control balances it was compared with
	Untied   int      // those that differ
	Inputs   []string // SHA-256 of each input

	files map[string]output
}

// ErrNoPack says that a folder holds no pack of duepack.
var ErrNoPack = errors.New("no pack of duepack")

// manifestSchema names the form of manifest.json.
const manifestSchema = "duepack.manifest/1"

// Open reads the manifest of a pack. The error is ErrNoPack where there is none,
// else an operating one.
func Open(folder string) (*Written, error) {
	text, err := os.ReadFile(filepath.Join(folder, manifestName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w: it has no %s", folder, ErrNoPack, manifestName)
	}
	if err != nil {
		return nil, err
	}
	var m manifest
	if err := json.Unmarshal(text, &m); err != nil || m.Schema != manifestSchema {
		return nil, fmt.Errorf("%s: %w: its %s is not one of %s", folder, ErrNoPack, manifestName, manifestSchema)
	}
	sum := sha256.Sum256(text)
	w := &Written{Folder: folder, Hash: hex.EncodeToString(sum[:]), AsOf: m.AsOf, Book: m.Book, Lang: m.Language, Currency: m.Currency,
		Lines: m.ControlTotals.Lines, Errors: m.ControlTotals.Errors, TieOuts: len(m.ControlTotals.TieOut), files: map[string]output{}}
	if balance := m.ControlTotals.Totals["balance"]; balance != nil {
		w.Balance = *balance
	}
	for _, t := range m.ControlTotals.TieOut {
		if t.Difference != nil && strings.Trim(*t.Difference, "-0.") != "" {
			w.Untied++
		}
	}
	for _, in := range m.Inputs {
		w.Inputs = append(w.Inputs, in.SHA256)
	}
	for _, out := range m.Outputs {
		w.files[out.File] = out
	}
	return w, nil
}

// File returns a file of the pack. A file that is not the one that was written
// is an error: what is sent is what was computed.
func (w *Written) File(name string) ([]byte, error) {
	listed, ok := w.files[name]
	if !ok {
		return nil, fmt.Errorf("%s: the pack has no %s", w.Folder, name)
	}
	data, err := os.ReadFile(filepath.Join(w.Folder, filepath.FromSlash(name)))
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != listed.SHA256 {
		return nil, fmt.Errorf("%s was changed after the pack was written (write it again: duepack report)", filepath.Join(w.Folder, filepath.FromSlash(name)))
	}
	return data, nil
}

// Letters returns the letters of the pack, sorted by the names of their files.
func (w *Written) Letters() ([]*mail.Letter, error) {
	var names []string
	for name := range w.files {
		if isLetter(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	letters := make([]*mail.Letter, len(names))
	for i, name := range names {
		data, err := w.File(name)
		if err == nil {
			letters[i], err = mail.Parse(data)
		}
		if err != nil {
			return nil, err
		}
	}
	return letters, nil
}

// Strangers returns what is in the folder and was not written by duepack, so
// that nobody removes it for a pack.
func (w *Written) Strangers() ([]string, error) {
	var found []string
	err := filepath.WalkDir(w.Folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(w.Folder, path)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(rel)
		_, ours := w.files[name]
		if !entry.IsDir() && !ours && name != manifestName {
			found = append(found, name)
		}
		return nil
	})
	return found, err
}

// Folders lists the packs in a folder of packs, the oldest as-of date first.
func Folders(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var folders []string
	for _, entry := range entries { // sorted by name, and so by date
		if date, err := ledger.ParseDate(entry.Name()); err == nil && entry.IsDir() && date.String() == entry.Name() {
			folders = append(folders, filepath.Join(dir, entry.Name()))
		}
	}
	return folders, err
}
