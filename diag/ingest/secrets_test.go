package ingest_test

import (
	"os"
	"slices"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/diagtest"
	"github.com/ikediag/ikediag/diag/diagtest/recordings"
	"github.com/ikediag/ikediag/diag/ingest"
)

const (
	branchConf = "conn net\n\tikev2=no\n\tauthby=secret\n\tleft=192.0.2.1\n\tright=198.51.100.2\n\tleftsubnet=10.1.0.0/24\n\trightsubnet=10.2.0.0/24\n\tauto=start\n"
	hqConf     = "conn net\n\tikev2=no\n\tauthby=secret\n\tleft=198.51.100.2\n\tright=192.0.2.1\n\tleftsubnet=10.2.0.0/24\n\trightsubnet=10.1.0.0/24\n\tauto=add\n"
	branchKey  = "192.0.2.1 198.51.100.2 : PSK \"one key that is long enough\"\n"
	hqKey      = "198.51.100.2 192.0.2.1 : PSK \"other key that is long enough\"\n"
)

// Both ends' files lie in one folder, as they do when somebody collects them:
// names tell whose secrets are whose.
func TestSecretsOfBothEnds(t *testing.T) {
	for _, c := range []struct {
		name  string
		files [4]string // configurations and secrets of the branch and of the hub
		want  bool      // the keys are known to differ
	}{
		{"names of their own", [4]string{"branch.conf", "hq.conf", "branch.secrets", "hq.secrets"}, true},
		{"names before and behind", [4]string{"branch.ipsec.conf", "ipsec-hq.conf", "ipsec.secrets.branch", "hq_ipsec.secrets.txt"}, true},
		{"one without a name", [4]string{"ipsec.conf", "hq.ipsec.conf", "ipsec.secrets", "hq.ipsec.secrets"}, true},
		{"one name of secrets fits none", [4]string{"ipsec.conf", "hq.conf", "my.secrets", "hq.secrets"}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := diagnose(t, []ingest.Input{
				memory(c.files[0], "d", []byte(branchConf)), memory(c.files[1], "d", []byte(hqConf)),
				memory(c.files[2], "d", []byte(branchKey)), memory(c.files[3], "d", []byte(hqKey)),
			})
			cause, ok := r.Cause()
			if differ := ok && cause.Code == diag.IKEP1PSKMismatch && cause.Verdict == diag.Confirmed; differ != c.want {
				t.Errorf("the keys differ: %v, want %v\n%s", differ, c.want, diagtest.Summary(r))
			}
		})
	}
	t.Run("one file for both", func(t *testing.T) {
		r := diagnose(t, []ingest.Input{
			memory("branch.conf", "d", []byte(branchConf)), memory("hq.conf", "d", []byte(hqConf)), memory("ipsec.secrets", "d", []byte(branchKey)),
		})
		if cause, ok := r.Cause(); ok {
			t.Errorf("%s, though there is one key\n%s", cause.Code, diagtest.Summary(r))
		}
	})
}

// A file of secrets without any tells of a missing key what it can: somebody may
// have emptied it before handing it over.
func TestEmptySecrets(t *testing.T) {
	missing := func(r *diag.Report) diag.Verdict {
		for i := range r.Findings {
			if f := &r.Findings[i]; f.Code == diag.IKEP1PSKMissing {
				return f.Verdict
			}
		}
		return 0
	}
	conf, empty := memory("ipsec.conf", "b", []byte(branchConf)), memory("ipsec.secrets", "b", nil)
	comment := memory("branch.secrets", "b", []byte("# this file holds shared secrets\n\n"))
	peer, key := memory("ipsec.conf", "a", []byte(hqConf)), memory("ipsec.secrets", "a", []byte(hqKey))
	for _, c := range []struct {
		name string
		in   []ingest.Input
		want diag.Verdict
	}{
		{"a configuration", []ingest.Input{conf, empty}, diag.Possible},
		{"and nothing but comments", []ingest.Input{conf, comment}, diag.Possible},
		{"its name is of something else", []ingest.Input{conf, memory("charon.log", "b", nil)}, 0},
		{"it includes what was not given", []ingest.Input{conf, memory("ipsec.secrets", "b", []byte("include ipsec.d/*.secrets\n"))}, 0},
		{"the key is in another", []ingest.Input{conf, comment, memory("ipsec.secrets", "b", []byte(branchKey))}, 0},
		{"only the peer has one", []ingest.Input{conf, empty, peer, key}, diag.Possible},
		{"nor has the peer", []ingest.Input{conf, empty, peer, memory("ipsec.secrets", "a", nil)}, 0},
		{"it has another key only", []ingest.Input{conf, memory("ipsec.secrets", "b", []byte(": RSA branch.pem\n"))}, diag.Confirmed},
		{"a log does not miss it", []ingest.Input{conf, empty, memory("charon.log", "b", []byte("Jun  9 04:01:24 gw charon: 00[DMN] Starting IKE charon daemon (strongSwan 5.9.8, Linux 6.1.0, x86_64)\n"+
			"Jun  9 04:01:25 gw charon: 05[IKE] initiating Main Mode IKE_SA net[1] to 198.51.100.2\nJun  9 04:01:26 gw charon: 05[IKE] received NO_PROPOSAL_CHOSEN error notify\n"))}, 0},
	} {
		r := diagnose(t, c.in)
		if got := missing(r); got != c.want {
			t.Errorf("%s: %v, want %v\n%s", c.name, got, c.want, diagtest.Summary(r))
		}
		for _, s := range r.Sources {
			if s.Err != "" {
				t.Errorf("%s: %s: %s", c.name, s.Name, s.Err)
			}
		}
	}
}

// Recordings whose ends had their secrets, which are taken away, are not said to
// fail for that, unless they do.
func TestEmptiedSecrets(t *testing.T) {
	t.Parallel()
	n := 0
	for _, s := range scenarios(t, "*") {
		for _, end := range [...]string{"initiator", "responder"} {
			for _, kind := range [...]string{"log", "pcap"} {
				in := s.inputs(t, func(side, k string) bool { return side == end && (k == "ipsec.conf" || k == kind) })
				if len(in) < 2 {
					continue
				}
				n++
				r := diagnose(t, append(in, memory("ipsec.secrets", in[0].Group, nil)))
				for i := range r.Findings {
					if f := &r.Findings[i]; f.Code == diag.IKEP1PSKMissing && f.Verdict >= diag.Likely && !slices.Contains(slices.Concat(s.codes, s.accept), string(f.Code)) {
						t.Errorf("%s, %s's %s: %s, %v\n%s", s.name, end, kind, f.Code, f.Verdict, diagtest.Summary(r))
					}
				}
			}
		}
	}
	if n < 40 {
		t.Errorf("%d runs", n)
	}
	// charon refuses the third message where it has no key.
	pcap, err := os.ReadFile(recordings.Path(t, "corpus", "strongswan", "p1-no-psk", "responder.pcap"))
	if err != nil {
		t.Fatal(err)
	}
	conf := "conn net\n\tkeyexchange=ikev1\n\tauthby=secret\n\tleft=203.0.113.157\n\tright=198.51.100.12\n\tleftsubnet=10.2.0.0/24\n\trightsubnet=10.1.0.0/24\n\tauto=add\n"
	r := diagnose(t, []ingest.Input{memory("ipsec.conf", "b", []byte(conf)), memory("ipsec.secrets", "b", nil), memory("wan.pcap", "b", pcap)})
	if c, ok := r.Cause(); !ok || c.Code != diag.IKEP1PSKMissing || c.Verdict != diag.Likely {
		t.Errorf("%s", diagtest.Summary(r))
	}
}
