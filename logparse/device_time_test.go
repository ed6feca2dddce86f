package logparse

import (
	"testing"
	"time"
)

// TestDeviceTimes reads the times that only devices write.
func TestDeviceTimes(t *testing.T) {
	ref := time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct{ line, want string }{
		{"nov/21 10:15:00 ipsec,error phase1 negotiation failed due to time up", "2026-11-21T10:15:00Z"},
		{"nov/21/2024 10:15:00 ipsec,error phase1 negotiation failed due to time up", "2024-11-21T10:15:00Z"},
		{"abc/21 10:15:00 ipsec,error phase1 negotiation failed due to time up", ""},
		{`date=2019-05-13 time=14:21:42 logid="0101037127" type="event" subtype="vpn" level="notice" logdesc="Progress IPsec phase 1" action="negotiate"`, "2019-05-13T14:21:42Z"},
		{`date=2024-12-20 time=14:56:10 eventtime=1734724570250926112 tz="-0500" logid="0101037124" type="event" subtype="vpn" msg="IPsec phase 1 error"`, "2024-12-20T19:56:10.250926112Z"},
		{"6\t11/15/2017 10:33:14.592\tInfo\tVPN IKE\tIKE Responder: Aggressive Mode complete (Phase 1)", "2017-11-15T10:33:14.592Z"},
		{`{"event_timestamp":1772618400,"timestamp":"2026-03-04T10:00:00Z","details":"No Proposal Match Found by AWS","ike_phase1_state":"down"}`, "2026-03-04T10:00:00Z"},
	} {
		var p Parser
		var e Event
		p.Parse([]byte(test.line), &e)
		got := ""
		if when, _ := e.Time(ref, nil); !when.IsZero() {
			got = when.Format(time.RFC3339Nano)
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.line, got, test.want)
		}
	}
}
