package rules

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

// compareAddresses compares the address that an end has for its peer with the
// peer's own. of is the side whose idea of its peer is wrong: the initiator
// then dials a wrong gateway, the responder does not know who calls. Where
// nothing tells who begins, the end with the wrong idea is taken for the
// responder: that it has no connection for its peer is true either way.
func compareAddresses(v *diag.View, of diag.Side) compared {
	p, ok := confPairOf(v)
	if !ok {
		return compared{}
	}
	for end := range p.c {
		side := p.side(end)
		if side == diag.SideUnknown {
			side = diag.Responder
		}
		want, have, ok := p.addresses(end)
		if side != of || !ok {
			continue
		}
		fields := [2]string{"RemoteAddresses", "LocalAddresses"}
		if end == 1 {
			fields = [2]string{"LocalAddresses", "RemoteAddresses"}
		}
		if slices.ContainsFunc(want, func(a netip.Addr) bool { return slices.Contains(have, a) }) {
			if p.initiator >= 0 {
				return agreement(p.evidence(fields, diag.Background))
			}
			continue
		}
		if translates(want, have) || known(v) {
			continue
		}
		w, _ := p.weigh(func(_, _ int) fate { return fails })
		// A translation between the ends would make the one address of the
		// other: that takes a log or a capture to rule out.
		w = min(w, diag.Strong)
		ev := p.evidence(fields, w)
		at := p.place(end, "RemoteAddresses")
		f := diag.Finding{FixAt: p.role(end), Evidence: ev, Detail: diag.AddressUnknown{Local: first0(p.c[end].V.LocalAddresses), Remote: have[0]}}
		f.Summary = fmt.Sprintf("%s is configured for a peer at %s, but its peer is %s", p.name(end), want[0], have[0])
		f.Remedies = []diag.Remedy{{End: p.role(end), Action: "set the peer's address", Setting: at.Setting, Value: have[0].String(), Source: ev[end].Source, Line: ev[end].Where.Line}}
		return compared{state: differ, finding: &f}
	}
	return compared{}
}

// known reports whether a responder took a message of its peer's for one of a
// connection that it has: then it knows the address.
func known(v *diag.View) bool {
	if v.Up() {
		return true
	}
	for a := range v.Unfinished(diag.Phase1) {
		if wasSent(a, diag.Responder, isakmp.ExchangeMain, 2) || wasSent(a, diag.Responder, isakmp.ExchangeAggressive, 2) {
			return true
		}
	}
	return false
}

// addresses returns what an end has for its peer's addresses, and the peer's
// own, where both are written as addresses.
func (p confPair) addresses(end int) (want, have []netip.Addr, ok bool) {
	x, y := p.c[end].V, p.c[1-end].V
	if x.RemoteAny || x.RemoteName != "" || y.LocalAny || len(x.RemoteAddresses) == 0 || len(y.LocalAddresses) == 0 {
		return nil, nil, false
	}
	return x.RemoteAddresses, y.LocalAddresses, true
}

// translates reports whether a NAT may stand between the address that is
// called and the one that the host has.
func translates(want, have []netip.Addr) bool {
	return slices.ContainsFunc(have, inner) && !slices.ContainsFunc(want, inner)
}

func first0(list []netip.Addr) netip.Addr {
	if len(list) == 0 {
		return netip.Addr{}
	}
	return list[0]
}
