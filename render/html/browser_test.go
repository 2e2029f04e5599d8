package html_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"duepack/analysis"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// chromium is the browser that the tests of this package share, started by the
// first that needs it.
var chromium struct {
	once sync.Once
	ctx  context.Context
	stop []context.CancelFunc
	err  error
}

func TestMain(m *testing.M) {
	code := m.Run()
	for _, stop := range slices.Backward(chromium.stop) {
		stop()
	}
	os.Exit(code)
}

// missing skips a test for want of a tool; with DUEPACK_REQUIRE_TOOLS=1, as in
// CI, it fails.
func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("DUEPACK_REQUIRE_TOOLS") == "1" {
		t.Fatal(what + ", and DUEPACK_REQUIRE_TOOLS=1")
	}
	t.Skip("skipped: " + what)
}

// browser returns the headless Chromium, or skips the test where there is none.
func browser(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		missing(t, "the page was not opened in a browser (install chromium)")
	}
	if testing.Short() {
		t.Skip("skipped: the page was not opened in a browser")
	}
	chromium.once.Do(func() {
		options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU)
		ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
		chromium.stop = append(chromium.stop, stop)
		ctx, stop = chromedp.NewContext(ctx)
		chromium.stop = append(chromium.stop, stop)
		chromium.ctx, chromium.err = ctx, chromedp.Do(ctx)
	})
	if chromium.err != nil {
		t.Fatalf("starting the browser: %v", chromium.err)
	}
	return chromium.ctx
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
		if e.ExceptionDetails.Exception != nil {
			text += " " + e.ExceptionDetails.Exception.Description
		}
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

// tab is a page open in the browser. Every action that the browser refuses
// fails the test, and so does any noise.
type tab struct {
	t    *testing.T
	ctx  context.Context
	file string
}

// settings say how a tab shows a page; the zero value is a light desk.
type settings struct {
	lang     string // "en" where empty
	width    int64  // 1280 where 0
	dark     bool
	noScript bool
	hash     string // with its #
}

func open(t *testing.T, p *analysis.Pack, s settings) *tab {
	t.Helper()
	if s.lang == "" {
		s.lang = "en"
	}
	if s.width == 0 {
		s.width = 1280
	}
	parent := browser(t)
	file := filepath.Join(t.TempDir(), "index.html")
	if err := os.WriteFile(file, render(t, p, s.lang), 0o600); err != nil {
		t.Fatal(err)
	}
	n := &noise{url: "file://" + file}
	ctx, stop := context.WithTimeout(parent, 4*time.Minute)
	t.Cleanup(stop)
	ctx, closeTab := chromedp.NewContext(ctx, chromedp.WithListener(n.listen))
	t.Cleanup(closeTab)
	b := &tab{t: t, ctx: ctx, file: file}
	scheme := "light"
	if s.dark {
		scheme = "dark"
	}
	b.do(chromedp.EmulateViewport(s.width, 900))
	call(b, network.Enable, network.EnableParams{})
	call(b, log.Enable, cdp.Empty{})
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: s.noScript})
	b.do(chromedp.Navigate(n.url + s.hash))
	t.Cleanup(func() {
		n.mutex.Lock()
		defer n.mutex.Unlock()
		for _, text := range n.heard {
			t.Errorf("%+v: %s", s, text)
		}
	})
	return b
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

func call[P, R any](b *tab, command cdp.Command[P, R], params P) R {
	b.t.Helper()
	result, err := chromedp.Call(b.ctx, command, params)
	if err != nil {
		b.t.Fatal(err)
	}
	return result
}

// ask returns what an expression of the page is worth.
func ask[T any](b *tab, expression string) T {
	b.t.Helper()
	result, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%.200s: %v", expression, err)
	}
	return result
}

// askOf asks an expression with gaps, which numbers fill as they are and texts
// in quotes.
func askOf[T any](b *tab, expression string, args ...any) T {
	b.t.Helper()
	for i, a := range args {
		if text, ok := a.(string); ok {
			args[i] = quoted(text)
		}
	}
	return ask[T](b, fmt.Sprintf(expression, args...))
}

// visit goes to an anchor of the page and waits until the script has seen it.
func (b *tab) visit(anchor string) {
	b.t.Helper()
	askOf[bool](b, `new Promise(function (done) {
	  var hash = '#' + %s.split('/').map(encodeURIComponent).join('/');
	  if (location.hash === hash) { done(true); return; }
	  window.addEventListener('hashchange', function () { requestAnimationFrame(function () { done(true); }); }, { once: true });
	  location.hash = hash;
	})`, anchor)
}

// press activates a control.
func (b *tab) press(selector string) {
	b.t.Helper()
	askOf[bool](b, `(document.querySelector(%s).click(), true)`, selector)
}

// slash presses /. The driver of the browser would also type it where the page
// has taken the key.
func (b *tab) slash() {
	b.t.Helper()
	ask[bool](b, `document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '/', bubbles: true, cancelable: true })) || document.querySelector('dialog').open`)
}

// wider reports whether the page scrolls sideways.
func (b *tab) wider() bool {
	b.t.Helper()
	return ask[bool](b, `document.documentElement.scrollWidth > window.innerWidth`)
}

// picture writes what the tab shows to the folder that DUEPACK_LOOK names, if it does.
func (b *tab) picture(name string) {
	b.t.Helper()
	dir := os.Getenv("DUEPACK_LOOK")
	if dir == "" {
		return
	}
	picture, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, strings.ReplaceAll(name, " ", "-")+".png"), picture, 0o600); err != nil {
		b.t.Fatal(err)
	}
}
