package pdf

import (
	"slices"

	"duepack/analysis"
)

// A page of pack.pdf is a section, made to fit: charts shrink and tables lose
// rows until it does, and charts grow until the page is full. Blocks that are
// narrow enough stand side by side.

// bodyRoom is the height between the head and the foot of a page.
const bodyRoom = bodyHeight - headHeight - footHeight

// fullPage is the height that content of a page fills; what is left keeps it off
// the foot.
const fullPage = bodyRoom - 3

// bandGap is the least white space between two bands of a page.
const bandGap = 7.0

// airyGap is what is added to it where a page has room.
const airyGap = 5.0

// item is what is laid out as one: a block, or notes that read as one.
type item struct {
	block *analysis.Block
	notes []*analysis.Note // a list, or notes of one kind that follow each other
}

// itemsOf returns the blocks of a section that a depth has.
func itemsOf(s *analysis.Section, depth analysis.Depth) []item {
	var items []item
	for i := range s.Blocks {
		b := &s.Blocks[i]
		if b.Depth != analysis.EveryDepth && b.Depth != depth || *b == (analysis.Block{Depth: b.Depth}) {
			continue
		}
		if n := b.Note; n != nil && len(items) > 0 && follows(items[len(items)-1].notes, n) {
			last := &items[len(items)-1]
			last.notes = append(last.notes, n)
			continue
		}
		it := item{block: b}
		if b.Note != nil {
			it = item{notes: []*analysis.Note{b.Note}}
		}
		items = append(items, it)
	}
	return items
}

// follows reports whether a note continues others: items of one list, or notes
// of one kind.
func follows(notes []*analysis.Note, n *analysis.Note) bool {
	return len(notes) > 0 && notes[0].List == n.List && (n.List != "" || notes[0].Good == n.Good && notes[0].Alarm == n.Alarm)
}

// lay adds an item.
func (l *layout) lay(it item) error {
	switch {
	case it.block != nil:
		return l.block(it.block)
	case it.notes[0].List != "":
		l.list(it.notes)
	default:
		for i, n := range it.notes {
			if i > 0 {
				l.add(space(1))
			}
			l.note(n)
		}
	}
	return nil
}

// narrow reports whether an item fits in one of the two columns of the grid.
func (l *layout) narrow(it item) bool {
	if it.block == nil {
		return false
	}
	switch b := it.block; {
	case b.Chart != nil:
		kind := b.Chart.Kind
		return len(b.Chart.Labels) > 0 && (kind == analysis.RowsChart || kind == analysis.ScatterChart || kind == analysis.LineChart)
	case b.Table != nil:
		return len(b.Table.Rows) > 0 && l.tableWidth(b.Table) <= columnWidth
	}
	return false
}

// bandsOf groups items: narrow ones that follow each other stand in pairs; of
// an odd number a chart goes first, over the whole width.
func (l *layout) bandsOf(items []item) [][]item {
	var bands [][]item
	for i := 0; i < len(items); {
		end := i
		for end < len(items) && l.narrow(items[end]) {
			end++
		}
		if end == i {
			bands = append(bands, items[i:i+1])
			i++
			continue
		}
		if (end-i)%2 == 1 && items[i].block.Chart != nil {
			bands = append(bands, items[i:i+1])
			i++
		}
		for ; i < end; i = min(i+2, end) {
			bands = append(bands, items[i:min(i+2, end)])
		}
	}
	return bands
}

// band lays one item, or two side by side, into one strip.
func (l *layout) band(items []item) (*strip, error) {
	if len(items) == 1 {
		sub := l.column(l.widthMM)
		err := sub.lay(items[0])
		return stacked(sub.strips), err
	}
	left, right := l.column(columnWidth), l.column(columnWidth)
	if err := left.lay(items[0]); err != nil {
		return nil, err
	}
	if err := right.lay(items[1]); err != nil {
		return nil, err
	}
	if items[0].block.Table != nil && items[1].block.Table != nil {
		alignHeads(left.strips, right.strips)
	}
	one, two := stacked(left.strips), stacked(right.strips)
	growPlot(one, two.Height)
	growPlot(two, one.Height)
	out := &strip{Height: max(one.Height, two.Height)}
	out.beside(one, 0, 0)
	out.beside(two, columnWidth+gutter, 0)
	return out, nil
}

// alignHeads gives the titles of two blocks side by side the same height, so
// that what is below them begins on one line.
func alignHeads(one, two []*strip) {
	if len(one) == 0 || len(two) == 0 {
		return
	}
	height := max(one[0].Height, two[0].Height)
	one[0].Height, two[0].Height = height, height
}

// growPlot lets a chart reach down as far as what stands beside it. Bars in
// rows keep their thickness.
func growPlot(s *strip, height float64) {
	if len(s.Plots) != 1 || s.Height >= height || s.Plots[0].chart.Kind == analysis.RowsChart {
		return
	}
	_, most := heights(s.Plots[0].chart)
	grow := min(height-s.Height, most-s.Plots[0].height)
	if grow > 0 {
		s.Plots[0].height += grow
		s.Height += grow
	}
}

// leaf is a page while it is made to fit.
type leaf struct {
	sections []*analysis.Section
	above    func(*layout) // adds what stands over the section
	below    func(*layout) // and under it
	titlePt  float64
	most     int // pages the sections may take
}

// rowLimits are how many rows of a table a page tries, from the best on.
var rowLimits = []int{40, 30, 25, 20, 16, 12, 10, 8, 6, 5, 4, 3}

// readableRows is how many rows tables keep before they are set in small type.
const readableRows = 10

// pageStrips returns the strips of a section that fill its pages. What is to be
// looked up is set in small type where that spares a page. Where not even the
// shortest form fits, the strips go on on another page.
func (l *layout) pageStrips(p *leaf) ([]*strip, error) {
	var plans []plan
	if p.most > 1 {
		plans = append(plans, plan{rows: rowLimits[0], tight: true, pages: 1}, plan{rows: rowLimits[0], stretch: 0.3, pages: p.most})
	}
	for _, tight := range []bool{false, true} {
		for _, rows := range rowLimits {
			if tight || p.most == 1 && rows >= readableRows {
				plans = append(plans, plan{rows: rows, tight: tight, pages: p.most})
			}
		}
	}
	var strips []*strip
	for _, plan := range plans {
		var err error
		l.plan = plan
		if strips, err = l.pageTry(p); err != nil {
			return nil, err
		}
		if len(paginate(strips, fullPage)) <= plan.pages {
			break
		}
	}
	if p.most > 1 || height(strips) > fullPage {
		return strips, nil
	}
	return l.grown(p, strips)
}

// grown lets the charts and the lines of a page grow into what is free of it.
func (l *layout) grown(p *leaf, least []*strip) ([]*strip, error) {
	l.plan.stretch = 1
	most, err := l.pageTry(p)
	if err != nil {
		return nil, err
	}
	low, high := height(least), height(most)
	if high <= fullPage {
		return most, nil
	}
	// Blocks beside each other make the height no exact multiple of the stretch:
	// begin where it would be and step back until it fits.
	for stretch := (fullPage - low) / (high - low); stretch > 0; stretch -= 0.04 {
		l.plan.stretch = stretch
		strips, err := l.pageTry(p)
		if err != nil {
			return nil, err
		}
		if height(strips) <= fullPage {
			return strips, nil
		}
	}
	return least, nil
}

func height(strips []*strip) float64 {
	sum := 0.0
	for _, s := range strips {
		sum += s.Height
	}
	return sum
}

// gapAbove is the white space above a band: sentences stand close to what they
// explain.
func (l *layout) gapAbove(band []item) float64 {
	if n := band[0].notes; len(n) > 0 && n[0].List == "" && !n[0].Good && !n[0].Alarm {
		return bandGap / 2
	}
	if l.plan.tight {
		return bandGap - 2
	}
	return bandGap + l.plan.stretch*airyGap
}

// pageTry lays a page out as the plan says.
func (l *layout) pageTry(p *leaf) ([]*strip, error) {
	sub := l.column(l.widthMM)
	if p.above != nil {
		p.above(sub)
	}
	for i, s := range p.sections {
		if i > 0 {
			sub.add(space(sectionGap))
		}
		if err := sub.brief(s, p); err != nil {
			return nil, err
		}
	}
	if p.below != nil {
		p.below(sub)
	}
	if p.most == 1 { // measured as a whole
		for _, s := range sub.strips {
			s.Room = 0
		}
	}
	sub.strips[0].Fresh = true
	return sub.strips, nil
}

// sectionGap is the white space between two sections of a page.
const sectionGap = 14.0

// brief adds a section as a digest.
func (l *layout) brief(s *analysis.Section, p *leaf) error {
	l.here = placeOf(s)
	l.sectionHead(s, p.titlePt)
	items := itemsOf(s, analysis.InBrief)
	if len(items) == 0 {
		l.paragraph(l.words.Text("pack.empty"), style{bodyPt, false, muted})
	}
	for i, together := range l.bandsOf(items) {
		if i > 0 {
			l.add(space(l.gapAbove(together)))
		}
		if p.most > 1 && len(together) == 1 { // may be torn
			if err := l.lay(together[0]); err != nil {
				return err
			}
			continue
		}
		band, err := l.band(together)
		if err != nil {
			return err
		}
		l.add(band)
	}
	return nil
}

// Short sections share a page while a pack keeps so many pages; those that have
// no more than a sentence to show always do, so that no page is all but empty.
const (
	fewestPages = 6
	shortPart   = 0.45 // of a page: a section up to this height is short
	emptyPart   = 0.2  // and up to this one no page of its own
)

// leavesOf parts sections into leaves: one each, but for short ones that fit on a
// page with their neighbour. It returns how many pages they take.
func (l *layout) leavesOf(sections []*analysis.Section) (leaves []*leaf, pages int, err error) {
	for _, s := range sections {
		n, err := l.pagesOf(l.leafOf(s))
		if err != nil {
			return nil, 0, err
		}
		pages += n
	}
	for i, s := range sections {
		next := l.leafOf(s)
		if i > 1 {
			part := shortPart
			if pages <= fewestPages {
				part = emptyPart
			}
			joined, err := l.joined(leaves[len(leaves)-1], next, part)
			if err != nil {
				return nil, 0, err
			}
			if joined != nil {
				leaves[len(leaves)-1] = joined
				pages--
				continue
			}
		}
		leaves = append(leaves, next)
	}
	return leaves, pages, nil
}

// pagesOf returns how many pages a leaf takes: what is not to be looked up is
// made to fit on one.
func (l *layout) pagesOf(p *leaf) (int, error) {
	if p.most == 1 {
		return 1, nil
	}
	strips, err := l.column(l.widthMM).pageStrips(p)
	return len(paginate(strips, fullPage)), err
}

// joined returns two pages as one, nil where they do not fit or both are higher
// than a part of a page.
func (l *layout) joined(a, b *leaf, part float64) (*leaf, error) {
	if a.most > 1 || b.most > 1 {
		return nil, nil
	}
	l.plan = plan{rows: rowLimits[0], stretch: 0.6}
	short := false
	for _, p := range []*leaf{a, b} {
		strips, err := l.pageTry(p)
		if err != nil {
			return nil, err
		}
		short = short || height(strips) <= part*fullPage
	}
	both := *a
	both.sections = append(slices.Clone(a.sections), b.sections...)
	l.plan.stretch = 0
	strips, err := l.pageTry(&both)
	if err != nil || !short || height(strips) > fullPage {
		return nil, err
	}
	return &both, nil
}
