package main

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"os"
	"slices"
	"strings"
	"time"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/delivery"
	"duepack/render"
	"duepack/render/mail"
	"duepack/render/packdir"
)

// addressee is somebody a pack is sent to.
type addressee struct {
	role    mail.Role
	rep     string // id, of a letter to a rep
	name    string // of the rep
	lang    string
	address *netmail.Address
	refuse  string // why the address in the Reps sheet is none
	label   string // without an address: executives[0], reps/R07
}

// key names the addressee in the outbox.
func (a *addressee) key() string {
	to := ""
	if a.address != nil {
		to = " " + strings.ToLower(a.address.Address)
	}
	if a.rep != "" {
		return string(a.role) + " " + a.rep + to
	}
	return string(a.role) + to
}

// repAddress is a rep and the address the Reps sheet has for it.
type repAddress struct{ id, name, address string }

// addressees lists everybody a pack is sent to, each once: those of the config,
// and the reps of the pack.
func (s *settings) addressees(reps []repAddress, lang string) []addressee {
	var list []addressee
	for i, r := range s.mail.executives.value {
		list = append(list, addressee{role: mail.Executive, lang: cmp.Or(r.lang, lang), address: r.address, label: fmt.Sprintf("executives[%d]", i)})
	}
	for i, r := range s.mail.accountants.value {
		list = append(list, addressee{role: mail.Accountant, lang: cmp.Or(r.lang, lang), address: r.address, label: fmt.Sprintf("accountants[%d]", i)})
	}
	for _, rep := range reps {
		if one, ok := s.repAddressee(rep, lang); ok {
			list = append(list, one)
		}
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(list, func(a addressee) bool {
		again := seen[a.key()]
		seen[a.key()] = true
		return again
	})
}

// repAddressee returns where the page of a rep goes: to the address of the config,
// else that of the Reps sheet where the config says so.
func (s *settings) repAddressee(rep repAddress, lang string) (addressee, bool) {
	one := addressee{role: mail.Rep, rep: rep.id, name: rep.name, lang: lang, label: "reps/" + rep.id}
	for _, r := range s.mail.reps.value.list {
		if r.rep == rep.id {
			one.lang, one.address = cmp.Or(r.lang, one.lang), cmp.Or(r.address, one.address)
		}
	}
	if one.address != nil {
		return one, true
	}
	text := strings.TrimSpace(rep.address)
	if !s.mail.reps.value.sheet || text == "" {
		return one, false
	}
	address, err := mail.ParseAddress(text)
	if err != nil {
		one.refuse = "the Reps sheet: " + err.Error()
		return one, true
	}
	if address.Name == "" {
		address.Name = rep.name
	}
	one.address = address
	return one, true
}

// sheetAddresses returns the reps of a pack with the addresses of the Reps
// sheet. Reps that the config names and the book does not know are an error.
func (s *settings) sheetAddresses(l *ledger.Ledger, p *analysis.Pack, w *render.Words) ([]repAddress, error) {
	known := make([]string, len(l.Reps))
	addresses := map[string]string{}
	for i, rep := range l.Reps {
		known[i], addresses[rep.ID] = rep.ID, rep.Email
	}
	for _, r := range s.mail.reps.value.list {
		if !slices.Contains(known, r.rep) {
			return nil, &settingError{r.place, "unknown-rep", fmt.Sprintf("the book has no rep %q", r.rep), hintNearest(r.rep, known)}
		}
	}
	var reps []repAddress
	for i := range p.Reps {
		if id := p.Reps[i].ID; id != ledger.Unassigned {
			reps = append(reps, repAddress{id, w.Subject(&p.Reps[i]), addresses[id]})
		}
	}
	return reps, nil
}

// letters lists the letters a pack needs for those it is sent to.
func (b *book) letters(p *analysis.Pack) ([]packdir.Letter, error) {
	s := b.settings
	if !s.wantsMail() {
		return nil, nil
	}
	if err := s.checkAttachments(); err != nil { // close has refused it by now
		if !b.quiet {
			b.app.logf("note: the pack cannot be mailed: %v", err)
		}
		return nil, nil
	}
	reps, err := s.sheetAddresses(b.result.Ledger, p, b.words)
	if err != nil {
		return nil, err
	}
	b.notePageless(p)
	var letters []packdir.Letter
	for _, a := range s.addressees(reps, s.language.value) {
		letter := packdir.Letter{Role: a.role}
		if letter.Words, err = render.New(a.lang); err != nil {
			return nil, err
		}
		if a.role == mail.Rep {
			letter.Rep = slices.IndexFunc(p.Reps, func(r analysis.Subject) bool { return r.ID == a.rep })
			letter.Address = reps[slices.IndexFunc(reps, func(r repAddress) bool { return r.id == a.rep })].address
		}
		letters = append(letters, letter)
	}
	return letters, nil
}

// notePageless says that a book has more reps than pages: those without one get
// no mail either.
func (b *book) notePageless(p *analysis.Pack) {
	pages := 0
	for i := range p.Sections {
		if p.Sections[i].ID == "rep" {
			pages++
		}
	}
	if s := b.settings; pages > 0 && pages < len(p.Reps) && (s.mail.reps.value.sheet || len(s.mail.reps.value.list) > 0) && !b.quiet {
		b.app.logf("note: of %d reps, the %d that are owed most have a page and get a mail", len(p.Reps), pages)
	}
}

// checkAttachments refuses formats that leave out what the mails attach.
func (s *settings) checkAttachments() error {
	for _, need := range []struct {
		wanted      bool
		key, format string
	}{
		{len(s.mail.executives.value) > 0, "mail.executives", packdir.PDF},
		{len(s.mail.reps.value.list) > 0 || s.mail.reps.value.sheet, "mail.reps", packdir.PDF},
		{len(s.mail.accountants.value) > 0, "mail.accountants", packdir.XLSX},
	} {
		if need.wanted && !slices.Contains(s.formats.value, need.format) {
			return scalar{place: cmp.Or(s.formats.from.detail, "output.formats")}.bad("no-attachment", "%s needs the format %s, which is not among %s", need.key, need.format, strings.Join(s.formats.value, ", "))
		}
	}
	return nil
}

// mailing is how mails leave.
type mailing struct {
	from      *netmail.Address
	mostBytes int64
	retry     []time.Duration
	signer    *delivery.Signer // nil: mails are not signed
	open      func(context.Context) (delivery.Transport, error)
}

// mailing checks what the config says under mail as a whole.
func (a *app) mailing(s *settings) (*mailing, error) {
	m := &s.mail
	switch {
	case m.from.value == nil:
		return nil, usage("no sender: give mail.from in the config, as \"Close <close@example.com>\"")
	case m.host.value == "" && m.folder.value == "":
		return nil, usage("no way out: give mail.smtp.host, or mail.folder for .eml files, in the config")
	case m.host.value != "" && m.folder.value != "":
		return nil, scalar{place: m.folder.from.detail}.bad("two-ways-out", "mail.folder and mail.smtp.host are both given: drop one")
	case !s.wantsMail():
		return nil, usage("nobody to send to: give mail.executives, mail.accountants or mail.reps in the config")
	}
	out := &mailing{from: m.from.value, mostBytes: m.mostBytes.value, retry: m.retry.value}
	var err error
	if out.signer, err = m.dkimSigner(); err != nil {
		return nil, err
	}
	if m.folder.value != "" {
		out.open = func(context.Context) (delivery.Transport, error) { return delivery.OpenFolder(m.folder.value) }
		return out, nil
	}
	server, err := a.server(m)
	if err != nil {
		return nil, err
	}
	out.open = server.Dial
	return out, nil
}

// server returns the server of the config with the user and the password of the
// environment or of the file with both.
func (a *app) server(m *mailSettings) (*delivery.Server, error) {
	server := &delivery.Server{Host: m.host.value, Port: m.port.value, Security: m.security.value, Hello: m.hello.value,
		From: m.from.value.Address, Timeout: m.timeout.value, MostBytes: m.mostBytes.value}
	if server.Hello == "" {
		_, server.Hello, _ = strings.Cut(server.From, "@")
	}
	var err error
	if server.User, server.Password, err = a.credentials(m); err != nil {
		return nil, err
	}
	if server.Security == delivery.Plain && !isLoopback(server.Host) {
		return nil, scalar{place: m.security.from.detail}.bad("bad-tls", "tls: none is for a server on this machine only (want starttls or implicit)")
	}
	if server.Security == delivery.Plain && server.User != "" {
		return nil, scalar{place: m.security.from.detail}.bad("bad-tls", "a password is not sent without TLS (want starttls or implicit)")
	}
	if m.roots.value != "" {
		pem, err := os.ReadFile(m.roots.value)
		if err != nil {
			return nil, cannotRead(m.roots.value, err)
		}
		server.Roots = x509.NewCertPool()
		if !server.Roots.AppendCertsFromPEM(pem) {
			return nil, usage("%s holds no certificate in PEM", m.roots.value)
		}
	}
	return server, nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// dkimSigner returns what signs mails; nil without mail.dkim. A signature of a
// domain that is not the sender's is worth nothing to who receives it (DMARC).
func (m *mailSettings) dkimSigner() (*delivery.Signer, error) {
	domain, selector, path := m.dkimDomain, m.selector.value, m.keyFile.value
	if domain.value == "" && selector == "" && path == "" {
		return nil, nil
	}
	if domain.value == "" || selector == "" || path == "" {
		return nil, usage("mail.dkim wants all three: domain, selector and key_file")
	}
	_, from, _ := strings.Cut(strings.ToLower(m.from.value.Address), "@")
	if !strings.HasSuffix("."+from, "."+domain.value) && !strings.HasSuffix("."+domain.value, "."+from) {
		return nil, scalar{place: domain.from.detail}.bad("bad-domain", "mails from @%s cannot be signed for %s (want the sender's domain)", from, domain.value)
	}
	text, err := readSecret(path)
	if err != nil {
		return nil, err
	}
	key, err := delivery.ParseKey(text)
	if err != nil {
		return nil, usage("%s is not a key for DKIM: %w", path, err)
	}
	return &delivery.Signer{Domain: domain.value, Selector: selector, Key: key}, nil
}

// signed lets compose make a mail of so many bytes (0: any) that the signature
// fits too, and signs it.
func (m *mailing) signed(date time.Time, mostBytes int64, compose func(mostBytes int64) ([]byte, error)) ([]byte, error) {
	if m.signer == nil {
		return compose(mostBytes)
	}
	if mostBytes > 0 {
		mostBytes = max(mostBytes-delivery.SignatureMostBytes, 1)
	}
	text, err := compose(mostBytes)
	if err != nil {
		return nil, err
	}
	return m.signer.Sign(text, date)
}

// othersRead are the permissions by which others than its owner read a file.
const othersRead = 0o077

// credentials returns user and password: of the environment, else of the file
// that mail.smtp.credentials names, which holds them on two lines and is its
// owner's alone.
func (a *app) credentials(m *mailSettings) (user, password string, err error) {
	user, password = a.lookup("smtp-user"), a.lookup("smtp-password")
	if user != "" && password != "" {
		return user, password, nil
	}
	if user != "" || password != "" {
		return "", "", usage("DUEPACK_SMTP_USER and DUEPACK_SMTP_PASSWORD: one is set without the other")
	}
	path := m.credentials.value
	if path == "" {
		return "", "", nil
	}
	text, err := readSecret(path)
	if err != nil {
		return "", "", err
	}
	lines := strings.Split(strings.TrimRight(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n"), "\n")
	if len(lines) != 2 || lines[0] == "" || lines[1] == "" {
		return "", "", usage("%s: want the user on the first line and the password on the second", path)
	}
	return lines[0], lines[1], nil
}

// readSecret reads a file that only its owner may read.
func readSecret(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, cannotRead(path, err)
	}
	if info.Mode().Perm()&othersRead != 0 && os.PathSeparator == '/' {
		return nil, usage("%s: others than its owner may read it (chmod 600 %s)", path, path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, cannotRead(path, err)
	}
	return text, nil
}

// parcels makes the mails of a pack on disk. Everything is read and held against the
// manifest before the first one is sent.
func (s *settings) parcels(w *packdir.Written, box *delivery.Outbox, m *mailing) ([]delivery.Mail, []addressee, error) {
	letters, err := w.Letters()
	if err != nil {
		return nil, nil, usage("%w", err)
	}
	var reps []repAddress
	for _, l := range letters {
		if l.Role == mail.Rep {
			reps = append(reps, repAddress{l.Rep, l.Name, l.Address})
		}
	}
	files := map[string][]byte{}
	people := s.addressees(reps, s.language.value)
	mails := make([]delivery.Mail, len(people))
	for i := range people {
		if mails[i], err = parcel(w, letters, &people[i], box, m, files); err != nil {
			return nil, nil, err
		}
	}
	return mails, people, nil
}

// parcel makes the mail to one addressee; files are those read so far.
func parcel(w *packdir.Written, letters []*mail.Letter, to *addressee, box *delivery.Outbox, m *mailing, files map[string][]byte) (delivery.Mail, error) {
	out := delivery.Mail{Recipient: to.key(), Label: to.label, Refuse: to.refuse}
	if to.refuse != "" {
		return out, nil
	}
	at := slices.IndexFunc(letters, func(l *mail.Letter) bool { return l.Role == to.role && l.Rep == to.rep && l.Lang == to.lang })
	if at < 0 {
		return out, usage("the pack of %s has no letter for %s in %s: it was written with another config (write it again: duepack report)", w.AsOf, to.label, to.lang)
	}
	letter := letters[at]
	words, err := render.New(letter.Lang)
	if err != nil {
		return out, err
	}
	var attached []mail.File
	for _, a := range letter.Attachments {
		if files[a.File] == nil {
			if files[a.File], err = w.File(a.File); err != nil {
				return out, usage("%w", err)
			}
		}
		attached = append(attached, mail.File{Attachment: a, Data: files[a.File]})
	}
	out.To, out.ID = to.address.Address, mail.ID(w.Hash, out.Recipient, m.from.Address)
	envelope := mail.Envelope{From: m.from, To: to.address, ID: out.ID}
	if before, ok := box.Other(w.Hash, out.Recipient); ok {
		envelope.Replaces, envelope.ReplacesID = true, before.MessageID
	}
	out.Compose = func(date time.Time, mostBytes int64) ([]byte, error) {
		if m.mostBytes > 0 && (mostBytes == 0 || m.mostBytes < mostBytes) {
			mostBytes = m.mostBytes
		}
		return m.signed(date, mostBytes, func(mostBytes int64) ([]byte, error) {
			e := envelope
			e.Date, e.MostBytes = date, mostBytes
			return letter.Message(words, attached, e)
		})
	}
	return out, nil
}

// incomplete is the failure of a delivery that did not reach everybody. It
// names nobody: who it was stands in the outbox.
func incomplete(o delivery.Outcome) error {
	if o.Complete() {
		return nil
	}
	all := o.Sent + o.Already + o.Waiting + o.Refused
	var parts []string
	if o.Waiting > 0 {
		parts = append(parts, fmt.Sprintf("%d wait for the next run", o.Waiting))
	}
	if o.Refused > 0 {
		parts = append(parts, fmt.Sprintf("%d were refused for good (mend the address, or try again with --retry-refused)", o.Refused))
	}
	why := ""
	if text := withoutAddress(o.Why); text != "" {
		why = "; " + text
	}
	return &failure{exitIncomplete, fmt.Errorf("the delivery is incomplete: of %s, %s%s", plural(all, "mail"), strings.Join(parts, ", "), why)}
}

// withoutAddress says why a mail is not sent without the words of the server,
// which may hold an address; "" where nothing but those is known.
func withoutAddress(why error) string {
	var reply *delivery.Reply
	var network *net.OpError
	switch {
	case errors.As(why, &reply) && (reply.Stage == "connect" || reply.Stage == "auth"):
		return reply.Error()
	case errors.As(why, &reply):
		return fmt.Sprintf("the server said %d at %s", reply.Code, reply.Stage)
	case errors.As(why, &network):
		return why.Error()
	}
	return ""
}
