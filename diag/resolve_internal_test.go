package diag

import (
	"fmt"
	"slices"
	"testing"
)

// orders calls f with each order of a list.
func orders[T any](list []T, f func([]T)) {
	var next func(n int)
	next = func(n int) {
		if n == len(list) {
			f(slices.Clone(list))
			return
		}
		for i := n; i < len(list); i++ {
			list[n], list[i] = list[i], list[n]
			next(n + 1)
			list[n], list[i] = list[i], list[n]
		}
	}
	next(0)
}

// What is proven is no better than a likely cause that brings it about, and stays
// a cause where another proven one shows that cause to be none. In which order
// rules found them changes nothing.
func TestSupersede(t *testing.T) {
	rule := func(c Code, explains ...Code) *Rule {
		return &Rule{Code: c, Doc: Doc{Title: "t", Meaning: "m", Explains: explains}, Check: func(*View, *Sink) {}}
	}
	e, err := NewEngine([]*Rule{rule(CertExpired, CFGConnNotLoaded), rule(CFGConnNotLoaded), rule(IKEP1PSKMissing), rule(IKEExchangeModeMismatch)}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	cause := func(c Code, v Verdict) Finding {
		return Finding{Code: c, Kind: Cause, Severity: Critical, Verdict: v, ID: string(c), Incident: "no ISAKMP SA"}
	}
	expired, unloaded, mode := cause(CertExpired, Likely), cause(CFGConnNotLoaded, Confirmed), cause(IKEExchangeModeMismatch, Possible)
	for _, x := range []struct {
		name  string
		found []Finding
		want  []string
	}{
		{"a likely cause behind a proven one", []Finding{expired, unloaded, mode},
			[]string{"CERT-EXPIRED cause [CFG-CONN-NOT-LOADED]", "CFG-CONN-NOT-LOADED symptom []"}},
		{"another proven one beside them", []Finding{expired, unloaded, cause(IKEP1PSKMissing, Confirmed)},
			[]string{"CFG-CONN-NOT-LOADED cause []", "IKE-P1-PSK-MISSING cause []"}},
		{"one that is only possible", []Finding{cause(CertExpired, Possible), unloaded},
			[]string{"CFG-CONN-NOT-LOADED cause []"}},
		{"two that are proven", []Finding{cause(CertExpired, Confirmed), unloaded},
			[]string{"CERT-EXPIRED cause [CFG-CONN-NOT-LOADED]", "CFG-CONN-NOT-LOADED symptom []"}},
	} {
		orders(x.found, func(found []Finding) {
			var order, got []string
			for _, f := range found {
				order = append(order, string(f.Code))
			}
			for _, f := range e.supersede(found) {
				got = append(got, fmt.Sprintf("%s %v %v", f.Code, f.Kind, f.Explains))
			}
			if slices.Sort(got); !slices.Equal(got, x.want) {
				t.Errorf("%s, %v: %q, want %q", x.name, order, got, x.want)
			}
		})
	}
}

// Of what several attempts show, the surest one's words are told.
func TestSurestWords(t *testing.T) {
	said := func(w Weight, summary string, at End) Finding {
		return Finding{Code: CertRevoked, Summary: summary, FixAt: at, Evidence: []Evidence{{Weight: w}}}
	}
	surest := said(Proof, "was revoked", EndInitiator)
	orders([]Finding{surest, said(Hint, "may have been revoked", EndResponder), said(Strong, "is refused", EndBoth)}, func(found []Finding) {
		s := Sink{rule: &Rule{Code: CertRevoked}}
		for _, f := range found {
			s.Add(f)
		}
		if got := s.findings; len(got) != 1 || got[0].Summary != surest.Summary || got[0].FixAt != surest.FixAt || got[0].Count != 3 {
			t.Errorf("%+v", got)
		}
	})
}
