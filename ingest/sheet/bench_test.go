package sheet

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// benchRows is the size of the benchmarks' ledger of 14 columns: ids, names
// partly Chinese, three dates, amounts.
const benchRows = 100_000

// benchRow gives one row of the ledger; its first 8 fields are texts.
func benchRow(r *rand.Rand, row int) [14]string {
	customer := r.IntN(5000)
	day := 45000 + r.IntN(700)
	money := fmt.Sprintf("%d.%02d", r.IntN(100_000), r.IntN(100))
	return [14]string{
		fmt.Sprintf("INV-%07d", row), "invoice", fmt.Sprintf("C%05d", customer), fmt.Sprintf("华东机械制造有限公司 %d", customer),
		fmt.Sprintf("R%02d", customer%50), []string{"North", "South", "East", "West"}[customer%4], "CNY", "net 30",
		fmt.Sprint(day), fmt.Sprint(day), fmt.Sprint(day + 30), money, money, fmt.Sprint(r.IntN(100)),
	}
}

// benchBook writes the ledger as a workbook with shared or inline strings.
func benchBook(b *testing.B, shared bool) string {
	b.Helper()
	var rows, table strings.Builder
	index := map[string]int{}
	r := rand.New(rand.NewPCG(1, 2))
	for row := 1; row <= benchRows; row++ {
		fmt.Fprintf(&rows, `<row r="%d">`, row)
		for i, text := range benchRow(r, row) {
			ref := fmt.Sprint(columnName(i+1), row)
			switch n, known := index[text]; {
			case i >= 8:
				fmt.Fprintf(&rows, `<c r="%s" s="%d"><v>%s</v></c>`, ref, map[bool]int{true: 1}[i < 11], text)
			case !shared:
				fmt.Fprintf(&rows, `<c r="%s" t="inlineStr"><is><t>%s</t></is></c>`, ref, text)
			default:
				if !known {
					n = len(index)
					index[text] = n
					fmt.Fprintf(&table, `<si><t>%s</t></si>`, text)
				}
				fmt.Fprintf(&rows, `<c r="%s" t="s"><v>%d</v></c>`, ref, n)
			}
		}
		rows.WriteString(`</row>`)
	}
	return testBook(b, sheetOf(rows.String()), "xl/sharedStrings.xml", `<sst `+namespace+`>`+table.String()+`</sst>`)
}

func BenchmarkReadXLSX(b *testing.B) {
	b.Run("inline", func(b *testing.B) { benchRead(b, benchBook(b, false)) })
	b.Run("shared", func(b *testing.B) { benchRead(b, benchBook(b, true)) })
}

func BenchmarkReadCSV(b *testing.B) {
	var text strings.Builder
	r := rand.New(rand.NewPCG(1, 2))
	for row := range benchRows {
		fields := benchRow(r, row)
		text.WriteString(strings.Join(fields[:], ",") + "\n")
	}
	for _, format := range []string{"UTF-8", "GB18030 (GBK)"} {
		b.Run(format, func(b *testing.B) { benchRead(b, testFile(b, "bench.csv", encodings[format](text.String()))) })
	}
}

// benchRead opens and reads the file as a caller would.
func benchRead(b *testing.B, path string) {
	b.ReportAllocs()
	for b.Loop() {
		f, err := Open(path, Limits{})
		if err != nil {
			b.Fatal(err)
		}
		rows, cells := 0, 0
		if err := f.Sheets()[0].Rows(func(r *Row) error { rows++; cells += len(r.Cells); return nil }); err != nil {
			b.Fatal(err)
		}
		if rows != benchRows || cells != 14*benchRows {
			b.Fatalf("%d rows, %d cells", rows, cells)
		}
		f.Close()
	}
}

// BenchmarkExcelizeRows is the yardstick: the same workbooks by excelize's Rows
// with raw values.
func BenchmarkExcelizeRows(b *testing.B) {
	b.Run("inline", func(b *testing.B) { benchExcelize(b, benchBook(b, false)) })
	b.Run("shared", func(b *testing.B) { benchExcelize(b, benchBook(b, true)) })
}

func benchExcelize(b *testing.B, path string) {
	b.ReportAllocs()
	for b.Loop() {
		f, err := excelize.OpenFile(path, excelize.Options{RawCellValue: true})
		if err != nil {
			b.Fatal(err)
		}
		rows, err := f.Rows("Ledger")
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for ; rows.Next(); n++ {
			if _, err := rows.Columns(); err != nil {
				b.Fatal(err)
			}
		}
		if n != benchRows {
			b.Fatalf("%d rows", n)
		}
		f.Close()
	}
}
