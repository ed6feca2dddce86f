package report_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/diag/observe"
	"github.com/ikediag/ikediag/diag/report"
	"github.com/ikediag/ikediag/diag/rules"
)

// What each minor version has written is kept under testdata, in a folder of its
// name, and never changed. A release adds its own:
//
//	go test ./diag/report -run TestStable -release v0.2
var release = flag.String("release", "", "write what this version writes to testdata/`VERSION`")

const stored = "../../examples/diagnose/testdata/wrong-psk"

// storedEngine reads the sample.
func storedEngine(t *testing.T) *diag.Engine {
	t.Helper()
	e := emptyEngine(t)
	var in []ingest.Input
	files, _ := filepath.Glob(stored + "/*/*")
	for _, f := range files {
		in = append(in, ingest.Input{Name: filepath.ToSlash(f), Group: filepath.ToSlash(filepath.Dir(f)), Open: opener(f)})
	}
	o := ingest.Options{Reference: time.Date(2026, 11, 21, 5, 0, 0, 0, time.UTC)}
	if err := ingest.Read(t.Context(), e, o, slices.Values(in)); err != nil {
		t.Fatal(err)
	}
	return e
}

func emptyEngine(t *testing.T) *diag.Engine {
	t.Helper()
	e, err := diag.NewEngine(rules.Default(), diag.Options{DigestKey: []byte("of stored snapshots")})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// lines is a target that keeps the wire form of what it is told.
type lines struct {
	t *testing.T
	bytes.Buffer
}

func (l *lines) Observe(o *diag.Observation) {
	b, err := o.AppendBinary(nil)
	if err != nil {
		l.t.Fatal(err)
	}
	l.Write(append(b, '\n'))
}

// write stores what the present version writes.
func write(t *testing.T, dir string) {
	t.Helper()
	put := func(name string, b []byte) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err) // what is stored is never written over
	}
	e := storedEngine(t)
	var changes bytes.Buffer
	for c := range e.Advance(time.Time{}) {
		if err := report.WriteChange(&changes, &c, report.Options{}); err != nil {
			t.Fatal(err)
		}
	}
	put("changes.jsonl", changes.Bytes())
	put("report.json", render(t, e.Report(), report.Options{Format: report.JSON}))
	b, err := e.AppendSnapshot(nil)
	if err != nil {
		t.Fatal(err)
	}
	put("snapshot", b)
	to := lines{t: t}
	f, err := os.Open(stored + "/headquarters/charon.log")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	log := observe.Log{To: &to, Reference: time.Date(2026, 11, 21, 5, 0, 0, 0, time.UTC)}
	if err := log.Read(f); err != nil {
		t.Fatal(err)
	}
	put("observations.jsonl", to.Bytes())
}

// TestStable reads what earlier versions have written.
func TestStable(t *testing.T) {
	if *release != "" {
		write(t, filepath.Join("testdata", *release))
	}
	dirs, _ := filepath.Glob("testdata/v[0-9]*")
	if len(dirs) == 0 {
		t.Fatal("nothing is stored")
	}
	v := newValidator(t)
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			get := func(name string) []byte {
				t.Helper()
				b, err := os.ReadFile(filepath.Join(dir, name))
				if err != nil {
					t.Fatal(err)
				}
				return b
			}
			// The schemas of today describe every field and value of then.
			for _, e := range v.validate("ikediag.report.v1.json", get("report.json")) {
				t.Errorf("report.json: %s", e)
			}
			for line := range bytes.Lines(get("changes.jsonl")) {
				for _, e := range v.validate("ikediag.change.v1.json", line) {
					t.Errorf("changes.jsonl: %s", e)
				}
			}
			var was struct {
				Tunnels  []struct{ Outcome string }
				Findings []struct{ Code, Kind string }
			}
			if err := json.Unmarshal(get("report.json"), &was); err != nil {
				t.Fatal(err)
			}
			// An engine of today goes on from a snapshot of then.
			e := emptyEngine(t)
			if err := e.Restore(get("snapshot")); err != nil {
				t.Fatal(err)
			}
			for range e.Advance(time.Time{}) {
				continue
			}
			same(t, "snapshot", e.Report(), was.Tunnels[0].Outcome, was.Findings[0].Code)
			// The second stage of a fleet takes observations from a first one of
			// then.
			e = emptyEngine(t)
			id := e.AddSource(diag.Source{Name: "charon.log", Kind: diag.KindLog, Dialect: "strongswan"})
			for line := range bytes.Lines(get("observations.jsonl")) {
				var o diag.Observation
				if err := o.UnmarshalBinary(line); err != nil {
					t.Fatal(err)
				}
				o.Source = id
				e.Observe(&o)
			}
			for range e.Advance(time.Time{}) {
				continue
			}
			same(t, "observations.jsonl", e.Report(), was.Tunnels[0].Outcome, was.Findings[0].Code)
		})
	}
}

func same(t *testing.T, name string, r *diag.Report, outcome, code string) {
	t.Helper()
	c, ok := r.Cause()
	if !ok || len(r.Tunnels) != 1 {
		t.Fatalf("%s: %d tunnels, a cause: %v", name, len(r.Tunnels), ok)
	}
	if got := r.Tunnels[0].Outcome.String(); got != outcome || string(c.Code) != code {
		t.Errorf("%s: %s, %s; it was %s, %s", name, got, c.Code, outcome, code)
	}
}

func opener(path string) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return os.Open(path) }
}
