package sheet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf16"
)

func TestCellsOfEveryType(t *testing.T) {
	path := testBook(t, sheetOf(`<row r="1">
	<c r="A1"><v>6452.0799999999999</v></c><c r="B1" t="n"><v>1E-3</v></c><c r="C1" t="s"><v>1</v></c>
	<c r="D1" t="str"><f>A1&amp;""</f><v>text of a formula</v></c><c r="E1" t="inlineStr"><is><t>inline</t></is></c>
	<c r="F1" t="b"><v>1</v></c><c r="G1" t="b"><v>0</v></c><c r="H1" t="e"><v>#N/A</v></c><c r="I1" t="d"><v>2026-04-08</v></c>
	<c r="J1"><f>SUM(A1:B1)</f><v>6452.081</v></c><c r="K1"><f>SUM(A1:B1)</f></c><c r="L1" s="3"/><c r="M1" t="s"><v>0</v></c><c r="N1"><v> -7 </v></c>
	<c r="O1"><v>1,234</v></c><c r="P1" t="str"><f>""</f><v></v></c></row>`),
		"xl/sharedStrings.xml", `<sst `+namespace+`><si><t/></si><si><t>shared</t></si></sst>`)
	// O1 is no number in XML: it stays a text, so that nobody takes it for 1234.
	// P1 is a formula with an empty result, K1 one that was never calculated.
	wantRows(t, path, `1 | #6452.0799999999999 | #1E-3 | shared | text of a formula | inline | ?TRUE | ?FALSE | !#N/A | @2026-04-08 | #6452.081 | !#UNCALCULATED |  |  | #-7 | 1,234
	`)
}

func TestNumberWithDateFormatIsDate(t *testing.T) {
	path := testBook(t, sheetOf(`<row r="1"><c r="A1" s="0"><v>46000</v></c><c r="B1" s="1"><v>46000</v></c><c r="C1" s="2"><v>46000.5</v></c>
	<c r="D1" s="3"><v>46000</v></c><c r="E1" s="4"><v>1.5</v></c><c r="F1" s="5"><v>46000</v></c><c r="G1" s="99"><v>46000</v></c>
	<c r="H1" s="1" t="s"><v>0</v></c></row>`), "xl/sharedStrings.xml", `<sst `+namespace+`><si><t>text</t></si></sst>`)
	wantRows(t, path, `1 | #46000 | @46000 | @46000.5 | #46000 | @1.5 | @46000 | #46000 | text
	`)
}

func TestDateFormats(t *testing.T) {
	// Codes as Excel, WPS and LibreOffice write them.
	dates := []string{`yyyy-mm-dd`, `m/d/yyyy`, `DD.MM.YYYY`, `yyyy"年"m"月"d"日";@`, `[$-804]yyyy"年"m"月"`, `[$-F800]dddd\,\ mmmm\ dd\,\ yyyy`,
		`[$-411]ge.m.d`, `e"年"m"月"`, `h:mm AM/PM`, `上午/下午h"时"mm"分"`, `[h]:mm:ss`, `[mm]:ss`, `[ss]`, `mmm\-yy`, `mm:ss.0`, `[Red]yyyy/mm/dd`, `yyyy/m/d\ h:mm;@`, `[DBNum1][$-804]yyyy"年"m"月"d"日"`}
	for _, code := range dates {
		if !isDateFormat(code) {
			t.Errorf("%s is a date format", code)
		}
	}
	numbers := []string{``, `General`, `G/通用格式`, `0.00E+00`, `#,##0.00`, `#,##0.00_ ;[Red]\-#,##0.00\ `, `"￥"#,##0.00`, `[$¥-804]#,##0.00`, `#,##0.00\ [$Kč-405]`, `#,##0\ "days"`,
		`_-* #,##0.00\ _€_-`, `0%`, `@`, `0\d`, `[Red]0`, `[>=100]0;General`, `"unclosed yyyy`, `# ?/?`, `0;yyyy`, `000000`, `_(* #,##0_)`, `[Red`}
	for _, code := range numbers {
		if isDateFormat(code) {
			t.Errorf("%s is no date format", code)
		}
	}
	for id, want := range map[int]bool{0: false, 13: false, 14: true, 22: true, 23: false, 26: false, 27: true, 36: true, 37: false, 44: false, 45: true, 47: true, 48: false, 49: false, 50: true, 58: true, 59: false} {
		if isDateID(id) != want {
			t.Errorf("built-in format %d: date %v, want %v", id, !want, want)
		}
	}
}

func TestTextsAreDecoded(t *testing.T) {
	cases := map[string]string{
		`<t>a &amp; b &lt;c&gt; &quot;d&quot; &apos;e&apos; &#65;&#x4E2D;</t>`:                  `a & b <c> "d" 'e' A中`,
		`<t><![CDATA[a & <b>]]> c</t>`:                                                          `a & <b> c`,
		`<t>a<!-- no -->b<?x no?>c</t>`:                                                         `abc`,
		`<t xml:space="preserve"> a </t>`:                                                       ` a `,
		"<t>a\r\nb\rc\nd</t>":                                                                   `a\nb\nc\nd`,
		`<t>a_x000D_b</t>`:                                                                      "a\rb",
		`<t>_x005F_x000D_</t>`:                                                                  `_x000D_`,
		`<t>_xD83D__xDE00_ _x12 _xZZZZ_</t>`:                                                    `😀 _x12 _xZZZZ_`,
		`<r><rPr><b/></rPr><t>Hua</t></r><r><t xml:space="preserve"> Dong</t></r>`:              `Hua Dong`,
		`<t>課</t><rPh sb="0" eb="1"><t>か</t></rPh><phoneticPr fontId="1"/>`:                     `課`,
		`<r><t>東</t></r><rPh sb="0" eb="1"><t>ヒガシ</t></rPh><r><t>京</t></r>`:                     `東京`,
		`<t>x</t><extLst><ext uri="u"/></extLst>`:                                               `x`,
		`<t>` + strings.Repeat("长", 70_000) + `</t>`:                                            strings.Repeat("长", 70_000),
		`<r><t>` + strings.Repeat("<![CDATA[ ]]>", 40_000) + `</t></r>`:                         strings.Repeat(" ", 40_000),
		"\n <r >\n<t\n>spaced</t\n>\n</r\n>":                                                    `spaced`,
		`<x:t xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">prefix</x:t>`: `prefix`,
	}
	for xml, want := range cases {
		inline := testBook(t, sheetOf(`<row r="1"><c r="A1" t="inlineStr"><is>`+xml+`</is></c></row>`))
		wantRows(t, inline, "1 | "+want+"\n")
		shared := testBook(t, sheetOf(`<row r="1"><c r="A1" t="s"><v>0</v></c></row>`), "xl/sharedStrings.xml", `<sst `+namespace+`><si>`+xml+`</si></sst>`)
		wantRows(t, shared, "1 | "+want+"\n")
	}
}

func TestPlacesOfCells(t *testing.T) {
	cases := map[string]struct{ rows, want string }{
		"no references at all":          {`<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>`, "1 | #1 | #2\n2 | #3\n"},
		"a gap, then no reference":      {`<row r="3"><c r="B3"><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>`, "3 |  | #1 | #2\n4 | #3\n"},
		"row number from the cell":      {`<row><c r="C7"><v>1</v></c></row>`, "7 |  |  | #1\n"},
		"cells out of order":            {`<row r="1"><c r="C1"><v>3</v></c><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>`, "1 | #1 | #2 | #3\n"},
		"a cell twice: the later one":   {`<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>`, "1 | #2\n"},
		"lower case and absolute":       {`<row r="1"><c r="b1"><v>1</v></c><c r="$D$1"><v>2</v></c></row>`, "1 |  | #1 |  | #2\n"},
		"numbered cells":                {`<row r="1"><c r="0"><v>1</v></c><c r="1"><v>2</v></c></row>`, "1 | #1 | #2\n"},
		"the last cell of a sheet":      {`<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="B1048576"><v>2</v></c></row>`, "1 | #1\n1048576 |  | #2\n"},
		"rows of styled cells are none": {`<row r="1"><c r="A1" s="1"/><c r="B1" s="1"></c></row><row r="2"/><row r="3"><c r="A3"><v>1</v></c></row>`, "3 | #1\n"},
		"hidden rows":                   {`<row r="1" hidden="1"><c r="A1"><v>1</v></c></row><row r="2" hidden="true"><c r="A2"><v>2</v></c></row><row r="3" hidden="0"><c r="A3"><v>3</v></c></row>`, "1h | #1\n2h | #2\n3 | #3\n"},
		"empty row without a number":    {`<row/><row><c><v>1</v></c></row>`, "2 | #1\n"},
		"single quotes, order, spaces":  {"<row spans='1:2' r='1'><c\n t = 'str'\tr=\"A1\" ><v >x</v ></c ><c r='B1'\n/></row >", "1 | x\n"},
		"greater-than in an attribute":  {`<row r="1"><c r="A1" x=">"><v>1</v></c></row>`, "1 | #1\n"},
		"comments between":              {`<!-- <row r="9"/> --><row r="1"><!-- > --><c r="A1"><v>1</v><?x > ?></c></row>`, "1 | #1\n"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) { wantRows(t, testBook(t, sheetOf(c.rows)), c.want) })
	}
}

func TestSheetsAreFoundByRelationship(t *testing.T) {
	book := `<workbook ` + namespace + ` xmlns:rel="http://purl.oclc.org/ooxml/officeDocument/relationships"><workbookPr date1904="1"/><sheets>
	<sheet name="Second &amp; last" sheetId="7" rel:id="b"/><sheet name="Chart" sheetId="2" rel:id="c"/><sheet name="First" sheetId="1" state="veryHidden" rel:id="a"/><sheet name="H" sheetId="3" state="hidden" rel:id="d"/></sheets></workbook>`
	rels := `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
	<Relationship Id="a" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet" Target="/xl/worksheets/sheet1.xml"/>
	<Relationship Id="b" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet" Target="../other\B.XML"/>
	<Relationship Id="c" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/chartsheet" Target="chartsheets/sheet1.xml"/>
	<Relationship Id="d" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet" Target="./worksheets/../worksheets/sheet1.xml"/></Relationships>`
	path := testBook(t, sheetOf(`<row r="1"><c r="A1"><v>1</v></c></row>`), "xl/workbook.xml", book, "xl/_rels/workbook.xml.rels", rels,
		"other/b.xml", `<x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"><x:sheetData><x:row r="2"><x:c r="B2" t="inlineStr"><x:is><x:t>strict</x:t></x:is></x:c></x:row></x:sheetData><x:mergeCells><x:mergeCell ref="A1:B2"/><x:mergeCell ref="C3"/></x:mergeCells></x:worksheet>`)
	wantRows(t, path, "== Second & last\n2 |  | strict\n== First\n1 | #1\n== H\n1 | #1\n")
	f, err := Open(path, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	second, first := f.Sheets()[0].Info(), f.Sheets()[1].Info()
	if !second.Date1904 || second.Hidden || !first.Hidden || !f.Sheets()[2].Info().Hidden {
		t.Errorf("got %+v and %+v", second, first)
	}
	merges := f.Sheets()[0].Merges()
	if want := (Range{FirstRow: 1, LastRow: 2, FirstCol: 1, LastCol: 2}); len(merges) != 1 || merges[0] != want {
		t.Errorf("merges %v, want %v", merges, want)
	}
}

func TestMergesBehindManyRowsAreFound(t *testing.T) {
	sheet := sheetOf(`<row><c><v>1</v></c></row>` + strings.Repeat("<!--"+strings.Repeat(" sheetData> ", 1000)+"-->", 30))
	sheet = strings.Replace(sheet, "</sheetData>", `</sheetData><mergeCells><mergeCell ref="A1:C1"/></mergeCells>`, 1)
	f, err := Open(testBook(t, sheet), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got := f.Sheets()[0].Merges()
	if want := (Range{FirstRow: 1, LastRow: 1, FirstCol: 1, LastCol: 3}); len(got) != 1 || got[0] != want {
		t.Errorf("merges %v, want %v", got, want)
	}
}

func TestPartsMayBeUTF16(t *testing.T) {
	sheet := sheetOf(`<row r="1"><c r="A1" t="inlineStr"><is><t>客户 😀</t></is></c></row>`)
	encode := func(order binary.AppendByteOrder, text string) string {
		var b []byte
		for _, u := range utf16.Encode([]rune(text)) {
			b = order.AppendUint16(b, u)
		}
		return string(b)
	}
	declared := strings.Replace(sheet, "UTF-8", "UTF-16", 1)
	for name, part := range map[string]string{
		"UTF-8 with mark":        "\ufeff" + sheet,
		"little endian":          encode(binary.LittleEndian, declared),
		"little endian, marked":  encode(binary.LittleEndian, "\ufeff"+declared),
		"big endian":             encode(binary.BigEndian, declared),
		"big endian with a mark": encode(binary.BigEndian, "\ufeff"+declared),
	} {
		t.Run(name, func(t *testing.T) { wantRows(t, testBook(t, part), "1 | 客户 😀\n") })
	}
}

func TestPartsThatMayBeMissing(t *testing.T) {
	row := sheetOf(`<row r="1"><c r="A1" s="1"><v>1</v></c></row>`)
	wantRows(t, testBook(t, row, "xl/styles.xml", ""), "1 | #1\n")
	wantRows(t, testBook(t, row, "[Content_Types].xml", "", "_rels/.rels", ""), "1 | @1\n")
	wantRows(t, testBook(t, `<worksheet `+namespace+`/>`), "")
	wantRows(t, testBook(t, `<worksheet `+namespace+`><sheetData/></worksheet>`), "")
}

func TestDamagedWorkbooksSayWhere(t *testing.T) {
	good := `<row r="1"><c r="A1"><v>1</v></c></row>`
	cases := map[string]struct {
		path, cell, words string
	}{
		"rows out of order":        {testBook(t, sheetOf(`<row r="5"><c r="A5"><v>1</v></c></row><row r="4"><c r="A4"><v>1</v></c></row>`)), "", "row 4 comes after row 5"},
		"a row twice":              {testBook(t, sheetOf(good+good)), "", "row 1 comes after row 1"},
		"row 0":                    {testBook(t, sheetOf(`<row r="0"/>`)), "", `number "0"`},
		"a reference that is none": {testBook(t, sheetOf(`<row r="4"><c r="4A"><v>1</v></c></row>`)), "A4", "reference"},
		"a shared text too far":    {testBook(t, sheetOf(`<row r="2"><c r="C2" t="s"><v>7</v></c></row>`)), "C2", `"7"`},
		"a boolean of 2":           {testBook(t, sheetOf(`<row r="2"><c r="B2" t="b"><v>2</v></c></row>`)), "B2", `"2"`},
		"an unknown entity":        {testBook(t, sheetOf(`<row r="2"><c r="B2" t="str"><v>&lol;</v></c></row>`)), "B2", "&lol;"},
		"a character 0":            {testBook(t, sheetOf(`<row r="2"><c r="B2" t="str"><v>&#0;</v></c></row>`)), "B2", "&#0;"},
		"an open cell":             {testBook(t, sheetOf(`<row r="2"><c r="B2"><v>1</v></row>`)), "B2", "not closed"},
		"an open row":              {testBook(t, sheetOf(`<row r="2"><c r="B2"/>`)), "B2", "not closed"},
		"XML that breaks off":      {testBook(t, strings.TrimSuffix(sheetOf(good), "a></worksheet>")), "A1", "before"},
		"a document type":          {testBook(t, `<!DOCTYPE x [<!ENTITY lol "lol">]>`+sheetOf(good)), "", "document type"},
		"another encoding":         {testBook(t, strings.Replace(sheetOf(good), "UTF-8", "GBK", 1)), "", "encoding"},
		"not a worksheet":          {testBook(t, `<chartsheet/>`), "", "not a worksheet"},
		"an empty part":            {testBook(t, ` `), "", "is empty"},
		"the sheet is missing":     {testBook(t, ""), "", "xl/worksheets/sheet1.xml is missing"},
		"no relationship":          {testBook(t, sheetOf(good), "xl/_rels/workbook.xml.rels", `<Relationships/>`), "", "does not say which part"},
		"shared texts break off":   {testBook(t, sheetOf(good), "xl/sharedStrings.xml", `<sst><si><t>a`), "", "xl/sharedStrings.xml"},
		"styles break off":         {testBook(t, sheetOf(good), "xl/styles.xml", `<styleSheet><cellXfs>`), "", "xl/styles.xml"},
		"the workbook breaks off":  {testBook(t, sheetOf(good), "xl/workbook.xml", `<workbook><sheets>`), "", "xl/workbook.xml"},
		"tags that do not match":   {testBook(t, sheetOf(good), "xl/workbook.xml", `<workbook><sheets></workbook>`), "", "closes <workbook>"},
		"endless nesting":          {testBook(t, sheetOf(good), "xl/workbook.xml", strings.Repeat("<workbook>", 300)), "", "deep"},
		"no sheets":                {testBook(t, sheetOf(good), "xl/workbook.xml", `<workbook/>`), "", "no worksheet"},
		"a part twice":             {testBook(t, sheetOf(good), "XL/Worksheets/Sheet1.xml", sheetOf(good)), "", "twice"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) { wantError(t, c.path, Limits{}, "corrupt-workbook", c.cell, c.words) })
	}
	t.Run("bytes that are not UTF-8", func(t *testing.T) {
		wantError(t, testBook(t, sheetOf("<row r=\"2\"><c r=\"B2\" t=\"str\"><v>\xc4\xe3</v></c></row>")), Limits{}, "bad-encoding", "B2", "UTF-8")
	})
}

// Texts of nothing but spaces do not show, wherever they stand and however the
// cell is written; of a cell that a row has twice, the later one counts.
func TestBlankTextsDoNotShow(t *testing.T) {
	shared := "<sst><si><t>shown</t></si><si><t xml:space=\"preserve\">  </t></si><si><t>\u3000</t></si><si><t>客</t></si><si><t>\u00a0</t></si></sst>"
	for _, cell := range []string{
		`<c r="%s%d" t="s"><v>0</v></c>`, `<c r="%s%d" t="s"><v>1</v></c>`, `<c r="%s%d" t="s"><v>2</v></c>`, `<c r="%s%d" t="s"><v>3</v></c>`, `<c r="%s%d" t="s"><v>4</v></c>`,
		`<c r="%s%d" t="inlineStr"><is><t xml:space="preserve"> </t></is></c>`, "<c r=\"%s%d\" t=\"inlineStr\"><is><t>\u3000\u3000</t></is></c>", `<c r="%s%d" t="str"><v>客</v></c>`, `<c r="%s%d" t="str"><v>a</v></c>`,
		`<c r="%s%d"><v>1</v></c>`, `<c r="%s%d"><v> 1 </v></c>`, `<c r="%s%d" t="b"><v>0</v></c>`, `<c r="%s%d" t="e"><v>#N/A</v></c>`, `<c r="%s%d"><f>1</f></c>`, `<c r="%s%d"/>`,
	} {
		var rows strings.Builder
		number := 0
		for _, other := range []string{``, `<c r="A%[2]d"><v>1</v></c>`, `<c r="BL%[2]d"><v>1</v></c><c r="BM%[2]d"><v>1</v></c>`} { // BL is the 64th column
			for _, again := range []string{``, `<c r="B%d"><v>1</v></c>`, `<c r="B%d" t="s"><v>1</v></c>`, `<c  r="B%d"  t="s"><v>2</v></c>`, `<c  r="B%d"><v>1</v></c>`} {
				number++
				fmt.Fprintf(&rows, `<row r="%d">`, number)
				fmt.Fprintf(&rows, cell, "B", number)
				if again != "" {
					fmt.Fprintf(&rows, again, number)
				}
				if other != "" {
					fmt.Fprint(&rows, strings.ReplaceAll(other, "%[2]d", fmt.Sprint(number)))
				}
				rows.WriteString(`</row>`)
			}
		}
		got, err := dump(testBook(t, sheetOf(rows.String()+`<row r="99"><c r="A99"><v>1</v></c></row>`), "xl/sharedStrings.xml", shared), Limits{})
		if err != nil || !strings.HasSuffix(got, "99 | #1\n") {
			t.Errorf("%s: %v\n%s", cell, err, got)
		}
	}
}

func TestRowsStopsWithTheErrorOfItsCaller(t *testing.T) {
	stop := errors.New("enough")
	f, err := Open(testBook(t, sheetOf(strings.Repeat(`<row><c><v>1</v></c></row>`, 100_000))), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for range 2 { // a second pass starts from the top
		seen := 0
		err := f.Sheets()[0].Rows(func(r *Row) error {
			seen++
			if r.Number == 3 {
				return stop
			}
			return nil
		})
		if !errors.Is(err, stop) || seen != 3 {
			t.Errorf("%d rows and %v, want 3 and the caller's error", seen, err)
		}
	}
}

func TestSheetsCanBeReadAtOnce(t *testing.T) {
	rows := strings.Repeat(`<row><c t="s"><v>0</v></c><c t="str"><v>客户</v></c><c s="1"><v>46000</v></c></row>`, 20_000)
	f, err := Open(testBook(t, sheetOf(rows), "xl/sharedStrings.xml", `<sst><si><t>shared</t></si></sst>`), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			seen := 0
			err := f.Sheets()[0].Rows(func(r *Row) error { seen++; return nil })
			if err != nil || seen != 20_000 || len(f.Sheets()[0].Merges()) != 0 {
				t.Errorf("%d rows, %v", seen, err)
			}
		})
	}
	wait.Wait()
}

// Texts stand as they are while their row is looked at, and are gone afterwards:
// whoever keeps one without cloning it finds zeros, in a small file too.
func TestTextsStandForTheirRowAndNoLonger(t *testing.T) {
	var rows, want strings.Builder
	for i := range 20_000 {
		text := "客户" + strings.Repeat("x", i%90) + string(rune('a'+i%26))
		rows.WriteString(`<row><c t="str"><v>` + text + `</v></c></row>`)
		want.WriteString(text + "\n")
	}
	f, err := Open(testBook(t, sheetOf(rows.String())), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var got strings.Builder
	var kept []string
	err = f.Sheets()[0].Rows(func(r *Row) error {
		got.WriteString(r.Cells[0].Text + "\n")
		kept = append(kept, r.Cells[0].Text)
		return nil
	})
	if err != nil || got.String() != want.String() {
		t.Errorf("texts are others than in the file (%v)", err)
	}
	for i, text := range kept {
		if strings.Contains(want.String(), text) {
			t.Fatalf("the text of row %d is still %q", i+1, text)
		}
	}
}

// Wherever a block of the unpacked part ends, the tokens it cuts are read as
// if it did not.
func TestTokensMayCrossBlocks(t *testing.T) {
	sheet := `<?xml version="1.0"?><!-- c --><x:worksheet><sheetData><row r="1" hidden="1"><c r="A1" s="1"><v>46000</v></c><c r="B1" t="s"><v>0</v></c>
	<c r="C1" t="inlineStr"><is><t>a &amp;` + "\r\n" + `<![CDATA[<b>]]></t></is></c><c t='b'><f>1&lt;2</f><v>1</v></c></row><row><c t="str"><v>` + strings.Repeat("长", 3000) + `</v></c></row></sheetData>
	<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells></x:worksheet>`
	book := &workbook{limits: Limits{}.withDefaults(), dateStyles: []bool{false, true}, shared: tableOf("shared")}
	for _, size := range []int{1, 2, 3, 5, 7, 11, 64, 1000, 5000} {
		r := &rowReader{scanner: &scanner{src: readBlocks(unpacked{strings.NewReader(sheet)}, size), maxToken: 1 << 20}, book: book}
		var rows []string
		err := overlap(r.readSheet, func(row *Row) error {
			for _, c := range row.Cells {
				rows = append(rows, strings.Clone(kindMarks[c.Kind]+c.Text))
			}
			return nil
		})
		r.close()
		want := []string{"@46000", "shared", "a &\n<b>", "?TRUE", strings.Repeat("长", 3000)}
		if err != nil || !slices.Equal(rows, want) || len(r.merges) != 1 {
			t.Errorf("blocks of %d bytes: %v, %.100q, merges %v", size, err, rows, r.merges)
		}
		r = &rowReader{scanner: &scanner{src: readBlocks(unpacked{strings.NewReader(sheet)}, size), maxToken: 1 << 20}, book: book}
		if err := r.skipRows(); err != nil || r.readSheet(&batcher{now: &batch{}, dry: true}) != nil || len(r.merges) != 1 {
			t.Errorf("blocks of %d bytes: merges %v, %v", size, r.merges, err)
		}
		r.close()
	}
}

func TestCellsSayWhichSharedTextTheyHave(t *testing.T) {
	path := testBook(t, sheetOf(`<row r="1"><c r="A1" t="s"><v>1</v></c><c t="s" r="B1"><v>1</v></c><c r="C1" t="s"><v>0</v></c>`+
		`<c r="D1" t="inlineStr"><is><t>b</t></is></c><c r="E1"><v>1</v></c></row>`),
		"xl/sharedStrings.xml", `<sst `+namespace+`><si><t>a</t></si><si><t>b</t></si></sst>`)
	cells, err := readAll(path)
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string]Cell{
		"A1": {Text: "b", Kind: Text, Shared: 2}, "B1": {Text: "b", Kind: Text, Shared: 2}, "C1": {Text: "a", Kind: Text, Shared: 1},
		"D1": {Text: "b", Kind: Text}, "E1": {Text: "1", Kind: Number},
	} {
		if got := cells["Ledger!"+at]; got != want {
			t.Errorf("%s is %+v, want %+v", at, got, want)
		}
	}
}
