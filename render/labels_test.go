package render_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"duepack/templates"
)

// labelled says, by type and field of a block, which wording its text is.
var labelled = map[string]string{
	"Section.ID": "section.", "Table.ID": "table.", "Chart.ID": "chart.", "Series.Key": "series.", "Column.Key": "column.",
	"Cell.Key": "", "tileDef.key": "", "Note.List": "",
}

// labelArguments says the same of arguments that are no field of a literal.
var labelArguments = map[string]map[int]string{
	"columns": {0: "column."}, "counted": {0: ""},
}

// code is the parsed code of analysis.
type code struct {
	fset  *token.FileSet
	files []*ast.File
	keys  map[string]token.Pos
	parts map[string]token.Pos // beginnings of keys that are put together
}

// TestEveryLabelOfAnalysisHasWords reads the code of analysis for the keys of
// sections, tables, charts, series, columns and cells, whatever book they are
// for. A key that is handed to a function is looked up at its calls; one that is
// put together needs words that begin like it.
func TestEveryLabelOfAnalysisHasWords(t *testing.T) {
	c := &code{fset: token.NewFileSet(), keys: map[string]token.Pos{}, parts: map[string]token.Pos{}}
	names, err := filepath.Glob("../analysis/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(c.fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		c.files = append(c.files, file)
	}
	for _, file := range c.files {
		for _, decl := range file.Decls {
			c.read(decl)
		}
	}
	if len(c.keys) < 150 {
		t.Fatalf("only %d keys found: does this test read the right code?", len(c.keys))
	}
	for _, lang := range templates.Languages() {
		texts := wording(t, lang)
		for key, pos := range c.keys {
			if _, ok := texts[key]; !ok {
				t.Errorf("%s: %s has no words for %s", c.fset.Position(pos), lang, key)
			}
		}
		for part, pos := range c.parts {
			begins := false
			for key := range texts {
				begins = begins || strings.HasPrefix(key, part)
			}
			if !begins {
				t.Errorf("%s: %s has no words that begin with %s", c.fset.Position(pos), lang, part)
			}
		}
	}
}

// read collects the keys of one declaration.
func (c *code) read(decl ast.Decl) {
	function, _ := decl.(*ast.FuncDecl)
	var visit func(n ast.Node, elem string)
	literal := func(lit *ast.CompositeLit, elem string) {
		name, inner := elem, ""
		switch typ := lit.Type.(type) {
		case *ast.Ident:
			name = typ.Name
		case *ast.ArrayType:
			name = ""
			if id, ok := typ.Elt.(*ast.Ident); ok {
				inner = id.Name
			}
		case *ast.MapType:
			name = ""
		}
		for _, e := range lit.Elts {
			if field, ok := e.(*ast.KeyValueExpr); ok {
				if id, ok := field.Key.(*ast.Ident); ok {
					if prefix, ok := labelled[name+"."+id.Name]; ok {
						c.add(prefix, field.Value, function)
					}
				}
				visit(field.Value, inner)
				continue
			}
			visit(e, inner)
		}
	}
	visit = func(n ast.Node, elem string) {
		ast.Inspect(n, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CompositeLit:
				literal(n, elem)
				return false
			case *ast.CallExpr:
				if name := callee(n); labelArguments[name] != nil {
					for i, prefix := range labelArguments[name] {
						c.add(prefix, n.Args[i], function)
					}
					if name == "columns" {
						for _, arg := range n.Args[1:] {
							c.add("column.", arg, function)
						}
					}
					if name == "counted" {
						c.add("", &ast.BasicLit{Kind: token.STRING, Value: strconv.Quote(text(n.Args[0]) + "s"), ValuePos: n.Pos()}, function)
					}
				}
			}
			return true
		})
	}
	visit(decl, "")
}

func callee(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

// text returns the value of a string literal, "" for anything else.
func text(e ast.Expr) string {
	if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
		value, _ := strconv.Unquote(lit.Value)
		return value
	}
	return ""
}

// add notes a key: a literal, the beginning of one that is put together, or what
// the callers of the function hand over for a parameter.
func (c *code) add(prefix string, e ast.Expr, function *ast.FuncDecl) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if key := text(e); key != "" {
			c.keys[prefix+key] = e.Pos()
		}
	case *ast.BinaryExpr:
		for {
			left, ok := e.X.(*ast.BinaryExpr)
			if !ok {
				break
			}
			e = left
		}
		c.parts[prefix+text(e.X)] = e.Pos()
	case *ast.Ident:
		if i := parameter(function, e.Name); i >= 0 {
			c.addCalls(prefix, function, i)
		} else {
			c.addAssigned(prefix, e.Name, function)
		}
	}
}

// addAssigned notes what a variable of a function is set to.
func (c *code) addAssigned(prefix, name string, function *ast.FuncDecl) {
	if function == nil {
		return
	}
	ast.Inspect(function, func(n ast.Node) bool {
		set, ok := n.(*ast.AssignStmt)
		if !ok || set.Tok == token.ADD_ASSIGN || len(set.Lhs) != len(set.Rhs) {
			return true
		}
		for i, left := range set.Lhs {
			if id, ok := left.(*ast.Ident); ok && id.Name == name {
				if _, again := set.Rhs[i].(*ast.Ident); !again {
					c.add(prefix, set.Rhs[i], function)
				}
			}
		}
		return true
	})
}

// parameter returns the place of a parameter, -1 where the function has none of
// that name.
func parameter(function *ast.FuncDecl, name string) int {
	if function == nil {
		return -1
	}
	var names []string
	for _, field := range function.Type.Params.List {
		for _, id := range field.Names {
			names = append(names, id.Name)
		}
	}
	return slices.Index(names, name)
}

// addCalls notes what is handed to a function's parameter wherever it is called.
func (c *code) addCalls(prefix string, function *ast.FuncDecl, at int) {
	for _, file := range c.files {
		for _, decl := range file.Decls {
			caller, _ := decl.(*ast.FuncDecl)
			ast.Inspect(decl, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok && callee(call) == function.Name.Name && at < len(call.Args) && caller != function {
					c.add(prefix, call.Args[at], caller)
				}
				return true
			})
		}
	}
}
