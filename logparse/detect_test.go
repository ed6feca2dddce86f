package logparse

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
)

// TestDetect names the daemon of every sample and recording.
func TestDetect(t *testing.T) {
	want := map[string]string{"openswan": "libreswan", "pfsense": "strongswan", "vyos": "strongswan", "alibaba-vpn": "alibaba"}
	for _, f := range recordings.Glob(t, "logs", "samples", "*", "*.log") {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		vendor := filepath.Base(filepath.Dir(f))
		if w, ok := want[vendor]; ok {
			vendor = w
		}
		name, d, score := Detect(b)
		if name != vendor && !(vendor == "openswan" && name == "libreswan") || score < 50 {
			t.Errorf("%s: %q, score %d", f, name, score)
		}
		if d == nil {
			t.Errorf("%s: %s is not read", f, name)
		}
	}
	for _, f := range recordings.Glob(t, "corpus", "*", "*", "*.log") {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		vendor := "strongswan"
		if strings.Contains(f, "libreswan-both") || strings.Contains(f, "libreswan-initiator") && strings.HasSuffix(f, "initiator.log") {
			vendor = "libreswan"
		}
		if name, _, score := Detect(b); name != vendor || score < 50 {
			t.Errorf("%s: %q, score %d", f, name, score)
		}
	}
}

// TestDetectNothing finds no daemon in what is no log.
func TestDetectNothing(t *testing.T) {
	for _, s := range []string{"", "\n\n", "hello world\n", "conn a\n  left=1.2.3.4\n  right=5.6.7.8\n  auto=start\n",
		"connections {\n  a {\n    version = 1\n    local_addrs = 1.2.3.4\n  }\n}\n",
		"Nov 21 04:01:25 host sshd[22]: message parsing failed\n",
		string([]byte{0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0}), "{\"a\": 1}\n",
		"src 10.0.0.1 dst 10.0.0.2\n\tproto esp spi 0xc0ffee reqid 1 mode tunnel\n",
		": PSK \"secret\"\n",
	} {
		if name, _, score := Detect([]byte(s)); score >= 50 {
			t.Errorf("%q: %s, score %d", s, name, score)
		}
	}
}

// TestCensus: where asking no more is decided to change nothing, it does not,
// also in a log of two daemons.
func TestCensus(t *testing.T) {
	decided := 0
	for i, w := range workloads {
		one := bytes.SplitAfter(w.log(t, 100), []byte("\n"))
		for _, v := range workloads[:i+1] {
			two := bytes.SplitAfter(v.log(t, 100), []byte("\n"))
			for share := 1; share < 6; share++ { // of the first, among the second's
				var head []byte
				for k := range 60 {
					if k%5 < share && k < len(one) {
						head = append(head, one[k]...)
					} else if k < len(two) {
						head = append(head, two[k]...)
					}
				}
				var quick, full census
				quick.read(head, false)
				full.read(head, true)
				a, b := quick.best(), full.best()
				switch {
				case !quick.decided():
				case a != b || quick.ours[a] != full.ours[b] || quick.theirs != full.theirs:
					t.Errorf("%d of five lines of %s, else %s: %s, not %s", share, w.name, v.name, dialects[a].Name, dialects[b].Name)
				default:
					decided++
				}
			}
		}
	}
	if decided == 0 {
		t.Error("nothing is ever decided")
	}
}
