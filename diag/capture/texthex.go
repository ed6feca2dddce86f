package capture

import (
	"bytes"

	"github.com/ikediag/ikediag/ike/exchange"
)

// addHex appends the bytes of a line of a hex dump:
//
//	0x0010:  c0a8 1e39 c0a8 a728 01f4 01f4 03e6 0000  ...9...(........
func (t *textState) addHex(line []byte) bool {
	b, ok := cutPrefix(bytes.TrimLeft(line, " \t"), "0x")
	if !ok {
		return false
	}
	at, n := hexDigits(b)
	if n < 4 || n >= len(b) || b[n] != ':' {
		return false
	}
	if at != uint64(len(t.hex)) || len(t.hex) > t.limit {
		return true // out of order: what is there has to do
	}
	b = b[n+1:]
	for range 16 {
		b = bytes.TrimLeft(b, " ")
		for len(b) >= 2 {
			hi, lo := hexDigit(b[0]), hexDigit(b[1])
			if hi > 15 || lo > 15 {
				break
			}
			t.hex = append(t.hex, hi<<4|lo)
			if b = b[2:]; len(t.hex)%16 == 0 {
				return true
			}
		}
		// Two blanks separate the bytes from what they look like.
		if len(b) < 2 || b[0] != ' ' || b[1] == ' ' {
			break
		}
	}
	return true
}

// peelHex reads the packet of a hex dump: from the IP header on, or (-xx) from
// the link header on, which shows by whether the addresses are the printed ones.
func (r *Reader) peelHex(h *textHead, d *exchange.Datagram) Result {
	b := r.text.hex
	for _, link := range [...]LinkType{LinkRaw, LinkEthernet, LinkLinuxSLL2, LinkLinuxSLL} {
		r.frame = Frame{Data: b, WireLen: len(b), Link: link, Time: d.Time, Number: d.Frame, Direction: d.Direction}
		skip := linkLength(link)
		if len(b) < skip+20 || !hasEnds(b[skip:], h) {
			continue
		}
		r.frame.WireLen = max(len(b), skip+ipLength(b[skip:]))
		return r.peel.Peel(&r.frame, d)
	}
	return Truncated
}

func linkLength(l LinkType) int {
	switch l {
	case LinkEthernet:
		return 14
	case LinkLinuxSLL:
		return 16
	case LinkLinuxSLL2:
		return 20
	}
	return 0
}

// hasEnds says whether an IP header has the addresses that the text names.
func hasEnds(b []byte, h *textHead) bool {
	var source, dest []byte
	switch {
	case b[0]>>4 == 4:
		source, dest = b[12:16], b[16:20]
	case b[0]>>4 == 6 && len(b) >= 40:
		source, dest = b[8:24], b[24:40]
	default:
		return false
	}
	return bytes.Equal(source, h.source.Addr().AsSlice()) && bytes.Equal(dest, h.dest.Addr().AsSlice())
}

// ipLength is the length that an IP header claims for the packet.
func ipLength(b []byte) int {
	if b[0]>>4 == 4 {
		return int(be16(b[2:]))
	}
	return 40 + int(be16(b[4:]))
}
