package main

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"duepack/delivery"
	"duepack/delivery/smtptest"
)

// close day of the tests here.
func november() time.Time { return time.Date(2026, 11, 2, 6, 0, 0, 0, time.UTC) }

// duepack runs the program in this process.
func duepack(t *testing.T, env []string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, messages bytes.Buffer
	code = run(args, strings.NewReader(""), &out, &messages, env, november)
	return code, out.String(), messages.String()
}

// mailBook writes a small book with reps and returns its folder.
func mailBook(t *testing.T, reps int) string {
	t.Helper()
	dir := t.TempDir()
	var ledger, masters strings.Builder
	ledger.WriteString("Document,Type,Customer,Customer Name,Rep,Posted,Due,Amount\n")
	masters.WriteString("Rep,Name,Email\n")
	for r := 1; r <= reps; r++ {
		fmt.Fprintf(&masters, "REP-%02d,Seller%02d Name,seller%02d@example.com\n", r, r, r)
		for c := 1; c <= 2; c++ {
			fmt.Fprintf(&ledger, "INV-%02d-%d,invoice,CUST-%02d-%d,Buyer%02d-%d Trading,REP-%02d,2026-09-%02d,2026-10-%02d,%d.%02d\n", r, c, r, c, r, c, r, c, c, 1000*r+c, r)
		}
	}
	ledger.WriteString("INV-LAST,invoice,CUST-01-1,Buyer01-1 Trading,REP-01,2026-11-01,2026-12-01,1.00\n")
	write(t, filepath.Join(dir, "ledger.csv"), ledger.String())
	write(t, filepath.Join(dir, "reps.csv"), masters.String())
	return dir
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// mailConfig writes a config for a server on this machine and returns its path.
func mailConfig(t *testing.T, dir, recipients string, port int, more string) string {
	t.Helper()
	path := filepath.Join(dir, "duepack.yaml")
	write(t, path, fmt.Sprintf("book: {name: Demo}\ninputs: [ledger.csv, reps.csv]\nmail:\n  from: Close <close@example.com>\n%s\n  retry: []\n  smtp: {host: 127.0.0.1, port: %d, tls: none, timeout: 20s}\noutput: {dir: out, formats: [xlsx, pdf]}\n%s", recipients, port, more))
	return path
}

// accountants lists so many recipients.
func accountants(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("gl%03d@example.com", i)
	}
	return "  accountants: [" + strings.Join(list, ", ") + "]"
}

// copies groups what a server took by recipient.
func copies(mails []smtptest.Mail) map[string][]smtptest.Mail {
	by := map[string][]smtptest.Mail{}
	for _, m := range mails {
		by[m.To] = append(by[m.To], m)
	}
	return by
}

func headOf(t *testing.T, data []byte) mail.Header {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return m.Header
}

// wantEverybody wants n recipients with one mail each, but for at most so many
// repeats, which have the Message-ID and the date of the first.
func wantEverybody(t *testing.T, mails []smtptest.Mail, n, repeats int) {
	t.Helper()
	by, ids, extra := copies(mails), map[string]bool{}, 0
	if len(by) != n {
		t.Errorf("%d recipients have mail, want %d", len(by), n)
	}
	for to, list := range by {
		first := headOf(t, list[0].Data)
		ids[first.Get("Message-Id")] = true
		extra += len(list) - 1
		for _, m := range list[1:] {
			if h := headOf(t, m.Data); h.Get("Message-Id") != first.Get("Message-Id") || h.Get("Date") != first.Get("Date") {
				t.Errorf("%s has two mails that a mailbox cannot know for one", to)
			}
		}
	}
	if len(ids) != n {
		t.Errorf("%d Message-IDs for %d recipients", len(ids), n)
	}
	if extra > repeats {
		t.Errorf("%d mails came again, at most %d may", extra, repeats)
	}
}

// wantTidy wants nothing in the folder of packs but what belongs there.
func wantTidy(t *testing.T, out string) {
	t.Helper()
	entries, err := os.ReadDir(out)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	if want := []string{".lock", ".send.lock", "2026-10-31", "2026-10-31.outbox.jsonl", "run.json"}; !slices.Equal(names, want) {
		t.Errorf("the folder of packs holds %v, want %v", names, want)
	}
}

// wantSent wants every recipient of the outbox to be sent.
func wantSent(t *testing.T, out string, n int) {
	t.Helper()
	box, err := delivery.Look(filepath.Join(out, "2026-10-31.outbox.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	packs := box.Packs()
	if len(packs) != 1 {
		t.Fatalf("the outbox knows packs %v", packs)
	}
	entries := box.Entries(packs[0])
	for _, e := range entries {
		if e.State != delivery.Sent {
			t.Errorf("%s: %s", e.Recipient, e.State)
		}
	}
	if len(entries) != n {
		t.Errorf("%d recipients in the outbox, want %d", len(entries), n)
	}
}

// The process is killed at random points of send, again and again: before a
// mail is accepted, while it is, and right after. In the end each of 200
// recipients has one mail, but for at most one repeat a kill.
func TestKilledSendIsGoneOnWith(t *testing.T) {
	if testing.Short() {
		t.Skip("kills dozens of processes")
	}
	const recipients = 200
	random := rand.New(rand.NewPCG(6, 2026))
	var mutex sync.Mutex
	var victim *os.Process
	left := 4
	strike := func(chance int) {
		mutex.Lock()
		defer mutex.Unlock()
		if left--; left > 0 || victim == nil {
			return
		}
		left = 3 + random.IntN(chance)
		doomed, after := victim, time.Duration(random.IntN(3000))*time.Microsecond
		victim = nil
		go func() { time.Sleep(after); _ = doomed.Kill() }()
	}
	s := smtptest.Start(t, smtptest.Options{
		Rcpt: func(string) error { strike(25); return nil },
		Data: func(string, []byte) error { strike(25); return nil },
	})
	dir := mailBook(t, 1)
	config := mailConfig(t, dir, accountants(recipients), s.Port, "")
	if code, _, messages := duepack(t, nil, "report", "-c", config, "--quiet"); code != 0 {
		t.Fatalf("report: %d, %s", code, messages)
	}
	kills := 0
	for {
		cmd := exec.Command(os.Args[0])
		cmd.Args = []string{"duepack", "send", "-c", config, "--quiet"}
		var messages bytes.Buffer
		cmd.Stderr = &messages
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		mutex.Lock()
		victim = cmd.Process
		mutex.Unlock()
		err := cmd.Wait()
		if err == nil {
			break
		}
		var died *exec.ExitError
		if !errors.As(err, &died) || died.ExitCode() != -1 {
			t.Fatalf("send after %d kills: %v, %s", kills, err, &messages)
		}
		if kills++; kills > 400 {
			t.Fatal("send does not come to an end")
		}
	}
	if kills < 10 {
		t.Errorf("%d kills test nothing", kills)
	}
	t.Logf("%d kills, %d mails for %d recipients", kills, len(s.Mails()), recipients)
	wantEverybody(t, s.Mails(), recipients, kills)
	wantSent(t, filepath.Join(dir, "out"), recipients)
	wantTidy(t, filepath.Join(dir, "out"))
}

// Ctrl-C between mails: exit code 130, and the next run sends the rest.
func TestInterruptedSendIsGoneOnWith(t *testing.T) {
	const recipients = 20
	var mutex sync.Mutex
	var victim *os.Process
	taken := 0
	s := smtptest.Start(t, smtptest.Options{Rcpt: func(string) error {
		mutex.Lock()
		defer mutex.Unlock()
		if taken++; taken == 5 && victim != nil {
			_ = victim.Signal(os.Interrupt)
			time.Sleep(100 * time.Millisecond)
		}
		return nil
	}})
	dir := mailBook(t, 1)
	config := mailConfig(t, dir, accountants(recipients), s.Port, "")
	if code, _, messages := duepack(t, nil, "report", "-c", config, "--quiet"); code != 0 {
		t.Fatalf("report: %d, %s", code, messages)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Args = []string{"duepack", "send", "-c", config}
	var messages bytes.Buffer
	cmd.Stderr = &messages
	mutex.Lock()
	err := cmd.Start()
	victim = cmd.Process
	mutex.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // the exit code is looked at below
	if code := cmd.ProcessState.ExitCode(); code != exitInterrupted || !strings.Contains(messages.String(), "duepack: interrupted; what was sent is noted, and the next run goes on") {
		t.Errorf("exit code %d, %s", code, &messages)
	}
	if code, out, messages := duepack(t, nil, "send", "-c", config); code != 0 || !strings.Contains(out, "16 sent, 4 sent before") {
		t.Errorf("exit code %d, %s, %s", code, out, messages)
	}
	wantEverybody(t, s.Mails(), recipients, 0)
	wantTidy(t, filepath.Join(dir, "out"))
}

// The server dies half way through 200 mails; the run says so, and the next one,
// over another server, sends the rest.
func TestServerThatDiesHalfWay(t *testing.T) {
	const recipients = 200
	var first *smtptest.Server
	taken := 0
	var mutex sync.Mutex
	first = smtptest.Start(t, smtptest.Options{Rcpt: func(string) error {
		mutex.Lock()
		defer mutex.Unlock()
		if taken++; taken == recipients/2 {
			first.Stop()
		}
		return nil
	}})
	dir := mailBook(t, 1)
	config := mailConfig(t, dir, accountants(recipients), first.Port, "")
	code, out, messages := duepack(t, nil, "close", "-c", config)
	if code != exitIncomplete || !strings.Contains(out, fmt.Sprintf("%d sent, 0 sent before, %d waiting, 0 refused", recipients/2-1, recipients/2+1)) {
		t.Fatalf("exit code %d, %s, %s", code, out, messages)
	}
	if !strings.Contains(messages, "duepack: the delivery is incomplete: of 200 mails, 101 wait for the next run") {
		t.Errorf("messages %s", messages[max(0, len(messages)-400):])
	}
	second := smtptest.Start(t, smtptest.Options{})
	config = mailConfig(t, dir, accountants(recipients), second.Port, "")
	if code, out, messages := duepack(t, nil, "close", "-c", config); code != 0 || !strings.Contains(out, fmt.Sprintf("%d sent, %d sent before", recipients/2+1, recipients/2-1)) {
		t.Fatalf("exit code %d, %s, %s", code, out, messages)
	}
	wantEverybody(t, append(first.Mails(), second.Mails()...), recipients, 0)
	wantSent(t, filepath.Join(dir, "out"), recipients)
	wantTidy(t, filepath.Join(dir, "out"))
}

// texts decodes every part of a mail: bodies and tables as they are, PDFs by
// pdftotext. A workbook is no part of a rep's mail.
func texts(t *testing.T, data []byte) string {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(m.Header) + partTexts(t, m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body)
}

func partTexts(t *testing.T, contentType, encoding string, body io.Reader) string {
	t.Helper()
	kind, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasPrefix(kind, "multipart/") {
		all := ""
		for r := multipart.NewReader(body, parameters["boundary"]); ; {
			p, err := r.NextRawPart()
			if errors.Is(err, io.EOF) {
				return all
			}
			if err != nil {
				t.Fatal(err)
			}
			all += fmt.Sprint(p.Header) + partTexts(t, p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p)
		}
	}
	switch encoding {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	}
	content, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	switch kind {
	case "text/plain", "text/html", "text/csv":
		return string(content)
	case "application/pdf":
		return pdfText(t, content)
	case "image/png":
		return "" // drawn from the letter's own figures; render/mail holds those
	}
	t.Fatalf("a part of kind %s", kind)
	return ""
}

func pdfText(t *testing.T, file []byte) string {
	t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		needTool(t, "pdftotext (poppler-utils)")
	}
	path := filepath.Join(t.TempDir(), "part.pdf")
	write(t, path, string(file))
	text, err := exec.Command("pdftotext", "-layout", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// needTool skips a test whose tool is missing, and fails it where
// DUEPACK_REQUIRE_TOOLS=1 says that it must be there.
func needTool(t *testing.T, name string) {
	t.Helper()
	if os.Getenv("DUEPACK_REQUIRE_TOOLS") == "1" {
		t.Fatalf("%s is missing and DUEPACK_REQUIRE_TOOLS=1", name)
	}
	t.Skipf("%s is not installed", name)
}

// Each rep gets one mail, and no part of it names another rep, another rep's
// customer, document or amount.
func TestMailToARepHoldsNothingOfAnotherRep(t *testing.T) {
	const reps = 4
	s := smtptest.Start(t, smtptest.Options{})
	dir := mailBook(t, reps)
	config := mailConfig(t, dir, "  reps: sheet", s.Port, "")
	if code, _, messages := duepack(t, nil, "close", "-c", config, "--quiet"); code != 0 {
		t.Fatalf("exit code %d, %s", code, messages)
	}
	by := copies(s.Mails())
	if len(by) != reps {
		t.Fatalf("%d reps have mail, want %d", len(by), reps)
	}
	for r := 1; r <= reps; r++ {
		list := by[fmt.Sprintf("seller%02d@example.com", r)]
		if len(list) != 1 {
			t.Fatalf("rep %d has %d mails", r, len(list))
		}
		text := texts(t, list[0].Data)
		for other := 1; other <= reps; other++ {
			for _, word := range []string{fmt.Sprintf("REP-%02d", other), fmt.Sprintf("Seller%02d", other), fmt.Sprintf("seller%02d", other), fmt.Sprintf("Buyer%02d", other),
				fmt.Sprintf("INV-%02d", other), fmt.Sprintf("%d,001.%02d", other, other)} {
				if found := strings.Contains(text, word); found != (other == r) && (found || !strings.HasPrefix(word, "REP-")) {
					t.Errorf("the mail of rep %d holds %q: %t", r, word, found)
				}
			}
		}
	}
}

func TestUserAndPasswordComeFromEnvironmentOrFile(t *testing.T) {
	tls, authority := smtptest.Certificate(t)
	s := smtptest.Start(t, smtptest.Options{TLS: tls, User: "close", Password: "hunter2"})
	dir := mailBook(t, 1)
	write(t, filepath.Join(dir, "ca.pem"), string(authority))
	write(t, filepath.Join(dir, "secret"), "close\nhunter2\n")
	config := func(more string) string {
		path := filepath.Join(dir, "duepack.yaml")
		write(t, path, fmt.Sprintf("inputs: [ledger.csv]\nmail: {from: close@example.com, accountants: [gl@example.com], retry: [], smtp: {host: 127.0.0.1, port: %d, ca: ca.pem%s}}\noutput: {formats: [xlsx], dir: out}\n", s.Port, more))
		return path
	}
	if code, _, messages := duepack(t, nil, "report", "-c", config(""), "--quiet"); code != 0 {
		t.Fatalf("report: %d, %s", code, messages)
	}
	code, _, messages := duepack(t, nil, "send", "-c", config(""))
	if code != exitIncomplete || len(s.Mails()) != 0 {
		t.Errorf("without a password: exit code %d, %s", code, messages)
	}
	code, _, messages = duepack(t, []string{"DUEPACK_SMTP_USER=close", "DUEPACK_SMTP_PASSWORD=wrong"}, "send", "-c", config(""))
	if code != exitIncomplete || strings.Contains(messages, "wrong\"") || !strings.Contains(messages, "auth: 535") {
		t.Errorf("wrong password: exit code %d, %s", code, messages)
	}
	if code, _, messages := duepack(t, []string{"DUEPACK_SMTP_USER=close"}, "send", "-c", config("")); code != exitUsage || !strings.Contains(messages, "one is set without the other") {
		t.Errorf("user alone: exit code %d, %s", code, messages)
	}
	if code, _, messages := duepack(t, nil, "send", "-c", config(", credentials: secret")); code != 0 || len(s.Mails()) != 1 || !s.Mails()[0].TLS || strings.Contains(messages, "hunter2") {
		t.Errorf("from a file: exit code %d, %s", code, messages)
	}
	if code, _, messages := duepack(t, []string{"DUEPACK_SMTP_USER=close", "DUEPACK_SMTP_PASSWORD=hunter2"}, "send", "-c", config("")); code != 0 || strings.Contains(messages, "hunter2") {
		t.Errorf("from the environment: exit code %d, %s", code, messages)
	}
	err := filepath.WalkDir(filepath.Join(dir, "out"), func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if info, err := entry.Info(); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v: others may read it (%v)", path, info.Mode(), err)
		}
		if text, err := os.ReadFile(path); err == nil && bytes.Contains(text, []byte("hunter2")) {
			t.Errorf("%s holds the password", path)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestFilesBeyondTheServersSizeAreNamed(t *testing.T) {
	s := smtptest.Start(t, smtptest.Options{MaxBytes: 150_000})
	dir := mailBook(t, 1)
	config := mailConfig(t, dir, accountants(1), s.Port, "")
	if code, _, messages := duepack(t, nil, "close", "-c", config, "--quiet"); code != 0 {
		t.Fatalf("exit code %d, %s", code, messages)
	}
	m := s.Mails()[0]
	if len(m.Data) > 150_000 || bytes.Contains(m.Data, []byte(`filename="pack.xlsx"`)) || !bytes.Contains(m.Data, []byte(`filename="exceptions.csv"`)) {
		t.Errorf("a mail of %d bytes with the workbook: %t", len(m.Data), bytes.Contains(m.Data, []byte(`filename="pack.xlsx"`)))
	}
	if text := texts(t, m.Data); !strings.Contains(text, "Not attached, because larger than the mail server takes: pack.xlsx") {
		t.Error("the mail does not name the workbook")
	}
}
