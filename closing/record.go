package closing

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"duepack/delivery"
)

// RecordName is the file beside the packs that says how the last run of close
// or send went.
const RecordName = "run.json"

const fileMode = 0o600

// Record is what one run of close or send did, without any name, amount or
// address.
type Record struct {
	Schema   string    `json:"schema"`
	Run      string    `json:"run"`
	Command  string    `json:"command"`
	Version  string    `json:"version"`
	Started  time.Time `json:"started"`
	Finished time.Time `json:"finished"`
	ExitCode int       `json:"exit_code"`
	Breaches []string  `json:"breaches"` // rules of the policy that were broken
	AsOf     string    `json:"as_of,omitempty"`
	Pack     string    `json:"pack,omitempty"` // SHA-256 of its manifest
	Phases   []Phase   `json:"phases"`
	Counts   Counts    `json:"counts"`
	// LastSuccess is when a run last ended with exit code 0; zero: never.
	LastSuccess time.Time `json:"last_success,omitzero"`
}

// Phase is a part of a run.
type Phase struct {
	Name    string  `json:"name"`
	Seconds float64 `json:"seconds"`
}

// Counts are what a run counted.
type Counts struct {
	Lines     int `json:"lines"`
	Customers int `json:"customers"`
	Errors    int `json:"errors"`
	Notes     int `json:"notes"`
	Sent      int `json:"sent"`
	Already   int `json:"already_sent"`
	Waiting   int `json:"waiting"`
	Refused   int `json:"refused"`
	Removed   int `json:"packs_removed"`
}

// Finish completes a record with the outcome of the run, writes it beside the
// packs and, where metrics is not "", writes that file for the textfile
// collector of Prometheus. Both appear whole or not at all.
func (r *Record) Finish(dir, metrics string, exitCode int, finished time.Time) error {
	r.Schema, r.ExitCode, r.Finished = "duepack.run/1", exitCode, finished.UTC()
	path := filepath.Join(dir, RecordName)
	if exitCode == 0 {
		r.LastSuccess = r.Finished
	} else if before, err := os.ReadFile(path); err == nil {
		var last Record
		if json.Unmarshal(before, &last) == nil {
			r.LastSuccess = last.LastSuccess
		}
	}
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	if err := delivery.Replace(path, append(text, '\n'), fileMode); err != nil {
		return err
	}
	if metrics == "" {
		return nil
	}
	// The collector runs under a user of its own, and the file says nothing about anybody.
	return delivery.Replace(metrics, []byte(r.Metrics()), 0o644)
}

// Metrics returns the record in the text format of Prometheus.
func (r *Record) Metrics() string {
	var t strings.Builder
	gauge := func(name, help string, lines ...string) {
		fmt.Fprintf(&t, "# HELP duepack_%s %s\n# TYPE duepack_%s gauge\n", name, help, name)
		for _, line := range lines {
			fmt.Fprintf(&t, "duepack_%s%s\n", name, line)
		}
	}
	command := fmt.Sprintf("{command=%q}", r.Command)
	gauge("last_run_timestamp_seconds", "When the last run ended.", fmt.Sprintf("%s %d", command, r.Finished.Unix()))
	if !r.LastSuccess.IsZero() {
		gauge("last_success_timestamp_seconds", "When a run last ended with exit code 0.", fmt.Sprintf(" %d", r.LastSuccess.Unix()))
	}
	gauge("last_exit_code", "Exit code of the last run.", fmt.Sprintf("%s %d", command, r.ExitCode))
	phases := make([]string, len(r.Phases))
	for i, p := range r.Phases {
		phases[i] = fmt.Sprintf("{phase=%q} %.3f", p.Name, p.Seconds)
	}
	gauge("phase_seconds", "How long each part of the last run took.", phases...)
	gauge("lines", "Ledger lines used.", fmt.Sprintf(" %d", r.Counts.Lines))
	gauge("problems", "Problems of the input.", fmt.Sprintf("{severity=\"error\"} %d", r.Counts.Errors), fmt.Sprintf("{severity=\"note\"} %d", r.Counts.Notes))
	c := r.Counts
	gauge("mails", "Mails of the pack by what became of them.", fmt.Sprintf("{state=\"sent\"} %d", c.Sent+c.Already),
		fmt.Sprintf("{state=\"waiting\"} %d", c.Waiting), fmt.Sprintf("{state=\"refused\"} %d", c.Refused))
	return t.String()
}
