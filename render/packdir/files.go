package packdir

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// file is one file of the folder as it was written.
type file struct {
	name, rep string // those of its task
	bytes     int
	sha256    string
}

// writeFiles makes the files of a new folder, several at a time, and flushes
// them to disk. It returns them sorted by name. A failure, or a cancelled
// context, keeps it from beginning another file.
func writeFiles(ctx context.Context, folder string, tasks []task) ([]file, error) {
	if err := makeFolders(folder, tasks); err != nil {
		return nil, err
	}
	files, errs := make([]file, len(tasks)), make([]error, len(tasks))
	next, flushes := make(chan int), newFlusher()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var running sync.WaitGroup
	for range min(len(tasks), runtime.GOMAXPROCS(0)) {
		running.Go(func() {
			for i := range next {
				if files[i], errs[i] = writeFile(folder, &tasks[i], flushes); errs[i] != nil {
					stop()
				}
			}
		})
	}
	for i := 0; i < len(tasks) && ctx.Err() == nil; i++ {
		next <- i
	}
	close(next)
	running.Wait()
	err := cmp.Or(errors.Join(append(errs, flushes.wait())...), ctx.Err())
	slices.SortFunc(files, func(x, y file) int { return strings.Compare(x.name, y.name) })
	return files, err
}

// makeFolders makes the folders that files are in.
func makeFolders(folder string, tasks []task) error {
	for i := range tasks {
		if sub := path.Dir(tasks[i].name); sub != "." {
			if err := os.Mkdir(filepath.Join(folder, sub), folderMode); err != nil && !errors.Is(err, fs.ErrExist) {
				return err
			}
		}
	}
	return nil
}

// writeFile makes a file and hands it over to be flushed.
func writeFile(folder string, t *task, flushes *flusher) (file, error) {
	out, err := os.OpenFile(filepath.Join(folder, filepath.FromSlash(t.name)), os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return file{}, err
	}
	hashed := &hashedFile{file: out, hash: sha256.New()}
	if err := t.write(hashed); err != nil {
		return file{}, errors.Join(fmt.Errorf("%s: %w", t.name, err), out.Close())
	}
	flushes.files <- out
	return file{name: t.name, rep: t.rep, bytes: hashed.bytes, sha256: hex.EncodeToString(hashed.hash.Sum(nil))}, nil
}

// hashedFile adds up what is written to a file. It has no other way to write than
// Write: those of the file, such as WriteString, would not be added up.
type hashedFile struct {
	file  *os.File
	hash  hash.Hash
	bytes int
}

func (f *hashedFile) Write(data []byte) (int, error) {
	n, err := f.file.Write(data)
	f.hash.Write(data[:n])
	f.bytes += n
	return n, err
}

// flusher flushes files to disk, one after the other, while others are made.
type flusher struct {
	files chan *os.File
	err   error // of the first that failed
	done  chan struct{}
}

func newFlusher() *flusher {
	const waiting = 16 // files that may be open beside those being made
	f := &flusher{files: make(chan *os.File, waiting), done: make(chan struct{})}
	go f.run()
	return f
}

func (f *flusher) run() {
	defer close(f.done)
	for file := range f.files {
		if err := errors.Join(file.Sync(), file.Close()); err != nil && f.err == nil {
			f.err = err
		}
	}
}

// wait returns when every file is on disk.
func (f *flusher) wait() error {
	close(f.files)
	<-f.done
	return f.err
}
