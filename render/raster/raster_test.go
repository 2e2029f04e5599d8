package raster

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"

	"duepack/render"
	"duepack/render/chart"
	"duepack/render/internal/book"
)

// picture draws a drawing of 100 × 50 pixels at twice its size.
func picture(t *testing.T, body string) image.Image {
	t.Helper()
	file, err := PNG(`<svg width="100" height="50" xmlns="http://www.w3.org/2000/svg">`+body+`</svg>`, 200)
	if err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	drawn, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if drawn.Bounds() != image.Rect(0, 0, 200, 100) {
		t.Fatalf("the picture has %v", drawn.Bounds())
	}
	return drawn
}

// Each case names pixels and the colour they must have: inside, outside and at
// the edges of what is drawn.
func TestMarksAreDrawnWhereTheyStand(t *testing.T) {
	white, red, blue := color.RGBA{255, 255, 255, 255}, color.RGBA{255, 0, 0, 255}, color.RGBA{0, 0, 255, 255}
	type pixel struct {
		x, y int
		want color.RGBA
	}
	for body, pixels := range map[string][]pixel{
		`<rect x="10" y="10" width="20" height="10" fill="#f00"/>`:                                                                         {{20, 20, red}, {59, 39, red}, {60, 39, white}, {19, 20, white}, {30, 40, white}},
		`<path d="M10 25L90 25" fill="none" stroke="#f00" stroke-width="2"/>`:                                                              {{100, 48, red}, {100, 51, red}, {100, 46, white}, {100, 53, white}, {19, 50, white}, {181, 50, white}},
		`<path d="M10 25L90 25" fill="none" stroke="#f00" stroke-width="2" stroke-dasharray="10 10"/>`:                                     {{30, 50, red}, {50, 50, white}, {70, 50, red}},
		`<path d="M0 0L50 0L50 50L0 50Z M10 10L10 40L40 40L40 10Z" fill="#f00"/>`:                                                          {{10, 50, red}, {50, 50, white}},
		`<g clip-path="url(#c)"><rect width="100" height="50" fill="#f00"/></g><clipPath id="c"><rect width="10" height="10"/></clipPath>`: {{10, 10, red}, {30, 10, white}},
		`<circle cx="50" cy="25" r="10" fill="#00f"/>`:                                                                                     {{100, 50, blue}, {100, 31, blue}, {100, 28, white}, {82, 32, white}},
		`<rect width="100" height="50" fill="url(#g)"/><linearGradient id="g" x1="0" y1="0" x2="1" y2="0"><stop offset="0" stop-color="#f00"/><stop offset="0.5" stop-color="#f00"/><stop offset="1" stop-color="#00f"/></linearGradient>`: {{50, 50, red}, {100, 50, color.RGBA{254, 0, 1, 255}}, {199, 50, color.RGBA{1, 0, 254, 255}}},
		`<rect width="100" height="50" fill="#f00" fill-opacity="0.5"/>`: {{50, 50, color.RGBA{255, 127, 127, 255}}},
	} {
		drawn := picture(t, body)
		for _, p := range pixels {
			got := color.RGBAModel.Convert(drawn.At(p.x, p.y)).(color.RGBA)
			if far(got.R, p.want.R) || far(got.G, p.want.G) || far(got.B, p.want.B) {
				t.Errorf("%s: pixel %d,%d is %v, want %v", body, p.x, p.y, got, p.want)
			}
		}
	}
}

func far(a, b uint8) bool { return max(a, b)-min(a, b) > 2 }

// inked counts the dark pixels of an area.
func inked(drawn image.Image, area image.Rectangle) int {
	n := 0
	for x := area.Min.X; x < area.Max.X; x++ {
		for y := area.Min.Y; y < area.Max.Y; y++ {
			if r, _, _, _ := drawn.At(x, y).RGBA(); r < 0x8000 {
				n++
			}
		}
	}
	return n
}

func TestTextIsDrawnFromTheEmbeddedFace(t *testing.T) {
	text := `<text x="10" y="30" style="font-size:20px" fill="#000">`
	letter := picture(t, text+`l</text>`)
	if n := inked(letter, image.Rect(20, 20, 35, 62)); n < 80 {
		t.Errorf("an l has %d dark pixels", n)
	}
	if n := inked(letter, image.Rect(40, 0, 200, 100)); n != 0 {
		t.Errorf("%d dark pixels beside the l", n)
	}
	chinese, box := picture(t, text+`账</text>`), picture(t, text+`😀</text>`)
	if a, b := inked(chinese, chinese.Bounds()), inked(box, box.Bounds()); a < 200 || b < 50 || a == b {
		t.Errorf("a Chinese character has %d dark pixels, the box of a missing one %d", a, b)
	}
	bold := picture(t, `<text x="10" y="30" style="font-size:20px;font-weight:bold" fill="#000">l</text>`)
	if inked(bold, bold.Bounds()) <= inked(letter, letter.Bounds()) {
		t.Error("bold is not bolder")
	}
}

func TestChartsBecomeTheSamePictureEachTime(t *testing.T) {
	p := book.Trading()
	w, err := render.New("zh-CN")
	if err != nil {
		t.Fatal(err)
	}
	drawn := 0
	for i := range p.Sections {
		for _, b := range p.Sections[i].Blocks {
			if b.Chart == nil || drawn == 3 {
				continue
			}
			drawn++
			option, err := chart.Option(b.Chart, w, p)
			if err != nil {
				t.Fatal(err)
			}
			svg, err := chart.SVG(option, 560, 240)
			if err != nil {
				t.Fatal(err)
			}
			first, err := PNG(svg, 1120)
			if err != nil {
				t.Fatal(err)
			}
			if second, err := PNG(svg, 1120); err != nil || !bytes.Equal(first, second) {
				t.Errorf("chart %s differs the second time (%v)", b.Chart.ID, err)
			}
		}
	}
	if drawn == 0 {
		t.Error("the book has no chart")
	}
}

func TestWhatCannotBeReadIsAnError(t *testing.T) {
	if _, err := PNG("<svg/>", 100); err == nil {
		t.Error("a drawing without a size is no error")
	}
}
