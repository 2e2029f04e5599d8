package sheet

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

func TestRecordsOfText(t *testing.T) {
	long := strings.Repeat("长", 300_000)
	cases := map[string]struct{ text, want string }{
		"line feeds":                   {"a,b\n1,2\n", "1 | a | b\n2 | 1 | 2\n"},
		"no line end at the end":       {"a,b\n1,2", "1 | a | b\n2 | 1 | 2\n"},
		"carriage returns, line feeds": {"a,b\r\n1,2\r\n", "1 | a | b\n2 | 1 | 2\n"},
		"carriage returns":             {"a,b\r1,2\r", "1 | a | b\n2 | 1 | 2\n"},
		"mixed line ends":              {"a,b\r1,2\n3,4\r\n5,6", "1 | a | b\n2 | 1 | 2\n3 | 3 | 4\n4 | 5 | 6\n"},
		"blank lines count":            {"a,b\n\n\r\n1,2\n", "1 | a | b\n4 | 1 | 2\n"},
		"separators only":              {"a,b\n,,\n1,2\n", "1 | a | b\n3 | 1 | 2\n"},
		"ragged rows":                  {"a,b,c\n1\n1,2,3,4\n", "1 | a | b | c\n2 | 1\n3 | 1 | 2 | 3 | 4\n"},
		"empty cells":                  {"a,,c\n,2,\n", "1 | a |  | c\n2 |  | 2\n"},
		"blanks are text":              {"a, b ,c\n1, ,3\n", "1 | a |  b  | c\n2 | 1 |   | 3\n"},
		"quotes":                       {`a,"b,c","d ""e"" f",""` + "\n", "1 | a | b,c | d \"e\" f\n"},
		"line ends inside quotes":      {"a,\"x\r\ny\rz\n\",c\n1,2,3\n", `1 | a | x\ny\nz\n | c` + "\n2 | 1 | 2 | 3\n"},
		"separators inside quotes":     {"a;b\n\"1;2\";3\n", "1 | a | b\n2 | 1;2 | 3\n"},
		"a quote inside text":          {"size,text\n3,5\" pipe\n", "1 | size | text\n2 | 3 | 5\" pipe\n"},
		"text behind a quote":          {"a,\"b\"c d,e\n", "1 | a | bc d | e\n"},
		"blanks around quotes":         {"a, \"6,000\" ,c\n1, \"x\" y,3\n2, \"\",4\n", "1 | a | 6,000 | c\n2 | 1 |  \"x\" y | 3\n3 | 2 |  | 4\n"},
		"a blank and an open quote":    {"a,b\n1, \"x\n2,y\n", "1 | a | b\n2 | 1 |  \"x\n3 | 2 | y\n"},
		"text marked as a formula":     {"=\"编号\",=\"00123\",\"=\"\"007\"\"\"\n=\"a\"&\"b\",x,y\n", "1 | 编号 | 00123 | 007\n2 | =\"a\"&\"b\" | x | y\n"},
		"one column":                   {"a\nb\n", "1 | a\n2 | b\n"},
		"nothing but line ends":        {"\n\r\n", ""},
		"a long record":                {"a,b\n" + long + ",2\n3,4\n", "1 | a | b\n2 | " + long + " | 2\n3 | 3 | 4\n"},
		"semicolons, decimal commas":   {"名称;金额;余额\n甲;1,50;2,50\n乙;3,50;4,50\n", "1 | 名称 | 金额 | 余额\n2 | 甲 | 1,50 | 2,50\n3 | 乙 | 3,50 | 4,50\n"},
		"tabs, thousands in commas":    {"a\tb\n1,000.00\t2,000.00\n", "1 | a | b\n2 | 1,000.00 | 2,000.00\n"},
		"pipes":                        {"a|b\n1,5|2,5\n", "1 | a | b\n2 | 1,5 | 2,5\n"},
		"commas, one semicolon":        {"a,b,c\nx;y,2,3\n", "1 | a | b | c\n2 | x;y | 2 | 3\n"},
		"title rows above":             {"应收明细表\n\n编号,客户,金额\n1,甲,2\n3,乙,4\n", "1 | 应收明细表\n3 | 编号 | 客户 | 金额\n4 | 1 | 甲 | 2\n5 | 3 | 乙 | 4\n"},
		"declared separator":           {"sep=;\r\na;1,5\r\nb;2\r\n", "1 | a | 1,5\n2 | b | 2\n"},
		"declared in quotes":           {"\"sep=,\"\na,b\n", "1 | a | b\n"},
		"declared odd separator":       {"SEP=^\na^b,c\n", "1 | a | b,c\n"},
		"declared and nothing else":    {"sep=;", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) { wantRows(t, testFile(t, "test.csv", c.text), c.want) })
	}
}

// encodings are the ways to write a text, by the format that Info must give.
var encodings = map[string]func(string) string{
	"UTF-8":                 func(s string) string { return s },
	"UTF-8 with BOM":        func(s string) string { return "\ufeff" + s },
	"UTF-16 LE with BOM":    func(s string) string { return utf16Text(binary.LittleEndian, "\ufeff"+s) },
	"UTF-16 BE with BOM":    func(s string) string { return utf16Text(binary.BigEndian, "\ufeff"+s) },
	"UTF-16 LE without BOM": func(s string) string { return utf16Text(binary.LittleEndian, s) },
	"UTF-16 BE without BOM": func(s string) string { return utf16Text(binary.BigEndian, s) },
	"GB18030 (GBK)": func(s string) string {
		return encoded(simplifiedchinese.GB18030, s)
	},
	"GB18030 with BOM": func(s string) string {
		return "\x84\x31\x95\x33" + encoded(simplifiedchinese.GB18030, s)
	},
	"Big5": func(s string) string {
		return encoded(traditionalchinese.Big5, s)
	},
}

func encoded(e encoding.Encoding, text string) string {
	b, err := e.NewEncoder().String(text)
	if err != nil {
		panic(err)
	}
	return b
}

func utf16Text(order binary.AppendByteOrder, text string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(text)) {
		b = order.AppendUint16(b, u)
	}
	return string(b)
}

// Characters must survive wherever they stand to the edges of blocks and of
// the sample that decides the encoding: four paddings move every edge.
func TestCharactersSurviveBlockEdges(t *testing.T) {
	var text strings.Builder
	text.WriteString("編號,客戶,金額\n")
	for i := range 20_000 {
		fmt.Fprintf(&text, "%d,台灣塑膠工業股份有限公司%d,%d.00\n", i, i%7, i*3)
	}
	want, err := dump(testFile(t, "utf8.csv", "x"+text.String()), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for format, encode := range encodings {
		for padding := range 4 {
			prefix := strings.Repeat("x", padding+1)
			path := testFile(t, "test.csv", encode(prefix+text.String()))
			got, err := dump(path, Limits{})
			if err != nil || got != strings.Replace(want, "1 | x", "1 | "+prefix, 1) {
				t.Errorf("%s, padding %d: other rows than in UTF-8 (%v)", format, padding, err)
			}
			wantFormat(t, path, format+", comma")
		}
	}
}

func TestFirstChineseNameMayComeLate(t *testing.T) {
	ascii := strings.Repeat("C001,Alpha Ltd,100.00\n", 100_000)
	for _, format := range []string{"UTF-8", "GB18030 (GBK)", "Big5"} {
		path := testFile(t, "late.csv", ascii+encodings[format]("C002,中興有限公司,5.00\nC003,中央有限公司,6.00\n"))
		wantFormat(t, path, format+", comma")
		rows, err := dump(path, Limits{})
		if err != nil || !strings.HasSuffix(rows, "100001 | C002 | 中興有限公司 | 5.00\n100002 | C003 | 中央有限公司 | 6.00\n") {
			t.Errorf("%s: %v, ends in %q", format, err, rows[max(0, len(rows)-120):])
		}
	}
}

// GBK and Big5 use the same bytes; which of them was meant shows in how common
// the characters are. The texts are headers, names and places of either script.
func TestChineseEncodingsAreToldApart(t *testing.T) {
	simplified := []string{
		"客户", "单据类型,发票号,客户名称", "张伟,李娜,王秀英\n刘洋,陈静", "华东机械制造有限公司", "鞍钢集团矿业\n攀枝花钛业\n濮阳涤纶",
		"应收账款账龄分析表", "期初余额,借方发生额,贷方发生额,期末余额", "合同编号,归属部门,甲方单位", "红字发票,预收款,核销", "月结60天", "业务员,地区,电话",
		"深圳市腾讯计算机系统有限公司", "鲜虾饺\n叉烧包\n酸辣汤", "备注：客户已破产，款项无法收回。", "价税合计￥１２３．００", "本月合计\n本年累计", "欧阳娜娜,诸葛亮",
	}
	traditional := []string{
		"客戶", "單據類型,發票號,客戶名稱", "張偉,李娜,王秀英", "台灣塑膠工業股份有限公司", "蘆洲區\n鹽埕\n霧峰鄉", "應收帳款帳齡分析表",
		"期初餘額,借方發生額,貸方發生額,期末餘額", "統一編號,負責人,地址", "旺角彌敦道\n銅鑼灣軒尼詩道", "鮮蝦餃\n叉燒包\n酸辣湯", "備註：客戶已破產，款項無法收回。",
		"鴻海精密工業股份有限公司,聯發科技", "業務員,地區,電話", "折讓,沖帳,預收", "歐陽娜娜,諸葛亮", "本月合計\n本年累計",
	}
	check := func(format string, texts []string) {
		for _, text := range texts {
			path := testFile(t, "test.csv", encodings[format](text+"\n"))
			wantFormat(t, path, format+", comma")
			if rows, _ := dump(path, Limits{}); !strings.HasPrefix(rows, "1 | "+strings.NewReplacer(",", " | ", "\n", "\n2 | ").Replace(text)[:6]) {
				t.Errorf("%s %q is read as %q", format, text, rows)
			}
		}
	}
	check("GB18030 (GBK)", simplified)
	check("GB18030 (GBK)", traditional)
	check("Big5", traditional)
}

func TestOtherEncodingsAreRefused(t *testing.T) {
	for name, text := range map[string]string{
		"Western":      "M\xfcller GmbH & S\xf6hne;Stra\xdfe;\xdcberf\xe4llig\n",
		"Czech":        "Pohled\xe1vky po splatnosti;\xc8\xe1stka;\x8elut\xfd k\xf9\xf2\n",
		"Russian":      "\xcf\xee\xea\xf3\xef\xe0\xf2\xe5\xeb\xfc;\xd1\xf3\xec\xec\xe0;\xc4\xe0\xf2\xe0\n",
		"Shift JIS":    "\x8c\xda\x8b\x71\x96\xbc,\x90\xbf\x8b\x81\x8f\x91\x94\xd4\x8d\x86,\x8b\xe0\x8a\x7a\n",
		"UTF-32":       "\xff\xfe\x00\x00a\x00\x00\x00",
		"UTF-8 broken": "\xe5\xae",
	} {
		t.Run(name, func(t *testing.T) {
			f, err := Open(testFile(t, "test.csv", text), Limits{})
			if err == nil {
				f.Close()
				err = readOnly(testFile(t, "test.csv", text))
			}
			bad, ok := err.(*FormatError)
			if !ok || bad.Code != "bad-encoding" && bad.Code != "truncated-file" || bad.Hint == "" {
				t.Errorf("got %v, want bad-encoding with a hint", err)
			}
		})
	}
}

// A bad byte is reported at its cell, after the rows before it.
func TestBadBytesHaveTheirCell(t *testing.T) {
	head := "编号,客户,金额\n1,华东机械制造有限公司,5\n"
	for format, bad := range map[string]string{"UTF-8": "\xe5\xae,", "GB18030 (GBK)": "\xff,", "Big5": "\xa4\x20,"} {
		if format == "Big5" {
			head = "編號,客戶,金額\n1,台灣塑膠工業股份有限公司,5\n"
		}
		path := testFile(t, "test.csv", encodings[format](head)+"2,x"+bad+"6\n3,y,7\n")
		wantError(t, path, Limits{}, "bad-encoding", "B3", "")
		rows, _ := dump(path, Limits{})
		if strings.Count(rows, "\n") != 2 {
			t.Errorf("%s: the rows before are %q", format, rows)
		}
	}
	path := testFile(t, "test.csv", utf16Text(binary.LittleEndian, "\ufeffa,b\n1,")+"\x00\xd8\x20\x00"+utf16Text(binary.LittleEndian, "\n"))
	wantError(t, path, Limits{}, "bad-encoding", "B2", "position 14")
}

// A file cut anywhere gives its whole records and then either ends, where the
// cut is no different from a proper end, or says that it was cut.
func TestCutFilesAreNoticed(t *testing.T) {
	text := "客戶,金額\n" + strings.Repeat("中興有限公司,1.00\n", 12)
	for format, encode := range encodings {
		whole := encode(text)
		unit := 1
		if strings.HasPrefix(format, "UTF-16") {
			unit = 2
		}
		last := encode("中興有限公司,1.00\n")
		last = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(last, "\ufeff"), "\xff\xfe"), "\xfe\xff")
		last = strings.TrimPrefix(last, "\x84\x31\x95\x33")
		amount := len(encode(",1.00\n")) - len(encode(""))
		for cut := 1; cut < len(last); cut++ {
			path := testFile(t, "cut.csv", whole[:len(whole)-cut])
			rows, err := dump(path, Limits{})
			bad, _ := err.(*FormatError)
			switch {
			case unit == 1 && cut < amount && err == nil: // inside the amount: not to be seen
			case unit == 2 && cut < amount && cut%2 == 0 && err == nil:
			case bad != nil && bad.Code == "truncated-file" && bad.Cell[1:] == "13" && strings.Count(rows, "\n") == 12:
			default:
				t.Errorf("%s cut by %d: %v after %d rows", format, cut, err, strings.Count(rows, "\n"))
			}
		}
	}
}

func TestUnclosedQuoteIsReportedAtItsRow(t *testing.T) {
	wantError(t, testFile(t, "test.csv", "a,b\n1,\"x\n2,y\n"), Limits{}, "truncated-file", "B2", "never closed")
	wantError(t, testFile(t, "test.csv", "a,b\n1,\"x\n"+strings.Repeat("2,y\n", 200_000)), Limits{RecordBytes: 1000}, "limit-exceeded", "B2", "record-bytes=1000")
}

func TestFilesThatAreNoSpreadsheets(t *testing.T) {
	cases := []struct{ name, content, code, words string }{
		{"empty.csv", "", "empty-file", "0 bytes"},
		{"bom.csv", "\ufeff", "empty-file", "byte order mark"},
		{"~$book.xlsx", "\x05owner", "not-a-workbook", "book.xlsx"},
		{"book.xlsx", "a,b\n", "not-a-workbook", "not a zip archive"},
		{"page.xls", "\ufeff \n<HTML><table>", "old-format", "HTML"},
		{"xml.xls", `<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">`, "old-format", "2003"},
		{"old.xls", "\x09\x08\x10\x00\x00\x06\x05\x00", "old-format", "before 97"},
		{"report.pdf", "%PDF-1.7\n", "not-a-workbook", "PDF"},
		{"text.rtf", `{\rtf1`, "not-a-workbook", "rich text"},
		{"packed.gz", "\x1f\x8b\x08\x00", "not-a-workbook", "unpack"},
		{"data.xml", "<?xml version=\"1.0\"?><a/>", "not-a-workbook", "XML"},
		{"damaged.csv", strings.Repeat("a,b,c\n", 30) + "a,\x00,c\n", "not-a-workbook", "a zero byte stands at position 182"},
		{"zeros.csv", "a,b,c\n1,2,3\n" + strings.Repeat("\x00", 100), "not-a-workbook", "a zero byte stands at position 12"},
		{"binary.csv", "\x00\x01\x02\x00\x00\x03\x04\x05", "not-a-workbook", "binary"},
		{"cut.xlsx", "PK\x03\x04rest", "corrupt-workbook", "damaged or cut short"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { wantError(t, testFile(t, c.name, c.content), Limits{}, c.code, "", c.words) })
	}
	t.Run("zip", func(t *testing.T) {
		wantError(t, writeZip(t, "ledger.csv", "a,b"), Limits{}, "not-a-workbook", "", "zip archive without a workbook")
		wantError(t, writeZip(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet"), Limits{}, "old-format", "", "LibreOffice")
		wantError(t, writeZip(t, "Index/Document.iwa", "x"), Limits{}, "not-a-workbook", "", "Numbers")
		wantError(t, writeZip(t, "_rels/.rels", strings.Replace(packageRels, "xl/workbook.xml", "word/document.xml", 1)), Limits{}, "not-a-workbook", "", "Word")
		wantError(t, writeZip(t, "_rels/.rels", strings.Replace(packageRels, "workbook.xml", "workbook.bin", 1)), Limits{}, "old-format", "", ".xlsb")
	})
	if _, err := Open(filepath.Join(t.TempDir(), "missing.csv"), Limits{}); err == nil || isFormatError(err) {
		t.Errorf("a missing file gives %v, want an operating system error", err)
	}
	if _, err := Open(t.TempDir(), Limits{}); err == nil || isFormatError(err) || !strings.Contains(err.Error(), "folder") {
		t.Errorf("a folder gives %v", err)
	}
}

func TestEndsOfFieldsAreThoseOfThePlainLoop(t *testing.T) {
	plain := func(p *recordParser, b []byte, i int) int {
		for i < len(b) && b[i] != p.separator && b[i] != '\n' && b[i] != '\r' {
			i++
		}
		return i
	}
	r := rand.New(rand.NewPCG(11, 12))
	for _, separator := range []byte{',', ';', '\t', '|', ' ', 0, 1, '\n' - 1, '\n' + 1, '\r' + 1, 0x7f} {
		p := &recordParser{separator: separator}
		// Bytes next to what is looked for, and those that share all bits but one with it.
		near := []byte{0, 1, 0x7f, 0x80, 0x81, 0xff, separator, '\n', '\r'}
		for _, c := range []byte{separator, '\n', '\r'} {
			near = append(near, c-1, c+1, c^1, c|0x80, (c-1)|0x80, (c+1)|0x80)
		}
		for range 20_000 {
			b := make([]byte, r.IntN(40))
			for i := range b {
				b[i] = near[r.IntN(len(near))]
				if r.IntN(3) > 0 {
					b[i] = 'a' | byte(r.Uint32())&0x80
				}
			}
			i := r.IntN(len(b) + 1)
			if got, want := p.fieldEnd(b, i), plain(p, b, i); got != want {
				t.Fatalf("separator %q: the field of %q from %d ends at %d, want %d", separator, b, i, got, want)
			}
		}
	}
}
