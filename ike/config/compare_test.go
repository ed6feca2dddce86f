package config

import (
	"bufio"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
)

// expected maps the faults that two configurations show to the field in which
// Compare must find them.
var expected = map[string]Field{
	"IKE-P1-PSK-MISMATCH": FieldPSK, "IKE-P1-PSK-MISSING": FieldPSK, "IKE-P1-PROPOSAL-MISMATCH": FieldProposals,
	"IKE-EXCHANGE-MODE-MISMATCH": FieldMode, "IKE-VERSION-MISMATCH": FieldVersion, "IKE-P1-AUTHMETHOD-MISMATCH": FieldAuth,
	"IKE-P1-PEER-UNKNOWN": FieldAddress, "NET-PEER-ADDR-WRONG": FieldAddress,
	"IKE-P1-ID-INITIATOR-MISMATCH": FieldID, "IKE-P1-ID-RESPONDER-MISMATCH": FieldID,
	"IKE-P2-TS-MISMATCH": FieldSelectors, "IKE-P2-MULTI-SUBNET": FieldSelectors, "IKE-XAUTH-FAILED": FieldPassword, "IKE-P2-LIFETIME-MISMATCH": FieldChildLifetime, "LIFE-REKEY-P2-FAILED": FieldChildProposals, "IKE-P2-PROPOSAL-MISMATCH": FieldChildProposals, "IKE-P2-PFS-MISMATCH": FieldPFS, "IKE-P2-MODE-MISMATCH": FieldEncapsulation,
}

// labels returns the codes of every folder that configurations alone show.
func labels(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	paths, _ := filepath.Glob(filepath.Join(recordings.Path(t, "corpus"), "*", "labels.tsv"))
	for _, p := range paths {
		f, err := os.Open(p)
		if err != nil {
			t.Fatal(err)
		}
		for sc := bufio.NewScanner(f); sc.Scan(); {
			x := strings.Split(sc.Text(), "\t")
			if len(x) < 4 || strings.HasPrefix(x[0], "#") {
				continue
			}
			code := x[1]
			for _, subset := range strings.Split(x[3], ",") {
				if subset == "conf" {
					code = "!" + code
				}
			}
			out[filepath.Join(filepath.Base(filepath.Dir(p)), x[0])] = code
		}
		f.Close()
	}
	return out
}

func TestCompareCorpus(t *testing.T) {
	code := labels(t)
	corpusFolders(t, func(dir, name string) {
		i, r := gateway(t, dir, "initiator"), gateway(t, dir, "responder")
		pairs, left := Match(i, r)
		if len(pairs) != 1 || len(left) != 0 {
			t.Errorf("%s: %d pairs", dir, len(pairs))
			return
		}
		cmp := Compare(pairs[0].A, pairs[0].B)
		want, visible := strings.CutPrefix(code[filepath.Join(filepath.Base(filepath.Dir(dir)), name)], "!")
		var bad []string
		hit := false
		for _, d := range cmp.Differences {
			if d.Degree == Mismatch {
				bad = append(bad, fmt.Sprintf("%v (%q %v, %q %v) %v %s", d.Field, d.A.Text, d.A.At.Line, d.B.Text, d.B.At.Line, d.Attributes, d.Note))
			}
			hit = hit || d.Field == expected[want]
		}
		switch {
		case visible && !hit:
			t.Errorf("%s: %s is not found: %v", dir, want, cmp.Differences)
		case !visible && len(bad) > 0:
			t.Logf("%s (%s): %s", name, want, strings.Join(bad, "; "))
			if strings.HasPrefix(name, "ok-") {
				t.Errorf("%s: a healthy pair differs: %s", dir, strings.Join(bad, "; "))
			}
		case visible && len(bad) > 1:
			t.Logf("%s (%s): %s", name, want, strings.Join(bad, "; "))
		}
	})
}

// hub writes n connections of a hub, or of its branches turned round.
func hub(n int, branch bool) string {
	var b strings.Builder
	b.WriteString("connections {\n")
	for i := range n {
		l, r := "hq.example.com", fmt.Sprintf("b%d.example.com", i)
		la, ra := "192.0.2.1", netip.AddrFrom4([4]byte{198, 18, byte(i >> 8), byte(i)}).String()
		lt, rt := "10.0.0.0/16", fmt.Sprintf("10.%d.%d.0/24", 1+i>>8, i&255)
		if branch {
			l, r, la, ra, lt, rt = r, l, ra, la, rt, lt
		}
		fmt.Fprintf(&b, " c%d-%v {\n version = 1\n local_addrs = %s\n remote_addrs = %s\n proposals = aes128-sha256-modp2048\n local { auth = psk\n id = %s\n }\n remote { auth = psk\n id = %s\n }\n"+
			" children { net { local_ts = %s\n remote_ts = %s\n } }\n }\n", i, branch, la, ra, l, r, lt, rt)
	}
	b.WriteString("}\n")
	return b.String()
}

func TestMatchMany(t *testing.T) {
	n := 2000
	if testing.Short() {
		n = 200
	}
	a, b := parse(t, Swanctl, hub(n, false)), parse(t, Swanctl, hub(n, true))
	start := time.Now()
	pairs, left := Match(a, b)
	took := time.Since(start)
	if len(pairs) != n || len(left) != 0 {
		t.Fatalf("%d pairs, %d left", len(pairs), len(left))
	}
	for _, p := range pairs {
		x, _, _ := strings.Cut(p.A.Connection.Name, "-")
		y, _, _ := strings.Cut(p.B.Connection.Name, "-")
		if x != y {
			t.Fatalf("%s is answered by %s", p.A.Connection.Name, p.B.Connection.Name)
		}
		if c := Compare(p.A, p.B); !c.Compatible() {
			t.Fatalf("%v", c)
		}
	}
	t.Logf("%d against %d in %v", n, n, took)
}

func TestCompareFields(t *testing.T) {
	const base = `connections { c { version = 1
 local_addrs = %s
 remote_addrs = %s
 proposals = aes128-sha256-modp2048
 %s
 local { auth = psk
 id = %s
 }
 remote { auth = psk
 id = %s
 }
 children { k { local_ts = %s
 remote_ts = %s
 %s
 } } } }
secrets { ike { secret = %s
 } }
`
	side := func(swap bool, conn, kid, secret string) *Config {
		x := [3][2]string{{"192.0.2.1", "192.0.2.2"}, {"a.example.com", "b.example.com"}, {"10.0.1.0/24", "10.0.2.0/24"}}
		if swap {
			for i := range x {
				x[i][0], x[i][1] = x[i][1], x[i][0]
			}
		}
		return parse(t, Swanctl, fmt.Sprintf(base, x[0][0], x[0][1], conn, x[1][0], x[1][1], x[2][0], x[2][1], kid, secret))
	}
	for _, x := range []struct {
		connA, kidA, secretA, connB, kidB, secretB string
		want                                       string
	}{
		{want: "start advisory"},
		{kidA: "start_action = start", want: ""},
		{kidA: "start_action = trap", secretA: "\"key \"", want: "psk mismatch " + NoteLooseKey},
		{kidA: "start_action = trap", secretA: "other", want: "psk mismatch"},
		{kidA: "start_action = trap\n esp_proposals = aes128-sha256-modp2048", kidB: "esp_proposals = aes128-sha256", want: "pfs mismatch"},
		{kidA: "start_action = trap\n esp_proposals = aes128-sha256", kidB: "esp_proposals = aes256-sha256", want: "child-proposals mismatch"},
		{kidA: "start_action = trap\n esp_proposals = aes256gcm16-sha256-modp2048", kidB: "esp_proposals = aes256gcm16-modp2048", want: ""},
		{kidA: "start_action = trap\n esp_proposals = aes128-sha256-modp2048-none", kidB: "esp_proposals = aes128-sha256", want: ""},
		{kidA: "start_action = trap\n esp_proposals = aes128-sha256-modp2048-modp3072", kidB: "esp_proposals = aes128-sha256-modp3072", want: ""},
		{kidA: "start_action = trap\n esp_proposals = aes128-sha256-modp2048-none", kidB: "esp_proposals = aes128-sha256-modp3072", want: "pfs mismatch"},
		{kidA: "start_action = trap\n local_ts = 10.0.1.0/24,10.0.3.0/24", kidB: "remote_ts = 10.0.1.0/24,10.0.3.0/24", want: "selectors advisory " + NoteFirstOnly},
		{kidA: "start_action = trap\n esp_proposals = aes256-sha256", want: "child-proposals unverifiable " + NoteDefaults},
		{kidA: "start_action = trap\n life_time = 10m\n ipcomp = yes", want: "child-lifetime advisory; ipcomp advisory"},
		{kidA: "start_action = trap\n sha256_96 = yes\n esp_proposals = aes128-sha256", kidB: "esp_proposals = aes128-sha256", want: "truncation mismatch"},
		{kidA: "start_action = trap\n mode = transport", want: "encapsulation mismatch"},
		{kidA: "start_action = trap\n local_ts = 10.0.1.0/25", want: "selectors advisory " + NoteNarrowed},
		{kidA: "start_action = trap\n local_ts = 10.9.1.0/25", want: "selectors mismatch"},
		{kidA: "start_action = trap\n local_ts = dynamic", want: "selectors unverifiable " + NoteDynamic},
		{kidA: "start_action = trap", connA: "remote_addrs = 192.0.2.9", want: "address mismatch"},
		{kidA: "start_action = trap", connA: "remote_addrs = gw.example.com", want: "address unverifiable " + NoteName},
		{kidA: "start_action = trap", connA: "version = 2", want: "version mismatch"},
		{kidA: "start_action = trap", connA: "version = 0", want: ""},
		{kidA: "start_action = trap", connA: "aggressive = yes", want: "mode mismatch"},
		{kidA: "start_action = trap", connA: "local-2 { auth = xauth\n round = 2\n }", want: "xauth mismatch"},
		{kidA: "start_action = trap", connA: "local-2 { auth = xauth\n round = 2\n }", connB: "remote-2 { auth = xauth\n round = 2\n }", want: "password unverifiable " + NoteNoKey},
		{kidA: "start_action = trap", connA: "proposals = 3des-sha1-modp1024", want: "proposals mismatch"},
		{kidA: "start_action = trap", connA: "fragmentation = no\n rekey_time = 1h", want: "lifetime advisory; fragmentation advisory"},
		{kidA: "start_action = trap", connA: "local { id = keyid:a.example.com\n }", want: ""}, // overridden below
	} {
		if x.secretA == "" {
			x.secretA = "key"
		}
		if x.secretB == "" {
			x.secretB = "key"
		}
		a, b := side(false, x.connA, x.kidA, x.secretA), side(true, x.connB, x.kidB, x.secretB)
		var got []string
		r := Compare(Side{a, &a.Connections[0]}, Side{b, &b.Connections[0]})
		for _, d := range r.Differences {
			if d.Field == FieldStart && x.want != "start advisory" && !strings.Contains(x.kidA, "start_action") {
				continue
			}
			s := d.Field.String() + " " + d.Degree.String() + " " + d.Note
			if d.Field == FieldStart {
				s = "start advisory"
			}
			got = append(got, strings.TrimSpace(s))
		}
		if g := strings.Join(got, "; "); g != x.want {
			t.Errorf("%q %q: %s, want %s", x.connA, x.kidA, g, x.want)
		}
	}
}

func TestCompareIDType(t *testing.T) {
	a := parse(t, Swanctl, "connections { c { local { id = keyid:gw\n } } }")
	b := parse(t, Swanctl, "connections { c { remote { id = gw\n } } }")
	r := Compare(Side{Connection: &a.Connections[0]}, Side{Connection: &b.Connections[0]})
	found := false
	for _, d := range r.Differences {
		found = found || d.Field == FieldID && d.Note == NoteIDType && d.Degree == Mismatch
	}
	if !found {
		t.Errorf("%+v", r)
	}
}

// A key that a file hides is neither equal to another nor different.
func TestCompareHidden(t *testing.T) {
	a := parse(t, Swanctl, "connections { c { version = 1\n local_addrs = 192.0.2.1\n remote_addrs = 192.0.2.2\n local { auth = psk\n } remote { auth = psk\n } } }\nsecrets { ike { secret = one\n } }")
	b := parse(t, Swanctl, "connections { c { version = 1\n local_addrs = 192.0.2.2\n remote_addrs = 192.0.2.1\n local { auth = psk\n } remote { auth = psk\n } } }\nsecrets { ike { secret = other\n } }")
	b.Secrets[0].Secret.Origin, b.Secrets[0].Spelling = Hidden, Masked
	for _, d := range Compare(Side{a, &a.Connections[0]}, Side{b, &b.Connections[0]}).Differences {
		if d.Field == FieldPSK && d.Degree == Unverifiable {
			return
		}
	}
	t.Error("a hidden key is compared")
}
