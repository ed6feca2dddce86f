package probe

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math/big"
	"net"
	"net/netip"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ikediag/ikediag/ike/exchange"
	"github.com/ikediag/ikediag/isakmp"
)

var (
	strong = Transform{isakmp.CipherAES, 256, isakmp.HashSHA256, isakmp.GroupMODP2048, isakmp.AuthPSK}
	middle = Transform{isakmp.CipherAES, 128, isakmp.HashSHA256, isakmp.GroupECP256, isakmp.AuthPSK}
	weak   = Transform{isakmp.CipherTripleDES, 0, isakmp.HashSHA1, isakmp.GroupMODP1024, isakmp.AuthPSK}
)

func last(t *testing.T, r *Result, q Question) *Answer {
	t.Helper()
	a, ok := r.Of(q)
	if !ok {
		t.Fatalf("no answer to %s", q)
	}
	return a
}

// The zero Plan asks one thing, of one port, and names nobody.
func TestAsksTheLeast(t *testing.T) {
	g := newGateway(t, strong)
	r := g.ask(g.plan())
	a := last(t, r, Port500)
	if len(r.Answers) != 1 || a.Outcome != Answered || a.Chosen == nil || *a.Chosen != strong || a.Version != isakmp.Version1 || len(a.Vendors) != 1 {
		t.Errorf("%+v", r.Answers)
	}
	if r.Sent != 2 || r.Received != 1 { // the message, and hanging up
		t.Errorf("%d sent, %d received", r.Sent, r.Received)
	}
	if r.Local != netip.MustParseAddr("127.0.0.1") {
		t.Errorf("asked from %v", r.Local)
	}
	if d := a.Datagrams[1]; runtime.GOOS == "linux" && d.TTL == 0 {
		t.Error("no hop count of the answer")
	}
}

// All questions, each answered rightly.
func TestAnswers(t *testing.T) {
	g := newGateway(t, middle, strong)
	p := g.plan(Port500, Port4500, Accepts, Version2, NAT, Fragments, MTU)
	p.Transforms = []Transform{weak, strong, middle}
	r := g.ask(p)
	for _, q := range p.Questions {
		if a := last(t, r, q); q != Accepts && a.Outcome != Answered {
			t.Errorf("%s: %s: %+v", q, a.Outcome, a.Failures)
		}
	}
	taken, refused := r.Accepted()
	if !slices.Equal(taken, []Transform{middle, strong}) || !slices.Equal(refused, []Transform{weak}) {
		t.Errorf("accepted %v, refused %v", taken, refused)
	}
	if a := last(t, r, NAT); a.Asker != exchange.NATNone || a.Asked != exchange.NATNone {
		t.Errorf("NAT: %v %v", a.Asker, a.Asked)
	}
	if a := last(t, r, Version2); a.Version != isakmp.Version2 {
		t.Errorf("version %v", a.Version)
	}
	arrives, lost := r.MTU()
	if arrives < 1496 || arrives > 1500 || lost != 0 {
		t.Errorf("MTU %d, %d", arrives, lost)
	}
	if a := last(t, r, MTU); !a.Datagrams[0].DontFragment || a.Datagrams[0].WireLen+28 != a.Size {
		t.Errorf("DF %v, %d octets for size %d", a.Datagrams[0].DontFragment, a.Datagrams[0].WireLen, a.Size)
	}
	// What was sent and received is what a capture would hold.
	var tracker exchange.Tracker
	var s exchange.Step
	for i := range r.Answers {
		for j := range r.Answers[i].Datagrams {
			d := r.Answers[i].Datagrams[j].Clone()
			// A Tracker knows the ports of IKE; the test has others.
			d.Source, d.Destination = standard(p, d.Source), standard(p, d.Destination)
			if !tracker.Observe(d, &s) || s.Err != nil {
				t.Errorf("%s: a datagram is not followed: %v, %v", r.Answers[i].Question, s.Class, s.Err)
			}
		}
	}
}

func standard(p Plan, a netip.AddrPort) netip.AddrPort {
	for i, port := range p.ports {
		if a.Port() == port {
			return netip.AddrPortFrom(a.Addr(), [2]uint16{500, 4500}[i])
		}
	}
	return a
}

func TestNAT(t *testing.T) {
	for _, c := range []struct {
		name         string
		at, own      netip.AddrPort
		asker, asked exchange.NATKind
	}{
		{"asker", netip.MustParseAddrPort("203.0.113.9:1025"), netip.AddrPort{}, exchange.NATAddress, exchange.NATNone},
		{"asked", netip.AddrPort{}, netip.MustParseAddrPort("10.0.0.1:500"), exchange.NATNone, exchange.NATAddress},
	} {
		g := newGateway(t, strong)
		g.outside, g.behind = c.at, c.own
		if a := last(t, g.ask(g.plan(NAT)), NAT); a.Outcome != Answered || a.Asker != c.asker || a.Asked != c.asked {
			t.Errorf("%s: %s: %v %v", c.name, a.Outcome, a.Asker, a.Asked)
		}
	}
}

func TestRefused(t *testing.T) {
	g := newGateway(t)
	r := g.ask(g.plan(Port500, Accepts, NAT))
	if a := last(t, r, Port500); a.Outcome != Refused || a.Notify != isakmp.NotifyNoProposalChosen {
		t.Errorf("%s %v", a.Outcome, a.Notify)
	}
	taken, refused := r.Accepted()
	if len(taken) != 0 || len(refused) != len(Common()) {
		t.Errorf("accepted %v, refused %v", taken, refused)
	}
	if a := last(t, r, NAT); a.Outcome != Skipped || r.Sent != 2 {
		t.Errorf("NAT %s, %d sent", a.Outcome, r.Sent)
	}
}

func TestVersion2(t *testing.T) {
	for _, c := range []struct {
		name   string
		reply  func(in []byte) []byte
		want   Outcome
		notify isakmp.NotifyType
		major  uint8
	}{
		{"refused in version 1", func(in []byte) []byte { return refuse(isakmp.Cookie(in[:8]), isakmp.NotifyInvalidMajorVersion) }, Refused, isakmp.NotifyInvalidMajorVersion, 1},
		{"refused in version 2", func(in []byte) []byte { return v2(in, isakmp.NotifyV2NoProposalChosen) }, Refused, isakmp.NotifyNoProposalChosen, 2},
		{"cookie", func(in []byte) []byte { return v2(in, isakmp.NotifyV2Cookie) }, Answered, 0, 2},
		{"a request instead", func(in []byte) []byte { b := v2(in, isakmp.NotifyV2Cookie); b[19] = 0; return b }, Deceived, 0, 0},
	} {
		g := newGateway(t)
		g.reply = func(_ int, b []byte, _ netip.AddrPort) [][]byte { return [][]byte{c.reply(b)} }
		if a := last(t, g.ask(g.plan(Version2)), Version2); a.Outcome != c.want || a.Notify != c.notify || a.Version.Major() != c.major {
			t.Errorf("%s: %s %v %v", c.name, a.Outcome, a.Notify, a.Version)
		}
	}
}

func v2(in []byte, t isakmp.NotifyTypeV2) []byte {
	n, _ := isakmp.Notify{Type: isakmp.NotifyType(t)}.AppendBinaryV2(nil)
	return encode(&isakmp.Message{Header: isakmp.Header{InitiatorCookie: isakmp.Cookie(in[:8]), Version: isakmp.Version2, Exchange: isakmp.ExchangeSAInit, Flags: isakmp.FlagResponse},
		Payloads: []isakmp.Payload{{Type: isakmp.PayloadV2Notify, Body: n}}})
}

// Silence: three datagrams, then nothing more of that port.
func TestSilent(t *testing.T) {
	g := newGateway(t)
	g.reply = func(int, []byte, netip.AddrPort) [][]byte { return nil }
	r := g.ask(g.plan(Port500, Accepts, NAT, Fragments, MTU))
	if a := last(t, r, Port500); a.Outcome != Silent || a.Sent != 3 {
		t.Errorf("%s after %d", a.Outcome, a.Sent)
	}
	if r.Sent != 3 || last(t, r, MTU).Outcome != Skipped {
		t.Errorf("%d sent", r.Sent)
	}
	all := g.received()
	if len(all) != 3 || !bytes.Equal(all[0], all[1]) || !bytes.Equal(all[0], all[2]) {
		t.Error("a repetition is not the same message")
	}
}

func TestClosedPort(t *testing.T) {
	g := newGateway(t)
	p := g.plan()
	for _, c := range g.conns {
		c.Close()
	}
	a := last(t, g.ask(p), Port500)
	if a.Outcome != Unreachable || a.Sent != 1 || len(a.Failures) == 0 || a.Failures[0].Reason != exchange.PortUnreachable || a.Failures[0].Own {
		t.Errorf("%s after %d: %+v", a.Outcome, a.Sent, a.Failures)
	}
}

// A port that somebody has is the caller's error, and nothing is sent.
func TestPortTaken(t *testing.T) {
	g := newGateway(t, strong)
	taken, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	p := g.plan()
	p.Local = taken.LocalAddr().(*net.UDPAddr).AddrPort()
	if r, err := Ask(context.Background(), p); err == nil || r.Sent != 0 || len(r.Answers) != 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestIPv6(t *testing.T) {
	c, err := net.ListenUDP("udp6", &net.UDPAddr{IP: net.IPv6loopback})
	if err != nil {
		t.Skipf("no IPv6 on this host: %v", err)
	}
	port := c.LocalAddr().(*net.UDPAddr).AddrPort().Port()
	done := make(chan struct{})
	go func() {
		defer close(done)
		b := make([]byte, 4096)
		for {
			n, from, err := c.ReadFromUDPAddrPort(b)
			if err != nil {
				return
			}
			if n > isakmp.HeaderLen {
				_, _ = c.WriteToUDPAddrPort(refuse(isakmp.Cookie(b[:8]), isakmp.NotifyNoProposalChosen), from)
			}
		}
	}()
	p := Plan{Gateway: netip.IPv6LinkLocalAllNodes(), Wait: 40 * time.Millisecond, Interval: time.Millisecond, ports: [2]uint16{port, port}}
	if _, err := Ask(context.Background(), p); !errors.Is(err, ErrGateway) {
		t.Errorf("all nodes: %v", err)
	}
	p.Gateway, p.Questions = netip.IPv6Loopback(), []Question{Port500, Fragments, MTU}
	r, err := Ask(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	check(t, p, r)
	if a := last(t, r, Port500); a.Outcome != Refused || runtime.GOOS == "linux" && a.Datagrams[1].TTL == 0 {
		t.Errorf("%s, hop limit %d", a.Outcome, a.Datagrams[1].TTL)
	}
	if arrives, _ := r.MTU(); arrives < 1496 || arrives > 1500 {
		t.Errorf("MTU %d", arrives)
	}
	c.Close()
	<-done
	p.Questions = nil
	if r, err = Ask(context.Background(), p); err != nil {
		t.Fatal(err)
	}
	if a := last(t, r, Port500); a.Outcome != Unreachable || runtime.GOOS == "linux" && a.Failures[0].Router != p.Gateway {
		t.Errorf("%s %+v", a.Outcome, a.Failures)
	}
}

// Liars are not believed, do not make it send more, and cost bounded memory.
func TestLiars(t *testing.T) {
	huge := make([]byte, 60000)
	for _, c := range []struct {
		name  string
		reply func(in []byte) [][]byte
	}{
		{"garbage", func([]byte) [][]byte { return [][]byte{[]byte("no"), {}, bytes.Repeat([]byte{0xff}, 200)} }},
		{"another cookie", func(in []byte) [][]byte { return [][]byte{refuse(cookieOf("somebody"), isakmp.NotifyNoProposalChosen)} }},
		{"an echo", func(in []byte) [][]byte { return [][]byte{in} }},
		{"the cookie and no more", func(in []byte) [][]byte { return [][]byte{in[:8], in[:20], append(bytes.Clone(in[:8]), huge...)} }},
		{"a longer length", func(in []byte) [][]byte {
			b := refuse(isakmp.Cookie(in[:8]), isakmp.NotifyNoProposalChosen)
			return [][]byte{append(b, 1, 2, 3)}
		}},
		{"what was not offered", func(in []byte) [][]byte {
			sa, _ := offer([]Transform{{Cipher: isakmp.CipherDES, Hash: isakmp.HashMD5, Group: 1, Auth: 1}})
			return [][]byte{encode(&isakmp.Message{Header: isakmp.Header{InitiatorCookie: isakmp.Cookie(in[:8]), ResponderCookie: cookieOf("r"), Version: isakmp.Version1, Exchange: isakmp.ExchangeMain}, Payloads: []isakmp.Payload{sa}})}
		}},
		{"a status for an error", func(in []byte) [][]byte {
			return [][]byte{refuse(isakmp.Cookie(in[:8]), isakmp.NotifyInitialContact)}
		}},
		{"many", func(in []byte) (all [][]byte) {
			for range 2000 {
				all = append(all, []byte("flood flood flood flood flood flood"))
			}
			return all
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := newGateway(t)
			g.reply = func(_ int, b []byte, _ netip.AddrPort) [][]byte { return c.reply(b) }
			r := g.ask(g.plan(Port500))
			a := last(t, r, Port500)
			if a.Outcome != Deceived || a.Strange == 0 || a.Chosen != nil || a.Notify != 0 {
				t.Errorf("%s, %d strange", a.Outcome, a.Strange)
			}
			if r.Received > MaxRead+1 || r.Sent > 3 {
				t.Errorf("%d sent, %d received", r.Sent, r.Received)
			}
			for _, d := range a.Datagrams {
				if len(d.Payload) > maxOctets {
					t.Errorf("%d octets kept", len(d.Payload))
				}
			}
		})
	}
}

// A right answer behind wrong ones is found.
func TestAnswerAmongLies(t *testing.T) {
	g := newGateway(t, strong)
	g.reply = func(port int, b []byte, from netip.AddrPort) (all [][]byte) {
		for range 50 {
			all = append(all, []byte("nonsense"))
		}
		return append(all, g.respond(port, b, from)...)
	}
	if a := last(t, g.ask(g.plan()), Port500); a.Outcome != Answered || a.Strange != 50 {
		t.Errorf("%s, %d strange", a.Outcome, a.Strange)
	}
}

// A gateway that answers once more to an earlier message is late, not strange.
func TestLate(t *testing.T) {
	g := newGateway(t, middle, strong)
	var before [][]byte
	g.reply = func(port int, b []byte, from netip.AddrPort) [][]byte {
		now := g.respond(port, b, from)
		defer func() { before = now }()
		return append(before, now...)
	}
	p := g.plan(Accepts)
	p.Transforms = []Transform{strong, middle, weak}
	r := g.ask(p)
	for _, a := range r.Answers {
		if a.Strange != 0 || !a.Outcome.Spoke() {
			t.Errorf("%s, %d strange", a.Outcome, a.Strange)
		}
	}
}

// No identity leaves without the caller's word, and with it in aggressive mode
// alone; no HASH is kept.
func TestIdentity(t *testing.T) {
	const canary = "canary.example.com"
	id := isakmp.ID{Type: isakmp.IDFQDN, Data: []byte(canary)}
	for _, with := range []bool{false, true} {
		g := newGateway(t, strong)
		p := g.plan(Port500, Port4500, Accepts, Version2, NAT, Fragments, MTU)
		if with {
			p.Identity = &id
		}
		r := g.ask(p)
		named := 0
		for _, b := range g.received() {
			var m isakmp.Message
			b, _ := isakmp.StripMarker(b)
			if m.Decode(b, 0) != nil {
				t.Fatal("does not decode")
			}
			for _, pl := range m.Payloads {
				if m.Version.Major() == 1 && pl.Type == isakmp.PayloadID {
					named++
				}
			}
			if bytes.Contains(b, []byte(canary)) != (with && m.Exchange == isakmp.ExchangeAggressive) {
				t.Errorf("with %v: the identity in a message of %v", with, m.Exchange)
			}
			if !bytes.Contains(b, []byte(VendorID)) && len(m.SAs) > 0 {
				t.Error("a message that begins does not say what it is")
			}
		}
		if with == (named == 0) {
			t.Errorf("with %v: %d identities", with, named)
		}
		b, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		back, err := Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		for i := range back.Answers {
			for _, d := range back.Answers[i].Datagrams {
				if bytes.Contains(d.Payload, []byte("crackable")) {
					t.Error("a HASH is kept")
				}
			}
		}
	}
}

// What is no answer may hold a HASH as well.
func TestStrangeHash(t *testing.T) {
	g := newGateway(t, strong)
	g.reply = func(port int, b []byte, from netip.AddrPort) (all [][]byte) {
		for _, out := range g.respond(port, b, from) {
			all = append(all, append(bytes.Clone(out), "behind"...), out)
		}
		return all
	}
	p := g.plan(Accepts)
	p.Transforms, p.Identity = []Transform{strong}, &isakmp.ID{Type: isakmp.IDFQDN, Data: []byte("gw.example.com")}
	r := g.ask(p)
	a := last(t, r, Accepts)
	if a.Outcome != Answered || a.Strange != 1 || a.Datagrams[1].WireLen <= len(a.Datagrams[1].Payload) {
		t.Errorf("%s, %d strange", a.Outcome, a.Strange)
	}
	for _, d := range a.Datagrams {
		if bytes.Contains(d.Payload, []byte("crackable")) {
			t.Error("a HASH is kept")
		}
	}
}

// A context that ends ends the waiting, and nothing is sent after.
func TestCancel(t *testing.T) {
	g := newGateway(t)
	g.reply = func(int, []byte, netip.AddrPort) [][]byte { return nil }
	p := g.plan(Port500, Version2)
	p.Wait = time.Minute
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Millisecond)
	defer cancel()
	begun := time.Now()
	r, err := Ask(ctx, p)
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(begun) > 10*time.Second {
		t.Fatalf("%v after %v", err, time.Since(begun))
	}
	if len(r.Answers) != 1 || r.Answers[0].Outcome != Stopped || r.Sent != 1 || r.Ended.IsZero() {
		t.Errorf("%+v", r)
	}
}

// No two datagrams are closer than the interval.
func TestInterval(t *testing.T) {
	g := newGateway(t, strong, middle)
	p := g.plan(Port500, Port4500, Accepts, NAT)
	p.Interval = 20 * time.Millisecond
	r := g.ask(p)
	var at time.Time
	n := 0
	for i := range r.Answers {
		for _, d := range r.Answers[i].Datagrams {
			if d.Direction != exchange.Outgoing {
				continue
			}
			if gap := d.Time.Sub(at); !at.IsZero() && gap < p.Interval {
				t.Errorf("%v between two", gap)
			}
			at, n = d.Time, n+1
		}
	}
	if n < 8 {
		t.Errorf("%d datagrams", n)
	}
}

// The source port is the caller's.
func TestSourcePort(t *testing.T) {
	g := newGateway(t, strong)
	free, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	at := free.LocalAddr().(*net.UDPAddr).AddrPort()
	free.Close()
	p := g.plan(Port500, Port4500)
	p.Local = netip.AddrPortFrom(netip.Addr{}, at.Port())
	r := g.ask(p)
	for _, a := range r.Answers {
		if a.Source.Port() != at.Port() || a.Outcome != Answered {
			t.Errorf("%s from %v: %s", a.Question, a.Source, a.Outcome)
		}
	}
}

func TestPlans(t *testing.T) {
	at := netip.MustParseAddr("192.0.2.1")
	for _, c := range []struct {
		p    Plan
		want error
	}{
		{Plan{}, ErrGateway},
		{Plan{Gateway: netip.IPv4Unspecified()}, ErrGateway},
		{Plan{Gateway: netip.MustParseAddr("224.0.0.1")}, ErrGateway},
		{Plan{Gateway: netip.MustParseAddr("255.255.255.255")}, ErrGateway},
		{Plan{Gateway: at, Questions: []Question{99}}, ErrQuestion},
		{Plan{Gateway: at, Transforms: make([]Transform, MaxTransforms+1)}, ErrTransforms},
		{Plan{Gateway: at, Transforms: []Transform{{Group: 3}}, Identity: &isakmp.ID{}}, ErrTransforms},
		{Plan{Gateway: at, Sizes: []int{100}}, ErrSizes},
		{Plan{Gateway: at, Sizes: []int{70000}}, ErrSizes},
		{Plan{Gateway: at, Sends: 11}, ErrPace},
		{Plan{Gateway: at, Interval: -1}, ErrPace},
	} {
		if r, err := Ask(context.Background(), c.p); !errors.Is(err, c.want) || r.Sent != 0 || c.p.Most() != 0 {
			t.Errorf("%+v: %v", c.p, err)
		}
	}
	if n := (Plan{Gateway: at}).Most(); n != 4 {
		t.Errorf("the zero plan sends %d at most", n)
	}
}

// The table in the package's documentation.
func TestMost(t *testing.T) {
	p := Plan{Gateway: netip.MustParseAddr("192.0.2.1"), Transforms: []Transform{strong, weak}, Sizes: []int{1500, 576}}
	for q, want := range map[Question]int{Port500: 4, Port4500: 4, Accepts: 16, Version2: 3, NAT: 6, Fragments: 4, MTU: 16} {
		p.Questions = []Question{q}
		if n := p.Most(); n != want {
			t.Errorf("%s: %d, not %d", q, n, want)
		}
	}
}

func TestGroups(t *testing.T) {
	for g, m := range modp {
		p := prime(m.bits, m.k)
		if m.bits <= 4096 && !p.ProbablyPrime(4) || p.BitLen() != int(m.bits) {
			t.Errorf("%v: not a prime of %d bits", g, m.bits)
		}
		if h := strings.ToUpper(p.Text(16)); !strings.HasPrefix(h, "FFFFFFFFFFFFFFFFC90FDAA22168C234") || !strings.HasSuffix(h, "FFFFFFFFFFFFFFFF") {
			t.Errorf("%v: %s…", g, h[:32])
		}
		b, err := public(g)
		if err != nil || len(b) != int(m.bits/8) || new(big.Int).SetBytes(b).Cmp(p) >= 0 {
			t.Errorf("%v: %d octets, %v", g, len(b), err)
		}
	}
	for g, n := range map[isakmp.Group]int{isakmp.GroupECP256: 64, isakmp.GroupECP384: 96, isakmp.GroupECP521: 132, isakmp.GroupCurve25519: 32} {
		if b, err := public(g); err != nil || len(b) != n {
			t.Errorf("%v: %d octets, %v", g, len(b), err)
		}
	}
	if _, err := public(isakmp.GroupEC2N155); err == nil || computable(isakmp.GroupEC2N155) {
		t.Error("a group that is not known has a value")
	}
}

func TestPadding(t *testing.T) {
	for n := range 3000 {
		got := 0
		for _, v := range padding(n) {
			got += isakmp.PayloadHeaderLen + len(v)
			if len(v) == 0 {
				t.Fatalf("%d: an empty vendor ID", n)
			}
		}
		if got > n || n > 8 && got < n {
			t.Fatalf("%d: %d", n, got)
		}
	}
}

// What is stored is what was found.
func TestStored(t *testing.T) {
	g := newGateway(t, strong)
	r := g.ask(g.plan(Port500, Accepts, Version2, NAT, MTU))
	r.Answers[0].Failures = []Failure{{Time: r.Begun, Reason: exchange.TooBig, Type: 3, Code: 4, MTU: 1400, Router: netip.MustParseAddr("192.0.2.9")}}
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	indented, _ := json.MarshalIndent(r, "", "  ")
	if !Detect(b) || !Detect(indented) || Detect([]byte(`{"schema":"ikediag.report/v1"}`)) || Detect(nil) || Detect([]byte(`{"schema":`)) {
		t.Error("detection")
	}
	back, err := Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	again, _ := json.Marshal(back)
	if !bytes.Equal(b, again) {
		t.Errorf("stored anew it differs:\n%s\n%s", b, again)
	}
	a, c := last(t, r, NAT), last(t, back, NAT)
	if !reflect.DeepEqual(a.Chosen, c.Chosen) || a.Asker != c.Asker || len(a.Datagrams) != len(c.Datagrams) || !bytes.Equal(a.Datagrams[0].Payload, c.Datagrams[0].Payload) {
		t.Error("what is read back is not what was stored")
	}
	for _, bad := range []string{"", "{}", "[]", `{"schema":"ikediag.probe/v1"}`, `{"schema":"ikediag.probe/v2","gateway":"192.0.2.1"}`, `{"schema":"ikediag.probe/v1","gateway":"x"}`} {
		if _, err := Decode(strings.NewReader(bad)); !errors.Is(err, ErrSchema) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func FuzzAnswer(f *testing.F) {
	q := ask{cookies: [2]isakmp.Cookie{cookieOf("initiate")}, exchange: isakmp.ExchangeMain, number: 1, offered: []Transform{strong}}
	sa, _ := offer([]Transform{strong})
	answer := isakmp.Message{Header: isakmp.Header{InitiatorCookie: q.cookies[0], ResponderCookie: cookieOf("r"), Version: isakmp.Version1, Exchange: isakmp.ExchangeMain}, Payloads: []isakmp.Payload{sa}}
	f.Add(encode(&answer), uint8(1))
	f.Add(refuse(q.cookies[0], isakmp.NotifyNoProposalChosen), uint8(1))
	f.Add(v2([]byte("initiate"), isakmp.NotifyV2Cookie), uint8(2))
	f.Add([]byte("initiate"), uint8(3))
	f.Fuzz(func(t *testing.T, b []byte, kind uint8) {
		q := q
		q.number, q.v2 = 1+int(kind&1)*2, kind&2 != 0
		var r reply
		if !q.read(b, &r) {
			return
		}
		if !bytes.HasPrefix(b, q.cookies[0][:]) {
			t.Error("an answer without the cookie")
		}
		if r.outcome != Answered && (r.outcome != Refused || !r.notify.IsError()) {
			t.Errorf("%s %v", r.outcome, r.notify)
		}
		if r.chosen != nil && !slices.Contains(q.offered, *r.chosen) || len(r.vendors) > maxVendors || len(r.natd) > maxVendors {
			t.Errorf("%+v", r)
		}
		for _, s := range r.secret {
			if s[0] > s[1] || s[1] > len(b) {
				t.Errorf("%v of %d", s, len(b))
			}
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"schema":"ikediag.probe/v1","gateway":"192.0.2.1","answers":[{"question":"nat","outcome":"answered","destination":"192.0.2.1:500","datagrams":[{"payload":"00ff","length":2}]}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := Decode(bytes.NewReader(b))
		if err != nil {
			return
		}
		one, err := json.Marshal(r)
		if err != nil {
			return // a time beyond what RFC 3339 writes
		}
		if _, err := Decode(bytes.NewReader(one)); err != nil {
			t.Errorf("what was stored does not read: %v\n%s", err, one)
		}
	})
}

func TestParseTransform(t *testing.T) {
	for s, want := range map[string]Transform{
		"aes256-sha256-modp2048":     strong,
		"AES128-SHA2_256;dh19":       middle,
		"3des-sha1-modp1024-psk":     weak,
		"aes256-sha256-modp2048-rsa": {isakmp.CipherAES, 256, isakmp.HashSHA256, isakmp.GroupMODP2048, isakmp.AuthRSA},
	} {
		if got, ok := ParseTransform(s); !ok || got != want {
			t.Errorf("%s: %v, %v", s, got, ok)
		}
	}
	for _, s := range []string{"", "aes256", "aes256-sha1", "aes256-aes128-sha1-modp1024", "aes256-sha1-modp1024-secret"} {
		if got, ok := ParseTransform(s); ok {
			t.Errorf("%s: %v", s, got)
		}
	}
}
