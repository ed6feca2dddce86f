//go:build soak

package ingest_test

import (
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
)

// idleTunnels is the root of the number of tunnels that are up in
// TestIdleTunnelGate.
const idleTunnels = 100

// soakLines is how many lines TestSoak feeds: IKEDIAG_SOAK_LINES, else 100
// million.
func soakLines(t *testing.T) int {
	if s := os.Getenv("IKEDIAG_SOAK_LINES"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	return 100_000_000
}

// A soaked monitor keeps count of what it is told of incidents.
type soaked struct {
	*monitor
	open map[string]diag.Change // by incident
}

func (s *soaked) tick() {
	for c := range s.e.Advance(s.now) {
		s.changes[c.Op]++
		switch {
		case c.Op == diag.Opened, c.Op == diag.Changed && c.Finding.Status == diag.Active:
			s.open[c.Finding.Incident] = c
		default:
			delete(s.open, c.Finding.Incident)
		}
	}
}

// about reports whether an incident of a gateway's is open.
func (s *soaked) about(address string) bool {
	for _, c := range s.open {
		for _, end := range c.Tunnel.Ends {
			for _, a := range end.Addresses {
				if a.String() == address {
					return true
				}
			}
		}
	}
	return false
}

// hundred lets a hundred minutes pass.
func (s *soaked) hundred(t *testing.T) {
	for n := range 100 {
		for i, g := range s.f.gateway {
			for k := range g.tunnels {
				if _, err := s.feeds[i].Write(g.next(k)); err != nil {
					t.Fatal(err)
				}
			}
		}
		s.now = s.now.Add(time.Minute)
		if n%20 == 19 {
			s.tick()
		}
	}
}

// fail breaks the first tunnel of a block's strongSwan and ASA, or mends it.
func (f *fleet) fail(block int, fails bool) {
	for _, i := range [...]int{0, 3} {
		t := &f.gateway[block*5+i].tunnels[0]
		t.fails = fails
		t.episode += (len(fleetLife) - t.episode%len(fleetLife)) % len(fleetLife) // it comes up next
	}
}

// A monitor listens to a fleet for as many lines as one likes. Every hundred
// minutes another tunnel breaks, the one before is mended, and all gateways of
// a place give way to others. Each fault is told and withdrawn in time, the
// monitor takes no more than 1.1 times the memory that it took after a million
// lines, and in the end nothing is left running.
func TestSoak(t *testing.T) {
	const blocks = 20
	lines := soakLines(t)
	routines := runtime.NumGoroutine()
	f := newFleet(5*blocks, 1)
	for _, g := range f.gateway {
		g.tunnels[0].fails = false
	}
	s := &soaked{newMonitorOf(t, f, diag.Options{MaxTunnels: 1024, MaxHalfOpen: 512}), map[string]diag.Change{}}
	warm := min(lines/2, 1_000_000)
	var early, most uint64
	mended := ""
	for turn := 0; f.lines < lines; turn++ {
		bad := turn % blocks
		f.fail(bad, true)
		s.hundred(t)
		address := f.gateway[bad*5].tunnels[0].me
		if !s.about(address) {
			t.Fatalf("%d lines: nothing is said of %s, which is broken", f.lines, address)
		}
		if mended != "" && s.about(mended) {
			t.Fatalf("%d lines: something is still said of %s, which is mended", f.lines, mended)
		}
		f.fail(bad, false)
		mended = address
		f.move((turn+blocks/2)%blocks, turn+1)
		if turn%10 != 0 || f.lines < warm {
			continue
		}
		h := heap()
		if early == 0 {
			early = h
		}
		if most = max(most, h); h > early+early/10 {
			t.Errorf("%d lines: %d KiB, %d KiB at first", f.lines, h>>10, early>>10)
		}
		if turn%50 == 0 {
			t.Logf("%d lines, %d KiB, %v", f.lines, h>>10, s.changes)
		}
	}
	s.hundred(t)
	if len(s.open) > 0 {
		for id, c := range s.open {
			t.Errorf("left open: %s, %s, %s", id, c.Finding.Code, c.Finding.Summary)
		}
	}
	for _, feed := range s.feeds {
		if err := feed.Close(); err != nil {
			t.Error(err)
		}
	}
	if n := runtime.NumGoroutine(); n > routines {
		t.Errorf("%d goroutines, %d at first", n, routines)
	}
	t.Logf("%d lines, %d KiB at first, %d KiB at most, %v", f.lines, early>>10, most>>10, s.changes)
}

// move lets other gateways write in a block's place, with other peers; moves is
// how often that has happened.
func (f *fleet) move(block, moves int) {
	for d := range 5 {
		for k := range f.gateway[block*5+d].tunnels {
			t := &f.gateway[block*5+d].tunnels[k]
			n := len(f.gateway)/5 + moves
			t.me, t.peer = fleetAddr(n, d), fleetAddr(n, [...]int{3, 4, 5, 0, 1}[d])
			t.id += uint32(1000 * moves)
			t.episode += (len(fleetLife) - t.episode%len(fleetLife)) % len(fleetLife)
		}
	}
}
