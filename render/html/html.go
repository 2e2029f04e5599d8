// Package html writes index.html: one self-contained page that opens offline
// and makes no request. Its charts are drawn by the embedded charting library
// from the options of package chart; every chart's numbers stand below it as a
// table, so that the page is complete without a script.
//
// Nothing in the data can become markup or script: every text goes through
// html/template, options stand in inert script elements with <, > and &
// escaped, and a content security policy names the two scripts by their hash
// and forbids everything else.
package html

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/url"
	"strconv"

	"duepack/analysis"
	"duepack/render"
	"duepack/render/chart"
	"duepack/templates"
)

// policy forbids every request and every script but the page's own two. Styles
// may stand inline: the charts set them on their shapes.
const policy = "default-src 'none'; script-src %s %s; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

// Chart heights in pixels: of an upright chart, and of a lying one per label
// and around the labels.
const (
	uprightHeight   = 320
	rowHeight       = 28
	aroundRowHeight = 64
)

// page is what the template is filled with.
type page struct {
	words *render.Words

	Lang, Title, AsOf, Period, Currency string
	Kind                                string // what the page is, where the title is the book's name
	Policy                              string
	CSS                                 template.CSS
	ECharts, Script                     template.JS
	Contents                            []link
	Groups                              []group
	Sections                            []section
	Documents                           *documents
	Figures                             []subjectFigures
}

// Say returns a text of the wording, for the template.
func (p *page) Say(key string) string { return p.words.Text(key) }

type link struct {
	Href  template.URL
	Title string
}

// to returns the address of an anchor on the page.
func to(anchor string) template.URL {
	return template.URL((&url.URL{Fragment: anchor}).String())
}

// group is a folded part of the contents: the sections of the subjects of one
// level.
type group struct {
	Title    string
	Contents []link
}

type section struct {
	Anchor, Title string
	Blocks        []block
}

// block is one of its fields, and the aging rule where the block needs it.
type block struct {
	Tiles []tile
	Table *table
	Chart *chartView
	Note  *note
	Rule  string
}

type tile struct{ ID, Label, Value, Unit, Reason string }

type note struct {
	Text  string
	Alarm bool
}

type chartView struct {
	ID, Title string
	Height    int
	Option    template.JS
	Numbers   *table
}

// Pack returns index.html. The same pack and words give the same bytes.
func Pack(p *analysis.Pack, w *render.Words) ([]byte, error) {
	b := newBuilder(p, w)
	sections, err := b.sections()
	if err != nil {
		return nil, err
	}
	view := &page{
		words: w, Lang: w.Lang(), Title: b.title(), Policy: fmt.Sprintf(policy, hash(templates.ECharts), hash(templates.Script)),
		AsOf:     w.Text("pack.as_of", p.AsOf.String()),
		Period:   w.Text("pack.period", w.Text("period", p.From.String(), p.To.String())),
		Currency: w.Text("pack.currency", p.BookCurrency().Code),
		CSS:      template.CSS(templates.CSS), ECharts: template.JS(templates.ECharts), Script: template.JS(templates.Script),
		Sections:  sections,
		Documents: b.documents(),
		Figures:   b.allFigures(),
	}
	if b.pack.Book != "" {
		view.Kind = w.Text("pack.title")
	}
	view.Contents, view.Groups = b.contents(view)
	var out bytes.Buffer
	if err := layout.Execute(&out, view); err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	return out.Bytes(), nil
}

var layout = template.Must(template.New("page").Parse(templates.Page))

// hash returns the source expression by which a policy allows a script.
func hash(script string) string {
	sum := sha256.Sum256([]byte(script))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// builder turns a pack into the page's view.
type builder struct {
	pack     *analysis.Pack
	words    *render.Words
	subjects map[string]*analysis.Subject // by path
	shown    []int                        // customers with their documents on the page, in order
	targets  map[string]bool              // subject paths that links may lead to
	used     map[string]bool              // figure ids that are anchors already
	charts   int
}

func newBuilder(p *analysis.Pack, w *render.Words) *builder {
	b := &builder{pack: p, words: w, subjects: map[string]*analysis.Subject{}, targets: map[string]bool{}, used: map[string]bool{}}
	for _, s := range p.Subjects() {
		b.subjects[s.Path()] = s
	}
	b.shown = shownCustomers(p)
	for _, c := range b.shown {
		b.targets[p.Customers[c].Path()] = true
	}
	for i := range p.Sections {
		if p.Sections[i].Subject != "" {
			b.targets[p.Sections[i].Subject] = true
		}
	}
	return b
}

// title is the name of the book, else what the page is.
func (b *builder) title() string {
	if b.pack.Book != "" {
		return render.Clean(b.pack.Book)
	}
	return b.words.Text("pack.title")
}

// contents lists the sections; those about one subject are folded by level.
func (b *builder) contents(view *page) ([]link, []group) {
	var list []link
	var groups []group
	for i := range view.Sections {
		s := &b.pack.Sections[i]
		anchor := to(view.Sections[i].Anchor)
		subject := b.subjects[s.Subject]
		if subject == nil {
			list = append(list, link{anchor, view.Sections[i].Title})
			continue
		}
		title := b.words.Text("level." + levelKey(subject.Level))
		if n := len(groups); n == 0 || groups[n-1].Title != title {
			groups = append(groups, group{Title: title})
		}
		last := &groups[len(groups)-1]
		last.Contents = append(last.Contents, link{anchor, b.words.Subject(subject)})
	}
	if view.Documents != nil {
		list = append(list, link{to("documents"), b.words.Text("pack.drilldown")})
	}
	return append(list, link{to("figures"), b.words.Text("table.figures")}), groups
}

// levelKey names a level in the wording.
func levelKey(level analysis.Level) string {
	return [...]string{"company", "currency", "region", "rep", "customer"}[level]
}

func (b *builder) sections() ([]section, error) {
	list := make([]section, len(b.pack.Sections))
	for i := range b.pack.Sections {
		s := &b.pack.Sections[i]
		list[i] = section{Anchor: render.Anchor(s), Title: b.words.Section(b.pack, s)}
		stated := render.StatesAgingRule(s)
		for _, source := range s.Blocks {
			made, err := b.block(source)
			if err != nil {
				return nil, err
			}
			if !stated && render.ShowsBuckets(source) {
				made.Rule = b.words.AgingRule(b.pack)
			}
			list[i].Blocks = append(list[i].Blocks, made)
		}
	}
	return list, nil
}

func (b *builder) block(source analysis.Block) (block, error) {
	switch {
	case source.Figures != nil:
		return block{Tiles: b.tiles(source.Figures)}, nil
	case source.Table != nil:
		return block{Table: b.table(source.Table)}, nil
	case source.Chart != nil:
		view, err := b.chart(source.Chart)
		return block{Chart: view}, err
	case source.Note != nil:
		return block{Note: &note{Text: b.words.Note(b.pack, source.Note), Alarm: source.Note.Alarm}}, nil
	}
	return block{}, nil
}

// anchor returns a figure id the first time it is asked for, and "" after: an
// id stands once in a page.
func (b *builder) anchor(figure string) string {
	if figure == "" || b.used[figure] {
		return ""
	}
	b.used[figure] = true
	return figure
}

func (b *builder) tiles(f *analysis.FigureBlock) []tile {
	s := b.subjects[f.Subject]
	if s == nil {
		return nil
	}
	cur := b.pack.Currencies[s.Currency]
	tiles := make([]tile, 0, len(f.IDs))
	for _, id := range f.IDs {
		v := s.Value(id)
		t := tile{ID: b.anchor(s.Path() + "/" + id.Def().Key), Label: b.words.Label(b.pack, id), Value: b.words.Value(v, cur)}
		if v.IsAbsent() {
			t.Reason = b.words.Reason(v.Absent)
		} else {
			t.Unit = b.words.Unit(v, cur)
		}
		tiles = append(tiles, t)
	}
	return tiles
}

func (b *builder) chart(c *analysis.Chart) (*chartView, error) {
	option, err := chart.Option(c, b.words, b.pack)
	if err != nil {
		return nil, err
	}
	b.charts++
	view := &chartView{ID: "chart-" + strconv.Itoa(b.charts), Title: b.words.Chart(b.pack, c), Height: uprightHeight,
		Option: template.JS(option)} // json.Marshal has escaped <, > and &
	if c.Kind == analysis.RowsChart {
		view.Height = aroundRowHeight + rowHeight*len(c.Labels)
	}
	view.Numbers = b.chartNumbers(c)
	return view, nil
}
