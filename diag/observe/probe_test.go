package observe

import (
	"net/netip"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike/exchange"
	"github.com/ikediag/ikediag/ike/probe"
	"github.com/ikediag/ikediag/isakmp"
)

type collected []diag.Observation

func (c *collected) Observe(o *diag.Observation) { *c = append(*c, *o) }

// Each question that was asked is one observation of the address that was
// asked, and none is of a negotiation.
func TestProbes(t *testing.T) {
	strong, _ := probe.ParseTransform("aes256-sha256-modp2048")
	weak, _ := probe.ParseTransform("3des-sha1-modp1024")
	gateway, from := netip.MustParseAddr("203.0.113.20"), netip.MustParseAddr("198.51.100.10")
	answer := func(q probe.Question, o probe.Outcome) probe.Answer {
		return probe.Answer{Question: q, Outcome: o, Source: netip.AddrPortFrom(from, 500), Destination: netip.AddrPortFrom(gateway, 500),
			Datagrams: []exchange.Datagram{{Time: time.Unix(1700000000, 0)}}}
	}
	r := probe.Result{Gateway: gateway, Local: from, Begun: time.Unix(1700000000, 0), Ended: time.Unix(1700000009, 0), Answers: []probe.Answer{
		answer(probe.Port500, probe.Unreachable), answer(probe.Accepts, probe.Answered), answer(probe.Accepts, probe.Refused),
		answer(probe.Version2, probe.Refused), answer(probe.NAT, probe.Answered), answer(probe.Fragments, probe.Skipped), answer(probe.MTU, probe.TooBig), answer(probe.MTU, probe.Answered),
	}}
	r.Answers[0].Failures = []probe.Failure{{Reason: exchange.PortUnreachable, Router: gateway}}
	r.Answers[1].Chosen, r.Answers[1].Offered = &strong, []probe.Transform{strong, weak}
	r.Answers[2].Offered, r.Answers[2].Notify = []probe.Transform{weak}, isakmp.NotifyNoProposalChosen
	r.Answers[3].Notify, r.Answers[3].Version = isakmp.NotifyInvalidMajorVersion, isakmp.Version1
	r.Answers[4].Asker, r.Answers[4].Asked = exchange.NATAddress, exchange.NATNone
	r.Answers[6].Size, r.Answers[7].Size = 1500, 1400
	var all collected
	o := Probes{To: &all, Source: 3}
	o.Result(&r)
	got := map[diag.ProbeQuestion]*diag.Probed{}
	for i := range all {
		x := &all[i]
		b, ok := x.Body.(*diag.Probed)
		if !ok || x.Keys.Handle != 0 || x.Keys.Local.Addr() != gateway || x.Keys.Remote.IsValid() || x.Basis != diag.Unauthenticated || !x.Time.Known() || len(x.Text) == 0 || x.Source != 3 {
			t.Fatalf("%+v", x)
		}
		if got[b.Question] != nil || b.From != from || b.SourcePort != 500 {
			t.Errorf("%+v", b)
		}
		got[b.Question] = b
	}
	if len(got) != 5 {
		t.Fatalf("%d observations", len(got))
	}
	if b := got[diag.ProbePort500]; b.Outcome != diag.ProbeUnreachable || !b.Closed || b.By != gateway || b.Own {
		t.Errorf("%+v", b)
	}
	if b := got[diag.ProbeAccepts]; len(b.Accepted) != 1 || len(b.Refused) != 1 || b.Accepted[0].String() == b.Refused[0].String() || len(b.Accepted[0].Unknown) > 0 {
		t.Errorf("%v, %v", b.Accepted, b.Refused)
	}
	if b := got[diag.ProbeVersion2]; b.Outcome != diag.ProbeRefused || b.Notify != isakmp.NotifyInvalidMajorVersion || b.Version != 1 {
		t.Errorf("%+v", b)
	}
	if b := got[diag.ProbeNAT]; !b.NATKnown || !b.AskerNAT || b.AskedNAT {
		t.Errorf("%+v", b)
	}
	if b := got[diag.ProbeMTU]; b.Outcome != diag.ProbeAnswered || b.MTU != 1400 || b.Lost != 1500 {
		t.Errorf("%+v", b)
	}
	var s diag.Source
	o.Describe(&s)
	if s.Kind != diag.KindProbe || s.Dialect != ProbeFormat || s.Units != 8 || s.Coverage.Shows != diag.Bodies(diag.BodyProbed) {
		t.Errorf("%+v", s)
	}
}
