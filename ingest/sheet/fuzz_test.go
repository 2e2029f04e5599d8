package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// fuzzLimits keep one input quick.
var fuzzLimits = Limits{Rows: 100_000, Columns: 200, Cells: 100_000, SharedStrings: 10_000, RecordBytes: 1 << 16, PartBytes: 1 << 20}.withDefaults()

// checkedRows collects the texts of rows and checks what holds for every
// input: rows ascend and end in a cell, texts are valid UTF-8.
func checkedRows(t *testing.T, texts *strings.Builder) func(*Row) error {
	last := 0
	return func(r *Row) error {
		if r.Number <= last || len(r.Cells) == 0 || r.Cells[len(r.Cells)-1].Kind == Empty {
			t.Errorf("row %d with %d cells comes after row %d", r.Number, len(r.Cells), last)
		}
		last = r.Number
		for _, c := range r.Cells {
			if (c.Text == "") != (c.Kind == Empty) || !utf8.ValidString(c.Text) {
				t.Errorf("row %d has the cell %q of kind %d", r.Number, c.Text, c.Kind)
			}
			fmt.Fprintf(texts, "%d%s%d|", c.Kind, c.Text, c.Shared)
		}
		return wrongShown(r)
	}
}

func checkFormatError(t *testing.T, err error) {
	t.Helper()
	var bad *FormatError
	if !errors.As(err, &bad) || bad.Hint == "" || bad.Code == "" || bad.Message == "" {
		t.Errorf("not a FormatError with a hint: %#v", err)
	}
}

func FuzzText(f *testing.F) {
	f.Add([]byte("a,b\n1,\"x\"\"y\"\r\n"))
	f.Add([]byte("sep=;\na;1,5\r=\"007\";\" x\"\n"))
	f.Add([]byte("\xff\xfea\x00,\x00\x3d\xd8\x00\xde\n\x00"))
	for _, encode := range encodings {
		f.Add([]byte(encode("編號,客戶\n1, \"台灣\",\"a\nb\"\n")))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		f, err := Open(testFile(t, "fuzz.csv", string(data)), fuzzLimits)
		if err != nil {
			checkFormatError(t, err)
			return
		}
		defer f.Close()
		f.Sheets()[0].Merges()
		said := map[bool]string{}
		defer func() { vectors = hasVectors }()
		for _, vectors = range []bool{false, hasVectors} {
			var texts strings.Builder
			if err := f.Sheets()[0].Rows(checkedRows(t, &texts)); err != nil {
				checkFormatError(t, err)
				fmt.Fprint(&texts, err)
			}
			said[vectors] = texts.String()
		}
		if said[false] != said[hasVectors] {
			t.Errorf("a byte after the other %q, many at once %q", said[false], said[true])
		}
	})
}

func FuzzSheetXML(f *testing.F) {
	f.Add([]byte(sheetOf(`<row r="1"><c r="A1" s="1"><v>1</v></c><c r="C1" t="s"><v>0</v></c><c t="inlineStr"><is><r><t>a&amp;</t></r><rPh><t>b</t></rPh></is></c></row><row><c t="b"><f>1</f><v>1</v></c><c><f/></c></row>`)))
	f.Add([]byte(`<x:worksheet><x:sheetData><x:row r="2" hidden="1"><x:c r="B2" t="str"><x:v><![CDATA[a]]>_x000D_</x:v></x:c></x:row></x:sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells></x:worksheet>`))
	f.Add([]byte("<\x00w\x00o\x00r\x00k\x00s\x00h\x00e\x00e\x00t\x00/\x00>\x00"))
	f.Add([]byte(`<?xml version="1.0" encoding='UTF-8'?><!-- c --><worksheet><sheetData/></worksheet>`))
	f.Add([]byte("<worksheet><sheetData><row><c r\x10\" s=\"1\"><v>1</v></cr=\"C1\" t=\"\"><v>0</v></c></row>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		data = append(data, strings.Repeat(" ", len(window{}))...) // so that the quick way reads cells of small sheets too
		book := &workbook{limits: fuzzLimits, dateStyles: []bool{false, true}, shared: tableOf("shared")}
		var whole string
		for _, size := range []int{blockBytes, 13, 300} { // block ends change nothing
			part := &utf8Part{src: unpacked{bytes.NewReader(data)}}
			r := &rowReader{scanner: &scanner{src: readBlocks(part, size), maxToken: fuzzLimits.RecordBytes}, book: book}
			var texts strings.Builder
			if err := overlap(r.readSheet, checkedRows(t, &texts)); err != nil {
				checkFormatError(t, err)
				fmt.Fprint(&texts, "failed") // in other words, perhaps, where the part ends inside a tag
			}
			r.close()
			if size == blockBytes {
				whole = texts.String()
			} else if texts.String() != whole {
				t.Errorf("in one block %q, in small ones %q", whole, texts.String())
			}
		}
	})
}

func FuzzSharedStrings(f *testing.F) {
	f.Add([]byte(`<sst><si><t>a</t></si><si/><si><r><t xml:space="preserve"> b</t></r><rPh><t>c</t></rPh><phoneticPr/></si></sst>`))
	f.Add([]byte(`<s:sst><s:si><s:t><![CDATA[x]]>&#65;_xD83D__xDE00_</s:t></s:si></s:sst>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		table, err := readShared(unpacked{bytes.NewReader(data)}, int64(len(data)), fuzzLimits)
		if err != nil {
			checkFormatError(t, err)
		}
		for i := range table.count() {
			if cell, ok := table.at(i); !ok || !utf8.ValidString(cell.Text) || (cell.Text == "") != (cell.Kind == Empty) || cell.Visible != isVisible([]byte(cell.Text)) {
				t.Errorf("shared text %d is %+v", i, cell)
			}
		}
	})
}

// The small parts of a workbook say which sheets it has, where they are and which
// numbers are dates: whatever stands in them, a sheet is read or refused.
func FuzzStyles(f *testing.F) {
	for _, styles := range []string{someStyles, `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="[$-409]d\-mmm;@"/></numFmts><cellXfs><xf numFmtId="164"/><xf numFmtId="14"/></cellXfs></styleSheet>`,
		`<styleSheet><numFmts><numFmt numFmtId="99999999999999999999" formatCode="yyyy"/></numFmts><cellXfs><xf/><xf numFmtId="-1"/></cellXfs></styleSheet>`} {
		f.Add([]byte(styles), []byte(oneSheet), []byte(bookRels))
	}
	f.Fuzz(func(t *testing.T, styles, workbook, rels []byte) {
		path := testBook(t, sheetOf(`<row r="1"><c r="A1" s="1"><v>46120</v></c><c r="B1" s="7"><v>1</v></c></row>`),
			"xl/styles.xml", string(styles), "xl/workbook.xml", string(workbook), "xl/_rels/workbook.xml.rels", string(rels))
		book, err := Open(path, fuzzLimits)
		if err != nil {
			checkFormatError(t, err)
			return
		}
		defer book.Close()
		for _, s := range book.Sheets() {
			s.Info()
			if err := s.Rows(checkedRows(t, new(strings.Builder))); err != nil {
				checkFormatError(t, err)
			}
		}
	})
}

// Every third byte of a small workbook is changed in turn: what is read is what
// was written, or an error.
func TestNoDamagedByteGetsThrough(t *testing.T) {
	whole, err := os.ReadFile(testBook(t, sheetOf(`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>1234.5</v></c></row>`),
		"xl/sharedStrings.xml", `<sst><si><t>text</t></si></sst>`))
	if err != nil {
		t.Fatal(err)
	}
	const want = "1 | text | #1234.5\n"
	path := filepath.Join(t.TempDir(), "damaged.xlsx")
	for i := 0; i < len(whole); i += 3 {
		damaged := bytes.Clone(whole)
		damaged[i] ^= 0x10
		if err := os.WriteFile(path, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := dump(path, Limits{})
		if err != nil {
			checkFormatError(t, err)
		} else if got != want {
			t.Errorf("byte %d changed: read %q without an error", i, got)
		}
	}
}

func TestADamagedPartIsNamedOnce(t *testing.T) {
	path := testBook(t, sheetOf(`<row r="1"><c r="A1"><v>1</v></c></row>`))
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	name := []byte("xl/styles.xml")
	whole[bytes.Index(whole, name)+len(name)] = 0x07 // the third kind of block, which there is not
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = dump(path, Limits{})
	if want := "the part xl/styles.xml is damaged: the packed data are damaged"; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got the error %v, want %s", err, want)
	}
}
