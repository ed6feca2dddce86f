package ingest_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
)

// rank returns the place of the first cause that is right among the causes,
// from 0, or a high number, and its finding. What is certain of a file and
// breaks nothing is not counted.
func rank(r *diag.Report, right []string) (int, *diag.Finding) {
	n := 0
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Kind != diag.Cause {
			continue
		}
		if slices.Contains(right, string(f.Code)) {
			return n, f
		}
		if f.Verdict != diag.Confirmed || f.Severity >= diag.Error {
			n++
		}
	}
	return 1 << 20, nil
}

// oneEnd are the subsets to which one end's configuration alone is added.
var oneEnd = map[string]bool{"ilog": true, "rlog": true, "ipcap": true, "rpcap": true}

// What the configurations add to any other evidence makes no verdict worse:
// the right cause falls behind no wrong one, a right confirmed stays, and
// nothing is alarmed that works.
func TestConfigurationsNeverWorsen(t *testing.T) {
	t.Parallel()
	conf := subsets[slices.IndexFunc(subsets, func(s subset) bool { return s.name == "conf" })].takes
	better, ran := 0, 0
	for _, s := range scenarios(t, "*") {
		right := append(slices.Clone(s.codes), s.accept...)
		known := append(slices.Clone(right), s.also...)
		for _, sub := range subsets {
			if sub.name == "conf" {
				continue
			}
			bare := func(side, kind string) bool { return sub.takes(side, kind) && !conf(side, kind) }
			in := s.inputs(t, bare)
			if len(in) == 0 {
				continue
			}
			without := diagnose(t, in)
			for _, whose := range []string{"", "initiator", "responder"} {
				if whose != "" && !oneEnd[sub.name] {
					continue
				}
				more := s.inputs(t, func(side, kind string) bool {
					return bare(side, kind) || conf(side, kind) && (whose == "" || side == whose)
				})
				if len(more) == len(in) {
					continue
				}
				ran++
				with := diagnose(t, more)
				name := s.name + "/" + sub.name + "+conf"
				if whose != "" {
					name += " of the " + whose
				}
				for _, p := range worse(s, right, known, without, with) {
					t.Errorf("%s: %s", name, p)
				}
				_, f := rank(without, right)
				if _, g := rank(with, right); g != nil && (f == nil || f.Verdict < g.Verdict) {
					better++
				}
			}
		}
	}
	t.Logf("%d of %d became better", better, ran)
}

// The same for certificates, with the configurations and without them.
func TestCertificatesNeverWorsen(t *testing.T) {
	t.Parallel()
	ran, better := 0, 0
	for _, s := range scenarios(t, "*") {
		cert := func(_, kind string) bool { return kind == "cert.pem" }
		if len(s.inputs(t, cert)) == 0 {
			continue
		}
		right := append(slices.Clone(s.codes), s.accept...)
		known := append(slices.Clone(right), s.also...)
		for _, sub := range subsets {
			in := s.inputs(t, sub.takes)
			if len(in) == 0 {
				continue
			}
			for _, whose := range []string{"", "initiator", "responder"} {
				more := s.inputs(t, func(side, kind string) bool {
					return sub.takes(side, kind) || cert(side, kind) && (whose == "" || side == whose)
				})
				if len(more) == len(in) {
					continue
				}
				ran++
				without, with := diagnose(t, in), diagnose(t, more)
				for _, p := range worse(s, right, known, without, with) {
					t.Errorf("%s/%s+cert of %q: %s", s.name, sub.name, whose, p)
				}
				_, f := rank(without, right)
				if _, g := rank(with, right); g != nil && (f == nil || f.Verdict < g.Verdict) {
					better++
				}
			}
		}
	}
	t.Logf("%d of %d became better", better, ran)
}

func worse(s scenario, right, known []string, without, with *diag.Report) (problems []string) {
	if s.healthy {
		for _, f := range with.Findings {
			if f.Kind == diag.Cause && f.Status == diag.Active && f.Severity >= diag.Error && !slices.Contains(known, string(f.Code)) {
				problems = append(problems, "false alarm: "+string(f.Code))
			}
		}
		return problems
	}
	m, f := rank(without, right)
	n, g := rank(with, right)
	list := func(r *diag.Report) string {
		var names []string
		for _, f := range r.Findings {
			if f.Kind == diag.Cause {
				names = append(names, string(f.Code)+" "+f.Verdict.String()+" "+f.Severity.String())
			}
		}
		return strings.Join(names, ", ")
	}
	if n > m {
		problems = append(problems, "the right cause falls: ["+list(without)+"] becomes ["+list(with)+"]")
	}
	if f != nil && g != nil && f.Code == g.Code && g.Verdict < f.Verdict {
		problems = append(problems, "a verdict falls: ["+list(without)+"] becomes ["+list(with)+"]")
	}
	for i := range with.Findings {
		f := &with.Findings[i]
		if f.Kind == diag.Cause && f.Verdict == diag.Confirmed && f.Severity >= diag.Error && !slices.Contains(known, string(f.Code)) {
			problems = append(problems, "confirmed and wrong: "+string(f.Code))
		}
	}
	return problems
}

// A configuration without any connection tells of its end, too: with the log of
// its daemon it proves that the peer is not known there.
func TestConfigurationWithoutConnections(t *testing.T) {
	seen := false
	for _, s := range scenarios(t, "*") {
		if !slices.Contains(s.codes, "IKE-P1-PEER-UNKNOWN") {
			continue
		}
		in := s.inputs(t, func(side, kind string) bool {
			return kind == "log" || side == "initiator" && strings.HasSuffix(kind, ".conf")
		})
		for _, empty := range []struct{ name, text string }{{"swanctl.conf", "connections {\n}\n"}, {"ipsec.conf", "config setup\n"}} {
			r := diagnose(t, append(slices.Clone(in), memory("a/"+empty.name, "a", []byte(empty.text))))
			c, ok := r.Cause()
			if !ok || c.Code != diag.CFGOneSideMissing && c.Code != diag.IKEP1PeerUnknown && c.Code != diag.NetPeerAddrWrong {
				t.Errorf("%s with an empty %s: %v", s.name, empty.name, c)
			}
			seen = seen || ok && c.Code == diag.CFGOneSideMissing && c.Verdict == diag.Confirmed
		}
	}
	if !seen {
		t.Error("no recording of an unknown peer is confirmed by a configuration without connections")
	}
}
