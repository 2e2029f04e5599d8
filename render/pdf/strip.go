package pdf

// strip is a horizontal band of a page across the text width: the smallest
// part that is never torn apart.
type strip struct {
	Height float64 // millimetres
	Marks  []mark
	Plots  []plot // charts that are not drawn yet
	// Buckets marks a strip that shows aging buckets: its page states the
	// aging rule (rules §4).
	Buckets bool
	// Keep holds the strip on one page with the next one.
	Keep bool
	// Gap is white space, dropped at the top of a page.
	Gap bool
	// Fresh begins a new page.
	Fresh bool
	// Room is how much of a page must be left for a strip to begin on it: a
	// title without much below it looks lost.
	Room float64
	// Head is repeated at the top of a page that begins with this strip: the
	// head of the table it is a row of.
	Head *strip
}

// space returns an empty strip.
func space(heightMM float64) *strip { return &strip{Height: heightMM, Gap: true} }

// sheet is one page: its strips from top to bottom.
type sheet struct {
	Strips  []*strip
	Buckets bool // one of them shows aging buckets
}

// paginate lays strips on pages of a height. Strips that are kept together
// move on together, unless they would not fit on a page of their own.
func paginate(strips []*strip, height float64) []*sheet {
	p := &paginator{height: height}
	for i := 0; i < len(strips); {
		end := i + 1
		for end < len(strips) && strips[end-1].Keep {
			end++
		}
		p.add(strips[i:end])
		i = end
	}
	p.turn()
	return p.sheets
}

type paginator struct {
	height float64
	sheets []*sheet
	page   sheet
	used   float64
}

// add puts strips that are kept together on the page or on the next one.
func (p *paginator) add(together []*strip) {
	sum := 0.0
	for _, s := range together {
		sum += s.Height
	}
	sum = max(sum, together[0].Room)
	if together[0].Fresh || p.used+sum > p.height && sum <= p.height {
		p.turn()
	}
	for _, s := range together {
		p.put(s)
	}
}

func (p *paginator) put(s *strip) {
	if p.used > 0 && p.used+s.Height > p.height {
		p.turn()
	}
	if p.used == 0 && s.Gap {
		return
	}
	if p.used == 0 && s.Head != nil {
		p.place(s.Head)
	}
	p.place(s)
}

func (p *paginator) place(s *strip) {
	p.page.Strips = append(p.page.Strips, s)
	p.page.Buckets = p.page.Buckets || s.Buckets
	p.used += s.Height
}

// turn ends the page, if there is anything on it.
func (p *paginator) turn() {
	if p.used == 0 {
		return
	}
	done := p.page
	p.sheets = append(p.sheets, &done)
	p.page, p.used = sheet{}, 0
}

// stacked puts strips under each other into one.
func stacked(strips []*strip) *strip {
	out := &strip{}
	for _, s := range strips {
		out.beside(s, 0, out.Height)
		out.Height += s.Height
	}
	return out
}

// beside adds what is on another strip at a place; the height stays.
func (s *strip) beside(other *strip, x, y float64) {
	s.Marks = append(s.Marks, moved(other.Marks, x, y)...)
	for _, p := range other.Plots {
		p.at = point{X: p.at.X + x, Y: p.at.Y + y}
		s.Plots = append(s.Plots, p)
	}
	s.Buckets = s.Buckets || other.Buckets
}
