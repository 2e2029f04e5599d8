package vector

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// parseNumbers reads numbers parted by spaces, commas, or only by their signs.
func parseNumbers(text string) ([]float64, error) {
	var numbers []float64
	rest := text
	for {
		rest = strings.TrimLeft(rest, " ,\t\r\n")
		if rest == "" {
			return numbers, nil
		}
		n := numberLength(rest)
		value, err := strconv.ParseFloat(rest[:n], 64)
		if err != nil {
			return nil, fmt.Errorf("%q is not a list of numbers", text)
		}
		numbers = append(numbers, value)
		rest = rest[n:]
	}
}

// numberLength returns how long the number at the start of a text is; a second
// sign or a second point begins the next one.
func numberLength(text string) int {
	point := false
	for i := range len(text) {
		c := text[i]
		exponent := i > 0 && (text[i-1] == 'e' || text[i-1] == 'E')
		switch {
		case c >= '0' && c <= '9', c == 'e' || c == 'E':
		case c == '.' && !point:
			point = true
		case (c == '-' || c == '+') && (i == 0 || exponent):
		default:
			return i
		}
	}
	return len(text)
}

// operands is how many numbers each command of a path takes.
var operands = map[byte]int{'M': 2, 'L': 2, 'H': 1, 'V': 1, 'C': 6, 'A': 7, 'Z': 0}

// parsePath reads the d attribute of a path into absolute segments; arcs become
// curves.
func parsePath(d string) ([]Segment, error) {
	p := &pathReader{}
	rest := strings.TrimSpace(d)
	for rest != "" {
		command := rest[0]
		n := strings.IndexAny(rest[1:], "MmLlHhVvCcAaZzQqSsTt") + 1
		if n == 0 {
			n = len(rest)
		}
		numbers, err := parseNumbers(rest[1:n])
		if err != nil {
			return nil, err
		}
		if err := p.run(command, numbers); err != nil {
			return nil, fmt.Errorf("path %q: %w", d, err)
		}
		rest = strings.TrimSpace(rest[n:])
	}
	return p.path, nil
}

// pathReader follows a path.
type pathReader struct {
	path      []Segment
	at, start Point
}

// run carries out a command as often as it has operands for it.
func (p *pathReader) run(command byte, numbers []float64) error {
	upper := command &^ 0x20
	n, known := operands[upper]
	if !known {
		return fmt.Errorf("command %c is not known", command)
	}
	if n == 0 {
		p.path = append(p.path, Segment{Op: 'Z'})
		p.at = p.start
		return nil
	}
	if len(numbers) == 0 || len(numbers)%n != 0 {
		return fmt.Errorf("command %c has %d numbers", command, len(numbers))
	}
	for i := 0; i < len(numbers); i += n {
		origin := Point{}
		if command != upper {
			origin = p.at
		}
		p.step(upper, numbers[i:i+n], origin, i > 0)
	}
	return nil
}

// step adds one command; origin is where its numbers count from.
func (p *pathReader) step(upper byte, v []float64, origin Point, repeated bool) {
	place := func(i int) Point { return Point{origin.X + v[i], origin.Y + v[i+1]} }
	switch upper {
	case 'M':
		op := byte('M')
		if repeated { // further pairs after a move are lines
			op = 'L'
		}
		p.at = place(0)
		if op == 'M' {
			p.start = p.at
		}
		p.path = append(p.path, Segment{Op: op, P: [3]Point{p.at}})
		return
	case 'L':
		p.at = place(0)
	case 'H':
		p.at.X = origin.X + v[0]
	case 'V':
		p.at.Y = origin.Y + v[0]
	case 'C':
		p.path = append(p.path, Segment{Op: 'C', P: [3]Point{place(0), place(2), place(4)}})
		p.at = place(4)
		return
	case 'A':
		end := place(5)
		p.path = append(p.path, arc(p.at, v[0], v[1], v[2], v[3] != 0, v[4] != 0, end)...)
		p.at = end
		return
	}
	p.path = append(p.path, Segment{Op: 'L', P: [3]Point{p.at}})
}

// arc turns an elliptical arc into cubic curves of at most a quarter turn,
// after "Elliptical arc implementation notes" of SVG 1.1, F.6.5.
func arc(from Point, rx, ry, rotation float64, large, sweep bool, to Point) []Segment {
	rx, ry = math.Abs(rx), math.Abs(ry)
	if rx == 0 || ry == 0 || from == to {
		return []Segment{{Op: 'L', P: [3]Point{to}}}
	}
	sin, cos := math.Sincos(rotation * math.Pi / 180)
	dx, dy := (from.X-to.X)/2, (from.Y-to.Y)/2
	x, y := cos*dx+sin*dy, cos*dy-sin*dx
	if grow := x*x/(rx*rx) + y*y/(ry*ry); grow > 1 { // too small to reach: F.6.6
		rx, ry = rx*math.Sqrt(grow), ry*math.Sqrt(grow)
	}
	ratio := (rx*rx*ry*ry - rx*rx*y*y - ry*ry*x*x) / (rx*rx*y*y + ry*ry*x*x)
	factor := math.Sqrt(max(0, ratio))
	if large == sweep {
		factor = -factor
	}
	cx, cy := factor*rx*y/ry, -factor*ry*x/rx
	begin := math.Atan2((y-cy)/ry, (x-cx)/rx)
	turn := math.Atan2((-y-cy)/ry, (-x-cx)/rx) - begin
	if sweep && turn < 0 {
		turn += 2 * math.Pi
	}
	if !sweep && turn > 0 {
		turn -= 2 * math.Pi
	}
	center := Point{cos*cx - sin*cy + (from.X+to.X)/2, sin*cx + cos*cy + (from.Y+to.Y)/2}
	place := matrix{cos * rx, sin * rx, -sin * ry, cos * ry, center.X, center.Y} // of the unit circle
	parts := int(math.Ceil(math.Abs(turn)/(math.Pi/2) - 1e-9))
	step := turn / float64(parts)
	reach := 4.0 / 3 * math.Tan(step/4)
	var curves []Segment
	for i := range parts {
		s0, c0 := math.Sincos(begin + float64(i)*step)
		s1, c1 := math.Sincos(begin + float64(i+1)*step)
		curves = append(curves, Segment{Op: 'C', P: [3]Point{
			place.apply(Point{c0 - reach*s0, s0 + reach*c0}), place.apply(Point{c1 + reach*s1, s1 - reach*c1}), place.apply(Point{c1, s1})}})
	}
	curves[len(curves)-1].P[2] = to
	return curves
}

// parseTransform reads a list of translate, scale, rotate and matrix.
func parseTransform(text string) (matrix, error) {
	m := matrix{A: 1, D: 1}
	rest := strings.TrimSpace(text)
	for rest != "" {
		name, after, ok := strings.Cut(rest, "(")
		arguments, tail, closed := strings.Cut(after, ")")
		v, err := parseNumbers(arguments)
		if !ok || !closed || err != nil {
			return m, fmt.Errorf("transform %q is not known", text)
		}
		step, err := transform(strings.TrimSpace(name), v)
		if err != nil {
			return m, err
		}
		m = m.then(step)
		rest = strings.TrimLeft(tail, " ,")
	}
	return m, nil
}

func transform(name string, v []float64) (matrix, error) {
	switch {
	case name == "translate" && len(v) == 2:
		return matrix{1, 0, 0, 1, v[0], v[1]}, nil
	case name == "translate" && len(v) == 1:
		return matrix{1, 0, 0, 1, v[0], 0}, nil
	case name == "scale" && len(v) == 2:
		return matrix{v[0], 0, 0, v[1], 0, 0}, nil
	case name == "scale" && len(v) == 1:
		return matrix{v[0], 0, 0, v[0], 0, 0}, nil
	case name == "rotate" && len(v) == 1:
		sin, cos := math.Sincos(v[0] * math.Pi / 180)
		return matrix{cos, sin, -sin, cos, 0, 0}, nil
	case name == "matrix" && len(v) == 6:
		return matrix{v[0], v[1], v[2], v[3], v[4], v[5]}, nil
	}
	return matrix{}, fmt.Errorf("transform %s with %d numbers is not known", name, len(v))
}
