package html_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"duepack/render/internal/book"

	"github.com/chromedp/chromedp"
)

// axe returns the accessibility checker axe-core (npm, MPL-2.0), which the tests
// use and the program does not: the file DUEPACK_AXE names, else that of
// `npm install -g axe-core`. Where it is missing the test is skipped.
func axe(t *testing.T) string {
	t.Helper()
	file := os.Getenv("DUEPACK_AXE")
	if file == "" {
		if root, err := exec.Command("npm", "root", "-g").Output(); err == nil {
			file = filepath.Join(strings.TrimSpace(string(root)), "axe-core", "axe.min.js")
		}
	}
	source, err := os.ReadFile(file)
	if err != nil {
		missing(t, "the page was not checked for accessibility (npm install -g axe-core, or name axe.min.js in DUEPACK_AXE)")
	}
	return string(source)
}

// violations runs axe on a part of the page, with or without its slow rule about
// contrast, and lists what it finds serious or critical.
const violations = `axe.run(document.querySelector(%s), { resultTypes: ['violations'], rules: { 'color-contrast': { enabled: %t } } }).then(function (found) {
  return found.violations.filter(function (v) { return v.impact === 'serious' || v.impact === 'critical'; }).map(function (v) {
    return v.id + ' (' + v.nodes.length + '): ' + v.nodes[0].html.slice(0, 200);
  });
})`

func TestAxeFindsNothingSerious(t *testing.T) {
	checker := axe(t)
	for _, s := range []settings{{lang: "en"}, {lang: "en", dark: true}, {lang: "zh-CN"}, {lang: "zh-CN", dark: true}} {
		b := open(t, book.Trading(), s)
		ask[bool](b, `(function () { `+checker+` })() || typeof axe === 'object'`)
		check := func(where, part string, contrast bool) {
			t.Helper()
			for _, v := range askOf[[]string](b, violations, part, contrast) {
				t.Errorf("%+v at %s: %s", s, where, v)
			}
		}
		check("the whole book", "html", s.lang == "en") // contrast does not depend on the language
		for _, anchor := range []string{"reps/R01/dso", "customers/C004/document/INV-04-03"} {
			b.visit(anchor)
			ask[bool](b, `(document.querySelectorAll('.view:not([hidden]) details').forEach(function (d) { d.open = true; }), true)`)
			check(anchor, ".view:not([hidden])", true)
		}
		b.slash()
		b.do(chromedp.KeyEvent("inv"))
		check("search", "dialog", true)
	}
}
