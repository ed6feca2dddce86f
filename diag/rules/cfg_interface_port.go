package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// InterfacePort finds a daemon that could not open its ports.
var InterfacePort = &diag.Rule{
	Code:  diag.CFGInterfacePort,
	Scope: diag.ScopeGateway,
	Doc: diag.Doc{
		Meaning:  "The daemon could not bind UDP port 500 or 4500: another daemon has it, or it lacks the right to. It receives nothing there.",
		Explains: []diag.Code{diag.NetPeerNotListening, diag.IKERetransmitExhausted},
		Common:   4,
		Remedy:   "stop the other daemon that uses the port, and start this one anew",
		References: []diag.Reference{
			rfc(2408, "2.5.1", "Transport Protocol"),
		},
	},
	Needs: 1 << diag.BodyHost,
	Check: func(v *diag.View, out *diag.Sink) {
		k := diag.HostFact(v, 0, func(h *diag.Host) bool { return h.Event == diag.PortNotBound })
		if !k.OK {
			heldPorts(v, out)
			return
		}
		f := diag.Finding{FixAt: diag.EndEither, Evidence: k.As(diag.Proof), Summary: "the daemon could not open its UDP port"}
		if k.V.Port != 0 {
			f.Summary = fmt.Sprintf("the daemon could not open UDP port %d", k.V.Port)
		}
		if k.V.Name != "" {
			f.Summary += ": " + diag.Quote(k.V.Name)
		}
		out.Add(f)
	},
}

// heldPorts reports that a program which does not speak IKE has a port that a daemon
// needs, where no daemon has it beside.
func heldPorts(v *diag.View, out *diag.Sink) {
	for _, port := range [...]uint16{portIKE, 4500} {
		k := diag.HostFact(v, 0, func(h *diag.Host) bool { return h.Event == diag.PortHeld && h.Port == port && !h.Address.IsLoopback() })
		if !k.OK || diag.HostFact(v, 0, func(h *diag.Host) bool { return h.Event == diag.PortListened && h.Port == port }).OK {
			continue
		}
		out.Add(diag.Finding{FixAt: diag.EndEither, Evidence: k.As(diag.Strong),
			Summary: fmt.Sprintf("UDP port %d is held by %s, which is no daemon of IKE", port, diag.Quote(k.V.Name))})
		return
	}
}
