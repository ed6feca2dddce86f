package logparse

import (
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
