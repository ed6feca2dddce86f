package logparse

import (
	"bytes"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestInPlace: a text in memory gives the same events as one that comes in
// pieces, is not copied, and stays as it is.
func TestInPlace(t *testing.T) {
	paths, _ := filepath.Glob(filepath.Join("testdata", "*", "*.txtar"))
	logs := map[string][]byte{
		"empty": nil, "one octet": []byte("x"), "one line": []byte("05[IKE] no proposal found"),
		"cut":      []byte("05[IKE] no proposal found\n06[IKE] no peer conf"),
		"blank":    []byte("\n\n\r\n"),
		"wide":     []byte("\xff\xfe0\x005\x00[\x00I\x00K\x00E\x00]\x00 \x00x\x00\n\x00y\x00"),
		"long":     []byte(strings.Repeat("z", 3*DefaultMaxLine) + "\n05[IKE] no proposal found\n"),
		"long end": []byte("05[IKE] no proposal found\n" + strings.Repeat("z", 3*DefaultMaxLine)),
	}
	for _, path := range paths {
		logs[path] = readFixture(t, path).log
	}
	for name, log := range logs {
		events := func(r io.Reader) (list []string) {
			var p Parser
			ids := map[uint64]int{}
			for e, err := range p.Events(r) {
				if err != nil {
					t.Fatal(err)
				}
				list = append(list, describe(e, ids)+" "+string(e.Line))
			}
			return list
		}
		mine := bytes.Clone(log)
		r := bytes.NewReader(mine)
		got, want := events(r), events(struct{ io.Reader }{bytes.NewReader(log)})
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, not %q", name, got, want)
		}
		if !bytes.Equal(mine, log) || r.Len() > 0 {
			t.Errorf("%s: changed, or %d octets left", name, r.Len())
		}
	}
	log := []byte("05[IKE] no proposal found\n06[IKE] no peer config found\n")
	for e := range new(Parser).Events(bytes.NewReader(log)) {
		if &e.Line[0] != &log[0] {
			t.Error("the line is a copy")
		}
		break
	}
}
