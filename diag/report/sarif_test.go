package report_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/report"
)

// sarif is what of SARIF 2.1.0 these tests look at.
type sarif struct {
	Schema  string `json:"$schema"`
	Version string
	Runs    []struct {
		Tool struct {
			Driver struct {
				Name  string
				Rules []struct {
					ID, HelpURI          string
					ShortDescription     struct{ Text string }
					DefaultConfiguration struct{ Level string }
				}
			}
		}
		Invocations []struct {
			ExecutionSuccessful        *bool
			ToolExecutionNotifications []struct{ Message struct{ Text string } }
		}
		Artifacts  []struct{ Location sarifArtifact }
		ColumnKind string
		Results    []struct {
			RuleID           string
			RuleIndex        int
			Kind, Level      string
			Message          struct{ Text string }
			Locations        []sarifLocation
			RelatedLocations []sarifLocation
			Suppressions     []struct{ Kind string }
		}
	}
}

type sarifArtifact struct {
	URI   string
	Index *int
}

type sarifLocation struct {
	PhysicalLocation struct {
		ArtifactLocation sarifArtifact
		Region           *struct{ StartLine int }
	}
	LogicalLocations []struct{ Name, FullyQualifiedName, Kind string }
}

// checkSARIF holds a log to what the standard demands of the objects that it
// uses: the properties that must be there, their values, and the indexes that
// refer to other objects (sections 3.13, 3.14, 3.18, 3.19, 3.20, 3.24, 3.27 to
// 3.30, 3.33, 3.35, 3.49).
func checkSARIF(t *testing.T, doc []byte) (s sarif) {
	t.Helper()
	if err := json.Unmarshal(doc, &s); err != nil {
		t.Fatal(err)
	}
	if s.Version != "2.1.0" || !strings.HasSuffix(s.Schema, "/sarif-schema-2.1.0.json") || len(s.Runs) != 1 {
		t.Errorf("version %s, schema %s, %d runs", s.Version, s.Schema, len(s.Runs))
	}
	run := s.Runs[0]
	rules := run.Tool.Driver.Rules
	if run.Tool.Driver.Name == "" || len(run.Invocations) != 1 || run.Invocations[0].ExecutionSuccessful == nil || run.ColumnKind != "unicodeCodePoints" {
		t.Errorf("no driver, or not one invocation: %+v", run.Tool.Driver.Name)
	}
	ids := map[string]bool{}
	for _, r := range rules {
		if r.ID == "" || ids[r.ID] {
			t.Errorf("rule %q twice, or without an ID", r.ID)
		}
		ids[r.ID] = true
		if u, err := url.Parse(r.HelpURI); r.HelpURI != "" && (err != nil || !u.IsAbs()) {
			t.Errorf("help URI %q", r.HelpURI)
		}
	}
	check := func(l sarifLocation) {
		a := l.PhysicalLocation.ArtifactLocation
		if a.Index == nil || *a.Index < 0 || *a.Index >= len(run.Artifacts) || run.Artifacts[*a.Index].Location.URI != a.URI {
			t.Errorf("location of %q names no artifact", a.URI)
		}
		if u, err := url.Parse(a.URI); err != nil || strings.ContainsAny(a.URI, " <>\"{}|\\^`") || u.IsAbs() != strings.HasPrefix(a.URI, "file:///") {
			t.Errorf("%q is no URI: %v", a.URI, err)
		}
		if r := l.PhysicalLocation.Region; r != nil && r.StartLine < 1 {
			t.Errorf("a region at line %d", r.StartLine)
		}
		for _, x := range l.LogicalLocations {
			if x.Name == "" || x.FullyQualifiedName == "" || x.Kind != "frame" {
				t.Errorf("logical location %+v", x)
			}
		}
	}
	for _, r := range run.Results {
		if r.RuleIndex < 0 || r.RuleIndex >= len(rules) || rules[r.RuleIndex].ID != r.RuleID || r.Message.Text == "" {
			t.Errorf("result of rule %q at %d: %q", r.RuleID, r.RuleIndex, r.Message.Text)
		}
		switch r.Kind + " " + r.Level {
		case "fail error", "fail warning", "fail note", "pass none", "informational none":
		default:
			t.Errorf("kind %q, level %q", r.Kind, r.Level)
		}
		for _, l := range append(r.Locations, r.RelatedLocations...) {
			check(l)
		}
	}
	return s
}

func TestSARIF(t *testing.T) {
	for name, r := range samples(t) {
		s := checkSARIF(t, render(t, r, report.Options{Format: report.SARIF}))
		if n := len(r.Findings) + len(r.Silenced); len(s.Runs[0].Results) != n {
			t.Errorf("%s: %d results of %d findings", name, len(s.Runs[0].Results), n)
		}
	}
	run := checkSARIF(t, render(t, wrongPSK(), report.Options{Format: report.SARIF})).Runs[0]
	first := run.Results[0]
	at := first.Locations[0].PhysicalLocation
	if first.Level != "error" || at.ArtifactLocation.URI != "filiale/swanctl.conf" || at.Region.StartLine != 27 {
		t.Errorf("the cause is %s at %+v", first.Level, at)
	}
	if h := run.Tool.Driver.Rules[0].HelpURI; !strings.HasSuffix(h, "/diag/CODES.md#ike-p1-psk-mismatch") {
		t.Errorf("help at %q", h)
	}
	frames := 0
	for _, l := range first.RelatedLocations {
		if len(l.LogicalLocations) > 0 && l.PhysicalLocation.Region == nil {
			frames++
		}
	}
	if frames != 2 {
		t.Errorf("%d frames, want 2", frames)
	}
	if s := checkSARIF(t, render(t, several(), report.Options{Format: report.SARIF})).Runs[0].Results; s[len(s)-1].Suppressions == nil {
		t.Error("what the caller silenced is not suppressed")
	}
	for name, want := range map[string]string{"/var/log/a b.log": "file:///var/log/a%20b.log", "c:d/e": "./c:d/e", "-": "-", "": "unnamed", "a/../b": "b"} {
		r := &diag.Report{Sources: []diag.SourceReport{source("s1", name, diag.KindLog, "x", "g1", 1, 1)}}
		if got := checkSARIF(t, render(t, r, report.Options{Format: report.SARIF})).Runs[0].Artifacts[0].Location.URI; got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}
