package exchange

import (
	"encoding/binary"
	"net/netip"
	"os"
	"testing"
	"time"
)

// readPcap peels pcap and pcapng files with Ethernet, Linux cooked or raw IPv4
// and IPv6 frames: enough for the recordings of tests, and no more. IPv4
// fragments are put together where they come in order.
func readPcap(t testing.TB, name string) (out []Datagram) {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	pending := map[string]*Datagram{}
	frame := 0
	packet := func(at time.Time, link uint32, p []byte, wire int) {
		frame++
		d := Datagram{Time: at, Frame: frame}
		if peel(&d, link, p, wire-len(p), pending) {
			out = append(out, d)
		}
	}
	le := binary.LittleEndian
	switch {
	case len(b) >= 24 && le.Uint32(b) == 0xa1b2c3d4:
		link := le.Uint32(b[20:])
		for at := 24; at+16 <= len(b); {
			h := b[at:]
			n := int(le.Uint32(h[8:]))
			if n > len(h)-16 {
				break
			}
			packet(time.Unix(int64(le.Uint32(h)), int64(le.Uint32(h[4:]))*1000).UTC(), link, h[16:16+n], int(le.Uint32(h[12:])))
			at += 16 + n
		}
	case len(b) >= 28 && le.Uint32(b) == 0x0a0d0d0a && le.Uint32(b[8:]) == 0x1a2b3c4d:
		link := uint32(0)
		for len(b) >= 12 {
			kind, n := le.Uint32(b), int(le.Uint32(b[4:]))
			if n < 12 || n > len(b) {
				break
			}
			switch body := b[8 : n-4]; {
			case kind == 1:
				link = uint32(le.Uint16(body))
			case kind == 6 && len(body) >= 20 && int(le.Uint32(body[12:])) <= len(body)-20:
				us := uint64(le.Uint32(body[4:]))<<32 | uint64(le.Uint32(body[8:]))
				packet(time.UnixMicro(int64(us)).UTC(), link, body[20:20+le.Uint32(body[12:])], int(le.Uint32(body[16:])))
			}
			b = b[n:]
		}
	}
	return out
}

func peel(d *Datagram, link uint32, p []byte, missing int, pending map[string]*Datagram) bool {
	switch link {
	case 1:
		if len(p) < 14 {
			return false
		}
		typ := binary.BigEndian.Uint16(p[12:])
		p = p[14:]
		for typ == 0x8100 && len(p) >= 4 {
			typ, p = binary.BigEndian.Uint16(p[2:]), p[4:]
		}
		if typ != 0x0800 && typ != 0x86dd {
			return false
		}
	case 113:
		if len(p) < 16 {
			return false
		}
		p = p[16:]
	}
	if len(p) >= 40 && p[0]>>4 == 6 {
		d.Protocol = p[6]
		src, _ := netip.AddrFromSlice(p[8:24])
		dst, _ := netip.AddrFromSlice(p[24:40])
		return peelUDP(d, src, dst, p[40:], missing)
	}
	if len(p) < 20 || p[0]>>4 != 4 {
		return false
	}
	ihl, total := int(p[0]&15)*4, int(binary.BigEndian.Uint16(p[2:]))
	if ihl < 20 || ihl > len(p) {
		return false
	}
	if total >= ihl && total <= len(p) {
		p, missing = p[:total], 0
	}
	d.Protocol, d.TTL = p[9], p[8]
	src, _ := netip.AddrFromSlice(p[12:16])
	dst, _ := netip.AddrFromSlice(p[16:20])
	key := string(p[4:6]) + string(p[9:10]) + string(p[12:20])
	flags := binary.BigEndian.Uint16(p[6:])
	body := p[ihl:]
	switch {
	case flags&0x2000 != 0 && flags&0x1fff == 0:
		c := *d
		c.Payload = append([]byte(nil), body...)
		c.Fragments = 1
		pending[key] = &c
		return false
	case flags&0x3fff != 0:
		c := pending[key]
		if c == nil {
			return false
		}
		c.Payload = append(c.Payload, body...)
		c.Fragments++
		if flags&0x2000 != 0 {
			return false
		}
		delete(pending, key)
		body, d.Fragments = c.Payload, c.Fragments
	}
	return peelUDP(d, src, dst, body, missing)
}

func peelUDP(d *Datagram, src, dst netip.Addr, p []byte, missing int) bool {
	d.Source, d.Destination = netip.AddrPortFrom(src, 0), netip.AddrPortFrom(dst, 0)
	if d.Protocol == ProtocolUDP {
		if len(p) < 8 {
			return false
		}
		d.Source = netip.AddrPortFrom(src, binary.BigEndian.Uint16(p))
		d.Destination = netip.AddrPortFrom(dst, binary.BigEndian.Uint16(p[2:]))
		p = p[8:]
	}
	d.Payload, d.WireLen = p, len(p)+missing
	return true
}
