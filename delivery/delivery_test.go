package delivery

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"duepack/delivery/smtptest"
)

// noon is the time of every run here.
var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

func letters(n int) []Mail {
	mails := make([]Mail, n)
	for i := range mails {
		to := fmt.Sprintf("r%d@example.com", i)
		mails[i] = Mail{Recipient: "rep " + to, Label: fmt.Sprintf("reps/%d", i), To: to, ID: fmt.Sprintf("id%d@example.com", i),
			Compose: func(date time.Time, _ int64) ([]byte, error) {
				return []byte(fmt.Sprintf("Message-ID: <id%d@example.com>\r\nDate: %s\r\nSubject: x\r\n\r\nline one\r\nline two of %s\r\n.\r\nend\r\n", i, date.Format(time.RFC1123Z), to)), nil
			}}
	}
	return mails
}

func plain(s *smtptest.Server) Server {
	return Server{Host: s.Host, Port: s.Port, Security: Plain, Hello: "client.test", From: "close@example.com", Timeout: 5 * time.Second}
}

// deliver opens the outbox at path anew, as another run would, and delivers.
func deliver(t *testing.T, path string, server Server, mails []Mail, change func(*Courier)) (Outcome, error) {
	t.Helper()
	box, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	c := &Courier{Pack: "p1", Outbox: box, Open: server.Dial, Now: func() time.Time { return noon }}
	if change != nil {
		change(c)
	}
	return c.Deliver(t.Context(), mails)
}

// counts counts the mails a server took by Message-ID.
func counts(mails []smtptest.Mail) map[string]int {
	n := map[string]int{}
	for _, m := range mails {
		id, _, _ := strings.Cut(strings.TrimPrefix(string(m.Data), "Message-ID: <"), ">")
		n[id]++
	}
	return n
}

func wantOnce(t *testing.T, what string, taken []smtptest.Mail, n, repeats int) {
	t.Helper()
	seen := counts(taken)
	if len(seen) != n {
		t.Errorf("%s: %d recipients have a mail, want %d", what, len(seen), n)
	}
	extra := 0
	for _, times := range seen {
		extra += times - 1
	}
	if extra > repeats {
		t.Errorf("%s: %d mails came more than once, %d may", what, extra, repeats)
	}
}

func TestEverybodyHasOneMailHoweverOftenItIsSent(t *testing.T) {
	s := smtptest.Start(t, smtptest.Options{})
	path := filepath.Join(t.TempDir(), "outbox")
	first, err := deliver(t, path, plain(s), letters(5), nil)
	if err != nil || first != (Outcome{Sent: 5}) {
		t.Fatalf("%+v, %v", first, err)
	}
	again, err := deliver(t, path, plain(s), letters(6), nil)
	if err != nil || again != (Outcome{Sent: 1, Already: 5}) {
		t.Errorf("again: %+v, %v", again, err)
	}
	wantOnce(t, "twice", s.Mails(), 6, 0)
	m := s.Mails()[0]
	if m.From != "close@example.com" || m.To != "r0@example.com" || !bytes.HasSuffix(m.Data, []byte("\r\n.\r\nend\r\n")) || !bytes.Contains(m.Data, []byte("Date: Mon, 02 Nov 2026 12:00:00 +0000")) {
		t.Errorf("mail %+v: %s", m, m.Data)
	}
	other, err := deliver(t, path, plain(s), letters(1), func(c *Courier) { c.Pack = "p2" })
	if err != nil || other.Sent != 1 {
		t.Errorf("another pack: %+v, %v", other, err)
	}
}

// The connection is lost at every command, once: one round later everybody has
// one mail. Where only the answer to the text was lost the mail comes again
// under the same Message-ID.
func TestConnectionLostAtAnyCommand(t *testing.T) {
	for _, command := range []string{"CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "BODY", ".", "RSET", "QUIT"} {
		for _, lost := range []bool{false, true} {
			what := fmt.Sprintf("%s, answer lost: %t", command, lost)
			options := smtptest.Options{Cut: &smtptest.Cut{Command: command, Times: 1, Lost: lost}}
			options.Rcpt = func(to string) error { // so that there is a RSET
				if to == "r1@example.com" {
					return &smtp.SMTPError{Code: 550, Message: "no such user"}
				}
				return nil
			}
			s := smtptest.Start(t, options)
			path := filepath.Join(t.TempDir(), "outbox")
			out, err := deliver(t, path, plain(s), letters(4), func(c *Courier) { c.Retry = []time.Duration{time.Millisecond} })
			if err != nil || out.Sent != 3 || out.Refused != 1 || out.Waiting != 0 {
				t.Errorf("%s: %+v, %v", what, out, err)
			}
			repeats := 0
			if lost && (command == "." || command == "BODY") {
				repeats = 1
			}
			wantOnce(t, what, s.Mails(), 3, repeats)
			s.Stop()
		}
	}
}

func TestServerThatSaysNothingTimesOut(t *testing.T) {
	for _, command := range []string{"EHLO", "RCPT", "."} {
		s := smtptest.Start(t, smtptest.Options{Cut: &smtptest.Cut{Command: command, Times: 9, Silent: true}})
		server := plain(s)
		server.Timeout = 100 * time.Millisecond
		path := filepath.Join(t.TempDir(), "outbox")
		out, err := deliver(t, path, server, letters(2), nil)
		if err != nil || out.Waiting != 2 || !errors.Is(out.Why, errTimeout) {
			t.Errorf("%s: %+v, %v", command, out, err)
		}
		s.Stop()
	}
}

func TestAnswersOf4xxWaitAndOf5xxAreFinal(t *testing.T) {
	tries := map[string]int{}
	options := smtptest.Options{
		Rcpt: func(to string) error {
			tries[to]++
			switch to {
			case "r0@example.com":
				return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
			case "r1@example.com":
				return &smtp.SMTPError{Code: 450, EnhancedCode: smtp.EnhancedCode{4, 2, 0}, Message: "greylisted"}
			}
			return nil
		},
		Data: func(to string, _ []byte) error {
			switch {
			case to == "r2@example.com":
				return &smtp.SMTPError{Code: 554, Message: "rejected as spam"}
			case to == "r3@example.com" && tries[to] < 2:
				return &smtp.SMTPError{Code: 451, Message: "try later"}
			}
			return nil
		},
	}
	s := smtptest.Start(t, options)
	path := filepath.Join(t.TempDir(), "outbox")
	out, err := deliver(t, path, plain(s), letters(5), func(c *Courier) { c.Retry = []time.Duration{time.Millisecond, time.Millisecond} })
	if err != nil || out.Sent != 2 || out.Refused != 2 || out.Waiting != 1 || out.Complete() {
		t.Errorf("%+v, %v", out, err)
	}
	if tries["r0@example.com"] != 1 || tries["r1@example.com"] != 3 {
		t.Errorf("tries %v", tries)
	}
	box, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	e, _ := box.Last("p1", "rep r0@example.com")
	if e.State != Refused || e.Code != 550 || !strings.Contains(e.Reply, "no such user") {
		t.Errorf("refused: %+v", e)
	}
	if e, _ := box.Last("p1", "rep r1@example.com"); e.State != Waiting || e.Code != 450 || e.Tries != 3 {
		t.Errorf("waiting: %+v", e)
	}
	_ = box.Close()
	// The next run tries what waits, and what was refused only when asked to.
	if out, _ := deliver(t, path, plain(s), letters(5), nil); out.Already != 2 || out.Refused != 2 || tries["r0@example.com"] != 1 {
		t.Errorf("next run %+v", out)
	}
	if _, err := deliver(t, path, plain(s), letters(5), func(c *Courier) { c.RetryRefused = true }); err != nil || tries["r0@example.com"] != 2 {
		t.Errorf("asked to try again: %v, %v", tries, err)
	}
}

func TestServerThatIsDownLeavesEverythingWaiting(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	_ = listener.Close()
	path := filepath.Join(t.TempDir(), "outbox")
	down := Server{Host: "127.0.0.1", Port: port, Security: Plain, Hello: "x", From: "a@example.com", Timeout: time.Second}
	out, err := deliver(t, path, down, letters(3), func(c *Courier) { c.Retry = []time.Duration{time.Millisecond} })
	if err != nil || out.Waiting != 3 || out.Why == nil {
		t.Fatalf("%+v, %v", out, err)
	}
	s := smtptest.Start(t, smtptest.Options{})
	out, err = deliver(t, path, plain(s), letters(3), func(c *Courier) { c.Now = func() time.Time { return noon.Add(26 * time.Hour) } })
	if err != nil || out.Sent != 3 {
		t.Errorf("server is back: %+v, %v", out, err)
	}
	if first := []byte("Date: Mon, 02 Nov 2026 12:00:00 +0000"); !bytes.Contains(s.Mails()[0].Data, first) {
		t.Error("a mail that waited has another date than when it was due")
	}
}

func TestMailsGoOverTLSAndSignIn(t *testing.T) {
	config, authority := smtptest.Certificate(t)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority)
	for _, implicit := range []bool{false, true} {
		s := smtptest.Start(t, smtptest.Options{TLS: config, Implicit: implicit, User: "close", Password: "s3cret"})
		server := plain(s)
		server.Security, server.Roots, server.User, server.Password = STARTTLS, roots, "close", "s3cret"
		if implicit {
			server.Security = Implicit
		}
		path := filepath.Join(t.TempDir(), "outbox")
		out, err := deliver(t, path, server, letters(2), nil)
		if err != nil || out.Sent != 2 {
			t.Fatalf("implicit %t: %+v, %v", implicit, out, err)
		}
		if m := s.Mails()[0]; !m.TLS || m.User != "close" {
			t.Errorf("implicit %t: TLS %t, user %q", implicit, m.TLS, m.User)
		}
		wrong := server
		wrong.Password = "guess"
		out, err = deliver(t, filepath.Join(t.TempDir(), "outbox"), wrong, letters(2), func(c *Courier) { c.Retry = []time.Duration{time.Hour} })
		if err != nil || out.Waiting != 2 || out.Why == nil || strings.Contains(out.Why.Error(), "guess") {
			t.Errorf("wrong password: %+v, %v", out, err)
		}
		stranger := server
		stranger.Roots = x509.NewCertPool()
		out, err = deliver(t, filepath.Join(t.TempDir(), "outbox"), stranger, letters(1), func(c *Courier) { c.Retry = []time.Duration{time.Hour} })
		if err != nil || out.Waiting != 1 || !strings.Contains(out.Why.Error(), "certificate") {
			t.Errorf("unknown certificate: %+v, %v", out, err)
		}
	}
}

func TestNothingIsSentWithoutTLSWhereItIsWanted(t *testing.T) {
	s := smtptest.Start(t, smtptest.Options{})
	server := plain(s)
	server.Security = STARTTLS
	out, err := deliver(t, filepath.Join(t.TempDir(), "outbox"), server, letters(1), func(c *Courier) { c.Retry = []time.Duration{time.Hour} })
	if err != nil || out.Waiting != 1 || !strings.Contains(out.Why.Error(), "STARTTLS") || len(s.Mails()) != 0 {
		t.Errorf("%+v, %v, %d mails", out, err, len(s.Mails()))
	}
}

// The size comes from the server where it says one, from the config where that
// is less, and from the server's answer where it is stricter than it said.
func TestMailsKeepToTheSizeOfTheServer(t *testing.T) {
	for _, c := range []struct{ announced, configured, want int64 }{{5000, 0, 5000}, {5000, 300, 300}, {0, 300, 300}, {300, 5000, 300}} {
		s := smtptest.Start(t, smtptest.Options{MaxBytes: c.announced})
		server := plain(s)
		server.MostBytes = c.configured
		var asked int64
		mails := letters(1)
		compose := mails[0].Compose
		mails[0].Compose = func(date time.Time, most int64) ([]byte, error) { asked = most; return compose(date, most) }
		out, err := deliver(t, filepath.Join(t.TempDir(), "outbox"), server, mails, nil)
		if err != nil || out.Sent != 1 || asked != c.want {
			t.Errorf("%+v: %+v, %v, asked for %d", c, out, err, asked)
		}
	}
	strict := smtptest.Start(t, smtptest.Options{Data: func(_ string, data []byte) error {
		if len(data) > 1000 {
			return &smtp.SMTPError{Code: 552, Message: "too large"}
		}
		return nil
	}})
	mails := letters(1)
	mails[0].Compose = func(_ time.Time, most int64) ([]byte, error) {
		if most == 0 {
			return []byte("Message-ID: <id0@example.com>\r\n\r\n" + strings.Repeat("x", 70) + strings.Repeat("\r\nattachment", 2000)), nil
		}
		return []byte("Message-ID: <id0@example.com>\r\n\r\nsmall"), nil
	}
	out, err := deliver(t, filepath.Join(t.TempDir(), "outbox"), plain(strict), mails, nil)
	if err != nil || out.Sent != 1 {
		t.Errorf("strict: %+v, %v", out, err)
	}
}

func TestWhatIsNoAddressIsRefusedAndTheRestSent(t *testing.T) {
	s := smtptest.Start(t, smtptest.Options{})
	mails := letters(3)
	mails[1].Refuse = `"nonsense" is not a mail address`
	mails[2].Compose = func(time.Time, int64) ([]byte, error) { return nil, errors.New("cannot be written") }
	out, err := deliver(t, filepath.Join(t.TempDir(), "outbox"), plain(s), mails, nil)
	if err != nil || out.Sent != 1 || out.Refused != 2 {
		t.Errorf("%+v, %v", out, err)
	}
}

func TestInterruptStopsBetweenMails(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := smtptest.Start(t, smtptest.Options{Rcpt: func(to string) error {
		if to == "r2@example.com" {
			cancel()
			time.Sleep(50 * time.Millisecond)
		}
		return nil
	}})
	path := filepath.Join(t.TempDir(), "outbox")
	box, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	c := &Courier{Pack: "p1", Outbox: box, Open: plain(s).Dial, Now: func() time.Time { return noon }}
	if _, err := c.Deliver(ctx, letters(5)); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	_ = box.Close()
	out, err := deliver(t, path, plain(s), letters(5), nil)
	if err != nil || out.Already != 2 || out.Sent != 3 {
		t.Errorf("the next run: %+v, %v", out, err)
	}
	wantOnce(t, "interrupted", s.Mails(), 5, 0)
}

// What cannot be noted is not sent: it would be sent again.
func TestNothingIsSentThatCannotBeNoted(t *testing.T) {
	s := smtptest.Start(t, smtptest.Options{})
	box, err := Open(filepath.Join(t.TempDir(), "outbox"))
	if err != nil {
		t.Fatal(err)
	}
	mails := letters(3)
	compose := mails[1].Compose
	mails[1].Compose = func(date time.Time, most int64) ([]byte, error) {
		_ = box.file.Close() // the disk fails
		return compose(date, most)
	}
	c := &Courier{Pack: "p1", Outbox: box, Open: plain(s).Dial, Now: func() time.Time { return noon }}
	if _, err := c.Deliver(t.Context(), mails); err == nil || len(s.Mails()) != 1 {
		t.Errorf("error %v, %d mails", err, len(s.Mails()))
	}
}

func TestMailsGoIntoAFolder(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "mails")
	f, err := OpenFolder(folder)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "outbox")
	for range 2 {
		out, err := deliver(t, path, Server{}, letters(3), func(c *Courier) {
			c.Open = func(context.Context) (Transport, error) { return f, nil }
		})
		if err != nil || !out.Complete() {
			t.Fatalf("%+v, %v", out, err)
		}
	}
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(files) != 3 {
		t.Errorf("files %v, %v", files, err)
	}
	if base := filepath.Base(files[0]); !strings.HasPrefix(base, "reps-0-") {
		t.Errorf("file %s", base)
	}
	for _, name := range append(files, path) {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
}

func TestOutboxForgivesALineThatWasCutShortAndNoOther(t *testing.T) {
	path := filepath.Join(t.TempDir(), "outbox")
	box, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	e := Entry{At: noon, Pack: "p", Recipient: "a", State: Sent, MessageID: "id", Date: noon, Reply: strings.Repeat("long ", 100)}
	if err := box.Note(e); err != nil {
		t.Fatal(err)
	}
	_ = box.Close()
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for cut := 1; cut < len(whole); cut += 29 {
		if err := os.WriteFile(path, append(bytes.Clone(whole), whole[:cut]...), 0o600); err != nil {
			t.Fatal(err)
		}
		box, err := Open(path)
		if err != nil {
			t.Fatalf("cut after %d: %v", cut, err)
		}
		if got, ok := box.Last("p", "a"); !ok || got.State != Sent {
			t.Errorf("cut after %d: %+v", cut, got)
		}
		if err := box.Note(Entry{Pack: "p", Recipient: "b", State: Waiting}); err != nil {
			t.Fatal(err)
		}
		_ = box.Close()
		if box, err = Open(path); err != nil || len(box.Entries("p")) != 2 {
			t.Errorf("cut after %d: what was appended cannot be read: %v", cut, err)
		}
		_ = box.Close()
	}
	for _, bad := range []string{"nonsense\n", "{}\n", string(whole[:40]) + "\n"} {
		if err := os.WriteFile(path, append([]byte(bad), whole...), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path); err == nil || !strings.Contains(err.Error(), "line 1") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestOutboxKnowsWhatWasSentOfAnotherPack(t *testing.T) {
	box, err := Open(filepath.Join(t.TempDir(), "outbox"))
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	if err := box.Note(Entry{At: noon, Pack: "p1", Recipient: "a", State: Sent, MessageID: "one"}, Entry{At: noon, Pack: "p1", Recipient: "b", State: Waiting},
		Entry{At: noon.Add(time.Hour), Pack: "p2", Recipient: "a", State: Sent, MessageID: "two"}); err != nil {
		t.Fatal(err)
	}
	if e, ok := box.Other("p3", "a"); !ok || e.MessageID != "two" {
		t.Errorf("a was sent %+v", e)
	}
	if e, ok := box.Other("p3", "b"); ok {
		t.Errorf("b was sent nothing, not %+v", e)
	}
	if e, ok := box.Other("p2", "a"); !ok || e.MessageID != "one" {
		t.Errorf("beside p2, a was sent %+v", e)
	}
}

func TestSecondRunFindsTheFolderLocked(t *testing.T) {
	dir := t.TempDir()
	unlock, err := Lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Lock(dir); !errors.Is(err, ErrBusy) {
		t.Errorf("the second lock: %v", err)
	}
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	unlock, err = Lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	_ = unlock()
}
