package vector

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// Measure returns the width of a text of a size, both in the units of the
// drawing.
type Measure func(text string, bold bool, size float64) float64

// Read turns a drawing as the charting library writes it into marks, width
// units wide, and returns its height. It understands path (M L l H h V v C A Z
// and their lower-case forms), rect, line, circle, polyline, polygon, text, g,
// clipPath and linearGradient with presentation attributes, translate, scale,
// rotate and matrix. An element it does not know is an error: a chart with a
// part missing is worse than none.
func Read(source string, width float64, measure Measure) ([]Mark, float64, error) {
	root, err := parseSVG(source)
	if err != nil {
		return nil, 0, fmt.Errorf("svg: %w", err)
	}
	w, errW := strconv.ParseFloat(root.attr["width"], 64)
	h, errH := strconv.ParseFloat(root.attr["height"], 64)
	if errW != nil || errH != nil || w <= 0 || h <= 0 {
		return nil, 0, fmt.Errorf("svg: size %q × %q", root.attr["width"], root.attr["height"])
	}
	scale := width / w
	d := &drawing{measure: measure, defs: map[string]*element{}}
	d.collect(root)
	marks, err := d.children(root, matrix{A: scale, D: scale}, inherited{opacity: 1})
	if err != nil {
		return nil, 0, fmt.Errorf("svg: %w", err)
	}
	return marks, h * scale, nil
}

// element is one element of a drawing with its text.
type element struct {
	name     string
	attr     map[string]string // properties of style="…" among them
	text     string
	children []*element
}

// parseSVG reads a drawing into a tree.
func parseSVG(source string) (*element, error) {
	decoder := xml.NewDecoder(strings.NewReader(source))
	top := &element{}
	path := []*element{top}
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		parent := path[len(path)-1]
		switch token := token.(type) {
		case xml.StartElement:
			e := &element{name: token.Name.Local, attr: attributes(token.Attr)}
			parent.children = append(parent.children, e)
			path = append(path, e)
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.CharData:
			parent.text += string(token)
		}
	}
	if len(top.children) != 1 || top.children[0].name != "svg" {
		return nil, errors.New("no svg element")
	}
	return top.children[0], nil
}

func attributes(list []xml.Attr) map[string]string {
	attr := make(map[string]string, len(list))
	for _, a := range list {
		attr[a.Name.Local] = a.Value
	}
	for property := range strings.SplitSeq(attr["style"], ";") {
		if name, value, ok := strings.Cut(property, ":"); ok {
			attr[strings.TrimSpace(name)] = strings.TrimSpace(value)
		}
	}
	return attr
}

// number returns an attribute as a number of pixels; absent is 0.
func (e *element) number(name string) float64 {
	value, err := strconv.ParseFloat(strings.TrimSuffix(e.attr[name], "px"), 64)
	if err != nil {
		return 0
	}
	return value
}

// drawing is a drawing while its marks are collected.
type drawing struct {
	measure Measure
	defs    map[string]*element // by id
}

// inherited is what elements take over from those around them.
type inherited struct {
	opacity float64
}

// collect notes the elements that others refer to.
func (d *drawing) collect(e *element) {
	if id := e.attr["id"]; id != "" {
		d.defs[id] = e
	}
	for _, child := range e.children {
		d.collect(child)
	}
}

func (d *drawing) children(e *element, at matrix, from inherited) ([]Mark, error) {
	var marks []Mark
	for _, child := range e.children {
		added, err := d.element(child, at, from)
		if err != nil {
			return nil, err
		}
		marks = append(marks, added...)
	}
	return marks, nil
}

func (d *drawing) element(e *element, at matrix, from inherited) ([]Mark, error) {
	own, err := parseTransform(e.attr["transform"])
	if err != nil {
		return nil, err
	}
	at = at.then(own)
	if text, ok := e.attr["opacity"]; ok {
		from.opacity *= share(text)
	}
	var marks []Mark
	switch e.name {
	case "defs", "style", "title", "desc", "clipPath", "linearGradient":
		return nil, nil // drawn where they are referred to, or not at all
	case "g":
		marks, err = d.children(e, at, from)
	case "text":
		marks = d.text(e, at, from)
	default:
		var path []Segment
		if path, err = outline(e); err == nil {
			marks = d.shape(e, path, at, from)
		}
	}
	if err != nil || len(marks) == 0 {
		return nil, err
	}
	return d.clip(e, marks, at)
}

// clip puts marks into the group of the element's clip path, if it has one.
func (d *drawing) clip(e *element, marks []Mark, at matrix) ([]Mark, error) {
	id := reference(e.attr["clip-path"])
	if id == "" {
		return marks, nil
	}
	definition := d.defs[id]
	if definition == nil || len(definition.children) != 1 {
		return nil, fmt.Errorf("clip path %q is not there or not one shape", id)
	}
	child := definition.children[0]
	own, err := parseTransform(child.attr["transform"])
	if err != nil {
		return nil, err
	}
	path, err := outline(child)
	if err != nil {
		return nil, err
	}
	return []Mark{&Group{Clip: mapped(path, at.then(own)), Marks: marks}}, nil
}

// outline returns the path of a shape in its own coordinates.
func outline(e *element) ([]Segment, error) {
	switch e.name {
	case "path":
		return parsePath(e.attr["d"])
	case "rect":
		return Rectangle(e.number("x"), e.number("y"), e.number("width"), e.number("height")), nil
	case "line":
		return polyline([]float64{e.number("x1"), e.number("y1"), e.number("x2"), e.number("y2")}, false), nil
	case "circle":
		return Disc(e.number("cx"), e.number("cy"), e.number("r")), nil
	case "polyline", "polygon":
		numbers, err := parseNumbers(e.attr["points"])
		return polyline(numbers, e.name == "polygon"), err
	}
	return nil, fmt.Errorf("element %s is not known", e.name)
}

func polyline(numbers []float64, closed bool) []Segment {
	var path []Segment
	for i := 0; i+1 < len(numbers); i += 2 {
		op := byte('L')
		if i == 0 {
			op = 'M'
		}
		path = append(path, Segment{Op: op, P: [3]Point{{numbers[i], numbers[i+1]}}})
	}
	if closed {
		path = append(path, Segment{Op: 'Z'})
	}
	return path
}

func mapped(path []Segment, at matrix) []Segment {
	out := make([]Segment, len(path))
	for i, s := range path {
		out[i] = Segment{Op: s.Op, P: [3]Point{at.apply(s.P[0]), at.apply(s.P[1]), at.apply(s.P[2])}}
	}
	return out
}

func (d *drawing) shape(e *element, path []Segment, at matrix, from inherited) []Mark {
	s := &Shape{Path: mapped(path, at), Round: e.attr["stroke-linecap"] == "round" || e.attr["stroke-linejoin"] == "round"}
	fill, ok := e.attr["fill"]
	if !ok {
		fill = "#000"
	}
	if id := reference(fill); id != "" {
		s.Shade = d.gradient(id, path, at)
	} else {
		s.Fill = paint(fill, e.attr["fill-opacity"], from.opacity)
	}
	width := 1.0
	if _, ok := e.attr["stroke-width"]; ok {
		width = e.number("stroke-width")
	}
	if width > 0 {
		s.Stroke = paint(e.attr["stroke"], e.attr["stroke-opacity"], from.opacity)
	}
	s.Width = width * at.scale()
	if dashes, err := parseNumbers(e.attr["stroke-dasharray"]); err == nil {
		for _, dash := range dashes {
			s.Dash = append(s.Dash, dash*at.scale())
		}
	}
	if len(s.Path) == 0 || s.Fill == nil && s.Shade == nil && s.Stroke == nil {
		return nil
	}
	return []Mark{s}
}

// gradient returns a linear gradient over the box of a path. One that is not
// there draws nothing.
func (d *drawing) gradient(id string, path []Segment, at matrix) *Gradient {
	e := d.defs[id]
	if e == nil || e.name != "linearGradient" {
		return nil
	}
	low, high := Bounds(path)
	place := func(x, y string) Point {
		px, py := share(e.attr[x]), share(e.attr[y])
		if e.attr["gradientUnits"] == "userSpaceOnUse" {
			return at.apply(Point{e.number(x), e.number(y)})
		}
		return at.apply(Point{low.X + px*(high.X-low.X), low.Y + py*(high.Y-low.Y)})
	}
	g := &Gradient{From: place("x1", "y1"), To: place("x2", "y2")}
	for _, child := range e.children {
		if c := paint(child.attr["stop-color"], child.attr["stop-opacity"], 1); c != nil {
			g.Stops = append(g.Stops, Stop{At: share(child.attr["offset"]), Color: *c})
		}
	}
	if len(g.Stops) == 0 {
		return nil
	}
	return g
}

// Bounds returns the corners of the box around a path.
func Bounds(path []Segment) (low, high Point) {
	low, high = Point{math.Inf(1), math.Inf(1)}, Point{math.Inf(-1), math.Inf(-1)}
	for _, s := range path {
		used := 1
		switch s.Op {
		case 'C':
			used = 3
		case 'Z':
			used = 0
		}
		for _, p := range s.P[:used] {
			low = Point{min(low.X, p.X), min(low.Y, p.Y)}
			high = Point{max(high.X, p.X), max(high.Y, p.Y)}
		}
	}
	return low, high
}

// text turns a text element into one mark: anchored left, middle or right,
// and up or down as the drawing asks.
func (d *drawing) text(e *element, at matrix, from inherited) []Mark {
	text := strings.TrimSpace(e.text)
	fill, ok := e.attr["fill"]
	if !ok {
		fill = "#000"
	}
	ink := paint(fill, e.attr["fill-opacity"], from.opacity)
	if text == "" || ink == nil {
		return nil
	}
	weight := e.attr["font-weight"]
	bold := weight == "bold" || weight == "bolder" || weight >= "600" && weight <= "900"
	size := e.number("font-size")
	if size <= 0 {
		size = 12
	}
	width := d.measure(text, bold, size*at.scale())
	x, y := e.number("x"), e.number("y")
	switch e.attr["text-anchor"] {
	case "middle":
		x -= width / at.scale() / 2
	case "end":
		x -= width / at.scale()
	}
	switch e.attr["dominant-baseline"] {
	case "central", "middle":
		y += size * 0.36 // half the height of capitals and ideographs
	case "hanging", "text-before-edge":
		y += size * 0.85
	}
	return []Mark{&Text{At: at.apply(Point{x, y}), Text: text, Size: size * at.scale(), Bold: bold, Color: *ink, Width: width, Degrees: at.degrees()}}
}

// reference returns the id in url(#id); "" where the text is no reference.
func reference(text string) string {
	if rest, ok := strings.CutPrefix(strings.TrimSpace(text), "url(#"); ok {
		return strings.TrimSuffix(rest, ")")
	}
	return ""
}

// share reads a number between 0 and 1 or a percentage. No text is 0.
func share(text string) float64 {
	number, percent := strings.CutSuffix(strings.TrimSpace(text), "%")
	value, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return 0
	}
	if percent {
		value /= 100
	}
	return min(1, max(0, value))
}

// paint reads a colour; nil where nothing is drawn. Colours are #rgb, #rrggbb,
// rgb(), rgba() and the few names that the charting library writes.
func paint(text, opacity string, around float64) *Color {
	text = strings.TrimSpace(text)
	c, ok := parseColor(text)
	if !ok {
		return nil
	}
	if opacity != "" {
		c.Alpha *= share(opacity)
	}
	c.Alpha *= around
	if c.Alpha == 0 {
		return nil
	}
	return &c
}

func parseColor(text string) (Color, bool) {
	switch text {
	case "", "none", "transparent":
		return Color{}, false
	case "black":
		return RGB(0), true
	case "white":
		return RGB(0xffffff), true
	}
	if hex, ok := strings.CutPrefix(text, "#"); ok {
		if len(hex) == 3 {
			hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
		}
		value, err := strconv.ParseUint(hex, 16, 32)
		return RGB(uint32(value)), err == nil && len(hex) == 6
	}
	arguments := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(text, "rgba("), "rgb("), ")")
	parts := strings.Split(arguments, ",")
	if arguments == text || len(parts) < 3 || len(parts) > 4 {
		return Color{}, false
	}
	c := Color{Alpha: 1}
	for i, channel := range []*uint8{&c.R, &c.G, &c.B} {
		value, err := strconv.Atoi(strings.TrimSpace(parts[i]))
		if err != nil || value < 0 || value > 255 {
			return Color{}, false
		}
		*channel = uint8(value)
	}
	if len(parts) == 4 {
		c.Alpha = share(parts[3])
	}
	return c, true
}
