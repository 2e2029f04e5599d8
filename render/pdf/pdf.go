package pdf

import (
	"fmt"
	"strings"

	"duepack/analysis"
	"duepack/render"
)

// mostSubjects is up to how many subjects with sections of their own a pack
// carries: it stays a document that people read. Beyond, only the files of the
// subjects have those sections, and the pack says so.
const mostSubjects = 8

// Pack returns pack.pdf: every section about the whole book, and those about
// single reps while they are few. The same pack and words give the same bytes.
// The error is for a pack that breaks its own rules (a chart with more values
// than labels, figures of a subject that is not there).
func Pack(p *analysis.Pack, w *render.Words) ([]byte, error) {
	return packDraft(p, w).write(p, w)
}

func packDraft(p *analysis.Pack, w *render.Words) *draft {
	subjects := map[string]bool{}
	for i := range p.Sections {
		if subject := p.Sections[i].Subject; subject != "" {
			subjects[subject] = true
		}
	}
	var sections []*analysis.Section
	for i := range p.Sections {
		if p.Sections[i].Subject == "" || len(subjects) <= mostSubjects {
			sections = append(sections, &p.Sections[i])
		}
	}
	d := &draft{title: w.Text("pack.title"), sections: sections, contents: true}
	d.head = d.title
	if p.Book != "" {
		d.head, d.title = p.Book, p.Book
		d.subtitle = w.Text("pack.title")
	}
	if len(subjects) > mostSubjects {
		d.remark = w.Text("pack.reps_apart", w.Count(len(subjects)))
	}
	return d
}

// Rep returns the PDF of one rep, an index into p.Reps: the sections about
// that rep and nothing of another one. The error is for an index that is out
// of range and for a pack that breaks its own rules.
func Rep(p *analysis.Pack, rep int, w *render.Words) ([]byte, error) {
	if rep < 0 || rep >= len(p.Reps) {
		return nil, fmt.Errorf("pdf: rep %d of %d", rep, len(p.Reps))
	}
	return repDraft(p, &p.Reps[rep], w).write(p, w)
}

func repDraft(p *analysis.Pack, subject *analysis.Subject, w *render.Words) *draft {
	d := &draft{title: w.Text("pack.rep_title", w.Subject(subject)), subtitle: p.Book}
	d.head = d.title
	for i := range p.Sections {
		if p.Sections[i].Subject == subject.Path() {
			d.sections = append(d.sections, &p.Sections[i])
		}
	}
	return d
}

// draft is what a document shall hold.
type draft struct {
	title, subtitle string
	head            string // on every page
	sections        []*analysis.Section
	contents        bool   // with a list of sections on the first page
	remark          string // at the end of that list
}

// write lays the draft out and returns its bytes.
func (d *draft) write(p *analysis.Pack, w *render.Words) ([]byte, error) {
	laid, err := d.layOut(p, w)
	if err != nil {
		return nil, err
	}
	return laid.write()
}

// layOut lays the draft out on pages.
func (d *draft) layOut(p *analysis.Pack, w *render.Words) (*document, error) {
	fonts, err := faces()
	if err != nil {
		return nil, err
	}
	l := &layout{pack: p, words: w, fonts: fonts, places: map[string]bool{}, missing: map[rune]bool{},
		lone: !d.contents && len(d.sections) == 1}
	l.charts = drawCharts(p, w, fonts, d.sections)
	for _, s := range d.sections {
		l.places[placeOf(s)] = true
	}
	l.opening(d)
	if d.contents && len(d.sections) > 1 {
		l.contents(d)
	}
	var before *analysis.Section
	for _, s := range d.sections {
		if err := l.section(s, before); err != nil {
			return nil, err
		}
		before = s
	}
	l.remarkMissing()
	sheets := paginate(l.strips, bodyHeight-headHeight-footHeight)
	l.frame(sheets, d.head)
	numberPages(sheets)
	return &document{title: l.plain(d.title), lang: w.Lang(), asOf: p.AsOf, sheets: sheets}, nil
}

// opening adds the title of the document with its dates and currency.
func (l *layout) opening(d *draft) {
	s := style{titlePt, true, ink}
	marks, end := l.lines(l.face(s).fit(l.plain(d.title), s.sizePt, textWidth, 3), s, 0, 2, textWidth)
	l.add(&strip{Height: end + 0.8, Keep: true, Marks: marks})
	if d.subtitle != "" {
		s = style{sectionPt - 2, false, muted}
		marks, end = l.lines(l.face(s).fit(l.plain(d.subtitle), s.sizePt, textWidth, 2), s, 0, 0, textWidth)
		l.add(&strip{Height: end + 0.8, Keep: true, Marks: marks})
	}
	l.paragraph(l.facts(), style{bodyPt, false, ink})
}

// facts says which position the document shows.
func (l *layout) facts() string {
	p, w := l.pack, l.words
	return strings.Join([]string{
		w.Text("pack.as_of", p.AsOf.String()),
		w.Text("pack.period", w.Text("period", p.From.String(), p.To.String())),
		w.Text("pack.currency", p.BookCurrency().Code),
	}, " · ")
}

// contents adds the list of sections with their pages, in two columns that
// read downwards.
func (l *layout) contents(d *draft) {
	const gap, numberWidth = 10.0, 8.0
	const column = (textWidth - gap) / 2
	s := style{bodyPt, false, accent}
	l.add(space(5))
	l.heading(l.words.Text("pack.contents"))
	rows := (len(d.sections) + 1) / 2
	for i := range rows {
		out := &strip{Height: lineHeight(bodyPt) + 1.2, Keep: i+1 < rows}
		for j, at := range []int{i, i + rows} {
			if at >= len(d.sections) {
				continue
			}
			section, x := d.sections[at], float64(j)*(column+gap)
			base := baseline(0.6, bodyPt)
			number := &textMark{At: point{X: x + column - numberWidth, Y: base}, SizePt: s.sizePt, Color: s.color, Box: numberWidth, PageOf: placeOf(section)}
			out.Marks = append(out.Marks,
				l.left(l.plain(l.words.Section(l.pack, section)), s, x, base, column-numberWidth-2), number,
				rule(x, out.Height, column, 0.1, hairline),
				&area{At: point{X: x, Y: 0}, W: column, H: out.Height, To: placeOf(section)})
		}
		l.add(out)
	}
	if d.remark != "" {
		l.add(space(1.5))
		l.paragraph(d.remark, style{smallPt, false, muted})
	}
}

// Heights of what frames a page, in millimetres.
const (
	headHeight = 9.5
	footHeight = 9.5
)

// frame puts the head and the foot on every page and fills the page between
// them, so that maroto turns it where the layout does.
func (l *layout) frame(sheets []*sheet, head string) {
	for i, s := range sheets {
		used := 0.0
		for _, part := range s.Strips {
			used += part.Height
		}
		filler := space(bodyHeight - headHeight - footHeight - used)
		s.Strips = append(append([]*strip{l.pageHead(head)}, s.Strips...), filler, l.pageFoot(i+1, len(sheets), s.Buckets))
	}
}

func (l *layout) pageHead(head string) *strip {
	s := style{smallPt, false, muted}
	facts := l.plain(l.facts())
	room := l.width(facts, s)
	base := baseline(0, smallPt)
	return &strip{Height: headHeight, Marks: []mark{
		l.left(l.plain(head), style{smallPt, true, muted}, 0, base, textWidth-room-4),
		l.right(facts, s, textWidth, base, room),
		rule(0, lineHeight(smallPt)+1.2, textWidth, 0.15, hairline)}}
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
