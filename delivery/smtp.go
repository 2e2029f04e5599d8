package delivery

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/wneessen/go-mail/smtp"
)

// Security says how the way to a server is protected.
type Security string

// The ways. Plain is for a server on this machine only.
const (
	STARTTLS Security = "starttls" // begins in plain and must switch to TLS before anything is sent
	Implicit Security = "implicit" // TLS from the first byte
	Plain    Security = "none"
)

// Server is where mails are handed in.
type Server struct {
	Host           string
	Port           int
	Security       Security
	Roots          *x509.CertPool // who may sign its certificate; nil: whom the system trusts
	User, Password string         // "" where the server wants none
	Hello          string         // the name to introduce ourselves by
	From           string         // the sender's address
	Timeout        time.Duration  // for each step
	MostBytes      int64          // size of mail it takes, where that is less than it says; 0: what it says
}

// errTimeout says that a server did not answer in time.
var errTimeout = errors.New("the server did not answer in time")

// watched is a connection on which every read and write has to move on in
// time, and which is closed when the run is interrupted.
type watched struct {
	net.Conn
	timeout time.Duration
	late    *atomic.Bool
}

func (w watched) within(step func([]byte) (int, error), p []byte) (int, error) {
	timer := time.AfterFunc(w.timeout, func() {
		w.late.Store(true)
		_ = w.Conn.Close()
	})
	n, err := step(p)
	timer.Stop()
	if err != nil && w.late.Load() {
		err = errTimeout
	}
	return n, err
}

// Read reads within the time a step has.
func (w watched) Read(p []byte) (int, error) { return w.within(w.Conn.Read, p) }

// Write writes within the time a step has.
func (w watched) Write(p []byte) (int, error) { return w.within(w.Conn.Write, p) }

// session is one connection to a server.
type session struct {
	client  *smtp.Client
	server  Server
	most    int64
	release func() bool
}

// Dial connects, makes the way safe and signs in. A server that offers no TLS
// where it must, or refuses the password, is a *Reply of 5xx: trying again
// does not help.
func (s Server) Dial(ctx context.Context) (Transport, error) {
	dialer := net.Dialer{Timeout: s.Timeout}
	address := net.JoinHostPort(s.Host, strconv.Itoa(s.Port))
	raw, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("connecting to %s: %w", address, err)
	}
	var conn net.Conn = watched{raw, s.Timeout, &atomic.Bool{}}
	stop := context.AfterFunc(ctx, func() { _ = raw.Close() })
	if s.Security == Implicit {
		conn = tls.Client(conn, s.tls())
	}
	t, err := s.begin(conn)
	if err != nil {
		stop()
		return nil, errors.Join(err, ignoreClosed(conn.Close()))
	}
	t.release = stop
	return t, nil
}

// ignoreClosed drops the error of closing what is closed already.
func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

func (s Server) tls() *tls.Config {
	return &tls.Config{ServerName: s.Host, RootCAs: s.Roots, MinVersion: tls.VersionTLS12}
}

// begin speaks with a server up to the point where it takes mails.
func (s Server) begin(conn net.Conn) (*session, error) {
	client, err := smtp.NewClient(conn, s.Host)
	if err != nil {
		return nil, at("connect", err)
	}
	client.SkipSMTPUTF8(true)
	if err := client.Hello(s.Hello); err != nil {
		return nil, at("connect", err)
	}
	if s.Security == STARTTLS {
		if ok, _ := client.Extension("STARTTLS"); !ok {
			return nil, &Reply{Code: 530, Stage: "connect", Text: "the server offers no STARTTLS, so nothing is sent to it (mail.smtp.tls: implicit, if it speaks TLS from the start)"}
		}
		if err := client.StartTLS(s.tls()); err != nil {
			return nil, at("connect", err)
		}
	}
	if err := s.signIn(client); err != nil {
		return nil, err
	}
	t := &session{client: client, server: s, most: s.MostBytes}
	if ok, text := client.Extension("SIZE"); ok {
		if n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64); err == nil && n > 0 && (t.most == 0 || n < t.most) {
			t.most = n
		}
	}
	return t, nil
}

// signIn gives user and password to the server, where there are any.
func (s Server) signIn(client *smtp.Client) error {
	if s.User == "" {
		return nil
	}
	_, mechanisms := client.Extension("AUTH")
	auth := smtp.PlainAuth("", s.User, s.Password, s.Host, false)
	if !strings.Contains(" "+mechanisms+" ", " PLAIN ") {
		if !strings.Contains(" "+mechanisms+" ", " LOGIN ") {
			return &Reply{Code: 504, Stage: "auth", Text: fmt.Sprintf("the server takes neither PLAIN nor LOGIN as a way to sign in (it offers %q)", mechanisms)}
		}
		auth = smtp.LoginAuth(s.User, s.Password, s.Host, false)
	}
	return at("auth", client.Auth(auth))
}

// at says at which command something went wrong. An answer of the server
// becomes a *Reply; a certificate that is not trusted is one of 5xx too, because it stays
// so.
func at(stage string, err error) error {
	if err == nil {
		return nil
	}
	var answer *textproto.Error
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &answer):
		return &Reply{Code: answer.Code, Text: strconv.Itoa(answer.Code) + " " + strings.Join(strings.Fields(answer.Msg), " "), Stage: stage}
	case errors.As(err, &certificate):
		return &Reply{Code: 554, Stage: stage, Text: "the certificate of the server is not trusted: " + certificate.Err.Error()}
	}
	return fmt.Errorf("%s: %w", stage, err)
}

// MostBytes is the size the server said it takes, or the configured one where that is
// less.
func (t *session) MostBytes() int64 { return t.most }

// Send hands one mail over. Nothing is written after an error while the text is
// under way: the connection is dropped, because an orderly end would make
// the server take half a mail.
func (t *session) Send(_ context.Context, m *Mail, data []byte) error {
	if err := t.client.Mail("<" + t.server.From + ">"); err != nil {
		return t.refused("mail", err)
	}
	if err := t.client.Rcpt("<" + m.To + ">"); err != nil {
		return t.refused("rcpt", err)
	}
	w, err := t.client.Data()
	if err != nil {
		return t.refused("data", err)
	}
	if _, err := w.Write(data); err != nil {
		return at("data", err)
	}
	if err := w.Close(); err != nil {
		return at("data", err) // after an answer the server is ready for the next mail
	}
	return nil
}

// refused ends the transaction that the server refused, so that the next mail
// can begin.
func (t *session) refused(stage string, err error) error {
	said := at(stage, err)
	var reply *Reply
	if errors.As(said, &reply) && !reply.closes() {
		reply.broken = t.client.Reset() != nil
	}
	return said
}

// Close says goodbye.
func (t *session) Close() error {
	t.release()
	return ignoreClosed(t.client.Quit())
}
