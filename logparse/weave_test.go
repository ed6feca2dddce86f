package logparse

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// conn is one synthetic connection of a gateway's log: the jobs that charon
// does for it, each a group of lines that one thread writes.
type conn struct {
	n     int
	name  string
	fault string
	jobs  [][]string
	used  int
}

// synthetic makes the jobs of responder n; fault is "", "psk" or "proposal".
func synthetic(n int, fault string, nat bool) *conn {
	c := &conn{n: n, name: fmt.Sprintf("branch-%d", n), fault: fault}
	local, remote := "192.0.2.1", fmt.Sprintf("10.%d.%d.%d", 1+n/250, n%250, 1+n%200)
	pair := func(port, back int) (in, out string) {
		return fmt.Sprintf("[NET] received packet: from %s[%d] to %s[%d] (180 bytes)", remote, port, local, back),
			fmt.Sprintf("[NET] sending packet: from %s[%d] to %s[%d] (160 bytes)", local, back, remote, port)
	}
	p1, p2 := 500, 500
	q1, q2 := 500, 500
	if nat {
		p1 = 1024 + n
		q1, q2 = 20000+n, 4500
	}
	in, out := pair(p1, p2)
	fin, fout := pair(q1, q2)
	if fault == "proposal" {
		c.jobs = [][]string{{in, "[ENC] parsed ID_PROT request 0 [ SA V V V V V ]",
			"[IKE] received DPD vendor ID",
			"[IKE] " + remote + " is initiating a Main Mode IKE_SA",
			"[CFG] received proposals: IKE:AES_CBC_128/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_1024",
			"[CFG] configured proposals: IKE:AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048",
			"[IKE] no proposal found",
			fmt.Sprintf("[ENC] generating INFORMATIONAL_V1 request %d [ N(NO_PROP) ]", 7000000+n), out}}
		return c
	}
	c.jobs = [][]string{
		{in, "[ENC] parsed ID_PROT request 0 [ SA V V V V V ]",
			"[IKE] " + remote + " is initiating a Main Mode IKE_SA",
			"[CFG] selected proposal: IKE:AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048",
			"[ENC] generating ID_PROT response 0 [ SA V V V V ]", out},
		{in, "[ENC] parsed ID_PROT request 0 [ KE No NAT-D NAT-D ]",
			"[ENC] generating ID_PROT response 0 [ KE No NAT-D NAT-D ]", out},
	}
	if fault == "psk" {
		bad := []string{fin, "[ENC] invalid ID_V1 payload length, decryption failed?",
			"[ENC] could not decrypt payloads", "[IKE] message parsing failed",
			fmt.Sprintf("[ENC] generating INFORMATIONAL_V1 request %d [ HASH N(PLD_MAL) ]", 8000000+n), out,
			"[IKE] ID_PROT request with message ID 0 processing failed"}
		c.jobs = append(c.jobs, bad, bad, bad)
		return c
	}
	mid := 9000000 + n
	c.jobs = append(c.jobs,
		[]string{fin, "[ENC] parsed ID_PROT request 0 [ ID HASH N(INITIAL_CONTACT) ]",
			fmt.Sprintf("[CFG] looking for pre-shared key peer configs matching %s...%s[gw%d.example.com]", local, remote, n),
			fmt.Sprintf("[CFG] selected peer config \"%s\"", c.name),
			fmt.Sprintf("[IKE] IKE_SA %s[%d] established between %s[hq.example.com]...%s[gw%d.example.com]", c.name, n+1, local, remote, n),
			"[ENC] generating ID_PROT response 0 [ ID HASH ]", fout},
		[]string{fin, fmt.Sprintf("[ENC] parsed QUICK_MODE request %d [ HASH SA No ID ID ]", mid),
			fmt.Sprintf("[ENC] generating QUICK_MODE response %d [ HASH SA No ID ID ]", mid), fout},
		[]string{fin, fmt.Sprintf("[ENC] parsed QUICK_MODE request %d [ HASH ]", mid),
			fmt.Sprintf("[IKE] CHILD_SA %s{%d} established with SPIs %08x_i %08x_o and TS 10.0.0.0/8 === 172.16.%d.0/24", c.name, n+1, uint32(0xc0000000)+uint32(n), uint32(0xd0000000)+uint32(n), n%250)},
		[]string{fin, fmt.Sprintf("[ENC] parsed INFORMATIONAL_V1 request %d [ HASH N(DPD) ]", 5000000+n),
			fmt.Sprintf("[ENC] generating INFORMATIONAL_V1 request %d [ HASH N(DPD_ACK) ]", 6000000+n), fout})
	return c
}

type woven struct {
	line string
	conn *conn
	tent bool // a line whose session may be a guess
}

// weave interleaves the jobs of conns on threads, as a loaded gateway's log
// does; prefix adds <name|id>.
func weave(conns []*conn, threads int, prefix bool, seed uint64) []woven {
	rng := rand.New(rand.NewPCG(seed, 1))
	type running struct {
		c     *conn
		lines []string
	}
	busy := make([]*running, threads)
	active := map[*conn]bool{}
	var out []woven
	left := len(conns)
	for left > 0 || anyBusy(busy, func(r *running) bool { return r != nil }) {
		th := rng.IntN(threads)
		if busy[th] == nil {
			c := conns[rng.IntN(len(conns))]
			if active[c] || c.used == len(c.jobs) {
				// Take the next that has work, so that the end comes.
				for i := range conns {
					if c = conns[(i+th*7)%len(conns)]; !active[c] && c.used < len(c.jobs) {
						break
					}
				}
			}
			if active[c] || c.used == len(c.jobs) {
				if left > 0 || len(active) > 0 {
					th = -1
				}
			}
			if th < 0 {
				for i, r := range busy {
					if r != nil {
						th = i
						break
					}
				}
				if th < 0 {
					break
				}
			} else {
				busy[th] = &running{c, c.jobs[c.used]}
				active[c] = true
				c.used++
				if c.used == len(c.jobs) {
					left--
				}
			}
		}
		r := busy[th]
		l := r.lines[0]
		r.lines = r.lines[1:]
		tag := ""
		if prefix {
			tag = fmt.Sprintf("<%d> ", r.c.n+1)
			if r.c.used > 2 {
				tag = fmt.Sprintf("<%s|%d> ", r.c.name, r.c.n+1)
			}
		}
		out = append(out, woven{fmt.Sprintf("Nov 21 04:%02d:%02d gw charon[77]: %02d%s %s%s", len(out)/6000%60, len(out)/100%60, th+1, l[:5], tag, l[6:]), r.c, strings.Contains(l, "received packet")})
		if len(r.lines) == 0 {
			delete(active, r.c)
			busy[th] = nil
		}
	}
	return out
}

func anyBusy[T any](s []T, f func(T) bool) bool {
	for _, v := range s {
		if f(v) {
			return true
		}
	}
	return false
}

// TestWoven ties every line of 200 interleaved connections to its own
// session, with and without the SA's number in the prefix, plain and behind
// NAT.
func TestWoven(t *testing.T) {
	for _, prefix := range []bool{true, false} {
		for _, nat := range []bool{false, true} {
			for seed := range uint64(4) {
				var conns []*conn
				for n := range 200 {
					fault := map[int]string{17: "psk", 91: "proposal", 150: "psk"}[n]
					conns = append(conns, synthetic(n, fault, nat))
				}
				lines := weave(conns, 16, prefix, seed)
				var p Parser
				var e Event
				handle := map[*conn]uint64{}
				owner := map[uint64]*conn{}
				wrong := 0
				for _, w := range lines {
					if !p.Parse([]byte(w.line), &e) {
						t.Fatalf("unknown: %s", w.line)
					}
					h := e.Session.Handle
					if h == 0 || e.Session.Tentative {
						if !w.tent {
							wrong++
							t.Logf("no session: %s", w.line)
						}
						continue
					}
					if handle[w.conn] == 0 && owner[h] == nil {
						handle[w.conn], owner[h] = h, w.conn
					}
					if handle[w.conn] != h {
						if wrong++; wrong < 5 {
							t.Errorf("prefix %v nat %v seed %d: line %d is another's: %s", prefix, nat, seed, e.Number, w.line)
						}
					}
				}
				if wrong > 0 || len(owner) != 200 {
					t.Errorf("prefix %v nat %v seed %d: %d lines of %d wrong, %d sessions", prefix, nat, seed, wrong, len(lines), len(owner))
				}
			}
		}
	}
}

// TestSessionsBounded keeps the table within its bound whatever comes.
func TestSessionsBounded(t *testing.T) {
	p := Parser{MaxSessions: 50}
	var e Event
	for n := range 2000 {
		for _, l := range synthetic(n, "proposal", n%2 == 0).jobs[0] {
			p.Parse(fmt.Appendf(nil, "%02d%s", n%16, l), &e)
		}
	}
	c := p.asms[0].a.(*charon)
	if c.live > 50 || len(c.slots) > 51 || len(c.bySA) > 50 || len(c.byAddr) > 50 || len(c.byPair) > 200 {
		t.Errorf("%d sessions in %d slots, %d numbers, %d addresses, %d pairs", c.live, len(c.slots), len(c.bySA), len(c.byAddr), len(c.byPair))
	}
	if p.Stats().Evicted < 1900 {
		t.Errorf("%d evicted", p.Stats().Evicted)
	}
}

// TestHandlesStable gives the same handles for the same content and others
// for another place.
func TestHandlesStable(t *testing.T) {
	in := []byte(strings.Join(synthetic(1, "", false).jobs[0], "\n05"))
	in = append([]byte("05"), in...)
	read := func(b []byte) (h []uint64) {
		var p Parser
		for e := range p.Events(bytes.NewReader(b)) {
			h = append(h, e.Session.Handle)
		}
		return h
	}
	a, b := read(in), read(in)
	if fmt.Sprint(a) != fmt.Sprint(b) {
		t.Errorf("%v and %v", a, b)
	}
	if c := read(append([]byte("\n"), in...)); c[len(c)-1] == a[len(a)-1] {
		t.Errorf("the line's number plays no part: %v", c)
	}
}
