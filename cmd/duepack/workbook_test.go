package main

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
)

// testSheet is a sheet of a workbook that a test writes, cell by cell: numbers
// as such, everything else as text.
type testSheet struct {
	name string
	rows [][]any
}

// The parts that a smallest workbook has besides its sheets.
const (
	packageRels = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	sheetRel    = `<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet%d.xml"/>`
)

// bookParts returns the parts of a workbook, in pairs of name and content.
func bookParts(sheets ...testSheet) [][2]string {
	var list, rels strings.Builder
	parts := [][2]string{{"_rels/.rels", packageRels}}
	for i, s := range sheets {
		fmt.Fprintf(&list, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, escaped(s.name), i+1, i+1)
		fmt.Fprintf(&rels, sheetRel, i+1, i+1)
		parts = append(parts, [2]string{fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), sheetXML(s.rows)})
	}
	return append(parts,
		[2]string{"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>` + list.String() + `</sheets></workbook>`},
		[2]string{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + rels.String() + `</Relationships>`})
}

func sheetXML(rows [][]any) string {
	var b strings.Builder
	b.WriteString(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`)
	for _, row := range rows {
		b.WriteString("<row>")
		for _, value := range row {
			switch v := value.(type) {
			case int, float64:
				fmt.Fprintf(&b, "<c><v>%v</v></c>", v)
			case string:
				fmt.Fprintf(&b, `<c t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, escaped(v))
			}
		}
		b.WriteString("</row>")
	}
	b.WriteString("</sheetData></worksheet>")
	return b.String()
}

// escaped writes a text as XML has it; what XML cannot hold, as Excel writes it:
// a zero byte is _x0000_.
func escaped(text string) string {
	var b bytes.Buffer
	for _, r := range text {
		if r < ' ' {
			fmt.Fprintf(&b, "_x%04X_", r)
		} else if err := xml.EscapeText(&b, []byte(string(r))); err != nil {
			panic(err) // a bytes.Buffer takes everything
		}
	}
	return b.String()
}

// writeZip writes an archive of parts.
func writeZip(t testing.TB, path string, parts [][2]string) {
	t.Helper()
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	archive := zip.NewWriter(out)
	for _, part := range parts {
		w, err := archive.Create(part[0])
		if err == nil {
			_, err = w.Write([]byte(part[1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(archive.Close(), out.Close()); err != nil {
		t.Fatal(err)
	}
}
