// Package documents writes documents.json: the documents behind a pack, for
// duepack diff and for programs that want more than figures. It holds what was
// open at the as-of date and the day before the period, and the lines of the
// period, each with its place in the input.
package documents

import (
	"bytes"
	"encoding/json"

	"duepack/analysis"
	"duepack/analysis/compare"
)

// JSON returns documents.json, one record on a line. The same pack gives the
// same bytes.
func JSON(p *analysis.Pack) ([]byte, error) {
	set := compare.DocumentsOf(p)
	var out bytes.Buffer
	out.WriteString("{\"schema\": \"" + compare.DocumentsSchema + "\"")
	for _, part := range []struct {
		key  string
		list []compare.Document
	}{{"open", set.Open}, {"opening", set.Opening}, {"lines", set.Lines}} {
		out.WriteString(",\n\"" + part.key + "\": [")
		for i := range part.list {
			record, err := json.Marshal(&part.list[i])
			if err != nil {
				return nil, err
			}
			if i > 0 {
				out.WriteByte(',')
			}
			out.WriteByte('\n')
			out.Write(record)
		}
		out.WriteByte(']')
	}
	out.WriteString("\n}\n")
	return out.Bytes(), nil
}
