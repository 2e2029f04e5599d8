package ingest_test

import (
	"path/filepath"
	"testing"

	"duepack/analysis/ledger"
	"duepack/ingest"
	"duepack/samples"
)

// BenchmarkRead reads a book of 20,000 lines to entries, as a workbook and as text.
func BenchmarkRead(b *testing.B) {
	const lines = 20_000
	for _, format := range []string{samples.Workbook, samples.CSV} {
		b.Run(format, func(b *testing.B) {
			dir := b.TempDir()
			if err := samples.Generate(dir, samples.Options{Rows: lines, Format: format}); err != nil {
				b.Fatal(err)
			}
			files, err := filepath.Glob(filepath.Join(dir, "*."+format))
			if err != nil {
				b.Fatal(err)
			}
			options := ingest.Options{Terms: ledger.Terms{Kind: ledger.TermsNet, Days: 30}}
			for _, name := range files {
				options.Inputs = append(options.Inputs, ingest.Input{File: name})
			}
			benchRead(b, options, lines)
		})
	}
}

// benchRead reads a book of so many lines again and again.
func benchRead(b *testing.B, options ingest.Options, lines int) {
	b.ReportAllocs()
	for b.Loop() {
		result, err := ingest.Read(options)
		if err != nil || result.Ledger == nil || len(result.Ledger.Entries) != lines {
			b.Fatal(err, ingest.Lines(result.Problems, 1))
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(lines), "ns/line")
}
