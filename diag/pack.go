package diag

import (
	"bytes"
	"cmp"
	"compress/flate"
	"encoding"
	"encoding/binary"
	"io"
	"math/bits"
	"reflect"
	"strings"
	"time"
)

// Most of what a monitor of many tunnels remembers are negotiations that nobody
// speaks of any more: SAs that are up. Their facts are packed until somebody
// asks for them: what is not zero, then compressed, since lines of one
// negotiation are much alike, and those of one dialect still more so.

// A packer packs the ledgers of strands, for one engine.
type packer struct {
	out     bytes.Buffer
	in      []byte
	r       io.ReadCloser
	samples []*sample
	of      map[string]*sample // by dialect; that of none is empty
}

// A sample is what was packed before, for what comes after it to refer to.
type sample struct {
	packer *packer
	facts  []byte
	w      *flate.Writer // made when there is something to pack
}

// packed is a ledger in few octets, the zero one where there is none.
type packed struct {
	with   *sample
	ledger string
}

// Bounds of the samples: their number, and the octets of one.
const (
	samplesKept = 32
	sampleKept  = 8 << 10
)

// sample returns that of a dialect, ready to pack with.
func (p *packer) sample(dialect string) *sample {
	if p.of == nil {
		p.of = map[string]*sample{}
		p.keep("", nil)
	}
	x := cmp.Or(p.of[dialect], p.samples[0])
	if x.w == nil {
		x.w, _ = flate.NewWriterDict(&p.out, flate.DefaultCompression, x.facts) // a level that there is
	} else {
		x.w.Reset(&p.out)
	}
	return x
}

func (p *packer) keep(dialect string, facts []byte) {
	x := &sample{packer: p, facts: facts}
	p.of[dialect], p.samples = x, append(p.samples, x)
}

// learn makes what was packed the sample of its dialect, if it says far more
// than the one before.
func (p *packer) learn(dialect string, x *sample) {
	facts := p.in[:min(len(p.in), sampleKept)]
	if len(facts) > 2*len(x.facts) && len(p.samples) < samplesKept {
		p.keep(dialect, bytes.Clone(facts))
	}
}

// rest lets go what is larger than a tunnel by far.
func (p *packer) rest() {
	p.r = nil
	for _, x := range p.samples {
		x.w = nil
	}
}

// joined are the kinds of facts that the join asks for each time: what holds
// one of them stays as it is.
var joined = Bodies(BodyConnection, BodySA, BodyPolicies, BodyHost, BodyRoutes, BodyCounter)

// pack packs the facts of a strand of a dialect, if it may and it is not yet.
func (p *packer) pack(s *strand, dialect string) {
	if s.packed.with != nil {
		s.ledger = nil // as it was
	}
	l := s.ledger
	if l == nil || len(l.slots) == 0 || s.key.handle == 0 || s.kinds&joined != 0 {
		return
	}
	p.in = l.append(p.in[:0], s)
	p.in = binary.AppendUvarint(p.in, uint64(len(l.slots)))
	for _, sl := range l.slots {
		p.in = binary.AppendUvarint(append(p.in, byte(sl.kind)), sl.child)
		p.in = binary.AppendUvarint(p.in, uint64(sl.count))
		p.in = sl.first.append(p.in, s)
		if sl.last == nil {
			p.in = append(p.in, 0)
		} else {
			p.in = sl.latest().append(append(p.in, 1), s)
		}
	}
	p.out.Reset()
	x := p.sample(dialect)
	x.w.Write(p.in) // to a buffer: never fails
	x.w.Close()
	s.packed, s.ledger = packed{x, p.out.String()}, nil
	p.learn(dialect, x)
}

// unpack gives a strand its ledger back. What it was packed in stays until there
// is another observation.
func (p *packer) unpack(s *strand) {
	b, facts := strings.NewReader(s.packed.ledger), s.packed.with.facts
	if p.r == nil {
		p.r = flate.NewReaderDict(b, facts)
	} else {
		p.r.(flate.Resetter).Reset(b, facts) // never fails
	}
	p.out.Reset()
	p.out.ReadFrom(p.r) // what pack wrote
	c := cursor(p.out.Bytes())
	l := s.ledger
	l.read(&c, s)
	l.slots = make([]*slot, c.uint())
	m := made{slots: make([]slot, 0, len(l.slots)), most: len(l.slots)/4 + 1}
	for i := range l.slots {
		sl := m.slots.one(len(l.slots))
		sl.kind, sl.child, sl.count = BodyKind(c.take(1)[0]), c.uint(), uint32(c.uint())
		sl.first.read(&c, sl.kind, s)
		if c.take(1)[0] != 0 {
			sl.last = m.latest.one(m.most)
			sl.last.read(&c, sl.kind, s)
		}
		sl.disc = sl.first.body.slot()
		l.slots[i] = sl
	}
}

// append writes what a ledger has beside its slots.
func (l *ledger) append(b []byte, s *strand) []byte {
	b = l.last.append(b, s.first)
	b = binary.AppendUvarint(b, uint64(l.dropped))
	for _, at := range l.at {
		if at == 0 {
			b = append(b, 0)
		} else {
			b = at.append(append(b, 1), s.first)
		}
	}
	return b
}

func (l *ledger) read(c *cursor, s *strand) {
	l.last.read(c, s.first)
	l.dropped = uint32(c.uint())
	for i := range l.at {
		if c.take(1)[0] != 0 {
			l.at[i].read(c, s.first)
		}
	}
}

// append writes a fact, by its distance from the strand's first.
func (f *fact) append(b []byte, s *strand) []byte {
	b = f.at.append(b, s.first)
	b = append(b, byte(f.basis))
	b = f.time().append(b, s.start())
	said := s.said(f)
	b = append(binary.AppendUvarint(b, uint64(len(said))), said...)
	return appendValue(b, reflect.ValueOf(f.body).Elem())
}

func (f *fact) read(c *cursor, k BodyKind, s *strand) {
	f.at.read(c, s.first)
	basis := Basis(c.take(1)[0])
	var t Time
	t.read(c, s.start())
	f.when, _ = s.from.clock.moment(&t)
	s.ledger.keep(&f.account, &Observation{Basis: basis, Text: c.take(int(c.uint()))})
	f.body = newBody(k)
	readValue(c, reflect.ValueOf(f.body).Elem())
}

// append writes a time, as the distance from another one where it is of the
// same kind.
func (t Time) append(b []byte, start Time) []byte {
	like := t.Precision == start.Precision && t.Assumed == start.Assumed && t.Value.Location() == start.Value.Location()
	if d := t.Value.Sub(start.Value); like && d < 1<<62 && d > -1<<62 {
		return binary.AppendVarint(append(b, 1), int64(d))
	}
	return appendValue(append(b, 0), reflect.ValueOf(t))
}

func (t *Time) read(c *cursor, start Time) {
	if c.take(1)[0] == 1 {
		*t = Time{start.Value.Add(time.Duration(c.int())), start.Precision, start.Assumed}
		return
	}
	readValue(c, reflect.ValueOf(t).Elem())
}

// A cursor reads what append wrote.
type cursor []byte

func (c *cursor) take(n int) []byte {
	b := (*c)[:n]
	*c = (*c)[n:]
	return b
}

func (c *cursor) uint() uint64 {
	v, n := binary.Uvarint(*c)
	*c = (*c)[n:]
	return v
}

func (c *cursor) int() int64 {
	v, n := binary.Varint(*c)
	*c = (*c)[n:]
	return v
}

// appendValue writes a body or a part of one: of a struct those fields that are
// not zero, each where a mask has its bit.
func appendValue(b []byte, v reflect.Value) []byte {
	switch v.Kind() {
	case reflect.Bool:
		if v.Bool() {
			return append(b, 1)
		}
		return append(b, 0)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return binary.AppendVarint(b, v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return binary.AppendUvarint(b, v.Uint())
	case reflect.String:
		return append(binary.AppendUvarint(b, uint64(v.Len())), v.String()...)
	case reflect.Slice:
		if v.IsNil() {
			return append(b, 0)
		}
		b = binary.AppendUvarint(b, uint64(v.Len())+1)
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			b = appendValue(b, v.Index(i))
		}
		return b
	case reflect.Pointer:
		if v.IsNil() {
			return append(b, 0)
		}
		return appendValue(append(b, 1), v.Elem())
	case reflect.Struct:
		if m, ok := v.Interface().(encoding.BinaryMarshaler); ok {
			text, _ := m.MarshalBinary() // of an address or a time
			return append(binary.AppendUvarint(b, uint64(len(text))), text...)
		}
		mask := uint64(0)
		for i := range v.NumField() {
			if !v.Field(i).IsZero() {
				mask |= 1 << i
			}
		}
		b = binary.AppendUvarint(b, mask)
		for m := mask; m != 0; m &= m - 1 {
			b = appendValue(b, v.Field(bits.TrailingZeros64(m)))
		}
		return b
	}
	panic("diag: a body holds a " + v.Type().String()) // TestPack tries them all
}

func readValue(c *cursor, v reflect.Value) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(c.take(1)[0] != 0)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(c.int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(c.uint())
	case reflect.String:
		v.SetString(string(c.take(int(c.uint()))))
	case reflect.Slice:
		n := int(c.uint())
		if n == 0 {
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), n-1, n-1))
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			readValue(c, v.Index(i))
		}
	case reflect.Pointer:
		if c.take(1)[0] != 0 {
			v.Set(reflect.New(v.Type().Elem()))
			readValue(c, v.Elem())
		}
	case reflect.Struct:
		if m, ok := v.Addr().Interface().(encoding.BinaryUnmarshaler); ok {
			_ = m.UnmarshalBinary(c.take(int(c.uint()))) // what MarshalBinary gave
			return
		}
		for m := c.uint(); m != 0; m &= m - 1 {
			readValue(c, v.Field(bits.TrailingZeros64(m)))
		}
	}
}
