package logparse

// record is what an assembler adds to a line: values that stand on the lines
// before it, or that are spelled in another way there. It lives in the
// assembler, is filled anew for each line and bounded.
type record struct {
	n      int
	fields [12]Field
	spans  [12]span
	buf    []byte
	may    *fieldSet // of its event
}

// maxRecord bounds the octets of a record.
const maxRecord = 4096

func (r *record) reset() { r.n, r.buf = 0, r.buf[:0] }

// begin makes r the one of e, empty.
func (r *record) begin(e *Event) {
	r.reset()
	r.may, e.record = &e.may, r
}

// add gives f the value, unless the record is full.
func (r *record) add(f Field, value []byte) { put(r, f, value) }

// text is add for a fixed value.
func (r *record) text(f Field, value string) { put(r, f, value) }

func put[T string | []byte](r *record, f Field, value T) {
	if r.n == len(r.fields) || len(r.buf)+len(value) > maxRecord {
		return
	}
	from := uint32(len(r.buf))
	r.buf = append(r.buf, value...)
	r.may.add(f)
	r.fields[r.n], r.spans[r.n] = f, span{from, uint32(len(r.buf))}
	r.n++
}

func (r *record) value(f Field) []byte {
	for i := range r.fields[:r.n] {
		if r.fields[i] == f {
			s := r.spans[i]
			return r.buf[s.from:s.to:s.to]
		}
	}
	return nil
}

// address is add for an address and, where it is known, a port.
func (r *record) address(f Field, host, port []byte) {
	if len(host) == 0 || len(host) > 64 {
		return
	}
	var buf [80]byte
	b := append(buf[:0], host...)
	if len(port) > 0 && len(port) < 6 {
		b = append(append(append(b, '['), port...), ']')
	}
	r.add(f, b)
}
