package ingest_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/diagtest"
	"github.com/ikediag/ikediag/diag/diagtest/recordings"
	"github.com/ikediag/ikediag/diag/ingest"
)

// A transformation changes evidence in a way that changes no fault. What is
// done to lines is done to those of logs; addresses and names are changed
// wherever they are written, and captures, which have them in binary, left out.
type transformation struct {
	name string
	text bool // captures are left out
	do   func(t *testing.T, s scenario, in []ingest.Input) []ingest.Input
}

// everyTransformation has TestMetamorphic try all subsets of the evidence that
// have logs, with all kinds of it.
var everyTransformation = flag.Bool("every-transformation", false, "transform every part of the evidence of each recording")

var (
	ipv4      = regexp.MustCompile(`\b(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\b(/\d+)?`)
	clockTime = regexp.MustCompile(`(?m)^((?:[A-Z][a-z]{2} [ \d]\d |\d{4}-\d\d-\d\dT))(\d\d)(:\d\d:\d\d)`)
)

var transformations = []transformation{
	{"addresses as IPv6", true, func(t *testing.T, _ scenario, in []ingest.Input) []ingest.Input {
		return each(t, in, func(b []byte) []byte {
			return ipv4.ReplaceAllFunc(b, func(a []byte) []byte {
				if bytes.Contains(a, []byte("/")) || bytes.HasPrefix(a, []byte("10.")) || bytes.HasPrefix(a, []byte("0.")) {
					return a
				}
				return []byte("2001:db8::" + strings.ReplaceAll(string(a), ".", ":"))
			})
		})
	}},
	{"ends swapped", false, func(t *testing.T, _ scenario, in []ingest.Input) []ingest.Input {
		out := slices.Clone(in)
		for i := range out {
			g := map[string]string{"a": "b", "b": "a"}[out[i].Group]
			out[i].Name, out[i].Group = strings.Replace(out[i].Name, out[i].Group, g, 1), g
		}
		return out
	}},
	{"one clock three hours off", false, func(t *testing.T, _ scenario, in []ingest.Input) []ingest.Input {
		first := slices.IndexFunc(in, isLog)
		return each(t, in[first:first+1], func(b []byte) []byte {
			return clockTime.ReplaceAllFunc(b, func(m []byte) []byte {
				p := clockTime.FindSubmatch(m)
				return fmt.Appendf(nil, "%s%02d%s", p[1], (int(p[2][0]-'0')*10+int(p[2][1]-'0')+3)%24, p[3])
			})
		}, slices.Delete(slices.Clone(in), first, first+1)...)
	}},
	{"a tenth of the lines dropped", false, func(t *testing.T, _ scenario, in []ingest.Input) []ingest.Input {
		return eachLog(t, in, func(b []byte) []byte {
			var out []byte
			n := 0
			for l := range bytes.Lines(b) {
				if n++; n%10 != 7 {
					out = append(out, l...)
				}
			}
			return out
		})
	}},
	{"every line doubled", false, func(t *testing.T, _ scenario, in []ingest.Input) []ingest.Input {
		return eachLog(t, in, func(b []byte) []byte {
			var out []byte
			for l := range bytes.Lines(b) {
				out = append(append(out, l...), l...)
			}
			return out
		})
	}},
	{"every file twice", false, func(t *testing.T, _ scenario, in []ingest.Input) []ingest.Input {
		out := slices.Clone(in)
		for _, i := range in {
			i.Name += ".copy"
			out = append(out, i)
		}
		return out
	}},
	{"a healthy tunnel mixed in", false, func(t *testing.T, _ scenario, in []ingest.Input) []ingest.Input {
		dir := recordings.Path(t, "corpus", "strongswan", "ok-nat")
		out := slices.Clone(in)
		for side, group := range map[string]string{"initiator": "c", "responder": "d"} {
			b, err := os.ReadFile(filepath.Join(dir, side+".log"))
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, memory(group+"/gateway.log", group, b))
		}
		return out
	}},
	{"all names changed", true, func(t *testing.T, s scenario, in []ingest.Input) []ingest.Input {
		var truth struct {
			Sides map[string]struct{ Host, Conn, ID string }
		}
		b, err := os.ReadFile(filepath.Join(s.dir, "truth.json"))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, &truth); err != nil {
			t.Fatal(err)
		}
		var pairs []string
		for side, x := range truth.Sides {
			if strings.Count(x.ID, ".") != 3 { // no address
				pairs = append(pairs, x.ID, "renamed-"+side+".invalid")
			}
			pairs = append(pairs, " "+x.Host+" ", " host-"+side+" ", x.Conn, "tunnel-to-the-moon")
		}
		r := strings.NewReplacer(pairs...)
		return each(t, in, func(b []byte) []byte { return []byte(r.Replace(string(b))) })
	}},
}

func isLog(i ingest.Input) bool { return strings.HasSuffix(i.Name, ".log") }

// textOnly leaves out what is not text.
func textOnly(in []ingest.Input) []ingest.Input {
	return slices.DeleteFunc(slices.Clone(in), func(i ingest.Input) bool { return strings.HasSuffix(i.Name, ".pcap") })
}

// eachLog transforms the logs, and leaves all else as it is.
func eachLog(t *testing.T, in []ingest.Input, f func([]byte) []byte) []ingest.Input {
	t.Helper()
	var logs, others []ingest.Input
	for _, i := range in {
		if isLog(i) {
			logs = append(logs, i)
		} else {
			others = append(others, i)
		}
	}
	return each(t, logs, f, others...)
}

// each transforms the contents of inputs, and leaves others as they are.
func each(t *testing.T, in []ingest.Input, f func([]byte) []byte, others ...ingest.Input) (out []ingest.Input) {
	t.Helper()
	for _, i := range in {
		r, err := i.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, memory(i.Name, i.Group, f(b)))
	}
	return append(out, others...)
}

// wrong lists the errors that a report is sure enough of and that are not
// what was injected.
func (s scenario) wrong(r *diag.Report) (codes []string) {
	right := append(append(slices.Clone(s.codes), s.accept...), s.also...)
	for _, f := range r.Findings {
		if f.Kind == diag.Cause && f.Status == diag.Active && f.Severity >= diag.Error && f.Verdict >= diag.Likely && !slices.Contains(right, string(f.Code)) {
			codes = append(codes, fmt.Sprint(f.Verdict, " ", f.Code))
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// parts are further subsets: what one side has, and what both have without
// captures, or without configurations.
var parts = []subset{
	{"initiator's", func(side, kind string) bool { return side == "initiator" && kind != "cert.pem" }},
	{"responder's", func(side, kind string) bool { return side == "responder" && kind != "cert.pem" }},
	{"without captures", func(_, kind string) bool { return kind != "pcap" && kind != "cert.pem" }},
	{"without configurations", func(_, kind string) bool { return kind == "log" || kind == "pcap" || strings.HasSuffix(kind, ".txt") }},
}

// Whatever is done to the logs that changes no fault, a verdict may weaken; it
// never turns wrong.
func TestMetamorphic(t *testing.T) {
	t.Parallel()
	for n, s := range scenarios(t, "*") {
		for i, sub := range slices.Concat(subsets[:4], parts) { // all, and the logs: of either side, of both
			in := s.inputs(t, sub.takes)
			if !slices.ContainsFunc(in, isLog) || i >= 4 && !*everyTransformation || i == 0 && testing.Short() && n%8 != 0 || raceEnabled && n%6 != 0 {
				continue
			}
			before := diagnose(t, in)
			was, wasText := s.wrong(before), s.wrong(diagnose(t, textOnly(in)))
			for _, x := range transformations {
				in, was := in, was
				if x.text {
					in, was = textOnly(in), wasText
				}
				after := diagnose(t, x.do(t, s, in))
				for _, w := range s.wrong(after) {
					code := w[strings.IndexByte(w, ' ')+1:]
					if !slices.ContainsFunc(was, func(o string) bool { return strings.HasSuffix(o, " "+code) }) || strings.HasPrefix(w, "confirmed") {
						t.Errorf("%s/%s, %s: turns wrong: %s\n%s", s.name, sub.name, x.name, w, diagtest.Summary(after))
					}
				}
				if x.name == "a healthy tunnel mixed in" && !s.healthy {
					a, _ := before.Cause()
					b, _ := after.Cause()
					// What rests on absence may weaken: with more gateways it is
					// less sure whose source would have shown it.
					absent := a != nil && slices.ContainsFunc(a.Evidence, func(e diag.Evidence) bool { return e.Kind == diag.EvidenceAbsence })
					if a != nil && !absent && (b == nil || a.Code != b.Code || a.Verdict != b.Verdict) {
						t.Errorf("%s/%s, %s: another cause:\n%s", s.name, sub.name, x.name, diagtest.Summary(after))
					}
				}
			}
		}
	}
}
