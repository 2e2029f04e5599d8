package pdf

import (
	"strings"
	"testing"

	"duepack/analysis"
)

func textNote(list string, good, alarm bool) analysis.Block {
	return analysis.Block{Note: &analysis.Note{Key: "note.own_currency", List: list, Good: good, Alarm: alarm}}
}

// The executive's document shows what every reader sees and the digest, a file
// about one subject what every reader sees and the detail.
func TestDepthChoosesTheBlocks(t *testing.T) {
	s := &analysis.Section{}
	for _, depth := range []analysis.Depth{analysis.EveryDepth, analysis.InBrief, analysis.InFull} {
		s.Blocks = append(s.Blocks, analysis.Block{Depth: depth, Table: &analysis.Table{ID: string('a' + rune(depth))}})
	}
	ids := func(depth analysis.Depth) (ids string) {
		for _, it := range itemsOf(s, depth) {
			ids += it.block.Table.ID
		}
		return ids
	}
	if got := ids(analysis.InBrief); got != "ab" {
		t.Errorf("in brief %s, want ab", got)
	}
	if got := ids(analysis.InFull); got != "ac" {
		t.Errorf("in full %s, want ac", got)
	}
}

// Notes that follow each other are one item where they are of one kind; a list
// is one item, whatever its notes are.
func TestNotesOfAKindAreOneItem(t *testing.T) {
	s := &analysis.Section{Blocks: []analysis.Block{
		textNote("", false, false), textNote("", false, false), textNote("", true, false), textNote("", true, false), textNote("", false, true),
		textNote("list.decisions", false, false), textNote("list.decisions", false, true), textNote("", false, false)}}
	var got []int
	for _, it := range itemsOf(s, analysis.InBrief) {
		got = append(got, len(it.notes))
	}
	want := []int{2, 2, 1, 2, 1}
	if len(got) != len(want) {
		t.Fatalf("items of %v notes, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("items of %v notes, want %v", got, want)
		}
	}
}

// A check that passed stands behind a green tick, what must not be overlooked
// behind a red sign: told apart by form and not by colour alone.
func TestBadgesDifferInForm(t *testing.T) {
	forms := map[bool]int{}
	for _, good := range []bool{true, false} {
		l := blankLayout(t, "en")
		l.note(textNote("", good, !good).Note)
		for _, m := range l.strips[0].Marks {
			if _, ok := m.(*shape); ok {
				forms[good]++
			}
		}
		want := alarmInk
		if good {
			want = goodInk
		}
		if got := textsOf(l.strips)[0].Color; got != want {
			t.Errorf("good %v: %v", good, got)
		}
	}
	if forms[true] == 0 || forms[true] == forms[false] {
		t.Errorf("signs of %v marks", forms)
	}
}

// A list has its heading and a number for each note.
func TestListIsNumberedUnderItsHeading(t *testing.T) {
	l := blankLayout(t, "en")
	n := &analysis.Note{Key: "note.own_currency", List: "pack.contents"}
	l.list([]*analysis.Note{n, n, n})
	var got []string
	for _, m := range textsOf(l.strips) {
		got = append(got, m.Text)
	}
	text := words(t, "en").Text("note.own_currency")
	want := strings.Join([]string{words(t, "en").Text("pack.contents"), "1", text, "2", text, "3", text}, "|")
	if strings.Join(got, "|") != want {
		t.Errorf("%s, want %s", strings.Join(got, "|"), want)
	}
}

// wideTable has so many rows of amounts.
func wideTable(rows, columns int) *analysis.Table {
	t := &analysis.Table{ID: "aging", Columns: []analysis.Column{{Key: "bucket", Wide: true}}}
	for range columns {
		t.Columns = append(t.Columns, analysis.Column{Key: "amount", Right: true})
	}
	for range rows {
		row := analysis.Row{Cells: []analysis.Cell{{Text: "Northwind Traders Ltd."}}}
		for range columns {
			v := amountOf(1_234_567_890_49)
			row.Cells = append(row.Cells, analysis.Cell{Value: &v})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// A table of a page loses the rows that do not fit and says how many they are.
func TestRowsThatDoNotFitAreCounted(t *testing.T) {
	p := withoutCharts(fixture(t, fixtureBook(2, 1, 1)))
	chart := &analysis.Chart{ID: "aging", Kind: analysis.BarChart, Labels: []analysis.Cell{{Text: "a"}}, Series: []analysis.Series{{Key: "open", Values: []analysis.Value{amountOf(1)}}}}
	table := wideTable(38, 5)
	table.More = 4
	p.Sections = []analysis.Section{{ID: "aging", Blocks: []analysis.Block{{Chart: chart}, {Table: table}, {Chart: chart}}}}
	d := laidOut(t, p, "en")
	if len(d.sheets) != 1 {
		t.Fatalf("%d pages", len(d.sheets))
	}
	rows, shown := 0, shownTexts(d)
	for _, part := range d.sheets[0].Strips {
		texts(part.Marks, func(m *textMark) {
			if m.Text == "Northwind Traders Ltd." {
				rows++
			}
		})
	}
	w := words(t, "en")
	if want := w.Text("pack.more", w.Count(38-rows+4)); rows < 5 || rows >= 38 || !shown[want] {
		t.Errorf("%d of 38 rows are shown, and not %q", rows, want)
	}
}

// A table that is too wide in whole units is in thousands, and says so.
func TestWideTableIsInThousands(t *testing.T) {
	l := blankLayout(t, "en")
	l.units = 1
	l.table(wideTable(2, 7))
	shown := map[string]bool{}
	for _, m := range textsOf(l.strips) {
		shown[m.Text] = true
	}
	if shown["1,234,568"] || !shown["1,234,567,890"] {
		t.Error("seven columns of ten digits fit and are not in whole units")
	}
	l = blankLayout(t, "en")
	l.units = 1
	l.table(wideTable(2, 9))
	shown = map[string]bool{}
	for _, m := range textsOf(l.strips) {
		shown[m.Text] = true
	}
	if !shown["1,234,568"] || !shown["CNY thousand"] {
		t.Errorf("nine columns are not in thousands: %v", shown)
	}
}

// What is booked is shown to the cent.
func TestExactTableKeepsItsCents(t *testing.T) {
	l := blankLayout(t, "en")
	l.units = 1
	table := wideTable(1, 1)
	table.Exact = true
	l.table(table)
	all := textsOf(l.strips)
	if got := all[len(all)-1].Text; got != "1,234,567,890.49" || l.units != 1 {
		t.Errorf("%s", got)
	}
}

// Terms and their texts stand in two columns of about the same height.
func TestGlossaryHasTwoColumns(t *testing.T) {
	l := blankLayout(t, "en")
	table := &analysis.Table{ID: "definitions", Columns: []analysis.Column{{Key: "figure"}, {Key: "definition", Wide: true}}}
	for range 20 {
		table.Rows = append(table.Rows, analysis.Row{Cells: []analysis.Cell{{Text: "DSO"}, {Text: strings.Repeat("closing balance ÷ sales × days ", 4)}}})
	}
	l.table(table)
	columns := map[float64]int{}
	for _, m := range textsOf(l.strips) {
		if m.Text == "DSO" {
			columns[m.At.X]++
		}
	}
	if len(columns) != 2 || columns[0] != 10 {
		t.Errorf("terms per column: %v", columns)
	}
}

// Whoever meets a figure in pack.pdf finds its definition at the end: what is to
// be looked up goes on on a second page rather than lose rows.
func TestEveryFigureShownIsDefined(t *testing.T) {
	p := withoutCharts(fixture(t, fixtureBook(6, 2, 1)))
	figures, defined := briefFigures(p)
	for key := range figures {
		if !defined[key] {
			t.Errorf("%s is shown and not defined", key)
		}
	}
	shown, w := shownTexts(laidOut(t, p, "en")), words(t, "en")
	for key := range defined {
		if term := w.Text("figure." + key); !shown[term] {
			t.Errorf("the definition of %s is lost", term)
		}
	}
}

// briefFigures are the keys of the figures in what pack.pdf shows, and of those
// it defines.
func briefFigures(p *analysis.Pack) (keys, defined map[string]bool) {
	keys, defined = map[string]bool{}, map[string]bool{}
	add := func(figure string) {
		if id, ok := analysis.FigureByKey(figure[strings.LastIndexByte(figure, '/')+1:]); ok {
			keys[id.Def().Key] = true
		}
	}
	for i := range p.Sections {
		for _, b := range p.Sections[i].Blocks {
			if p.Sections[i].Depth == analysis.InFull || b.Depth == analysis.InFull {
				continue
			}
			if b.Figures != nil {
				for _, id := range b.Figures.IDs {
					keys[id.Def().Key] = true
				}
			}
			if b.Table != nil {
				for _, row := range b.Table.Rows {
					for _, c := range row.Cells {
						add(c.Figure)
					}
					if b.Table.ID == "definitions" {
						defined[strings.TrimPrefix(row.Cells[0].Key, "figure.")] = true
					}
				}
			}
		}
	}
	return keys, defined
}

// A Chinese title breaks behind a comma, not within a word, where that takes no
// more lines.
func TestChineseTitleBreaksAtItsCommas(t *testing.T) {
	l := blankLayout(t, "zh-CN")
	look := style{sizePt: headlinePt, bold: true}
	for text, want := range map[string]string{
		"应收账款逾期348万元，逾期占比34.0%，高于9月末的24.0%": "应收账款逾期348万元，逾期占比34.0%，|高于9月末的24.0%",
		"坏账损失15.5万元": "坏账损失15.5万元",
		"Two lines, of about the same length, are what a title in English has": strings.Join(l.balanced("Two lines, of about the same length, are what a title in English has", look, textWidth), "|"),
	} {
		if got := strings.Join(l.titleLines(text, look, textWidth), "|"); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	long := strings.Repeat("应收账款", 30)
	if got := l.titleLines(long+"，"+long, look, textWidth); len(got) != len(l.balanced(long+"，"+long, look, textWidth)) {
		t.Errorf("clauses longer than a line: %q", got)
	}
}
