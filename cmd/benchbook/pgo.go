package main

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
)

// profilePath is where go build looks for the profile by which it makes duepack.
const profilePath = "cmd/duepack/default.pgo"

// pgo profiles the reading of a book of n lines, as a workbook and as text, and whole
// reports of it, and writes the sum of the profiles to profilePath. It names no folder but
// the temporary one that the program it was made of was in.
func (b *bencher) pgo(n int) error {
	if err := goBuild(b.self, "-trimpath", "-pgo=off", "./cmd/benchbook"); err != nil {
		return err
	}
	_, xlsx, csv, err := b.books(n)
	if err != nil {
		return err
	}
	merge := []string{"tool", "pprof", "-proto", "-output", profilePath}
	for i, of := range []struct {
		do    string
		files []string
		times int
	}{{"entries", csv, 3}, {"entries", xlsx, 3}, {"whole", xlsx, 2}} {
		for j := range of.times {
			profile := filepath.Join(b.temp, strconv.Itoa(i)+"-"+strconv.Itoa(j)+".prof")
			if _, err := run(append([]string{b.self, "-do", of.do, "-profile", profile}, of.files...), true); err != nil {
				return err
			}
			merge = append(merge, profile)
		}
	}
	if out, err := exec.Command("go", merge...).CombinedOutput(); err != nil {
		return fmt.Errorf("go %v: %w\n%s", merge, err, out)
	}
	return nil
}
