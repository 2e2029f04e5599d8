package render_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"duepack/analysis"
	"duepack/render"
	"duepack/render/internal/book"
)

// figuresPage is the document that lists every figure.
const figuresPage = "../docs/figures.md"

// TestFiguresPageIsWhatTheCodeSays writes docs/figures.md from definitions,
// wording and the sections of a pack, and wants the checked-in page to be that
// (make golden writes it anew).
func TestFiguresPageIsWhatTheCodeSays(t *testing.T) {
	want := figuresMarkdown(t)
	if os.Getenv("DUEPACK_UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(figuresPage, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(figuresPage)
	if err != nil || string(got) != want {
		t.Errorf("%s is not what the code says (%v): run make golden and read the difference", figuresPage, err)
	}
}

func figuresMarkdown(t *testing.T) string {
	t.Helper()
	words := map[string]*render.Words{}
	for _, lang := range []string{"en", "zh-CN"} {
		w, err := render.New(lang)
		if err != nil {
			t.Fatal(err)
		}
		words[lang] = w
	}
	en, zh := words["en"], words["zh-CN"]
	shown := sectionsOf(book.Plans(), book.Trading())
	units := map[analysis.Unit]string{
		analysis.Money: "money, as a decimal string with the decimals of the currency", analysis.Share: "ratio, 4 decimals (1 is 100 %)",
		analysis.Percent: "percent, 2 decimals", analysis.Days: "days, 1 decimal", analysis.Times: "times, 4 decimals", analysis.Count: "whole number",
	}
	var b strings.Builder
	b.WriteString(`# Every figure

Generated from the code by TestFiguresPageIsWhatTheCodeSays; do not edit (make golden writes it anew).

A figure's id is its path: ` + "`company/KEY`, `by_currency/USD/KEY`, `regions/ID/KEY`, `reps/ID/KEY`, `customers/ID/KEY`" + `. The same id names it in
` + "`pack.json`, `duepack explain`, `duepack diff`" + `, as an anchor of the page, and on the sheets Figures and Customer figures of the workbook, where it is also a defined
name with _ for / (` + "`company_dso`" + `). Figures marked *reps* exist for reps only. What a ratio divides by zero, and what a list of open items cannot
know, is null in ` + "`pack.json`" + `, empty with its reason in the workbook, and a dash with its reason on page and paper.

`)
	fmt.Fprintf(&b, "## aging\n\n%s · %s\n\n- Id: `…/aging/BUCKET`, one amount per bucket (`not_due`, `1-30` … `120+`)\n- Formula: %s\n- Rule: §4\n- Unit: %s\n- Sections that show it: %s\n",
		en.Text("section.aging"), zh.Text("section.aging"), en.Text("formula.aging"), units[analysis.Money], strings.Join(shown["aging"], ", "))
	for _, id := range analysis.Figures() {
		def := id.Def()
		level := ""
		if def.RepOnly {
			level = " *(reps)*"
		}
		where := "the list of all figures on the page, and the workbook"
		if list := shown[def.Key]; len(list) > 0 {
			where = strings.Join(list, ", ")
		}
		fmt.Fprintf(&b, "\n## %s%s\n\n%s · %s\n\n- Definition: %s\n- 定义：%s\n- Formula: %s\n- Rule: %s\n- Unit: %s\n- Sections that show it: %s\n",
			def.Key, level, en.Text("figure."+def.Key), zh.Text("figure."+def.Key), en.Definition(id), zh.Definition(id), en.Text("formula."+def.Key), def.Rule, units[def.Unit], where)
	}
	return b.String()
}

// sectionsOf finds, by key of pack.json, the sections of packs whose blocks
// show the figure.
func sectionsOf(packs ...*analysis.Pack) map[string][]string {
	shown := map[string][]string{}
	add := func(key, section string) {
		if !slices.Contains(shown[key], section) {
			shown[key] = append(shown[key], section)
		}
	}
	for _, p := range packs {
		for i := range p.Sections {
			s := &p.Sections[i]
			for _, block := range s.Blocks {
				if block.Figures != nil {
					for _, id := range block.Figures.IDs {
						add(id.Def().Key, s.ID)
					}
					for _, tile := range block.Figures.Tiles {
						if _, key, ok := strings.Cut(tile.Value.Figure, "/"); ok {
							add(key, s.ID)
						}
					}
				}
				if block.Table == nil {
					continue
				}
				for _, row := range block.Table.Rows {
					for _, cell := range row.Cells {
						if path := strings.Split(cell.Figure, "/"); cell.Figure != "" {
							key := path[len(path)-1]
							if slices.Contains(path, "aging") {
								key = "aging"
							}
							add(key, s.ID)
						}
					}
				}
			}
		}
	}
	return shown
}
