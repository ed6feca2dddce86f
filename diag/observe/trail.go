package observe

import (
	"net/netip"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
	"github.com/ikediag/ikediag/logparse"
)

// A trail is what a log has left of a session for the lines of it that follow.
type trail struct {
	exchangeState
	begun  bool                // there was an exchange
	quick  bool                // there was a quick mode
	learnt learnt              // what is observed of the session
	reason diag.TeardownReason // why its SAs are about to end
	pairs  []childPair         // its newest children
}

// exchangeState is what the last messages of a session leave: which exchange a
// refusal is about.
type exchangeState struct {
	exchange isakmp.ExchangeType
	number   uint8
	mid      uint32
	// directory: what is being fetched comes from an LDAP directory.
	directory bool
	// clear: the message that is being read should have been encrypted; what
	// else is said against it follows from that.
	clear bool
	// listing: a list of selectors has begun, and nothing came of it yet.
	listing bool
}

// learnt is what a session has shown, as far as lines without facts matter.
type learnt struct {
	local, remote             netip.AddrPort
	role                      logparse.Role
	cookies                   [2]uint64
	connection, localID, peer int // the names' lengths
}

// more reports whether a session shows more or something else now, and keeps it.
func (k *learnt) more(s *logparse.Session) bool {
	if k.remote == s.Remote && k.local == s.Local && k.cookies == s.Cookies && k.role == s.Role &&
		k.connection == len(s.Connection) && k.localID == len(s.LocalID) && k.peer == len(s.RemoteID) {
		return false
	}
	*k = learnt{s.Local, s.Remote, s.Role, s.Cookies, len(s.Connection), len(s.LocalID), len(s.RemoteID)}
	return true
}

// trails finds the trail of a session. Those that no line was of for a while are
// forgotten, so that a log that goes on for years costs no more than the
// sessions that are alive.
type trails struct {
	kept   [5]map[uint64]*trail // by when they were asked for last, the newest first
	since  int                  // the line from which on the newest are kept
	last   *trail               // of handle, nil where there was none yet
	handle uint64
	near   [16]nearTrail // those of the newest that were asked for last, by the lowest bits of their handles
	none   trail
	spare  spare[trail]
}

type nearTrail struct {
	handle uint64
	*trail
}

const (
	// A trail is kept for keptLines at least, unless four times maxTrails others
	// came meanwhile.
	keptLines = 1 << 12
	maxTrails = 1 << 10
	// keptTrails are so few that they, and the map of them, are used again.
	keptTrails = 1 << 9
	// fewTrails are not worth forgetting.
	fewTrails = 4
)

// empty returns trails with nothing in them, in the same memory.
func (t *trails) empty() trails {
	for _, of := range t.kept {
		if len(t.spare)+len(of) > keptTrails {
			continue
		}
		for _, k := range of {
			*k = trail{pairs: k.pairs[:0]}
			t.spare = append(t.spare, k)
		}
	}
	newest := t.kept[0]
	if len(newest) > keptTrails {
		newest = nil
	}
	clear(newest)
	return trails{kept: [len(t.kept)]map[uint64]*trail{newest}, spare: t.spare}
}

// of returns the trail of a line's session. That of the handle 0, which is no
// session, is empty and not kept.
func (t *trails) of(e *logparse.Event) *trail {
	if k := t.last; k != nil && t.handle == e.Session.Handle {
		return k
	}
	return t.find(e)
}

func (t *trails) find(e *logparse.Event) *trail {
	handle := e.Session.Handle
	if handle == 0 {
		t.none = trail{}
		return &t.none
	}
	near := &t.near[handle%uint64(len(t.near))]
	if near.handle != handle {
		*near = nearTrail{handle, t.search(handle, e.Number)}
	}
	t.last, t.handle = near.trail, handle
	return near.trail
}

func (t *trails) search(handle uint64, line int) *trail {
	k := t.kept[0][handle]
	if k != nil {
		return k
	}
	if n := len(t.kept[0]); t.kept[0] == nil || n >= maxTrails || n >= fewTrails && line-t.since >= keptLines/(len(t.kept)-1) {
		copy(t.kept[1:], t.kept[:])
		t.kept[0], t.since = map[uint64]*trail{}, line
		t.near = [len(t.near)]nearTrail{} // each is to be kept anew
	}
	for _, older := range t.kept[1:] {
		if k = older[handle]; k != nil {
			delete(older, handle) // it is of one of them
			break
		}
	}
	if k == nil {
		k = t.spare.one()
	}
	t.kept[0][handle] = k
	return k
}
