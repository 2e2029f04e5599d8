package delivery

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
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
	return renameio.WriteFile(filepath.Join(f.Path, hex.EncodeToString(sum[:8])+".eml"), data, fileMode)
}

// Close does nothing.
func (*Folder) Close() error { return nil }
