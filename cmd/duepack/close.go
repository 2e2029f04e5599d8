package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"duepack/analysis"
	"duepack/closing"
	"duepack/delivery"
	"duepack/ingest"
	"duepack/render/mail"
	"duepack/render/packdir"
)

func (a *app) closeCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "close [FILE...]",
		Short: "Check, report and send as one run, for cron",
		Long: "Read the ledger, hold it against the policy under close in the config, write the pack and mail it. Where the\n" +
			"policy is broken nobody is sent the pack, and those of mail.on_failure are told why. It waits for nothing and\n" +
			"asks nothing; docs/operations.md has lines for cron and systemd.",
		Example: "  duepack close -c duepack.yaml --dry-run\n  duepack close -c duepack.yaml --log json",
		RunE:    a.closeBooks,
	}
	addBookFlags(cmd)
	addFlags(cmd, packFlags)
	addSendFlags(cmd)
	return cmd
}

// closeBooks is check, report and send in one run.
func (a *app) closeBooks(cmd *cobra.Command, files []string) error {
	s, err := a.readSettings(cmd, files, append(bookFlags[:len(bookFlags):len(bookFlags)], packFlags...))
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
	if err := s.checkAttachments(); err != nil {
		return err
	}
	u := a.unattended(cmd, s, s.outDir.value, quiet)
	if dry, _ := cmd.Flags().GetBool("dry-run"); dry {
		pack, b, err := u.prepare(cmd.Context())
		if err != nil {
			return err
		}
		return u.rehearse(b, pack)
	}
	unlock, err := delivery.Lock(u.dir)
	if err != nil {
		return busy(err)
	}
	defer unlock() //nolint:errcheck // the system unlocks when the process ends
	defer func() {
		if p := recover(); p != nil { // somebody has to learn of it, here too
			failed := fmt.Errorf("internal error: %v", p)
			u.complain(cmd.Context(), m, failed)
			_ = u.finish(cmd.Context(), failed)
			panic(p)
		}
	}()
	outcome := u.closeAll(cmd.Context(), m)
	u.complain(cmd.Context(), m, outcome)
	return u.finish(cmd.Context(), outcome)
}

// closeAll does the phases of a close in order, up to the first that fails.
func (u *unattended) closeAll(ctx context.Context, m *mailing) error {
	pack, b, err := u.prepare(ctx)
	if err != nil && (pack == nil || exitCode(err) != exitUntied) {
		return err
	}
	untied := err // the pack is written, because the difference is in it, and not sent
	var folder string
	if err := u.phase("write", func() (err error) { folder, err = b.write(ctx, pack); return err }); err != nil {
		return err
	}
	if !u.quiet {
		fmt.Fprintln(u.app.stdout, folder)
		printSummary(u.app.stdout, pack, b.words)
	}
	if untied != nil {
		return untied
	}
	w, err := packdir.Open(folder)
	if err != nil {
		return err
	}
	if !madeOf(w, pack) {
		return usage("%s: another run has replaced the pack since it was held against the policy; nothing was sent", folder)
	}
	u.sentAny = true
	if err := u.phase("send", func() error { return u.deliver(ctx, w, m) }); err != nil {
		return err
	}
	return u.phase("keep", u.prune)
}

// madeOf reports whether a pack on disk was made from the inputs of a pack.
func madeOf(w *packdir.Written, pack *analysis.Pack) bool {
	var inputs []string
	for _, in := range pack.Inputs {
		inputs = append(inputs, in.SHA256)
	}
	return slices.Equal(w.Inputs, inputs)
}

// prepare reads the book, computes the pack and holds both against the policy.
// Where only the tie-out is broken the pack is returned beside the error.
func (u *unattended) prepare(ctx context.Context) (*analysis.Pack, *book, error) {
	policy := u.settings.policy()
	var b *book
	var breaches []closing.Breach
	err := u.phase("read", func() (err error) {
		inputs, err := u.settings.inputFiles()
		if err != nil {
			return err
		}
		ages, err := modified(inputs)
		if err != nil {
			return err
		}
		breaches = policy.Age(ages, u.app.now())
		if policy.Errors > 0 {
			u.settings.lenient.take(true, u.settings.closing.errors.from) // so many may be left out, and they are counted below
		}
		b, err = u.app.readBook(u.cmd, u.settings, asSet)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	errorCount, notes := ingest.Count(b.result.Problems)
	u.record.Counts.Errors, u.record.Counts.Notes = errorCount, notes
	rejected := b.rejectedUnless(u.settings.lenient.value)
	b.printProblems(problemsPerCode, rejected != nil)
	if errorCount > policy.Errors || rejected != nil {
		u.noteErrors(b)
	}
	if rejected != nil {
		return nil, b, u.breach(append(breaches, policy.Problems(errorCount)...), rejected)
	}
	var pack *analysis.Pack
	if err := u.phase("compute", func() (err error) { pack, err = b.build(ctx); return err }); err != nil {
		return nil, b, err
	}
	last, err := closing.LastClose(u.dir, pack.AsOf)
	if err != nil {
		return nil, b, cannotRead(u.dir, err)
	}
	u.count(pack)
	breaches = append(append(breaches, policy.Problems(errorCount)...), policy.Pack(pack, last)...)
	return pack, b, u.breach(breaches, nil)
}

// modified returns when each input was last written.
func modified(inputs []inputFile) ([]closing.Input, error) {
	list := make([]closing.Input, len(inputs))
	for i, in := range inputs {
		info, err := os.Stat(in.path)
		if err != nil {
			return nil, cannotRead(in.path, err)
		}
		list[i] = closing.Input{Name: filepath.Base(in.path), Modified: info.ModTime()}
	}
	return list, nil
}

// noteErrors keeps the errors of the input for the mail about them.
func (u *unattended) noteErrors(b *book) {
	var found []ingest.Problem
	for _, p := range b.result.Problems {
		if p.Severity == ingest.Error {
			found = append(found, p)
		}
	}
	u.problems = append(u.problems, ingest.Lines(found, problemsPerCode)...)
}

func (u *unattended) count(pack *analysis.Pack) {
	c := &u.record.Counts
	c.Customers = len(pack.Customers)
	for _, in := range pack.Inputs {
		c.Lines += in.Rows
	}
	u.record.AsOf = pack.AsOf.String()
	u.app.event("book", "as_of", u.record.AsOf, "lines", c.Lines, "customers", c.Customers, "errors", c.Errors, "notes", c.Notes)
}

// breach is the failure of rules that are broken, beside one that is known
// already; nil where there is neither.
func (u *unattended) breach(breaches []closing.Breach, known error) error {
	for _, b := range breaches {
		u.record.Breaches = append(u.record.Breaches, string(b.Code))
		u.app.event("breach", "rule", string(b.Code))
	}
	switch {
	case len(breaches) == 0:
		return known
	case known == nil:
		return broken(breaches)
	}
	for _, b := range breaches {
		if b.Code != closing.Errors { // known says that one
			u.problems = append(u.problems, b.Error())
		}
	}
	return known
}

// rehearse says what the run would send to whom, and writes nothing.
func (u *unattended) rehearse(b *book, pack *analysis.Pack) error {
	reps, err := u.settings.sheetAddresses(b.result.Ledger, pack, b.words)
	if err != nil {
		return err
	}
	fmt.Fprintln(u.app.stdout, filepath.Join(u.dir, pack.AsOf.String()))
	printSummary(u.app.stdout, pack, b.words)
	fmt.Fprintln(u.app.stdout)
	printAddressees(u.app.stdout, u.settings.addressees(reps, u.settings.language.value), func(a *addressee) string {
		if a.refuse != "" {
			return a.refuse
		}
		return map[mail.Role]string{mail.Executive: "pack.pdf", mail.Accountant: "pack.xlsx, exceptions.csv", mail.Rep: mail.ASCIIName("rep", a.rep, ".pdf")}[a.role]
	})
	return nil
}

// prune removes packs beyond those that are kept.
func (u *unattended) prune() error {
	keep := u.settings.closing.keep.value
	if keep == 0 {
		return nil
	}
	removed, kept, err := packdir.Prune(u.dir, keep)
	u.record.Counts.Removed = len(removed)
	for _, folder := range removed {
		u.app.logf("removed %s: close.keep is %d", folder, keep)
	}
	for _, folder := range kept {
		u.app.logf("note: kept %s", folder)
	}
	if errors.Is(err, packdir.ErrBusy) {
		return busy(err)
	}
	return err
}
