package diag

import (
	"cmp"
	"slices"
)

// Op is what happened to an incident.
type Op uint8

// The operations.
const (
	Opened    Op = iota + 1 // a failure became visible
	Changed                 // its best explanation, or how sure that is, changed
	Resolved                // a later attempt got past it
	Withdrawn               // the evidence as it is now does not show it
	Evicted                 // the engine had to forget the negotiation, for want of room
)

var opNames = [...]string{"", "opened", "changed", "recovered", "withdrawn", "evicted"}

// String returns the operation's name in JSON: opened, changed, recovered (for
// Resolved), withdrawn or evicted.
func (o Op) String() string { return name(opNames[:], uint8(o)) }

// Change is one step in the life of an incident, complete in itself: what a
// ticket system wants to know. An incident is opened, changes any number of
// times, and ends by one of the other operations; it is opened again where it
// is seen to fail again. Its verdict sharpens as evidence arrives; it does not
// close and open for that.
type Change struct {
	Op Op
	// Finding is the incident's best explanation. Its Incident stays what it was
	// when the incident was opened, also where more evidence has given the
	// tunnel another ID since; its Fingerprint is that of a Report.
	Finding Finding
	Tunnel  TunnelReport   // without an ID where the finding is a gateway's
	Sources []SourceReport // those that the finding's evidence names
	// Gateways lists those of the tunnel, the finding and the sources.
	Gateways []GatewayReport
}

// gatewayIDs lists the gateways that a change names, each once.
func (c *Change) gatewayIDs() (ids []string) {
	for i := range c.Tunnel.Ends {
		ids = append(ids, c.Tunnel.Ends[i].GatewayID)
	}
	for i := range c.Sources {
		ids = append(ids, c.Sources[i].GatewayID)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// incident is what was last said of one. Its best finding has the ID that it
// was opened with.
type incident struct {
	best    Finding
	tunnel  TunnelReport
	failure string
	handles []uint64 // of the tunnel's strands, to follow it through merges; of a gateway's
	said    string   // digest of what a change shows
}

// open reports whether it was opened, and not ended.
func (i *incident) open() bool { return i != nil && i.best.Status == Active }

// changes compares the incidents with those that were last said.
func (e *Engine) changes() []Change {
	now := map[string]*incident{}
	var order []string
	take := func(c *evaluated, about func(*Finding) incident) {
		found := c.findings()
		for i := range found {
			f := &found[i]
			if f.Kind != Cause && f.Kind != Symptom || e.silenced(f) {
				continue
			}
			if best := now[f.Incident]; best == nil {
				order = append(order, f.Incident)
			} else if best.open() || f.Status != Active {
				continue // it stands for what it looks like now, not for what is past
			}
			if known := e.incidents[f.Incident]; known != nil && !c.fresh {
				now[f.Incident] = known
				continue
			}
			n := about(f)
			n.best, n.said = *f, contentID("", string(f.Code), f.Verdict.String(), f.Severity.String(), f.Status.String(), f.Summary)
			now[f.Incident] = &n
		}
	}
	for _, t := range e.tunnels {
		take(&t.evaluated, func(f *Finding) incident {
			return incident{tunnel: e.tunnelReport(t, t.evaluated.findings()), failure: t.failure(f), handles: t.handles()}
		})
	}
	for _, g := range e.gateways {
		take(&g.evaluated, func(f *Finding) incident {
			return incident{failure: string(f.Code), handles: g.handles()}
		})
	}
	slices.Sort(order)
	var out []Change
	var sources []SourceReport // for all changes
	gateways := map[string]*gateway{}
	say := func(op Op, i *incident) {
		if sources == nil {
			sources = e.sourceReports()
			for _, g := range e.gateways {
				gateways[g.ordinal] = g
			}
		}
		c := Change{Op: op, Finding: i.best, Tunnel: i.tunnel, Sources: i.best.sourcesOf(sources)}
		for _, id := range c.gatewayIDs() {
			if g := gateways[id]; g != nil {
				c.Gateways = append(c.Gateways, g.report())
			}
		}
		out = append(out, c)
	}
	inherited := e.inherit(now, order)
	for _, id := range order {
		i, was := now[id], e.incidents[id]
		if was == nil {
			was = inherited[id]
		}
		switch {
		case i.open() && !was.open():
			say(Opened, i)
		case !i.open() && was.open():
			say(Resolved, i)
		case i.open() && was.said != i.said:
			say(Changed, i)
		}
	}
	goesOn := map[*incident]bool{}
	for _, was := range inherited {
		goesOn[was] = true
	}
	evicted := map[uint64]bool{}
	for _, s := range e.evicted {
		evicted[s.key.handle] = true
	}
	e.evicted = nil
	var gone []string
	for id := range e.incidents {
		if i := e.incidents[id]; now[id] == nil && i.open() && !goesOn[i] {
			gone = append(gone, id)
		}
	}
	slices.Sort(gone)
	for _, id := range gone {
		i := e.incidents[id]
		op := Withdrawn
		if slices.ContainsFunc(i.handles, func(h uint64) bool { return evicted[h] }) {
			op = Evicted
		}
		say(op, i)
	}
	e.incidents = now
	slices.SortStableFunc(out, func(a, b Change) int {
		return cmp.Or(cmp.Compare(a.Op, b.Op), compareFinding(&a.Finding, &b.Finding))
	})
	return out
}

// handles makes handles of what tells of the gateway as a whole: no negotiation
// has such.
func (g *gateway) handles() (hs []uint64) {
	for _, s := range g.about {
		hs = append(hs, 1<<63|uint64(s.key.source))
	}
	return hs
}

// inherit gives incidents that go on the IDs that they were opened with. Where
// a tunnel has another ID since its views were joined, the incident that was
// known under the old one is returned by the new one's ID.
func (e *Engine) inherit(now map[string]*incident, order []string) map[string]*incident {
	gone := map[uint64][]string{} // what is open and not there under its ID any more, by handle
	for id, i := range e.incidents {
		if now[id] == nil && i.open() {
			for _, h := range i.handles {
				gone[h] = append(gone[h], id)
			}
		}
	}
	inherited, heirs, taken := map[string]*incident{}, map[string]bool{}, map[string]bool{}
	for _, id := range order {
		i, was := now[id], e.incidents[id]
		if was == nil {
			var from string // the first by ID: the choice has to be the same each time
			for _, h := range i.handles {
				for _, old := range gone[h] {
					if !heirs[old] && e.incidents[old].failure == i.failure && (from == "" || old < from) {
						from = old
					}
				}
			}
			if from == "" {
				continue
			}
			was = e.incidents[from]
			heirs[from], inherited[id] = true, was
		}
		if i.best.Incident = was.best.Incident; i.best.Incident != id {
			taken[i.best.Incident] = true
		}
	}
	for _, id := range order {
		for i := now[id]; e.incidents[id] == nil && inherited[id] == nil && taken[i.best.Incident]; {
			i.best.Incident = contentID("i", i.best.Incident)
		}
	}
	return inherited
}

func (t *tunnel) handles() (hs []uint64) {
	for _, l := range t.legs {
		for _, s := range l.strands {
			hs = append(hs, s.key.handle)
		}
		for _, s := range l.policies {
			hs = append(hs, s.key.handle)
		}
	}
	slices.Sort(hs)
	return slices.Compact(hs)
}
