package main

import (
	"bytes"
	"os"
	"testing"
)

// Bytecode of another version of the engine, or of other scripts, would draw
// other charts than the ones that the scripts say, or none.
func TestBytecodeIsThatOfTheScriptsAndTheEngine(t *testing.T) {
	got, err := os.ReadFile("../charts.bytecode")
	if err != nil {
		t.Fatal(err)
	}
	want, err := compile("..")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("charts.bytecode is out of date: go generate ./render/chart writes it anew")
	}
}
