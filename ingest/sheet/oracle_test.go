package sheet

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// dataDir is the folder of real files that stands beside the repository in the
// project's own workspace; a clone alone does not have it.
func dataDir(t testing.TB, elem ...string) string {
	t.Helper()
	dir := filepath.Join(append([]string{"..", "..", "..", "shared", "data"}, elem...)...)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("the corpus %s is not here: %v", filepath.Join(elem...), err)
	}
	return dir
}

// readAll gives every sheet's cells by "Sheet!A1", with their kind.
func readAll(path string) (map[string]Cell, error) {
	f, err := Open(path, Limits{})
	if err != nil {
		return nil, err
	}
	defer f.Close()
	cells := map[string]Cell{}
	for _, s := range f.Sheets() {
		name := s.Info().Name
		err := s.Rows(func(r *Row) error {
			if err := wrongShown(r); err != nil {
				return err
			}
			for i, c := range r.Cells {
				if c.Kind != Empty {
					cells[fmt.Sprintf("%s!%s%d", name, columnName(i+1), r.Number)] = Cell{Text: strings.Clone(c.Text), Kind: c.Kind, Shared: c.Shared}
				}
			}
			return nil
		})
		if err != nil {
			return cells, err
		}
	}
	return cells, nil
}

// readExcelize gives the same as readAll, read by excelize, as texts.
func readExcelize(path string) (cells map[string]string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("excelize panics: %v", r)
		}
	}()
	f, err := excelize.OpenFile(path, excelize.Options{RawCellValue: true})
	if err != nil {
		return nil, err
	}
	defer f.Close()
	cells = map[string]string{}
	for _, name := range f.GetSheetList() {
		rows, err := f.Rows(name)
		if err != nil {
			if strings.Contains(err.Error(), "is not a worksheet") {
				continue
			}
			return nil, err
		}
		for number := 1; rows.Next(); number++ {
			row, err := rows.Columns()
			if err != nil {
				return nil, err
			}
			for i, text := range row {
				if text != "" {
					cells[fmt.Sprintf("%s!%s%d", name, columnName(i+1), number)] = text
				}
			}
		}
		if err := rows.Error(); err != nil {
			return nil, err
		}
	}
	return cells, nil
}

// differences lists the cells in which the two readers differ.
func differences(ours map[string]Cell, theirs map[string]string) []string {
	var list []string
	for at, c := range ours {
		if theirs[at] != asExcelize(c) {
			list = append(list, fmt.Sprintf("%s: %q (kind %d), excelize %q", at, c.Text, c.Kind, theirs[at]))
		}
	}
	for at, text := range theirs {
		if _, ok := ours[at]; !ok {
			list = append(list, fmt.Sprintf("%s: empty, excelize %q", at, text))
		}
	}
	return list
}

// asExcelize gives a cell the text that excelize has for it: raw booleans are
// 1 and 0, and a formula without a result is empty.
func asExcelize(c Cell) string {
	switch {
	case c.Kind == Bool && c.Text == "TRUE":
		return "1"
	case c.Kind == Bool:
		return "0"
	case c.Kind == Error && c.Text == Uncalculated:
		return ""
	}
	return c.Text
}

// slowForExcelize are left out of the comparison: excelize needs seconds for them.
var slowForExcelize = map[string]bool{"miniexcel__Test100,000x10.xlsx": true, "edr__Test_BigFormatted.xlsx": true, "fastexcel__large_strings.xlsx": true}

// unreadForExcelize are the files that only we read, and why.
var unreadForExcelize = map[string]string{
	"poi__xlsx-corrupted.xlsx": "the package names no main part; we look where every program puts it",
	"phpss__utf16be.bom.xlsx":  "its parts are UTF-16, which encoding/xml does not decode",
	"edr__Fillreport.xlsx":     "its cells are numbered 0, 1, 2 instead of named",
}

func TestNastyWorkbooksAgreeWithExcelize(t *testing.T) {
	read := 0
	for _, path := range nastyFiles(t, ".xlsx", ".xlsm", ".xltx", ".xltm") {
		name := filepath.Base(path)
		if slowForExcelize[name] {
			continue
		}
		ours, err := readAll(path)
		var bad *FormatError
		if errors.As(err, &bad) {
			if bad.Hint == "" || bad.Message == "" || bad.Code == "" {
				t.Errorf("%s: an error without code, message or hint: %#v", name, bad)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		theirs, err := readExcelize(path)
		if err != nil {
			if unreadForExcelize[name] == "" {
				t.Errorf("%s: only we read it; excelize: %v", name, err)
			}
			continue
		}
		read++
		if d := differences(ours, theirs); len(d) > 0 {
			t.Errorf("%s: %d cells differ: %s", name, len(d), strings.Join(d[:min(len(d), 4)], "; "))
		}
	}
	t.Logf("%d workbooks read by both", read)
}

// nastyFiles lists the corpus of difficult files with one of the extensions.
func nastyFiles(t testing.TB, extensions ...string) []string {
	t.Helper()
	var list []string
	err := filepath.WalkDir(dataDir(t, "nasty"), func(path string, d fs.DirEntry, err error) error {
		for _, ext := range extensions {
			if !d.IsDir() && strings.EqualFold(filepath.Ext(path), ext) {
				list = append(list, path)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}
