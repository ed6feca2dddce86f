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
