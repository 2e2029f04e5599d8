package sheet

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
	"unicode"
	"unicode/utf8"
)

// textEncoding is how the bytes of a text file are read.
type textEncoding struct {
	name    string // as Info.Format says it
	skip    int64  // bytes of a byte order mark
	decoder decoder
}

var byteOrderMarks = []struct {
	mark     string
	encoding textEncoding
}{
	{"\xef\xbb\xbf", textEncoding{name: "UTF-8 with BOM", decoder: utf8Decoder{}}},
	{"\xff\xfe", textEncoding{name: "UTF-16 LE with BOM", decoder: utf16Decoder{binary.LittleEndian}}},
	{"\xfe\xff", textEncoding{name: "UTF-16 BE with BOM", decoder: utf16Decoder{binary.BigEndian}}},
	{"\x84\x31\x95\x33", textEncoding{name: "GB18030 with BOM", decoder: gb18030}},
}

// memory is where the samples of a text file are held. It is used again for the
// next one: a book may have hundreds of them.
type memory struct {
	block   [256 << 10]byte
	foreign []byte
	text    []byte
	marks   []uint32
	cells   []Cell
}

var memories = sync.Pool{New: func() any { return &memory{text: make([]byte, 0, separatorBytes)} }}

// detectEncoding decides how to read a text file. Without a byte order mark it
// looks at the part of the file where the first characters beyond ASCII stand.
func (m *memory) detectEncoding(r io.ReaderAt, size int64) (textEncoding, error) {
	head := m.block[:64<<10]
	n, err := r.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return textEncoding{}, fmt.Errorf("read text: %w", err)
	}
	head = head[:n]
	if bytes.HasPrefix(head, []byte("\xff\xfe\x00\x00")) || bytes.HasPrefix(head, []byte("\x00\x00\xfe\xff")) {
		return textEncoding{}, &FormatError{Code: "bad-encoding", Message: "the text is UTF-32", Hint: saveAsUTF8}
	}
	for _, known := range byteOrderMarks {
		if bytes.HasPrefix(head, []byte(known.mark)) {
			known.encoding.skip = int64(len(known.mark))
			return known.encoding, nil
		}
	}
	if bytes.IndexByte(head, 0) >= 0 {
		return detectUTF16(head)
	}
	sample, err := m.foreignSample(r, size)
	if err != nil {
		return textEncoding{}, err
	}
	return chooseEncoding(sample)
}

const saveAsUTF8 = "in Excel save it as “CSV UTF-8 (comma delimited)”"

// detectUTF16 tells the byte order by where the zero bytes of separators, line
// ends and digits stand. Zero bytes elsewhere mean that this is no text.
func detectUTF16(head []byte) (textEncoding, error) {
	var zeros [2]int
	for i, c := range head {
		if c == 0 {
			zeros[i%2]++
		}
	}
	const fewest = 64 // one byte in so many is zero even where only line ends are
	even, odd := zeros[0], zeros[1]
	switch {
	case fewest*(even+odd) < len(head): // some in a text of another encoding, as a damaged copy has them
	case odd > 20*even:
		return textEncoding{name: "UTF-16 LE without BOM", decoder: utf16Decoder{binary.LittleEndian}}, nil
	case even > 20*odd:
		return textEncoding{name: "UTF-16 BE without BOM", decoder: utf16Decoder{binary.BigEndian}}, nil
	}
	return textEncoding{}, notAWorkbook(fmt.Sprintf("a binary file or a damaged text (a zero byte stands at position %d)", bytes.IndexByte(head, 0)),
		"export the ledger again as .xlsx or .csv")
}

// sampleBytes is how much of a file decides its encoding. Only lines with
// characters beyond ASCII count.
const sampleBytes = 64 << 10

// foreignSample collects lines with bytes beyond ASCII: as many as fit. A file
// may have its first Chinese name in line 100,000.
func (m *memory) foreignSample(r io.ReaderAt, size int64) ([]byte, error) {
	in := &lineScanner{r: io.NewSectionReader(r, 0, size), buf: m.block[:0]}
	sample := m.foreign[:0]
	defer func() { m.foreign = sample }()
	for len(sample) < sampleBytes {
		line, err := in.foreignLine()
		if err != nil {
			if errors.Is(err, io.EOF) {
				break
			}
			return nil, fmt.Errorf("read text: %w", err)
		}
		sample = append(sample, line...)
		if len(line) == cap(in.buf) {
			break // cut anywhere: nothing may follow
		}
	}
	return sample, nil
}

// lineScanner finds the lines with bytes beyond ASCII, in blocks.
type lineScanner struct {
	r   io.Reader
	buf []byte
	pos int
	err error
}

// foreignLine returns the next stretch from the first foreign byte of a line
// to its end. Chinese characters never contain a line feed, so a cut there
// cuts no character; of a line that fills the buffer so much is given.
func (l *lineScanner) foreignLine() ([]byte, error) {
	for {
		i := firstForeign(l.buf[l.pos:])
		if i >= 0 {
			l.pos += i
			if end := bytes.IndexAny(l.buf[l.pos:], "\r\n"); end >= 0 {
				line := l.buf[l.pos : l.pos+end+1]
				l.pos += end + 1
				return line, nil
			}
			if l.err != nil || l.pos == 0 && len(l.buf) == cap(l.buf) {
				line := l.buf[l.pos:]
				l.pos = len(l.buf)
				return line, nil
			}
		} else {
			l.pos = len(l.buf)
		}
		if l.err != nil {
			return nil, l.err
		}
		l.buf = l.buf[:copy(l.buf, l.buf[l.pos:])]
		l.pos = 0
		n, err := l.r.Read(l.buf[len(l.buf):cap(l.buf)])
		l.buf, l.err = l.buf[:len(l.buf)+n], err
	}
}

// firstForeign finds the first byte beyond ASCII, eight bytes at a time.
func firstForeign(b []byte) int {
	i := 0
	for ; i+8 <= len(b); i += 8 {
		if binary.LittleEndian.Uint64(b[i:])&0x8080808080808080 != 0 {
			break
		}
	}
	for ; i < len(b); i++ {
		if b[i] >= utf8.RuneSelf {
			return i
		}
	}
	return -1
}

// chooseEncoding decides between UTF-8, GB18030 and Big5. Text that is valid
// UTF-8 is UTF-8: other encodings pass that test only by a rare accident. The
// two Chinese ones overlap, so the one whose characters are the commoner wins;
// where neither gives common characters (a Western code page) none is taken.
func chooseEncoding(sample []byte) (textEncoding, error) {
	utf8Read := textEncoding{name: "UTF-8", decoder: utf8Decoder{}}
	if firstForeign(sample) < 0 || validButForTail(sample) {
		return utf8Read, nil
	}
	gb, taiwan := plausibility(gb18030, sample), plausibility(big5, sample)
	switch best := max(gb, taiwan); {
	case best < leastPlausible && mostlyUTF8(sample):
		return utf8Read, nil // the reader reports the bad byte with its row
	case best < leastPlausible:
		return textEncoding{}, &FormatError{Code: "bad-encoding",
			Message: fmt.Sprintf("the text is not UTF-8, UTF-16, GB18030 or Big5; the first bytes in question are %q", sample[:min(len(sample), 12)]),
			Hint:    saveAsUTF8}
	case gb >= taiwan:
		return textEncoding{name: "GB18030 (GBK)", decoder: gb18030}, nil
	}
	return textEncoding{name: "Big5", decoder: big5}, nil
}

// validButForTail is utf8.Valid, but the last character may be cut: the reader
// says so when it gets there.
func validButForTail(b []byte) bool {
	for i := 1; i < utf8.UTFMax && i <= len(b); i++ {
		if tail := b[len(b)-i:]; utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				b = b[:len(b)-i]
			}
			break
		}
	}
	return len(b) > 0 && utf8.Valid(b)
}

// mostlyUTF8 reports whether damaged text was meant as UTF-8: nine in ten of
// its foreign bytes belong to valid characters.
func mostlyUTF8(b []byte) bool {
	var foreign, bad int
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		if b[0] >= utf8.RuneSelf {
			foreign += size
		}
		if r == utf8.RuneError && size == 1 {
			bad++
		}
		b = b[size:]
	}
	return bad*10 < foreign
}

// Weights of a character for plausibility, and the mean that a text must
// reach. GBK text read as Big5 or the other way round stays below 0.
const (
	weightFrequent = 4  // one of the few hundred most used in ledgers
	weightCommon   = 1  // in the first level of GB 2312 or Big5, or CJK punctuation
	weightRare     = -4 // any other ideograph or sign
	weightInvalid  = -20
	leastPlausible = 0
)

// plausibility is the mean weight of the characters beyond ASCII, times 100.
func plausibility(d decoder, sample []byte) int {
	var sum, count int
	for len(sample) > 0 {
		text, used, bad := d.decode(nil, sample)
		for _, r := range string(text) {
			if r >= utf8.RuneSelf {
				count++
				sum += weight(r)
			}
		}
		if !bad {
			break // the rest is the start of a character cut by the end of the file
		}
		count++
		sum += weightInvalid
		sample = sample[used+1:]
	}
	if count == 0 {
		return 100 * weightInvalid
	}
	return 100 * sum / count
}

func weight(r rune) int {
	switch commonness()[r] {
	case 2:
		return weightFrequent
	case 1:
		return weightCommon
	}
	return weightRare
}

// commonness gives 2 for frequent characters and 1 for common ones.
var commonness = sync.OnceValue(func() map[rune]uint8 {
	common := map[rune]uint8{}
	addPairs(common, gb18030, 0xb0, 0xd7, 0xa1) // first level of GB 2312
	addPairs(common, big5, 0xa4, 0xc6, 0x40)    // first level of Big5
	for r := rune('　'); r <= '〗'; r++ {
		common[r] = 1
	}
	for r := rune('！'); r <= '～'; r++ {
		common[r] = 1
	}
	for _, r := range "“”‘’—…·×￥€№①②③④⑤" {
		common[r] = 1
	}
	for _, r := range frequentCharacters {
		if r >= utf8.RuneSelf {
			common[r] = 2
		}
	}
	return common
})

// addPairs marks the ideographs of a range of two-byte codes as common.
func addPairs(common map[rune]uint8, d chineseDecoder, firstLead, lastLead, firstTrail int) {
	for lead := firstLead; lead <= lastLead; lead++ {
		for trail := firstTrail; trail <= 0xfe; trail++ {
			text, _, _ := d.decode(nil, []byte{byte(lead), byte(trail)})
			if r, _ := utf8.DecodeRune(text); unicode.Is(unicode.Han, r) {
				common[r] = 1
			}
		}
	}
}

// frequentCharacters are those that make up most of running text, of ledgers
// and of the names of companies, places and people, in both scripts.
const frequentCharacters = `
的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里
用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实日军者意
無來個們這國時會說對過發後開樣還進現當沒動經學種裡從實將與關長門問間見電話車點機業產務員應該義號處
客户名称单位公司有限责任股份集团贸易实业科技发展工业制造机械电子电器建筑工程材料商行商贸经营部厂店分院
客戶名稱單位公司責任集團貿易實業科技發展工業製造機械電子電器建築工程材料經營廠店院
发票日期编号凭证合同摘要币种金额应收账款已回款未余额借贷方本月累计合计小备注付条件到期月结天红字预核销收付退
發票編號憑證摘要幣種金額應收帳款賬已回未餘額借貸累計合計備註付條件到期結紅預核銷退
业务员姓名地区部门类型状态逾期账龄数量价税率开始结束销售采购入库出客商
業務員姓地區類型狀態逾期帳齡數量價稅率開始結束銷售採購入庫台灣臺北
北京上海广东深圳州南京苏杭浙江山四川重庆武汉西安成天津河湖福建
廣東州蘇杭浙江山四川慶漢西安津河湖福建高雄新竹中彰化嘉義屏園
王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武戴莫孔向汤
張劉陳楊黃趙吳孫馬羅鄭謝許鄧馮韓蕭葉蔣呂盧鐘譚陸賈韋鄒閻龍賀顧龔萬錢嚴湯
一二三四五六七八九十百千万亿元角分整年月日号第共
華东東西南北中兴興盛达達通利丰豐泰源鑫恒恆信诚誠德明光华新安平康宏鸿鴻远遠大天地金银銀宝寶海联聯合众眾
`
