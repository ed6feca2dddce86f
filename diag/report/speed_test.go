//go:build unix && !race

package report_test

import (
	"fmt"
	"io"
	"net/netip"
	"syscall"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/report"
)

// fleet is a report of n broken tunnels, of which the first have ladders, as an
// engine makes it.
func fleet(n int) *diag.Report {
	r := drawn()
	tunnel, cause, symptom := r.Tunnels[0], r.Findings[0], r.Findings[1]
	r.Tunnels, r.Findings = nil, nil
	for i := range n {
		t := tunnel
		t.ID = fmt.Sprintf("t-%016x", i)
		t.Ends[0].Addresses = []netip.Addr{netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)})}
		if i >= 256 {
			t.Ladders, t.Settings = nil, nil
		}
		for _, f := range []diag.Finding{cause, symptom} {
			f.Tunnel, f.Incident = t.ID, "i"+t.ID
			f.ID = string(f.Code) + t.ID
			r.Findings = append(r.Findings, f)
		}
		r.Tunnels = append(r.Tunnels, t)
	}
	return r
}

// TestFleet holds the formats to a second for a thousand broken tunnels: of the
// processor, which a machine that is busy with other things gives when it can.
func TestFleet(t *testing.T) {
	r := fleet(1000)
	for _, f := range report.Formats() {
		best := time.Hour
		for range 3 {
			start := worked(t)
			if err := report.Write(io.Discard, r, report.Options{Format: f}); err != nil {
				t.Fatal(err)
			}
			best = min(best, worked(t)-start)
		}
		if best > time.Second {
			t.Errorf("%s takes %v", f, best)
		}
		t.Logf("%s: %v", f, best)
	}
}

// worked is the processor's time that the test has taken so far.
func worked(t *testing.T) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func BenchmarkWrite(b *testing.B) {
	r := fleet(100)
	for _, f := range report.Formats() {
		b.Run(string(f), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := report.Write(io.Discard, r, report.Options{Format: f}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
