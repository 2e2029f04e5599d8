package delivery

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"hash"
	"strings"
	"time"
)

// Signer signs mails for a domain as RFC 6376 (DKIM) and RFC 8463 (Ed25519)
// say, relaxed/relaxed. The same mail and date give the same bytes: PKCS #1 v1.5 and
// Ed25519 take no random number.
type Signer struct {
	Domain, Selector string
	Key              crypto.Signer // of ParseKey
}

// SignatureMostBytes is what a signature adds to a mail at most.
const SignatureMostBytes = 2048

// signedFields are the header fields a signature covers. Each is named once
// more than the mail has it, so that nobody can add a second one.
var signedFields = []string{"From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type",
	"Content-Transfer-Encoding", "In-Reply-To", "References", "Auto-Submitted"}

// ParseKey reads a private key in PEM: RSA of 1024 to 4096 bits, which is what
// every verifier takes (RFC 8301), or Ed25519. The error does not repeat the text.
func ParseKey(text []byte) (crypto.Signer, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("it is not in PEM (want -----BEGIN PRIVATE KEY-----)")
	}
	var key any
	var err error
	switch block.Type {
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	default:
		return nil, fmt.Errorf("it is a %s (want an unencrypted private key, RSA or Ed25519)", strings.ToLower(block.Type))
	}
	if err != nil {
		return nil, errors.New("it is damaged (want a private key, RSA or Ed25519, in PEM)")
	}
	switch key := key.(type) {
	case *rsa.PrivateKey:
		if bits := key.N.BitLen(); bits < 1024 || bits > 4096 {
			return nil, fmt.Errorf("it is an RSA key of %d bits (want 2048, at least 1024 and at most 4096)", bits)
		}
		return key, nil
	case ed25519.PrivateKey:
		return key, nil
	}
	return nil, errors.New("it is neither an RSA nor an Ed25519 key")
}

// Sign returns the mail with a DKIM-Signature of that time before it.
func (s *Signer) Sign(mail []byte, date time.Time) ([]byte, error) {
	head, body, _ := bytes.Cut(mail, []byte("\r\n\r\n"))
	fields := headerFields(string(head))
	digest := sha256.New()
	hashBody(digest, body)
	algorithm, options := "rsa-sha256", crypto.Hash(crypto.SHA256)
	if _, ok := s.Key.(ed25519.PrivateKey); ok {
		algorithm, options = "ed25519-sha256", crypto.Hash(0) // RFC 8463 signs the SHA-256 as a plain message
	}
	names, signed := coveredFields(fields)
	field := fmt.Sprintf("DKIM-Signature: v=1; a=%s; c=relaxed/relaxed;\r\n d=%s; s=%s; t=%d;\r\n h=%s;\r\n bh=%s;\r\n b=",
		algorithm, s.Domain, s.Selector, date.Unix(), strings.Join(names, ":\r\n  "), base64.StdEncoding.EncodeToString(digest.Sum(nil)))
	digest.Reset()
	for _, f := range signed {
		digest.Write([]byte(relaxedField(f) + "\r\n"))
	}
	digest.Write([]byte(relaxedField(field)))
	signature, err := s.Key.Sign(rand.Reader, digest.Sum(nil), options)
	if err != nil {
		return nil, fmt.Errorf("signing for %s: %w", s.Domain, err)
	}
	return append([]byte(field+foldBase64(signature)+"\r\n"), mail...), nil
}

// headerFields returns the fields of a header, each with its folded lines.
func headerFields(head string) []string {
	var fields []string
	for line := range strings.SplitSeq(head, "\r\n") {
		if n := len(fields); n > 0 && line != "" && (line[0] == ' ' || line[0] == '\t') {
			fields[n-1] += "\r\n" + line
			continue
		}
		fields = append(fields, line)
	}
	return fields
}

// coveredFields returns the names for h=, grouped by field, and the fields in the
// order they are signed: of several of a name the last one first (RFC 6376 §5.4.2).
func coveredFields(fields []string) (names, signed []string) {
	for _, name := range signedFields {
		group := name
		for i := len(fields) - 1; i >= 0; i-- {
			if its, _, _ := strings.Cut(fields[i], ":"); strings.EqualFold(strings.TrimSpace(its), name) {
				signed = append(signed, fields[i])
				group += ":" + name
			}
		}
		names = append(names, group)
	}
	return names, signed
}

// relaxedField writes a header field as it is signed, without its line end: name in lower
// case, unfolded, runs of blanks as one (RFC 6376 §3.4.2).
func relaxedField(field string) string {
	name, value, _ := strings.Cut(field, ":")
	value = strings.Join(strings.FieldsFunc(value, func(r rune) bool { return r == ' ' || r == '\t' || r == '\r' || r == '\n' }), " ")
	return strings.ToLower(strings.TrimSpace(name)) + ":" + value
}

// hashBody hashes a body as it is signed: runs of blanks in a line as one, none at its end,
// and no empty lines at the end of the body (RFC 6376 §3.4.4).
func hashBody(into hash.Hash, body []byte) {
	empty := 0
	for line := range bytes.Lines(body) {
		line = relaxedLine(bytes.TrimRight(line, "\r\n"))
		if len(line) == 0 {
			empty++
			continue
		}
		for ; empty > 0; empty-- {
			into.Write([]byte("\r\n"))
		}
		into.Write(line)
		into.Write([]byte("\r\n"))
	}
}

func relaxedLine(line []byte) []byte {
	if !bytes.ContainsAny(line, " \t") {
		return line // base64, which most of a mail is
	}
	out := make([]byte, 0, len(line))
	for _, c := range line {
		if c == '\t' {
			c = ' '
		}
		if c != ' ' || len(out) == 0 || out[len(out)-1] != ' ' {
			out = append(out, c)
		}
	}
	return bytes.TrimRight(out, " ")
}

// foldBase64 writes a signature in lines of a length that no server breaks.
func foldBase64(signature []byte) string {
	text, out := base64.StdEncoding.EncodeToString(signature), ""
	for len(text) > 72 {
		out, text = out+text[:72]+"\r\n  ", text[72:]
	}
	return out + text
}
