package sheet

import (
	"archive/zip"
	"errors"
	"io"
	"os"
	"path"
	"strconv"
	"strings"
	"sync"
)

// workbook is an open .xlsx, .xlsm, .xltx or .xltm file. Macros, external links
// and data connections are parts it never opens.
type workbook struct {
	file     *os.File
	limits   Limits
	parts    map[string]*zip.File // by partKey; nil where two parts share a name
	date1904 bool
	sheets   []Sheet

	styles, strings string // names of the parts, "" for none

	mu         sync.Mutex // guards what follows while it is made
	prepared   bool
	prepareErr error
	shared     sharedTexts
	dateStyles []bool // by cell style: is a number of this style a date
}

// openWorkbook reads the directory of the archive and the list of sheets.
func openWorkbook(f *os.File, size int64, limits Limits) (File, error) {
	archive, err := zip.NewReader(f, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		e := corrupt("the workbook's zip archive is damaged or cut short: %v", err)
		e.Hint = "copy or download the file again"
		return nil, e
	}
	w := &workbook{file: f, limits: limits, parts: map[string]*zip.File{}}
	if err := w.index(archive); err != nil {
		return nil, err
	}
	name, err := w.mainPart()
	if err != nil {
		return nil, err
	}
	if err := w.readWorkbook(name); err != nil {
		return nil, err
	}
	return w, nil
}

// partKey is how part names compare: without case (ECMA-376 part 2), with
// slashes, from the root. Some writers use backslashes.
func partKey(name string) string {
	return strings.ToLower(path.Clean("/" + strings.ReplaceAll(name, `\`, "/")))
}

// index lists the parts by name and checks their total size.
func (w *workbook) index(archive *zip.Reader) error {
	var total uint64
	for _, f := range archive.File {
		key := partKey(f.Name)
		if _, twice := w.parts[key]; twice {
			w.parts[key] = nil
			continue
		}
		w.parts[key] = f
		if strings.HasSuffix(key, ".xml") {
			total += f.UncompressedSize64
		}
		if total > uint64(w.limits.UnpackedBytes) {
			return limitExceeded("unpacked-bytes", w.limits.UnpackedBytes, "the workbook's parts are very large")
		}
	}
	return nil
}

// open starts reading a part as UTF-8 XML. Two parts of one name are refused:
// readers differ in which of them they show.
func (w *workbook) open(name string) (blockReader, error) {
	f, ok := w.parts[partKey(name)]
	if !ok {
		return nil, corrupt("the part %s is missing", strings.TrimPrefix(name, "/"))
	}
	if f == nil {
		return nil, corrupt("the archive has the part %s twice", strings.TrimPrefix(name, "/"))
	}
	p, err := openPart(f, w.limits)
	if err != nil {
		return nil, err
	}
	return &utf8Part{src: p}, nil
}

func (w *workbook) has(name string) bool {
	_, ok := w.parts[partKey(name)]
	return ok
}

// maxDepth is how deep the small parts may nest; the deepest that Excel writes
// is below 20.
const maxDepth = 256

// tags calls visit for every tag of a small part. parent is the innermost open
// element, "" at the root.
func (w *workbook) tags(name string, visit func(parent string, t tag) error) error {
	if f := w.parts[partKey(name)]; f != nil && f.UncompressedSize64 > uint64(w.limits.PartBytes) {
		return limitExceeded("part-bytes", w.limits.PartBytes, "the part "+f.Name+" is very large")
	}
	part, err := w.open(name)
	if err != nil {
		return err
	}
	s := newScanner(part, w.limits)
	defer s.close()
	var open []string
	for {
		t, ok, err := s.next()
		switch {
		case err != nil:
			return inPart(err, name)
		case !ok && len(open) > 0:
			return inPart(corrupt("the XML ends inside <%s>", open[len(open)-1]), name)
		case !ok:
			return nil
		case t.end && (len(open) == 0 || open[len(open)-1] != string(t.name)):
			return inPart(corrupt("the XML closes <%s>, which is not open", t.name), name)
		case t.end:
			open = open[:len(open)-1]
			continue
		}
		parent := ""
		if len(open) > 0 {
			parent = open[len(open)-1]
		}
		if err := visit(parent, t); err != nil {
			return err
		}
		if !t.empty {
			open = append(open, string(t.name))
		}
		if len(open) > maxDepth {
			return inPart(corrupt("the XML has elements inside elements, %d deep", len(open)), name)
		}
	}
}

// inPart says in which part an error was met, where it does not say so itself.
func inPart(err error, name string) error {
	e, ok := err.(*FormatError)
	if !ok || strings.HasPrefix(e.Message, "the part ") {
		return err
	}
	named := *e
	named.Message = strings.TrimPrefix(name, "/") + ": " + e.Message
	return &named
}

// relationship links a part to another one.
type relationship struct {
	id, kind, target string // kind is the last segment of its type: "worksheet"
}

// relationships reads the links of a part; "" stands for the package. Links to
// the outside are left out: nothing external is ever opened.
func (w *workbook) relationships(source string) ([]relationship, error) {
	dir, base := path.Split(source)
	var list []relationship
	err := w.tags(dir+"_rels/"+base+".rels", func(_ string, t tag) error {
		if !t.is("Relationship") || attrText(t.attrs, "TargetMode") == "External" {
			return nil
		}
		kind := attrText(t.attrs, "Type")
		target := strings.ReplaceAll(attrText(t.attrs, "Target"), `\`, "/")
		if !strings.HasPrefix(target, "/") {
			target = dir + target
		}
		list = append(list, relationship{attrText(t.attrs, "Id"), kind[strings.LastIndexByte(kind, '/')+1:], path.Clean("/" + target)})
		return nil
	})
	return list, err
}

// mainPart finds the workbook part: by relationship, else where every program
// puts it. It names the kinds of files that are no such workbook.
func (w *workbook) mainPart() (string, error) {
	if kind := w.otherKind(); kind != nil {
		return "", kind
	}
	name := ""
	if w.has("_rels/.rels") {
		links, err := w.relationships("")
		if err != nil {
			return "", err
		}
		for _, l := range links {
			if l.kind == "officeDocument" {
				name = l.target
			}
		}
	}
	if name == "" {
		name = "/xl/workbook.xml"
	}
	switch {
	case strings.HasSuffix(name, ".bin"):
		return "", &FormatError{Code: "old-format", Message: "this is a binary workbook (.xlsb)", Hint: "open it in Excel and save it as .xlsx"}
	case strings.HasPrefix(name, "/word/"), strings.HasPrefix(name, "/ppt/"):
		return "", notAWorkbook("a Word or PowerPoint document", "export the ledger as .xlsx or .csv")
	case !w.has(name) && !w.has("[Content_Types].xml"):
		return "", notAWorkbook("a zip archive without a workbook in it", "unpack it first and name the file inside")
	}
	return name, nil
}

// otherKind recognises zip archives of other programs.
func (w *workbook) otherKind() error {
	if f := w.parts["/mimetype"]; f != nil {
		if part, err := openPart(f, w.limits); err == nil {
			kind, _ := io.ReadAll(io.LimitReader(newStream(part), 256))
			if strings.Contains(string(kind), "opendocument") {
				return &FormatError{Code: "old-format", Message: "this is an OpenDocument file (.ods)", Hint: "open it in LibreOffice and save it as .xlsx"}
			}
		}
	}
	if w.has("Index/Document.iwa") {
		return notAWorkbook("a Numbers document", "in Numbers choose File, Export To, Excel")
	}
	return nil
}

// readWorkbook reads the list of sheets and what they share.
func (w *workbook) readWorkbook(name string) error {
	links, err := w.relationships(name)
	if err != nil {
		return err
	}
	byID := map[string]relationship{}
	for _, l := range links {
		byID[l.id] = l
		switch l.kind {
		case "styles":
			w.styles = l.target
		case "sharedStrings":
			w.strings = l.target
		}
	}
	skipped := 0
	err = w.tags(name, func(parent string, t tag) error {
		switch {
		case parent == "" && !t.is("workbook"):
			return corrupt("the main part %s is a <%s>, not a workbook", name, t.name)
		case t.is("workbookPr"):
			w.date1904 = truth(t.attrs, "date1904")
		case parent == "sheets" && t.is("sheet"):
			id, _ := attrLocal(t.attrs, "id")
			link, known := byID[id]
			if known && link.kind != "worksheet" {
				skipped++
				return nil
			}
			if int64(len(w.sheets)) >= w.limits.Sheets {
				return limitExceeded("sheets", w.limits.Sheets, "the workbook has very many sheets")
			}
			state := attrText(t.attrs, "state")
			w.sheets = append(w.sheets, &worksheet{
				book: w,
				part: link.target,
				info: Info{
					Name:   unescapeString(attrText(t.attrs, "name")),
					Hidden: state == "hidden" || state == "veryHidden",
				},
			})
		}
		return nil
	})
	if err == nil && len(w.sheets) == 0 {
		err = corrupt("the workbook has no worksheet (%d chart or macro sheets)", skipped)
	}
	for _, s := range w.sheets {
		s := s.(*worksheet)
		s.info.Date1904 = w.date1904
		if f := w.parts[partKey(s.part)]; f != nil {
			s.info.Bytes = int64(f.UncompressedSize64)
		}
	}
	return err
}

// Sheets returns the worksheets in the order of their tabs.
func (w *workbook) Sheets() []Sheet { return w.sheets }

// Close closes the file.
func (w *workbook) Close() error { return w.file.Close() }

// Release lets go of the shared texts; see File.
func (w *workbook) Release() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.prepared, w.prepareErr, w.shared, w.dateStyles = false, nil, sharedTexts{}, nil
}

// prepare reads what all sheets need, once: shared texts and styles.
func (w *workbook) prepare() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.prepared {
		w.prepared, w.prepareErr = true, w.readCommon()
	}
	return w.prepareErr
}

func (w *workbook) readCommon() error {
	if err := w.readStyles(); err != nil || !w.has(w.strings) {
		return err
	}
	part, err := w.open(w.strings)
	if err == nil {
		w.shared, err = readShared(part, int64(w.parts[partKey(w.strings)].UncompressedSize64), w.limits)
		err = inPart(err, w.strings)
	}
	return err
}

// isDate reports whether numbers of a cell style are dates.
func (w *workbook) isDate(style int) bool {
	return style < len(w.dateStyles) && w.dateStyles[style]
}

// readStyles finds out which cell styles are dates.
func (w *workbook) readStyles() error {
	if !w.has(w.styles) {
		return nil
	}
	codes := map[int]string{}
	var formats []int
	err := w.tags(w.styles, func(parent string, t tag) error {
		id, err := strconv.Atoi(attrText(t.attrs, "numFmtId"))
		switch {
		case parent == "numFmts" && t.is("numFmt") && err == nil:
			codes[id] = attrText(t.attrs, "formatCode")
		case parent == "cellXfs" && t.is("xf"):
			formats = append(formats, id)
		}
		return nil
	})
	for _, id := range formats {
		code, custom := codes[id]
		w.dateStyles = append(w.dateStyles, custom && isDateFormat(code) || !custom && isDateID(id))
	}
	return err
}
