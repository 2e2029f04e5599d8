package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// What no file may cost, however it is made.
const (
	mostSeconds   = 10
	mostMegabytes = 300
)

// hostileFile is a file made to do harm, or that an honest system breaks.
type hostileFile struct {
	name, what string
	parts      [][2]string // of a workbook
	text       string      // of a text file
}

func hostileFiles() []hostileFile {
	head := []any{"Document", "Type", "Customer", "Posted", "Due", "Amount"}
	row := func(values ...any) []any { // a good row with other values in the first cells
		return append(values, []any{"INV-1", "invoice", "C1", "2026-04-08", "2026-05-08", 100}[len(values):]...)
	}
	book := func(rows ...[]any) [][2]string { return bookParts(testSheet{"Ledger", append([][]any{head}, rows...)}) }
	with := func(parts [][2]string, more ...[2]string) [][2]string { return append(slices.Clone(parts), more...) }
	change := func(parts [][2]string, name string, f func(string) string) [][2]string {
		parts = slices.Clone(parts)
		for i := range parts {
			if parts[i][0] == name {
				parts[i][1] = f(parts[i][1])
			}
		}
		return parts
	}
	const sheet1 = "xl/worksheets/sheet1.xml"
	wide := slices.Clone(head)
	for i := range 10_000 {
		wide = append(wide, fmt.Sprintf("x%d", i))
	}
	line := "Document,Type,Customer,Posted,Due,Amount\nINV-1,invoice,C1,2026-04-08,2026-05-08,100.00\n"
	good := book(row())
	return []hostileFile{
		{name: "zip-bomb.xlsx", what: "a sheet that unpacks to a thousand times its size", parts: change(good, sheet1, func(s string) string { return s + strings.Repeat(" ", 70<<20) })},
		{name: "big-styles.xlsx", what: "40 MiB of styles", parts: with(change(good, "xl/_rels/workbook.xml.rels", func(s string) string {
			return strings.Replace(s, "</Relationships>", `<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`, 1)
		}), [2]string{"xl/styles.xml", "<styleSheet><cellXfs>" + strings.Repeat(`<xf numFmtId="14"/>`, 2_200_000) + "</cellXfs></styleSheet>"})},
		{name: "many-parts.xlsx", what: "50,000 parts that nothing names", parts: with(good, manyParts(50_000)...)},
		{name: "entities.xlsx", what: "entities that multiply (billion laughs)", parts: change(good, sheet1, func(s string) string {
			return `<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>` + strings.Replace(s, "INV-1", "&b;", 1)
		})},
		{name: "external-entity.xlsx", what: "an entity that is a file of the machine", parts: change(good, sheet1, func(s string) string {
			return `<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>` + strings.Replace(s, "INV-1", "&a;", 1)
		})},
		{name: "outside-link.xlsx", what: "a sheet that is said to be elsewhere", parts: change(good, "xl/_rels/workbook.xml.rels", func(s string) string {
			return strings.Replace(s, `Target="worksheets/sheet1.xml"`, `Target="http://127.0.0.1:9/sheet1.xml" TargetMode="External"`, 1)
		})},
		{name: "paths.xlsx", what: "parts named ../../evil, /abs and C:\\evil", parts: with(good, [2]string{"../../evil", "x"}, [2]string{"/abs", "x"}, [2]string{`C:\evil`, "x"})},
		{name: "macros.xlsm", what: "macros and an external link beside the sheets", parts: with(good, [2]string{"xl/vbaProject.bin", "x"}, [2]string{"xl/externalLinks/externalLink1.xml", "<externalLink/>"})},
		{name: "spreadsheet.ods", what: "an OpenDocument spreadsheet", parts: [][2]string{{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}, {"content.xml", "<x/>"}}},
		{name: "binary.xlsb", what: "a binary workbook", parts: [][2]string{{"_rels/.rels", strings.Replace(packageRels, "workbook.xml", "workbook.bin", 1)}, {"xl/workbook.bin", "x"}}},
		{name: "old.xls", what: "the first bytes of a file of Excel 97", text: "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600)},
		{name: "last-row.xlsx", what: "a million blank rows before the last line", parts: change(book(row(), row("INV-2")), sheet1, func(s string) string {
			i := strings.LastIndex(s, "<row>")
			return s[:i] + `<row r="1048576">` + s[i+len("<row>"):]
		})},
		{name: "row-number.xlsx", what: "a row with a number of twenty digits", parts: change(good, sheet1, func(s string) string { return strings.Replace(s, "<row>", `<row r="99999999999999999999">`, 1) })},
		{name: "long-cells.xlsx", what: "cells of 32,767 characters", parts: book(row(strings.Repeat("A", 32_767), "invoice", strings.Repeat("客", 32_767)))},
		{name: "wide.xlsx", what: "10,006 columns", parts: bookParts(testSheet{"Ledger", [][]any{wide, row()}})},
		{name: "dates.xlsx", what: "dates of the years 0, 99999 and 1e308", parts: book(row("A", "invoice", "C1", "0000-01-01"), row("B", "invoice", "C1", "99999-01-01"), row("C", "invoice", "C1", 1e308))},
		{name: "amounts.xlsx", what: "amounts of 1e308 and of 5,000 digits", parts: book(row("A", "invoice", "C1", "2026-04-08", "2026-05-08", 1e308), row("B", "invoice", "C1", "2026-04-08", "2026-05-08", strings.Repeat("9", 5_000)))},
		{name: "sum.xlsx", what: "amounts that add up to more than 64 bits", parts: book(slices.Repeat([][]any{row("A", "receipt", "C1", "2026-04-08", "", "-9999999999999999.99")}, 20)...)},
		{name: "half.csv", what: "a text that ends inside quotes", text: line + `INV-2,"inv`},
		{name: "zero-bytes.csv", what: "a text with a tail of zero bytes", text: line + strings.Repeat("\x00", 100)},
		{name: "separators.csv", what: "20 MB of commas", text: strings.Repeat(",", 20_000_000)},
		{name: "one-line.csv", what: "one value of 20 MB", text: line + strings.Repeat("A", 20_000_000)},
		{name: "open-quote.csv", what: "a quote that is open for 20 MB", text: line + `"` + strings.Repeat("A\n", 10_000_000)},
		{name: "blank-lines.csv", what: "12 million blank lines", text: line + strings.Repeat("\n", 12_000_000)},
		{name: "errors.csv", what: "200,000 lines with an error", text: line + strings.Repeat("INV,invoice,C1,soon,2026-05-08,100.00\n", 200_000)},
		{name: "long-number.csv", what: "a document number of 2 MB that 2,000 receipts lower", text: line + strings.Repeat("A", 2<<20) + ",invoice,C2,2026-04-08,2026-05-08,9000.00\n" +
			strings.Repeat("RC-1,receipt,C2,2026-10-08,,-1.00\n", 2000)},
		{name: "latin.csv", what: "Windows-1252, which nothing proves", text: strings.Replace(line, "C1", "M\xfcller & S\xf6hne", 1)},
	}
}

func manyParts(n int) (parts [][2]string) {
	for i := range n {
		parts = append(parts, [2]string{fmt.Sprintf("x/%d", i), ""})
	}
	return parts
}

// outcome is what check and report make of a file, in a line of the table.
type outcome struct {
	code    int
	message string
}

// runProgram runs the program as a process of its own and holds it to the limits
// of time and memory, and to a message with exit code 3.
func runProgram(t *testing.T, dir string, args ...string) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*mostSeconds*time.Second)
	defer cancel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, self)
	cmd.Args = append([]string{"duepack"}, args...) // TestMain runs the program under this name
	cmd.Dir = dir
	memory := filepath.Join(t.TempDir(), "status")
	cmd.Env = append(os.Environ(), memoryVariable+"="+memory)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err = cmd.Run()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	name := filepath.Base(args[1])
	o := outcome{code: cmd.ProcessState.ExitCode()}
	if mb := megabytes(t, memory); mb <= 0 || mb > mostMegabytes {
		t.Errorf("%s %s took %d MB", args[0], name, mb)
	}
	if busy := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(); busy > mostSeconds*time.Second {
		t.Errorf("%s %s took %s of processor time", args[0], name, busy)
	}
	for line := range strings.Lines(out.String()) {
		if strings.Contains(line, " error ") || strings.HasPrefix(line, "error ") {
			o.message = strings.TrimSpace(line)
			break
		}
	}
	switch {
	case strings.Contains(out.String(), "goroutine "), o.code != exitDone && o.code != exitRejected:
		t.Errorf("%s %s exits with %d: %.600s", args[0], name, o.code, &out)
	case o.code == exitRejected && o.message == "":
		t.Errorf("%s %s is rejected without a word", args[0], name)
	}
	return o
}

// megabytes reads the most memory that a process had out of its status.
func megabytes(t *testing.T, status string) int {
	t.Helper()
	data, err := os.ReadFile(status)
	if err != nil {
		t.Fatalf("the program did not come to its end: %v", err)
	}
	kilobytes := 0
	if _, rest, ok := strings.Cut(string(data), "VmHWM:"); ok {
		if _, err := fmt.Sscan(rest, &kilobytes); err != nil {
			t.Fatal(err)
		}
	}
	return kilobytes >> 10
}

// bothCommands runs check and report and returns a line of the table.
func bothCommands(t *testing.T, file, what string) string {
	t.Helper()
	dir := t.TempDir()
	checked := runProgram(t, dir, "check", file, "--as-of", "2026-10-31")
	reported := runProgram(t, dir, "report", file, "--as-of", "2026-10-31", "--format", "json")
	if checked.code != reported.code {
		t.Errorf("%s: check exits with %d, report with %d", filepath.Base(file), checked.code, reported.code)
	}
	if written, err := filepath.Glob(filepath.Join(dir, "out", "*")); err != nil || (len(written) > 0) != (reported.code == exitDone) {
		t.Errorf("%s: exit code %d and %d folders written (%v)", filepath.Base(file), reported.code, len(written), err)
	}
	message := reported.message
	if reported.code == exitDone {
		message = "read"
	}
	message = strings.TrimPrefix(message, filepath.Base(file))
	message = strings.TrimLeft(message, ":! ")
	const most = 200
	if runes := []rune(message); len(runes) > most {
		message = string(runes[:most]) + "…"
	}
	return fmt.Sprintf("| %s | %d | %s |\n", what, reported.code, strings.NewReplacer("|", "\\|", "<", "&lt;").Replace(message))
}

// robustnessHead begins the page; the second table needs files that a clone of the
// repository does not have.
const (
	robustnessHead = `# What duepack makes of hostile and broken files

Made by ` + "`make golden`" + ` on Linux: do not edit. Each file goes through ` + "`check` and `report`" + ` in a process of its
own, which must end by itself with exit code 0 or 3, use less than 10 seconds of processor time and 300 MB of memory, and write nothing
where it exits with 3. Every limit that a message names is raised with ` + "`--limit NAME=N`" + ` (` + "`duepack check --help`" + `); the defaults stand
in ` + "`ingest/sheet/limits.go`" + `, the reasons in decision 0012. A config of more than 1 MiB, or with lists more than 64 deep in each other, ends with 2.

## Files that the test makes

| file | exit | outcome |
|---|---|---|
`
	robustnessCorpus = `
## Files that broke other readers

Collected from the test data of other projects; they are not part of this repository. Most hold no ledger, so a clear ` + "`no-ledger`" + ` is right.

| file | exit | outcome |
|---|---|---|
`
)

func TestRobustnessAgainstHostileFiles(t *testing.T) {
	page := filepath.Join(root, "docs", "robustness.md")
	dir := t.TempDir()
	var b strings.Builder
	b.WriteString(robustnessHead)
	for _, f := range hostileFiles() {
		path := filepath.Join(dir, f.name)
		if f.parts != nil {
			writeZip(t, path, f.parts)
		} else if err := os.WriteFile(path, []byte(f.text), 0o600); err != nil {
			t.Fatal(err)
		}
		b.WriteString(bothCommands(t, path, "`"+f.name+"`: "+f.what))
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	made := b.String()
	nasty, err := filepath.Glob(filepath.Join(root, "..", "shared", "data", "nasty", "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	if len(nasty) > 0 {
		b.WriteString(robustnessCorpus)
		for _, path := range nasty {
			if path, err = filepath.Abs(path); err != nil {
				t.Fatal(err)
			}
			b.WriteString(bothCommands(t, path, filepath.Base(filepath.Dir(path))+"/"+filepath.Base(path)))
		}
	}
	if os.Getenv("DUEPACK_UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(page, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	want, got := b.String(), string(have)
	if len(nasty) == 0 { // only what the test makes can be compared
		want, got = made, got[:min(len(got), len(made))]
	}
	if got != want {
		t.Errorf("docs/robustness.md is not what the program does: read the difference, then run make golden\n%s", firstDifference(got, want))
	}
}

func firstDifference(have, want string) string {
	a, b := strings.Split(have, "\n"), strings.Split(want, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return "have " + a[i] + "\nwant " + b[i]
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(a), len(b))
}
