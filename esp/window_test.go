package esp

import (
	"math/rand/v2"
	"testing"
)

// model is a replay window as RFC 4303, section 3.4.3, describes it, with a
// set in place of bits.
type model struct {
	size, top uint64
	seen      map[uint64]bool
}

func (m *model) receive(seq uint64) Verdict {
	switch {
	case seq == 0:
		return Invalid
	case seq+m.size <= m.top:
		return TooOld
	case m.seen[seq]:
		return Duplicate
	}
	m.seen[seq] = true
	m.top = max(m.top, seq)
	return Accept
}

func TestWindow(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, size := range []int{1, 4, 31, 32, 33, 63, 64, 65, 128, 992, 1000, 1024, 4096, 100_000} {
		w := NewWindow(size)
		m := model{size: uint64(size), seen: map[uint64]bool{}}
		seq := uint64(1)
		for i := range 20_000 {
			switch rng.IntN(20) {
			case 0:
				seq += rng.Uint64N(uint64(3*size) + 1)
			case 1, 2, 3:
				seq -= min(seq, rng.Uint64N(uint64(2*size)+1))
			case 4:
				seq = max(m.top, uint64(size)) - uint64(size) + rng.Uint64N(3)
			default:
				seq++
			}
			if check, got, want := w.Check(seq), w.Receive(seq), m.receive(seq); got != want || check != want {
				t.Fatalf("size %d, packet %d, number %d, top %d: %v, want %v", size, i, seq, m.top, got, want)
			}
			if w.Top() != m.top {
				t.Fatalf("top %d, want %d", w.Top(), m.top)
			}
		}
		c := w.Counts()
		if c.Accepted+c.Dropped() != 20_000 || c.Dropped() == 0 {
			t.Errorf("size %d: %+v", size, c)
		}
	}
}

func TestWindowOff(t *testing.T) {
	var w Window
	for _, seq := range []uint64{5, 5, 0, 1 << 40, 1} {
		if v := w.Receive(seq); v != Accept {
			t.Errorf("%d: %v", seq, v)
		}
	}
	if w.Top() != 1<<40 || w.Counts().Accepted != 5 {
		t.Errorf("%+v", w.Counts())
	}
	if NewWindow(-1).Size() != 0 || NewWindow(MaxWindow+1).Size() != MaxWindow || RingSize(1024, 32) != 992 || RingSize(1, 32) != 0 {
		t.Error("bounds")
	}
	w.SetSize(64)
	w.Receive(1)
	w.SetSize(32)
	if v := w.Receive(1); v != Accept {
		t.Errorf("after SetSize: %v", v)
	}
}

// TestExtend goes through RFC 4303, appendix A2.2, both cases.
func TestExtend(t *testing.T) {
	const w = 64
	for _, c := range []struct {
		top  uint64
		low  uint32
		want uint64
		ok   bool
	}{
		{0, 1, 1, true},
		{0, 0xffffffff, 0, false}, // before the first
		{10, 0xffffffff, 0, false},
		{63, 0xffffffff, 1<<32 - 1, true}, // case A begins at window-1
		{100, 37, 37, true},
		{100, 36, 1<<32 | 36, true}, // left of the window is a high half on
		{0xffffffff, 0, 1 << 32, true},
		{0xffffffff, 0xffffffff, 0xffffffff, true},
		{1<<32 | 5, 4, 1<<32 | 4, true},
		{1<<32 | 5, 0xffffffff, 0xffffffff, true}, // case B: back over the edge
		{1<<32 | 5, 0xffffffc6, 0xffffffc6, true},
		{1<<32 | 5, 0xffffffc5, 1<<32 | 0xffffffc5, true}, // just outside
		{7<<32 | 100, 50, 7<<32 | 50, true},
		{7<<32 | 100, 3, 8<<32 | 3, true},
		{0xffffffff<<32 | 100, 3, 0, false}, // no high half beyond the last
	} {
		if got, ok := Extend(c.top, w, c.low); got != c.want || ok != c.ok {
			t.Errorf("top %x low %x: %x %v, want %x %v", c.top, c.low, got, ok, c.want, c.ok)
		}
	}
	// Whatever a window can see is told right.
	rng := rand.New(rand.NewPCG(3, 4))
	for range 100_000 {
		window := rng.Uint64N(5000) + 1
		top := rng.Uint64() >> rng.UintN(32)
		seq := top + rng.Uint64N(1<<20)
		if rng.IntN(2) == 0 {
			seq = top - min(rng.Uint64N(window), top)
		}
		if seq < top && rng.IntN(9) > 0 || seq>>32 > 0xffffffff {
			continue
		}
		if got, ok := Extend(top, window, uint32(seq)); !ok || got != seq {
			t.Fatalf("top %x window %d: %x %v, want %x", top, window, got, ok, seq)
		}
	}
}

func TestReceiveLow(t *testing.T) {
	w := NewWindow(64)
	w.Mark(0xfffffff0)
	for _, c := range []struct {
		low  uint32
		want uint64
		v    Verdict
	}{
		{0xfffffff0, 0xfffffff0, Duplicate}, {0xfffffffe, 0xfffffffe, Accept}, {2, 1<<32 | 2, Accept},
		{0xffffffff, 0xffffffff, Accept}, {0xffffffff, 0xffffffff, Duplicate}, {0, 1 << 32, Accept},
	} {
		if seq, v := w.ReceiveLow(c.low); seq != c.want || v != c.v {
			t.Errorf("%x: %x %v", c.low, seq, v)
		}
	}
	w.SetSize(64)
	if _, v := w.ReceiveLow(0xffffffff); v != Invalid {
		t.Error(v)
	}
}

func TestNearest(t *testing.T) {
	for _, c := range []struct {
		top  uint64
		low  uint32
		want uint64
	}{
		{5, 0xffffffff, 0xffffffff}, {0xffffffff, 3, 1<<32 | 3}, {1<<32 | 3, 0xffffffff, 0xffffffff},
		{1<<32 | 3, 9, 1<<32 | 9}, {0xffffffff<<32 | 0xffffffff, 0, 0xffffffff << 32},
	} {
		if got := nearest(c.top, c.low); got != c.want {
			t.Errorf("%x %x: %x", c.top, c.low, got)
		}
	}
}
