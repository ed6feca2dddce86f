package logparse

import (
	"encoding/binary"
	"sync"
)

// phrases are pieces of text, each of four octets and more, that are looked for
// in one pass over a line.
type phrases struct {
	list []string
	of   []uint8 // whose each is; nil where that does not matter
	once sync.Once
	// A phrase is found by a hash of its first four octets: first is the place of
	// the first with a hash, next that of the one behind it. Places count from 1.
	first [1 << phraseBits]uint8
	next  []uint8
}

const phraseBits = 12

func (s *phrases) prepare() {
	if s.of == nil {
		s.of = make([]uint8, len(s.list))
	}
	s.next = make([]uint8, len(s.list)+1)
	for i, p := range s.list {
		h := headHash([]byte(p))
		s.next[i+1], s.first[h] = s.first[h], uint8(i+1)
	}
}

func headHash(b []byte) uint32 {
	return binary.LittleEndian.Uint32(b) * 0x9e3779b1 >> (32 - phraseBits)
}

// in reports whether text has one of them.
func (s *phrases) in(text []byte) bool { return s.whose(text) != 0 }

// whose returns a bit for each whose phrases text has one of.
func (s *phrases) whose(text []byte) (set uint64) {
	s.once.Do(s.prepare)
	for i := 0; i <= len(text)-4; i++ {
		if k := s.first[headHash(text[i:i+4])]; k > 0 {
			set |= s.at(text[i:], k)
		}
	}
	return set
}

// at is whose for the phrases from a place on that text may begin with.
func (s *phrases) at(text []byte, k uint8) (set uint64) {
	for ; k > 0; k = s.next[k] {
		if p := s.list[k-1]; len(text) >= len(p) && string(text[:len(p)]) == p {
			set |= 1 << s.of[k-1]
		}
	}
	return set
}

// hasOne reports whether text has one of a few pieces.
func hasOne(text []byte, list []string) bool {
	for _, s := range list {
		if indexFrom(text, 0, s) >= 0 {
			return true
		}
	}
	return false
}

// beginsWithOne reports whether text begins with one of a few pieces.
func beginsWithOne(text []byte, list []string) bool {
	for _, s := range list {
		if len(text) >= len(s) && string(text[:len(s)]) == s {
			return true
		}
	}
	return false
}
