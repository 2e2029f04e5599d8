// Command benchbook measures duepack on books of many lines and prints one
// table per size, in Markdown, for docs/performance.md:
//
//	go run ./cmd/benchbook                         # books of 10,000, 100,000 and 1,000,000 lines
//	go run ./cmd/benchbook -rows 5000000 -runs 1
//	go run ./cmd/benchbook -dir DIR                # keeps the books there, or takes those that are there
//	go run ./cmd/benchbook -do whole -profile cpu.out DIR/1000000/ledger.xlsx
//	go run ./cmd/benchbook -pgo                    # writes the profile that the compiler makes duepack by
//
// Every part (reading, analysis, each output, the whole report) runs in a
// process of its own, so that its peak memory is its own; parts take turns, so
// that a machine that is busy for a while slows all of them. Beside the reading
// runs excelize's Rows with raw values, and openpyxl, readxl and SheetJS where
// they are installed. Times are medians and are printed, never asserted.
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"duepack/samples"
)

func main() {
	log.SetFlags(0)
	var (
		rows    = flag.String("rows", "10000,100000,1000000", "lines of the books, with commas")
		runs    = flag.Int("runs", 3, "runs of each part")
		dir     = flag.String("dir", "", "folder of the books; default: a temporary one")
		peers   = flag.Int("peers", 1_000_000, "most lines that excelize and other readers are run on")
		do      = flag.String("do", "", "do one part, with the files that follow, and print its seconds")
		profile = flag.String("profile", "", "with -do: write the CPU profile of the part")
		pgo     = flag.Bool("pgo", false, "write "+profilePath+" anew, from the last of the books")
	)
	flag.Parse()
	if *do != "" {
		if err := perform(*do, flag.Args(), *profile); err != nil {
			log.Fatal(err)
		}
		return
	}
	if err := bench(*rows, *runs, *dir, *peers, *pgo); err != nil {
		log.Fatal(err)
	}
}

func bench(rows string, runs int, dir string, peers int, pgo bool) error {
	temp, err := os.MkdirTemp("", "benchbook")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	if dir == "" {
		dir = temp
	}
	b := &bencher{runs: max(1, runs), dir: dir, temp: temp, peers: peers, self: filepath.Join(temp, "benchbook"), duepack: filepath.Join(temp, "duepack")}
	var sizes []int
	for _, text := range strings.Split(rows, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil {
			return fmt.Errorf("-rows %s: %w", rows, err)
		}
		sizes = append(sizes, n)
	}
	if pgo {
		return b.pgo(sizes[len(sizes)-1])
	}
	if err := goBuild(b.duepack, "./cmd/duepack"); err != nil {
		return err
	}
	if err := goBuild(b.self, "-pgo="+profilePath, "./cmd/benchbook"); err != nil { // as duepack is built
		return err
	}
	if err := b.coldStart(); err != nil {
		return err
	}
	for _, n := range sizes {
		if err := b.size(n); err != nil {
			return err
		}
	}
	return nil
}

// goBuild builds a program of this repository.
func goBuild(output string, args ...string) error {
	if out, err := exec.Command("go", append([]string{"build", "-o", output}, args...)...).CombinedOutput(); err != nil {
		return fmt.Errorf("go build %s (run this in the root of the repository): %w\n%s", strings.Join(args, " "), err, out)
	}
	return nil
}

// bencher runs the parts.
type bencher struct {
	runs          int
	dir, temp     string
	peers         int
	self, duepack string
}

// books makes the book of n lines as a workbook and as text, unless it is
// there, and returns the ledger files of each.
func (b *bencher) books(n int) (folder string, xlsx, csv []string, err error) {
	folder = filepath.Join(b.dir, strconv.Itoa(n))
	for _, format := range []string{samples.Workbook, samples.CSV} {
		at := filepath.Join(folder, format)
		if _, err := os.Stat(filepath.Join(at, "duepack.yaml")); err == nil {
			continue
		}
		if err := samples.Generate(at, samples.Options{Rows: n, Format: format}); err != nil {
			return "", nil, nil, err
		}
	}
	if xlsx, err = filepath.Glob(filepath.Join(folder, samples.Workbook, "ledger*.xlsx")); err == nil {
		csv, err = filepath.Glob(filepath.Join(folder, samples.CSV, "*.csv"))
	}
	return folder, xlsx, csv, err
}

// readThrough reads a file and keeps nothing of it.
func readThrough(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(io.Discard, f)
	return err
}

// part is one line of a table.
type part struct {
	name    string
	command []string
	timed   bool // it prints the seconds of what is measured; else the whole process is
	results []result
}

// size measures the book of n lines.
func (b *bencher) size(n int) error {
	folder, xlsx, csv, err := b.books(n)
	if err != nil {
		return err
	}
	do := func(name, what string, files []string) *part {
		return &part{name: name, command: append([]string{b.self, "-do", what}, files...), timed: true}
	}
	report := func(name string, more ...string) *part {
		config := filepath.Join(folder, samples.Workbook, "duepack.yaml")
		return &part{name: name, command: append([]string{b.duepack, "report", "--quiet", "-c", config, "--out", filepath.Join(b.temp, "out")}, more...)}
	}
	parts := []*part{
		do("read cells, xlsx", "rows", xlsx), do("read entries, xlsx, all sheets", "entries", xlsx),
		do("read entries, xlsx, the ledger sheet", "ledger", xlsx), do("read entries, csv", "entries", csv),
		do("analysis", "analysis", xlsx),
		do("index.html", "html", xlsx), do("pack.pdf", "pdf", xlsx), do("PDFs of the reps", "reps", xlsx), do("pack.xlsx", "xlsx", xlsx),
		do("pack.json", "json", xlsx), do("documents.json", "documents", xlsx),
		report("report, all formats"), report("report, JSON alone", "--format", "json"),
	}
	if n <= b.peers {
		parts = append(parts, do("excelize Rows, raw values", asItIs, xlsx), do("excelize, garbage collected as in duepack", asWeCollect, xlsx))
		parts = append(parts, installedPeers(xlsx)...)
	}
	if err := b.measure(parts, slices.Concat(xlsx, csv)...); err != nil {
		return err
	}
	fmt.Printf("\n%d lines\n\n", n)
	printTable(parts, n)
	return nil
}

// coldStart measures the sample book as somebody meets duepack first.
func (b *bencher) coldStart() error {
	report := func(name string, more ...string) *part {
		return &part{name: name, command: append([]string{b.duepack, "report", "--quiet", "-c", filepath.Join("samples", "meridian", "duepack.yaml"), "--out", filepath.Join(b.temp, "out")}, more...)}
	}
	parts := []*part{report("report, all formats"), report("report, JSON alone", "--format", "json")}
	if err := b.measure(parts); err != nil {
		return err
	}
	fmt.Printf("\nThe sample book, 3,000 lines, cold start\n\n")
	printTable(parts, 3000)
	return nil
}

// measure runs the parts in turn. Before each of them the books are read to their end, so
// that no part waits for the disk while another finds its book in memory.
func (b *bencher) measure(parts []*part, books ...string) error {
	for range b.runs {
		for _, p := range parts {
			for _, path := range books {
				if err := readThrough(path); err != nil {
					return err
				}
			}
			r, err := run(p.command, p.timed)
			if err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
			p.results = append(p.results, r)
		}
	}
	return nil
}
