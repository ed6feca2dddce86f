package logparse

// plutoDumping is a datagram that pluto writes in hexadecimal, as it does with
// plutodebug=raw: a line that says whence it came or where it goes, then lines
// of sixteen octets in fours.
type plutoDumping struct {
	open          bool
	side          Role
	size          int
	buf           []byte
	local, remote [64]byte
	l, r          uint8
}

// line follows a dump and reports whether the line is part of one. The line
// that completes it carries the message.
func (d *plutoDumping) line(e *Event) bool {
	switch e.Kind {
	case DumpStart:
		size, ok := e.Uint(FieldSize)
		d.open = ok && size > 0 && size <= maxDump
		d.size, d.buf = int(min(size, maxDump)), d.buf[:0]
		d.l, d.r = uint8(copy(d.local[:], e.Bytes(FieldLocal))), uint8(copy(d.remote[:], e.Bytes(FieldRemote)))
		d.side = Remote
		if string(e.Bytes(FieldName)) == "sent" {
			d.side = Local
		}
		d.settle(e)
		return true
	case HexDump:
		d.add(e)
		return true
	case Plain:
		// A last line of one octet is too short to be taken for a dump's.
		if b := e.Text; d.open && len(b) > 3 && b[0] == '|' {
			if b = trimLeft(b[1:]); len(b) == 2 && octet(b, 0) {
				e.Text, e.Kind, e.template, e.may = b, HexDump, nil, 0
				d.add(e)
				return true
			}
			d.open = false
		}
		return false
	}
	d.open = false
	return false
}

// add takes one line's octets.
func (d *plutoDumping) add(e *Event) {
	if !d.open {
		return
	}
	b := e.Text
	for i := 0; octet(b, i) && len(d.buf) < d.size; {
		d.buf = append(d.buf, unhex(b[i])<<4|unhex(b[i+1]))
		for i += 2; i < len(b) && b[i] == ' '; {
			i++
		}
	}
	if len(d.buf) < d.size {
		return
	}
	d.open = false
	if m := d.buf; wholeMessage(m) {
		e.showPacket(m, d.side)
	} else if len(m) > 4 && m[0]|m[1]|m[2]|m[3] == 0 && wholeMessage(m[4:]) {
		e.showPacket(m[4:], d.side) // behind the non-ESP marker: RFC 3948, section 2.2
	}
	d.settle(e)
}

// settle shows the dump's addresses, as far as the daemon wrote them.
func (d *plutoDumping) settle(e *Event) {
	local, _ := parseAddrPort(d.local[:d.l])
	remote, _ := parseAddrPort(d.remote[:d.r])
	e.between(local, remote)
}
