package state

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/ikediag/ikediag/ike"
)

// routerState reports whether a word is the state of an IKE SA or of an SA.
func routerState(s string) bool {
	switch s {
	case "established", "spawning", "starting", "expired", "no-phase1", "eap", "crypto", "qkd", "larval", "mature", "dying", "dead":
		return true
	}
	return strings.HasPrefix(s, "message-")
}

// close keeps the record that was read.
func (r *routerOS) close() {
	if !r.open {
		return
	}
	r.open, r.quoted = false, false
	switch {
	case r.part == RouterOSPeers && r.get("state", 0) != "":
		r.peer()
	case r.part == RouterOSSAs && r.get("spi", 0) != "":
		r.sa()
	}
}

// peer keeps an IKE SA. Its states are racoon's: of the messages that one side
// sends the initiator's first is the first of main mode, and the responder's
// the second.
func (r *routerOS) peer() {
	if !r.p.room() {
		return
	}
	sa := SA{Line: r.line, StateText: harmless(r.get("state", 0)), Age: routerSpan(r.get("uptime", 0))}
	sa.Local.Identity, sa.Remote.Identity = ike.Identity{Any: true}, ike.Identity{Any: true}
	if sa.Remote.Text = r.get("id", 0); sa.Remote.Text != "" {
		sa.Remote.Identity = ike.ParseIdentity(sa.Remote.Text, ike.DialectAny)
	}
	sa.Local.Address = routerPort(r.get("local-address", 0), r.get("port", 0))
	sa.Remote.Address = routerPort(r.get("remote-address", 0), r.get("port", 1))
	if a, ok := address(sa.Remote.Text); ok && !sa.Remote.Address.IsValid() { // a table without the column
		sa.Remote.Address = netip.AddrPortFrom(a, 0)
	}
	sa.Cookies[0], _ = cookie(r.get("spii", 0))
	sa.Cookies[1], _ = cookie(r.get("spir", 0))
	sa.role(r.get("side", 0))
	if sa.Role == RoleUnknown && strings.Contains(r.flags, "R") {
		sa.Role = RoleResponder
	}
	if a, ok := address(r.get("dynamic-address", 0)); ok {
		sa.Remote.Virtual = append(sa.Remote.Virtual, a)
	}
	switch state := r.get("state", 0); {
	case state == "established":
		sa.State = IKEEstablished
	case strings.HasPrefix(state, "message-"):
		sa.State = IKEConnecting
		n, what, _ := strings.Cut(state[len("message-"):], "-")
		if sent := 2*number(n) - 1; what == "sent" && sent < 6 && sa.Role == RoleInitiator {
			sa.Sent = uint8(sent)
		} else if what == "sent" && sent < 6 && sa.Role == RoleResponder {
			sa.Sent = uint8(sent + 1)
		}
	case state == "starting", state == "spawning", state == "no-phase1":
		sa.State = IKECreated
	}
	r.p.st.SAs = append(r.p.st.SAs, sa)
}

// sa keeps one direction of an SA pair.
func (r *routerOS) sa() {
	spi, err := strconv.ParseUint(strings.TrimPrefix(r.get("spi", 0), "0x"), 16, 32)
	from, ok := routerEnd(r.get("src-address", 0))
	to, ok2 := routerEnd(r.get("dst-address", 0))
	if err != nil || !ok || !ok2 || !r.p.room() {
		return
	}
	sa := KernelSA{
		Line: r.line, Source: from.Addr(), Destination: to.Addr(), SourcePort: from.Port(), DestPort: to.Port(), Encap: from.Port() != 0, Protocol: ike.ProtocolESP, SPI: uint32(spi),
		Cipher: routerCipher(r.get("enc-algorithm", 0)), Integrity: routerIntegrity(r.get("auth-algorithm", 0)), CipherBits: int(min(number(r.get("enc-key-size", 0)), 1<<12)),
		Bytes: number(r.get("current-bytes", 0)), Packets: number(r.get("current-packets", 0)), ReplayWindow: uint32(min(number(r.get("replay", 0)), 1<<20)),
		Larval: r.get("state", 0) == "larval",
	}
	if strings.Contains(r.flags, "A") && !strings.Contains(r.flags, "E") {
		sa.Protocol = ike.ProtocolAH
	}
	sa.Flags = append(sa.Flags, harmless(r.get("state", 0)))
	if strings.Contains(r.flags, "H") || r.get("hw-aead", 0) == "true" {
		sa.Flags = append(sa.Flags, "hw-aead")
	}
	soft, hard, _ := strings.Cut(r.get("add-lifetime", 0), "/")
	sa.SoftExpire, sa.HardExpire = routerSpan(soft), routerSpan(hard)
	r.count = r.count || sa.Bytes+sa.Packets > 0
	r.p.st.Kernel = append(r.p.st.Kernel, sa)
}

// routerCipher returns the name that kernels have for a cipher.
func routerCipher(s string) string {
	switch s {
	case "3des", "des":
		return s + "-cbc"
	case "aes-gcm":
		return "aes-gcm-16"
	case "aes":
		return "aes-cbc"
	}
	return harmless(s)
}

// routerIntegrity returns the name that kernels have for an integrity algorithm,
// empty for what is none.
func routerIntegrity(s string) string {
	switch s {
	case "md5", "sha1", "sha256", "sha384", "sha512":
		return "hmac-" + s
	}
	return ""
}

// routerEnd reads an address that a port may follow.
func routerEnd(s string) (netip.AddrPort, bool) {
	if e, err := netip.ParseAddrPort(s); err == nil {
		return e, true
	}
	a, ok := address(s)
	return netip.AddrPortFrom(a, 0), ok
}

func routerPort(host, port string) netip.AddrPort {
	e, ok := routerEnd(host)
	if n := number(port); ok && e.Port() == 0 && n < 1<<16 {
		e = netip.AddrPortFrom(e.Addr(), uint16(n))
	}
	return e
}

// routerSpan reads "5h9m14s", "1w2d3h" or "48m".
func routerSpan(s string) Span {
	var d time.Duration
	for rest := s; rest != ""; {
		n := 0
		for n < len(rest) && '0' <= rest[n] && rest[n] <= '9' {
			n++
		}
		if n == 0 || n > 6 || n == len(rest) {
			return Span{}
		}
		unit, ok := map[byte]time.Duration{'w': 7 * 24 * time.Hour, 'd': 24 * time.Hour, 'h': time.Hour, 'm': time.Minute, 's': time.Second}[rest[n]]
		if !ok || d > 1<<61 || number(rest[:n]) > 9999 {
			return Span{}
		}
		d += time.Duration(number(rest[:n])) * unit
		rest = rest[n+1:]
	}
	return Span{Known: s != "", D: d, Unit: time.Second}
}
