// Package difference writes what changed between two packs (duepack diff), as
// text for a terminal and as JSON for programs.
package difference

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"duepack/analysis/compare"
	"duepack/render"
)

// Text writes a difference for a terminal: documents restated in a closed month
// first, then the other documents by what happened to them, then the figures
// that changed: of the company and the currencies, or of every subject.
func Text(out io.Writer, d compare.Difference, w *render.Words, all bool) error {
	fmt.Fprintf(out, "%s → %s (%s)\n", d.Old.AsOf, d.New.AsOf, d.New.Currency)
	if len(d.Changes)+len(d.Causes) == 0 {
		fmt.Fprintln(out, w.Text("diff.nothing"))
		return nil
	}
	if err := causes(out, d, w); err != nil {
		return err
	}
	return changes(out, d, w, all)
}

func causes(out io.Writer, d compare.Difference, w *render.Words) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	what := compare.What("")
	for i := range d.Causes {
		c := &d.Causes[i]
		if c.What != what {
			what = c.What
			if err := table.Flush(); err != nil {
				return err
			}
			fmt.Fprintf(out, "\n%s\n", w.Text("diff."+string(what)))
		}
		doc := &c.Document
		row := []string{"  " + doc.ID, doc.Customer, doc.Posted.String(), arrow(c.OldOpen, c.NewOpen) + " " + doc.Currency, arrow(c.OldBucket, c.NewBucket), doc.Place}
		if c.OldDue != 0 {
			row = append(row, w.Text("column.due")+" "+arrow(c.OldDue.String(), doc.Due.String()))
		}
		fmt.Fprintln(table, strings.Join(row, "\t"))
	}
	return table.Flush()
}

// arrow writes a change; one text where nothing changed.
func arrow(old, newer string) string {
	if old == newer {
		return old
	}
	dash := func(s string) string {
		if s == "" {
			return "–"
		}
		return s
	}
	return dash(old) + " → " + dash(newer)
}

func changes(out io.Writer, d compare.Difference, w *render.Words, all bool) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	hidden := 0
	title := w.Text("diff.figures")
	for _, c := range d.Changes {
		if !all && !strings.HasPrefix(c.Figure, "company/") && !strings.HasPrefix(c.Figure, "by_currency/") {
			hidden++
			continue
		}
		if title != "" {
			fmt.Fprintf(out, "\n%s\n", title)
			title = ""
		}
		by := ""
		if c.By != "" {
			by = c.By
			if !strings.HasPrefix(by, "-") {
				by = "+" + by
			}
		}
		fmt.Fprintf(table, "  %s\t%s → %s\t%s\n", c.Figure, plain(c.Old), plain(c.New), by)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if hidden > 0 {
		fmt.Fprintf(out, "\n%s\n", w.Text("diff.more", w.Count(hidden)))
	}
	return nil
}

func plain(s *string) string {
	if s == nil {
		return "–"
	}
	return *s
}

// JSON writes a difference as one indented JSON object with every change.
func JSON(out io.Writer, d compare.Difference) error {
	type change struct {
		Figure string  `json:"figure"`
		Old    *string `json:"old"`
		New    *string `json:"new"`
		By     string  `json:"by,omitempty"`
	}
	doc := struct {
		Old     string          `json:"old"`
		New     string          `json:"new"`
		Changes []change        `json:"changes"`
		Causes  []compare.Cause `json:"causes"`
	}{Old: d.Old.AsOf.String(), New: d.New.AsOf.String(), Changes: []change{}, Causes: append([]compare.Cause{}, d.Causes...)}
	for _, c := range d.Changes {
		doc.Changes = append(doc.Changes, change{c.Figure, c.Old, c.New, c.By})
	}
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(doc)
}
