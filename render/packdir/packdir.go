// Package packdir writes the folder of a close pack: it calls every renderer,
// and puts the folder in place at once when it is whole. Whatever happens on
// the way, the folder that was there before stays whole (docs/decisions/0021).
package packdir

import (
	"context"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"duepack/analysis"
	"duepack/render"
	"duepack/render/documents"
	"duepack/render/html"
	"duepack/render/json"
	"duepack/render/pdf"
	"duepack/render/xlsx"
)

// The formats a pack can be written in, in the order in which lists of them
// are written.
const (
	HTML = "html" // index.html
	PDF  = "pdf"  // pack.pdf and reps/<rep>.pdf
	XLSX = "xlsx" // pack.xlsx
	JSON = "json" // pack.json, and the documents behind it in documents.json
)

// Formats returns every format.
func Formats() []string { return []string{HTML, PDF, XLSX, JSON} }

// Options are what a pack folder is written with.
type Options struct {
	Words    *render.Words
	Formats  []string // at least one of Formats(); exceptions.csv and manifest.json are always written
	Version  string   // of the program
	Problems []render.Problem
	Letters  []Letter // what mails will say; none unless mails are wanted
}

// file is one file of the folder.
type file struct {
	name string // with slashes, from the folder
	rep  string // id of the rep whose file it is; "" for the others
	data []byte
}

// Write renders the pack and puts it at dir/<as-of>, replacing the pack that is
// there. It returns that folder. Nothing is written before everything is
// rendered; then the files are written beside the old folder, flushed to disk,
// and swapped in. The error is an operating one (ErrBusy where another run is
// writing to dir); the previous pack is then still in place. A cancelled
// context stops before the swap.
func Write(ctx context.Context, dir string, p *analysis.Pack, opt Options) (string, error) {
	files, err := renderAll(p, opt)
	if err != nil {
		return "", err
	}
	if err := ctx.Err(); err != nil {
		return "", err
	}
	target := filepath.Join(dir, p.AsOf.String())
	if err := place(ctx, target, files); err != nil {
		return "", fmt.Errorf("writing the pack to %s: %w", target, err)
	}
	return target, nil
}

// task makes one file.
type task struct {
	name, rep string
	make      func() ([]byte, error)
}

// renderAll makes every file of the folder in memory, several at a time, and
// the manifest over them. The files are sorted by name.
func renderAll(p *analysis.Pack, opt Options) ([]file, error) {
	tasks, err := tasksOf(p, opt)
	if err != nil {
		return nil, err
	}
	files := make([]file, len(tasks))
	errs := make([]error, len(tasks))
	next := make(chan int)
	var running sync.WaitGroup
	for range min(len(tasks), runtime.GOMAXPROCS(0)) {
		running.Go(func() {
			for i := range next {
				files[i] = file{name: tasks[i].name, rep: tasks[i].rep}
				files[i].data, errs[i] = tasks[i].make()
			}
		})
	}
	for i := range tasks {
		next <- i
	}
	close(next)
	running.Wait()
	for i, err := range errs {
		if err != nil {
			errs[i] = fmt.Errorf("%s: %w", tasks[i].name, err)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	manifest, err := manifestOf(p, opt, files)
	if err != nil {
		return nil, err
	}
	files = append(files, manifest)
	slices.SortFunc(files, func(x, y file) int { return strings.Compare(x.name, y.name) })
	return files, nil
}

// tasksOf lists the files of the formats, the slowest first.
func tasksOf(p *analysis.Pack, opt Options) ([]task, error) {
	if len(opt.Formats) == 0 {
		return nil, errors.New("no format to write (want one or more of " + strings.Join(Formats(), ", ") + ")")
	}
	for _, format := range opt.Formats {
		if !slices.Contains(Formats(), format) {
			return nil, fmt.Errorf("%q is not a format (want one or more of %s)", format, strings.Join(Formats(), ", "))
		}
	}
	wanted := func(format string) bool { return slices.Contains(opt.Formats, format) }
	var tasks []task
	if wanted(PDF) {
		tasks = append(tasks, task{name: "pack.pdf", make: func() ([]byte, error) { return pdf.Pack(p, opt.Words) }})
	}
	if wanted(XLSX) {
		tasks = append(tasks, task{name: "pack.xlsx", make: func() ([]byte, error) { return xlsx.Pack(p, opt.Words, opt.Problems) }})
	}
	if wanted(PDF) {
		names := fileNames(p.Reps)
		for i := range p.Reps {
			if !hasSections(p, i) {
				continue
			}
			tasks = append(tasks, task{name: path.Join("reps", names[i]+".pdf"), rep: p.Reps[i].ID, make: func() ([]byte, error) { return pdf.Rep(p, i, opt.Words) }})
		}
	}
	tasks = append(tasks, lettersOf(p, opt)...)
	if wanted(HTML) {
		tasks = append(tasks, task{name: "index.html", make: func() ([]byte, error) { return html.Pack(p, opt.Words) }})
	}
	if wanted(JSON) {
		tasks = append(tasks,
			task{name: "pack.json", make: func() ([]byte, error) { return json.Pack(p) }},
			task{name: "documents.json", make: func() ([]byte, error) { return documents.JSON(p) }})
	}
	return append(tasks, task{name: exceptionsName, make: func() ([]byte, error) { return exceptions(opt.Problems) }}), nil
}
