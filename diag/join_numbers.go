package diag

import (
	"math/bits"
	"math/rand/v2"
	"sync"
)

// numbers has a number for each of some tokens. The join asks it for every token
// that two views may have in common, where most of a map's work would be to make
// it for each tunnel anew.
type numbers struct {
	slots []numbered // a power of two, of which three quarters at most are taken
	shift int
	// Who chooses the tokens, as a peer may, must not know where they come to lie.
	seed uint64
}

type numbered struct {
	token  token
	number int32 // 0: nobody's
}

// oldNumbers are used again.
var oldNumbers = sync.Pool{New: func() any { return &numbers{seed: rand.Uint64() | 1} }}

// newNumbers makes room for numbers of so many tokens; free takes it back.
func newNumbers(n int) *numbers {
	x := oldNumbers.Get().(*numbers)
	k := bits.Len(uint(n) + uint(n)/3)
	if x.shift = 64 - k; cap(x.slots) < 1<<k {
		x.slots = make([]numbered, 1<<k)
	} else {
		x.slots = x.slots[:1<<k]
		clear(x.slots)
	}
	return x
}

func (x *numbers) free() { oldNumbers.Put(x) }

// of returns where the number of a token is, 0 at first.
func (x *numbers) of(t token) *int32 {
	for i := uint64(t) * x.seed >> (x.shift & 63); ; i++ {
		s := &x.slots[i&uint64(len(x.slots)-1)]
		if s.number == 0 {
			s.token = t
		}
		if s.token == t {
			return &s.number
		}
	}
}
