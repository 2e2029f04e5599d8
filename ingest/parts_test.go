package ingest_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"duepack/analysis/ledger"
	"duepack/ingest"
	"duepack/ingest/sheet"
)

const partedHeader = "Document,Type,Customer,Customer Name,Rep,Region,Currency,Posted,Due,Terms,Amount,Cost,Settles,Status,Remark"

// partedText is a text of lines of all kinds that is large enough to be cut into
// eight parts, most of it by remarks. cells may change the cells of row i; a row of
// one cell is taken as it is.
func partedText(header string, rows int, cells func(random *rand.Rand, i int, row []string) []string) string {
	random := rand.New(rand.NewPCG(7, 7))
	pick := func(of ...string) string { return of[random.IntN(len(of))] }
	var b strings.Builder
	b.WriteString(header + "\n")
	remark := strings.Repeat("remark ", 10<<20/rows/7)
	for i := range rows {
		late := i * 4 / rows // customers, currencies and names that only later rows have
		c := random.IntN(40 + 20*late)
		row := []string{fmt.Sprintf("D%05d", random.IntN(rows)), "invoice", fmt.Sprintf("C%02d", c), pick("", fmt.Sprint("Name ", c), fmt.Sprint("Name ", c+late/3)),
			pick("", "R1", fmt.Sprint("R", 2+late)), pick("", "East", fmt.Sprint("Region ", late)), pick("", "CNY", "USD", []string{"EUR", "JPY", "GBP", "KWD"}[late]),
			fmt.Sprintf("2026-%02d-%02d", 1+random.IntN(9), 1+random.IntN(28)), pick("", "2026-10-09", "2026-11-30"), pick("", "net 30", "eom 30", "prepaid"),
			fmt.Sprintf("%d.50", 1+random.IntN(9999)), pick("", "10", "20.00"), "", pick("", "", "", "", "", "", "", "", "void"), remark}
		if row[6] == "JPY" {
			row[10] = fmt.Sprint(random.IntN(9999))
		}
		switch random.IntN(9) {
		case 0, 1, 2:
			row[1], row[10], row[11], row[12] = "receipt", "-"+row[10], "", pick("", fmt.Sprintf("D%05d", random.IntN(rows)))
		case 3:
			row[0] = pick("", row[0])
		}
		if row = cells(random, i, row); len(row) == 1 {
			b.WriteString(row[0] + "\n")
			continue
		}
		b.WriteString(strings.Join(row, ",") + "\n")
	}
	return b.String()
}

// takeNumbers lists the document numbers of a ledger as texts, and takes away what
// makes texts of them, which holds what was looked up last.
func takeNumbers(r *ingest.Result) []string {
	if r.Ledger == nil {
		return nil
	}
	list := numbers(r.Ledger)
	r.Ledger.Numbering = nil
	return list
}

// numbers lists the document numbers of a ledger as texts.
func numbers(l *ledger.Ledger) []string {
	var list []string
	for i := range l.Entries {
		e := &l.Entries[i]
		list = append(list, l.Numbering.Text(e.ID), l.Numbering.Text(e.Settles))
	}
	return list
}

// A text that is read in parts gives what it gives read whole: the same ledger,
// problems and recognised columns, whatever the rows are and wherever something
// is wrong.
func TestATextInPartsIsTheTextReadWhole(t *testing.T) {
	const rows = 6000
	same := func(_ *rand.Rand, _ int, row []string) []string { return row }
	cases := []struct {
		name, text string
		parted     bool // the parts can be read
		errors     int64
	}{
		{"plain", partedText(partedHeader, rows, same), true, 0},
		{"rows that are no lines", partedText(partedHeader, rows, func(random *rand.Rand, i int, row []string) []string {
			switch random.IntN(20) {
			case 0:
				return []string{""}
			case 1:
				return []string{partedHeader}
			case 2:
				return []string{"Total,,,,,,,,,,100.00"}
			case 3:
				return []string{"printed by somebody"}
			}
			return row
		}), true, 0},
		{"errors everywhere", partedText(partedHeader, rows, func(random *rand.Rand, i int, row []string) []string {
			switch random.IntN(60) {
			case 0:
				row[10] = "many"
			case 1:
				row[7], row[8] = "soon", ""
			case 2:
				row[1] = "gift"
			case 3:
				row[2], row[3] = "", ""
			}
			return row
		}), true, 0},
		{"more errors than are counted, in all parts together", partedText(partedHeader, rows, func(_ *rand.Rand, i int, row []string) []string {
			if i%100 == 0 {
				row[10] = "many"
			}
			return row
		}), true, 50},
		{"decimal commas that only the end proves", partedText(strings.ReplaceAll(partedHeader, ",", ";"), rows, func(random *rand.Rand, i int, row []string) []string {
			row[10] = strings.ReplaceAll(row[10], ".50", "")
			if row[10] = row[10] + ".250"; i > rows-20 {
				row[10] = "1.234,50"
			}
			return []string{strings.Join(append(row[:11:11], "", row[12], row[13], row[14]), ";")}
		}), true, 0},
		{"points and commas", partedText(strings.ReplaceAll(partedHeader, ",", ";"), rows, func(_ *rand.Rand, i int, row []string) []string {
			if i > rows/2 {
				row[10] = strings.ReplaceAll(row[10], ".", ",")
			}
			return []string{strings.Join(row, ";")}
		}), true, 0},
		{"days and months that only the end tells apart", partedText(partedHeader, rows, func(random *rand.Rand, i int, row []string) []string {
			row[7], row[8] = fmt.Sprintf("%02d/%02d/2026", 1+random.IntN(9), 1+random.IntN(9)), ""
			if i > rows-20 {
				row[7] = "28/02/2026"
			}
			return row
		}), true, 0},
		{"days and months that nothing tells apart", partedText(partedHeader, rows, func(random *rand.Rand, i int, row []string) []string {
			row[7], row[8] = fmt.Sprintf("%02d/%02d/2026", 1+random.IntN(9), 1+random.IntN(9)), ""
			return row
		}), true, 0},
		{"a currency that most of the later lines have", partedText(partedHeader, rows, func(_ *rand.Rand, i int, row []string) []string {
			if row[6] = "USD"; i > rows/4 {
				row[6] = "EUR"
			}
			return row
		}), true, 0},
		{"settled invoices", partedText("Document,Customer,Issued,Due,Amount,Settled On,Paid Amount,Remark", rows, func(random *rand.Rand, i int, row []string) []string {
			paid, on := "", ""
			if i%3 > 0 {
				paid, on = row[10], "2026-10-02"
			}
			return []string{strings.Join([]string{row[0], row[2], row[7], row[8], row[10], on, paid, row[14]}, ",")}
		}), true, 0},
		{"open items", partedText("Document,Customer,Issued,Due,Amount,Open Amount,Remark", rows, func(_ *rand.Rand, i int, row []string) []string {
			return []string{strings.Join([]string{row[0], row[2], row[7], row[8], row[10], "1.00", row[14]}, ",")}
		}), true, 0},
		{"groups of customers", partedText("Document,Posted,Due,Amount,Remark", rows, func(_ *rand.Rand, i int, row []string) []string {
			if i%50 == 0 {
				return []string{row[2] + " Customer " + row[2]}
			}
			return []string{strings.Join([]string{row[0], row[7], row[8], row[10], row[14]}, ",")}
		}), true, 0},
		{"a first line that names the separator", "sep=,\n" + partedText(partedHeader, rows, same), true, 0},
		{"line ends in quotes", partedText(partedHeader, rows, func(_ *rand.Rand, i int, row []string) []string {
			row[14] = "\"" + row[14] + "\n" + row[14] + "\""
			return row
		}), false, 0},
		{"line ends in quotes that the first lines of parts do not show", partedText(partedHeader, rows, func(_ *rand.Rand, i int, row []string) []string {
			if i%(rows/8) == rows/16 {
				row[14] = "\"" + row[14] + "\n" + row[14] + "\""
			}
			return row
		}), false, 0},
		{"line ends in quotes in the last part", partedText(partedHeader, rows, func(_ *rand.Rand, i int, row []string) []string {
			if i > rows-20 {
				row[14] = "\"" + row[14] + "\n" + row[14] + "\""
			}
			return row
		}), true, 0},
		{"more lines in the last part than its bytes let expect", partedText(partedHeader, rows, func(_ *rand.Rand, i int, row []string) []string {
			if i > rows*7/8 {
				row[14] = ""
			}
			return row
		}), true, 0},
		{"other line ends here and there", partedText(partedHeader, rows, func(_ *rand.Rand, i int, row []string) []string {
			if i%700 == 0 {
				row[14] += "\r" + strings.Join(row, ",")
			}
			return row
		}), false, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "ledger.csv")
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			if parted := readInParts(t, path); parted != c.parted {
				t.Fatalf("the text can be read in parts: %t, want %t", parted, c.parted)
			}
			for _, lenient := range []bool{false, true} {
				opts := ingest.Options{Inputs: []ingest.Input{{File: path}}, Terms: ledger.Terms{Kind: ledger.TermsNet, Days: 30}, Lenient: lenient, Limits: sheet.Limits{Errors: c.errors}}
				whole := readOn(t, 1, opts)
				wholeNumbers := takeNumbers(whole)
				for _, processors := range []int{2, 3, 8} {
					parts := readOn(t, processors, opts)
					if !slices.Equal(takeNumbers(parts), wholeNumbers) {
						t.Errorf("lenient %t, %d parts: the document numbers differ", lenient, processors)
					}
					if !reflect.DeepEqual(parts.Problems, whole.Problems) {
						t.Errorf("lenient %t, %d parts: the problems differ: %d and %d", lenient, processors, len(parts.Problems), len(whole.Problems))
					}
					if !reflect.DeepEqual(parts.Ledger, whole.Ledger) || !reflect.DeepEqual(parts, whole) {
						t.Errorf("lenient %t, %d parts: what was read differs", lenient, processors)
					}
				}
			}
		})
	}
}

// readOn reads a book on so many processors.
func readOn(t *testing.T, processors int, opts ingest.Options) *ingest.Result {
	t.Helper()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
	return readAll(t, opts)
}

// readInParts reads a text in eight parts and reports whether all could be.
func readInParts(t *testing.T, path string) bool {
	t.Helper()
	f, err := sheet.Open(path, sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	parts := f.Sheets()[0].(interface{ Parts(n int) []*sheet.Part }).Parts(8)
	if parts == nil {
		return false
	}
	if len(parts) != 8 {
		t.Fatalf("a text of 10 MB has %d parts, want 8", len(parts))
	}
	for _, p := range parts {
		if p.Rows(func(*sheet.Row) error { return nil }) != nil {
			return false
		}
	}
	return true
}

// TestRowsBetweenQuotesAreNotLost refuses a text in which two quotes that were meant as
// letters would make one value of thousands of rows, wherever its parts begin.
func TestRowsBetweenQuotesAreNotLost(t *testing.T) {
	for _, at := range []int{50, 14_500, 29_000} { // in the first part of two, over both, and in the second
		text := partedText(partedHeader, 30_000, func(_ *rand.Rand, i int, row []string) []string {
			switch i {
			case at:
				row[3] = "\"" + row[3]
			case at + 900:
				row[3] += "\""
			}
			return row
		})
		path := filepath.Join(t.TempDir(), "ledger.csv")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, processors := range []int{1, 2, 8} {
			r := readOn(t, processors, ingest.Options{Inputs: []ingest.Input{{File: path}}, Lenient: true})
			var found []string
			for _, p := range r.Problems {
				if p.Code == "quoted-rows" {
					found = append(found, p.Place())
				}
			}
			if want := fmt.Sprintf("ledger.csv!D%d", at+2); r.Ledger != nil || len(found) != 1 || found[0] != want {
				t.Errorf("on %d processors it is found at %v, want %s", processors, found, want)
			}
		}
	}
}
