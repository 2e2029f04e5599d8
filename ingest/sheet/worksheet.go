package sheet

import (
	"bytes"
	"sync"
)

// worksheet is one sheet of a workbook.
type worksheet struct {
	book *workbook
	part string // "" where the workbook names a part that is not there
	info Info

	merged    sync.Once
	merges    []Range
	mergesErr error
}

// eagerMergeBytes is the size of a sheet up to which Info looks for merged
// cells: they stand at the end of the part, so finding them means unpacking
// it, which takes 35 ms for this much.
const eagerMergeBytes = 16 << 20

// Info describes the sheet.
func (w *worksheet) Info() Info {
	info := w.info
	if f := w.book.parts[partKey(w.part)]; f != nil && f.UncompressedSize64 <= eagerMergeBytes {
		info.Merges, _ = w.findMerges() // a damaged part is Rows's to report
	}
	return info
}

// Merges returns the merged ranges of a sheet of any size: Info leaves them
// out for a worksheet over 16 MiB unpacked, because they stand at its end and
// finding them takes a pass over all of it.
func Merges(s Sheet) ([]Range, error) {
	if w, ok := s.(*worksheet); ok {
		return w.findMerges()
	}
	return s.Info().Merges, nil
}

func (w *worksheet) findMerges() ([]Range, error) {
	w.merged.Do(func() {
		r, err := w.reader()
		if err != nil {
			w.mergesErr = err
			return
		}
		defer r.close()
		if w.mergesErr = r.skipRows(); w.mergesErr == nil {
			w.mergesErr = r.readSheet(func(Row) error { return nil })
		}
		w.merges = r.merges
	})
	return w.merges, w.mergesErr
}

// Rows reads the sheet from its start.
func (w *worksheet) Rows(yield func(Row) error) error {
	if err := w.book.prepare(); err != nil {
		return err
	}
	r, err := w.reader()
	if err != nil {
		return err
	}
	defer r.close()
	return r.readSheet(yield)
}

// reader starts unpacking the sheet; its close must be called.
func (w *worksheet) reader() (*rowReader, error) {
	if w.part == "" {
		return nil, place(corrupt("the workbook does not say which part holds this sheet"), w.info.Name, 0, 0)
	}
	part, err := w.book.open(w.part)
	if err != nil {
		return nil, place(err, w.info.Name, 0, 0)
	}
	return &rowReader{scanner: newScanner(part, w.book.limits), book: w.book, sheet: w.info.Name, part: w.part}, nil
}

// skipRows moves behind </sheetData> without looking at the rows. Tags before
// it are read one by one, so a sheet without rows ends the search at once.
func (r *rowReader) skipRows() error {
	r.behindRows = true
	for {
		t, ok, err := r.next()
		if err != nil || !ok {
			return r.at(err)
		}
		if t.is("sheetData") {
			if t.empty {
				return nil
			}
			break
		}
	}
	mark := []byte("sheetData>")
	for {
		rest := r.buf[r.pos:]
		i := bytes.Index(rest, mark)
		if i < 0 {
			const longestPrefix = 64
			r.pos = max(r.pos, len(r.buf)-longestPrefix)
			if !r.more() {
				return r.at(r.fail())
			}
			continue
		}
		r.pos += i + len(mark)
		open := bytes.LastIndexByte(rest[:i], '<')
		if open >= 0 && rest[open+1] == '/' {
			return nil
		}
	}
}
