package xlsx

import (
	"bytes"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	books "duepack/render/internal/book"
)

// A large book is packed in pieces on several processors. Cut into very small
// ones it must read the same, whatever their number, and give the same bytes
// on one processor and on eight.
func TestPiecesJoinToTheSameWorkbook(t *testing.T) {
	whole, err := Pack(books.Trading(), words("en"), nil)
	if err != nil {
		t.Fatal(err)
	}
	usual := rowBytes
	defer func() { rowBytes = usual; runtime.GOMAXPROCS(runtime.NumCPU()) }()
	rowBytes = 2000
	var packed [2][]byte
	for i, processors := range []int{1, 8} {
		runtime.GOMAXPROCS(processors)
		if packed[i], err = Pack(books.Trading(), words("en"), nil); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(packed[0], packed[1]) {
		t.Error("the bytes depend on the number of processors")
	}
	if bytes.Equal(packed[0], whole) {
		t.Error("the book was not cut into pieces: this tests nothing")
	}
	if diff := cmp.Diff(allCells(t, whole), allCells(t, packed[0])); diff != "" {
		t.Errorf("cells differ (-whole +pieces):\n%s", diff)
	}
}

func allCells(t *testing.T, workbook []byte) map[string][][]string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(workbook))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	cells := map[string][][]string{}
	for _, name := range f.GetSheetList() {
		if cells[name], err = f.GetRows(name, excelize.Options{RawCellValue: true}); err != nil {
			t.Fatal(err)
		}
	}
	return cells
}
