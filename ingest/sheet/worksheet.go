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

	mu          sync.Mutex // guards what follows
	merges      []Range
	knowsMerges bool
}

// Info describes the sheet.
func (w *worksheet) Info() Info { return w.info }

// Merges returns the merged cells; see Sheet.
func (w *worksheet) Merges() []Range {
	if merges, known := w.KnownMerges(); known {
		return merges
	}
	r, err := w.reader()
	if err != nil {
		return nil
	}
	defer r.close()
	if err = r.skipRows(); err == nil {
		err = r.readSheet(&batcher{now: &batch{}, dry: true})
	}
	if err != nil {
		r.merges = nil
	}
	w.learnMerges(r.merges)
	return r.merges
}

// KnownMerges returns the merged cells if a reading has come by them.
func (w *worksheet) KnownMerges() (merges []Range, known bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.merges, w.knowsMerges
}

func (w *worksheet) learnMerges(merges []Range) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.merges, w.knowsMerges = merges, true
}

// Rows reads the sheet from its start.
func (w *worksheet) Rows(yield func(*Row) error) error {
	return w.read(func(r *rowReader) (whole bool, err error) {
		err = overlap(r.readSheet, yield)
		return err == nil, err
	})
}

// Top reads the first rows.
func (w *worksheet) Top(n int) (rows []Row, err error) {
	err = w.read(func(r *rowReader) (whole bool, err error) {
		rows, whole, err = top(r.readSheet, n)
		return whole, err
	})
	return rows, err
}

// read lets some rows be read, and keeps the merged cells where that is the whole
// sheet.
func (w *worksheet) read(rows func(*rowReader) (whole bool, err error)) error {
	if err := w.book.prepare(); err != nil {
		return err
	}
	r, err := w.reader()
	if err != nil {
		return err
	}
	defer r.close()
	whole, err := rows(r)
	if whole {
		w.learnMerges(r.merges)
	}
	return err
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
