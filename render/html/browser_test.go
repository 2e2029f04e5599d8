package html_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"duepack/render/internal/book"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browser starts a headless Chromium, or skips the test where there is none.
// With DUEPACK_REQUIRE_TOOLS=1, as in CI, a missing browser is a failure.
func browser(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" && os.Getenv("DUEPACK_REQUIRE_TOOLS") == "1" {
		t.Fatal("Chromium is not installed, and DUEPACK_REQUIRE_TOOLS=1")
	}
	if path == "" || testing.Short() {
		t.Skip("skipped: the page was not opened in a browser (install chromium)")
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU)
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("starting the browser: %v", err)
	}
	return ctx
}

// noise collects what a quiet page has none of: console errors, exceptions,
// dialogs and requests.
type noise struct {
	url   string
	mutex sync.Mutex
	heard []string
}

func (n *noise) listen(event any) {
	text := ""
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		text = "exception: " + e.ExceptionDetails.Text
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" {
			text = "console: " + string(e.Type)
			for _, arg := range e.Args {
				text += " " + string(arg.Value)
			}
		}
	case *log.EventEntryAdded:
		text = "log: " + e.Entry.Text
	case *network.EventRequestWillBeSent:
		if e.Request.URL != n.url {
			text = "request: " + e.Request.URL
		}
	case *page.EventJavascriptDialogOpening:
		text = "dialog: " + e.Message
	}
	if text != "" {
		n.mutex.Lock()
		n.heard = append(n.heard, text)
		n.mutex.Unlock()
	}
}

// drawn counts the charts of a page and those that have marks.
const drawn = `(function () {
  var boxes = Array.from(document.querySelectorAll('[data-chart]'));
  return [boxes.length, boxes.filter(function (b) { return b.querySelectorAll('svg path[fill]:not([fill="none"])').length > 0; }).length];
})()`

func TestPageInABrowser(t *testing.T) {
	ctx := browser(t)
	dir := t.TempDir()
	for name, p := range book.All() {
		file := filepath.Join(dir, name+".html")
		if err := os.WriteFile(file, render(t, p, "en"), 0o600); err != nil {
			t.Fatal(err)
		}
		open(t, ctx, file, "desk", 1280, "light")
	}
	file := filepath.Join(dir, "trading-zh-CN.html")
	if err := os.WriteFile(file, render(t, book.Trading(), "zh-CN"), 0o600); err != nil {
		t.Fatal(err)
	}
	open(t, ctx, file, "phone", 390, "dark")
}

func open(t *testing.T, parent context.Context, file, view string, width int64, scheme string) {
	t.Helper()
	what := filepath.Base(file) + " on a " + view
	n := &noise{url: "file://" + file}
	ctx, cancel := chromedp.NewContext(parent, chromedp.WithListener(n.listen))
	defer cancel()
	set := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	set(chromedp.Do(ctx, chromedp.EmulateViewport(width, 900)))
	_, err := chromedp.Call(ctx, network.Enable, network.EnableParams{})
	set(err)
	_, err = chromedp.Call(ctx, log.Enable, cdp.Empty{})
	set(err)
	_, err = chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
	set(err)
	set(chromedp.Do(ctx, chromedp.Navigate(n.url)))
	counts, err := chromedp.Run(ctx, chromedp.Evaluate[[]int](drawn))
	set(err)
	if len(counts) != 2 || counts[0] != counts[1] {
		t.Errorf("%s: charts and charts with marks: %v", what, counts)
	}
	overflow, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.documentElement.scrollWidth > window.innerWidth`))
	set(err)
	if overflow {
		t.Errorf("%s: the page is wider than the screen", what)
	}
	if dir := os.Getenv("LOOK"); dir != "" {
		picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
		set(err)
		name := strings.TrimSuffix(filepath.Base(file), ".html") + "-" + view + ".png"
		set(os.WriteFile(filepath.Join(dir, name), picture, 0o600))
	}
	n.mutex.Lock()
	defer n.mutex.Unlock()
	for _, text := range n.heard {
		t.Errorf("%s: %s", what, text)
	}
}

func TestLinkOpensTheCustomerItLeadsTo(t *testing.T) {
	ctx := browser(t)
	file := filepath.Join(t.TempDir(), "index.html")
	if err := os.WriteFile(file, render(t, book.Trading(), "en"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(ctx, chromedp.Navigate("file://"+file+"#customers/C003")); err != nil {
		t.Fatal(err)
	}
	open, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.getElementById('customers/C003').open`))
	if err != nil {
		t.Fatal(err)
	}
	if !open {
		t.Error("the customer's documents stay folded")
	}
}
