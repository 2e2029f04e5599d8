package ingest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"duepack/analysis/ledger"
	"duepack/ingest"
	"duepack/samples"
)

// A book in many files is the book that one file with the same lines is: the
// same tables in the same order and the same entries, however many processors
// read them.
func TestABookInManyFilesIsTheBookInOne(t *testing.T) {
	dir := t.TempDir()
	if err := samples.Generate(dir, samples.Options{Rows: 3000, Format: samples.CSV}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "Ledger.csv"))
	if err != nil {
		t.Fatal(err)
	}
	header, rest, _ := strings.Cut(string(text), "\n")
	rows := strings.SplitAfter(strings.TrimSuffix(rest, "\n"), "\n")
	one := readAll(t, files(t, "ledger.csv: "+header+"\n"+strings.Join(rows, ""))).Ledger
	if len(one.Currencies) < 2 || len(one.Reps) < 2 || len(one.Customers) < 20 {
		t.Fatal("the book has too few parties to tell their order")
	}
	for _, parts := range []int{2, 7, 40} {
		var texts []string
		var lengths []int
		for i := range parts {
			part := rows[i*len(rows)/parts : (i+1)*len(rows)/parts]
			lengths = append(lengths, len(part))
			texts = append(texts, fmt.Sprintf("ledger-%02d.csv: %s\n%s", i, header, strings.Join(part, "")))
		}
		opts := files(t, texts...)
		for _, processors := range []int{1, 2, 8} {
			before := runtime.GOMAXPROCS(processors)
			many := readAll(t, opts)
			runtime.GOMAXPROCS(before)
			l := many.Ledger
			for i := range l.Entries {
				l.Entries[i].Pos = one.Entries[i].Pos
			}
			if len(l.Entries) != len(one.Entries) || !reflect.DeepEqual(l.Entries, one.Entries) || !slices.Equal(numbers(l), numbers(one)) {
				t.Errorf("%d files on %d processors: the entries differ", parts, processors)
			}
			if !reflect.DeepEqual(l.Customers, one.Customers) || !reflect.DeepEqual(l.Reps, one.Reps) || !reflect.DeepEqual(l.Regions, one.Regions) || !reflect.DeepEqual(l.Currencies, one.Currencies) {
				t.Errorf("%d files on %d processors: customers, reps, regions or currencies differ", parts, processors)
			}
			for i, in := range many.Inputs {
				if in.Rows != lengths[i] {
					t.Errorf("%s gave %d rows, want %d", in.File, in.Rows, lengths[i])
				}
			}
		}
	}
}

// A name counts from the first file that has it, as if the files were one; the
// currency of a later file is new there.
func TestLaterFilesMeetThePartiesOfTheFirst(t *testing.T) {
	const header = "Document,Type,Customer,Customer Name,Currency,Posted,Due,Amount\n"
	r := readAll(t, files(t,
		"a.csv: "+header+"A1,invoice,C2,,CNY,2026-03-04,2026-04-04,1.00\nA2,invoice,C1,One,USD,2026-03-04,2026-04-04,2.00",
		"b.csv: "+header+"B1,invoice,C3,Three,JPY,2026-03-04,2026-04-04,30\nB2,invoice,C1,Uno,CNY,2026-03-04,2026-04-04,4.00\nB3,invoice,C1,One,EUR,2026-03-04,2026-04-04,5.00",
		"c.csv: "+header+"C1,invoice,C2,Two,JPY,2026-03-04,2026-04-04,60\nC2,invoice,C1,Uno,USD,2026-03-04,2026-04-04,7.00\nC3,invoice,C1,Uno,USD,2026-03-04,2026-04-04,8.00"))
	want(t, r, []string{
		"A1 invoice C2 1.00 CNY 2026-03-04 2026-03-04 2026-04-04 -", "A2 invoice C1 2.00 USD 2026-03-04 2026-03-04 2026-04-04 -",
		"B1 invoice C3 30 JPY 2026-03-04 2026-03-04 2026-04-04 -", "B2 invoice C1 4.00 CNY 2026-03-04 2026-03-04 2026-04-04 -", "B3 invoice C1 5.00 EUR 2026-03-04 2026-03-04 2026-04-04 -",
		"C1 invoice C2 60 JPY 2026-03-04 2026-03-04 2026-04-04 -", "C2 invoice C1 7.00 USD 2026-03-04 2026-03-04 2026-04-04 -", "C3 invoice C1 8.00 USD 2026-03-04 2026-03-04 2026-04-04 -",
	}, []string{"D3 name-differs", "D3 name-differs"})
	names := map[string]string{}
	for _, c := range r.Ledger.Customers {
		names[c.ID] = c.Name
	}
	if names["C1"] != "One" || names["C2"] != "Two" || names["C3"] != "Three" {
		t.Errorf("customers are called %v", names)
	}
	if places := []string{r.Problems[0].Place(), r.Problems[1].Place()}; places[0] != "b.csv!D3" || places[1] != "c.csv!D3" {
		t.Errorf("the other name is noted at %v", places)
	}
	var codes []string
	for _, c := range r.Ledger.Currencies {
		codes = append(codes, c.Code)
	}
	if got := strings.Join(codes, " "); got != "CNY USD JPY EUR" {
		t.Errorf("currencies in order of first appearance: %s", got)
	}
}

// BenchmarkReadManyFiles reads a book of 20,000 lines that is spread over 24 files.
func BenchmarkReadManyFiles(b *testing.B) {
	const lines, parts = 20_000, 24
	dir := b.TempDir()
	if err := samples.Generate(dir, samples.Options{Rows: lines, Format: samples.CSV}); err != nil {
		b.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "Ledger.csv"))
	if err != nil {
		b.Fatal(err)
	}
	header, rest, _ := strings.Cut(string(text), "\n")
	rows := strings.SplitAfter(rest, "\n")
	options := ingest.Options{Terms: ledger.Terms{Kind: ledger.TermsNet, Days: 30}}
	for i := range parts {
		name := filepath.Join(dir, fmt.Sprintf("part-%02d.csv", i))
		part := header + "\n" + strings.Join(rows[i*len(rows)/parts:(i+1)*len(rows)/parts], "")
		if err := os.WriteFile(name, []byte(part), 0o600); err != nil {
			b.Fatal(err)
		}
		options.Inputs = append(options.Inputs, ingest.Input{File: name})
	}
	benchRead(b, options, lines)
}

// Documents that are repeated or unknown are found in many customers at the same
// time, while the sheets beside the ledger are read: what is said of them comes
// in the order of the rows, however many processors there are.
func TestFindingsComeInTheOrderOfRowsOnAnyProcessors(t *testing.T) {
	const customers = 300
	ledgerText := "ledger.csv: Document,Type,Customer,Posted,Due,Amount,Settles"
	customersText, promises := "customers.csv: Customer,Name,Terms", "promises.csv: Customer,Made On,Promised For,Amount"
	row := 1
	var problems []string
	add := func(format string, c int, code, column string) {
		row++
		ledgerText += "\n" + strings.ReplaceAll(format, "%", fmt.Sprintf("%03d", c))
		if code != "" {
			problems = append(problems, fmt.Sprintf("ledger.csv!%s%d %s", column, row, code))
		}
	}
	for c := range customers { // the due dates are those of terms that only customers.csv has
		add("A%,invoice,C%,2026-03-04,,10.00,", c, "due-derived", "E")
		customersText += fmt.Sprintf("\nC%03d,Name %d,net %d", c, c, c%50+1)
		promises += fmt.Sprintf("\nC%03d,2026-03-05,2026-03-20,5.00", customers+c) // customers the ledger does not have
	}
	for c := range customers {
		add("R%,receipt,C%,2026-03-05,,-1.00,A%", c, "", "")
	}
	repeated := 0
	for c := range customers {
		if c%3 == 0 {
			repeated++
			add("A%,invoice,C%,2026-03-06,2026-04-06,7.00,", c, "duplicate-document", "A")
		} else {
			add("B%,invoice,C%,2026-03-06,2026-04-06,7.00,", c, "", "")
		}
	}
	for c := range customers {
		code := ""
		if c%3 == 0 { // whose B is an A
			code = "unknown-settles"
		}
		add("S%,receipt,C%,2026-03-07,,-2.00,B%", c, code, "G")
	}
	opts := files(t, ledgerText, customersText, promises)
	opts.Lenient = true
	for _, processors := range []int{1, 2, 8} {
		before := runtime.GOMAXPROCS(processors)
		r := readAll(t, opts)
		runtime.GOMAXPROCS(before)
		var have []string
		for _, p := range r.Problems {
			have = append(have, p.Place()+" "+p.Code)
		}
		if !reflect.DeepEqual(have, problems) {
			t.Errorf("%d processors: problems\n%s\nwant\n%s", processors, strings.Join(have, "\n"), strings.Join(problems, "\n"))
		}
		if l := r.Ledger; len(l.Entries) != 4*customers-repeated || len(l.Customers) != 2*customers || len(l.Promises) != customers {
			t.Errorf("%d processors: %d entries, %d customers, %d promises", processors, len(l.Entries), len(l.Customers), len(l.Promises))
		}
		for c := range customers {
			if e := &r.Ledger.Entries[c]; e.Due-e.Issued != ledger.Date(c%50+1) {
				t.Errorf("%d processors: %s is due at %s", processors, r.Ledger.Numbering.Text(e.ID), e.Due)
			}
		}
		sum := ledger.Minor(customers*(1000-100+700-200) - repeated*700)
		if s := r.Recognised[0].Sums; len(s) != 1 || s[0].Amount != sum || s[0].Rows != 4*customers-repeated || s[0].Currency.Code != "CNY" {
			t.Errorf("%d processors: sums %v, want %d", processors, s, sum)
		}
	}
}
