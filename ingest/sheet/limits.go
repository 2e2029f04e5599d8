package sheet

import (
	"fmt"
	"strconv"
	"strings"
)

// Limits bound what reading one file may cost, so that a file made to exhaust
// the machine ends in a FormatError that names the limit and how to raise it.
// A zero field means its default; the zero value is right for every honest book.
type Limits struct {
	UnpackedBytes   int64 // all parts of a workbook together, unpacked; default 4 GiB
	PackRatio       int64 // unpacked size ÷ packed size of a part over 64 MiB; default 500
	SharedStrings   int64 // texts in a workbook's shared table; default 10 million
	SharedTextBytes int64 // their texts together; default 128 MiB: 128 bytes of own text in each row a sheet can have
	Sheets          int64 // worksheets of a workbook; default 10,000
	Rows            int64 // highest row number; default 10 million
	Columns         int64 // highest column number; default 16,384 (XFD)
	Cells           int64 // sum of the widths of a sheet's rows; default 500 million
	Merges          int64 // merged ranges of a sheet; default 1 million
	RecordBytes     int64 // one record of a text file, or one text of a workbook; default 4 MiB
	Errors          int64 // errors in the rows of a sheet, which ingest counts; default 100,000
	PartBytes       int64 // one of the small parts held whole (styles, relationships); default 32 MiB
}

// limit is one field of Limits with the name it has in messages and on the
// command line, and its default.
type limit struct {
	name  string
	field *int64
	value int64
}

// all lists the limits.
func (l *Limits) all() []limit {
	return []limit{
		{"unpacked-bytes", &l.UnpackedBytes, 4 << 30},
		{"pack-ratio", &l.PackRatio, 500},
		{"shared-strings", &l.SharedStrings, 10_000_000},
		{"shared-text-bytes", &l.SharedTextBytes, 128 << 20},
		{"sheets", &l.Sheets, 10_000},
		{"rows", &l.Rows, 10_000_000},
		{"columns", &l.Columns, 16_384},
		{"cells", &l.Cells, 500_000_000},
		{"merges", &l.Merges, 1_000_000},
		{"record-bytes", &l.RecordBytes, 4 << 20},
		{"errors", &l.Errors, 100_000},
		{"part-bytes", &l.PartBytes, 32 << 20},
	}
}

// Set raises or lowers one limit by its name: "rows=20000000". It is what a
// --limit flag hands over. The error names the known limits.
func (l *Limits) Set(assignment string) error {
	name, text, _ := strings.Cut(assignment, "=")
	value, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	var known []string
	for _, limit := range l.all() {
		if limit.name != strings.TrimSpace(name) {
			known = append(known, limit.name)
			continue
		}
		if err != nil || value <= 0 {
			return fmt.Errorf("limit %q: want a whole number above 0, as in %s=%d", assignment, limit.name, limit.value)
		}
		*limit.field = value
		return nil
	}
	return fmt.Errorf("limit %q is not known (want NAME=N with NAME one of %s)", assignment, strings.Join(known, ", "))
}

// withDefaults returns the limits with every zero field filled in.
func (l Limits) withDefaults() Limits {
	for _, limit := range l.all() {
		if *limit.field <= 0 {
			*limit.field = limit.value
		}
	}
	return l
}

// MostErrors returns the number of errors in the rows of a sheet after which
// reading it stops: each is kept until it is printed, and nobody mends so many.
func (l Limits) MostErrors() int64 { return l.withDefaults().Errors }

// TooManyErrors is the error of a sheet with more errors than MostErrors, of which
// first is one.
func (l Limits) TooManyErrors(first string) *FormatError {
	return limitExceeded("errors", l.MostErrors(), "the rows of the sheet have very many errors, as "+first)
}

// limitExceeded is the error for a limit by its name; what was found comes first.
func limitExceeded(name string, limit int64, found string) *FormatError {
	return &FormatError{
		Code:    "limit-exceeded",
		Message: fmt.Sprintf("%s: over the limit %s=%d", found, name, limit),
		Hint:    fmt.Sprintf("if you trust the file, raise the limit: --limit %s=N", name),
	}
}
