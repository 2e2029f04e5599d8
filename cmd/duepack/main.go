// Duepack turns a ledger export into a close pack: what customers owe, how
// late it is, what the delay costs, and what must be sold to make up for bad
// debt.
//
// # Commands
//
//	duepack report [FILE...] [-c duepack.yaml]   read, analyse, write the close pack
//	duepack check [FILE...] [-c duepack.yaml]    read only: what was recognised, control totals, every problem
//	duepack init FILE...                         write a commented duepack.yaml for the files
//	duepack explain FIGURE [FILE...]             derive one figure down to the rows of the input
//	duepack diff OLD NEW                         two packs side by side: what changed, from which documents
//	duepack tables                               sales to make up for a loss; months of delay that eat the profit
//	duepack send [FOLDER] [-c duepack.yaml]      mail what report wrote, once per recipient and pack
//	duepack close [FILE...] [-c duepack.yaml]    check, report and send as one unattended run, for cron
//	duepack sample DIR                           write a synthetic book to try
//	duepack version                              print the version
//	duepack completion SHELL                     print a completion script
//
// # Inputs
//
// FILE is an xlsx workbook or a delimited text file; several make one book.
// Without FILE the inputs come from the config file: the one after -c, else
// ./duepack.yaml. With FILE, ./duepack.yaml is not read unless -c names it,
// and the files replace the inputs it lists. Relative paths in a config file,
// inputs and output.dir alike, count from the folder of that file; those on the
// command line and the default folder out count from the current folder.
//
// # Settings
//
// A flag wins over the environment, that over the config file, that over what
// is found in the book, that over the default. Every value that nobody gave is
// printed on stderr with the reason it was taken, and stands in the pack under
// assumptions.
//
//	--as-of 2026-10-31           DUEPACK_AS_OF    date of the position; default: the date of a snapshot,
//	                                              else the last month end on or before the last posting
//	--period 2026-10             DUEPACK_PERIOD   month, quarter, year, 2026-10, 2026-Q3, 2026 or two dates;
//	                                              fixed dates given without --as-of also set the as-of date
//	--out DIR                    DUEPACK_OUT      folder of packs; the pack is DIR/<as-of>
//	--lang en|zh-CN              DUEPACK_LANG     language of the pack and of results
//	--format html,pdf,xlsx,json  DUEPACK_FORMAT   what to write
//	--lenient                    DUEPACK_LENIENT  leave rows with errors out instead of stopping
//	--quiet                      DUEPACK_QUIET    no results and no notes: only errors
//	-c, --config FILE            DUEPACK_CONFIG   config file
//	--log text|json              DUEPACK_LOG      messages for people, or one JSON object a line for machines
//	--limit rows=20000000                         raise a limit of reading that an error names
//
// # Mail
//
// send mails a pack as it lies on disk, close one that it has just written. Who is
// sent what stands in the config under mail, what close asks of a pack under
// close. With --dry-run both say what would be sent to whom and write nothing.
// The SMTP user and password come from DUEPACK_SMTP_USER and
// DUEPACK_SMTP_PASSWORD or from the file mail.smtp.credentials names, never
// from a flag. DIR/<as-of>.outbox.jsonl records what was sent: nothing is sent
// twice, and what a server did not take is tried by the next run. What a server
// refused for good is tried again with --retry-refused. docs/operations.md is the
// manual of both.
//
// # Output
//
// Results go to stdout, messages to stderr. A pack appears whole or not at all:
// it is written beside the old one and swapped in.
//
// # Exit codes
//
//	0    done
//	1    internal error, or a disk that failed
//	2    wrong command, flag, config or path
//	3    the input was rejected; nothing was written
//	4    the pack was written but does not tie out to the control balance
//	5    the pack was written but not everybody has it; the next run goes on
//	130  interrupted; the previous pack is untouched
package main

import (
	"os"
	"time"

	"duepack/cmd/internal/heap"
)

func main() {
	heap.Tune()
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr, os.Environ(), time.Now))
}
