package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/cmd/internal/heap"
	"duepack/ingest"
	"duepack/ingest/sheet"
	"duepack/render"
	"duepack/render/chart"
	"duepack/render/packdir"
)

// problemsPerCode is how many problems of one code are printed; all of them are
// in exceptions.csv, and behind check --all.
const problemsPerCode = 5

// book is what a command that reads a book works on.
type book struct {
	app      *app
	settings *settings
	words    *render.Words
	quiet    bool
	progress *bar // of a command that writes a pack
	result   *ingest.Result
}

// reading says how strictly a command reads.
type reading uint8

const (
	asSet          reading = iota // as --lenient and the config say, for a pack
	lenientReading                // the good rows, whatever they say
	explaining                    // as --lenient and the config say; no pack is written
)

// openBook takes the settings and reads the inputs. Problems of the data are in
// the result and not printed yet.
func (a *app) openBook(cmd *cobra.Command, files []string, flags []flag, how reading) (*book, error) {
	s, err := a.readSettings(cmd, files, flags)
	if err != nil {
		return nil, err
	}
	return a.readBook(cmd, s, how)
}

// readBook reads the inputs of the settings.
func (a *app) readBook(cmd *cobra.Command, s *settings, how reading) (b *book, err error) {
	b = &book{app: a, settings: s}
	if b.quiet, err = a.quiet(cmd); err != nil {
		return nil, err
	}
	if b.words, err = render.New(s.language.value); err != nil {
		return nil, err
	}
	inputs, err := s.inputFiles()
	if err != nil {
		return nil, err
	}
	limits, err := readLimits(cmd)
	if err != nil {
		return nil, err
	}
	if !b.quiet {
		for _, note := range a.unknownVariables() {
			a.logf("%s", note)
		}
	}
	if s.unread && !b.quiet {
		a.logf("note: the %s in this folder is not read, because files are named; -c %s reads it", configName, configName)
	}
	if how == asSet {
		b.progress = a.bar(3, "reading", b.quiet)
	}
	if how == asSet && slices.Contains(s.formats.value, packdir.PDF) {
		go chart.Warm() // takes longer than a small book to read, and is wanted only then
	}
	b.result, err = interruptible(cmd.Context(), func() (*ingest.Result, error) { return ingest.Read(ingestOptions(s, inputs, limits, how)) })
	if err != nil {
		return nil, err
	}
	b.takeCurrency()
	b.progress.step()
	return b, nil
}

// ingestOptions returns what the reader needs of the settings.
func ingestOptions(s *settings, files []inputFile, limits sheet.Limits, how reading) ingest.Options {
	options := ingest.Options{Limits: limits, Currency: s.currency.value, Terms: s.terms.value, Lenient: s.lenient.value || how == lenientReading, Columns: s.columns.value}
	for _, f := range files {
		options.Inputs = append(options.Inputs, ingest.Input{File: f.path, Sheet: f.sheet, Layout: f.layout, Columns: f.columns, Dates: f.dates})
	}
	return options
}

// takeCurrency notes which currency the book is kept in, where it was found
// and not given.
func (b *book) takeCurrency() {
	if b.result.Ledger != nil && !b.settings.currency.given() {
		from := origin{rank: fromBook, why: "currency-" + b.result.CurrencyReason}
		b.settings.currency.fill(b.result.Ledger.BaseCurrency().Code, from)
	}
}

// interruptible does work until it is done or the run is interrupted. Work that
// is left behind has changed nothing: only writers change files, and they
// watch the context themselves. A panic of the work is one of the caller.
func interruptible[T any](ctx context.Context, work func() (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
		panic any
	}
	done := make(chan outcome, 1)
	go func() {
		var o outcome
		defer func() {
			o.panic = recover()
			done <- o
		}()
		o.value, o.err = work()
	}()
	select {
	case o := <-done:
		if o.panic != nil {
			panic(o.panic)
		}
		return o.value, o.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// printProblems prints the problems of the input to stderr, the first of each
// code: the errors only where the input is rejected or quiet is wanted, because
// notes would hide them.
func (b *book) printProblems(perCode int, rejected bool) {
	problems := b.result.Problems
	if b.quiet || rejected {
		problems = nil
		for _, p := range b.result.Problems {
			if p.Severity == ingest.Error {
				problems = append(problems, p)
			}
		}
	}
	if b.app.machine != nil {
		b.logProblems(problems)
		return
	}
	for _, line := range ingest.Lines(problems, perCode) {
		b.app.logf("%s", line)
	}
}

// logProblems logs problems for machines: what and where, without what was
// found there, which may be a name.
func (b *book) logProblems(problems []ingest.Problem) {
	for i := range problems {
		p := &problems[i]
		b.app.event("problem", "severity", p.Severity.String(), "code", p.Code, "file", p.Source.File, "sheet", p.Source.Sheet, "cell", p.Cell)
	}
}

// rejectedUnless says that the input has errors, after they were printed: nil
// where it has none, or where a lenient run can leave them out. Where no row is
// at fault, the printed lines have said everything.
func (b *book) rejectedUnless(lenient bool) error {
	rows, files := 0, 0
	for _, p := range b.result.Problems {
		switch {
		case p.Severity != ingest.Error:
		case p.Row > 0:
			rows++
		default:
			files++
		}
	}
	switch {
	case rows+files == 0, lenient && b.result.Ledger != nil:
		return nil
	case rows == 0:
		return &failure{exitRejected, nil}
	}
	hint := "--lenient leaves such rows out"
	if lenient || files > 0 {
		hint = "not all of them in rows that could be left out"
	}
	return &failure{exitRejected, fmt.Errorf("nothing was written: the input has %s (%s)", plural(rows+files, "error"), hint)}
}

// plural counts things in English.
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// build computes the pack. Faults of the data that only show now are printed,
// one line each, and rejected.
func (b *book) build(ctx context.Context) (*analysis.Pack, error) {
	l := b.result.Ledger
	if err := b.settings.fillFromBook(l, b.result.Explicit); err != nil {
		if errors.Is(err, errNoAsOf) {
			return nil, &failure{exitRejected, fmt.Errorf("%s: error no-as-of: %w", l.Sources[0], err)}
		}
		return nil, err
	}
	b.printSettings()
	b.progress.at("computing")
	options := b.settings.options()
	options.Inputs, options.Exceptions = b.inputs(), b.exceptions(l, options.AsOf)
	heap.Collect()
	pack, err := interruptible(ctx, func() (*analysis.Pack, error) { return analysis.Build(l, options) })
	var faults analysis.DataErrors
	if errors.As(err, &faults) {
		for _, fault := range faults {
			b.app.logf("%v", fault)
		}
		return nil, &failure{exitRejected, fmt.Errorf("the figures cannot be computed: %s; nothing was written", plural(len(faults), "error"))}
	}
	b.progress.step()
	return pack, err
}

// printSettings prints every setting that nobody gave, with the reason it has
// its value, and calls out an as-of date in the future or beside that of a list
// of open items.
func (b *book) printSettings() {
	if b.quiet {
		return
	}
	l, asOf := b.result.Ledger, b.settings.asOf.value
	if today := ledger.DateOf(b.app.now()); asOf > today {
		b.app.logf("note: the as-of date %s is after today, %s", asOf, today)
	}
	if l.Snapshot && l.SnapshotDate != 0 && l.SnapshotDate != asOf {
		b.app.logf("note: the open items are as of %s (%s), not %s: what was paid between is not known", l.SnapshotDate, b.result.SnapshotDateReason, asOf)
	}
	for _, s := range b.settings.assumptions() {
		if s.Reason != reasons[fromFile] && s.Reason != reasons[fromEnv] && s.Reason != reasons[fromFlag] {
			b.app.logf("%s: %s (%s)", s.Key, s.Value, b.words.Text("assumption."+s.Reason, s.Detail))
		}
	}
}

// inputs identifies the files the pack is made from.
func (b *book) inputs() []analysis.Input {
	list := make([]analysis.Input, 0, len(b.result.Inputs))
	for _, in := range b.result.Inputs {
		list = append(list, analysis.Input(in))
	}
	return list
}

// exceptions sums the problems up for the pack.
func (b *book) exceptions(l *ledger.Ledger, asOf ledger.Date) analysis.Exceptions {
	var e analysis.Exceptions
	e.Errors, e.Notes = ingest.Count(b.result.Problems)
	leftOut := analysis.LeftOutTotal(l, asOf)
	e.LeftOut = leftOut.Total
	place := map[string]int{}
	for _, p := range b.result.Problems {
		i, seen := place[p.Code]
		if !seen {
			i = len(e.ByCode)
			place[p.Code] = i
			e.ByCode = append(e.ByCode, analysis.ExceptionCount{Code: p.Code, Error: p.Severity == ingest.Error, LeftOut: leftOut.ByCode[p.Code], Example: p.String()})
		}
		e.ByCode[i].Count++
	}
	return e
}

// problems gives the problems as rows of exceptions.csv.
func (b *book) problems() render.Problems {
	list := b.result.Problems
	return render.Problems{N: len(list), At: func(i int) render.Problem {
		p := &list[i]
		return render.Problem{
			Error: p.Severity == ingest.Error, Code: p.Code, File: p.Source.File, Sheet: p.Source.Sheet, Cell: p.Cell,
			Found: p.Found, Message: p.Message, Hint: p.Hint,
			Amount: p.Amount, Currency: p.Currency, HasAmount: p.HasAmount,
		}
	}}
}
