package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"duepack/closing"
	"duepack/delivery"
	"duepack/render"
	"duepack/render/mail"
)

// unattended is a run that nobody may be watching: it keeps a record, and says
// by mail what went wrong.
type unattended struct {
	app      *app
	cmd      *cobra.Command
	settings *settings
	dir      string // of the packs
	quiet    bool
	record   closing.Record

	problems    []string          // lines about the input and the policy
	undelivered map[string]string // why, by label
	sentAny     bool              // the pack has passed the policy and its delivery has begun
}

func (a *app) unattended(cmd *cobra.Command, s *settings, dir string, quiet bool) *unattended {
	return &unattended{app: a, cmd: cmd, settings: s, dir: dir, quiet: quiet, undelivered: map[string]string{},
		record: closing.Record{Run: a.runID(), Command: cmd.Name(), Version: buildVersion(), Started: a.now().UTC(), Breaches: []string{}, Phases: []closing.Phase{}}}
}

// runID names this run in logs and records.
func (a *app) runID() string {
	if a.id == "" {
		var id [8]byte
		_, _ = rand.Read(id[:]) // documented never to fail
		a.id = hex.EncodeToString(id[:])
	}
	return a.id
}

// phase does a part of the run and notes how long it took.
func (u *unattended) phase(name string, do func() error) error {
	began := u.app.now()
	err := do()
	took := u.app.now().Sub(began).Seconds()
	u.record.Phases = append(u.record.Phases, closing.Phase{Name: name, Seconds: took})
	u.app.event("phase", "phase", name, "seconds", took, "ok", err == nil)
	return err
}

// finish writes the record of the run and returns its outcome. A record that
// cannot be written is an error only where nothing else went wrong.
func (u *unattended) finish(ctx context.Context, outcome error) error {
	code := exitCode(outcome)
	if ctx.Err() != nil {
		code = exitInterrupted
	}
	err := u.record.Finish(u.dir, u.settings.closing.metrics.value, code, u.app.now())
	c := u.record.Counts
	u.app.event("done", "exit_code", code, "lines", c.Lines, "errors", c.Errors, "sent", c.Sent, "already_sent", c.Already, "waiting", c.Waiting, "refused", c.Refused)
	if outcome == nil && err != nil {
		return cannotWrite(err)
	}
	return outcome
}

// complain mails what went wrong to those of mail.on_failure, once a day for the
// same trouble. What goes wrong with that is printed, and changes nothing about the
// outcome of the run.
func (u *unattended) complain(ctx context.Context, m *mailing, outcome error) {
	to := u.settings.mail.onFailure.value
	if outcome == nil || len(to) == 0 || errors.Is(outcome, context.Canceled) || ctx.Err() != nil {
		return
	}
	box, err := delivery.Open(filepath.Join(u.dir, "failures.outbox.jsonl"))
	if err != nil {
		u.app.logf("the mail about this failure could not be sent: %v", err)
		return
	}
	defer box.Close() //nolint:errcheck // what was noted is on disk
	mails := make([]delivery.Mail, len(to))
	trouble := ""
	for i, r := range to {
		subject, text, err := u.complaint(r, outcome)
		if err != nil {
			u.app.logf("the mail about this failure could not be written: %v", err)
			return
		}
		trouble += text
		mails[i] = u.complaintTo(i, r, m, subject, text)
	}
	sum := sha256.Sum256([]byte(u.app.now().UTC().Format(time.DateOnly) + trouble))
	c := &delivery.Courier{Pack: "failure " + hex.EncodeToString(sum[:]), Outbox: box, Open: m.open, Now: u.app.now}
	if exitCode(outcome) != exitIncomplete { // a server that did not answer was given its time already
		c.Retry = m.retry
	}
	for i := range mails {
		mails[i].ID = mail.ID(c.Pack, mails[i].Recipient, m.from.Address)
	}
	switch sent, err := c.Deliver(ctx, mails); {
	case err != nil:
		u.app.logf("the mail about this failure could not be sent: %v", err)
	case !sent.Complete():
		u.app.logf("the mail about this failure could not be sent to all of mail.on_failure: %s", cmp.Or(withoutAddress(sent.Why), "see failures.outbox.jsonl"))
	}
}

func (u *unattended) complaintTo(i int, r recipient, m *mailing, subject, text string) delivery.Mail {
	out := delivery.Mail{Recipient: "on_failure " + r.address.Address, Label: fmt.Sprintf("on_failure[%d]", i), To: r.address.Address}
	out.Compose = func(date time.Time, _ int64) ([]byte, error) {
		id := mail.ID("run "+u.record.Run, out.Recipient, m.from.Address)
		return m.signed(date, 0, func(int64) ([]byte, error) {
			return mail.Plain(subject, text+"\n"+u.app.runLine(u), mail.Envelope{From: m.from, To: r.address, ID: id, Date: date})
		})
	}
	return out
}

// runLine names the run, so that its log can be found.
func (a *app) runLine(u *unattended) string {
	return fmt.Sprintf("duepack %s, run %s\n", u.record.Version, u.record.Run)
}

// complaint writes the mail about a failure in the language of its recipient.
// The run's own id stays out: the same trouble is the same text.
func (u *unattended) complaint(r recipient, outcome error) (subject, text string, err error) {
	lang := u.settings.language.value
	if r.lang != "" {
		lang = r.lang
	}
	w, err := render.New(lang)
	if err != nil {
		return "", "", err
	}
	book := render.Clean(u.settings.name.value)
	if book == "" {
		book = "duepack"
	}
	subject = w.Text("mail.failed_subject", book, u.app.now().UTC().Format(time.DateOnly))
	var t strings.Builder
	reach := "mail.failed_nobody"
	if u.sentAny {
		reach = "mail.failed_partly"
	}
	fmt.Fprintf(&t, "%s\n\n%s\n", w.Text(reach), w.Text("mail.failed_why"))
	for _, line := range u.problems {
		fmt.Fprintf(&t, "  %s\n", line)
	}
	if message := outcome.Error(); message != "" {
		fmt.Fprintf(&t, "  %s\n", message)
	}
	for _, label := range slices.Sorted(maps.Keys(u.undelivered)) {
		fmt.Fprintf(&t, "  %s: %s\n", label, u.undelivered[label])
	}
	fmt.Fprintf(&t, "\n%s\n%s\n", w.Text("mail.failed_do"), w.Text("mail.failed_code", fmt.Sprint(exitCode(outcome))))
	return subject, t.String(), nil
}
