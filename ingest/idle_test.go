package ingest

import (
	"testing"
	"testing/synctest"
)

// TestWaitForIdleProcessor holds what waits, until one of the parts is read.
func TestWaitForIdleProcessor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &idleProcessors{}
		p.wait() // nobody said that there is none
		one := p.none()
		waited := false
		go func() {
			p.wait()
			waited = true
		}()
		synctest.Wait()
		if waited {
			t.Fatal("it does not wait while all processors are busy")
		}
		one()
		one() // of another part
		synctest.Wait()
		if !waited {
			t.Fatal("it waits although a processor is idle")
		}
		p.wait()
	})
}
