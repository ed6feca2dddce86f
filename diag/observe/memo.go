package observe

import (
	"encoding/binary"

	"github.com/ikediag/ikediag/ike"
)

// memos are of what a log writes again and again.
type memos struct {
	payloads  memo[payloadList]
	proposals memo[proposals]
	agreed    memo[[]ike.Proposal]
	selectors memo[[]ike.Selector]
}

// remembered returns the memos, which a log has as soon as it needs one.
func (l *Log) remembered() *memos {
	if l.known == nil {
		l.known = &memos{}
	}
	return l.known
}

// A memo keeps what texts meant: a daemon writes the same few lists of payloads,
// proposals and selectors again and again.
type memo[T any] [memoTexts]struct {
	text    []byte
	meaning T
}

const (
	// memoTexts is how many texts are kept. One makes room for another where
	// their hashes agree.
	memoTexts = 1 << memoBits
	memoBits  = 5
	// memoLength bounds the texts that are kept.
	memoLength = 512
)

// of returns the meaning of a text, which is to be set where it is not known. That
// of an empty one is the zero value.
func (m *memo[T]) of(text []byte) (meaning *T, known bool) {
	if len(text) > memoLength {
		return new(T), false
	}
	const mix = 0x9e3779b97f4a7c15
	h := uint64(len(text)) * mix
	if n := len(text); n >= 8 {
		h = (h ^ binary.LittleEndian.Uint64(text)) * mix
		h = (h ^ binary.LittleEndian.Uint64(text[n-8:])) * mix
	} else if n > 0 {
		h = (h ^ uint64(text[0])<<16 ^ uint64(text[n/2])<<8 ^ uint64(text[n-1])) * mix
	}
	k := &m[h>>(64-memoBits)]
	if string(text) == string(k.text) {
		return &k.meaning, true
	}
	k.text = append(k.text[:0], text...)
	return &k.meaning, false
}
