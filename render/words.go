// Package render holds what all renderers share: the words of a language and
// the one place where a number becomes text. The renderers themselves are the
// packages below it; each is a pure function of a frozen pack and its words,
// knows the four kinds of block, and never a section's name.
package render

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/templates"

	"github.com/goccy/go-yaml"
)

// Words are the wording and the number format of one language. They are safe
// for use by several goroutines.
type Words struct {
	lang   string
	texts  map[string]string
	scales []int64 // divisors of axis units, ascending, as thousand and million

	months  []string // names of the months in sentences
	numbers []string // words for 1, 2, 3 …; empty where sentences have digits
}

// read holds the words of each language once they are read, which takes
// several milliseconds: *Words by language.
var read sync.Map

// New returns the words of a language, "en" or "zh-CN". The error names the
// languages there are.
func New(lang string) (*Words, error) {
	if w, ok := read.Load(lang); ok {
		return w.(*Words), nil
	}
	w, err := readWords(lang)
	if err != nil {
		return nil, err
	}
	shared, _ := read.LoadOrStore(lang, w)
	return shared.(*Words), nil
}

func readWords(lang string) (*Words, error) {
	source, ok := templates.Wording(lang)
	if !ok {
		return nil, fmt.Errorf("%q is not a language of duepack (want %s)", lang, strings.Join(templates.Languages(), " or "))
	}
	w := &Words{lang: lang}
	if err := yaml.Unmarshal(source, &w.texts); err != nil {
		return nil, fmt.Errorf("wording of %s: %w", lang, err)
	}
	for _, text := range strings.Fields(w.texts["number.scales"]) {
		scale, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("wording of %s: number.scales: %w", lang, err)
		}
		w.scales = append(w.scales, scale)
	}
	w.months = strings.Fields(w.texts["date.months"])
	w.numbers = strings.Fields(w.texts["number.words"])
	if len(w.months) != 12 {
		return nil, fmt.Errorf("wording of %s: date.months has %d names", lang, len(w.months))
	}
	return w, nil
}

// Lang returns the language as a BCP 47 tag.
func (w *Words) Lang() string { return w.lang }

// Has reports whether the wording has a key.
func (w *Words) Has(key string) bool {
	_, ok := w.texts[key]
	return ok
}

// Text returns the text of a key with its gaps {0}, {1} … filled. A key the
// wording lacks comes back in brackets: it is a defect that tests look for,
// and no reason to lose a pack.
func (w *Words) Text(key string, args ...string) string {
	text, ok := w.texts[key]
	if !ok {
		return "[" + key + "]"
	}
	return fill(text, args)
}

// fill replaces gaps in one pass, so that an argument that looks like a gap
// stays as it is.
func fill(text string, args []string) string {
	if len(args) == 0 {
		return text
	}
	var b strings.Builder
	for {
		open := strings.IndexByte(text, '{')
		if open < 0 {
			break
		}
		end := strings.IndexByte(text[open:], '}')
		if end < 0 {
			break
		}
		n, err := strconv.Atoi(text[open+1 : open+end])
		if err != nil || n < 0 || n >= len(args) {
			b.WriteString(text[:open+end+1])
		} else {
			b.WriteString(text[:open])
			b.WriteString(args[n])
		}
		text = text[open+end+1:]
	}
	b.WriteString(text)
	return b.String()
}

// Label returns the name of a figure. The label of cei says "monthly average
// sales" where the pack's period has more than one month (rules §6); p may be
// nil where no period is meant.
func (w *Words) Label(p *analysis.Pack, id analysis.FigureID) string {
	if p != nil && id == analysis.CEI && p.From.Month() != p.To.Month() {
		return w.Text("figure.cei.monthly")
	}
	return w.Text("figure." + id.Def().Key)
}

// Short returns the short name of a figure, for tiles and narrow columns.
func (w *Words) Short(id analysis.FigureID) string {
	if text, ok := w.texts["figure."+id.Def().Key+".short"]; ok {
		return text
	}
	return w.Text("figure." + id.Def().Key)
}

// Definition returns the definition of a figure in one sentence.
func (w *Words) Definition(id analysis.FigureID) string {
	return w.Text("figure." + id.Def().Key + ".definition")
}

// Reason says why a figure is absent, without a full stop.
func (w *Words) Reason(r analysis.Reason) string { return w.Text("reason." + r.String()) }

// Subject returns the name readers know a subject by: its name, else its id.
func (w *Words) Subject(s *analysis.Subject) string {
	switch {
	case s.Level == analysis.CompanyLevel && s.Name == "":
		return w.Text("word.company")
	case s.ID == ledger.Unassigned && (s.Name == "" || s.Name == s.ID):
		return w.Text("word.unassigned")
	case s.Name == "":
		return Clean(s.ID)
	}
	return Clean(s.Name)
}

// SectionLabel returns what a section is about in a word or two, for contents,
// bookmarks and above its title: "Aging", "Rep Ana Pereira".
func (w *Words) SectionLabel(p *analysis.Pack, s *analysis.Section) string {
	if s.Subject == "" {
		return w.Text("section." + s.ID)
	}
	i := slices.IndexFunc(p.Reps, func(rep analysis.Subject) bool { return rep.Path() == s.Subject })
	return w.Text("section."+s.ID, w.Subject(&p.Reps[i]))
}

// Section returns the title of a section: what it found, where it says so.
func (w *Words) Section(p *analysis.Pack, s *analysis.Section) string {
	if s.Title != nil {
		return w.Note(p, s.Title)
	}
	return w.Text("section." + s.ID)
}

// Table returns the title of a table.
func (w *Words) Table(t *analysis.Table) string { return w.Text("table." + t.ID) }

// Chart returns the title of a chart.
func (w *Words) Chart(p *analysis.Pack, c *analysis.Chart) string {
	if c.Title != nil {
		return w.Note(p, c.Title)
	}
	return w.Text("chart." + c.ID)
}

// Series returns the name of a series.
func (w *Words) Series(p *analysis.Pack, s *analysis.Series) string {
	switch {
	case s.Bucket != "":
		return w.BucketID(p, s.Bucket)
	case s.Month != 0:
		return s.Month.String()
	}
	return w.Text("series." + s.Key)
}

// Column returns the head of a column.
func (w *Words) Column(p *analysis.Pack, c *analysis.Column) string {
	switch {
	case c.Bucket != "":
		return w.BucketID(p, c.Bucket)
	case c.Key != "":
		return w.Text("column."+c.Key, Clean(c.Text))
	}
	return Clean(c.Text)
}

// Note returns a sentence with its gaps filled and the clauses that follow it;
// values in it carry their unit.
func (w *Words) Note(p *analysis.Pack, n *analysis.Note) string {
	args := make([]string, len(n.Args))
	for i := range n.Args {
		args[i] = w.argument(p, n, &n.Args[i])
	}
	text := w.Text(n.Key, args...)
	if n.Rounded {
		text = w.capital(text)
	}
	if n.Then != nil {
		text += w.Note(p, n.Then)
	}
	return text
}

// capital begins a sentence that starts with a number in words as sentences
// begin. Names keep the letter they have.
func (w *Words) capital(text string) string {
	for _, number := range w.numbers {
		if rest, ok := strings.CutPrefix(text, number+" "); ok {
			return strings.ToUpper(number[:1]) + number[1:] + " " + rest
		}
	}
	return text
}

func (w *Words) argument(p *analysis.Pack, n *analysis.Note, c *analysis.Cell) string {
	switch {
	case c.Value != nil && n.Rounded && c.Key != "":
		return w.Text(c.Key, w.Spoken(*c.Value, p.Currencies[c.Currency]))
	case c.Value != nil && n.Rounded:
		return w.Spoken(*c.Value, p.Currencies[c.Currency])
	case c.Value != nil:
		return w.Full(*c.Value, p.Currencies[c.Currency])
	case n.Rounded && c.Date != 0:
		return w.Date(c.Date)
	case n.Rounded && c.Month != 0:
		return w.Month(c.Month, p.AsOf.Month())
	}
	return w.Cell(p, c)
}

// Cell returns the text of a cell as a page shows it; "" for an empty one. Where
// a cell has both a wording key and something to show, that fills the wording's
// gap, or follows it in brackets where it has none.
func (w *Words) Cell(p *analysis.Pack, c *analysis.Cell) string {
	content := w.content(p, c)
	if c.Key == "" {
		return content
	}
	if content == "" || strings.Contains(w.texts[c.Key], "{0}") {
		return w.Text(c.Key, content)
	}
	return w.Text("word.detail", w.Text(c.Key), content)
}

// content is the text of a cell without its wording key.
func (w *Words) content(p *analysis.Pack, c *analysis.Cell) string {
	switch {
	case c.Value != nil:
		return w.Value(*c.Value, p.Currencies[c.Currency])
	case c.Bucket != "":
		return w.BucketID(p, c.Bucket)
	case c.Date != 0:
		return c.Date.String()
	case c.Month != 0:
		return c.Month.String()
	case c.Rate.Given():
		return w.Rate(c.Rate)
	}
	return Clean(c.Text)
}

// Clean returns a literal text fit for a page: control characters, line breaks
// among them, become spaces, and characters that turn the direction of what
// follows, as names of files and customers are disguised with, are left out. It is not an escape: what a format treats as
// markup is for the format to escape.
func Clean(text string) string {
	if isPlain(text) {
		return text
	}
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r) || r == '\u2028' || r == '\u2029':
			return ' '
		case Turns(r):
			return -1
		}
		return r
	}, text)
}

// Turns reports whether a character sets the direction of the text behind it by
// force (Unicode's embeddings, overrides and isolates). Hebrew and Arabic names need none.
func Turns(r rune) bool { return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' }

// isPlain reports whether a text is printable ASCII, as most are.
func isPlain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' {
			return false
		}
	}
	return true
}

// Shortened returns the beginning of a text with the mark that its end is
// missing: the face draws the single sign at mid-height, as Chinese has it, so
// behind other letters it is three full stops.
func Shortened(beginning string) string {
	beginning = strings.TrimRight(beginning, " ")
	if last, _ := utf8.DecodeLastRuneInString(beginning); last >= firstEastAsian {
		return beginning + "…"
	}
	return beginning + "..."
}

// firstEastAsian is the first character of the scripts that set signs in the
// middle of a square: CJK radicals and what follows them.
const firstEastAsian = 0x2E80

// BucketID returns the label of the pack's bucket with an id; on_account is
// the column of credits.
func (w *Words) BucketID(p *analysis.Pack, id string) string {
	for _, b := range p.Buckets {
		if b.ID == id {
			return w.Bucket(b)
		}
	}
	return w.Text("bucket." + id)
}

// Bucket returns the label of a bucket, built by rule from its limits.
func (w *Words) Bucket(b analysis.Bucket) string {
	number := strconv.Itoa
	switch days := analysis.BoundDays; {
	case b.NotDue:
		return w.Text("bucket.not_due")
	case b.Open && b.First.Unit == days:
		return w.Text("bucket.days_over", number(b.First.N))
	case b.Open:
		return w.Text("bucket.over", w.bound(b.First))
	case b.Last.Unit == days && b.First.N == 0 && strings.HasPrefix(b.ID, "0-"):
		return w.Text("bucket.days", "0", number(b.Last.N))
	case b.Last.Unit == days:
		return w.Text("bucket.days", number(b.First.N+1), number(b.Last.N))
	case b.First.N == 0:
		return w.Text("bucket.within", w.bound(b.Last))
	case b.First.Unit == b.Last.Unit && b.Last.Unit == analysis.BoundMonths:
		return w.Text("bucket.months", number(b.First.N), number(b.Last.N))
	case b.First.Unit == b.Last.Unit:
		return w.Text("bucket.years", number(b.First.N), number(b.Last.N))
	}
	return w.Text("bucket.mixed", w.bound(b.First), w.bound(b.Last))
}

// bound writes a bucket's limit with its unit.
func (w *Words) bound(b analysis.Bound) string {
	key := [...]string{"bound.day", "bound.month", "bound.year"}[b.Unit]
	if b.N != 1 {
		key += "s"
	}
	return w.Text(key, strconv.Itoa(b.N))
}

// AgingRule says in full how the pack ages: it stands on every page that shows
// buckets, because systems in use disagree on day 30 (rules §4).
func (w *Words) AgingRule(p *analysis.Pack) string {
	sentences := []string{w.Text("note.aging_rule." + string(p.Aging.Basis))}
	for _, b := range p.Buckets {
		if b.Last.Unit != analysis.BoundDays {
			sentences = append(sentences, w.Text("note.aging_rule.anniversary"))
			break
		}
	}
	sentences = append(sentences, w.Text("note.credits."+string(p.Aging.Credits)))
	return strings.Join(sentences, w.Text("sentence.gap"))
}
