package diag

import "math"

// What a fact says to people is many times as long as the rest of it, and is
// shown of few. It is not copied where the source is in memory and stays there;
// else it is written beside the other texts of its ledger, with which it comes
// and goes.

// An account is how a source tells a fact: where its text is, in the content of
// the source or in the ledger's own texts, and what it rests on.
type account struct {
	text  uint32
	size  uint8
	own   bool
	basis Basis
}

// texts are written one behind the other, in pieces that are made as they are
// needed.
type texts [][]byte

// A place in the texts is a piece, and where in it. Of a piece there is no more
// than pieceMost.
const (
	pieceBits = 10
	pieceMost = 4 * textKept
)

var _ [1<<pieceBits - pieceMost]struct{} // it is in so many bits

// room makes room for n octets, up to textKept, and in pieces of size.
func (t *texts) room(n, size int) (at uint32) {
	last := len(*t) - 1
	if last < 0 || cap((*t)[last])-len((*t)[last]) < n {
		if *t == nil {
			*t = make(texts, 0, 4)
		}
		*t = append(*t, make([]byte, 0, min(max(size, n), pieceMost)))
		last++
	}
	p := &(*t)[last]
	at = uint32(last<<pieceBits | len(*p))
	*p = (*p)[:len(*p)+n]
	return at
}

// of returns a text's octets.
func (t texts) of(at uint32, n uint8) []byte {
	return t[at>>pieceBits][at&(1<<pieceBits-1):][:n]
}

// told returns how an observation is told, in words that stay, and whether these
// are there: in the content of its source, where that is in memory.
func (l *ledger) told(o *Observation) (a account, there bool) {
	n, at := min(len(o.Text), textKept), uint64(max(o.Offset, 0))
	a = account{size: uint8(n), basis: o.Basis}
	if n == 0 {
		return a, true
	}
	if at <= math.MaxUint32 && at+uint64(n) <= uint64(len(l.content)) && &l.content[at] == &o.Text[0] {
		a.text = uint32(at)
		return a, true
	}
	return a, false
}

// keep notes how an observation is told.
func (l *ledger) keep(a *account, o *Observation) {
	told, there := l.told(o)
	if !there {
		told.text, told.own = l.write(o.Text[:told.size], int(told.size)), true
	}
	*a = told
}

// keepLast does so of a latest, whose text is written in the same place again
// and again: it is not looked for until the next time.
func (l *ledger) keepLast(a *latest, o *Observation) {
	told, there := l.told(o)
	if !there {
		if b := o.Text[:told.size]; told.size > a.room {
			a.room = uint8(min(max(len(b), 2*int(a.room)), textKept))
			a.place = l.write(b, int(a.room))
		} else {
			copy(l.texts.of(a.place, told.size), b)
		}
		told.text, told.own = a.place, true
	}
	a.account = told
}

// write writes a text, with room for n octets, and for more where all are written.
func (l *ledger) write(b []byte, n int) (at uint32) {
	size := textKept
	if l.content == nil {
		size *= min(max(len(l.slots)/3, 2), 4)
	}
	at = l.texts.room(n, size)
	copy(l.texts.of(at, uint8(n)), b)
	return at
}

// said returns what a fact says, as long as nothing more is observed.
func (s *strand) said(f *fact) []byte {
	switch {
	case f.size == 0:
		return nil
	case f.own:
		return s.ledger.texts.of(f.text, f.size)
	}
	return s.ledger.content[f.text:][:f.size]
}
