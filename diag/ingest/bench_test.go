package ingest_test

import (
	"bytes"
	"context"
	"slices"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag/ingest"
)

// BenchmarkDiagnoseLog reads a day of a busy gateway: a million lines of 200
// connections that come and go, lines interleaved, to findings. It reports
// seconds, and the ratio to a tenth of the lines, which is 10 for a cost that
// grows in line.
func BenchmarkDiagnoseLog(b *testing.B) {
	part := charon(200, map[int]string{11: "psk", 77: "proposal", 150: "id"})
	lines := bytes.Count(part, []byte("\n"))
	small, large := bytes.Repeat(part, 100_000/lines), bytes.Repeat(part, 1_000_000/lines)
	run := func(log []byte) time.Duration {
		start := time.Now()
		if _, err := ingest.Inputs(context.Background(), ingest.Options{}, slices.Values([]ingest.Input{memory("hub.log", "", log)})); err != nil {
			b.Fatal(err)
		}
		return time.Since(start)
	}
	b.SetBytes(int64(len(large)))
	best, tenth := time.Hour, time.Hour
	for b.Loop() {
		best, tenth = min(best, run(large)), min(tenth, run(small))
	}
	b.ReportMetric(best.Seconds(), "s/1M-lines")
	b.ReportMetric(best.Seconds()/tenth.Seconds(), "x-100k")
}
