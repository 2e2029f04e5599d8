package sheet

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"hash/crc32"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// Each limit stops a file that exceeds it and says its name, so that the one
// who trusts the file can raise it.
func TestLimitsAreNamedWhenExceeded(t *testing.T) {
	rows := sheetOf(`<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="12"><c r="B12"><v>1</v></c><c r="C12"><v>1</v></c></row>`)
	rows = strings.Replace(rows, "</sheetData>", `</sheetData><mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="B1:B2"/></mergeCells>`, 1)
	book := testBook(t, rows, "xl/sharedStrings.xml", `<sst><si><t>text of thirty characters .....</t></si><si><t>b</t></si></sst>`,
		"xl/workbook.xml", strings.Replace(oneSheet, "</sheets>", `<sheet name="Again" sheetId="2" r:id="rId1"/></sheets>`, 1))
	for _, c := range []struct{ low, high, cell string }{
		{"unpacked-bytes=1000", "unpacked-bytes=10000", ""},
		{"part-bytes=300", "part-bytes=2000", ""},
		{"shared-strings=1", "shared-strings=2", ""},
		{"shared-text-bytes=31", "shared-text-bytes=32", ""},
		{"rows=11", "rows=12", ""},
		{"columns=2", "columns=3", "C12"},
		{"cells=3", "cells=4", "C12"},
		{"merges=1", "merges=2", ""},
		{"sheets=1", "sheets=2", ""},
		{"record-bytes=30", "record-bytes=31", ""},
	} {
		var limits Limits
		if err := limits.Set(c.low); err != nil {
			t.Fatal(err)
		}
		name, _, _ := strings.Cut(c.low, "=")
		wantError(t, book, limits, "limit-exceeded", c.cell, "--limit "+name+"=N")
		if err := limits.Set(c.high); err != nil {
			t.Fatal(err)
		}
		if _, err := dump(book, limits); err != nil {
			t.Errorf("%s: %v", c.high, err)
		}
	}
}

func TestLimitsOfText(t *testing.T) {
	text := testFile(t, "test.csv", "a,b\n\n1,2,3\n")
	wantError(t, text, Limits{Rows: 2}, "limit-exceeded", "A3", "rows=2")
	wantError(t, text, Limits{Columns: 2}, "limit-exceeded", "C3", "columns=2")
	wantError(t, text, Limits{Cells: 4}, "limit-exceeded", "A3", "cells=4")
	if _, err := dump(text, Limits{Rows: 3, Columns: 3, Cells: 5}); err != nil {
		t.Error(err)
	}
}

// A record of nothing but separators would make a field of every byte.
func TestARecordOfSeparatorsStopsAtTheLimitOfColumns(t *testing.T) {
	text := testFile(t, "test.csv", "a,b\n"+strings.Repeat(",", 4<<20)+"\n")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	wantError(t, text, Limits{}, "limit-exceeded", "XFE2", "columns=16384")
	runtime.ReadMemStats(&after)
	if bytes := after.TotalAlloc - before.TotalAlloc; bytes > 100<<20 { // four million fields would take twice as much
		t.Errorf("reading took %d bytes", bytes)
	}
}

func TestPackRatioStopsABomb(t *testing.T) {
	bomb := sheetOf(strings.Repeat(" ", 65<<20))
	path := testBook(t, bomb)
	wantError(t, path, Limits{}, "limit-exceeded", "", "--limit pack-ratio=N")
	wantRows(t, testBook(t, sheetOf(strings.Repeat(" ", 1<<20))), "")
	if got, err := dump(path, Limits{PackRatio: 2000}); err != nil || got != "" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestUnknownLimitsAreRefused(t *testing.T) {
	for assignment, words := range map[string]string{
		"row=5":        "columns", // the known ones are listed
		"rows":         "rows=10000000",
		"rows=-1":      "above 0",
		"rows=many":    "whole number",
		"pack-ratio=0": "above 0",
	} {
		var limits Limits
		if err := limits.Set(assignment); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: %v, want an error with %q", assignment, err, words)
		}
		if limits != (Limits{}) {
			t.Errorf("%s changed the limits", assignment)
		}
	}
}

// A directory entry may lie about size and check sum, and the stream may be
// damaged: none of that may pass as a book.
func TestDamagedPartsAreNoticed(t *testing.T) {
	content := []byte(sheetOf(strings.Repeat(`<row><c><v>1234567</v></c></row>`, 50)))
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(content); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	right := zip.FileHeader{Name: "xl/worksheets/sheet1.xml", Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(content),
		CompressedSize64: uint64(packed.Len()), UncompressedSize64: uint64(len(content))}
	cases := map[string]struct {
		change func(h *zip.FileHeader, data []byte) []byte
		code   string
		words  string
	}{
		"as it is":             {func(h *zip.FileHeader, data []byte) []byte { return data }, "", ""},
		"other check sum":      {func(h *zip.FileHeader, data []byte) []byte { h.CRC32++; return data }, "corrupt-workbook", "check sum"},
		"check sum left out":   {func(h *zip.FileHeader, data []byte) []byte { h.CRC32 = 0; return data }, "corrupt-workbook", "check sum"},
		"says it is smaller":   {func(h *zip.FileHeader, data []byte) []byte { h.UncompressedSize64--; return data }, "corrupt-workbook", "more than"},
		"says it is larger":    {func(h *zip.FileHeader, data []byte) []byte { h.UncompressedSize64++; return data }, "corrupt-workbook", "ends after"},
		"cut short":            {func(h *zip.FileHeader, data []byte) []byte { h.CompressedSize64 -= 9; return data[:len(data)-9] }, "corrupt-workbook", "damaged"},
		"a bit turned":         {func(h *zip.FileHeader, data []byte) []byte { data[len(data)/2] ^= 4; return data }, "corrupt-workbook", ""},
		"encrypted":            {func(h *zip.FileHeader, data []byte) []byte { h.Flags |= 1; return data }, "encrypted", "encrypted"},
		"an unknown method":    {func(h *zip.FileHeader, data []byte) []byte { h.Method = 12; return data }, "corrupt-workbook", "method 12"},
		"stored, not deflated": {func(h *zip.FileHeader, data []byte) []byte { h.Method = zip.Store; return data }, "corrupt-workbook", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			header := right
			data := c.change(&header, bytes.Clone(packed.Bytes()))
			path := rawBook(t, &header, data)
			if c.code == "" {
				if _, err := dump(path, Limits{}); err != nil {
					t.Error(err)
				}
				return
			}
			_, err := dump(path, Limits{})
			var bad *FormatError
			if !errors.As(err, &bad) || bad.Code != c.code || !strings.Contains(bad.Message, c.words) {
				t.Errorf("got %v, want %s with %q", err, c.code, c.words)
			}
		})
	}
}

// rawBook writes a workbook whose sheet has this header and these packed bytes.
func rawBook(t *testing.T, header *zip.FileHeader, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "raw.xlsx")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	archive := zip.NewWriter(out)
	for name, content := range map[string]string{"_rels/.rels": packageRels, "xl/workbook.xml": oneSheet, "xl/_rels/workbook.xml.rels": bookRels} {
		w, err := archive.Create(name)
		if err == nil {
			_, err = w.Write([]byte(content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	w, err := archive.CreateRaw(header)
	if err == nil {
		_, err = w.Write(data)
	}
	if err := errors.Join(err, archive.Close(), out.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}
