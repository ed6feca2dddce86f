package main

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
)

// differences lists where the tsv form and the reference decode are known to
// differ, by capture, frame and column, each with its reason. It holds all of
// them: TestAgreement fails at any other difference, and where one of these is
// gone.
var differences = map[string]string{
	"corelight+zeek-spicy-ipsec/ipsec-ikev1-payload-bad-length.pcap 1 isakmp.typepayload": "" +
		"after a payload whose length is 3 the reference goes on at a place that is no payload; nothing tells where the next one is",
	"the-tcpdump-group+tcpdump/ISAKMP_sa_setup.pcap 3 isakmp.typepayload": "" +
		"the reference takes payload 15, NAT-D in draft-ietf-ipsec-nat-t-ike-00, for GDOI's SA KEK payload and gives up at the first of two",
	"the-tcpdump-group+tcpdump/ISAKMP_sa_setup.pcap 4 isakmp.typepayload": "" +
		"as in frame 3",
	"the-tcpdump-group+tcpdump/ikev2pI2-segfault.pcapng 1 isakmp.typepayload": "" +
		"a transform names payload 46 as the next one, which ends the proposal's list; the reference goes by the number of transforms, takes one more, and gives up at the next proposal, whose length is absurd",
}

// TestAgreement compares the tsv form of every capture with the reference
// decode, column by column.
func TestAgreement(t *testing.T) {
	dir := recordings.Path(t, "captures")
	open := maps.Clone(differences)
	compared, files := 0, 0
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !slices.Contains([]string{".pcap", ".pcapng", ".cap"}, filepath.Ext(path)) {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(rel)
		expected, err := os.ReadFile(filepath.Join(dir, "expected", strings.Replace(name, "/", "__", 1)+".tsv"))
		if err != nil {
			t.Logf("%s: no reference decode", name)
			return nil
		}
		var out, complaints bytes.Buffer
		run([]string{"-format", "tsv", path}, nil, &out, &complaints)
		files++
		want, got := table(expected), table(out.Bytes())
		for number := range got {
			if want[number] == nil {
				t.Errorf("%s frame %s: the reference does not have it", name, number)
			}
		}
		for number, w := range want {
			g := got[number]
			if g == nil {
				t.Errorf("%s frame %s: only the reference has it", name, number)
				continue
			}
			for _, c := range columns {
				compared++
				if g[c] == w[c] {
					continue
				}
				key := name + " " + number + " " + c
				if differences[key] == "" {
					t.Errorf("%s: got %q, reference %q", key, g[c], w[c])
				}
				delete(open, key)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for key := range open {
		t.Errorf("%s: listed as a difference and is none", key)
	}
	if files < 100 || compared < 80_000 {
		t.Errorf("only %d values of %d captures compared", compared, files)
	}
	t.Logf("%d values of %d captures compared, %d differ", compared, files, len(differences))
}

// table reads a tsv by frame number and column.
func table(b []byte) map[string]map[string]string {
	lines := strings.Split(strings.TrimRight(string(b), "\n"), "\n")
	names := strings.Split(lines[0], "\t")
	rows := map[string]map[string]string{}
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, v := range strings.Split(line, "\t") {
			if i < len(names) {
				row[names[i]] = v
			}
		}
		rows[row["frame.number"]] = row
	}
	return rows
}
