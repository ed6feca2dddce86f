package rules

import (
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
)

// sought is how what the responder looked for and did not find, as the initiator
// asked for it, differs from the connection that its own configuration has for
// this peer. The initiator's configuration need not be there: what it asks for
// was seen.
type sought struct {
	ok                  bool // both are there
	mode, xauth, method bool // they differ in it
	ev                  []diag.Evidence
}

func soughtInVain(a *diag.Attempt) (s sought) {
	k := noneAllows(a)
	_, r := configured(a)
	if !k.OK || !r.OK || k.V.Mode == 0 || k.V.Auth == 0 || r.V.Mode == 0 || r.V.LocalAuth == 0 || r.V.AnswersBoth {
		return s
	}
	s.ok = true
	s.mode = k.V.Mode != r.V.Mode
	// In the hybrid methods the responder signs, and the initiator has XAUTH alone.
	hybrid := k.V.Auth >= ike.AuthHybridInitRSA && k.V.Auth <= ike.AuthHybridRespDSS
	s.xauth = isXAuth(k.V.Auth) != (r.V.XAuth || hybrid && r.V.RemoteAuth == 0)
	s.method = isPSK(k.V.Auth) != isPSK(r.V.LocalAuth)
	s.ev = slices.Concat(k.As(diag.Proof), r.As(diag.Proof))
	return s
}

// soughtFits makes an exclusion of what the responder's configuration has as it
// was asked for.
func soughtFits(reason string, differs func(sought) bool) diag.Exclusion {
	return diag.Exclusion{Reason: reason, If: func(c diag.Case) (diag.Evidence, bool) {
		if c.Attempt == nil {
			return diag.Evidence{}, false
		}
		if s := soughtInVain(c.Attempt); s.ok && !differs(s) {
			return s.ev[len(s.ev)-1], true
		}
		return diag.Evidence{}, false
	}}
}

var (
	modeFits   = soughtFits("the responder's configuration has the mode that was asked for", func(s sought) bool { return s.mode })
	xauthFits  = soughtFits("the responder's configuration agrees on XAUTH with what was asked for", func(s sought) bool { return s.xauth })
	methodFits = soughtFits("the responder's configuration has the method that was asked for", func(s sought) bool { return s.method })
)
