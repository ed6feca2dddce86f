package rules_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/diagtest"
	"github.com/ikediag/ikediag/diag/rules"
)

// Every row of the Securepoint page, as either end alone, both, and pasted
// with the viewer's columns.
func TestSecurepoint(t *testing.T) { diagtest.Run(t, "testdata/securepoint/*.txtar", rules.Default()) }

func TestFixtures(t *testing.T) { diagtest.Run(t, "testdata/*.txtar", rules.Default()) }

// What befalls tunnels in numbers: several faults, children, tunnels, gateways
// and attempts, each laid where it belongs.
func TestScenarios(t *testing.T) { diagtest.Run(t, "testdata/scenarios/*.txtar", rules.Default()) }

// Every rule is documented: what it means, what to do, how common it is among
// what looks like it.
func TestDocumentation(t *testing.T) {
	for _, r := range rules.Default() {
		e, known := diag.Lookup(r.Code)
		if !known {
			t.Errorf("%s is no code of the catalogue", r.Code)
		}
		if r.Doc.Meaning == "" {
			t.Errorf("%s does not say what it means", r.Code)
		}
		if e.Kind == diag.Cause && (r.Doc.Remedy == "" || r.Doc.Common == 0) {
			t.Errorf("%s: a cause needs a remedy and how common it is", r.Code)
		}
		for _, l := range r.Doc.LookAlikes {
			if _, known := diag.Lookup(l.Code); !known {
				t.Errorf("%s: look-alike %s is no code of the catalogue", r.Code, l.Code)
			}
			if l.Ask.Why == "" {
				t.Errorf("%s: nothing says what would decide %s", r.Code, l.Code)
			}
		}
		for _, c := range r.Doc.Explains {
			if _, known := diag.Lookup(c); !known {
				t.Errorf("%s explains %s, which is no code of the catalogue", r.Code, c)
			}
		}
		for _, ref := range r.Doc.References {
			if !strings.HasPrefix(ref.Link(), "https://") || ref.Title == "" {
				t.Errorf("%s: reference %+v", r.Code, ref)
			}
		}
	}
}

// Every rule has a fixture where it finds something and one where it must not.
// EVID-CAPTURE-PARTIAL takes a flood, which diag/ingest's TestFlood makes.
func TestEveryRuleHasFixtures(t *testing.T) {
	var positive, negative strings.Builder
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	more, _ := filepath.Glob("testdata/securepoint/*.txtar")
	for _, f := range append(files, more...) {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(b)) {
			if strings.HasPrefix(line, "not: ") {
				negative.WriteString(line)
			} else if strings.HasPrefix(line, "first: ") || strings.HasPrefix(line, "want: ") || strings.Contains(line, "// want ") {
				positive.WriteString(line)
			}
		}
	}
	for _, r := range rules.Default() {
		if r.Code == diag.EvidCapturePartial {
			continue
		}
		if !strings.Contains(positive.String(), string(r.Code)) {
			t.Errorf("%s: no fixture in which it is found", r.Code)
		}
		if !strings.Contains(negative.String(), string(r.Code)) {
			t.Errorf("%s: no fixture in which it must not be found", r.Code)
		}
	}
}

// Every code of the catalogue has a rule, or stands in the list of those that
// have none, with the evidence that one would need; never both.
func TestCatalogueIsCovered(t *testing.T) {
	const most = 15
	have := map[diag.Code]bool{}
	for _, r := range rules.Default() {
		have[r.Code] = true
	}
	listed := map[diag.Code]bool{}
	for _, u := range rules.Unruled() {
		if _, known := diag.Lookup(u.Code); !known || listed[u.Code] || u.Needs == "" {
			t.Errorf("%s: listed twice, unknown, or nothing says what it needs", u.Code)
		}
		listed[u.Code] = true
	}
	for _, e := range diag.Catalogue() {
		if have[e.Code] == listed[e.Code] {
			t.Errorf("%s: has a rule: %v, is listed as without: %v", e.Code, have[e.Code], listed[e.Code])
		}
	}
	if len(listed) > most {
		t.Errorf("%d codes without a rule, more than %d", len(listed), most)
	}
}
