package diag

import (
	"slices"
	"time"
)

// Sighting is a flow as one vantage point shows it.
type Sighting struct {
	Flow *Flow
	From Side // the sender
	At   Side // whose host recorded it, SideUnknown for one on the path
	// Evidence is the first and the last packet.
	Evidence []Evidence
}

// Flows returns the flows of an attempt, as captures show them.
func (a *Attempt) Flows() (all []Sighting) {
	if a.lacks(BodyFlow) {
		return nil
	}
	for _, s := range a.strands {
		for _, sl := range s.factsOf(BodyFlow) {
			if f, ok := sl.first.body.(*Flow); ok {
				all = append(all, Sighting{Flow: f, From: f.party().side(s.side()), At: a.vantage(s), Evidence: a.tunnel.view.appendSlot(nil, s, sl)})
			}
		}
	}
	return all
}

// Flows returns the flows that captures of an end's gateway show and that
// nothing ties to one of its tunnels.
func (v *View) Flows(end int) (all []Sighting) {
	for _, s := range v.hostStrands(end) {
		for _, sl := range s.factsOf(BodyFlow) {
			if f, ok := sl.first.body.(*Flow); ok {
				all = append(all, Sighting{Flow: f, Evidence: v.appendSlot(nil, s, sl)})
			}
		}
	}
	return all
}

// Held is an SA pair of phase 2, or a half of one, that a side says it has.
type Held struct {
	SA *SA
	// At is the side that says so.
	At       Side
	Evidence Evidence
}

// SAs returns the SAs of phase 2 that dumps of the ends' states list.
func (a *Attempt) SAs() (all []Held) {
	if a.lacks(BodySA) {
		return nil
	}
	for _, s := range a.strands {
		for _, sl := range s.factsOf(BodySA) {
			if sa, ok := sl.first.body.(*SA); ok && sa.Child {
				all = append(all, Held{SA: sa, At: a.vantage(s), Evidence: a.tunnel.view.evidence(s, &sl.first)})
			}
		}
	}
	return all
}

// Watched reports whether a capture taken at a side shows the attempt and
// would show its flows of a kind too: one that is missing there did not come.
// The evidence is the absence; it Outlasts where the capture goes on after the
// negotiation.
func (a *Attempt) Watched(side Side, kind PacketSet) (e Evidence, ok bool) {
	for _, s := range a.strands {
		c := &a.tunnel.view.engine.sources[s.key.source].Coverage
		if s.state() || a.vantage(s) != side || !s.observer || !c.Shows.Has(BodyFlow) || c.CutEnd || c.Hides&kind != 0 || s.open().dropped > 0 {
			continue
		}
		e, ok = a.tunnel.view.absence(s.key.source, s), true
		e.Where, e.Kind = s.open().last.where(), EvidenceAbsence
		*e.Span = Span{s.end(), Time{Value: c.To}}
		e.gaps = e.gaps || a.patchy(s, side)
	}
	return e, ok
}

// Recorded reports whether the capture that an absence is of was still
// recording when n packets of a flow had left the other end. The difference of
// the two captures' clocks is that of a message which both show; where there is
// none it is not known.
func (a *Attempt) Recorded(absent Evidence, s *Sighting, n uint64) bool {
	if absent.gaps || len(s.Evidence) == 0 || s.Flow.Packets < n || !s.Evidence[0].Time.Known() || absent.span().To.Value.IsZero() {
		return false
	}
	ahead, ok := a.ahead(s.Evidence[0].Source, absent.Source)
	if !ok {
		return false
	}
	// No two in succession are further apart than its longest silence.
	left := s.Evidence[0].Time.Value.Add(time.Duration(n) * s.Flow.longest())
	if last := s.Evidence[len(s.Evidence)-1].Time.Value; last.Before(left) {
		left = last
	}
	return !absent.span().To.Value.Before(left.Add(ahead))
}

// longest returns the longest time between two packets in succession, no less
// than it was.
func (f *Flow) longest() time.Duration {
	if f.SilenceMillis > 0 {
		return time.Duration(f.SilenceMillis) * time.Millisecond
	}
	return time.Duration(f.Silence+1) * time.Second
}

// ahead returns by how much the clock of a capture is ahead of another's, no
// less, by the messages that both show.
func (a *Attempt) ahead(of, clock SourceID) (most time.Duration, ok bool) {
	for _, x := range a.strands {
		for _, y := range a.strands {
			if x.key.source != of || y.key.source != clock {
				continue
			}
			for _, from := range [...]Side{Initiator, Responder} {
				for _, k := range x.numbered(from) {
					left, came := x.when(k, from), y.when(k, from)
					if left.Known() && came.Known() {
						if d := came.Value.Sub(left.Value); !ok || d > most {
							most, ok = d, true
						}
					}
				}
			}
		}
	}
	return most, ok
}

// vantage returns the side that a strand is the view of; for a capture that
// does not tell, the side whose gateway it came from.
func (a *Attempt) vantage(s *strand) Side {
	if at := s.at(); at != SideUnknown {
		return at
	}
	g := s.gateway
	if g == nil || s.observer && len(g.addrs) == 0 {
		return SideUnknown
	}
	for _, side := range [...]Side{Initiator, Responder} {
		if l := a.tunnel.view.leg(a.EndOf(side)); l != nil && l.gateway == g {
			return side
		}
	}
	return SideUnknown
}

// Sole reports whether the tunnel is the only one that its end's gateway is
// known to have: what concerns the host then concerns this tunnel.
func (v *View) Sole(end int) bool {
	l := v.leg(end)
	return l != nil && len(l.gateway.legs) == 1
}

// Listed reports whether a dump of an end's gateway would show facts of a
// kind: those that it does not show are not there.
func (v *View) Listed(end int, kind BodyKind) (e Evidence, ok bool) {
	l := v.leg(end)
	if l == nil {
		return Evidence{}, false
	}
	for _, u := range l.gateway.units {
		if u.source.Kind == KindState && u.source.Coverage.Shows.Has(kind) && u.source.Err == "" {
			return v.absence(u.id, nil), true
		}
	}
	return Evidence{}, false
}

// Told reports whether a source of an end's gateway would show facts of a kind.
func (v *View) Told(end int, kind BodyKind) bool {
	l := v.leg(end)
	return l != nil && slices.ContainsFunc(l.gateway.units, func(u *unit) bool { return u.source.Coverage.Shows.Has(kind) })
}
