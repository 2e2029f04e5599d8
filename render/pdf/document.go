package pdf

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"duepack/analysis/ledger"

	"github.com/johnfercher/go-tree/node"
	"github.com/johnfercher/maroto/v2"
	"github.com/johnfercher/maroto/v2/pkg/components/col"
	"github.com/johnfercher/maroto/v2/pkg/components/page"
	"github.com/johnfercher/maroto/v2/pkg/components/row"
	"github.com/johnfercher/maroto/v2/pkg/config"
	"github.com/johnfercher/maroto/v2/pkg/consts/fontstyle"
	"github.com/johnfercher/maroto/v2/pkg/consts/pagesize"
	"github.com/johnfercher/maroto/v2/pkg/core"
	"github.com/johnfercher/maroto/v2/pkg/core/entity"
	"github.com/johnfercher/maroto/v2/pkg/props"
)

// The sheet, in millimetres: A4 portrait.
const (
	sheetWidth   = 210.0
	sheetHeight  = 297.0
	marginX      = 16.0
	marginTop    = 9.0
	marginBottom = 8.0
	textWidth    = sheetWidth - 2*marginX
	// bodyHeight is what strips may use. A hair is left free, so that a sum of
	// floats never makes maroto move a row to another page.
	bodyHeight = sheetHeight - marginTop - marginBottom - 0.05
)

// document is a laid-out document.
type document struct {
	title  string
	lang   string // BCP 47
	asOf   ledger.Date
	sheets []*sheet
}

// write returns the bytes of a document, the same ones for the same document.
func (d *document) write() (file []byte, err error) {
	// The engine panics on what it cannot write. plain takes care of every
	// case that is known; another one must not take the run down.
	defer func() {
		if broken := recover(); broken != nil {
			file, err = nil, fmt.Errorf("pdf engine: %v", broken)
		}
	}()
	fonts, err := faces()
	if err != nil {
		return nil, err
	}
	built, state := d.build()
	done, err := built.Generate()
	if err = errors.Join(err, state.err); err != nil {
		return nil, fmt.Errorf("pdf engine: %w", err)
	}
	return finish(done.GetBytes(), d.lang, fonts, d.characters())
}

// build hands the sheets to maroto, one row per strip.
func (d *document) build() (core.Maroto, *drawing) {
	day := time.Unix(int64(d.asOf.Unix())*24*60*60, 0).UTC()
	built := maroto.New(config.NewBuilder().
		WithPageSize(pagesize.A4).
		WithLeftMargin(marginX).WithRightMargin(marginX).WithTopMargin(marginTop).WithBottomMargin(marginBottom).
		WithDefaultFont(&props.Font{Family: family, Style: fontstyle.Normal, Size: bodyPt}).
		WithTitle(d.title, true).WithCreator("duepack", true).
		WithCreationDate(day).
		WithCompression(false). // finish packs
		WithDisableAutoPageBreak(true).
		WithSequentialMode(). // the other modes merge files: their bytes differ from run to run
		Build())
	state := &drawing{day: day, pen: pen{links: map[string]int{}}}
	for i, s := range d.sheets {
		p := page.New()
		for j, part := range s.Strips {
			p.Add(row.New(part.Height).Add(col.New().Add(&component{strip: part, turn: i > 0 && j == 0, drawing: state})))
		}
		built.AddPages(p)
	}
	return built, state
}

// characters returns the characters that are written in each weight.
func (d *document) characters() [2]map[rune]bool {
	used := [2]map[rune]bool{{' ': true}, {' ': true}}
	for _, s := range d.sheets {
		for _, part := range s.Strips {
			texts(part.Marks, func(m *textMark) {
				for _, r := range m.Text {
					used[weightIndex(m.Bold)][r] = true
				}
			})
		}
	}
	return used
}

// drawing is the state that the components of one document share.
type drawing struct {
	pen pen
	day time.Time
	err error
}

// component draws a strip as a maroto component.
type component struct {
	strip   *strip
	turn    bool // begins a page: turned here, since sums of floats turn maroto's too early
	drawing *drawing
}

// SetConfig is part of maroto's interface; a strip needs no configuration.
func (c *component) SetConfig(*entity.Config) {}

// GetHeight returns the height of the strip in millimetres.
func (c *component) GetHeight(core.Provider, *entity.Cell) float64 { return c.strip.Height }

// GetStructure describes the strip for goldens of the layout tree: its height
// and its texts.
func (c *component) GetStructure() *node.Node[core.Structure] {
	details := map[string]any{}
	n := 0
	texts(c.strip.Marks, func(m *textMark) {
		n++
		details[fmt.Sprintf("text%02d", n)] = m.Text
	})
	return node.New(core.Structure{Type: "strip", Value: strconv.FormatFloat(c.strip.Height, 'f', 2, 64), Details: details})
}

// Render draws the strip in its cell.
func (c *component) Render(provider core.Provider, cell *entity.Cell) {
	state := c.drawing
	if state.pen.to == nil && state.err == nil {
		if state.pen.to, state.err = engine(provider); state.err == nil {
			state.pen.to.SetCatalogSort(true)
			state.pen.to.SetModificationDate(state.day)
			state.pen.to.SetCellMargin(0)
		}
	}
	if state.err == nil {
		if c.turn {
			state.pen.to.AddPage()
		}
		x, y := state.pen.to.GetXY()
		state.pen.draw(c.strip.Marks, point{X: marginX + cell.X, Y: marginTop + cell.Y})
		state.pen.to.SetXY(x, y) // paths move the place from which maroto goes on
	}
}
