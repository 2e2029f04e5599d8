package pdf

import (
	"cmp"
	"fmt"
	"slices"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/render"
)

// mostPages is up to how many pages pack.pdf has: it stays a document that
// people read. Subjects with sections of their own have a place in it while it
// lasts; each has a file of its own anyway.
const mostPages = 12

// referencePages is how many pages a section takes that is to be looked up and
// not read: one of tables of text.
const referencePages = 2

// Pack returns pack.pdf: a page for every section about the whole book, and one
// for each of the subjects with most overdue while they fit. The same pack and
// words give the same bytes. The error is for a pack that breaks its own rules
// (a chart with more values than labels, figures of a subject that is not
// there).
func Pack(p *analysis.Pack, w *render.Words) ([]byte, error) {
	d, err := packDocument(p, w)
	if err != nil {
		return nil, err
	}
	return d.write()
}

// Rep returns the PDF of one rep, an index into p.Reps: the sections about
// that rep, in full, and nothing of another one. The error is for an index that
// is out of range and for a pack that breaks its own rules.
func Rep(p *analysis.Pack, rep int, w *render.Words) ([]byte, error) {
	if rep < 0 || rep >= len(p.Reps) {
		return nil, fmt.Errorf("pdf: rep %d of %d", rep, len(p.Reps))
	}
	d, err := repDocument(p, &p.Reps[rep], w)
	if err != nil {
		return nil, err
	}
	return d.write()
}

// newLayout returns a layout over the whole width.
func newLayout(p *analysis.Pack, w *render.Words) (*layout, error) {
	fonts, err := faces()
	if err != nil {
		return nil, err
	}
	return &layout{pack: p, words: w, fonts: fonts, widthMM: textWidth, plan: plan{rows: mostItems, stretch: 0.5},
		places: map[string]bool{}, shown: map[string]string{}, missing: map[rune]bool{}}, nil
}

// packDocument lays pack.pdf out.
func packDocument(p *analysis.Pack, w *render.Words) (*document, error) {
	l, err := newLayout(p, w)
	if err != nil {
		return nil, err
	}
	if largeBook(p) {
		l.units = 1
	}
	sections, apart, err := l.chosen()
	if err != nil {
		return nil, err
	}
	l.index(sections)
	leaves, _, err := l.leavesOf(sections)
	if err != nil {
		return nil, err
	}
	for i, one := range leaves {
		if i == 0 {
			one.titlePt, one.above, one.below = headlinePt, (*layout).masthead, func(sub *layout) { sub.contents(sections, apart) }
		}
		strips, err := l.pageStrips(one)
		if err != nil {
			return nil, err
		}
		l.add(strips...)
	}
	title := w.Text("pack.title")
	if p.Book != "" {
		title = p.Book + " – " + title
	}
	return l.document(title, l.runningHead())
}

// leafOf returns the page of a section in pack.pdf.
func (l *layout) leafOf(s *analysis.Section) *leaf {
	p := &leaf{sections: []*analysis.Section{s}, titlePt: sectionPt, most: 1}
	if reference(s) {
		p.most = referencePages
	}
	return p
}

// reference reports whether a section is to be looked up: all it shows is
// tables without headline figures and charts.
func reference(s *analysis.Section) bool {
	tables := 0
	for _, it := range itemsOf(s, analysis.InBrief) {
		switch {
		case it.block == nil:
		case it.block.Table != nil:
			tables++
		default:
			return false
		}
	}
	return tables > 1
}

// chosen returns the sections of pack.pdf in the order of the pack. Where not
// every subject has a page in it, apart is how many there are: all of them have
// files of their own.
func (l *layout) chosen() (sections []*analysis.Section, apart int, err error) {
	var subjects []*analysis.Section
	for i := range l.pack.Sections {
		s := &l.pack.Sections[i]
		switch {
		case s.Depth == analysis.InFull:
		case s.Subject != "":
			subjects = append(subjects, s)
		default:
			sections = append(sections, s)
		}
	}
	_, pages, err := l.leavesOf(sections)
	if err != nil {
		return nil, 0, err
	}
	slices.SortStableFunc(subjects, func(a, b *analysis.Section) int { return cmp.Compare(l.overdue(b), l.overdue(a)) })
	room := max(0, min(len(subjects), mostPages-pages))
	sections = append(sections, subjects[:room]...)
	place := map[*analysis.Section]int{}
	for i := range l.pack.Sections {
		place[&l.pack.Sections[i]] = i
	}
	slices.SortFunc(sections, func(a, b *analysis.Section) int { return cmp.Compare(place[a], place[b]) })
	if room < len(subjects) {
		apart = len(subjects)
	}
	return sections, apart, nil
}

// overdue is what is overdue of a section's subject.
func (l *layout) overdue(s *analysis.Section) ledger.Minor {
	if subject := findSubject(l.pack, s.Subject); subject != nil {
		return subject.Value(analysis.Overdue).Minor
	}
	return 0
}

// largeBook reports whether the amounts of a book are so large that readers of a
// digest have no use for the hundredths.
func largeBook(p *analysis.Pack) bool {
	const large = 10_000 // units of the book's currency
	units := ledger.Minor(large)
	for range p.BookCurrency().Exponent {
		units *= 10
	}
	for _, id := range []analysis.FigureID{analysis.Balance, analysis.Sales, analysis.Receipts} {
		if p.Company.Value(id).Minor.Abs() >= units {
			return true
		}
	}
	return false
}

// index notes where figures and subjects are shown: the first section whose
// tables have them, besides the first of all.
func (l *layout) index(sections []*analysis.Section) {
	note := func(key, place string) {
		if _, ok := l.shown[key]; !ok && key != "" {
			l.shown[key] = place
		}
	}
	for i, s := range sections {
		place := placeOf(s)
		l.places[place] = true
		if i == 0 {
			continue
		}
		for _, it := range itemsOf(s, analysis.InBrief) {
			switch {
			case it.block == nil:
			case it.block.Figures != nil:
				for _, id := range it.block.Figures.IDs {
					note(it.block.Figures.Subject+"/"+id.Def().Key, place)
				}
			case it.block.Table != nil:
				for _, row := range it.block.Table.Rows {
					for _, c := range row.Cells {
						note(c.Figure, place)
						note(c.Link, place)
					}
				}
			}
		}
	}
}

// repDocument lays the file of a rep out: one column that flows over pages.
func repDocument(p *analysis.Pack, subject *analysis.Subject, w *render.Words) (*document, error) {
	l, err := newLayout(p, w)
	if err != nil {
		return nil, err
	}
	l.masthead()
	for i := range p.Sections {
		s := &p.Sections[i]
		if s.Subject != subject.Path() || s.Depth == analysis.InBrief {
			continue
		}
		l.places[placeOf(s)] = true
		l.here = placeOf(s)
		if err := l.section(s); err != nil {
			return nil, err
		}
	}
	title := w.Text("pack.rep_title", w.Subject(subject))
	return l.document(title, title)
}

// section adds a section in full.
func (l *layout) section(s *analysis.Section) error {
	l.sectionHead(s, sectionPt)
	items := itemsOf(s, analysis.InFull)
	if len(items) == 0 {
		l.paragraph(l.words.Text("pack.empty"), style{bodyPt, false, muted})
	}
	for i, it := range items {
		if i > 0 {
			l.add(space(7))
		}
		if err := l.lay(it); err != nil {
			return err
		}
	}
	return nil
}

// document puts the strips on pages under a head and draws the charts.
func (l *layout) document(title, head string) (*document, error) {
	l.remarkMissing()
	sheets := paginate(l.strips, fullPage)
	l.frame(sheets, head)
	numberPages(sheets)
	if err := drawPlots(l.pack, l.words, l.fonts, sheets); err != nil {
		return nil, err
	}
	return &document{title: l.plain(title), lang: l.words.Lang(), asOf: l.pack.AsOf, sheets: sheets}, nil
}
