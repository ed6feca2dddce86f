//go:build unix

package main

import (
	"fmt"
	"syscall"
	"testing"
	"time"
)

// How the fleet scales: go test -run '^$' -bench Workers -benchtime 1x
//
// The time that processors worked for it is told as well: it is less of a
// matter of what else the machine does.
func BenchmarkWorkers(b *testing.B) {
	const tunnels = 2000
	for _, n := range []int{1, 2, 4} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				w := newWorld(tunnels)
				l := testLimits()
				l.alive = 30 * time.Second
				c := newCrew(b, l, w.inventory)
				octets := 0
				for _, log := range w.logs {
					octets += len(log)
				}
				c.ship(w.logs)
				b.StartTimer()
				begin, worked := time.Now(), processor()
				for range n {
					c.hire()
				}
				c.settle(5 * time.Minute)
				took := time.Since(begin).Seconds()
				var said int64
				for _, m := range c.members {
					said += m.stats.observations.Load()
				}
				b.ReportMetric(float64(said)/took, "observations/s")
				b.ReportMetric(float64(octets)/took/1e6, "MB/s")
				b.ReportMetric(tunnels/took, "tunnels/s")
				b.ReportMetric((processor()-worked)*1e6/tunnels, "cpu-us/tunnel")
			}
		})
	}
}

// processor returns for how many seconds processors worked.
func processor() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds()
}
