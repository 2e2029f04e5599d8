package main

import (
	"fmt"
	netmail "net/mail"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/goccy/go-yaml/ast"

	"duepack/analysis/ledger"
	"duepack/closing"
	"duepack/delivery"
	"duepack/render/mail"
)

// The part of duepack.yaml that send and close read.

// recipient is somebody the config names.
type recipient struct {
	address *netmail.Address
	lang    string // "" for the language of the book
	rep     string // id of the rep whose page it is
	place   string
}

// repMails says which reps are sent their page.
type repMails struct {
	sheet bool // every one that has an address in the Reps sheet
	list  []recipient
}

// mailSettings are the settings under mail.
type mailSettings struct {
	from                    setting[*netmail.Address]
	executives, accountants setting[[]recipient]
	reps                    setting[repMails]
	onFailure               setting[[]recipient]
	folder                  setting[string]
	host, hello             setting[string]
	port                    setting[int]
	security                setting[delivery.Security]
	credentials, roots      setting[string] // files
	dkimDomain, selector    setting[string]
	keyFile                 setting[string]
	timeout                 setting[time.Duration]
	mostBytes               setting[int64]
	retry                   setting[[]time.Duration]
}

// closeSettings are the settings under close.
type closeSettings struct {
	maxAge  setting[time.Duration]
	tieOut  setting[closing.TieOut]
	errors  setting[int]
	fewer   setting[ledger.Ratio]
	change  setting[ledger.Ratio]
	keep    setting[int]
	metrics setting[string]
}

// mailKeys are the keys of the config table that send and close read.
var mailKeys = []configKey{
	{"mail.from", one(parseAddress, func(s *settings) *setting[*netmail.Address] { return &s.mail.from })},
	{"mail.executives", recipients(func(s *settings) *setting[[]recipient] { return &s.mail.executives })},
	{"mail.accountants", recipients(func(s *settings) *setting[[]recipient] { return &s.mail.accountants })},
	{"mail.reps", (*configReader).readRepMails},
	{"mail.on_failure", recipients(func(s *settings) *setting[[]recipient] { return &s.mail.onFailure })},
	{"mail.folder", pathKey(func(s *settings) *setting[string] { return &s.mail.folder })},
	{"mail.smtp.host", one(parseHost, func(s *settings) *setting[string] { return &s.mail.host })},
	{"mail.smtp.port", one(parsePort, func(s *settings) *setting[int] { return &s.mail.port })},
	{"mail.smtp.tls", one(choice("bad-tls", delivery.STARTTLS, delivery.Implicit, delivery.Plain), func(s *settings) *setting[delivery.Security] { return &s.mail.security })},
	{"mail.smtp.credentials", pathKey(func(s *settings) *setting[string] { return &s.mail.credentials })},
	{"mail.smtp.ca", pathKey(func(s *settings) *setting[string] { return &s.mail.roots })},
	{"mail.smtp.hello", one(parseHost, func(s *settings) *setting[string] { return &s.mail.hello })},
	{"mail.smtp.timeout", one(parseDuration, func(s *settings) *setting[time.Duration] { return &s.mail.timeout })},
	{"mail.dkim.domain", one(parseDomain, func(s *settings) *setting[string] { return &s.mail.dkimDomain })},
	{"mail.dkim.selector", one(parseDomain, func(s *settings) *setting[string] { return &s.mail.selector })},
	{"mail.dkim.key_file", pathKey(func(s *settings) *setting[string] { return &s.mail.keyFile })},
	{"mail.max_size", one(parseBytes, func(s *settings) *setting[int64] { return &s.mail.mostBytes })},
	{"mail.retry", many(func(_ scalar, items []scalar) ([]time.Duration, error) { return each(parseDuration, items) }, func(s *settings) *setting[[]time.Duration] { return &s.mail.retry })},
	{"close.max_age", one(parseDuration, func(s *settings) *setting[time.Duration] { return &s.closing.maxAge })},
	{"close.tie_out", one(choice("bad-tie-out", closing.TieOutRequired, closing.TieOutGiven, closing.TieOutIgnored), func(s *settings) *setting[closing.TieOut] { return &s.closing.tieOut })},
	{"close.errors", one(parseCount, func(s *settings) *setting[int] { return &s.closing.errors })},
	{"close.rows", one(parseShareOrAny, func(s *settings) *setting[ledger.Ratio] { return &s.closing.fewer })},
	{"close.total", one(parseShareOrAny, func(s *settings) *setting[ledger.Ratio] { return &s.closing.change })},
	{"close.keep", one(parseKeep, func(s *settings) *setting[int] { return &s.closing.keep })},
	{"close.metrics", pathKey(func(s *settings) *setting[string] { return &s.closing.metrics })},
}

// The defaults under mail and close.
var (
	defaultRetry = []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute}
	// Exports are written overnight: a week is none.
	defaultMaxAge  = 7 * 24 * time.Hour
	defaultTimeout = time.Minute
	defaultFewer   = ledger.Ratio{Num: 1, Den: 5}
	defaultChange  = ledger.Ratio{Num: 1, Den: 2}
)

// fillMail gives defaults to what stands under mail and close.
func (s *settings) fillMail() {
	m, c := &s.mail, &s.closing
	m.security.fill(delivery.STARTTLS, origin{})
	port := 587
	if m.security.value == delivery.Implicit {
		port = 465
	} else if m.security.value == delivery.Plain {
		port = 25
	}
	m.port.fill(port, origin{})
	m.timeout.fill(defaultTimeout, origin{})
	m.retry.fill(defaultRetry, origin{})
	c.maxAge.fill(defaultMaxAge, origin{})
	c.tieOut.fill(closing.TieOutGiven, origin{})
	c.fewer.fill(defaultFewer, origin{})
	c.change.fill(defaultChange, origin{})
}

// policy returns what close asks of a pack.
func (s *settings) policy() closing.Policy {
	c := &s.closing
	return closing.Policy{MaxAge: c.maxAge.value, TieOut: c.tieOut.value, Errors: c.errors.value, Fewer: c.fewer.value, Change: c.change.value}
}

// wantsMail reports whether the config names anybody a pack is sent to.
func (s *settings) wantsMail() bool {
	m := &s.mail
	return len(m.executives.value)+len(m.accountants.value)+len(m.reps.value.list) > 0 || m.reps.value.sheet
}

// secretKeys are what people call a secret that they write into a config, where everybody who
// may read the settings of a report may read it too.
var secretKeys = []string{"password", "passwd", "pass", "user", "username", "login", "secret", "token", "auth", "key", "api_key", "private_key"}

// misplacedSecret refuses a secret in the config, and does not repeat it.
func misplacedSecret(place, path string) error {
	if strings.HasPrefix(path, "mail.dkim.") {
		return &settingError{place, "secret-in-config", path + ": a key does not belong into this file", "name the file it is in as mail.dkim.key_file"}
	}
	return &settingError{place, "secret-in-config", fmt.Sprintf("%s: user and password do not belong into this file", path),
		"set DUEPACK_SMTP_USER and DUEPACK_SMTP_PASSWORD, or name a file with both as mail.smtp.credentials"}
}

// isSecretKey reports whether a key of the config that is none is what somebody
// would call a secret.
func isSecretKey(prefix, key string) bool {
	return (strings.HasPrefix(prefix, "mail.")) && slices.Contains(secretKeys, strings.ToLower(key))
}

// isSecretFlag reports whether a flag that is none is what somebody would give
// a secret with.
func isSecretFlag(name string) bool {
	name = strings.TrimPrefix(strings.ToLower(name), "smtp-")
	return slices.Contains(secretKeys, strings.ReplaceAll(name, "-", "_"))
}

func parseAddress(s scalar) (*netmail.Address, error) {
	address, err := mail.ParseAddress(s.text)
	if err != nil {
		return nil, s.bad("bad-address", "%v", err)
	}
	return address, nil
}

// parseHost reads a name of a host. A secret that is part of an address of a
// server is not repeated.
func parseHost(s scalar) (string, error) {
	host := strings.TrimSpace(s.text)
	switch {
	case strings.Contains(host, "@"):
		return "", misplacedSecret(s.place, "mail.smtp.host")
	case host == "" || strings.ContainsAny(host, "/ \t\r\n") || strings.Count(host, ":") == 1:
		return "", s.bad("bad-host", "%q is not the name of a host (want smtp.example.com, and the port as mail.smtp.port)", s.text)
	}
	return host, nil
}

// domainName are the names that a DNS record can be looked up at. It is compiled
// when it is needed: the repetitions make it a long program.
var domainName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$`) })

// parseDomain reads a domain or a DKIM selector, which is a part of one.
func parseDomain(s scalar) (string, error) {
	name := strings.ToLower(strings.TrimSpace(s.text))
	if !domainName().MatchString(name) || len(name) > 200 {
		return "", s.bad("bad-domain", "%q is not a name in the DNS (want letters of ASCII, digits, hyphens and points)", s.text)
	}
	return name, nil
}

func parsePort(s scalar) (int, error) {
	n, err := strconv.Atoi(s.text)
	if err != nil || n < 1 || n > 65535 {
		return 0, s.bad("bad-port", "%q is not a port (want 1 to 65535)", s.text)
	}
	return n, nil
}

func parseCount(s scalar) (int, error) {
	n, err := strconv.Atoi(s.text)
	if err != nil || n < 0 {
		return 0, s.bad("bad-count", "%q is not a number of things", s.text)
	}
	return n, nil
}

// parseKeep reads how many packs are kept.
func parseKeep(s scalar) (int, error) {
	n, err := parseCount(s)
	if err == nil && n == 0 {
		err = s.bad("bad-count", "0 packs cannot be kept (leave the key out to keep all)")
	}
	return n, err
}

// parseDuration reads 90s, 30m, 36h or 2d.
func parseDuration(s scalar) (time.Duration, error) {
	text := strings.TrimSpace(s.text)
	if days, ok := strings.CutSuffix(text, "d"); ok {
		if n, err := strconv.Atoi(days); err == nil && n >= 0 && n <= 36500 {
			return time.Duration(n) * 24 * time.Hour, nil
		}
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return 0, s.bad("bad-duration", "%q is not a duration (want 90s, 30m, 36h or 2d)", s.text)
	}
	return d, nil
}

// parseBytes reads 10MB, 500kB or a number of bytes.
func parseBytes(s scalar) (int64, error) {
	text, factor := strings.ToLower(strings.ReplaceAll(s.text, " ", "")), int64(1)
	for _, unit := range []struct {
		suffix string
		factor int64
	}{{"mb", 1_000_000}, {"m", 1_000_000}, {"kb", 1000}, {"k", 1000}} {
		if number, ok := strings.CutSuffix(text, unit.suffix); ok {
			text, factor = number, unit.factor
			break
		}
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n <= 0 || n > 1<<40/factor {
		return 0, s.bad("bad-size", "%q is not a size (want 10MB, 500kB or a number of bytes)", s.text)
	}
	return n * factor, nil
}

// parseShareOrAny reads a share, or any, which asks nothing.
func parseShareOrAny(s scalar) (ledger.Ratio, error) {
	if strings.EqualFold(strings.TrimSpace(s.text), "any") {
		return ledger.Ratio{}, nil
	}
	return parseRate(s)
}

// pathKey reads a path, which counts from the folder of the config.
func pathKey(field func(*settings) *setting[string]) func(*configReader, ast.Node) error {
	return func(r *configReader, n ast.Node) error {
		item, err := r.scalarOf(n)
		if err != nil {
			return err
		}
		path, err := parsePath(item)
		if err != nil {
			return err
		}
		field(r.into).take(resolve(r.base, path), r.origin(n))
		return nil
	}
}

// recipients reads a list of addresses or of maps {to, lang}.
func recipients(field func(*settings) *setting[[]recipient]) func(*configReader, ast.Node) error {
	return func(r *configReader, n ast.Node) error {
		var list []recipient
		for _, item := range itemsOf(n) {
			one, err := r.readRecipient(item, false)
			if err != nil {
				return err
			}
			list = append(list, one)
		}
		field(r.into).take(list, r.origin(n))
		return nil
	}
}

// itemsOf returns the items of a list; anything else is a list of one.
func itemsOf(n ast.Node) []ast.Node {
	if sequence, ok := n.(*ast.SequenceNode); ok {
		return sequence.Values
	}
	return []ast.Node{n}
}

func (r *configReader) readRecipient(n ast.Node, ofRep bool) (recipient, error) {
	one := recipient{place: r.place(firstToken(n))}
	if _, ok := pairs(n); !ok && !ofRep {
		item, err := r.scalarOf(n)
		if err == nil {
			one.address, err = parseAddress(item)
		}
		return one, err
	}
	fields := map[string]func(scalar) error{
		"to":   func(s scalar) (err error) { one.address, err = parseAddress(s); return err },
		"lang": func(s scalar) (err error) { one.lang, err = parseLanguage(s); return err },
	}
	if ofRep {
		fields["rep"] = func(s scalar) error { one.rep = s.text; return nil }
	}
	err := r.readFields(n, fields)
	switch {
	case err != nil:
	case ofRep && one.rep == "":
		err = r.bad(n, "bad-recipient", "want the rep and the address: {rep: R07, to: ana@example.com}")
	case one.address == nil && !(ofRep && one.lang != ""):
		err = r.bad(n, "bad-recipient", "want an address: {to: ana@example.com, lang: zh-CN}")
	}
	return one, err
}

// readRepMails reads mail.reps: none, sheet, or a list of maps {rep, to, lang}
// in which sheet may stand for all that have an address in the Reps sheet.
func (r *configReader) readRepMails(n ast.Node) error {
	var mails repMails
	for _, item := range itemsOf(n) {
		if _, ok := pairs(item); ok {
			one, err := r.readRecipient(item, true)
			if err != nil {
				return err
			}
			mails.list = append(mails.list, one)
			continue
		}
		word, err := r.scalarOf(item)
		switch {
		case err != nil:
			return err
		case word.text == "sheet":
			mails.sheet = true
		case word.text != "none":
			return word.bad("bad-recipient", "%q is neither sheet, none, nor a rep as {rep: R07, to: ana@example.com}", word.text)
		}
	}
	r.into.mail.reps.take(mails, r.origin(n))
	return nil
}
