package logparse

import (
	"bytes"
	"encoding/binary"
	"net/netip"
)

// racoonDump is what racoon writes in hexadecimal with -d and more: a line that
// says what it is, then lines of 32 octets in fours, which have no prefix of
// their own in a file and are one line in some syslogs. Nothing says how many
// octets a key has: a line that is not full is the last one, and else the line
// behind it brings the key.
type racoonDump struct {
	open   bool
	secret bool
	side   Role
	name   [40]byte
	shown  [40]byte // the name of the dump that the last line ended
	n      uint8
	size   int // 0 unknown
	buf    []byte
	// The ends as the lines before the dump name them.
	local, remote netip.AddrPort
}

// line follows a dump and reports whether the line is part of one.
func (d *racoonDump) line(e *Event) bool {
	switch e.Kind {
	case PacketSent:
		if l, ok := e.Address(Local); ok {
			d.local = l // its dump follows
		}
	case PacketReceived:
		d.whole(e)
		d.local, _ = e.Address(Local)
		d.remote, _ = e.Address(Remote)
		d.begin(e, "", false, Remote)
		return false
	case DumpStart, SecretDump:
		if e.Kind == SecretDump && e.Has(FieldSecret) {
			return false
		}
		d.whole(e)
		side := RoleNone
		if r, ok := e.Address(Remote); ok && e.Has(FieldSize) {
			side, d.remote = Local, r
		}
		d.begin(e, string(e.Bytes(FieldName)), e.Kind == SecretDump, side)
		return true
	case HexDump:
		d.add(e)
		return true
	case Unknown:
		if d.open && hexWord(e.Text) {
			e.Kind = HexDump
			d.add(e)
			return true
		}
	case Plain:
		if len(e.Text) == 0 {
			return true // the head of the lines of octets
		}
	}
	d.whole(e)
	d.open = false
	return false
}

func (d *racoonDump) begin(e *Event, name string, secret bool, side Role) {
	size, _ := e.Uint(FieldSize)
	d.open, d.secret, d.side = size <= maxDump, secret, side
	d.size, d.buf = int(min(size, maxDump)), d.buf[:0]
	d.n = uint8(copy(d.name[:], name))
}

// add takes the octets of a line.
func (d *racoonDump) add(e *Event) {
	if !d.open {
		return
	}
	b := e.Text
	n := 0
	for i := 0; i < len(b) && len(d.buf) < maxDump; {
		switch {
		case octet(b, i):
			d.buf = append(d.buf, unhex(b[i])<<4|unhex(b[i+1]))
			n++
			i += 2
		case b[i] == ' ':
			i++
		case i+4 <= len(b) && string(b[i:i+4]) == "#012":
			i += 4
		default:
			d.open = false
			return
		}
	}
	switch {
	case d.side != RoleNone:
		d.packet(e)
	case n < 32 || n > 32:
		d.whole(e)
	}
}

// settle shows the ends of a message that belongs to no session yet, as far as
// the daemon wrote them.
func (d *racoonDump) settle(e *Event) {
	if e.dumped == dumpedPacket && e.Session.Handle == 0 {
		e.between(d.local, d.remote)
	}
}

// packet shows the message when it is whole.
func (d *racoonDump) packet(e *Event) {
	m := d.buf
	if d.size > 0 && len(m) < d.size {
		return
	}
	d.open = false
	if len(m) > 4 && binary.BigEndian.Uint32(m) == 0 {
		m = m[4:] // the non-ESP marker: RFC 3948, section 2.2
	}
	if wholeMessage(m) {
		e.showPacket(m, d.side)
	}
}

// whole shows the key that has come to its end.
func (d *racoonDump) whole(e *Event) {
	if !d.open || d.side != RoleNone || len(d.buf) == 0 {
		return
	}
	d.open = false
	d.shown = d.name // the line may begin the next dump
	name := d.shown[:d.n]
	switch {
	case d.secret:
		e.show(dumpedKeys, d.buf, name)
	case string(name) == "IV computed:":
		e.show(dumpedContext, d.buf, name)
	}
}

// hexWords reports whether a line is one of a dump of octets in fours, two
// fours or more: "01020304 05060708 0910".
func hexWords(b []byte) bool {
	for k := 0; ; k++ {
		n := 0
		for n < len(b) && n < 9 && unhex(b[n]) <= 15 {
			n++
		}
		if n == len(b) {
			return k > 0 && n > 0 && n <= 8 && n%2 == 0
		}
		if n != 8 || b[n] != ' ' {
			return k > 1 && n == 0 && bytes.HasPrefix(b, []byte("#012"))
		}
		b = b[9:]
	}
}

// hexWord reports whether a line is the short last one of such a dump.
func hexWord(b []byte) bool {
	if len(b) > 8 || len(b)%2 != 0 {
		return false
	}
	for _, c := range b {
		if unhex(c) > 15 {
			return false
		}
	}
	return len(b) > 0
}
