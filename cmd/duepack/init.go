package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/google/renameio/v2/maybe"
	"github.com/spf13/cobra"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/ingest"
	"duepack/ingest/sheet"
)

func (a *app) initCommand() *cobra.Command {
	var force bool
	cmd := &cobra.Command{
		Use:   "init FILE...",
		Short: "Look at ledger files and write a commented duepack.yaml with the columns recognised",
		Long: "Look at ledger files and write a commented duepack.yaml: the columns that were recognised, every other\n" +
			"setting with its default. It is written to ./duepack.yaml, or where -c says.",
		Example: "  duepack init ledger.xlsx\n  duepack init exports/*.csv -c close/duepack.yaml",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage("init wants the files of the ledger")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, files []string) error {
			path, _ := cmd.Flags().GetString("config")
			return a.init(cmd, files, path, force)
		},
	}
	cmd.Flags().StringP("config", "c", configName, "config file to write")
	cmd.Flags().BoolVar(&force, "force", false, "overwrite a config that is there")
	addFlags(cmd, []flag{languageFlag})
	return cmd
}

// init reads the files and writes a config for them.
func (a *app) init(cmd *cobra.Command, files []string, path string, force bool) error {
	if !force && exists(path) {
		return usage("%s is there already (--force overwrites it)", path)
	}
	s := &settings{}
	if err := a.takeFlags(cmd, s, []flag{languageFlag}); err != nil {
		return err
	}
	if err := s.fillBeforeReading(); err != nil {
		return err
	}
	for _, file := range files {
		s.inputs.value = append(s.inputs.value, input{pattern: scalar{file, file}})
	}
	inputs, err := s.inputFiles()
	if err != nil {
		return err
	}
	b := &book{app: a, settings: s}
	if b.result, err = interruptible(cmd.Context(), func() (*ingest.Result, error) {
		return ingest.Read(ingestOptions(s, inputs, sheet.Limits{}, lenientReading))
	}); err != nil {
		return err
	}
	b.takeCurrency()
	b.printProblems(problemsPerCode, b.result.Ledger == nil)
	if b.result.Ledger == nil {
		return b.rejectedUnless(true)
	}
	names, err := relativeNames(path, inputs)
	if err != nil {
		return err
	}
	if err := maybe.WriteFile(path, []byte(b.configText(names)), 0o644); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return usage("%s: there is no folder %s", path, filepath.Dir(path))
		}
		return cannotWrite(err)
	}
	_, err = fmt.Fprintln(a.stdout, path)
	return err
}

// relativeNames names the inputs as a config at path has to: from its folder.
func relativeNames(path string, inputs []inputFile) ([]string, error) {
	folder, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	names := make([]string, len(inputs))
	for i, in := range inputs {
		file, err := filepath.Abs(in.path)
		if err != nil {
			return nil, err
		}
		if names[i], err = filepath.Rel(folder, file); err != nil {
			names[i] = file // another volume
		}
		names[i] = filepath.ToSlash(names[i])
	}
	return names, nil
}

// configText writes the config: what was recognised as it is, everything else
// as a comment with its default.
func (b *book) configText(names []string) string {
	var t strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&t, format+"\n", args...) }
	line("# Settings of duepack for this book. Lines behind # are comments: the defaults, or what may be wanted.")
	line("book:")
	line("  # name: Meridian Trading      # stands on the pack")
	line("  currency: %s                  # all totals are in it", b.settings.currency.value)
	line("  language: %s                   # %s", b.settings.language.value, strings.Join(knownLanguages, " or "))
	line("")
	line("# Files or globs. columns says which header of a file is which column of duepack; take a line away where")
	line("# guessing is good enough.")
	line("inputs:")
	for i, name := range names {
		b.writeInput(line, name, b.sheetsOf(i))
	}
	b.writeDefaults(line)
	return t.String()
}

// sheetsOf returns what was recognised in an input.
func (b *book) sheetsOf(input int) []ingest.Recognised {
	file := b.result.Inputs[input].File
	var sheets []ingest.Recognised
	for _, r := range b.result.Recognised {
		if r.Source.File == file && r.Role != "" {
			sheets = append(sheets, r)
		}
	}
	return sheets
}

// writeInput writes one input with the columns of its ledger sheet. The columns
// of the other sheets are comments: the mapping holds for the whole file, and a
// header may mean something else on another sheet.
func (b *book) writeInput(line func(string, ...any), name string, sheets []ingest.Recognised) {
	line("  - file: %s", yamlText(name))
	written := map[string]bool{}
	for _, sheet := range sheets {
		isLedger := sheet.Role == "Ledger"
		where := fmt.Sprintf("%s, header in row %s", sheet.Role, headerRows(sheet.Header))
		if sheet.Source.Sheet != "" {
			where = fmt.Sprintf("sheet %q: %s", sheet.Source.Sheet, where)
		}
		line("    # %s", where)
		if isLedger && len(written) == 0 && len(sheet.Columns) > 0 {
			line("    columns:")
		}
		for _, c := range sheet.Columns {
			entry := fmt.Sprintf("%s: %s", c.Field, yamlText(c.Header))
			if isLedger && !written[c.Field] && !meansElse(c, sheets) {
				written[c.Field] = true
				line("      %s", entry)
			} else {
				line("      # %s", entry)
			}
		}
	}
}

// meansElse reports whether another sheet of the file has the same header for
// another column.
func meansElse(c ingest.ColumnMatch, sheets []ingest.Recognised) bool {
	return slices.ContainsFunc(sheets, func(sheet ingest.Recognised) bool {
		return slices.ContainsFunc(sheet.Columns, func(other ingest.ColumnMatch) bool {
			return strings.EqualFold(other.Header, c.Header) && other.Field != c.Field
		})
	})
}

// writeDefaults writes every other key as a comment with its default.
func (b *book) writeDefaults(line func(string, ...any)) {
	s := b.settings
	line("")
	asOf := ledger.MustDate("2026-10-31")
	if date, _, err := defaultAsOf(b.result.Ledger); err == nil {
		asOf = date
		line("# as_of: %s                  # default: what the book says, here this date", asOf)
	} else {
		line("# as_of: %s                  # the list of open items has no date in its title rows: say which it is of", asOf)
	}
	application := analysis.FIFO
	if b.result.Explicit {
		application = analysis.Explicit
	}
	line("# period: month                      # month, quarter, year, 2026-10, 2026-Q3, 2026, 2026-01-01..2026-10-31")
	line("# terms: %s                      # where a document has neither a due date nor terms", s.terms.value)
	line("# application: %-15s       # explicit, fifo, explicit-then-fifo", application)
	line("# rep_basis: document                # document, customer")
	line("# margin: %s                         # net margin of the book", percent(s.margin.value))
	line("# financing: {rate: %s, basis: %s}   # rate may be a list: [{from: 2026-01-01, rate: 6%%}, …]", ratesText(s.rates.value), s.dayBasis.value)
	line("# aging: {basis: %s, buckets: %s, credits: %s}", s.agingBasis.value, boundsText(s.bounds.value), s.credits.value)
	line("# provision: {rates: %s}   # one per bucket, or {history: 12, loss_given_default: 60%%, factor: 1.1}; specific: {C001: 80%%} for one customer", percents(defaultLossRates))
	line("# collection_targets: {old: 65%%, overdue: 100%%, current: 90%%}   # shares to collect: open at the last year end, past due, this year's sales")
	line("# commission: {bands: [{days_late: 0, rate: 2%%}, {days_late: 30, rate: 1%%}]}   # on cash up to so many days late; later pays nothing")
	line("# lenient: false                     # true leaves rows with errors out instead of stopping")
	line("# output: {dir: out, formats: [%s]}", strings.Join(s.formats.value, ", "))
	line("# mail:                              # who is sent what by duepack send and close (docs/operations.md)")
	line("#   from: Close <close@example.com>")
	line("#   executives: [ceo@example.com]    # or {to: wang@example.com, lang: zh-CN}")
	line("#   accountants: [gl@example.com]")
	line("#   reps: sheet                      # each the own page, to the Email of the Reps sheet")
	line("#   on_failure: [it@example.com]")
	line("#   smtp: {host: smtp.example.com}   # user and password: DUEPACK_SMTP_USER, DUEPACK_SMTP_PASSWORD")
	line("# close: {max_age: 36h, tie_out: given, errors: 0, rows: 20%%, total: 50%%, keep: 24}   # what duepack close asks of a pack")
}

// plainText matches texts that YAML reads as themselves without quotes. It is
// compiled when it is needed: its letters of all scripts would cost every start
// more than all other patterns.
var plainText = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[\p{L}_./][\p{L}\p{N}_./\- ]*$`) })

// yamlText writes a text so that YAML reads it as that text: quoted as JSON
// where it could be taken for something else.
func yamlText(text string) string {
	word := strings.ToLower(text)
	reserved := slices.Contains([]string{"true", "false", "null", "yes", "no", "on", "off", "y", "n", "~", "nan", "inf", ".inf", ".nan"}, word)
	if plainText().MatchString(text) && !reserved && strings.TrimSpace(text) == text {
		return text
	}
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(fmt.Sprintf("a text cannot be written as JSON: %v", err)) // every string can
	}
	return string(quoted)
}
