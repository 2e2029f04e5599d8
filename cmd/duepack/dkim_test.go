package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"

	"duepack/delivery/smtptest"
)

// dkimKey writes a new key to dkim.pem and returns the text of its DNS record.
func dkimKey(t *testing.T, dir string) string {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "dkim.pem"), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))
	return "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)
}

// signatureOf verifies the one signature of a mail as a mailbox would.
func signatureOf(t *testing.T, mail []byte, record string) error {
	t.Helper()
	list, err := dkim.VerifyWithOptions(bytes.NewReader(mail), &dkim.VerifyOptions{LookupTXT: func(domain string) ([]string, error) {
		if domain != "close._domainkey.example.com" {
			return nil, fmt.Errorf("there is no record at %s", domain)
		}
		return []string{record}, nil
	}})
	if err != nil || len(list) != 1 {
		t.Fatalf("%d signatures, error %v", len(list), err)
	}
	return list[0].Err
}

func TestSentMailsAndFilesOfMailsAreSigned(t *testing.T) {
	s := smtptest.Start(t, smtptest.Options{MaxBytes: 150_000})
	dir := mailBook(t, 2)
	record := dkimKey(t, dir)
	recipients := accountants(2) + "\n  reps: sheet\n  on_failure: [it@example.com]\n  dkim: {domain: example.com, selector: close, key_file: dkim.pem}"
	config := mailConfig(t, dir, recipients, s.Port, "")
	if code, _, messages := duepack(t, nil, "close", "-c", config, "--quiet"); code != 0 {
		t.Fatalf("exit code %d, %s", code, messages)
	}
	if code, _, _ := duepack(t, nil, "close", "-c", mailConfig(t, dir, recipients, s.Port, "close: {tie_out: required}\n"), "--quiet"); code == 0 {
		t.Fatal("a close without a control balance went through")
	}
	mails := s.Mails()
	if len(mails) != 5 {
		t.Fatalf("%d mails, want 2 accountants, 2 reps and 1 about the failure", len(mails))
	}
	for _, m := range mails {
		if err := signatureOf(t, m.Data, record); err != nil {
			t.Errorf("%s: %v", m.To, err)
		}
		if len(m.Data) > 150_000 {
			t.Errorf("%s: %d bytes with the signature", m.To, len(m.Data))
		}
		body := bytes.Index(m.Data, []byte("\r\n\r\n")) + 4
		changed := bytes.Replace(m.Data[body:], []byte("e"), []byte("f"), 1)
		if signatureOf(t, append(bytes.Clone(m.Data[:body]), changed...), record) == nil {
			t.Errorf("%s: the signature holds although the body was changed", m.To)
		}
	}
	folder := filepath.Join(dir, "folder.yaml")
	write(t, folder, "inputs: [ledger.csv, reps.csv]\nmail:\n  from: close@example.com\n  folder: mails\n"+recipients+"\noutput: {dir: other, formats: [xlsx, pdf]}\n")
	if code, _, messages := duepack(t, nil, "close", "-c", folder, "--quiet"); code != 0 {
		t.Fatalf("exit code %d, %s", code, messages)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "mails", "*.eml"))
	if len(files) != 4 {
		t.Fatalf("%d files of mails", len(files))
	}
	before := map[string][]byte{}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		before[name] = text
		if err := signatureOf(t, text, record); err != nil {
			t.Errorf("%s: %v", filepath.Base(name), err)
		}
	}
	// The same mail handed over again, which is what a run that was killed leads to, has the same bytes.
	outboxes, _ := filepath.Glob(filepath.Join(dir, "other", "2*.outbox.jsonl"))
	if len(outboxes) != 1 {
		t.Fatalf("outboxes: %q", outboxes)
	}
	outbox := outboxes[0]
	journal, err := os.ReadFile(outbox)
	if err != nil {
		t.Fatal(err)
	}
	write(t, outbox, strings.ReplaceAll(string(journal), `"state":"sent"`, `"state":"sending"`))
	if code, out, messages := duepack(t, nil, "send", "-c", folder); code != 0 || !strings.Contains(out, "4 sent") {
		t.Fatalf("exit code %d, %s%s", code, out, messages)
	}
	for name, text := range before {
		if again, err := os.ReadFile(name); err != nil || !bytes.Equal(again, text) {
			t.Errorf("%s: sent again it has other bytes (%v)", filepath.Base(name), err)
		}
	}
}

func TestKeyForSigningThatCannotBeUsedIsOneLine(t *testing.T) {
	dir := mailBook(t, 1)
	dkimKey(t, dir)
	write(t, filepath.Join(dir, "open.pem"), "")
	if err := os.Chmod(filepath.Join(dir, "open.pem"), 0o640); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "words.pem"), "hunter2\n")
	for _, c := range []struct{ dkim, want string }{
		{"{domain: example.com, selector: close, key_file: open.pem}", "open.pem: others than its owner may read it (chmod 600 "},
		{"{domain: example.com, selector: close, key_file: words.pem}", "words.pem is not a key for DKIM: it is not in PEM"},
		{"{domain: example.com, selector: close, key_file: gone.pem}", "gone.pem: there is no such file"},
		{"{domain: example.org, selector: close, key_file: dkim.pem}", "error bad-domain: mails from @example.com cannot be signed for example.org"},
		{"{domain: example.com, key_file: dkim.pem}", "mail.dkim wants all three: domain, selector and key_file"},
		{`{domain: "example.com; x=1", selector: close, key_file: dkim.pem}`, "error bad-domain: \"example.com; x=1\" is not a name in the DNS"},
		{"{domain: example.com, selector: close, key: hunter2}", "error secret-in-config: mail.dkim.key: a key does not belong into this file (name the file it is in as mail.dkim.key_file)"},
	} {
		config := mailConfig(t, dir, accountants(1)+"\n  dkim: "+c.dkim, 25, "")
		code, _, messages := duepack(t, nil, "close", "-c", config, "--quiet")
		if code != exitUsage || !strings.Contains(messages, c.want) || strings.Count(messages, "\n") != 1 || strings.Contains(messages, "hunter2") {
			t.Errorf("%s: exit code %d, %s", c.dkim, code, messages)
		}
	}
}
