package xlsx

import (
	"archive/zip"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
)

// parts is the zip writer that excelize hands the parts of a workbook to. It
// keeps them, and writes them sorted and with one fixed time, because excelize
// gives them in the order of a map and without a time: the same pack must give
// the same bytes. Into the part of a sheet it writes the sheet's rows.
type parts struct {
	out   io.Writer
	files map[string]*bytes.Buffer
	rows  map[string]func(*rowWriter) // by part name
}

func newParts(out io.Writer, rows map[string]func(*rowWriter)) *parts {
	return &parts{out: out, files: map[string]*bytes.Buffer{}, rows: rows}
}

// Create takes a part.
func (p *parts) Create(name string) (io.Writer, error) {
	buffer := &bytes.Buffer{}
	p.files[name] = buffer
	return buffer, nil
}

// AddFS is not used by excelize.
func (p *parts) AddFS(fs.FS) error { return errors.ErrUnsupported }

// partDate is the date of every part, 1980-01-01: the first that a zip file can
// hold, as year since 1980, month and day.
const partDate = 0<<9 | 1<<5 | 1

// deflateVersion is the version of the format that a reader of deflated parts
// must know.
const deflateVersion = 20

// Close writes the archive.
func (p *parts) Close() error {
	names := make([]string, 0, len(p.files))
	for name := range p.files {
		names = append(names, name)
	}
	slices.SortFunc(names, func(x, y string) int {
		// [Content_Types].xml first, as every reader expects it.
		return cmp.Or(cmp.Compare(strings.Index(x, "["), strings.Index(y, "["))*-1, strings.Compare(x, y))
	})
	return p.archive(names)
}

// archive writes the parts in the order of their names.
func (p *parts) archive(names []string) error {
	ready, pieces := make(chan *packedPart), newPacker()
	go func() {
		defer close(ready)
		defer close(pieces.work)
		for _, name := range names {
			part := &packedPart{header: zip.FileHeader{Name: name, Method: zip.Deflate, ReaderVersion: deflateVersion, ModifiedDate: partDate}}
			part.err = p.writePart(name, func(content []byte, last bool) []byte { return pieces.add(part, content, last) })
			ready <- part
		}
	}()
	archive := zip.NewWriter(p.out)
	var first error
	for part := range ready { // all of them, also after an error: the goroutine has to end
		if first != nil {
			continue
		}
		if err := part.writeTo(archive); err != nil {
			first = fmt.Errorf("%s: %w", part.header.Name, err)
		}
	}
	return cmp.Or(first, archive.Close())
}

// emptyRows is where the rows of a sheet belong in what excelize writes.
const emptyRows = "<sheetData></sheetData>"

// writePart writes a part, with its rows where it is a sheet. It hands over
// what it has whenever that is much, and goes on in the buffer it gets back.
func (p *parts) writePart(name string, hand func(content []byte, last bool) []byte) error {
	content := p.files[name].Bytes()
	write, isSheet := p.rows[name]
	if !isSheet {
		hand(content, true)
		return nil
	}
	head, tail, found := bytes.Cut(content, []byte(emptyRows))
	if !found {
		return errors.New("the sheet has no place for rows")
	}
	rows := &rowWriter{flush: func(r *rowWriter) { r.buf = hand(r.buf, false) }}
	rows.buf = append(rows.buf, head...)
	rows.raw("<sheetData>")
	write(rows)
	rows.end()
	rows.raw("</sheetData>")
	hand(append(rows.buf, tail...), true)
	return nil
}
