package main

import (
	"testing"
	"time"
)

// Three workers, ten thousand tunnels, and two of the workers are killed in the
// middle: each finding is there, and none twice.
func TestKilledWorkers(t *testing.T) {
	n := 10_000
	if testing.Short() {
		n = 600
	}
	w := newWorld(n)
	c := newCrew(t, testLimits(), w.inventory)
	begin := time.Now()
	c.ship(w.logs)
	t.Logf("%d gateways, %d tunnels, shipped in %v", len(w.inventory), n, time.Since(begin).Round(time.Millisecond))
	begin = time.Now()
	for range 3 {
		c.hire()
	}
	// Killed when about a third, and two thirds, is done.
	for i, part := range []int{n / 3, 2 * n / 3} {
		c.until(func() bool { return c.done() >= part })
		c.members[i].crash()
		t.Logf("%s is killed after %v: %s", c.members[i].name, time.Since(begin).Round(time.Millisecond), &c.members[i].stats)
		if i == 0 {
			c.hire() // and another one comes
		}
	}
	c.settle(5 * time.Minute)
	t.Logf("done after %v", time.Since(begin).Round(time.Millisecond))
	for _, m := range c.members {
		t.Logf("%s: %s", m.name, &m.stats)
	}
	c.verify(w)
}
