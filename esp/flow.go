package esp

import (
	"net/netip"
	"time"
)

// FlowKey names one direction of an SA as the wire shows it: the receiver
// chooses the SPI (RFC 4301, section 4.1), so the sender is not part of it.
type FlowKey struct {
	Destination netip.Addr
	SPI         uint32
	AH          bool
}

// compare orders keys by protocol, destination and SPI.
func (k FlowKey) compare(o FlowKey) int {
	if c := k.Destination.Compare(o.Destination); c != 0 {
		return c
	}
	switch {
	case k.AH != o.AH:
		if o.AH {
			return -1
		}
		return 1
	case k.SPI < o.SPI:
		return -1
	case k.SPI > o.SPI:
		return 1
	}
	return 0
}

// Arrival is one ESP or AH packet as a recording shows it.
type Arrival struct {
	Time                time.Time
	Source, Destination netip.AddrPort // port 0 outside UDP
	SPI, Sequence       uint32
	Length              int // octets of ESP or AH on the wire
	AH, UDP             bool
}

// seenBits is how far behind the highest number a flow can tell a late packet
// from a duplicate.
const seenBits = 1024

// Flow is what the packets with one FlowKey show without keys. Sequence
// numbers are extended to 64 bits by assuming each near the highest before it.
type Flow struct {
	FlowKey
	// Source is where the last packet came from; Moves counts its changes: a
	// NAT that forgot its mapping, or a roaming peer.
	Source netip.AddrPort
	Moves  uint64
	// UDP says that the last packet was in UDP; Wrappings counts changes
	// between native and UDP.
	UDP       bool
	Wrappings uint64
	// First and Last are the times of the earliest and latest packet.
	First, Last time.Time
	// Packets and Octets count everything that was observed.
	Packets, Octets uint64
	// Lowest and Highest are the extreme sequence numbers since the last
	// restart.
	Lowest, Highest uint64
	// Duplicates counts packets whose number was seen before.
	Duplicates uint64
	// Reordered counts packets that came after one with a higher number, and
	// were no duplicates. Late counts those of them that came so late that
	// they may be duplicates.
	Reordered, Late uint64
	// Deepest is how far behind the highest number a reordered packet was at
	// most: a receiver needs a replay window greater than that.
	Deepest uint64
	// Gap is the greatest step forward less one: packets lost in succession,
	// unless they came later.
	Gap uint64
	// Restarts counts how often the numbers began again from below: a sender
	// that uses an SA anew, or somebody who plays a recording again.
	Restarts uint64
	// Silence is the longest time between two packets in succession and
	// SilenceFrom when it began.
	Silence     time.Duration
	SilenceFrom time.Time
	// Ascending says that no packet was older than one before it. Where it is
	// false, the order of observation was not that of the wire, and Silence,
	// Reordered, Deepest and Gap mean little.
	Ascending bool

	settled uint64 // numbers missing before the last restart
	run     int    // late packets in succession whose numbers rise
	runFrom uint64 // the first of them, as its low half says
	runLast uint64
	seen    [seenBits / 64]uint64

	older, newer uint32 // neighbours in Flows' order of use
}

// restartRun is how many rising numbers below all that were seen make a
// restart: late packets do not come in such order.
const restartRun = 4

// observe adds a packet.
func (f *Flow) observe(a *Arrival) {
	f.Packets++
	f.Octets += uint64(max(a.Length, 0))
	if f.Packets == 1 {
		f.Source, f.UDP, f.Ascending = a.Source, a.UDP, true
		f.First, f.Last = a.Time, a.Time
		f.begin(uint64(a.Sequence))
		return
	}
	if a.Source != f.Source {
		f.Source, f.Moves = a.Source, f.Moves+1
	}
	if a.UDP != f.UDP {
		f.UDP, f.Wrappings = a.UDP, f.Wrappings+1
	}
	switch {
	case a.Time.Before(f.First):
		f.First, f.Ascending = a.Time, false
	case a.Time.Before(f.Last):
		f.Ascending = false
	default:
		if d := a.Time.Sub(f.Last); d > f.Silence {
			f.Silence, f.SilenceFrom = d, f.Last
		}
		f.Last = a.Time
	}
	f.number(nearest(f.Highest, a.Sequence))
}

// begin starts an epoch of sequence numbers.
func (f *Flow) begin(seq uint64) {
	clear(f.seen[:])
	f.Lowest, f.Highest, f.run = seq, seq, 0
	f.mark(seq)
}

func (f *Flow) mark(seq uint64) { f.seen[seq/64%(seenBits/64)] |= 1 << (seq % 64) }

func (f *Flow) marked(seq uint64) bool {
	return f.seen[seq/64%(seenBits/64)]&(1<<(seq%64)) != 0
}

// number adds a sequence number.
func (f *Flow) number(seq uint64) {
	behind := f.Highest - seq
	switch {
	case seq > f.Highest:
		f.forward(seq)
	case behind < seenBits-64 && f.marked(seq):
		f.Duplicates++
		f.rising(seq)
	case behind < seenBits-64:
		f.Reordered++
		f.Deepest = max(f.Deepest, behind)
		f.Lowest = min(f.Lowest, seq)
		f.mark(seq)
		f.run = 0
	default:
		f.Reordered++
		f.Late++
		f.Deepest = max(f.Deepest, behind)
		f.Lowest = min(f.Lowest, seq)
		f.rising(seq)
	}
}

// forward moves the highest number up.
func (f *Flow) forward(seq uint64) {
	f.Gap = max(f.Gap, seq-f.Highest-1)
	for i := uint64(1); i <= min(seq/64-f.Highest/64, seenBits/64); i++ {
		f.seen[(f.Highest/64+i)%(seenBits/64)] = 0
	}
	f.Highest, f.run = seq, 0
	f.mark(seq)
}

// rising notes a duplicate or a late packet: several in succession whose
// numbers rise are a restart.
func (f *Flow) rising(seq uint64) {
	if f.run > 0 && seq == f.runLast+1 {
		f.run++
	} else {
		f.run, f.runFrom = 1, seq
	}
	f.runLast = seq
	if f.run < restartRun {
		return
	}
	// What the run was counted as was the new epoch's beginning.
	n := uint64(f.run)
	if late := min(n, f.Late); f.Highest-f.runFrom >= seenBits-64 {
		f.Late, f.Reordered = f.Late-late, f.Reordered-min(n, f.Reordered)
	} else {
		f.Duplicates -= min(n, f.Duplicates)
	}
	f.Restarts++
	f.settled = f.Missing()
	from := f.runFrom
	f.begin(from)
	for s := from + 1; s <= seq; s++ {
		f.forward(s)
	}
}

// Missing returns how many sequence numbers between the lowest and the highest
// were not seen. It is exact while Late is 0 and there was no restart, and
// then does not depend on the order of observation.
func (f *Flow) Missing() uint64 {
	span := f.Highest - f.Lowest + 1
	distinct := f.Packets - min(f.Duplicates, f.Packets)
	if f.Restarts > 0 {
		// Numbers of earlier epochs do not count towards this one's span.
		return f.settled + f.holes()
	}
	return span - min(distinct, span)
}

// holes counts the numbers not seen as far as the bits remember.
func (f *Flow) holes() (n uint64) {
	from := f.Lowest
	if f.Highest-from >= seenBits-64 {
		from = f.Highest - (seenBits - 65)
	}
	for s := from; s <= f.Highest; s++ {
		if !f.marked(s) {
			n++
		}
	}
	return n
}

// Silent returns how long the flow had been silent at now.
func (f *Flow) Silent(now time.Time) time.Duration { return max(now.Sub(f.Last), 0) }

// WindowNeeded returns the least size of a replay window that would have
// dropped no reordered packet of the flow.
func (f *Flow) WindowNeeded() uint64 { return f.Deepest + 1 }
