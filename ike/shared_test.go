package ike

import (
	"bufio"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
)

// eachLine calls f for every line of every file below dir, as far as it exists.
func eachLine(t *testing.T, dir string, f func(path, line string)) {
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, ".pcap") || strings.HasSuffix(path, ".pcapng") {
			return nil
		}
		r, err := os.Open(path)
		if err != nil {
			return err
		}
		defer r.Close()
		sc := bufio.NewScanner(r)
		sc.Buffer(nil, 1<<20)
		for sc.Scan() {
			f(path, sc.Text())
		}
		return nil // a longer line is not one of ours
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestRecordedProposals: every proposal that the recordings and samples hold is
// understood to the last name.
func TestRecordedProposals(t *testing.T) {
	dir := recordings.Path(t)
	logged := regexp.MustCompile(`(?:received|configured|selected) proposals?: (.*)$`)
	status := regexp.MustCompile(`(?:IKE|IKEv1|ESP|AH) algorithms?(?: newest| found| loaded)?: ([^;]+?)(; .*)?$`)
	strong := regexp.MustCompile(`^\s*(ike|esp|ah|proposals|esp_proposals|ah_proposals)\s*=\s*(.+?)\s*$`)
	seen := 0
	check := func(path, text string, ps []Proposal) {
		seen += len(ps)
		for i := range ps {
			for _, u := range ps[i].Unknown {
				t.Errorf("%s: %q holds an unknown %v %q", path, text, u.Kind, u.Name)
			}
			if !ps[i].Default && !hasTokens(&ps[i]) {
				t.Errorf("%s: %q gives nothing", path, text)
			}
		}
	}
	for _, sub := range []string{"corpus", filepath.Join("logs", "samples")} {
		eachLine(t, filepath.Join(dir, sub), func(path, line string) {
			if m := logged.FindStringSubmatch(line); m != nil && strings.Contains(m[1], ":") {
				check(path, m[1], AppendProposals(nil, m[1], ProtocolNone))
			} else if m := status.FindStringSubmatch(line); m != nil && strings.Contains(m[1], "-") {
				ps, _ := AppendConfigProposals(nil, m[1], ProtocolIKE, DialectLibreswan)
				check(path, m[1], ps)
			}
		})
	}
	for _, sub := range []string{"corpus", filepath.Join("configs", "strongswan"), filepath.Join("configs", "libreswan")} {
		eachLine(t, filepath.Join(dir, sub), func(path, line string) {
			m := strong.FindStringSubmatch(line)
			if m == nil || strings.ContainsAny(m[2], " <{$") && !strings.Contains(m[2], ", ") || len(m[2]) < 4 || strings.HasPrefix(m[2], "%") {
				return
			}
			d := DialectStrongSwan
			if strings.Contains(path, "libreswan") {
				d = DialectLibreswan
			}
			p := ProtocolIKE
			switch m[1][0] {
			case 'e':
				p = ProtocolESP
			case 'a':
				p = ProtocolAH
			}
			ps, _ := AppendConfigProposals(nil, m[2], p, d)
			check(path, m[2], ps)
		})
	}
	if seen < 100 {
		t.Errorf("only %d proposals were found", seen)
	}
	t.Log(seen, "proposals")
}

// TestRecordedTransformSets does the same for Cisco's transform sets.
func TestRecordedTransformSets(t *testing.T) {
	dir := recordings.Path(t)
	set := regexp.MustCompile(`crypto ipsec (?:ikev1 )?transform-set \S+ ((?:esp|ah|comp)-.*)$`)
	seen := 0
	for _, sub := range []string{"cisco-ios", "cisco-asa"} {
		eachLine(t, filepath.Join(dir, "configs", sub), func(path, line string) {
			m := set.FindStringSubmatch(line)
			if m == nil {
				return
			}
			for _, p := range AppendCiscoTransforms(nil, m[1]) {
				seen++
				if len(p.Unknown) > 0 && p.Protocol != ProtocolIPComp {
					t.Errorf("%s: %q holds %v", path, m[1], p.Unknown)
				}
			}
		})
	}
	if seen == 0 {
		t.Error("no transform set was found")
	}
	t.Log(seen, "proposals")
}

// TestRecordedSelectors: what the kernels' and daemons' state says of selectors
// is read.
func TestRecordedSelectors(t *testing.T) {
	dir := recordings.Path(t)
	ts := regexp.MustCompile(`^\s*(?:local|remote) +([0-9a-f:.]+/\S+)$|(?:local_ts|remote_ts|leftsubnet|rightsubnet) ?= ?(\S+)$`)
	seen := 0
	eachLine(t, filepath.Join(dir, "corpus"), func(path, line string) {
		m := ts.FindStringSubmatch(line)
		if m == nil {
			return
		}
		for s := range strings.SplitSeq(m[1]+m[2], ",") {
			seen++
			if _, err := ParseSelector(s); err != nil {
				t.Errorf("%s: %v", path, err)
			}
		}
	})
	if seen < 100 {
		t.Errorf("only %d selectors were found", seen)
	}
	t.Log(seen, "selectors")
}
