package logparse

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
)

// charonLogs lists the recordings and samples of charon's logs.
func charonLogs(t *testing.T) []string {
	files := recordings.Glob(t, "corpus", "strongswan", "*", "*.log")
	files = append(files, recordings.Glob(t, "corpus", "libreswan-initiator", "*", "responder.log")...)
	files = append(files, recordings.Glob(t, "logs", "samples", "strongswan", "*.log")...)
	files = append(files, recordings.Glob(t, "logs", "samples", "pfsense", "*.log")...)
	return append(files, recordings.Glob(t, "logs", "samples", "vyos", "*.log")...)
}

// several names the logs in which more than one negotiation took place, with
// their number: attempts that were given up and made again.
var several = map[string]int{
	"strongswan/p1-4500-blocked/initiator.log":                  3,
	"strongswan/p1-4500-blocked/responder.log":                  3,
	"strongswan/p1-ip-fragments-dropped/initiator.log":          3,
	"strongswan/p1-ip-fragments-dropped/responder.log":          3,
	"strongswan/p1-udp500-rejected/initiator.log":               3,
	"strongswan/06-modecfg-request-invalid-syntax.log":          2,
	"strongswan/07-sonicwall-xauth-no-password.log":             2,
	"libreswan-initiator/p1-aggressive-vs-main/responder.log":   5,
	"libreswan-initiator/p1-enc-mismatch/responder.log":         5,
	"libreswan-initiator/p1-wrong-gateway/responder.log":        5,
	"strongswan/p1-cert-id-not-in-san/responder.log":            0,
	"strongswan/p1-no-private-key/responder.log":                0,
	"strongswan/p1-udp500-dropped/responder.log":                0,
	"strongswan/p1-udp500-rejected/responder.log":               0,
	"libreswan-initiator/p1-udp500-dropped/responder.log":       0,
	"strongswan/p1-wrong-psk-nat/initiator.log":                 1,
	"strongswan/p1-daemon-down/responder.log":                   0,
	"strongswan/p2-rekey-fails/initiator.log":                   1,
	"strongswan/p2-rekey-fails/responder.log":                   1,
	"strongswan/p2-inactivity/initiator.log":                    1,
	"strongswan/14-windows-peer-p2-no-proposal.log":             1,
	"strongswan/13-psk-server-auth-failed-xauth-expected.log":   1,
	"strongswan/12-psk-server-p1-algorithms.log":                1,
	"strongswan/08-natt-float-no-answer.log":                    1,
	"pfsense/03-phase-1-main-aggressive-mismatch-initiator.log": 1,
}

func nameOf(path string) string {
	parts := strings.Split(filepath.ToSlash(path), "/")
	n := 3
	if strings.Contains(path, "samples") {
		n = 2
	}
	return strings.Join(parts[len(parts)-n:], "/")
}

// TestCorpusSessions counts the negotiations of every log, and lists lines
// that no template knows: there are none.
func TestCorpusSessions(t *testing.T) {
	for _, path := range charonLogs(t) {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var p Parser
		handles := map[uint64]bool{}
		for e := range p.Events(bytes.NewReader(b)) {
			if h := e.Session.Handle; h != 0 {
				handles[h] = true
			}
		}
		if s := p.Stats(); s.Unknown > 0 {
			t.Errorf("%s: unknown %v", nameOf(path), s.Samples)
		}
		want, ok := several[nameOf(path)]
		if !ok {
			want = 1
		}
		if len(handles) != want {
			t.Errorf("%s: %d negotiations, want %d", nameOf(path), len(handles), want)
		}
	}
}

// facts are what a log says, without line numbers and duplicates.
func facts(t *testing.T, log []byte) (out []string, sessions int) {
	var p Parser
	ids := map[uint64]int{}
	for e, err := range p.Events(bytes.NewReader(log)) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Duplicate {
			continue
		}
		_, d, _ := strings.Cut(describe(e, ids), " ")
		out = append(out, d)
	}
	return out, len(ids)
}

// TestDoubled reads every log with each line twice: the sessions are the
// same, and a little into the log the second lines are known as duplicates.
func TestDoubled(t *testing.T) {
	for _, path := range charonLogs(t) {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var twice bytes.Buffer
		for l := range bytes.Lines(b) {
			twice.Write(l)
			if !bytes.HasSuffix(l, []byte("\n")) {
				twice.WriteByte('\n')
			}
			twice.Write(l)
		}
		one, n := facts(t, b)
		two, m := facts(t, twice.Bytes())
		if n != m {
			t.Errorf("%s: %d negotiations, doubled %d", nameOf(path), n, m)
		}
		if len(two) > len(one)+len(one)/10+16 {
			t.Errorf("%s: %d facts, doubled %d", nameOf(path), len(one), len(two))
		}
	}
}

// TestPrefixTwice reads a log of releases that wrote each line with and
// without the SA's name.
func TestPrefixTwice(t *testing.T) {
	for _, first := range []bool{true, false} {
		var log strings.Builder
		for _, job := range synthetic(3, "", false).jobs {
			for _, l := range job {
				a, b := "charon: 05"+l, "charon: 05"+l[:5]+" <con1|4> "+l[6:]
				if !first {
					a, b = b, a
				}
				fmt.Fprintf(&log, "%s\n%s\n", a, b)
			}
		}
		var p Parser
		duplicates, lines := 0, 0
		handles := map[uint64]bool{}
		for e := range p.Events(strings.NewReader(log.String())) {
			lines++
			if e.Duplicate {
				duplicates++
			}
			if !e.Session.Tentative {
				handles[e.Session.Handle] = true
			}
		}
		if duplicates != lines/2 || len(handles) != 1 {
			t.Errorf("%d of %d lines are duplicates, %d sessions", duplicates, lines, len(handles))
		}
	}
}

// TestHosts reads one stream of several hosts and a restarted daemon: nothing
// of one ends up with the other.
func TestHosts(t *testing.T) {
	var logs [][]string
	for h := range 3 {
		var l []string
		for life := range 2 {
			l = append(l, fmt.Sprintf("Jun  9 04:01:25 gw%d charon[%d]: 00[DMN] Starting IKE charon daemon (strongSwan 5.9.8, Linux 6.1.0, x86_64)", h, 100*life))
			for _, job := range synthetic(1, "", false).jobs {
				for _, line := range job {
					l = append(l, fmt.Sprintf("Jun  9 04:01:25 gw%d charon[%d]: 05%s", h, 100*life, line))
				}
			}
		}
		logs = append(logs, l)
	}
	var p Parser
	var e Event
	owner := map[uint64]string{}
	for i := range logs[0] {
		for h := range logs {
			if !p.Parse([]byte(logs[h][i]), &e) {
				t.Fatalf("unknown: %s", logs[h][i])
			}
			if e.Session.Handle == 0 || e.Session.Tentative {
				continue
			}
			who := fmt.Sprintf("%s[%d]", e.Prefix.Host, e.Prefix.PID)
			if owner[e.Session.Handle] == "" {
				owner[e.Session.Handle] = who
			}
			if owner[e.Session.Handle] != who {
				t.Errorf("%s has a session of %s: %s", who, owner[e.Session.Handle], logs[h][i])
			}
		}
	}
	if len(owner) != 6 {
		t.Errorf("%d sessions", len(owner))
	}
}

// TestInitiators interleaves initiators whose peers do not answer: each
// repetition and each end belongs to its own negotiation, or to none where
// the log does not say.
func TestInitiators(t *testing.T) {
	const n = 40
	type line struct {
		text string
		conn int
	}
	var log []line
	at := func(sec int) string { return fmt.Sprintf("Jun  9 04:%02d:%02d gw charon[7]: ", sec/60%60, sec%60) }
	for i := range n { // each begins three seconds after the other
		remote := fmt.Sprintf("198.51.100.%d", i+1)
		send := fmt.Sprintf("[NET] sending packet: from 192.0.2.1[500] to %s[500] (180 bytes)", remote)
		_ = send
		start := 3 * i
		put := func(sec int, s string) {
			log = append(log, line{fmt.Sprintf("%s%02d%s", at(sec), (i+sec)%16+1, s), i})
		}
		put(start, fmt.Sprintf("[IKE] initiating Main Mode IKE_SA c%d[%d] to %s", i, i+1, remote))
		put(start, "[ENC] generating ID_PROT request 0 [ SA V V V V V ]")
		put(start, send)
		for try, delay := range []int{4, 11, 24, 47, 89} {
			put(start+delay, fmt.Sprintf("[IKE] sending retransmit %d of request message ID 0, seq 1", try+1))
			put(start+delay, send)
		}
		put(start+165, "[IKE] giving up after 5 retransmits")
		put(start+165, "[IKE] establishing IKE_SA failed, peer not responding")
	}
	// In the order of their times; what one thread writes in a second stays
	// together, for a thread does one job at a time.
	var sorted []line
	for s := 0; s < 3*n+200; s++ {
		for _, l := range log {
			if strings.HasPrefix(l.text, at(s)) {
				sorted = append(sorted, l)
			}
		}
	}
	if len(sorted) != len(log) {
		t.Fatalf("%d of %d lines", len(sorted), len(log))
	}
	var p Parser
	var e Event
	owner := map[uint64]int{}
	none, ends := 0, 0
	for _, l := range sorted {
		p.Parse([]byte(l.text), &e)
		h := e.Session.Handle
		if h == 0 {
			none++
			if e.Kind != RetransmitSent {
				t.Errorf("no session: %s", l.text)
			}
			continue
		}
		if e.Kind == Initiating {
			owner[h] = l.conn
		}
		if owner[h] != l.conn {
			t.Errorf("that of %d: %d: %s", owner[h], l.conn, l.text)
		}
		if e.Kind == RetransmitsExhausted {
			ends++
		}
		if e.Kind == PacketSent && e.Retransmission == 0 && e.Session.Remote.Port() != 500 {
			t.Errorf("%v: %s", e.Session.Remote, l.text)
		}
	}
	if len(owner) != n || ends != n {
		t.Errorf("%d sessions, %d ends, %d lines without", len(owner), ends, none)
	}
}
