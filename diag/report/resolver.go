package report

import (
	"net/netip"
	"strings"

	"github.com/ikediag/ikediag/diag"
)

// A resolver translates the names by which evidence refers to sources and
// gateways into those of a report.
type resolver struct {
	source  func(diag.SourceID) *diag.SourceReport // nil where there is none
	gateway func(name string) string               // empty where there is none
	guide   func(gatewayID string) *Guide          // nil where the product is not known
	tunnels func(id string) *diag.TunnelReport     // nil where there is none
	// folder is where all that was read lies, with the separator at its end;
	// for people it is said once.
	folder string
}

// name is what people read of a source's name.
func (v *resolver) name(s *diag.SourceReport) safe {
	return shown(strings.TrimPrefix(s.Name, v.folder))
}

// folderOf returns the folder that all sources lie in, empty where there is
// none, or but one source.
func folderOf(sources []diag.SourceReport) string {
	if len(sources) < 2 {
		return ""
	}
	folder := sources[0].Name
	for i := range sources {
		n := 0
		for name := sources[i].Name; n < min(len(folder), len(name)) && folder[n] == name[n]; {
			n++
		}
		folder = folder[:n]
	}
	return folder[:strings.LastIndexAny(folder, `/\`)+1]
}

// resolve returns a resolver for a report. A report that no engine made has
// no such names of its own: there, a SourceID is the place in Sources, and a
// gateway's name is that of Gateways.
func resolve(r *diag.Report) resolver {
	sources := make(map[string]*diag.SourceReport, len(r.Sources))
	for i := range r.Sources {
		sources[r.Sources[i].ID] = &r.Sources[i]
	}
	gateways := make(map[string]string, len(r.Gateways))
	for i := range r.Gateways {
		g := &r.Gateways[i]
		gateways[g.Name] = g.ID
	}
	tunnels := make(map[string]*diag.TunnelReport, len(r.Tunnels))
	for i := range r.Tunnels {
		tunnels[r.Tunnels[i].ID] = &r.Tunnels[i]
	}
	return resolver{
		folder:  folderOf(r.Sources),
		guide:   guideBy(r.Sources),
		tunnels: func(id string) *diag.TunnelReport { return tunnels[id] },
		source: func(id diag.SourceID) *diag.SourceReport {
			if s := sources[r.SourceID(id)]; s != nil {
				return s
			}
			if uint64(id) < uint64(len(r.Sources)) {
				return &r.Sources[id]
			}
			return nil
		},
		gateway: func(n string) string {
			if n == "" {
				return ""
			}
			if id := r.GatewayID(n); id != "" {
				return id
			}
			return gateways[n]
		},
	}
}

// of returns the report's ID of the gateway whose view a piece of evidence is.
func (v *resolver) of(e *diag.Evidence) string {
	if id := v.gateway(e.Gateway); id != "" {
		return id
	}
	if s := v.source(e.Source); s != nil {
		return s.GatewayID
	}
	return ""
}

// address writes an address. The zone of a scoped one is text from outside.
func address(a netip.Addr) safe {
	if !a.IsValid() {
		return ""
	}
	return name(a.String())
}
