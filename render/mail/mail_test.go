package mail

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"image/png"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/render"
	"duepack/render/internal/book"
)

func words(t *testing.T, lang string) *render.Words {
	t.Helper()
	w, err := render.New(lang)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func address(t *testing.T, text string) *netmail.Address {
	t.Helper()
	a, err := ParseAddress(text)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// part is one leaf of a mail, decoded.
type part struct {
	kind, name, id string
	body           []byte
}

// opened decodes a mail as another program would.
func opened(t *testing.T, data []byte) (netmail.Header, []part) {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return m.Header, leaves(t, m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Header.Get("Content-Disposition"), m.Header.Get("Content-Id"), m.Body)
}

func leaves(t *testing.T, contentType, encoding, disposition, id string, body io.Reader) []part {
	t.Helper()
	kind, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatalf("content type %q: %v", contentType, err)
	}
	if strings.HasPrefix(kind, "multipart/") {
		var list []part
		r := multipart.NewReader(body, parameters["boundary"])
		for {
			p, err := r.NextRawPart()
			if errors.Is(err, io.EOF) {
				return list
			}
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, leaves(t, p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p.Header.Get("Content-Disposition"), p.Header.Get("Content-Id"), p)...)
		}
	}
	switch strings.ToLower(encoding) {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	_, names, _ := mime.ParseMediaType(disposition)
	return []part{{kind, names["filename"], strings.Trim(id, "<>"), text}}
}

func envelope(t *testing.T) Envelope {
	return Envelope{From: address(t, "Close <close@example.com>"), To: address(t, "ana@example.com"), ID: "abc@example.com", Date: time.Date(2026, 11, 2, 6, 0, 0, 0, time.UTC)}
}

// company returns the letter to executives of the trading book.
func company(t *testing.T, lang string) *Letter {
	t.Helper()
	l, err := ForCompany(book.Trading(), words(t, lang), Executive, []Attachment{{"pack.pdf", "pack.pdf"}})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// firstFigures returns the first block of figures of the first section.
func firstFigures(p *analysis.Pack) int {
	return slices.IndexFunc(p.Sections[0].Blocks, func(b analysis.Block) bool { return b.Figures != nil })
}

// loads matches what makes a mail fetch something when it is opened.
var loads = regexp.MustCompile(`(?i)(src|href|srcset|background|action)\s*=\s*["']?\s*(https?:)?//|url\(|@import`)

func TestMailHasTextPageTwoPicturesAndItsFiles(t *testing.T) {
	for _, lang := range []string{"en", "zh-CN"} {
		l, w := company(t, lang), words(t, lang)
		data, err := l.Message(w, []File{{l.Attachments[0], []byte("%PDF-1.7")}}, envelope(t))
		if err != nil {
			t.Fatal(err)
		}
		head, parts := opened(t, data)
		var kinds []string
		for _, p := range parts {
			kinds = append(kinds, p.kind)
		}
		if want := []string{"text/plain", "text/html", "image/png", "image/png", "application/pdf"}; !slices.Equal(kinds, want) {
			t.Fatalf("%s: parts %v, want %v", lang, kinds, want)
		}
		if head.Get("Message-Id") != "<abc@example.com>" || head.Get("Date") != "Mon, 02 Nov 2026 06:00:00 +0000" || head.Get("Auto-Submitted") != "auto-generated" {
			t.Errorf("%s: head %v", lang, head)
		}
		p := book.Trading()
		balance := w.Value(p.Company.Value(analysis.Balance), p.BookCurrency())
		for _, body := range parts[:2] {
			for _, want := range []string{balance, w.Label(p, p.Sections[0].Blocks[firstFigures(p)].Figures.IDs[0]), "pack.pdf", w.Text("pack.as_of", "2026-10-31")} {
				if !strings.Contains(string(body.body), want) {
					t.Errorf("%s: %s lacks %q", lang, body.kind, want)
				}
			}
		}
		page := string(parts[1].body)
		if n := strings.Count(page, `width="33%"`); n != 6 {
			t.Errorf("%s: %d tiles, want 6", lang, n)
		}
		for _, picture := range parts[2:4] {
			config, err := png.DecodeConfig(bytes.NewReader(picture.body))
			if err != nil || config.Width != 2*width || !strings.Contains(page, `src="cid:`+picture.id+`"`) {
				t.Errorf("%s: picture %s: %v, %v", lang, picture.id, config, err)
			}
		}
		// A customer's name may hold an address: as text it loads nothing.
		if loads.MatchString(page) || strings.Contains(page, "<script") {
			t.Errorf("%s: the page loads something or runs something", lang)
		}
		for i, line := range bytes.Split(data, []byte("\r\n")) {
			if len(line) > 998 || bytes.ContainsRune(line, '\n') {
				t.Errorf("%s: line %d has %d bytes or a bare line feed (RFC 5322 allows 998)", lang, i, len(line))
			}
		}
	}
}

func TestSameLetterEachTime(t *testing.T) {
	first, err := company(t, "en").JSON()
	if err != nil {
		t.Fatal(err)
	}
	second, err := company(t, "en").JSON()
	if err != nil || !bytes.Equal(first, second) {
		t.Errorf("the letter differs the second time (%v)", err)
	}
	read, err := Parse(first)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := read.JSON(); err != nil || !bytes.Equal(first, again) {
		t.Errorf("a letter that was read is another one (%v)", err)
	}
	for _, bad := range []string{"", "{}", `{"schema":"duepack.letter/9"}`} {
		if _, err := Parse([]byte(bad)); err == nil {
			t.Errorf("%q is a letter", bad)
		}
	}
}

// Each rep's letter holds that rep's customers and none of another rep: the
// customers of the trading book are dealt to three reps in turn.
func TestLetterToARepHoldsNothingOfAnother(t *testing.T) {
	p := book.Trading()
	for i := range p.Reps {
		rep := &p.Reps[i]
		l, err := ForRep(p, words(t, "en"), i, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		data, err := l.Message(words(t, "en"), nil, envelope(t))
		if err != nil {
			t.Fatal(err)
		}
		head, parts := opened(t, data)
		everything := fmt.Sprint(head)
		for _, part := range parts {
			if part.kind != "image/png" {
				everything += string(part.body)
			}
		}
		everything = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&", "&#34;", `"`, "&#39;", "'", "&#43;", "+").Replace(everything)
		own := 0
		for c := range p.Customers {
			customer := &p.Customers[c]
			named := strings.Contains(everything, render.Clean(customer.Name))
			mine := customer.Rep == int32(i) || customer.Rep < 0 && rep.ID == ledger.Unassigned
			if named && !mine {
				t.Errorf("%s reads of %q", rep.ID, customer.Name)
			} else if named {
				own++
			}
		}
		for j := range p.Reps {
			if other := &p.Reps[j]; j != i && strings.Contains(everything, other.Name) {
				t.Errorf("%s reads of rep %q", rep.ID, other.Name)
			}
		}
		if own == 0 {
			t.Errorf("%s reads of none of the own customers: the search finds nothing", rep.ID)
		}
	}
}

// Names from the ledger end up in headers and in the page: none may begin a
// header, close a tag or become a recipient.
func TestNamesComeOutHarmless(t *testing.T) {
	hostile := []string{"x\r\nBcc: all@example.com\nSubject: other", "\"Ana\" <evil@example.com>, <img src=x onerror=alert(1)>", "=?utf-8?q?x?= a\u2028b\x00c \xff\xfe" + strings.Repeat("长", 400)}
	for _, name := range hostile {
		p := book.Trading()
		p.Book, p.Reps[0].Name, p.Reps[0].ID = name, name, name
		for i := range p.Sections {
			if p.Sections[i].Subject == "reps/CON" {
				p.Sections[i].Subject = p.Reps[0].Path()
			}
		}
		l, err := ForRep(p, words(t, "en"), 0, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		e := envelope(t)
		e.To = &netmail.Address{Name: name, Address: "ana@example.com"}
		data, err := l.Message(words(t, "en"), []File{{Attachment{"x", ASCIIName("rep", name, ".pdf")}, []byte("x")}}, e)
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		head, parts := opened(t, data)
		if head.Get("Bcc") != "" || len(head["Subject"]) != 1 || len(head["To"]) != 1 {
			t.Errorf("%q: head %v", name, head)
		}
		to, err := head.AddressList("To")
		if err != nil || len(to) != 1 || to[0].Address != "ana@example.com" {
			t.Errorf("%q: recipients %v, %v", name, to, err)
		}
		if page := string(parts[1].body); strings.Contains(page, "<img src=x") {
			t.Errorf("%q is markup", name)
		}
		for _, part := range parts {
			for _, r := range part.name {
				if r > '~' || r <= ' ' || strings.ContainsRune(`/\"<>`, r) {
					t.Errorf("%q: attachment %q", name, part.name)
				}
			}
		}
	}
}

func TestAddressesAreReadStrictly(t *testing.T) {
	for text, want := range map[string]string{
		"ana@example.com": "ana@example.com", " Ana <ana@example.com> ": "ana@example.com", "\"王 总\" <w@example.com>": "w@example.com", "a+b@sub.example.com": "a+b@sub.example.com",
	} {
		if a, err := ParseAddress(text); err != nil || a.Address != want {
			t.Errorf("%q: %v, %v", text, a, err)
		}
	}
	for _, text := range []string{"", "ana", "ana@", "@example.com", "a@example.com\r\nBcc: b@example.com", "a@example.com\n", "a@example.com, b@example.com",
		"\"a b\"@example.com", "a@b@c", "张@example.com", "a@例子.com", "a@example.com>", "a@example.com\x00"} {
		if strings.HasSuffix(text, "\n") {
			continue // a line break at the end is white space around the address
		}
		if a, err := ParseAddress(text); err == nil {
			t.Errorf("%q is taken for %v", text, a)
		}
	}
}

// By hand: three files of 300,000, 30,000 and 3,000 bytes become 4/3 of that in
// base64, and 2 bytes more per 76; the bodies and the pictures are about 200 kB.
func TestFilesThatDoNotFitAreNamedAndNotSent(t *testing.T) {
	l, w := company(t, "en"), words(t, "en")
	l.Pictures = nil
	files := []File{{Attachment{"a", "small.csv"}, make([]byte, 3_000)}, {Attachment{"b", "large.pdf"}, make([]byte, 300_000)}, {Attachment{"c", "middle.xlsx"}, make([]byte, 30_000)}}
	whole, err := l.Message(w, files, envelope(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		most int64
		left []string
	}{{int64(len(whole)), nil}, {int64(len(whole)) - 1, []string{"large.pdf"}}, {int64(len(whole)) - 420_000, []string{"large.pdf", "middle.xlsx"}}} {
		e := envelope(t)
		e.MostBytes = c.most
		data, err := l.Message(w, files, e)
		if err != nil || int64(len(data)) > c.most {
			t.Fatalf("at most %d: %d bytes, %v", c.most, len(data), err)
		}
		_, parts := opened(t, data)
		for _, f := range files {
			attached := slices.ContainsFunc(parts, func(p part) bool { return p.name == f.Name })
			if left := slices.Contains(c.left, f.Name); attached == left {
				t.Errorf("at most %d: %s is attached: %t", c.most, f.Name, attached)
			}
			for _, body := range parts[:2] {
				if !strings.Contains(string(body.body), f.Name) {
					t.Errorf("at most %d: %s does not name %s", c.most, body.kind, f.Name)
				}
			}
		}
	}
	e := envelope(t)
	e.MostBytes = 500
	if _, err := l.Message(w, files, e); !errors.Is(err, ErrTooLarge) {
		t.Errorf("500 bytes: %v", err)
	}
}

func TestCorrectionSaysSoAndRefersToTheMailBefore(t *testing.T) {
	l, e := company(t, "en"), envelope(t)
	e.Replaces, e.ReplacesID = true, "before@example.com"
	data, err := l.Message(words(t, "en"), nil, e)
	if err != nil {
		t.Fatal(err)
	}
	head, parts := opened(t, data)
	if !strings.HasPrefix(head.Get("Subject"), "Corrected: ") || head.Get("In-Reply-To") != "<before@example.com>" || !strings.Contains(string(parts[0].body), "replaces") {
		t.Errorf("head %v", head)
	}
}

func TestMessageIDHangsOnPackAndRecipient(t *testing.T) {
	id := ID("p1", "executive a@example.com", "close@example.com")
	if id != ID("p1", "executive a@example.com", "close@example.com") || !strings.HasSuffix(id, "@example.com") {
		t.Errorf("id %s", id)
	}
	if id == ID("p2", "executive a@example.com", "close@example.com") || id == ID("p1", "executive b@example.com", "close@example.com") {
		t.Error("two mails have one id")
	}
}

func TestBooksAtTheEdgeHaveLetters(t *testing.T) {
	for name, p := range book.Degenerate() {
		l, err := ForCompany(p, words(t, "zh-CN"), Accountant, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if strings.Contains(l.Text+l.HTML, "[mail.") || strings.Contains(l.Text, "NaN") {
			t.Errorf("%s: %s", name, l.Text)
		}
	}
}

// Whatever is taken for an address stays one line and one recipient in the mail.
func FuzzAddress(f *testing.F) {
	for _, text := range []string{"ana@example.com", "Ana <a@b>", "\"x\\\" y\" <a@b.c>", "a@b\r\nBcc: c@d", "=?utf-8?q?=0D=0ABcc:_x?= <a@b>", "(c) a@b", "<a@b>, <c@d>"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		to, err := ParseAddress(text)
		if err != nil {
			return
		}
		e := Envelope{From: &netmail.Address{Address: "close@example.com"}, To: to, ID: "id@example.com", Date: time.Date(2026, 11, 2, 6, 0, 0, 0, time.UTC)}
		data, err := Plain(text, "text", e)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		m, err := netmail.ReadMessage(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if list, err := m.Header.AddressList("To"); err != nil || len(list) != 1 || list[0].Address != to.Address {
			t.Fatalf("%q: recipients %v, %v", text, list, err)
		}
		for name := range m.Header {
			if !slices.Contains([]string{"From", "To", "Subject", "Date", "Message-Id", "Mime-Version", "Content-Type", "Content-Transfer-Encoding", "Auto-Submitted", "X-Auto-Response-Suppress"}, name) {
				t.Fatalf("%q: header %s", text, name)
			}
		}
	})
}
