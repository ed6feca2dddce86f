package logparse

import (
	"bytes"
	"testing"
)

// TestDeviceAllocs holds the dialects of devices to no allocation for a line,
// once a parser has seen its kind.
func TestDeviceAllocs(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	for _, name := range []string{"fortigate/events", "fortigate-ike/responder", "fortigate-ike/seen", "juniper/kmd", "sonicwall/table", "isakmpd/syslog",
		"aws/cloudwatch", "palo-alto/system", "checkpoint/log", "windows/security"} {
		f := readFixture(t, "testdata/"+name+".txtar")
		lines := bytes.Split(f.log, []byte("\n"))
		p := Parser{MaxSessions: 20}
		var e Event
		all := func() {
			for _, l := range lines {
				p.Parse(l, &e)
			}
		}
		for range 200 {
			all()
		}
		if n := testing.AllocsPerRun(50, all); n > 0 {
			t.Errorf("%s: %v allocations in %d lines", name, n, len(lines))
		}
	}
}
