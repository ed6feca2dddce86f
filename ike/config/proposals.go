package config

import "github.com/ikediag/ikediag/ike"

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
