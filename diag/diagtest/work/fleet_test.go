package work

import (
	"context"
	"fmt"
	"iter"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/isakmp"
)

// The two ends of a tunnel, each with a log that names the other.
const (
	caller = "01[IKE] <net|1> initiating Main Mode IKE_SA net[1] to {peer}\n" + upAt + "03[IKE] <net|1> CHILD_SA net{1} established with SPIs c{n}_i d{n}_o and TS 10.1.0.0/16 === 10.2.0.0/16\n"
	called = "01[IKE] <1> {peer} is initiating a Main Mode IKE_SA\n" + upAt + "03[IKE] <net|1> CHILD_SA net{1} established with SPIs d{n}_i c{n}_o and TS 10.2.0.0/16 === 10.1.0.0/16\n"
	upAt   = "02[NET] <net|1> sending packet: from {me}[500] to {peer}[500] (76 bytes)\n02[IKE] <net|1> IKE_SA net[1] established between {me}[{me}]...{peer}[{peer}]\n"
	// One that names its connections, and nobody's address.
	hub = "\"c%d\" #1%d: initiating IKEv1 Main Mode connection\n" +
		"\"c%d\" #2%d: initiating Quick Mode IKEv1+PSK+ENCRYPT+TUNNEL+PFS+UP {using isakmp#1%d msgid:{n} proposal=AES_CBC_256-HMAC_SHA2_256_128-MODP2048 pfsgroup=MODP2048}\n"
)

// ends is the log of each end of n tunnels, and a capture there where it is
// wanted.
func ends(n int, captured bool) (in []ingest.Input) {
	for i := range n {
		for end, text := range [...]string{caller, called} {
			me, peer := host(2*i+end), host(2*i+1-end)
			group := fmt.Sprint("g", 2*i+end)
			words := strings.NewReplacer("{me}", me.String(), "{peer}", peer.String(), "{n}", fmt.Sprintf("%07x", i+1))
			in = append(in, input(group+"/charon.log", group, words.Replace(text)))
			if captured {
				in = append(in, input(group+"/x.pcap", group, string(pcap(4, func(k int) []byte { return talk(i, k, host(2*i), host(2*i+1)) }))))
			}
		}
	}
	return in
}

// talk is the k-th datagram of the n-th negotiation: main mode, then quick mode.
func talk(n, k int, from, to netip.Addr) []byte {
	x, flags, id := isakmp.ExchangeMain, byte(0), uint32(0)
	if k%4 > 1 {
		x, flags, id = isakmp.ExchangeQuick, 1, uint32(n+1)|0xe0000000
	}
	b := header(n+1, x, isakmp.PayloadVendorID, flags, id, payload(0, []byte("12345678")))
	if k%2 == 1 {
		from, to = to, from
	}
	u := be.AppendUint16([]byte{1, 244, 1, 244}, uint16(8+len(b)))
	return ipv4(0, 0, 17, from, to, append(append(u, 0, 0), b...))
}

// fleets are many gateways' evidence, and much of one gateway's. Each is also
// joined alone, where no rule and no report hides what a search costs.
func fleets() iter.Seq[shape] {
	return func(yield func(shape) bool) {
		for _, f := range []struct {
			name string
			n    int
			in   func(n int) []ingest.Input
		}{
			{"logs", 30, func(n int) []ingest.Input { return ends(n, false) }},
			{"logs beside captures", 20, func(n int) []ingest.Input { return ends(n, true) }},
			{"logs beside captures on the way", 30, onTheWay},
			{"hub that names no peer", 50, hubs},
		} {
			all := shape{"fleet " + f.name, f.n, func(n int) { diagnose(f.in(n)...) }}
			alone := shape{"join " + f.name, 4 * f.n, func(n int) { join(f.in(n)...) }}
			if !yield(all) || !yield(alone) {
				return
			}
		}
		yield(shape{"join tunnels that nobody names", 150, nameless})
	}
}

// nameless observes what is said of n tunnels, of which nothing tells which they
// are.
func nameless(n int) {
	e := idle()
	for i := range n {
		id := e.AddSource(diag.Source{Name: fmt.Sprint(i), Group: fmt.Sprint("g", i), Kind: diag.KindLog})
		o := diag.Observation{Source: id, Where: diag.Where{Line: 1}, Basis: diag.Logged, Body: &diag.Message{From: diag.Self}}
		o.Keys.Handle = 1
		e.Observe(&o)
	}
	for range e.Advance(time.Time{}) {
	}
}

// onTheWay is the logs of both ends of n tunnels, and captures taken between.
func onTheWay(n int) []ingest.Input {
	in := ends(n, false)
	for i := range n {
		packets := pcap(4, func(k int) []byte { return talk(i, k, host(2*i), host(2*i+1)) })
		in = append(in, input(fmt.Sprintf("way/%d.pcap", i), "way", string(packets)))
	}
	return in
}

// hubs is one gateway's log, and a capture of all its tunnels.
func hubs(n int) []ingest.Input {
	var log strings.Builder
	for i := range n {
		log.WriteString(strings.NewReplacer("%d", fmt.Sprint(i), "{n}", fmt.Sprintf("%08x", uint32(i+1)|0xe0000000)).Replace(hub))
	}
	packets := pcap(4*n, func(k int) []byte { return talk(k/4, k, host(1<<20), host(k/4)) })
	return []ingest.Input{input("hub/pluto.log", "hub", log.String()), input("hub/x.pcap", "hub", string(packets))}
}

// join reads inputs and finds out which are views of one tunnel.
func join(in ...ingest.Input) {
	e := idle()
	_ = ingest.Read(context.Background(), e, ingest.Options{}, slices.Values(in))
	for range e.Advance(time.Time{}) {
	}
}

// idle is an engine whose only rule says nothing.
func idle() *diag.Engine {
	rule := &diag.Rule{Code: "X-IDLE", Doc: diag.Doc{Title: "says nothing"}, Check: func(*diag.View, *diag.Sink) {}}
	e, err := diag.NewEngine([]*diag.Rule{rule}, diag.Options{})
	if err != nil {
		panic(err)
	}
	return e
}
