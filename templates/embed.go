// Package templates holds what renderers need and nobody computes: the wording
// of each language, the faces, the stylesheet and page of index.html, and the
// charting library. It is data embedded in the binary; it has no logic.
package templates

import (
	"embed"
	_ "embed" // the directive on single files
	"strings"
)

// Regular and Bold are static TrueType faces of Noto Sans SC: the characters
// of GBK, Latin, Greek, Cyrillic and the currency signs (docs/decisions/0020).
// They are under the SIL Open Font License, which is FontLicense.
var (
	//go:embed fonts/NotoSansSC-Regular.ttf
	Regular []byte
	//go:embed fonts/NotoSansSC-Bold.ttf
	Bold []byte
	//go:embed fonts/OFL.txt
	FontLicense string
)

// ECharts is Apache ECharts 6.1.0 (dist/echarts.min.js, Apache-2.0), which the
// page carries. Charts on paper need less than half of it: render/chart has that
// compiled (`make echarts`, docs/decisions/0023 and 0024).
//
//go:embed echarts/echarts.min.js
var ECharts string

// CSS and Page make index.html with Script: its stylesheet and its
// html/template.
var (
	//go:embed page/page.css
	CSS string
	//go:embed page/page.html
	Page string

	//go:embed page/page.js
	pageScript string
	//go:embed page/tables.js
	tablesScript string
	//go:embed page/charts.js
	chartsScript string
	//go:embed page/search.js
	searchScript string
)

// Script is the page's one script: its parts in one function, so that none of
// their names is seen outside.
var Script = "'use strict';\n(function () {\n" + pageScript + tablesScript + chartsScript + searchScript + "start();\n})();\n"

//go:embed wording/*.yaml
var wording embed.FS

// Languages lists the languages that have a wording, as BCP 47 tags.
func Languages() []string {
	files, err := wording.ReadDir("wording")
	if err != nil {
		panic(err) // the folder is part of the binary
	}
	tags := make([]string, len(files))
	for i, f := range files {
		tags[i] = strings.TrimSuffix(f.Name(), ".yaml")
	}
	return tags
}

// Wording returns the wording of a language as YAML, one text per key; false
// where there is none.
func Wording(lang string) ([]byte, bool) {
	text, err := wording.ReadFile("wording/" + lang + ".yaml")
	return text, err == nil
}

// Mail holds the two html/templates of a mail: "head", up to its attachments, and
// "foot".
//
//go:embed mail/mail.html
var Mail string
