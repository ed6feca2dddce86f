package logparse

import "net/netip"

// lastPrefix is a daemon's own prefix of the last line of its source. A daemon
// says much of one connection before it turns to the next, so most lines begin
// like the one before and need not be taken apart.
//
// It serves where the prefix alone tells how it is to be read, whatever
// follows.
type lastPrefix struct {
	text               []byte
	tail               uint64 // its last octets: where most that differ do
	connection, remote span
	said               uint64
	hasSAID            bool
	printable          bool
	// What assemblers keep here: the session of the last line, and the address
	// that it names.
	of   childOf
	peer netip.AddrPort
	sa   lastSA // charon's
	// other is the last one of the other form, of a source that writes two in
	// turn.
	other *lastPrefix
}

// read takes the prefix off b if it is the same as the last line's.
func (l *lastPrefix) read(b []byte, pr *Prefix) (rest []byte, ok bool) {
	if l == nil || len(l.text) < 8 || len(b) < len(l.text) || last8(b, len(l.text)) != l.tail {
		return b, false
	}
	n := len(l.text)
	for i, head, text := 0, b[:n:n], l.text[:n:n]; i < len(head)-8; i += 8 {
		if next8(head, i) != next8(text, i) {
			return b, false
		}
	}
	if c := l.connection; c.to > 0 {
		pr.Connection = b[c.from:c.to:c.to]
	}
	if r := l.remote; r.to > 0 {
		pr.Remote = b[r.from:r.to:r.to]
	}
	if l.hasSAID {
		pr.SAID, pr.HasSAID = l.said, true
	}
	if pr.same = true; l.printable {
		pr.own = int32(n)
	}
	return b[n:], true
}

// keep remembers the prefix b[:n], which names a connection and a peer, if
// they are not empty.
func (l *lastPrefix) keep(b []byte, n int, connection, remote span, pr *Prefix) {
	if l == nil || n < 8 || n > 256 {
		return
	}
	l.text = append(l.text[:0], b[:n]...)
	l.tail = last8(l.text, n)
	l.connection, l.remote = connection, remote
	l.said, l.hasSAID = pr.SAID, pr.HasSAID
	l.of, l.peer = childOf{}, netip.AddrPort{}
	if l.printable = printable(l.text); l.printable {
		pr.own = int32(n)
	}
}
