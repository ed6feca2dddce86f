package rules

import (
	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// Single values in the syntax of the file that has to change.

// pick returns the first word, or the second where that is meant.
func pick(words [2]string, second bool) string {
	if second {
		return words[1]
	}
	return words[0]
}

// modeValues are the modes of encapsulation of the other ends as each format
// writes them.
func (k kidPair) modeValues() (out [2]string) {
	for end := range out {
		out[end] = pick(k.p.writing(end).encaps, k.k[1-end].Mode == ike.ModeTransport)
	}
	return out
}

// seconds writes a lifetime for an end's file.
func (p confPair) seconds(end int, n uint32) string {
	if w := p.writing(end); w.seconds != nil {
		return w.seconds(n)
	}
	return ""
}

// versionValues are the versions of the other ends as each format writes them.
func (p confPair) versionValues() (out [2]string) {
	for end := range out {
		if v := p.c[1-end].V.Version; v == 1 || v == 2 {
			out[end] = pick(p.writing(end).versions, v == 2)
		}
	}
	return out
}

// modeValues are the exchange modes of the other ends as each format writes
// them.
func (p confPair) modeValues() (out [2]string) {
	for end := range out {
		out[end] = pick(p.writing(end).modes, p.c[1-end].V.Mode == isakmp.ExchangeAggressive)
	}
	return out
}

// authValues are the methods of the other ends as each format writes them.
// mine is the field that each end compares.
func (p confPair) authValues(fields [2]string) (out [2]string) {
	for end := range out {
		m := p.c[1-end].V.RemoteAuth
		if fields[1-end] == "LocalAuth" {
			m = p.c[1-end].V.LocalAuth
		}
		out[end] = pick(p.writing(end).auths, !m.PSK())
	}
	return out
}

// identityValue spells an identity for an end's file.
func (p confPair) identityValue(end int, id ike.Identity, setting string) string {
	if w := p.writing(end); w.identity != nil {
		return w.identity(id, setting)
	}
	return ""
}

// keyFor says what a connection's file gets where it has no key for its peer.
func keyFor(c *diag.Connection) (setting, value string) {
	if w := writingOf(c); w.key != nil {
		if setting, value = w.key(c); setting != "" {
			return setting, value
		}
	}
	return "pre-shared key", ""
}
