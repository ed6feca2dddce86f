package logparse

import (
	"strconv"

	"github.com/ikediag/ikediag/isakmp"
)

// record is what an assembler adds to a line: values that stand on the lines
// before it, or that are spelled in another way there. It lives in the
// assembler, is filled anew for each line and bounded.
type record struct {
	n      int
	fields [12]Field
	values [12][]byte
	buf    []byte
	mid    uint32 // the value of FieldMessageID where values has none
	midBuf []byte // it, spelled
	e      *Event // whose it is
}

// maxRecord bounds the octets of a record.
const maxRecord = 4096

func (r *record) reset() { r.n, r.buf = 0, r.buf[:0] }

// begin makes r the one of e, empty.
func (r *record) begin(e *Event) {
	if r.reset(); r.e != e {
		r.e = e
	}
}

// add gives f the value, unless the record is full.
func (r *record) add(f Field, value []byte) {
	if from := len(r.buf); from+len(value) <= maxRecord {
		r.buf = append(r.buf, value...)
		r.show(f, r.buf[from:len(r.buf):len(r.buf)])
	}
}

// show is add for a value that lasts as long as the event, which is not copied.
func (r *record) show(f Field, value []byte) {
	if n := r.n; n < len(r.fields) {
		r.fields[n], r.values[n] = f, value
		r.n++
		r.e.record, r.e.reads.asked = r, asked{}
		r.e.may.add(f)
	}
}

// text is add for a fixed value.
func (r *record) text(f Field, value string) {
	if from := len(r.buf); from+len(value) <= maxRecord {
		r.buf = append(r.buf, value...)
		r.show(f, r.buf[from:len(r.buf):len(r.buf)])
	}
}

// number is add for a number, in decimal.
func (r *record) number(f Field, value uint64) {
	from := len(r.buf)
	r.buf = strconv.AppendUint(r.buf, value, 10)
	r.show(f, r.buf[from:len(r.buf):len(r.buf)])
}

// hex is add for a number, in hexadecimal.
func (r *record) hex(f Field, value uint32) {
	from := len(r.buf)
	r.buf = strconv.AppendUint(r.buf, uint64(value), 16)
	r.show(f, r.buf[from:len(r.buf):len(r.buf)])
}

// messageID is number for a message ID. It is spelled only for who asks for its
// text: most want the number.
func (r *record) messageID(id uint32) {
	r.show(FieldMessageID, nil)
	r.mid = id
	r.e.reads.asked.messageID, r.e.reads.mid = 2, id
}

// What records say of most messages.
var (
	exchangeNames = [...][]byte{
		isakmp.ExchangeMain:          []byte("ID_PROT"),
		isakmp.ExchangeAggressive:    []byte("AGGRESSIVE"),
		isakmp.ExchangeInformational: []byte("INFORMATIONAL_V1"),
		isakmp.ExchangeTransaction:   []byte("TRANSACTION"),
		isakmp.ExchangeQuick:         []byte("QUICK_MODE"),
	}
	directionRequest  = []byte("request")
	directionResponse = []byte("response")
)

// message shows which message of an exchange, one of exchangeNames, a line is
// about; payloads last as long as the event.
func (r *record) message(exchange isakmp.ExchangeType, request bool, payloads []byte) {
	direction, asked := directionResponse, uint8(2)
	if request {
		direction, asked = directionRequest, 3
	}
	if payloads == nil {
		payloads = []byte{} // it says that there are none
	}
	n := r.n
	if n > len(r.fields)-3 {
		return
	}
	f, v := r.fields[n:n+3:n+3], r.values[n:n+3:n+3]
	f[0], f[1], f[2] = FieldPayloads, FieldExchange, FieldDirection // first what is read more than once
	v[0], v[1], v[2] = payloads, exchangeNames[exchange], direction
	r.n = n + 3
	r.e.record, r.e.reads.asked.exchange, r.e.reads.asked.direction = r, 2+uint8(exchange), asked
	r.e.may |= fieldsMessage
}

// fieldsMessage are the fields of message.
const fieldsMessage fieldSet = 1<<(FieldExchange&63) | 1<<(FieldDirection&63) | 1<<(FieldPayloads&63)

func (r *record) value(f Field) []byte {
	for i, has := range r.fields[:r.n] {
		if has == f {
			if v := r.values[i]; v != nil || f != FieldMessageID {
				return v
			}
			r.midBuf = strconv.AppendUint(r.midBuf[:0], uint64(r.mid), 10)
			return r.midBuf
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
