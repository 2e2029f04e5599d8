// Package sheet gives the rows of a spreadsheet file as raw typed cells, as a
// stream: xlsx workbooks and delimited text. It knows nothing about
// accounting; what a cell means is decided by package ingest.
package sheet

import (
	"slices"
	"strings"
)

// Kind is the type a cell has in the file.
type Kind uint8

// The kinds of cells.
const (
	Empty  Kind = iota
	Text        // Cell.Text is the text
	Number      // Cell.Text is the number as the file writes it: "6452.0799999999999", "1E-3"
	Date        // a number with a date format: Cell.Text is the serial; or an ISO 8601 text (t="d")
	Bool        // Cell.Text is "TRUE" or "FALSE"
	Error       // Cell.Text is the error's name: "#N/A"
)

// Cell is one cell, as the file has it. Its text is valid only until the next
// row: what is to be kept is cloned.
type Cell struct {
	Text string
	Kind Kind
	// Visible says that the cell has something else than spaces, which costs no look
	// at the text.
	Visible bool
	// Shared is 1 + the index of the text in the table of shared texts of the
	// workbook, 0 where it is not from there. The same number is the same text in
	// all sheets of a file, but the same text may have several numbers or none.
	Shared int32
}

// Row is one row. Cells is indexed by column (0 is A) and is only valid until
// the next row; cells to its right are empty.
type Row struct {
	Cells  []Cell
	Number int  // as a spreadsheet shows it, from 1
	Hidden bool // hidden in the file, by hand or by a filter
	// Shown has a bit for each of the first 64 cells, the lowest for A, set where the
	// cell is Visible.
	Shown uint64
	// Offset is about how many of the sheet's Info.Bytes end with the row.
	Offset int64
	// HiddenColumns are the hidden columns of the sheet; their rows say nothing.
	HiddenColumns []Range
}

// Kept returns the row with cells that stay valid.
func (r Row) Kept() Row {
	bytes := 0
	for _, c := range r.Cells {
		bytes += len(c.Text)
	}
	var texts strings.Builder
	texts.Grow(bytes)
	r.Cells = slices.Clone(r.Cells)
	for i := range r.Cells {
		c := &r.Cells[i]
		start := texts.Len()
		texts.WriteString(c.Text)
		c.Text = texts.String()[start:]
	}
	return r
}

// Range is a rectangle of cells, both ends inside, columns and rows from 1.
type Range struct {
	FirstRow, LastRow int
	FirstCol, LastCol int
}

// Info describes a sheet without its rows.
type Info struct {
	Name     string // "" for a text file
	Hidden   bool
	Date1904 bool // the workbook counts days from 1904-01-01
	// Format says how a text file was read: "UTF-8 with BOM, comma"; "" for a workbook.
	Format string
	// Bytes is about how large the sheet is, unpacked, as the file says; it may lie.
	Bytes int64
}

// Sheet is one sheet of an open file.
type Sheet interface {
	Info() Info
	// Rows calls yield for every row that has a cell, in the order of row
	// numbers, until yield returns an error, which Rows returns as it is. It
	// may be called more than once.
	Rows(yield func(*Row) error) error
	// Top returns the first n rows that have a cell; their cells stay valid. It
	// reads little more than them, so what is wrong further down does not show.
	Top(n int) ([]Row, error)
	// Merges returns the merged cells; the value of a range stands in its top
	// left one. A workbook lists them behind the rows: where no call of Rows has
	// come to the end, this one unpacks the whole sheet for them. What is wrong
	// with the sheet is Rows's to report; then there are none.
	Merges() []Range
	// KnownMerges is Merges as far as it costs nothing: known is false where
	// the sheet would have to be unpacked.
	KnownMerges() (merges []Range, known bool)
}

// File is an open spreadsheet file.
type File interface {
	// Sheets returns the worksheets in the order of their tabs; chart sheets
	// are left out.
	Sheets() []Sheet
	// Release lets go of what the sheets share, which can be most of a workbook,
	// until one of them is read again. None may be being read.
	Release()
	Close() error
}

// FormatError says that a file, or a place in it, cannot be read as a
// spreadsheet. Code is one of the codes of ingest.
type FormatError struct {
	Code    string // not-a-workbook, encrypted, old-format, empty-file, corrupt-workbook, bad-encoding, truncated-file, quoted-rows, limit-exceeded
	Sheet   string // "" where the whole file is meant
	Cell    string // "A17", "" where no cell is meant
	Message string // what was found
	Hint    string // what to do
}

// Error joins what was found and what to do.
func (e *FormatError) Error() string {
	if e.Hint == "" {
		return e.Message
	}
	return e.Message + " (" + e.Hint + ")"
}
