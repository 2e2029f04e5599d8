package xlsx

import (
	"archive/zip"
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/flate"
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

// partTime is the time of every part: the first that a zip file can hold.
var partTime = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

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
	archive := zip.NewWriter(p.out)
	deflate, err := flate.NewWriter(io.Discard, 5)
	if err != nil {
		return err
	}
	archive.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		deflate.Reset(w) // parts are written one after the other
		return deflate, nil
	})
	for _, name := range names {
		w, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: partTime})
		if err != nil {
			return err
		}
		if err := p.writePart(w, name); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return archive.Close()
}

// emptyRows is where the rows of a sheet belong in what excelize writes.
const emptyRows = "<sheetData></sheetData>"

// writePart writes a part, with its rows where it is a sheet.
func (p *parts) writePart(w io.Writer, name string) error {
	content := p.files[name].Bytes()
	write, isSheet := p.rows[name]
	if !isSheet {
		_, err := w.Write(content)
		return err
	}
	head, tail, found := bytes.Cut(content, []byte(emptyRows))
	if !found {
		return errors.New("the sheet has no place for rows")
	}
	buffered := bufio.NewWriterSize(w, 1<<16)
	_, _ = buffered.Write(head) // bufio keeps the first error for Flush
	rows := &rowWriter{out: buffered}
	_, _ = buffered.WriteString("<sheetData>")
	write(rows)
	rows.end()
	_, _ = buffered.WriteString("</sheetData>")
	_, _ = buffered.Write(tail)
	return buffered.Flush()
}
