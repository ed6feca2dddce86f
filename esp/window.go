package esp

import "strconv"

// Verdict is what a replay window says of a sequence number.
type Verdict uint8

// The verdicts. All but Accept drop the packet.
const (
	Accept    Verdict = iota
	Duplicate         // in the window and seen before: a replay
	TooOld            // left of the window: late, or a replay
	Invalid           // number 0, or none that an SA could have sent
)

// String returns accepted, duplicate, too old or invalid.
func (v Verdict) String() string {
	switch v {
	case Accept:
		return "accepted"
	case Duplicate:
		return "duplicate"
	case TooOld:
		return "too old"
	case Invalid:
		return "invalid"
	}
	return "Verdict(" + strconv.Itoa(int(v)) + ")"
}

// MaxWindow is the greatest size of a Window, in packets: 2 MiB of bits.
const MaxWindow = 1 << 24

// Window is a receiver's replay window (RFC 4303, section 3.4.3): it accepts
// every number to the right of the highest one received, and once each those
// at most Size()-1 below it.
//
//	 TooOld   | Duplicate or Accept |    Accept
//	----------+---------------------+--------------> sequence numbers
//	          ^ top - size + 1      ^ top
//
// The bits stand in a ring with a word to spare, as RFC 6479 has it, so that a
// step costs the same for every size. The zero Window has size 0: no replay
// protection, as in a kernel's SA with replay-window 0; it accepts everything.
type Window struct {
	size   uint64
	top    uint64
	ring   []uint64 // a power of two of words
	counts WindowCounts
}

// WindowCounts counts packets by verdict.
type WindowCounts struct{ Accepted, Duplicate, TooOld, Invalid uint64 }

// Dropped returns how many were not accepted.
func (c WindowCounts) Dropped() uint64 { return c.Duplicate + c.TooOld + c.Invalid }

// NewWindow returns a window of the given size in packets: 32 is the least
// that RFC 4303 allows and the default of most daemons, 64 what it recommends.
// Sizes below 0 count as 0, those above MaxWindow as MaxWindow.
func NewWindow(size int) *Window {
	w := new(Window)
	w.SetSize(size)
	return w
}

// SetSize makes the window empty with the given size. It keeps the memory
// where that suffices.
func (w *Window) SetSize(size int) {
	size = min(max(size, 0), MaxWindow)
	words := 1
	for words*64 < size+64 { // one word to spare
		words *= 2
	}
	if size == 0 {
		words = 0
	}
	if words > cap(w.ring) {
		w.ring = make([]uint64, words)
	}
	w.ring = w.ring[:words]
	clear(w.ring)
	w.size, w.top, w.counts = uint64(size), 0, WindowCounts{}
}

// RingSize returns the size of the window that an implementation of RFC 6479
// has whose ring holds so many bits in words of so many: one word less, 992
// for a ring of 1024 bits in words of 32 (RFC 6479, section 2).
func RingSize(bits, word int) int { return max(bits-word, 0) }

// Size returns the size in packets, 0 where there is no replay protection.
func (w *Window) Size() int { return int(w.size) }

// Top returns the highest sequence number that was accepted, 0 before any.
func (w *Window) Top() uint64 { return w.top }

// Counts returns what Receive and ReceiveLow decided so far.
func (w *Window) Counts() WindowCounts { return w.counts }

// Check returns the verdict on a number and changes nothing. A receiver checks
// before it computes the integrity check value.
func (w *Window) Check(seq uint64) Verdict {
	switch {
	case w.size == 0:
		return Accept
	case seq == 0:
		return Invalid
	case seq > w.top:
		return Accept
	case w.top-seq >= w.size:
		return TooOld
	case w.ring[seq/64&uint64(len(w.ring)-1)]&(1<<(seq%64)) != 0:
		return Duplicate
	}
	return Accept
}

// Mark notes a number as received. A receiver does so only after the integrity
// check value was right.
func (w *Window) Mark(seq uint64) {
	if w.size == 0 {
		w.top = max(w.top, seq)
		return
	}
	mask := uint64(len(w.ring) - 1)
	if seq > w.top {
		// What lies between is not received yet.
		steps := seq/64 - w.top/64
		for i := uint64(1); i <= min(steps, mask+1); i++ {
			w.ring[(w.top/64+i)&mask] = 0
		}
		w.top = seq
	} else if w.top-seq >= w.size {
		return
	}
	w.ring[seq/64&mask] |= 1 << (seq % 64)
}

// Receive checks a number and, if accepted, marks it.
func (w *Window) Receive(seq uint64) Verdict {
	v := w.Check(seq)
	switch v {
	case Accept:
		w.counts.Accepted++
		w.Mark(seq)
	case Duplicate:
		w.counts.Duplicate++
	case TooOld:
		w.counts.TooOld++
	case Invalid:
		w.counts.Invalid++
	}
	return v
}

// ReceiveLow is Receive for an SA with extended sequence numbers, of which
// packets carry the low half only.
func (w *Window) ReceiveLow(low uint32) (seq uint64, v Verdict) {
	seq, ok := Extend(w.top, w.size, low)
	if !ok {
		w.counts.Invalid++
		return 0, Invalid
	}
	return seq, w.Receive(seq)
}
