package ingest

import (
	"os"
	"path/filepath"
	"testing"

	"duepack/analysis/ledger"
)

// Whatever a file holds, reading it ends without a panic, either with an error
// or with a ledger that keeps its own rules; and the same bytes give the same.
func FuzzRead(f *testing.F) {
	for _, d := range codeDocs {
		for _, e := range d.book {
			if e.text != "" {
				f.Add(e.name, e.text)
			}
		}
	}
	f.Add("明细账.csv", "日期,客户名称,摘要,借方,贷方,余额\n2026-01-01,甲,期初余额,,,5\n2026-01-05,甲,销售,500,,505\n,,合计,500,,505\n")
	f.Add("open.csv", "As of:,2026-03-31\nType,Document,Customer,Issued,Due,Amount,Open Amount,Terms\nInvoice,A,C1,04/03/2026,,1.234,\"(5)\",月结30天\n")
	f.Add("a.csv", "Document;Customer;Invoice Date;Amount;Settled On;Instalment;Currency;Status\nA;C;2026-01-01;1.234,50;2026-02-01;2;JPY;void\n")
	f.Fuzz(func(t *testing.T, name, text string) {
		if name = filepath.Base(name); len(name) > 40 || name == "." || name == "/" {
			name = "x.csv"
		}
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Skip(err) // a name that the file system does not take
		}
		for _, lenient := range []bool{false, true} {
			opts := Options{Inputs: []Input{{File: path}}, Terms: ledger.Terms{Kind: ledger.TermsNet, Days: 30}, Lenient: lenient}
			r, err := Read(opts)
			if err != nil {
				continue
			}
			errs, _ := Count(r.Problems)
			if r.Ledger == nil {
				if errs == 0 {
					t.Fatalf("no ledger and no error: %v", Lines(r.Problems, 0))
				}
				continue
			}
			if errs > 0 && !lenient {
				t.Fatalf("a ledger with %d errors", errs)
			}
			if err := r.Ledger.Validate(); err != nil {
				t.Fatal(err)
			}
			again, err := Read(opts)
			if err != nil || len(again.Problems) != len(r.Problems) || len(again.Ledger.Entries) != len(r.Ledger.Entries) {
				t.Fatalf("a second reading differs (%v)", err)
			}
		}
	})
}
