package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// inputFile is one file of a book, with what the config says about it.
type inputFile struct {
	path string
	input
}

// readSettings collects what config file, environment and command line say.
// The config file is the one of -c, else of DUEPACK_CONFIG, else, where no file
// is named, ./duepack.yaml. Files on the command line replace its inputs.
func (a *app) readSettings(cmd *cobra.Command, files []string, flags []flag) (*settings, error) {
	s := &settings{}
	config, _ := cmd.Flags().GetString("config")
	if config == "" {
		config = a.lookup("config")
	}
	switch {
	case config != "":
		if err := readConfig(config, s); err != nil {
			return nil, cannotRead(config, err)
		}
	case len(files) == 0:
		switch err := readConfig(configName, s); {
		case errors.Is(err, fs.ErrNotExist):
			return nil, usage("no input: name a ledger file, or write a %s (duepack init FILE... makes one)", configName)
		case err != nil:
			return nil, cannotRead(configName, err)
		}
	default:
		s.unread = exists(configName)
	}
	if err := a.takeFlags(cmd, s, flags); err != nil {
		return nil, err
	}
	if len(files) > 0 {
		inputs := make([]input, len(files))
		for i, file := range files {
			inputs[i] = input{pattern: scalar{file, file}}
		}
		s.inputs.take(inputs, origin{rank: fromFlag, detail: files[0]})
	}
	return s, s.fillBeforeReading()
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// cannotRead makes a failure to open a file one of usage; what is wrong inside
// a config file is one already.
func cannotRead(path string, err error) error {
	var s *settingError
	switch {
	case errors.As(err, &s):
		return err
	case errors.Is(err, fs.ErrNotExist):
		return usage("%s: there is no such file", path)
	case errors.Is(err, fs.ErrPermission):
		return usage("%s: no permission to read it", path)
	}
	if info, statErr := os.Stat(path); statErr == nil && info.IsDir() {
		return usage("%s is a folder, not a file", path)
	}
	return usage("%w", err)
}

// inputFiles expands the patterns of the inputs and checks that every file can
// be opened. A file that two patterns match is read once.
func (s *settings) inputFiles() ([]inputFile, error) {
	if len(s.inputs.value) == 0 {
		return nil, usage("no input: the config lists no inputs and the command line names no file")
	}
	var files []inputFile
	seen := map[string]bool{}
	for _, in := range s.inputs.value {
		paths, err := in.expand()
		if err != nil {
			return nil, err
		}
		for _, path := range paths {
			key := path + "\x00" + in.sheet
			if seen[key] {
				continue
			}
			seen[key] = true
			files = append(files, inputFile{path, in})
		}
	}
	for _, file := range files {
		if err := canOpen(file.path); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// expand returns the files a pattern names, in the order of their names. What
// has no * ? or [ is a file; so is what exists under that very name. The owner
// files that Excel keeps beside open workbooks (~$ledger.xlsx) are no inputs.
func (in input) expand() ([]string, error) {
	path := resolve(in.base, in.pattern.text)
	if !strings.ContainsAny(path, "*?[") || exists(path) {
		return []string{path}, nil
	}
	matches, err := filepath.Glob(path)
	if err != nil {
		return nil, in.pattern.bad("bad-pattern", "%q is not a pattern of file names", in.pattern.text)
	}
	paths := matches[:0]
	for _, match := range matches {
		if info, err := os.Stat(match); err == nil && !info.IsDir() && !strings.HasPrefix(filepath.Base(match), "~$") {
			paths = append(paths, match)
		}
	}
	if len(paths) == 0 {
		return nil, usage("%s: no file has such a name", path)
	}
	return paths, nil
}

// canOpen refuses what is missing, a folder, or not to be read: before anything
// is read, so that a wrong path costs no time.
func canOpen(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return cannotRead(path, err)
	}
	if info.IsDir() {
		return usage("%s is a folder, not a file (name its files, or use a pattern as %s)", path, filepath.Join(path, "*.xlsx"))
	}
	if !info.Mode().IsRegular() { // a pipe cannot be read twice, and opening it may never end
		return usage("%s is not a regular file (save what it gives to one)", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return cannotRead(path, err)
	}
	return f.Close()
}

// cannotWrite makes a path that cannot be written a failure of usage: a
// missing permission, a file where a folder should be. Any other failure, as of a full
// disk, stays what it is.
func cannotWrite(err error) error {
	for _, wrongPath := range []error{fs.ErrPermission, fs.ErrNotExist, fs.ErrExist, syscall.EROFS, syscall.ENOTDIR, syscall.EISDIR} {
		if errors.Is(err, wrongPath) {
			return usage("%w", err)
		}
	}
	return err
}
