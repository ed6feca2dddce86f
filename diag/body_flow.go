package diag

import (
	"math/bits"
	"net/netip"
)

// Flow: what a vantage point saw of one SPI's ESP or AH packets, or of
// traffic between two hosts in the clear, summed up.
type Flow struct {
	From Party // the sender; unknown for traffic in the clear
	// SPI is 0 where all that is known is that packets passed, as of the text of
	// tcpdump's first releases: then these are of all SAs of a direction, and
	// there are no sequence numbers.
	SPI   uint32
	AH    bool
	InUDP bool
	// Clear: packets without ESP or AH from Source to Destination, those
	// left out that ESP or AH beside them accounts for: a gateway sees what
	// it decrypts a second time.
	Clear bool
	// Anywhere: recorded on any of a host's interfaces, those of its own
	// network included, where traffic is in the clear rightly.
	Anywhere            bool
	Source, Destination netip.Addr
	First, Last         uint32 // sequence numbers
	Packets             uint64
	Lost, Repeated      uint64 // gaps in and repetitions of sequence numbers
	Restarts            uint32 // how often the numbers began anew
	Moves               uint32 // how often the sender's address or port changed
	// Behind counts packets that came after one with a higher number, by how
	// far behind that they were: entry i from 2^i to 2^(i+1)-1.
	Behind [BehindClasses]uint32
	// Seconds is the time from the first to the last packet, Silence the
	// longest between two in succession, Since the time from the last packet
	// to the end of what was recorded.
	Seconds, Silence, Since uint32
	// SilenceMillis is Silence in milliseconds, rounded up; 0 where it is not known
	// that well.
	SilenceMillis uint32
	// Sizes counts packets by their length with the IP header, Answered those
	// to which a packet came back before the next was sent.
	Sizes, Answered [SizeClasses]uint32
	// Largest and LargestAnswered are lengths with the IP header.
	Largest, LargestAnswered uint16
	// Unanswered counts the packets since the last that came back, all from
	// UnansweredLeast octets on.
	Unanswered      uint32
	UnansweredLeast uint16
	Whole           bool   // none may be fragmented on the way: DF, or IPv6
	Fragmented      uint32 // came in several IP fragments
	Partial         uint32 // came in fragments, of which some are missing
	// Residue is the remainder by 16 of what follows the sequence numbers of
	// ESP, ResidueMixed where packets differ. Behind a cipher of blocks of 16
	// octets with a vector of as many it is that of the check value's length.
	Residue uint8
	// MSS is the largest segment that a TCP connection in it asks to be sent
	// (RFC 9293, section 3.7.1), where the recording host decrypts it.
	MSS uint16
	// Opened counts packets that the recording host decrypted, since what was
	// in them follows them in the clear; Sealed those after the last of them.
	Opened, Sealed uint32
}

// ResidueMixed is the Residue of a Flow whose packets do not have one in common.
const ResidueMixed = 16

// The numbers of classes of a Flow.
const (
	BehindClasses = 12
	SizeClasses   = 8
)

// sizeLimits are the greatest lengths of the classes but the last: those at
// which paths give out.
var sizeLimits = [SizeClasses - 1]int{256, 576, 1000, 1280, 1400, 1460, 1500}

// SizeClass returns the class of a length in Sizes and Answered.
func SizeClass(octets int) int {
	for i, limit := range sizeLimits {
		if octets <= limit {
			return i
		}
	}
	return SizeClasses - 1
}

// BehindClass returns the class of a distance from 1 on in Behind.
func BehindClass(distance uint32) int {
	return min(bits.Len32(distance|1)-1, BehindClasses-1)
}

// Dropped returns how many of the packets a receiver with a replay window of
// the given size drops (RFC 4303, section 3.4.3). Sizes between two powers of
// two count as the lower one: it drops no more than that.
func (f *Flow) Dropped(window uint32) uint64 {
	if window == 0 {
		return 0
	}
	n := f.Repeated
	for i := BehindClass(window); i < BehindClasses; i++ {
		n += uint64(f.Behind[i])
	}
	return n
}

// Window returns the least power of two that as a replay window drops no late
// packet of the flow.
func (f *Flow) Window() uint32 {
	for i := BehindClasses - 1; i >= 0; i-- {
		if f.Behind[i] > 0 {
			return 2 << i
		}
	}
	return 1
}

// Kind returns BodyFlow.
func (*Flow) Kind() BodyKind { return BodyFlow }
func (b *Flow) party() Party { return b.From }
func (f *Flow) slot() uint64 {
	if f.Clear {
		s, d := f.Source.As16(), f.Destination.As16()
		return hash64(string(s[:]) + string(d[:]))
	}
	return uint64(f.From) | uint64(f.SPI)<<8
}
func (f *Flow) clone(dst Body) Body { d := reuse[Flow](dst); *d = *f; return d }
