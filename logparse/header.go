package logparse

import "encoding/binary"

// header is what a carrier puts before the daemon's own line. It is parsed
// once and then recognised: successive lines differ in the digits of the time
// and of a device's sequence number only.
type header struct {
	n  int // its length
	id int // of what it has learnt
	// Its octets as they were parsed; with a zero in place of every digit that may
	// be another one; and what, added to an octet's difference from that, sets its
	// highest bit where it differs too much.
	buf, text, carry [maxHeader]byte
	prefix           Prefix // its parts alias buf
	timeFrom         int
	timeTo           int
	dialect          *Dialect // that of its program, where it has one that is known
	foreign          bool     // another program's
	last, other      lastPrefix
}

// maxHeader bounds the octets of a header that is worth remembering.
const maxHeader = 512

// cut takes the header off line if it begins with the same one apart from its digits.
// It calls nothing, and so has no frame: it runs for every line.
func (h *header) cut(line []byte) (rest []byte, ok bool) {
	n := h.n
	if n < 8 || n > len(line) || n > maxHeader {
		return nil, false
	}
	head := line[:n:n]
	n = len(head)
	text, carry := h.text[:n:n], h.carry[:n:n]
	d := last8(head, n) ^ last8(text, n)
	differ := d + last8(carry, n) | d
	at, le := 0, binary.LittleEndian // see first8
	for ; at < len(head)-16; at += 16 {
		d, e := le.Uint64(head[at:])^le.Uint64(text[at:]), le.Uint64(head[at+8:])^le.Uint64(text[at+8:])
		differ |= d + le.Uint64(carry[at:]) | d | (e + le.Uint64(carry[at+8:]) | e)
	}
	if at >= 0 && at < len(head)-8 { // at is no less, which the compiler does not see
		d := le.Uint64(head[at:]) ^ le.Uint64(text[at:])
		differ |= d + le.Uint64(carry[at:]) | d
	}
	return line[n:], differ&highest == 0
}

// An octet that stays may not differ at all, and what a digit differs by from a
// zero is its value.
const (
	carryAny  = 0x7f
	carryNine = 0x7f - 9
)

// show leaves the parts of the header in e whose line begins with it, apart from the
// time. Those that the event has of the line before are not copied again, and what
// is empty is not emptied: a pointer that is not written costs the collector nothing.
func (h *header) show(e *Event) {
	pr := &e.Prefix
	if pr.last != &h.last || e.header != h.id {
		*pr, e.header = h.prefix, h.id
		return
	}
	if pr.Connection != nil {
		pr.Connection = nil
	}
	if pr.Remote != nil {
		pr.Remote = nil
	}
	pr.Group = nil
	pr.Thread, pr.Level, pr.SAID, pr.HasSAID, pr.same, pr.own = -1, -1, 0, false, false, 0
}

// time returns the time of a line that begins with the header.
func (h *header) time(line []byte) []byte {
	if h.timeTo > h.timeFrom {
		return line[h.timeFrom:h.timeTo:h.timeTo]
	}
	return nil
}

// learn keeps the header line[:n] that was parsed into pr, unless it is very
// short or long.
func (h *header) learn(line []byte, n int, pr *Prefix, foreign bool) {
	if h.n = 0; n < 8 || n > maxHeader {
		return
	}
	copy(h.buf[:], line[:n])
	h.prefix, h.foreign, h.dialect = *pr, foreign, nil
	h.prefix.Time, h.timeFrom, h.timeTo = nil, 0, 0
	var ok bool
	if h.prefix.Host, ok = h.own(line[:n], pr.Host); !ok {
		return
	}
	if h.prefix.Program, ok = h.own(line[:n], pr.Program); !ok {
		return
	}
	seqFrom, seqTo := 0, 0
	if len(pr.Time) > 0 {
		if h.timeFrom = offset(line, pr.Time); h.timeFrom < 0 {
			return
		}
		h.timeTo = h.timeFrom + len(pr.Time)
		seqFrom, seqTo = sequence(line[:h.timeFrom])
	}
	h.prefix.source = sourceOf(&h.prefix)
	h.prefix.last, h.last.other = &h.last, &h.other
	h.last.text, h.other.text, h.last.sa.end = h.last.text[:0], h.other.text[:0], 0
	for i, c := range h.buf[:n] {
		h.text[i], h.carry[i] = c, carryAny
		if c-'0' <= 9 && (i >= h.timeFrom && i < h.timeTo || i >= seqFrom && i < seqTo) {
			h.text[i], h.carry[i] = '0', carryNine
		}
	}
	h.n, h.prefix.clean, h.prefix.own = n, 0, 0
	if printable(line[:n]) {
		h.prefix.clean = int32(n)
	}
}

// own returns the header's copy of a piece of it as it stands in a line; ok is
// false where it is none.
func (h *header) own(head, part []byte) (copied []byte, ok bool) {
	if len(part) == 0 {
		return nil, true
	}
	i := offset(head, part)
	if i < 0 || i+len(part) > len(head) {
		return nil, false
	}
	return h.buf[i : i+len(part) : i+len(part)], true
}
