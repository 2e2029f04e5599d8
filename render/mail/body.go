package mail

import (
	"fmt"
	"html/template"
	"strings"

	"duepack/templates"
)

// view is what the template of a body is filled with.
type view struct {
	Lang, Title, Facts, Headline string
	Alarms, Notes                []string
	Tiles                        [][]tile
	Charts                       []chartView
	Problems                     []problem
	ProblemsTitle                string
}

type tile struct{ Label, Value, Unit, Reason string }

type problem struct{ Code, Count, Example string }

// chartView is a chart in the body. Numbers say the same in words, for those who see
// no pictures.
type chartView struct {
	Title   string
	Source  template.URL
	Height  int
	Numbers string
	rows    [][2]string
}

// foot is what follows the attachments.
type foot struct {
	Lines []string
	Foot  string
}

var body = template.Must(template.New("mail").Parse(templates.Mail))

func execute(part string, data any) (string, error) {
	var out strings.Builder
	if err := body.ExecuteTemplate(&out, part, data); err != nil {
		return "", fmt.Errorf("mail: %w", err)
	}
	return out.String(), nil
}

// text is the body without markup.
func (v *view) text() string {
	var t strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&t, format+"\n", args...) }
	line("%s\n%s\n\n%s\n", v.Title, v.Facts, v.Headline)
	for _, alarm := range v.Alarms {
		line("! %s\n", alarm)
	}
	for _, row := range v.Tiles {
		for _, tile := range row {
			line("%s", strings.TrimSpace(tile.Label+": "+tile.Value+" "+tile.Unit+" "+tile.Reason))
		}
	}
	for _, c := range v.Charts {
		line("\n%s", c.Title)
		for _, row := range c.rows {
			line("  %s: %s", row[0], row[1])
		}
	}
	if len(v.Problems) > 0 {
		line("\n%s", v.ProblemsTitle)
	}
	for _, p := range v.Problems {
		line("  %s × %s: %s", p.Code, p.Count, p.Example)
	}
	for _, note := range v.Notes {
		line("\n%s", note)
	}
	return t.String()
}
