package state

import (
	"encoding/hex"
	"net/netip"
	"strings"
	"time"

	"github.com/ikediag/ikediag/ike"
)

// What setkey -D prints of a kernel's SAs, on BSD, macOS and with ipsec-tools.
// It prints keys:
//
//	192.0.2.1[4500] 192.0.2.2[4500]
//		esp-udp mode=tunnel spi=161(0x000000a1) reqid=1(0x00000001)
//		E: aes-cbc  00112233 44556677 8899aabb ccddeeff
//		A: hmac-sha1  00112233 44556677 8899aabb ccddeeff 00112233
//		seq=0x00000000 replay=4 flags=0x00000000 state=mature
//		created: Nov 21 09:00:00 2026	current: Nov 21 09:00:30 2026
//		diff: 30(s)	hard: 3600(s)	soft: 2880(s)
//		current: 252(bytes)	hard: 0(bytes)	soft: 0(bytes)
//		allocated: 3	hard: 0	soft: 0
//		sadb_seq=0 pid=42 refcnt=0
//
// On Linux the window is printed in packets, on BSD in octets of a bitmap; what
// is read as octets is never less than the window.

// setkey is a reading: the SA that lines are about, and the key whose octets
// go on.
type setkey struct {
	p   *parser
	sa  *KernelSA
	key []byte
	to  *ike.Secret
	len *int
}

func readSetkeySAs(p *parser) {
	s := setkey{p: p}
	for p.next() {
		f := strings.Fields(p.line)
		if len(f) == 0 {
			continue
		}
		if s.more(f) {
			continue
		}
		if indented(p.line) {
			if s.sa == nil || !s.line(f) {
				p.unknown()
			}
			continue
		}
		s.sa = nil
		from, okF := setkeyEnd(f[0])
		to, okT := setkeyEnd(f[len(f)-1])
		switch {
		case p.line == "No SAD entries.":
		case len(f) != 2 || !okF || !okT:
			p.unknown()
		case p.room():
			p.st.Kernel = append(p.st.Kernel, KernelSA{Line: p.n, Source: from.Addr(), Destination: to.Addr(), SourcePort: from.Port(), DestPort: to.Port()})
			s.sa = &p.st.Kernel[len(p.st.Kernel)-1]
		}
	}
}

// setkeyEnd reads an address that a port in brackets may follow.
func setkeyEnd(s string) (netip.AddrPort, bool) {
	host, port, _ := strings.Cut(s, "[")
	a, ok := address(host)
	return netip.AddrPortFrom(a, uint16(min(number(strings.TrimSuffix(port, "]")), 1<<16-1))), ok
}

// more reads a line that goes on with a key's octets.
func (s *setkey) more(f []string) bool {
	if s.to == nil {
		return false
	}
	octets, err := hex.DecodeString(strings.Join(f, ""))
	if err != nil {
		s.to = nil
		return false
	}
	if len(s.key) < maxText { // no key is as long
		s.key = append(s.key, octets...)
	}
	*s.to, *s.len = ike.NewSecret(s.key), 8*len(s.key)
	return true
}

// line reads an indented line of an SA.
func (s *setkey) line(f []string) bool {
	sa := s.sa
	switch key, _, _ := strings.Cut(f[0], "="); {
	case len(f) > 1 && strings.HasPrefix(f[1], "mode="):
		sa.kind(f)
	case f[0] == "E:" && len(f) > 1:
		sa.Cipher = f[1]
		s.begin(&sa.CipherKey, &sa.CipherBits, f[2:])
	case f[0] == "A:" && len(f) > 1:
		sa.Integrity = f[1]
		s.begin(&sa.IntegrityKey, &sa.IntegrityBits, f[2:])
	case key == "seq":
		for _, w := range f {
			k, v, _ := strings.Cut(w, "=")
			switch k {
			case "replay":
				sa.ReplayWindow = 8 * uint32(min(number(v), 1<<20)) // in octets
			case "state":
				sa.Larval = v == "larval"
				sa.Flags = append(sa.Flags, v)
			}
		}
	case f[0] == "created:" && len(f) >= 5:
		sa.Added, _ = time.Parse("Jan _2 15:04:05 2006", strings.Join(f[1:5], " "))
	case f[0] == "diff:":
		sa.HardExpire, sa.SoftExpire = setkeySpan(f, "hard:"), setkeySpan(f, "soft:")
	case f[0] == "current:" && len(f) > 1:
		if n, ok := strings.CutSuffix(f[1], "(bytes)"); ok {
			sa.Bytes, sa.Counted = number(n), true
		}
	case f[0] == "allocated:" && len(f) > 1:
		sa.Packets = number(f[1])
	case f[0] == "C:", f[0] == "NAT", f[0] == "last:", f[0] == "security", key == "sadb_seq":
	default:
		return false
	}
	return true
}

// kind reads "esp mode=tunnel spi=161(0x000000a1) reqid=1(0x00000001)".
func (sa *KernelSA) kind(f []string) {
	name, udp := strings.CutSuffix(strings.TrimPrefix(f[0], "natt+"), "-udp")
	sa.Protocol, _ = ike.ParseProtocol(name)
	sa.Encap = udp
	for _, w := range f[1:] {
		k, v, _ := strings.Cut(w, "=")
		switch k {
		case "mode":
			sa.Mode, _ = ike.ParseMode(v)
		case "spi":
			sa.SPI = spiOf(v)
		case "reqid":
			sa.ReqID = spiOf(v)
		}
	}
}

// begin reads the octets of a key, in groups of four, that may go on on the
// next line.
func (s *setkey) begin(to *ike.Secret, bits *int, f []string) {
	s.key, s.to, s.len = nil, to, bits
	s.more(f)
}

// setkeySpan reads the time after a word, not Known where it is 0.
func setkeySpan(f []string, word string) Span {
	for i, w := range f[:len(f)-1] {
		if w == word {
			return kernelSpan(f[i+1])
		}
	}
	return Span{}
}
