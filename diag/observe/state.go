package observe

import (
	"encoding/binary"
	"fmt"
	"io"
	"net/netip"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/ike/state"
)

// State turns a state dump into observations.
type State struct {
	// To takes the observations, which are of Source.
	To     Target
	Source diag.SourceID

	read    *state.State
	own     []netip.Addr // the host's addresses, as the dump gives them away
	peers   []netip.Addr // those of the other ends
	partial bool         // SAs that the dump does not list may be there
	basis   diag.Basis
	known   ikePeers
	pairs   map[halfID]uint64 // the handles of halves that belong together
}

// partial reports whether a dump lists some SAs only, or none by its SPI. One of
// phase 1 may be kept in one file with one of phase 2.
func partial(st *state.State) bool {
	for i := range st.SAs {
		if slices.ContainsFunc(st.SAs[i].Children, func(c state.Child) bool { return c.In.SPI != 0 }) && st.Format != state.XfrmMonitor {
			return false
		}
	}
	switch st.Format {
	case state.XfrmMonitor, state.WhackTraffic, state.CiscoSession, state.JunosIKE, state.JunosInactive, state.FortiGateways, state.FortiSummary, state.RouterOSPeers:
		return true
	}
	return false
}

// Read observes a dump. What was read before a fault stays.
func (o *State) Read(name string, r io.Reader) error {
	st, err := state.Parse(name, r)
	o.read = st
	o.State(st)
	return err
}

// State observes the connections, SAs, policies and counters of a dump.
func (o *State) State(st *state.State) {
	o.partial, o.basis = partial(st), diag.Logged
	o.own, o.peers = st.Ends()
	if st.Recalled {
		o.basis = diag.Recalled
	}
	if st.NotRunning {
		o.send(1, "the daemon does not run", &diag.Keys{}, &diag.Host{Event: diag.DaemonStopped})
	}
	if st.Daemon.Product != "" && st.Format != state.Refusal {
		body := software(diag.Self, st.Daemon.Product, st.Daemon.Version)
		o.To.Observe(&diag.Observation{
			Source: o.Source, Where: diag.Where{Line: 1}, Basis: diag.Logged,
			Body: &body,
		})
	}
	for i := range st.Connections {
		c := &st.Connections[i]
		o.loaded(c.Line, c.Name, c.Name+": "+c.Versions)
		for _, k := range c.Children {
			if k.Name != c.Name { // charon lists a connection that shares another one's phase 1 as a child of that
				o.loaded(k.Line, k.Name, k.Name+": child of "+c.Name)
			}
		}
	}
	if st.Listed > 0 && st.Dropped == 0 {
		o.send(st.Listed, fmt.Sprintf("%d connections", len(st.Connections)), &diag.Keys{}, &diag.Host{Event: diag.ConnectionsListed})
	}
	o.known = ikePeersOf(st)
	for i := range st.SAs {
		sa := o.whole(&st.SAs[i])
		o.sa(&sa)
	}
	o.pairs = pairs(st)
	for i := range st.Kernel {
		o.kernel(&st.Kernel[i])
	}
	o.events(st)
	if st.Format == state.XfrmPolicy || st.Format == state.SetkeyPolicies || len(st.Policies) > 0 {
		o.policies(st)
	}
	if st.Format.Junos() {
		o.foreign(st)
		st = &state.State{Format: st.Format, Settings: st.Settings, Routes: st.Routes}
	}
	for i := range st.Counters {
		// The first even where it is 0: that nothing was counted is a fact.
		if c := &st.Counters[i]; telling(st.Format, c.Name) && (c.Value > c.Before || i == 0 || st.Format == state.Nstat) {
			o.counter(c)
		}
	}
	o.host(st)
}

// loaded notes a connection that the daemon has.
func (o *State) loaded(line int, name, text string) {
	o.send(line, text, &diag.Keys{}, &diag.Host{Event: diag.ConnectionLoaded, Name: diag.HostName(name)})
}

func (o *State) sa(sa *state.SA) {
	k := diag.Keys{
		Handle: binary.BigEndian.Uint64(sa.Cookies[0][:]) ^ handleOf(sa.Name, int(sa.ID)),
		Local:  sa.Local.Address, Remote: sa.Remote.Address, Connection: []byte(sa.Name),
	}
	if sa.Between[0].IsValid() {
		k.Observer = true
		k.Local, k.Remote = netip.AddrPortFrom(sa.Between[0], 0), netip.AddrPortFrom(sa.Between[1], 0)
	}
	for i := range sa.Cookies {
		k.Cookies[i] = binary.BigEndian.Uint64(sa.Cookies[i][:])
	}
	switch sa.Role {
	case state.RoleInitiator:
		k.Role = diag.Initiator
	case state.RoleResponder:
		k.Role = diag.Responder
	}
	if !sa.Local.Identity.Any {
		k.LocalID = []byte(sa.Local.Identity.String())
	}
	if !sa.Remote.Identity.Any {
		k.RemoteID = []byte(sa.Remote.Identity.String())
	}
	b := &diag.SA{State: saState(sa.State), LocalID: sa.Local.Identity, RemoteID: sa.Remote.Identity, QueuedTasks: uint8(min(len(sa.Queued)+len(sa.Active), 255)), Sent: sa.Sent, Aggressive: sa.Aggressive}
	b.Outer[0], b.Outer[1] = sa.Local.Address, sa.Remote.Address
	if sa.Age.Known {
		b.Age = uint32(max(sa.Age.D.Seconds(), 0))
	}
	text := fmt.Sprintf("%s[%d]: %s", sa.Name, sa.ID, sa.StateText)
	o.send(sa.Line, text, &k, b)
	if sa.State >= state.IKEEstablished && sa.State <= state.IKERekeyed {
		o.send(sa.Line, text, &k, &diag.Progress{By: diag.Self, Step: diag.Phase1Up})
	}
	if len(sa.Proposal.Ciphers) > 0 {
		o.send(sa.Line, text, &k, &diag.Offer{By: diag.Self, Role: diag.Chosen, Proposals: []ike.Proposal{sa.Proposal}})
	}
	o.down(sa, &k)
	for i := range sa.Children {
		o.child(&k, &sa.Children[i])
	}
}

func (o *State) child(k *diag.Keys, c *state.Child) {
	kc := *k
	kc.Child, kc.SPI = uint64(c.In.SPI), c.In.SPI
	b := &diag.SA{
		Child: true, Mode: c.Mode, Encap: c.UDP, SPIIn: c.In.SPI, SPIOut: c.Out.SPI, Local: c.Local, Remote: c.Remote,
		BytesIn: c.In.Bytes, BytesOut: c.Out.Bytes, PacketsIn: c.In.Packets, PacketsOut: c.Out.Packets, Counted: c.In.Counted && c.Out.Counted,
		ReplayWindow: c.In.Window, ReplayErrors: c.In.Replayed, AuthErrors: c.In.Failed, AH: c.Protocol == ike.ProtocolAH, Partial: o.partial,
	}
	if c.Age.Known {
		b.Age = uint32(max(c.Age.D.Seconds(), 0))
	}
	if c.In.Idle.Known {
		b.IdleIn = uint32(max(c.In.Idle.D.Seconds(), 0))
	}
	text := fmt.Sprintf("%s{%d}: %s", c.Name, c.ID, c.StateText)
	if c.State == state.ChildInstalled || c.State == state.ChildRekeying {
		b.State = diag.SAEstablished
		kc.SPI = c.Out.SPI // either tells the pair
		o.send(c.Line, text, &kc, &diag.Progress{By: diag.Self, Step: diag.Phase2Up, SPIIn: c.In.SPI, SPIOut: c.Out.SPI})
		kc.SPI = c.In.SPI
	}
	if c.State == state.ChildRekeyed {
		b.State = diag.SAReplaced
	}
	o.send(c.Line, text, &kc, b)
	if p := &c.Proposal; len(p.Ciphers)+len(p.Integrity) > 0 {
		o.send(c.Line, text, &kc, &diag.Offer{By: diag.Self, Role: diag.Chosen, Phase2: true, Proposals: []ike.Proposal{*p}})
	}
}

func (o *State) send(line int, text string, k *diag.Keys, b diag.Body) {
	o.To.Observe(&diag.Observation{Source: o.Source, Where: diag.Where{Line: line, Index: int(b.Kind())}, Basis: o.basis, Text: []byte(diag.Clean(text, 160)), Keys: *k, Body: b})
}

func saState(s state.IKEState) diag.SAState {
	switch s {
	case state.IKECreated, state.IKEConnecting:
		return diag.SAConnecting
	case state.IKEEstablished, state.IKERekeyed, state.IKEPassive:
		return diag.SAEstablished
	case state.IKERekeying:
		return diag.SARekeying
	case state.IKEDeleting:
		return diag.SADeleting
	case state.IKEGone:
		return diag.SAGone
	}
	return diag.SAUnknown
}

// Describe fills in what the reading found out about the source.
func (o *State) Describe(s *diag.Source) {
	st := o.read
	s.Dialect = st.Format.String()
	s.Units, s.Recognized = st.Lines, st.Lines-len(st.Unknown)-st.Dropped
	s.Coverage.Shows = diag.Bodies(diag.BodySA)
	switch st.Format {
	case state.XfrmStat, state.Nstat, state.JunosStatistics:
		s.Coverage.Shows = diag.Bodies(diag.BodyCounter)
	case state.XfrmPolicy, state.SetkeyPolicies:
		s.Coverage.Shows = diag.Bodies(diag.BodyPolicies)
	case state.SwanctlConnections, state.ViciConnections, state.Sysctl:
		s.Coverage.Shows = diag.Bodies(diag.BodyHost)
	case state.Sockets:
		s.Coverage.Shows = diag.Bodies(diag.BodyHost)
	case state.Conntrack: // what it does not have may have been forgotten
		s.Coverage.Shows = diag.Bodies()
	case state.IPRoute, state.IPRouteGet:
		s.Coverage.Shows = diag.Bodies(diag.BodyRoutes)
	}
}
