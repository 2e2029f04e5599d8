package samples

// chance is a source of random numbers: SplitMix64 (Steele, Lea and Flood,
// "Fast splittable pseudorandom number generators", 2014). It is written out
// here because the checked-in books must not change with the standard library.
type chance struct{ state uint64 }

func (c *chance) next() uint64 {
	c.state += 0x9e3779b97f4a7c15
	z := c.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below returns a number from 0 to n − 1; n must be positive.
func (c *chance) below(n int) int { return int(c.next() % uint64(n)) }

// between returns a number from lo to hi, both inside.
func (c *chance) between(lo, hi int) int { return lo + c.below(hi-lo+1) }

// middling returns a number from lo to hi that is more often in the middle:
// the mean of three.
func (c *chance) middling(lo, hi int) int {
	return (c.between(lo, hi) + c.between(lo, hi) + c.between(lo, hi)) / 3
}

// permille reports true n times in a thousand.
func (c *chance) permille(n int) bool { return c.below(1000) < n }

// sizes are the thousandths of the typical amount at 17 even steps of
// probability: the skew of a log-normal distribution, with a mean of about 1.
var sizes = [...]int{60, 150, 230, 300, 370, 440, 520, 610, 710, 820, 950, 1110, 1310, 1580, 2010, 2850, 5200}

// size draws thousandths of a typical amount.
func (c *chance) size() int {
	at := c.below((len(sizes) - 1) * 1000)
	i, part := at/1000, at%1000
	return sizes[i] + (sizes[i+1]-sizes[i])*part/1000
}

// turn is true once in every so many calls, so that a rare thing happens in a
// small book too and never twice in a row.
type turn struct{ every, left int }

func newTurn(every int, c *chance) turn { return turn{every, c.below(every)} }

func (t *turn) comes() bool {
	t.left--
	if t.left >= 0 {
		return false
	}
	t.left = t.every - 1
	return true
}
