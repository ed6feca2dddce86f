package probe

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/ikediag/ikediag/ike/exchange"
	"github.com/ikediag/ikediag/isakmp"
)

// gateway is a responder on loopback, written with the module's own codec.
type gateway struct {
	t      *testing.T
	conns  [2]*net.UDPConn // of port 500 and of port 4500
	accept []Transform
	// reply returns what to send, given a message and on which port it came;
	// nil: respond.
	reply func(port int, b []byte, from netip.AddrPort) [][]byte
	// behind is the address and port that it believes to have, outside those
	// that it sees who asks at; zero: as they are.
	behind, outside netip.AddrPort

	serving sync.Once // from the first plan on, when it is what the test wants
	done    sync.WaitGroup

	mu   sync.Mutex
	got  [][]byte
	when []time.Time
}

func newGateway(t *testing.T, accept ...Transform) *gateway {
	t.Helper()
	g := &gateway{t: t, accept: accept}
	for i := range g.conns {
		c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			t.Skipf("no loopback: %v", err)
		}
		g.conns[i] = c
	}
	t.Cleanup(func() {
		for _, c := range g.conns {
			c.Close()
		}
		g.done.Wait()
	})
	return g
}

func (g *gateway) serve(port int) {
	b := make([]byte, 1<<16)
	for {
		n, from, err := g.conns[port].ReadFromUDPAddrPort(b)
		if err != nil {
			return
		}
		m := append([]byte(nil), b[:n]...)
		g.mu.Lock()
		g.got, g.when = append(g.got, m), append(g.when, time.Now())
		g.mu.Unlock()
		reply := g.reply
		if reply == nil {
			reply = g.respond
		}
		for _, out := range reply(port, m, from) {
			_, _ = g.conns[port].WriteToUDPAddrPort(out, from)
		}
	}
}

// received returns what came so far.
func (g *gateway) received() [][]byte {
	g.mu.Lock()
	defer g.mu.Unlock()
	return append([][]byte(nil), g.got...)
}

// plan asks it, quickly.
func (g *gateway) plan(q ...Question) Plan {
	g.serving.Do(func() {
		for i := range g.conns {
			g.done.Go(func() { g.serve(i) })
		}
	})
	p := Plan{Gateway: netip.MustParseAddr("127.0.0.1"), Questions: q, Wait: 40 * time.Millisecond, Interval: time.Millisecond}
	for i, c := range g.conns {
		p.ports[i] = c.LocalAddr().(*net.UDPAddr).AddrPort().Port()
	}
	return p
}

// ask asks it, and checks what holds of every run.
func (g *gateway) ask(p Plan) *Result {
	g.t.Helper()
	r, err := Ask(context.Background(), p)
	if err != nil {
		g.t.Fatal(err)
	}
	check(g.t, p, r)
	return r
}

// check checks what holds of every Result.
func check(t *testing.T, p Plan, r *Result) {
	t.Helper()
	sent := 0
	for i := range r.Answers {
		a := &r.Answers[i]
		out, in := 0, 0
		for _, d := range a.Datagrams {
			if d.Direction == exchange.Outgoing {
				out++
			} else {
				in++
			}
			if d.Time.IsZero() || !d.Source.IsValid() || !d.Destination.IsValid() {
				t.Errorf("%s: a datagram without time or ends", a.Question)
			}
		}
		if out != a.Sent || in > MaxKept || len(a.Failures) > maxFailures || a.Outcome == OutcomeUnset {
			t.Errorf("%s: %s, %d sent, %d kept as sent and %d as received, %d failures", a.Question, a.Outcome, a.Sent, out, in, len(a.Failures))
		}
		sent += a.Sent
	}
	if sent != r.Sent || sent > p.Most() {
		t.Errorf("%d sent by answers, %d in all, %d at most", sent, r.Sent, p.Most())
	}
}

func cookieOf(s string) (c isakmp.Cookie) { copy(c[:], s); return c }

// respond answers as a responder of main mode does.
func (g *gateway) respond(port int, b []byte, from netip.AddrPort) [][]byte {
	in := b
	if port == 1 {
		var marked bool
		if in, marked = isakmp.StripMarker(b); !marked {
			return nil
		}
	}
	var m isakmp.Message
	if err := m.Decode(in, 0); err != nil {
		g.t.Errorf("what was sent does not decode: %v", err)
		return nil
	}
	for p := range m.Validate() {
		if m.Version.Major() == 1 {
			g.t.Errorf("what was sent is not valid: %s", p.String())
		}
	}
	out := isakmp.Message{Header: isakmp.Header{InitiatorCookie: m.InitiatorCookie, ResponderCookie: cookieOf("responds"), Version: isakmp.Version1, Exchange: m.Exchange}}
	switch {
	case m.Exchange == isakmp.ExchangeInformational:
		return nil
	case m.Version.Major() == 2:
		out.Version, out.Flags = isakmp.Version2, isakmp.FlagResponse
		out.Payloads = []isakmp.Payload{{Type: isakmp.PayloadV2SA, Body: m.Payloads[0].Body}, {Type: isakmp.PayloadV2KE, Body: make([]byte, 68)}, {Type: isakmp.PayloadV2Nonce, Body: make([]byte, 32)}}
	case len(m.SAs) == 1:
		chosen := g.choose(&m)
		if chosen == nil {
			return g.frame(port, refuse(m.InitiatorCookie, isakmp.NotifyNoProposalChosen))
		}
		sa, err := offer([]Transform{*chosen})
		if err != nil {
			g.t.Error(err)
		}
		out.Payloads = []isakmp.Payload{sa, {Type: isakmp.PayloadVendorID, Body: []byte("a gateway")}}
		if m.Exchange == isakmp.ExchangeAggressive {
			out.Payloads = append(out.Payloads, isakmp.Payload{Type: isakmp.PayloadKE, Body: make([]byte, 256)}, isakmp.Payload{Type: isakmp.PayloadNonce, Body: make([]byte, 32)},
				isakmp.Payload{Type: isakmp.PayloadID, Body: []byte{1, 0, 0, 0, 127, 0, 0, 1}}, isakmp.Payload{Type: isakmp.PayloadHash, Body: []byte("crackable hash of a weak password")})
		}
	default:
		own, asker := g.conns[port].LocalAddr().(*net.UDPAddr).AddrPort(), from
		if g.behind.IsValid() {
			own = g.behind
		}
		if g.outside.IsValid() {
			asker = g.outside
		}
		out.Payloads = []isakmp.Payload{{Type: isakmp.PayloadKE, Body: make([]byte, 256)}, {Type: isakmp.PayloadNonce, Body: make([]byte, 32)}}
		for _, at := range []netip.AddrPort{asker, own} {
			at = netip.AddrPortFrom(at.Addr().Unmap(), at.Port())
			out.Payloads = append(out.Payloads, isakmp.Payload{Type: isakmp.PayloadNATD, Body: exchange.AppendNATHash(nil, 32, out.InitiatorCookie, out.ResponderCookie, at)})
		}
	}
	return g.frame(port, encode(&out))
}

// choose takes the first of its own transforms that is offered.
func (g *gateway) choose(m *isakmp.Message) *Transform {
	for _, want := range g.accept {
		for i := range m.SAs[0].Proposals[0].Transforms {
			if t, _ := transformOf(&m.SAs[0].Proposals[0].Transforms[i]); t == want {
				return &want
			}
		}
	}
	return nil
}

func (g *gateway) frame(port int, b []byte) [][]byte {
	if port == 1 {
		b = append(make([]byte, 4), b...)
	}
	return [][]byte{b}
}

func encode(m *isakmp.Message) []byte {
	b, err := m.AppendBinary(nil)
	if err != nil {
		panic(err)
	}
	return b
}

// refuse is an error in the clear, with no responder cookie, as pluto's.
func refuse(c isakmp.Cookie, t isakmp.NotifyType) []byte {
	n, _ := isakmp.Notify{DOI: isakmp.DOIIPsec, Protocol: isakmp.ProtocolISAKMP, Type: t}.AppendBinary(nil)
	return encode(&isakmp.Message{Header: isakmp.Header{InitiatorCookie: c, Version: isakmp.Version1, Exchange: isakmp.ExchangeInformational, MessageID: 7}, Payloads: []isakmp.Payload{{Type: isakmp.PayloadNotify, Body: n}}})
}
