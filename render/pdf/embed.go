package pdf

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"sync"

	"github.com/klauspost/compress/zlib"
)

// standIn are the standard faces with which the engine believes to write, by
// weight: it knows them by their names alone. In the finished file the cut faces
// take their places. The engine's own way to embed a face reads the file four
// times per document, makes a key out of 65,536 widths and packs a map of
// 65,536 glyphs, which took two thirds of the time of a rep's file.
var standIn = [2]string{
	"<</Type /Font\n/BaseFont /Helvetica\n",
	"<</Type /Font\n/BaseFont /Helvetica-Bold\n",
}

// faceNames are the names of the cut faces. The six letters say that a face is a
// part of one (PDF 32000-1, 9.6.4).
var faceNames = [2]string{"DUEREG+NotoSansSC-Regular", "DUEBLD+NotoSansSC-Bold"}

// codes returns a plain text as the faces are written with: two bytes a
// character, its number in the basic plane.
func codes(text string) string {
	list := make([]byte, 0, 2*len(text))
	for _, r := range text {
		list = binary.BigEndian.AppendUint16(list, uint16(r))
	}
	return string(list)
}

// byteOrderMark begins a text outside of pages that is written in codes.
const byteOrderMark = "\xFE\xFF"

// toUnicode maps the codes to the characters that they are.
const toUnicode = `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
1 beginbfrange
<0000> <FFFF> <0000>
endbfrange
endcmap
CMapName currentdict /CMap defineresource pop
end
end`

// embed writes a face with the characters used as objects of the file, and
// returns the object that takes the place of a standard face.
func (out *finisher) embed(f *face, name string, used map[rune]bool) string {
	runes := slices.Sorted(maps.Keys(used))
	file, kept := f.cut(used)
	embedded := out.add(fmt.Sprintf("<</Filter /FlateDecode /Length %%d /Length1 %d>>", len(file)), file)
	places := out.add(packed, f.glyphCodes(runes, kept))
	text := out.add(packed, []byte(toUnicode))
	m := f.metricsOf()
	descriptor := out.add(fmt.Sprintf("<</Type /FontDescriptor /FontName /%s /Flags 4 /FontBBox [%d %d %d %d] /ItalicAngle 0 /Ascent %d /Descent %d /CapHeight %d /StemV %d /FontFile2 %d 0 R>>",
		name, m.box[0], m.box[1], m.box[2], m.box[3], m.ascent, m.descent, m.capHeight, m.stem, embedded), nil)
	descendant := out.add(fmt.Sprintf("<</Type /Font /Subtype /CIDFontType2 /BaseFont /%s /CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> /FontDescriptor %d 0 R /DW 1000 /W [%s] /CIDToGIDMap %d 0 R>>",
		name, descriptor, f.widths(runes), places), nil)
	return fmt.Sprintf("<</Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [%d 0 R] /ToUnicode %d 0 R>>", name, descendant, text)
}

// glyphCodes maps codes to the glyphs of a cut face: two bytes for each code up
// to the last one used.
func (f *face) glyphCodes(runes []rune, kept cutting) []byte {
	table := make([]byte, 2*(int(runes[len(runes)-1])+1))
	for _, r := range runes {
		binary.BigEndian.PutUint16(table[2*r:], kept.number[int(f.glyph[r])])
	}
	return table
}

// widths lists the widths of characters in thousandths of the size, a list for
// each run of neighbours.
func (f *face) widths(runes []rune) []byte {
	var list []byte
	for i, r := range runes {
		switch {
		case i == 0:
			list = append(strconv.AppendInt(list, int64(r), 10), '[')
		case r != runes[i-1]+1:
			list = append(strconv.AppendInt(append(list, ']'), int64(r), 10), '[')
		default:
			list = append(list, ' ')
		}
		list = strconv.AppendInt(list, int64(f.thousandths(r)), 10)
	}
	return append(list, ']')
}

// faceMetrics are what a descriptor says of a face, in thousandths of the size.
type faceMetrics struct {
	box                              [4]int // left, bottom, right, top of all glyphs
	ascent, descent, capHeight, stem int
}

// metricsOf reads the metrics of a face from its tables head, hhea and OS/2.
func (f *face) metricsOf() faceMetrics {
	head, hhea, os2 := f.tables["head"], f.tables["hhea"], f.tables["OS/2"]
	em := float64(binary.BigEndian.Uint16(head[18:]))
	signed := func(table []byte, place int) int {
		if place+2 > len(table) {
			return 0
		}
		return int(math.Round(float64(int16(binary.BigEndian.Uint16(table[place:]))) * 1000 / em))
	}
	m := faceMetrics{ascent: signed(hhea, 4), descent: signed(hhea, 6), capHeight: signed(os2, 88)}
	for i := range m.box {
		m.box[i] = signed(head, 36+2*i)
	}
	// No table has the width of stems: it is estimated from the weight, as PDF writers do.
	weight := float64(binary.BigEndian.Uint16(os2[4:])) / 65
	m.stem = 50 + int(weight*weight)
	return m
}

// finisher writes the finished file.
type finisher struct {
	bytes.Buffer
	places []int // of objects, by number; of object 0, which is none, 0
}

// finish turns what the engine wrote into the finished file: with the faces of the
// document for the standard ones, its streams packed, and its language and the
// wish to show the title in the catalogue, which the engine leaves out.
func finish(file []byte, lang string, fonts [2]*face, used [2]map[rune]bool) ([]byte, error) {
	objects, head, trailer, err := partsOf(file)
	if err != nil {
		return nil, err
	}
	out := &finisher{places: make([]int, len(objects)+1)}
	out.Write(head)
	catalogs := 0
	for _, o := range objects {
		body := o.body
		switch content, isStream := streamOf(body); {
		case isStream:
			out.begin(o.number)
			out.stream(packed, content)
			continue
		case bytes.HasPrefix(body, []byte(standIn[0])):
			body = []byte(out.embed(fonts[0], faceNames[0], used[0]) + "\nendobj\n")
		case bytes.HasPrefix(body, []byte(standIn[1])):
			body = []byte(out.embed(fonts[1], faceNames[1], used[1]) + "\nendobj\n")
		case bytes.HasPrefix(body, []byte(catalog)):
			catalogs++
			body = slices.Concat([]byte(catalog), fmt.Appendf(nil, "/Lang (%s)\n/ViewerPreferences <</DisplayDocTitle true>>\n", lang), body[len(catalog):])
		}
		out.begin(o.number)
		out.Write(body)
	}
	if catalogs != 1 {
		return nil, fmt.Errorf("pdf engine: %d catalogues", catalogs)
	}
	return out.end(trailer), nil
}

// catalog begins the engine's catalogue, packed is the dictionary of a stream.
const (
	catalog = "<<\n/Type /Catalog\n"
	packed  = "<</Filter /FlateDecode /Length %d>>"
)

// begin notes the place of an object and writes its head.
func (out *finisher) begin(number int) {
	out.places[number] = out.Len()
	fmt.Fprintf(out, "%d 0 obj\n", number)
}

// add writes one more object and returns its number: a dictionary, and the
// packed content where there is one, with its length in the dictionary.
func (out *finisher) add(dictionary string, content []byte) int {
	number := len(out.places)
	out.places = append(out.places, 0)
	out.begin(number)
	if content != nil {
		out.stream(dictionary, content)
	} else {
		out.WriteString(dictionary + "\nendobj\n")
	}
	return number
}

// stream writes the rest of an object with packed content.
func (out *finisher) stream(dictionary string, content []byte) {
	p := packers.Get().(*packer)
	p.packed.Reset()
	p.zip.Reset(&p.packed)
	p.zip.Write(content) // into memory: it does not fail
	p.zip.Close()
	fmt.Fprintf(out, dictionary+"\nstream\n", p.packed.Len())
	out.Write(p.packed.Bytes())
	out.WriteString("\nendstream\nendobj\n")
	packers.Put(p)
}

// packer packs one stream after another: what it needs for it is a megabyte.
type packer struct {
	packed bytes.Buffer
	zip    *zlib.Writer
}

var packers = sync.Pool{New: func() any {
	p := &packer{}
	p.zip, _ = zlib.NewWriterLevel(&p.packed, zlib.BestSpeed) // the level exists
	return p
}}

// end writes the table of objects and the trailer.
func (out *finisher) end(trailer []byte) []byte {
	start := out.Len()
	fmt.Fprintf(out, "xref\n0 %d\n0000000000 65535 f \n", len(out.places))
	for _, place := range out.places[1:] {
		fmt.Fprintf(out, "%010d 00000 n \n", place)
	}
	fmt.Fprintf(out, "trailer\n<<\n/Size %d\n", len(out.places))
	out.Write(trailer)
	fmt.Fprintf(out, "startxref\n%d\n%%%%EOF\n", start)
	return out.Bytes()
}

// engineObject is an object as the engine wrote it, without its first line.
type engineObject struct {
	number, place int
	body          []byte
}

// partsOf takes the engine's file apart: its objects in the order in which it
// wrote them, what stands before them, and the trailer behind its size.
func partsOf(file []byte) (objects []engineObject, head, trailer []byte, err error) {
	const start, entry = "startxref\n", len("0000000000 00000 n \n")
	at := bytes.LastIndex(file, []byte(start))
	if at < 0 {
		return nil, nil, nil, fmt.Errorf("pdf engine: no table of objects")
	}
	place, count := 0, 0
	if _, err := fmt.Sscanf(string(file[at+len(start):]), "%d", &place); err != nil || place > at {
		return nil, nil, nil, fmt.Errorf("pdf engine: a table of objects that is not in the file")
	}
	if _, err := fmt.Sscanf(string(file[place:at]), "xref\n0 %d\n", &count); err != nil {
		return nil, nil, nil, fmt.Errorf("pdf engine: no table of objects at %d", place)
	}
	size := fmt.Sprintf("trailer\n<<\n/Size %d\n", count)
	table, trailer, ok := bytes.Cut(file[place:at], []byte(size))
	if rows := bytes.IndexByte(table, ' ') + len(strconv.Itoa(count)) + 2; ok {
		table = table[rows:]
	}
	if !ok || len(table) != count*entry {
		return nil, nil, nil, fmt.Errorf("pdf engine: %d bytes for a table of %d objects", len(table), count)
	}
	objects = make([]engineObject, count-1)
	for i := range objects {
		o := &objects[i]
		o.number = i + 1
		o.place, err = strconv.Atoi(string(table[(i+1)*entry : (i+1)*entry+10]))
		if err != nil || o.place > place {
			return nil, nil, nil, fmt.Errorf("pdf engine: object %d is not in the file", o.number)
		}
	}
	slices.SortFunc(objects, func(x, y engineObject) int { return x.place - y.place })
	for i := range objects {
		end := place
		if i+1 < len(objects) {
			end = objects[i+1].place
		}
		line := fmt.Sprintf("%d 0 obj\n", objects[i].number)
		body, ok := bytes.CutPrefix(file[objects[i].place:end], []byte(line))
		if !ok {
			return nil, nil, nil, fmt.Errorf("pdf engine: object %d is not where its table says", objects[i].number)
		}
		objects[i].body = body
	}
	return objects, file[:objects[0].place], trailer, nil
}

// streamOf returns the content of an object that is a stream and nothing else,
// as the engine writes pages.
func streamOf(body []byte) ([]byte, bool) {
	if !bytes.HasPrefix(body, []byte("<</Length ")) {
		return nil, false
	}
	_, content, ok := bytes.Cut(body, []byte(">>\nstream\n"))
	if !ok {
		return nil, false
	}
	return bytes.CutSuffix(content, []byte("\nendstream\nendobj\n"))
}
