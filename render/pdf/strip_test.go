package pdf

import (
	"fmt"
	"strings"
	"testing"
)

// named is a strip of a height whose name shows in traces.
func named(name string, height float64, set ...func(*strip)) *strip {
	s := &strip{Height: height, Marks: []mark{&textMark{Text: name}}}
	for _, f := range set {
		f(s)
	}
	return s
}

// trace writes pages as "a b|c".
func trace(sheets []*sheet) string {
	var pages []string
	for _, s := range sheets {
		var names []string
		for _, part := range s.Strips {
			name := fmt.Sprintf("gap%g", part.Height)
			texts(part.Marks, func(m *textMark) { name = m.Text })
			names = append(names, name)
		}
		pages = append(pages, strings.Join(names, " "))
	}
	return strings.Join(pages, "|")
}

func keep(s *strip)  { s.Keep = true }
func fresh(s *strip) { s.Fresh = true }

func TestStripsFlowOverPages(t *testing.T) {
	head := named("head", 2, keep)
	under := func(s *strip) { s.Head = head }
	for name, c := range map[string]struct {
		strips []*strip
		want   string
	}{
		"a full page is full":        {[]*strip{named("a", 4), named("b", 6), named("c", 1)}, "a b|c"},
		"kept strips move on":        {[]*strip{named("a", 7), named("title", 2, keep), named("b", 2)}, "a|title b"},
		"heads are repeated":         {[]*strip{head, named("r1", 4, under), named("r2", 4, under), named("r3", 4, under)}, "head r1 r2|head r3"},
		"a gap vanishes at the top":  {[]*strip{named("a", 9), space(3), named("b", 2)}, "a|b"},
		"a gap stands between":       {[]*strip{named("a", 4), space(3), named("b", 2)}, "a gap3 b"},
		"fresh begins a page":        {[]*strip{named("a", 1), named("b", 1, fresh)}, "a|b"},
		"fresh leaves no empty page": {[]*strip{named("a", 1, fresh)}, "a"},
		"a title needs room":         {[]*strip{named("a", 6), named("t", 1, keep, func(s *strip) { s.Room = 5 }), named("b", 1)}, "a|t b"},
		"room ends at the page":      {[]*strip{named("a", 5), named("t", 1, func(s *strip) { s.Room = 5 })}, "a t"},
		"too much to keep is torn":   {[]*strip{named("a", 6, keep), named("b", 6, keep), named("c", 1)}, "a|b c"},
	} {
		if got := trace(paginate(c.strips, 10)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestPageKnowsThatItShowsBuckets(t *testing.T) {
	head := named("head", 2, func(s *strip) { s.Buckets = true })
	row := func(s *strip) { s.Head = head }
	pages := paginate([]*strip{named("a", 9), named("r", 4, row), named("b", 9)}, 10)
	if len(pages) != 3 || pages[0].Buckets || !pages[1].Buckets || pages[2].Buckets {
		t.Errorf("pages %s: buckets on the wrong ones", trace(pages))
	}
}
