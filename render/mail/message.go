package mail

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"duepack/render"
)

// Envelope is whom one mail goes to, and what tells it from others.
type Envelope struct {
	From, To  *mail.Address
	ID        string    // Message-ID without its angle brackets
	Date      time.Time // the same each time the mail is tried
	MostBytes int64     // size the mail may have as it is sent; 0: any
	// Replaces says that the recipient was sent another pack of the same date
	// before; ReplacesID is the Message-ID of that mail.
	Replaces   bool
	ReplacesID string
}

// File is a file of the pack to attach.
type File struct {
	Attachment
	Data []byte
}

// ErrTooLarge says that a mail is larger than the server takes even without
// its attachments.
var ErrTooLarge = errors.New("the mail is larger than the server takes even without its attachments")

// ParseAddress reads one mail address, with or without a name before it. Line
// breaks and other controls are refused, because they could end a header; so are letters
// outside ASCII, which many servers still refuse.
func ParseAddress(text string) (*mail.Address, error) {
	text = strings.TrimSpace(text)
	for _, r := range text {
		if r < ' ' || r == 0x7f {
			return nil, fmt.Errorf("%q is not a mail address: it has a line break or another control character", text)
		}
	}
	address, err := mail.ParseAddress(text)
	if err != nil {
		return nil, fmt.Errorf("%q is not a mail address", text)
	}
	local, domain, _ := strings.Cut(address.Address, "@")
	if strings.ContainsAny(address.Address, " \t<>()\"\\,;:") || local == "" || strings.Contains(domain, "@") {
		return nil, fmt.Errorf("%q is not a mail address", text)
	}
	for _, r := range address.Address {
		if r > '~' {
			return nil, fmt.Errorf("%q is not a mail address of ASCII letters", text)
		}
	}
	return address, nil
}

// ID returns the Message-ID of the mail of a pack to an address: the same for
// the same two, so that a mailbox can drop a mail that had to be sent again.
func ID(packHash, address, from string) string {
	sum := sha256.Sum256([]byte(packHash + "\n" + address))
	_, domain, _ := strings.Cut(from, "@")
	return hex.EncodeToString(sum[:16]) + "@" + cmp.Or(domain, "duepack.invalid")
}

// Message returns the mail of a letter as it is sent. Attachments that do not fit are
// named in the body and left out, the largest first. The error is ErrTooLarge,
// or one of addresses that cannot be written.
func (l *Letter) Message(w *render.Words, files []File, e Envelope) ([]byte, error) {
	var tooLarge []File
	for {
		out, err := l.compose(w, files, tooLarge, e)
		if err != nil || e.MostBytes <= 0 || int64(len(out)) <= e.MostBytes {
			return out, err
		}
		if len(files) == 0 {
			return nil, ErrTooLarge
		}
		largest := 0
		for i := range files {
			if len(files[i].Data) > len(files[largest].Data) {
				largest = i
			}
		}
		tooLarge = append(tooLarge, files[largest])
		files = slices.Delete(slices.Clone(files), largest, largest+1)
	}
}

// compose makes the mail with these attachments, naming those left out.
func (l *Letter) compose(w *render.Words, files, tooLarge []File, e Envelope) ([]byte, error) {
	lines := l.lines(w, files, tooLarge, e)
	end, err := execute("foot", foot{Lines: lines, Foot: w.Text("mail.foot", e.From.Address)})
	if err != nil {
		return nil, err
	}
	subject := l.Subject
	if e.Replaces {
		subject = w.Text("mail.corrected_subject", subject)
	}
	m, err := newMessage(e, subject)
	if err != nil {
		return nil, err
	}
	m.SetBodyString(gomail.TypeTextPlain, l.Text+"\n"+strings.Join(append(lines, "", w.Text("mail.foot", e.From.Address)), "\n")+"\n")
	m.AddAlternativeString(gomail.TypeTextHTML, l.HTML+end)
	for i, p := range l.Pictures {
		m.EmbedReadSeeker(fmt.Sprintf("chart%d.png", i+1), bytes.NewReader(p.PNG), gomail.WithFileContentType("image/png"), gomail.WithFileContentID(p.ID))
	}
	for _, f := range files {
		m.AttachReadSeeker(f.Name, bytes.NewReader(f.Data), gomail.WithFileContentType(contentType(f.Name)))
	}
	var out bytes.Buffer
	_, err = m.WriteTo(&out)
	return sameBoundaries(out.Bytes(), e.ID), err
}

// boundary is how a part says what stands between its own parts.
var boundary = regexp.MustCompile(`multipart/[a-z]+;\r\n boundary=([0-9a-f]{60})\r\n`)

// sameBoundaries puts boundaries that follow from the Message-ID in the place of
// random ones of the same length, so that a mail that is sent again has the same bytes. No
// text can guess them: the id follows from the hash of the pack that holds the text.
func sameBoundaries(data []byte, id string) []byte {
	for i, found := range boundary.FindAllSubmatch(data, -1) {
		sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", id, i))
		random := bytes.Clone(found[1])
		data = bytes.ReplaceAll(data, random, []byte(hex.EncodeToString(sum[:])[:len(random)]))
	}
	return data
}

// lines say what is attached, what is not, and which pack this one replaces.
func (l *Letter) lines(w *render.Words, files, tooLarge []File, e Envelope) []string {
	var lines []string
	if e.Replaces {
		lines = append(lines, w.Text("mail.corrected"))
	}
	names := func(list []File) string {
		texts := make([]string, len(list))
		for i, f := range list {
			texts[i] = w.Text("mail.file", f.Name, size(w, len(f.Data)))
		}
		return strings.Join(texts, ", ")
	}
	if len(files) > 0 {
		lines = append(lines, w.Text("mail.attached", names(files)))
	}
	if len(tooLarge) > 0 {
		lines = append(lines, w.Text("mail.too_large", names(tooLarge)))
	}
	return lines
}

// size writes a number of bytes in thousands, as file managers do.
func size(w *render.Words, bytes int) string {
	return w.Text("mail.kilobytes", w.Count((bytes+999)/1000))
}

// newMessage returns a mail with its headers.
func newMessage(e Envelope, subject string) (*gomail.Msg, error) {
	for _, a := range []*mail.Address{e.From, e.To} {
		if _, err := ParseAddress(a.Address); err != nil {
			return nil, err
		}
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(&mail.Address{Name: header(e.From.Name), Address: e.From.Address})
	m.AddToMailAddress(&mail.Address{Name: header(e.To.Name), Address: e.To.Address})
	m.Subject(header(subject))
	m.SetMessageIDWithValue(e.ID)
	m.SetDateWithValue(e.Date)
	// Programs that answer by themselves shall not answer this one (RFC 3834).
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetGenHeader("X-Auto-Response-Suppress", "All")
	if e.ReplacesID != "" {
		m.SetGenHeader("In-Reply-To", "<"+e.ReplacesID+">")
		m.SetGenHeader("References", "<"+e.ReplacesID+">")
	}
	return m, nil
}

// header returns a text fit for a header: names come from the ledger, and a
// line break in one would begin a header of its own.
func header(text string) string {
	return strings.Join(strings.Fields(render.Clean(strings.ToValidUTF8(text, "\uFFFD"))), " ")
}

func contentType(name string) gomail.ContentType {
	for suffix, kind := range map[string]gomail.ContentType{
		".pdf": "application/pdf", ".csv": "text/csv; charset=utf-8",
		".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	} {
		if strings.HasSuffix(name, suffix) {
			return kind
		}
	}
	return "application/octet-stream"
}

// ASCIIName returns a file name that every program can carry: stem and id with
// everything but letters and digits of ASCII left out.
func ASCIIName(stem, id, extension string) string {
	kept := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r == '-' || r == '_' {
			return r
		}
		return -1
	}, id)
	if kept != "" {
		stem += "-" + kept[:min(len(kept), 40)]
	}
	return stem + extension
}

// Plain returns a mail of text alone, as those about a run that failed.
func Plain(subject, text string, e Envelope) ([]byte, error) {
	m, err := newMessage(e, subject)
	if err != nil {
		return nil, err
	}
	m.SetBodyString(gomail.TypeTextPlain, text)
	var out bytes.Buffer
	_, err = m.WriteTo(&out)
	return out.Bytes(), err
}
