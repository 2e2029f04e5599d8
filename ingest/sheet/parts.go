package sheet

import (
	"bytes"
	"errors"
	"io"
	"sync"
)

// Part is a stretch of the records of a text file that is read beside the others.
type Part struct {
	Bytes   int64 // of the file
	Records int   // in these bytes, if every line is one; of the last part about as many

	of    *textFile
	from  int64
	first int  // records before
	last  bool // no part begins where it ends
}

// leastPartBytes is how much text a goroutine is started for.
const leastPartBytes = 1 << 20

// leastLineBytes is how long the lines of a ledger are at least, on average. Room
// is made for what lines may hold, so a file of line ends alone is read whole.
const leastLineBytes = 32

// errNotApart says that a line did not end a record: the text must be read whole.
var errNotApart = errors.New("the parts do not begin where records do")

// Parts cuts a text into at most n parts where lines end, which is where records
// end if no quoted field has a line end in it: Part.Rows finds that out. It
// returns nil where the text is too short for it to pay, or cannot be cut.
func (t *textFile) Parts(n int) []*Part {
	_, plain := t.encoding.decoder.(utf8Decoder)
	if n = min(n, int(t.size/leastPartBytes)); n < 2 || !plain || t.behindLine(t.size-1) != t.size {
		return nil // without a line end the last record may be cut: see usualWidth
	}
	parts := make([]*Part, n)
	from := t.encoding.skip
	for i := range parts {
		to := t.size
		if i < n-1 {
			to = t.behindLine(t.size / int64(n) * int64(i+1))
		}
		if to <= from {
			return nil
		}
		parts[i] = &Part{of: t, from: from, Bytes: to - from}
		from = to
	}
	var counting sync.WaitGroup
	counted, last := parts[:n-1], parts[n-1]
	for _, p := range counted {
		counting.Go(p.count)
	}
	counting.Wait()
	if t.declared {
		parts[0].Records-- // its first line is none
	}
	records := 0
	for _, p := range counted {
		if p.Records < 0 {
			return nil
		}
		p.first = records
		records += p.Records
	}
	if int64(records) > last.from/leastLineBytes {
		return nil
	}
	last.first, last.last = records, true
	last.Records = records/len(counted)*17/16 + 64 // about, as it is no longer than the others: nobody has to know
	return parts
}

// behindLine returns the place behind the first line end at or behind at; 0 where
// there is none near.
func (t *textFile) behindLine(at int64) int64 {
	b := make([]byte, min(64<<10, t.size-at))
	if _, err := t.file.ReadAt(b, at); err != nil && !errors.Is(err, io.EOF) {
		return 0 // whoever reads the text will say so
	}
	i := bytes.IndexByte(b, '\n')
	if i < 0 {
		return 0
	}
	return at + int64(i) + 1
}

// count counts the lines; less than none where the file cannot be read, or where
// the first of them show that lines end in quoted fields: reading them in parts
// would be for nothing.
func (p *Part) count() {
	in := io.NewSectionReader(p.of.file, p.from, p.Bytes)
	b := make([]byte, textBlockBytes)
	for first := true; ; first = false {
		n, err := in.Read(b)
		p.Records += bytes.Count(b[:n], []byte{'\n'})
		switch {
		case errors.Is(err, io.EOF):
			return
		case err != nil || first && oddQuotes(b[:n]):
			p.Records = -1
			return
		}
	}
}

// oddQuotes reports whether a line has a quote without another.
func oddQuotes(b []byte) bool {
	for line := range bytes.Lines(b) {
		if line[len(line)-1] == '\n' && bytes.Count(line, []byte{'"'})%2 == 1 {
			return true
		}
	}
	return false
}

// Rows is Sheet.Rows for the part, on the caller's goroutine; Row.Offset counts from
// where the part begins. What yield returned comes back; any other error may only
// say that the part does not begin or end with a record.
func (p *Part) Rows(yield func(*Row) error) error {
	t := *p.of
	t.declared = t.declared && p.from == t.encoding.skip
	t.encoding.skip, t.size, t.before = p.from, p.from+p.Bytes, p.first
	last := 0
	err := inTurn(func(out *batcher) (err error) {
		last, err = t.records(out)
		return err
	}, yield)
	if err == nil && !p.last && last != p.first+p.Records {
		return errNotApart
	}
	return err
}
