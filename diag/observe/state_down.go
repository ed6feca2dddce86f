package observe

import (
	"net/netip"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike/state"
	"github.com/ikediag/ikediag/isakmp"
)

// peersOf is what a dump says of the IKE SAs with each peer, beside which it
// says why tunnels are down.
type peersOf struct {
	up      map[netip.Addr]bool       // phase 1 is there
	waiting map[netip.Addr]state.Down // the first message waits for its answer, and the tunnel is down for that
}

func (o *State) peersOf(st *state.State) peersOf {
	p := peersOf{map[netip.Addr]bool{}, map[netip.Addr]state.Down{}}
	for i := range st.SAs {
		sa := &st.SAs[i]
		if a := sa.Remote.Address.Addr(); sa.State == state.IKEEstablished || sa.State == state.IKERekeying {
			p.up[a] = true
		} else if a.IsValid() && sa.Sent == 1 && sa.Down.Line == 0 {
			p.waiting[a] = state.Down{}
		}
	}
	for i := range st.SAs {
		sa := &st.SAs[i]
		a := sa.Remote.Address.Addr()
		if _, ok := p.waiting[a]; ok && sa.Sent != 1 && sa.Down.Reason == state.DownNoAnswer {
			p.waiting[a] = sa.Down
		}
	}
	return p
}

// down observes why a tunnel is not there, as its device says.
func (o *State) down(sa *state.SA, k *diag.Keys) {
	d, peer := sa.Down, sa.Remote.Address.Addr()
	exchange := isakmp.ExchangeMain
	if sa.Aggressive {
		exchange = isakmp.ExchangeAggressive
	}
	if w, ok := o.known.waiting[peer]; ok {
		switch {
		case sa.Sent == 1 && d.Line == 0:
			d = w // told of the same tunnel in another list
		case d.Reason == state.DownNoAnswer && sa.Sent == 0:
			return
		}
	}
	if d.Line == 0 {
		return
	}
	tell := func(b diag.Body) {
		was := o.basis
		if d.Recalled {
			o.basis = diag.Recalled
		}
		o.send(d.Line, d.Text, k, b)
		o.basis = was
	}
	switch d.Reason {
	case state.DownNoAnswer:
		g := &diag.GaveUp{By: diag.Self, Tries: uint16(min(d.Times, 1<<16-1))}
		if sa.Sent == 1 {
			g.Exchange, g.Number = exchange, 1
			k.Role = diag.Initiator
			tell(&diag.Message{From: diag.Self, Exchange: exchange, Number: 1})
		}
		tell(g)
	case state.DownProposal:
		switch {
		case o.known.up[peer]:
			tell(&diag.Check{By: diag.Self, What: diag.CheckProposal, Exchange: isakmp.ExchangeQuick})
		case sa.Version != 2:
			tell(&diag.Check{By: diag.Self, What: diag.CheckProposal, Exchange: exchange})
		}
	case state.DownSelectors:
		tell(&diag.LookedUp{By: diag.Self, What: diag.LookupChild})
	case state.DownIdentity:
		tell(&diag.Check{By: diag.Self, What: diag.CheckIdentity, Exchange: exchange})
	case state.DownAuthentication:
		tell(&diag.Check{By: diag.Self, What: diag.CheckPeer, Exchange: exchange})
	case state.DownNoConfig:
		tell(&diag.LookedUp{By: diag.Self, What: diag.LookupGateway})
	case state.DownPeerDead:
		tell(&diag.Teardown{By: diag.Self, Reason: diag.EndedDPD})
	case state.DownByPeer:
		tell(&diag.Progress{By: diag.Peer, Step: diag.ChildDeleteSent})
	case state.DownExpired:
		tell(&diag.Teardown{By: diag.Self, Child: true, Reason: diag.EndedExpired})
	}
}

// counterNames tells which counter of Linux counts what a counter of another
// system does.
func counterName(f state.Format, name string) string {
	if f.Junos() {
		switch name {
		case "ESP authentication failures", "AH authentication failures", "ESP decryption failures":
			return "XfrmInStateProtoError"
		case "Replay errors":
			return "XfrmInStateSeqError"
		case "Invalid SPI":
			return "XfrmInNoStates"
		case "Encrypted packets":
			return diag.CounterProtected
		case "Decrypted packets":
			return diag.CounterOpened
		}
		return ""
	}
	return name
}

// foreign observes the counters of another system than Linux. Several may stand
// for one; what each is called there is said with it.
func (o *State) foreign(st *state.State) {
	sum := map[string]*diag.Counter{}
	line := map[string]int{}
	var order []string
	for i := range st.Counters {
		c := &st.Counters[i]
		name := counterName(st.Format, c.Name)
		if name == "" {
			continue
		}
		b := sum[name]
		if b == nil {
			b = &diag.Counter{Name: name, Said: diag.Clean(c.Name, 40)}
			sum[name], line[name] = b, c.Line
			order = append(order, name)
		}
		if b.Value == 0 && c.Value > 0 {
			b.Said, line[name] = diag.Clean(c.Name, 40), c.Line
		}
		b.Value += c.Value
	}
	for _, name := range order {
		b := sum[name]
		o.send(line[name], b.String(), &diag.Keys{}, b)
	}
}
