package ingest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/ike"
)

// stageOne is a first stage as a fleet has it, in one process: what the readers
// tell of each gateway goes through the wire form to an engine for each key.
type stageOne struct {
	t         *testing.T
	inventory []diag.Gateway
	sources   []diag.Source
	places    map[string]*diag.Partitioner // by gateway
	engines   map[string]*stageTwo
}

// stageTwo is an engine for one key, and what it calls the sources.
type stageTwo struct {
	*diag.Engine
	ids map[diag.SourceID]diag.SourceID
}

func (s *stageOne) AddSource(src diag.Source) diag.SourceID {
	s.sources = append(s.sources, src)
	return diag.SourceID(len(s.sources) - 1)
}

func (s *stageOne) UpdateSource(id diag.SourceID, update func(*diag.Source)) { update(&s.sources[id]) }
func (s *stageOne) DigestKey() []byte                                        { return []byte("test") }

func (s *stageOne) Observe(o *diag.Observation) {
	gateway := s.sources[o.Source].Gateway
	p := s.places[gateway]
	if p == nil {
		p = &diag.Partitioner{Gateway: gateway, Inventory: s.inventory, To: s.send}
		s.places[gateway] = p
	}
	p.Observe(o)
}

// send is the bus between the stages.
func (s *stageOne) send(key string, _ bool, o *diag.Observation) {
	b, err := o.AppendBinary(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	e := s.engines[key]
	if e == nil {
		engine, err := diag.NewEngine(rulesUnderTest(), diag.Options{DigestKey: s.DigestKey(), Gateways: of(key, s.inventory)})
		if err != nil {
			s.t.Fatal(err)
		}
		e = &stageTwo{engine, map[diag.SourceID]diag.SourceID{}}
		s.engines[key] = e
	}
	var got diag.Observation
	if err := got.UnmarshalBinary(b); err != nil {
		s.t.Fatal(err)
	}
	err = got.Renumber(func(number diag.SourceID) (diag.SourceID, bool) {
		id, known := e.ids[number]
		if !known {
			id = e.AddSource(s.sources[number])
			e.ids[number] = id
		}
		return id, true
	})
	if err != nil {
		s.t.Fatal(err)
	}
	e.Observe(&got)
}

// of takes the gateways of a key out of the inventory.
func of(key string, inventory []diag.Gateway) (out []diag.Gateway) {
	for id := range strings.SplitSeq(key, "|") {
		if i := slices.IndexFunc(inventory, func(g diag.Gateway) bool { return g.ID == id }); i >= 0 {
			out = append(out, inventory[i])
		}
	}
	return out
}

// inventoryOf is what the operator of a recording's gateways knows of them:
// their addresses, also those by which the peers know them.
func inventoryOf(t *testing.T, s scenario, r *diag.Report) []diag.Gateway {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(s.dir, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var truth struct {
		Sides map[string]struct{ IP, ID string }
	}
	if err := json.Unmarshal(b, &truth); err != nil {
		t.Fatal(err)
	}
	out := []diag.Gateway{{ID: "a"}, {ID: "b"}}
	for i, side := range []string{"responder", "initiator"} {
		own, err := netip.ParseAddr(truth.Sides[side].IP)
		if err != nil {
			t.Fatal(err)
		}
		out[i].Addresses = []netip.Addr{own}
		out[i].Identities = []ike.Identity{ike.ParseIdentity(truth.Sides[side].ID, ike.DialectStrongSwan)}
		for _, x := range r.Tunnels {
			for _, end := range x.Ends {
				if slices.Contains(end.Addresses, own) {
					out[i].Addresses = append(out[i].Addresses, end.Addresses...)
				}
			}
		}
	}
	return out
}

// findings lists what reports find, without what only the place of a source
// among others decides.
func findings(rs ...*diag.Report) (out []string) {
	for _, r := range rs {
		for _, f := range r.Findings {
			if f.Scope != diag.ScopeReport {
				out = append(out, fmt.Sprint(f.Kind, " ", f.Code, " ", f.Verdict, " ", f.Severity, " ", f.Status, " ", f.FixAt, " ", f.Summary))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// The two stages of a fleet find what one engine finds that has it all. Where
// an end's sources name no peer (libreswan's log alone) or nothing of the other
// end reached it (what a silent end would have shown is not in the pair's
// engine), they find less, and nothing that is wrong.
func TestTwoStages(t *testing.T) {
	t.Parallel()
	tried, apart := 0, 0
	for n, s := range scenarios(t, "*") {
		if raceEnabled && n%8 != 0 {
			continue
		}
		inventory := inventoryOf(t, s, diagnose(t, s.inputs(t, everything)))
		for _, sub := range subsets {
			if sub.name == "conf" && testing.Short() || !slices.Contains([]string{"all", "logs", "pcaps", "conf", "state"}, sub.name) {
				continue
			}
			in := s.inputs(t, sub.takes)
			if len(in) == 0 {
				continue
			}
			for i := range in {
				in[i].Gateway = in[i].Group
			}
			whole, _ := ingest.Inputs(context.Background(), ingest.Options{Engine: diag.Options{DigestKey: []byte("test"), Gateways: inventory}}, slices.Values(in))
			one := &stageOne{t: t, inventory: inventory, places: map[string]*diag.Partitioner{}, engines: map[string]*stageTwo{}}
			_ = ingest.Read(context.Background(), one, ingest.Options{}, slices.Values(in))
			reports, together := one.finish()
			tried++
			got, want := findings(reports...), findings(whole)
			if slices.Equal(got, want) {
				continue
			}
			if together {
				t.Errorf("%s/%s: %d engines find\n  %s\nand one finds\n  %s", s.name, sub.name, len(reports), strings.Join(got, "\n  "), strings.Join(want, "\n  "))
			}
			apart++
			for _, r := range reports {
				for _, w := range s.wrong(r) {
					if !slices.Contains(s.wrong(whole), w) {
						t.Errorf("%s/%s: seen from one end it turns wrong: %s", s.name, sub.name, w)
					}
				}
			}
		}
	}
	t.Logf("%d sets of evidence, %d seen from one end", tried, apart)
	if apart*8 > tried {
		t.Errorf("%d of %d sets of evidence are seen from one end", apart, tried)
	}
}

// finish ends the evidence. It reports as well whether all that was given came
// together in one engine.
func (s *stageOne) finish() (reports []*diag.Report, together bool) {
	for _, p := range s.places {
		p.Flush()
	}
	together = true
	for key, e := range s.engines {
		for number, id := range e.ids {
			e.UpdateSource(id, func(src *diag.Source) { *src = s.sources[number] })
		}
		r := finish(e.Engine)
		reports = append(reports, r)
		if pair := strings.Contains(key, "|"); !pair && len(r.Tunnels) > 0 || pair && len(e.ids) < len(s.sources) {
			together = false
		}
	}
	return reports, together
}
