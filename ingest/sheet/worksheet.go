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

	merged sync.Once
	merges []Range
}

// Info describes the sheet. Merged cells stand behind the rows, so the first
// call unpacks the whole part, without looking at its cells. What is wrong
// with the part is Rows's to report.
func (w *worksheet) Info() Info {
	w.merged.Do(func() {
		r, err := w.reader()
		if err != nil {
			return
		}
		defer r.close()
		if err = r.skipRows(); err == nil {
			err = r.readSheet(func(Row) error { return nil })
		}
		if err == nil {
			w.merges = r.merges
		}
	})
	info := w.info
	info.Merges = w.merges
	return info
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
