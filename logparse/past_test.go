package logparse

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"
)

// memory returns how many octets are in use.
func memory() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestSessionsForgotten: a log's table has the sessions that may be spoken of
// again, and not those of peers that are long gone, whose end nobody tells;
// a flood of them takes no more than 8 MiB.
func TestSessionsForgotten(t *testing.T) {
	start := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	begun := "05[IKE] <%[1]d> %[2]s is initiating a Main Mode IKE_SA"
	up := "05[IKE] <site|%[1]d> IKE_SA site[%[1]d] established between 192.0.2.1[a]...%[2]s[b]"
	end := "05[IKE] <site|%[1]d> deleting IKE_SA site[%[1]d] between 192.0.2.1[a]...%[2]s[b]"
	for _, x := range []struct {
		name        string
		n           int
		every       time.Duration // 0: the lines have no times
		lines       []string
		least, most int // that are kept
	}{
		{"half-open", 5000, 10 * time.Minute, []string{begun}, 12, 64},
		{"half-open at once", 5000, time.Millisecond, []string{begun}, 4000, 8192},
		{"half-open, no times", 20000, 0, []string{begun}, 4000, 8192 + 1024},
		{"up", 5000, 30 * time.Minute, []string{begun, up}, 48, 128},
		{"up within a day", 5000, 15 * time.Second, []string{begun, up}, 5000, 5000},
		{"up at once", 20000, time.Millisecond, []string{begun, up}, 8192, 8192},
		{"up, no times", 40000, 0, []string{begun, up}, 8192, 8192},
		{"ended", 5000, 10 * time.Minute, []string{begun, up, end}, 12, 64},
		{"ended at once", 5000, time.Millisecond, []string{begun, up, end}, 256, 1024},
	} {
		var p Parser
		var e Event
		p.Parse([]byte("05[DMN] Starting IKE charon daemon (strongSwan 5.9.8)"), &e) // what is built once
		before := memory()
		for i := range x.n {
			peer := fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255)
			for _, l := range x.lines {
				line := fmt.Sprintf(l, i+1, peer)
				if x.every > 0 {
					line = start.Add(time.Duration(i)*x.every).Format("Jan _2 15:04:05 ") + "gw charon: " + line
				}
				if !p.Parse([]byte(line), &e) || e.Session.Handle == 0 {
					t.Fatalf("%q is of no session", line)
				}
			}
		}
		if used := memory() - before; used > 8<<20 {
			t.Errorf("%s: %d KiB", x.name, used>>10)
		}
		c := p.asms[0].a.(*charon)
		if c.live < x.least || len(c.slots) > x.most+1 {
			t.Errorf("%s: %d sessions are kept in %d slots of %d that were begun", x.name, c.live, len(c.slots), x.n)
		}
	}
}

// TestWhile: not reading the times of a while changes nothing of which
// lines are old, however a log writes its times.
func TestWhile(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, layout := range []string{
		"Jan _2 15:04:05", "Jan _2 15:04:05.000000", "Jan _2 15:04:05 2006", "2006-01-02T15:04:05Z07:00", "2006-01-02 15:04:05,000",
		"02/Jan/2006:15:04:05 -0700", "15:04:05", "2006-01-02 15:04:05 MST", "",
	} {
		var got, want sessions
		at := time.Date(2024, 2, 29, 22, 59, 58, 0, time.UTC)
		for line := range 20_000 {
			switch rnd.IntN(40) {
			case 0:
				at = at.Add(time.Duration(rnd.Int64N(int64(2 * aDay))))
			case 1:
				at = at.Add(-time.Duration(rnd.Int64N(int64(2 * time.Minute))))
			case 2:
				at = at.In(time.FixedZone("", 3600*rnd.IntN(3)))
			default:
				at = at.Add(time.Duration(rnd.Int64N(int64(9 * time.Second))))
			}
			text := at.AppendFormat(nil, layout)
			got.passed(text, line)
			want.while = while{}
			want.passed(text, line)
			if got.hour != want.hour || got.day != want.day {
				t.Fatalf("line %d, %q: %+v and %+v, not %+v and %+v", line, text, got.hour, got.day, want.hour, want.day)
			}
		}
	}
}

// TestPeersForgotten: the tables by which sessions are found do not grow with the
// peers that were ever spoken of.
func TestPeersForgotten(t *testing.T) {
	start := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	var p Parser
	var e Event
	for i := range 3000 {
		at := start.Add(time.Duration(i) * time.Hour).Format("Jan 02 2006 15:04:05")
		line := fmt.Sprintf("%s asa1 : %%ASA-5-713041: IP = 10.%d.%d.%d, IKE Initiator: New Phase 1, Intf inside, IKE Peer 10.1.2.3  local Proxy Address 10.0.0.0, remote Proxy Address 10.9.0.0,  Crypto map (outside_map)", at, i>>16, i>>8&255, i&255)
		if !p.Parse([]byte(line), &e) || e.Session.Handle == 0 {
			t.Fatalf("%q is of no session", line)
		}
	}
	c := p.asms[0].a.(*asa)
	if n := len(c.peers.places); n > 4*fewSessions || len(c.peers.of) != n {
		t.Errorf("%d peers are kept, in %d places, for %d sessions", n, len(c.peers.of), c.live)
	}
}
