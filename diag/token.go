package diag

import "math/bits"

// A token is something that both ends of a negotiation see and that no other
// negotiation has: a cookie, or a random message ID or SPI, whose kind is then in
// the upper half. It is mixed, so that the order of tokens prefers no kind, and
// none that are alike.
type token uint64

const (
	tokenCookie = iota + 1
	tokenMessageID
	tokenSPI
)

// tokenMix times tokenUnmix is 1, in 64 bits.
const (
	tokenMix   = 0x9e3779b97f4a7c15
	tokenUnmix = 0xf1de83e19937733d
)

func newToken(kind uint8, v uint64) token {
	if kind != tokenCookie {
		v = v&(1<<32-1) | uint64(kind)<<56
	}
	return token(v * tokenMix)
}

// parts returns what newToken was given.
func (t token) parts() [2]uint64 {
	v := uint64(t) * tokenUnmix
	switch v >> 32 {
	case tokenMessageID << 24, tokenSPI << 24:
		return [2]uint64{v >> 56, v & (1<<32 - 1)}
	}
	return [2]uint64{tokenCookie, v}
}

// addToken keeps the tokensKept smallest: two ends that saw the same long row of
// messages keep the same few of them. It reports whether the token is new.
func (s *strand) addToken(t token) bool {
	i := 0
	for n := len(s.tokens); n > 0; { // without branches, of which half would be guessed wrong
		half := n / 2
		_, less := bits.Sub64(uint64(s.tokens[i+half]), uint64(t), 0)
		i += (n - half) & -int(less)
		n = half
	}
	switch {
	case i < len(s.tokens) && s.tokens[i] == t, i == tokensKept:
		return false
	case len(s.tokens) == tokensKept:
		s.tokens = s.tokens[:tokensKept-1]
	case s.tokens == nil:
		s.tokens = make([]token, 0, 8)
	}
	s.tokens = append(s.tokens, 0)
	copy(s.tokens[i+1:], s.tokens[i:])
	s.tokens[i] = t
	return true
}
