package config

import (
	"slices"

	"github.com/ikediag/ikediag/ike"
)

// readProposals reads a list of proposals of one protocol.
func readProposals(v Value[string], p ike.Protocol, d ike.Dialect) Value[Proposals] {
	out := Proposals{Text: v.V}
	out.List, out.Strict = ike.AppendConfigProposals(nil, v.V, p, d)
	for i := range out.List {
		out.Defaults = out.Defaults || out.List[i].Default
	}
	return as(v, out)
}

// builtIn stands for an implementation's own list.
func builtIn(key, text string, p ike.Protocol) Value[Proposals] {
	return defaulted(key, Proposals{Text: text, Defaults: true, List: []ike.Proposal{{Protocol: p, Default: true}}})
}

// splitCombined parts a proposal of a format that lists ciphers and hashes each
// for themselves: combined modes have no need of a hash, so that they are a
// proposal of their own.
func splitCombined(p ike.Proposal) (out []ike.Proposal) {
	classic, combined := p, p.Clone()
	classic.Ciphers = slices.DeleteFunc(slices.Clone(p.Ciphers), func(c ike.CipherKey) bool { return c.Cipher.AEAD() })
	combined.Ciphers = slices.DeleteFunc(combined.Ciphers, func(c ike.CipherKey) bool { return !c.Cipher.AEAD() })
	combined.Integrity, combined.Open = nil, combined.Open.Without(ike.AttrHash)
	if len(combined.Ciphers) == 0 {
		return []ike.Proposal{p}
	}
	if len(classic.Ciphers) > 0 {
		out = append(out, classic)
	}
	return append(out, combined)
}
