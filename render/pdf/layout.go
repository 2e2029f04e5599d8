package pdf

import (
	"fmt"
	"slices"
	"strings"

	"duepack/analysis"
	"duepack/render"
)

// style is how a text looks.
type style struct {
	sizePt float64
	bold   bool
	color  color
}

// layout turns blocks into strips.
type layout struct {
	pack   *analysis.Pack
	words  *render.Words
	fonts  [2]*face
	charts map[*analysis.Chart]picture
	places map[string]bool // anchors of the document: what cells may lead to
	lone   bool            // there is one section, and the document has its title

	strips  []*strip
	missing map[rune]bool // characters that cannot be drawn
}

// add appends strips.
func (l *layout) add(strips ...*strip) { l.strips = append(l.strips, strips...) }

// plain returns a text as it can be drawn and remembers what cannot.
func (l *layout) plain(text string) string {
	for _, r := range text {
		if r >= basicPlane {
			l.missing[r] = true
		}
	}
	return plain(text)
}

func (l *layout) face(s style) *face { return l.fonts[weightIndex(s.bold)] }

func (l *layout) width(text string, s style) float64 { return l.face(s).width(text, s.sizePt) }

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

// paragraph adds text over the whole width, one strip a line, so that long
// text flows over pages; first and last lines are not left alone.
func (l *layout) paragraph(text string, s style) {
	lines := l.face(s).wrap(l.plain(text), s.sizePt, textWidth)
	for i, one := range lines {
		l.add(&strip{Height: lineHeight(s.sizePt), Keep: i == 0 && len(lines) > 1 || i == len(lines)-2,
			Marks: []mark{l.left(one, s, 0, baseline(0, s.sizePt), textWidth)}})
	}
}

// heading adds the title of a block and holds it to what follows.
func (l *layout) heading(text string) {
	s := style{blockPt, true, ink}
	marks, end := l.lines(l.face(s).fit(l.plain(text), s.sizePt, textWidth, 3), s, 0, 0, textWidth)
	l.add(&strip{Height: end + 1, Keep: true, Room: 30, Marks: marks})
}

// placeOf is the anchor of a section: its subject's path, else its own id.
func placeOf(s *analysis.Section) string {
	if s.Subject != "" {
		return s.Subject
	}
	return "section:" + s.ID
}

// section adds a section. Those about single subjects begin a page, and so does
// what follows them; else a section does where little of a page is left.
func (l *layout) section(s, before *analysis.Section) error {
	title := l.plain(l.words.Section(l.pack, s))
	place := &anchor{Name: placeOf(s), Title: title}
	if l.lone {
		l.add(&strip{Height: 6, Keep: true, Marks: []mark{place}})
	} else {
		look := style{sectionPt, true, accent}
		marks, end := l.lines(l.face(look).fit(title, look.sizePt, textWidth, 3), look, 0, 0, textWidth)
		room := 70.0
		if s.Subject != "" {
			room = 120 // its figures and the head of what follows them
		}
		l.add(space(9), &strip{Height: end + 3.4, Keep: true, Room: room,
			Fresh: before != nil && (s.Subject == "") != (before.Subject == ""),
			Marks: append(marks, rule(0, end+0.6, textWidth, 0.35, accent), place)})
	}
	if len(s.Blocks) == 0 {
		l.paragraph(l.words.Text("pack.empty"), style{bodyPt, false, muted})
	}
	for i := range s.Blocks {
		if i > 0 {
			l.add(space(gapBetween(&s.Blocks[i-1], &s.Blocks[i])))
		}
		if err := l.block(&s.Blocks[i]); err != nil {
			return err
		}
	}
	return nil
}

// gapBetween returns the white space between two blocks: notes that follow
// each other read as one text.
func gapBetween(before, after *analysis.Block) float64 {
	switch {
	case before.Note != nil && after.Note != nil:
		return 1.2
	case before.Note != nil || after.Note != nil:
		return 3.4
	}
	return 6
}

func (l *layout) block(b *analysis.Block) error {
	switch {
	case b.Figures != nil:
		return l.figures(b.Figures)
	case b.Table != nil:
		l.table(b.Table)
	case b.Chart != nil:
		return l.chart(b.Chart)
	case b.Note != nil:
		l.note(b.Note)
	}
	return nil
}

// note adds a sentence; one that must not be overlooked stands on a tint
// behind a bar.
func (l *layout) note(n *analysis.Note) {
	text := l.words.Note(l.pack, n)
	if !n.Alarm {
		l.paragraph(text, style{bodyPt, false, muted})
		return
	}
	const inset, pad = 4.0, 1.8
	s := style{bodyPt, true, alarmInk}
	lines := l.face(s).wrap(l.plain(text), s.sizePt, textWidth-2*inset)
	for i, one := range lines {
		top, height := 0.0, lineHeight(s.sizePt)
		if i == 0 {
			top, height = pad, height+pad
		}
		if i == len(lines)-1 {
			height += pad
		}
		l.add(&strip{Height: height, Keep: i < len(lines)-1 && i < 3, Marks: []mark{
			box(0, 0, textWidth, height, alarmTint), box(0, 0, 1.2, height, alarmInk),
			l.left(one, s, inset, baseline(top, s.sizePt), textWidth-2*inset)}})
	}
}

// remarkMissing adds which characters cannot be drawn, if any: a reader who
// sees an empty box must be able to learn what it stands for.
func (l *layout) remarkMissing() {
	for _, s := range l.strips {
		texts(s.Marks, func(m *textMark) {
			for _, r := range m.Text {
				if r != 0xFFFD && l.fonts[weightIndex(m.Bold)].glyph[r] == 0 {
					l.missing[r] = true
				}
			}
		})
	}
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
