package ingest_test

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/diagtest"
	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/isakmp"
)

// A healthy tunnel is quiet: who sends packets in the clear in the name of an end
// raises no alarm about a tunnel that goes on working.

// working is a tunnel that comes up and carries ESP both ways each second.
func working(seconds int) []datagram {
	all := negotiation(0, west, east, 7)
	for i := range seconds {
		for way, d := range [2]datagram{{src: west, dst: east, ttl: 64}, {src: east, dst: west, ttl: 60}} {
			d.at, d.protocol = time.Duration(i+1)*time.Second+time.Duration(way)*20*time.Millisecond, 50
			d.payload = binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, 0xc0000001+uint32(way)), uint32(i+1))
			d.payload = append(d.payload, make([]byte, 100)...)
			all = append(all, d)
		}
	}
	return all
}

// alarms returns the causes that somebody would be paged for.
func alarms(r *diag.Report) (all []diag.Code) {
	for _, f := range r.Findings {
		if f.Kind == diag.Cause && f.Status == diag.Active && f.Severity >= diag.Error {
			all = append(all, f.Code)
		}
	}
	return all
}

// forgedAt puts a notify in the clear into a capture, half a second behind the
// given one.
func forgedAt(all []datagram, second int, back bool, kind isakmp.NotifyType) []datagram {
	d := datagram{src: east, dst: west, ttl: 60, at: time.Duration(second)*time.Second + 500*time.Millisecond}
	if back {
		d.src, d.dst, d.ttl = west, east, 64
	}
	d.payload = clear1(all[8].cookies, 77, kind)
	all = append(slices.Clone(all), d)
	slices.SortStableFunc(all, func(a, b datagram) int { return cmp.Compare(a.at, b.at) })
	return all
}

// Notifies of every kind with a tunnel's own cookies, while it carries traffic
// and as the last packet of a capture, and errors of ICMP about its ESP.
func TestForgedWhileUp(t *testing.T) {
	t.Parallel()
	for kind := isakmp.NotifyType(1); kind <= 30; kind++ {
		for _, back := range []bool{false, true} {
			for _, at := range []int{2, 10, 19, 25} {
				r := diagnose(t, []ingest.Input{memory("a/gw.pcap", "a", record(forgedAt(working(20), at, back, kind)))})
				if c := alarms(r); len(c) > 0 || !established(r) {
					t.Errorf("%v after %d seconds: %v\n%s", kind, at, c, diagtest.Summary(r))
				}
			}
		}
	}
	// What an ICMP error quotes: a packet that was sent, or one with an SPI that
	// was guessed, as often as one likes.
	for _, code := range []byte{0, 1, 2, 3, 9, 10, 13} {
		for _, at := range []int{2, 10, 19, 25, -1} {
			all := working(20)
			sent := all[len(all)-2]
			if at < 0 {
				sent.payload = []byte{1, 2, 3, 4, 0, 0, 0, 1}
			}
			d := datagram{src: east, dst: west, ttl: 60, protocol: 1, payload: append([]byte{3, code, 0, 0, 0, 0, 0, 0}, record([]datagram{sent})[len(pcapHeader())+16:][:28]...)}
			for second := 1; second < 30; second++ {
				if at < 0 || second == at {
					d.at = time.Duration(second)*time.Second + 500*time.Millisecond
					all = append(all, d)
				}
			}
			slices.SortStableFunc(all, func(a, b datagram) int { return cmp.Compare(a.at, b.at) })
			r := diagnose(t, []ingest.Input{memory("a/gw.pcap", "a", record(all))})
			if c := alarms(r); len(c) > 0 || !established(r) {
				t.Errorf("ICMP code %d after %d seconds: %v\n%s", code, at, c, diagtest.Summary(r))
			}
		}
	}
}

// What daemons say of such a notify, while the tunnel goes on and as the last
// line of the log.
func TestForgedWhileUpLogged(t *testing.T) {
	t.Parallel()
	for dialect, lines := range [...][]string{
		{"{at} gw charon[811]: 05[ENC] <{name}|{sa}> ignoring unprotected INFORMATIONAL from {peer}"},
		{"{at} gw pluto[77]: \"{name}\" #{sa}: Informational Exchange message must be encrypted", "{at} gw pluto[77]: \"{name}\" #{sa}: ignoring informational payload INVALID_COOKIE, msgid=00000000, length=12"},
		{"{at} ISAKMP:(1001):Notify has no hash. Rejected.", "{at} ISAKMP:(1001): processing NOTIFY INVALID_COOKIE protocol 1"},
		{"{at} fw : %ASA-4-713903: Group = {peer}, IP = {peer}, Received an un-encrypted INVALID_COOKIE notify message, dropping"},
		{"{at} gw racoon: ERROR: notification INVALID-COOKIE received in unencrypted informational exchange."},
	} {
		for _, line := range lines {
			for _, at := range []int{30, 39} {
				g := newFleet(5, 1).gateway[dialect]
				g.tunnels[0].fails = false
				var log []byte
				for n := range 40 {
					log = append(log, g.next(0)...)
					if x := &g.tunnels[0]; n == at {
						when := fleetStart.Add(time.Duration(n)*time.Minute + 55*time.Second).Format(fleetDialects[dialect].layout)
						log = append(log, strings.NewReplacer("{at}", when, "{name}", fmt.Sprint("site-", x.id), "{sa}", fmt.Sprint(x.sa.number), "{peer}", x.peer).Replace(line)+"\n"...)
					}
				}
				r := diagnose(t, []ingest.Input{memory("a/gw.log", "a", log)})
				if c := alarms(r); len(c) > 0 || !established(r) || r.Sources[0].Recognized < r.Sources[0].Units {
					t.Errorf("%s, line %d: %v\n%s", line, at, c, diagtest.Summary(r))
				}
			}
		}
	}
}

// Where nothing works after such a notify, it is more than a warning: one end
// sends on, the other does not, and the capture goes on long enough to tell.
func TestNotForged(t *testing.T) {
	all := forgedAt(working(20), 25, false, isakmp.NotifyInvalidCookie)
	last := all[len(all)-3]
	for i := range 60 {
		last.at += time.Second
		last.payload = slices.Clone(last.payload)
		binary.BigEndian.PutUint32(last.payload[4:], uint32(21+i))
		all = append(all, last)
	}
	slices.SortStableFunc(all, func(a, b datagram) int { return cmp.Compare(a.at, b.at) })
	r := diagnose(t, []ingest.Input{memory("a/gw.pcap", "a", record(all))})
	if c := alarms(r); !slices.Contains(c, diag.LifePeerRestarted) {
		t.Errorf("%v\n%s", c, diagtest.Summary(r))
	}
}

// A monitor waits as long as it is patient before it calls that an error, which
// it stays from then on; where the tunnel works on, never.
func TestForgedWatched(t *testing.T) {
	for _, works := range []bool{true, false} {
		e := newEngine(t)
		src := e.AddSource(diag.Source{Name: "gw.pcap", Kind: diag.KindCapture, Coverage: diag.Coverage{Shows: diag.Bodies(diag.BodyMessage, diag.BodyNotify, diag.BodyProgress)}})
		now := time.Unix(1_700_000_000, 0).UTC()
		frame := 0
		tell := func(b diag.Body) {
			frame++
			e.Observe(&diag.Observation{Source: src, Where: diag.Where{Frame: frame}, Basis: diag.Unauthenticated, Time: diag.Time{Value: now, Precision: 1000}, Body: b,
				Keys: diag.Keys{Handle: 1, Observer: true, Local: netip.AddrPortFrom(netip.AddrFrom4(west), 500), Remote: netip.AddrPortFrom(netip.AddrFrom4(east), 500), Cookies: [2]uint64{1, 2}}})
		}
		alarmed := 0
		for i := range 100 {
			switch {
			case i == 0:
				tell(&diag.Progress{By: diag.OfInitiator, Step: diag.Phase1Up})
				tell(&diag.Progress{By: diag.OfInitiator, Step: diag.Phase2Up})
			case i == 20:
				tell(&diag.Notify{From: diag.OfResponder, Type: isakmp.NotifyInvalidCookie, Phase2: true})
			case i%10 == 5 && (works || i < 20):
				tell(&diag.Message{From: diag.OfInitiator, Exchange: isakmp.ExchangeInformational, Encrypted: true})
				tell(&diag.Message{From: diag.OfResponder, Exchange: isakmp.ExchangeInformational, Encrypted: true})
			}
			now = now.Add(time.Second)
			for c := range e.Advance(now) {
				if c.Finding.Kind == diag.Cause && c.Finding.Severity >= diag.Error && alarmed == 0 {
					alarmed = i
				}
			}
		}
		if (alarmed == 0) != works || alarmed != 0 && (alarmed < 45 || alarmed > 55) {
			t.Errorf("works: %v, an alarm after %d seconds\n%s", works, alarmed, fmt.Sprint(diagtest.Summary(e.Report())))
		}
	}
}
