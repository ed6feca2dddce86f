package rules

import "github.com/ikediag/ikediag/diag"

// ConnNotLoaded finds a daemon that refused to load a connection.
var ConnNotLoaded = &diag.Rule{
	Code:  diag.CFGConnNotLoaded,
	Scope: diag.ScopeGateway,
	Doc: diag.Doc{
		Meaning: "The daemon did not load a connection of its configuration: it does not accept a value in it, or does not know an algorithm that it names. " +
			"It neither begins that connection nor answers for it.",
		LookAlikes: []diag.LookAlike{
			{
				Code:     diag.CFGAlgInvalid,
				Excluded: []diag.Exclusion{{If: loadRefused, Reason: "the daemon says that the connection was not added"}},
				Ask:      diag.Missing{Kind: diag.KindConfig, End: diag.EndEither, Why: "it shows whether another proposal of the connection is left"},
			},
		},
		Explains: []diag.Code{diag.IKEP1PeerUnknown, diag.IKERetransmitExhausted},
		Common:   5,
		Remedy:   "correct what the daemon does not accept, and load the configuration again",
	},
	Needs: 1 << diag.BodyHost,
	Check: func(v *diag.View, out *diag.Sink) {
		if k := diag.HostFact(v, 0, func(h *diag.Host) bool { return h.Event == diag.ConnectionNotLoaded }); k.OK {
			f := diag.Finding{FixAt: diag.EndEither, Evidence: k.As(diag.Proof), Summary: "the daemon refused to load a connection"}
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

// loadRefused: the daemon says so itself.
func loadRefused(c diag.Case) (diag.Evidence, bool) {
	k := diag.HostFact(c.View, 0, func(h *diag.Host) bool { return h.Event == diag.ConnectionNotLoaded })
	return k.First(), k.OK
}
