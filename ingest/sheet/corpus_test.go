package sheet

import (
	"errors"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// nastyCodes are the files of the corpus that cannot be read, with what is
// wrong with them as their folder, their name and a look inside say. All
// others must be read.
var nastyCodes = map[string]string{
	"bombs/poi__54764.xlsx":              "corrupt-workbook", // a billion laughs in a document type
	"bombs/poi__poc-xmlbomb-empty.xlsx":  "corrupt-workbook", // the same
	"bombs/poi__poc-shared-strings.xlsx": "corrupt-workbook", // starts with a row 0

	"corrupt/edr__TestFail_Binary.xls":                                            "not-a-workbook", // a Windows bitmap
	"corrupt/excelize__BadWorkbook.xlsx":                                          "corrupt-workbook",
	"corrupt/exceljs__missing-bits.xlsx":                                          "not-a-workbook", // a zip archive without a workbook part
	"corrupt/poi__BrNotClosed.xlsx":                                               "",               // only a drawing is damaged
	"corrupt/poi__xlsx-corrupted.xlsx":                                            "",               // only the package's links are missing
	"corrupt/tealeg__badfile_noWorkbookRels.xlsx":                                 "corrupt-workbook",
	"corrupt/poi__crash-9bf3cd4bd6f50a8a9339d363c2c7af14b536865c.xlsx":            "encrypted",
	"corrupt/poi__clusterfuzz-testcase-minimized-POIFuzzer-5040805309710336.xlsx": "corrupt-workbook",
	"corrupt/~$owner_lock_file.xlsx":                                              "not-a-workbook",

	"csv/phpss__empty.csv": "empty-file",

	"encrypted/messytables__encrypted_no_password.xls": "old-format",

	"structure/poi__duplicate-filename.xlsx":                  "corrupt-workbook", // which of the two is the sheet?
	"structure/poi__duplicate-filename-case-insensitive.xlsx": "corrupt-workbook",
}

// wantNastyCode gives the code that reading a file of the corpus must end in.
func wantNastyCode(name string) string {
	code, listed := nastyCodes[name]
	switch ext := filepath.Ext(name); {
	case listed:
		return code
	case strings.HasPrefix(name, "encrypted/"):
		return "encrypted"
	case strings.HasPrefix(name, "corrupt/poi__clusterfuzz-"):
		return "corrupt-workbook"
	case name == "other_formats/deg__example-hxsec-records.xls":
		return "" // GBK text under the name of a workbook
	case ext == ".xls", ext == ".xlsb", ext == ".ods":
		return "old-format"
	}
	return ""
}

// Every file of the corpus is read or refused for the right reason, with a
// hint, in little time and memory.
func TestNastyFilesAreReadOrRefused(t *testing.T) {
	dir := dataDir(t, "nasty")
	for _, path := range nastyFiles(t, ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv") {
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.ToSlash(rel)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		err = readOnly(path)
		runtime.ReadMemStats(&after)
		if took := time.Since(start); took > time.Minute { // one that never ends, not one on a busy machine
			t.Errorf("%s took %v", name, took)
		}
		if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; mb > 128 {
			t.Errorf("%s allocated %d MB", name, mb)
		}
		var bad *FormatError
		got := ""
		switch {
		case errors.As(err, &bad):
			got = bad.Code
			if bad.Message == "" || bad.Hint == "" {
				t.Errorf("%s: no message or hint: %#v", name, bad)
			}
		case err != nil:
			t.Errorf("%s: %v", name, err)
			continue
		}
		if want := wantNastyCode(name); got != want {
			t.Errorf("%s: %q (%v), want %q", name, got, err, want)
		}
	}
}

// readOnly reads all sheets of a file, merges included, and forgets them.
func readOnly(path string) error {
	f, err := Open(path, Limits{})
	if err != nil {
		return err
	}
	defer f.Close()
	for _, s := range f.Sheets() {
		if err := s.Rows(func(*Row) error { return nil }); err != nil {
			return err
		}
		s.Merges()
	}
	return nil
}

// The same ledger in nine encodings and layouts gives the same rows.
func TestDerivedBookIsTheSameInAllEncodings(t *testing.T) {
	dir := dataDir(t, "books", "derived_cn")
	want, err := dump(filepath.Join(dir, "cn_ar_clean.utf8.csv"), Limits{})
	if err != nil || strings.Count(want, "\n") != 327 || !strings.HasPrefix(want, "1 | 单据类型 | 发票号 | 客户名称 | 付款条件 |") {
		t.Fatalf("the UTF-8 file: %v\n%.300s", err, want)
	}
	for file, format := range map[string]string{
		"cn_ar_clean.utf8.csv":          "UTF-8, comma",
		"cn_ar_clean.utf8bom.csv":       "UTF-8 with BOM, comma",
		"cn_ar_clean.gbk.csv":           "GB18030 (GBK), comma",
		"cn_ar_clean.gb18030.csv":       "GB18030 (GBK), comma",
		"cn_ar_clean.semicolon.csv":     "UTF-8, semicolon",
		"cn_ar_clean.tab_utf16le.txt":   "UTF-16 LE with BOM, tab",
		"cn_ar_clean.utf16le_bom.csv":   "UTF-16 LE with BOM, comma",
		"cn_ar_clean.utf16be_bom.csv":   "UTF-16 BE with BOM, comma",
		"cn_ar_clean.utf16le_nobom.csv": "UTF-16 LE without BOM, comma",
	} {
		path := filepath.Join(dir, file)
		if got, err := dump(path, Limits{}); err != nil || got != want {
			t.Errorf("%s differs from the UTF-8 file (%v)", file, err)
		}
		wantFormat(t, path, format)
	}
	// The cut file has 164 whole records, then "发票,FP260101" of the 165th.
	truncated := filepath.Join(dir, "cn_ar_clean.gbk_truncated.csv")
	wantError(t, truncated, Limits{}, "truncated-file", "B165", "2 of 11 columns")
	if got, _ := dump(truncated, Limits{}); got == "" || !strings.HasPrefix(want, got) || strings.Count(got, "\n") != 164 {
		t.Errorf("the whole records of the cut file should be given first")
	}
}

func wantFormat(t *testing.T, path, want string) {
	t.Helper()
	f, err := Open(path, Limits{})
	if err != nil {
		t.Errorf("%s: %v", filepath.Base(path), err)
		return
	}
	defer f.Close()
	if got := f.Sheets()[0].Info().Format; got != want {
		t.Errorf("%s: format %q, want %q", filepath.Base(path), got, want)
	}
}

// Facts of single files, as their XML or text shows them.
func TestNastyFilesHaveTheirKnownCells(t *testing.T) {
	dir := dataDir(t, "nasty")
	cases := map[string]string{
		"strings/calamine__rph.xlsx":                   "1 | 課きく　毛こ\n",
		"strings/calamine__has_x000D_.xlsx":            "1 | ABC\r\\nDEF\n",
		"strings/calamine__encoded_entities.xlsx":      "1 | &\n2 | \\n\n",
		"formulas/calamine__errors.xlsx":               "== Feuil1\n1 | !#DIV/0!\n2 | !#NAME?\n3 | !#VALUE!\n4 | !#NULL!\n5 | !#REF!\n6 | !#NUM!\n7 | !#N/A\n== Feuil2\n== Feuil3\n",
		"formulas/readxl__missing-v-node-xlsx.xlsx":    "1 | A | B | A + B\n2 | #1 | #2 | !#UNCALCULATED\n",
		"dates1904/calamine__date_1904.xlsx":           "1 | @42735 | #15\n2 | @42736 | #16\n3 | @10.6320601851852 | #17\n",
		"csv/phpss__sep.csv":                           "1 | A | 1\n2 | 2 | 3\n",
		"csv/phpss__linend.mac.csv":                    "1 | A | 1\n2 | 2 | 3\n",
		"csv/miniexcel__gb2312_Encoding_Read_Test.csv": "1 | 栏位1\n2 | 世界你好\n",
		"csv/edr__escaped_quotes.csv":                  "1 | a | b\n2 | 1 | ha \"ha\" ha\n3 | 3 | 4\n",
		"csv/phpss__premiere.utf16be.csv":              "1 | première | second | troisième\n2 | Quatrième | cinquième | sixième\n",
	}
	for file, want := range cases {
		t.Run(filepath.Base(file), func(t *testing.T) { wantRows(t, filepath.Join(dir, file), want) })
	}
}
