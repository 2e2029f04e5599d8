package main

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// program prepares the program as a process of its own, that can be killed.
func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Args = append([]string{"duepack"}, args...) // TestMain runs the program under this name
	return cmd
}

// packFiles reads a pack as one text, with the names of its files.
func packFiles(t *testing.T, folder string) string {
	t.Helper()
	var all strings.Builder
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&all, "%s\n%s\n", e.Name(), data)
	}
	return all.String()
}

// Wherever the process dies, the pack that is in place is a whole one, the old or
// the new, and the next run leaves nothing else behind.
func TestAKilledReportLeavesAWholePack(t *testing.T) {
	ledger, out := writeBook(t), filepath.Join(t.TempDir(), "out")
	pack := filepath.Join(out, "2026-10-31")
	report := func(name string) *exec.Cmd {
		cmd := program(t, "report", ledger, "--quiet", "--format", "json", "--out", out)
		cmd.Env = append(os.Environ(), "DUEPACK_LANG="+name)
		return cmd
	}
	whole := map[string]string{}
	var took time.Duration
	for _, name := range []string{"en", "zh-CN"} {
		start := time.Now()
		if output, err := report(name).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, output)
		}
		took = time.Since(start)
		whole[packFiles(t, pack)] = name
	}
	if len(whole) != 2 {
		t.Fatal("the two packs are the same: a half one would not show")
	}
	rounds := 100
	if testing.Short() {
		rounds = 10
	}
	random := rand.New(rand.NewPCG(1, 2))
	being := filepath.Join(out, ".2026-10-31.new")
	killed := 0
	for i := range rounds {
		cmd := report([]string{"en", "zh-CN"}[i%2])
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		delay := time.Duration(random.Int64N(int64(took)))
		if i%2 == 0 { // half of them while the new pack is written
			for deadline := time.Now().Add(2 * took); time.Now().Before(deadline); {
				if _, err := os.Stat(being); err == nil {
					break
				}
			}
			delay = time.Duration(random.Int64N(int64(3 * time.Millisecond)))
		}
		select {
		case <-time.After(delay):
			if cmd.Process.Kill() == nil {
				killed++
			}
			<-ended
		case <-ended:
		}
		if whole[packFiles(t, pack)] == "" {
			t.Fatalf("round %d: the pack is neither the old nor the new one", i)
		}
	}
	if killed < rounds/4 {
		t.Errorf("only %d of %d processes were killed", killed, rounds)
	}
	if output, err := report("en").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	if whole[packFiles(t, pack)] != "en" {
		t.Error("the run after the last kill did not put its pack in place")
	}
	entries, err := os.ReadDir(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains([]string{".lock", "2026-10-31"}, e.Name()) {
			t.Errorf("%s was left behind", e.Name())
		}
	}
}

// A folder that cannot be written is an error of one line, and what is there stays.
func TestAReportThatCannotBeWrittenLeavesThePreviousPack(t *testing.T) {
	if runtime.GOOS == "windows" || os.Getuid() == 0 {
		t.Skip("skipped: permissions bind neither root nor Windows")
	}
	ledger, out := writeBook(t), filepath.Join(t.TempDir(), "out")
	args := []string{"report", ledger, "--quiet", "--format", "json", "--out", out}
	var stdout, stderr bytes.Buffer
	now := func() time.Time { return time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC) }
	if code := run(args, nil, &stdout, &stderr, nil, now); code != exitDone {
		t.Fatalf("exit code %d: %s", code, &stderr)
	}
	before := packFiles(t, filepath.Join(out, "2026-10-31"))
	if err := os.Chmod(out, 0o500); err != nil {
		t.Fatal(err)
	}
	stderr.Reset()
	code := run(args, nil, &stdout, &stderr, nil, now)
	if err := os.Chmod(out, 0o700); err != nil {
		t.Fatal(err)
	}
	if code != exitUsage && code != exitInternal || strings.Count(stderr.String(), "duepack: ") != 1 {
		t.Errorf("exit code %d: %s", code, &stderr)
	}
	if packFiles(t, filepath.Join(out, "2026-10-31")) != before {
		t.Error("the previous pack changed")
	}
}

// The disk is a small file system in memory, which takes the right to mount one.
func TestAFullDiskLeavesThePreviousPack(t *testing.T) {
	disk := t.TempDir()
	if err := exec.Command("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk).Run(); err != nil {
		t.Skipf("skipped: no file system can be mounted here: %v", err)
	}
	defer func() {
		if err := exec.Command("umount", disk).Run(); err != nil {
			t.Error(err)
		}
	}()
	ledger, out := writeBook(t), filepath.Join(disk, "out")
	if output, err := program(t, "report", ledger, "--quiet", "--format", "json", "--out", out).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	before := packFiles(t, filepath.Join(out, "2026-10-31"))
	if err := os.WriteFile(filepath.Join(disk, "filler"), make([]byte, 1<<20), 0o600); err == nil {
		t.Fatal("the disk is not full")
	}
	output, err := program(t, "report", ledger, "--quiet", "--format", "json", "--out", out).CombinedOutput()
	var failed *exec.ExitError
	if !errors.As(err, &failed) || failed.ExitCode() != exitInternal || !strings.Contains(string(output), "no space left") {
		t.Errorf("%v: %s", err, output)
	}
	if packFiles(t, filepath.Join(out, "2026-10-31")) != before {
		t.Error("the previous pack changed")
	}
	if entries, err := os.ReadDir(out); err != nil || len(entries) != 2 {
		t.Errorf("%v, %v: want the pack and the lock", entries, err)
	}
}
