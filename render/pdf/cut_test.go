package pdf

import (
	"bytes"
	"encoding/binary"
	"maps"
	"slices"
	"testing"

	"duepack/templates"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// A cut face draws the characters that were kept as the whole face does and gives
// them the same room, and has no place for the others.
func TestCutFaceDrawsTheSameOutlines(t *testing.T) {
	const text = "Aé ñ1（账龄坏账准备）ű…"
	used := map[rune]bool{0xFFFD: true, '₿': true}
	for _, r := range text {
		used[r] = true
	}
	f := regular(t)
	file, kept := f.cut(used)
	if len(file) > len(templates.Regular)/500 {
		t.Errorf("the cut face has %d bytes of %d", len(file), len(templates.Regular))
	}
	whole, err := sfnt.Parse(templates.Regular)
	if err != nil {
		t.Fatal(err)
	}
	cut, err := sfnt.Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range text {
		if a, b := outlineOf(t, whole, r), outlineOf(t, cut, r); !slices.Equal(a, b) || r != ' ' && len(a) == 0 {
			t.Errorf("%c is drawn with %d segments, in the whole face with %d", r, len(b), len(a))
		}
		if a, b := advanceOf(t, whole, r), advanceOf(t, cut, r); a != b || a == 0 {
			t.Errorf("%c is %d units wide, in the whole face %d", r, b, a)
		}
	}
	codes := f.glyphCodes(slices.Sorted(maps.Keys(used)), kept)
	for r := range used {
		if glyph, err := cut.GlyphIndex(nil, r); err != nil || uint16(glyph) != binary.BigEndian.Uint16(codes[2*r:]) {
			t.Errorf("%c is glyph %d, its code leads to %d (%v)", r, glyph, binary.BigEndian.Uint16(codes[2*r:]), err)
		}
	}
	if glyph, err := cut.GlyphIndex(nil, '坏'+1); err != nil || glyph != 0 {
		t.Errorf("a character that was not used has glyph %d (%v)", glyph, err)
	}
}

// The parts of a composed glyph come with it and are named by their new numbers.
// The embedded faces have none; another face may.
func TestPartsOfAComposedGlyphAreRenumbered(t *testing.T) {
	outline := []byte{0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
	composed := []byte{0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0x29, 0, 2, 0, 0, 0, 0, 0x40, 0, // glyph 2: two words of place, a scale, and more to come
		0, 0, 0, 4, 0, 0} // glyph 4: two bytes of place
	f := &face{tables: tables{}, glyph: make([]uint16, basicPlane)}
	f.glyph['é'] = 5
	var glyf, loca, hmtx []byte
	for glyph, data := range [][]byte{outline, nil, outline, outline, outline, composed} {
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		glyf = append(glyf, data...)
		hmtx = append(hmtx, 0, byte(10*glyph), 0, byte(glyph))
	}
	f.tables["glyf"], f.tables["loca"] = glyf, binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
	f.tables["hmtx"], f.tables["hhea"], f.tables["maxp"], f.tables["post"] = hmtx, make([]byte, 36), make([]byte, 6), make([]byte, 32)
	f.tables["hhea"][35] = 6

	file, _ := f.cut(map[rune]bool{'é': true})
	cut, err := readDirectory(file)
	if err != nil {
		t.Fatal(err)
	}
	want := slices.Concat(outline, outline, outline, composed, []byte{0, 0})
	want[3*len(outline)+13], want[3*len(outline)+23] = 1, 2
	if !bytes.Equal(cut["glyf"], want) {
		t.Errorf("outlines % x\nwant     % x", cut["glyf"], want)
	}
	if want := []byte{0, 0, 0, 0, 0, 20, 0, 2, 0, 40, 0, 4, 0, 50, 0, 5}; !bytes.Equal(cut["hmtx"], want) {
		t.Errorf("advances and bearings % x, want % x", cut["hmtx"], want)
	}
	if cut["hhea"][35] != 4 || cut["maxp"][5] != 4 || len(cut["loca"]) != 4*5 {
		t.Errorf("%d advances, %d glyphs, %d places, want 4, 4 and 5", cut["hhea"][35], cut["maxp"][5], len(cut["loca"])/4)
	}
}

// The directory of a TrueType file has the sum of the words of each table
// (OpenType 1.9, "Table Directory"), and of 11 tables 8 can be searched by halves.
func TestDirectoryOfACutFaceIsWhole(t *testing.T) {
	f := regular(t)
	file, _ := f.cut(map[rune]bool{'A': true})
	found, err := readDirectory(file)
	if err != nil {
		t.Fatal(err)
	}
	n := len(found)
	hints := map[int][3]uint16{10: {128, 3, 32}, 11: {128, 3, 48}, 12: {128, 3, 64}, 13: {128, 3, 80}}[n]
	for i, want := range hints {
		if got := binary.BigEndian.Uint16(file[6+2*i:]); got != want {
			t.Errorf("hint %d for %d tables is %d, want %d", i, n, got, want)
		}
	}
	for i := range n {
		entry := file[12+16*i:]
		table, want := found[string(entry[:4])], uint32(0)
		for at, b := range table {
			want += uint32(b) << (24 - 8*(at%4))
		}
		if got := binary.BigEndian.Uint32(entry[4:]); got != want {
			t.Errorf("table %q has the sum %x, want %x", entry[:4], got, want)
		}
	}
}

func outlineOf(t *testing.T, f *sfnt.Font, r rune) sfnt.Segments {
	t.Helper()
	var buffer sfnt.Buffer
	glyph, err := f.GlyphIndex(&buffer, r)
	if err != nil {
		t.Fatal(err)
	}
	segments, err := f.LoadGlyph(&buffer, glyph, fixed.I(1000), nil)
	if err != nil {
		t.Fatalf("%c: %v", r, err)
	}
	return slices.Clone(segments)
}

func advanceOf(t *testing.T, f *sfnt.Font, r rune) fixed.Int26_6 {
	t.Helper()
	var buffer sfnt.Buffer
	glyph, err := f.GlyphIndex(&buffer, r)
	if err != nil {
		t.Fatal(err)
	}
	advance, err := f.GlyphAdvance(&buffer, glyph, fixed.I(1000), font.HintingNone)
	if err != nil {
		t.Fatal(err)
	}
	return advance
}

func TestFileThatIsNoFaceIsAnError(t *testing.T) {
	for _, file := range [][]byte{nil, []byte("OTTO\x00\x01 too short"), templates.Regular[:40], append([]byte{0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0}, "head\x00\x00\x00\x00\x7f\xff\xff\xff\x00\x00\x00\x10"...)} {
		if _, err := readTables(file); err == nil {
			t.Errorf("%d bytes pass as a face", len(file))
		}
	}
}
