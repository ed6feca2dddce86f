package ingest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
)

// racoonPair writes an end of a pair for racoon: phase 1 and the algorithms in
// racoon.conf, the subnets in the policies of setkey, the key in psk.txt.
func racoonPair(e end) map[string]string {
	id := func(id string) string { return pick(id == e.addr || id == e.peer, "address "+id, `fqdn "`+id+`"`) }
	hash := pick(e.hash == 1, "sha1", "sha256")
	return map[string]string{"racoon.conf": fmt.Sprintf(`path pre_shared_key "/etc/racoon/psk.txt";
remote %s {
	exchange_mode %s;
	my_identifier %s;
	peers_identifier %s;
	verify_identifier on;
	lifetime time %d sec;
	nat_traversal on;
	ike_frag on;
	proposal {
		encryption_algorithm aes %d;
		hash_algorithm %s;
		authentication_method pre_shared_key;
		dh_group %d;
	}
}
sainfo anonymous {
%s	lifetime time %d sec;
	encryption_algorithm aes %d;
	authentication_algorithm hmac_%s;
	compression_algorithm deflate;
}
`, e.peer, pick(e.aggressive, "aggressive", "main"), id(e.id), id(e.peerID), e.life, e.bits, hash, e.group,
		pick(e.pfs != 0, fmt.Sprintf("	pfs_group %d;\n", e.pfs), ""), e.espLife, e.espBits, pick(e.espHash == 1, "sha1", "sha256")),
		"setkey.conf": fmt.Sprintf(`flush;
spdflush;
spdadd %[1]s %[2]s any -P out ipsec
	esp/%[5]s/%[3]s-%[4]s/require;
spdadd %[2]s %[1]s any -P in ipsec
	esp/%[5]s/%[4]s-%[3]s/require;
`, e.net, e.peerNet, e.addr, e.peer, pick(e.transport, "transport", "tunnel")),
		"psk.txt": fmt.Sprintf("# key\n%s %s\n", pick(e.aggressive, e.peerID, e.peer), e.key)}
}

// racoonEnds are a swanctl end and a racoon end that fit.
func racoonEnds() (x, y end) {
	x = end{addr: "192.0.2.1", peer: "198.51.100.9", id: "192.0.2.1", peerID: "198.51.100.9", net: "10.1.0.0/24", peerNet: "10.2.0.0/24",
		key: "oneSecretOfBoth23", bits: 256, hash: 2, group: 14, espBits: 256, espHash: 2, pfs: 14, life: 28800, espLife: 3600}
	y = x
	y.addr, y.peer, y.id, y.peerID, y.net, y.peerNet = x.peer, x.addr, x.peerID, x.id, x.peerNet, x.net
	return x, y
}

// racoon refuses lifetimes that are longer than its own, unless it is told to
// obey; then it takes any group for PFS as well.
func TestRacoonProposalCheck(t *testing.T) {
	for _, c := range []struct {
		check       string
		life        int // the initiator's
		pfs         int
		code        diag.Code
		severity    diag.Severity
		none, quiet bool
	}{
		{check: "strict", life: 86400, pfs: 14, code: diag.IKEP1LifetimeMismatch, severity: diag.Error},
		{check: "strict", life: 3600, pfs: 14, code: diag.IKEP1LifetimeMismatch, severity: diag.Warning},
		{check: "exact", life: 3600, pfs: 14, code: diag.IKEP1LifetimeMismatch, severity: diag.Error},
		{check: "obey", life: 86400, pfs: 14, code: diag.IKEP1LifetimeMismatch, severity: diag.Warning},
		{check: "strict", life: 28800, pfs: 15, code: diag.IKEP2PFSMismatch, severity: diag.Critical},
		{check: "obey", life: 28800, pfs: 15, quiet: true},
		{check: "obey", life: 28800, pfs: 0, quiet: true},
	} {
		x, y := racoonEnds()
		x.life, x.pfs = c.life, c.pfs
		var in []ingest.Input
		for name, text := range written["swanctl"](x) {
			in = append(in, memory("a/"+name, "a", []byte(strings.Replace(text, "mode = tunnel", "mode = tunnel\n        start_action = start", 1))))
		}
		for name, text := range written["racoon"](y) {
			in = append(in, memory("b/"+name, "b", []byte(strings.Replace(text, "nat_traversal on;", "nat_traversal on; passive on; proposal_check "+c.check+";", 1))))
		}
		r := diagnose(t, in)
		name := fmt.Sprintf("%+v", c)
		if c.quiet {
			quiet(t, name, r)
			continue
		}
		if f, ok := r.Cause(); !ok || f.Code != c.code || f.Severity != c.severity {
			t.Errorf("%s: %v %v", name, f.Code, f.Severity)
		}
	}
}

// Two words a line are keys beside a racoon.conf only, and policies alone are
// no fault.
func TestRacoonFolder(t *testing.T) {
	_, y := racoonEnds()
	files := written["racoon"](y)
	r := diagnose(t, []ingest.Input{memory("b/psk.txt", "b", []byte(files["psk.txt"])), memory("b/racoon.conf", "b", []byte(files["racoon.conf"])), memory("b/setkey.conf", "b", []byte(files["setkey.conf"]))})
	kinds := map[string]diag.SourceKind{}
	for _, s := range r.Sources {
		kinds[s.Dialect] = s.Kind
		if s.Err != "" || s.Units == 0 || s.Recognized != s.Units {
			t.Errorf("%s: %d of %d, %s", s.Name, s.Recognized, s.Units, s.Err)
		}
	}
	if kinds["psk.txt"] != diag.KindSecrets || kinds["racoon.conf"] != diag.KindConfig || kinds["setkey.conf"] != diag.KindConfig {
		t.Error(kinds)
	}
	r, err := ingest.Inputs(t.Context(), ingest.Options{}, slices.Values([]ingest.Input{memory("b/psk.txt", "b", []byte(files["psk.txt"])), memory("b/setkey.conf", "b", []byte(files["setkey.conf"]))}))
	if err == nil || !strings.Contains(err.Error(), "psk.txt") || strings.Contains(err.Error(), y.key) {
		t.Error(err)
	}
	for i := range r.Findings {
		if r.Findings[i].Kind == diag.Cause {
			t.Errorf("%s", r.Findings[i].Summary)
		}
	}
}
