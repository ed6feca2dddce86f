package ingest_test

import (
	"context"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/diagtest"
	"github.com/ikediag/ikediag/diag/ingest"
)

// everyOrder has TestEveryOrder try many orders of each recording.
var everyOrder = flag.Bool("every-order", false, "try 48 orders of the evidence of each recording, and of every part of it")

// A tape is what the readers say of evidence, to be played again.
type tape struct {
	sources []diag.Source
	said    []diag.Observation
	t       *testing.T
}

func (p *tape) AddSource(s diag.Source) diag.SourceID {
	p.sources = append(p.sources, s)
	return diag.SourceID(len(p.sources) - 1)
}

func (p *tape) UpdateSource(id diag.SourceID, update func(*diag.Source)) { update(&p.sources[id]) }
func (p *tape) DigestKey() []byte                                        { return []byte("test") }

func (p *tape) Observe(o *diag.Observation) {
	b, err := o.AppendBinary(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	var own diag.Observation
	if err := own.UnmarshalBinary(b); err != nil {
		p.t.Fatal(err)
	}
	p.said = append(p.said, own)
}

// orders are how the observations of several sources may arrive.
var orders = []struct {
	name string
	mix  func(r *rand.Rand, said []diag.Observation) []diag.Observation
}{
	{"the sources mixed", func(r *rand.Rand, said []diag.Observation) []diag.Observation {
		left := map[diag.SourceID][]diag.Observation{}
		var turns []diag.SourceID
		for _, o := range said {
			left[o.Source] = append(left[o.Source], o)
			turns = append(turns, o.Source)
		}
		r.Shuffle(len(turns), func(i, j int) { turns[i], turns[j] = turns[j], turns[i] })
		var out []diag.Observation
		for _, s := range turns {
			out = append(out, left[s][0])
			left[s] = left[s][1:]
		}
		return out
	}},
	{"all mixed", func(r *rand.Rand, said []diag.Observation) []diag.Observation {
		out := slices.Clone(said)
		r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
		return out
	}},
	{"backwards", func(_ *rand.Rand, said []diag.Observation) []diag.Observation {
		out := slices.Clone(said)
		slices.Reverse(out)
		return out
	}},
}

// play gives an engine the tape, announces the sources in any order, and goes
// on with another engine from a snapshot wherever it is told to.
//
// full says that there was no room for some fact of a negotiation: which one that
// is goes by the order.
func (p *tape) play(said []diag.Observation, sources []int, restarts map[int]bool, look bool) (r *diag.Report, full bool) {
	p.t.Helper()
	e := newEngine(p.t)
	ids := make([]diag.SourceID, len(p.sources))
	for _, i := range sources {
		ids[i] = e.AddSource(p.sources[i])
	}
	for i := range said {
		if restarts[i] {
			if look { // what changed so far
				for range e.Advance(said[i].Time.Value.Add(time.Second)) {
				}
			}
			b, err := e.AppendSnapshot(nil)
			if err != nil {
				p.t.Fatal(err)
			}
			e = newEngine(p.t)
			if err := e.Restore(b); err != nil {
				p.t.Fatal(err)
			}
		}
		b, err := said[i].AppendBinary(nil) // the places in it are renumbered
		if err != nil {
			p.t.Fatal(err)
		}
		var o diag.Observation
		if err := o.UnmarshalBinary(b); err != nil {
			p.t.Fatal(err)
		}
		if err := o.Renumber(func(id diag.SourceID) (diag.SourceID, bool) { return ids[id], true }); err != nil {
			p.t.Fatal(err)
		}
		e.Observe(&o)
	}
	b, err := e.AppendSnapshot(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	return finish(e), regexp.MustCompile(`"Dropped":[1-9]`).Match(b)
}

// exhibits are evidence under a name.
type exhibits struct {
	name string
	in   []ingest.Input
}

// recorded lists what there is in the folder of recordings: all of each, and
// with -every-order every part of it.
func recorded(t *testing.T) (out []exhibits) {
	for n, s := range scenarios(t, "*") {
		if (testing.Short() || raceEnabled) && n%8 != 0 {
			continue
		}
		for _, sub := range subsets {
			if sub.name == "all" || *everyOrder {
				out = append(out, exhibits{s.name + "/" + sub.name, s.inputs(t, sub.takes)})
			}
		}
	}
	return out
}

// kept lists what stands in the repository: the fixtures of rules, and the
// samples.
func kept(t *testing.T) (out []exhibits) {
	files, err := filepath.Glob("../rules/testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no fixtures", err)
	}
	for n, f := range files {
		if (testing.Short() || raceEnabled) && n%8 != 0 {
			continue
		}
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		c, err := diagtest.Parse(b)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, exhibits{filepath.Base(f), c.Inputs()})
	}
	for _, s := range []string{"wrong-psk", "healthy"} {
		var in []ingest.Input
		names, err := filepath.Glob(filepath.Join(samples, s, "*", "*"))
		if err != nil || len(names) == 0 {
			t.Fatal("no sample", s, err)
		}
		for _, name := range names {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			group := filepath.Base(filepath.Dir(name))
			in = append(in, memory(group+"/"+filepath.Base(name), group, b))
		}
		out = append(out, exhibits{s, in})
	}
	return out
}

// Of every recording, in whatever order its evidence arrives, and with restarts
// wherever they happen: the same report.
func TestEveryOrder(t *testing.T) {
	t.Parallel()
	anyOrder(t, recorded(t))
}

// The same of every fixture and sample.
func TestEveryOrderOfFixtures(t *testing.T) {
	t.Parallel()
	anyOrder(t, kept(t))
}

func anyOrder(t *testing.T, all []exhibits) {
	tried := 0
	for n, g := range all {
		p := &tape{t: t}
		_ = ingest.Read(context.Background(), p, ingest.Options{}, slices.Values(g.in))
		order := make([]int, len(p.sources))
		for i := range order {
			order[i] = i
		}
		whole, full := p.play(p.said, order, nil, false)
		want := encode(t, whole)
		seeds := 1
		if *everyOrder {
			seeds = 16
		}
		for seed := range seeds * len(orders) {
			x := orders[seed%len(orders)]
			r := rand.New(rand.NewPCG(uint64(seed), uint64(n)))
			restarts := map[int]bool{}
			for range 3 {
				restarts[r.IntN(len(p.said)+1)] = true
			}
			tried++
			again, _ := p.play(x.mix(r, p.said), r.Perm(len(p.sources)), restarts, seed%2 == 1)
			if got := encode(t, again); got != want && !(full && slices.Equal(findings(again), findings(whole))) {
				t.Errorf("%s, %s, seed %d: another report:\n%s", g.name, x.name, seed, difference(got, want))
			}
		}
	}
	t.Logf("%d orders", tried)
}

// difference shows where two texts begin to differ.
func difference(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	cut := func(s string) string { return s[max(0, i-300):min(len(s), i+300)] }
	return cut(a) + "\n---\n" + cut(b)
}
