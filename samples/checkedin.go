package samples

// CheckedInBook is a book that stands in the repository, and the options that
// make it.
type CheckedInBook struct {
	Dir     string // below samples/
	Options Options
}

// CheckedIn lists the books that stand in the repository.
func CheckedIn() []CheckedInBook {
	return []CheckedInBook{
		{"meridian", Options{Rows: 3000, Seed: 1, Lang: English}},
		{"meridian-cn", Options{Rows: 3000, Seed: 1, Lang: Chinese}},
	}
}
