package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"duepack/analysis/ledger"
	"duepack/closing"
	"duepack/delivery"
	"duepack/render/packdir"
)

// addSendFlags adds what send and close understand besides settings.
func addSendFlags(cmd *cobra.Command) {
	cmd.Flags().Bool("dry-run", false, "say what would be sent to whom; send and write nothing")
	cmd.Flags().Bool("retry-refused", false, "try again what a server refused for good")
}

// sendSettings are the flags of send that are settings: --as-of and --out.
var sendSettings = []flag{bookFlags[0], packFlags[0]}

func (a *app) sendCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "send [FOLDER]",
		Short: "Mail a pack that report wrote, once to each recipient",
		Long: "Mail the pack in FOLDER, else the newest one in the folder of packs, to those the config names under mail.\n" +
			"What was sent is noted in an outbox beside the pack; a run that was cut short is gone on with, and nothing\n" +
			"is sent twice. The SMTP user and password come from DUEPACK_SMTP_USER and DUEPACK_SMTP_PASSWORD or from\n" +
			"the file mail.smtp.credentials names.",
		Example: "  duepack send --dry-run\n  duepack send -c duepack.yaml\n  duepack send out/2026-10-31",
		Args:    cobra.MaximumNArgs(1),
		RunE:    a.send,
	}
	cmd.Flags().StringP("config", "c", "", "config file (default ./duepack.yaml)")
	cmd.Flags().Bool("quiet", false, "print no results and no notes: only errors")
	addFlags(cmd, sendSettings)
	addSendFlags(cmd)
	return cmd
}

// send mails what report wrote. It reads no ledger.
func (a *app) send(cmd *cobra.Command, args []string) error {
	s, err := a.readSettings(cmd, nil, sendSettings)
	if err != nil {
		return err
	}
	quiet, err := a.quiet(cmd)
	if err != nil {
		return err
	}
	m, err := a.mailing(s)
	if err != nil {
		return err
	}
	w, err := s.packToSend(args)
	if err != nil {
		return err
	}
	if dry, _ := cmd.Flags().GetBool("dry-run"); dry {
		return a.dryRun(s, w, m)
	}
	unlock, err := delivery.Lock(filepath.Dir(w.Folder))
	if err != nil {
		return busy(err)
	}
	defer unlock() //nolint:errcheck // the system unlocks when the process ends
	u := a.unattended(cmd, s, filepath.Dir(w.Folder), quiet)
	return u.finish(cmd.Context(), u.phase("send", func() error { return u.deliver(cmd.Context(), w, m) }))
}

// busy makes a folder that another run has locked a failure of usage.
func busy(err error) error {
	if errors.Is(err, delivery.ErrBusy) || errors.Is(err, packdir.ErrBusy) {
		return usage("%w; this one leaves", err)
	}
	return cannotWrite(err)
}

// packToSend returns the pack of a folder that is named, of the as-of date that
// was given, or the newest one.
func (s *settings) packToSend(args []string) (*packdir.Written, error) {
	folder := ""
	switch {
	case len(args) > 0:
		folder = filepath.Clean(args[0])
	case s.asOf.given():
		folder = filepath.Join(s.outDir.value, s.asOf.value.String())
	default:
		folders, err := packdir.Folders(s.outDir.value)
		if err != nil {
			return nil, cannotRead(s.outDir.value, err)
		}
		if len(folders) == 0 {
			return nil, usage("%s: there is no pack to send (duepack report writes one)", s.outDir.value)
		}
		folder = folders[len(folders)-1]
	}
	w, err := packdir.Open(folder)
	if errors.Is(err, packdir.ErrNoPack) {
		return nil, usage("%w", err)
	}
	if err != nil {
		return nil, cannotRead(folder, err)
	}
	if breaches := s.policy().Written(w); len(breaches) > 0 {
		return nil, broken(breaches)
	}
	return w, nil
}

// broken is the failure of a pack that breaks the policy.
func broken(breaches []closing.Breach) error {
	code := exitUntied
	texts := make([]string, len(breaches))
	for i, b := range breaches {
		texts[i] = b.Error()
		if b.Code != closing.Tie {
			code = exitRejected
		}
	}
	return &failure{code, fmt.Errorf("nothing was sent: %s", strings.Join(texts, "; "))}
}

// outboxPath returns the record of who was sent the packs of an as-of date. It
// is beside the pack, because the pack is swapped when it is written again.
func outboxPath(dir string, asOf ledger.Date) string {
	return filepath.Join(dir, asOf.String()+".outbox.jsonl")
}

// dryRun prints what would be sent to whom.
func (a *app) dryRun(s *settings, w *packdir.Written, m *mailing) error {
	path := outboxPath(filepath.Dir(w.Folder), w.AsOf)
	box, err := delivery.Look(path)
	if err != nil {
		return cannotRead(path, err)
	}
	_, people, err := s.parcels(w, box, m)
	if err != nil {
		return err
	}
	fmt.Fprintln(a.stdout, w.Folder)
	printAddressees(a.stdout, people, func(p *addressee) string {
		last, _ := box.Last(w.Hash, p.key())
		switch {
		case p.refuse != "":
			return p.refuse
		case last.State == delivery.Sent:
			return "sent already"
		case last.State == delivery.Refused:
			return "refused before"
		}
		return "to send"
	})
	return nil
}

// printAddressees prints one line a mail: whom it is for, the address, the
// language, and its state.
func printAddressees(out io.Writer, people []addressee, state func(*addressee) string) {
	rows := make([][]string, len(people))
	for i := range people {
		to := "-"
		if people[i].address != nil {
			to = people[i].address.Address
		}
		rows[i] = []string{people[i].label, to, people[i].lang, state(&people[i])}
	}
	if len(rows) > 0 {
		for line := range strings.Lines(align(rows, 4)) {
			fmt.Fprintln(out, strings.TrimRight(line, " \n"))
		}
	}
}

// deliver sends a pack to everybody who does not have it yet.
func (u *unattended) deliver(ctx context.Context, w *packdir.Written, m *mailing) (err error) {
	u.record.AsOf, u.record.Pack = w.AsOf.String(), w.Hash
	box, err := delivery.Open(outboxPath(u.dir, w.AsOf))
	if err != nil {
		return cannotWrite(err)
	}
	defer func() { err = errors.Join(err, box.Close()) }()
	mails, _, err := u.settings.parcels(w, box, m)
	if err != nil {
		return err
	}
	retry, _ := u.cmd.Flags().GetBool("retry-refused")
	bar := u.app.bar(len(mails), "sending", u.quiet)
	c := &delivery.Courier{Pack: w.Hash, Outbox: box, Open: m.open, Retry: m.retry, RetryRefused: retry, Now: u.app.now,
		Told: func(mail *delivery.Mail, e delivery.Entry) {
			if e.State == delivery.Sent {
				bar.step()
			}
			u.told(mail, e)
		}}
	u.app.interrupted = "what was sent is noted, and the next run goes on"
	outcome, err := c.Deliver(ctx, mails)
	bar.done()
	if err != nil {
		return err
	}
	counts := &u.record.Counts
	counts.Sent, counts.Already, counts.Waiting, counts.Refused = outcome.Sent, outcome.Already, outcome.Waiting, outcome.Refused
	if !u.quiet {
		fmt.Fprintf(u.app.stdout, "%s: %d sent, %d sent before, %d waiting, %d refused\n", w.AsOf, outcome.Sent, outcome.Already, outcome.Waiting, outcome.Refused)
	}
	return incomplete(outcome)
}

// told logs what became of one mail; the server's own words, which may hold an
// address, stay out of the log for machines.
func (u *unattended) told(m *delivery.Mail, e delivery.Entry) {
	if e.State == delivery.Sent {
		delete(u.undelivered, m.Label)
	} else {
		u.undelivered[m.Label] = e.Reply
	}
	switch {
	case u.app.machine != nil:
		u.app.event("mail", "to", m.Label, "state", string(e.State), "code", e.Code, "tries", e.Tries)
	case e.State != delivery.Sent:
		u.app.logf("%s: %s: %s", m.Label, e.State, e.Reply)
	}
}
