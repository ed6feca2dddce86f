package capture

import (
	"bytes"
	"math"
	"net/netip"
	"time"

	"github.com/ikediag/ikediag/ike/exchange"
)

// options walks the options of a pcapng block: code(2) length(2) value, padded
// to four bytes, ended by code 0 or by the block. A length beyond the block
// ends the walk: options are never worth a packet.
type options struct {
	b   []byte
	big bool
}

func (o *options) next() (code uint16, value []byte, ok bool) {
	if len(o.b) < 4 {
		return 0, nil, false
	}
	code = u16(o.b, o.big)
	n := int(u16(o.b[2:], o.big))
	if code == 0 || 4+n > len(o.b) {
		return 0, nil, false
	}
	value = o.b[4 : 4+n]
	o.b = o.b[min(4+(n+3)&^3, len(o.b)):]
	return code, value, true
}

// section reads a Section Header Block: magic(4) major(2) minor(2) length(8)
// options. Interfaces belong to their section, so they are forgotten.
func (r *Reader) section(b []byte) bool {
	if len(b) < 16 {
		r.fail("pcapng section header", ErrLength, uint64(len(b)))
		return false
	}
	if major := u16(b[4:], r.ng.big); major != 1 {
		r.fail("pcapng section header", ErrVersion, uint64(major))
		return false
	}
	r.ng.started = true
	r.ng.interfaces = r.ng.interfaces[:0]
	o := options{b[16:], r.ng.big}
	for code, v, ok := o.next(); ok; code, v, ok = o.next() {
		switch code {
		case 1:
			r.note(NoteComment, 0, netip.Addr{}, v)
		case 2, 3, 4: // hardware, operating system, application
			r.note(NoteRecorder, 0, netip.Addr{}, v)
		}
	}
	return true
}

// iface reads an Interface Description Block: link(2) reserved(2) snaplen(4)
// options.
func (r *Reader) iface(b []byte) bool {
	if len(b) < 8 {
		r.fail("pcapng interface", ErrLength, uint64(len(b)))
		return false
	}
	if len(r.ng.interfaces) >= r.opt.Limits.Interfaces {
		r.fail("pcapng interface", ErrTooMany, 0)
		return false
	}
	big := r.ng.big
	itf := ngInterface{link: LinkType(u16(b, big)), tick: 6, facts: -1}
	if snap := u32(b[4:], big); snap <= 1<<30 {
		itf.snap = int(snap)
	}
	facts := Interface{Link: itf.link, SnapLength: itf.snap}
	o := options{b[8:], big}
	for code, v, ok := o.next(); ok; code, v, ok = o.next() {
		switch {
		case code == 1:
			r.note(NoteComment, 0, netip.Addr{}, v)
		case code == 2:
			facts.Name = bounded(v)
		case code == 9 && len(v) >= 1:
			itf.tick = tick(v[0])
		case code == 11 && len(v) >= 1 && v[0] == 0: // a filter in libpcap's words
			facts.Filter = bounded(v[1:])
		case code == 14 && len(v) >= 8:
			itf.offset = int64(u64(v, big))
		}
	}
	if itf.snap > 0 && (r.cov.SnapLength == 0 || itf.snap < r.cov.SnapLength) {
		r.cov.SnapLength = itf.snap
	}
	if len(r.cov.Interfaces) < r.opt.Limits.Interfaces {
		itf.facts = len(r.cov.Interfaces)
		r.cov.Interfaces = append(r.cov.Interfaces, facts)
	}
	r.ng.interfaces = append(r.ng.interfaces, itf)
	return true
}

func u64(b []byte, big bool) uint64 {
	first, second := uint64(u32(b, big)), uint64(u32(b[4:], big))
	if big {
		return first<<32 | second
	}
	return second<<32 | first
}

// packetOptions reads what an Enhanced Packet Block says beside its bytes.
func (r *Reader) packetOptions(b []byte) {
	o := options{b, r.ng.big}
	for code, v, ok := o.next(); ok; code, v, ok = o.next() {
		switch {
		case code == 1:
			// The frame is counted after its block has been read.
			r.note(NoteComment, r.cov.Frames+1, netip.Addr{}, v)
		case code == 2 && len(v) >= 4:
			switch u32(v, r.ng.big) & 3 {
			case 1:
				r.frame.Direction = exchange.Incoming
			case 2:
				r.frame.Direction = exchange.Outgoing
			}
		case code == 4 && len(v) >= 8:
			r.drop(u64(v, r.ng.big))
		}
	}
}

// statistics reads an Interface Statistics Block: interface(4) time(8)
// options. Drops by the interface and by the system are both losses. The
// recorder was running when it wrote them, and at least to the time that it
// says it ended.
func (r *Reader) statistics(b []byte) {
	if len(b) < 12 {
		return
	}
	big := r.ng.big
	var itf ngInterface
	var facts Interface // of nothing, where the interface is not listed
	at := &facts
	if i := u32(b, big); uint64(i) < uint64(len(r.ng.interfaces)) {
		if itf = r.ng.interfaces[i]; itf.facts >= 0 {
			at = &r.cov.Interfaces[itf.facts]
		}
	}
	written := itf.tick.time(uint64(u32(b[4:], big))<<32|uint64(u32(b[8:], big)), itf.offset)
	var started, ended time.Time
	o := options{b[12:], big}
	for code, v, ok := o.next(); ok; code, v, ok = o.next() {
		if len(v) < 8 {
			continue
		}
		switch code {
		case 2, 3:
			// Their halves are in the order of a packet's, the high one first.
			t := itf.tick.time(uint64(u32(v, big))<<32|uint64(u32(v[4:], big)), itf.offset)
			if code == 2 {
				started = t
			} else {
				ended = t
			}
		case 4:
			at.Received = u64(v, big)
		case 5, 7:
			r.drop(u64(v, big))
		}
	}
	if ended.IsZero() {
		ended = written
	}
	if !started.IsZero() {
		at.Started = started
	}
	if ended.After(at.Ended) {
		at.Ended = ended
	}
}

// drop adds lost frames without overflow.
func (r *Reader) drop(n uint64) {
	if n == math.MaxUint64 { // a recorder's way to say that it does not know
		return
	}
	if r.cov.Dropped += n; r.cov.Dropped < n {
		r.cov.Dropped = math.MaxUint64
	}
}

// names reads a Name Resolution Block: records of type(2) length(2) value,
// padded to four bytes; a value is an address followed by names that end in
// zero bytes.
func (r *Reader) names(b []byte) {
	o := options{b, r.ng.big}
	for code, v, ok := o.next(); ok; code, v, ok = o.next() {
		n := 4
		if code == 2 {
			n = 16
		}
		if code > 2 || len(v) <= n {
			continue
		}
		addr, _ := netip.AddrFromSlice(v[:n])
		for name := range bytes.SplitSeq(v[n:], []byte{0}) {
			if len(name) > 0 {
				r.note(NoteName, 0, addr, name)
			}
		}
	}
}

// note keeps text within the limit.
func (r *Reader) note(kind NoteKind, frame int, addr netip.Addr, text []byte) {
	if len(text) > 0 && len(r.notes) < r.opt.Limits.Notes {
		r.notes = append(r.notes, Note{Kind: kind, Frame: frame, Addr: addr, Text: bounded(text)})
	}
}

// bounded copies at most 256 bytes of text, up to its first zero byte.
func bounded(b []byte) string {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	return string(b[:min(len(b), 256)])
}

// Notes returns the comments and names read so far. The slice is the Reader's.
func (r *Reader) Notes() []Note { return r.notes }
