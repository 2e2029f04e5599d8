package ingest

import (
	"path/filepath"
	"slices"
	"testing"

	"duepack/ingest/sheet"
	"duepack/samples"
)

// heldSheet is a sheet whose rows are in memory.
type heldSheet struct {
	sheet.Sheet
	rows []sheet.Row
}

func (s heldSheet) Rows(yield func(*sheet.Row) error) error {
	for i := range s.rows {
		if err := yield(&s.rows[i]); err != nil {
			return err
		}
	}
	return nil
}

// BenchmarkEntries makes entries of the cells of 20,000 lines, which are read
// before: what reading costs beyond unpacking and cutting into cells.
func BenchmarkEntries(b *testing.B) {
	const lines = 20_000
	for _, format := range []string{samples.Workbook, samples.CSV} {
		b.Run(format, func(b *testing.B) {
			dir := b.TempDir()
			if err := samples.Generate(dir, samples.Options{Rows: lines, Format: format}); err != nil {
				b.Fatal(err)
			}
			files, err := filepath.Glob(filepath.Join(dir, "[lL]edger."+format))
			if err != nil || len(files) != 1 {
				b.Fatal(files, err)
			}
			in := Input{File: files[0]}
			opts := Options{Inputs: []Input{in}}
			opened := openAll(opts)
			defer opened.close()
			book := newBook(opts, &idleProcessors{})
			if err := book.add(in, &opened[0], book.look(in, &opened[0])); err != nil {
				b.Fatal(err)
			}
			t := book.tabs[0]
			held, texts := heldSheet{Sheet: t.sheet}, newDraft()
			if err := t.sheet.Rows(func(r *sheet.Row) error {
				row := *r
				row.Cells = slices.Clone(r.Cells)
				for i := range row.Cells {
					if c := &row.Cells[i]; c.Shared == 0 { // the others stay in the file's table
						c.Text = texts.keep(c.Text)
					}
				}
				held.rows = append(held.rows, row)
				return nil
			}); err != nil {
				b.Fatal(err)
			}
			t.sheet = held
			b.ReportAllocs()
			for b.Loop() {
				d, err := book.draftLedger(t, decisions{})
				if err != nil || len(d.entries) != lines {
					b.Fatal(err, len(d.entries))
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/lines, "ns/line")
		})
	}
}
