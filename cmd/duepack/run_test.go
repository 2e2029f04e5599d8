package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// writeBook writes a small ledger and returns its path.
func writeBook(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ledger.csv")
	text := "Document,Type,Customer,Posted,Due,Amount\nINV-1,invoice,C1,2026-10-31,2026-11-30,100.00\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestInterruptLeavesThePreviousPack(t *testing.T) {
	ledger, out := writeBook(t), t.TempDir()
	args := []string{"report", ledger, "--format", "json", "--out", out}
	var stdout, stderr bytes.Buffer
	day := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	if code := run(args, nil, &stdout, &stderr, nil, func() time.Time { return day }); code != exitDone {
		t.Fatalf("exit code %d: %s", code, &stderr)
	}
	pack := filepath.Join(out, "2026-10-31", "pack.json")
	before, err := os.ReadFile(pack)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(ledger, append([]byte("Document,Type,Customer,Posted,Due,Amount\n"), "INV-1,invoice,C1,2026-10-31,2026-11-30,999.00\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	stdout.Reset()
	stderr.Reset()
	interrupting := func() time.Time { // the clock is read between reading and writing
		self, err := os.FindProcess(os.Getpid())
		if err == nil {
			err = self.Signal(os.Interrupt)
		}
		if err != nil {
			t.Error(err)
		}
		time.Sleep(200 * time.Millisecond)
		return day
	}
	if code := run(args, nil, &stdout, &stderr, nil, interrupting); code != exitInterrupted {
		t.Errorf("exit code %d: %s", code, &stderr)
	}
	if stdout.Len() > 0 || !strings.HasSuffix(stderr.String(), "duepack: interrupted; what was there before is untouched\n") {
		t.Errorf("stdout %q, stderr %q", &stdout, &stderr)
	}
	after, err := os.ReadFile(pack)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the previous pack changed: %v", err)
	}
}

func TestWorkIsLeftBehindWhenTheRunIsInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	started, release := make(chan struct{}), make(chan struct{})
	defer close(release)
	go func() { <-started; cancel() }()
	_, err := interruptible(ctx, func() (int, error) { close(started); <-release; return 1, nil })
	if !errors.Is(err, context.Canceled) || exitCode(err) != exitInterrupted {
		t.Errorf("got %v", err)
	}
}

func TestPanicIsAnInternalError(t *testing.T) {
	var stdout, stderr bytes.Buffer
	code := run([]string{"report", writeBook(t), "--format", "json", "--out", t.TempDir()}, nil, &stdout, &stderr, nil,
		func() time.Time { panic("clock stopped") })
	first, _, _ := strings.Cut(stderr.String()[strings.Index(stderr.String(), "duepack: "):], "\n")
	if code != exitInternal || !strings.HasPrefix(first, "duepack: internal error: clock stopped (this is a defect of duepack ") {
		t.Errorf("exit code %d, %s", code, first)
	}
	defer func() {
		if recover() == nil {
			t.Error("a panic of the work did not reach the caller")
		}
	}()
	_, _ = interruptible(t.Context(), func() (int, error) { panic("inside") })
}

func TestUnknownErrorsAreInternal(t *testing.T) {
	for code, err := range map[int]error{
		exitDone: nil, exitInternal: errors.New("disk failed"), exitUsage: usage("x"), exitRejected: &failure{exitRejected, nil},
		exitUntied: &failure{exitUntied, errors.New("differs")}, exitInterrupted: context.Canceled,
	} {
		if got := exitCode(err); got != code {
			t.Errorf("%v: exit code %d, want %d", err, got, code)
		}
	}
	for err, want := range map[error]int{
		&os.PathError{Op: "open", Path: "x", Err: syscall.EACCES}: exitUsage,
		&os.PathError{Op: "open", Path: "x", Err: syscall.ENOSPC}: exitInternal,
	} {
		if got := exitCode(cannotWrite(err)); got != want {
			t.Errorf("%v: exit code %d, want %d", err, got, want)
		}
	}
}
