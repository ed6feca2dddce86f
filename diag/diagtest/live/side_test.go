//go:build live && linux

package live

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// A side is one gateway: its place in the network and its configuration.
type side struct {
	l              *lab
	ns, host       string
	ip, gw, lan    string // the last without its last octet
	peer           *side
	id, peerID     string
	remoteIP       string
	localTS        string
	remoteTS       string
	version        int
	aggressive     bool
	ike, esp, mode string
	psk            string // empty: certificates, or no key
	auth           string // psk or pubkey
	cert, ca       string // the names of files in the lab
	conn           string // more lines for the connection
	log            string // the path of its log
	pluto          bool   // it runs libreswan, not strongSwan
}

func newSide(l *lab, ns, host, ip, gw, lan string) *side {
	return &side{
		l: l, ns: ns, host: host, ip: ip, gw: gw, lan: lan, id: host + ".example.com", localTS: lan + ".0/24", version: 1, mode: "tunnel",
		ike: "aes128-sha256-modp2048", esp: "aes128-sha256-modp2048", psk: "correctHorseBattery7", auth: "psk", log: filepath.Join(l.dir, ns, "charon.log"),
	}
}

// wire is the router's interface towards the side.
func (s *side) wire() string { return "r" + strings.ToLower(s.ns) }

// file makes an empty file of the side's own.
func (s *side) file(name string) string { return s.l.write(filepath.Join(s.ns, name), "") }

// connection is the side's swanctl.conf.
func (s *side) connection() string {
	cert, secret := "", ""
	if s.cert != "" {
		cert = "certs = cert.pem"
	}
	if s.auth == "psk" && s.psk != "" {
		secret = fmt.Sprintf("ike-1 {\n    id-1 = %s\n    secret = %q\n  }", s.peerID, s.psk)
	}
	return fmt.Sprintf(`connections {
  site {
    version = %d
    aggressive = %s
    local_addrs = %s
    remote_addrs = %s
    proposals = %s
    %s
    local {
      auth = %s
      id = %s
      %s
    }
    remote {
      auth = %s
      id = %s
    }
    children {
      net {
        local_ts = %s
        remote_ts = %s
        esp_proposals = %s
        mode = %s
      }
    }
  }
}
secrets {
  %s
}
`, s.version, map[bool]string{true: "yes", false: "no"}[s.aggressive], s.ip, s.remoteIP, s.ike, s.conn, s.auth, s.id, cert, s.auth, s.peerID,
		s.localTS, s.remoteTS, s.esp, s.mode, secret)
}

// retransmits leaves a daemon more than a minute before it gives up: 2 seconds
// and 1.8 times as long each time.
const retransmits = `  retransmit_timeout = 2.0
  retransmit_base = 1.8
  retransmit_tries = 5
`

func (s *side) settings() string {
	return `charon {
  load_modular = yes
  i_dont_care_about_security_and_use_aggressive_mode_psk = yes
` + retransmits + `  filelog { f { path = ` + s.log + `
      time_format = %b %e %T
      append = yes
      default = 1
      flush_line = yes
  } }
  plugins {
    include /etc/strongswan.d/charon/*.conf
    bypass-lan { load = no }
    kernel-libipsec { load = no }
    resolve { load = no }
    farp { load = no }
    dhcp { load = no }
  }
}
`
}

// start starts charon in the side's namespace, with a /run and an /etc of its
// own, and loads its connection.
func (s *side) start() {
	if s.pluto {
		s.startPluto()
		return
	}
	t := s.l.t
	t.Helper()
	dir := filepath.Join(s.l.dir, s.ns)
	for _, d := range []string{"x509", "x509ca", "private"} {
		if err := os.MkdirAll(filepath.Join(dir, "swanctl", d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	s.l.write(s.ns+"/strongswan.conf", s.settings())
	s.l.write(s.ns+"/swanctl/swanctl.conf", s.connection())
	if s.cert != "" {
		for from, to := range map[string]string{s.cert + ".crt": "x509/cert.pem", s.cert + ".key": "private/key.pem", s.ca + ".crt": "x509ca/ca.pem"} {
			b, err := os.ReadFile(filepath.Join(s.l.dir, from))
			if err != nil {
				t.Fatal(err)
			}
			s.l.write(s.ns+"/swanctl/"+to, string(b))
		}
	}
	if err := os.WriteFile(s.log, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	script := s.l.write(s.ns+"/start.sh", fmt.Sprintf(`set -e
mount --make-rprivate /
mount -t tmpfs t /run
mkdir -p /run/lock
mount --bind %[1]s/strongswan.conf /etc/strongswan.conf
mount --bind %[1]s/swanctl /etc/swanctl
echo $$ >%[1]s/pid
exec /usr/lib/ipsec/charon
`, dir))
	s.launch(script, []string{"swanctl", "--stats"}, []string{"swanctl", "--load-all", "--noprompt"})
}

// launch runs the script that becomes the side's daemon, waits until the daemon
// answers to ready, and loads its connection.
func (s *side) launch(script string, ready, load []string) {
	t := s.l.t
	t.Helper()
	c := group(exec.CommandContext(context.Background(), "ip", "netns", "exec", s.ns, "unshare", "-m", "bash", script))
	out, err := os.Create(filepath.Join(s.l.dir, s.ns, "daemon.out"))
	if err != nil {
		t.Fatal(err)
	}
	c.Stdout, c.Stderr = out, out
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	out.Close()
	go func() { _ = c.Wait() }()
	for range 150 {
		time.Sleep(100 * time.Millisecond)
		if _, err := s.control(10*time.Second, ready[0], ready[1:]...); err == nil {
			if text, err := s.control(20*time.Second, load[0], load[1:]...); err != nil {
				t.Fatalf("%s loads nothing: %v\n%s", s.ns, err, text)
			}
			return
		}
	}
	b, _ := os.ReadFile(out.Name())
	t.Fatalf("%s: the daemon does not start:\n%s", s.ns, b)
}

// control runs a command as the side's administrator.
func (s *side) control(d time.Duration, name string, args ...string) (string, error) {
	pid, err := os.ReadFile(filepath.Join(s.l.dir, s.ns, "pid"))
	if err != nil {
		return "", err
	}
	return s.l.try(d, "nsenter", append([]string{"-t", strings.TrimSpace(string(pid)), "-m", "-n", name}, args...)...)
}

// up begins to bring the tunnel up, and does not wait for it.
func (s *side) up() {
	if s.pluto {
		go func() {
			_, _ = s.control(100*time.Second, "/usr/libexec/ipsec/whack", "--name", "site", "--initiate", "--asynchronous")
		}()
		return
	}
	go func() {
		_, _ = s.control(100*time.Second, "swanctl", "--initiate", "--child", "net", "--timeout", "90")
	}()
}

// gaveUp reports whether the daemon has given up.
func (s *side) gaveUp() bool {
	b, _ := os.ReadFile(s.log)
	return strings.Contains(string(b), "giving up after") || strings.Contains(string(b), "second timeout exceeded")
}
