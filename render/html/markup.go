package html

import (
	"html/template"
	"strings"
)

// markup is HTML while it is written. A table of a large book has a hundred
// thousand cells, for which html/template takes seconds; markup escapes as
// strictly and at once. What the data says goes in through text and attr only: tag
// takes constants of this package, because a string does not convert to a
// literal by itself.
type markup struct{ strings.Builder }

// literal is HTML that stands in this package's code.
type literal string

// escaper makes a text harmless between tags and in a quoted attribute alike.
var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;", "\x00", "�")

func (m *markup) tag(l literal) { m.WriteString(string(l)) }

func (m *markup) text(s string) {
	if strings.ContainsAny(s, "&<>\"'\x00") {
		_, _ = escaper.WriteString(m, s) // a Builder does not fail
		return
	}
	m.WriteString(s)
}

// attr writes an attribute, and nothing where its value is "".
func (m *markup) attr(name literal, value string) {
	if value == "" {
		return
	}
	m.tag(" " + name + `="`)
	m.text(value)
	m.tag(`"`)
}

// html returns what was written, for html/template.
func (m *markup) html() template.HTML { return template.HTML(m.String()) }
