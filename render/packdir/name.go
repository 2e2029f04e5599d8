package packdir

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"duepack/analysis"

	"golang.org/x/text/unicode/norm"
)

// mostNameBytes bounds a file name: file systems take 255 bytes, and some
// programs that carry files about take less.
const mostNameBytes = 80

// fileNames returns a file name for each subject, without extension, from its
// id: readable where the id is harmless, never a path, a name that Windows
// reserves, or one that another subject has on a file system that ignores case.
func fileNames(subjects []analysis.Subject) []string {
	taken := map[string]bool{}
	names := make([]string, len(subjects))
	for i := range subjects {
		base := fileName(subjects[i].ID)
		name := base
		for n := 2; taken[strings.ToLower(name)]; n++ {
			name = base + "~" + strconv.Itoa(n)
		}
		taken[strings.ToLower(name)] = true
		names[i] = name
	}
	return names
}

// fileName keeps letters, digits and a few marks of an id; everything else
// becomes an underscore.
func fileName(id string) string {
	name := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || strings.ContainsRune("-_. ", r) {
			return r
		}
		return '_'
	}, norm.NFC.String(strings.ToValidUTF8(id, "_")))
	for len(name) > mostNameBytes {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	// A leading dot hides a file; Windows drops dots and spaces at the end.
	name = strings.TrimRight(strings.TrimLeft(name, ". "), ". ")
	if name == "" {
		return "_"
	}
	if reserved(name) {
		return "_" + name
	}
	return name
}

// reserved reports whether Windows keeps the name for a device, with any
// extension.
func reserved(name string) bool {
	stem, _, _ := strings.Cut(strings.ToUpper(name), ".")
	stem = strings.TrimRight(stem, " ")
	switch stem {
	case "CON", "PRN", "AUX", "NUL":
		return true
	}
	if device, ok := strings.CutPrefix(stem, "COM"); ok {
		return port(device)
	}
	device, ok := strings.CutPrefix(stem, "LPT")
	return ok && port(device)
}

// port reports whether the text is the number of a port.
func port(text string) bool { return len(text) == 1 && text[0] >= '0' && text[0] <= '9' }
