// Package packdir writes the folder of a close pack: it calls every renderer,
// and puts the folder in place at once when it is whole. Whatever happens on
// the way, the folder that was there before stays whole (docs/decisions/0021).
package packdir

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strings"

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
	Problems render.Problems
	Letters  []Letter // what mails will say; none unless mails are wanted
}

// Write renders the pack and puts it at dir/<as-of>, replacing the pack that is
// there. It returns that folder. Each file goes to a folder beside the old one as
// it is made, so that memory never holds them all; when every file is there and
// flushed to disk, the folders are swapped. The error is an operating one
// (ErrBusy where another run is writing to dir); the previous pack is then still
// in place, and nothing of the new one. A cancelled context stops before the swap.
func Write(ctx context.Context, dir string, p *analysis.Pack, opt Options) (string, error) {
	tasks, err := tasksOf(p, opt)
	if err != nil {
		return "", err
	}
	if err := ctx.Err(); err != nil {
		return "", err
	}
	target := filepath.Join(dir, p.AsOf.String())
	err = place(ctx, target, func(folder string) error {
		files, err := writeFiles(ctx, folder, tasks)
		if err != nil {
			return err
		}
		manifest, err := manifestOf(p, opt, files)
		if err != nil {
			return err
		}
		_, err = writeFiles(ctx, folder, []task{{name: manifestName, write: whole(func() ([]byte, error) { return manifest, nil })}})
		return err
	})
	if err != nil {
		return "", fmt.Errorf("writing the pack to %s: %w", target, err)
	}
	return target, nil
}

// task makes one file of the folder.
type task struct {
	name  string // with slashes, from the folder
	rep   string // id of the rep whose file it is; "" for the others
	write func(io.Writer) error
}

// whole writes a file that is made in memory.
func whole(make func() ([]byte, error)) func(io.Writer) error {
	return func(out io.Writer) error {
		data, err := make()
		if err == nil {
			_, err = out.Write(data)
		}
		return err
	}
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
	if wanted(XLSX) {
		tasks = append(tasks, task{name: "pack.xlsx", write: func(out io.Writer) error { return xlsx.Write(out, p, opt.Words, opt.Problems) }})
	}
	if wanted(PDF) {
		tasks = append(tasks, task{name: "pack.pdf", write: whole(func() ([]byte, error) { return pdf.Pack(p, opt.Words) })})
	}
	if wanted(JSON) {
		tasks = append(tasks, task{name: "documents.json", write: func(out io.Writer) error { return documents.Write(out, p) }})
	}
	if wanted(HTML) {
		tasks = append(tasks, task{name: "index.html", write: whole(func() ([]byte, error) { return html.Pack(p, opt.Words) })})
	}
	if wanted(JSON) {
		tasks = append(tasks, task{name: "pack.json", write: func(out io.Writer) error { return json.Write(out, p) }})
	}
	tasks = append(tasks, lettersOf(p, opt)...)
	if wanted(PDF) {
		tasks = append(tasks, repsOf(p, opt)...)
	}
	return append(tasks, task{name: exceptionsName, write: func(out io.Writer) error { return exceptions(out, opt.Problems) }}), nil
}

// repsOf lists the files of the reps of whom there is something to say.
func repsOf(p *analysis.Pack, opt Options) []task {
	var tasks []task
	names := fileNames(p.Reps)
	for i := range p.Reps {
		if hasSections(p, i) {
			tasks = append(tasks, task{name: path.Join("reps", names[i]+".pdf"), rep: p.Reps[i].ID, write: whole(func() ([]byte, error) { return pdf.Rep(p, i, opt.Words) })})
		}
	}
	return tasks
}
