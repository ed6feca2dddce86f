package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Two configurations of different systems: the report tells which line to
// change to what, as that file's own format writes it, for either end.
func TestWhatToChange(t *testing.T) {
	read := func(name string) string {
		b, err := os.ReadFile(filepath.Join("testdata/cisco-strongswan", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for _, x := range []struct {
		file, old, new string
		code           string
		want           []string
	}{
		{"branch.conf", "esp-aes 256", "esp-aes 256", "", nil},
		{"branch.conf", " group 14", " group 5", "IKE-P1-PROPOSAL-MISMATCH",
			[]string{"group 14 at branch.conf:6", "proposals = aes256-sha256-modp1536 at hq.conf:6"}},
		{"hq.conf", "proposals = aes256-sha256", "proposals = aes128-sha512", "IKE-P1-PROPOSAL-MISMATCH",
			[]string{"encryption aes 128 at branch.conf:3", "hash sha512 at branch.conf:4", "proposals = aes256-sha256-modp2048 at hq.conf:6"}},
		{"hq.conf", "esp_proposals = aes256-sha256", "esp_proposals = aes128-sha1", "IKE-P2-PROPOSAL-MISMATCH",
			[]string{"crypto ipsec transform-set STRONG esp-aes 128 esp-sha-hmac at branch.conf:9", "esp_proposals = aes256-sha256-modp2048 at hq.conf:17"}},
		{"branch.conf", " set pfs group14", " set pfs group19", "IKE-P2-PFS-MISMATCH",
			[]string{"set pfs group14 at branch.conf:14", "esp_proposals = aes256-sha256-ecp256 at hq.conf:17"}},
		{"hq.conf", "remote_ts = 10.1.0.0/24", "remote_ts = 10.7.0.0/24", "IKE-P2-TS-MISMATCH",
			[]string{"permit ip 10.7.0.0 0.0.0.255 10.2.0.0 0.0.0.255 at", "branch.conf:20", "remote_ts = 10.1.0.0/24 at hq.conf:16"}},
		{"hq.conf", "battery", "batteries", "IKE-P1-PSK-MISMATCH",
			[]string{"crypto isakmp key [secret] address 198.51.100.1 at branch.conf:8", "secret = [secret] at hq.conf:27"}},
		{"hq.conf", "version = 1", "version = 2", "IKE-VERSION-MISMATCH", []string{"version = 1 at hq.conf:3"}},
		{"hq.conf", "auth = psk\n    }\n    remote", "auth = pubkey\n    }\n    remote", "IKE-P1-AUTHMETHOD-MISMATCH", []string{"auth = psk at hq.conf:8"}},
		{"hq.conf", "life_time = 1h", "life_time = 1h\n        mode = transport", "IKE-P2-MODE-MISMATCH", []string{"mode = tunnel at hq.conf:19"}},
		{"branch.conf", "set peer 198.51.100.1", "set peer 198.51.100.9", "IKE-P1-PEER-UNKNOWN", []string{"set peer 198.51.100.1 at branch.conf:11"}},
		{"hq.conf", "remote {\n      auth = psk", "remote {\n      auth = psk\n      id = branch.example.net", "IKE-P1-ID-", []string{"id = 192.0.2.1 at hq.conf:12", "crypto isakmp identity hostname at branch.conf"}},
	} {
		dir := t.TempDir()
		for _, name := range []string{"branch.conf", "hq.conf"} {
			text := read(name)
			if name == x.file {
				if !strings.Contains(text, x.old) {
					t.Fatalf("no %q", x.old)
				}
				text = strings.Replace(text, x.old, x.new, 1)
			}
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		status, out, errs := diagnose(t, filepath.Join(dir, "branch.conf"), filepath.Join(dir, "hq.conf"))
		flat := strings.Join(strings.Fields(strings.ReplaceAll(out, dir+string(filepath.Separator), "")), " ")
		if errs != "" || (x.code == "") != (status == 0) || !strings.Contains(out, x.code) {
			t.Errorf("%q: status %d %s\n%s", x.new, status, errs, out)
		}
		for _, w := range x.want {
			if !strings.Contains(flat, w) {
				t.Errorf("%q: no %q in\n%s", x.new, w, out)
			}
		}
	}
}
