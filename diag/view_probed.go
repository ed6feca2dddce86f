package diag

import (
	"fmt"
	"iter"
	"net/netip"
	"slices"
	"strings"
)

// Probed finds what a probe found of the gateway of an end, 0 or 1, of what keep
// accepts. near: it asked from the address of the other end, and so says
// something of the way between the two; anything else is of the way from a
// third host.
func (v *View) Probed(end int, keep func(*Probed) bool) (k Known[*Probed], near bool) {
	for p := range v.probes(end) {
		b := p.V
		if keep != nil && !keep(b) {
			continue
		}
		from := v.isEnd(1-end, b.From)
		if k.OK && (near || !from) {
			continue // what the other end found says more
		}
		k, near = p, from
	}
	return k, near
}

// probes iterates over what probes found of the gateway of an end.
func (v *View) probes(end int) iter.Seq[Known[*Probed]] {
	return func(yield func(Known[*Probed]) bool) {
		for _, s := range v.probeStrands(end) {
			for _, sl := range s.factsOf(BodyProbed) {
				b, ok := sl.first.body.(*Probed)
				if ok && !yield(Known[*Probed]{V: b, Last: b, OK: true, Count: int(sl.count), Evidence: v.appendSlot(nil, s, sl)}) {
					return
				}
			}
		}
	}
}

// probeStrands returns the strands of probes that asked an end.
func (v *View) probeStrands(end int) (out []*strand) {
	if v.engine == nil {
		return nil
	}
	for _, s := range v.engine.probes {
		if v.isEnd(end, s.local.Addr()) {
			out = append(out, s)
		}
	}
	return out
}

// isEnd reports whether an address is an end's.
func (v *View) isEnd(end int, a netip.Addr) bool {
	if v.tunnel == nil || !a.IsValid() || end < 0 || end > 1 {
		return false
	}
	if v.Address(end) == a {
		return true
	}
	l := v.leg(end)
	return l != nil && l.gateway.owns(a)
}

// ProbeProduct is the Software of who begins a negotiation for the sake of the
// answer: ike/probe, which says so in a vendor ID. Such a negotiation makes no
// tunnel, unless it comes up.
const ProbeProduct = "ikediag probe"

// probing reports whether a strand is a probe's negotiation, at the gateway that
// was asked or on the way there.
func (s *strand) probing() bool { return !s.up && (s.aside || s.saysProbe()) }

// saysProbe reports whether a strand shows the vendor ID of a probe.
func (s *strand) saysProbe() bool {
	if !s.kinds.Has(BodySoftware) || s.ledger == nil { // what is packed is of a tunnel
		return false
	}
	return slices.ContainsFunc(s.factsOf(BodySoftware), func(sl *slot) bool {
		b, ok := sl.first.body.(*Software)
		return ok && sl.child == 0 && b.Product == ProbeProduct
	})
}

// asides marks the strands of a source that a probe began without saying so where
// the source tells: of IKEv2, some daemons log nothing of the vendor ID of what
// they refuse. They come from the very address and port of those that say so. A
// port of IKE may be a daemon's as well, and proves nothing.
func (u *unit) asides() {
	from := map[netip.AddrPort]bool{}
	for _, s := range u.strands {
		if p := s.remote.Port(); p != 0 && p != 500 && p != 4500 && s.key.handle != 0 && !s.up && s.saysProbe() {
			from[s.remote] = true
		}
	}
	for _, s := range u.strands {
		s.aside = from[s.remote]
	}
}

// leftOut notes that sources show negotiations of a probe.
func (e *Engine) leftOut() (all []Finding) {
	v := View{engine: e}
	f := Finding{Code: EvidInsufficient, Kind: Note, Severity: Info, Verdict: Confirmed, Phase: PhaseAny, Scope: ScopeReport, attempt: -1}
	for _, g := range e.gateways {
		for _, u := range g.units {
			for _, s := range u.strands {
				if s.key.handle != 0 && s.probing() {
					f.Count++
					if len(f.Evidence) < evidenceKept {
						f.Evidence = append(f.Evidence, v.strandEvidence(s))
					}
				}
			}
		}
	}
	if f.Count == 0 {
		return nil
	}
	v.sortEvidence(f.Evidence)
	f.Summary = fmt.Sprintf("negotiations of ikediag's own probe are left out: %d", f.Count)
	f.ID = contentID("f", string(f.Code), "probing")
	f.Fingerprint, f.Incident = "f1:"+f.ID[2:], f.ID
	return []Finding{f}
}

// unasked tells of probes of addresses at which no tunnel ends that anything
// else shows.
func (e *Engine) unasked() (all []Finding) {
	for _, s := range e.probes {
		if slices.ContainsFunc(e.tunnels, func(t *tunnel) bool {
			return slices.Contains(t.view.probeStrands(0), s) || slices.Contains(t.view.probeStrands(1), s)
		}) {
			continue
		}
		v := View{engine: e}
		f := Finding{Code: EvidInsufficient, Kind: Note, Severity: Info, Verdict: Confirmed, Phase: PhaseAny, Scope: ScopeReport, attempt: -1, Count: 1}
		var told []string
		for _, sl := range s.factsOf(BodyProbed) {
			if b, ok := sl.first.body.(*Probed); ok {
				told = append(told, fmt.Sprintf("%s: %s", b.Question, b.Outcome))
				f.Evidence = v.appendSlot(f.Evidence, s, sl)
			}
		}
		if len(told) == 0 {
			continue
		}
		f.Summary = fmt.Sprintf("nothing but a probe tells of %s (%s): what it found is about no tunnel that is known here", s.local.Addr(), strings.Join(told, ", "))
		f.miss(Missing{Kind: KindLog, End: EndEither, Why: "a log, a capture or a configuration of an end of the tunnel shows what the answers mean for it"})
		f.Evidence = v.trim(appendPieces(nil, f.Evidence, 0))
		f.ID = contentID("f", string(f.Code), "probe", s.local.Addr().String())
		f.Fingerprint, f.Incident = "f1:"+f.ID[2:], f.ID
		all = append(all, f)
	}
	return all
}
