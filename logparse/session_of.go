package logparse

import "maps"

// childOf is a session as a table remembers it: its slot may be another's by now.
type childOf struct {
	slot   int32
	handle uint64
}

// alive returns the slot of a session, 0 if it is gone and the slot another's.
func (t *sessions) alive(k childOf) int32 {
	if k.slot != 0 && int(k.slot) < len(t.slots) && t.slots[k.slot].s.Handle == k.handle {
		return k.slot
	}
	return 0
}

// A sessionTable holds the sessions that are found by a key, as many as a
// remember's. Its zero value is ready.
type sessionTable[K comparable] struct {
	by   map[K]childOf
	kept int // what was left when those that are gone were forgotten last
}

// set puts a session into the table. Those of sessions that are gone are
// forgotten when there are half as many again as were left the last time.
func (s *sessionTable[K]) set(t *sessions, most int, key K, of childOf) {
	if len(s.by) > s.kept+s.kept/2+fewKept {
		maps.DeleteFunc(s.by, func(_ K, of childOf) bool { return t.alive(of) == 0 })
		s.kept = len(s.by)
	}
	remember(&s.by, most, key, of)
}
