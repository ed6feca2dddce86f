package ingest_test

import (
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/diagtest"
)

// Two captures of the two ends tell which message got lost on the way, behind
// which NAT, at which size, with frame numbers.
func TestLostOnTheWay(t *testing.T) {
	for _, test := range []struct {
		name       string
		octets     int
		cause      diag.Code
		translated bool
	}{
		{"p1-4500-blocked", 124, diag.NetUDP4500Blocked, true},
		{"p1-ip-fragments-dropped", 1196, diag.NetIKEFragDropped, false},
	} {
		dir := []string{"corpus", "strongswan", test.name}
		r := read(t, given(t, "b", append(dir, "initiator.pcap")...), given(t, "a", append(dir, "responder.pcap")...))
		if c, _ := r.Cause(); c.Code != test.cause {
			t.Errorf("%s: %s\n%s", test.name, c.Code, diagtest.Summary(r))
		}
		told := false
		for _, f := range r.Findings {
			d, ok := f.Detail.(diag.MessagesLost)
			if !ok {
				continue
			}
			told = true
			for _, m := range d.Messages {
				if m.Exchange != "main mode" || m.Number != 5 || m.Sender != "initiator" || m.Octets != test.octets || m.Arrived != 0 || m.Sent == 0 || len(m.Frames) == 0 {
					t.Errorf("%s: %+v", test.name, m)
				}
			}
			if (len(d.Translated) > 0) != test.translated {
				t.Errorf("%s: %+v", test.name, d.Translated)
			}
		}
		if !told {
			t.Errorf("%s: nothing is said to be lost\n%s", test.name, diagtest.Summary(r))
		}
	}
}
