package samples

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"duepack/analysis/ledger"
)

// maxSheetRows is how many ledger rows go into one workbook; a sheet holds
// 1,048,576 rows.
const maxSheetRows = 1_000_000

// workbook writes an xlsx file sheet by sheet straight into its zip archive,
// with fixed times and a fixed order of parts: a library would keep the sheets
// in memory, and give other bytes every time. Texts that repeat are shared
// strings, texts that do not are inline, so memory does not grow with the rows.
type workbook struct {
	file    *os.File
	zip     *zip.Writer
	out     *bufio.Writer // the sheet being written
	sheets  []string
	strings map[string]int
	list    []string
	row     []byte
	rows    int
	cells   int
	tail    string // what ends the sheet: the filter over the heads
}

// The cell formats, as indexes into cellXfs of the styles part.
const (
	headStyle = iota + 1
	dateStyle
	moneyStyle
	wholeStyle
	percentStyle
	titleStyle
)

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

const spreadsheetNamespace = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`

const stylesPart = xmlHead + `<styleSheet ` + spreadsheetNamespace + `>` +
	`<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/></numFmts>` +
	`<fonts count="3"><font><sz val="10"/><name val="Arial"/></font><font><b/><sz val="10"/><name val="Arial"/></font><font><b/><sz val="14"/><name val="Arial"/></font></fonts>` +
	`<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>` +
	`<fill><patternFill patternType="solid"><fgColor rgb="FFE7E6E6"/><bgColor indexed="64"/></patternFill></fill></fills>` +
	`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
	`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
	`<cellXfs count="7"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
	`<xf numFmtId="0" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1"/>` +
	`<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
	`<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
	`<xf numFmtId="3" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
	`<xf numFmtId="10" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
	`<xf numFmtId="0" fontId="2" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>` +
	`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`

// newWorkbook begins a file. Small books are packed tightly because they are
// checked in, large ones quickly.
func newWorkbook(path string, large bool) (*workbook, error) {
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	w := &workbook{file: file, zip: zip.NewWriter(file), strings: map[string]int{}}
	level := flate.BestCompression
	if large {
		level = flate.BestSpeed
	}
	w.zip.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) { return flate.NewWriter(out, level) })
	return w, nil
}

func (w *workbook) abandon() {
	w.file.Close()
	os.Remove(w.file.Name())
}

// part begins a part of the archive.
func (w *workbook) part(name string) (io.Writer, error) {
	return w.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)})
}

func (w *workbook) sheet(name, title word, lang string, columns []column) (table, error) {
	if err := w.endSheet(); err != nil {
		return nil, err
	}
	w.sheets = append(w.sheets, name.in(lang))
	part, err := w.part(fmt.Sprintf("xl/worksheets/sheet%d.xml", len(w.sheets)))
	if err != nil {
		return nil, err
	}
	w.out, w.rows, w.cells = bufio.NewWriterSize(part, 1<<18), 0, 0
	headRow := 1
	if title != (word{}) {
		headRow = 3
	}
	below := fmt.Sprintf("A%d", headRow+1)
	fmt.Fprintf(w.out, `%s<worksheet %s><sheetViews><sheetView workbookViewId="0"><pane ySplit="%d" topLeftCell="%s" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>`,
		xmlHead, spreadsheetNamespace, headRow, below)
	for i, c := range columns {
		fmt.Fprintf(w.out, `<col min="%d" max="%d" width="%d" customWidth="1"/>`, i+1, i+1, c.width)
	}
	w.out.WriteString(`</cols><sheetData>`)
	if title != (word{}) {
		w.shared(title.in(lang), titleStyle)
		if err := w.end(); err != nil {
			return nil, err
		}
		w.rows++ // a blank row
	}
	for _, c := range columns {
		w.shared(c.head.in(lang), headStyle)
	}
	w.tail = fmt.Sprintf(`<autoFilter ref="A%d:%s%d"/>`, headRow, columnName(len(columns)-1), headRow)
	return w, w.end()
}

// endSheet ends the sheet being written.
func (w *workbook) endSheet() error {
	if w.out == nil {
		return nil
	}
	w.out.WriteString(`</sheetData>` + w.tail + `</worksheet>`)
	err := w.out.Flush()
	w.out = nil
	return err
}

// columnName returns the letters of a column, 0 being A.
func columnName(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return columnName(i/26-1) + string(rune('A'+i%26))
}

// open begins a cell, with a style where it is not 0.
func (w *workbook) open(style int) {
	w.row = append(w.row, `<c r="`...)
	if w.cells >= 26 {
		w.row = append(w.row, byte('A'+w.cells/26-1))
	}
	w.row = append(w.row, byte('A'+w.cells%26))
	w.row = strconv.AppendInt(w.row, int64(w.rows+1), 10)
	w.row = append(w.row, '"')
	if style != 0 {
		w.row = append(w.row, ` s="`...)
		w.row = strconv.AppendInt(w.row, int64(style), 10)
		w.row = append(w.row, '"')
	}
	w.cells++
}

func (w *workbook) text(s string) { w.shared(s, 0) }

func (w *workbook) shared(s string, style int) {
	if s == "" {
		w.skip()
		return
	}
	i, ok := w.strings[s]
	if !ok {
		i = len(w.list)
		w.strings[s] = i
		w.list = append(w.list, s)
	}
	w.open(style)
	w.row = append(w.row, ` t="s"><v>`...)
	w.row = strconv.AppendInt(w.row, int64(i), 10)
	w.row = append(w.row, `</v></c>`...)
}

func (w *workbook) code(s string) {
	if s == "" {
		w.skip()
		return
	}
	w.open(0)
	w.row = append(w.row, ` t="inlineStr"><is><t>`...)
	w.row = append(w.row, xmlText.Replace(s)...)
	w.row = append(w.row, `</t></is></c>`...)
}

var xmlText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func (w *workbook) money(amount ledger.Minor, exponent int) {
	style := moneyStyle
	if exponent == 0 {
		style = wholeStyle
	}
	w.open(style)
	w.row = append(w.row, `><v>`...)
	w.row = amount.AppendDecimal(w.row, exponent)
	w.row = append(w.row, `</v></c>`...)
}

func (w *workbook) number(decimal string)  { w.numeric(decimal, 0) }
func (w *workbook) percent(decimal string) { w.numeric(decimal, percentStyle) }

func (w *workbook) numeric(decimal string, style int) {
	if decimal == "" {
		w.skip()
		return
	}
	w.open(style)
	w.row = append(w.row, `><v>`...)
	w.row = append(w.row, decimal...)
	w.row = append(w.row, `</v></c>`...)
}

// excelEpoch is the day before day 1 of a workbook's calendar, as all days
// after February 1900 count.
var excelEpoch = ledger.MustDate("1899-12-30")

func (w *workbook) date(d ledger.Date) {
	if d == 0 {
		w.skip()
		return
	}
	w.open(dateStyle)
	w.row = append(w.row, `><v>`...)
	w.row = strconv.AppendInt(w.row, int64(d-excelEpoch), 10)
	w.row = append(w.row, `</v></c>`...)
}

func (w *workbook) skip() { w.cells++ }

func (w *workbook) end() error {
	w.rows++
	w.out.WriteString(`<row r="`)
	w.out.WriteString(strconv.Itoa(w.rows))
	w.out.WriteString(`">`)
	w.out.Write(w.row)
	_, err := w.out.WriteString(`</row>`) // a bufio.Writer keeps its first error
	w.row, w.cells = w.row[:0], 0
	return err
}

// close writes the parts that tell what the sheets are, and the file's end.
func (w *workbook) close() error {
	err := w.endSheet()
	for _, p := range w.closingParts() {
		if err != nil {
			break
		}
		var out io.Writer
		if out, err = w.part(p.name); err == nil {
			_, err = io.WriteString(out, p.text)
		}
	}
	if err == nil {
		err = w.zip.Close()
	}
	if closed := w.file.Close(); err == nil {
		err = closed
	}
	return err
}

type archivePart struct{ name, text string }

func (w *workbook) closingParts() []archivePart {
	const relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	const packages = "http://schemas.openxmlformats.org/package/2006/"
	const types = "application/vnd.openxmlformats-officedocument.spreadsheetml."
	var book, rels, content, texts strings.Builder
	book.WriteString(xmlHead + `<workbook ` + spreadsheetNamespace + ` xmlns:r="` + relationships + `"><sheets>`)
	rels.WriteString(xmlHead + `<Relationships xmlns="` + packages + `relationships">`)
	content.WriteString(xmlHead + `<Types xmlns="` + packages + `content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="` + types + `sheet.main+xml"/>`)
	for i, name := range w.sheets {
		fmt.Fprintf(&book, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, name, i+1, i+1)
		fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, relationships, i+1)
		fmt.Fprintf(&content, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="%sworksheet+xml"/>`, i+1, types)
	}
	book.WriteString(`</sheets></workbook>`)
	n := len(w.sheets)
	fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="%s/styles" Target="styles.xml"/><Relationship Id="rId%d" Type="%s/sharedStrings" Target="sharedStrings.xml"/></Relationships>`, n+1, relationships, n+2, relationships)
	content.WriteString(`<Override PartName="/xl/styles.xml" ContentType="` + types + `styles+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="` + types + `sharedStrings+xml"/></Types>`)
	fmt.Fprintf(&texts, `%s<sst %s uniqueCount="%d">`, xmlHead, spreadsheetNamespace, len(w.list))
	for _, s := range w.list {
		texts.WriteString(`<si><t>` + xmlText.Replace(s) + `</t></si>`)
	}
	texts.WriteString(`</sst>`)
	return []archivePart{
		{"xl/sharedStrings.xml", texts.String()},
		{"xl/styles.xml", stylesPart},
		{"xl/workbook.xml", book.String()},
		{"xl/_rels/workbook.xml.rels", rels.String()},
		{"_rels/.rels", xmlHead + `<Relationships xmlns="` + packages + `relationships"><Relationship Id="rId1" Type="` + relationships + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"[Content_Types].xml", content.String()},
	}
}

// workbookPath returns the path of the nth workbook of a book.
func workbookPath(dir string, n int) string {
	if n == 1 {
		return filepath.Join(dir, "ledger.xlsx")
	}
	return filepath.Join(dir, "ledger-"+strconv.Itoa(n)+".xlsx")
}
