package sheet

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// sharedTexts is the table of texts that cells name by their index. It is small, so
// that looking up a text seldom leaves a processor's cache.
type sharedTexts struct {
	text string   // all of them
	ends []uint32 // where each ends in it, behind a 0; with visible where the text is
}

// count is how many texts there are.
func (s *sharedTexts) count() int { return max(len(s.ends)-1, 0) }

// visible marks a text that makes a cell Visible. Ends are below it.
const visible = 1 << 31

// at returns the cell of the text with this index; an empty text makes no cell.
func (s *sharedTexts) at(index int) (cell Cell, known bool) {
	if uint(index) >= uint(len(s.ends)) || uint(index)+1 >= uint(len(s.ends)) {
		return Cell{}, false
	}
	from, end := s.ends[index]&^visible, s.ends[index+1]
	text := s.text[from : end&^visible]
	if text == "" {
		return Cell{}, true
	}
	return Cell{Text: text, Kind: Text, Visible: end&visible != 0, Shared: int32(index) + 1}, true
}

// mostExpected bounds the room that is made because the table says how many texts
// it has.
const mostExpected = 1 << 20

// readShared reads the part that holds the shared texts, of about so many bytes.
func readShared(part blockReader, size int64, limits Limits) (sharedTexts, error) {
	s := newScanner(part, limits)
	defer s.close()
	most := min(limits.SharedTextBytes, math.MaxInt32) // no table is larger, whatever the limit
	var texts strings.Builder
	texts.Grow(int(min(size, most))) // what is not used of it is never touched
	ends := []uint32{0}
	total := int64(0)
	var value []byte
	for {
		t, ok, err := s.next()
		if err != nil || !ok {
			return sharedTexts{texts.String(), ends}, err
		}
		if t.is("sst") && len(ends) == 1 {
			count, _ := attr(t.attrs, "uniqueCount")
			expected, _ := parseUint(count)
			ends = slices.Grow(ends, min(expected, mostExpected))
		}
		if t.end || !t.is("si") {
			continue
		}
		value = value[:0]
		if !t.empty {
			if value, err = s.richText("si", value); err != nil {
				return sharedTexts{}, err
			}
		}
		if total += int64(len(value)); total > most {
			return sharedTexts{}, limitExceeded("shared-text-bytes", limits.SharedTextBytes, "the table of shared texts is very large")
		}
		if int64(len(ends)) > limits.SharedStrings {
			return sharedTexts{}, limitExceeded("shared-strings", limits.SharedStrings, "the table of shared texts is very long")
		}
		text := unescape(value)
		if !utf8.Valid(text) {
			return sharedTexts{}, &FormatError{Code: "bad-encoding",
				Message: fmt.Sprintf("shared text %d, %q, is not valid UTF-8", len(ends)-1, value),
				Hint:    "save the workbook again in Excel or LibreOffice"}
		}
		texts.Write(text)
		end := uint32(texts.Len())
		if isVisible(text) {
			end |= visible
		}
		ends = append(ends, end)
	}
}
