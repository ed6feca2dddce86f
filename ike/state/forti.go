package state

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/ikediag/ikediag/ike"
)

// What FortiGate prints for diagnose vpn tunnel list: a tunnel with its counters,
// below it a record of each pair of selectors (proxyid), and in it the SAs. It
// prints keys, which are not kept:
//
//	list all ipsec tunnel in vd 0
//	------------------------------------------------------
//	name=branch ver=1 serial=3 192.0.2.1:0->192.0.2.9:0 tun_id=192.0.2.9
//	proxyid_num=1 child_num=0 refcnt=6 ilast=2 olast=2 ad=/0
//	stat: rxp=1 txp=2 rxb=84 txb=168
//	natt: mode=none draft=0 interval=0 remote_port=0
//	proxyid=lan proto=0 sa=1 ref=3 serial=1 auto-negotiate
//	  src: 0:10.1.0.0/255.255.255.0:0
//	  dst: 0:10.2.0.0-10.2.0.255:0
//	  SA:  ref=6 options=1a227 type=00 soft=0 mtu=1438 expire=42855/0B replaywin=2048
//	  dec: spi=54b85816 esp=aes key=16 …
//	       ah=sha1 key=20 …
//	  enc: spi=f01e0451 esp=aes key=16 …
//	       ah=sha1 key=20 …
//	  dec:pkts/bytes=2/168, enc:pkts/bytes=4/472
//
// get vpn ipsec tunnel summary has a line for each tunnel:
//
//	'branch' 192.0.2.9:0  selectors(total,up): 1/1  rx(pkt,err): 10/0  tx(pkt,err): 12/0

// isForti recognises the lines that FortiGate's outputs begin with.
func isForti(before, line string) Format {
	s := strings.TrimSpace(line)
	switch {
	case strings.HasPrefix(s, "list all ipsec tunnel in vd "), strings.HasPrefix(s, "list ipsec tunnel by names in vd "), strings.HasPrefix(s, "list all instance of tunnel "),
		strings.HasPrefix(s, "name=") && strings.Contains(s, " ver=") && strings.Contains(s, " serial=") && strings.Contains(s, "->"):
		return FortiTunnels
	case strings.HasPrefix(s, "name: ") && strings.HasPrefix(strings.TrimSpace(before), "vd: "):
		return FortiGateways
	case strings.HasPrefix(s, "'") && strings.Contains(s, " selectors(total,up): "):
		return FortiSummary
	}
	return FormatUnknown
}

// fortiFrame reports whether a line is one around the output.
func fortiFrame(s string) bool {
	return s == "" || strings.Trim(s, "-") == "" || strings.HasPrefix(s, "list ") || strings.Contains(s, "# diag") || strings.Contains(s, "# get vpn ") || strings.HasPrefix(s, "# ") || strings.HasSuffix(s, " #")
}

// forti is a reading of all three outputs, which are often kept in one file.
type forti struct {
	p        *parser
	at       int // the SA that lines are about, -1 for none
	gateways bool
	before   string
	// Of a tunnel list.
	stat  fortiStat
	idle  Span
	pairs int  // SA pairs of the tunnel
	udp   bool // they are put into UDP
	// Of a list of gateways.
	gateway SA
	created uint64 // the negotiations that there were
	ever    bool   // one of them came to an end
}

// fortiStat is the counters of a tunnel.
type fortiStat struct{ in, out Flow }

func readForti(p *parser) {
	g := forti{p: p, at: -1}
	for p.next() {
		s := strings.TrimSpace(p.line)
		switch f := isForti(g.before, s); {
		case f == FortiTunnels && strings.HasPrefix(s, "name="):
			g.begin(s)
		case f == FortiSummary:
			g.summary(s)
		case f == FortiGateways:
			g.end()
			g.gateways, g.gateway, g.created, g.ever = true, SA{Line: p.n, Name: strings.TrimSpace(s[len("name: "):])}, 0, false
		case fortiFrame(s), strings.HasPrefix(s, "vd: "):
		case g.gateways:
			g.gatewayLine(s)
		case g.at >= 0:
			g.line(s)
		default:
			p.unknown()
		}
		if s != "" {
			g.before = s
		}
	}
	g.end()
}

func (g *forti) sa() *SA { return &g.p.st.SAs[g.at] }

func (g *forti) add(sa SA) bool {
	g.at = -1
	if !g.p.room() {
		return false
	}
	if sa.Line == 0 {
		sa.Line = g.p.n
	}
	sa.Local.Identity = ike.Identity{Any: true}
	if sa.Remote.Text == "" {
		sa.Remote.Identity = ike.Identity{Any: true}
	}
	g.p.st.SAs = append(g.p.st.SAs, sa)
	g.at = len(g.p.st.SAs) - 1
	return true
}

// begin reads "name=branch ver=1 serial=3 192.0.2.1:0->192.0.2.9:0 …". A name
// may hold blanks.
func (g *forti) begin(s string) {
	g.end()
	name, rest, _ := strings.Cut(strings.TrimPrefix(s, "name="), " ver=")
	f := strings.Fields(rest)
	sa := SA{Name: name}
	if len(f) > 0 {
		sa.Version = int(number(f[0]) & 3)
	}
	for _, w := range f {
		if from, to, ok := strings.Cut(w, "->"); ok {
			sa.Local.Address, _ = junosEnd(from)
			sa.Remote.Address, _ = junosEnd(to)
		}
	}
	g.gateways, g.stat, g.pairs, g.idle, g.udp = false, fortiStat{}, 0, Span{}, false
	g.add(sa)
}

// line reads another line of a tunnel.
func (g *forti) line(s string) {
	key, _, _ := strings.Cut(s, " ")
	key, _, _ = strings.Cut(key, "=")
	sa := g.sa()
	var k *Child
	if n := len(sa.Children); n > 0 {
		k = &sa.Children[n-1]
	}
	switch {
	case strings.HasPrefix(s, "dec:pkts/bytes="):
		g.counts(k, s)
	case key == "stat:":
		g.stat.in.Packets, g.stat.out.Packets = number(fortiValue(s, "rxp")), number(fortiValue(s, "txp"))
		g.stat.in.Bytes, g.stat.out.Bytes = number(fortiValue(s, "rxb")), number(fortiValue(s, "txb"))
	case key == "proxyid_num":
		if n := fortiValue(s, "ilast"); isNumber(n) {
			g.idle = seconds(n)
		}
	case key == "natt:":
		g.udp = fortiValue(s, "mode") != "none"
		if port := number(fortiValue(s, "remote_port")); port > 0 && port < 1<<16 && g.udp && sa.Remote.Address.IsValid() {
			sa.Remote.Address = netip.AddrPortFrom(sa.Remote.Address.Addr(), uint16(port))
		}
	case key == "proxyid":
		if !g.p.room() {
			break
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(s, "proxyid="), " proto=")
		c := Child{Line: g.p.n, Name: name, State: ChildCreated, Mode: ike.ModeTunnel, StateText: "sa=" + harmless(fortiValue(s, "sa"))}
		if strings.Contains(s, " transport-mode") {
			c.Mode = ike.ModeTransport
		}
		sa.Children = append(sa.Children, c)
	case k == nil:
		if !fortiKnown(key) {
			g.p.unknown()
		}
	case key == "src:":
		k.Local = append(k.Local, fortiSelector(s)...)
	case key == "dst:":
		k.Remote = append(k.Remote, fortiSelector(s)...)
	case key == "SA:":
		g.pair(k, s)
	case key == "dec:" || key == "enc:":
		spi, _ := strconv.ParseUint(fortiValue(s, "spi"), 16, 32)
		if k.Protocol = ike.ProtocolESP; key == "dec:" {
			k.In.SPI = uint32(spi)
		} else {
			k.Out.SPI = uint32(spi)
		}
		k.cipher(fortiValue(s, "esp"), fortiValue(s, "key"))
	case key == "ah":
		k.integrity(fortiValue(s, "ah"))
	case fortiKnown(key):
	default:
		g.p.unknown()
	}
}

// fortiKnown reports whether a line that begins with a word is one of a tunnel
// that says nothing of use here.
func fortiKnown(key string) bool {
	switch key {
	case "bound_if", "parent", "dpd:", "fec:", "fec-egress:", "fec-ingress:", "seqno", "life:", "npu_flag", "run_tally", "run_state", "npu-gateway:", "npu_rgwy", "proxyid_num", "dec_npuid", "egress", "nat:", "accept_traffic", "ipv4", "ipv6":
		return true
	}
	return false
}

// fortiValue returns the value of a name in a line of names and values.
func fortiValue(s, name string) string {
	for w := range strings.FieldsSeq(s) {
		if k, v, ok := strings.Cut(w, "="); ok && k == name {
			return v
		}
	}
	return ""
}

// pair reads the line that begins an SA pair: another of the same selectors, while
// one replaces the other, is a child of its own.
func (g *forti) pair(k *Child, s string) {
	if k.State == ChildInstalled {
		if !g.p.room() {
			return
		}
		again := Child{Line: g.p.n, Name: k.Name, Mode: k.Mode, StateText: k.StateText, Local: k.Local, Remote: k.Remote}
		sa := g.sa()
		sa.Children = append(sa.Children, again)
		k = &sa.Children[len(sa.Children)-1]
	}
	g.pairs++
	k.State, k.UDP = ChildInstalled, g.udp
	if left, _, ok := strings.Cut(fortiValue(s, "expire"), "/"); ok && isNumber(left) {
		k.Expire = seconds(left)
	}
	k.In.Window = uint32(min(number(fortiValue(s, "replaywin")), 1<<32-1))
}

// counts reads "dec:pkts/bytes=2/168, enc:pkts/bytes=4/472".
func (g *forti) counts(k *Child, s string) {
	if k == nil {
		return
	}
	for part := range strings.SplitSeq(s, ", ") {
		way, counts, _ := strings.Cut(part, ":pkts/bytes=")
		packets, octets, _ := strings.Cut(counts, "/")
		to := &k.Out
		if way == "dec" {
			to, k.In.Idle = &k.In, Span{}
			if number(packets) > 0 {
				k.In.Idle = g.idle
			}
		}
		to.Packets, to.Bytes, to.Counted = number(packets), number(octets), true
	}
}

// cipher sets what "esp=aes key=16" says: the key's length is in octets, with the
// salt of an AEAD.
func (c *Child) cipher(name, key string) {
	v, ok := ike.ParseCipher(name)
	if !ok || len(c.Proposal.Ciphers) > 0 {
		return
	}
	if bits := 8 * min(number(key), 64); v.Cipher.VariableKey() && v.KeyBits == 0 {
		if v.Cipher.AEAD() {
			bits -= min(bits, 32)
		}
		v.KeyBits = uint16(bits)
	}
	c.Proposal.Protocol, c.Proposal.Ciphers = c.Protocol, []ike.CipherKey{v}
	c.Algorithms = v.String()
}

func (c *Child) integrity(name string) {
	v, ok := ike.ParseIntegrity(name)
	if !ok || v == ike.IntegrityNone || len(c.Proposal.Integrity) > 0 {
		return
	}
	c.Proposal.Integrity = []ike.Integrity{v}
	c.Algorithms += "/" + v.String()
}

// end closes the tunnel or gateway that was read. FortiOS counts a packet of an
// SA twice where it passes twice through the same code, and the tunnel's own
// counters not; these go on over a rekeying. The lesser is meant where both are
// of the same SA.
func (g *forti) end() {
	if g.gateways {
		g.endGateway()
	} else if g.at >= 0 && g.pairs == 1 {
		for i := range g.sa().Children {
			k := &g.sa().Children[i]
			if k.In.Counted && k.State == ChildInstalled {
				k.In.Packets, k.Out.Packets = lesser(k.In.Packets, g.stat.in.Packets), lesser(k.Out.Packets, g.stat.out.Packets)
			}
		}
	}
	g.at, g.gateways = -1, false
}

// lesser returns the lesser of two counts; one that is 0 says nothing.
func lesser(a, b uint64) uint64 {
	if a == 0 || b == 0 {
		return max(a, b)
	}
	return min(a, b)
}

// fortiSelector reads "src: 0:10.1.0.0/255.255.255.0:0" or "… 17:192.0.2.1-192.0.2.1:1701".
func fortiSelector(s string) []ike.Selector {
	_, s, _ = cut2(s, ": ")
	proto, rest, _ := strings.Cut(s, ":")
	network, port, ok := cutLast(rest, ":")
	if !ok {
		return nil
	}
	sel, ok := ciscoNetwork(network)
	if !ok {
		return nil
	}
	sel.Protocol = uint8(min(number(proto), 255))
	if n := number(port); n > 0 && n < 1<<16 {
		sel.PortFrom, sel.PortTo = uint16(n), uint16(n)
	}
	return []ike.Selector{sel}
}

// summary reads a line of the summary.
func (g *forti) summary(s string) {
	g.end()
	name, rest, _ := strings.Cut(s[1:], "' ")
	f := strings.Fields(rest)
	if len(f) == 0 {
		g.p.unknown()
		return
	}
	sa := SA{Name: name}
	sa.Remote.Address, _ = junosEnd(f[0])
	k := Child{Line: g.p.n, Name: name, State: ChildCreated}
	for i, w := range f[:len(f)-1] {
		a, b, _ := strings.Cut(f[i+1], "/")
		switch w {
		case "selectors(total,up):":
			if k.StateText = harmless(f[i+1]) + " selectors up"; number(b) > 0 {
				k.State = ChildInstalled
			}
		case "rx(pkt,err):":
			k.In.Packets, k.In.Counted = number(a), true
		case "tx(pkt,err):":
			k.Out.Packets, k.Out.Counted = number(a), true
		}
	}
	if g.add(sa) && g.p.room() {
		g.sa().Children = []Child{k}
	}
	g.at = -1
}

// leadingSeconds reads a number of seconds that a word is the beginning of: "142s".
func leadingSeconds(s string) Span {
	n := 0
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	if n == 0 || n > 10 {
		return Span{}
	}
	return Span{Known: true, D: time.Duration(number(s[:n])) * time.Second, Unit: time.Second}
}
