package analysis

import "fmt"

// Sentence is the wording key of a sentence and the number of its gaps. Every
// Note is made from one, so Sentences lists all that a language must word.
type Sentence struct {
	Key  string
	Gaps int
	// Rounded sentences are titles and decisions: amounts in them are rounded
	// to thousands and millions, counts up to ten are words.
	Rounded bool
}

// sentences collects every sentence of this package while its variables are
// initialised; nothing adds to it later.
var sentences []Sentence

// Sentences returns every sentence a pack may say.
func Sentences() []Sentence { return sentences }

// sentence declares a sentence with exact numbers, finding one with rounded
// ones.
func sentence(key string, gaps int) Sentence { return declare(Sentence{Key: key, Gaps: gaps}) }

func finding(key string, gaps int) Sentence {
	return declare(Sentence{Key: key, Gaps: gaps, Rounded: true})
}

func declare(s Sentence) Sentence {
	sentences = append(sentences, s)
	return s
}

// note fills the gaps of a sentence in their order.
func (s Sentence) note(args ...Cell) *Note {
	if len(args) != s.Gaps {
		panic(fmt.Sprintf("analysis: %s has %d gaps, not %d", s.Key, s.Gaps, len(args)))
	}
	return &Note{Key: s.Key, Args: args, Rounded: s.Rounded}
}

// then adds a clause to the end of a sentence; nil adds nothing.
func (n *Note) then(clause *Note) *Note {
	last := n
	for last.Then != nil {
		last = last.Then
	}
	last.Then = clause
	return n
}

// alarm marks a note as what a reader must not overlook.
func (n *Note) alarm() *Note {
	n.Alarm = true
	return n
}

// good marks a note as a check that passed.
func (n *Note) good() *Note {
	n.Good = true
	return n
}
