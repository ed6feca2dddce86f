package logparse

import "bytes"

// header is what a carrier puts before the daemon's own line. It is parsed
// once and then recognised: successive lines differ in the digits of the time
// and of a device's sequence number only.
type header struct {
	words    []headerWord
	n        int // its length
	id       int // of what it has learnt
	buf      []byte
	prefix   Prefix // its parts alias buf
	timeFrom int
	timeTo   int
	dialect  *Dialect // that of its program, where it has one that is known
	foreign  bool     // another program's
	fine     bool     // its times have fractions: hardly two are the same
	last     lastPrefix
}

// headerWord is eight octets of a header: its text, with a zero in place of
// every digit that may be another one; which octets stay as they are, and which
// are those digits.
type headerWord struct{ text, keep, digits uint64 }

// fits reports whether line begins with the same header apart from its digits.
// A line that ends before the header's last word does is parsed as if it had
// another one.
func (h *header) fits(line []byte) bool {
	n := h.n
	return n > 0 && len(line) >= n && (!h.fine && string(line[:n]) == string(h.buf) || h.counted(line))
}

// fill leaves the parts of the header that line begins with in e. Those that
// the event has of the line before are not copied again.
func (h *header) fill(line []byte, e *Event) {
	pr := &e.Prefix
	if pr.last != &h.last || e.header != h.id {
		*pr, e.header = h.prefix, h.id
	} else {
		pr.Time, pr.Group, pr.Connection, pr.Remote = nil, nil, nil, nil
		pr.Thread, pr.Level, pr.SAID, pr.HasSAID = -1, -1, 0, false
	}
	if h.timeTo > h.timeFrom {
		pr.Time = line[h.timeFrom:h.timeTo:h.timeTo]
	}
}

// counted reports whether line begins with the header but for its digits. Where
// many lines are of one time, it keeps those.
func (h *header) counted(line []byte) bool {
	if len(line) < 8*len(h.words) {
		return false
	}
	wrong := uint64(0)
	for i := range h.words {
		w := &h.words[i]
		d := eight(line, 8*i) ^ w.text
		digit := d & w.digits // its value: above 9 it, or the sum, has its highest bit
		wrong |= d&w.keep | (digit+0x76*each|digit)&highest
	}
	if wrong == 0 && !h.fine {
		copy(h.buf, line)
	}
	return wrong == 0
}

// learn keeps the header line[:n] that was parsed into pr.
func (h *header) learn(line []byte, n int, pr *Prefix, foreign bool) {
	h.n, h.fine = 0, false
	if n > 512 {
		return
	}
	h.buf = append(h.buf[:0], line[:n]...)
	h.prefix, h.foreign, h.dialect = *pr, foreign, nil
	h.prefix.Time, h.timeFrom, h.timeTo = nil, 0, 0
	var ok bool
	if h.prefix.Host, ok = h.own(line, pr.Host); !ok {
		return
	}
	if h.prefix.Program, ok = h.own(line, pr.Program); !ok {
		return
	}
	seqFrom, seqTo := 0, 0
	if len(pr.Time) > 0 {
		if h.timeFrom = offset(line, pr.Time); h.timeFrom < 0 {
			return
		}
		h.timeTo = h.timeFrom + len(pr.Time)
		h.fine = bytes.IndexByte(pr.Time, '.') > 0
		seqFrom, seqTo = sequence(line[:h.timeFrom])
	}
	h.prefix.source = sourceOf(&h.prefix)
	h.prefix.last, h.last.text = &h.last, h.last.text[:0]
	h.words = append(h.words[:0], make([]headerWord, (n+7)/8)...)
	for i, c := range h.buf {
		w, shift := &h.words[i/8], 8*(i%8)
		if c-'0' <= 9 && (i >= h.timeFrom && i < h.timeTo || i >= seqFrom && i < seqTo) {
			w.text |= '0' << shift
			w.digits |= 0xff << shift
		} else {
			w.text |= uint64(c) << shift
			w.keep |= 0xff << shift
		}
	}
	h.n = n
}

// own returns the header's copy of a piece of line; ok is false where it is no
// piece of the header.
func (h *header) own(line, part []byte) (copied []byte, ok bool) {
	if len(part) == 0 {
		return nil, true
	}
	i := offset(line, part)
	if i < 0 || i+len(part) > len(h.buf) {
		return nil, false
	}
	return h.buf[i : i+len(part) : i+len(part)], true
}
