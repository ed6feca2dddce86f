package esp

import "github.com/ikediag/ikediag/ike"

// Lengths in octets of headers without options.
const (
	ipv4Len = 20
	ipv6Len = 40
	tcpLen  = 20
)

// Encapsulation says how packets of a tunnel are wrapped: enough to compute
// their length. The zero value is ESP in tunnel mode over IPv4 without
// encryption.
type Encapsulation struct {
	Transform
	// Protocol is ESP or AH; none means ESP.
	Protocol ike.Protocol
	// Mode is tunnel or transport, in UDP or not; none means tunnel.
	Mode ike.Mode
	// OuterIPv6 says that the gateways speak IPv6, InnerIPv6 that the hosts
	// behind them do. In transport mode there is one header, and either means
	// IPv6.
	OuterIPv6, InnerIPv6 bool
	// AlignAH8 pads AH to eight octets over IPv4 too, as Linux does for an SA
	// without the flag align4. RFC 4302, section 2.6, asks for four.
	AlignAH8 bool
}

// layout is an Encapsulation's arithmetic: a packet of n octets becomes
// before + n - cut, padded, + after.
type layout struct {
	before, after int // headers and IV in front, ICV behind
	cut           int // the inner header that moves in front, in transport mode
	block         int // what cut payload and trailer are padded to
	trailer       int // padding length and next header
	header        int // the inner packet's own IP header
}

func (e *Encapsulation) layout() (l layout, ok bool) {
	outer, inner := ipv4Len, ipv4Len
	transport := e.Mode.Inner() == ike.ModeTransport
	six := e.OuterIPv6 || transport && e.InnerIPv6
	if six {
		outer = ipv6Len
	}
	if e.InnerIPv6 || transport && six {
		inner = ipv6Len
	}
	l.before, l.header, l.block = outer, inner, 1
	if transport {
		l.cut = inner
	}
	if e.Mode != e.Mode.Inner() {
		l.before += UDPHeaderLen
	}
	if e.Protocol == ike.ProtocolAH {
		icv, _, ok := macSizes(e.Integrity)
		if !ok || icv == 0 {
			return layout{}, false
		}
		if e.ICV > 0 {
			icv = e.ICV
		}
		align := 4
		if six || e.AlignAH8 {
			align = 8
		}
		l.before += roundUp(ahFixed+icv, align)
		return l, true
	}
	s, ok := e.Sizes()
	if !ok {
		return layout{}, false
	}
	l.before += HeaderLen + s.IV
	l.after, l.block, l.trailer = s.ICV, s.Block, 2
	return l, true
}

func roundUp(n, to int) int { return (n + to - 1) / to * to }

// Size returns the length on the wire, outer IP header included, of an inner
// IP packet of the given length, without traffic flow padding. It is 0 where
// an algorithm's sizes are not known or the packet is shorter than its header.
func (e *Encapsulation) Size(inner int) int {
	l, ok := e.layout()
	if !ok || inner < l.header {
		return 0
	}
	return l.before + roundUp(inner-l.cut+l.trailer, l.block) + l.after
}

// Overhead returns what encapsulation adds to a packet of the given length.
func (e *Encapsulation) Overhead(inner int) int {
	if n := e.Size(inner); n != 0 {
		return n - inner
	}
	return 0
}

// MaxInner returns the length of the largest inner IP packet that fits
// unfragmented into a path MTU: the MTU to set on the tunnel. It is 0 where
// none does or an algorithm's sizes are not known.
func (e *Encapsulation) MaxInner(pathMTU int) int {
	l, ok := e.layout()
	if !ok {
		return 0
	}
	room := pathMTU - l.before - l.after
	if room < 0 {
		return 0
	}
	if n := room/l.block*l.block - l.trailer + l.cut; n >= l.header {
		return n
	}
	return 0
}

// MSS returns the largest TCP segment that fits unfragmented into a path MTU,
// the value to clamp to: the largest inner packet less IP and TCP header
// without options (RFC 9293, section 3.7.1). It is 0 where none fits.
func (e *Encapsulation) MSS(pathMTU int) int {
	l, ok := e.layout()
	if !ok {
		return 0
	}
	return max(e.MaxInner(pathMTU)-l.header-tcpLen, 0)
}

// Fragments returns how many IPv4 fragments, or IPv6 fragments, an inner
// packet of the given length takes on a path with the given MTU when the outer
// packet is fragmented: 1 where it fits, 0 where nothing is known.
func (e *Encapsulation) Fragments(inner, pathMTU int) int {
	n := e.Size(inner)
	if n == 0 {
		return 0
	}
	if n <= pathMTU {
		return 1
	}
	header, extra := ipv4Len, 0
	if l, _ := e.layout(); e.OuterIPv6 || l.cut == ipv6Len {
		header, extra = ipv6Len, 8 // RFC 8200, section 4.5
	}
	each := (pathMTU - header - extra) / 8 * 8
	if each <= 0 {
		return 0
	}
	return (n - header + each - 1) / each
}
