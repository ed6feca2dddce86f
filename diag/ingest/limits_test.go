package ingest_test

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/ike/config"
)

// address makes an address of a number.
func address(net, i int) string { return fmt.Sprintf("%d.%d.%d.%d", net, i>>16, i>>8&255, i&255) }

// manyConnections writes a swanctl.conf of n connections, or of as many as size
// octets hold.
func manyConnections(n, size int) []byte {
	var b bytes.Buffer
	b.WriteString("connections {\n")
	for i := 0; i < n || b.Len() < size; i++ {
		fmt.Fprintf(&b, "  c%d {\n    version = 1\n    local_addrs = 192.0.2.1\n    remote_addrs = %s\n    proposals = aes256-sha256-modp2048\n    local {\n      auth = psk\n    }\n    remote {\n      auth = psk\n    }\n"+
			"    children {\n      net {\n        local_ts = 10.0.0.0/8\n        remote_ts = %s/32\n        esp_proposals = aes256-sha256-modp2048\n      }\n    }\n  }\n", i, address(12, i), address(13, i))
	}
	b.WriteString("}\n")
	return b.Bytes()
}

// A configuration of 50 MB ends with what was read and the reason
// why not all was; one within the limit is read whole.
func TestLimits(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	const limit = 1 << 15 // config.Limits.Connections
	for _, x := range []struct{ n, size, want int }{{0, 50 << 20, limit}, {10000, 0, 10000}} {
		if raceEnabled && x.size > 0 {
			continue // the other is read by the same code
		}
		text := manyConnections(x.n, x.size)
		runtime.GC()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		r, err := ingest.Inputs(t.Context(), ingest.Options{}, slices.Values([]ingest.Input{memory("near/gateway.conf", "near", text)}))
		runtime.ReadMemStats(&after)
		s := r.Sources[0]
		if len(r.Tunnels) != x.want {
			t.Errorf("%d tunnels", len(r.Tunnels))
		}
		if x.size == 0 {
			if err != nil || s.Err != "" || s.Units != s.Recognized {
				t.Errorf("%v %q", err, s.Err)
			}
			continue
		}
		var ie *ingest.InputError
		if !errors.Is(err, config.ErrTooMany) || !errors.As(err, &ie) || !strings.Contains(s.Err, "more than the limit of ") {
			t.Errorf("%v %q", err, s.Err)
		}
		if s.Units-s.Recognized > 10 {
			t.Errorf("%d statements, %d not understood", s.Units, s.Units-s.Recognized)
		}
		total := (after.TotalAlloc - before.TotalAlloc) >> 20
		t.Logf("%d MB allocated in all", total)
		if total > 4<<10 {
			t.Errorf("%d MB", total)
		}
	}
}
