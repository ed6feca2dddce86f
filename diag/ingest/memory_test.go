package ingest_test

import (
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
)

// grows returns how much more memory a monitor takes after ten times so many
// lines.
func grows(t *testing.T, gateways, tunnels, lines int) float64 {
	newMonitor(t, newFleet(gateways, tunnels)).until(t, 1000) // what is made once
	before := heap()
	m := newMonitor(t, newFleet(gateways, tunnels))
	m.until(t, lines)
	one := heap() - before
	m.until(t, 10*lines)
	ten := heap() - before
	runtime.KeepAlive(m)
	t.Logf("%d gateways, %d tunnels: %d KiB after %d lines, %d KiB after ten times as many", len(m.feeds), gateways*tunnels, one>>10, lines, ten>>10)
	return float64(ten) / float64(one)
}

// The memory of a monitor is bounded by its tunnels, not by what it has heard
// of them.
func TestHeapGate(t *testing.T) {
	if testing.Short() || raceEnabled {
		t.Skip("not measured")
	}
	if x := grows(t, 5, 1, 20_000); x > 1.1 {
		t.Errorf("%.2f times the memory for ten times the lines", x)
	}
}

// idle returns what an engine keeps of each of n*n tunnels that are up and
// silent: told by the logs of one end, and of both.
func idle(t *testing.T, n int, both bool) float64 {
	before := heap()
	f := newFleet(5*n, n)
	f.scripts["asa up"] = f.scripts["asa up"][2:] // nothing ended before
	f.gateway = slices.DeleteFunc(f.gateway, func(g *fleetGateway) bool { return g.dialect != 0 && (g.dialect != 3 || !both) })
	m := newMonitor(t, f)
	up := 0
	for i, g := range f.gateway {
		for k := range g.tunnels {
			if g.tunnels[k].fails = false; g.dialect == 0 {
				up++
			}
			if _, err := m.feeds[i].Write(g.next(k)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for range 8 {
		m.now = m.now.Add(time.Minute)
		m.tick()
	}
	e := m.e
	m, f = nil, nil // the logs' own state
	after := heap()
	r := e.Report()
	established := 0
	for i := range r.Tunnels {
		if r.Tunnels[i].Outcome == diag.OutcomeEstablished {
			established++
		}
	}
	if established != up {
		t.Errorf("%d tunnels are up, want %d", established, up)
	}
	runtime.KeepAlive(e)
	return float64(after-before) / float64(up)
}

// A tunnel that is up and that nothing is heard of takes a KiB and a quarter where
// one end's log tells of it, and no more than two where both do.
func TestIdleTunnelGate(t *testing.T) {
	if testing.Short() || raceEnabled {
		t.Skip("not measured")
	}
	newMonitor(t, newFleet(5, 1)).until(t, 1000) // what is made once
	one, both := idle(t, idleTunnels, false), idle(t, idleTunnels, true)
	t.Logf("%d tunnels: %.0f octets for one told by one end's log, %.0f by both", idleTunnels*idleTunnels, one, both)
	if one > 1280 || both > 2048 {
		t.Errorf("an idle tunnel takes %.0f octets, %.0f where both ends tell of it", one, both)
	}
}
