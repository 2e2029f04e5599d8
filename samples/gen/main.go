// Command gen writes the books that are checked in beside it: Meridian Trading
// and its Chinese twin. It is run by go generate in the folder samples.
package main

import (
	"log"

	"duepack/samples"
)

func main() {
	for _, b := range samples.CheckedIn() {
		if err := samples.Generate(b.Dir, b.Options); err != nil {
			log.Fatal(err)
		}
	}
}
