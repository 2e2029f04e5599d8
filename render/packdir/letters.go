package packdir

import (
	"io"
	"path"
	"slices"
	"strings"

	"duepack/analysis"
	"duepack/render"
	"duepack/render/mail"
	"duepack/render/pdf"
	"duepack/render/xlsx"
)

// lettersFolder is where the letters of a pack are: what mails say, made with
// the pack so that nothing else has to be read to send them.
const lettersFolder = "mail"

// Letter asks for a letter to a role in a language. Its attachments are in that
// language too.
type Letter struct {
	Role    mail.Role
	Words   *render.Words
	Rep     int    // index into the pack's reps, for a letter to a rep
	Address string // of that rep in the Reps sheet
}

// lettersOf lists the letters that are asked for, and what they attach in
// other languages than the pack's own. Where a letter would attach what the formats of
// the pack leave out, it goes without.
func lettersOf(p *analysis.Pack, opt Options) []task {
	l := letterTasks{pack: p, opt: opt, names: fileNames(p.Reps)}
	for _, letter := range opt.Letters {
		l.add(letter)
	}
	return l.tasks
}

type letterTasks struct {
	pack  *analysis.Pack
	opt   Options
	names []string // of the reps' files
	tasks []task
}

func (l *letterTasks) add(letter Letter) {
	w, lang := letter.Words, letter.Words.Lang()
	switch letter.Role {
	case mail.Executive:
		attached := l.attach(PDF, "pack", ".pdf", "pack.pdf", w, "", whole(func() ([]byte, error) { return pdf.Pack(l.pack, w) }))
		l.letter(string(letter.Role)+"."+lang, "", func() (*mail.Letter, error) { return mail.ForCompany(l.pack, w, letter.Role, attached) })
	case mail.Accountant:
		attached := l.attach(XLSX, "pack", ".xlsx", "pack.xlsx", w, "", func(out io.Writer) error { return xlsx.Write(out, l.pack, w, l.opt.Problems) })
		attached = append(attached, mail.Attachment{File: exceptionsName, Name: exceptionsName})
		l.letter(string(letter.Role)+"."+lang, "", func() (*mail.Letter, error) { return mail.ForCompany(l.pack, w, letter.Role, attached) })
	case mail.Rep:
		if !hasSections(l.pack, letter.Rep) {
			return
		}
		rep, name := l.pack.Reps[letter.Rep].ID, l.names[letter.Rep]
		attached := l.attach(PDF, "rep."+name, ".pdf", path.Join("reps", name+".pdf"), w, rep, whole(func() ([]byte, error) { return pdf.Rep(l.pack, letter.Rep, w) }))
		for i := range attached {
			attached[i].Name = mail.ASCIIName("rep", rep, ".pdf")
		}
		l.letter("rep."+name+"."+lang, rep, func() (*mail.Letter, error) {
			return mail.ForRep(l.pack, w, letter.Rep, letter.Address, attached)
		})
	}
}

// attach returns the attachment of a format: the pack's own file, or one in the
// letter's language that is made for it. None where the format is not wanted.
func (l *letterTasks) attach(format, stem, extension, own string, w *render.Words, rep string, write func(io.Writer) error) []mail.Attachment {
	if !slices.Contains(l.opt.Formats, format) {
		return nil
	}
	name := own
	if w.Lang() != l.opt.Words.Lang() {
		name = path.Join(lettersFolder, stem+"."+w.Lang()+extension)
		if !slices.ContainsFunc(l.tasks, func(t task) bool { return t.name == name }) {
			l.tasks = append(l.tasks, task{name: name, rep: rep, write: write})
		}
	}
	return []mail.Attachment{{File: name, Name: path.Base(own)}}
}

func (l *letterTasks) letter(stem, rep string, make func() (*mail.Letter, error)) {
	name := path.Join(lettersFolder, stem+".json")
	if slices.ContainsFunc(l.tasks, func(t task) bool { return t.name == name }) {
		return
	}
	l.tasks = append(l.tasks, task{name: name, rep: rep, write: whole(func() ([]byte, error) {
		letter, err := make()
		if err != nil {
			return nil, err
		}
		return letter.JSON()
	})})
}

// isLetter reports whether a file of a pack is a letter.
func isLetter(name string) bool {
	return strings.HasPrefix(name, lettersFolder+"/") && strings.HasSuffix(name, ".json")
}

// hasSections reports whether anything is said about a rep alone: nothing is
// where the book names no rep.
func hasSections(p *analysis.Pack, rep int) bool {
	subject := p.Reps[rep].Path()
	return slices.ContainsFunc(p.Sections, func(s analysis.Section) bool { return s.Subject == subject })
}
