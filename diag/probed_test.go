package diag_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// A probe goes to the tunnels of the gateway that was asked, is near where the
// other end asked, and confirms nothing whatever a rule says it is worth.
func TestProbed(t *testing.T) {
	west, east, third := netip.MustParseAddr("198.51.100.10"), netip.MustParseAddr("203.0.113.20"), netip.MustParseAddr("192.0.2.77")
	var near, found bool
	rule := &diag.Rule{
		Code: diag.NetPeerNotListening, Needs: 1 << diag.BodyProbed, Doc: diag.Doc{Title: "a test"},
		Check: func(v *diag.View, out *diag.Sink) {
			for a := range v.Attempts() {
				if k, _ := v.Probed(a.EndOf(diag.Initiator), nil); k.OK {
					t.Error("the initiator was not asked")
				}
				k, by := v.Probed(a.EndOf(diag.Responder), func(p *diag.Probed) bool { return p.Closed })
				if near, found = by, k.OK; k.OK {
					out.AddTo(a, diag.Finding{Evidence: k.As(diag.Proof)})
				}
			}
		},
	}
	for _, c := range []struct {
		asked, from netip.Addr
		found, near bool
	}{{east, west, true, true}, {east, third, true, false}, {third, west, false, false}} {
		e, err := diag.NewEngine([]*diag.Rule{rule}, diag.Options{})
		if err != nil {
			t.Fatal(err)
		}
		log := e.AddSource(diag.Source{Name: "west.log", Kind: diag.KindLog})
		e.Observe(&diag.Observation{
			Source: log, Where: diag.Where{Line: 1}, Time: diag.Time{Value: time.Unix(1700000000, 0)}, Basis: diag.Logged,
			Keys: diag.Keys{Handle: 1, Role: diag.Initiator, Local: netip.AddrPortFrom(west, 500), Remote: netip.AddrPortFrom(east, 500)},
			Body: &diag.Message{From: diag.Self, Exchange: isakmp.ExchangeMain, Number: 1},
		})
		for range e.Advance(time.Time{}) {
			// What comes later is found as well.
		}
		near, found = false, false
		asked := e.AddSource(diag.Source{Name: "probe.json", Kind: diag.KindProbe})
		o := diag.Observation{
			Source: asked, Basis: diag.Logged, Keys: diag.Keys{Local: netip.AddrPortFrom(c.asked, 500)},
			Body: &diag.Probed{Question: diag.ProbePort500, Outcome: diag.ProbeUnreachable, From: c.from, Closed: true, Accepted: []ike.Proposal{{Protocol: ike.ProtocolIKE}}},
		}
		wire, err := o.AppendBinary(nil)
		if err != nil {
			t.Fatal(err)
		}
		var back diag.Observation
		if err := back.UnmarshalBinary(wire); err != nil {
			t.Fatal(err)
		}
		e.Observe(&back)
		for range e.Advance(time.Time{}) {
			// The report has it.
		}
		r := e.Report()
		if near != c.near || found != c.found || len(r.Tunnels) != 1 || len(r.Gateways) != 1 {
			t.Errorf("%v asked by %v: found %v, near %v, %d tunnels, %d gateways", c.asked, c.from, found, near, len(r.Tunnels), len(r.Gateways))
		}
		for _, f := range r.Findings {
			if f.Kind == diag.Cause && f.Verdict == diag.Confirmed {
				t.Errorf("%s is confirmed by a probe", f.Code)
			}
		}
		inventory := []diag.Gateway{{ID: "e", Addresses: []netip.Addr{east}}, {ID: "w", Addresses: []netip.Addr{west}}}
		want := map[bool]string{true: "e|w", false: "e"}[c.near]
		if c.asked == third {
			want = "w"
		}
		if key, pair := diag.PartitionKey("w", &back, inventory); key != want || pair != c.near {
			t.Errorf("%v asked by %v: key %s, %v", c.asked, c.from, key, pair)
		}
	}
}
