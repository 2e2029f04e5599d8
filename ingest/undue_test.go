package ingest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"duepack/analysis/ledger"
	"duepack/ingest"
)

// TestDueDatesOfEveryLine derives the due dates of a book that has none, in two files and
// by several goroutines: by the terms of the line, else of the customer, else of the book
// (rules §2), whatever was wrong with lines between them.
func TestDueDatesOfEveryLine(t *testing.T) {
	const lines = 10_000
	dir := t.TempDir()
	issued := ledger.MustDate("2026-01-01")
	want := map[string]ledger.Date{} // by document
	notes := map[string]string{}     // by place
	for f := range 2 {
		var text strings.Builder
		text.WriteString("Document,Type,Customer,Issued,Posted,Due,Terms,Amount\n")
		for i := range lines {
			id, customer, day, terms, due, amount := fmt.Sprintf("F%d-%d", f, i), "C1", issued+ledger.Date(i%300), "", "", "5.00"
			switch i % 5 {
			case 0: // of the line
				terms = fmt.Sprintf("net %d", i%90)
				want[id] = day + ledger.Date(i%90)
			case 1: // of the customer
				customer, want[id] = "C2", day+45
			case 2: // of the book
				want[id] = day + 30
			case 3: // a row that is left out, with terms
				terms, amount = "net 7", "five"
			case 4: // not derived
				due, want[id] = (day + 3).String(), day+3
			}
			if due == "" && amount == "5.00" {
				whose := []string{fmt.Sprintf("its terms net %d", i%90), "the customer's terms net 45", "the book's terms net 30"}[i%5]
				notes[fmt.Sprintf("ledger%d.csv!F%d", f, i+2)] = fmt.Sprintf("the due date is empty; it is %s, from %s by %s", want[id], day, whose)
			}
			fmt.Fprintf(&text, "%s,invoice,%s,%s,%s,%s,%s,%s\n", id, customer, day, day, due, terms, amount)
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("ledger%d.csv", f)), []byte(text.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "customers.csv"), []byte("Customer,Name,Terms\nC1,One,\nC2,Two,net 45\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	opts := ingest.Options{Lenient: true, Terms: ledger.Terms{Kind: ledger.TermsNet, Days: 30}}
	for _, name := range []string{"customers.csv", "ledger0.csv", "ledger1.csv"} {
		opts.Inputs = append(opts.Inputs, ingest.Input{File: filepath.Join(dir, name)})
	}
	for _, processors := range []int{1, 2, 8} {
		r := readOn(t, processors, opts)
		if r.Ledger == nil || len(r.Ledger.Entries) != len(want) {
			t.Fatalf("on %d processors: %d problems, first %v", processors, len(r.Problems), ingest.Lines(r.Problems, 1))
		}
		for i := range r.Ledger.Entries {
			e := &r.Ledger.Entries[i]
			if id := r.Ledger.Numbering.Text(e.ID); e.Due != want[id] {
				t.Fatalf("on %d processors %s is due %s, want %s", processors, id, e.Due, want[id])
			}
		}
		seen := 0
		for _, p := range r.Problems {
			if p.Code != "due-derived" {
				continue
			}
			if seen++; notes[p.Place()] != p.Message {
				t.Fatalf("on %d processors %s says %q, want %q", processors, p.Place(), p.Message, notes[p.Place()])
			}
		}
		if seen != len(notes) {
			t.Fatalf("on %d processors %d due dates are noted, want %d", processors, seen, len(notes))
		}
	}
}
