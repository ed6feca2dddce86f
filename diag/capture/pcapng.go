package capture

import (
	"encoding/binary"
	"math/bits"
	"time"

	"github.com/ikediag/ikediag/ike/exchange"
)

// Block types of pcapng that are read; all others are passed over.
const (
	blockInterface  = 1
	blockPacketOld  = 2
	blockSimple     = 3
	blockNames      = 4
	blockStatistics = 5
	blockEnhanced   = 6
	blockSection    = 0x0a0d0d0a
)

// ngInterface is what an interface block says that a packet needs.
type ngInterface struct {
	link   LinkType
	snap   int
	tick   tick
	offset int64 // seconds to add
	facts  int   // index in Coverage.Interfaces, -1 where that is full
}

// ngState is what the section so far says.
type ngState struct {
	big        bool
	started    bool // a section header has been read
	interfaces []ngInterface
	tick       tick  // of the packet that was read last
	offset     int64 // of the same
}

// nextPcapNG reads blocks up to the next packet:
//
//	type(4) total length(4) body total length(4)
//
// It returns false at the end and at a fault.
func (r *Reader) nextPcapNG() bool {
	for {
		h, ok := r.w.need(12)
		if !ok {
			r.endOfInput(r.w.rest() > 0 || !r.ng.started)
			return false
		}
		// The section's type reads the same in both orders, so that its
		// magic number can be found before the order is known.
		if binary.LittleEndian.Uint32(h) == blockSection {
			switch binary.LittleEndian.Uint32(h[8:]) {
			case 0x1a2b3c4d:
				r.ng.big = false
			case 0x4d3c2b1a:
				r.ng.big = true
			default:
				r.fail("pcapng section header", ErrByteOrder, 0)
				return false
			}
		}
		big := r.ng.big
		kind, total := u32(h, big), u32(h[4:], big)
		switch {
		case total > uint32(r.opt.Limits.Block):
			r.fail("pcapng block", ErrTooLarge, uint64(total))
			return false
		case total < 12 || total%4 != 0:
			r.fail("pcapng block", ErrLength, uint64(total))
			return false
		}
		n := int(total)
		if !wanted(kind) {
			if !r.passOver(n, total) {
				return false
			}
			continue
		}
		b, ok := r.w.need(n)
		if !ok {
			r.endOfInput(true)
			return false
		}
		if tail := u32(b[n-4:], big); tail != total {
			r.fail("pcapng block", ErrLength, uint64(tail))
			return false
		}
		packet, ok := r.block(kind, b[8:n-4])
		if !ok {
			return false
		}
		r.w.skip(n)
		if packet {
			return true
		}
	}
}

// passOver skips a block of n bytes without holding it, but for the length at
// its end, which proves that it was one.
func (r *Reader) passOver(n int, total uint32) bool {
	start := r.w.off
	if !r.w.discard(n - 4) {
		r.endOfInput(true)
		return false
	}
	b, ok := r.w.need(4)
	if !ok {
		r.endOfInput(true)
		return false
	}
	if tail := u32(b, r.ng.big); tail != total {
		r.fail("pcapng block", ErrLength, uint64(tail))
		r.perr.Offset = start
		return false
	}
	r.w.skip(4)
	return true
}

// wanted says whether a block has to be held at all.
func wanted(kind uint32) bool {
	return kind <= blockEnhanced && kind > 0 || kind == blockSection
}

// block reads the body of one block. packet says that r.frame holds one; ok is
// false after a fault.
func (r *Reader) block(kind uint32, b []byte) (packet, ok bool) {
	switch kind {
	case blockEnhanced:
		return r.enhanced(b)
	case blockSimple:
		return r.simple(b)
	case blockPacketOld:
		return r.packetOld(b)
	case blockSection:
		return false, r.section(b)
	case blockInterface:
		return false, r.iface(b)
	case blockNames:
		r.names(b)
	case blockStatistics:
		r.statistics(b)
	}
	return false, true
}

// enhanced reads an Enhanced Packet Block:
//
//	interface(4) time high(4) time low(4) captured(4) wire(4) bytes options
func (r *Reader) enhanced(b []byte) (packet, ok bool) {
	if len(b) < 20 {
		r.fail("pcapng packet", ErrLength, uint64(len(b)))
		return false, false
	}
	big := r.ng.big
	captured, wire := u32(b[12:], big), u32(b[16:], big)
	if uint64(captured) > uint64(len(b)-20) {
		r.fail("pcapng packet", ErrLength, uint64(captured))
		return false, false
	}
	if !r.packet(u32(b, big), b[20:20+captured], wire) {
		return false, true
	}
	r.packetTime(u32(b[4:], big), u32(b[8:], big))
	if opts := b[20+(int(captured)+3)&^3:]; len(opts) >= 4 {
		r.packetOptions(opts)
	}
	return true, true
}

// packetOld reads the obsolete Packet Block:
//
//	interface(2) drops(2) time high(4) time low(4) captured(4) wire(4) bytes
func (r *Reader) packetOld(b []byte) (packet, ok bool) {
	if len(b) < 20 {
		r.fail("pcapng packet", ErrLength, uint64(len(b)))
		return false, false
	}
	big := r.ng.big
	captured, wire := u32(b[12:], big), u32(b[16:], big)
	if uint64(captured) > uint64(len(b)-20) {
		r.fail("pcapng packet", ErrLength, uint64(captured))
		return false, false
	}
	if !r.packet(uint32(u16(b, big)), b[20:20+captured], wire) {
		return false, true
	}
	r.packetTime(u32(b[4:], big), u32(b[8:], big))
	if drops := u16(b[2:], big); drops != 0xffff {
		r.cov.Dropped += uint64(drops)
	}
	return true, true
}

// simple reads a Simple Packet Block: the wire length and as many bytes as the
// first interface's snap length leaves. It has no time.
func (r *Reader) simple(b []byte) (packet, ok bool) {
	if len(b) < 4 {
		r.fail("pcapng packet", ErrLength, uint64(len(b)))
		return false, false
	}
	wire := u32(b, r.ng.big)
	data := b[4:]
	if uint64(wire) < uint64(len(data)) {
		data = data[:wire]
	}
	if len(r.ng.interfaces) > 0 {
		if snap := r.ng.interfaces[0].snap; snap > 0 && snap < len(data) {
			data = data[:snap]
		}
	}
	if !r.packet(0, data, wire) {
		return false, true
	}
	r.frame.Time = time.Time{}
	return true, true
}

// packet fills r.frame but for its time. A packet of an interface that the
// section does not describe is counted and passed over.
func (r *Reader) packet(id uint32, data []byte, wire uint32) bool {
	if uint64(id) >= uint64(len(r.ng.interfaces)) || len(data) > r.opt.Limits.Frame {
		r.cov.Frames++
		r.cov.Malformed++
		return false
	}
	itf := &r.ng.interfaces[id]
	f := &r.frame
	f.Data = data
	f.WireLen = max(int(min(wire, 1<<30)), len(data))
	f.Link = itf.link
	f.Direction = exchange.DirectionUnknown
	r.ng.tick, r.ng.offset = itf.tick, itf.offset
	if itf.facts >= 0 {
		r.cov.Interfaces[itf.facts].Frames++
	}
	return true
}

// packetTime converts a block's time by its interface's resolution.
func (r *Reader) packetTime(high, low uint32) {
	ticks := uint64(high)<<32 | uint64(low)
	r.frame.Time = r.ng.tick.time(ticks, r.ng.offset)
}

// tick is a resolution of times as if_tsresol writes it: the negative power of
// ten, or of two where the highest bit is set.
type tick uint8

// latest is the last second that RFC 3339 can write.
const latest = 253402300799

// time converts a number of ticks. It returns the zero time for zero and for
// what no calendar holds.
func (t tick) time(n uint64, offset int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	var sec, nano uint64
	switch {
	case t == 6:
		sec, nano = n/1e6, n%1e6*1000
	case t == 9:
		sec, nano = n/1e9, n%1e9
	case t&0x80 != 0:
		e := uint(t & 0x7f)
		if e < 64 {
			sec = n >> e
			hi, lo := bits.Mul64(n&(1<<e-1), 1e9)
			nano = lo>>e | hi<<(64-e)
			if e == 0 {
				nano = 0
			}
		}
	case t <= 19:
		unit := uint64(1)
		for range t {
			unit *= 10
		}
		sec = n / unit
		hi, lo := bits.Mul64(n%unit, 1e9)
		nano, _ = bits.Div64(hi, lo, unit)
	}
	s := int64(min(sec, latest)) + min(max(offset, -latest), latest)
	if s < 0 || s > latest {
		return time.Time{}
	}
	return time.Unix(s, int64(nano)).UTC()
}
