package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"duepack/delivery"

	"duepack/cmd/internal/heap"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"duepack": func() {
		heap.Tune() // as main does
		now := func() time.Time { return time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC) }
		code := run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr, os.Environ(), now)
		if path := os.Getenv(memoryVariable); path != "" {
			status, err := os.ReadFile("/proc/self/status")
			if err == nil {
				err = os.WriteFile(path, status, 0o600)
			}
			if err != nil {
				panic(err)
			}
		}
		os.Exit(code)
	}})
}

// memoryVariable names a file to which the program under test writes what Linux
// knows of it at its end. What a process reports of its children counts the memory
// that they shared with it before they began.
const memoryVariable = "TEST_MEMORY"

// TestScripts runs every command as a person would. Besides the usual words, a
// script has `exits CODE ARGS...`, which runs duepack and wants that exit code,
// `sametree A B N`, which wants two folders with the same N files or more, `files DIR N`,
// which wants so many files in a folder, `touch TIME FILE`, `jsonlines stderr`, which wants
// one JSON object a line, `mailgrep N PATTERN DIR`, which wants N files of a folder
// to match once their long lines are joined, and `busy DIR`, which locks a folder of packs as a
// run that sends does.
func TestScripts(t *testing.T) {
	samples, err := filepath.Abs(filepath.Join(root, "samples"))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: os.Getenv("DUEPACK_UPDATE_GOLDEN") != "",
		Setup: func(env *testscript.Env) error {
			env.Setenv("SAMPLES", samples)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "sametree": sameTree, "files": files, "touch": touch, "jsonlines": jsonLines, "busy": busyFolder, "mailgrep": mailGrep},
	})
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: exits CODE ARGS...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var failed *exec.ExitError
	switch err := ts.Exec("duepack", args[1:]...); {
	case errors.As(err, &failed):
		got = failed.ExitCode()
	default:
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("duepack exits with %d, want %d", got, want)
	}
}

func sameTree(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: sametree A B N")
	}
	least, err := strconv.Atoi(args[2])
	ts.Check(err)
	a, b := treeOf(ts, args[0]), treeOf(ts, args[1])
	if len(a) < least {
		ts.Fatalf("%s has %d files, want %d or more", args[0], len(a), least)
	}
	for name := range b {
		if _, ok := a[name]; !ok {
			ts.Fatalf("only %s has %s", args[1], name)
		}
	}
	for name, data := range a {
		other, ok := b[name]
		if !ok {
			ts.Fatalf("only %s has %s", args[0], name)
		}
		if data != other {
			ts.Fatalf("%s differs", name)
		}
	}
}

func files(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: files DIR N")
	}
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	if want, err := strconv.Atoi(args[1]); err != nil || len(entries) != want {
		ts.Fatalf("%s has %d files, want %s", args[0], len(entries), args[1])
	}
}

func touch(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: touch TIME FILE")
	}
	when, err := time.Parse(time.RFC3339, args[0])
	ts.Check(err)
	ts.Check(os.Chtimes(ts.MkAbs(args[1]), when, when))
}

func jsonLines(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: jsonlines stderr")
	}
	lines := strings.Split(strings.TrimSuffix(ts.ReadFile(args[0]), "\n"), "\n")
	for _, line := range lines {
		var object map[string]any
		if err := json.Unmarshal([]byte(line), &object); err != nil || object["run"] == nil {
			ts.Fatalf("%q is no JSON object of a run: %v", line, err)
		}
	}
}

func mailGrep(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: mailgrep N PATTERN DIR")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	pattern, err := regexp.Compile("(?m)" + args[1])
	ts.Check(err)
	found := 0
	for _, text := range treeOf(ts, args[2]) {
		text = strings.NewReplacer("=\r\n", "", "\r\n", "\n").Replace(text)
		if pattern.MatchString(text) {
			found++
		}
	}
	if found != want {
		ts.Fatalf("%d files match %s, want %d", found, args[1], want)
	}
}

func busyFolder(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: busy DIR")
	}
	unlock, err := delivery.Lock(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Defer(func() { _ = unlock() })
}

// treeOf reads every file below a folder.
func treeOf(ts *testscript.TestScript, folder string) map[string]string {
	files := map[string]string{}
	base := ts.MkAbs(folder)
	ts.Check(filepath.WalkDir(base, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		files[strings.TrimPrefix(path, base)] = string(data)
		return err
	}))
	return files
}
