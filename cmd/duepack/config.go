package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"duepack/analysis"
	"duepack/analysis/ledger"
)

// configName is the config file that is read where no file is named.
const configName = "duepack.yaml"

// configKey is one key of duepack.yaml and how its value is read. This table is
// the only list of keys there is.
type configKey struct {
	path string
	read func(*configReader, ast.Node) error
}

var configKeys = append([]configKey{
	{"book.name", one(parseText, func(s *settings) *setting[string] { return &s.name })},
	{"book.currency", one(parseCurrency, func(s *settings) *setting[string] { return &s.currency })},
	{"book.language", one(parseLanguage, func(s *settings) *setting[string] { return &s.language })},
	{"inputs", (*configReader).readInputs},
	{"columns", (*configReader).readColumns},
	{"as_of", one(parseDate, func(s *settings) *setting[ledger.Date] { return &s.asOf })},
	{"period", one(parsePeriodSetting, func(s *settings) *setting[period] { return &s.period })},
	{"terms", one(parseTerms, func(s *settings) *setting[ledger.Terms] { return &s.terms })},
	{"application", one(parseApplication, func(s *settings) *setting[analysis.ApplicationMode] { return &s.application })},
	{"rep_basis", one(parseRepBasis, func(s *settings) *setting[analysis.RepBasis] { return &s.repBasis })},
	{"margin", one(parseMargin, func(s *settings) *setting[ledger.Ratio] { return &s.margin })},
	{"financing.rate", (*configReader).readRates},
	{"financing.basis", one(parseDayBasis, func(s *settings) *setting[analysis.DayBasis] { return &s.dayBasis })},
	{"aging.basis", one(parseAgingBasis, func(s *settings) *setting[analysis.AgingBasis] { return &s.agingBasis })},
	{"aging.buckets", many(parseBounds, func(s *settings) *setting[[]analysis.Bound] { return &s.bounds })},
	{"aging.credits", one(parseCredits, func(s *settings) *setting[analysis.CreditTreatment] { return &s.credits })},
	{"provision.rates", many(parseLossRates, func(s *settings) *setting[[]ledger.Ratio] { return &s.lossRates })},
	{"provision.history", one(parseMonths, func(s *settings) *setting[int] { return &s.lossMonths })},
	{"provision.loss_given_default", one(parseRate, func(s *settings) *setting[ledger.Ratio] { return &s.lossGivenDefault })},
	{"provision.factor", one(parseFactor, func(s *settings) *setting[ledger.Ratio] { return &s.lossFactor })},
	{"provision.specific", (*configReader).readSpecific},
	{"collection_targets.old", one(parseTarget, func(s *settings) *setting[ledger.Ratio] { return &s.oldTarget })},
	{"collection_targets.overdue", one(parseTarget, func(s *settings) *setting[ledger.Ratio] { return &s.overdueTarget })},
	{"collection_targets.current", one(parseTarget, func(s *settings) *setting[ledger.Ratio] { return &s.currentTarget })},
	{"commission.bands", (*configReader).readCommission},
	{"lenient", one(parseBool, func(s *settings) *setting[bool] { return &s.lenient })},
	{"output.dir", (*configReader).readOutDir},
	{"output.formats", many(parseFormats, func(s *settings) *setting[[]string] { return &s.formats })},
}, mailKeys...)

// configReader reads one config file into settings.
type configReader struct {
	file string // as the user named it, for places
	base string // its folder
	into *settings
}

// readConfig reads a config file. Errors are *settingError with file, line and
// column; a file that cannot be opened is an operating error.
func readConfig(path string, into *settings) error {
	text, err := readBounded(path)
	if err != nil {
		return err
	}
	r := &configReader{file: path, base: filepath.Dir(path), into: into}
	if err := r.checkNesting(text); err != nil {
		return err
	}
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		var syntax *yaml.SyntaxError
		if errors.As(err, &syntax) && syntax.Token != nil {
			return scalar{place: r.place(syntax.Token)}.bad("bad-yaml", "%s", syntax.Message)
		}
		return scalar{place: path}.bad("bad-yaml", "%s", strings.ReplaceAll(err.Error(), "\n", " "))
	}
	if len(file.Docs) > 1 {
		return scalar{place: path}.bad("bad-yaml", "the file has %d YAML documents (want one)", len(file.Docs))
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return nil
	}
	return r.readMap("", file.Docs[0].Body)
}

// What a config may cost. The parser's time grows with the square of the depth.
const (
	configMostBytes = 1 << 20
	configMostDeep  = 64 // brackets in brackets, and list marks on one line
)

// readBounded reads a config file of at most configMostBytes.
func readBounded(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // it was only read
	text, err := io.ReadAll(io.LimitReader(file, configMostBytes+1))
	if err == nil && len(text) > configMostBytes {
		err = scalar{place: path}.bad("large-config", "the file is larger than 1 MiB (want a config, not a ledger)")
	}
	return text, err
}

// checkNesting refuses lists in lists beyond configMostDeep from the tokens,
// which take time in proportion to the file.
func (r *configReader) checkNesting(text []byte) error {
	flow, marks, line := 0, 0, 0
	for _, t := range lexer.Tokenize(string(text)) {
		if t.Position.Line != line {
			line, marks = t.Position.Line, 0
		}
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			flow++
		case token.SequenceEndType, token.MappingEndType:
			flow--
		case token.SequenceEntryType, token.MappingKeyType:
			marks++
		}
		if flow > configMostDeep || marks > configMostDeep {
			return scalar{place: r.place(t)}.bad("deep-config", "lists lie more than %d deep in each other", configMostDeep)
		}
	}
	return nil
}

// place writes file:line:column of a token.
func (r *configReader) place(t *token.Token) string {
	return fmt.Sprintf("%s:%d:%d", r.file, t.Position.Line, t.Position.Column)
}

// origin says that a setting was given in the config file. It stands in the
// pack, so it names the file without its folder: a pack says nothing about the
// machine it was made on.
func (r *configReader) origin(n ast.Node) origin {
	position := firstToken(n).Position
	return origin{rank: fromFile, detail: fmt.Sprintf("%s:%d:%d", filepath.Base(r.file), position.Line, position.Column)}
}

// bad says that a node cannot be used.
func (r *configReader) bad(n ast.Node, code, format string, args ...any) error {
	return scalar{place: r.place(firstToken(n))}.bad(code, format, args...)
}

// firstToken returns where a node begins: a block mapping's own token is its
// first colon.
func firstToken(n ast.Node) *token.Token {
	switch n := n.(type) {
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) > 0 {
			return n.Values[0].Key.GetToken()
		}
	case *ast.MappingValueNode:
		return n.Key.GetToken()
	}
	return n.GetToken()
}

// pairs returns the entries of a mapping.
func pairs(n ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	return nil, false
}

// readMap reads the keys under a prefix such as "financing."; "" is the top.
func (r *configReader) readMap(prefix string, n ast.Node) error {
	entries, ok := pairs(n)
	if !ok {
		what := "the file"
		if prefix != "" {
			what = strings.TrimSuffix(prefix, ".")
		}
		return r.bad(n, "bad-config", "%s is not a list of keys and values", what)
	}
	for _, entry := range entries {
		key := entry.Key.GetToken().Value
		if _, empty := entry.Value.(*ast.NullNode); empty && knownKey(prefix+key) {
			continue // a key without a value keeps its default
		}
		i := slices.IndexFunc(configKeys, func(k configKey) bool { return k.path == prefix+key })
		switch {
		case i >= 0:
			if err := configKeys[i].read(r, entry.Value); err != nil {
				return err
			}
		case knownKey(prefix + key):
			if err := r.readMap(prefix+key+".", entry.Value); err != nil {
				return err
			}
		case isSecretKey(prefix, key):
			return misplacedSecret(r.place(entry.Key.GetToken()), prefix+key)
		default:
			return &settingError{r.place(entry.Key.GetToken()), "unknown-key", fmt.Sprintf("there is no key %q", prefix+key), hintNearest(key, keysUnder(prefix))}
		}
	}
	return nil
}

// knownKey reports whether a path is a key or holds keys.
func knownKey(path string) bool {
	return slices.ContainsFunc(configKeys, func(k configKey) bool { return k.path == path || strings.HasPrefix(k.path, path+".") })
}

// keysUnder lists the keys that may stand under a prefix.
func keysUnder(prefix string) []string {
	var keys []string
	for _, k := range configKeys {
		if rest, ok := strings.CutPrefix(k.path, prefix); ok {
			key, _, _ := strings.Cut(rest, ".")
			if !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	return keys
}

// scalarOf returns the text of a scalar as the file has it: a number is never
// taken through a float.
func (r *configReader) scalarOf(n ast.Node) (scalar, error) {
	switch n := n.(type) {
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return scalar{n.GetToken().Value, r.place(n.GetToken())}, nil
	case *ast.LiteralNode:
		return scalar{strings.TrimSpace(n.Value.Value), r.place(n.GetToken())}, nil
	}
	return scalar{}, r.bad(n, "bad-config", "want a single value here")
}

// scalarsOf returns the items of a list; a single value is a list of one.
func (r *configReader) scalarsOf(n ast.Node) ([]scalar, error) {
	sequence, ok := n.(*ast.SequenceNode)
	if !ok {
		item, err := r.scalarOf(n)
		return []scalar{item}, err
	}
	items := make([]scalar, 0, len(sequence.Values))
	for _, value := range sequence.Values {
		item, err := r.scalarOf(value)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}

// one reads a key with a single value.
func one[T any](parse func(scalar) (T, error), field func(*settings) *setting[T]) func(*configReader, ast.Node) error {
	return func(r *configReader, n ast.Node) error {
		item, err := r.scalarOf(n)
		if err != nil {
			return err
		}
		value, err := parse(item)
		if err != nil {
			return err
		}
		field(r.into).take(value, r.origin(n))
		return nil
	}
}

// many reads a key with a list of values.
func many[T any](parse func(at scalar, items []scalar) (T, error), field func(*settings) *setting[T]) func(*configReader, ast.Node) error {
	return func(r *configReader, n ast.Node) error {
		items, err := r.scalarsOf(n)
		if err != nil {
			return err
		}
		value, err := parse(scalar{place: r.place(firstToken(n))}, items)
		if err != nil {
			return err
		}
		field(r.into).take(value, r.origin(n))
		return nil
	}
}

// readOutDir reads output.dir; a relative one counts from the config's folder.
func (r *configReader) readOutDir(n ast.Node) error {
	item, err := r.scalarOf(n)
	if err != nil {
		return err
	}
	if item.text == "" {
		return item.bad("bad-config", "output.dir is empty")
	}
	r.into.outDir.take(resolve(r.base, item.text), r.origin(n))
	return nil
}

// readRates reads financing.rate: one annual rate, or a list of {from, rate}.
func (r *configReader) readRates(n ast.Node) error {
	from := r.origin(n)
	sequence, ok := n.(*ast.SequenceNode)
	if !ok {
		item, err := r.scalarOf(n)
		if err != nil {
			return err
		}
		rate, err := parseRate(item)
		if err != nil {
			return err
		}
		r.into.rates.take([]analysis.RateFrom{{Rate: rate}}, from)
		return nil
	}
	var rates []analysis.RateFrom
	for _, value := range sequence.Values {
		rate, err := r.readRateFrom(value)
		if err != nil {
			return err
		}
		if n := len(rates); n > 0 && rate.From <= rates[n-1].From {
			return r.bad(value, "bad-rate", "the rate from %s does not follow the one from %s", rate.From, rates[n-1].From)
		}
		rates = append(rates, rate)
	}
	if len(rates) == 0 {
		return r.bad(n, "bad-rate", "the list of rates is empty")
	}
	r.into.rates.take(rates, from)
	return nil
}

func (r *configReader) readRateFrom(n ast.Node) (analysis.RateFrom, error) {
	var rate analysis.RateFrom
	err := r.readFields(n, map[string]func(scalar) error{
		"from": func(s scalar) (err error) { rate.From, err = parseDate(s); return err },
		"rate": func(s scalar) (err error) { rate.Rate, err = parseRate(s); return err },
	})
	if err == nil && (rate.From == 0 || !rate.Rate.Given()) {
		err = r.bad(n, "bad-rate", "want from and rate: {from: 2026-01-01, rate: 6%%}")
	}
	return rate, err
}

// readFields reads a small mapping of scalars.
func (r *configReader) readFields(n ast.Node, fields map[string]func(scalar) error) error {
	entries, ok := pairs(n)
	if !ok {
		return r.bad(n, "bad-config", "want keys and values in braces")
	}
	for _, entry := range entries {
		key := entry.Key.GetToken().Value
		read, ok := fields[key]
		if !ok {
			known := make([]string, 0, len(fields))
			for name := range fields {
				known = append(known, name)
			}
			slices.Sort(known)
			return &settingError{r.place(entry.Key.GetToken()), "unknown-key", fmt.Sprintf("there is no key %q here", key), hintNearest(key, known)}
		}
		item, err := r.scalarOf(entry.Value)
		if err == nil {
			err = read(item)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// readColumns reads columns: a map from a column of the contract to the header
// that the files have for it.
func (r *configReader) readColumns(n ast.Node) error {
	columns, err := r.columnsOf(n)
	if err != nil {
		return err
	}
	r.into.columns.take(columns, r.origin(n))
	return nil
}

func (r *configReader) columnsOf(n ast.Node) (map[string]string, error) {
	entries, ok := pairs(n)
	if !ok {
		return nil, r.bad(n, "bad-config", "want columns and the headers they have: {Document: Invoice No}")
	}
	columns := make(map[string]string, len(entries))
	for _, entry := range entries {
		item, err := r.scalarOf(entry.Value)
		if err != nil {
			return nil, err
		}
		columns[entry.Key.GetToken().Value] = item.text
	}
	return columns, nil
}

// readInputs reads inputs: files or globs, or maps {file, sheet, layout,
// columns, dates}.
func (r *configReader) readInputs(n ast.Node) error {
	nodes := []ast.Node{n}
	if sequence, ok := n.(*ast.SequenceNode); ok {
		nodes = sequence.Values
	}
	var inputs []input
	for _, node := range nodes {
		in := input{base: r.base}
		var err error
		if entries, ok := pairs(node); ok {
			err = r.readInput(&in, entries)
			if err == nil && in.pattern.text == "" {
				err = r.bad(node, "bad-config", "this input names no file")
			}
		} else {
			in.pattern, err = r.scalarOf(node)
		}
		if err != nil {
			return err
		}
		inputs = append(inputs, in)
	}
	r.into.inputs.take(inputs, r.origin(n))
	return nil
}

func (r *configReader) readInput(in *input, entries []*ast.MappingValueNode) error {
	fields := map[string]func(scalar) error{
		"file":   func(s scalar) error { in.pattern = s; return nil },
		"sheet":  func(s scalar) error { in.sheet = s.text; return nil },
		"layout": func(s scalar) (err error) { in.layout, err = parseLayout(s); return err },
		"dates":  func(s scalar) (err error) { in.dates, err = parseDateOrder(s); return err },
	}
	for _, entry := range entries {
		key := entry.Key.GetToken().Value
		if key == "columns" {
			columns, err := r.columnsOf(entry.Value)
			if err != nil {
				return err
			}
			in.columns = columns
			continue
		}
		read, ok := fields[key]
		if !ok {
			return &settingError{r.place(entry.Key.GetToken()), "unknown-key", fmt.Sprintf("there is no key %q in an input", key),
				hintNearest(key, []string{"file", "sheet", "layout", "columns", "dates"})}
		}
		item, err := r.scalarOf(entry.Value)
		if err == nil {
			err = read(item)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
