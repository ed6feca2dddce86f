package report

import (
	"io"
	"maps"
	"slices"

	"github.com/ikediag/ikediag/diag"
)

// jsonChange is ikediag.change/v1: one incident's step, complete in itself.
type jsonChange struct {
	Schema    string        `json:"schema"`
	Generator jsonGenerator `json:"generator"`
	Op        safe          `json:"op"`
	Finding   jsonFinding   `json:"finding"`
	Tunnel    *jsonTunnel   `json:"tunnel"`
	Sources   []jsonSource  `json:"sources"`
	Gateways  []jsonGateway `json:"gateways"`
}

// WriteChange writes a change as one line of JSON, schema ikediag.change/v1,
// for monitors, ticket systems and message buses. Of the options it heeds
// Version only. It returns the writer's error.
//
// IDs of sources and gateways ("s1", "g1") hold within the object, not from
// one change to the next; those of findings, incidents and tunnels hold for
// ever. Evidence whose source the change does not tell has a null source.
func WriteChange(w io.Writer, c *diag.Change, o Options) error {
	v := resolveChange(c)
	var tunnel *jsonTunnel
	if c.Tunnel.ID != "" {
		t := v.tunnel(&c.Tunnel)
		tunnel = &t
	}
	return encode(w, &jsonChange{
		Schema:    changeSchemaName,
		Generator: generator(&o),
		Op:        word(c.Op.String()),
		Finding:   v.finding(&c.Finding),
		Tunnel:    tunnel,
		Sources:   list(c.Sources, toSource),
		Gateways:  list(c.Gateways, toGateway),
	}, "")
}

// resolveChange returns a resolver for a change. A change lists the sources
// that its finding's evidence names, in a report's order, and not by which
// SourceID the evidence names them. So they are told apart by what a source
// and a piece of evidence both say: where only one fits, it is that.
func resolveChange(c *diag.Change) resolver {
	known := map[diag.SourceID]*diag.SourceReport{}
	open := map[diag.SourceID][]*diag.SourceReport{}
	taken := map[*diag.SourceReport]bool{}
	for i := range c.Finding.Evidence {
		e := &c.Finding.Evidence[i]
		if e.Source == diag.NoSource {
			continue
		}
		fit, seen := open[e.Source]
		if !seen {
			for j := range c.Sources {
				fit = append(fit, &c.Sources[j])
			}
		}
		open[e.Source] = slices.DeleteFunc(fit, func(s *diag.SourceReport) bool { return !fits(e, s) })
	}
	// What one SourceID has taken, no other has: the list names each source
	// once.
	ids := slices.Sorted(maps.Keys(open))
	for range c.Sources {
		for _, id := range ids {
			fit := slices.DeleteFunc(open[id], func(s *diag.SourceReport) bool { return taken[s] })
			open[id] = fit
			if len(fit) == 1 {
				known[id], taken[fit[0]] = fit[0], true
			}
		}
	}
	return resolver{
		guide:   guideBy(c.Sources),
		tunnels: func(string) *diag.TunnelReport { return &c.Tunnel },
		source:  func(id diag.SourceID) *diag.SourceReport { return known[id] },
		gateway: func(n string) string {
			for i := range c.Gateways {
				if g := &c.Gateways[i]; n != "" && g.Name == n {
					return g.ID
				}
			}
			for i := range c.Sources {
				if s := &c.Sources[i]; n != "" && s.Gateway == n {
					return s.GatewayID
				}
			}
			return ""
		},
	}
}

// fits reports whether a piece of evidence can be of a source.
func fits(e *diag.Evidence, s *diag.SourceReport) bool {
	if e.Gateway != "" && s.Gateway != "" && e.Gateway != s.Gateway {
		return false
	}
	switch e.Kind {
	case diag.EvidenceLog:
		return s.Kind == diag.KindLog || s.Kind == diag.KindUnknown || s.Kind == diag.KindEmpty
	case diag.EvidencePacket:
		return s.Kind == diag.KindCapture
	case diag.EvidenceConfig:
		return s.Kind == diag.KindConfig || s.Kind == diag.KindSecrets
	case diag.EvidenceState:
		return s.Kind == diag.KindState
	case diag.EvidenceCertificate:
		return s.Kind == diag.KindCertificate
	case diag.EvidenceProbe:
		return s.Kind == diag.KindProbe
	}
	return true // an absence may be of any
}
