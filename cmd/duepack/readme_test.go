package main

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

func readTree(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestCommandsOfTheDocumentsExist holds the README and the other documents to
// what there is: every make target and every command of duepack they show.
func TestCommandsOfTheDocumentsExist(t *testing.T) {
	targets := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^([a-z]+):.*## `).FindAllStringSubmatch(readTree(t, "Makefile"), -1) {
		targets[m[1]] = true
	}
	for _, want := range []string{"build", "demo", "test", "check", "bench", "fuzz", "golden", "samples", "help"} {
		if !targets[want] {
			t.Errorf("make help does not list %s", want)
		}
	}
	commands := map[string]bool{}
	a := &app{stdin: strings.NewReader(""), stdout: io.Discard, stderr: io.Discard, now: time.Now}
	for _, c := range a.rootCommand().Commands() {
		commands[c.Name()] = true
	}
	commands["completion"], commands["help"] = true, true // cobra adds them when it runs

	makes := regexp.MustCompile("(?m)(?:^ {4}|`)make ([a-z]+)")
	calls := regexp.MustCompile("(?m)(?:^ {4}bin/|`)duepack ([a-z]+)")
	found := 0
	for _, name := range []string{"README.md", "docs/architecture.md", "CHANGELOG.md"} {
		text := readTree(t, name)
		for _, m := range makes.FindAllStringSubmatch(text, -1) {
			found++
			if !targets[m[1]] {
				t.Errorf("%s: there is no target make %s", name, m[1])
			}
		}
		for _, m := range calls.FindAllStringSubmatch(text, -1) {
			found++
			if !commands[m[1]] {
				t.Errorf("%s: there is no command duepack %s", name, m[1])
			}
		}
	}
	if found < 8 {
		t.Errorf("found %d commands in the documents: the patterns match nothing", found)
	}
}

// TestReadmeSaysWhatTheManualSays compares the exit codes of the README with
// those of the doc comment.
func TestReadmeSaysWhatTheManualSays(t *testing.T) {
	readme, manual := readTree(t, "README.md"), readTree(t, "cmd/duepack/main.go")
	for _, m := range regexp.MustCompile(`(?m)^\| (\d+) \| (.+) \|$`).FindAllStringSubmatch(readme, -1) {
		if !regexp.MustCompile(`(?m)^//\t` + m[1] + ` +` + regexp.QuoteMeta(m[2]) + `$`).MatchString(manual) {
			t.Errorf("exit code %s: the manual in main.go does not say %q", m[1], m[2])
		}
	}
	for _, f := range append([]flag{languageFlag}, append(bookFlags, packFlags...)...) {
		if !strings.Contains(manual, "--"+f.name) || !strings.Contains(manual, variable(f.name)) {
			t.Errorf("the manual in main.go does not list --%s and %s", f.name, variable(f.name))
		}
	}
}

// TestFilesOfTheDocumentsExist holds the trace to the tree: every Go file and
// every path it names is there.
func TestFilesOfTheDocumentsExist(t *testing.T) {
	names := map[string]bool{}
	walk(t, func(path string) { names[filepath.Base(path)] = true })
	text := readTree(t, "docs/architecture.md")
	for _, m := range regexp.MustCompile("`([\\w-]+\\.go)`").FindAllStringSubmatch(text, -1) {
		if !names[m[1]] {
			t.Errorf("docs/architecture.md: there is no file %s", m[1])
		}
	}
	for _, name := range []string{"README.md", "docs/architecture.md"} {
		for _, m := range regexp.MustCompile("[`(]((?:analysis|cmd|docs|ingest|render|samples|templates)/[\\w./-]*\\w)[`)]").FindAllStringSubmatch(readTree(t, name), -1) {
			if !exists(filepath.Join(root, m[1])) {
				t.Errorf("%s: there is no %s", name, m[1])
			}
		}
	}
}

// TestConfigOfTheReadmeIsRead reads the yaml block of the README, and wants
// every key in it; columns is shown where duepack init writes it.
func TestConfigOfTheReadmeIsRead(t *testing.T) {
	_, rest, _ := strings.Cut(readTree(t, "README.md"), "```yaml\n")
	block, _, ok := strings.Cut(rest, "```")
	if !ok {
		t.Fatal("the README has no yaml block")
	}
	if err := readConfig(writeConfig(t, block), &settings{}); err != nil {
		t.Error(err)
	}
	for _, key := range configKeys {
		for _, part := range strings.Split(key.path, ".") {
			if key.path != "columns" && !strings.Contains(block, part+":") {
				t.Errorf("the yaml block of the README does not show %s", key.path)
			}
		}
	}
}
