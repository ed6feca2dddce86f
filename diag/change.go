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

// String returns the operation's name in JSON.
func (o Op) String() string { return name(opNames[:], uint8(o)) }

// Change is one step in the life of an incident, complete in itself: what a
// ticket system wants to know. An incident's verdict sharpens as evidence
// arrives; it does not close and open again for that.
type Change struct {
	Op      Op
	Finding Finding // the incident's best explanation
	Tunnel  TunnelReport
	Sources []SourceReport // those that the finding's evidence names
}

// incident is what was last said of one.
type incident struct {
	best    Finding
	tunnel  TunnelReport
	failure string
	handles []uint64 // of the tunnel's strands, to follow it through merges
	said    string   // digest of what a change shows
}

// changes compares the incidents with those that were last said.
func (e *Engine) changes() []Change {
	now := map[string]*incident{}
	var order []string
	for _, t := range e.tunnels {
		c := e.cache[t.id]
		if c == nil {
			continue
		}
		for i := range c.findings {
			f := &c.findings[i]
			if f.Kind != Cause && f.Kind != Symptom || now[f.Incident] != nil || e.silenced(f) {
				continue
			}
			if known := e.incidents[f.Incident]; known != nil && !c.fresh {
				now[f.Incident] = known
				order = append(order, f.Incident)
				continue
			}
			now[f.Incident] = &incident{best: *f, tunnel: e.tunnelReport(t, c.findings), failure: t.failure(f), handles: t.handles(),
				said: contentID("", string(f.Code), f.Verdict.String(), f.Severity.String(), f.Status.String(), f.Summary)}
			order = append(order, f.Incident)
		}
	}
	slices.Sort(order)
	var out []Change
	var sources []SourceReport // for all changes
	say := func(op Op, i *incident) {
		if sources == nil {
			sources = e.sourceReports()
		}
		out = append(out, Change{Op: op, Finding: i.best, Tunnel: i.tunnel, Sources: i.best.sourcesOf(sources)})
	}
	inherited := map[string]bool{}
	for _, id := range order {
		i, was := now[id], e.incidents[id]
		if was == nil {
			// A tunnel whose views were joined has a new ID; its incident
			// goes on.
			for old, o := range e.incidents {
				if now[old] == nil && !inherited[old] && o.failure == i.failure && intersectsSorted(o.handles, i.handles) {
					was = o
					inherited[old] = true
					break
				}
			}
		}
		switch {
		case was == nil && i.best.Status == Active:
			say(Opened, i)
		case was == nil || was.said == i.said:
		case i.best.Status == Recovered && was.best.Status != Recovered:
			say(Resolved, i)
		default:
			say(Changed, i)
		}
	}
	evicted := map[uint64]bool{}
	for _, s := range e.evicted {
		evicted[s.key.handle] = true
	}
	e.evicted = nil
	var gone []string
	for id := range e.incidents {
		if now[id] == nil && !inherited[id] {
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
		return cmp.Or(cmp.Compare(a.Op, b.Op), compareFinding(a.Finding, b.Finding))
	})
	return out
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

func intersectsSorted(a, b []uint64) bool {
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			return true
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	return false
}
