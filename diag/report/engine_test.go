package report_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/report"
)

// gaveUp is a rule small enough to see through.
var gaveUp = &diag.Rule{
	Code: "ACME-GAVE-UP",
	Doc:  diag.Doc{Title: "a side gave up", Kind: diag.Cause, Phase: diag.Phase1, Severity: diag.Critical, Remedy: "look at the other side", LookAlikes: []diag.LookAlike{{Code: diag.IKEP1PSKMismatch, Ask: diag.Missing{Kind: diag.KindLog, End: diag.EndResponder, Why: "it says why it is silent"}}}},
	Check: func(v *diag.View, out *diag.Sink) {
		for a := range v.Attempts() {
			if g := diag.Fact(a, diag.AnySide, func(*diag.GaveUp) bool { return true }); g.OK {
				out.AddTo(a, diag.Finding{Summary: a.NameOf(g.Side) + " gave up", FixAt: diag.EndResponder, Evidence: g.As(diag.Proof),
					Detail: diag.Stall{Stage: a.Stage(), Side: g.Side.String(), Tries: int(g.V.Tries)}})
			}
		}
	},
}

// engine returns an engine that saw an initiator give up, in a log and in a
// capture of another host.
func engine(t testing.TB) *diag.Engine {
	e, err := diag.NewEngine([]*diag.Rule{gaveUp}, diag.Options{DigestKey: make([]byte, 32)})
	if err != nil {
		t.Fatal(err)
	}
	e.AddSource(diag.Source{Name: "z/unrelated.log", Kind: diag.KindLog, Units: 3})
	// Announced before and ordered after the next one.
	trace := e.AddSource(diag.Source{Name: "b/wan.pcap", Kind: diag.KindCapture, Dialect: "pcap", Units: 1, Recognized: 1})
	log := e.AddSource(diag.Source{Name: "a/charon.log", Kind: diag.KindLog, Dialect: "strongswan", Units: 20, Recognized: 18})
	keys := diag.Keys{Handle: 7, Role: diag.Initiator, Connection: []byte("site2site"), Cookies: [2]uint64{0x1122334455667788, 0x99aabbccddeeff00}}
	keys.Local, keys.Remote = addrPort(filiale, 500), addrPort(zentrale, 500)
	e.Observe(&diag.Observation{Source: log, Where: diag.Where{Line: 4}, Time: at(0), Text: []byte("initiating Main Mode IKE_SA"), Basis: diag.Logged, Keys: keys,
		Body: &diag.Progress{By: diag.Self, Step: diag.Phase1Started}})
	e.Observe(&diag.Observation{Source: log, Where: diag.Where{Line: 19}, Time: at(14), Text: []byte("giving up after 3 retransmits"), Basis: diag.Logged, Keys: keys,
		Body: &diag.GaveUp{By: diag.Self, Tries: 3}})
	keys.Role, keys.Observer, keys.Connection, keys.Handle = diag.SideUnknown, true, nil, 9
	e.Observe(&diag.Observation{Source: trace, Where: diag.Where{Frame: 1}, Time: frame(10), Text: []byte("main mode message 5"), Basis: diag.Unauthenticated, Keys: keys,
		Body: &diag.GaveUp{By: diag.OfInitiator, Tries: 3}})
	return e
}

func engineReport(t testing.TB) *diag.Report {
	e := engine(t)
	for range e.Advance(time.Time{}) {
	}
	return e.Report()
}

func change(t testing.TB, c *diag.Change) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := report.WriteChange(&b, c, report.Options{Version: "v0.0.0-test"}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

type document struct {
	Schema   string
	Findings []finding
	Finding  finding
	Sources  []struct{ ID, Name string }
}

type finding struct {
	Code     string
	Evidence []struct {
		Source, Gateway *string
		Line, Frame     int
	}
	Remedies []struct{ Source *string }
}

// TestReferences checks that evidence of an engine's report points to the
// sources it came from.
func TestReferences(t *testing.T) {
	var d document
	if err := json.Unmarshal(render(t, engineReport(t), report.Options{Format: report.JSON}), &d); err != nil {
		t.Fatal(err)
	}
	if len(d.Findings) != 1 || d.Findings[0].Code != "ACME-GAVE-UP" {
		t.Fatalf("findings: %+v", d.Findings)
	}
	d.Finding = d.Findings[0]
	check(t, &d)
	for _, e := range d.Finding.Evidence {
		if e.Gateway == nil {
			t.Errorf("evidence names no gateway: %+v", e)
		}
	}
	if d.Finding.Remedies[0].Source != nil {
		t.Errorf("a remedy of no source names %s", *d.Finding.Remedies[0].Source)
	}
}

func check(t *testing.T, d *document) {
	t.Helper()
	names := map[string]string{}
	for _, s := range d.Sources {
		names[s.ID] = s.Name
	}
	if len(d.Finding.Evidence) != 2 {
		t.Fatalf("evidence: %+v", d.Finding.Evidence)
	}
	for _, e := range d.Finding.Evidence {
		want := "a/charon.log"
		if e.Frame > 0 {
			want = "b/wan.pcap"
		}
		if e.Source == nil || names[*e.Source] != want {
			t.Errorf("evidence of %s names source %v of %v", want, e.Source, names)
		}
	}
}

func TestChange(t *testing.T) {
	e := engine(t)
	v := newValidator(t)
	n := 0
	for c := range e.Advance(time.Time{}) {
		n++
		line := change(t, &c)
		if bytes.Count(line, []byte("\n")) != 1 || line[len(line)-1] != '\n' {
			t.Errorf("not one line: %q", line)
		}
		for _, e := range v.validate("ikediag.change.v1.json", line) {
			t.Error(e)
		}
		var d document
		if err := json.Unmarshal(line, &d); err != nil {
			t.Fatal(err)
		}
		check(t, &d)
	}
	if n != 1 {
		t.Errorf("%d changes, want 1", n)
	}
}

// TestChangeSources checks that a change names a source only where it must be
// that one.
func TestChangeSources(t *testing.T) {
	r := wrongPSK()
	c := diag.Change{Op: diag.Changed, Finding: r.Findings[0], Tunnel: r.Tunnels[0], Sources: r.Sources}
	golden(t, "change.json", change(t, &c))
	var d document
	if err := json.Unmarshal(change(t, &c), &d); err != nil {
		t.Fatal(err)
	}
	for i, e := range d.Finding.Evidence {
		kind := c.Finding.Evidence[i].Kind
		switch {
		case kind == diag.EvidencePacket && (e.Source == nil || *e.Source != "s3"):
			t.Errorf("the only capture is not named: %v", e.Source)
		case kind == diag.EvidenceLog && e.Source != nil:
			t.Errorf("one of two logs is guessed: %s", *e.Source)
		}
	}
	// Where the caller's inventory tells the hosts apart, so can the change.
	for i := range c.Sources {
		c.Sources[i].Gateway = map[string]string{"g1": "198.51.100.66", "g2": "203.0.113.188"}[c.Sources[i].GatewayID]
	}
	if err := json.Unmarshal(change(t, &c), &d); err != nil {
		t.Fatal(err)
	}
	for i, e := range d.Finding.Evidence {
		if want := r.Sources[c.Finding.Evidence[i].Source].ID; e.Source == nil || *e.Source != want {
			t.Errorf("evidence %d names %v, want %s", i, e.Source, want)
		}
	}
	// A change made by hand may contradict itself.
	c.Sources = c.Sources[:1]
	for _, e := range newValidator(t).validate("ikediag.change.v1.json", change(t, &c)) {
		t.Error(e)
	}
}
