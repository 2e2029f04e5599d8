package analysis

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"
)

// TestEveryNoteIsADeclaredSentence reads the code of this package: a note made
// by hand would be one that no test of the wording knows of.
func TestEveryNoteIsADeclaredSentence(t *testing.T) {
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	made := 0
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, f.Name(), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			literal, ok := n.(*ast.CompositeLit)
			if !ok {
				return true
			}
			if name, ok := literal.Type.(*ast.Ident); ok && name.Name == "Note" {
				made++
				if f.Name() != "sentence.go" {
					t.Errorf("%s: a note without a declared sentence", fset.Position(literal.Pos()))
				}
			}
			return true
		})
	}
	if made == 0 {
		t.Error("no note is made anywhere: does this test look at the right thing?")
	}
}

func TestSentenceWithTooFewArgumentsPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a gap was left without an argument")
		}
	}()
	Sentence{Key: "note.two", Gaps: 2}.note(Cell{})
}
