package report_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/report"
	"github.com/ikediag/ikediag/ike/config"
	"github.com/ikediag/ikediag/ike/state"
	"github.com/ikediag/ikediag/logparse"
)

//go:generate go test -run ^TestSupport$ -update .

const (
	supportBegin = "<!-- products: go generate ./diag/report -->\n"
	supportEnd   = "<!-- end of products -->\n"
)

// TestSupport holds the README's table to the products that there are guides
// for: of which the log is read, on what basis and of which releases, of which
// the configuration, of which the state.
func TestSupport(t *testing.T) {
	readme := filepath.Join("..", "..", "README.md")
	b, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok := strings.Cut(string(b), supportBegin)
	old, tail, ok2 := strings.Cut(rest, supportEnd)
	if !ok || !ok2 {
		t.Fatal("the README has no place for the products")
	}
	got := support(releases(t))
	if old == got {
		return
	}
	if !*update {
		t.Fatal("the README's table of products is not current: run go generate ./diag/report")
	}
	if err := os.WriteFile(readme, []byte(head+supportBegin+got+supportEnd+tail), 0o644); err != nil {
		t.Fatal(err)
	}
}

// releases returns those whose wordings are told apart, by dialect, as the table
// of dialects has them that package logparse makes.
func releases(t *testing.T) map[string]string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "SUPPORT.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(b), "<!-- dialects: go generate ./logparse -->\n")
	table, _, _ = strings.Cut(table, "<!-- end of dialects -->\n")
	of := map[string]string{}
	for line := range strings.Lines(table) {
		if f := strings.Split(line, " | "); len(f) == 5 {
			of[strings.TrimPrefix(f[0], "| ")] = strings.TrimSuffix(f[4], " |\n")
		}
	}
	if len(of) < len(logparse.Dialects()) {
		t.Fatalf("diag/SUPPORT.md has %d dialects of %d", len(of), len(logparse.Dialects()))
	}
	return of
}

func support(releases map[string]string) string {
	basis := map[string]logparse.Basis{}
	for _, d := range logparse.Dialects() {
		basis[d.Name] = d.Basis
	}
	states := map[string]bool{}
	for f := state.Format(0); !strings.HasPrefix(f.String(), "Format("); f++ {
		states[f.String()] = f.Readable()
	}
	rows := []struct {
		what string
		of   func(source string) bool
	}{
		{"logs, recorded from the daemon", func(s string) bool { b, ok := basis[s]; return ok && b == logparse.Recorded }},
		{"logs, by public samples", func(s string) bool { b, ok := basis[s]; return ok && b == logparse.PublicSample }},
		{"logs, recalled", func(s string) bool { b, ok := basis[s]; return ok && b == logparse.Recalled }},
		{"configurations", func(s string) bool { return config.Dialect(s).Read() }},
		{"tables of SAs and policies", func(s string) bool { return states[s] }},
	}
	all := report.Guides()
	slices.SortStableFunc(all, func(a, b report.Guide) int { return strings.Compare(order(a), order(b)) })
	var b strings.Builder
	b.WriteString("| | of these products |\n|---|---|\n")
	for _, r := range rows {
		var of []string
		for _, g := range all {
			tables := strings.HasPrefix(r.what, "tables") && len(g.State) > 0 && g.State[0].Command != "" && !strings.Contains(g.State[0].Note, "does not read")
			if tables || slices.ContainsFunc(g.Sources, r.of) {
				name := strings.Replace(g.Product, "Any ", "any ", 1)
				if i := slices.IndexFunc(g.Sources, r.of); strings.HasPrefix(r.what, "logs") && releases[g.Sources[i]] != "not known" {
					name += " (" + releases[g.Sources[i]] + ")"
				}
				of = append(of, name)
			}
		}
		fmt.Fprintf(&b, "| %s | %s |\n", r.what, strings.Join(of, ", "))
	}
	return b.String()
}
