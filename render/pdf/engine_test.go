package pdf

import (
	"bytes"
	"strconv"
	"testing"

	"github.com/johnfercher/maroto/v2"
	"github.com/johnfercher/maroto/v2/pkg/components/col"
	"github.com/johnfercher/maroto/v2/pkg/components/row"
	"github.com/johnfercher/maroto/v2/pkg/core"
	"github.com/johnfercher/maroto/v2/pkg/core/entity"
)

// probe is a component that takes maroto's engine when it is drawn.
type probe struct {
	component
	err   error
	pages int
}

func (p *probe) Render(provider core.Provider, _ *entity.Cell) {
	engine, err := engine(provider)
	if p.err = err; err == nil {
		p.pages = engine.PageCount()
	}
}

// The one place where the program reaches into maroto. Where an upgrade moves
// the engine, this fails first and says what it found.
func TestMarotoStillHoldsItsEngine(t *testing.T) {
	p := &probe{component: component{strip: &strip{Height: 5}}}
	m := maroto.New()
	m.AddRows(row.New(5).Add(col.New().Add(p)))
	if _, err := m.Generate(); err != nil {
		t.Fatal(err)
	}
	if p.err != nil || p.pages != 1 {
		t.Fatalf("maroto's engine is out of reach (pages %d): %v\nSee docs/decisions/0030.", p.pages, p.err)
	}
}

// An engine that is somewhere else is an error and never a panic.
func TestEngineThatIsNotThereIsAnError(t *testing.T) {
	for name, provider := range map[string]core.Provider{"nothing": nil, "another struct": &struct{ core.Provider }{}} {
		if _, err := engine(provider); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// PDF 32000-1, 7.5.5: startxref gives the place of the cross-reference table.
func TestLanguageIsWrittenAndTheCrossReferenceStillFound(t *testing.T) {
	p := withoutCharts(fixture(t, fixtureBook(2, 1, 1)))
	file, err := Pack(p, words(t, "zh-CN"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(file, []byte("/Lang (zh-CN)")) {
		t.Error("the catalogue names no language")
	}
	_, tail, _ := bytes.Cut(file[bytes.LastIndex(file, []byte("startxref")):], []byte("\n"))
	digits, _, _ := bytes.Cut(tail, []byte("\n"))
	at, err := strconv.Atoi(string(digits))
	if err != nil || !bytes.HasPrefix(file[at:], []byte("xref\n")) {
		t.Errorf("startxref %s leads to %q", digits, file[at:at+5])
	}
	if _, err := withLanguage([]byte("no pdf"), "en"); err == nil {
		t.Error("a file without a catalogue is no error")
	}
}
