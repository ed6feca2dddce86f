//go:build live && linux

package live

import (
	"bytes"
	"context"
	"encoding/json"
	"net/netip"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
	"github.com/ikediag/ikediag/ike/exchange"
	"github.com/ikediag/ikediag/ike/probe"
	"github.com/ikediag/ikediag/isakmp"
)

// planVariable holds the plan of a test binary that is run to probe, and to do
// nothing else, in a gateway's namespace.
const planVariable = "IKEDIAG_LIVE_PLAN"

// probeInside probes where the variable says so; false where there is none.
func probeInside() bool {
	text := os.Getenv(planVariable)
	if text == "" {
		return false
	}
	var plan probe.Plan
	if err := json.Unmarshal([]byte(text), &plan); err != nil {
		println(err.Error())
		os.Exit(1)
	}
	r, err := probe.Ask(context.Background(), plan)
	if err != nil {
		println(err.Error())
	}
	if err := json.NewEncoder(os.Stdout).Encode(r); err != nil {
		println(err.Error())
		os.Exit(1)
	}
	return true
}

// probe asks from a namespace, and checks the bound on what is sent.
func (l *lab) probe(ns string, plan probe.Plan) *probe.Result {
	l.t.Helper()
	text, err := json.Marshal(plan)
	if err != nil {
		l.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	c := group(exec.CommandContext(ctx, "ip", "netns", "exec", ns, os.Args[0]))
	c.Env = append(os.Environ(), planVariable+"="+string(text))
	var said bytes.Buffer
	c.Stderr = &said
	begun := time.Now()
	out, err := c.Output()
	if err != nil {
		l.t.Fatalf("the probe: %v\n%s", err, said.String())
	}
	r, err := probe.Decode(bytes.NewReader(out))
	if err != nil {
		l.t.Fatal(err)
	}
	if r.Sent > plan.Most() {
		l.t.Errorf("%d datagrams sent, %d at most", r.Sent, plan.Most())
	}
	l.t.Logf("%d datagrams of %d at most, %d back, %.1f s", r.Sent, plan.Most(), r.Received, time.Since(begun).Seconds())
	for i := range r.Answers {
		a := &r.Answers[i]
		l.t.Logf("  %s %s, %d octets, from port %d: notify %d, %d sent, %d strange, chosen %v, NAT %v %v, %+v",
			a.Question, a.Outcome, a.Size, a.Source.Port(), a.Notify, a.Sent, a.Strange, a.Chosen, a.Asker, a.Asked, a.Failures)
	}
	return r
}

// plan is one for B, with a suite that it accepts last.
func (l *lab) plan(q ...probe.Question) probe.Plan {
	p := probe.Plan{Gateway: netip.MustParseAddr(l.b.ip), Questions: q, Wait: 500 * time.Millisecond}
	for _, s := range []string{"3des-sha1-modp1024", "aes256-sha256-modp2048", "aes128-sha256-modp2048"} {
		t, ok := probe.ParseTransform(s)
		if !ok {
			l.t.Fatal(s)
		}
		p.Transforms = append(p.Transforms, t)
	}
	return p
}

func long(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("part of the long run")
	}
}

var everyQuestion = []probe.Question{probe.Port500, probe.Port4500, probe.Accepts, probe.Version2, probe.NAT, probe.Fragments, probe.MTU}

// want compares outcomes.
func want(t *testing.T, r *probe.Result, outcomes map[probe.Question]probe.Outcome) {
	t.Helper()
	for q, o := range outcomes {
		if a, ok := r.Of(q); !ok || a.Outcome != o {
			t.Errorf("%s: %v, not %s", q, a, o)
		}
	}
}

// answered checks what a gateway of newLab's answers to every question, with no
// fault on the way.
func answered(t *testing.T, l *lab, r *probe.Result) {
	t.Helper()
	want(t, r, map[probe.Question]probe.Outcome{probe.Port500: probe.Answered, probe.Port4500: probe.Answered, probe.NAT: probe.Answered, probe.Fragments: probe.Answered, probe.MTU: probe.Answered})
	taken, refused := r.Accepted()
	if p := l.plan(); len(taken) != 1 || taken[0] != p.Transforms[2] || !slices.Equal(refused, p.Transforms[:2]) {
		t.Errorf("accepted %v, refused %v", taken, refused)
	}
	if a, ok := r.Of(probe.NAT); ok && (a.Asker != exchange.NATNone || a.Asked != exchange.NATNone) {
		t.Errorf("NAT: %v %v", a.Asker, a.Asked)
	}
	if arrives, lost := r.MTU(); arrives != 1500 || lost != 0 {
		t.Errorf("MTU %d, %d", arrives, lost)
	}
}

// A real charon answers every question rightly, whatever the source port.
func TestProbeCharon(t *testing.T) {
	l := newLab(t)
	l.build()
	l.a.log, l.b.log = l.a.file("charon.log"), l.b.file("charon.log")
	w := l.watch()
	l.b.start()
	for _, port := range []uint16{0, 500} {
		if port != 0 && testing.Short() {
			break
		}
		p := l.plan(everyQuestion...)
		p.Local = netip.AddrPortFrom(netip.IPv4Unspecified(), port)
		r := l.probe("A", p)
		answered(t, l, r)
		if a, ok := r.Of(probe.Version2); !ok || a.Version.Major() != 2 || a.Outcome != probe.Refused || a.Notify != isakmp.NotifyNoProposalChosen {
			t.Errorf("version 2: %+v", a)
		}
		if len(r.Vendors()) == 0 {
			t.Error("no vendor IDs")
		}
		if port == 0 {
			w.quiet(l.b.log) // from port 500 a daemon's log of IKEv2 is not told apart
		}
		if port != 0 && r.Answers[0].Source.Port() != port {
			t.Errorf("asked from port %d", r.Answers[0].Source.Port())
		}
	}
	// No more is left half open than what NAT leaves.
	out, err := l.b.control(10*time.Second, "swanctl", "--stats")
	_, found, _ := strings.Cut(out, "IKE_SAs: ")
	if found, _, _ = strings.Cut(found, "\n"); err != nil || !strings.HasSuffix(found, " 1 half-open") && !strings.HasSuffix(found, " 2 half-open") {
		t.Errorf("%q, %v", found, err)
	}
}

// quiet checks that what both ends log and carry of a probe makes no tunnel and
// no fault of one.
func (w *watch) quiet(log string) {
	w.t.Helper()
	time.Sleep(time.Second)
	for range w.engine.Advance(time.Now()) {
		// The report has it.
	}
	r := w.engine.Report()
	if _, ok := r.Cause(); ok || len(r.Tunnels) != 0 {
		w.t.Errorf("the probe is taken for a tunnel:\n%s", w.text())
		b, _ := os.ReadFile(log)
		w.t.Logf("%s", b)
	}
}

// A charon that accepts more suites than it lets stay half open names them all,
// in its own order.
func TestProbeManyTransforms(t *testing.T) {
	long(t)
	l := newLab(t)
	suites := []string{"aes256-sha256-modp2048", "aes128-sha256-modp2048", "aes256-sha1-modp1536", "aes128-sha1-modp1536", "aes256-sha512-modp3072",
		"aes256-sha1-modp1024", "aes128-sha1-modp1024", "3des-sha1-modp1024"}
	l.b.ike = strings.Join(suites, ",")
	l.build()
	l.b.start()
	p := l.plan(probe.Accepts)
	p.Transforms = nil
	for _, s := range slices.Backward(suites) {
		tr, _ := probe.ParseTransform(s)
		p.Transforms = append(p.Transforms, tr)
	}
	taken, _ := l.probe("A", p).Accepted()
	if len(taken) != len(suites) {
		t.Errorf("accepted %v", taken)
	}
}

// What a charon of version 2, or in aggressive mode, answers.
func TestProbeModes(t *testing.T) {
	long(t)
	t.Run("version 2", func(t *testing.T) {
		l := newLab(t)
		l.b.version = 2
		l.b.ike = "aes128-sha256-ecp256"
		l.build()
		l.b.start()
		r := l.probe("A", l.plan(probe.Port500, probe.Version2))
		want(t, r, map[probe.Question]probe.Outcome{probe.Port500: probe.Refused, probe.Version2: probe.Answered})
	})
	t.Run("aggressive", func(t *testing.T) {
		l := newLab(t)
		l.b.aggressive = true
		l.build()
		l.b.start()
		p := l.plan(probe.Accepts)
		p.Identity = &isakmp.ID{Type: isakmp.IDFQDN, Data: []byte(l.a.id)}
		r := l.probe("A", p)
		if taken, _ := r.Accepted(); len(taken) != 1 || taken[0] != p.Transforms[2] {
			t.Errorf("accepted %v", taken)
		}
	})
}

func TestProbeBehindNAT(t *testing.T) {
	long(t)
	l := newLab(t)
	l.behindNAT()
	l.build()
	l.nat()
	l.b.start()
	r := l.probe("A", l.plan(probe.NAT))
	if a, ok := r.Of(probe.NAT); !ok || a.Outcome != probe.Answered || a.Asker != exchange.NATAddress || a.Asked != exchange.NATNone {
		t.Errorf("%+v", a)
	}
}

// Nothing listens, and nothing is there: whoever says so is named.
func TestProbeNothing(t *testing.T) {
	long(t)
	l := newLab(t)
	l.build()
	r := l.probe("A", l.plan(probe.Port500, probe.Port4500, probe.NAT))
	want(t, r, map[probe.Question]probe.Outcome{probe.Port500: probe.Unreachable, probe.Port4500: probe.Unreachable, probe.NAT: probe.Skipped})
	failure(t, r, exchange.PortUnreachable, l.b.ip)

	p := l.plan(probe.Port500)
	p.Gateway = netip.MustParseAddr("192.0.2.77") // the router has no route
	r = l.probe("A", p)
	want(t, r, map[probe.Question]probe.Outcome{probe.Port500: probe.Unreachable})
	failure(t, r, exchange.NetUnreachable, l.a.gw)

	l.shell("ip -n A route del default")
	r = l.probe("A", p)
	want(t, r, map[probe.Question]probe.Outcome{probe.Port500: probe.Unsent})
	if a, _ := r.Of(probe.Port500); len(a.Failures) != 1 || !a.Failures[0].Own || a.Sent != 0 {
		t.Errorf("%+v", a)
	}
}

func failure(t *testing.T, r *probe.Result, why exchange.Reason, router string) {
	t.Helper()
	a, _ := r.Of(probe.Port500)
	if len(a.Failures) == 0 || a.Failures[0].Reason != why || a.Failures[0].Router != netip.MustParseAddr(router) || a.Failures[0].Own {
		t.Errorf("%+v, not %v of %s", a.Failures, why, router)
	}
}

// A firewall that drops, of one port and of both, and one that rejects.
func TestProbeFirewall(t *testing.T) {
	l := newLab(t)
	l.build()
	l.b.start()
	l.drop("-p udp --dport 500")
	r := l.probe("A", l.plan(probe.Port500, probe.Port4500, probe.Accepts))
	want(t, r, map[probe.Question]probe.Outcome{probe.Port500: probe.Silent, probe.Port4500: probe.Answered, probe.Accepts: probe.Skipped})

	l.shell("ip netns exec R iptables-legacy -F FORWARD")
	l.filter("-p udp --dport 500", "REJECT --reject-with icmp-admin-prohibited")
	r = l.probe("A", l.plan(probe.Port500))
	want(t, r, map[probe.Question]probe.Outcome{probe.Port500: probe.Unreachable})
	failure(t, r, exchange.Prohibited, l.a.gw)

	l.shell("ip netns exec R iptables-legacy -F FORWARD")
	l.filter("-p udp --dport 500", "REJECT")
	r = l.probe("A", l.plan(probe.Port500))
	failure(t, r, exchange.PortUnreachable, l.a.gw) // not the gateway's own word
	l.shell("ip netns exec R iptables-legacy -F FORWARD; ip netns exec A iptables-legacy -A OUTPUT -p udp --dport 500 -j DROP")
	r = l.probe("A", l.plan(probe.Port500))
	want(t, r, map[probe.Question]probe.Outcome{probe.Port500: probe.Unsent})
}

// A path with a smaller MTU, whose router says so, and then does not; and one
// that drops fragments.
func TestProbePath(t *testing.T) {
	long(t)
	l := newLab(t)
	l.build()
	l.b.start()
	l.shell("ip -n R link set rb mtu 1420; ip -n B link set eth0 mtu 1420")
	r := l.probe("A", l.plan(probe.Fragments, probe.MTU))
	want(t, r, map[probe.Question]probe.Outcome{probe.Fragments: probe.Answered, probe.MTU: probe.Answered})
	if arrives, lost := r.MTU(); arrives != 1420 || lost != 1500 {
		t.Errorf("MTU %d, %d", arrives, lost)
	}
	told := false
	for i := range r.Answers {
		for _, f := range r.Answers[i].Failures {
			told = told || f.Reason == exchange.TooBig && f.MTU == 1420 && f.Router == netip.MustParseAddr(l.a.gw)
		}
	}
	if !told {
		t.Error("the router's report is missing")
	}
	l.shell("ip netns exec R iptables-legacy -A OUTPUT -p icmp -j DROP; ip netns exec R iptables-legacy -t raw -A PREROUTING -f -j DROP")
	r = l.probe("A", l.plan(probe.Port500, probe.Fragments, probe.MTU))
	want(t, r, map[probe.Question]probe.Outcome{probe.Fragments: probe.Silent, probe.MTU: probe.Answered})
	if arrives, lost := r.MTU(); arrives != 1400 || lost != 1460 {
		t.Errorf("MTU %d, %d", arrives, lost)
	}
	l.shell("ip -n A link set eth0 mtu 1300")
	r = l.probe("A", l.plan(probe.MTU))
	if arrives, lost := r.MTU(); arrives != 1300 || lost != 1500 {
		t.Errorf("with an own link of 1300: MTU %d, %d", arrives, lost)
	}
}

// libreswan's pluto answers every question rightly.
func TestProbePluto(t *testing.T) {
	long(t)
	wantPluto(t)
	l := newLab(t)
	l.b.pluto = true
	l.build()
	l.a.log, l.b.log = l.a.file("charon.log"), l.b.file("pluto.log")
	w := l.watch()
	l.b.start()
	r := l.probe("A", l.plan(everyQuestion...))
	answered(t, l, r)
	if a, ok := r.Of(probe.Version2); !ok || !a.Outcome.Spoke() && a.Outcome != probe.Silent {
		t.Errorf("version 2: %+v", a)
	}
	w.quiet(l.b.log)
}

// Where the initiator's log alone leaves several explanations, a probe from its
// host decides.
func TestProbeDecides(t *testing.T) {
	long(t)
	l := newLab(t)
	l.build()
	l.drop("-p udp --dport 500")
	l.b.start()
	l.a.start()
	l.a.up()
	time.Sleep(12 * time.Second)
	stored, err := json.Marshal(l.probe("A", l.plan(probe.Port500, probe.Port4500)))
	if err != nil {
		t.Fatal(err)
	}
	found := l.write("probe.json", string(stored))
	for _, c := range []struct {
		files []string
		want  diag.Verdict
	}{{[]string{l.a.log}, diag.Possible}, {[]string{l.a.log, found}, diag.Likely}} {
		r, err := ingest.Files(context.Background(), ingest.Options{}, c.files...)
		if err != nil {
			t.Fatal(err)
		}
		if f, ok := r.Cause(); !ok || f.Code != diag.NetUDP500Blocked || f.Verdict != c.want {
			t.Errorf("of %d files: %v %s, %s", len(c.files), ok, f.Code, f.Verdict)
		}
	}
}
