package main

import (
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"duepack/analysis/ledger"
	"duepack/ingest/sheet"
	"duepack/render"
)

// flag is a setting that can be given on the command line and in the
// environment: --as-of is DUEPACK_AS_OF.
type flag struct {
	name, usage string
	boolean     bool
	take        func(*settings, scalar, origin) error
}

// languageFlag is understood by every command that prints words, bookFlags by
// those that read a book, packFlags by the one that writes a pack, besides.
var (
	languageFlag = flag{"lang", "language of the pack and of results: " + strings.Join(knownLanguages, " or "), false,
		flagOf(parseLanguage, func(s *settings) *setting[string] { return &s.language })}
	bookFlags = []flag{
		{"as-of", "date of the position, as 2026-10-31", false, flagOf(parseDate, func(s *settings) *setting[ledger.Date] { return &s.asOf })},
		{"period", "month, quarter, year, 2026-10, 2026-Q3, 2026 or 2026-01-01..2026-10-31", false, flagOf(parsePeriodSetting, func(s *settings) *setting[period] { return &s.period })},
		languageFlag,
		{"lenient", "leave rows with errors out instead of stopping", true, flagOf(parseBool, func(s *settings) *setting[bool] { return &s.lenient })},
	}
	packFlags = []flag{
		{"out", "folder of packs (default out)", false, flagOf(parsePath, func(s *settings) *setting[string] { return &s.outDir })},
		{"format", "what to write: " + strings.Join(knownFormats, ","), false, func(s *settings, text scalar, from origin) error {
			formats, err := parseFormats(text, text.split())
			if err == nil {
				s.formats.take(formats, from)
			}
			return err
		}},
	}
)

// flagOf makes a flag take a setting with the setting's own parser.
func flagOf[T any](parse func(scalar) (T, error), field func(*settings) *setting[T]) func(*settings, scalar, origin) error {
	return func(s *settings, text scalar, from origin) error {
		value, err := parse(text)
		if err == nil {
			field(s).take(value, from)
		}
		return err
	}
}

// variable returns the name of the flag in the environment.
func variable(name string) string {
	return "DUEPACK_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// lookup returns what the environment says for a flag; "" where it is empty or
// not set.
func (a *app) lookup(name string) string {
	prefix := variable(name) + "="
	for _, pair := range slices.Backward(a.env) { // the last one wins, as for a shell
		if value, ok := strings.CutPrefix(pair, prefix); ok {
			return value
		}
	}
	return ""
}

// otherVariables are the names of the environment that are no flag of a
// command that reads a book.
var otherVariables = []string{"DUEPACK_CONFIG", "DUEPACK_QUIET", "DUEPACK_REQUIRE_TOOLS", "DUEPACK_UPDATE_GOLDEN", "DUEPACK_SMTP_USER", "DUEPACK_SMTP_PASSWORD", "DUEPACK_LOG"}

// unknownVariables says of every DUEPACK_… of the environment that it is none
// that duepack reads: a mistyped one would be ignored in silence.
func (a *app) unknownVariables() []string {
	known := slices.Clone(otherVariables)
	for _, f := range append(slices.Clone(bookFlags), packFlags...) {
		known = append(known, variable(f.name))
	}
	var notes []string
	for _, pair := range a.env {
		name, value, _ := strings.Cut(pair, "=")
		if strings.HasPrefix(name, "DUEPACK_") && value != "" && !slices.Contains(known, name) {
			notes = append(notes, "note: "+name+" is no setting of duepack ("+hintNearest(name, known)+")")
		}
	}
	return notes
}

// addFlags adds flags to a command.
func addFlags(cmd *cobra.Command, flags []flag) {
	for _, f := range flags {
		if f.boolean {
			cmd.Flags().Bool(f.name, false, f.usage)
		} else {
			cmd.Flags().String(f.name, "", f.usage)
		}
	}
}

// addBookFlags adds what every command that reads a book understands.
func addBookFlags(cmd *cobra.Command) {
	cmd.Flags().StringP("config", "c", "", "config file (default ./duepack.yaml where no FILE is given)")
	cmd.Flags().Bool("quiet", false, "print no results and no notes: only errors")
	cmd.Flags().StringArray("limit", nil, "raise a limit of reading that an error names, as rows=20000000 (may be repeated)")
	addFlags(cmd, bookFlags)
}

// readLimits returns the limits of reading with those that --limit raises.
func readLimits(cmd *cobra.Command) (sheet.Limits, error) {
	var limits sheet.Limits
	assignments, err := cmd.Flags().GetStringArray("limit")
	if err != nil {
		return limits, err
	}
	for _, assignment := range assignments {
		if err := limits.Set(assignment); err != nil {
			return limits, usage("--limit: %w", err)
		}
	}
	return limits, nil
}

// takeFlags takes settings from the environment and from the command line.
func (a *app) takeFlags(cmd *cobra.Command, s *settings, flags []flag) error {
	for _, f := range flags {
		option := cmd.Flags().Lookup(f.name)
		if value := a.lookup(f.name); value != "" {
			place := variable(f.name)
			if err := f.take(s, scalar{value, place}, origin{rank: fromEnv, detail: place}); err != nil {
				return err
			}
		}
		if option.Changed {
			place := "--" + f.name
			if err := f.take(s, scalar{option.Value.String(), place}, origin{rank: fromFlag, detail: place}); err != nil {
				return err
			}
		}
	}
	return nil
}

// quiet reports whether only errors are wanted.
func (a *app) quiet(cmd *cobra.Command) (bool, error) {
	if option := cmd.Flags().Lookup("quiet"); option.Changed {
		return parseBool(scalar{option.Value.String(), "--quiet"})
	}
	if value := a.lookup("quiet"); value != "" {
		return parseBool(scalar{value, variable("quiet")})
	}
	return false, nil
}

// words returns the words of --lang, else of DUEPACK_LANG, else English, for
// commands that read no book.
func (a *app) words(cmd *cobra.Command) (*render.Words, error) {
	s := &settings{}
	if err := a.takeFlags(cmd, s, []flag{languageFlag}); err != nil {
		return nil, err
	}
	if err := s.fillBeforeReading(); err != nil {
		return nil, err
	}
	return render.New(s.language.value)
}

// flagError makes what the flag parser refuses a failure of usage, and names
// the flag that was probably meant.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) && isSecretFlag(unknown.GetSpecifiedName()) {
		return usage("--%s: user and password do not belong on the command line, where every process of the machine can read them (set DUEPACK_SMTP_USER and DUEPACK_SMTP_PASSWORD, or name a file with both as mail.smtp.credentials)", unknown.GetSpecifiedName())
	}
	if !errors.As(err, &unknown) || len(unknown.GetSpecifiedName()) < 2 {
		return &failure{exitUsage, err}
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
	return usage("%w (%s)", err, hintNearest("--"+unknown.GetSpecifiedName(), names))
}

// noArgs refuses arguments of a command that takes none.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage("%s takes no arguments, got %q", cmd.CommandPath(), args[0])
	}
	return nil
}
