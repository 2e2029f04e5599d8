package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Open opens the workbook or text file at path for reading. What the file is,
// is decided by its content, not by its name: bank portals give text files
// the name .xls. The error is a *FormatError where the content is at fault, a
// wrapped operating system error otherwise. The zero Limits are the defaults.
func Open(path string, limits Limits) (File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open spreadsheet: %w", err)
	}
	file, err := open(f, path, limits.withDefaults())
	if err != nil {
		f.Close()
		return nil, err
	}
	return file, nil
}

func open(f *os.File, path string, limits Limits) (File, error) {
	stat, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("open spreadsheet: %w", err)
	}
	if stat.IsDir() {
		return nil, fmt.Errorf("open spreadsheet: %s is a folder", path)
	}
	head := make([]byte, 4096)
	n, err := f.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read spreadsheet: %w", err)
	}
	head = head[:n]
	base := filepath.Base(path)
	switch {
	case n == 0:
		return nil, &FormatError{Code: "empty-file", Message: "the file is empty (0 bytes)", Hint: "export it again"}
	case strings.HasPrefix(base, "~$"):
		return nil, &FormatError{Code: "not-a-workbook",
			Message: "this is the owner file that Excel keeps beside an open workbook",
			Hint:    "name the workbook itself: " + strings.TrimPrefix(base, "~$")}
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return openWorkbook(f, stat.Size(), limits)
	case bytes.HasPrefix(head, oleMagic):
		return nil, oleError(f)
	}
	if err := knownOther(head); err != nil {
		return nil, err
	}
	switch ext := strings.ToLower(filepath.Ext(base)); ext {
	case ".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".ods":
		return nil, &FormatError{Code: "not-a-workbook",
			Message: fmt.Sprintf("the file is named %s but is not a zip archive, as a workbook is", ext),
			Hint:    "copy or download it again; if it is text, rename it to .csv"}
	}
	return openText(f, stat.Size(), limits)
}

// oleMagic starts every compound file: .xls up to 2003, and encrypted workbooks.
var oleMagic = []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")

// oleError says which of the two a compound file is: a workbook saved with a
// password is a compound file with a stream named EncryptionInfo.
func oleError(r io.ReaderAt) *FormatError {
	if containsUTF16(r, "EncryptionInfo") {
		return &FormatError{Code: "encrypted", Message: "the workbook is encrypted with a password",
			Hint: "open it in Excel and save a copy without a password (File, Info, Protect Workbook)"}
	}
	return &FormatError{Code: "old-format", Message: "this is a binary file of Excel 97–2003 (.xls)",
		Hint: "open it and save it as .xlsx"}
}

// containsUTF16 reports whether the first 64 MiB hold the name in UTF-16 LE,
// as the directory of a compound file writes it.
func containsUTF16(r io.ReaderAt, name string) bool {
	var needle []byte
	for i := range len(name) {
		needle = append(needle, name[i], 0)
	}
	buf := make([]byte, 1<<20)
	for offset := int64(0); offset < 64<<20; offset += int64(len(buf) - len(needle)) {
		n, err := r.ReadAt(buf, offset)
		if bytes.Contains(buf[:n], needle) {
			return true
		}
		if err != nil {
			return false
		}
	}
	return false
}

// knownOther names the kinds of files that people take for spreadsheets.
func knownOther(head []byte) error {
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	lower := bytes.ToLower(text)
	starts := func(prefixes ...string) bool {
		for _, p := range prefixes {
			if bytes.HasPrefix(lower, []byte(p)) {
				return true
			}
		}
		return false
	}
	old := func(what string) error {
		return &FormatError{Code: "old-format", Message: "this is " + what, Hint: "open it in Excel or LibreOffice and save it as .xlsx"}
	}
	switch {
	case starts("<?xml") && bytes.Contains(lower, []byte("urn:schemas-microsoft-com:office:spreadsheet")):
		return old("an XML spreadsheet of Excel 2003")
	case starts("<html", "<!doctype html", "<table", "<meta", "<head", "<style") ||
		starts("<?xml", "<!--") && bytes.Contains(lower, []byte("<html")):
		return old("a web page (HTML) with a spreadsheet's name")
	case isBareBIFF(head):
		return old("a binary file of an Excel before 97 (.xls)")
	case starts("%pdf-"):
		return notAWorkbook("a PDF file", "export the ledger as .xlsx or .csv")
	case starts("{\\rtf"):
		return notAWorkbook("a rich text document", "export the ledger as .xlsx or .csv")
	case bytes.HasPrefix(head, []byte("\x1f\x8b")), bytes.HasPrefix(head, []byte("7z\xbc\xaf")), bytes.HasPrefix(head, []byte("Rar!\x1a")):
		return notAWorkbook("a packed archive", "unpack it first")
	case starts("<?xml"):
		return notAWorkbook("an XML file", "export the ledger as .xlsx or .csv")
	}
	return nil
}

// isBareBIFF recognises the first record (BOF) of Excel 2 to 5 without a
// compound file around it: 09, version, length.
func isBareBIFF(head []byte) bool {
	for _, record := range []string{"\x09\x00\x04\x00", "\x09\x02\x06\x00", "\x09\x04\x06\x00", "\x09\x08\x08\x00", "\x09\x08\x10\x00"} {
		if bytes.HasPrefix(head, []byte(record)) {
			return true
		}
	}
	return false
}

func notAWorkbook(what, hint string) *FormatError {
	return &FormatError{Code: "not-a-workbook", Message: "this is " + what + ", not a spreadsheet", Hint: hint}
}

// corrupt is the error for a workbook whose parts contradict the format.
func corrupt(format string, args ...any) *FormatError {
	return &FormatError{Code: "corrupt-workbook", Message: fmt.Sprintf(format, args...),
		Hint: "open it in Excel or LibreOffice, let it repair the file, and save it again as .xlsx"}
}
