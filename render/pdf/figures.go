package pdf

import (
	"fmt"
	"strings"

	"duepack/analysis"
)

// figures adds a block of figures: as headlines where it has tiles, else label
// and value of each, and in small type why a value is absent.
func (l *layout) figures(b *analysis.FigureBlock) error {
	if len(b.Tiles) > 0 {
		l.headlines(b)
		return nil
	}
	subject := findSubject(l.pack, b.Subject)
	if subject == nil {
		return fmt.Errorf("pdf: a block of figures is about %q, which the pack does not have", b.Subject)
	}
	list := make([]tile, len(b.IDs))
	for i, id := range b.IDs {
		list[i] = l.fact(l.figureLabel(id), subject.Value(id), l.pack.Currencies[subject.Currency])
	}
	l.tiles(list, factsAcross(len(list)), factPt)
	return nil
}

// figureLabel is the name of a figure, the short one where the full one would
// take more than two lines of a tile.
func (l *layout) figureLabel(id analysis.FigureID) string {
	text := l.words.Label(l.pack, id)
	if l.width(l.plain(text), labelStyle) > 60 {
		return l.words.Short(id)
	}
	return text
}

// factsAcross is how many figures stand side by side: rows are of one length
// where that can be.
func factsAcross(n int) int {
	switch {
	case n <= 4:
		return max(1, n)
	case n%4 == 0, n > 6 && n%3 != 0:
		return 4
	}
	return 3
}

func findSubject(p *analysis.Pack, path string) *analysis.Subject {
	if p.Company.Path() == path {
		return &p.Company
	}
	for _, group := range [][]analysis.Subject{p.ByCurrency, p.Regions, p.Reps, p.Customers} {
		for i := range group {
			if s := &group[i]; strings.HasSuffix(path, s.ID) && s.Path() == path { // the path is a text that is made only where it may be the one
				return s
			}
		}
	}
	return nil
}
