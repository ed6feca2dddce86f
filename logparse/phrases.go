package logparse

import (
	"encoding/binary"
	"sync"
)

// phrases are pieces of text, each of four octets and more, that are looked for
// in one pass over a line. At every other place of it three octets tell whether
// one may begin there, or began at the place before.
type phrases struct {
	list []string
	of   []uint8 // whose each is; nil where that does not matter
	once sync.Once
	// heads are found by a hash of their three octets: first is the number of the
	// first with a hash, next that of the one behind it. Numbers count from 1.
	first [1 << phraseBits]uint16
	heads []phraseHead
}

// phraseHead is a phrase, from its first octet on or from its second.
type phraseHead struct {
	phrase int
	skip   int
	next   uint16
}

const phraseBits = 12

func (s *phrases) prepare() {
	if s.of == nil {
		s.of = make([]uint8, len(s.list))
	}
	for i, p := range s.list {
		for skip := range 2 {
			h := headHash(uint32(p[skip]) | uint32(p[skip+1])<<8 | uint32(p[skip+2])<<16)
			s.heads = append(s.heads, phraseHead{i, skip, s.first[h]})
			s.first[h] = uint16(len(s.heads))
		}
	}
}

// headHash hashes the lowest three octets.
func headHash(v uint32) uint32 { return v * (0x9e3779b1 << 8 & (1<<32 - 1)) >> (32 - phraseBits) }

// in reports whether text has one of them.
func (s *phrases) in(text []byte) bool { return s.whose(text) != 0 }

// whose returns a bit for each whose phrases text has one of.
func (s *phrases) whose(text []byte) (set uint64) {
	s.once.Do(s.prepare)
	i := 0
	for ; i <= len(text)-8; i += 6 {
		v := binary.LittleEndian.Uint64(text[i:])
		a, b, c := s.first[headHash(uint32(v))], s.first[headHash(uint32(v>>16))], s.first[headHash(uint32(v>>32))]
		if a|b|c != 0 {
			set |= s.at(text, i, a) | s.at(text, i+2, b) | s.at(text, i+4, c)
		}
	}
	for ; i <= len(text)-3; i += 2 {
		set |= s.at(text, i, s.first[headHash(uint32(text[i])|uint32(text[i+1])<<8|uint32(text[i+2])<<16)])
	}
	return set
}

// at is whose for the heads from a number on that may stand at a place of text.
func (s *phrases) at(text []byte, i int, head uint16) (set uint64) {
	for head > 0 {
		h := &s.heads[head-1]
		head = h.next
		p, from := s.list[h.phrase], i-h.skip
		if from >= 0 && len(text)-from >= len(p) && string(text[from:from+len(p)]) == p {
			set |= 1 << s.of[h.phrase]
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
