package sheet

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// sharedTexts is the table of texts that cells name by their index.
type sharedTexts []string

// mostExpected bounds the room that is made because the table says how many texts
// it has.
const mostExpected = 1 << 20

// at returns the text with this index.
func (s sharedTexts) at(index int) (text string, known bool) {
	if uint(index) >= uint(len(s)) {
		return "", false
	}
	return s[index], true
}

// readShared reads the part that holds the shared texts.
func readShared(part blockReader, limits Limits) (sharedTexts, error) {
	var table sharedTexts
	s := newScanner(part, limits)
	defer s.close()
	var total int64
	var value []byte
	var chunk strings.Builder
	for {
		t, ok, err := s.next()
		if err != nil {
			return table, err
		}
		if !ok {
			return table, nil
		}
		if t.is("sst") && table == nil {
			texts, _ := attr(t.attrs, "uniqueCount")
			expected, _ := parseUint(texts)
			table = make(sharedTexts, 0, min(expected, mostExpected))
		}
		if t.end || !t.is("si") {
			continue
		}
		value = value[:0]
		if !t.empty {
			if value, err = s.richText("si", value); err != nil {
				return table, err
			}
		}
		if total += int64(len(value)); total > limits.SharedTextBytes {
			return table, limitExceeded("shared-text-bytes", limits.SharedTextBytes, "the table of shared texts is very large")
		}
		if int64(len(table)) >= limits.SharedStrings {
			return table, limitExceeded("shared-strings", limits.SharedStrings, "the table of shared texts is very long")
		}
		text, ok := addTo(&chunk, unescape(value))
		if !ok {
			return table, &FormatError{Code: "bad-encoding",
				Message: fmt.Sprintf("shared text %d, %q, is not valid UTF-8", len(table), value),
				Hint:    "save the workbook again in Excel or LibreOffice"}
		}
		table = append(table, text)
	}
}

// The texts of the table share chunks of memory, small ones at first.
const (
	chunkBytes      = 16 << 10
	firstChunkBytes = 512
)

// addTo copies b into the chunk, or a new one, and returns it as a string. A
// builder never moves what it has handed out as long as its capacity holds.
// ok is false where b is not valid UTF-8.
func addTo(chunk *strings.Builder, b []byte) (text string, ok bool) {
	if !utf8.Valid(b) {
		return "", false
	}
	if len(b) > chunkBytes/4 {
		return string(b), true
	}
	if chunk.Cap()-chunk.Len() < len(b) {
		size := min(max(2*chunk.Cap(), firstChunkBytes), chunkBytes)
		*chunk = strings.Builder{}
		chunk.Grow(max(size, len(b)))
	}
	start := chunk.Len()
	chunk.Write(b)
	return chunk.String()[start:], true
}
