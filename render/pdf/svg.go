package pdf

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// drawSVG turns a drawing as the charting library writes it into marks, of a
// width in millimetres, and returns its height. It understands path (M L l H h
// V v C A Z and their lower-case forms), rect, line, circle, polyline, polygon,
// text, g, clipPath and linearGradient with presentation attributes,
// translate, scale, rotate and matrix. An element it does not know is an
// error: a chart with a part missing is worse than none.
func drawSVG(source string, widthMM float64, fonts [2]*face) ([]mark, float64, error) {
	root, err := parseSVG(source)
	if err != nil {
		return nil, 0, fmt.Errorf("svg: %w", err)
	}
	w, errW := strconv.ParseFloat(root.attr["width"], 64)
	h, errH := strconv.ParseFloat(root.attr["height"], 64)
	if errW != nil || errH != nil || w <= 0 || h <= 0 {
		return nil, 0, fmt.Errorf("svg: size %q × %q", root.attr["width"], root.attr["height"])
	}
	scale := widthMM / w
	d := &svgDrawing{fonts: fonts, defs: map[string]*element{}}
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

// svgDrawing is a drawing while its marks are collected.
type svgDrawing struct {
	fonts [2]*face
	defs  map[string]*element // by id
}

// inherited is what elements take over from those around them.
type inherited struct {
	opacity float64
}

// collect notes the elements that others refer to.
func (d *svgDrawing) collect(e *element) {
	if id := e.attr["id"]; id != "" {
		d.defs[id] = e
	}
	for _, child := range e.children {
		d.collect(child)
	}
}

func (d *svgDrawing) children(e *element, at matrix, from inherited) ([]mark, error) {
	var marks []mark
	for _, child := range e.children {
		added, err := d.element(child, at, from)
		if err != nil {
			return nil, err
		}
		marks = append(marks, added...)
	}
	return marks, nil
}

func (d *svgDrawing) element(e *element, at matrix, from inherited) ([]mark, error) {
	own, err := parseTransform(e.attr["transform"])
	if err != nil {
		return nil, err
	}
	at = at.then(own)
	if text, ok := e.attr["opacity"]; ok {
		from.opacity *= share(text)
	}
	var marks []mark
	switch e.name {
	case "defs", "style", "title", "desc", "clipPath", "linearGradient":
		return nil, nil // drawn where they are referred to, or not at all
	case "g":
		marks, err = d.children(e, at, from)
	case "text":
		marks = d.text(e, at, from)
	default:
		var path []segment
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
func (d *svgDrawing) clip(e *element, marks []mark, at matrix) ([]mark, error) {
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
	return []mark{&group{Clip: mapped(path, at.then(own)), Marks: marks}}, nil
}

// outline returns the path of a shape in its own coordinates.
func outline(e *element) ([]segment, error) {
	switch e.name {
	case "path":
		return parsePath(e.attr["d"])
	case "rect":
		return rectangle(e.number("x"), e.number("y"), e.number("width"), e.number("height")), nil
	case "line":
		return polyline([]float64{e.number("x1"), e.number("y1"), e.number("x2"), e.number("y2")}, false), nil
	case "circle":
		x, y, r := e.number("cx"), e.number("cy"), e.number("r")
		full := append([]segment{{Op: 'M', P: [3]point{{x + r, y}}}}, arc(point{x + r, y}, r, r, 0, false, true, point{x - r, y})...)
		return append(append(full, arc(point{x - r, y}, r, r, 0, false, true, point{x + r, y})...), segment{Op: 'Z'}), nil
	case "polyline", "polygon":
		numbers, err := parseNumbers(e.attr["points"])
		return polyline(numbers, e.name == "polygon"), err
	}
	return nil, fmt.Errorf("element %s is not known", e.name)
}

func polyline(numbers []float64, closed bool) []segment {
	var path []segment
	for i := 0; i+1 < len(numbers); i += 2 {
		op := byte('L')
		if i == 0 {
			op = 'M'
		}
		path = append(path, segment{Op: op, P: [3]point{{numbers[i], numbers[i+1]}}})
	}
	if closed {
		path = append(path, segment{Op: 'Z'})
	}
	return path
}

func mapped(path []segment, at matrix) []segment {
	out := make([]segment, len(path))
	for i, s := range path {
		out[i] = segment{Op: s.Op, P: [3]point{at.apply(s.P[0]), at.apply(s.P[1]), at.apply(s.P[2])}}
	}
	return out
}

func (d *svgDrawing) shape(e *element, path []segment, at matrix, from inherited) []mark {
	s := &shape{Path: mapped(path, at), Round: e.attr["stroke-linecap"] == "round" || e.attr["stroke-linejoin"] == "round"}
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
	s.WidthMM = width * at.scale()
	if dashes, err := parseNumbers(e.attr["stroke-dasharray"]); err == nil {
		for _, dash := range dashes {
			s.DashMM = append(s.DashMM, dash*at.scale())
		}
	}
	if len(s.Path) == 0 || s.Fill == nil && s.Shade == nil && s.Stroke == nil {
		return nil
	}
	return []mark{s}
}

// gradient returns a linear gradient over the box of a path. One that is not
// there draws nothing.
func (d *svgDrawing) gradient(id string, path []segment, at matrix) *gradient {
	e := d.defs[id]
	if e == nil || e.name != "linearGradient" {
		return nil
	}
	low, high := bounds(path)
	place := func(x, y string) point {
		px, py := share(e.attr[x]), share(e.attr[y])
		if e.attr["gradientUnits"] == "userSpaceOnUse" {
			return at.apply(point{e.number(x), e.number(y)})
		}
		return at.apply(point{low.X + px*(high.X-low.X), low.Y + py*(high.Y-low.Y)})
	}
	g := &gradient{From: place("x1", "y1"), To: place("x2", "y2")}
	for _, child := range e.children {
		if c := paint(child.attr["stop-color"], child.attr["stop-opacity"], 1); c != nil {
			g.Stops = append(g.Stops, stop{At: share(child.attr["offset"]), Color: *c})
		}
	}
	if len(g.Stops) == 0 {
		return nil
	}
	return g
}

// bounds returns the corners of the box around a path.
func bounds(path []segment) (low, high point) {
	low, high = point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}
	for _, s := range path {
		used := 1
		switch s.Op {
		case 'C':
			used = 3
		case 'Z':
			used = 0
		}
		for _, p := range s.P[:used] {
			low = point{min(low.X, p.X), min(low.Y, p.Y)}
			high = point{max(high.X, p.X), max(high.Y, p.Y)}
		}
	}
	return low, high
}

// text turns a text element into one mark: anchored left, middle or right,
// and up or down by the face's own metrics.
func (d *svgDrawing) text(e *element, at matrix, from inherited) []mark {
	text := plain(strings.TrimSpace(e.text))
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
	sizePt := size * at.scale() / mmPerPoint
	width := d.fonts[weightIndex(bold)].width(text, sizePt)
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
	return []mark{&textMark{At: at.apply(point{x, y}), Text: text, SizePt: sizePt, Bold: bold, Color: *ink, Box: width, Degrees: at.degrees()}}
}

func weightIndex(bold bool) int {
	if bold {
		return 1
	}
	return 0
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
func paint(text, opacity string, around float64) *color {
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

func parseColor(text string) (color, bool) {
	switch text {
	case "", "none", "transparent":
		return color{}, false
	case "black":
		return rgb(0), true
	case "white":
		return rgb(0xffffff), true
	}
	if hex, ok := strings.CutPrefix(text, "#"); ok {
		if len(hex) == 3 {
			hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
		}
		value, err := strconv.ParseUint(hex, 16, 32)
		return rgb(uint32(value)), err == nil && len(hex) == 6
	}
	arguments := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(text, "rgba("), "rgb("), ")")
	parts := strings.Split(arguments, ",")
	if arguments == text || len(parts) < 3 || len(parts) > 4 {
		return color{}, false
	}
	c := color{Alpha: 1}
	for i, channel := range []*uint8{&c.R, &c.G, &c.B} {
		value, err := strconv.Atoi(strings.TrimSpace(parts[i]))
		if err != nil || value < 0 || value > 255 {
			return color{}, false
		}
		*channel = uint8(value)
	}
	if len(parts) == 4 {
		c.Alpha = share(parts[3])
	}
	return c, true
}
