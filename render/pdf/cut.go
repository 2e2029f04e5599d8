package pdf

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// tables are the parts of a TrueType file, by tag.
type tables map[string][]byte

// readTables finds the tables of a static TrueType file.
func readTables(file []byte) (tables, error) {
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

// cut returns the face as a TrueType file with only the characters used. The
// engine cuts again and renumbers the glyphs; but for each document it reads
// the whole face several times, which takes longer than everything else, and it
// pads tables in place, which goroutines that share a face must not do.
// Glyphs keep their numbers here.
func (f *face) cut(used map[rune]bool) []byte {
	var runes []rune
	keep := map[int]bool{0: true}
	for r := range used {
		if r < basicPlane-1 && f.glyph[r] != 0 {
			runes = append(runes, r)
			f.closure(int(f.glyph[r]), keep)
		}
	}
	slices.Sort(runes)
	out := tables{"cmap": f.characterMap(runes)}
	for _, tag := range []string{"head", "hhea", "maxp", "OS/2", "hmtx", "name", "cvt ", "fpgm", "prep", "gasp"} {
		if table := f.tables[tag]; table != nil {
			out[tag] = table
		}
	}
	out["post"] = f.tables["post"][:32] // without the names of glyphs
	out["glyf"], out["loca"] = f.outlines(keep)
	return out.file()
}

// closure adds a glyph and those it is composed of.
func (f *face) closure(glyph int, keep map[int]bool) {
	if keep[glyph] {
		return
	}
	keep[glyph] = true
	data := f.outline(glyph)
	if len(data) < 10 || int16(binary.BigEndian.Uint16(data)) >= 0 {
		return // empty, or an outline of its own
	}
	const words, scale, scaleXY, scale2x2, more = 0x1, 0x8, 0x40, 0x80, 0x20
	for at := 10; at+4 <= len(data); {
		flags := binary.BigEndian.Uint16(data[at:])
		f.closure(int(binary.BigEndian.Uint16(data[at+2:])), keep)
		if flags&more == 0 {
			return
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
// glyphs that are kept.
func (f *face) outlines(keep map[int]bool) (glyf, loca []byte) {
	count := len(f.tables["loca"])/4 - 1
	loca = make([]byte, 0, len(f.tables["loca"]))
	for glyph := range count {
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		if keep[glyph] {
			glyf = append(glyf, f.outline(glyph)...)
			glyf = append(glyf, make([]byte, -len(glyf)&3)...)
		}
	}
	return glyf, binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
}

// characterMap returns a table cmap in format 4 with a segment per character.
func (f *face) characterMap(runes []rune) []byte {
	n := len(runes) + 1 // the last segment is U+FFFF, as the format asks
	put := binary.BigEndian.AppendUint16
	// One subtable, for Windows and the basic plane, right after the header.
	table := []byte{0, 0, 0, 1, 0, 3, 0, 1, 0, 0, 0, 12, 0, 4}
	table = put(table, uint16(16+8*n))
	table = put(table, 0) // language
	table = put(table, uint16(2*n))
	table = append(table, make([]byte, 6)...) // hints for a binary search, which nobody does
	for _, r := range runes {
		table = put(table, uint16(r))
	}
	table = append(table, 0xFF, 0xFF, 0, 0)
	for _, r := range runes {
		table = put(table, uint16(r))
	}
	table = append(table, 0xFF, 0xFF)
	for _, r := range runes {
		table = put(table, f.glyph[r]-uint16(r)) // wraps around, as the format has it
	}
	table = append(table, 0, 1)
	return append(table, make([]byte, 2*n)...)
}

// file returns the tables as a file. Checksums are left out: the engine, which
// is the only reader, computes its own.
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
	file = append(file, make([]byte, 6)...)
	at := 12 + 16*len(t)
	for _, tag := range tags {
		file = append(file, tag...)
		file = append(file, 0, 0, 0, 0)
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
