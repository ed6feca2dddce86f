package diag

import (
	"slices"
	"strings"
	"time"
)

// Some daemons name the connection and never the peer's address, and a capture
// shows addresses and no names: one tunnel has two legs at its gateway. They
// become one where a token ties them, or where they are the only two that can
// belong together and are of one time.

// ofSeveral stands for more legs than one.
const ofSeveral = -1

// tokened notes which leg that does not know its peer has which tokens, by its
// order from 1, or that several have one.
func (b *legBuilder) tokened() {
	b.byToken = newNumbers(sharedOf(b.legs))
	for _, l := range b.legs {
		if l.remote.IsValid() || l.any {
			continue
		}
		for _, s := range l.strands {
			for t := range s.shared() {
				if o := b.byToken.of(t); *o != 0 && *o != l.order+1 {
					*o = ofSeveral
				} else {
					*o = l.order + 1
				}
			}
		}
	}
}

// nameless returns the only leg that does not know its peer and shares a token
// with a strand of another source, nil where there is none or are several.
func (b *legBuilder) nameless(s *strand) (found *leg) {
	local, _, loose := b.gateway.ends(s)
	for t := range s.shared() {
		i := *b.byToken.of(t)
		if i == 0 || i > 0 && b.legs[i-1] == found {
			continue
		}
		if i == ofSeveral || found != nil {
			return nil
		}
		l := b.legs[i-1]
		if l.remote.IsValid() || !loose && l.local.IsValid() && l.local != local || l.from(s.key.source) {
			continue
		}
		found = l
	}
	return found
}

// unite makes one of the only leg that knows its connection's name and not its
// peer and the only one that knows its peer and no name.
func (b *legBuilder) unite() {
	var named, addressed *leg
	for _, l := range b.legs {
		switch {
		case len(l.strands) == 0 || l.any || l.loose:
		case l.name != "" && !l.remote.IsValid():
			if named != nil {
				return
			}
			named = l
		case l.name == "" && l.remote.IsValid():
			if addressed != nil {
				return
			}
			addressed = l
		default:
			return // one that knows both: its log may know the other's peer as well
		}
	}
	if named == nil || addressed == nil || named.local.IsValid() && named.local != addressed.local || named.beside(addressed) || !named.during(addressed) {
		return
	}
	for _, s := range addressed.strands {
		named.add(s)
	}
	named.policies = append(named.policies, addressed.policies...)
	b.legs = slices.DeleteFunc(b.legs, func(l *leg) bool { return l == addressed })
	b.index(named)
}

// beside reports whether one source tells of both legs: then it knows why.
func (l *leg) beside(m *leg) bool {
	return slices.ContainsFunc(m.strands, func(s *strand) bool { return l.from(s.key.source) })
}

// from reports whether a source tells of a leg.
func (l *leg) from(id SourceID) bool {
	return slices.ContainsFunc(l.strands, func(s *strand) bool { return s.key.source == id })
}

// aside is how far apart two sources of one host may be that tell of the same
// negotiations: no longer than a daemon waits before it tries again.
const aside = time.Minute

// during reports whether two legs are of one time, as far as that is known.
func (l *leg) during(m *leg) bool {
	lf, lt, lk := l.times()
	mf, mt, mk := m.times()
	return !lk || !mk || !lf.After(mt.Add(aside)) && !mf.After(lt.Add(aside))
}

// times returns when a leg was seen; ok is false where that is not known, or
// in a time zone that nobody told.
func (l *leg) times() (from, to time.Time, ok bool) {
	for _, s := range l.strands {
		if !s.start().Known() {
			continue
		}
		if strings.Contains(s.start().Assumed, "zone") || strings.Contains(s.start().Assumed, "year") {
			return from, to, false
		}
		if from.IsZero() || s.start().Value.Before(from) {
			from = s.start().Value
		}
		if s.end().Value.After(to) {
			to = s.end().Value
		}
	}
	return from, to, !from.IsZero()
}
