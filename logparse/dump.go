package logparse

import (
	"bytes"
	"encoding/binary"

	"github.com/ikediag/ikediag/ike"
)

// maxDump bounds the octets of one dump that are kept.
const maxDump = 1<<16 - 1

// dump is a hex dump that a thread is writing: a head with the number of
// octets, then lines of sixteen.
type dump struct {
	open bool
	kind Kind // SecretDump or DumpStart
	name [40]byte
	n    uint8
	size int
	buf  []byte
}

func (d *dump) end() { d.open = false }

// begin follows a head.
func (d *dump) begin(e *Event) {
	size, ok := e.Uint(FieldSize)
	d.open = ok && size > 0 && size <= maxDump
	d.kind = e.Kind
	d.n = uint8(copy(d.name[:], e.Bytes(FieldName)))
	d.size = int(min(size, maxDump))
	d.buf = d.buf[:0]
}

// line adds one line's octets and reports whether the dump is whole.
func (d *dump) line(text []byte) bool {
	if !d.open {
		return false
	}
	i := 0
	if n := digits(text); n > 0 && n < len(text) && text[n] == ':' {
		switch at := atoi(text[:min(n, 8)]); {
		case at < len(d.buf) && at+16 >= len(d.buf):
			return false // the last line again, in a log that doubles its lines
		case at != len(d.buf):
			d.open = false // a line is missing
			return false
		}
		i = n + 2
	}
	for k := 0; k < 16 && len(d.buf) < d.size && octet(text, i); k++ {
		d.buf = append(d.buf, unhex(text[i])<<4|unhex(text[i+1]))
		if i += 2; i < len(text) && text[i] != ' ' {
			break
		}
		i++
	}
	if len(d.buf) < d.size {
		return false
	}
	d.open = false
	return true
}

// dumpLine follows the lines of hex dumps.
func (c *charon) dumpLine(t *thread, e *Event) {
	d := &t.dump
	if e.Kind != HexDump {
		d.begin(e)
		return
	}
	if !d.line(e.Text) {
		return
	}
	name, b := d.name[:d.n], d.buf
	if d.kind == SecretDump {
		e.show(dumpedKeys, b, name)
		return
	}
	switch string(name) {
	case "initial iv", "natd_chunk":
		e.show(dumpedContext, b, name)
		return
	}
	if len(b) > 4 && binary.BigEndian.Uint32(b) == 0 {
		b = b[4:] // the non-ESP marker: RFC 3948, section 2.2
	}
	if !wholeMessage(b) {
		return
	}
	switch string(name) {
	case "parsed", "received":
		e.showPacket(b, Remote)
	case "generated", "sent":
		e.showPacket(b, Local)
	}
}

// dumped is what the dump of octets is that a line ends.
type dumped uint8

const (
	dumpedNothing dumped = iota
	dumpedPacket
	dumpedKeys    // key material
	dumpedContext // what tells whose key material it is
)

// show gives the line the dump that it ends, by its name.
func (e *Event) show(what dumped, octets, name []byte) {
	e.dumped, e.data, e.dataName = what, octets, name
}

// showPacket gives the line the message that it ends.
func (e *Event) showPacket(octets []byte, sender Role) {
	e.show(dumpedPacket, octets, nil)
	e.Side = sender
}

// Packet returns the ISAKMP message that a hex dump ending on this line
// showed, nil otherwise. Side says who sent it.
func (e *Event) Packet() []byte {
	if e.dumped != dumpedPacket {
		return nil
	}
	return e.data
}

// wholeMessage reports whether b is an ISAKMP message and not a piece of one:
// its header (RFC 2408, section 3.1) gives its length, and it is of version 1
// or 2.
func wholeMessage(b []byte) bool {
	return len(b) >= 28 && binary.BigEndian.Uint32(b[24:]) == uint32(len(b)) && (b[17]>>4 == 1 || b[17]>>4 == 2) &&
		binary.BigEndian.Uint64(b) != 0
}

// Dumped reports whether a dump ends on the line that Packet, Secret or Context
// gives.
func (e *Event) Dumped() bool { return e.dumped != dumpedNothing }

// Secret returns the key material or password that the line, or the dump that
// it ends, wrote into the log, and the daemon's name for it, e.g. "SKEYID_e".
// The bytes are copied.
func (e *Event) Secret() (name []byte, s ike.Secret, ok bool) {
	if e.dumped == dumpedKeys {
		return e.dataName, ike.NewSecret(e.data), true
	}
	if e.Kind != SecretDump {
		return nil, ike.Secret{}, false
	}
	v := e.Bytes(FieldSecret)
	if v == nil {
		return nil, ike.Secret{}, false
	}
	name = e.Bytes(FieldName)
	if out, ok := colonHex(v); ok {
		v = out
	}
	return name, ike.NewSecret(v), true
}

// Context returns what the dump that the line ends says of the negotiation
// whose key material the log holds, and is no secret: the initialization vector
// of phase 1 (RFC 2409, appendix B), or the input of a NAT-D hash, which begins
// with the cookies (RFC 3947, section 3.2). The octets are valid until the
// next line.
func (e *Event) Context() (name, value []byte, ok bool) {
	if e.dumped == dumpedContext {
		return e.dataName, e.data, true
	}
	return nil, nil, false
}

// colonHex reads octets with colons between them, as strongSwan's %#B writes.
func colonHex(b []byte) (out []byte, ok bool) {
	for _, o := range bytes.Split(b, []byte(":")) {
		if len(o) != 2 || !octet(o, 0) {
			return nil, false
		}
		out = append(out, unhex(o[0])<<4|unhex(o[1]))
	}
	return out, len(out) > 0
}
