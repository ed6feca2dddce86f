package rules

import (
	"fmt"
	"slices"

	"github.com/ikediag/ikediag/diag"
)

// ConnNotLoaded finds a daemon that refused to load a connection.
var ConnNotLoaded = &diag.Rule{
	Code:  diag.CFGConnNotLoaded,
	Scope: diag.ScopeGateway,
	Doc: diag.Doc{
		Meaning: "The daemon did not load a connection of its configuration: it does not accept a value in it, does not know an algorithm that it names, or was not told to. " +
			"It neither begins that connection nor answers for it.",
		Explains: []diag.Code{diag.IKEP1PeerUnknown, diag.IKERetransmitExhausted},
		Common:   5,
		Remedy:   "correct what the daemon does not accept, and load the configuration again, as with ipsec reload or swanctl --load-all",
	},
	Needs: 1 << diag.BodyHost,
	Check: func(v *diag.View, out *diag.Sink) {
		if names, ev := v.Unloaded(); len(names) > 0 {
			f := diag.Finding{FixAt: diag.EndEither, Evidence: ev, Summary: "the daemon does not have a connection of its configuration: " + diag.Quote(names[0])}
			if n := len(names); n > 1 {
				f.Summary = fmt.Sprintf("the daemon does not have %d connections of its configuration, such as %s", n, diag.Quote(names[0]))
			}
			out.Add(f)
		}
		// Whether it is the connection that is asked about, and why it was
		// refused, other rules tell.
		for _, x := range notLoaded {
			for k := range diag.HostFacts[diag.Host](v, 0) {
				if k.V.Event != x.event || loadedSince(v, 0, k) {
					continue
				}
				f := diag.Finding{FixAt: diag.EndEither, Evidence: k.As(diag.Strong), Summary: x.means}
				if k.V.Name != "" {
					f.Summary += ": " + diag.Quote(k.V.Name)
				}
				out.Add(f)
				return
			}
		}
	},
}

// notLoaded are the events that tell of a connection that is not loaded, the
// most telling first.
var notLoaded = []struct {
	event diag.HostEvent
	means string
}{
	{diag.ConnectionNotLoaded, "the daemon refused to load a connection"},
	{diag.AlgorithmNotKnown, "a connection names an algorithm that the daemon does not know, and is not loaded, or only in part"},
	{diag.ConnectionUnknown, "the daemon was asked for a connection that it does not have"},
	{diag.ConnectionLoading, "the daemon was asked for a connection that it had not finished loading"},
}

// refusedToLoad finds the daemon of an end refusing the end's own connection.
func refusedToLoad(v *diag.View, end int) diag.Known[*diag.Host] {
	return lackedFor(v, end, diag.ConnectionNotLoaded)
}

// lackedFor finds an event for which the daemon of an end lacks the end's own
// connection, then and later.
func lackedFor(v *diag.View, end int, event diag.HostEvent) diag.Known[*diag.Host] {
	name := diag.HostName(v.ConnectionName(end))
	k := diag.HostFact(v, end, func(h *diag.Host) bool { return h.Event == event && h.Name == name && name != "" })
	if k.OK && loadedSince(v, end, k) {
		return diag.Known[*diag.Host]{}
	}
	return k
}

// loadedSince: what an end's daemon lacked is there, by a later line or by another
// source.
func loadedSince(v *diag.View, end int, k diag.Known[*diag.Host]) bool {
	for now := range diag.HostFacts[diag.Host](v, end) {
		if now.V.Event != diag.ConnectionLoaded || now.V.Name != k.V.Name || k.V.Name == "" {
			continue
		}
		if last := k.Evidence[len(k.Evidence)-1]; slices.ContainsFunc(now.Evidence, func(e diag.Evidence) bool { return e.Source != last.Source || e.After(last) }) {
			return true
		}
	}
	return false
}
