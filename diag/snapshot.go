package diag

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
)

func (s *strand) snapshot() (w snapshotStrand, err error) {
	w = snapshotStrand{
		Source: s.key.source, Host: s.key.host, Handle: s.key.handle,
		First: s.first, Last: s.last, Start: s.start(), End: s.end(),
		Role: stamp(s.role), Near: s.near, Observer: s.observer, Up: s.up,
		Local: stampAddr(s.local), Remote: stampAddr(s.remote),
		Conn: stamp(s.conn), LID: stamp(s.localID), RID: stamp(s.remoteID),
		Dropped: s.dropped, Before: s.before,
	}
	for _, t := range s.tokens {
		w.Tokens = append(w.Tokens, t.parts())
	}
	for _, sl := range s.facts() {
		x := snapshotSlot{Child: sl.child, Kind: sl.kind, Count: sl.count}
		if x.First, err = sl.first.snapshot(); err != nil {
			return w, err
		}
		if sl.last != nil {
			if x.Last, err = sl.last.snapshot(); err != nil {
				return w, err
			}
		}
		w.Slots = append(w.Slots, x)
	}
	return w, nil
}

func (f *fact) snapshot() (*snapshotFact, error) {
	b, err := json.Marshal(f.body)
	if err != nil {
		return nil, fmt.Errorf("diag: snapshot: %w", err)
	}
	return &snapshotFact{f.where, f.time(), f.basis, f.line(), b}, nil
}

func stamp[T any](s stamped[T]) snapshotStamp[T] { return snapshotStamp[T]{s.v, s.at.where(), s.ok()} }

func stampAddr(s stamped[netip.AddrPort]) snapshotStamp[string] {
	if !s.v.IsValid() {
		return snapshotStamp[string]{At: s.at.where(), OK: s.ok()}
	}
	return snapshotStamp[string]{s.v.String(), s.at.where(), s.ok()}
}

func (w *snapshotStrand) restore() (*strand, error) {
	s := &strand{
		key:   strandKey{w.Source, w.Host, w.Handle},
		first: w.First, last: w.Last,
		role: unstamp(w.Role), near: w.Near, observer: w.Observer, up: w.Up,
		conn: unstamp(w.Conn), localID: unstamp(w.LID), remoteID: unstamp(w.RID),
		dropped: w.Dropped, before: w.Before,
	}
	var c *clock
	s.from, c = c.moment(w.Start)
	s.to, c = c.moment(w.End)
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
		if err := x.First.restore(x.Kind, &sl.first, c); err != nil {
			return nil, err
		}
		if x.Last != nil {
			sl.last = &fact{}
			if err := x.Last.restore(x.Kind, sl.last, c); err != nil {
				return nil, err
			}
		}
		sl.disc = sl.first.body.slot()
		s.slots = append(s.slots, sl)
		s.kinds |= 1 << x.Kind
	}
	slices.SortFunc(s.slots, func(a, b *slot) int { return compareSlot(a, b.child, b.kind, b.disc) })
	return s, nil
}

func (f *snapshotFact) restore(k BodyKind, dst *fact, c *clock) error {
	if f == nil || k == BodyUnset {
		return fmt.Errorf("diag: snapshot: %w: slot without a fact", ErrWire)
	}
	*dst = fact{where: f.Where, basis: f.Basis, said: f.Text}
	dst.when, _ = c.moment(f.Time)
	return unmarshalBody(k, f.Body, &dst.body)
}

func unstamp[T any](s snapshotStamp[T]) (r stamped[T]) {
	if s.OK {
		r = stamped[T]{s.V, s.At.spot()}
	}
	return r
}

func unstampAddr(s snapshotStamp[string]) (stamped[netip.AddrPort], error) {
	var r stamped[netip.AddrPort]
	if s.OK {
		r.at = s.At.spot()
	}
	if s.V == "" {
		return r, nil
	}
	a, err := netip.ParseAddrPort(s.V)
	if err != nil {
		return r, fmt.Errorf("diag: snapshot: %w: %w", ErrWire, err)
	}
	r.v = a
	return r, nil
}
