package esp

import (
	"net/netip"
	"time"
)

// FlowKey names one direction of an SA as the wire shows it: the receiver
// chooses the SPI (RFC 4301, section 4.1), so the sender is not part of it.
type FlowKey struct {
	// Destination and SPI name the SA; AH tells AH from ESP.
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
// Nothing is authenticated: a forged packet counts like any other, and one with
// a number far ahead looks like a gap and then a restart.
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

	distinct uint64 // numbers of this epoch, as far as known
	settled  uint64 // numbers missing in earlier epochs
	run      run
	seen     [seenBits / 64]uint64

	older, newer uint32 // neighbours in Flows' lists
}

// run is a stretch of duplicates and late packets in succession whose numbers
// rise by one.
type run struct {
	n, late     uint64
	first, last uint64
	lowest      uint64 // the flow's before the run
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
	f.number(nearest(f.Highest, a.Sequence), a.Time.Before(f.Last))
}

// begin starts an epoch of sequence numbers.
func (f *Flow) begin(seq uint64) {
	clear(f.seen[:])
	f.Lowest, f.Highest, f.run = seq, seq, run{}
	f.mark(seq)
	f.distinct = 1
}

func (f *Flow) mark(seq uint64) { f.seen[seq/64%(seenBits/64)] |= 1 << (seq % 64) }

func (f *Flow) marked(seq uint64) bool {
	return f.seen[seq/64%(seenBits/64)]&(1<<(seq%64)) != 0
}

// number adds a sequence number; stale says that the packet is older than one
// before it.
func (f *Flow) number(seq uint64, stale bool) {
	lowest := f.Lowest
	behind := f.Highest - seq
	switch {
	case seq > f.Highest:
		f.forward(seq)
		return
	case behind < seenBits-64 && f.marked(seq):
		f.Duplicates++
		f.rising(seq, lowest, 0, stale)
		return
	}
	f.Reordered++
	f.distinct++
	f.Deepest = max(f.Deepest, behind)
	f.Lowest = min(lowest, seq)
	if behind < seenBits-64 {
		f.mark(seq)
		f.run = run{}
		return
	}
	f.Late++
	f.rising(seq, lowest, 1, stale)
}

// forward moves the highest number up.
func (f *Flow) forward(seq uint64) {
	f.Gap = max(f.Gap, seq-f.Highest-1)
	for i := uint64(1); i <= min(seq/64-f.Highest/64, seenBits/64); i++ {
		f.seen[(f.Highest/64+i)%(seenBits/64)] = 0
	}
	f.Highest, f.run = seq, run{}
	f.mark(seq)
	f.distinct++
}

// rising notes a duplicate or a late packet. Several in succession whose
// numbers rise are a restart, unless they are older than what came before:
// then it is the recording that was given twice.
func (f *Flow) rising(seq, lowest, late uint64, stale bool) {
	r := &f.run
	switch {
	case stale:
		*r = run{}
		return
	case r.n > 0 && seq == r.last+1:
		r.n, r.late, r.last = r.n+1, r.late+late, seq
	default:
		*r = run{n: 1, late: late, first: seq, last: seq, lowest: lowest}
	}
	if r.n < restartRun {
		return
	}
	// What the run was counted as was the new epoch's beginning.
	f.Duplicates -= r.n - r.late
	f.Late -= r.late
	f.Reordered -= r.late
	f.distinct -= r.late
	f.Lowest = r.lowest
	f.settled = f.Missing()
	f.Restarts++
	first := r.first
	f.begin(first)
	for s := first + 1; s <= seq; s++ {
		f.forward(s)
	}
}

// Missing returns how many sequence numbers between the lowest and the highest
// were not seen, over all restarts. It is exact while Late is 0 and, without
// restarts, does not depend on the order of observation.
func (f *Flow) Missing() uint64 {
	span := f.Highest - f.Lowest + 1
	return f.settled + span - min(f.distinct, span)
}

// Silent returns how long the flow had been silent at now.
func (f *Flow) Silent(now time.Time) time.Duration { return max(now.Sub(f.Last), 0) }

// WindowNeeded returns the least size of a replay window that would have
// dropped no reordered packet of the flow.
func (f *Flow) WindowNeeded() uint64 { return f.Deepest + 1 }
