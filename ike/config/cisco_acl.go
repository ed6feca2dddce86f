package config

import (
	"math/bits"
	"net/netip"
	"strconv"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// Access lists of Cisco's products: what a crypto map protects, and what NAT
// leaves alone.

// ciscoACE is one entry: the pairs of selectors that it stands for, source
// first.
type ciscoACE struct {
	permit bool
	pairs  [][2]ike.Selector
	text   string // as the file has it
	bad    bool   // it was not understood
	at     Pos
}

// aceState says how the reading of an entry ended.
type aceState uint8

const (
	aceRead aceState = iota
	aceShort
	aceWrong
	aceHoles // a wildcard mask that is no range
	aceMany
)

// maxACEPairs bounds what the object groups of one entry multiply to,
// maxACETotal those of a file; maxGroups how deep groups lie in each other.
const (
	maxACEPairs = 1024
	maxACETotal = 1 << 18
	maxGroups   = 32
)

// aceWords are what the words of an entry may mean besides numbers.
type aceWords struct {
	groups   map[string]*ciscoGroup
	names    map[string]string // of addresses
	netmasks bool              // masks are of the bits that matter
}

// aceReader reads the words of an entry.
type aceReader struct {
	aceWords
	words []string
	state aceState
	depth int // of groups in each other
	v6    bool
}

func (r *aceReader) next() string {
	if len(r.words) == 0 {
		r.fail(aceShort)
		return ""
	}
	w := r.words[0]
	r.words = r.words[1:]
	return strings.ToLower(w)
}

func (r *aceReader) peek() string {
	if len(r.words) == 0 {
		return ""
	}
	return strings.ToLower(r.words[0])
}

func (r *aceReader) fail(s aceState) {
	if r.state == aceRead {
		r.state = s
	}
}

// parseACE reads an entry from permit or deny on.
func parseACE(words []string, at Pos, means aceWords) (ciscoACE, aceState) {
	e := ciscoACE{text: strings.Join(words, " "), at: at}
	r := &aceReader{words: words, aceWords: means}
	switch r.next() {
	case "permit":
		e.permit = true
	case "deny":
	default:
		return e, aceWrong
	}
	services := r.protocol()
	var ends [2][]ike.Selector
	var ports [2][][2]uint16
	for i := range ends {
		ends[i] = r.address()
		ports[i] = r.ports()
	}
	if r.state != aceRead {
		e.bad = true
		return e, r.state
	}
	for _, svc := range services {
		for _, src := range ends[0] {
			for _, dst := range ends[1] {
				for _, sp := range ports[0] {
					for _, dp := range ports[1] {
						if len(e.pairs) >= maxACEPairs {
							return e, aceMany
						}
						src.Protocol, dst.Protocol = svc.Protocol, svc.Protocol
						src.PortFrom, src.PortTo = sp[0], sp[1]
						dst.PortFrom, dst.PortTo = dp[0], dp[1]
						if svc.PortTo != 0 {
							dst.PortFrom, dst.PortTo = svc.PortFrom, svc.PortTo
						}
						e.pairs = append(e.pairs, [2]ike.Selector{src, dst})
					}
				}
			}
		}
	}
	return e, aceRead
}

// protocol reads the protocol, or an object group of services.
func (r *aceReader) protocol() []ike.Selector {
	w := r.next()
	if w == "object-group" || w == "object" {
		ports := r.group(r.next(), true)
		if len(ports) == 0 {
			r.fail(aceWrong)
		}
		return ports
	}
	r.v6 = w == "ipv6"
	n, ok := ciscoProtocol(w)
	if !ok && w != "" {
		r.fail(aceWrong)
	}
	return []ike.Selector{{Protocol: n}}
}

// ciscoProtocol reads a protocol by its name or number; ip is any.
func ciscoProtocol(w string) (uint8, bool) {
	switch w {
	case "ip", "ipv4", "ipv6":
		return 0, true
	case "ahp":
		return 51, true
	case "nos":
		return 94, true
	}
	if n, err := strconv.ParseUint(w, 10, 8); err == nil {
		return uint8(n), true
	}
	s, err := ike.ParseSelector("0.0.0.0/0[" + w + "]")
	return s.Protocol, err == nil && w != ""
}

// address reads one end of an entry.
func (r *aceReader) address() []ike.Selector {
	w := r.next()
	switch w {
	case "":
		return nil
	case "any", "any4":
		return []ike.Selector{everything(r.v6)}
	case "any6":
		return []ike.Selector{everything(true)}
	case "host":
		a, err := netip.ParseAddr(r.named(r.next()))
		if err != nil {
			r.fail(aceWrong)
		}
		return []ike.Selector{{From: a, To: a}}
	case "object-group", "object":
		return r.group(r.next(), false)
	}
	w = r.named(w)
	if p, err := netip.ParsePrefix(w); err == nil {
		return []ike.Selector{ike.SelectorPrefix(p)}
	}
	a, err := netip.ParseAddr(w)
	if err != nil || !a.Is4() {
		r.fail(aceWrong)
		return nil
	}
	m, err := netip.ParseAddr(r.next())
	if err != nil || !m.Is4() {
		r.fail(aceWrong)
		return nil
	}
	s, ok := masked32(a, m, r.netmasks)
	if !ok {
		r.fail(aceHoles)
	}
	return []ike.Selector{s}
}

// named returns the address that a name stands for, or the word itself.
func (r *aceReader) named(w string) string {
	if a, ok := r.names[w]; ok {
		return a
	}
	return w
}

// everything is the selector of all addresses of one version.
func everything(v6 bool) ike.Selector {
	a := netip.IPv4Unspecified()
	if v6 {
		a = netip.IPv6Unspecified()
	}
	return ike.SelectorPrefix(netip.PrefixFrom(a, 0))
}

// masked32 reads an address and a mask, of the bits that matter or of those that
// do not. ok is false where the latter are not the last ones: what it then
// matches is no range.
func masked32(a, m netip.Addr, netmask bool) (ike.Selector, bool) {
	free := bits32(m)
	if netmask {
		free = ^free
	}
	if free&(free+1) != 0 {
		return ike.Selector{}, false
	}
	p := netip.PrefixFrom(a, bits.LeadingZeros32(free)).Masked()
	return ike.SelectorPrefix(p), true
}

func bits32(a netip.Addr) uint32 {
	b := a.As4()
	return uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
}

// netmask reads an address and a mask of the bits that do matter.
func netmask(a, m string) (netip.Prefix, bool) {
	x, err := netip.ParseAddr(a)
	y, err2 := netip.ParseAddr(m)
	if err != nil || err2 != nil || !x.Is4() || !y.Is4() {
		return netip.Prefix{}, false
	}
	free := ^bits32(y)
	return netip.PrefixFrom(x, bits.LeadingZeros32(free)), free&(free+1) == 0
}

// ports reads what restricts the ports of an end.
func (r *aceReader) ports() [][2]uint16 {
	switch r.peek() {
	case "eq":
		r.next()
		var out [][2]uint16
		for {
			n, ok := ciscoPort(r.peek())
			if !ok {
				break
			}
			r.next()
			out = append(out, [2]uint16{n, n})
		}
		if out == nil {
			r.fail(aceWrong)
		}
		return out
	case "range":
		r.next()
		from, ok1 := ciscoPort(r.next())
		to, ok2 := ciscoPort(r.next())
		if !ok1 || !ok2 {
			r.fail(aceWrong)
		}
		return [][2]uint16{{from, to}}
	case "lt":
		r.next()
		n, ok := ciscoPort(r.next())
		if !ok || n == 0 {
			r.fail(aceWrong)
			n = 1
		}
		return [][2]uint16{{0, n - 1}}
	case "gt":
		r.next()
		n, ok := ciscoPort(r.next())
		if !ok || n == 1<<16-1 {
			r.fail(aceWrong)
			n = 0
		}
		return [][2]uint16{{n + 1, 1<<16 - 1}}
	case "neq":
		r.fail(aceWrong)
	case "object-group":
		// Of networks it is the other end.
		if len(r.words) < 2 {
			break
		}
		if g := r.groups[strings.ToLower(r.words[1])]; g == nil || !g.service {
			break
		}
		r.next()
		var out [][2]uint16
		for _, s := range r.group(r.next(), true) {
			out = append(out, [2]uint16{s.PortFrom, s.PortTo})
		}
		if len(out) == 0 {
			break
		}
		return out
	}
	return [][2]uint16{{}}
}

// ciscoPort reads a port by its number or name, some of which only IOS has.
func ciscoPort(w string) (uint16, bool) {
	switch w {
	case "non500-isakmp":
		return 4500, true
	case "cmd", "syslog":
		return 514, true
	}
	if w == "" || w[0] == '-' {
		return 0, false
	}
	if n, err := strconv.ParseUint(w, 10, 16); err == nil {
		return uint16(n), true
	}
	if !word(w) {
		return 0, false
	}
	s, err := ike.ParseSelector("0.0.0.0/0[udp/" + w + "]")
	return s.PortFrom, err == nil && s.PortFrom != 0
}
