package main

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The rules of the house, held by tests: docs/architecture.md says why.

const root = "../.."

// importRule says what the code of a folder may import of this module.
type importRule struct {
	folder  string
	allowed []string
	stdOnly bool // and nothing from outside the standard library
}

// imports says which packages of this module a folder's code may import; a
// folder stands for itself and all below it. The direction is
// cmd → ingest → analysis/ledger ← analysis ← render → templates.
var imports = []importRule{
	{"analysis/ledger/digit", nil, true},
	{"analysis/ledger", []string{"analysis/ledger/digit"}, true},
	{"analysis/compare", []string{"analysis", "analysis/ledger"}, true},
	{"analysis", []string{"analysis/ledger"}, true},
	{"ingest/sheet", []string{"ingest/sheet", "analysis/ledger/digit"}, false},
	{"ingest", []string{"ingest", "ingest/sheet", "analysis/ledger", "analysis/ledger/digit"}, false},
	{"templates", nil, true},
	{"render/internal/book", []string{"analysis", "analysis/ledger", "analysis/ledgertest"}, false}, // books for tests
	{"render", []string{"render", "analysis", "analysis/compare", "analysis/ledger", "templates"}, false},
	{"delivery", []string{"delivery"}, false},
	{"closing", []string{"analysis", "analysis/ledger", "delivery", "render"}, false},
	{"samples", []string{"samples", "analysis", "analysis/ledger"}, false},
	{"cmd", []string{"cmd/internal/heap", "ingest", "analysis", "analysis/compare", "analysis/ledger", "render", "samples", "templates", "delivery", "closing"}, false},
}

// bannedNames are names of packages and files that say nothing.
var bannedNames = []string{"util", "utils", "common", "helper", "helpers", "types", "model", "models", "misc", "shared_utils"}

// wordsToAvoid are the words the glossary in analysis/doc.go replaces.
var wordsToAvoid = []string{"Outstanding", "Unpaid", "Remaining", "Unapplied", "Salesman", "Agent", "Client", "Debtor"}

// floatsAllowed lists files of analysis and ingest that may use floats, and
// why. None touches money.
var floatsAllowed = map[string]string{}

// source is one Go file of the tree.
type source struct {
	path string // from the root, with slashes
	text []byte
	file *ast.File
	fset *token.FileSet
}

func (s source) test() bool { return strings.HasSuffix(s.path, "_test.go") }

func (s source) at(pos token.Pos) string {
	return s.path + ":" + strconv.Itoa(s.fset.Position(pos).Line)
}

// walk calls visit for every file of the tree that a clone has.
func walk(t *testing.T, visit func(path string)) {
	t.Helper()
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if entry.IsDir() && slices.Contains([]string{".git", "out", "bin"}, rel) {
			return fs.SkipDir
		}
		if entry.Type().IsRegular() {
			visit(rel)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// parsed holds what sources found: parsing the tree once is enough.
var parsed []source

func sources(t *testing.T) []source {
	t.Helper()
	if parsed != nil {
		return parsed
	}
	var list []source
	walk(t, func(name string) {
		if path.Ext(name) != ".go" {
			return
		}
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, source{name, text, file, fset})
	})
	if len(list) < 20 {
		t.Fatalf("found %d Go files under %s: is this the tree?", len(list), root)
	}
	parsed = list
	return list
}

func TestTidyImportsPointOneWay(t *testing.T) {
	for _, s := range sources(t) {
		if s.test() {
			continue
		}
		rule := slices.IndexFunc(imports, func(r importRule) bool { return strings.HasPrefix(s.path, r.folder+"/") })
		if rule < 0 {
			t.Errorf("%s: its folder is not in the table of imports", s.path)
			continue
		}
		for _, spec := range s.file.Imports {
			checkImport(t, s, spec, imports[rule])
		}
	}
}

func checkImport(t *testing.T, s source, spec *ast.ImportSpec, rule importRule) {
	t.Helper()
	name, _ := strconv.Unquote(spec.Path.Value)
	ours, isOurs := strings.CutPrefix(name, "duepack/")
	first, _, _ := strings.Cut(name, "/")
	switch {
	case isOurs && !slices.ContainsFunc(rule.allowed, func(a string) bool { return ours == a || within(ours, a) }):
		t.Errorf("%s: %s must not import %s", s.at(spec.Pos()), rule.folder, ours)
	case !isOurs && rule.stdOnly && strings.Contains(first, "."):
		t.Errorf("%s: %s has the standard library only, not %s", s.at(spec.Pos()), rule.folder, name)
	}
}

// within reports whether a package lies below an allowed folder that has rules
// of its own for what is below it: render/pdf below render, but not
// analysis/ledger below analysis.
func within(name, folder string) bool {
	return slices.Contains([]string{"render", "samples", "ingest", "delivery"}, folder) && strings.HasPrefix(name, folder+"/")
}

func TestTidyNamesSaySomething(t *testing.T) {
	for _, s := range sources(t) {
		stem := strings.TrimSuffix(strings.TrimSuffix(path.Base(s.path), ".go"), "_test")
		for _, name := range []string{stem, s.file.Name.Name, path.Base(path.Dir(s.path))} {
			if slices.Contains(bannedNames, name) {
				t.Errorf("%s: %q says nothing about what is in it", s.path, name)
			}
		}
	}
}

func TestTidyExportedNamesKeepToTheGlossary(t *testing.T) {
	for _, s := range sources(t) {
		if s.test() {
			continue
		}
		for _, d := range exported(s.file) {
			for _, word := range wordsToAvoid {
				if strings.Contains(d.name, word) {
					t.Errorf("%s: %s: the glossary in analysis/doc.go has another word for %q", s.at(d.pos), d.name, word)
				}
			}
		}
	}
}

func TestTidyExportedNamesAreDocumented(t *testing.T) {
	documented := map[string]bool{} // package folders with a package comment
	folders := map[string]bool{}
	for _, s := range sources(t) {
		if s.test() {
			continue
		}
		folder := path.Dir(s.path)
		folders[folder] = true
		documented[folder] = documented[folder] || s.file.Doc != nil
		for _, d := range exported(s.file) {
			if !d.documented {
				t.Errorf("%s: %s has no doc comment", s.at(d.pos), d.name)
			}
		}
	}
	for folder := range folders {
		if !documented[folder] {
			t.Errorf("%s: the package has no doc comment", folder)
		}
	}
}

// declared is an exported name of a file.
type declared struct {
	name       string
	pos        token.Pos
	documented bool
}

// exported lists the exported declarations of a file. A group's comment
// documents its names.
func exported(file *ast.File) []declared {
	var list []declared
	add := func(name *ast.Ident, comments ...*ast.CommentGroup) {
		if name.IsExported() {
			list = append(list, declared{name.Name, name.Pos(), slices.ContainsFunc(comments, func(c *ast.CommentGroup) bool { return c != nil })})
		}
	}
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if receiverExported(decl) {
				add(decl.Name, decl.Doc)
			}
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					add(spec.Name, decl.Doc, spec.Doc)
				case *ast.ValueSpec:
					for _, name := range spec.Names {
						add(name, decl.Doc, spec.Doc, spec.Comment)
					}
				}
			}
		}
	}
	return list
}

// receiverExported reports whether a function is one, or a method of an
// exported type: others are seen by nobody.
func receiverExported(f *ast.FuncDecl) bool {
	if f.Recv == nil {
		return true
	}
	t := f.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.Ident:
			return x.IsExported()
		default:
			return true
		}
	}
}

func TestTidyFilesAreFormatted(t *testing.T) {
	for _, s := range sources(t) {
		if want, err := format.Source(s.text); err != nil || !bytes.Equal(want, s.text) {
			t.Errorf("%s: gofmt would change it (%v)", s.path, err)
		}
	}
}

func TestTidyMoneyIsNeverAFloat(t *testing.T) {
	for _, s := range sources(t) {
		if s.test() || floatsAllowed[s.path] != "" || !strings.HasPrefix(s.path, "analysis/") && !strings.HasPrefix(s.path, "ingest/") {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && (id.Name == "float64" || id.Name == "float32" || id.Name == "ParseFloat") {
				t.Errorf("%s: %s in a package that holds money", s.at(id.Pos()), id.Name)
			}
			return true
		})
	}
}

func TestTidyThereIsOneClock(t *testing.T) {
	for _, s := range sources(t) {
		if s.test() || s.path == "cmd/duepack/main.go" || strings.HasPrefix(s.path, "cmd/benchbook/") { // which measures
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel.Name == "Now" {
				if x, ok := sel.X.(*ast.Ident); ok && x.Name == "time" {
					t.Errorf("%s: only main looks at the clock: pass the time in", s.at(sel.Pos()))
				}
			}
			return true
		})
	}
}

// machinePath matches absolute paths that only exist on somebody's machine.
var machinePath = regexp.MustCompile(`(^|[\s"'(=:` + "`" + `])/(work|home|Users|tmp|root|private)/[\w.]`)

func TestTidyNoPathOfAMachineIsInTheTree(t *testing.T) {
	walk(t, func(name string) {
		if slices.Contains([]string{".ttf", ".xlsx", ".pdf", ".png"}, path.Ext(name)) || strings.HasSuffix(name, ".min.js") || path.Base(name) == "tidy_test.go" ||
			name == ".git" { // a linked work tree has a file there that names its repository
			return
		}
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range bytes.Split(text, []byte("\n")) {
			if found := machinePath.Find(line); found != nil {
				t.Errorf("%s:%d: path of a machine: %s", name, i+1, bytes.TrimSpace(found))
			}
		}
	})
}
