package diag_test

import (
	"fmt"
	"io"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/report"
)

// Everything at once, from several goroutines: each call has the engine for
// itself, and what it returned stays as it is. (The race detector says so.)
func TestAllAtOnce(t *testing.T) {
	w := wrongPSK()
	e := newEngine(t, diag.Options{MaxHalfOpen: 20})
	for _, s := range w.sources {
		e.AddSource(s)
	}
	rounds := 20
	if testing.Short() {
		rounds = 5
	}
	var all sync.WaitGroup
	for part := range 3 {
		all.Go(func() {
			for i := range rounds {
				for k := range w.obs {
					o := w.obs[k]
					if part > 0 {
						o.Keys.Handle += uint64(part*100_000 + i)
					}
					e.Observe(&o)
				}
			}
		})
	}
	all.Go(func() {
		for i := range rounds {
			for c := range e.Advance(time.Unix(1_700_000_000+int64(i)*100, 0)) {
				_ = report.WriteChange(io.Discard, &c, report.Options{})
				e.Observe(&w.obs[0]) // not from inside: the changes are there already
			}
		}
	})
	all.Go(func() {
		for range rounds {
			if err := report.Write(io.Discard, e.Report(), report.Options{}); err != nil {
				t.Error(err)
			}
			fmt.Fprintf(io.Discard, "%+v", e.Report())
		}
	})
	all.Go(func() {
		for i := range rounds {
			b, err := e.AppendSnapshot(nil)
			if err != nil {
				t.Error(err)
			}
			if i%5 == 4 {
				if err := e.Restore(b); err != nil {
					t.Error(err)
				}
			}
			e.UpdateSource(0, func(s *diag.Source) { s.Units = i })
		}
	})
	all.Wait()
	for range e.Advance(time.Time{}) {
	}
	e.Report()
}

// What comes after the end is taken in.
func TestObserveAfterEnd(t *testing.T) {
	w := wrongPSK()
	e := newEngine(t, diag.Options{})
	for _, s := range w.sources {
		e.AddSource(s)
	}
	for range e.Advance(time.Time{}) {
	}
	if n := len(e.Report().Findings); n > 0 {
		t.Errorf("%d findings of nothing", n)
	}
	for i := range w.obs {
		e.Observe(&w.obs[i])
	}
	before := newEngine(t, diag.Options{})
	w.feed(before)
	for range e.Advance(time.Time{}) {
	}
	if got, want := dump(e.Report()), dump(before.Report()); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	// A source that nobody announced.
	o := w.obs[0]
	o.Source = 99
	e.Observe(&o)
	e.UpdateSource(99, func(*diag.Source) { t.Error("a source that is not there") })
	o.Source = diag.NoSource
	e.Observe(&o)
	if got, want := dump(e.Report()), dump(before.Report()); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// Restore replaces what was there, and a snapshot that cannot be read nothing.
func TestRestoreIntoUsed(t *testing.T) {
	w := wrongPSK()
	from := newEngine(t, diag.Options{})
	w.feed(from)
	b, err := from.AppendSnapshot(nil)
	if err != nil {
		t.Fatal(err)
	}
	e := newEngine(t, diag.Options{})
	log := e.AddSource(diag.Source{Name: "other", Kind: diag.KindLog})
	for i := range 50 {
		o := diag.Observation{Source: log, Basis: diag.Logged, Body: &diag.Progress{By: diag.Self, Step: diag.Phase2Up}}
		o.Keys = diag.Keys{Handle: uint64(i + 1), Local: addr("192.0.2.1:500"), Remote: netip.AddrPortFrom(netip.AddrFrom4([4]byte{203, 0, 113, byte(i)}), 500)}
		e.Observe(&o)
	}
	for range e.Advance(time.Time{}) {
	}
	before := dump(e.Report())
	if err := e.Restore(b[:len(b)/2]); err == nil {
		t.Error("half a snapshot is taken")
	}
	if got := dump(e.Report()); got != before {
		t.Errorf("a snapshot that was refused changed:\n%s\nto:\n%s", before, got)
	}
	if err := e.Restore(b); err != nil {
		t.Fatal(err)
	}
	if got, want := dump(e.Report()), dump(from.Report()); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// A snapshot that holds more than an engine may remember is cut down to that,
// and what configurations say is not lost with it.
func TestRestoreIsBounded(t *testing.T) {
	from := newEngine(t, diag.Options{})
	log := from.AddSource(diag.Source{Name: "log", Kind: diag.KindLog})
	file := from.AddSource(diag.Source{Name: "swanctl.conf", Kind: diag.KindConfig})
	const many = 500
	fill := func(e *diag.Engine) {
		for i := range many {
			peer := netip.AddrFrom4([4]byte{203, 0, byte(i >> 8), byte(i)})
			o := diag.Observation{Source: log, Basis: diag.Logged, Body: &diag.Progress{By: diag.Peer, Step: diag.Phase1Started}}
			o.Keys = diag.Keys{Handle: uint64(i + 1), Local: addr("192.0.2.1:500"), Remote: netip.AddrPortFrom(peer, 500)}
			e.Observe(&o)
			peer = netip.AddrFrom4([4]byte{198, 18, byte(i >> 8), byte(i)})
			o.Source, o.Body = file, &diag.Connection{Version: 1, RemoteAddresses: []netip.Addr{peer}}
			o.Keys.Remote, o.Where.Line = netip.AddrPortFrom(peer, 500), i+1
			e.Observe(&o)
		}
	}
	fill(from)
	b, err := from.AppendSnapshot(nil)
	if err != nil {
		t.Fatal(err)
	}
	e := newEngine(t, diag.Options{MaxHalfOpen: 50})
	if err := e.Restore(b); err != nil {
		t.Fatal(err)
	}
	if n := len(e.Report().Tunnels); n < many || n > many+50 {
		t.Errorf("%d tunnels, want %d connections and at most 50 negotiations", n, many)
	}
	// And again, from an engine in which they have left the pool.
	small := newEngine(t, diag.Options{MaxHalfOpen: 50})
	for _, s := range []diag.Source{{Name: "log", Kind: diag.KindLog}, {Name: "swanctl.conf", Kind: diag.KindConfig}} {
		small.AddSource(s)
	}
	fill(small)
	if b, err = small.AppendSnapshot(nil); err != nil {
		t.Fatal(err)
	}
	if err := e.Restore(b); err != nil {
		t.Fatal(err)
	}
	if got, want := len(e.Report().Tunnels), len(small.Report().Tunnels); got != want {
		t.Errorf("%d tunnels after a restart, %d before", got, want)
	}
	again, err := e.AppendSnapshot(nil)
	if err != nil || !slices.Equal(again, b) {
		t.Errorf("a snapshot of what was restored is another: %d octets, %d, %v", len(again), len(b), err)
	}
}
