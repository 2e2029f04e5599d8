package pdf

import (
	"strings"

	"duepack/analysis"
)

// Heights of what frames a page, in millimetres.
const (
	headHeight = 10.0
	footHeight = 9.5
)

// runningHead is what pages are headed with: the book, else the kind of document.
func (l *layout) runningHead() string {
	if l.pack.Book != "" {
		return l.pack.Book
	}
	return l.words.Text("pack.title")
}

// facts says which position the document shows.
func (l *layout) facts() string {
	p, w := l.pack, l.words
	currency := "pack.currency"
	if l.units > 0 && p.BookCurrency().Exponent > 0 {
		currency = "pack.currency_whole"
	}
	return strings.Join([]string{
		w.Text("pack.as_of", p.AsOf.String()),
		w.Text("pack.period", w.Text("period", p.From.String(), p.To.String())),
		w.Text(currency, p.BookCurrency().Code),
	}, " · ")
}

// masthead adds the name of the book, what the document is, and which position
// it shows.
func (l *layout) masthead() {
	name := style{blockPt + 3, true, ink}
	kind := style{blockPt, false, muted}
	title := l.plain(l.words.Text("pack.title"))
	book := l.plain(l.runningHead())
	base := baseline(0, name.sizePt)
	out := &strip{Height: lineHeight(name.sizePt) + lineHeight(smallPt) + 5.5, Keep: true}
	room := l.widthMM - l.width(title, kind) - 6
	out.Marks = append(out.Marks, l.left(book, name, 0, base, room))
	if book != title {
		out.Marks = append(out.Marks, l.right(title, kind, l.widthMM, base, l.width(title, kind)))
	}
	top := lineHeight(name.sizePt) + 0.6
	out.Marks = append(out.Marks,
		l.left(l.plain(l.facts()), style{smallPt, false, muted}, 0, baseline(top, smallPt), l.widthMM),
		rule(0, top+lineHeight(smallPt)+1.2, l.widthMM, 0.5, ink))
	l.add(out)
}

// contents adds where the other sections are, in columns that read downwards,
// and how many subjects have files of their own where not all are among them.
func (l *layout) contents(sections []*analysis.Section, apart int) {
	const gap, across, numberWidth = 6.0, 3, 7.0
	list := sections[1:]
	if len(list) == 0 {
		return
	}
	column := (l.widthMM - (across-1)*gap) / across
	rows := (len(list) + across - 1) / across
	s := style{smallPt + 0.5, false, accent}
	l.add(space(bandGap-1), &strip{Height: 1.4, Marks: []mark{rule(0, 0, l.widthMM, 0.15, hairline)}})
	for i := range rows {
		out := &strip{Height: lineHeight(s.sizePt) + 0.5}
		for j := range across {
			at := j*rows + i
			if at >= len(list) {
				continue
			}
			section, x := list[at], float64(j)*(column+gap)
			base := baseline(0.25, s.sizePt)
			out.Marks = append(out.Marks,
				&textMark{At: point{X: x, Y: base}, SizePt: s.sizePt, Bold: true, Color: s.color, Box: numberWidth - 2, PageOf: placeOf(section)},
				l.left(l.plain(l.words.SectionLabel(l.pack, section)), s, x+numberWidth, base, column-numberWidth),
				&area{At: point{X: x, Y: 0}, W: column, H: out.Height, To: placeOf(section)})
		}
		l.add(out)
	}
	if apart > 0 {
		l.add(space(0.8))
		l.paragraph(l.words.Text("pack.reps_apart", l.words.Count(apart)), style{smallPt, false, muted})
	}
}

// frame puts the head and the foot on every page and fills the page between
// them, so that maroto turns it where the layout does. The first page, which has
// the title, has no head.
func (l *layout) frame(sheets []*sheet, head string) {
	for i, s := range sheets {
		filler := space(bodyRoom - height(s.Strips))
		top := l.pageHead(head)
		if i == 0 {
			top = &strip{Height: headHeight - firstRise}
			filler.Height += firstRise
		}
		s.Strips = append(append([]*strip{top}, s.Strips...), filler, l.pageFoot(i+1, len(sheets), s.Buckets))
	}
}

// firstRise is by how much the first page begins higher than the others.
const firstRise = 6.0

func (l *layout) pageHead(head string) *strip {
	s := style{finePt, false, muted}
	facts := l.plain(l.facts())
	room := l.width(facts, s)
	base := baseline(0, finePt)
	return &strip{Height: headHeight, Marks: []mark{
		l.left(l.plain(head), style{finePt, true, muted}, 0, base, textWidth-room-4),
		l.right(facts, s, textWidth, base, room),
		rule(0, lineHeight(finePt)+1.2, textWidth, 0.15, hairline)}}
}

// pageFoot states the page number, and the aging rule where buckets are shown.
func (l *layout) pageFoot(number, of int, buckets bool) *strip {
	s := style{finePt, false, muted}
	page := l.plain(l.words.Text("pack.page", l.words.Count(number), l.words.Count(of)))
	room := l.width(page, s)
	top := footHeight - 2*lineHeight(finePt)
	foot := &strip{Height: footHeight, Marks: []mark{
		rule(0, top-0.8, textWidth, 0.15, hairline),
		l.right(page, s, textWidth, baseline(top, finePt), room)}}
	if buckets {
		text := l.face(s).fit(l.plain(l.words.AgingRule(l.pack)), s.sizePt, textWidth-room-8, 2)
		marks, _ := l.lines(text, s, 0, top, textWidth-room-8)
		foot.Marks = append(foot.Marks, marks...)
	}
	return foot
}

// numberPages writes the pages of anchors where the contents name them.
func numberPages(sheets []*sheet) {
	pages := map[string]int{}
	for i, s := range sheets {
		for _, part := range s.Strips {
			for _, m := range part.Marks {
				if a, ok := m.(*anchor); ok {
					pages[a.Name] = i + 1
				}
			}
		}
	}
	for _, s := range sheets {
		for _, part := range s.Strips {
			texts(part.Marks, func(m *textMark) { m.writePage(pages) })
		}
	}
}
