package packdir

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// Prune removes all but the newest packs of a folder, and returns the folders
// it removed and, with the reason, those it would have removed and did not:
// the newest one that ties out is kept whatever its age, and so is a folder
// with anything in it that duepack did not write. Outboxes stay: they say who
// was sent what.
func Prune(dir string, keep int) (removed, kept []string, err error) {
	lock := flock.New(filepath.Join(dir, lockName), flock.SetPermissions(fileMode))
	locked, err := lock.TryLock()
	if err != nil {
		return nil, nil, fmt.Errorf("locking the folder: %w", err)
	}
	if !locked {
		return nil, nil, ErrBusy
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	folders, err := Folders(dir)
	if err != nil {
		return nil, nil, err
	}
	good := newestGood(folders)
	for _, folder := range folders[:max(0, len(folders)-keep)] {
		why, err := mayNotRemove(folder, good)
		if err != nil {
			return removed, kept, err
		}
		if why != "" {
			kept = append(kept, folder+" ("+why+")")
			continue
		}
		if err := remove(folder); err != nil {
			return removed, kept, err
		}
		removed = append(removed, folder)
	}
	return removed, kept, nil
}

// newestGood returns the newest pack that ties out; "" where there is none.
func newestGood(folders []string) string {
	for i := len(folders) - 1; i >= 0; i-- {
		if w, err := Open(folders[i]); err == nil && w.Untied == 0 {
			return folders[i]
		}
	}
	return ""
}

// mayNotRemove says why a folder must stay; "" where it may go.
func mayNotRemove(folder, good string) (string, error) {
	w, err := Open(folder)
	switch {
	case errors.Is(err, ErrNoPack):
		return "it is no pack", nil
	case err != nil:
		return "", err
	case folder == good:
		return "the last one that ties out", nil
	}
	strangers, err := w.Strangers()
	if len(strangers) > 0 {
		return "it holds " + strangers[0] + ", which is not duepack's", err
	}
	return "", err
}

// remove takes a pack away at once, so that none is ever there in part: what is
// left of it by a crash has the name of a pack that was being written, and the next
// run removes it.
func remove(folder string) error {
	aside := beside(folder, newSuffix)
	if err := os.Rename(folder, aside); err != nil {
		return err
	}
	return errors.Join(flush(filepath.Dir(folder)), os.RemoveAll(aside))
}
