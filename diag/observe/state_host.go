package observe

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike/state"
)

// maxRoutes bounds the routes of one observation.
const maxRoutes = 512

// host observes what a host does with packets beside IPsec: whether it
// forwards them, by which way they must come, and where they go.
func (o *State) host(st *state.State) {
	if on, line, known := st.Forwards(); known {
		h, text := &diag.Host{Event: diag.ForwardingOff}, "forwarding is off"
		if on {
			h.Event, text = diag.ForwardingOn, "forwarding is on"
		}
		o.send(line, text, &diag.Keys{}, h)
	}
	strict, known := st.StrictReversePath()
	for _, s := range strict {
		o.send(s.Line, s.Name+" = "+s.Value, &diag.Keys{}, &diag.Host{Event: diag.ReversePathStrict, Name: diag.Clean(s.Name, 60)})
	}
	if known && len(strict) == 0 {
		o.send(1, "no interface filters by the reverse path", &diag.Keys{}, &diag.Host{Event: diag.ReversePathLoose})
	}
	if len(st.Routes) > 0 {
		b := &diag.Routes{}
		for i := range st.Routes[:min(len(st.Routes), maxRoutes)] {
			r := &st.Routes[i]
			b.List = append(b.List, diag.Route{Line: r.Line, To: r.To, Rejects: r.Rejects(), Via: r.Via, Source: r.Source, Device: diag.Clean(r.Device, 40)})
		}
		o.send(st.Routes[0].Line, fmt.Sprintf("%d routes", len(st.Routes)), &diag.Keys{}, b)
	}
}

// telling reports whether a counter is one that says something of a tunnel's
// traffic.
func telling(f state.Format, name string) bool {
	return f != state.Nstat || name == "TcpExtIPReversePathFilter" || name == "IpOutNoRoutes"
}
