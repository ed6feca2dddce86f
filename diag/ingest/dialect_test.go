package ingest_test

import (
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/diag/rules"
	"github.com/ikediag/ikediag/logparse"
)

// A live source may be in a dialect that the caller brings, beside those that
// are known.
func TestFeedOwnDialect(t *testing.T) {
	e, err := diag.NewEngine(rules.Default(), diag.Options{})
	if err != nil {
		t.Fatal(err)
	}
	keyd := &logparse.Dialect{Name: "keyd", Programs: []string{"keyd"}, Templates: [][]logparse.Template{{
		{Kind: logparse.BeingInitiated, Pattern: "call from {remote:addr}"},
		{Kind: logparse.DecryptionFailed, Pattern: "cannot read what {remote:addr} sent{payload=ID}"},
	}}}
	f := ingest.NewFeed(e, diag.Source{Name: "keyd", Zone: time.UTC}, ingest.Options{Dialects: []*logparse.Dialect{keyd}})
	for _, s := range []string{"2026-03-04T09:15:00Z edge keyd[7]: call fr", "om 203.0.113.9\n2026-03-04T09:15:01Z edge keyd[7]: cannot read what 203.0.113.9 sent\n"} {
		if _, err := f.Write([]byte(s)); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	for range e.Advance(time.Time{}) {
		continue
	}
	r := e.Report()
	if c, ok := r.Cause(); !ok || c.Code != diag.IKEP1PSKMismatch || c.Verdict == diag.Confirmed {
		t.Errorf("%v %v", c.Code, c.Verdict)
	}
	if len(r.Sources) != 1 || r.Sources[0].Dialect != "keyd" {
		t.Errorf("%+v", r.Sources)
	}
}
