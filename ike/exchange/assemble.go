package exchange

import "encoding/binary"

// assembly is a message being put together from IKE fragments. It is kept when
// it is whole, to recognise its retransmission.
type assembly struct {
	attempt uint64
	host    uint8
	id      uint16
	used    bool
	last    uint8 // the number of the last fragment, 0 while not known
	have    int   // fragments of this round
	round   uint8 // how often it has been whole
	age     uint64
	parts   [256]part
	buf     []byte // the fragments as they came
}

type part struct {
	off, n uint32
	at     int64
	round  uint8 // the last one that it came in, from 1
}

// assembler collects IKE fragments: the vendors' payload 132, whose body is an
// identifier of two octets, a number from 1, flags of which bit 0 marks the
// last, and a piece of the message, header included.
type assembler struct {
	sets  []assembly
	whole []byte
	age   uint64
}

// readFragment reads the body of a fragment payload.
func readFragment(body []byte) (f Fragment, data []byte, ok bool) {
	if len(body) < 4 {
		return f, nil, false
	}
	f = Fragment{ID: binary.BigEndian.Uint16(body), Number: body[2], Last: body[3]&1 != 0}
	return f, body[4:], f.Number > 0 && len(body) > 4
}

// pieced is what became of a fragment.
type pieced struct {
	whole   []byte // the message, where it completed one; valid until the next
	n       int    // from how many fragments
	dropped int    // fragments given up
	copied  bool   // it came a second time, faster than any timer
}

// add takes a fragment.
func (m *assembler) add(l *Limits, attempt uint64, host uint8, f Fragment, data []byte, at int64) (out pieced) {
	s, dropped := m.set(l, attempt, host, f.ID)
	out.dropped = dropped
	m.age++
	s.age = m.age
	p := &s.parts[f.Number]
	if p.n != 0 && string(s.buf[p.off:p.off+p.n]) != string(data) {
		// Other bytes under the same number belong to another message.
		out.dropped += s.restart()
	}
	if p.n != 0 {
		out.copied = at != 0 && p.at != 0 && abs(at-p.at) < copyWindow
		p.at = at
		if out.copied || p.round == s.round+1 {
			return out
		}
	} else if !s.fits(l, f, len(data)) {
		out.dropped += s.restart() + 1
		s.used = false
		return out
	} else {
		*p = part{off: uint32(len(s.buf)), n: uint32(len(data)), at: at}
		s.buf = append(s.buf, data...)
	}
	p.round = s.round + 1
	s.have++
	if f.Last {
		s.last = f.Number
	}
	if s.last == 0 || s.have < int(s.last) {
		return out
	}
	m.whole = m.whole[:0]
	for i := 1; i <= int(s.last); i++ {
		p := s.parts[i]
		m.whole = append(m.whole, s.buf[p.off:p.off+p.n]...)
	}
	out.whole, out.n = m.whole, s.have
	s.have = 0
	if s.round++; s.round == 255 {
		s.used = false
	}
	return out
}

// fits reports whether a new fragment agrees with those that came before.
func (s *assembly) fits(l *Limits, f Fragment, size int) bool {
	if s.round > 0 || s.last != 0 && (f.Last || f.Number > s.last) || len(s.buf)+size > orDefault(l.FragmentBytes, defaultFragmentBytes) {
		return false
	}
	if f.Last {
		for i := int(f.Number) + 1; i < len(s.parts); i++ {
			if s.parts[i].n != 0 {
				return false
			}
		}
	}
	return true
}

// set returns the collection that a fragment belongs to, in the place of the
// one that waited longest where there are too many.
func (m *assembler) set(l *Limits, attempt uint64, host uint8, id uint16) (s *assembly, dropped int) {
	oldest := none
	for i := range m.sets {
		s := &m.sets[i]
		if s.used && s.attempt == attempt && s.host == host && s.id == id {
			return s, 0
		}
		if oldest == none || !s.used && m.sets[oldest].used || s.used == m.sets[oldest].used && s.age < m.sets[oldest].age {
			oldest = i
		}
	}
	if (oldest == none || m.sets[oldest].used) && len(m.sets) < orDefault(l.Fragmented, defaultFragmented) {
		m.sets = append(m.sets, assembly{})
		oldest = len(m.sets) - 1
	}
	s = &m.sets[oldest]
	if s.used {
		dropped = s.restart()
	}
	s.restart()
	s.attempt, s.host, s.id, s.used = attempt, host, id, true
	return s, dropped
}

// restart empties a collection and returns the number of fragments that no
// message came out of.
func (s *assembly) restart() (dropped int) {
	if s.round == 0 {
		dropped = s.have
	}
	clear(s.parts[:])
	s.buf, s.have, s.last, s.round = s.buf[:0], 0, 0, 0
	return dropped
}
