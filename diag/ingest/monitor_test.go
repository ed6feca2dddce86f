package ingest_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/diag/rules"
)

// A monitor listens to a fleet: each gateway's log is a Feed, and every thirty
// minutes of the fleet's time it asks what has changed.
type monitor struct {
	f       *fleet
	e       *diag.Engine
	feeds   []*ingest.Feed
	now     time.Time
	changes map[diag.Op]int
}

func newMonitor(t testing.TB, f *fleet) *monitor { return newMonitorOf(t, f, diag.Options{}) }

func newMonitorOf(t testing.TB, f *fleet, o diag.Options) *monitor {
	e, err := diag.NewEngine(rules.Default(), o)
	if err != nil {
		t.Fatal(err)
	}
	m := &monitor{f: f, e: e, now: fleetStart, changes: map[diag.Op]int{}}
	for i := range f.gateway {
		m.feeds = append(m.feeds, ingest.NewFeed(e, diag.Source{Name: fmt.Sprintf("gw%d.log", i), Group: fmt.Sprint(i)},
			ingest.Options{Reference: fleetStart.AddDate(0, 3, 0), Zone: time.UTC}))
	}
	return m
}

// until listens until so many lines were written.
func (m *monitor) until(t testing.TB, lines int) {
	for n := 1; m.f.lines < lines; n++ {
		for i, g := range m.f.gateway {
			for k := range g.tunnels {
				if _, err := m.feeds[i].Write(g.next(k)); err != nil {
					t.Fatal(err)
				}
			}
		}
		m.now = m.now.Add(time.Minute)
		if n%30 == 0 {
			m.tick()
		}
	}
	m.tick()
}

func (m *monitor) tick() {
	for c := range m.e.Advance(m.now) {
		m.changes[c.Op]++
	}
}

// heap returns how much memory is in use.
func heap() uint64 {
	var s runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&s)
	return s.HeapAlloc
}
