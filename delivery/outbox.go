package delivery

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/gofrs/flock"
)

// State is what became of a mail.
type State string

// The states of a mail. Only the last one of a pack and a recipient counts.
const (
	Waiting State = "waiting" // not taken yet; the next round or run tries again
	Sending State = "sending" // handed over, and no answer noted: it may have arrived, and is sent again under the same Message-ID
	Sent    State = "sent"
	Refused State = "refused" // for good
)

// Entry is one line of an outbox.
type Entry struct {
	At        time.Time `json:"at"`
	Pack      string    `json:"pack"` // SHA-256 of the pack's manifest.json
	Recipient string    `json:"recipient"`
	State     State     `json:"state"`
	MessageID string    `json:"message_id"`
	Date      time.Time `json:"date"`            // the mail's Date: when it was first due
	Tries     int       `json:"tries,omitempty"` // how often it was handed over
	Code      int       `json:"code,omitempty"`  // of the server's reply
	Reply     string    `json:"reply,omitempty"` // why it is not sent
}

type key struct{ pack, recipient string }

// Outbox is the record of what was sent: one JSON object a line, only ever
// appended to, and flushed to disk before anything is done that rests on it. It
// is beside the pack, because the pack itself is swapped.
type Outbox struct {
	file  *os.File
	last  map[key]Entry
	order []key
	fresh map[key]bool // sent since it was opened
}

const fileMode = 0o600

// Open reads an outbox, or begins one. A last line that a crash cut short is
// dropped: what it was about had not happened yet, or is sent again. Any other
// line that cannot be read is an error, because to ignore it could send twice.
func Open(path string) (*Outbox, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, fileMode)
	if err != nil {
		return nil, err
	}
	o := &Outbox{file: file, last: map[key]Entry{}, fresh: map[key]bool{}}
	if err := o.read(); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), file.Close())
	}
	return o, flushFolder(filepath.Dir(path))
}

// Look reads an outbox without changing it, for a look at what it says; one
// that is not there is empty. It cannot note anything.
func Look(path string) (*Outbox, error) {
	o := &Outbox{last: map[key]Entry{}, fresh: map[key]bool{}}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return o, nil
	}
	if err != nil {
		return nil, err
	}
	if _, err := o.takeLines(bytes.NewReader(text)); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return o, nil
}

// read takes over the lines of the file and leaves it at their end.
func (o *Outbox) read() error {
	whole, err := o.takeLines(o.file)
	if err != nil {
		return err
	}
	if err := o.file.Truncate(whole); err != nil {
		return err
	}
	_, err = o.file.Seek(whole, io.SeekStart)
	return err
}

// takeLines takes over whole lines and returns how many bytes they have.
func (o *Outbox) takeLines(from io.Reader) (whole int64, err error) {
	r := bufio.NewReader(from)
	for number := 1; ; number++ {
		line, err := r.ReadBytes('\n')
		if err != nil { // the end; a line without one was cut short
			break
		}
		if len(bytes.TrimSpace(line)) > 0 {
			var e Entry
			if err := json.Unmarshal(line, &e); err != nil || e.Pack == "" || e.Recipient == "" {
				return 0, fmt.Errorf("line %d cannot be read: this is no outbox, or it was edited (move it away to send everything again)", number)
			}
			o.take(e)
		}
		whole += int64(len(line))
	}
	return whole, nil
}

func (o *Outbox) take(e Entry) {
	k := key{e.Pack, e.Recipient}
	if _, known := o.last[k]; !known {
		o.order = append(o.order, k)
	}
	o.last[k] = e
}

// Note appends entries and flushes them to disk: when it returns, they survive a
// power cut.
func (o *Outbox) Note(entries ...Entry) error {
	if len(entries) == 0 {
		return nil
	}
	var lines bytes.Buffer
	for i := range entries {
		line, err := json.Marshal(entries[i])
		if err != nil {
			return fmt.Errorf("outbox: %w", err)
		}
		lines.Write(append(line, '\n'))
	}
	if _, err := o.file.Write(lines.Bytes()); err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	if err := o.file.Sync(); err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	for _, e := range entries {
		o.take(e)
		if e.State == Sent {
			o.fresh[key{e.Pack, e.Recipient}] = true
		}
	}
	return nil
}

// Last returns what is known of a pack and a recipient.
func (o *Outbox) Last(pack, recipient string) (Entry, bool) {
	e, ok := o.last[key{pack, recipient}]
	return e, ok
}

// Other returns the latest mail to the recipient that was sent, or may have
// been, of another pack in the same outbox.
func (o *Outbox) Other(pack, recipient string) (Entry, bool) {
	var found Entry
	for _, k := range o.order {
		e := o.last[k]
		if k.recipient == recipient && k.pack != pack && (e.State == Sent || e.State == Sending) && !e.At.Before(found.At) {
			found = e
		}
	}
	return found, found.Pack != ""
}

// Packs returns the packs the outbox knows, in the order in which they were
// first sent.
func (o *Outbox) Packs() []string {
	var list []string
	for _, k := range o.order {
		if !slices.Contains(list, k.pack) {
			list = append(list, k.pack)
		}
	}
	return list
}

// Entries returns the last entry of every recipient of a pack, in the order in
// which they were entered.
func (o *Outbox) Entries(pack string) []Entry {
	var list []Entry
	for _, k := range o.order {
		if k.pack == pack {
			list = append(list, o.last[k])
		}
	}
	return list
}

// Close closes the file.
func (o *Outbox) Close() error { return o.file.Close() }

// Replace writes a file whole or not at all: beside it under a fixed name, and
// then in its place. What a crash leaves beside it the next call writes over.
func Replace(path string, data []byte, mode fs.FileMode) error {
	beside := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".new")
	file, err := os.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if err = errors.Join(err, file.Chmod(mode), file.Sync(), file.Close()); err != nil {
		return errors.Join(err, os.Remove(beside))
	}
	if err := os.Rename(beside, path); err != nil {
		return errors.Join(err, os.Remove(beside))
	}
	return flushFolder(filepath.Dir(path))
}

// flushFolder makes a new name survive a power cut, where folders can be
// flushed.
func flushFolder(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	_ = f.Sync() // not every system can, and what is lost is an empty file
	return f.Close()
}

// ErrBusy says that another run delivers from the same folder.
var ErrBusy = errors.New("another run of duepack is sending from this folder")

const folderMode = 0o700

// Lock keeps other runs from delivering the packs of a folder until unlock is
// called; the system does it when the process ends, however it ends.
func Lock(folder string) (unlock func() error, err error) {
	if err := os.MkdirAll(folder, folderMode); err != nil {
		return nil, err
	}
	lock := flock.New(filepath.Join(folder, ".send.lock"), flock.SetPermissions(fs.FileMode(fileMode)))
	locked, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("locking the folder: %w", err)
	}
	if !locked {
		return nil, ErrBusy
	}
	return lock.Unlock, nil
}
