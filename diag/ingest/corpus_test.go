package ingest_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/diagtest"
	"github.com/ikediag/ikediag/diag/diagtest/recordings"
	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/diag/report"
)

// scenario is a recording of the fault lab.
type scenario struct {
	name    string // corpus/scenario
	dir     string
	codes   []string // root causes
	accept  []string // also right
	also    []string
	strict  []string
	healthy bool
}

// scenarios lists the corpus, or skips.
func scenarios(t testing.TB, corpus string) (out []scenario) {
	t.Helper()
	for _, f := range recordings.Glob(t, "corpus", corpus, "labels.tsv") {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(b)) {
			if strings.HasPrefix(line, "#") || strings.TrimSpace(line) == "" {
				continue
			}
			col := strings.Split(strings.TrimRight(line, "\n"), "\t")
			list := func(i int) []string {
				if i >= len(col) || col[i] == "-" {
					return nil
				}
				return strings.Split(col[i], ",")
			}
			dir := filepath.Join(filepath.Dir(f), col[0])
			if _, err := os.Stat(filepath.Join(dir, "truth.json")); err != nil {
				continue
			}
			out = append(out, scenario{name: filepath.Base(filepath.Dir(f)) + "/" + col[0], dir: dir,
				codes: family(list(1)), accept: family(list(2)), strict: list(3), also: list(5), healthy: list(1) == nil})
		}
	}
	return out
}

// family adds the special cases that the catalogue lists of codes.
func family(codes []string) []string {
	for _, e := range diag.Catalogue() {
		if e.Parent != "" && slices.Contains(codes, string(e.Parent)) && !slices.Contains(codes, string(e.Code)) {
			codes = append(codes, string(e.Code))
		}
	}
	return codes
}

type subset struct {
	name  string
	takes func(side, kind string) bool
}

// subsets are the selections of evidence that are tried: who has what.
var subsets = []subset{
	{"all", func(_, kind string) bool { return kind != "cert.pem" }},
	{"ilog", func(side, kind string) bool { return side == "initiator" && kind == "log" }},
	{"rlog", func(side, kind string) bool { return side == "responder" && kind == "log" }},
	{"logs", func(_, kind string) bool { return kind == "log" }},
	{"ipcap", func(side, kind string) bool { return side == "initiator" && kind == "pcap" }},
	{"rpcap", func(side, kind string) bool { return side == "responder" && kind == "pcap" }},
	{"pcaps", func(_, kind string) bool { return kind == "pcap" }},
	{"conf", func(_, kind string) bool {
		return kind == "swanctl.conf" || kind == "ipsec.conf" || kind == "ipsec.secrets"
	}},
	{"state", func(_, kind string) bool { return kind == "list-sas.txt" || kind == "statusall.txt" }},
}

// inputs returns a subset of a scenario's evidence, the folders named so that
// no name tells whose they are.
func (s scenario) inputs(t testing.TB, takes func(side, kind string) bool) (in []ingest.Input) {
	t.Helper()
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		side, kind, _ := strings.Cut(e.Name(), ".")
		if side != "initiator" && side != "responder" || !takes(side, kind) {
			continue
		}
		b, err := os.ReadFile(filepath.Join(s.dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		group := map[string]string{"initiator": "b", "responder": "a"}[side]
		in = append(in, memory(group+"/gateway."+kind, group, b))
	}
	return in
}

func memory(name, group string, b []byte) ingest.Input {
	return ingest.Input{Name: name, Group: group, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }}
}

func diagnose(t testing.TB, in []ingest.Input) *diag.Report {
	t.Helper()
	r, _ := ingest.Inputs(context.Background(), ingest.Options{Engine: diag.Options{DigestKey: []byte("test")}}, slices.Values(in))
	unbroken(t, r)
	return r
}

// No confirmed cause is wrong, and what works is quiet, whatever part of the
// evidence is there.
func TestCorpusLaws(t *testing.T) {
	t.Parallel()
	for _, s := range scenarios(t, "*") {
		right := append(append(slices.Clone(s.codes), s.accept...), s.also...)
		for _, sub := range subsets {
			in := s.inputs(t, sub.takes)
			if len(in) == 0 {
				continue
			}
			r := diagnose(t, in)
			warnings := 0
			for _, f := range r.Findings {
				if f.Kind != diag.Cause || f.Status != diag.Active {
					continue
				}
				ok := slices.Contains(right, string(f.Code))
				if f.Verdict == diag.Confirmed && f.Severity >= diag.Error && !ok {
					t.Errorf("%s/%s: %s is confirmed and wrong: %s", s.name, sub.name, f.Code, f.Summary)
				}
				if s.healthy && !ok {
					if f.Severity >= diag.Error {
						t.Errorf("%s/%s: false alarm: %s", s.name, sub.name, f.Code)
					}
					if f.Severity == diag.Warning {
						warnings++
					}
				}
			}
			if warnings > 1 {
				t.Errorf("%s/%s: %d warnings about a healthy tunnel", s.name, sub.name, warnings)
			}
		}
	}
}

// A wrong pre-shared key through every door, alone and joined: found first
// wherever the evidence can show it, confirmed where the keys or a hash of
// them prove it and nowhere else, and saying what is missing where not.
func TestWrongPSKThroughEveryDoor(t *testing.T) {
	confirmed := map[string][]string{
		"strongswan/p1-wrong-psk":            {"all", "conf"},
		"strongswan/p1-wrong-psk-nat":        {"all", "conf"},
		"strongswan/p1-wrong-psk-aggressive": {"all", "conf", "ilog", "logs"},
	}
	for _, s := range scenarios(t, "strongswan") {
		want, ok := confirmed[s.name]
		if !ok {
			continue
		}
		for _, sub := range subsets {
			in := s.inputs(t, sub.takes)
			r := diagnose(t, in)
			c, ok := r.Cause()
			if sub.name == "state" {
				// A half-open SA is all that it shows.
				if ok && c.Verdict > diag.Possible {
					t.Errorf("%s/state: %s is %s", s.name, c.Code, c.Verdict)
				}
				continue
			}
			if !ok || c.Code != diag.IKEP1PSKMismatch {
				t.Errorf("%s/%s: the wrong key is not first:\n%s", s.name, sub.name, diagtest.Summary(r))
				continue
			}
			if got, want := c.Verdict == diag.Confirmed, slices.Contains(want, sub.name); got != want {
				t.Errorf("%s/%s: verdict %s, confirmed wanted: %v", s.name, sub.name, c.Verdict, want)
			}
			if c.Verdict != diag.Confirmed && len(c.Missing) == 0 {
				t.Errorf("%s/%s: %s, and does not say what is missing", s.name, sub.name, c.Verdict)
			}
			if len(r.Tunnels) != 1 {
				t.Errorf("%s/%s: %d tunnels, want 1:\n%s", s.name, sub.name, len(r.Tunnels), diagtest.Summary(r))
			}
			if both := slices.Contains([]string{"all", "logs", "conf"}, sub.name); both && len(r.Gateways) != 2 {
				t.Errorf("%s/%s: %d gateways, want 2", s.name, sub.name, len(r.Gateways))
			}
			if sub.name == "all" {
				kinds := map[diag.EvidenceKind]bool{}
				gws := map[string]bool{}
				for _, e := range c.Evidence {
					kinds[e.Kind], gws[e.Gateway] = true, true
				}
				if !kinds[diag.EvidenceLog] || !kinds[diag.EvidenceConfig] || !kinds[diag.EvidenceState] || len(gws) != 2 {
					t.Errorf("%s/all: the evidence is not of both sides, logs, configurations and state:\n%s", s.name, diagtest.Summary(r))
				}
			}
		}
	}
}

// The same evidence in another order, in live pieces of any size, and with a
// restart in the middle gives the same findings.
func TestStreamedWithRestart(t *testing.T) {
	t.Parallel()
	for _, s := range scenarios(t, "strongswan") {
		if !slices.Contains([]string{"strongswan/p1-wrong-psk-nat", "strongswan/ok-nat", "strongswan/p1-wrong-psk"}, s.name) {
			continue
		}
		in := s.inputs(t, subsets[3].takes) // both logs
		whole := encode(t, feedAll(t, in, 1<<20, false))
		for _, size := range []int{1, 7, 1000} {
			if got := encode(t, feedAll(t, in, size, false)); got != whole {
				t.Errorf("%s: pieces of %d octets give another report", s.name, size)
			}
			if got := encode(t, feedAll(t, in, size, true)); got != whole {
				t.Errorf("%s: pieces of %d octets with a restart give another report", s.name, size)
			}
		}
		slices.Reverse(in)
		if got := encode(t, feedAll(t, in, 100, true)); got != whole {
			t.Errorf("%s: the order of sources changes the report", s.name)
		}
	}
}

// swap stands for an engine that can be replaced while feeds go on.
func feedAll(t *testing.T, in []ingest.Input, size int, restart bool) *diag.Report {
	t.Helper()
	e := newEngine(t)
	var feeds []*ingest.Feed
	var data [][]byte
	for _, i := range in {
		feeds = append(feeds, ingest.NewFeed(e, diag.Source{Name: i.Name, Group: i.Group}, ingest.Options{}))
		r, err := i.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		data = append(data, b)
	}
	step := 0
	for left := true; left; step++ {
		left = false
		for i := range data {
			n := min(size, len(data[i]))
			if n == 0 {
				continue
			}
			if _, err := feeds[i].Write(data[i][:n]); err != nil {
				t.Fatal(err)
			}
			data[i] = data[i][n:]
			left = true
		}
		if restart && step%50 == 20 {
			b, err := e.AppendSnapshot(nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := e.Restore(b); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, f := range feeds {
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return finish(e)
}

func newEngine(t testing.TB) *diag.Engine {
	t.Helper()
	e, err := diag.NewEngine(rulesUnderTest(), diag.Options{DigestKey: []byte("test")})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func encode(t *testing.T, r *diag.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.Write(&b, r, report.Options{Format: report.JSON}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
