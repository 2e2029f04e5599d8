package pdf

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/render"
)

// style is how a text looks.
type style struct {
	sizePt float64
	bold   bool
	color  color
}

// layout turns blocks into strips of one width.
type layout struct {
	pack    *analysis.Pack
	words   *render.Words
	fonts   [2]*face
	widthMM float64
	plan    plan
	units   int64             // whole units of currency that amounts are rounded to; 0 where every cent is shown
	places  map[string]bool   // anchors of the document: what cells may lead to
	shown   map[string]string // by figure id or subject path: the place of the section that shows it
	here    string            // place of the section that is laid out

	strips  []*strip
	missing map[rune]bool // characters that cannot be drawn
}

// plan is how much room blocks may take.
type plan struct {
	rows    int     // of one table
	pages   int     // that the section may take
	stretch float64 // of charts and lines of tables: 0 is their least height, 1 their largest
	tight   bool    // small type and lines close together, for what is looked up
}

// column returns a layout of another width that shares everything but the
// strips.
func (l *layout) column(widthMM float64) *layout {
	sub := *l
	sub.widthMM, sub.strips = widthMM, nil
	return &sub
}

// add appends strips.
func (l *layout) add(strips ...*strip) { l.strips = append(l.strips, strips...) }

// westernQuotes replaces curved quotes, which the face draws as wide as an
// ideograph.
var westernQuotes = strings.NewReplacer("“", `"`, "”", `"`, "‘", "'", "’", "'")

// plain returns a text as it can be drawn and remembers what cannot.
func (l *layout) plain(text string) string {
	for _, r := range text {
		if r >= basicPlane {
			l.missing[r] = true
		}
	}
	text = plain(text)
	if !strings.HasPrefix(l.words.Lang(), "zh") {
		text = westernQuotes.Replace(text)
	}
	for _, r := range text {
		if r != utf8.RuneError && l.fonts[0].glyph[r] == 0 {
			l.missing[r] = true
		}
	}
	return text
}

func (l *layout) face(s style) *face { return l.fonts[weightIndex(s.bold)] }

func (l *layout) width(text string, s style) float64 { return l.face(s).width(text, s.sizePt) }

// value returns the text of a value: amounts are rounded where the document is
// for readers who want the size of them.
func (l *layout) value(v analysis.Value, currency ledger.Currency) string {
	if l.units > 0 {
		return l.words.Rounded(v, currency, l.units)
	}
	return l.words.Value(v, currency)
}

// left returns one line of text from x on. Text that is too wide is shortened:
// that is the last resort of every caller.
func (l *layout) left(text string, s style, x, base, boxMM float64) *textMark {
	text = l.face(s).shorten(text, s.sizePt, boxMM+0.01)
	return &textMark{At: point{X: x, Y: base}, Text: text, SizePt: s.sizePt, Bold: s.bold, Color: s.color, Box: boxMM}
}

// right returns one line of text that ends at x.
func (l *layout) right(text string, s style, x, base, boxMM float64) *textMark {
	m := l.left(text, s, 0, base, boxMM)
	m.Box = l.width(m.Text, s)
	m.At.X = x - m.Box
	return m
}

// lines returns lines of text from the upper edge top on, and where they end.
func (l *layout) lines(lines []string, s style, x, top, boxMM float64) ([]mark, float64) {
	var marks []mark
	for _, text := range lines {
		marks = append(marks, l.left(text, s, x, baseline(top, s.sizePt), boxMM))
		top += lineHeight(s.sizePt)
	}
	return marks, top
}

// longestLine is how wide lines of running text may be: longer ones are hard to
// read.
const longestLine = 150.0

// paragraph adds text, one strip a line, so that long text flows over pages;
// first and last lines are not left alone.
func (l *layout) paragraph(text string, s style) {
	lines := l.face(s).wrap(l.plain(text), s.sizePt, min(l.widthMM, longestLine))
	for i, one := range lines {
		l.add(&strip{Height: lineHeight(s.sizePt), Keep: i == 0 && len(lines) > 1 || i == len(lines)-2,
			Marks: []mark{l.left(one, s, 0, baseline(0, s.sizePt), l.widthMM)}})
	}
}

// heading adds the title of a block and holds it to what follows.
func (l *layout) heading(text string) {
	s := style{blockPt, true, ink}
	marks, end := l.lines(l.titleLines(l.plain(text), s, min(l.widthMM, longestLine)), s, 0, 0, l.widthMM)
	l.add(&strip{Height: end + 1, Keep: true, Room: 30, Marks: marks})
}

// titleLines breaks a title: Chinese text behind its commas, where whole clauses
// take no more lines, and other text into lines of about the same length.
func (l *layout) titleLines(text string, s style, boxMM float64) []string {
	lines := l.balanced(text, s, boxMM)
	if len(lines) == 1 || !strings.ContainsAny(text, "，；：") {
		return lines
	}
	var clauses []string
	rest := text
	for at := strings.IndexAny(rest, "，；："); at >= 0; at = strings.IndexAny(rest, "，；：") {
		_, size := utf8.DecodeRuneInString(rest[at:])
		end := at + size
		if n := len(clauses); n > 0 && l.width(clauses[n-1]+rest[:end], s) <= boxMM {
			clauses[n-1] += rest[:end]
		} else {
			clauses = append(clauses, rest[:end])
		}
		rest = rest[end:]
	}
	if n := len(clauses); l.width(clauses[n-1]+rest, s) <= boxMM {
		clauses[n-1] += rest
	} else {
		clauses = append(clauses, rest)
	}
	for _, clause := range clauses {
		if l.width(clause, s) > boxMM {
			return lines
		}
	}
	if len(clauses) > len(lines) {
		return lines
	}
	return clauses
}

// placeOf is the anchor of a section: its subject's path, else its own id.
func placeOf(s *analysis.Section) string {
	if s.Subject != "" {
		return s.Subject
	}
	return "section:" + s.ID
}

// placeOfCell is the place a cell leads to: the section about the subject it
// names, else another section that shows its figure or its subject; "" where
// there is none.
func (l *layout) placeOfCell(c *analysis.Cell) string {
	if l.places[c.Link] {
		return c.Link
	}
	for _, key := range []string{c.Figure, c.Link} {
		if place := l.shown[key]; key != "" && place != l.here {
			return place
		}
	}
	return ""
}

// sectionHead adds what a section is about, and what was found.
func (l *layout) sectionHead(s *analysis.Section, sizePt float64) {
	label, title := l.plain(l.words.SectionLabel(l.pack, s)), l.plain(l.words.Section(l.pack, s))
	head := &strip{Keep: true, Room: 70, Marks: []mark{&anchor{Name: placeOf(s), Title: label}}}
	top := 0.0
	if title != label {
		head.Marks = append(head.Marks, l.eyebrow(label, baseline(0, smallPt)))
		top = lineHeight(smallPt) + 0.8
	}
	look := style{sizePt, true, ink}
	marks, end := l.lines(l.titleLines(title, look, l.widthMM), look, 0, top, l.widthMM)
	head.Marks = append(head.Marks, marks...)
	head.Height = end + 4
	l.add(head)
}

// eyebrow is a short label in capitals with space between them.
func (l *layout) eyebrow(text string, base float64) *textMark {
	const trackPt = 0.7
	text = strings.ToUpper(text)
	s := style{smallPt, true, accent}
	m := l.left(text, s, 0, base, l.widthMM-float64(len([]rune(text)))*trackPt*mmPerPoint)
	m.TrackPt = trackPt
	return m
}

// gapBetween returns the white space between two blocks: notes that follow
// each other read as one text.
func gapBetween(before, after *analysis.Block) float64 {
	switch {
	case before.Note != nil && after.Note != nil:
		return 1.4
	case before.Note != nil || after.Note != nil:
		return 3.6
	}
	return 7
}

func (l *layout) block(b *analysis.Block) error {
	switch {
	case b.Figures != nil:
		return l.figures(b.Figures)
	case b.Table != nil:
		l.table(b.Table)
	case b.Chart != nil:
		l.chart(b.Chart)
	case b.Note != nil:
		l.note(b.Note)
	}
	return nil
}

// remarkMissing adds which characters cannot be drawn, if any: a reader who
// sees an empty box must be able to learn what it stands for.
func (l *layout) remarkMissing() {
	if len(l.missing) == 0 {
		return
	}
	var names []string
	for r := range l.missing {
		names = append(names, fmt.Sprintf("U+%04X", r))
	}
	slices.Sort(names)
	const most = 40
	if len(names) > most {
		names = append(names[:most], ellipsis)
	}
	l.add(space(4))
	l.paragraph(l.words.Text("pack.missing_glyphs", strings.Join(names, " ")), style{smallPt, false, muted})
}
