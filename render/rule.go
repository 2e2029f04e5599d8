package render

import (
	"strings"

	"duepack/analysis"
)

// ShowsBuckets reports whether a block has aging buckets in it: then the aging
// rule belongs on the same page (rules §4).
func ShowsBuckets(b analysis.Block) bool {
	switch {
	case b.Table != nil:
		for _, c := range b.Table.Columns {
			if c.Bucket != "" {
				return true
			}
		}
		for _, row := range b.Table.Rows {
			if anyBucket(row.Cells) {
				return true
			}
		}
	case b.Chart != nil:
		for _, s := range b.Chart.Series {
			if s.Bucket != "" {
				return true
			}
		}
		return anyBucket(b.Chart.Labels)
	}
	return false
}

func anyBucket(cells []analysis.Cell) bool {
	for _, c := range cells {
		if c.Bucket != "" {
			return true
		}
	}
	return false
}

// StatesAgingRule reports whether a section says in a note how it ages, so that
// a renderer need not say it again.
func StatesAgingRule(s *analysis.Section) bool {
	for _, b := range s.Blocks {
		if b.Note != nil && strings.HasPrefix(b.Note.Key, "note.aging_rule.") {
			return true
		}
	}
	return false
}

// Anchor returns the section's place in a document: the path of the subject it
// is about, else its id.
func Anchor(s *analysis.Section) string {
	if s.Subject != "" {
		return s.Subject
	}
	return s.ID
}
