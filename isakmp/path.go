package isakmp

import "strconv"

// Path names a part of a message. The zero Path is the header. It is a plain
// value that String renders, so that a fault costs no allocation.
type Path struct {
	payload PayloadType
	at      [4]uint16 // index + 1 by level; 0: not that deep
}

// The levels of a Path.
const (
	levelPayload = iota
	levelProposal
	levelTransform
	levelAttribute
)

var levels = [...]struct{ name, reference string }{
	levelPayload:   {"payload", "RFC 2408, section 3.2"},
	levelProposal:  {"proposal", "RFC 2408, section 3.5"},
	levelTransform: {"transform", "RFC 2408, section 3.6"},
	levelAttribute: {"attribute", "RFC 2408, section 3.3"},
}

// pathTo returns the path of a payload.
func pathTo(index int, t PayloadType) Path {
	return Path{payload: t}.with(levelPayload, index)
}

// with returns the path of the part with the given index below p.
func (p Path) with(level, index int) Path {
	p.at[level] = uint16(min(index, 0xfffe) + 1)
	return p
}

// upTo returns the path no deeper than level.
func (p Path) upTo(level int) Path {
	clear(p.at[level+1:])
	return p
}

// Payload returns the index and the type of the payload that the path leads
// to or into; ok is false for the header.
func (p Path) Payload() (index int, t PayloadType, ok bool) {
	return int(p.at[levelPayload]) - 1, p.payload, p.at[levelPayload] != 0
}

// String returns the path as in "payload[0] SA, proposal[0], transform[3]".
func (p Path) String() string {
	s := ""
	for level, n := range p.at {
		if n == 0 {
			continue
		}
		if s != "" {
			s += ", "
		}
		s += levels[level].name + "[" + strconv.Itoa(int(n)-1) + "]"
		if level == levelPayload {
			s += " " + p.payload.String()
		}
	}
	if s == "" {
		return "header"
	}
	return s
}

// reference returns the section that describes the part.
func (p Path) reference() string {
	for level := levelAttribute; level >= 0; level-- {
		if p.at[level] != 0 {
			return levels[level].reference
		}
	}
	return "RFC 2408, section 3.1"
}
