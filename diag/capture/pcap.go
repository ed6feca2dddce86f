package capture

import (
	"encoding/binary"
	"math/bits"
	"time"

	"github.com/ikediag/ikediag/ike/exchange"
)

// pcapKind is what a classic file's magic number says.
type pcapKind struct {
	big      bool // numbers are big-endian
	nano     bool // fractions are nanoseconds, not microseconds
	extended bool // records have 8 more bytes (Kuznetzov's patch of libpcap)
}

// pcapState is what a classic file's header says.
type pcapState struct {
	pcapKind
	swapped bool // a writer of versions up to 2.3 may swap the two lengths
}

const (
	pcapFileHeader   = 24
	pcapRecordHeader = 16
)

// pcapMagic reads the magic number at the start of b.
func pcapMagic(b []byte) (k pcapKind, ok bool) {
	if len(b) < 4 {
		return k, false
	}
	m := binary.LittleEndian.Uint32(b)
	switch {
	case isPcapMagic(m):
	case isPcapMagic(bits.ReverseBytes32(m)):
		m = bits.ReverseBytes32(m)
		k.big = true
	default:
		return k, false
	}
	k.nano = m == 0xa1b23c4d
	k.extended = m == 0xa1b2cd34
	return k, true
}

func isPcapMagic(m uint32) bool {
	return m == 0xa1b2c3d4 || m == 0xa1b23c4d || m == 0xa1b2cd34
}

// u32 reads a number in a file's byte order. A branch on a bool costs less than
// a call through binary.ByteOrder.
func u32(b []byte, big bool) uint32 {
	v := binary.LittleEndian.Uint32(b)
	if big {
		v = bits.ReverseBytes32(v)
	}
	return v
}

func u16(b []byte, big bool) uint16 {
	v := binary.LittleEndian.Uint16(b)
	if big {
		v = bits.ReverseBytes16(v)
	}
	return v
}

// startPcap reads the file header:
//
//	magic(4) major(2) minor(2) reserved(4) reserved(4) snaplen(4) link(4)
//
// The upper half of the last word tells the length of a checksum that follows
// each frame; the lengths in the packets make it superfluous.
func (r *Reader) startPcap() {
	h, ok := r.w.need(pcapFileHeader)
	if !ok {
		r.endOfInput(true)
		return
	}
	r.pcap.pcapKind, _ = pcapMagic(h)
	big := r.pcap.big
	if major := u16(h[4:], big); major != 2 {
		r.fail("pcap file header", ErrVersion, uint64(major))
		return
	}
	r.pcap.swapped = u16(h[6:], big) <= 3
	itf := Interface{Link: LinkType(u32(h[20:], big) & 0xffff)}
	if snap := u32(h[16:], big); snap <= 1<<30 {
		itf.SnapLength = int(snap)
	}
	r.cov.SnapLength = itf.SnapLength
	r.cov.Interfaces = append(r.cov.Interfaces, itf)
	r.frame.Link = itf.Link
	r.w.skip(pcapFileHeader)
}

// nextPcap reads one record:
//
//	seconds(4) fraction(4) captured length(4) wire length(4) bytes
//
// It returns false at the end and at a fault.
func (r *Reader) nextPcap() bool {
	head := pcapRecordHeader
	if r.pcap.extended {
		head += 8
	}
	h, ok := r.w.need(head)
	if !ok {
		r.endOfInput(r.w.rest() > 0)
		return false
	}
	big := r.pcap.big
	sec, frac := u32(h, big), u32(h[4:], big)
	captured, wire := u32(h[8:], big), u32(h[12:], big)
	if r.pcap.swapped && captured > wire {
		captured, wire = wire, captured
	}
	if captured > uint32(r.opt.Limits.Frame) {
		r.fail("pcap record", ErrTooLarge, uint64(captured))
		return false
	}
	f := &r.frame
	f.Direction = exchange.DirectionUnknown
	if r.pcap.extended {
		f.Direction = packetDirection(uint16(h[22]))
	}
	n := head + int(captured)
	b, ok := r.w.need(n)
	if !ok {
		r.endOfInput(true)
		return false
	}
	r.w.skip(n)
	f.Data = b[head:]
	f.WireLen = int(min(max(wire, captured), 1<<30))
	f.Time = time.Time{}
	if sec|frac != 0 {
		if !r.pcap.nano {
			frac = uint32(min(uint64(frac)*1000, 1<<32-1))
		}
		f.Time = time.Unix(int64(sec), int64(frac)).UTC()
	}
	r.cov.Interfaces[0].Frames++
	return true
}

// packetDirection reads the packet type of Linux' link layer.
func packetDirection(t uint16) exchange.Direction {
	switch t {
	case 0, 1, 2: // to us, broadcast, multicast
		return exchange.Incoming
	case 4:
		return exchange.Outgoing
	}
	return exchange.DirectionUnknown // 3: between others
}
