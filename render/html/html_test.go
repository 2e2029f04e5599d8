package html_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"
	"testing"

	"duepack/analysis"
	"duepack/analysis/ledger"
	"duepack/analysis/ledgertest"
	core "duepack/render"
	"duepack/render/html"
	"duepack/render/internal/book"

	xhtml "golang.org/x/net/html"
)

func render(t testing.TB, p *analysis.Pack, lang string) []byte {
	t.Helper()
	w, err := core.New(lang)
	if err != nil {
		t.Fatal(err)
	}
	out, err := html.Pack(p, w)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// element is one start tag of a page with the text right after it.
type element struct {
	name, text string
	attr       map[string]string
}

func elements(t *testing.T, out []byte) []element {
	t.Helper()
	tokens := xhtml.NewTokenizer(bytes.NewReader(out))
	var list []element
	for {
		switch tokens.Next() {
		case xhtml.ErrorToken:
			if tokens.Err() != io.EOF {
				t.Fatal(tokens.Err())
			}
			return list
		case xhtml.StartTagToken:
			token := tokens.Token()
			e := element{name: token.Data, attr: map[string]string{}}
			for _, a := range token.Attr {
				e.attr[a.Key] = a.Val
			}
			list = append(list, e)
		case xhtml.TextToken:
			if len(list) > 0 {
				list[len(list)-1].text += tokens.Token().Data
			}
		}
	}
}

// allowed are the elements the template has. Any other comes out of the data.
var allowed = strings.Fields(`html head meta title style body a header p h1 h2 h3 span nav ul li details summary noscript main section dl div dt dd
	b bdi small figure figcaption svg polyline circle script table caption thead tbody tfoot tr th td footer`)

func TestNothingInTheDataBecomesMarkup(t *testing.T) {
	known := map[string]bool{}
	for _, name := range allowed {
		known[name] = true
	}
	for name, p := range book.All() {
		scripts := 0
		for _, e := range elements(t, render(t, p, "en")) {
			if !known[e.name] {
				t.Errorf("%s: element <%s> %v", name, e.name, e.attr)
			}
			for attr := range e.attr {
				if strings.HasPrefix(attr, "on") {
					t.Errorf("%s: <%s %s>", name, e.name, attr)
				}
			}
			if e.name == "script" && e.attr["type"] == "" {
				scripts++
			}
		}
		if scripts != 2 {
			t.Errorf("%s: %d scripts, want the page's own 2", name, scripts)
		}
	}
}

func TestHostileNamesAreShownAsTheyAre(t *testing.T) {
	var all strings.Builder
	for _, e := range elements(t, render(t, book.Trading(), "en")) {
		if e.name != "script" {
			all.WriteString(e.text + "\n")
		}
	}
	for _, name := range book.HostileNames {
		if !strings.Contains(all.String(), core.Clean(name)) {
			t.Errorf("%q is not on the page", name)
		}
	}
}

func TestChartOptionsAreInertJSON(t *testing.T) {
	found := 0
	for _, e := range elements(t, render(t, book.Trading(), "en")) {
		if e.name != "script" || e.attr["type"] != "application/json" {
			continue
		}
		found++
		if !json.Valid([]byte(e.text)) {
			t.Errorf("%s: not JSON", e.attr["id"])
		}
		if strings.ContainsAny(e.text, "<>&") {
			t.Errorf("%s: markup is not escaped", e.attr["id"])
		}
		if strings.Contains(e.text, "function") {
			t.Errorf("%s: a function in the option", e.attr["id"])
		}
	}
	if found == 0 {
		t.Error("no chart")
	}
}

func TestNoAddressLeavesThePage(t *testing.T) {
	for _, e := range elements(t, render(t, book.Trading(), "zh-CN")) {
		for _, attr := range []string{"href", "src", "action", "data"} {
			if v, ok := e.attr[attr]; ok && !strings.HasPrefix(v, "#") {
				t.Errorf("<%s %s=%q>", e.name, attr, v)
			}
		}
	}
}

func TestAnchorsAreUniqueAndLinksLeadSomewhere(t *testing.T) {
	packs := book.All()
	packs["customers left out"] = wordy(t)
	for name, p := range packs {
		list := elements(t, render(t, p, "en"))
		ids := map[string]bool{}
		for _, e := range list {
			if id := e.attr["id"]; id != "" {
				if ids[id] {
					t.Errorf("%s: id %s stands twice", name, id)
				}
				ids[id] = true
			}
		}
		for _, e := range list {
			address, err := url.Parse(e.attr["href"])
			if err != nil {
				t.Fatal(err)
			}
			if target := address.Fragment; target != "" && !ids[target] {
				t.Errorf("%s: link to %q leads nowhere", name, target)
			}
		}
	}
}

// Every figure id of the company, the currencies, regions and reps is an anchor.
func TestEveryFigureHasAPlace(t *testing.T) {
	p := book.Trading()
	ids := map[string]string{}
	for _, e := range elements(t, render(t, p, "en")) {
		ids[e.attr["id"]] = e.text
	}
	for _, s := range p.Subjects() {
		if s.Level == analysis.CustomerLevel {
			continue
		}
		for _, id := range analysis.Figures() {
			if s.Has(id) {
				if _, ok := ids[s.Path()+"/"+id.Def().Key]; !ok {
					t.Errorf("no anchor %s/%s", s.Path(), id.Def().Key)
				}
			}
		}
	}
}

func TestAgingRuleStandsWhereBucketsAre(t *testing.T) {
	for _, lang := range []string{"en", "zh-CN"} {
		p := book.Years()
		out := string(render(t, p, lang))
		w, err := core.New(lang)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out, w.Text("note.aging_rule.issued")) {
			t.Errorf("%s: the rule is missing", lang)
		}
	}
}

func TestSamePackSameBytes(t *testing.T) {
	if !bytes.Equal(render(t, book.Trading(), "en"), render(t, book.Trading(), "en")) {
		t.Error("two pages of one pack differ")
	}
}

// crowd is the pack of a book of many customers, who buy from a number of reps
// and owe a number of documents each.
func crowd(t testing.TB, customers, documents, reps int32) *analysis.Pack {
	t.Helper()
	l := book.Ledger()
	l.Customers, l.Entries, l.Reps, l.Control = nil, nil, nil, nil
	for r := range reps {
		l.Reps = append(l.Reps, ledger.Rep{ID: fmt.Sprintf("R%02d", r), Name: fmt.Sprintf("Rep %d", r)})
	}
	l.Targets = nil
	day := ledger.MustDate("2026-08-01")
	for c := range customers {
		l.Customers = append(l.Customers, ledger.Customer{ID: fmt.Sprintf("C%05d", c), Name: fmt.Sprintf("Customer %d", c), Rep: c % reps, Region: 0})
		for d := range documents {
			l.Entries = append(l.Entries, ledger.Entry{ID: ledgertest.ID(fmt.Sprintf("I%d-%d", c, d)), Kind: ledger.Invoice, Customer: c, Rep: c % reps, Region: 0,
				Posted: day, Issued: day, Due: day + 30, Amount: ledger.Minor(1_000_000 + c), Pos: ledger.Pos{Row: int32(len(l.Entries) + 2)}})
		}
	}
	p, err := analysis.Build(l, book.Options())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// wordy is a crowd with names as long as they come, whose page leaves customers
// out to be as small as it must.
func wordy(t testing.TB) *analysis.Pack {
	p := crowd(t, 5000, 6, 50)
	for i := range p.Customers {
		p.Customers[i].Name += " " + strings.Repeat("x", i%40)
	}
	return p
}

func TestPageOfABigBookIsBounded(t *testing.T) {
	out := render(t, wordy(t), "en")
	if len(out) > 3_000_000 {
		t.Errorf("%d bytes for 5,000 customers and 50 reps, want at most 3 MB", len(out))
	}
	if views := bytes.Count(out, []byte(`data-kind="customer"`)); views < 100 || views > 200 {
		t.Errorf("%d customers have a view, want 100 to 200", views)
	}
	for _, want := range []string{"those of the other 4,", "4,000 more rows are in the workbook", `id="reps/R49"`} {
		if !bytes.Contains(out, []byte(want)) {
			t.Errorf("the page does not have %q", want)
		}
	}
}

func BenchmarkPage(b *testing.B) {
	p := crowd(b, 5000, 6, 50)
	for b.Loop() {
		render(b, p, "en")
	}
}
