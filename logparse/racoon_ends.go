package logparse

import (
	"bytes"
	"net/netip"
)

// racoonCookies reads the cookies that a line about an SA ends with.
func racoonCookies(e *Event) (ck [2]uint64, ok bool) {
	switch e.Kind {
	case SAEstablished, SADeleted, SADeleteReceived, RetransmitsExhausted, DPDTimeout, PacketSent, HalfOpenDeleted, Initiating, BeingInitiated:
	case Plain: // not what a peer may have written
		if !bytes.HasPrefix(e.Text, []byte("ISAKMP-SA expired ")) && !bytes.HasPrefix(e.Text, []byte("purging ISAKMP-SA ")) {
			return ck, false
		}
	default:
		return ck, false
	}
	b := e.Text
	if e.template != nil && e.template.cookies > 0 {
		if x, y := e.joined(e.template.cookies); len(x) == 16 && len(y) == 16 {
			ck[0], _ = parseHex(x)
			ck[1], ok = parseHex(y)
			return ck, ok && ck[0] != 0
		}
	}
	for i := bytes.IndexByte(b, ':'); i >= 0 && i+17 <= len(b); {
		if i >= 16 && (i == 16 || unhex(b[i-17]) > 15) && (i+17 == len(b) || unhex(b[i+17]) > 15) {
			x, ok1 := parseHex(b[i-16 : i])
			y, ok2 := parseHex(b[i+1 : i+17])
			if ok1 && ok2 && x != 0 {
				return [2]uint64{x, y}, true
			}
		}
		k := bytes.IndexByte(b[i+1:], ':')
		if k < 0 {
			break
		}
		i += 1 + k
	}
	return ck, false
}

// ends reads both ends of a line into c.local and c.remote: "a[500]<=>b[500]", "a[500]-b[500]",
// "a->b", the peer before the level's word, or the ends behind an Alibaba
// gateway's message.
func (c *racoonLog) ends(e *Event) {
	c.local = netip.AddrPort{}
	c.remote, _ = c.addresses.read(e.Prefix.Remote)
	if e.Dialect == alibaba && c.remote.IsValid() {
		if i := lastIndex(e.Line, "{ph1: "); i >= 0 {
			if a, _, ok := bytes.Cut(e.Line[i+6:], []byte(" <=> ")); ok {
				c.local, _ = c.addresses.read(a)
			}
		}
		return
	}
	switch e.Kind {
	case Initiating, BeingInitiated, SAEstablished, SADeleted, ChildInitiating, MessageParsed, RetransmitsExhausted, PortFloat, KernelSA, PeerNotResponding:
		if x, y, ok := c.pair(e); ok && e.Kind == PeerNotResponding {
			c.local, c.remote = y, x // as the peer's packets would go
			return
		} else if ok {
			c.local, c.remote = x, y
			return
		}
	case PacketReceived, PacketSent, DumpStart:
		c.local, _ = c.addresses.read(e.Bytes(FieldLocal))
	}
	if a, ok := c.addresses.read(e.Bytes(FieldRemote)); ok {
		c.remote = a
	}
}

// racoonSigns stand between two ends.
var racoonSigns = []string{"<=>", "->", "-"}

// pair reads two ends with a sign between them: as the values that they are,
// else wherever they stand in the text.
func (c *racoonLog) pair(e *Event) (x, y netip.AddrPort, ok bool) {
	if e.template != nil && e.template.ends > 0 {
		a, b := e.joined(e.template.ends)
		if x, ok = c.addresses.read(a); ok {
			if y, ok = c.addresses.read(b); ok {
				return x, y, true
			}
		}
	}
	for _, sign := range racoonSigns {
		i := racoonBetween(e.Text, sign)
		if i < 0 {
			continue
		}
		from := bytes.LastIndexByte(e.Text[:i], ' ') + 1
		if x, ok = c.addresses.read(e.Text[from:i]); ok {
			if y, ok = c.addresses.read(firstWord(e.Text[i+len(sign):])); ok {
				return x, y, true
			}
		}
	}
	return x, y, false
}

// racoonBetween returns where the sign between two ends is, -1 if there is none:
// the first one behind a port, else the first one. A hyphen alone stands behind
// a port only.
func racoonBetween(text []byte, sep string) int {
	found := -1
	last := sep[len(sep)-1] // it is the rarest
	for at := 0; ; at++ {
		n := bytes.IndexByte(text[at:], last)
		if n < 0 {
			return found
		}
		at += n
		i := at + 1 - len(sep)
		if i < 1 || string(text[i:at+1]) != sep {
			continue
		}
		if text[i-1] == ']' {
			return i
		}
		if found < 0 && len(sep) > 1 {
			found = i
		}
	}
}

// joined returns two values that follow each other, from the slot on, which
// counts from 1; 0: nothing.
func (e *Event) joined(slot uint8) (a, b []byte) {
	if slot == 0 {
		return nil, nil
	}
	x, y := e.spans[slot-1], e.spans[slot]
	return e.Text[x.from:x.to], e.Text[y.from:y.to]
}
