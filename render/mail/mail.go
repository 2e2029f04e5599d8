// Package mail writes what a pack is mailed as. A Letter is what a mail to one
// role says, in one language; it is part of the pack, so that what is sent
// later is what was computed, whatever became of the ledger. Message makes a
// letter the mail to one recipient.
//
// A letter about a rep is made from the sections and figures of that rep alone.
package mail

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"duepack/analysis"
	"duepack/render"
)

// Role says why somebody gets a mail, and so what is in it.
type Role string

// The roles.
const (
	Executive  Role = "executive"  // the summary in the body, pack.pdf attached
	Accountant Role = "accountant" // the workbook and the problems of the input attached
	Rep        Role = "rep"        // the page of one rep, and nothing of another
)

// letterSchema names the form of a letter's file.
const letterSchema = "duepack.letter/1"

// Letter is what a mail says, without whom it goes to. It is written into the
// pack as JSON.
type Letter struct {
	Schema string `json:"schema"`
	Role   Role   `json:"role"`
	Lang   string `json:"lang"`
	// Of a rep: the id, the name, and the address in the Reps sheet as it
	// stands there, which may be empty or no address at all.
	Rep     string `json:"rep,omitempty"`
	Name    string `json:"name,omitempty"`
	Address string `json:"address,omitempty"`

	Subject     string       `json:"subject"`
	HTML        string       `json:"html"` // up to the attachments; Message adds the rest
	Text        string       `json:"text"`
	Pictures    []Picture    `json:"pictures"`
	Attachments []Attachment `json:"attachments"`
}

// Picture is a PNG that the HTML shows by its id.
type Picture struct {
	ID  string `json:"id"`
	PNG []byte `json:"png"`
}

// Attachment is a file of the pack, and its name in the mail: ASCII, because
// older programs garble others.
type Attachment struct {
	File string `json:"file"` // with slashes, from the folder of the pack
	Name string `json:"name"`
}

// Parse reads a letter from its file.
func Parse(file []byte) (*Letter, error) {
	var l Letter
	if err := json.Unmarshal(file, &l); err != nil {
		return nil, fmt.Errorf("letter: %w", err)
	}
	if l.Schema != letterSchema {
		return nil, fmt.Errorf("letter: schema %q is not %q", l.Schema, letterSchema)
	}
	return &l, nil
}

// JSON returns the file of a letter. The same letter gives the same bytes.
func (l *Letter) JSON() ([]byte, error) {
	out, err := json.MarshalIndent(l, "", "  ")
	return append(out, '\n'), err
}

// ForCompany returns the letter to executives or accountants.
func ForCompany(p *analysis.Pack, w *render.Words, role Role, attachments []Attachment) (*Letter, error) {
	b := &builder{pack: p, words: w, subject: &p.Company}
	l := &Letter{Role: role, Subject: b.subjectLine(w.Text("pack.title")), Attachments: attachments}
	if role == Accountant {
		b.withProblems = true
	}
	return l, b.write(l)
}

// ForRep returns the letter to a rep, an index into p.Reps, with the address
// that the Reps sheet has for it.
func ForRep(p *analysis.Pack, w *render.Words, rep int, address string, attachments []Attachment) (*Letter, error) {
	subject := &p.Reps[rep]
	b := &builder{pack: p, words: w, subject: subject, path: subject.Path()}
	l := &Letter{Role: Rep, Rep: subject.ID, Name: w.Subject(subject), Address: address,
		Subject: b.subjectLine(w.Text("pack.rep_title", w.Subject(subject))), Attachments: attachments}
	return l, b.write(l)
}

// builder collects what a letter says of one subject.
type builder struct {
	pack         *analysis.Pack
	words        *render.Words
	subject      *analysis.Subject
	path         string // of sections about the subject; "" for the whole book
	withProblems bool
}

// subjectLine names book, what it is and the date.
func (b *builder) subjectLine(what string) string {
	if b.pack.Book != "" {
		what = b.words.Text("mail.subject", render.Clean(b.pack.Book), what)
	}
	return b.words.Text("mail.subject_date", what, b.pack.AsOf.String())
}

// write fills in the body of a letter.
func (b *builder) write(l *Letter) error {
	l.Schema, l.Lang = letterSchema, b.words.Lang()
	if l.Attachments == nil {
		l.Attachments = []Attachment{}
	}
	charts, pictures, err := b.charts()
	if err != nil {
		return err
	}
	l.Pictures = pictures
	view := b.view()
	view.Charts = charts
	if l.HTML, err = execute("head", view); err != nil {
		return err
	}
	l.Text = view.text()
	return nil
}

// sections returns the sections about the subject.
func (b *builder) sections() []*analysis.Section {
	var list []*analysis.Section
	for i := range b.pack.Sections {
		if b.pack.Sections[i].Subject == b.path {
			list = append(list, &b.pack.Sections[i])
		}
	}
	return list
}

// headline is the finding of the first section. A title without a figure in it
// is none: then it is what is open and what of it is overdue.
func (b *builder) headline() string {
	if sections := b.sections(); len(sections) > 0 && sections[0].Title != nil {
		for _, argument := range sections[0].Title.Args {
			if argument.Value != nil {
				return b.words.Section(b.pack, sections[0])
			}
		}
	}
	cur := b.pack.Currencies[b.subject.Currency]
	balance, overdue := b.subject.Value(analysis.Balance), b.subject.Value(analysis.Overdue)
	if balance.IsAbsent() || overdue.IsAbsent() || balance.Minor <= 0 {
		return b.words.Text("mail.headline_open", b.words.Full(balance, cur))
	}
	share := analysis.Value{Unit: analysis.Share, Ratio: big.NewRat(int64(overdue.Minor), int64(balance.Minor))}
	return b.words.Text("mail.headline", b.words.Full(balance, cur), b.words.Full(overdue, cur), b.words.Value(share, cur))
}

// mostTiles is how many figures a mail shows: two rows of three.
const mostTiles = 6

// tiles are the first figures of the subject's blocks of figures, those with a
// value before those without.
func (b *builder) tiles() []tile {
	var ids []analysis.FigureID
	for _, s := range b.sections() {
		for _, block := range s.Blocks {
			if block.Figures == nil || block.Figures.Subject != b.subject.Path() || len(ids) >= mostTiles {
				continue
			}
			for _, id := range block.Figures.IDs {
				if !slices.Contains(ids, id) {
					ids = append(ids, id)
				}
			}
		}
	}
	return b.tilesOf(ids)
}

func (b *builder) tilesOf(ids []analysis.FigureID) []tile {
	cur := b.pack.Currencies[b.subject.Currency]
	var present, absent []tile
	for _, id := range ids {
		v := b.subject.Value(id)
		t := tile{Label: b.words.Label(b.pack, id), Value: b.words.Value(v, cur)}
		if v.IsAbsent() {
			t.Reason = b.words.Reason(v.Absent)
			absent = append(absent, t)
			continue
		}
		t.Unit = b.words.Unit(v, cur)
		present = append(present, t)
	}
	all := append(present, absent...)
	return all[:min(len(all), mostTiles)]
}

// notes are the notes of the first section: those that must not be overlooked
// apart.
func (b *builder) notes() (alarms, notes []string) {
	sections := b.sections()
	if len(sections) == 0 {
		return nil, nil
	}
	for _, block := range sections[0].Blocks {
		switch n := block.Note; {
		case n == nil:
		case n.Alarm:
			alarms = append(alarms, b.words.Note(b.pack, n))
		default:
			notes = append(notes, b.words.Note(b.pack, n))
		}
	}
	return alarms, notes
}

// problems are the problems of the input by code.
func (b *builder) problems() []problem {
	var list []problem
	if !b.withProblems {
		return nil
	}
	for _, e := range b.pack.Exceptions.ByCode {
		list = append(list, problem{e.Code, b.words.Count(e.Count), render.Clean(e.Example)})
	}
	return list
}

// view returns everything but the charts.
func (b *builder) view() *view {
	p, w := b.pack, b.words
	v := &view{Lang: w.Lang(), Headline: b.headline(), Problems: b.problems(), ProblemsTitle: w.Text("table.exceptions")}
	v.Title = w.Text("pack.title")
	if b.path != "" {
		v.Title = w.Text("pack.rep_title", w.Subject(b.subject))
	}
	if p.Book != "" {
		v.Title = w.Text("mail.subject", render.Clean(p.Book), v.Title)
	}
	v.Facts = strings.Join([]string{w.Text("pack.as_of", p.AsOf.String()),
		w.Text("pack.period", w.Text("period", p.From.String(), p.To.String())), w.Text("pack.currency", p.BookCurrency().Code)}, " · ")
	v.Alarms, v.Notes = b.notes()
	tiles := b.tiles()
	for len(tiles) > 0 {
		n := min(3, len(tiles))
		v.Tiles = append(v.Tiles, tiles[:n])
		tiles = tiles[n:]
	}
	return v
}
