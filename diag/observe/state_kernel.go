package observe

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/esp"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/ike/state"
)

// kernel observes a half of an SA pair as a kernel has it. Which of the two
// hosts the kernel's is, its listing does not say in words: the half is
// observed from outside, with the way it goes where its counters give it away,
// and the join knows whose the addresses are.
func (o *State) kernel(sa *state.KernelSA) {
	if sa.SPI == 0 || sa.Protocol != ike.ProtocolESP && sa.Protocol != ike.ProtocolAH || sa.Larval {
		return
	}
	b, k := o.half(sa), halfKeys(sa)
	if h, ok := o.pairs[idOf(sa)]; ok {
		k.Handle = h
	}
	b.State, b.Partial = diag.SAEstablished, o.partial
	text := fmt.Sprintf("src %s dst %s proto %s spi %08x: %d packets", sa.Source, sa.Destination, sa.Protocol, sa.SPI, sa.Packets)
	if b.ReplayErrors > 0 {
		text += fmt.Sprintf(", %d dropped by the replay window of %d", b.ReplayErrors, sa.ReplayWindow)
	}
	if sa.Failed > 0 {
		text += fmt.Sprintf(", %d failed the integrity check", sa.Failed)
	}
	o.send(sa.Line, text, &k, b)
	if p, ok := transformOf(sa); ok {
		o.send(sa.Line, text, &k, &diag.Offer{By: diag.Self, Role: diag.Chosen, Phase2: true, Proposals: []ike.Proposal{p}})
	}
}

// pairs tells which halves belong together: of those with the same ends, ports
// and number, one each way. While one pair replaces another nothing tells them
// apart.
func pairs(st *state.State) map[halfID]uint64 {
	type way struct {
		from, to netip.AddrPort
		reqid    uint32
		proto    ike.Protocol
	}
	of := map[way][]halfID{}
	for i := range st.Kernel {
		sa := &st.Kernel[i]
		if sa.SPI != 0 && !sa.Larval {
			w := way{netip.AddrPortFrom(sa.Source, sa.SourcePort), netip.AddrPortFrom(sa.Destination, sa.DestPort), sa.ReqID, sa.Protocol}
			of[w] = append(of[w], idOf(sa))
		}
	}
	handles := map[halfID]uint64{}
	for w, there := range of {
		back := of[way{w.to, w.from, w.reqid, w.proto}]
		if len(there) == 1 && len(back) == 1 && w.from.Compare(w.to) < 0 {
			h := handleOf(w.from.String()+" "+w.to.String(), int(there[0].spi^back[0].spi))
			handles[there[0]], handles[back[0]] = h, h
		}
	}
	return handles
}

// transformOf returns the algorithms that a kernel uses for an SA; ok is false
// where it names others, or none.
func transformOf(sa *state.KernelSA) (p ike.Proposal, ok bool) {
	t, ok := esp.KernelTransform(sa.Cipher, sa.Integrity, sa.AEAD, sa.CipherBits, sa.TruncBits)
	if !ok || sa.Cipher == "" && sa.AEAD == "" && sa.Integrity == "" {
		return p, false
	}
	p.Protocol = sa.Protocol
	if sa.Protocol == ike.ProtocolESP {
		p.Ciphers = []ike.CipherKey{t.Cipher}
	}
	if t.Integrity != ike.IntegrityNone {
		p.Integrity = []ike.Integrity{t.Integrity}
	}
	return p, true
}

// half is what a kernel says of a half of an SA pair.
func (o *State) half(sa *state.KernelSA) *diag.SA {
	b := &diag.SA{
		Child: true, Half: true, AH: sa.Protocol == ike.ProtocolAH, Mode: sa.Mode, Encap: sa.Encap, SPIIn: sa.SPI,
		BytesIn: sa.Bytes, PacketsIn: sa.Packets, Counted: sa.Counted, ReplayWindow: sa.ReplayWindow,
		ReplayErrors: sa.Replayed + sa.OutsideWindow, AuthErrors: sa.Failed, TruncationBits: uint16(min(max(sa.TruncBits, 0), 1<<16-1)), IfID: sa.IfID,
	}
	b.Outer = [2]netip.AddrPort{netip.AddrPortFrom(sa.Source, sa.SourcePort), netip.AddrPortFrom(sa.Destination, sa.DestPort)}
	switch from, to := slices.Contains(o.own, sa.Source), slices.Contains(o.own, sa.Destination); {
	case from && !to:
		b.Way = diag.PolicyOut
	case to && !from:
		b.Way = diag.PolicyIn
	}
	return b
}

// maxPolicies bounds the policies of one observation.
const maxPolicies = 512

// policies observes a kernel's policies. That one is missing is a fact as
// well, so they are told at once.
func (o *State) policies(st *state.State) {
	b := &diag.Policies{Own: o.own[:min(len(o.own), maxPolicies)], Peers: o.peers[:min(len(o.peers), maxPolicies)], Partial: o.partial, Forwards: st.Format == state.XfrmPolicy || st.Format == state.XfrmMonitor}
	for i := range st.Policies {
		p := &st.Policies[i]
		if p.Socket || p.Dir == state.DirUnknown {
			continue
		}
		if len(b.List) == maxPolicies {
			b.Partial = true
			break
		}
		dir := [...]diag.PolicyDir{state.DirIn: diag.PolicyIn, state.DirOut: diag.PolicyOut, state.DirForward: diag.PolicyForward}[p.Dir]
		needed := slices.ContainsFunc(p.Templates, func(t state.Template) bool { return !t.Optional })
		var peer netip.Addr
		if len(p.Templates) > 0 {
			if peer = p.Templates[0].Source; p.Dir == state.DirOut {
				peer = p.Templates[0].Destination
			}
		}
		b.List = append(b.List, diag.Policy{
			Peer: peer, IfID: p.IfID, Line: p.Line, Dir: dir, Source: p.Source, Destination: p.Destination, Block: p.Block, Protect: needed && !p.Block, Priority: p.Priority, Marked: p.Mark != 0 || p.IfID != 0 || p.Interface != "",
		})
	}
	b.Partial = b.Partial || st.Dropped > 0 || len(st.Unknown) > 0
	o.send(1, fmt.Sprintf("%d policies", len(b.List)), &diag.Keys{}, b)
}

// counter observes a counter of the host's: what it has counted since an
// earlier snapshot where there is one, else since the host came up.
func (o *State) counter(c *state.Counter) {
	text, b := fmt.Sprintf("%s %d", c.Name, c.Value), &diag.Counter{Name: c.Name, Value: c.Value}
	if c.Compared {
		b.Value, b.Delta = c.Value-c.Before, true
		text += fmt.Sprintf(", %d more than before", b.Value)
	}
	o.send(c.Line, text, &diag.Keys{}, b)
}
