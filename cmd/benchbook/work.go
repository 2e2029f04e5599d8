package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/pprof"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/cmd/internal/heap"
	"duepack/ingest"
	"duepack/ingest/sheet"
	"duepack/render"
	"duepack/render/chart"
	"duepack/render/documents"
	"duepack/render/html"
	"duepack/render/json"
	"duepack/render/packdir"
	"duepack/render/pdf"
	"duepack/render/xlsx"
)

// excelize is timed as whoever uses it meets it, with garbage collected as Go does
// by default, and with as few collections as duepack has, which is faster.
const (
	asItIs      = "excelize"
	asWeCollect = "excelize-tuned"
)

// work is what one child process does: it prepares, and returns the part that
// is timed.
type work func(files []string) (timed func() error, err error)

// works are the parts of a report, and excelize beside its reading.
var works = map[string]work{
	"rows":      readRows,
	asItIs:      readExcelize,
	asWeCollect: readExcelize,
	"entries":   readEntries,
	"ledger":    readLedgerSheet,
	"analysis":  build,
	"html":      renderer(func(p *analysis.Pack, w *render.Words) ([]byte, error) { return html.Pack(p, w) }),
	"pdf":       renderer(func(p *analysis.Pack, w *render.Words) ([]byte, error) { return pdf.Pack(p, w) }),
	"reps":      renderer(renderReps),
	"xlsx": renderer(func(p *analysis.Pack, w *render.Words) ([]byte, error) {
		return nil, xlsx.Write(io.Discard, p, w, render.Problems{})
	}),
	"json":      renderer(func(p *analysis.Pack, _ *render.Words) ([]byte, error) { return nil, json.Write(io.Discard, p) }),
	"documents": renderer(func(p *analysis.Pack, _ *render.Words) ([]byte, error) { return nil, documents.Write(io.Discard, p) }),
	"whole":     whole,
}

// perform does the work of a child and prints how many seconds the timed part
// took. With a profile it writes the CPU profile of that part.
func perform(name string, files []string, profile string) error {
	do, ok := works[name]
	if !ok {
		return fmt.Errorf("%q is not a part that can be timed", name)
	}
	if name != asItIs {
		heap.Tune() // as in duepack
	}
	timed, err := do(files)
	if err != nil {
		return err
	}
	if profile != "" {
		f, err := os.Create(profile)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	start := time.Now()
	if err := timed(); err != nil {
		return err
	}
	fmt.Println(time.Since(start).Seconds())
	return nil
}

// readRows reads the sheet Ledger, or a text file, cell by cell.
func readRows(files []string) (func() error, error) {
	return func() error {
		for _, name := range files {
			f, err := sheet.Open(name, sheet.Limits{})
			if err != nil {
				return err
			}
			for _, s := range f.Sheets() {
				if name := s.Info().Name; name != "" && name != "Ledger" {
					continue
				}
				if err := s.Rows(func(*sheet.Row) error { return nil }); err != nil {
					return err
				}
			}
			f.Close()
		}
		return nil
	}, nil
}

// readExcelize reads the ledger sheet, and no other, with excelize's Rows and raw values.
func readExcelize(files []string) (func() error, error) {
	return func() error {
		for _, name := range files {
			if err := excelizeRows(name); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

func excelizeRows(name string) error {
	f, err := excelize.OpenFile(name, excelize.Options{RawCellValue: true})
	if err != nil {
		return err
	}
	defer f.Close()
	rows, err := f.Rows("Ledger")
	if err != nil {
		return err
	}
	for rows.Next() {
		if _, err := rows.Columns(); err != nil {
			return err
		}
	}
	return rows.Error()
}

// readBook reads the files, or one sheet of them.
func readBook(files []string, sheet string) (*ingest.Result, error) {
	options := ingest.Options{Terms: ledger.Terms{Kind: ledger.TermsNet, Days: 30}}
	for _, name := range files {
		options.Inputs = append(options.Inputs, ingest.Input{File: name, Sheet: sheet})
	}
	result, err := ingest.Read(options)
	if err == nil && result.Ledger == nil {
		err = fmt.Errorf("the book has errors: %s", strings.Join(ingest.Lines(result.Problems, 1), "; "))
	}
	return result, err
}

func readEntries(files []string) (func() error, error) {
	return func() error {
		_, err := readBook(files, "")
		return err
	}, nil
}

// readLedgerSheet reads of a workbook what a text file of the same ledger has, and
// what readExcelize reads.
func readLedgerSheet(files []string) (func() error, error) {
	return func() error {
		_, err := readBook(files, "Ledger")
		return err
	}, nil
}

// asOf and from are those of the books that samples makes.
var asOf, from = ledger.MustDate("2026-10-31"), ledger.MustDate("2026-10-01")

// options are the settings of the sample books.
func options() analysis.Options {
	percents := func(tenths ...int64) (list []ledger.Ratio) {
		for _, n := range tenths {
			list = append(list, ledger.Ratio{Num: n, Den: 1000})
		}
		return list
	}
	var bounds []analysis.Bound
	for _, n := range []int{0, 30, 60, 90, 120} {
		bounds = append(bounds, analysis.Bound{N: n})
	}
	return analysis.Options{
		Book: "Meridian Trading", AsOf: asOf, From: from, To: asOf, Apply: analysis.Explicit, RepBasis: analysis.RepOnDocument,
		Margin: ledger.Ratio{Num: 5, Den: 100}, Rates: []analysis.RateFrom{{Rate: ledger.Ratio{Num: 6, Den: 100}}}, Basis: analysis.ACT365,
		Aging: analysis.AgingRule{Basis: analysis.ByDue, Credits: analysis.CreditsOnAccount}, Bounds: bounds,
		LossRates: percents(5, 20, 50, 100, 250, 600), HistoryMonths: 12,
	}
}

func build(files []string) (func() error, error) {
	result, err := readBook(files, "")
	if err != nil {
		return nil, err
	}
	runtime.GC()
	return func() error {
		_, err := analysis.Build(result.Ledger, options())
		return err
	}, nil
}

// renderer times one output of a book that is read and analysed, with echarts
// compiled, as it is in a report by then.
func renderer(output func(*analysis.Pack, *render.Words) ([]byte, error)) work {
	return func(files []string) (func() error, error) {
		result, err := readBook(files, "")
		if err != nil {
			return nil, err
		}
		pack, err := analysis.Build(result.Ledger, options())
		if err != nil {
			return nil, err
		}
		words, err := render.New("en")
		if err != nil {
			return nil, err
		}
		chart.Warm()
		result = nil
		runtime.GC()
		return func() error {
			_, err := output(pack, words)
			return err
		}, nil
	}
}

// renderReps makes the PDF of every rep.
func renderReps(p *analysis.Pack, w *render.Words) ([]byte, error) {
	for i := range p.Reps {
		if _, err := pdf.Rep(p, i, w); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// whole reads, analyses and writes every format into a temporary folder, in
// this process, for a profile of it all.
func whole(files []string) (func() error, error) {
	words, err := render.New("en")
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "benchbook")
	if err != nil {
		return nil, err
	}
	return func() error {
		defer os.RemoveAll(dir)
		go chart.Warm()
		result, err := readBook(files, "")
		if err != nil {
			return err
		}
		heap.Collect()
		pack, err := analysis.Build(result.Ledger, options())
		if err != nil {
			return err
		}
		result.Ledger.Entries = nil
		heap.Collect()
		_, err = packdir.Write(context.Background(), dir, pack, packdir.Options{Words: words, Formats: packdir.Formats()})
		return err
	}, nil
}
