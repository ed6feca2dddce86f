package diag_test

import (
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
)

// unheard is a rule of the test's: what the first source shows is not in the
// second.
var unheard = &diag.Rule{
	Code: diag.NetESPBlocked, Doc: diag.Doc{Meaning: "test"},
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			if k := diag.Fact(a, diag.AnySide, func(*diag.GaveUp) bool { return true }); k.OK {
				absent := diag.Evidence{Source: 1, Kind: diag.EvidenceAbsence, Basis: diag.Logged, Weight: diag.Strong}
				out.AddTo(a, diag.Finding{Evidence: append(k.As(diag.Strong), absent)})
			}
		}
	},
}

// What a live source does not show is no alarm before the source has had the
// time to show it; then it is one, though nothing more is observed. A source at
// its end has shown what it has.
func TestLiveSourceLags(t *testing.T) {
	for _, x := range []struct {
		since time.Time
		end   bool
		want  []diag.Severity // one, two, seven seconds after the event
	}{
		{epoch, false, []diag.Severity{diag.Warning, diag.Warning, diag.Error}},
		{epoch, true, []diag.Severity{diag.Error, diag.Error, diag.Error}},
		{time.Time{}, false, []diag.Severity{diag.Error, diag.Error, diag.Error}},
	} {
		w := &world{}
		log := w.source(diag.Source{Name: "a", Kind: diag.KindLog, Gateway: "a", Since: x.since})
		w.source(diag.Source{Name: "b", Kind: diag.KindCapture, Gateway: "b", Since: x.since})
		w.say(log, diag.Keys{Local: addr("198.51.100.10:500"), Remote: addr("203.0.113.20:500"), Handle: 1}, &diag.GaveUp{})
		e := newEngine(t, diag.Options{Severities: map[diag.Code]diag.Severity{diag.NetESPBlocked: diag.Error}}, unheard)
		for _, s := range w.sources {
			e.AddSource(s)
		}
		e.Observe(&w.obs[0])
		at := w.obs[0].Time.Value
		for i, after := range []time.Duration{time.Second, 2 * time.Second, 7 * time.Second} {
			for range e.Advance(at.Add(after)) {
				continue // the report has it
			}
			if x.end {
				for range e.Advance(time.Time{}) {
					continue
				}
			}
			r := e.Report()
			c, ok := r.Cause()
			if !ok || c.Severity != x.want[i] {
				t.Fatalf("since %v, end %v, %v after: %v %+v, want %s", x.since, x.end, after, ok, c, x.want[i])
			}
			if to := r.Sources[1].Coverage.To; !x.since.IsZero() && !x.end && to.After(at.Add(after-4*time.Second)) {
				t.Errorf("%v after, the live source covers until %v", after, to.Sub(at))
			}
		}
	}
}
