package diag_test

import (
	"slices"
	"testing"

	"github.com/ikediag/ikediag/diag"
)

// Traces are as good as the evidence of the same fact: what a finding keeps of many
// attempts, and what it is worth, does not depend on when it was made.
func TestTraces(t *testing.T) {
	rule := func(c diag.Code, add func(a *diag.Attempt, f *diag.Finding)) *diag.Rule {
		return &diag.Rule{Code: c, Doc: diag.Doc{Title: "t", Meaning: "m"}, Check: func(v *diag.View, out *diag.Sink) {
			for a := range v.Attempts() {
				// What is weak stands among it, and is dropped first.
				sent := diag.Fact(a, diag.AnySide, func(m *diag.Message) bool { return true })
				f := diag.Finding{Evidence: sent.As(diag.Hint)}
				add(a, &f)
				out.AddTo(a, f)
			}
		}}
	}
	e := newEngine(t, diag.Options{},
		rule(diag.IKEP1PSKMissing, func(a *diag.Attempt, f *diag.Finding) {
			f.Evidence = append(a.ChildUp().As(diag.Proof), a.Up().AppendAs(f.Evidence, diag.Strong)...)
		}),
		rule(diag.IKEP1PeerUnknown, func(a *diag.Attempt, f *diag.Finding) {
			_, at := a.TraceUp()
			f.Traces, f.Evidence = at.As(diag.Strong), append(a.ChildUp().As(diag.Proof), f.Evidence...)
		}),
		rule(diag.IKEP1PSKMismatch, func(a *diag.Attempt, f *diag.Finding) {
			_, at := a.TraceChildUp()
			f.Traces, f.Evidence = at.As(diag.Proof), a.Up().AppendAs(f.Evidence, diag.Strong)
		}))
	var w world
	both := []int{w.source(diag.Source{Name: "a.log", Gateway: "west", Kind: diag.KindLog}), w.source(diag.Source{Name: "b.log", Gateway: "east", Kind: diag.KindLog})}
	for n := range uint64(3) {
		for i, src := range both {
			k := diag.Keys{Handle: n + 1, Role: diag.Initiator, Local: addr("192.0.2.1:500"), Remote: addr("198.51.100.1:500"), Cookies: [2]uint64{n + 7, n + 100}}
			if i == 1 {
				k.Role, k.Local, k.Remote = diag.Responder, k.Remote, k.Local
			}
			w.say(src, k, &diag.Message{From: diag.Self, Number: 1})
			w.say(src, k, &diag.Progress{By: diag.Self, Step: diag.Phase1Up})
			for child := range uint64(2) {
				k.Child = child + 1
				w.say(src, k, &diag.Progress{By: diag.Self, Step: diag.Phase2Up})
			}
		}
	}
	w.feed(e)
	found := e.Report().Findings
	found = slices.DeleteFunc(found, func(f diag.Finding) bool { return f.Code == diag.EvidInsufficient })
	if len(found) != 3 {
		t.Fatalf("%d findings", len(found))
	}
	for _, f := range found {
		if len(f.Evidence) != 16 || f.Count != 3 || !slices.Equal(f.Evidence, found[0].Evidence) || f.Verdict != found[0].Verdict {
			t.Errorf("%s: %d attempts, %v: %v\nwant %v", f.Code, f.Count, f.Verdict, f.Evidence, found[0].Evidence)
		}
	}
}
