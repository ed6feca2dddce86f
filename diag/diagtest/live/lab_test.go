//go:build live && linux

package live

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A lab is two gateways, A and B, with the networks behind them and a router R
// between them.
type lab struct {
	t    *testing.T
	dir  string
	a, b *side
}

// newLab lays out what the sides are called and want of each other: a tunnel
// that works, until a fault changes one of them.
func newLab(t *testing.T) *lab {
	l := &lab{t: t, dir: t.TempDir()}
	l.a = newSide(l, "A", "branch", "198.51.100.7", "198.51.100.254", "10.21.0")
	l.b = newSide(l, "B", "head", "203.0.113.129", "203.0.113.254", "10.140.0")
	l.a.peer, l.b.peer = l.b, l.a
	for _, s := range []*side{l.a, l.b} {
		s.remoteIP, s.peerID, s.remoteTS = s.peer.ip, s.peer.id, s.peer.localTS
	}
	return l
}

// run runs a command and returns what it printed; it must succeed.
func (l *lab) run(name string, args ...string) string {
	l.t.Helper()
	out, err := l.try(30*time.Second, name, args...)
	if err != nil {
		l.t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return out
}

// try runs a command for a time.
func (l *lab) try(d time.Duration, name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	c := exec.CommandContext(ctx, name, args...)
	c.WaitDelay = time.Second
	out, err := c.CombinedOutput()
	return string(out), err
}

// shell runs lines of commands; %[1]s and so on are args.
func (l *lab) shell(script string, args ...any) {
	l.t.Helper()
	l.run("sh", "-ec", fmt.Sprintf(script, args...))
}

// build makes the network, and has the test take it down.
func (l *lab) build() {
	l.t.Helper()
	l.clear()
	l.t.Cleanup(l.clear)
	for _, n := range []string{"A", "R", "B"} {
		l.shell(`ip netns add %[1]s; ip -n %[1]s link set lo up
ip netns exec %[1]s sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 net.ipv4.conf.all.send_redirects=0`, n)
	}
	for _, s := range []*side{l.a, l.b} {
		l.shell(`ip link add %[2]s netns R type veth peer name eth0 netns %[1]s
ip -n %[1]s addr add %[3]s/24 dev eth0; ip -n %[1]s link set eth0 up
ip -n R addr add %[4]s/24 dev %[2]s; ip -n R link set %[2]s up; ip -n %[1]s route add default via %[4]s
ip link add lan0 netns %[1]s type veth peer name lan1 netns %[1]s
ip -n %[1]s addr add %[5]s.1/24 dev lan0; ip -n %[1]s link set lan0 up; ip -n %[1]s link set lan1 up`,
			s.ns, s.wire(), s.ip, s.gw, s.lan)
	}
}

// wantESP skips a test where the kernel has no ESP.
func (l *lab) wantESP() {
	l.t.Helper()
	l.shell("ip netns add A")
	defer l.clear()
	if out, err := l.try(10*time.Second, "ip", "-n", "A", "xfrm", "state", "add", "src", l.a.ip, "dst", l.b.ip, "proto", "esp", "spi", "0x100", "mode", "tunnel",
		"enc", "cbc(aes)", "0x"+strings.Repeat("00", 16), "auth", "hmac(sha1)", "0x"+strings.Repeat("00", 20)); err != nil {
		l.t.Skipf("this kernel has no ESP: %v: %s", err, out)
	}
}

// clear ends what runs in the namespaces and removes them.
func (l *lab) clear() {
	out, _ := l.try(10*time.Second, "ip", "netns", "list")
	for line := range strings.Lines(out) {
		n, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		if n != "A" && n != "B" && n != "R" {
			continue
		}
		pids, _ := l.try(10*time.Second, "ip", "netns", "pids", n)
		for p := range strings.FieldsSeq(pids) {
			_, _ = l.try(5*time.Second, "kill", "-9", p)
		}
		_, _ = l.try(10*time.Second, "ip", "netns", "del", n)
	}
}

// drop has the router drop, or otherwise treat, what matches.
func (l *lab) drop(match string) { l.filter(match, "DROP") }

func (l *lab) filter(match, target string) {
	l.t.Helper()
	l.shell("ip netns exec R iptables-legacy -A FORWARD %s -j %s", match, target)
}

// behindNAT says what the sides want where A is behind a NAT; nat is the NAT.
func (l *lab) behindNAT() {
	l.a.id, l.b.id = "branch.example.net", "head.example.net"
	l.a.peerID, l.b.peerID = l.b.id, l.a.id
	l.b.remoteIP = "%any"
}

// nat hides A behind the router's address.
func (l *lab) nat() {
	l.t.Helper()
	l.shell("ip netns exec R iptables-legacy -t nat -A POSTROUTING -o %s -s 198.51.100.0/24 -j MASQUERADE --random", l.b.wire())
}

// ping sends packets from network to network and does not mind what becomes of
// them.
func (l *lab) ping(n int) {
	_, _ = l.try(30*time.Second, "ip", "netns", "exec", "A", "ping", "-n", "-c", fmt.Sprint(n), "-i", "0.3", "-W", "1", "-I", l.a.lan+".1", l.b.lan+".1")
}

func (l *lab) write(name, text string) string {
	l.t.Helper()
	path := filepath.Join(l.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		l.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		l.t.Fatal(err)
	}
	return path
}

// group makes a command the leader of a group of its own, so that all of it can
// be ended.
func group(c *exec.Cmd) *exec.Cmd {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
	c.WaitDelay = time.Second
	return c
}
