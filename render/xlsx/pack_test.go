package xlsx

import (
	"bytes"
	"errors"
	"runtime"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"duepack/render"
	books "duepack/render/internal/book"
)

// A large book is packed in pieces on several processors. Cut into very small
// ones it must read the same, whatever their number, and give the same bytes
// on one processor and on eight; also where its rows are packed as rows.
func TestPiecesJoinToTheSameWorkbook(t *testing.T) {
	usual, usualBare := rowBytes, bareRows
	defer func() { rowBytes, bareRows = usual, usualBare; runtime.GOMAXPROCS(runtime.NumCPU()) }()
	for _, bareRows = range []int{usualBare, 0} {
		rowBytes = usual
		whole, err := workbookOf(books.Trading(), words("en"), nil)
		if err != nil {
			t.Fatal(err)
		}
		rowBytes = 2000
		var packed [2][]byte
		for i, processors := range []int{1, 8} {
			runtime.GOMAXPROCS(processors)
			if packed[i], err = workbookOf(books.Trading(), words("en"), nil); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(packed[0], packed[1]) {
			t.Error("the bytes depend on the number of processors")
		}
		if bytes.Equal(packed[0], whole) {
			t.Error("the book was not cut into pieces: this tests nothing")
		}
		if diff := cmp.Diff(unpack(t, whole), unpack(t, packed[0])); diff != "" {
			t.Errorf("parts differ (-whole +pieces):\n%s", diff)
		}
	}
}

// Cells of a large sheet do not say where they stand. A reader finds the same
// values, formulas and styles in the same places.
func TestCellsWithoutTheirPlacesReadTheSame(t *testing.T) {
	defer func(rows int) { bareRows = rows }(bareRows)
	var files [2]*excelize.File
	for i, rows := range []int{bareRows, 0} {
		bareRows = rows
		files[i], _ = open(t, books.Trading(), "en")
	}
	names, cells, formulas := files[0].GetSheetList(), 0, 0
	for _, name := range names {
		for i, row := range rowsOf(t, files[0], name) {
			for col := range row {
				cell := relative(col+1, i+1)
				said, bare := contentOf(t, files[0], name, cell), contentOf(t, files[1], name, cell)
				if said != bare {
					t.Fatalf("%s!%s is %+v, without its place %+v", name, cell, said, bare)
				}
				cells++
				formulas += min(1, len(said.formula))
			}
		}
	}
	if _, out := open(t, books.Trading(), "en"); cells < 1000 || formulas < 100 || !bytes.Contains(unpack(t, out)["xl/worksheets/sheet4.xml"], []byte("<c s=")) {
		t.Errorf("%d cells and %d formulas compared: this tests nothing", cells, formulas)
	}
}

type cellContent struct {
	value, formula string
	style          int
}

func contentOf(t *testing.T, f *excelize.File, sheet, cell string) (c cellContent) {
	t.Helper()
	var err error
	if c.value, err = f.GetCellValue(sheet, cell, excelize.Options{RawCellValue: true}); err != nil {
		t.Fatal(err)
	}
	if c.formula, err = f.GetCellFormula(sheet, cell); err != nil {
		t.Fatal(err)
	}
	if c.style, err = f.GetCellStyle(sheet, cell); err != nil {
		t.Fatal(err)
	}
	return c
}

// A formula of a row is said once; below it stands the same for each row.
func TestFormulasOfRowsFollowTheirRow(t *testing.T) {
	f, _ := open(t, books.Trading(), "en")
	head := rowsOf(t, f, openSheet)[0]
	at := map[string]string{}
	for i, text := range head {
		at[text] = letters(i + 1)
	}
	for row := 2; row <= 40; row++ {
		n := strconv.Itoa(row)
		want := "ROUND(" + at["Amount"] + n + "*" + at["Exchange rate"] + n + ",2)"
		if got, err := f.GetCellFormula(openSheet, at["Amount in CNY"]+n); err != nil || got != want {
			t.Errorf("row %d: %q (%v), want %q", row, got, err, want)
		}
	}
}

func TestAWorkbookThatCannotBeWrittenIsAnError(t *testing.T) {
	broken := errors.New("broken")
	for _, bytes := range []int{0, 10_000, 100_000} { // the end is about 200,000
		if err := Write(&narrow{bytes, broken}, books.Trading(), words("en"), render.Problems{}); !errors.Is(err, broken) {
			t.Errorf("after %d bytes: %v", bytes, err)
		}
	}
}

// narrow takes so many bytes and fails then.
type narrow struct {
	bytes int
	err   error
}

func (n *narrow) Write(data []byte) (int, error) {
	if n.bytes -= len(data); n.bytes < 0 {
		return 0, n.err
	}
	return len(data), nil
}
