package logparse

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

//go:generate go test -run ^TestMatrix$ -update .

// The markers between which diag/SUPPORT.md has the matrix.
const (
	matrixBegin = "<!-- dialects: go generate ./logparse -->\n"
	matrixEnd   = "<!-- end of dialects -->\n"
)

// TestMatrix holds diag/SUPPORT.md to the dialects: which there are, what each rests
// on as its fixtures and the ledger of samples tell, how many messages it knows,
// and of which releases the wording is known. go generate writes it anew.
func TestMatrix(t *testing.T) {
	path := filepath.Join("..", "diag", "SUPPORT.md")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok := strings.Cut(string(b), matrixBegin)
	old, tail, ok2 := strings.Cut(rest, matrixEnd)
	if !ok || !ok2 {
		t.Fatal("diag/SUPPORT.md has no place for the dialects")
	}
	matrix := matrix(t)
	if *update {
		if err := os.WriteFile(path, []byte(head+matrixBegin+matrix+matrixEnd+tail), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if old != matrix {
		t.Errorf("the table of dialects is not current: %s", firstDifference([]byte(old), []byte(matrix)))
	}
}

func matrix(t *testing.T) string {
	t.Helper()
	samples := sampled(t)
	var b strings.Builder
	b.WriteString("| dialect | rests on | messages known | of them recalled | releases whose wordings are told apart |\n|---|---|---|---|---|\n")
	for _, d := range Dialects() {
		tier := computedTier(t, d, samples)
		if tier != d.Basis {
			t.Errorf("%s: its fixtures rest on %s, it says %s", d.Name, tierNames[tier], tierNames[d.Basis])
		}
		known, recalled, wording := 0, 0, releases{}
		for i, list := range d.lists() {
			known += len(list)
			if i >= len(d.Templates) || d.Basis == Recalled {
				recalled += len(list)
			}
			for j := range list {
				wording.add(list[j].Since)
				wording.add(list[j].Until)
			}
		}
		fmt.Fprintf(&b, "| %s | %s | %d | %d | %s |\n", d.Name, tierNames[tier], known, recalled, wording)
	}
	return b.String()
}

var tierNames = [...]string{Recorded: "recorded", PublicSample: "public samples", Recalled: "recalled"}

// computedTier is what a dialect's fixtures and the samples of it rest on.
func computedTier(t *testing.T, d *Dialect, samples map[string]bool) Basis {
	files, _ := filepath.Glob(filepath.Join("testdata", d.Name, "*.txtar"))
	tier := Recalled
	if samples[d.Name] {
		tier = PublicSample
	}
	for _, path := range files {
		switch readFixture(t, path).basis {
		case "recorded":
			tier = Recorded
		case "sample":
			tier = max(tier, PublicSample)
		}
	}
	return tier
}

// sampled returns the dialects of which the ledger of public excerpts has some.
func sampled(t *testing.T) map[string]bool {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "diag", "ingest", "testdata", "samples.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	of := map[string]string{"openswan": "libreswan", "pfsense": "strongswan", "vyos": "strongswan", "alibaba-vpn": "alibaba"}
	has := map[string]bool{}
	for line := range strings.Lines(string(b)) {
		vendor, _, _ := strings.Cut(line, "/")
		if d, ok := of[vendor]; ok {
			vendor = d
		}
		has[vendor] = true
	}
	return has
}

// releases is the first and the last release of a list.
type releases struct{ from, to string }

func (s *releases) add(release string) {
	if release == "" {
		return
	}
	if s.from == "" || older(release, s.from) {
		s.from = release
	}
	if s.to == "" || older(s.to, release) {
		s.to = release
	}
}

func (s releases) String() string {
	switch {
	case s.from == "":
		return "not known"
	case s.from == s.to:
		return s.from + " and newer"
	}
	return s.from + " to " + s.to
}

// older compares releases number by number.
func older(a, b string) bool {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(x), len(y)) {
		m, n := leading(x[i]), leading(y[i])
		if m != n {
			return m < n
		}
	}
	return len(x) < len(y)
}

// leading reads the digits that s begins with.
func leading(s string) int {
	n, _ := strconv.Atoi(s[:digits([]byte(s))])
	return n
}
