package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/diag/rules"
)

// What a log tells of a tunnel that fails can be scraped, with the labels that
// the alert rules ask for.
func TestCollect(t *testing.T) {
	engine, err := diag.NewEngine(rules.Default(), diag.Options{})
	if err != nil {
		t.Fatal(err)
	}
	log, err := os.ReadFile("../diagnose/testdata/wrong-psk/branch/charon.log")
	if err != nil {
		t.Fatal(err)
	}
	feed := ingest.NewFeed(engine, diag.Source{Name: "charon"}, ingest.Options{})
	if _, err := feed.Write(log); err != nil {
		t.Fatal(err)
	}
	c := &collector{engine: engine, now: func() time.Time { return time.Now().Add(time.Hour) }}
	if problems, err := testutil.CollectAndLint(c); err != nil || len(problems) > 0 {
		t.Error(problems, err)
	}
	registry := prometheus.NewPedanticRegistry()
	if err := registry.Register(c); err != nil {
		t.Fatal(err)
	}
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, f := range families {
		all.WriteString(f.String())
	}
	for _, want := range []string{"ikediag_tunnel_up", "IKE-P1-PSK-MISMATCH", "opened", `name:"a"`, `name:"verdict"`} {
		if !strings.Contains(strings.ReplaceAll(all.String(), ": ", ":"), want) {
			t.Errorf("no %s in %s", want, all.String())
		}
	}
}

// Each metric that an alert asks for is one that is served.
func TestAlerts(t *testing.T) {
	b, err := os.ReadFile("alerts.yml")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(b)) {
		expr, ok := strings.CutPrefix(strings.TrimSpace(line), "expr: ")
		if !ok {
			continue
		}
		n++
		at := strings.Index(expr, "ikediag_")
		if at < 0 {
			t.Fatalf("%s asks for nothing of ours", expr)
		}
		name := expr[at : at+strings.IndexFunc(expr[at:], func(r rune) bool { return r != '_' && (r < 'a' || r > 'z') })]
		if !strings.Contains(up.String()+finding.String()+changes.String(), `"`+name+`"`) {
			t.Errorf("%s is not served", name)
		}
	}
	if n == 0 {
		t.Error("no alerts")
	}
}

// Prometheus itself takes the alerts, and they fire when they should: by
// promtool, where that is installed.
func TestPromtool(t *testing.T) {
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("no promtool")
	}
	for _, args := range [][]string{{"check", "rules", "alerts.yml"}, {"test", "rules", "testdata/alerts_test.yml"}} {
		if out, err := exec.Command(promtool, args...).CombinedOutput(); err != nil {
			t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
}
