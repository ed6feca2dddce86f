//go:build live && linux

package live

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
)

// plutoTree is where .ci/live unpacks libreswan, which cannot be installed
// beside strongSwan; LIVE_LIBRESWAN names another place.
func plutoTree() string {
	if dir := os.Getenv("LIVE_LIBRESWAN"); dir != "" {
		return dir
	}
	return "/opt/lsw"
}

// wantPluto skips a test where libreswan is not to be had.
func wantPluto(t *testing.T) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(plutoTree(), "usr/libexec/ipsec/pluto")); err != nil {
		t.Skipf("no libreswan: %v", err)
	}
}

// libreswan's spelling: modp groups stand behind a semicolon, and names of
// hosts behind an at sign.
var (
	plutoGroup = regexp.MustCompile(`-(modp\d+)`)
	plutoHash  = strings.NewReplacer("sha256", "sha2_256", "sha512", "sha2_512")
)

func plutoSuite(s string) string { return plutoGroup.ReplaceAllString(plutoHash.Replace(s), ";$1") }

func plutoID(s string) string {
	if strings.Trim(s, "0123456789.") == "" || strings.Contains(s, "@") {
		return s
	}
	return "@" + s
}

// plutoConnection is the side's ipsec.conf.
func (s *side) plutoConnection() string {
	yes := map[bool]string{true: "yes", false: "no"}
	return fmt.Sprintf(`config setup
	ikev1-policy=accept
	uniqueids=yes

conn site
	ikev2=no
	authby=secret
	aggressive=%s
	left=%s
	leftid=%s
	leftsubnet=%s
	right=%s
	rightid=%s
	rightsubnet=%s
	ike=%s
	phase2alg=%s
	pfs=%s
	type=%s
	retransmit-interval=2000
	retransmit-timeout=82s
	auto=add
`, yes[s.aggressive], s.ip, plutoID(s.id), s.localTS, s.remoteIP, plutoID(s.peerID), s.remoteTS, plutoSuite(s.ike), plutoSuite(s.esp),
		yes[strings.Contains(s.esp, "modp")], s.mode)
}

// startPluto starts pluto in the side's namespace and loads its connection.
func (s *side) startPluto() {
	t := s.l.t
	t.Helper()
	dir := filepath.Join(s.l.dir, s.ns)
	for _, d := range []string{"ipsec.d", "nss"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	s.l.write(s.ns+"/ipsec.conf", s.plutoConnection())
	s.l.write(s.ns+"/ipsec.secrets", fmt.Sprintf("%s %s: PSK %q\n", plutoID(s.id), plutoID(s.peerID), s.psk))
	script := s.l.write(s.ns+"/start.sh", fmt.Sprintf(`set -e
mount --make-rprivate /
mount -t tmpfs t /run
mkdir -p /run/pluto /run/lock
mkdir -p /usr/libexec/ipsec /etc/ipsec.d
touch -a /usr/sbin/ipsec /etc/ipsec.conf /etc/ipsec.secrets
mount --bind %[3]s/usr/libexec/ipsec /usr/libexec/ipsec
mount --bind %[3]s/usr/sbin/ipsec /usr/sbin/ipsec
for f in ipsec.conf ipsec.secrets ipsec.d; do mount --bind %[1]s/$f /etc/$f; done
certutil -N -d sql:%[1]s/nss --empty-password
echo $$ >%[1]s/pid
exec /usr/libexec/ipsec/pluto --config /etc/ipsec.conf --nssdir %[1]s/nss --nofork --logfile %[2]s
`, dir, s.log, plutoTree()))
	s.launch(script, []string{"/usr/libexec/ipsec/whack", "--listen"},
		[]string{"/usr/libexec/ipsec/addconn", "--config", "/etc/ipsec.conf", "--ctlsocket", "/run/pluto/pluto.ctl", "site"})
}

// A tunnel between two makes of daemon: each at either end.
func TestMixed(t *testing.T) {
	for _, name := range []string{"proposal", "psk", "initiator-id", "selectors", "pfs", "mode"} {
		for _, at := range []string{"initiator", "responder"} {
			t.Run(name+"/libreswan-"+at, func(t *testing.T) {
				if testing.Short() {
					t.Skip("part of the long run")
				}
				wantPluto(t)
				f := faultOf(t, name)
				l := newLab(t)
				f.change(l)
				l.a.pluto, l.b.pluto = at == "initiator", at == "responder"
				l.expect(f)
			})
		}
	}
}

// A tunnel that works between two makes of daemon is quiet.
func TestMixedHealthy(t *testing.T) {
	if testing.Short() {
		t.Skip("part of the long run")
	}
	wantPluto(t)
	l := newLab(t)
	l.wantESP()
	l.a.pluto = true
	l.quiet()
}

// A tunnel whose phase 1 is renewed, while the children that the old one made
// stay, is up all the while.
func TestRenewed(t *testing.T) {
	for _, peer := range []string{"strongswan", "libreswan"} {
		t.Run(peer, func(t *testing.T) {
			if testing.Short() {
				t.Skip("part of the long run")
			}
			l := newLab(t)
			l.wantESP()
			if l.b.pluto = peer == "libreswan"; l.b.pluto {
				wantPluto(t)
			}
			l.a.conn = "rekey_time = 8s\n    rand_time = 0s"
			if r := l.quiet(); r.Tunnels[0].Attempts < 2 {
				t.Errorf("phase 1 was not renewed: %+v", r.Tunnels[0])
			}
		})
	}
}

func faultOf(t *testing.T, name string) *fault {
	t.Helper()
	for i := range faults {
		if faults[i].name == name {
			return &faults[i]
		}
	}
	t.Fatalf("no fault %s", name)
	return nil
}

// alarming reports whether a finding says that a tunnel does not work: two
// daemons' defaults differ in lifetimes, which is worth a word.
func alarming(f *diag.Finding) bool { return f.Kind == diag.Cause && f.Severity >= diag.Error }
