package ingest_test

import (
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/ikediag/ikediag/diag/ingest"
)

// A pair is two gateways with a tunnel that came up, the hosts behind them, and
// what becomes of the packets that the western host sends to the eastern one.
// run makes it all happen; each gateway records its outer interface, as Linux
// does, where what it decrypts shows as well, and writes down its state after.
type pair struct {
	sizes []int // of the requests, with their IP headers

	lost     func(east bool, octets int) bool // on the path, by where it is headed
	mss      uint16                           // the first request opens a TCP connection and announces it
	told     int                              // the MTU that a router reports to the western gateway of what it drops
	delay    func(n int) int                  // how many packets sent after the n-th come before it
	drops    func(n int) string               // the kernel's counter of a packet that comes to the east and that it drops
	stops    string                           // what keeps it from going on in the east: forwarding, filter, firewall
	silent   bool                             // the eastern host does not answer
	refuses  byte                             // the code of ICMP's unreachable by which the eastern gateway says so
	astray   bool                             // its answers go another way
	noPolicy bool                             // the eastern kernel's
	noSA     bool
	before   map[string]int // what the eastern kernel had counted before

	at         time.Duration
	west, east gateway
	lan        []datagram // recorded behind the eastern gateway
}

// A gateway is one of the two, with what its kernel counts.
type gateway struct {
	capture          []datagram
	in, out          int
	failed, replayed int
	counters         map[string]int
}

var (
	westHost, eastHost = [4]byte{10, 1, 0, 5}, [4]byte{10, 2, 0, 5}
	spiEast, spiWest   = uint32(0xc0000002), uint32(0xc0000001)
)

// sealed returns the packet that protects an inner one: the outer header, the
// SPI and the sequence number, the vector, the inner packet with its padding,
// and the check value (AES-CBC with HMAC-SHA-256).
func sealed(src, dst [4]byte, ttl byte, spi uint32, seq, inner int, at time.Duration) datagram {
	body := make([]byte, 8+16+(inner+2+15)/16*16+16)
	binary.BigEndian.PutUint32(body, spi)
	binary.BigEndian.PutUint32(body[4:], uint32(seq))
	return datagram{at: at, src: src, dst: dst, ttl: ttl, protocol: 50, payload: body}
}

// tooBig is a router's report of a packet that does not fit (RFC 1191, section 4).
func tooBig(d *datagram, mtu int) datagram {
	body := []byte{3, 4, 0, 0, 0, 0, byte(mtu >> 8), byte(mtu)}
	body = append(body, d.record(nil)[16:][:28]...)
	return datagram{at: d.at + 5*time.Millisecond, src: [4]byte{203, 0, 113, 1}, dst: d.src, ttl: 63, protocol: 1, payload: body}
}

// echo returns a ping, or its answer.
func echo(src, dst [4]byte, ttl byte, answer bool, octets int, at time.Duration) datagram {
	body := make([]byte, octets-20)
	if body[0] = 8; answer {
		body[0] = 0
	}
	return datagram{at: at, src: src, dst: dst, ttl: ttl, protocol: 1, payload: body}
}

func (p *pair) run() {
	p.west.counters, p.east.counters = map[string]int{}, map[string]int{}
	maps.Copy(p.east.counters, p.before)
	for _, d := range negotiation(0, west, east, 7) {
		near, far := d, d
		if d.src == west {
			far.ttl = 60
		} else {
			near.ttl, far.ttl = 60, 64
		}
		p.west.capture, p.east.capture = append(p.west.capture, near), append(p.east.capture, far)
	}
	p.lan = append(p.lan, echo([4]byte{10, 2, 0, 1}, [4]byte{10, 2, 0, 9}, 64, false, 84, time.Second))
	var late [][2]int // when it comes, which it is
	for n, size := range p.sizes {
		p.at = 2*time.Second + time.Duration(n)*300*time.Millisecond
		d := sealed(west, east, 64, spiEast, n+1, size, p.at)
		p.west.capture, p.west.out = append(p.west.capture, d), p.west.out+1
		if p.lost != nil && p.lost(true, 20+len(d.payload)) {
			if p.told > 0 {
				p.west.capture = append(p.west.capture, tooBig(&d, p.told))
			}
			continue
		}
		if k := 0; p.delay != nil {
			if k = p.delay(n); k > 0 {
				late = append(late, [2]int{n + k, n})
				continue
			}
		}
		p.arrive(n)
		for len(late) > 0 && late[0][0] <= n {
			p.at += time.Millisecond
			p.arrive(late[0][1])
			late = late[1:]
		}
	}
	for _, l := range late {
		p.at += time.Millisecond
		p.arrive(l[1])
	}
	// Other things go on after.
	other := datagram{src: west, dst: [4]byte{224, 0, 0, 22}, ttl: 1, protocol: 2, at: p.at + 10*time.Second}
	p.west.capture = append(p.west.capture, other)
	other.src = east
	p.east.capture = append(p.east.capture, other)
}

// arrive takes the n-th packet in at the eastern gateway.
func (p *pair) arrive(n int) {
	at, size, e := p.at+10*time.Millisecond, p.sizes[n], &p.east
	e.capture = append(e.capture, sealed(west, east, 60, spiEast, n+1, size, at))
	if p.drops != nil {
		if c := p.drops(n); c != "" {
			e.counters[c]++
			switch c {
			case "XfrmInStateSeqError":
				e.replayed++
			case "XfrmInStateProtoError":
				e.failed++
			case "XfrmInNoPols":
				e.in++ // it was decrypted
			}
			return
		}
	}
	e.in++
	request := echo(westHost, eastHost, 63, false, size, at+100*time.Microsecond)
	if n == 0 && p.mss > 0 {
		request.protocol, request.payload = 6, slices.Replace(make([]byte, size-20), 12, 24, 6<<4, 2, 0, 0, 0, 0, 0, 0, 2, 4, byte(p.mss>>8), byte(p.mss))
	}
	e.capture = append(e.capture, request)
	switch p.stops {
	case "filter":
		e.counters["TcpExtIPReversePathFilter"]++
		fallthrough
	case "forwarding", "firewall":
		return
	}
	p.lan = append(p.lan, echo(westHost, eastHost, 62, false, size, at+200*time.Microsecond))
	if p.refuses != 0 {
		body := append([]byte{3, p.refuses, 0, 0, 0, 0, 0, 0}, (&p.lan[len(p.lan)-1]).record(nil)[16:][:28]...)
		p.answer(datagram{src: [4]byte{10, 2, 0, 1}, dst: westHost, ttl: 63, protocol: 1, payload: body}, at)
		return
	}
	if p.silent {
		return
	}
	p.lan = append(p.lan, echo(eastHost, westHost, 64, true, size, at+time.Millisecond))
	if p.astray {
		return
	}
	p.answer(echo(eastHost, westHost, 62, true, size, 0), at)
}

// answer sends a packet back through the tunnel.
func (p *pair) answer(inner datagram, at time.Duration) {
	e := &p.east
	e.out++
	back := sealed(east, west, 64, spiWest, e.out, 20+len(inner.payload), at+2*time.Millisecond)
	e.capture = append(e.capture, back)
	if p.lost != nil && p.lost(false, 20+len(back.payload)) {
		return
	}
	back.ttl, back.at = 60, back.at+10*time.Millisecond
	p.west.in++
	inner.at = back.at + 100*time.Microsecond
	p.west.capture = append(p.west.capture, back, inner)
}

// inputs returns what the chosen ends give: captures and state.
func (p *pair) inputs(w, e bool) (in []ingest.Input) {
	if w {
		in = append(in, memory("w/outer.pcap", "w", record(p.west.capture)))
		in = append(in, p.west.state("w", "i*", "r", west, east, "10.1.0.0/24", "10.2.0.0/24", spiWest, spiEast, p, false)...)
	}
	if e {
		in = append(in, memory("e/outer.pcap", "e", record(p.east.capture)))
		in = append(in, p.east.state("e", "i", "r*", east, west, "10.2.0.0/24", "10.1.0.0/24", spiEast, spiWest, p, true)...)
	}
	return in
}

// state returns what a gateway writes down: its daemon's SAs, its kernel's, the
// policies, the counters, its settings and its routes.
func (g *gateway) state(dir, i, r string, own, peer [4]byte, local, remote string, spiIn, spiOut uint32, p *pair, eastern bool) []ingest.Input {
	addr := func(a [4]byte) string { return fmt.Sprintf("%d.%d.%d.%d", a[0], a[1], a[2], a[3]) }
	var sas, kernel, policies, stat strings.Builder
	fmt.Fprintf(&sas, "net: #1, ESTABLISHED, IKEv1, 0700000000000000_%s 0800000000000000_%s\n  local  '%[3]s' @ %[3]s[500]\n  remote '%[4]s' @ %[4]s[500]\n", i, r, addr(own), addr(peer))
	sas.WriteString("  AES_CBC-128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048\n  established 60s ago, rekeying in 12000s\n")
	if !(eastern && p.noSA) {
		sas.WriteString("  net: #1, reqid 1, INSTALLED, TUNNEL, ESP:AES_CBC-128/HMAC_SHA2_256_128\n    installed 60s ago, rekeying in 3000s, expires in 3900s\n")
		fmt.Fprintf(&sas, "    in  %08x, %6d bytes, %5d packets\n    out %08x, %6d bytes, %5d packets\n    local  %s\n    remote %s\n", spiIn, g.in*84, g.in, spiOut, g.out*84, g.out, local, remote)
		sa := func(src, dst [4]byte, spi uint32, packets, window, replayed, failed int) {
			fmt.Fprintf(&kernel, "src %s dst %s\n\tproto esp spi 0x%08x(%d) reqid 1(0x00000001) mode tunnel\n\treplay-window %d seq 0x00000000 flag af-unspec (0x00100000)\n", addr(src), addr(dst), spi, spi, window)
			fmt.Fprintf(&kernel, "\tauth-trunc hmac(sha256) 0x%s (256 bits) 128\n\tenc cbc(aes) 0x%s (128 bits)\n", strings.Repeat("1", 64), strings.Repeat("2", 32))
			fmt.Fprintf(&kernel, "\tlifetime current:\n\t  %d(bytes), %d(packets)\n\t  add 2023-11-14 22:13:20 use 2023-11-14 22:13:22\n\tstats:\n\t  replay-window 0 replay %d failed %d\n", packets*84, packets, replayed, failed)
		}
		sa(own, peer, spiOut, g.out, 0, 0, 0)
		sa(peer, own, spiIn, g.in, 32, g.replayed, g.failed)
	}
	policy := func(src, dst, dir string, from, to [4]byte) {
		fmt.Fprintf(&policies, "src %s dst %s \n\tdir %s priority 375423 ptype main \n\ttmpl src %s dst %s\n\t\tproto esp reqid 1 mode tunnel\n", src, dst, dir, addr(from), addr(to))
	}
	policy(local, remote, "out", own, peer)
	if !(eastern && p.noPolicy) {
		policy(remote, local, "fwd", peer, own)
		policy(remote, local, "in", peer, own)
	}
	for _, c := range []string{"XfrmInError", "XfrmInNoStates", "XfrmInStateProtoError", "XfrmInStateSeqError", "XfrmInTmplMismatch", "XfrmInNoPols", "XfrmOutNoStates", "XfrmAcquireError"} {
		fmt.Fprintf(&stat, "%-24s\t%d\n", c, g.counters[c])
	}
	const nstat = "#kernel\nIpInReceives                    %d               0.0\nTcpExtIPReversePathFilter       %d                  0.0\n"
	forward, filter := 1, 0
	if eastern && p.stops == "forwarding" {
		forward = 0
	}
	if eastern && p.stops == "filter" {
		filter = 1
	}
	all := map[string]string{
		"list-sas": sas.String(), "xfrm-state": kernel.String(), "xfrm-policy": policies.String(), "xfrm_stat": stat.String(),
		"sysctl":  fmt.Sprintf("net.ipv4.conf.all.rp_filter = %d\nnet.ipv4.conf.eth0.rp_filter = %d\nnet.ipv4.ip_forward = %d\n", filter, filter, forward),
		"nstat-1": fmt.Sprintf(nstat, 100, p.before["TcpExtIPReversePathFilter"]),
		"nstat-2": fmt.Sprintf(nstat, 200, g.counters["TcpExtIPReversePathFilter"]),
		"routes":  fmt.Sprintf("default via %d.%d.%d.254 dev eth0 \n%s dev eth1 proto kernel scope link src %s.1 \n", own[0], own[1], own[2], local, strings.TrimSuffix(local, ".0/24")),
	}
	var in []ingest.Input
	for _, name := range []string{"list-sas", "xfrm-state", "xfrm-policy", "xfrm_stat", "sysctl", "nstat-1", "nstat-2", "routes"} {
		if all[name] != "" {
			in = append(in, memory(dir+"/"+name, dir, []byte(all[name])))
		}
	}
	return in
}
