package packdir

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"
)

// ErrBusy says that another run is writing to the same folder.
var ErrBusy = errors.New("another run of duepack is writing to this folder")

// What a pack holds is nobody's business but its owner's: customers, amounts,
// mail addresses.
const (
	folderMode = 0o700
	fileMode   = 0o600
)

// Names beside the packs: the lock, a pack that is being written, and the one
// that it replaces. A leading dot keeps them out of lists.
const (
	lockName  = ".lock"
	newSuffix = ".new"
	oldSuffix = ".old"
)

// place lets fill write a folder beside target and swaps it in.
func place(ctx context.Context, target string, fill func(folder string) error) (err error) {
	dir := filepath.Dir(target)
	if err := os.MkdirAll(dir, folderMode); err != nil {
		return err
	}
	lock := flock.New(filepath.Join(dir, lockName), flock.SetPermissions(fileMode))
	locked, err := lock.TryLock()
	if err != nil {
		return fmt.Errorf("locking the folder: %w", err)
	}
	if !locked {
		return ErrBusy
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()

	if err := recoverFolder(dir); err != nil {
		return fmt.Errorf("clearing up after a run that did not finish: %w", err)
	}
	made := beside(target, newSuffix)
	if err := writeFolder(made, fill); err != nil {
		return errors.Join(err, os.RemoveAll(made))
	}
	if err := ctx.Err(); err != nil {
		return errors.Join(err, os.RemoveAll(made))
	}
	return swap(made, target)
}

// beside returns the hidden name next to target.
func beside(target, suffix string) string {
	return filepath.Join(filepath.Dir(target), "."+filepath.Base(target)+suffix)
}

// recoverFolder puts right what a run left that was killed: a folder that was
// being written is removed; one that was moved aside comes back where nothing
// took its place, and is removed where the new pack did.
func recoverFolder(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		name, hidden := strings.CutPrefix(entry.Name(), ".")
		left := filepath.Join(dir, entry.Name())
		if _, isNew := strings.CutSuffix(name, newSuffix); hidden && isNew {
			if err := os.RemoveAll(left); err != nil {
				return err
			}
		}
		asOf, isOld := strings.CutSuffix(name, oldSuffix)
		if !hidden || !isOld {
			continue
		}
		target := filepath.Join(dir, asOf)
		if _, err := os.Lstat(target); errors.Is(err, fs.ErrNotExist) {
			err = os.Rename(left, target)
			if err != nil {
				return err
			}
			continue
		}
		if err := os.RemoveAll(left); err != nil {
			return err
		}
	}
	return nil
}

// writeFolder lets fill write files into a new folder, and flushes the folder and
// those in it to disk, as fill does with the files: a swap never puts a folder in
// place whose files are not there after a power cut.
func writeFolder(folder string, fill func(folder string) error) error {
	if err := os.Mkdir(folder, folderMode); err != nil {
		return err
	}
	if err := fill(folder); err != nil {
		return err
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if entry.IsDir() {
			if err := flush(filepath.Join(folder, entry.Name())); err != nil {
				return err
			}
		}
	}
	return flush(folder)
}

// swap puts made at target. Where the system can exchange two names in one
// step, target is never missing; elsewhere it is for the moment between two
// renames, and recoverFolder knows what to do.
func swap(made, target string) error {
	dir := filepath.Dir(target)
	if _, err := os.Lstat(target); errors.Is(err, fs.ErrNotExist) {
		if err := os.Rename(made, target); err != nil {
			return errors.Join(err, os.RemoveAll(made))
		}
		return flush(dir)
	}
	if exchanged, err := exchange(made, target); err != nil {
		return errors.Join(err, os.RemoveAll(made))
	} else if exchanged {
		return errors.Join(flush(dir), os.RemoveAll(made)) // made is the old pack now
	}
	return swapByRenames(made, target)
}

// swapByRenames moves the old folder aside, the new one in, and removes the
// old one.
func swapByRenames(made, target string) error {
	old := beside(target, oldSuffix)
	if err := os.Rename(target, old); err != nil {
		return errors.Join(err, os.RemoveAll(made))
	}
	if err := os.Rename(made, target); err != nil {
		return errors.Join(err, os.Rename(old, target), os.RemoveAll(made))
	}
	return errors.Join(flush(filepath.Dir(target)), os.RemoveAll(old))
}
