package pdf

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// drawn returns what the marks of a drawing become on a page as wide as the
// drawing.
func drawn(t *testing.T, body string) []mark {
	t.Helper()
	marks, _, err := drawSVG(fmt.Sprintf(`<svg width="%g" height="50" xmlns="http://www.w3.org/2000/svg">%s</svg>`, textWidth, body), textWidth, twoFaces(t))
	if err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return marks
}

func twoFaces(t testing.TB) [2]*face {
	t.Helper()
	both, err := faces()
	if err != nil {
		t.Fatal(err)
	}
	return both
}

// Labels have the widths of the face, and nothing in them that the engine
// cannot write.
func TestLabelsAreMeasuredByTheFace(t *testing.T) {
	width := regular(t).width("12.5 账", 10/mmPerPoint)
	m := drawn(t, `<text text-anchor="end" style="font-size:10px" transform="translate(50 20)">12.5 账</text>`)[0].(*textMark)
	if math.Abs(m.At.X-50+width) > 1e-9 || math.Abs(m.SizePt-10/mmPerPoint) > 1e-9 || m.Box != width {
		t.Errorf("%+v, want x %g", m, 50-width)
	}
	if m := drawn(t, `<text>a 😀</text>`)[0].(*textMark); m.Text != "a \uFFFD" {
		t.Errorf("text %q", m.Text)
	}
	seen := 0
	texts(drawn(t, `<g clip-path="url(#c)"><text>x</text></g><clipPath id="c"><rect width="9" height="9"/></clipPath>`), func(*textMark) { seen++ })
	if seen != 1 {
		t.Error("texts in groups are not found")
	}
}

// What the charting library writes for real: rotated labels, dashes, arcs,
// clips. Everything is drawn, and drawn by the engine.
func TestEveryMarkIsDrawn(t *testing.T) {
	marks := drawn(t, `<g clip-path="url(#c)"><circle cx="5" cy="5" r="3" fill="#1f5f8b" fill-opacity="0.7" stroke="#fff"/></g>
		<path d="M0 0l50 0l0 10l-50 0Z" fill="url(#g)"/><path d="M0 30L90 30" stroke="#999" stroke-dasharray="4 2" stroke-linecap="round"/>
		<text transform="matrix(0.866,-0.5,0.5,0.866,10,40)">turned 账龄</text><defs><clipPath id="c"><rect width="8" height="8"/></clipPath>
		<linearGradient x1="0" y1="0" x2="1" y2="0" id="g"><stop offset="0" stop-color="#f00"/><stop offset="0.5" stop-color="#0f0"/><stop offset="1" stop-color="#00f"/></linearGradient></defs>`)
	d := &document{title: "marks", lang: "en", asOf: date("2026-10-31"), sheets: []*sheet{{Strips: []*strip{{Height: 50, Marks: marks}}}}}
	file, err := d.write()
	if err != nil {
		t.Fatal(err)
	}
	content := uncompressed(t, file)
	for what, operator := range map[string]string{"clip": "W n", "gradient": "/Sh2 sh", "dashes": "[11.34 5.67] 0.00 d", "opacity": "/GS1 gs", "text": "Tj", "turn": "0.866"} {
		if !strings.Contains(content, operator) {
			t.Errorf("no %s (%s) in the page", what, operator)
		}
	}
	if opened, closed := strings.Count(content, "q\n"), strings.Count(content, "Q\n"); strings.Count(content, "q ")+opened < closed {
		t.Errorf("%d states are restored, %d saved", closed, opened)
	}
}
