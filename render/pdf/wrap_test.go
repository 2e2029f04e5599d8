package pdf

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func regular(t testing.TB) *face {
	t.Helper()
	both, err := faces()
	if err != nil {
		t.Fatal(err)
	}
	return both[0]
}

// Noto Sans SC: 1000 units an em, ideographs one em wide, digits 555 units
// each (read with fonttools from the file), so that columns of digits align.
func TestWidthsAreThoseOfTheFace(t *testing.T) {
	f := regular(t)
	for r := '0'; r <= '9'; r++ {
		if f.thousandths(r) != 555 {
			t.Errorf("digit %c is %d wide, want 555", r, f.thousandths(r))
		}
	}
	if got := f.width("账龄", 72); got < 2*25.39 || got > 2*25.41 {
		t.Errorf("two ideographs of one inch are %.2f mm wide", got)
	}
	if f.glyph['账'] == 0 || f.glyph[0x5D0] != 0 {
		t.Error("coverage of the face is not read")
	}
}

// Names of customers from Warsaw to Istanbul and Hanoi, and their currencies.
func TestFacesDrawLatinNames(t *testing.T) {
	both, err := faces()
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range both {
		for _, r := range "ŁódźŚćĄęŽižkovČapekŘŮďťGyőrŰŞişliĞİıĒģņūȘț₹₺₽₴€£¥ĐặngNguyễnÆØÅßÑ" {
			if f.glyph[r] == 0 {
				t.Errorf("face %d lacks %c", i, r)
			}
		}
		if a, b := f.thousandths('s'), f.thousandths('š'); a != b {
			t.Errorf("face %d: s is %d wide and š %d", i, a, b)
		}
	}
}

func TestTextIsMadeWritable(t *testing.T) {
	for in, want := range map[string]string{
		"Emoji 😀":            "Emoji \uFFFD",
		"𠮷野家":                "\uFFFD野家",
		"a\nb\tc\u2028d":     "a b c d",
		"\u202Eevil\u200B":   "evil",
		"heart \u2764\uFE0F": "heart \u2764",
		"bad \xff":           "bad \uFFFD",
		"\uFFFE\uFFFF":       "\uFFFD\uFFFD",
	} {
		if got := plain(in); got != want {
			t.Errorf("plain(%q) = %q, want %q", in, got, want)
		}
	}
}

// GB/T 15834 and JIS X 4051: closing marks do not begin a line, opening marks
// do not end one.
func TestPunctuationStaysWithWhatItBelongsTo(t *testing.T) {
	f := regular(t)
	const em = 10 * mmPerPoint
	for _, c := range []struct {
		text string
		ems  float64
		want string
	}{
		{"应收账款，逾期", 4.2, "应收账|款，逾期"},
		{"应收账（逾期）", 4.2, "应收账|（逾期）"},
		{"应收账款", 2.2, "应收|账款"},
		{"pay the bill", 4.5, "pay the|bill"},
		{"余额 CNY 12", 3.6, "余额|CNY 12"},
	} {
		if got := strings.Join(f.wrap(c.text, 10, c.ems*em), "|"); got != c.want {
			t.Errorf("wrap(%q) at %.1f em = %s, want %s", c.text, c.ems, got, c.want)
		}
	}
}

func TestTextWithoutCharactersHasNoLines(t *testing.T) {
	if lines := regular(t).wrap("  \t ", 8, 10); lines != nil {
		t.Errorf("lines %q", lines)
	}
}

func TestLastLineSaysThatSomethingIsMissing(t *testing.T) {
	lines := regular(t).fit(strings.Repeat("word ", 40), 8, 20, 2)
	if len(lines) != 2 || !strings.HasSuffix(lines[1], "...") {
		t.Errorf("lines %q", lines)
	}
	if got := regular(t).fit("word", 8, 20, 2); len(got) != 1 || got[0] != "word" {
		t.Errorf("a text that fits became %q", got)
	}
}

// On any text: no line is wider than it may be, unless it is one character;
// nothing is lost but spaces; and no line begins or ends with a space.
func TestWrappingKeepsTextAndWidth(t *testing.T) {
	f := regular(t)
	rapid.Check(t, func(t *rapid.T) {
		text := plain(rapid.StringOf(rapid.SampledFrom([]rune("ab 账款，。（）-W iil0123,.—\"é"))).Draw(t, "text"))
		width := rapid.Float64Range(1, 60).Draw(t, "width")
		lines := f.wrap(text, 8, width)
		for _, line := range lines {
			if f.width(line, 8) > width+0.01 && utf8.RuneCountInString(line) > 1 {
				t.Fatalf("line %q is %.2f mm wide, may be %.2f", line, f.width(line, 8), width)
			}
			if line != strings.TrimSpace(line) || line == "" {
				t.Fatalf("line %q", line)
			}
		}
		squeeze := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if got, want := squeeze(strings.Join(lines, "")), squeeze(text); got != want {
			t.Fatalf("wrapped %q lost something of %q", got, want)
		}
		if short := f.shorten(text, 8, width); f.width(short, 8) > width && short != ellipsis {
			t.Fatalf("shortened %q is too wide", short)
		}
	})
}

// The narrowest box is the one that narrowing step by step ends at.
func TestNarrowestBoxIsTheLastThatTakesAsManyLines(t *testing.T) {
	f := regular(t)
	rapid.Check(t, func(t *rapid.T) {
		text := plain(rapid.StringOfN(rapid.SampledFrom([]rune("ab 账款，。（）-W iil0123,.—\"é")), 1, 80, -1).Draw(t, "text"))
		box := rapid.Float64Range(10, 178).Draw(t, "box")
		lines := len(f.wrap(text, 8, box))
		want := box
		for want-0.5 >= f.longestPart(text, 8) && len(f.wrap(text, 8, want-0.5)) <= lines {
			want -= 0.5
		}
		if got := f.narrowest(text, 8, box, lines); got != want && f.longestPart(text, 8) <= box {
			t.Fatalf("%q in %.2f mm: %.2f mm, want %.2f", text, box, got, want)
		}
	})
}
