package samples

import (
	"bufio"
	"os"
	"path/filepath"
	"strconv"

	"duepack/analysis/ledger"
)

// column is a column of a sheet: its head and how wide a workbook shows it.
type column struct {
	head  word
	width int // in characters
}

// table takes the cells of a sheet row by row, from left to right.
type table interface {
	text(s string)                           // what repeats: names, kinds
	code(s string)                           // what is mostly different in every row: numbers of documents
	money(amount ledger.Minor, exponent int) // an amount of a currency
	number(decimal string)                   // a number as written
	percent(decimal string)                  // a share; 0.05 is 5 %
	date(d ledger.Date)                      // 0 is an empty cell
	skip()                                   // an empty cell
	end() error                              // the row is complete
}

// tables makes the sheets of a book, one after the other.
type tables interface {
	// sheet begins a sheet with a row of heads, below a title row where title
	// is given. It ends the sheet before it.
	sheet(name, title word, lang string, columns []column) (table, error)
	close() error
	abandon() // drops the file being written, after an error
}

// delimited writes one CSV file per sheet: UTF-8, comma, LF. Chinese files
// begin with a byte order mark, without which Excel takes them for GBK. The
// files have the English names of the sheets.
type delimited struct {
	dir   string
	file  *os.File
	out   *bufio.Writer
	row   []byte
	cells int
}

func (f *delimited) sheet(name, title word, lang string, columns []column) (table, error) {
	if err := f.close(); err != nil {
		return nil, err
	}
	file, err := os.Create(filepath.Join(f.dir, name.en+".csv"))
	if err != nil {
		return nil, err
	}
	f.file, f.out = file, bufio.NewWriterSize(file, 1<<18)
	if lang == Chinese {
		f.row = append(f.row, "\ufeff"...)
	}
	if title != (word{}) {
		f.text(title.in(lang))
		f.end()
	}
	for _, c := range columns {
		f.text(c.head.in(lang))
	}
	return f, f.end()
}

func (f *delimited) close() error {
	if f.file == nil {
		return nil
	}
	file := f.file
	f.file = nil
	if err := f.out.Flush(); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}

func (f *delimited) abandon() {
	if f.file != nil {
		f.file.Close()
		os.Remove(f.file.Name())
	}
}

func (f *delimited) next() {
	if f.cells > 0 {
		f.row = append(f.row, ',')
	}
	f.cells++
}

func (f *delimited) text(s string) {
	f.next()
	quote := false
	for _, c := range []byte(s) {
		quote = quote || c == ',' || c == '"' || c == '\n' || c == '\r'
	}
	if !quote {
		f.row = append(f.row, s...)
		return
	}
	f.row = append(f.row, '"')
	for _, c := range []byte(s) {
		if c == '"' {
			f.row = append(f.row, '"')
		}
		f.row = append(f.row, c)
	}
	f.row = append(f.row, '"')
}

func (f *delimited) code(s string) { f.text(s) }

func (f *delimited) money(amount ledger.Minor, exponent int) {
	f.next()
	f.row = amount.AppendDecimal(f.row, exponent)
}

func (f *delimited) number(decimal string)  { f.text(decimal) }
func (f *delimited) percent(decimal string) { f.text(decimal) }

func (f *delimited) date(d ledger.Date) {
	f.next()
	f.row = appendDate(f.row, d)
}

func (f *delimited) skip() { f.next() }

func (f *delimited) end() error {
	f.row = append(f.row, '\n')
	_, err := f.out.Write(f.row)
	f.row, f.cells = f.row[:0], 0
	return err
}

// appendDate appends YYYY-MM-DD, and nothing for no date.
func appendDate(dst []byte, d ledger.Date) []byte {
	if d == 0 {
		return dst
	}
	y, m, day := d.Civil()
	dst = append(strconv.AppendInt(dst, int64(y), 10), '-')
	dst = append(append2(dst, m), '-')
	return append2(dst, day)
}

func append2(dst []byte, n int) []byte { return append(dst, byte('0'+n/10), byte('0'+n%10)) }
