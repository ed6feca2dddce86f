package report

import (
	"slices"
	"strings"

	"github.com/ikediag/ikediag/diag"
)

// A Guide says how evidence is collected on the gateways of one product: what to
// set, what to run and what to send. A report asks with it for what is missing,
// where it knows by its sources which product an end runs; diag/COLLECT.md has
// all of it.
type Guide struct {
	// Product is its name; several that are alike share a guide.
	Product string
	// Sources are the formats (diag.Source.Dialect) by which such a gateway is
	// known.
	Sources []string
	// Level is the level of its log that tells enough, in the product's words.
	Level string
	// Steps for each kind of evidence, the most telling first; Undo takes back
	// what they have changed.
	Log, Capture, Config, State, Undo []Step
	// Private says what must not be sent.
	Private string
	// See are the documents that the steps were compared with.
	See []diag.Reference
}

// Step is one thing to do on a gateway.
type Step struct {
	// Command is what to type or to write into a file, empty where only words
	// help. PEER stands for the other gateway's address.
	Command string
	Note    string
	// Recalled: the step is known from memory only, no document or recording
	// was at hand.
	Recalled bool
}

// Guides lists the products that there are guides for. Those that are built on
// another of the list come before it.
func Guides() []Guide {
	return slices.Concat(guidesBuilt[:], guidesOpen[:], guidesCisco[:], guidesFirewall[:], guidesOther[:])
}

// Steps returns the steps that give evidence of a kind.
func (g *Guide) Steps(k diag.SourceKind) []Step {
	switch k {
	case diag.KindLog:
		return g.Log
	case diag.KindCapture:
		return g.Capture
	case diag.KindConfig:
		return g.Config
	case diag.KindState:
		return g.State
	}
	return nil
}

// Anchor is the guide's place in diag/COLLECT.md.
func (g *Guide) Anchor() string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-':
			return r
		}
		return -1
	}, g.Product)
}

// guideBy finds the guides of gateways by their sources; a product has one
// pointer.
func guideBy(sources []diag.SourceReport) func(gatewayID string) *Guide {
	var all []Guide
	known := map[string]*Guide{}
	return func(id string) *Guide {
		g, ok := known[id]
		if !ok {
			if all == nil {
				all = Guides()
			}
			g = guideOf(all, sources, id)
			known[id] = g
		}
		return g
	}
}

func guideOf(all []Guide, sources []diag.SourceReport, gatewayID string) *Guide {
	if gatewayID == "" {
		return nil
	}
	for i := range all {
		for k := range sources {
			if s := &sources[k]; s.GatewayID == gatewayID && slices.Contains(all[i].Sources, s.Dialect) {
				return &all[i]
			}
		}
	}
	return nil
}

// GuideOf returns the guide for a gateway of a report, by what was read of it;
// ok is false where that does not tell the product.
func GuideOf(r *diag.Report, gatewayID string) (g Guide, ok bool) {
	if p := guideOf(Guides(), r.Sources, gatewayID); p != nil {
		return *p, true
	}
	return Guide{}, false
}
