package rules

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
)

// DuplicatePeerID finds two peers with one identity, of which a gateway keeps
// one at a time.
var DuplicatePeerID = &diag.Rule{
	Code: diag.LifeDuplicatePeerID,
	Doc: diag.Doc{
		Meaning: "Two hosts at different addresses use the same identity. Their gateway takes the one for the other, allows one connection for each identity, and ends the first whenever the second comes: they evict each other.",
		LookAlikes: []diag.LookAlike{
			{Code: diag.LifePeerAddrChanged, Ask: askLog(diag.EndBoth, "the logs of the peers show whether they are two hosts or one that moves")},
		},
		Explains:   []diag.Code{diag.LifeFlapping, diag.LifeDeleteByPeer, diag.LifeInitialContactPurge},
		Common:     4,
		Remedy:     "give each host an identity, and a certificate or key, of its own; else let the gateway keep several connections of one identity",
		References: []diag.Reference{rfc(2407, "4.6.2", "Identification Payload Content")},
	},
	Needs: 1 << diag.BodyTeardown,
	Check: func(v *diag.View, out *diag.Sink) {
		evicted(v, out, diag.EndedUnique, "%s evicts a peer of the same identity at %s, and is evicted by it: they seem to be two hosts")
	},
}

// InitialContactPurge finds a peer whose INITIAL-CONTACT ends the SAs of
// another host.
var InitialContactPurge = &diag.Rule{
	Code: diag.LifeInitialContactPurge,
	Doc: diag.Doc{
		Meaning: "A peer says that it has no other SA (INITIAL-CONTACT; RFC 2407, section 4.6.3.3), and its gateway deletes all that it has under the same identity. Where another host uses that identity, it loses its tunnel.",
		LookAlikes: []diag.LookAlike{
			{Code: diag.LifePeerRestarted, Ask: askLog(diag.EndBoth, "the peer's log shows whether it started anew and came back by another address")},
		},
		Explains:   []diag.Code{diag.LifeDeleteByPeer, diag.LifeFlapping},
		Common:     3,
		Remedy:     "give each host an identity of its own, or turn INITIAL-CONTACT off at the peers that share one",
		References: []diag.Reference{rfc(2407, "4.6.3.3", "INITIAL-CONTACT")},
	},
	Needs: 1 << diag.BodyTeardown,
	Check: func(v *diag.View, out *diag.Sink) {
		evicted(v, out, diag.EndedInitial, "%s says INITIAL-CONTACT, which ends the SAs of a peer of the same identity at %s")
	},
}

// evicted reports a peer that took the place of a namesake at another address.
func evicted(v *diag.View, out *diag.Sink, why diag.TeardownReason, summary string) {
	for a := range v.Attempts() {
		k := teardown(a, diag.AnySide, false, why)
		if !k.OK || k.By == diag.SideUnknown {
			continue
		}
		others := v.Namesakes(a.EndOf(k.By))
		if len(others) == 0 {
			continue
		}
		f := diag.Finding{FixAt: k.By.Other().End(), Evidence: k.As(diag.Strong), Summary: fmt.Sprintf(summary, a.NameOf(k.By.Other()), others[0])}
		if evictions(v, why) < 2 {
			f.Severity = diag.Warning // it may have moved, once
			f.Evidence = k.As(diag.Hint)
		}
		out.AddTo(a, f)
	}
}

// evictions counts how often the tunnel's peer took the place of another.
func evictions(v *diag.View, why diag.TeardownReason) (n int) {
	for a := range v.Attempts() {
		n += teardown(a, diag.AnySide, false, why).Count
	}
	return n
}
