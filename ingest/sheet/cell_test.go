package sheet

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// oddRows are rows as few programs write them, or none: what is read of them must
// not depend on where a block ends, or on which of the two ways reads a cell.
var oddRows = []string{
	`<row r="1"><c r="A1" s="` + strings.Repeat("0", 70) + `1" t="str"><v>x</v></c><c r="B1" s="` + strings.Repeat("0", 30) + `"/></row>`,
	`<row r="1"><c r="A1" s="65535"><v>1</v></c><c r="B1" s="4294967297"><v>2</v></c><c r="C1" s="999999999"><v>3</v></c><c r="D1" s=""><v>4</v></c><c r="E1" s="-1"><v>5</v></c></row>`,
	`<row r="1" ><c r="A1" ><v >1</v ></c ></row ><row r = "2"><c r = "A2" s = "1"><v>46000</v></c></row><row r='3'><c r='A3' t='s'><v>0</v></c></row>`,
	`<row r="1"></row><row r="002"><c r="a2"><v>1</v></c><c r="$B$2"><v>2</v></c><c r="C02"><v>3</v></c></row><row r="00000003"><c r="A3"><v>4</v></c></row>`,
	`<row r="99999"><c r="XFD99999"><v>1</v></c></row>`, `<row r="99999"><c r="AAAA99999"><v>1</v></c></row>`, `<row r="100000000"><c r="A100000000"><v>1</v></c></row>`,
	`<row r="00000000000000000001"><c r="A1"><v>1</v></c></row>`, `<row r="0"><c r="A0"><v>1</v></c></row>`, `<row r="5"><c r="A5"><v>1</v></c></row><row r="5"><c r="A5"><v>2</v></c></row>`,
	`<row r="1"><c r="C1"><v>3</v></c><c r="A1"><v>1</v></c><c r="A1" t="s"><v>1</v></c><c><v>2</v></c><c r="B2"><v>9</v></c></row>`,
	`<row r="1"><c r="A1"><v></v></c><c r="B1"><v/></c><c r="C1" t="s"><v></v></c><c r="D1" t="str"><v></v></c><c r="E1" t="n"><v>1</v></c><c r="F1"/><c r="G1"></c><c r="H1"><f/></c></row>`,
	`<row r="1"><c r="A1"><v> 1 </v></c><c r="B1"><v>1E-3</v></c><c r="C1"><v>+.5</v></c><c r="D1"><v>1,5</v></c><c r="E1"><v>1&#48;</v></c><c r="F1"><v>1<!-- x -->2</v></c><c r="G1"><v>` + strings.Repeat("7", 200) + `</v></c></row>`,
	`<row r="1"><c r="A1" t="s"><v>000</v></c><c r="B1" t="s"><v>0000000002</v></c><c r="C1" t="s"><v> 0 </v></c></row>`, `<row r="1"><c r="A1" t="s"><v>3</v></c></row>`, `<row r="1"><c r="A1" t="s"><v>4294967296</v></c></row>`,
	`<row r="1"><c r="A1" t="str"><v>a&amp;b</v></c><c r="B1" t="str"><v>_x0041_</v></c><c r="C1" t="str"><v>a` + "\r\n" + `b</v></c><c r="D1" t="str"><f>A1</f><v>c</v></c><c r="E1" t="str"><v>]]&gt;</v></c></row>`,
	`<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1" t="inlineStr"><is><t xml:space="preserve"> b </t></is></c><c r="C1" t="inlineStr"><is/></c><c r="D1" t="inlineStr"><is><t/></is></c><c r="E1" t="inlineStr"><v>9</v><is><t>e</t></is></c></row>`,
	`<row r="1"><c r="A1" t="inlineStr"><is><t>` + "\xff" + `</t></is></c></row>`, `<row r="1"><c r="A1"><v>1</v></c></row></sheetData><sheetData><row r="1"><c r="A1"><v>2</v></c></row>`,
	`<row r="1"><c r="A1"t="s"><v>0</v></c><c r="B1"  s="1"  t="s" ><v>2</v></c><c t="s" r="C1"><v>0</v></c><c r="D1" t="s" s="1"><v>0</v></c><c r="E1" t="b"><v>1</v></c><c r="F1" t="e"><v>#N/A</v></c></row>`,
	`<row r="1"><c r="A1" cm="1"><v>1</v></c></row><row r="2"><c r="A2"0</v></c></row>`, // a column of which no form is known has none
	`<!-- <row r="1"><c r="A1"><v>1</v></c></row> --><row r="2"><!-- </row> --><c r="A2"><v>2</v></c><x/></row>text<row r="3"/><row><c r="B4"><v>4</v></c></row>`,
}

func TestBlockEndsChangeNothingInOddRows(t *testing.T) {
	for _, rows := range oddRows {
		data := []byte(sheetOf(rows) + strings.Repeat(" ", len(window{}))) // so that the quick way reads the last cells too
		want := readInBlocks(t, data, 13)                                  // in which no cell is whole: the general way reads all
		for size := 64; size <= len(data)+1; size++ {
			if got := readInBlocks(t, data, size); got != want {
				t.Errorf("%s\nin blocks of %d: %s\nwant %s", rows, size, got, want)
				break
			}
		}
	}
}

// readInBlocks reads a worksheet part in blocks of so many bytes.
func readInBlocks(t *testing.T, part []byte, size int) string {
	t.Helper()
	book := &workbook{limits: fuzzLimits, dateStyles: []bool{false, true}, shared: tableOf("shared", "", "third")}
	r := &rowReader{scanner: &scanner{src: readBlocks(unpacked{bytes.NewReader(part)}, size), maxToken: fuzzLimits.RecordBytes}, book: book}
	defer r.close()
	var read strings.Builder
	err := overlap(r.readSheet, func(row *Row) error {
		fmt.Fprintf(&read, "%d %t", row.Number, row.Hidden)
		return checkedRows(t, &read)(row)
	})
	if err != nil {
		checkFormatError(t, err)
		fmt.Fprintf(&read, "%#v", *err.(*FormatError))
	}
	return read.String()
}
