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
		in = append(in, ingest.Input{Name: fmt.Sprintf("gw%d.log", i), Gateway: fmt.Sprintf("gw%d", i), Content: l})
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
