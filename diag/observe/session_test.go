package observe

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
)

// Every line of a session that is no command is in one part, under its number.
func TestParts(t *testing.T) {
	long := strings.Repeat("x", 200<<10)
	for _, text := range []string{
		"", "\n", "gw#show version\n", "gw#show version", "a\ngw# show run\nb\nc", "a\r\ngw# show run\r\nb\r\n" + long + "\nc\ngw#ping x\nd\n",
		"------ show version ------\n" + long + "\n------ show run ------\ncrypto map M 10 set peer 192.0.2.1\ncrypto map M interface outside\n------ show x ------\n" + long,
	} {
		whole := Detected{Kind: diag.KindUnknown}
		parts, err := Parts(strings.NewReader(text), whole)
		if err != nil {
			t.Fatal(err)
		}
		lines := bytes.SplitAfter([]byte(text), []byte("\n"))
		seen := make([]int, len(lines))
		for _, p := range parts {
			b, err := io.ReadAll(Only(strings.NewReader(text), p.Lines))
			if err != nil {
				t.Fatal(err)
			}
			got := bytes.SplitAfter(b, []byte("\n"))
			for i := range got {
				switch {
				case i >= len(lines):
					t.Fatalf("%.40q: line %d is none", text, i+1)
				case bytes.Equal(got[i], lines[i]) && len(bytes.TrimSpace(got[i])) > 0:
					seen[i]++
				case len(bytes.TrimSpace(got[i])) > 0:
					t.Errorf("%.40q: line %d: %.40q", text, i+1, got[i])
				}
			}
		}
		for i, l := range lines {
			want := 1
			if len(bytes.TrimSpace(l)) == 0 || commandLine(l) {
				want = 0
			}
			if seen[i] != want {
				t.Errorf("%.40q: line %d is in %d parts", text, i+1, seen[i])
			}
		}
	}
}

// Beyond the limit outputs are no longer told apart.
func TestPartsMany(t *testing.T) {
	text := strings.Repeat("a#show x\nb\n", 3*maxOutputs)
	parts, err := Parts(strings.NewReader(text), Detected{})
	if err != nil || len(parts) != 1 || len(parts[0].Lines) > maxOutputs+2 {
		t.Fatalf("%d parts, %v", len(parts), err)
	}
	b, _ := io.ReadAll(Only(strings.NewReader(text), parts[0].Lines))
	if n := strings.Count(string(b), "b\n"); n != 3*maxOutputs {
		t.Errorf("%d outputs", n)
	}
}

// What merely looks like a prompt is none.
func TestIsSession(t *testing.T) {
	for text, want := range map[string]bool{
		"gw# show run\n": true, "x\ngw>show clock\n": true, "> show version\n": true, "---------- show version ----------\n": true, "gw(config)# do show run\n": true,
		"# show run\n": false, "gw# \n": false, "gw(config)# crypto map x\n": false, "<134>show run\n": false, "Jan 1 gw# show run\n": false, "conn a#b\n": false, "\"a# show run\n": false,
		"\n\r\ngw#sh run": true, "-gw# show run\n": true, "----show run\n": true, "- gw# show run\n": false, "gw\t# show run\n": false, "-\n# show run\n": false,
	} {
		if got := IsSession([]byte(text)); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func FuzzParts(f *testing.F) {
	f.Add([]byte("gw# show run\ncrypto map M interface outside\ngw# show crypto isakmp sa\nIKEv1 SAs:\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		parts, err := Parts(bytes.NewReader(b), Detected{})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range parts {
			got, _ := io.ReadAll(Only(bytes.NewReader(b), p.Lines))
			if bytes.Count(got, []byte("\n")) != bytes.Count(b, []byte("\n")) {
				t.Error("lines got lost")
			}
		}
	})
}
