package delivery_test

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"duepack/delivery"
)

const signedMail = "From: Close <close@example.com>\r\nTo: <a@example.com>\r\nSubject: one\r\n  two \t three\r\n" +
	"Date: Mon, 02 Nov 2026 06:00:00 +0000\r\nMessage-ID: <1@example.com>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\nX-Other: 1\r\n" +
	"\r\n  two  blanks \t and a tab\r\n\r\nlast line  \r\n\r\n\r\n"

// dkimKeys are an RSA and an Ed25519 key with the texts of their DNS records.
func dkimKeys(t *testing.T) map[string]struct {
	pem    []byte
	record string
} {
	t.Helper()
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	long, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]struct {
		pem    []byte
		record string
	}{}
	for name, key := range map[string]crypto.Signer{"ed25519": ed, "rsa": long} {
		private, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			t.Fatal(err)
		}
		public := []byte(nil)
		if p, ok := key.Public().(ed25519.PublicKey); ok {
			public = p
		} else if public, err = x509.MarshalPKIXPublicKey(key.Public()); err != nil {
			t.Fatal(err)
		}
		entry := keys[name]
		entry.pem = pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})
		entry.record = "v=DKIM1; k=" + name + "; p=" + base64.StdEncoding.EncodeToString(public)
		keys[name] = entry
	}
	return keys
}

// verify asks go-msgauth, which is not what signs, whether one signature holds.
func verify(t *testing.T, mail []byte, record string) error {
	t.Helper()
	list, err := dkim.VerifyWithOptions(bytes.NewReader(mail), &dkim.VerifyOptions{LookupTXT: func(domain string) ([]string, error) {
		if domain != "close._domainkey.example.com" {
			t.Errorf("the key is looked up at %q", domain)
		}
		return []string{record}, nil
	}})
	if err != nil || len(list) != 1 {
		t.Fatalf("%d signatures, error %v", len(list), err)
	}
	return list[0].Err
}

func TestSignatureHoldsAndCoversHeaderAndBody(t *testing.T) {
	date := time.Date(2026, 11, 2, 6, 0, 0, 0, time.UTC)
	for name, key := range dkimKeys(t) {
		parsed, err := delivery.ParseKey(key.pem)
		if err != nil {
			t.Fatal(name, err)
		}
		s := &delivery.Signer{Domain: "example.com", Selector: "close", Key: parsed}
		signed, err := s.Sign([]byte(signedMail), date)
		if err != nil {
			t.Fatal(name, err)
		}
		if err := verify(t, signed, key.record); err != nil {
			t.Errorf("%s: %v in\n%s", name, err, signed)
		}
		if again, _ := s.Sign([]byte(signedMail), date); !bytes.Equal(again, signed) {
			t.Errorf("%s: signing again gives other bytes", name)
		}
		if added := len(signed) - len(signedMail); added > delivery.SignatureMostBytes {
			t.Errorf("%s: a signature of %d bytes", name, added)
		}
		for _, change := range [][2]string{{"last line", "last lime"}, {"close@", "chief@"}, {"<a@", "<b@"}, {"Subject: one", "Subject: won"}, {"02 Nov", "03 Nov"},
			{"<1@", "<2@"}, {"text/plain", "text/html"}, {"MIME-Version: 1.0", "MIME-Version: 1.1"}, {"X-Other: 1", "From: Other <other@example.com>"},
			{"X-Other: 1", "Subject: another"}, {"X-Other: 1", "Content-Transfer-Encoding: base64"}} {
			if changed := bytes.Replace(signed, []byte(change[0]), []byte(change[1]), 1); verify(t, changed, key.record) == nil {
				t.Errorf("%s: the signature holds although %q became %q", name, change[0], change[1])
			}
		}
	}
}

func TestSignatureHoldsForAnyShapeOfBody(t *testing.T) {
	key := dkimKeys(t)["ed25519"]
	parsed, err := delivery.ParseKey(key.pem)
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(signedMail, "\r\n\r\n")
	for _, body := range []string{"", "\r\n", "\r\n\r\n", " \r\n", "a", "a\r\n", " a\t\tb \r\n", "\r\n\r\na\r\n \r\nb\r\n\t\r\n", ".\r\n..\r\n"} {
		signed, err := (&delivery.Signer{Domain: "example.com", Selector: "close", Key: parsed}).Sign([]byte(head+"\r\n\r\n"+body), time.Unix(1793599200, 0))
		if err != nil {
			t.Fatal(err)
		}
		if err := verify(t, signed, key.record); err != nil {
			t.Errorf("body %q: %v", body, err)
		}
	}
}

func TestKeyThatCannotSignIsRefusedWithoutRepeatingIt(t *testing.T) {
	good := string(dkimKeys(t)["rsa"].pem)
	for name, c := range map[string][2]string{
		"no PEM":    {"hunter2", "not in PEM"},
		"public":    {strings.ReplaceAll(good, "PRIVATE KEY", "PUBLIC KEY"), "public key"},
		"encrypted": {strings.ReplaceAll(good, "PRIVATE KEY", "ENCRYPTED PRIVATE KEY"), "encrypted private key"},
		"damaged":   {strings.ReplaceAll(good, "MII", "AAA"), "damaged"},
	} {
		if _, err := delivery.ParseKey([]byte(c[0])); err == nil || !strings.Contains(err.Error(), c[1]) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
