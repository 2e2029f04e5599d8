//go:build !linux

package packdir

// exchange reports that two names cannot be swapped in one step.
func exchange(_, _ string) (bool, error) { return false, nil }

// flush does nothing where a folder cannot be flushed.
func flush(string) error { return nil }
