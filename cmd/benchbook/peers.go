package main

import (
	"os/exec"
	"strings"
)

// peers are other readers, each with a program that reads the sheet Ledger of
// the workbooks it is given, and one that fails where it is not installed.
var peers = []struct {
	name           string
	program        []string
	probe, reading string
}{
	{"openpyxl, read-only", []string{"python3", "-c"}, "import openpyxl", `
import sys, openpyxl
for name in sys.argv[1:]:
    for row in openpyxl.load_workbook(name, read_only=True)["Ledger"].iter_rows(values_only=True):
        pass`},
	{"readxl", []string{"Rscript", "-e"}, "library(readxl)", `library(readxl); for (name in commandArgs(TRUE)) invisible(read_excel(name, sheet = "Ledger"))`},
	{"SheetJS", []string{"node", "-e"}, `require("xlsx")`, `
const xlsx = require("xlsx");
for (const name of process.argv.slice(1)) xlsx.utils.sheet_to_json(xlsx.readFile(name, {dense: true, sheets: "Ledger"}).Sheets.Ledger);`},
}

// installedPeers returns the readers that are there, as parts.
func installedPeers(files []string) []*part {
	var list []*part
	for _, p := range peers {
		command := func(text string) []string { return append(append([]string{}, p.program...), strings.TrimSpace(text)) }
		probe := command(p.probe)
		if exec.Command(probe[0], probe[1:]...).Run() == nil {
			list = append(list, &part{name: p.name, command: append(command(p.reading), files...)})
		}
	}
	return list
}
