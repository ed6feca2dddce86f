package observe

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// A glance is what one look at a head tells of it.
type glance struct {
	odd int // octets that a text does not have
	// marked: some line may be a command at a terminal, the heading of an output
	// in a bundle, or the first of a block of PEM.
	marked bool
}

// text reports whether a head of so many octets is text, NUL octets or not: a
// crash may have left holes in a log.
func (g *glance) text(size int) bool { return g.odd*10 < size }

// textHead is how much of a head is enough to tell text, where all of it is.
const textHead = 4 << 10

func glanceAt(b []byte) (g glance) {
	if g.count(b[:min(len(b), textHead)]); g.odd > 0 {
		g.count(b[min(len(b), textHead):])
	}
	g.marked = marked(b)
	return g
}

// marked reports whether some line may be prompted. Most lines of a log begin as
// the one before did, up to the sign that tells that they are none.
func marked(b []byte) bool {
	last, mask := uint64('\n'), uint64(0xff) // how such lines begin, in eight octets: at first, empty ones
	for {
		if len(b) < 8 || (binary.LittleEndian.Uint64(b)^last)&mask != 0 {
			end := promptEnd(b)
			if end >= 0 && prompt(b, end) {
				return true
			}
			if end >= 0 && end < 8 && len(b) >= 8 {
				last, mask = binary.LittleEndian.Uint64(b), 2<<(8*end+7)-1
			}
		}
		n := bytes.IndexByte(b, '\n') + 1
		if n == 0 {
			return false
		}
		b = b[n:]
	}
}

// count looks for octets that a text does not have. Of those that are less than a
// blank it has one where a line ends, and hardly another: what may be one, as it
// has neither bit of 0x60, is looked for in many octets at once.
func (g *glance) count(b []byte) {
	const most = 0x4040404040404040
	i := 0
	for ; i <= len(b)-32; i += 32 {
		v := b[i : i+32]
		p, q, r, s := binary.LittleEndian.Uint64(v), binary.LittleEndian.Uint64(v[8:]), binary.LittleEndian.Uint64(v[16:]), binary.LittleEndian.Uint64(v[24:])
		p, q, r, s = p|p<<1, q|q<<1, r|r<<1, s|s<<1
		if p&q&r&s&most == most {
			continue
		}
		// Of each octet's bits, one for each word's.
		for left := ^(p&most | q&most>>1 | r&most>>2 | s&most>>3) & (most | most>>1 | most>>2 | most>>3); left != 0; left &= left - 1 {
			n := bits.TrailingZeros64(left)
			g.other(b[i+n/8+(6-n%8)*8])
		}
	}
	for ; i < len(b); i++ {
		g.other(b[i])
	}
}

// other takes an octet that may be less than a blank.
func (g *glance) other(c byte) {
	if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != 0x1b {
		g.odd++
	}
}
