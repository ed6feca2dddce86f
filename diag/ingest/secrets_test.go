package ingest_test

import (
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/diagtest"
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
