package main

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"duepack": func() {
		now := func() time.Time { return time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC) }
		os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr, os.Environ(), now))
	}})
}

// TestScripts runs every command as a person would. Besides the usual words, a
// script has `exits CODE ARGS...`, which runs duepack and wants that exit code,
// and `sametree A B N`, which wants two folders with the same N files or more.
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
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "sametree": sameTree},
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
