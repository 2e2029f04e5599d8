package main

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// malicious are texts that a customer may call itself by, or put into a
// reference, to do harm in one of the files of a pack.
var malicious = []string{
	`</script><script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `';alert(1)//`, `<!--`, `]]><x/>`, `{{.Env}}`, `javascript:alert(1)`, `&lt;script&gt;`,
	`=HYPERLINK("http://x","y")`, `+cmd|' /C calc'!A0`, `-2+3`, `@SUM(A1)`, "\t=1+1", "＝1+1",
	`__f__alert(1)__f__`, strings.Repeat("W", 60), "evil\u202egpj.exe", "a\u2066b\u2069", "😀🚀", "𠮷野家", "two\nlines\r\nand more", "zero\x00byte", "\x1b[2J\x1b]0;title\x07", "bell\x07",
	`../../../../tmp/evil`, `CON`, `a/b\c`, `C:\evil`, `/etc/passwd`, ".", "..", " ", strings.Repeat("x", 300), "rep", "REP", "\u200b", "\ufeffbom", "%s%n%d", "${HOME}", "`id`", `"quoted", and more`, "_x0041_", "\u2028line",
	"(x) Tj ET /JavaScript (app.alert(1))", "\\) /URI (http://x) (", "&amp;", "%00", "\uFFFE", "חברת המסחר", "e\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301",
}

// maliciousBook writes a workbook in which every text of every column is one of
// the texts, and a config that names the book after one; it returns the config.
func maliciousBook(t *testing.T, texts []string) string {
	t.Helper()
	dir := t.TempDir()
	ledger := [][]any{{"Document", "Type", "Customer", "Customer Name", "Rep", "Region", "Currency", "Posted", "Due", "Amount", "Settles", "Disputed", "Contract", "Delivery", "Created By", "Approved By", "Note"}}
	customers := [][]any{{"Customer", "Name", "Rep", "Region", "Group", "Rating", "Email", "Credit Limit"}}
	reps := [][]any{{"Rep", "Name", "Team", "Manager", "Email"}}
	targets := [][]any{{"Rep", "Month", "Sales Target"}}
	promises := [][]any{{"Promise", "Customer", "Document", "Made On", "Promised For", "Amount", "Excuse", "Note"}}
	for i, x := range texts {
		rep := texts[i-i%3] // each has a PDF, and a third of them is enough
		invoice := fmt.Sprintf("%s#%d", x, i)
		ledger = append(ledger,
			[]any{invoice, "invoice", x, x, rep, x, "CNY", "2026-07-01", "2026-08-01", 1000 + i, "", "Y", x, x, x, x, x},
			[]any{x, "receipt", x, x, rep, x, "CNY", "2026-10-05", "", -100, invoice, "", x, x, x, x, x},
			[]any{x, "write-off", x, x, rep, x, "CNY", "2026-10-06", "", -10, x, "", x, x, x, x, x},
			[]any{x, x, x, x, x, x, x, "2026-10-07", x, x, x, x, x, x, x, x, x}) // an error in every cell
		customers = append(customers, []any{x, x, rep, x, x, x, x, 500})
		reps = append(reps, []any{rep, x, x, x, x})
		targets = append(targets, []any{rep, "2026-10", 5000})
		promises = append(promises, []any{x, x, invoice, "2026-09-01", "2026-09-30", 50, x, x})
	}
	name := "=a<img src=x onerror=alert(1)>.xlsx"
	writeZip(t, filepath.Join(dir, name), bookParts(testSheet{`Ledger"><script>alert(1)</script>`, ledger}, testSheet{"Customers", customers}, testSheet{"Reps", reps},
		testSheet{"Targets", targets}, testSheet{"Promises", promises}))
	title, err := json.Marshal(strings.ToValidUTF8(texts[0], ""))
	if err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(dir, "duepack.yaml")
	text := fmt.Sprintf("book: {name: %s}\ninputs: ['%s']\nlenient: true\nas_of: 2026-10-31\n", title, name)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return config
}

// report runs report on a config and returns the files of the pack.
func report(t *testing.T, config, formats string) (files map[string][]byte, printed string) {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out")
	var stdout, stderr bytes.Buffer
	day := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	if code := run([]string{"report", "-c", config, "--out", out, "--format", formats}, nil, &stdout, &stderr, nil, func() time.Time { return day }); code != exitDone {
		t.Fatalf("exit code %d: %s", code, &stderr)
	}
	files = map[string][]byte{}
	err := filepath.WalkDir(out, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if entry.Name() == ".lock" {
			return nil
		}
		rel, relErr := filepath.Rel(filepath.Join(out, "2026-10-31"), path)
		files[filepath.ToSlash(rel)] = data
		return errors.Join(err, relErr)
	})
	if err != nil {
		t.Fatal(err)
	}
	return files, stdout.String() + stderr.String()
}

// The pack of a book of malicious texts is held against that of a harmless book
// of the same shape: nothing of it runs, links, calculates or leaves its folder.
func TestMaliciousTextsAreHarmlessInEveryFile(t *testing.T) {
	harmless := make([]string, len(malicious))
	for i := range harmless {
		harmless[i] = fmt.Sprintf("T%d", i)
	}
	plain, _ := report(t, maliciousBook(t, harmless), "html,xlsx")
	files, printed := report(t, maliciousBook(t, malicious), "html,pdf,xlsx,json")

	if bad := control(printed); bad != "" {
		t.Errorf("the messages have %q, which acts on a terminal", bad)
	}
	checkPage(t, plain["index.html"], files["index.html"])
	checkWorkbook(t, plain["pack.xlsx"], files["pack.xlsx"])
	checkExceptions(t, files["exceptions.csv"])
	pdfs := 0
	for name, data := range files {
		switch filepath.Ext(name) {
		case ".json":
			if !json.Valid(data) || !utf8.Valid(data) {
				t.Errorf("%s is no JSON", name)
			}
		case ".pdf":
			pdfs++
			for _, word := range []string{"/JavaScript", "/JS", "/URI", "/Launch", "/Filespec", "/SubmitForm", "/GoToR"} {
				if bytes.Contains(data, []byte(word)) {
					t.Errorf("%s has %s", name, word)
				}
			}
		}
	}
	if pdfs < len(malicious)/4 {
		t.Errorf("%d PDFs of %d reps", pdfs, len(malicious))
	}
	checkNames(t, slices.Collect(maps.Keys(files)))
}

// control finds a character that acts on a terminal or turns a line round.
func control(text string) string {
	i := strings.IndexFunc(text, func(r rune) bool {
		return r != '\n' && (unicode.IsControl(r) || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' || r == '\u2028' || r == '\u2029')
	})
	if i < 0 {
		return ""
	}
	return text[i:min(len(text), i+4)]
}

// pageParts takes out of a page what acts: scripts, links and the attributes that
// run them.
func pageParts(t *testing.T, page []byte) (scripts, actions []string, data int) {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for node := range root.Descendants() {
		if node.Type != html.ElementNode {
			continue
		}
		if node.Data == "iframe" || node.Data == "object" || node.Data == "embed" || node.Data == "base" || node.Data == "img" && len(node.Attr) == 0 {
			actions = append(actions, node.Data)
		}
		kind := ""
		for _, a := range node.Attr {
			link := a.Key == "href" || a.Key == "src" || a.Key == "action" || a.Key == "formaction"
			if a.Key == "type" {
				kind = a.Val
			}
			if strings.HasPrefix(a.Key, "on") || link && !strings.HasPrefix(a.Val, "#") && !strings.HasPrefix(a.Val, "data:") {
				actions = append(actions, node.Data+" "+a.Key+"="+a.Val)
			}
		}
		if node.Data != "script" {
			continue
		}
		text := ""
		if node.FirstChild != nil {
			text = node.FirstChild.Data
		}
		if strings.Contains(kind, "json") {
			data++
			if !json.Valid([]byte(text)) {
				t.Errorf("a script of data is no JSON: %.200s", text)
			}
			continue
		}
		scripts = append(scripts, text)
	}
	return scripts, actions, data
}

func checkPage(t *testing.T, plain, page []byte) {
	t.Helper()
	wantScripts, wantActions, _ := pageParts(t, plain)
	scripts, actions, data := pageParts(t, page)
	if !slices.Equal(scripts, wantScripts) || len(scripts) == 0 || data == 0 {
		t.Errorf("the page has %d scripts and %d of data, or other ones than a harmless book has (%d)", len(scripts), data, len(wantScripts))
	}
	slices.Sort(actions)
	slices.Sort(wantActions)
	if !slices.Equal(slices.Compact(actions), slices.Compact(wantActions)) {
		t.Errorf("the page acts by %q, that of a harmless book by %q", actions, wantActions)
	}
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil || !utf8.Valid(page) {
		t.Fatalf("the page is no UTF-8, or %v", err)
	}
	for node := range root.Descendants() { // ids keep the texts as they are
		if bad := strings.IndexFunc(node.Data, func(r rune) bool { return r == 0 || r == '\u202e' || r == '\u2066' }); node.Type == html.TextNode && bad >= 0 {
			t.Errorf("the page shows a zero byte or text turned by force in <%s>: %q", node.Parent.Data, node.Data[max(0, bad-20):min(len(node.Data), bad+20)])
		}
	}
}

// checkWorkbook wants well-formed parts, none that leads outside, and no formula
// with a text of the book in it.
func checkWorkbook(t *testing.T, plain, data []byte) {
	t.Helper()
	wantParts, _ := workbookParts(t, plain)
	parts, formulas := workbookParts(t, data)
	for _, name := range parts {
		if !slices.Contains(wantParts, name) {
			t.Errorf("the workbook has the part %s, that of a harmless book has not", name)
		}
	}
	for _, f := range formulas {
		for _, word := range []string{"HYPERLINK", "http", "cmd|", "alert", "WEBSERVICE", "!A0"} {
			if strings.Contains(f, word) {
				t.Errorf("the workbook has the formula %s", f)
			}
		}
	}
	if len(formulas) == 0 {
		t.Error("the workbook has no formulas at all")
	}
}

// workbookParts lists the parts of a workbook and the formulas in them.
func workbookParts(t *testing.T, data []byte) (names, formulas []string) {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.File {
		names = append(names, f.Name)
		part, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		defer part.Close()
		if !strings.HasSuffix(f.Name, ".xml") && !strings.HasSuffix(f.Name, ".rels") {
			continue
		}
		in := ""
		for d := xml.NewDecoder(part); ; {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Errorf("%s: %v", f.Name, err)
				break
			}
			switch v := token.(type) {
			case xml.StartElement:
				in = v.Name.Local
				for _, a := range v.Attr {
					if a.Name.Local == "TargetMode" && a.Value == "External" {
						t.Errorf("%s leads outside: %v", f.Name, v.Attr)
					}
				}
			case xml.EndElement:
				in = ""
			case xml.CharData:
				if in == "f" || in == "formula" || in == "formula1" || in == "definedName" {
					formulas = append(formulas, string(v))
				}
			}
		}
	}
	return names, formulas
}

// checkExceptions wants no field that a spreadsheet would calculate.
func checkExceptions(t *testing.T, data []byte) {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) <= len(malicious) {
		t.Errorf("%d rows of exceptions for a book with an error in %d rows", len(rows), len(malicious))
	}
	for _, row := range rows[1:] {
		for i, field := range row {
			first := strings.TrimSpace(field)
			if rows[0][i] != "amount" && first != "" && strings.ContainsAny(first[:1], "=+-@") || strings.HasPrefix(first, "＝") {
				t.Errorf("exceptions.csv has the field %q", field)
			}
			if strings.ContainsRune(field, 0) {
				t.Errorf("exceptions.csv has a zero byte in %q", field)
			}
		}
	}
}

// checkNames wants file names that every system takes, none of them twice.
func checkNames(t *testing.T, names []string) {
	t.Helper()
	seen := map[string]bool{}
	for _, name := range names {
		base := strings.TrimPrefix(name, "reps/")
		stem, _, _ := strings.Cut(base, ".")
		reserved := slices.Contains([]string{"CON", "PRN", "AUX", "NUL"}, strings.ToUpper(stem))
		if strings.ContainsAny(base, `/\:*?"<>|`) || base == "" || base[0] == '.' || len(base) > 100 || control(base) != "" || reserved || !utf8.ValidString(base) {
			t.Errorf("the file %q is named after a text of the book", name)
		}
		if folded := strings.ToLower(name); seen[folded] {
			t.Errorf("two files are named %q where case does not count", name)
		} else {
			seen[folded] = true
		}
	}
}
