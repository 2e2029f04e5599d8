// Package smtptest is a mail server in the process of a test: it notes what it
// takes, refuses what it is told to, and hangs up at any command.
package smtptest

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Mail is one mail the server took.
type Mail struct {
	From, To string
	Data     []byte
	User     string // who was signed in
	TLS      bool
}

// Options say how a server behaves. The zero value takes everything.
type Options struct {
	TLS      *tls.Config // offers STARTTLS
	Implicit bool        // speaks TLS from the start, with TLS
	MaxBytes int64       // announced by SIZE
	User     string      // wanted, with Password, before a mail
	Password string
	// Rcpt and Data may refuse a recipient or a mail with an *smtp.SMTPError.
	Rcpt func(to string) error
	Data func(to string, data []byte) error
	// Cut hangs up at a command; see Cut.
	Cut *Cut
}

// Server is a server that runs until its test ends, or Stop.
type Server struct {
	Host string
	Port int

	mutex  sync.Mutex
	mails  []Mail
	server *smtp.Server
	opt    Options
	listen net.Listener
}

// Start starts a server on a free port of this machine.
func Start(t testing.TB, opt Options) *Server {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{Host: "127.0.0.1", Port: listener.Addr().(*net.TCPAddr).Port, opt: opt, listen: listener}
	s.server = smtp.NewServer(s)
	s.server.Domain = "mail.test"
	s.server.AllowInsecureAuth = false
	s.server.MaxMessageBytes = opt.MaxBytes
	s.server.TLSConfig = opt.TLS
	s.server.ErrorLog = silent{}
	if opt.Cut != nil {
		listener = &cutListener{listener, opt.Cut}
	}
	if opt.Implicit {
		listener = tls.NewListener(listener, opt.TLS)
	}
	go func() { _ = s.server.Serve(listener) }()
	t.Cleanup(s.Stop)
	return s
}

// Stop ends the server and all its connections.
func (s *Server) Stop() { _ = s.server.Close() }

// Mails returns what the server took so far.
func (s *Server) Mails() []Mail {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return append([]Mail(nil), s.mails...)
}

type silent struct{}

// Printf and Println drop what the server would log.
func (silent) Printf(string, ...interface{}) {}

// Println drops what the server would log.
func (silent) Println(...interface{}) {}

// NewSession begins a connection; the server calls it.
func (s *Server) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &session{server: s, conn: c}, nil
}

type session struct {
	server         *Server
	conn           *smtp.Conn
	from, to, user string
}

// AuthMechanisms lists the ways to sign in.
func (c *session) AuthMechanisms() []string {
	if c.server.opt.User == "" {
		return nil
	}
	return []string{sasl.Plain}
}

// Auth checks user and password.
func (c *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != c.server.opt.User || password != c.server.opt.Password {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "wrong user or password"}
		}
		c.user = user
		return nil
	}), nil
}

// Mail begins a mail.
func (c *session) Mail(from string, _ *smtp.MailOptions) error {
	if c.server.opt.User != "" && c.user == "" {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "sign in first"}
	}
	c.from = from
	return nil
}

// Rcpt takes or refuses a recipient.
func (c *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	c.to = to
	if c.server.opt.Rcpt == nil {
		return nil
	}
	return c.server.opt.Rcpt(to)
}

// Data takes or refuses the text.
func (c *session) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if c.server.opt.Data != nil {
		if err := c.server.opt.Data(c.to, data); err != nil {
			return err
		}
	}
	_, secure := c.conn.TLSConnectionState()
	c.server.mutex.Lock()
	defer c.server.mutex.Unlock()
	c.server.mails = append(c.server.mails, Mail{c.from, c.to, data, c.user, secure})
	return nil
}

// Reset ends a mail.
func (c *session) Reset() { c.from, c.to = "", "" }

// Logout ends the connection.
func (c *session) Logout() error { return nil }

// Cut hangs up at a command of a plain connection: before the server sees it,
// or after the server's answer, which is then lost.
type Cut struct {
	Command string // "MAIL", "RCPT", "DATA", "BODY" in the middle of a text, "." at its end, "RSET", "QUIT", "EHLO", "CONNECT"
	Times   int    // how often; then everything works
	Lost    bool   // the server takes the command, and only its answer is lost
	Silent  bool   // does not hang up but says nothing more

	mutex sync.Mutex
}

func (c *Cut) due() bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.Times <= 0 {
		return false
	}
	c.Times--
	return true
}

type cutListener struct {
	net.Listener
	cut *Cut
}

// Accept returns a connection that the cut watches.
func (l *cutListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &cutConn{Conn: conn, cut: l.cut, lines: bufio.NewReader(conn)}, nil
}

// cutConn gives the server the client's lines one by one.
type cutConn struct {
	net.Conn
	cut   *Cut
	lines *bufio.Reader
	rest  []byte
	text  bool // between DATA and the end of the text
	read  int
	mute  bool // answers are dropped
}

var errCut = errors.New("cut")

func (c *cutConn) hit(command string) bool { return c.cut.Command == command && c.cut.due() }

// Read gives the server the next line of the client, unless it is cut there.
func (c *cutConn) Read(p []byte) (int, error) {
	if len(c.rest) == 0 {
		line, err := c.lines.ReadBytes('\n')
		if err != nil {
			return 0, err
		}
		if c.hit(c.command(line)) {
			if !c.cut.Lost {
				return 0, c.end()
			}
			c.mute = true
		}
		c.rest = line
	}
	n := copy(p, c.rest)
	c.rest = c.rest[n:]
	return n, nil
}

// command names what a line is.
func (c *cutConn) command(line []byte) string {
	if c.text {
		c.read++
		if string(bytes.TrimSpace(line)) == "." {
			c.text, c.read = false, 0
			return "."
		}
		if c.read == 3 {
			return "BODY"
		}
		return ""
	}
	word, _, _ := strings.Cut(strings.TrimSpace(string(line)), " ")
	word = strings.ToUpper(word)
	c.text = word == "DATA"
	return word
}

// end hangs up, or never answers again.
func (c *cutConn) end() error {
	if c.cut.Silent {
		_, _ = io.Copy(io.Discard, c.Conn)
	}
	_ = c.Conn.Close()
	return errCut
}

// Write gives the client the server's answer, unless it is cut there.
func (c *cutConn) Write(p []byte) (int, error) {
	if bytes.HasPrefix(p, []byte("220")) && c.hit("CONNECT") || c.mute {
		return 0, c.end()
	}
	return c.Conn.Write(p)
}

// Certificate returns a certificate for 127.0.0.1 and localhost, and the PEM of the
// authority to trust, which is itself.
func Certificate(t testing.TB) (*tls.Config, []byte) {
	t.Helper()
	key, der := newCertificate(t)
	config := &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	return config, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// KeyAndCertificate returns such a certificate behind its key in PEM, as servers
// read them.
func KeyAndCertificate(t testing.TB) []byte {
	t.Helper()
	key, der := newCertificate(t)
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return append(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
}

func newCertificate(t testing.TB) (*ecdsa.PrivateKey, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail.test"},
		NotBefore: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2090, 1, 1, 0, 0, 0, 0, time.UTC),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"localhost"},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return key, der
}
