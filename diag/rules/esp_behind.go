package rules

import (
	"net/netip"

	"github.com/ikediag/ikediag/diag"
)

// behind is what a capture on the network behind a gateway shows of a tunnel's
// traffic, or one on all of the gateway's interfaces.
type behind struct {
	watched bool // there is such a capture
	// out is what comes out of the tunnel and goes on to the network, back
	// what its hosts send to the other end's.
	out, back         uint64
	outEv, backEv, ev []diag.Evidence
	host              netip.Addr // that most of it goes to
}

// behindOf looks behind the gateway of a side. What a capture there shows is
// in the clear rightly, if its hosts are those that the tunnel is for.
func behindOf(a *diag.Attempt, at diag.Side) (b behind) {
	p := protectedBy(a)
	most := uint64(0)
	for _, s := range a.View().Flows(a.EndOf(at)) {
		if !s.Flow.Clear || p.onLink(a, &s) {
			continue
		}
		for _, n := range p.pairs {
			src, dst := s.Flow.Source, s.Flow.Destination
			if n.at != at || !covers(n.local, src) && !covers(n.local, dst) {
				continue
			}
			b.watched, b.ev = true, append(b.ev, s.Evidence[0])
			switch {
			case covers(n.remote, src) && covers(n.local, dst):
				b.out, b.outEv = b.out+s.Flow.Packets, append(b.outEv, s.Evidence...)
				if s.Flow.Packets > most {
					most, b.host = s.Flow.Packets, dst
				}
			case covers(n.local, src) && covers(n.remote, dst):
				b.back, b.backEv = b.back+s.Flow.Packets, append(b.backEv, s.Evidence...)
			}
			break
		}
	}
	return b
}
