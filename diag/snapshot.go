package diag

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
)

func (s *strand) snapshot() (w snapshotStrand, err error) {
	l := s.open()
	w = snapshotStrand{
		Source: s.key.source, Host: s.key.host, Handle: s.key.handle,
		First: s.first.where(), Last: l.last.where(), Start: s.start(), End: s.end(),
		Role: stamp(s.role, l.at[valueRole]), Near: s.near, Observer: s.observer, Up: s.up,
		Local: stampAddr(s.local, l.at[valueLocal]), Remote: stampAddr(s.remote, l.at[valueRemote]),
		Conn: stamp(s.name, l.at[valueName]), LID: stamp(s.localID, l.at[valueLocalID]), RID: stamp(s.remoteID, l.at[valueRemoteID]),
		Dropped: l.dropped, Before: s.before,
	}
	for _, t := range s.tokens {
		w.Tokens = append(w.Tokens, t.parts())
	}
	for _, sl := range l.slots {
		x := snapshotSlot{Child: sl.child, Kind: sl.kind, Count: sl.count}
		if x.First, err = sl.first.snapshot(s); err != nil {
			return w, err
		}
		if sl.last != nil {
			if x.Last, err = sl.latest().snapshot(s); err != nil {
				return w, err
			}
		}
		w.Slots = append(w.Slots, x)
	}
	return w, nil
}

func (f *fact) snapshot(s *strand) (*snapshotFact, error) {
	b, err := json.Marshal(f.body)
	if err != nil {
		return nil, fmt.Errorf("diag: snapshot: %w", err)
	}
	return &snapshotFact{f.at.where(), f.time(), f.basis, string(s.said(f)), b}, nil
}

func stamp[T any](v T, at spot) snapshotStamp[T] { return snapshotStamp[T]{v, at.where(), at != 0} }

func stampAddr(v netip.AddrPort, at spot) snapshotStamp[string] {
	if !v.IsValid() {
		return stamp("", at)
	}
	return stamp(v.String(), at)
}

func (w *snapshotStrand) restore() (*strand, error) {
	if n := len(w.Slots); n > slotsKept {
		return nil, fmt.Errorf("diag: snapshot: %w: %d facts of one negotiation, at most %d are kept", ErrWire, n, slotsKept)
	}
	l := &ledger{last: w.Last.spot(), dropped: w.Dropped, at: [values]spot{w.Role.spot(), w.Local.spot(), w.Remote.spot(), w.Conn.spot(), w.LID.spot(), w.RID.spot()}}
	s := &strand{
		key:   strandKey{w.Source, w.Host, w.Handle},
		first: w.First.spot(), ledger: l, near: w.Near, observer: w.Observer, up: w.Up, before: w.Before,
		role: w.Role.value(), names: noNames.or(&names{w.Conn.value(), w.LID.value(), w.RID.value()}),
	}
	var c *clock
	s.from, c = c.moment(&w.Start)
	s.to, c = c.moment(&w.End)
	var err error
	if s.local, err = unstampAddr(w.Local); err != nil {
		return nil, err
	}
	if s.remote, err = unstampAddr(w.Remote); err != nil {
		return nil, err
	}
	for _, t := range w.Tokens {
		s.addToken(newToken(uint8(t[0]), t[1]))
	}
	for _, x := range w.Slots {
		sl := &slot{child: x.Child, kind: x.Kind, count: x.Count}
		if err := x.First.restore(x.Kind, &sl.first, l, c); err != nil {
			return nil, err
		}
		if x.Last != nil {
			sl.last = &latest{}
			if err := x.Last.restore(x.Kind, &sl.last.fact, l, c); err != nil {
				return nil, err
			}
		}
		sl.disc = sl.first.body.slot()
		l.slots = append(l.slots, sl)
		s.kinds |= 1 << x.Kind
	}
	slices.SortFunc(l.slots, (*slot).compare)
	return s, nil
}

func (f *snapshotFact) restore(k BodyKind, dst *fact, l *ledger, c *clock) error {
	if f == nil || k == BodyUnset {
		return fmt.Errorf("diag: snapshot: %w: slot without a fact", ErrWire)
	}
	dst.at = f.Where.spot()
	l.keep(&dst.account, &Observation{Basis: f.Basis, Text: []byte(f.Text)})
	dst.when, _ = c.moment(&f.Time)
	return unmarshalBody(k, f.Body, &dst.body)
}

// value and spot return what stamp was given.
func (s *snapshotStamp[T]) value() (v T) {
	if s.OK {
		v = s.V
	}
	return v
}

func (s *snapshotStamp[T]) spot() spot {
	if !s.OK {
		return 0
	}
	return s.At.spot()
}

func unstampAddr(s snapshotStamp[string]) (a netip.AddrPort, err error) {
	if s.V == "" {
		return a, nil
	}
	if a, err = netip.ParseAddrPort(s.V); err != nil {
		return a, fmt.Errorf("diag: snapshot: %w: %w", ErrWire, err)
	}
	return a, nil
}
