package xlsx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"duepack/render"
	books "duepack/render/internal/book"
)

// archive is a workbook by its parts.
type archive map[string][]byte

func unpack(t testing.TB, workbook []byte) archive {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(workbook), int64(len(workbook)))
	if err != nil {
		t.Fatal(err)
	}
	parts := archive{}
	for _, file := range in.File {
		r, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		if parts[file.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return parts
}

// everyWorkbook checks the workbook of every book in both languages, with
// problems of the input in files whose names break pages.
func everyWorkbook(t *testing.T, check func(t *testing.T, parts archive)) {
	t.Helper()
	for name, workbook := range workbooks() {
		t.Run(name, func(t *testing.T) { check(t, unpack(t, workbook)) })
	}
}

var workbooks = sync.OnceValue(func() map[string][]byte {
	packs := books.All()
	for name, p := range books.Degenerate() {
		packs[name] = p
	}
	all := map[string][]byte{}
	for name, p := range packs {
		for _, lang := range []string{"en", "zh-CN"} {
			out, err := workbookOf(p, words(lang), someProblems())
			if err != nil {
				panic(name + ": " + err.Error())
			}
			all[name+"/"+lang] = out
		}
	}
	return all
})

func someProblems() []render.Problem {
	list := []render.Problem{{Error: true, Code: "bad-amount", File: "ledger.xlsx", Sheet: "Ledger", Cell: "F17", Found: "12,3x",
		Message: `"12,3x" is not an amount`, Hint: "write it as 1234.50", Amount: -1250, Currency: "CNY", HasAmount: true}}
	for _, name := range books.HostileNames {
		list = append(list, render.Problem{Code: "due-derived", File: name + ".csv", Cell: "E4", Found: name, Message: name, Hint: name})
	}
	return list
}

// The children of a worksheet in the order of ECMA-376, 18.3.1.99. Excel
// repairs a sheet in which they stand otherwise.
var worksheetOrder = []string{
	"sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetProtection", "autoFilter", "mergeCells",
	"conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter", "drawing", "extLst",
}

func TestPartsOfASheetStandInTheOrderOfTheStandard(t *testing.T) {
	everyWorkbook(t, func(t *testing.T, parts archive) {
		for name, part := range parts {
			if !strings.HasPrefix(name, "xl/worksheets/sheet") {
				continue
			}
			last := -1
			for _, child := range children(t, part) {
				at := slices.Index(worksheetOrder, child)
				if at < last || at < 0 {
					t.Errorf("%s: <%s> stands after <%s>", name, child, worksheetOrder[max(0, last)])
				}
				last = at
			}
		}
	})
}

// children lists the elements below the root.
func children(t *testing.T, part []byte) []string {
	t.Helper()
	var names []string
	depth := 0
	for decoder := xml.NewDecoder(bytes.NewReader(part)); ; {
		token, err := decoder.Token()
		if err == io.EOF {
			return names
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if depth++; depth == 2 {
				names = append(names, token.Name.Local)
			}
		case xml.EndElement:
			depth--
		}
	}
}

func TestEveryRelationLeadsToAPartOfAKnownType(t *testing.T) {
	target := regexp.MustCompile(`Target="([^"]*)"`)
	everyWorkbook(t, func(t *testing.T, parts archive) {
		types := string(parts["[Content_Types].xml"])
		for name, part := range parts {
			if strings.HasSuffix(name, ".rels") {
				from := path.Dir(path.Dir(name))
				for _, m := range target.FindAllStringSubmatch(string(part), -1) {
					to := path.Join(from, m[1])
					if strings.HasPrefix(m[1], "/") {
						to = m[1][1:]
					}
					if parts[to] == nil {
						t.Errorf("%s leads to %s, which is no part", name, to)
					}
				}
				continue
			}
			if name != "[Content_Types].xml" && strings.Count(types, `PartName="/`+name+`"`) != 1 {
				t.Errorf("%s has %d content types", name, strings.Count(types, `PartName="/`+name+`"`))
			}
		}
	})
}

// A defined name as Excel takes it: no reference to a cell, no space.
var (
	goodName      = regexp.MustCompile(`^[\pL_][\pL\pN_.]*$`)
	cellName      = regexp.MustCompile(`(?i)^([a-z]{1,3}[0-9]+|r[0-9]*c?[0-9]*|c[0-9]*)$`)
	namePart      = regexp.MustCompile(`<definedName ([^>]*)>([^<]*)</definedName>`)
	sheetPart     = regexp.MustCompile(`<sheet name="([^"]*)"`)
	nameAttribute = regexp.MustCompile(`(\w+)="([^"]*)"`)
)

func TestNamesOfTheWorkbookAreValidAndSaidOnce(t *testing.T) {
	everyWorkbook(t, func(t *testing.T, parts archive) {
		workbook := string(parts["xl/workbook.xml"])
		sheets := map[string]bool{}
		for _, m := range sheetPart.FindAllStringSubmatch(workbook, -1) {
			name := unescape(m[1])
			if units := len([]rune(name)); units > 31 || units == 0 || strings.ContainsAny(name, `[]:*?/\`) || strings.HasPrefix(name, "'") || sheets[strings.ToLower(name)] {
				t.Errorf("a sheet is called %q", name)
			}
			sheets[strings.ToLower(name)] = true
		}
		seen := map[string]bool{}
		for _, m := range namePart.FindAllStringSubmatch(workbook, -1) {
			attributes := map[string]string{}
			for _, a := range nameAttribute.FindAllStringSubmatch(m[1], -1) {
				attributes[a[1]] = unescape(a[2])
			}
			name := attributes["name"]
			key := strings.ToLower(name) + "@" + attributes["localSheetId"]
			if seen[key] {
				t.Errorf("%s is defined twice", name)
			}
			seen[key] = true
			if !goodName.MatchString(name) || cellName.MatchString(name) || len(name) > 255 {
				t.Errorf("%q is no name", name)
			}
			for _, ref := range strings.Split(unescape(m[2]), ",") {
				sheet, _, _ := strings.Cut(ref, "!")
				if !sheets[strings.ToLower(strings.Trim(sheet, "'"))] {
					t.Errorf("%s refers to %s, which is on no sheet", name, ref)
				}
			}
		}
	})
}

func unescape(text string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&#34;", `"`, "&#39;", "'", "&apos;", "'", "&amp;", "&").Replace(text)
}

func TestCellsLinksAndStylesAreWithinTheirBounds(t *testing.T) {
	row := regexp.MustCompile(`<row r="(\d+)"`)
	cell := regexp.MustCompile(`<c r="([A-Z]+)(\d+)"(?: s="(\d+)")?`)
	place := regexp.MustCompile(`<hyperlink ref="([A-Z]+\d+)" location="([^"]*)"/>`)
	filter := regexp.MustCompile(`<autoFilter ref="A(\d+):([A-Z]+)(\d+)"`)
	formats := regexp.MustCompile(`<cellXfs count="(\d+)"`)
	everyWorkbook(t, func(t *testing.T, parts archive) {
		workbook := string(parts["xl/workbook.xml"])
		rows := map[string]int{} // of each sheet
		for i, m := range sheetPart.FindAllStringSubmatch(workbook, -1) {
			part := string(parts["xl/worksheets/sheet"+strconv.Itoa(i+1)+".xml"])
			for _, r := range row.FindAllStringSubmatch(part, -1) {
				n, _ := strconv.Atoi(r[1])
				if n <= rows[unescape(m[1])] {
					t.Fatalf("%s: row %d after row %d", m[1], n, rows[unescape(m[1])])
				}
				rows[unescape(m[1])] = n
			}
		}
		styles, _ := strconv.Atoi(formats.FindStringSubmatch(string(parts["xl/styles.xml"]))[1])
		for name, part := range parts {
			if !strings.HasPrefix(name, "xl/worksheets/sheet") {
				continue
			}
			lastRow, lastCol := "", ""
			for _, m := range cell.FindAllStringSubmatch(string(part), -1) {
				if m[2] == lastRow && (len(m[1]) < len(lastCol) || len(m[1]) == len(lastCol) && m[1] <= lastCol) {
					t.Fatalf("%s: %s%s stands after %s%s", name, m[1], m[2], lastCol, lastRow)
				}
				lastCol, lastRow = m[1], m[2]
				if s, _ := strconv.Atoi(m[3]); s >= styles {
					t.Fatalf("%s: %s%s has style %d of %d", name, m[1], m[2], s, styles)
				}
			}
			for _, m := range place.FindAllStringSubmatch(string(part), -1) {
				sheet, to, ok := strings.Cut(unescape(m[2]), "!")
				last, known := rows[strings.Trim(sheet, "'")]
				_, digits, _ := strings.Cut(strings.TrimLeft(strings.ReplaceAll(to, "$", ""), "ABCDEFGHIJKLMNOPQRSTUVWXYZ"), ":")
				n, _ := strconv.Atoi(strings.TrimLeft(digits, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
				if !ok || !known || n > last {
					t.Errorf("%s: %s leads to %s", name, m[1], m[2])
				}
			}
			for _, m := range filter.FindAllStringSubmatch(string(part), -1) {
				first, _ := strconv.Atoi(m[1])
				last, _ := strconv.Atoi(m[3])
				if last <= first {
					t.Errorf("%s: the filter is A%s:%s%s", name, m[1], m[2], m[3])
				}
			}
		}
	})
}

func TestEveryWordOfTheWorkbookIsThere(t *testing.T) {
	missing := regexp.MustCompile(`>\[[a-z_]+\.[a-z_.]+\]<`) // what Words.Text gives for a key without words
	everyWorkbook(t, func(t *testing.T, parts archive) {
		for name, part := range parts {
			if found := missing.FindAll(part, -1); found != nil {
				t.Errorf("%s says %s", name, found)
			}
		}
	})
}

func TestBarsInCellsBeginAtZero(t *testing.T) {
	first := string(unpack(t, workbooks()["foreign only/en"])["xl/worksheets/sheet1.xml"])
	if n, zero := strings.Count(first, "<x14:sparklineGroup "), strings.Count(first, `minAxisType="custom"`); n == 0 || zero != n {
		t.Errorf("%d of %d groups of bars begin at zero", zero, n)
	}
}
