package diag

import (
	"iter"
	"math/bits"
)

// Two views of a negotiation have tokens in common, and most tokens are one
// view's alone: one end's log tells its SPIs, and nobody else's does. These tie
// nothing, and the join looks past them.

// markCommon notes which tokens of the units' strands another strand may have as
// well. A token that is none such may be taken for one; that costs time alone.
func markCommon(units []*unit) {
	n := 0
	for _, u := range units {
		for _, s := range u.strands {
			n += len(s.tokens)
		}
	}
	c := newTally(n)
	for _, u := range units {
		for _, s := range u.strands {
			for _, t := range s.tokens {
				c.count(t)
			}
		}
	}
	for _, u := range units {
		for _, s := range u.strands {
			common := uint32(0)
			for i, t := range s.tokens {
				if c.twice(t) {
					common |= 1 << (i % tokensKept)
				}
			}
			s.common = common
		}
	}
}

// A tally knows of tokens whether they were counted once, or again, by a bit for
// their upper part.
type tally struct {
	words [][2]uint64
	shift int
}

// newTally makes a tally for so many tokens, of eight bits or more for each.
func newTally(n int) tally {
	k := bits.Len(uint(n / 8))
	return tally{make([][2]uint64, 1<<k), 64 - 6 - k}
}

func (c *tally) at(t token) (w *[2]uint64, bit uint64) {
	h := t >> (c.shift & 63)
	return &c.words[h>>6], 1 << (h & 63)
}

func (c *tally) count(t token) {
	w, bit := c.at(t)
	w[1] |= w[0] & bit
	w[0] |= bit
}

func (c *tally) twice(t token) bool {
	w, bit := c.at(t)
	return w[1]&bit != 0
}

// shared lists the tokens that another strand may have as well, by markCommon.
func (s *strand) shared() iter.Seq[token] {
	return func(yield func(token) bool) {
		for left := s.common; left != 0; left &= left - 1 {
			if !yield(s.tokens[bits.TrailingZeros32(left)]) {
				return
			}
		}
	}
}

// sharedBy is the number of such tokens of some strands.
func sharedBy(strands []*strand) (n int) {
	for _, s := range strands {
		n += bits.OnesCount32(s.common)
	}
	return n
}

// sharedOf is the number of those of some legs.
func sharedOf(legs []*leg) (n int) {
	for _, l := range legs {
		n += sharedBy(l.strands)
	}
	return n
}
