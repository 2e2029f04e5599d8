package xlsx

import (
	"archive/zip"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
)

// parts is the zip writer that excelize hands the parts of a workbook to. It
// keeps them, and writes them sorted and with one fixed time, because excelize
// gives them in the order of a map and without a time: the same pack must give
// the same bytes. Into the part of a sheet it writes the sheet's rows; charts and
// properties it replaces by those of this package.
type parts struct {
	out    io.Writer
	files  map[string]*bytes.Buffer
	sheets map[string]*sheet // by part name
	own    map[string][]byte // by part name
}

func newParts(out io.Writer, sheets map[string]*sheet, own map[string][]byte) *parts {
	return &parts{out: out, files: map[string]*bytes.Buffer{}, sheets: sheets, own: own}
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

// archive writes the parts in the order of their names: one while the next is
// made.
func (p *parts) archive(names []string) error {
	ready, pieces := make(chan *packedPart), newPacker()
	var failed atomic.Bool
	go func() {
		defer close(ready)
		defer close(pieces.work)
		for _, name := range names {
			if failed.Load() {
				return
			}
			part := &packedPart{rows: p.sheets[name] != nil && p.sheets[name].bare, header: zip.FileHeader{Name: name, Method: zip.Deflate, ReaderVersion: deflateVersion, ModifiedDate: partDate}}
			part.err = p.writePart(name, pieces.buffer, func(content []byte, last bool) []byte { return pieces.add(part, content, last) })
			ready <- part
		}
	}()
	var err error
	archive := zip.NewWriter(p.out)
	for part := range ready {
		if wrong := pieces.write(part, archive); wrong != nil && err == nil {
			err = fmt.Errorf("%s: %w", part.header.Name, wrong)
			failed.Store(true)
		}
	}
	return cmp.Or(err, archive.Close())
}

// Places in what excelize writes: where the rows of a sheet belong, before
// what its links stand, and what says how deep its outline is.
const (
	emptyRows  = "<sheetData></sheetData>"
	afterLinks = "<pageMargins"
	rowFormat  = "<sheetFormatPr "
)

// Bars of a cell begin at zero unless one is below it; excelize lets them begin
// at the smallest, which lies.
const (
	sparkFromSmallest = `<x14:sparklineGroup type="column" displayEmptyCellsAs="gap" last="true">`
	sparkFromZero     = `<x14:sparklineGroup manualMin="0" type="column" displayEmptyCellsAs="gap" last="true" minAxisType="custom">`
)

// writePart writes a part, with its rows where it is a sheet, which begins in a
// buffer. It hands over what it has whenever that is much, and goes on in the
// buffer it gets back.
func (p *parts) writePart(name string, buffer func() []byte, hand func(content []byte, last bool) []byte) error {
	content := p.files[name].Bytes()
	if s := p.sheets[name]; s != nil {
		return writeSheet(s, content, buffer(), hand)
	}
	if own := p.own[name]; own != nil {
		content = own
	}
	if name == "[Content_Types].xml" {
		content = contentTypes(content)
	}
	hand(content, true)
	return nil
}

// writeSheet writes a sheet with its rows and links, beginning in a buffer.
func writeSheet(s *sheet, content, buffer []byte, hand func(content []byte, last bool) []byte) error {
	head, tail, found := bytes.Cut(content, []byte(emptyRows))
	before, after, hasMargins := bytes.Cut(tail, []byte(afterLinks))
	if !found || !hasMargins {
		return errors.New("the sheet has no place for rows and links")
	}
	if outline := s.outline(); outline != "" {
		head = bytes.Replace(head, []byte(rowFormat), []byte(rowFormat+outline), 1)
	}
	rows := &rowWriter{last: s.rows, bare: s.bare, flush: func(r *rowWriter) { r.buf = hand(r.buf, false) }}
	rows.buf = append(buffer, head...)
	rows.raw("<sheetData>")
	s.write(rows)
	rows.end()
	rows.raw("</sheetData>")
	rows.buf = append(rows.buf, before...)
	rows.writeLinks()
	rows.raw(afterLinks)
	hand(append(rows.buf, bytes.ReplaceAll(after, []byte(sparkFromSmallest), []byte(sparkFromZero))...), true)
	return nil
}

// contentTypes sorts the list of content types, which excelize writes in the
// order of a map; defaults come before overrides.
func contentTypes(content []byte) []byte {
	entries := contentType.FindAllString(string(content), -1)
	slices.Sort(entries)
	before := content[:contentType.FindIndex(content)[0]] // there is always the workbook's
	return slices.Concat(before, []byte(strings.Join(entries, "")), []byte("</Types>"))
}

var contentType = regexp.MustCompile(`<(?:Default|Override) [^>]*></(?:Default|Override)>`)
