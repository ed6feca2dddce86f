package state

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestCorpus reads every dump of the corpus: no fault, no unknown line.
func TestCorpus(t *testing.T) {
	dir := recordings.Path(t, "corpus")
	want := map[string]Format{
		"list-sas.txt": SwanctlSAs, "statusall.txt": StrokeStatus, "xfrm-state.txt": XfrmState,
		"xfrm-policy.txt": XfrmPolicy, "xfrm_stat.txt": XfrmStat,
	}
	seen := map[string]int{}
	files, _ := filepath.Glob(filepath.Join(dir, "*", "*", "*.txt"))
	for _, f := range files {
		_, kind, _ := strings.Cut(filepath.Base(f), ".")
		format, ok := want[kind]
		if !ok {
			continue
		}
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if len(bytes.TrimSpace(b)) == 0 {
			format = FormatEmpty
		}
		st, err := Parse(f, bytes.NewReader(b))
		if err != nil {
			t.Errorf("%v", err)
		}
		if st.Format != format {
			t.Errorf("%s: format %v, want %v", f, st.Format, format)
		}
		for _, l := range st.Unknown {
			t.Errorf("%s:%d: unknown line %q", f, l.Number, l.Text)
		}
		for _, sa := range st.SAs {
			if sa.State == IKEUnknown || sa.Cookies[0] == ([8]byte{}) || !sa.Local.Address.IsValid() || len(sa.Proposal.Unknown) > 0 {
				t.Errorf("%s:%d: incomplete SA %+v", f, sa.Line, sa)
			}
			for _, c := range sa.Children {
				if c.State == ChildUnknown || c.In.SPI == 0 || len(c.Local) == 0 || len(c.Proposal.Unknown) > 0 {
					t.Errorf("%s:%d: incomplete child %+v", f, c.Line, c)
				}
			}
		}
		seen[kind]++
	}
	for kind := range want {
		if seen[kind] == 0 {
			t.Errorf("no %s read", kind)
		}
	}
	t.Log(seen)
}

// TestNothingElse: logs, configurations and recordings are no dumps, and the
// dumps that are not read are known by name.
func TestNothingElse(t *testing.T) {
	dir := recordings.Path(t, "corpus")
	files, _ := filepath.Glob(filepath.Join(dir, "*", "*", "*"))
	n := 0
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		got := Detect(b[:min(len(b), 4096)])
		switch _, kind, _ := strings.Cut(filepath.Base(f), "."); kind {
		case "whack-status.txt":
			if got != WhackStatus && got != FormatEmpty {
				t.Errorf("%s: %v", f, got)
			}
		case "log", "pcap", "swanctl.conf", "ipsec.conf", "ipsec.secrets", "cert.pem", "json":
			n++
			if got != FormatUnknown && got != FormatEmpty {
				t.Errorf("%s: taken for %v", f, got)
			}
		}
	}
	if n == 0 {
		t.Error("nothing looked at")
	}
}

// TestGolden compares whole States with what was reviewed.
func TestGolden(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join("testdata", "*.txt"))
	if len(files) == 0 {
		t.Fatal("no dumps in testdata")
	}
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			st, err := Parse(filepath.Base(f), bytes.NewReader(b))
			var out strings.Builder
			if err != nil {
				fmt.Fprintf(&out, "error: %v\n", err)
			}
			dump(&out, "", reflect.ValueOf(*st))
			golden := strings.TrimSuffix(f, ".txt") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(out.String()), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if out.String() != string(want) {
				t.Errorf("differs from %s:\n%s", golden, diff(string(want), out.String()))
			}
		})
	}
}

// diff shows the first lines that differ.
func diff(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return fmt.Sprintf("line %d\n-%s\n+%s", i+1, x[i], y[i])
		}
	}
	return fmt.Sprintf("%d lines, %d lines", len(x), len(y))
}

// dump writes every field that is not zero on a line of its own.
func dump(w *strings.Builder, path string, v reflect.Value) {
	if v.IsZero() {
		return
	}
	if s, ok := v.Interface().(fmt.Stringer); ok && v.Kind() != reflect.Slice {
		fmt.Fprintf(w, "%s: %s\n", path, s)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		dump(w, path, v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if f.IsExported() {
				dump(w, strings.TrimPrefix(path+"."+f.Name, "."), v.Field(i))
			}
		}
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			fmt.Fprintf(w, "%s: %x\n", path, v.Interface())
			return
		}
		for i := range v.Len() {
			dump(w, fmt.Sprintf("%s[%d]", path, i), v.Index(i))
		}
	default:
		fmt.Fprintf(w, "%s: %v\n", path, v.Interface())
	}
}
