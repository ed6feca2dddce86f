package report_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/report"
)

// TestSentence checks the first sentence, which is all that some people read.
func TestSentence(t *testing.T) {
	// one is the sample with its first finding changed.
	one := func(change func(*diag.Report, *diag.Finding)) *diag.Report {
		r := wrongPSK()
		change(r, &r.Findings[0])
		return r
	}
	none := func(v diag.ReportVerdict, outcomes ...diag.Outcome) *diag.Report {
		r := &diag.Report{Verdict: v, Sources: wrongPSK().Sources}
		for i, o := range outcomes {
			tunnel := wrongPSK().Tunnels[0]
			tunnel.ID += string(rune('a' + i))
			tunnel.Outcome = o
			r.Tunnels = append(r.Tunnels, tunnel)
		}
		return r
	}
	const keys = "The pre-shared keys of 198.51.100.66 and 203.0.113.188 differ."
	const tunnel = "he tunnel 198.51.100.66 <-> 203.0.113.188"
	for want, r := range map[string]*diag.Report{
		"BROKEN: " + keys + " This is proven.":            wrongPSK(),
		"BROKEN: Most likely this: " + keys:               one(func(_ *diag.Report, f *diag.Finding) { f.Verdict = diag.Likely }),
		"BROKEN: Not proven; the first to check: " + keys: one(func(_ *diag.Report, f *diag.Finding) { f.Verdict = diag.Possible }),
		"BROKEN: " + keys + " What causes it is not known.": one(func(_ *diag.Report, f *diag.Finding) {
			f.Kind = diag.Symptom
		}),
		"DEGRADED: " + keys + " This is proven.": one(func(r *diag.Report, f *diag.Finding) { r.Verdict, f.Severity = diag.Degraded, diag.Warning }),
		"BROKEN: 3 explanations are left, none proven. The first to check: The pre-shared keys of 198.51.100.66 and 203.0.113.188 may differ: the responder says nothing to message 5.": undecided(),
		"HEALTHY: T" + tunnel + " is up.":                                              healthy(),
		"BROKEN: T" + tunnel + ": phase 1 failed. Nothing that was given says why.":    none(diag.Broken, diag.OutcomePhase1Failed),
		"UNDECIDED: T" + tunnel + " is still negotiating where the evidence ends.":     none(diag.Undecided, diag.OutcomeNegotiating),
		"UNDECIDED: What was given tells of t" + tunnel + " and not whether it works.": none(diag.Undecided, diag.OutcomeUnknown),
		"HEALTHY: All 2 tunnels are up.":                                               none(diag.Healthy, diag.OutcomeEstablished, diag.OutcomeEstablished),
		"HEALTHY: Up are 1 of 2 tunnels; whether the others work does not show.":       none(diag.Healthy, diag.OutcomeEstablished, diag.OutcomeUnknown),
		"DOWN: T" + tunnel + " was up, and was taken down.":                            none(diag.Undecided, diag.OutcomeLost),
		"HEALTHY: Up are 1 of 2 tunnels; taken down: 1.":                               none(diag.Healthy, diag.OutcomeEstablished, diag.OutcomeLost),
		"BROKEN: 1 of 2 tunnels does not work. Nothing that was given says why.":       none(diag.Broken, diag.OutcomePhase2Failed, diag.OutcomeEstablished),
		"UNDECIDED: No tunnel was found in what was given.":                            none(diag.Undecided),
		"UNDECIDED: Nothing was given.":                                                {},
		"BROKEN: 2 of 41 tunnels do not work. The daemon of 203.0.113.188 could not bind UDP port 4500: another process holds it. This is proven.": several(),
	} {
		got, _, _ := strings.Cut(string(render(t, r, report.Options{Width: 1000})), "\n")
		if got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

// TestDoubts checks that a finding which is not confirmed says why.
func TestDoubts(t *testing.T) {
	for want, change := range map[string]func(*diag.Finding){
		"fits this and hardly anything else, but proves nothing": func(f *diag.Finding) { f.Evidence[0].Weight = diag.Strong },
		"the evidence fits other explanations as well":           func(f *diag.Finding) { f.Evidence[0].Weight = diag.Hint },
		"packets without authentication, which may be forged":    func(f *diag.Finding) { f.Evidence[0].Weight, f.Evidence[0].Basis = diag.Proof, diag.Unauthenticated },
		"that this release knows without genuine samples":        func(f *diag.Finding) { f.Evidence[0].Basis = diag.Recalled },
		"not ruled out: no secret for this pair (IKE-P1-PSK-MISSING) and peer answers but replies are lost (NET-UDP500-ONEWAY)": func(f *diag.Finding) {
			f.Missing = []diag.Missing{{Decides: []diag.Code{diag.IKEP1PSKMissing, diag.IKEMsgMalformed, diag.NetUDP500Oneway, f.Code}}}
		},
		"(NET-UDP500-ONEWAY) and 1 more": func(f *diag.Finding) {
			f.Missing = []diag.Missing{{Decides: []diag.Code{diag.IKEP1PSKMissing, diag.NetAHNAT, diag.NetUDP500Oneway, diag.NetAHBlocked}}}
		},
	} {
		r := wrongPSK()
		f := &r.Findings[0]
		f.Verdict, f.Evidence = diag.Likely, f.Evidence[:1]
		change(f)
		if got := string(render(t, r, report.Options{Width: 1000})); !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
		f.Verdict = diag.Confirmed
		if got := string(render(t, r, report.Options{Width: 1000})); strings.Contains(got, want) {
			t.Errorf("%q is said of a confirmed finding", want)
		}
	}
}

func TestTimes(t *testing.T) {
	zone := time.FixedZone("", 2*60*60)
	for name, c := range map[string]struct {
		time diag.Time
		want string // of the fields, as they stand in a finding
	}{
		"none":         {diag.Time{Assumed: "year"}, ``},
		"second":       {diag.Time{Value: time.Date(2024, 1, 2, 1, 4, 5, 0, zone), Precision: time.Second, Assumed: "year\x1b"}, `"2024-01-01T23:04:05Z" "1s" "year\\x1b"`},
		"microsecond":  {diag.Time{Value: time.Date(2024, 1, 2, 3, 4, 5, 6000, time.UTC), Precision: time.Microsecond}, `"2024-01-02T03:04:05.000006Z" "1us"`},
		"no precision": {diag.Time{Value: time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC)}, `"2024-01-02T03:04:05Z"`},
		"no such year": {diag.Time{Value: time.Date(12024, 1, 2, 3, 4, 5, 0, time.UTC)}, ``},
	} {
		t.Run(name, func(t *testing.T) {
			r := wrongPSK()
			f := &r.Findings[0]
			f.Evidence = f.Evidence[:1]
			f.Evidence[0].Time = c.time
			f.FirstSeen, f.LastSeen = c.time, c.time
			var doc struct{ Findings []map[string]json.RawMessage }
			if err := json.Unmarshal(render(t, r, report.Options{Format: report.JSON}), &doc); err != nil {
				t.Fatal(err)
			}
			var evidence []map[string]json.RawMessage
			if err := json.Unmarshal(doc.Findings[0]["evidence"], &evidence); err != nil {
				t.Fatal(err)
			}
			for what, got := range map[string]string{
				"finding":  fields(doc.Findings[0], "last_seen", "precision", "assumed"),
				"evidence": fields(evidence[0], "time", "precision", "assumed"),
			} {
				if got != c.want {
					t.Errorf("%s has %s, want %s", what, got, c.want)
				}
			}
		})
	}
}

func fields(o map[string]json.RawMessage, names ...string) string {
	var out []string
	for _, n := range names {
		if v, ok := o[n]; ok {
			out = append(out, string(v))
		}
	}
	return strings.Join(out, " ")
}

// TestMessage checks that a line of a log is shown without what stands beside
// it.
func TestMessage(t *testing.T) {
	for line, want := range map[string]string{
		"Nov 21 12:00:01 filiale charon[812]: 14[IKE] giving up":        "14[IKE] giving up",
		"Nov 21 12:00:01 14[CFG] looking for pre-shared key: none":      "14[CFG] looking for pre-shared key: none",
		"2024-11-21T12:00:01 14[IKE] <3> giving up":                     "14[IKE] <3> giving up",
		"Nov 21 12:00:01.584685: \"to-peer\" #1: sent":                  "\"to-peer\" #1: sent",
		"a line that says 12:00:01 somewhere in its middle and no more": "a line that says 12:00:01 somewhere in its middle and no more",
	} {
		r := wrongPSK()
		f := &r.Findings[0]
		f.Evidence = []diag.Evidence{line1(line)}
		if got := string(render(t, r, report.Options{Width: 200})); !strings.Contains(got, "  "+want+"\n") {
			t.Errorf("%q is not shown as %q:\n%s", line, want, got)
		}
	}
}

func line1(text string) diag.Evidence { return line(0, "198.51.100.66", 1, at(1), text) }

// TestHarmless: what stops nothing does not explain a tunnel that fails, and
// what can is called a cause there, however light it is elsewhere.
func TestHarmless(t *testing.T) {
	for code, want := range map[diag.Code][2]string{
		diag.IKEP2LifetimeMismatch: {"phase 1 failed. Nothing that was given says why.", "Weak point: "},
		diag.IKEXauthFailed:        {"differ. This is proven.", "Cause: "},
	} {
		r := wrongPSK()
		r.Findings = r.Findings[:1]
		r.Findings[0].Code, r.Findings[0].Severity = code, diag.Warning
		got := string(render(t, r, report.Options{Width: 1000}))
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: no %q in\n%s", code, w, got)
			}
		}
	}
}
