package xlsx

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"math/rand"
	"strings"
	"testing"
)

// unpackRows packs content in pieces, cut at these places, and returns what it
// takes and what compress/flate unpacks it to. Each piece but the first is given
// what stands before it from the row that begins last.
func unpackRows(t *testing.T, content []byte, cuts ...int) (packed int, unpacked []byte) {
	t.Helper()
	var p rowPacker
	var out []byte
	from, before := 0, 0
	for _, cut := range append(cuts, len(content)) {
		out = p.pack(out, content[from-before:cut], before, cut == len(content))
		from, before = cut, cut-max(0, bytes.LastIndex(content[:cut], []byte(rowBegin)))
	}
	unpacked, err := io.ReadAll(flate.NewReader(bytes.NewReader(out)))
	if err != nil {
		t.Fatal(err)
	}
	return len(out), unpacked
}

func TestPackedRowsUnpackToWhatTheyWere(t *testing.T) {
	random := make([]byte, 5000)
	rand.New(rand.NewSource(1)).Read(random)
	rows := func(values ...string) string {
		var b strings.Builder
		for i, v := range values {
			fmt.Fprintf(&b, `<row r="%d"><c s="1"><v>%s</v></c><c/></row>`, i+1, v)
		}
		return b.String()
	}
	for name, content := range map[string]string{
		"one byte":             "x",
		"no row":               strings.Repeat("<sheetData/>", 20),
		"one row":              rows("12.00"),
		"values of one length": rows("12.00", "12.01", "99.99", "99.99"),
		"values of any length": rows("1", "1234567.00", "", "1", "Foshan &amp; Co.", "9", "<f/>", "9"),
		"cells of any number":  `<row><c s="1"/><c/></row><row><c/></row><row><c s="1"/><c/><c/><c s="2"/></row><row><c s="1"/></row><row><c s="1"/></row>`,
		"a row that ends":      rows("1", "2") + `<row r="3"><c s="1"`,
		"far apart":            rows(strings.Repeat("x", longestOffset), strings.Repeat("y", longestOffset), "z"),
		"as far as can be":     rows(strings.Repeat("x", longestOffset-43), "y", "y"),
		"no markup":            string(random),
		"all bytes":            rows(string(random), string(random), "1"),
		"a tail":               rows("1", "2") + "</sheetData>" + strings.Repeat("<hyperlink ref=\"A1\"/>", 50),
	} {
		for _, cuts := range [][]int{nil, {len(content) / 2}, {len(content) / 3, len(content)/3 + 1}} {
			if _, got := unpackRows(t, []byte(content), cuts...); !bytes.Equal(got, []byte(content)) {
				t.Errorf("%s, cut at %d: %d bytes become others", name, cuts, len(content))
			}
		}
	}
}

// A match is said in parts of 3 to 258 bytes.
func TestMatchesOfEveryLengthUnpack(t *testing.T) {
	for length := range 3 * longestMatch {
		row := "<row><c>" + strings.Repeat("x", length)
		content := []byte(row + row + "y</c></row>" + row)
		if _, got := unpackRows(t, content); !bytes.Equal(got, content) {
			t.Errorf("rows of %d bytes become others", len(row))
		}
	}
}

func FuzzPackedRowsUnpackToWhatTheyWere(f *testing.F) {
	f.Add([]byte(`<sheetData><row r="1"><c s="1"><v>1</v></c><c/></row><row r="2"><c s="1"><v>20</v></c><c/></row></sheetData>`), uint16(60))
	f.Add([]byte(`<row><c><f/></c><row><<<c<r<row></row`), uint16(9))
	f.Fuzz(func(t *testing.T, content []byte, cut uint16) {
		if len(content) == 0 {
			return // a part is never empty
		}
		if _, got := unpackRows(t, content, min(int(cut), len(content)-1)); !bytes.Equal(got, content) {
			t.Error("other bytes")
		}
	})
}

// That is what it is for: less room than a general packer needs at its best
// speed, and than one that is three times slower.
func TestRowsTakeLessRoomThanInAGeneralPacker(t *testing.T) {
	defer func(rows int) { bareRows = rows }(bareRows)
	bareRows = 0
	_, out := open(t, largeBook(2000), "en")
	sheet := unpack(t, out)["xl/worksheets/sheet4.xml"]
	packed, unpacked := unpackRows(t, sheet)
	if !bytes.Equal(unpacked, sheet) {
		t.Error("other bytes")
	}
	for _, level := range []int{flate.BestSpeed, 4} {
		var general bytes.Buffer
		w, err := flate.NewWriter(&general, level)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(sheet); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if packed > general.Len() {
			t.Errorf("%d bytes take %d, at level %d %d", len(sheet), packed, level, general.Len())
		}
	}
}

// The codes of symbols that come 1, 1, 2, 3, 5 … times are as long as codes can
// be. Cut to a limit they still use all the room there is (Kraft's equality),
// and what comes more often has no longer code.
func TestCodesKeepToTheirLimit(t *testing.T) {
	for _, limit := range []int{longestCode, longestRunCode} {
		for symbols := 2; symbols <= 40; symbols++ {
			often := make([]uint32, symbols)
			for i := range often {
				often[i] = 1
				if i > 1 {
					often[i] = often[i-1] + often[i-2]
				}
			}
			room := 0
			lengths := codeLengths(often, limit)
			for i, length := range lengths {
				if length < 1 || int(length) > limit || i > 0 && length > lengths[i-1] {
					t.Fatalf("%d symbols within %d: codes of %v", symbols, limit, lengths)
				}
				room += 1 << (limit - int(length))
			}
			if room != 1<<limit {
				t.Errorf("%d symbols within %d: codes of %v take %d of %d", symbols, limit, lengths, room, 1<<limit)
			}
		}
	}
}

// Counts 1, 1, 2, 4 make codes of 3, 3, 2 and 1 bits (Huffman).
func TestCodesAreTheShortest(t *testing.T) {
	if got := codeLengths([]uint32{4, 0, 1, 2, 1}, longestCode); !bytes.Equal(got, []byte{1, 0, 3, 2, 3}) {
		t.Errorf("codes of %v", got)
	}
}
