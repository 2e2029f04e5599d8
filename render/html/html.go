// Package html writes index.html: one self-contained page that opens offline
// and makes no request. Its charts are drawn by the embedded charting library
// from the options of package chart; every chart's numbers stand below it as a
// table, so that the page is complete without a script. With one, tables sort,
// filter and page, reps and customers have views of their own, and a search
// finds them.
//
// Nothing in the data can become markup or script: every text goes through
// html/template or markup, which escape it; options stand in inert script
// elements with <, > and & escaped; a content security policy names the two
// scripts and the stylesheet by their hash and forbids everything else.
package html

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"maps"
	"net/url"
	"strconv"
	"sync"

	"duepack/analysis"
	"duepack/render"
	"duepack/render/chart"
	"duepack/templates"
)

// policy forbids every request and every script and style but the page's own.
// Charts may set styles on their shapes.
const policy = "default-src 'none'; script-src %s %s; style-src %s; style-src-attr 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

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
	ECharts, Script, Says               template.JS
	Contents                            []link
	Groups                              []group
	Book                                []section // about the whole book
	Customers                           *customers
	Figures                             []subjectFigures
	Subjects                            []section // each about one subject
	Views                               []customer
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

// section is a section of the pack. Label says what it is about; Title is
// what it found, where it says so, else the same.
type section struct {
	Kind                 string // level of the subject it is about, or ""
	Anchor, Label, Title string
	Blocks               []block
	Figures              *table // all figures of the subject, where it has one
}

// block is one of its fields, and the aging rule where the block needs it.
type block struct {
	Tiles   []tile // with their change and trend
	Figures []tile // with their value alone
	Table   *table
	Chart   *chartView
	Note    *note
	List    *list
	Rule    string
}

type note struct {
	Text        string
	Alarm, Good bool
}

// list is notes under one heading.
type list struct {
	Title string
	Items []note
}

// chartView is a chart: its title, and the option that draws it and says what
// is shown.
type chartView struct {
	ID, Title    string
	Height       int
	Option       template.JS
	NumbersLabel string
	Numbers      *table
}

// mostBytes is what the page may weigh: what mail and a phone carry. Views of
// customers give way.
const mostBytes = 2_900_000

// Pack returns index.html. The same pack and words give the same bytes.
func Pack(p *analysis.Pack, w *render.Words) ([]byte, error) {
	b := newBuilder(p, w)
	b.makeViews()
	var out bytes.Buffer
	out.Grow(mostBytes + mostBytes/4) // never copied to make room, as most pages are smaller
	for {
		out.Reset()
		if err := b.page(&out); err != nil {
			return nil, fmt.Errorf("page: %w", err)
		}
		views, over := len(b.views), out.Len()-mostBytes
		if over <= 0 || views == 0 {
			return out.Bytes(), nil
		}
		b.keepViews(max(0, views-1-over*views/b.viewBytes()))
	}
}

// page writes the page.
func (b *builder) page(out io.Writer) error {
	p, w := b.pack, b.words
	view := &page{
		words: w, Lang: w.Lang(), Title: b.title(), Policy: pagePolicy(),
		AsOf:     w.Text("pack.as_of", p.AsOf.String()),
		Period:   w.Text("pack.period", w.Text("period", p.From.String(), p.To.String())),
		Currency: w.Text("pack.currency", p.BookCurrency().Code),
		CSS:      template.CSS(templates.CSS), ECharts: template.JS(templates.ECharts), Script: template.JS(templates.Script),
	}
	if p.Book != "" {
		view.Kind = w.Text("pack.title")
	}
	said, err := json.Marshal(said(w))
	if err != nil {
		return err
	}
	view.Says = template.JS(said) // json.Marshal has escaped <, > and &
	if err := b.fill(view); err != nil {
		return err
	}
	return layout.Execute(out, view)
}

// pagePolicy is the policy of every page.
var pagePolicy = sync.OnceValue(func() string {
	return fmt.Sprintf(policy, hash(templates.ECharts), hash(templates.Script), hash(templates.CSS))
})

var layout = template.Must(template.New("page").Parse(templates.Page))

// hash returns the source expression by which a policy allows a script or a
// stylesheet.
func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// said returns what the script says, by the last part of its key.
func said(w *render.Words) map[string]string {
	texts := map[string]string{}
	for _, key := range []string{"contents", "search", "search_hint", "search_none", "search_more", "close", "filter", "rows", "all", "previous", "next", "shown", "shown_filtered",
		"customer", "rep", "document", "figure", "theme", "theme_auto", "theme_light", "theme_dark", "back"} {
		texts[key] = w.Text("page.script." + key)
	}
	return texts
}

// builder turns a pack into the page's view.
type builder struct {
	pack     *analysis.Pack
	words    *render.Words
	subjects map[string]*analysis.Subject // by path
	listed   []int                        // customers in the list, in order
	shown    []int                        // customers with a view of their own, in order
	isShown  map[int]bool
	views    []customer // of those shown
	detail   *customerDetail
	targets  map[string]bool // subject paths that links may lead to
	used     map[string]bool // figure ids that are anchors already
	charts   int
}

// newBuilder prepares a page.
func newBuilder(p *analysis.Pack, w *render.Words) *builder {
	b := &builder{pack: p, words: w, subjects: map[string]*analysis.Subject{}, isShown: map[int]bool{}, targets: map[string]bool{}, detail: newCustomerDetail(p)}
	for _, s := range p.Subjects() {
		b.subjects[s.Path()] = s
	}
	b.listed = listedCustomers(p)
	b.shown = shownCustomers(p, b.listed)
	for _, c := range b.listed {
		b.targets[p.Customers[c].Path()] = true
	}
	for i := range p.Sections {
		if p.Sections[i].Subject != "" {
			b.targets[p.Sections[i].Subject] = true
		}
	}
	return b
}

// makeViews makes the views of customers, which are the first that show
// figures: a page with fewer of them has them as they are.
func (b *builder) makeViews() {
	for _, c := range b.shown {
		b.isShown[c] = true
		b.used = map[string]bool{}
		view := b.customer(c)
		view.anchors = b.used
		b.views = append(b.views, view)
	}
}

// keepViews leaves all but so many views out.
func (b *builder) keepViews(n int) {
	for _, c := range b.shown[n:] {
		delete(b.isShown, c)
	}
	b.shown, b.views = b.shown[:n], b.views[:n]
}

// viewBytes is about what the views of customers weigh, at least 1.
func (b *builder) viewBytes() int {
	sum := 1
	for i := range b.views {
		sum += len(b.views[i].Aging) + len(b.views[i].Open) + len(b.views[i].Settled)
	}
	return sum
}

// title is the name of the book, else what the page is.
func (b *builder) title() string {
	if b.pack.Book != "" {
		return render.Clean(b.pack.Book)
	}
	return b.words.Text("pack.title")
}

// fill makes the parts of the page. The first that shows a figure is where the
// figure's id leads to, so those about one subject are made before the others,
// which they follow on the page.
func (b *builder) fill(view *page) error {
	view.Views, b.used, b.charts = b.views, map[string]bool{}, 0
	for i := range b.views {
		maps.Copy(b.used, b.views[i].anchors)
	}
	for i := range b.pack.Sections {
		if s := &b.pack.Sections[i]; b.subjects[s.Subject] != nil && s.Depth != analysis.InBrief {
			if err := b.addSubject(view, s); err != nil {
				return err
			}
		}
	}
	for i := range b.pack.Sections {
		s := &b.pack.Sections[i]
		if b.subjects[s.Subject] != nil || s.Depth == analysis.InBrief {
			continue
		}
		made, err := b.section(s)
		if err != nil {
			return err
		}
		view.Book = append(view.Book, made)
		view.Contents = append(view.Contents, link{to(made.Anchor), made.Label})
	}
	if view.Customers = b.customerList(); view.Customers != nil {
		view.Contents = append(view.Contents, link{to("customers"), b.words.Text("table.customers")})
	}
	view.Figures = b.allFigures()
	view.Contents = append(view.Contents, link{to("figures"), b.words.Text("table.figures")})
	return nil
}

// addSubject adds the section about one subject, with all its figures.
func (b *builder) addSubject(view *page, s *analysis.Section) error {
	subject := b.subjects[s.Subject]
	made, err := b.section(s)
	if err != nil {
		return err
	}
	made.Kind, made.Figures = levelKey(subject.Level), b.figureTable(subject)
	view.Subjects = append(view.Subjects, made)
	view.addToGroup(b.words.Text("page.group."+levelKey(subject.Level)), link{to(made.Anchor), b.words.Subject(subject)})
	return nil
}

func (p *page) addToGroup(title string, l link) {
	if n := len(p.Groups); n == 0 || p.Groups[n-1].Title != title {
		p.Groups = append(p.Groups, group{Title: title})
	}
	last := &p.Groups[len(p.Groups)-1]
	last.Contents = append(last.Contents, l)
}

// levelKey names a level in the wording.
func levelKey(level analysis.Level) string {
	return [...]string{"company", "currency", "region", "rep", "customer"}[level]
}

func (b *builder) section(s *analysis.Section) (section, error) {
	made := section{Anchor: render.Anchor(s), Label: b.words.SectionLabel(b.pack, s), Title: b.words.Section(b.pack, s)}
	stated := render.StatesAgingRule(s)
	for _, source := range s.Blocks {
		if source.Depth == analysis.InBrief {
			continue
		}
		if source.Note != nil && source.Note.List != "" {
			made.addToList(b.words.Text(source.Note.List), b.note(source.Note))
			continue
		}
		one, err := b.block(source)
		if err != nil {
			return section{}, err
		}
		if !stated && render.ShowsBuckets(source) {
			one.Rule = b.words.AgingRule(b.pack)
			stated = true
		}
		made.Blocks = append(made.Blocks, one)
	}
	return made, nil
}

// addToList adds a note to the list that the section ends with, or begins one.
func (s *section) addToList(title string, n note) {
	if k := len(s.Blocks); k == 0 || s.Blocks[k-1].List == nil || s.Blocks[k-1].List.Title != title {
		s.Blocks = append(s.Blocks, block{List: &list{Title: title}})
	}
	last := s.Blocks[len(s.Blocks)-1].List
	last.Items = append(last.Items, n)
}

func (b *builder) note(n *analysis.Note) note {
	return note{Text: b.words.Note(b.pack, n), Alarm: n.Alarm, Good: n.Good}
}

func (b *builder) block(source analysis.Block) (block, error) {
	switch {
	case source.Figures != nil:
		return b.figures(source.Figures), nil
	case source.Table != nil:
		return block{Table: b.table(source.Table)}, nil
	case source.Chart != nil:
		view, err := b.chart(source.Chart)
		return block{Chart: view}, err
	case source.Note != nil:
		made := b.note(source.Note)
		return block{Note: &made}, nil
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
	view.NumbersLabel, view.Numbers = b.words.Text("pack.chart_numbers"), b.chartNumbers(c)
	return view, nil
}

// subjectFigures lists every figure of one subject.
type subjectFigures struct {
	Anchor, Name string
	Table        *table
}

// allFigures lists every figure of the company and of each currency and
// region, so that each has a place on the page that its id leads to. A subject
// with a section of its own has them there; of reps beyond those with a page the workbook has them.
func (b *builder) allFigures() []subjectFigures {
	own, repPages := map[string]bool{}, false
	for i := range b.pack.Sections {
		own[b.pack.Sections[i].Subject] = true
		repPages = repPages || b.pack.Sections[i].ID == "rep"
	}
	var all []subjectFigures
	for _, s := range b.pack.Subjects() {
		if s.Level == analysis.CustomerLevel || own[s.Path()] || s.Level == analysis.RepLevel && repPages {
			continue // of more reps than have a page, the rest is in the workbook
		}
		name := b.words.Text("level." + levelKey(s.Level))
		if s.Level != analysis.CompanyLevel {
			name += ": " + b.words.Subject(s)
		}
		figures, keys := b.figureTable(s), b.figureKeys(s)
		for i := range figures.Body { // one that is shown above is linked to
			if value := &figures.Body[i].Cells[1]; value.ID == "" {
				value.Link = s.Path() + "/" + keys[i]
			}
		}
		all = append(all, subjectFigures{Anchor: "figures/" + s.Path(), Name: name, Table: figures})
	}
	return all
}

// figureKeys are the last parts of the ids of a subject's figures, in order.
func (b *builder) figureKeys(s *analysis.Subject) []string {
	var keys []string
	for i := range b.pack.Buckets {
		keys = append(keys, "aging/"+b.pack.Buckets[i].ID)
	}
	for _, id := range analysis.Figures() {
		if s.Has(id) {
			keys = append(keys, id.Def().Key)
		}
	}
	return keys
}

// figureTable lists every figure of a subject, in the order of figureKeys.
func (b *builder) figureTable(s *analysis.Subject) *table {
	source := &analysis.Table{ID: "figures", Columns: []analysis.Column{{Key: "figure", Wide: true}, {Key: "value", Right: true}, {Key: "unit"}, {Key: "reason"}}}
	cur := b.pack.Currencies[s.Currency]
	add := func(label analysis.Cell, v analysis.Value, figure string) {
		why := ""
		if v.IsAbsent() {
			why = b.words.Reason(v.Absent)
		}
		source.Rows = append(source.Rows, analysis.Row{Cells: []analysis.Cell{label,
			{Value: &v, Currency: s.Currency, Figure: s.Path() + "/" + figure}, {Text: b.words.Unit(v, cur)}, {Text: why}}})
	}
	for i, bucket := range b.pack.Buckets {
		add(analysis.Cell{Bucket: bucket.ID}, analysis.Value{Unit: analysis.Money, Minor: s.Aging[i]}, "aging/"+bucket.ID)
	}
	for _, id := range analysis.Figures() {
		if s.Has(id) {
			add(analysis.Cell{Text: b.words.Label(b.pack, id)}, s.Value(id), id.Def().Key)
		}
	}
	view := b.table(source)
	view.Sort = false // its rows count in different units
	view.Title = b.words.Subject(s)
	return view
}
