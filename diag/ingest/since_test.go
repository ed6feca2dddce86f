package ingest_test

import (
	"io"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/diag/observe"
)

// What does not come counts while two captures go on, if they say since when
// they listen: the cause is there before either is at its end, and before the
// daemon gives up repeating itself.
func TestFeedSilence(t *testing.T) {
	parts := []string{"corpus", "strongswan", "p1-4500-blocked"}
	a, b := given(t, "a", append(parts, "initiator.pcap")...), given(t, "b", append(parts, "responder.pcap")...)
	last := lastPacket(t, a)
	for _, x := range []struct {
		since bool
		after time.Duration
		code  diag.Code
	}{
		{true, time.Second, ""},
		{true, 40 * time.Second, diag.NetUDP4500Blocked},
		{false, 40 * time.Second, ""},
	} {
		e := newEngine(t)
		for _, in := range []ingest.Input{a, b} {
			s := diag.Source{Name: in.Name, Group: in.Group}
			if x.since {
				s.Since = last.Add(-time.Minute)
			}
			f := ingest.NewFeed(e, s, ingest.Options{})
			r, err := in.Open()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(f, r); err != nil {
				t.Fatal(err)
			}
			defer f.Close()
		}
		// Captures are read in the background.
		var cause diag.Finding
		for range 40 {
			for range e.Advance(last.Add(x.after)) {
				continue // it is the whole that is looked at
			}
			if c, ok := e.Report().Cause(); ok {
				cause = *c
			}
			time.Sleep(5 * time.Millisecond)
		}
		if x.code == "" && cause.Verdict == diag.Confirmed || x.code != "" && (cause.Code != x.code || cause.Verdict < diag.Likely) {
			t.Errorf("since %v, %v later: %s, %s", x.since, x.after, cause.Code, cause.Verdict)
		}
	}
}

func lastPacket(t *testing.T, in ingest.Input) time.Time {
	t.Helper()
	r, err := in.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	return observe.LastPacket(r)
}
