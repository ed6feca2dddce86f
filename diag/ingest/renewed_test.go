package ingest_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
)

// A tunnel whose phase 1 was renewed, and whose children are those that the old
// one made, is up: by the log and the capture of either end, by all of them, and
// while a monitor listens.
func TestRenewed(t *testing.T) {
	t.Parallel()
	for _, peer := range []string{"strongswan", "libreswan", "collision"} {
		dir := filepath.Join("testdata", "renewed", peer)
		names := []string{"initiator.log", "initiator.pcap", "responder.log", "responder.pcap"}
		for set := 1; set < 1<<len(names); set++ {
			var in []ingest.Input
			for i, name := range names {
				if set>>i&1 == 0 {
					continue
				}
				b, err := os.ReadFile(filepath.Join(dir, name))
				if err != nil {
					t.Fatal(err)
				}
				in = append(in, memory(name, name[:9], b))
			}
			r := diagnose(t, in)
			if len(r.Tunnels) != 1 || r.Tunnels[0].Outcome != diag.OutcomeEstablished || r.Tunnels[0].Stage != "established" || r.Verdict != diag.Healthy {
				t.Errorf("%s, %04b: %v, %+v", peer, set, r.Verdict, r.Tunnels)
			}
			for _, f := range r.Findings {
				if f.Kind == diag.Cause || f.Kind == diag.Symptom {
					t.Errorf("%s, %04b: %s: %s", peer, set, f.Code, f.Summary)
				}
			}
			p := &tape{t: t}
			if err := ingest.Read(context.Background(), p, ingest.Options{}, slices.Values(in)); err != nil {
				t.Fatal(err)
			}
			slices.SortStableFunc(p.said, func(a, b diag.Observation) int { return a.Time.Value.Compare(b.Time.Value) })
			l := &ledger{t, map[string]diag.Code{}}
			n := 0
			p.hear(l, p.said, func() bool {
				for incident, code := range l.open {
					t.Errorf("%s, %04b: a monitor is told of %s", peer, set, code)
					delete(l.open, incident)
				}
				n++
				return n == len(p.said) || p.said[n].Time.Value.Sub(p.said[n-1].Time.Value) > time.Second
			})
		}
	}
}
