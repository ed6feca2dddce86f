package rules

import (
	"fmt"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// strangerChild finds that a responder has no child for the selectors of a
// quick mode, where another child of the tunnel is up: what is refused is not
// that one's renewal, but a second one.
func strangerChild(a *diag.Attempt) (k diag.Known[*diag.LookedUp], ok bool) {
	k = notFound(a, diag.AnySide, diag.LookupChild)
	if !k.OK || !a.Completed(diag.Phase2) || len(k.Last.Local) == 0 {
		return k, false
	}
	seen := false
	for t := range diag.Facts[diag.Traffic](a, diag.AnySide) {
		if t.V.Role != diag.Chosen || len(t.V.Local) == 0 {
			continue
		}
		seen = true
		for _, up := range [...]*diag.Traffic{t.V, t.Last} {
			if samePair(k.Last.Local, k.Last.Remote, up.Local, up.Remote) || samePair(k.Last.Local, k.Last.Remote, up.Remote, up.Local) {
				return k, false
			}
		}
	}
	return k, seen
}

// selectorsOfUp reports whether it is known for which subnets a child is up.
func selectorsOfUp(a *diag.Attempt) bool {
	return diag.Any(a, diag.AnySide, func(t *diag.Traffic) bool { return t.Role == diag.Chosen && len(t.Local) > 0 })
}

func samePair(local, remote, l, r []ike.Selector) bool {
	return lie(local, l) == equal && lie(remote, r) == equal
}

// shortestLife is less than any daemon lets an SA live before it renews it.
const shortestLife = 5 * time.Second

// tooEarly reports whether a refusal comes so soon after a child came up that
// nothing can have been due for renewal: it is of another child.
func tooEarly(a *diag.Attempt, refusal diag.Evidence) bool {
	if diag.Any(a, diag.AnySide, func(r *diag.Rekey) bool { return r.Child }) || teardown(a, diag.AnySide, true, diag.EndedExpired).OK {
		return false
	}
	for _, up := range a.ChildUp().Evidence {
		if d, ok := diag.Elapsed(up, refusal); ok && d >= 0 && d <= shortestLife {
			return true
		}
	}
	return false
}

// secondChild reports a child that the responder does not know beside one that
// is up.
func secondChild(a *diag.Attempt, out *confSink) {
	k, ok := strangerChild(a)
	if !ok {
		// The initiator alone cannot tell a second child from a renewal, nor can
		// a log that does not say for which subnets the first is up.
		if ev, soon := furtherRefused(a); soon {
			out.AddTo(a, diag.Finding{Severity: diag.Error, FixAt: diag.EndEither, Evidence: ev,
				Summary: "one child of the tunnel is up, and a further one is answered with something else than the second message of quick mode, perhaps for its subnets"})
			return
		}
		e := last(notified2(a, diag.Responder, isakmp.NotifyInvalidIDInformation).Evidence)
		if k.OK {
			if e = last(k.Evidence); selectorsOfUp(a) {
				return
			}
		}
		if e.Where == (diag.Where{}) || upAfter(a, e) {
			return
		}
		w := diag.Hint
		if tooEarly(a, e) {
			w = diag.Strong
		}
		out.AddTo(a, diag.Finding{Severity: diag.Error, FixAt: diag.EndEither, Evidence: []diag.Evidence{e.As(w)},
			Summary: fmt.Sprintf("one child of the tunnel is up, and %s refuses the subnets of another or of a new one", a.NameOf(diag.Responder))})
		return
	}
	out.AddTo(a, diag.Finding{
		Severity: diag.Error, FixAt: diag.EndEither,
		Evidence: []diag.Evidence{last(k.Evidence).As(diag.Proof)},
		Detail:   diag.SelectorMismatch{RequestedLocal: texts(k.Last.Local), RequestedRemote: texts(k.Last.Remote), ConfiguredLocal: []string{}, ConfiguredRemote: []string{}},
		Summary:  fmt.Sprintf("one child of the tunnel is up, and %s has none for %s to %s", a.NameOf(diag.Responder), first(k.Last.Local), first(k.Last.Remote)),
	})
}

// leftover finds a child of one end that nothing at the other answers.
func leftover(v *diag.View) compared {
	p, ok := confPairOf(v)
	if !ok || !p.sole() || p.c[0].V.Siblings > 0 || p.c[1].V.Siblings > 0 {
		return compared{}
	}
	for end := range p.c {
		for _, i := range negotiated(p.c[end].V) {
			k := &p.c[end].V.Children[i]
			if len(k.Local) == 0 || len(k.Remote) == 0 || answered(k, p.c[1-end].V) {
				continue
			}
			e := p.v.ChildEvidence(p.c[end], i, "Local").As(diag.Strong)
			whole := p.c[1-end].First().As(diag.Background)
			return compared{state: differ, finding: &diag.Finding{FixAt: diag.EndEither, Evidence: []diag.Evidence{e, whole},
				Detail:  diag.SelectorMismatch{RequestedLocal: texts(k.Remote), RequestedRemote: texts(k.Local), ConfiguredLocal: []string{}, ConfiguredRemote: []string{}},
				Summary: fmt.Sprintf("%s wants a child for %s to %s, for which %s has none", p.name(end), first(k.Local), first(k.Remote), p.name(1-end))}}
		}
	}
	return compared{}
}

// answered reports whether some child of the peer's may answer for k.
func answered(k *diag.ConnectionChild, peer *diag.Connection) bool {
	for _, i := range negotiated(peer) {
		m := &peer.Children[i]
		if lie(k.Local, m.Remote) != apart && lie(k.Remote, m.Local) != apart {
			return true
		}
	}
	return false
}
