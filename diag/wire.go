package diag

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// The wire form of an observation is a line of JSON. It is what the first
// stage of a fleet (parse, assemble, track) sends to the second (join,
// rules), and what snapshots are made of. Fields may be added; a reader
// ignores those that it does not know.
type wireObservation struct {
	Source SourceID        `json:"source"`
	Where  Where           `json:"where"`
	Time   Time            `json:"time,omitzero"`
	Text   string          `json:"text,omitempty"`
	Basis  Basis           `json:"basis"`
	Keys   Keys            `json:"keys,omitzero"`
	Kind   BodyKind        `json:"kind"`
	Body   json.RawMessage `json:"body,omitempty"`
}

// ErrWire is what malformed wire forms and snapshots give.
var ErrWire = errors.New("malformed wire form")

// AppendBinary appends the observation's wire form. It holds no secret that
// the observation does not hold: digests of keys, never keys.
func (o *Observation) AppendBinary(dst []byte) ([]byte, error) {
	w := wireObservation{Source: o.Source, Where: o.Where, Time: o.Time, Text: string(o.Text), Basis: o.Basis, Keys: o.Keys}
	if o.Body != nil {
		b, err := json.Marshal(o.Body)
		if err != nil {
			return dst, fmt.Errorf("diag: observation: %w", err)
		}
		w.Kind, w.Body = o.Body.Kind(), b
	}
	b, err := json.Marshal(&w)
	if err != nil {
		return dst, fmt.Errorf("diag: observation: %w", err)
	}
	return append(dst, b...), nil
}

// UnmarshalBinary reads a wire form. The observation owns what it holds.
func (o *Observation) UnmarshalBinary(b []byte) error {
	var w wireObservation
	if err := json.Unmarshal(b, &w); err != nil {
		return fmt.Errorf("diag: observation: %w: %w", ErrWire, err)
	}
	*o = Observation{Source: w.Source, Where: w.Where, Time: w.Time, Text: []byte(w.Text), Basis: w.Basis, Keys: w.Keys}
	return unmarshalBody(w.Kind, w.Body, &o.Body)
}

func unmarshalBody(k BodyKind, raw json.RawMessage, dst *Body) error {
	if k == BodyUnset {
		return nil
	}
	b := newBody(k)
	if b == nil {
		return fmt.Errorf("diag: observation: %w: body of kind %d", ErrWire, k)
	}
	if err := json.Unmarshal(raw, b); err != nil {
		return fmt.Errorf("diag: %s: %w: %w", k, ErrWire, err)
	}
	*dst = b
	return nil
}

// snapshotMagic begins every snapshot; the digit is the version of the form.
const snapshotMagic = "ikediag-snapshot/1\n"

type snapshot struct {
	Sources   []Source
	Hosts     []string
	Now       Time
	Ended     bool
	Strands   []snapshotStrand // least recently observed first
	Incidents []snapshotIncident
}

type snapshotStrand struct {
	Source         SourceID
	Host           uint32
	Handle         uint64
	First, Last    Where
	Start, End     Time
	Role           snapshotStamp[Side]
	Near           [2]bool
	Observer, Up   bool
	Local, Remote  snapshotStamp[string]
	Conn, LID, RID snapshotStamp[string]
	Tokens         [][2]uint64 // kind, value
	Slots          []snapshotSlot
	Dropped        uint32
	Before         uint32 `json:",omitempty"`
}

type snapshotStamp[T any] struct {
	V  T
	At Where
	OK bool
}

type snapshotSlot struct {
	Child       uint64
	Kind        BodyKind
	Count       uint32
	First, Last *snapshotFact `json:",omitempty"`
}

type snapshotFact struct {
	Where Where
	Time  Time
	Basis Basis
	Text  string
	Body  json.RawMessage
}

type snapshotIncident struct {
	ID      string
	Best    Finding
	Tunnel  TunnelReport
	Failure string
	Handles []uint64
	Said    string
}

// AppendSnapshot appends the engine's state in a versioned form. An engine
// with the same rules and options that restores it goes on as this one would
// have. Keys are in it as digests under Options.DigestKey only.
func (e *Engine) AppendSnapshot(dst []byte) ([]byte, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := snapshot{Hosts: e.hosts, Now: Time{Value: e.now}, Ended: e.ended}
	for i := range e.sources {
		s.Sources = append(s.Sources, e.sources[i].Source)
	}
	for _, st := range e.inOrder() {
		w, err := st.snapshot()
		if err != nil {
			return dst, err
		}
		s.Strands = append(s.Strands, w)
	}
	for id, i := range e.incidents {
		best := i.best
		best.Detail = nil
		s.Incidents = append(s.Incidents, snapshotIncident{id, best, i.tunnel, i.failure, i.handles, i.said})
	}
	b, err := json.Marshal(&s)
	if err != nil {
		return dst, fmt.Errorf("diag: snapshot: %w", err)
	}
	return append(append(dst, snapshotMagic...), b...), nil
}

// inOrder returns all strands, the least recently observed first: those that
// left their pool because they are never forgotten, then the pools.
func (e *Engine) inOrder() (all []*strand) {
	for _, st := range e.strands {
		if st.next == nil {
			all = append(all, st)
		}
	}
	slices.SortFunc(all, func(a, b *strand) int {
		return cmp.Or(cmp.Compare(a.key.source, b.key.source), cmp.Compare(a.key.host, b.key.host), cmp.Compare(a.key.handle, b.key.handle))
	})
	for _, pool := range []*lru{&e.half, &e.up} {
		for st := pool.root.next; st != &pool.root; st = st.next {
			all = append(all, st)
		}
	}
	return all
}

// shrink brings a pool to its bound.
func (e *Engine) shrink(l *lru, bound int) {
	for l.n > max(bound, 1) {
		if s := l.oldest(); s.kept() {
			l.remove(s)
		} else {
			e.evict(l)
		}
	}
}

// Restore replaces the engine's state by a snapshot's. On an error the engine
// is as it was.
func (e *Engine) Restore(b []byte) error {
	rest, ok := bytes.CutPrefix(b, []byte(snapshotMagic))
	if !ok {
		return fmt.Errorf("diag: snapshot: %w: not of a version that this release reads", ErrWire)
	}
	var s snapshot
	if err := json.Unmarshal(rest, &s); err != nil {
		return fmt.Errorf("diag: snapshot: %w: %w", ErrWire, err)
	}
	if len(s.Hosts) == 0 || s.Hosts[0] != "" {
		return fmt.Errorf("diag: snapshot: %w: hosts", ErrWire)
	}
	strands := make([]*strand, len(s.Strands))
	for i := range s.Strands {
		w := &s.Strands[i]
		if uint64(w.Source) >= uint64(len(s.Sources)) || uint64(w.Host) >= uint64(len(s.Hosts)) {
			return fmt.Errorf("diag: snapshot: %w: strand %d", ErrWire, i)
		}
		st, err := w.restore()
		if err != nil {
			return err
		}
		st.heard = seconds(s.Now.Value)
		strands[i] = st
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.sources = nil
	for _, src := range s.Sources {
		e.sources = append(e.sources, sourceState{Source: src})
	}
	e.hosts, e.hostIndex = s.Hosts, map[string]uint32{}
	for i, h := range s.Hosts {
		e.hostIndex[h] = uint32(i)
	}
	e.now, e.heard, e.ended, e.rejoin = s.Now.Value, seconds(s.Now.Value), s.Ended, true
	e.half.reset()
	e.up.reset()
	e.strands, e.near, e.speaks = make(map[strandKey]*strand, len(strands)), near{}, 0
	for _, st := range strands {
		if e.strands[st.key] != nil {
			continue // none that we wrote
		}
		e.strands[st.key] = st
		if st.up {
			e.up.push(st)
		} else {
			e.half.push(st)
		}
	}
	e.tunnels, e.gateways, e.evicted = nil, nil, nil
	e.shrink(&e.half, e.options.MaxHalfOpen)
	e.shrink(&e.up, e.options.MaxTunnels)
	e.incidents = make(map[string]*incident, len(s.Incidents))
	for _, i := range s.Incidents {
		e.incidents[i.ID] = &incident{i.Best, i.Tunnel, i.Failure, i.Handles, i.Said}
	}
	return nil
}
