package config

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
)

// lintText renders issues one a line: kind, effect, setting, subject, what to
// write.
func lintText(c *Config) string {
	var b strings.Builder
	for _, i := range Lint(c) {
		name := "-"
		if i.Connection >= 0 {
			name = c.Connections[i.Connection].Name
		}
		fmt.Fprintf(&b, "%s %s %s:%d %s", i.Kind, i.Effect, name, i.Setting.At.Line, i.Setting.Key)
		if i.Subject != "" {
			fmt.Fprintf(&b, " (%s)", i.Subject)
		}
		if i.Key != "" {
			fmt.Fprintf(&b, " -> %s", strings.TrimSpace(i.Key+" = "+i.Write))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func parseText(t testing.TB, d Dialect, text, secrets string) *Config {
	t.Helper()
	c, err := Parse("c", strings.NewReader(text), Options{Dialect: d})
	if err != nil {
		t.Fatal(err)
	}
	if secrets != "" {
		if err := c.AddSecrets("s", strings.NewReader(secrets), Options{}); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// A connection without fault, into which a test puts one.
const (
	swanctlText = "connections {\n a {\n version = 2\n local_addrs = 192.0.2.1\n remote_addrs = 192.0.2.2\n proposals = aes256-sha256-modp2048\n local {\n auth = psk\n }\n remote {\n auth = psk\n }\n children {\n a {\n local_ts = 10.1.0.0/24\n remote_ts = 10.2.0.0/24\n esp_proposals = aes256-sha256-modp2048\n }\n }\n }\n}\nsecrets {\n ike-1 {\n id-1 = 192.0.2.2\n secret = \"a key that is long enough\"\n }\n}\n"
	strongText  = "conn a\n\tkeyexchange=ikev2\n\tauthby=secret\n\tleft=192.0.2.1\n\tright=192.0.2.2\n\tleftsubnet=10.1.0.0/24\n\trightsubnet=10.2.0.0/24\n\tike=aes256-sha256-modp2048!\n\tesp=aes256-sha256-modp2048!\n\tauto=add\n"
	libreText   = "conn a\n\tikev2=yes\n\tauthby=secret\n\tleft=192.0.2.1\n\tright=192.0.2.2\n\tleftsubnet=10.1.0.0/24\n\trightsubnet=10.2.0.0/24\n\tike=aes256-sha2_256;modp2048\n\tphase2alg=aes256-sha2_256;modp2048\n\tauto=add\n"
	secretText  = "192.0.2.1 192.0.2.2 : PSK \"a key that is long enough\"\n"
)

func TestLint(t *testing.T) {
	for _, x := range []struct {
		name     string
		d        Dialect
		old, new string // what is replaced in the connection without fault
		want     string // the issues' lines; all of them
	}{
		{"clean", Swanctl, "", "", ""},
		{"clean", StrongSwan, "", "", ""},
		{"clean", Libreswan, "", "", ""},
		{"unknown algorithm", Swanctl, "esp_proposals = aes256-sha256", "esp_proposals = aes265-sha256", "algorithm-unknown fails a:17 esp_proposals (aes265) -> esp_proposals = aes256-sha256-modp2048"},
		{"a newer one", Swanctl, "proposals = aes256-sha256-modp2048\n local", "proposals = aes256-sha256-modp2048-ke1_mlkem768\n local", ""},
		{"unknown, others left", StrongSwan, "esp=aes256-sha256-modp2048!", "esp=aes265-sha256-modp2048,aes128-sha256-modp2048!", "algorithm-unknown no-effect a:9 esp (aes265) -> esp = aes256-sha256-modp2048,aes128-sha256-modp2048!"},
		{"unknown, none left", StrongSwan, "esp=aes256-sha256-modp2048!", "esp=aes265-sha256-modp2048!", "algorithm-unknown fails a:9 esp (aes265) -> esp = aes256-sha256-modp2048!"},
		{"combined and classic", Swanctl, "esp_proposals = aes256", "esp_proposals = aes256-aes256gcm16", "algorithm-mix fails a:17 esp_proposals (AES_GCM_16_256 with AES_CBC_256) -> esp_proposals = aes256gcm16-modp2048"},
		{"combined with hash", Swanctl, "esp_proposals = aes256", "esp_proposals = aes256gcm16", "algorithm-mix no-effect a:17 esp_proposals (HMAC_SHA2_256_128) -> esp_proposals = aes256gcm16-modp2048"},
		{"combined with hash", Libreswan, "phase2alg=aes256-", "phase2alg=aes_gcm256-", "algorithm-mix fails a:9 phase2alg (AES_GCM_16_256 with HMAC_SHA2_256_128) -> phase2alg = aes_gcm256-null;modp2048"},
		{"IKE without group", Swanctl, "proposals = aes256-sha256-modp2048\n local", "proposals = aes256-sha256\n local", "proposal-lacks fails a:6 proposals (group) -> proposals = aes256-sha256-modp2048"},
		{"IKE combined without PRF", Swanctl, "proposals = aes256-sha256-modp2048\n local", "proposals = aes256gcm16-modp2048\n local", "proposal-lacks fails a:6 proposals (PRF) -> proposals = aes256gcm16-prfsha256-modp2048"},
		{"classic with none", Libreswan, "phase2alg=aes256-sha2_256", "phase2alg=aes256-none", "proposal-lacks fails a:9 phase2alg (hash) -> phase2alg = aes256-sha2_256;modp2048"},
		{"undefined reference", Libreswan, "\tauto=add", "\talso=b\n\tauto=add", "reference fails a:10 also (b)"},
		{"undefined reference", StrongSwan, "\tauto=add", "\talso=b\n\tauto=add", "reference no-effect a:10 also (b)"},
		{"undefined reference", Swanctl, " a {\n version", " a : b {\n version", "reference no-effect a:2 a (b)"},
		{"misspelt", Swanctl, "remote_addrs", "remote_addr", "misspelt fails a:5 remote_addr (remote_addr) -> remote_addrs ="},
		{"misspelt", Libreswan, "rightsubnet=", "rigthsubnet=", "misspelt refuses a:7 rigthsubnet (rigthsubnet) -> rightsubnet ="},
		{"misspelt, of three letters", Libreswan, "\tauto=add", "\ttyp=tunnel\n\tauto=add", "misspelt refuses a:10 typ (typ) -> type ="},
		{"three letters that are near to many", Libreswan, "\tauto=add", "\teap=no\n\tauto=add", ""},
		{"another release's word", Libreswan, "\tauto=add", "\tsend_vendorid=yes\n\tcisco_unity=no\n\tauto=add", ""},
		{"ignored", StrongSwan, "esp=aes256-sha256-modp2048!", "esp=aes256-sha256!\n\tpfs=yes", "ignored no-effect a:10 pfs (pfs) -> esp = aes256-sha256-modp2048!\nno-pfs unwise a:9 esp (none) -> esp = aes256-sha256-modp2048!"},
		{"same ends", StrongSwan, "right=192.0.2.2", "right=192.0.2.1\n\trightid=192.0.2.2", "same-ends fails a:5 right -> right ="},
		{"no secret", Libreswan, "right=192.0.2.2", "right=192.0.2.3", "no-secret fails a:3 authby -> PSK = 0s followed by the 44 characters that openssl rand -base64 32 prints"},
		{"no private key", StrongSwan, "authby=secret", "authby=pubkey\n\tleftcert=a.pem\n\tleftid=@a", "no-private-key fails a:3 authby -> RSA =\nrevocation-unchecked unwise a:3 authby -> strictcrlpolicy = yes"},
		{"no certificate", Libreswan, "authby=secret", "authby=rsasig", "no-certificate fails a:3 authby -> leftcert ="},
		{"a bare key", Libreswan, "authby=secret", "authby=rsasig\n\tleftrsasigkey=%cert", ""},
		{"twice", StrongSwan, "conn a", "conn b\n\talso=a\n\tauto=add\nconn a", "twice no-effect a:4 a (b)"},
		{"version forbidden", Libreswan, "conn a\n\tikev2=yes", "config setup\n\tikev1-policy=drop\nconn a\n\tikev2=no", "v1-disabled fails a:2 ikev1-policy -> ikev1-policy = accept\nikev1 unwise a:4 ikev2 -> ikev2 = yes"},
		{"version forbidden, and not used", Libreswan, "conn a", "config setup\n\tikev1-policy=drop\nconn a", ""},
		{"twice, of another protocol", StrongSwan, "conn a", "conn b\n\talso=a\n\tleftprotoport=icmp\n\tauto=add\nconn a", ""},
		{"IKEv1", Swanctl, "version = 2", "version = 1", "ikev1 unwise a:3 version -> version = 2"},
		{"aggressive", StrongSwan, "keyexchange=ikev2", "keyexchange=ikev1\n\taggressive=yes", "ikev1 unwise a:2 keyexchange -> keyexchange = ikev2\naggressive-psk unwise a:3 aggressive -> aggressive = no\nidentity-exposed unwise a:3 aggressive -> aggressive = no"},
		{"weak", Swanctl, "esp_proposals = aes256-sha256-modp2048", "esp_proposals = 3des-md5-modp1024,aes128-sha1-modp2048", "weak-cipher unwise a:17 esp_proposals (3DES_CBC) -> esp_proposals = aes256-sha256-modp2048,aes128-sha256-modp2048\nweak-hash unwise a:17 esp_proposals (HMAC_MD5_96) -> esp_proposals = aes256-sha256-modp2048,aes128-sha256-modp2048\nweak-group unwise a:17 esp_proposals (MODP_1024) -> esp_proposals = aes256-sha256-modp2048,aes128-sha256-modp2048"},
		{"weak", Libreswan, "ike=aes256-sha2_256;modp2048", "ike=3des-sha1;modp1536", "weak-cipher unwise a:8 ike (3DES_CBC) -> ike = aes256-sha2_256;modp2048\nweak-hash unwise a:8 ike (HMAC_SHA1_96) -> ike = aes256-sha2_256;modp2048\nweak-group unwise a:8 ike (MODP_1536) -> ike = aes256-sha2_256;modp2048"},
		{"no PFS", Swanctl, "esp_proposals = aes256-sha256-modp2048", "esp_proposals = aes256-sha256", "no-pfs unwise a:17 esp_proposals (none) -> esp_proposals = aes256-sha256-modp2048"},
		{"no PFS", Libreswan, "\tauto=add", "\tpfs=no\n\tauto=add", "no-pfs unwise a:10 pfs (none) -> pfs = yes"},
		{"no authentication", Swanctl, "esp_proposals = aes256-sha256", "esp_proposals = aes256", "no-authentication unwise a:17 esp_proposals (AES_CBC_256) -> esp_proposals = aes256-sha256-modp2048"},
		{"null", Swanctl, "esp_proposals = aes256", "esp_proposals = null", "null-cipher unwise a:17 esp_proposals (NULL) -> esp_proposals = aes256-sha256-modp2048"},
		{"AH", Swanctl, "esp_proposals = aes256-", "ah_proposals = ", "ah-only unwise a:17 ah_proposals (AH) -> esp_proposals = aes256-sha256-modp2048"},
		{"transport", StrongSwan, "\tauto=add", "\ttype=transport\n\tauto=add", "transport unwise a:10 type (10.1.0.0/24) -> type = tunnel"},
		{"permissive", StrongSwan, "ike=aes256-sha256-modp2048!", "ike=aes256-sha256-modp2048", "permissive unwise a:8 ike -> ike = aes256-sha256-modp2048!"},
		{"short key", Swanctl, "a key that is long enough", "secret", "key-short unwise a:25 secret -> secret = 0s followed by the 44 characters that openssl rand -base64 32 prints"},
		{"shared key", Swanctl, " id-1 = 192.0.2.2\n", "", "key-shared unwise a:24 secret -> secret = 0s followed by the 44 characters that openssl rand -base64 32 prints"},
		{"not loaded", StrongSwan, "auto=add", "auto=ignore\n\tike=des-md5-modp768!", ""},
	} {
		text, secrets := swanctlText, ""
		switch x.d {
		case StrongSwan:
			text, secrets = strongText, secretText
		case Libreswan:
			text, secrets = libreText, secretText
		}
		if x.old != "" && !strings.Contains(text, x.old) {
			t.Fatalf("%s: nothing to replace", x.name)
		}
		c := parseText(t, x.d, strings.Replace(text, x.old, x.new, 1), secrets)
		if got := strings.TrimSpace(lintText(c)); got != strings.TrimSpace(x.want) {
			t.Errorf("%s, %s:\ngot\n%s\nwant\n%s", x.d, x.name, got, x.want)
		}
	}
}

// What is advised is itself without fault, and read as the format has it.
func TestLintAdviceIsClean(t *testing.T) {
	weak := strings.Replace(swanctlText, "esp_proposals = aes256-sha256-modp2048", "esp_proposals = 3des-md5-modp1024,null-sha1,aes128gcm16-sha256-modp768", 1)
	for range 2 {
		for _, i := range Lint(parseText(t, Swanctl, weak, "")) {
			if i.Write == "" || i.Key != "esp_proposals" {
				t.Fatalf("%s: nothing to write", i.Kind)
			}
			better := strings.Replace(swanctlText, "esp_proposals = aes256-sha256-modp2048", i.Key+" = "+i.Write, 1)
			for _, j := range Lint(parseText(t, Swanctl, better, "")) {
				if j.Kind != IssueNoPFS || i.Kind == IssueNoPFS {
					t.Errorf("%s: what is advised, %s, has %s", i.Kind, i.Write, j.Kind)
				}
			}
		}
	}
}

func TestIssueKinds(t *testing.T) {
	for k := IssueReference; k < issueKinds; k++ {
		if k != practice && strings.Contains(k.String(), "(") {
			t.Errorf("%d has no name", k)
		}
	}
	if IssueKind(200).String() != "IssueKind(200)" || Effect(9).String() != "refuses" || !IssueIKEv1.Practice() || IssueUnbound.Practice() {
		t.Error("names of kinds")
	}
	i := Issue{Kind: IssueWeakGroup}
	if r := i.References(); len(r) != 1 || r[0] != (Reference{8247, "2.4"}) {
		t.Error(r)
	}
}

func TestDistance(t *testing.T) {
	for _, x := range []struct {
		a, b string
		n    int
	}{{"", "abc", 3}, {"proposals", "proposal", 1}, {"rigthsubnet", "rightsubnet", 1}, {"abc", "abd", 1}, {"kitten", "sitting", 3}} {
		if n := distance(x.a, x.b); n != x.n {
			t.Errorf("%s, %s: %d", x.a, x.b, n)
		}
	}
}

// No configuration of the recordings fails by itself but that which lacks its
// key, and no file of working scenarios fails at all.
func TestLintCorpus(t *testing.T) {
	files(t, recordings.Path(t, "corpus"), isConf, func(p string, b []byte) {
		c, err := Parse(p, bytes.NewReader(b), Options{})
		if err != nil || c.Dialect == IPsecSecrets {
			return
		}
		for _, i := range Lint(c) {
			if i.Effect == Fails && !strings.Contains(p, "no-psk") {
				t.Errorf("%s: %s %s (%s)", p, i.Kind, i.Setting.At, i.Subject)
			}
		}
	})
}

func TestLintScenarios(t *testing.T) {
	// Built to be refused, or with words that a script puts in.
	built := []string{"fail", "bad", "missing", "algo", "impair", "whack", "addconn", "unknown", "also", "nss"}
	n := 0
	dirs := []string{"strongswan", "libreswan"}
	for _, d := range dirs {
		files(t, recordings.Path(t, "configs", d), isConf, func(p string, b []byte) {
			c, err := Parse(p, bytes.NewReader(b), Options{})
			if err != nil || c.Dialect == IPsecSecrets || slices.ContainsFunc(built, func(s string) bool { return strings.Contains(p, s) }) {
				return
			}
			n++
			for _, i := range Lint(c) {
				if i.Effect == Fails {
					t.Errorf("%s: %s %s (%s)", p, i.Kind, i.Setting.At, i.Subject)
				}
			}
		})
	}
	t.Logf("%d files", n)
}
