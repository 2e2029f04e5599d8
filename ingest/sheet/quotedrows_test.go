package sheet

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestQuotesThatSwallowRows tells a text of several lines from rows between two quotes that
// were meant as letters.
func TestQuotesThatSwallowRows(t *testing.T) {
	row := func(fields int) string { return strings.Repeat("a,", fields-1) + "b\n" }
	swallowed := func(fields, rows int) string { // one quote in the second field, and one that closes it rows later
		return "a,\"x" + strings.Repeat(",a", fields-2) + "\n" + strings.Repeat(row(fields), rows) + "a,y\"" + strings.Repeat(",a", fields-2) + "\n"
	}
	for _, trial := range []struct{ name, text, cell string }{
		{"one row of many fields", strings.Repeat(row(8), 10) + swallowed(8, 1), "B11"},
		{"a thousand rows", strings.Repeat(row(21), 12) + swallowed(21, 1000) + row(21), "B13"},
		{"three rows of few fields", strings.Repeat(row(5), 10) + swallowed(5, 3), "B11"},
		{"two rows of few fields, which a text may have by chance", strings.Repeat(row(5), 10) + swallowed(5, 2), ""},
		{"behind titles", "Title\n\nat,once\n" + strings.Repeat(row(9), 10) + swallowed(9, 1), "B14"},
		{"of lines that end as on Windows", strings.ReplaceAll(strings.Repeat(row(8), 10)+swallowed(8, 2), "\n", "\r\n"), "B11"},
		{"behind too few rows to know", strings.Repeat(row(8), 9) + swallowed(8, 3), ""},
		{"behind rows of other numbers of fields", strings.Repeat(row(8)+row(9), 10) + swallowed(9, 3), ""},
		{"a text of many lines", strings.Repeat(row(8), 10) + "a,\"one, two,\nthree\n,,,\nfour, five, six, seven, eight, nine\"" + strings.Repeat(",a", 6) + "\n", ""},
		{"lines at the edges of a text are parts of rows", strings.Repeat(row(8), 10) + "a,\"" + row(8) + strings.TrimSpace(row(8)) + "\"" + strings.Repeat(",a", 6) + "\n", ""},
	} {
		t.Run(trial.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.csv")
			if err := os.WriteFile(path, []byte(trial.text), 0o600); err != nil {
				t.Fatal(err)
			}
			f, err := Open(path, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			err = f.Sheets()[0].Rows(func(*Row) error { return nil })
			var bad *FormatError
			switch {
			case trial.cell == "" && err != nil:
				t.Errorf("it is refused: %v", err)
			case trial.cell != "" && (!errors.As(err, &bad) || bad.Code != "quoted-rows" || bad.Cell != trial.cell):
				t.Errorf("%v, want quoted-rows at %s", err, trial.cell)
			}
		})
	}
}
