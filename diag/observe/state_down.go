package observe

import (
	"net/netip"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike/state"
	"github.com/ikediag/ikediag/isakmp"
)

// ikePeers is what a dump says of the IKE SAs with each peer, beside which it
// may say why tunnels are down.
type ikePeers struct {
	up   map[netip.Addr]bool      // phase 1 is there
	down map[netip.Addr]*state.SA // the SA that negotiates it
}

func ikePeersOf(st *state.State) ikePeers {
	p := ikePeers{map[netip.Addr]bool{}, map[netip.Addr]*state.SA{}}
	for i := range st.SAs {
		switch sa := &st.SAs[i]; {
		case sa.State == state.IKEEstablished, sa.State == state.IKERekeying:
			p.up[sa.Remote.Address.Addr()] = true
		case sa.State == state.IKEConnecting:
			p.down[sa.Remote.Address.Addr()] = sa
		}
	}
	return p
}

// whole returns the SA that a tunnel is down with. Where a list of tunnels that
// are down says why, and another names their IKE SAs, it is said of those.
func (o *State) whole(sa *state.SA) state.SA {
	if ike := o.known.down[sa.Remote.Address.Addr()]; ike != nil && sa.Down.Line > 0 && sa.State == state.IKEUnknown && len(sa.Children) == 0 {
		one := *ike
		one.Down = sa.Down
		return one
	}
	return *sa
}

// down observes why a tunnel is not there, as its device says.
func (o *State) down(sa *state.SA, k *diag.Keys) {
	d, peer := sa.Down, sa.Remote.Address.Addr()
	exchange := isakmp.ExchangeMain
	if sa.Aggressive {
		exchange = isakmp.ExchangeAggressive
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
