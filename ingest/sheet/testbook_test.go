package sheet

import (
	"archive/zip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The parts of the smallest workbook; tests replace some of them.
const (
	packageRels = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	contents    = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`
	oneSheet    = `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Ledger" sheetId="1" r:id="rId1"/></sheets></workbook>`
	bookRels    = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`
	// Style 0 is General, 1 the built-in date, 2 a Chinese date, 3 an amount,
	// 4 elapsed time, 5 the built-in Chinese date 31 without a code.
	someStyles = `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="3"><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/><numFmt numFmtId="177" formatCode="&quot;days due&quot; #,##0.00_);[Red]\(#,##0.00\)"/><numFmt numFmtId="178" formatCode="[h]:mm"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs count="6"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="176"/><xf numFmtId="177"/><xf numFmtId="178"/><xf numFmtId="31"/></cellXfs></styleSheet>`
	namespace  = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
)

// sheetOf wraps rows into a worksheet part.
func sheetOf(rows string) string {
	return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet ` + namespace + `><sheetData>` + rows + `</sheetData></worksheet>`
}

// testBook writes a workbook of one sheet. Further arguments are names of
// parts with their content, which replace or add parts; "" takes a part away.
func testBook(tb testing.TB, sheet string, parts ...string) string {
	tb.Helper()
	all := []string{"_rels/.rels", packageRels, "[Content_Types].xml", contents, "xl/workbook.xml", oneSheet,
		"xl/_rels/workbook.xml.rels", bookRels, "xl/styles.xml", someStyles, "xl/worksheets/sheet1.xml", sheet}
	for i := 0; i < len(parts); i += 2 {
		replaced := false
		for j := 0; j < len(all); j += 2 {
			if all[j] == parts[i] {
				all[j+1], replaced = parts[i+1], true
			}
		}
		if !replaced {
			all = append(all, parts[i], parts[i+1])
		}
	}
	return writeZip(tb, all...)
}

// writeZip writes a zip archive of names and contents.
func writeZip(tb testing.TB, parts ...string) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "test.xlsx")
	out, err := os.Create(path)
	if err != nil {
		tb.Fatal(err)
	}
	archive := zip.NewWriter(out)
	for i := 0; i < len(parts); i += 2 {
		if parts[i+1] == "" {
			continue
		}
		w, err := archive.Create(parts[i])
		if err == nil {
			_, err = w.Write([]byte(parts[i+1]))
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	if err := errors.Join(archive.Close(), out.Close()); err != nil {
		tb.Fatal(err)
	}
	return path
}

// testFile writes a file with this name and content.
func testFile(tb testing.TB, name, content string) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

// kindMarks are how dumpRows shows a kind before the text.
var kindMarks = map[Kind]string{Empty: "", Text: "", Number: "#", Date: "@", Bool: "?", Error: "!"}

// dump gives all rows of a file, one a line: number, "h" where hidden, then the
// cells between bars with the mark of their kind. Sheets are named when there
// are several.
func dump(path string, limits Limits) (string, error) {
	f, err := Open(path, limits)
	if err != nil {
		return "", err
	}
	defer f.Close()
	var out strings.Builder
	for _, s := range f.Sheets() {
		if len(f.Sheets()) > 1 {
			fmt.Fprintf(&out, "== %s\n", s.Info().Name)
		}
		err := s.Rows(func(r *Row) error {
			fmt.Fprint(&out, r.Number)
			if r.Hidden {
				fmt.Fprint(&out, "h")
			}
			for _, c := range r.Cells {
				fmt.Fprint(&out, " | ", kindMarks[c.Kind], strings.ReplaceAll(c.Text, "\n", `\n`))
			}
			fmt.Fprintln(&out)
			return wrongShown(r)
		})
		if err != nil {
			return out.String(), err
		}
	}
	return out.String(), nil
}

// wantRows checks the dump of a file.
func wantRows(t *testing.T, path, want string) {
	t.Helper()
	got, err := dump(path, Limits{})
	if err != nil {
		t.Errorf("%v", err)
	}
	if want = strings.TrimLeft(strings.ReplaceAll(want, "\n\t", "\n"), "\n\t"); got != want {
		t.Errorf("rows:\n%swant:\n%s", got, want)
	}
}

// wantError checks that reading ends in a FormatError with this code at this
// cell, whose text holds the words and which has a hint.
func wantError(t *testing.T, path string, limits Limits, code, cell, words string) {
	t.Helper()
	rows, err := dump(path, limits)
	var bad *FormatError
	if !errors.As(err, &bad) {
		t.Fatalf("error %v, rows:\n%s\nwant a FormatError %s", err, rows, code)
	}
	if bad.Code != code || bad.Cell != cell || !strings.Contains(bad.Error(), words) || bad.Hint == "" {
		t.Errorf("got %s at %q: %v\nwant %s at %q with %q and a hint", bad.Code, bad.Cell, bad, code, cell, words)
	}
}

// tableOf is a table of shared texts.
func tableOf(texts ...string) (table sharedTexts) {
	table.ends = []uint32{0}
	for _, text := range texts {
		table.text += text
		end := uint32(len(table.text))
		if isVisible([]byte(text)) {
			end |= visible
		}
		table.ends = append(table.ends, end)
	}
	return table
}
