package sheet

import (
	"encoding/binary"
	"sync"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// decoder turns bytes of one encoding into UTF-8, strictly: a byte that the
// encoding does not know stops it, because a replacement character in a
// customer's name would make two customers of one.
type decoder interface {
	// decode appends src to dst as UTF-8 up to the first bad or incomplete
	// character and returns how many bytes of src that took. bad says that what
	// follows is no character; otherwise it may be the start of one.
	decode(dst, src []byte) (out []byte, used int, bad bool)
}

// utf8Decoder passes the bytes on; the cells are checked when they are kept.
type utf8Decoder struct{}

func (utf8Decoder) decode(dst, src []byte) ([]byte, int, bool) {
	return append(dst, src...), len(src), false
}

// utf16Decoder decodes UTF-16 of either byte order.
type utf16Decoder struct{ order binary.ByteOrder }

func (d utf16Decoder) decode(dst, src []byte) ([]byte, int, bool) {
	i := 0
	for ; i+1 < len(src); i += 2 {
		r := rune(d.order.Uint16(src[i:]))
		if utf16.IsSurrogate(r) {
			if i+3 >= len(src) {
				return dst, i, false
			}
			if r = utf16.DecodeRune(r, rune(d.order.Uint16(src[i+2:]))); r == utf8.RuneError {
				return dst, i, true
			}
			i += 2
		}
		dst = utf8.AppendRune(dst, r)
	}
	return dst, i, false
}

// chineseDecoder decodes GB18030 or Big5 by a table of its two-byte codes.
type chineseDecoder struct {
	pairs    func() *pairTable
	fourByte bool // GB18030 has characters of four bytes as well
}

// pairTable holds the UTF-8 bytes of each two-byte code, first byte lowest; 0
// is no character. No UTF-8 sequence for one code is longer than four bytes.
type pairTable struct{ utf8 [1 << 16]uint32 }

var (
	gb18030 = chineseDecoder{sync.OnceValue(func() *pairTable { return newPairTable(simplifiedchinese.GB18030) }), true}
	big5    = chineseDecoder{sync.OnceValue(func() *pairTable { return newPairTable(traditionalchinese.Big5) }), false}
)

// newPairTable asks the library for every two-byte code once; the table then
// decodes ten times as fast and tells where a bad byte stands.
func newPairTable(e encoding.Encoding) *pairTable {
	table := new(pairTable)
	decoder := e.NewDecoder()
	var out [16]byte
	for lead := 0x81; lead <= 0xfe; lead++ {
		for trail := 0x40; trail <= 0xfe; trail++ {
			decoder.Reset()
			n, _, err := decoder.Transform(out[:], []byte{byte(lead), byte(trail)}, true)
			if r, _ := utf8.DecodeRune(out[:n]); err != nil || n > 4 || r == utf8.RuneError || r < utf8.RuneSelf {
				continue
			}
			table.utf8[lead<<8|trail] = uint32(out[0]) | uint32(out[1])<<8 | uint32(lowByte(out, 2, n))<<16 | uint32(lowByte(out, 3, n))<<24
		}
	}
	return table
}

func lowByte(b [16]byte, i, n int) byte {
	if i < n {
		return b[i]
	}
	return 0
}

func (d chineseDecoder) decode(dst, src []byte) ([]byte, int, bool) {
	table := d.pairs()
	i := 0
	for i < len(src) {
		if src[i] < utf8.RuneSelf {
			start := i
			for i < len(src) && src[i] < utf8.RuneSelf {
				i++
			}
			dst = append(dst, src[start:i]...)
			continue
		}
		if d.fourByte && src[i] == 0x80 { // the euro sign of code page 936
			dst = append(dst, "€"...)
			i++
			continue
		}
		if i+1 >= len(src) {
			return dst, i, src[i] == 0x80 || src[i] == 0xff
		}
		packed := table.utf8[int(src[i])<<8|int(src[i+1])]
		if packed != 0 {
			dst = append(dst, byte(packed), byte(packed>>8))
			if packed>>16 != 0 {
				dst = append(dst, byte(packed>>16))
			}
			if packed>>24 != 0 {
				dst = append(dst, byte(packed>>24))
			}
			i += 2
			continue
		}
		if !d.fourByte || src[i+1] < '0' || src[i+1] > '9' {
			return dst, i, true
		}
		if i+3 >= len(src) {
			return dst, i, false
		}
		out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(src[i : i+4])
		if r, size := utf8.DecodeRune(out); err != nil || size != len(out) || r == utf8.RuneError {
			return dst, i, true
		}
		dst = append(dst, out...)
		i += 4
	}
	return dst, i, false
}
