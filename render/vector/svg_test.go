package vector

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// wide measures every character as its size.
func wide(text string, bold bool, size float64) float64 { return float64(len([]rune(text))) * size }

func draw(t *testing.T, body string) []Mark {
	t.Helper()
	marks, _, err := Read(`<svg width="100" height="50" xmlns="http://www.w3.org/2000/svg">`+body+`</svg>`, 100, wide)
	if err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return marks
}

// steps writes a path as text, rounded to hundredths.
func steps(path []Segment) string {
	var out []string
	for _, s := range path {
		n := map[byte]int{'M': 1, 'L': 1, 'C': 3, 'Z': 0}[s.Op]
		text := string(s.Op)
		for _, p := range s.P[:n] {
			text += fmt.Sprintf(" %g %g", hundredth(p.X), hundredth(p.Y))
		}
		out = append(out, text)
	}
	return strings.Join(out, "; ")
}

func hundredth(v float64) float64 { return math.Round(v*100)/100 + 0 }

// SVG 1.1, 8.3: what each command of a path means.
func TestPathsFollowTheirCommands(t *testing.T) {
	for d, want := range map[string]string{
		"M1 2L3 4":                           "M 1 2; L 3 4",
		"M1 2l3 4l1-1Z":                      "M 1 2; L 4 6; L 5 5; Z",
		"M107 166.1l217.9 0l0 60.4Z":         "M 107 166.1; L 324.9 166.1; L 324.9 226.5; Z",
		"M1 1 2 2 3 3":                       "M 1 1; L 2 2; L 3 3",
		"m1 1 2 2":                           "M 1 1; L 3 3",
		"M0 0H5V6h-1v-2":                     "M 0 0; L 5 0; L 5 6; L 4 6; L 4 4",
		"M0 0C1 1 2 2 3 0c1 1 2 2 3 0":       "M 0 0; C 1 1 2 2 3 0; C 4 1 5 2 6 0",
		"M0 0L1 1Zl1 0":                      "M 0 0; L 1 1; Z; L 1 0",
		"M.5.5L-1-1e1":                       "M 0.5 0.5; L -1 -10",
		"M1 1L1 1":                           "M 1 1; L 1 1",
		"M10 0A10 10 0 0 1 0 10":             "M 10 0; C 10 5.52 5.52 10 0 10", // a quarter: 4/3·tan(22.5°) = 0.5523
		"M0 0A5 5 0 0 0 0 0":                 "M 0 0; L 0 0",
		"M0 0A0 5 0 0 1 4 4":                 "M 0 0; L 4 4",
		"M-1 0A1 1 0 1 1 1 0A1 1 0 1 1 -1 0": "M -1 0; C -1 -0.55 -0.55 -1 0 -1; C 0.55 -1 1 -0.55 1 0; C 1 0.55 0.55 1 0 1; C -0.55 1 -1 0.55 -1 0",
		"M0 0A1 1 0 0 1 4 0":                 "M 0 0; C 0 -1.1 0.9 -2 2 -2; C 3.1 -2 4 -1.1 4 0", // radii too small grow: F.6.6
	} {
		path, err := parsePath(d)
		if err != nil {
			t.Errorf("%s: %v", d, err)
		} else if got := steps(path); got != want {
			t.Errorf("%s\n got %s\nwant %s", d, got, want)
		}
	}
	for _, d := range []string{"M1", "L1 2 3", "M1 2Q1 1 2 2", "M1 x", "5 5"} {
		if _, err := parsePath(d); err == nil {
			t.Errorf("path %q is no error", d)
		}
	}
}

func TestTransformsNest(t *testing.T) {
	marks := draw(t, `<g transform="translate(10 5)"><path d="M1 1L2 1" stroke="#000" transform="matrix(0,2,-2,0,0,0)"/></g>`)
	s := marks[0].(*Shape)
	if got := steps(s.Path); got != "M 8 7; L 8 9" {
		t.Errorf("path %s", got)
	}
	if s.Width != 2 {
		t.Errorf("a line of one pixel, twice as large, is %g wide", s.Width)
	}
	for _, bad := range []string{"skewX(3)", "translate(1", "matrix(1 2)"} {
		if _, err := parseTransform(bad); err == nil {
			t.Errorf("transform %s is no error", bad)
		}
	}
}

func TestColoursAndOpacityAreRead(t *testing.T) {
	for text, want := range map[string]string{
		`fill="#1f5f8b"`:                     "{31 95 139 1}",
		`fill="#abc"`:                        "{170 187 204 1}",
		`fill="rgb(1,2,3)"`:                  "{1 2 3 1}",
		`fill="rgba(1, 2, 3, 0.5)"`:          "{1 2 3 0.5}",
		`fill="#fff" fill-opacity="0.25"`:    "{255 255 255 0.25}",
		`fill="#fff" opacity="50%"`:          "{255 255 255 0.5}",
		`style="fill:#000;fill-opacity:0.5"`: "{0 0 0 0.5}",
		``:                                   "{0 0 0 1}",
	} {
		s := draw(t, `<rect width="1" height="1" `+text+`/>`)[0].(*Shape)
		if got := fmt.Sprint(*s.Fill); got != want {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
	}
	for _, text := range []string{`fill="none"`, `fill="transparent"`, `fill="url(#gone)"`, `fill="#000" opacity="0"`, `fill="none" stroke="#000" stroke-width="0"`} {
		if marks := draw(t, `<rect width="1" height="1" `+text+`/>`); len(marks) != 0 {
			t.Errorf("%s draws %d marks", text, len(marks))
		}
	}
}

func TestStrokesHaveWidthDashesAndCaps(t *testing.T) {
	s := draw(t, `<polyline points="0,0 1,1 2,0" fill="none" stroke="#f00" stroke-width="2" stroke-dasharray="4,2" stroke-linecap="round"/>`)[0].(*Shape)
	if s.Fill != nil || s.Width != 2 || fmt.Sprint(s.Dash) != "[4 2]" || !s.Round || steps(s.Path) != "M 0 0; L 1 1; L 2 0" {
		t.Errorf("stroke %+v", s)
	}
	if got := steps(draw(t, `<polygon points="0,0 1,1 2,0"/>`)[0].(*Shape).Path); !strings.HasSuffix(got, "; Z") {
		t.Errorf("a polygon is open: %s", got)
	}
}

// A text is placed by its anchor and its baseline with the widths it is given.
func TestTextIsAnchored(t *testing.T) {
	const width = 6 * 10.0
	for anchor, want := range map[string]float64{"start": 50, "middle": 50 - width/2, "end": 50 - width} {
		m := draw(t, `<text text-anchor="`+anchor+`" dominant-baseline="central" style="font-size:10px;font-family:x;" transform="translate(50 20)" fill="#333">12.5 账</text>`)[0].(*Text)
		if math.Abs(m.At.X-want) > 1e-9 || math.Abs(m.At.Y-23.6) > 1e-9 || m.Text != "12.5 账" || m.Bold || m.Size != 10 || m.Width != width {
			t.Errorf("%s: %+v, want x %g", anchor, m, want)
		}
	}
	m := draw(t, `<text style="font-size:18px;font-weight:bold" transform="matrix(0.8660254,-0.5,0.5,0.8660254,10,20)">a &lt;b&gt; 😀</text>`)[0].(*Text)
	if !m.Bold || m.Text != "a <b> 😀" || math.Abs(m.Degrees+30) > 1e-4 || m.At != (Point{10, 20}) {
		t.Errorf("turned text %+v", m)
	}
	if marks := draw(t, `<text> </text>`); len(marks) != 0 {
		t.Error("an empty text draws something")
	}
}

func TestClipPathsBecomeGroups(t *testing.T) {
	marks := draw(t, `<g clip-path="url(#c)"><rect width="9" height="9"/><text>x</text></g><defs><clipPath id="c"><path d="M0 0l5 0l0 5Z"/></clipPath></defs>`)
	g, ok := marks[0].(*Group)
	if !ok || len(marks) != 1 || len(g.Marks) != 2 || steps(g.Clip) != "M 0 0; L 5 0; L 5 5; Z" {
		t.Errorf("marks %+v", marks)
	}
}

func TestGradientsRunOverTheBoxOfTheirShape(t *testing.T) {
	s := draw(t, `<path d="M10 10l20 0l0 10l-20 0Z" fill="url(#g)"/><defs><linearGradient gradientUnits="objectBoundingBox" x1="0" y1="0" x2="1" y2="0" id="g"><stop offset="0%" stop-color="#f00"/><stop offset="100%" stop-color="rgb(0,0,255)" stop-opacity="0.5"/></linearGradient></defs>`)[0].(*Shape)
	if g := s.Shade; g == nil || g.From != (Point{10, 10}) || g.To != (Point{30, 10}) || fmt.Sprint(g.Stops) != "[{0 {255 0 0 1}} {1 {0 0 255 0.5}}]" {
		t.Errorf("gradient %+v", s.Shade)
	}
}

// A part of a chart that cannot be drawn is an error: a chart that lacks a
// part looks whole and lies.
func TestWhatIsNotKnownIsAnError(t *testing.T) {
	for _, body := range []string{
		`<image href="x"/>`, `<path d="M0 0T1 1"/>`, `<rect clip-path="url(#gone)" width="1" height="1"/>`,
		`<g transform="skewX(1)"/>`, `<polygon points="1,x"/>`, `<ellipse rx="3"/>`, `</g>`,
	} {
		if _, _, err := Read(`<svg width="10" height="10">`+body+`</svg>`, 10, wide); err == nil {
			t.Errorf("%s is no error", body)
		}
	}
	for _, source := range []string{"", "<g/>", `<svg width="0" height="5"/>`, `<svg/>`} {
		if _, _, err := Read(source, 10, wide); err == nil {
			t.Errorf("%q is no error", source)
		}
	}
}
