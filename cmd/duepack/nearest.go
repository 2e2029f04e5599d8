package main

import (
	"fmt"
	"strings"
)

// hintNearest names the known word that is nearest to what was written, or all
// of them where none is near.
func hintNearest(word string, known []string) string {
	if best := nearest(word, known); best != "" {
		return fmt.Sprintf("did you mean %q?", best)
	}
	return "known: " + strings.Join(known, ", ")
}

// nearest returns the known word with the fewest typing errors between, or ""
// where more than a third of the letters (and more than one) are wrong.
func nearest(word string, known []string) string {
	word = strings.ToLower(word)
	best, fewest := "", max(2, (len(word)+2)/3)+1
	for _, candidate := range known {
		if n := typingErrors(word, strings.ToLower(candidate)); n < fewest {
			best, fewest = candidate, n
		}
	}
	return best
}

// typingErrors counts the letters to add, drop, change or swap with their
// neighbour to make one word the other (optimal string alignment).
func typingErrors(a, b string) int {
	x, y := []rune(a), []rune(b)
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			change := rows[i-1][j-1]
			if x[i-1] != y[j-1] {
				change++
			}
			rows[i][j] = min(change, rows[i-1][j]+1, rows[i][j-1]+1)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(x)][len(y)]
}
