package sheet

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
)

// Whatever is cut field by field without looking at each byte is cut as the
// parser of all records cuts it, wherever blocks and words end.
func TestPlainRecordsAreThoseOfTheParserOfAllRecords(t *testing.T) {
	bothWays(t, plainRecordsAreThoseOfTheParserOfAllRecords)
}

func plainRecordsAreThoseOfTheParserOfAllRecords(t *testing.T) {
	pieces := []string{"a", "12345.67", "客户", "é", " ", "\u3000", "\u00a0 x", ",", ",", ",", ",,,,,,,,,", "\n", "\r\n", `"a"`, `"a, b"`, `"客户"`, `""`, ";", "seventeen letters",
		"text that is longer than the sixty-four bytes of which marks are made at once"}
	rare := []string{`"`, "\r", `"a""b"`, "\"a\nb\"", "\"a\r\nb\"", `"a"b`, ` "6,000" `, `="007"`, "\r\r\n", "\n\n", strings.Repeat("w, ,,", 25), strings.Repeat(",", 70)}
	r := rand.New(rand.NewPCG(21, 22))
	for i := range 400 {
		var text strings.Builder
		size := 1 + r.IntN(100)
		if i%40 == 0 {
			size = 20_000 // some blocks
		}
		for range size {
			text.WriteString(pieces[r.IntN(len(pieces))])
			if r.IntN(20+size/10) == 0 {
				text.WriteString(rare[r.IntN(len(rare))])
			}
		}
		text.WriteString(",end\n") // no row breaks off
		want, closed := parsedRows(text.String())
		file, err := os.Open(testFile(t, "plain.csv", text.String()))
		if err != nil {
			t.Fatal(err)
		}
		f := &textFile{file: file, size: int64(text.Len()), separator: ',', limits: Limits{}.withDefaults(), encoding: textEncoding{decoder: utf8Decoder{}}}
		var got strings.Builder
		err = f.Rows(func(row *Row) error {
			fmt.Fprintf(&got, "%d", row.Number)
			for _, c := range row.Cells {
				fmt.Fprintf(&got, " %d %q", c.Kind, c.Text)
			}
			got.WriteByte('\n')
			return wrongShown(row)
		})
		if (err == nil) != closed {
			t.Fatalf("%q: %v", text.String(), err)
		}
		file.Close()
		if got.String() != want {
			t.Fatalf("%q\nis read as\n%s\nwant\n%s", text.String(), got.String(), want)
		}
	}
}

// Records are cut several at once, but no more rows are given than are wanted.
func TestTopOfATextHasAsManyRowsAsAreWanted(t *testing.T) {
	bothWays(t, func(t *testing.T) {
		const rows = 3 * mostRecords
		f, err := Open(testFile(t, "top.csv", strings.Repeat("a,b\n\n\"c, d\",e\n", rows/2)), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for n := 1; n < rows+3; n++ {
			top, err := f.Sheets()[0].Top(n)
			if err != nil || len(top) != min(n, rows) {
				t.Fatalf("%d rows of %d are wanted, and %d given: %v", n, rows, len(top), err)
			}
			for i, row := range top {
				if want := 1 + i/2*3 + i%2*2; row.Number != want || len(row.Cells) != 2 || row.Cells[0].Text != []string{"a", "c, d"}[i%2] {
					t.Fatalf("of %d rows number %d is %+v", n, want, row)
				}
			}
		}
	})
}

// A sheet may end in a million lines of separators, and rows in as many: nothing is held for
// their cells.
func TestEmptyCellsTakeNoRoom(t *testing.T) {
	bothWays(t, func(t *testing.T) {
		separators := strings.Repeat(",", 30)
		f, err := Open(testFile(t, "blank.csv", strings.Repeat("a,b"+separators+"\n", 100)+strings.Repeat(separators+"\n", 10_000)), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		only := &batch{}
		p := &batcher{most: 1000, now: only}
		if _, err := f.Sheets()[0].(*textFile).records(p); err != nil || len(p.first)+len(p.now.rows) != 100 {
			t.Fatalf("%d rows: %v", len(p.first)+len(p.now.rows), err)
		}
		if room := cap(p.now.cells); room > batchCells || p.now != only {
			t.Errorf("there is room for %d cells, in the batch that was given: %t", room, p.now == only)
		}
	})
}

// A record of more fields than a word has bits is cut in several goes, and any field
// may be the last of one.
func TestWideRecordsAreCutWhole(t *testing.T) {
	bothWays(t, func(t *testing.T) {
		for fields := 60; fields < 70; fields++ {
			for quoted := range fields {
				record := strings.Repeat("ab,", quoted) + `"c, d"` + strings.Repeat(",e", fields-quoted-1) + "\n"
				b := textBlock{text: []byte(record), separator: ','}
				b.scan(false)
				cells, end, ok := b.cutPlain(make([]Cell, 0, 1), 100)
				if !ok || end != len(record)-1 || len(cells) != fields {
					t.Fatalf("%d fields, the quoted one at %d: %d cells, end %d, %t", fields, quoted, len(cells), end, ok)
				}
				for i, c := range cells {
					want := "ab"
					switch {
					case i == quoted:
						want = "c, d"
					case i > quoted:
						want = "e"
					}
					if c != (Cell{Text: want, Kind: Text, Visible: true}) {
						t.Fatalf("%d fields, the quoted one at %d: cell %d is %+v", fields, quoted, i, c)
					}
				}
			}
		}
	})
}

// A quoted field of separators would be marked again whenever more of it is read, at four
// bytes for each.
func TestMarksOfVeryLongTextsAreNotFound(t *testing.T) {
	for size, want := range map[int]int{mostMarkedBytes: mostMarkedBytes, mostMarkedBytes + 1: 0} {
		b := textBlock{text: bytes.Repeat([]byte{','}, size), separator: ','}
		if b.scan(false); len(b.marks) != want {
			t.Errorf("a text of %d bytes has %d marks, want %d", size, len(b.marks), want)
		}
	}
}

// A record that is longer than what is marked is parsed, and those behind it are cut again.
func TestVeryLongRecordsAreReadLikeOthers(t *testing.T) {
	bothWays(t, func(t *testing.T) {
		long := strings.Repeat("a,b\n", mostMarkedBytes/3)
		f, err := Open(testFile(t, "long.csv", "id,text\n1,short\n2,\""+long+"\"\n3,\"c, d\"\n"), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		var got []string
		if err := f.Sheets()[0].Rows(func(row *Row) error {
			got = append(got, fmt.Sprint(row.Number, " ", len(row.Cells), " ", strings.Clone(row.Cells[1].Text)))
			return wrongShown(row)
		}); err != nil {
			t.Fatal(err)
		}
		if want := []string{"1 2 text", "2 2 short", "3 2 " + long, "4 2 c, d"}; !slices.Equal(got, want) {
			t.Errorf("%d rows: %.50q", len(got), got)
		}
	})
}

// wrongShown says which cell of a row is Visible, or in Row.Shown, and should not
// be, or the other way round.
func wrongShown(row *Row) error {
	for i, c := range row.Cells {
		visible := strings.TrimSpace(c.Text) != ""
		if c.Visible != visible || i < 64 && row.Shown>>i&1 == 1 != visible {
			return fmt.Errorf("cell %d of row %d is %q: Visible is %v, Shown %b", i, row.Number, c.Text, c.Visible, row.Shown)
		}
	}
	if n := len(row.Cells); n < 64 && row.Shown>>n != 0 {
		return fmt.Errorf("row %d has %d cells and shows %b", row.Number, n, row.Shown)
	}
	return nil
}

// parsedRows reads the rows of a text with the parser of all records. closed says
// that no quote stays open.
func parsedRows(text string) (all string, closed bool) {
	var rows strings.Builder
	p := recordParser{separator: ','}
	rest := []byte(text)
	for number := 1; len(rest) > 0; number++ {
		n, ok := p.parse(rest, true)
		if !ok {
			return rows.String(), false
		}
		var cells []Cell
		for i, field := range p.fields {
			if value := field.value(rest); len(value) > 0 {
				cells = append(append(cells, make([]Cell, i-len(cells))...), Cell{Text: string(value), Kind: Text})
			}
		}
		if len(cells) > 0 {
			fmt.Fprintf(&rows, "%d", number)
			for _, c := range cells {
				fmt.Fprintf(&rows, " %d %q", c.Kind, c.Text)
			}
			rows.WriteByte('\n')
		}
		rest = rest[n:]
	}
	return rows.String(), true
}

// A block may end between the carriage return and the line feed of a line, or
// inside quotes: as many paddings as a line has bytes move every edge.
func TestLinesSurviveBlockEdges(t *testing.T) { bothWays(t, linesSurviveBlockEdges) }

func linesSurviveBlockEdges(t *testing.T) {
	for name, line := range map[string]string{"both": "a,b\r\n", "carriage returns": "a,b\r", "line feeds": "a,b\n", "quotes": "\"a\",b\n", "doubled quotes": "\"\"\"a\"\"\",b\r\n"} {
		for padding := range len(line) {
			rows := 0
			f, err := Open(testFile(t, "edges.csv", strings.Repeat("x", padding)+",b\n"+strings.Repeat(line, 60_000)), Limits{})
			if err != nil {
				t.Fatal(err)
			}
			err = f.Sheets()[0].Rows(func(row *Row) error {
				if rows++; row.Number != rows || len(row.Cells) != 2 || row.Cells[1].Text != "b" || rows > 1 && strings.Trim(row.Cells[0].Text, `"`) != "a" {
					return fmt.Errorf("row %d is %v", rows, row.Cells)
				}
				return nil
			})
			f.Close()
			if err != nil || rows != 60_001 {
				t.Errorf("%s, padding %d: %d rows, %v", name, padding, rows, err)
			}
		}
	}
}
