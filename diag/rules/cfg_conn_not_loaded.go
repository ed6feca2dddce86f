package rules

import "github.com/ikediag/ikediag/diag"

// ConnNotLoaded finds a daemon that refused to load a connection.
var ConnNotLoaded = &diag.Rule{
	Code:  diag.CFGConnNotLoaded,
	Scope: diag.ScopeGateway,
	Doc: diag.Doc{
		Meaning: "The daemon did not load a connection of its configuration: it does not accept a value in it, or does not know an algorithm that it names. " +
			"It neither begins that connection nor answers for it.",
		Explains: []diag.Code{diag.IKEP1PeerUnknown, diag.IKERetransmitExhausted},
		Common:   5,
		Remedy:   "correct what the daemon does not accept, and load the configuration again",
	},
	Needs: 1 << diag.BodyHost,
	Check: func(v *diag.View, out *diag.Sink) {
		// Whether it is the connection that is asked about, and why it was
		// refused, other rules tell.
		if k := diag.HostFact(v, 0, func(h *diag.Host) bool { return h.Event == diag.ConnectionNotLoaded }); k.OK {
			f := diag.Finding{FixAt: diag.EndEither, Evidence: k.As(diag.Strong), Summary: "the daemon refused to load a connection"}
			if k.V.Name != "" {
				f.Summary += ": " + diag.Quote(k.V.Name)
			}
			out.Add(f)
			return
		}
		k := diag.HostFact(v, 0, func(h *diag.Host) bool { return h.Event == diag.AlgorithmNotKnown })
		if !k.OK {
			return
		}
		out.Add(diag.Finding{FixAt: diag.EndEither, Evidence: k.As(diag.Strong),
			Summary: "a connection names an algorithm that the daemon does not know, and is not loaded, or only in part: " + diag.Quote(k.V.Name)})
	},
}
