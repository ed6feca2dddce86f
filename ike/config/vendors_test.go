package config

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
)

// TestVendorSamples reads what others have published: every file that is
// recognised is read, and what has no place in the model is known.
func TestVendorSamples(t *testing.T) {
	for _, x := range []struct {
		dir         string
		d           Dialect
		conns, kids int
		unknown     []string // words that are no words of the format, as the publisher wrote them
	}{
		{"fortigate", FortiGate, 4, 4, nil},
		{"mikrotik", MikroTik, 1, 1, nil},
		{"paloalto", PaloAlto, 0, 0, nil},
	} {
		conns, kids := 0, 0
		files(t, recordings.Path(t, "configs/"+x.dir), func(string) bool { return true }, func(p string, b []byte) {
			c, err := Parse(p, bytes.NewReader(b), Options{})
			if err != nil || c.Dialect != x.d {
				t.Errorf("%s: %v %v", p, c.Dialect, err)
				return
			}
			conns += len(c.Connections)
			list := slices.Clone(c.Unknown)
			for i := range c.Connections {
				kids += len(c.Connections[i].Children)
				list = append(list, c.Connections[i].Unknown...)
			}
			if strings.HasSuffix(p, ".md") {
				return // running text has other lines too
			}
			for _, u := range list {
				if !u.Word && !slices.Contains(x.unknown, u.Key) {
					t.Errorf("%v: %s %s is not known", u.At, u.Section, u.Key)
				}
			}
			for _, e := range c.Problems {
				if !errors.Is(e, ErrUnclosed) { // an excerpt
					t.Error(e)
				}
			}
			t.Logf("%s: %d connections, %d of %d statements", p, len(c.Connections), c.Recognized, c.Units)
		})
		if conns != x.conns || kids != x.kids {
			t.Errorf("%s: %d connections, %d children", x.dir, conns, kids)
		}
	}
}
