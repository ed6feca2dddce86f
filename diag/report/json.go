package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/netip"

	"github.com/ikediag/ikediag/diag"
)

// Names of the schemas, as documents carry them.
const (
	reportSchemaName = "ikediag.report/v1"
	changeSchemaName = "ikediag.change/v1"
)

// The json types are ikediag.report/v1 field by field, in the order in which
// they are written. Fields may be added at the end of a type, never changed or
// dropped.
type jsonReport struct {
	Schema    string        `json:"schema"`
	Generator jsonGenerator `json:"generator"`
	Verdict   safe          `json:"verdict"`
	Sources   []jsonSource  `json:"sources"`
	Gateways  []jsonGateway `json:"gateways"`
	Tunnels   []jsonTunnel  `json:"tunnels"`
	Findings  []jsonFinding `json:"findings"`
	Silenced  []jsonFinding `json:"silenced"`
}

type jsonGenerator struct {
	Name      string `json:"name"`
	Version   safe   `json:"version"`
	Catalogue string `json:"catalogue"`
}

type jsonSource struct {
	ID         safe         `json:"id"`
	Name       safe         `json:"name"`
	Kind       safe         `json:"kind"`
	Dialect    safe         `json:"dialect"`
	Gateway    *safe        `json:"gateway"`
	Units      int          `json:"units"`
	Recognized int          `json:"recognized"`
	Coverage   jsonCoverage `json:"coverage"`
	Error      *safe        `json:"error"`
	Host       safe         `json:"host"`
	NotRead    []safe       `json:"not_read"`
}

type jsonCoverage struct {
	From     string       `json:"from,omitempty"`
	To       string       `json:"to,omitempty"`
	CutStart bool         `json:"cut_start"`
	CutEnd   bool         `json:"cut_end"`
	SnapLen  int          `json:"snap_length"`
	Levels   map[safe]int `json:"levels"`
	Shows    []safe       `json:"shows"`
}

type jsonGateway struct {
	ID         safe   `json:"id"`
	Addresses  []safe `json:"addresses"`
	Identities []safe `json:"identities"`
	Name       safe   `json:"name"`
}

type jsonTunnel struct {
	ID       safe        `json:"id"`
	Ends     [2]jsonEnd  `json:"ends"`
	Outcome  safe        `json:"outcome"`
	Stage    safe        `json:"stage"`
	Attempts int         `json:"attempts"`
	Children []jsonChild `json:"children"`
	// Of a report; a change has none.
	Ladders  []jsonLadder  `json:"ladders"`
	Settings []jsonSetting `json:"settings"`
}

type jsonEnd struct {
	Gateway    *safe  `json:"gateway"`
	Addresses  []safe `json:"addresses"`
	Identity   safe   `json:"identity"`
	Connection safe   `json:"connection"`
	Role       safe   `json:"role"`
}

type jsonChild struct {
	Selectors []safe `json:"selectors"`
	Outcome   safe   `json:"outcome"`
}

func writeJSON(w io.Writer, r *diag.Report, o *Options) error {
	v := resolve(r)
	d := jsonReport{
		Schema:    reportSchemaName,
		Generator: generator(o),
		Verdict:   word(r.Verdict.String()),
		Sources:   list(r.Sources, toSource),
		Gateways:  list(r.Gateways, toGateway),
		Tunnels:   list(r.Tunnels, v.tunnel),
		Findings:  list(r.Findings, v.finding),
		Silenced:  list(r.Silenced, v.finding),
	}
	return encode(w, &d, "  ")
}

// encode writes a document in one call, so that a failing writer never gets
// half of what it would not have got with another.
func encode(w io.Writer, d any, indent string) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", indent)
	if err := e.Encode(d); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

// list converts elements. It is never nil, which JSON would show as null.
func list[T, U any](in []T, f func(*T) U) []U {
	out := make([]U, len(in))
	for i := range in {
		out[i] = f(&in[i])
	}
	return out
}

// ref is a reference to something: null where there is nothing.
func ref(id string) *safe {
	if id == "" {
		return nil
	}
	s := name(id)
	return &s
}

func toNotRead(s *string) safe { return clean(*s, maxPath) }

func toSource(s *diag.SourceReport) jsonSource {
	j := jsonSource{
		ID:         name(s.ID),
		Name:       clean(s.Name, maxPath),
		Kind:       word(s.Kind.String()),
		Dialect:    name(s.Dialect),
		Gateway:    ref(s.GatewayID),
		Units:      s.Units,
		Recognized: s.Recognized,
		Host:       name(s.Host),
		NotRead:    list(s.NotRead, toNotRead),
		Coverage: jsonCoverage{
			From:     instant(s.Coverage.From),
			To:       instant(s.Coverage.To),
			CutStart: s.Coverage.CutStart,
			CutEnd:   s.Coverage.CutEnd,
			SnapLen:  s.Coverage.SnapLen,
			Levels:   make(map[safe]int, len(s.Coverage.Levels)),
			Shows:    []safe{},
		},
	}
	for k, n := range s.Coverage.Levels {
		j.Coverage.Levels[name(k)] = n
	}
	for k := range s.Coverage.Shows.All() {
		j.Coverage.Shows = append(j.Coverage.Shows, word(k.String()))
	}
	if s.Err != "" {
		e := prose(s.Err)
		j.Error = &e
	}
	return j
}

func toGateway(g *diag.GatewayReport) jsonGateway {
	return jsonGateway{
		ID:         name(g.ID),
		Addresses:  addresses(g.Addresses),
		Identities: list(g.Identities, func(s *string) safe { return name(*s) }),
		Name:       name(g.Name),
	}
}

func addresses(as []netip.Addr) []safe {
	out := make([]safe, 0, len(as))
	for _, a := range as {
		if a.IsValid() {
			out = append(out, address(a))
		}
	}
	return out
}

func (v *resolver) tunnel(t *diag.TunnelReport) jsonTunnel {
	j := jsonTunnel{
		ID:       name(t.ID),
		Outcome:  word(t.Outcome.String()),
		Stage:    name(t.Stage),
		Attempts: t.Attempts,
		Children: list(t.Children, func(c *diag.ChildReport) jsonChild {
			return jsonChild{
				Selectors: list(c.Selectors, func(s *string) safe { return name(*s) }),
				Outcome:   word(c.Outcome.String()),
			}
		}),
		Ladders:  list(t.Ladders, v.ladder),
		Settings: list(t.Settings, v.setting),
	}
	for i := range t.Ends {
		e := &t.Ends[i]
		j.Ends[i] = jsonEnd{
			Gateway:    ref(e.GatewayID),
			Addresses:  addresses(e.Addresses),
			Identity:   name(e.Identity),
			Connection: name(e.Connection),
			Role:       word(e.Role.String()),
		}
	}
	return j
}
