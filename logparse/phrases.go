package logparse

import (
	"encoding/binary"
	"sync"
)

// phrases are pieces of text, each of four octets and more, that are looked for
// in one pass over a line.
type phrases struct {
	list  []string
	once  sync.Once
	heads [64]uint64 // a bit for each hash of a first four octets
}

func (s *phrases) prepare() {
	for _, p := range s.list {
		h := headHash([]byte(p))
		s.heads[h>>6] |= 1 << (h & 63)
	}
}

func headHash(b []byte) uint32 { return binary.LittleEndian.Uint32(b) * 0x9e3779b1 >> 20 }

// in reports whether text has one of them.
func (s *phrases) in(text []byte) bool {
	s.once.Do(s.prepare)
	for i := 0; i+4 <= len(text); i++ {
		if h := headHash(text[i:]); s.heads[h>>6]>>(h&63)&1 != 0 && s.at(text[i:]) {
			return true
		}
	}
	return false
}

func (s *phrases) at(text []byte) bool {
	for _, p := range s.list {
		if len(text) >= len(p) && string(text[:len(p)]) == p {
			return true
		}
	}
	return false
}
