package diag_test

import (
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

// However many rules ask, an attempt is looked into once; and once more when there
// is something new.
func TestQuestion(t *testing.T) {
	looked := 0
	messages := diag.NewQuestion(func(a *diag.Attempt) (n int) {
		looked++
		for k := range diag.Facts[diag.Message](a, diag.AnySide) {
			n += k.Count
		}
		return n
	})
	var got []int
	var rules []*diag.Rule
	for _, c := range []diag.Code{diag.IKEP1PSKMismatch, diag.IKEP1PSKMissing, diag.IKEP1PeerUnknown} {
		rules = append(rules, &diag.Rule{Code: c, Check: func(v *diag.View, _ *diag.Sink) {
			for a := range v.Attempts() {
				got = append(got, messages.Of(a))
			}
		}})
	}
	e, err := diag.NewEngine(rules, diag.Options{})
	if err != nil {
		t.Fatal(err)
	}
	v := newView(e, "log", "west", diag.KindLog, diag.Initiator)
	for n := 1; n <= 2; n++ {
		v.at(n, &diag.Message{From: diag.Self, Exchange: isakmp.ExchangeMain, Number: uint8(2*n - 1)})
		got, looked = nil, 0
		for range e.Advance(epoch.Add(time.Duration(n) * time.Second)) {
		}
		if len(got) != 3 || got[0] != n || got[1] != n || got[2] != n || looked != 1 {
			t.Errorf("%d messages: the rules are told of %v, and %d times somebody looked", n, got, looked)
		}
	}
}

// What is asked in short has the answer that a search has, also of what shares a bit
// with what is there, and after something new.
func TestAskedInShort(t *testing.T) {
	asked := 0
	rule := &diag.Rule{Code: diag.IKEP1PSKMismatch, Check: func(v *diag.View, _ *diag.Sink) {
		for a := range v.Attempts() {
			for s := diag.Step(0); s <= diag.ChildDeleteSent+1; s++ {
				asked++
				if got, want := a.Stepped(s), diag.Any(a, diag.AnySide, func(p *diag.Progress) bool { return p.Step == s }); got != want {
					t.Errorf("step %d: %t, want %t", s, got, want)
				}
			}
			for k := diag.CheckKind(0); k <= diag.CheckXAuth+1; k++ {
				if got, want := a.FailedAt(k), diag.Any(a, diag.AnySide, func(c *diag.Check) bool { return c.What == k && !c.OK }); got != want {
					t.Errorf("check %d: %t, want %t", k, got, want)
				}
			}
			for n := range isakmp.NotifyType(128) {
				if got, want := a.Notified(n, 40000), diag.Any(a, diag.AnySide, func(b *diag.Notify) bool { return b.Type == n }); got != want {
					t.Errorf("notify %d: %t, want %t", n, got, want)
				}
			}
		}
	}}
	e, err := diag.NewEngine([]*diag.Rule{rule}, diag.Options{})
	if err != nil {
		t.Fatal(err)
	}
	v := newView(e, "log", "west", diag.KindLog, diag.Initiator)
	for n, b := range []diag.Body{
		&diag.Message{From: diag.Self, Exchange: isakmp.ExchangeMain, Number: 1},
		&diag.Check{By: diag.Peer, What: diag.CheckHash, OK: true},
		&diag.Check{By: diag.Peer, What: diag.CheckDecrypt},
		&diag.Notify{From: diag.Peer, Type: isakmp.NotifyNoProposalChosen},
		&diag.Progress{By: diag.Peer, Step: diag.Phase1Up},
		&diag.Notify{From: diag.Self, Type: isakmp.NotifyNoProposalChosen + 64},
		&diag.Progress{By: diag.Self, Step: diag.Phase2Up},
		&diag.Check{By: diag.Self, What: diag.CheckXAuth},
		&diag.Progress{By: diag.Self, Step: diag.ChildDeleteSent},
	} {
		v.at(n+1, b)
		for range e.Advance(epoch.Add(time.Duration(n) * time.Second)) {
		}
	}
	if asked < 90 {
		t.Errorf("the rule ran for %d steps", asked)
	}
}
