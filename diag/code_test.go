package diag_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
)

var update = flag.Bool("update", false, "rewrite golden files")

// The codes are pinned: one may be added, none changed or removed.
func TestCodesArePinned(t *testing.T) {
	const golden = "testdata/codes.txt"
	var b strings.Builder
	seen := map[diag.Code]bool{}
	for _, e := range diag.Catalogue() {
		if seen[e.Code] {
			t.Errorf("%s is listed twice", e.Code)
		}
		seen[e.Code] = true
		b.WriteString(strings.Join([]string{string(e.Code), e.Kind.String(), e.Phase.String(), string(e.Parent)}, " ") + "\n")
	}
	for _, e := range diag.Catalogue() {
		if e.Parent != "" && !seen[e.Parent] {
			t.Errorf("%s: parent %s does not exist", e.Code, e.Parent)
		}
		if got, ok := diag.Lookup(e.Code); !ok || got != e {
			t.Errorf("%s: lookup gives %+v", e.Code, got)
		}
	}
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got := b.String(); got != string(want) {
		t.Errorf("the catalogue is not the pinned one (run with -update after adding a code)")
	}
	if _, ok := diag.Lookup("NO-SUCH-CODE"); ok {
		t.Error("a code that does not exist is found")
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"plain": "plain", "a\x1b[31mb": `a\x1b[31mb`, "x\u202ey": `x\u202ey`, "\xff\xfe": `\xff\xfe`, "tab\there": "tab here",
		"\u00e9": "\u00e9", "\u200f": `\u200f`, "nl\n": `nl\x0a`, "\U000e0041": `\U000e0041`,
	} {
		if got := diag.Clean(in, 100); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got := diag.Clean(strings.Repeat("x", 1000), 10); got != "xxxxxxxxxx…" {
		t.Errorf("%q", got)
	}
}

func TestSoftwareVersions(t *testing.T) {
	for _, x := range []struct {
		version         string
		before, atLeast bool // 5.2.2
	}{
		{"5.2.1", true, false}, {"5.2.2", false, true}, {"5.9.8", false, true}, {"5.10", false, true}, {"4.6.4", true, false},
		{"6.0.0beta1", false, true}, {"5.2.2dr3", false, true}, {"", false, false}, {"rekeyed", false, false}, {"5", false, false}, {"5.1", true, false}, {"99999999999", false, true},
	} {
		s := diag.Software{Version: x.version}
		if s.Before(5, 2, 2) != x.before || s.AtLeast(5, 2, 2) != x.atLeast {
			t.Errorf("%q: before %v, at least %v", x.version, s.Before(5, 2, 2), s.AtLeast(5, 2, 2))
		}
	}
}
