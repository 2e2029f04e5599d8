// Package samples makes books to try: a synthetic trading company of any size
// from a seed, written as a workbook or as CSV files in the layouts that
// duepack reads, with the duepack.yaml that goes with it.
//
// The company behaves like a real one: customers of very different size pay
// early, on time, late or not at all, in runs of their own; sales follow the
// seasons; money is short-paid, paid twice, paid ahead, bounced, credited,
// refunded, written off and once recovered. Its names are made up.
//
// The same options give the same bytes on every machine. So nothing here is a
// float (another processor may fuse multiplication and addition), a map is
// never walked, and the random numbers are this package's own.
//
// The books checked in under samples/ are made by go generate.
package samples

//go:generate go run ./gen
