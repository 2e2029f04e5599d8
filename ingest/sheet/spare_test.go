package sheet

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// TestSpareBatchesKeepNoTexts reads sheets and looks at what is kept of them for the next
// one: a text in it would hold the whole table of texts of its workbook.
func TestSpareBatchesKeepNoTexts(t *testing.T) {
	dir := t.TempDir()
	text, book := filepath.Join(dir, "a.csv"), filepath.Join(dir, "a.xlsx")
	if err := os.WriteFile(text, []byte(strings.Repeat("one,two,\"three\",,,\nlonger than the line before,,,,,,by four cells,,,\n", 40_000)), 0o600); err != nil {
		t.Fatal(err)
	}
	f := excelize.NewFile()
	for row := range 3000 {
		if err := f.SetSheetRow("Sheet1", "A"+strconv.Itoa(row+1), &[]any{"one", row, "three", nil, "five"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SaveAs(book); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{text, book} {
		opened, err := Open(path, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		for _, read := range []func() error{
			func() error { return opened.Sheets()[0].Rows(func(*Row) error { return nil }) },
			func() error { _, err := opened.Sheets()[0].Top(2100); return err },
			func() error {
				whole, ok := opened.Sheets()[0].(*textFile)
				if !ok {
					return nil
				}
				parts := whole.Parts(2)
				if len(parts) != 2 {
					t.Fatalf("%d parts, want 2", len(parts))
				}
				return parts[1].Rows(func(*Row) error { return nil })
			},
		} {
			if err := read(); err != nil {
				t.Fatal(err)
			}
			for range 8 { // of which some may be new
				b := spareBatches.Get().(*batch)
				for i, c := range b.cells[:cap(b.cells)] {
					if c != (Cell{}) {
						t.Fatalf("%s: cell %d of a spare batch is %+v", filepath.Base(path), i, c)
					}
				}
				for i, r := range b.rows[:cap(b.rows)] {
					if r.Number != 0 || r.HiddenColumns != nil {
						t.Fatalf("%s: row %d of a spare batch is %+v", filepath.Base(path), i, r)
					}
				}
			}
		}
		opened.Close()
	}
}
