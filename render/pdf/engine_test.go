package pdf

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
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
}

// The engine's stand-ins are gone from the file, each object stands where the
// table of objects says (PDF 32000-1, 7.5.4), and each is used or the catalogue.
func TestFinishedFileIsWhole(t *testing.T) {
	file, err := Pack(withoutCharts(fixture(t, fixtureBook(2, 1, 1))), words(t, "en"))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(file, []byte("/Helvetica")) {
		t.Error("a standard face is left")
	}
	objects, _, trailer, err := partsOf(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range objects {
		if !bytes.HasSuffix(o.body, []byte("endobj\n")) {
			t.Errorf("object %d ends in %q", o.number, o.body[max(0, len(o.body)-20):])
		}
		if reference := regexp.MustCompile(fmt.Sprintf(`[ \[]%d 0 R`, o.number)); !reference.Match(file) && !reference.Match(trailer) {
			t.Errorf("nothing uses object %d", o.number)
		}
	}
}

// What is no file of the engine is an error and never a panic.
func TestFileThatTheEngineDidNotWriteIsAnError(t *testing.T) {
	const good = "%PDF\n1 0 obj\n<<\n/Type /Catalog\n>>\nendobj\nxref\n0 2\n0000000000 65535 f \n0000000005 00000 n \ntrailer\n<<\n/Size 2\n>>\nstartxref\n41\n%%EOF\n"
	if _, err := finish([]byte(good), "en", [2]*face{}, [2]map[rune]bool{}); err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{{"startxref", "start"}, {"\n41\n", "\n410\n"}, {"\n41\n", "\n40\n"}, {"0 2\n", "0 3\n"}, {"0000000005", "0000000006"}, {"0000000005", "0000000900"}, {"000005", "x00005"}, {"/Catalog", "/Pages"}} {
		broken := strings.Replace(good, change[0], change[1], 1)
		if _, err := finish([]byte(broken), "en", [2]*face{}, [2]map[rune]bool{}); err == nil {
			t.Errorf("%q for %q: no error", change[1], change[0])
		}
	}
}
