package logparse

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestPretty reads what journalctl -o json-pretty wrote of systemd 252's journal,
// and the same as jq writes it.
func TestPretty(t *testing.T) {
	journal, err := os.ReadFile("testdata/carriers/json-pretty.json")
	if err != nil {
		t.Fatal(err)
	}
	jq := strings.ReplaceAll(strings.ReplaceAll(string(journal), "\" : ", "\": "), "\t", "  ")
	slurped := "[\n  " + strings.ReplaceAll(strings.ReplaceAll(strings.TrimSpace(jq), "\n", "\n  "), "\n  }\n  {", "\n  },\n  {") + "\n]\n"
	for name, log := range map[string]string{"journalctl": string(journal), "jq": jq, "jq -s": slurped} {
		at := 0
		if name == "jq -s" {
			at = 1 // line of a bracket
		}
		if d, _, score := Detect([]byte(log)); d != "strongswan" || score < 60 {
			t.Errorf("%s: %s, %d", name, d, score)
		}
		var want []string
		for _, w := range [...]struct {
			line int
			said string
		}{
			{19, `foreign gw  -1 "Journal started"`},
			{56, `foreign gw  -1 "System Journal (/var/log/journal/00000000000000000000000000000001.ikerec) is 8.0M, max 4.0G, 3.9G free."`},
			{78, `initiating gw a 5 "initiating Main Mode IKE_SA a[1] to 192.0.2.1"`},
			{107, `unknown gw  -1 "received NO_PROPOSAL_CHOSEN error notify\xff"`}, // an array of octets
			{165, `foreign gw  -1 "two\nlines \"q\""`},
			{193, `foreign gw  -1 "Journal stopped"`},
		} {
			want = append(want, fmt.Sprint(w.line+at, " ", w.said))
		}
		got := slices.DeleteFunc(readPretty(t, new(Parser), log), func(s string) bool { return strings.HasSuffix(s, `"["`) || strings.HasSuffix(s, `"]"`) })
		if !slices.Equal(got, want) {
			t.Errorf("%s:\n got %s\nwant %s", name, strings.Join(got, "\n     "), strings.Join(want, "\n     "))
		}
	}
}

func readPretty(t *testing.T, p *Parser, log string) (got []string) {
	for e, err := range p.Events(strings.NewReader(log)) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%d %v %s %s %d %q", e.Number, e.Kind, e.Prefix.Host, e.Prefix.Connection, e.Prefix.Thread, e.Text))
	}
	return got
}

// TestPrettyCut: an object that is cut short takes nothing with it that is not its
// own, and what is none at all is read as before.
func TestPrettyCut(t *testing.T) {
	const line, object = "Jun  9 04:01:25 gw charon[7]: 10[IKE] no proposal found\n", "{\n\t\"MESSAGE\" : \"10[IKE] no proposal found\"\n}\n"
	const said = `proposal-not-found %s  10 "no proposal found"`
	for log, want := range map[string][]string{
		object + line:                            {"2 " + fmt.Sprintf(said, ""), "4 " + fmt.Sprintf(said, "gw")},
		"{\n\t\"_PID\" : \"7\",\n" + object:      {"4 " + fmt.Sprintf(said, "")},
		"{\n\t\"MESSAGE\" : [\n\t\t49,\n" + line: {"4 " + fmt.Sprintf(said, "gw")},
		strings.TrimSuffix(object, "}\n"):        {"2 " + fmt.Sprintf(said, "")},
		"{\n" + line:                             {"2 " + fmt.Sprintf(said, "gw")},
		"{\n}\n" + line:                          {"3 " + fmt.Sprintf(said, "gw")},
		"{\n\t\"a\" : {\n\t}\n}\n" + object:      {"6 " + fmt.Sprintf(said, "")},
		"{\n\t\"a\" : 1,\n\"net\" #1: no suitable connection for peer\n":     {`3 unknown  net -1 "no suitable connection for peer"`},
		"__CURSOR=1\n{\nMESSAGE=10[IKE] no proposal found\n\n" + object:      {"3 " + fmt.Sprintf(said, ""), "6 " + fmt.Sprintf(said, "")},
		"{\n\t\"a\" : 1,\n__CURSOR=1\nMESSAGE=10[IKE] no proposal found\n\n": {"4 " + fmt.Sprintf(said, "")},
	} {
		if got := readPretty(t, new(Parser), log); !slices.Equal(got, want) {
			t.Errorf("%q:\n got %q\nwant %q", log, got, want)
		}
	}
}

// TestPrettyBounds: an object that never ends is not kept, and reading one costs no
// memory once there was one.
func TestPrettyBounds(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	var p Parser
	var e Event
	p.Parse([]byte("{"), &e)
	member := []byte("\t\"A\" : \"" + strings.Repeat("a", 1000) + "\",")
	for range 4 * maxExport / len(member) {
		p.Parse(member, &e)
	}
	if c := cap(p.pretty.buf); c > 2*maxExport {
		t.Errorf("%d octets kept", c)
	}
	lines := [...][]byte{[]byte("{"), []byte("\t\"_PID\" : \"7\","), []byte("\t\"MESSAGE\" : \"10[IKE] no proposal\\u0020found\""), []byte("}")}
	if n := testing.AllocsPerRun(100, func() {
		for _, l := range lines {
			p.Parse(l, &e)
		}
		if e.Kind != ProposalNotFound {
			t.Fatal(e.Kind)
		}
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
