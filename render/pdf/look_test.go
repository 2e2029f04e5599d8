package pdf

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"duepack/analysis"
)

// lookFolder is where pictures of pages are kept to be looked at: DUEPACK_LOOK,
// which `make look` sets, else a folder that goes with the test.
func lookFolder(t *testing.T) (folder, resolution string) {
	t.Helper()
	if folder = os.Getenv("DUEPACK_LOOK"); folder == "" {
		return t.TempDir(), "24"
	}
	return folder, "80"
}

// Every page of every book is drawn: there is ink on it, and none where the
// margins are.
func TestEveryPageIsDrawn(t *testing.T) {
	tool(t, "pdftoppm")
	folder, resolution := lookFolder(t)
	for name, p := range map[string]*analysis.Pack{"one-customer": fixture(t, fixtureBook(1, 1, 7)), "hostile-names": fixture(t, fixtureBook(40, 4, 100))} {
		for _, lang := range []string{"en", "zh-CN"} {
			w := words(t, lang)
			pack, err := Pack(p, w)
			if err != nil {
				t.Fatal(err)
			}
			rep, err := Rep(p, 0, w)
			if err != nil {
				t.Fatal(err)
			}
			for kind, file := range map[string][]byte{"pack": pack, "rep": rep} {
				base := filepath.Join(folder, name+"-"+lang+"-"+kind)
				if err := os.WriteFile(base+".pdf", file, 0o600); err != nil {
					t.Fatal(err)
				}
				if out, err := exec.Command("pdftoppm", "-r", resolution, "-png", base+".pdf", base).CombinedOutput(); err != nil || len(out) > 0 {
					t.Fatalf("pdftoppm: %v\n%s", err, out)
				}
				if out, err := exec.Command("pdftoppm", "-r", "24", "-gray", base+".pdf", base+"-grey").CombinedOutput(); err != nil {
					t.Fatalf("pdftoppm: %v\n%s", err, out)
				}
				inkOnEveryPage(t, base+"-grey")
			}
		}
	}
}

// inkOnEveryPage reads pictures in shades of grey and removes them.
func inkOnEveryPage(t *testing.T, base string) {
	t.Helper()
	pages, err := filepath.Glob(base + "-*.pgm")
	if err != nil || len(pages) == 0 {
		t.Fatalf("no page of %s is drawn: %v", base, err)
	}
	for _, page := range pages {
		picture, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		// At 24 dots per inch an A4 page is 199 × 281 dots, one byte each at the end
		// of the file.
		const width, height, margin = 199, 281, 13
		dots := picture[len(picture)-width*height:]
		ink := 0
		for i, grey := range dots {
			if grey >= 0xF0 {
				continue
			}
			ink++
			if x := i % width; x < margin || x >= width-margin {
				t.Errorf("%s: ink in the margin, at %d, %d", filepath.Base(page), x, i/width)
				break
			}
		}
		if ink*100 < len(dots) {
			t.Errorf("%s: %d of %d dots have ink", filepath.Base(page), ink, len(dots))
		}
		if err := os.Remove(page); err != nil {
			t.Fatal(err)
		}
	}
}

// qpdf reads the file as the format's standard has it.
func TestFileIsSound(t *testing.T) {
	if _, err := exec.LookPath("qpdf"); err != nil {
		if os.Getenv("DUEPACK_REQUIRE_TOOLS") == "1" {
			t.Fatal(err)
		}
		t.Skip("skipped: qpdf is not installed")
	}
	p := fixture(t, fixtureBook(len(hostileNames), 2, 100))
	file, err := Pack(p, words(t, "zh-CN"))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "pack.pdf")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("qpdf", "--check", path).CombinedOutput(); err != nil || !strings.Contains(string(out), "No syntax or stream encoding errors found") {
		t.Errorf("qpdf --check: %v\n%s", err, out)
	}
}

// Every character of the sample books has a glyph in both faces.
func TestEveryCharacterOfTheSamplesHasAGlyph(t *testing.T) {
	fonts := twoFaces(t)
	for _, name := range []string{"meridian", "meridian-cn"} {
		seen := map[rune]bool{}
		for _, r := range plain(textOfWorkbook(t, filepath.Join("..", "..", "samples", name, "ledger.xlsx"))) {
			if seen[r] {
				continue
			}
			seen[r] = true
			for i, f := range fonts {
				if f.glyph[r] == 0 {
					t.Errorf("%s: face %d has no %q (U+%04X)", name, i, r, r)
				}
			}
		}
		if len(seen) < 60 {
			t.Errorf("%s: only %d characters were read", name, len(seen))
		}
	}
}

// textOfWorkbook returns the texts of the cells of a workbook.
func textOfWorkbook(t *testing.T, path string) string {
	t.Helper()
	archive, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	var all strings.Builder
	for _, part := range archive.File {
		if !strings.HasPrefix(part.Name, "xl/worksheets/") && part.Name != "xl/sharedStrings.xml" {
			continue
		}
		content, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		decoder := xml.NewDecoder(content)
		for {
			token, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if text, ok := token.(xml.CharData); ok {
				all.Write(text)
			}
		}
	}
	return all.String()
}
