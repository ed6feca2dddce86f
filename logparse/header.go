package logparse

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
	last     lastPrefix
}

// headerWord is eight octets of a header: as the last line had them; with a
// zero in place of every digit that may be another one; which octets stay as
// they are, and which are those digits.
type headerWord struct {
	at                       int
	seen, text, keep, digits uint64
}

// fits reports whether line begins with the same header apart from its digits,
// and leaves the header's parts in e.
func (h *header) fits(line []byte, e *Event) bool {
	n := h.n
	if n == 0 || len(line) < n {
		return false
	}
	words := h.words
	for i := range words {
		if w := &words[i]; eight(line, w.at) != w.seen {
			if !h.counts(line) {
				return false
			}
			break
		}
	}
	h.fill(line, e)
	return true
}

// counts reports whether line begins with the header but for its digits.
func (h *header) counts(line []byte) bool {
	words := h.words
	for i := range words {
		w := &words[i]
		if v := eight(line, w.at); v != w.seen && !w.counts(v) {
			return false
		}
	}
	return true
}

// counts reports whether v differs from the word in such digits only.
func (w *headerWord) counts(v uint64) bool {
	d := v ^ w.text
	digit := d & w.digits // its value: above 9 it, or the sum, has its highest bit
	if d&w.keep|(digit+0x76*each|digit)&highest != 0 {
		return false
	}
	w.seen = v
	return true
}

// fill leaves the parts of the header that line begins with in e. Those that
// the event has of the line before are not copied again.
func (h *header) fill(line []byte, e *Event) {
	pr := &e.Prefix
	if pr.last != &h.last || e.header != h.id {
		*pr, e.header = h.prefix, h.id
	} else {
		pr.Time, pr.Group, pr.Connection, pr.Remote = nil, nil, nil, nil
		pr.Thread, pr.Level, pr.SAID, pr.HasSAID, pr.same = -1, -1, 0, false, false
	}
	if h.timeTo > h.timeFrom {
		pr.Time = line[h.timeFrom:h.timeTo:h.timeTo]
	}
}

// learn keeps the header line[:n] that was parsed into pr, unless it is very
// short or long.
func (h *header) learn(line []byte, n int, pr *Prefix, foreign bool) {
	if h.n = 0; n < 8 || n > 512 {
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
		seqFrom, seqTo = sequence(line[:h.timeFrom])
	}
	h.prefix.source = sourceOf(&h.prefix)
	h.prefix.last, h.last.text = &h.last, h.last.text[:0]
	h.words = h.words[:0]
	for at := 0; at < n; at += 8 {
		w := headerWord{at: min(at, n-8)} // the last one may have some of the one before
		w.seen = eight(h.buf, w.at)
		for k := range 8 {
			i := w.at + k
			if c := h.buf[i]; c-'0' <= 9 && (i >= h.timeFrom && i < h.timeTo || i >= seqFrom && i < seqTo) {
				w.text |= '0' << (8 * k)
				w.digits |= 0xff << (8 * k)
			} else {
				w.text |= uint64(c) << (8 * k)
				w.keep |= 0xff << (8 * k)
			}
		}
		h.words = append(h.words, w)
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
