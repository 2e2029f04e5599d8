package pdf

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math/bits"
	"slices"
)

// tables are the parts of a TrueType file, by tag.
type tables map[string][]byte

// readTables finds the tables of a static TrueType file.
func readTables(file []byte) (tables, error) {
	found, err := readDirectory(file)
	if err != nil {
		return nil, err
	}
	for _, tag := range []string{"head", "hhea", "maxp", "OS/2", "hmtx", "loca", "glyf", "name", "post"} {
		if found[tag] == nil {
			return nil, fmt.Errorf("table %s is missing: the face has no TrueType outlines", tag)
		}
	}
	if len(found["head"]) < 54 || binary.BigEndian.Uint16(found["head"][50:]) != 1 {
		return nil, errors.New("the table of glyph places is not in the long form")
	}
	return found, nil
}

// readDirectory finds the tables that the directory of a file lists.
func readDirectory(file []byte) (tables, error) {
	if len(file) < 12 {
		return nil, errors.New("not a TrueType file")
	}
	found := tables{}
	for i := range int(binary.BigEndian.Uint16(file[4:])) {
		entry := 12 + 16*i
		if entry+16 > len(file) {
			return nil, errors.New("the table directory is cut off")
		}
		from := int(binary.BigEndian.Uint32(file[entry+8:]))
		size := int(binary.BigEndian.Uint32(file[entry+12:]))
		if from < 0 || size < 0 || from+size > len(file) {
			return nil, fmt.Errorf("table %q lies outside the file", file[entry:entry+4])
		}
		found[string(file[entry:entry+4])] = file[from : from+size : from+size]
	}
	return found, nil
}

// cut returns the face as a TrueType file with only the characters used, and
// what it kept.
func (f *face) cut(used map[rune]bool) ([]byte, cutting) {
	c, runes := f.cutting(used)
	out := tables{"cmap": f.characterMap(runes, c)}
	for _, tag := range []string{"head", "OS/2", "name", "cvt ", "fpgm", "prep", "gasp"} {
		if table := f.tables[tag]; table != nil {
			out[tag] = table
		}
	}
	out["post"] = f.tables["post"][:32] // without the names of glyphs
	out["hhea"], out["hmtx"] = counted(f.tables["hhea"], 34, c), f.metrics(c)
	out["maxp"] = counted(f.tables["maxp"], 4, c)
	out["glyf"], out["loca"] = f.outlines(c)
	return out.file(), c
}

// cutting returns what a cut to the characters used keeps: the glyphs, and the
// characters that have one.
func (f *face) cutting(used map[rune]bool) (cutting, []rune) {
	var runes []rune
	keep := map[int]bool{0: true}
	for r := range used {
		if r < basicPlane-1 && f.glyph[r] != 0 {
			runes = append(runes, r)
			f.closure(int(f.glyph[r]), keep)
		}
	}
	slices.Sort(runes)
	c := cutting{glyphs: slices.Sorted(maps.Keys(keep)), number: make(map[int]uint16, len(keep))}
	for i, glyph := range c.glyphs {
		c.number[glyph] = uint16(i)
	}
	return c, runes
}

// cutting says which glyphs are kept, in their order, and their new numbers by
// the old ones.
type cutting struct {
	glyphs []int
	number map[int]uint16
}

// counted returns a table with the number of glyphs in its place.
func counted(table []byte, place int, c cutting) []byte {
	table = slices.Clone(table)
	binary.BigEndian.PutUint16(table[place:], uint16(len(c.glyphs)))
	return table
}

// metrics returns the table of advances and left bearings. In the whole face
// glyphs behind the last advance share it.
func (f *face) metrics(c cutting) []byte {
	whole := f.tables["hmtx"]
	last := int(binary.BigEndian.Uint16(f.tables["hhea"][34:])) - 1
	table := make([]byte, 0, 4*len(c.glyphs))
	for _, glyph := range c.glyphs {
		advance, bearing := 4*min(glyph, last), 4*glyph+2
		if glyph > last {
			bearing = 4*(last+1) + 2*(glyph-last-1)
		}
		table = append(table, whole[advance:advance+2]...)
		table = append(table, whole[bearing:bearing+2]...)
	}
	return table
}

// closure adds a glyph and those it is composed of.
func (f *face) closure(glyph int, keep map[int]bool) {
	if keep[glyph] {
		return
	}
	keep[glyph] = true
	data := f.outline(glyph)
	for _, place := range parts(data) {
		f.closure(int(binary.BigEndian.Uint16(data[place:])), keep)
	}
}

// parts returns where the data of a composed glyph has the numbers of its parts;
// none where the glyph is empty or an outline of its own.
func parts(data []byte) (places []int) {
	if len(data) < 10 || int16(binary.BigEndian.Uint16(data)) >= 0 {
		return nil
	}
	const words, scale, scaleXY, scale2x2, more = 0x1, 0x8, 0x40, 0x80, 0x20
	for at := 10; at+4 <= len(data); {
		flags := binary.BigEndian.Uint16(data[at:])
		places = append(places, at+2)
		if flags&more == 0 {
			break
		}
		at += 6
		if flags&words != 0 {
			at += 2
		}
		switch {
		case flags&scale != 0:
			at += 2
		case flags&scaleXY != 0:
			at += 4
		case flags&scale2x2 != 0:
			at += 8
		}
	}
	return places
}

// outline returns the data of a glyph; none for one that draws nothing.
func (f *face) outline(glyph int) []byte {
	loca, glyf := f.tables["loca"], f.tables["glyf"]
	if 4*glyph+8 > len(loca) {
		return nil
	}
	from, to := binary.BigEndian.Uint32(loca[4*glyph:]), binary.BigEndian.Uint32(loca[4*glyph+4:])
	if from >= to || int(to) > len(glyf) {
		return nil
	}
	return glyf[from:to]
}

// outlines returns the tables of outlines and of their places with only the
// glyphs that are kept, the parts of composed ones under their new numbers.
func (f *face) outlines(c cutting) (glyf, loca []byte) {
	loca = make([]byte, 0, 4*len(c.glyphs)+4)
	for _, glyph := range c.glyphs {
		from := len(glyf)
		loca = binary.BigEndian.AppendUint32(loca, uint32(from))
		data := f.outline(glyph)
		glyf = append(glyf, data...)
		for _, place := range parts(data) {
			old := int(binary.BigEndian.Uint16(data[place:]))
			binary.BigEndian.PutUint16(glyf[from+place:], c.number[old])
		}
		glyf = append(glyf, make([]byte, -len(glyf)&3)...)
	}
	return glyf, binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
}

// characterMap returns a table cmap in format 4 with a segment per character.
func (f *face) characterMap(runes []rune, c cutting) []byte {
	n := len(runes) + 1 // the last segment is U+FFFF, as the format asks
	put := binary.BigEndian.AppendUint16
	// One subtable, for Windows and the basic plane, right after the header.
	table := []byte{0, 0, 0, 1, 0, 3, 0, 1, 0, 0, 0, 12, 0, 4}
	table = put(table, uint16(16+8*n))
	table = put(table, 0) // language
	table = put(table, uint16(2*n))
	table = appendSearchHints(table, n, 2)
	for _, r := range runes {
		table = put(table, uint16(r))
	}
	table = append(table, 0xFF, 0xFF, 0, 0)
	for _, r := range runes {
		table = put(table, uint16(r))
	}
	table = append(table, 0xFF, 0xFF)
	for _, r := range runes {
		table = put(table, c.number[int(f.glyph[r])]-uint16(r)) // wraps around, as the format has it
	}
	table = append(table, 0, 1)
	return append(table, make([]byte, 2*n)...)
}

// file returns the tables as a file.
func (t tables) file() []byte {
	tags := make([]string, 0, len(t))
	size := 12 + 16*len(t)
	for tag, table := range t {
		tags = append(tags, tag)
		size += len(table) + 3
	}
	slices.Sort(tags)
	file := append(make([]byte, 0, size), 0, 1, 0, 0)
	file = binary.BigEndian.AppendUint16(file, uint16(len(t)))
	file = appendSearchHints(file, len(t), 16)
	at := 12 + 16*len(t)
	for _, tag := range tags {
		file = append(file, tag...)
		file = binary.BigEndian.AppendUint32(file, checksum(t[tag]))
		file = binary.BigEndian.AppendUint32(file, uint32(at))
		file = binary.BigEndian.AppendUint32(file, uint32(len(t[tag])))
		at += (len(t[tag]) + 3) &^ 3
	}
	for _, tag := range tags {
		file = append(file, t[tag]...)
		file = append(file, make([]byte, -len(t[tag])&3)...)
	}
	return file
}

// checksum adds a table up in words of four bytes, as its directory asks.
func checksum(table []byte) uint32 {
	sum := uint32(0)
	for ; len(table) >= 4; table = table[4:] {
		sum += binary.BigEndian.Uint32(table)
	}
	last := [4]byte{}
	copy(last[:], table)
	return sum + binary.BigEndian.Uint32(last[:])
}

// appendSearchHints appends what a table of n entries says for a binary search in
// it: the largest power of two up to n, its exponent, and what is left, in bytes
// of entries of a size.
func appendSearchHints(table []byte, n, size int) []byte {
	exponent := bits.Len(uint(n)) - 1
	for _, hint := range []int{size << exponent, exponent, size * (n - 1<<exponent)} {
		table = binary.BigEndian.AppendUint16(table, uint16(hint))
	}
	return table
}
