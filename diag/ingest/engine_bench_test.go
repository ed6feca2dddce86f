package ingest_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag/ingest"
)

// fleetInputs is what so many gateways write, a thousand lines each, in five
// dialects.
func fleetInputs(gateways int) (in []ingest.Input, octets int64) {
	for i, l := range newFleet(gateways, 2).logs(gateways * 1000) {
		in = append(in, memory(fmt.Sprintf("gw%d.log", i), "", l))
		octets += int64(len(l))
	}
	return in, octets
}

func timed(t testing.TB, in []ingest.Input) time.Duration {
	start := time.Now()
	if _, err := ingest.Inputs(context.Background(), ingest.Options{}, slices.Values(in)); err != nil {
		t.Fatal(err)
	}
	return time.Since(start)
}

// BenchmarkEngine1M takes a million lines of a thousand gateways to findings.
// It reports the seconds, and the ratio to a hundred gateways with a tenth of
// the lines, which is 10 for a cost that grows in line.
func BenchmarkEngine1M(b *testing.B) {
	small, _ := fleetInputs(100)
	large, octets := fleetInputs(1000)
	b.SetBytes(octets)
	b.ReportAllocs()
	best, tenth := time.Hour, time.Hour
	for b.Loop() {
		best, tenth = min(best, timed(b, large)), min(tenth, timed(b, small))
	}
	b.ReportMetric(best.Seconds(), "s/1M-lines")
	b.ReportMetric(best.Seconds()/tenth.Seconds(), "x-100k")
}

// TestEngineRatio gates that the cost grows in line: ten times the gateways and
// lines take at most eleven times as long.
func TestEngineRatio(t *testing.T) {
	if testing.Short() || raceEnabled {
		t.Skip("not measured")
	}
	small, _ := fleetInputs(30)
	large, _ := fleetInputs(300)
	best, tenth := time.Hour, time.Hour
	for i := 0; i < 3 || i < 15 && float64(best) > 11*float64(tenth); i++ {
		best, tenth = min(best, timed(t, large)), min(tenth, timed(t, small), timed(t, small), timed(t, small))
	}
	x := float64(best) / float64(tenth)
	t.Logf("%.1f times as long: %v, %v", x, best, tenth)
	if x > 11 {
		t.Errorf("%.1f times as long for ten times the lines", x)
	}
}
