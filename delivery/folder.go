package delivery

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
)

// Folder puts mails as .eml files into a folder, for another program to send or
// a person to look at. The same mail has the same name each time.
type Folder struct{ Path string }

// OpenFolder makes the folder where it is missing.
func OpenFolder(path string) (*Folder, error) {
	return &Folder{path}, os.MkdirAll(path, folderMode)
}

// MostBytes is 0: a folder takes mails of any size.
func (*Folder) MostBytes() int64 { return 0 }

// Send writes the mail; it is there whole or not at all.
func (f *Folder) Send(_ context.Context, m *Mail, data []byte) error {
	sum := sha256.Sum256([]byte(m.ID))
	return Replace(filepath.Join(f.Path, fileLabel(m.Label)+"-"+hex.EncodeToString(sum[:6])+".eml"), data, fileMode)
}

// fileLabel makes a label fit for a file name: it may hold the id of a rep.
func fileLabel(label string) string {
	name := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return '-'
	}, label)
	return strings.Trim(name[:min(len(name), 60)], "-")
}

// Close does nothing.
func (*Folder) Close() error { return nil }
