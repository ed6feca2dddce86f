package observe

import (
	"testing"
	"time"
)

// What is up of a connection is a handful of SAs, also in a log that never tells
// of an SA's end.
func TestStanding(t *testing.T) {
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	var list []standing
	for n := range 1000 {
		now := start.Add(time.Duration(n) * 8 * time.Hour)
		list = stand(list, standing{handle: uint64(n), since: now.UnixMicro()})
		if list[len(list)-1].handle != uint64(n) || len(list) > 1+int(longGone/(8*time.Hour)) {
			t.Fatalf("%d SAs stand after %v", len(list), now.Sub(start))
		}
	}
	for n := range 1000 { // at once
		list = stand(list, standing{handle: uint64(n), since: start.Add(10000 * time.Hour).UnixMicro()})
	}
	if len(list) != maxStanding {
		t.Errorf("%d SAs stand, want %d", len(list), maxStanding)
	}
}
