//go:build live && linux

package live

import (
	"os"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
)

// limit is how long a cause may take; the daemons give up after 82 seconds.
const limit = 60 * time.Second

func TestMain(m *testing.M) {
	if probeInside() {
		return
	}
	if os.Geteuid() != 0 {
		println("the live tests want root")
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// Each fault is named, from what the daemons log and the wire carries, before
// the daemon gives up.
func TestFaults(t *testing.T) {
	for i := range faults {
		f := &faults[i]
		t.Run(f.name, func(t *testing.T) {
			if testing.Short() && !f.brief {
				t.Skip("part of the long run")
			}
			l := newLab(t)
			if f.traffic > 0 {
				l.wantESP()
			}
			if f.change != nil {
				f.change(l)
			}
			l.expect(f)
		})
	}
}

// expect has the tunnel fail, and the cause named in time.
func (l *lab) expect(f *fault) {
	l.t.Helper()
	w := l.begin(f)
	found, took, ok := w.cause(f.codes, limit)
	switch {
	case !ok:
		l.t.Fatalf("no %v within %v:\n%s", f.codes, limit, w.text())
	case l.a.gaveUp():
		l.t.Errorf("the daemon gave up before %s was found", found.Code)
	}
	l.t.Logf("%s, %s, after %.1f s: %s", found.Code, found.Verdict, took.Seconds(), found.Summary)
	w.settle(f)
	l.keep()
}

// A tunnel that works is quiet, while it comes up and while it carries traffic.
func TestHealthy(t *testing.T) {
	l := newLab(t)
	l.wantESP()
	r := l.quiet()
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Kind == diag.Cause {
			t.Errorf("nothing is wrong, yet: %s %s: %s", f.Code, f.Verdict, f.Summary)
		}
	}
}

// quiet has the tunnel come up and carry traffic without an alarm.
func (l *lab) quiet() *diag.Report {
	l.t.Helper()
	w := l.begin(&fault{traffic: 10})
	w.calm(12 * time.Second)
	l.keep()
	r := w.engine.Report()
	for i := range r.Findings {
		if f := &r.Findings[i]; alarming(f) {
			l.t.Errorf("nothing is wrong, yet: %s %s: %s", f.Code, f.Verdict, f.Summary)
		}
	}
	if len(r.Tunnels) != 1 || r.Tunnels[0].Outcome != diag.OutcomeEstablished {
		l.t.Errorf("the tunnel is not seen as up:\n%s", w.text())
	}
	return r
}

// begin makes the network, watches it, starts the daemons and brings the tunnel
// up.
func (l *lab) begin(f *fault) *watch {
	l.t.Helper()
	l.build()
	if f.network != nil {
		f.network(l)
	}
	l.a.log, l.b.log = l.a.file("charon.log"), l.b.file("charon.log")
	w := l.watch()
	if f.configs {
		w.config(l.a)
		w.config(l.b)
	}
	if !f.down {
		l.b.start()
	}
	l.a.start()
	l.a.up()
	if f.traffic > 0 {
		time.Sleep(2 * time.Second)
		go l.ping(f.traffic)
	}
	return w
}

// settle looks at the whole once more: the cause that was named still leads.
func (w *watch) settle(f *fault) {
	w.t.Helper()
	r := w.engine.Report()
	if c, ok := r.Cause(); !ok || !is(f.codes, c.Code) {
		w.t.Errorf("another cause is first:\n%s", w.text())
	}
}
