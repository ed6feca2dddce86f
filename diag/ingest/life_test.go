package ingest_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
)

// A ledger is what a ticket system knows by the changes it is told.
type ledger struct {
	t    *testing.T
	open map[string]diag.Code // by incident
}

func (l *ledger) tell(c diag.Change) {
	l.t.Helper()
	f := &c.Finding
	if _, open := l.open[f.Incident]; open != (c.Op != diag.Opened) {
		l.t.Errorf("%s %s: %s, %s, %s", c.Op, f.Incident, f.Code, f.Verdict, f.Status)
	}
	if delete(l.open, f.Incident); c.Op <= diag.Changed {
		l.open[f.Incident] = f.Code
	}
}

func (l *ledger) codes() (all []string) {
	for _, code := range l.open {
		all = append(all, string(code))
	}
	slices.Sort(all)
	return all
}

// In whatever order evidence arrives and however often a monitor asks: an
// incident is opened before anything else is said of it, goes on under its name
// and ends once, and what is open in the end is what a script finds.
func TestIncidentLife(t *testing.T) {
	t.Parallel()
	live(t, recorded(t))
}

// The same of every fixture and sample.
func TestIncidentLifeOfFixtures(t *testing.T) {
	t.Parallel()
	live(t, kept(t))
}

func live(t *testing.T, all []exhibits) {
	files := func(r *rand.Rand, said []diag.Observation) []diag.Observation {
		var turn []diag.SourceID
		for i := range said {
			if !slices.Contains(turn, said[i].Source) {
				turn = append(turn, said[i].Source)
			}
		}
		r.Shuffle(len(turn), func(i, j int) { turn[i], turn[j] = turn[j], turn[i] })
		out := slices.Clone(said)
		slices.SortStableFunc(out, func(a, b diag.Observation) int {
			return slices.Index(turn, a.Source) - slices.Index(turn, b.Source)
		})
		return out
	}
	mixes := []func(*rand.Rand, []diag.Observation) []diag.Observation{files, files, orders[0].mix}
	if *everyOrder {
		mixes = append(mixes, files, files, files, orders[0].mix, orders[1].mix, orders[1].mix)
	}
	for n, g := range all {
		p := &tape{t: t}
		if err := ingest.Read(context.Background(), p, ingest.Options{}, slices.Values(g.in)); err != nil {
			continue // what is wrong with it is other tests' concern
		}
		want := &ledger{t, map[string]diag.Code{}}
		p.hear(want, p.said, func() bool { return false })
		for m, mix := range mixes {
			r := rand.New(rand.NewPCG(uint64(n), uint64(m)))
			got := &ledger{t, map[string]diag.Code{}}
			every := 1 + len(p.said)/(2+r.IntN(10))
			p.hear(got, mix(r, p.said), func() bool { return r.IntN(every) == 0 })
			if !slices.Equal(got.codes(), want.codes()) {
				t.Errorf("open in the end: %v, want %v", got.codes(), want.codes())
			}
			if t.Failed() {
				t.Fatal(g.name, "order", m)
			}
		}
	}
}

// hear plays observations to an engine and tells the ledger what it says when
// it is asked, and at the end.
func (p *tape) hear(l *ledger, said []diag.Observation, ask func() bool) {
	p.t.Helper()
	e := newEngine(p.t)
	for _, s := range p.sources {
		e.AddSource(s)
	}
	var clock time.Time
	for i := range said {
		b, err := said[i].AppendBinary(nil)
		if err != nil {
			p.t.Fatal(err)
		}
		var o diag.Observation
		if err := o.UnmarshalBinary(b); err != nil {
			p.t.Fatal(err)
		}
		e.Observe(&o)
		if o.Time.Value.After(clock) {
			clock = o.Time.Value
		}
		if !clock.IsZero() && ask() {
			for c := range e.Advance(clock) {
				l.tell(c)
			}
		}
	}
	for c := range e.Advance(time.Time{}) {
		l.tell(c)
	}
	failures := map[string]bool{}
	for _, f := range e.Report().Findings {
		if (f.Kind == diag.Cause || f.Kind == diag.Symptom) && f.Status == diag.Active {
			failures[f.Incident] = true
		}
	}
	if len(failures) != len(l.open) {
		p.t.Errorf("the report has %v, and open are %v", failures, l.open)
	}
}
