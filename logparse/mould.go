package logparse

import (
	"encoding/binary"
	"slices"
)

// mould is a text that fitted a template, as a form for others: one that differs
// from it in digits of values only fits the same template, with its values in
// the same places. It need not be taken apart, only compared; most lines of a log
// are like an earlier one so.
//
// That gives what the template's program would give, as every class of values
// takes all digits alike. Where it does not go without saying, the step is asked
// again.
type mould struct {
	t    *template
	may  fieldSet // t's, which is far away
	kind Kind     // and this
	// clean counts the octets from the first one on that are printable in every text
	// that fits.
	clean uint16
	// The text, with a zero in place of every digit that may be another one; and
	// what, added to the difference of an octet from that, sets its highest bit
	// where it differs too much.
	form, carry []byte
	again       []recheck
	spans       [mouldSpans]span
}

// recheck is a step that is asked about each text, and the value that it found.
type recheck struct {
	s  *step
	at span
}

// A text that is longer or has more values gets no mould.
const (
	maxMould   = 256
	mouldSpans = 8
)

// moulds are two for each beginning and length of a text. Each reading has its own.
type moulds struct {
	by     [64][2]*mould
	missed int
}

// of returns those for text, which is of eight octets at least.
func (m *moulds) of(text []byte) *[2]*mould {
	return &m.by[(beginning(text)+uint64(len(text))<<32)*mix>>(64-6)]
}

// fits returns the mould that text fits as far as its octets tell, nil if there is
// none. It calls nothing, and so has no frame: it runs for every line.
func (m *moulds) fits(text []byte) *mould {
	n := len(text)
	if n < 8 {
		return nil
	}
	le := binary.LittleEndian // see first8
	for _, m := range m.of(text) {
		if m == nil || len(m.form) != n || len(m.carry) != n {
			continue
		}
		form, carry := m.form[:n:n], m.carry[:n:n]
		d := last8(text, n) ^ last8(form, n)
		differ := d + last8(carry, n) | d
		at := 0
		for ; at < len(text)-16; at += 16 {
			d, e := le.Uint64(text[at:])^le.Uint64(form[at:]), le.Uint64(text[at+8:])^le.Uint64(form[at+8:])
			differ |= d + le.Uint64(carry[at:]) | d | (e + le.Uint64(carry[at+8:]) | e)
		}
		if at >= 0 && at < len(text)-8 { // at is no less, which the compiler does not see
			d := next8(text, at) ^ next8(form, at)
			differ |= d + next8(carry, at) | d
		}
		if differ&highest == 0 {
			return m
		}
	}
	return nil
}

// asks returns m if the steps that are to be asked again find their values in text in
// the same places, else nil.
func (m *mould) asks(t *trie, text []byte, spans *[maxFields]span) *mould {
	for i := range m.again {
		s, from := m.again[i].s, int(m.again[i].at.from)
		if s.class == classHex && s.fork == nil && int(m.again[i].at.to)-from == 8 && notHex(eight(text, from)) == 0 {
			continue // an SPI: what follows is the same
		}
		if f := s.fork; f != nil && (f.before > 0 || f.begins(text, from)) && f.otherwise(t, text, from, int(s.slot), spans) {
			return nil
		}
		if s.class.reach(text, from, s.then.text, s.final) != int(m.again[i].at.to) {
			return nil
		}
	}
	return m
}

// keep makes a mould of a text that fitted t, unless one that is like it may be a
// dump's line.
func (m *moulds) keep(text []byte, t *template, spans *[maxFields]span) {
	if len(text) < 8 || len(text) > maxMould || len(t.fields) > mouldSpans {
		return
	}
	if dumps(text) {
		if n := first(notHex(first8(text))); n >= min(t.program.start.n, 8) || text[n] == ' ' || text[n] == ':' {
			return
		}
	}
	m.missed++
	was := m.of(text)
	if was[1] != nil && m.missed%4 != 0 { // texts that are all different are not worth one each
		return
	}
	if was[0], was[1] = was[1], was[0]; was[0] == nil {
		was[0] = new(mould)
	}
	was[0].learn(text, t, spans)
}

func (m *mould) learn(text []byte, t *template, spans *[maxFields]span) {
	n := len(text)
	m.t, m.may, m.kind, m.spans = t, t.may, t.Kind, [mouldSpans]span(spans[:])
	clean := reachSpecial(text)
	m.form, m.carry, m.again = append(m.form[:0], text...), slices.Grow(m.carry[:0], n)[:n], m.again[:0]
	form, carry := m.form, m.carry
	for i := range carry {
		carry[i] = carryAny // that may not differ
	}
	apart := t.program.start.n > 0 // the value before cannot reach into this one
	for s := t.program.first; s != nil; s = s.next {
		at := spans[s.slot&(maxFields-1)]
		from, to := int(at.from), int(at.to)
		again := s.again || s.fork != nil && s.fork.depends(text, from)
		for i := from; i < to; i++ {
			if text[i]-'0' <= 9 {
				form[i], carry[i] = '0', carryNine
			}
		}
		if apart && from < to {
			free := to // from where on any octet will do
			switch {
			case s.class == classHex:
				free, again = from, true
			case s.class == classWord && text[from]-'0' <= 9: // such as 0x5f
				free, again = from+1, true
			case s.class == classRest, s.final:
				free = from + 1 // the first octet may tell it from another value
			}
			if clear(carry[free:to]); free < to && s.class != classHex { // of which it is asked whether it is one
				clean = min(clean, free)
			}
		}
		if again {
			m.again = append(m.again, recheck{s, at})
		}
		apart = s.then.n > 0 && (s.class != classHost && s.class != classAddr || s.then.text[0] != '.' && s.then.text[0] != '[')
	}
	m.clean = uint16(clean)
}

// depends reports whether more than that the value's first octet is a digit counts
// for what else might be there.
func (f *fork) depends(text []byte, pos int) bool {
	const digits = 0x3ff << '0'
	return f.before > 0 || f.begins(text, pos) || text[pos]-'0' <= 9 && f.elsewhere[0]&digits != 0
}
