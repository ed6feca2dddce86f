package ingest_test

import (
	_ "embed"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/ingest"
)

//go:embed testdata/fleet.txt
var fleetScripts string

// A fleet writes the logs of many gateways, as long as one likes to listen:
// tunnels come up, keep up, are renewed, end and come up again; some fail each
// time. Of five gateways one each is a strongSwan, a libreswan, an IOS, an ASA
// and a racoon. The first and the fourth, and the second and the fifth, are
// each other's peers; IOS's peers write nothing.
type fleet struct {
	scripts map[string][]scriptLine // by dialect and episode
	gateway []*fleetGateway
	lines   int // written so far
}

var fleetDialects = [...]struct{ name, layout string }{
	{"charon", time.Stamp}, {"pluto", time.Stamp}, {"ios", "Jan _2 15:04:05.000:"}, {"asa", "Jan 02 2006 15:04:05"}, {"racoon", time.Stamp},
}

// fleetLife is what becomes of a tunnel, over and over.
var fleetLife = strings.Fields("up down keep keep keep renew keep keep keep keep renew keep keep keep keep renew keep keep")

// scriptLine is a line's text and, each after one of them, its variables.
type scriptLine struct{ text, vars []string }

type fleetGateway struct {
	f       *fleet
	dialect int
	tunnels []fleetTunnel
	number  uint32 // of the last SA
	b       []byte // of what is written
}

type fleetTunnel struct {
	me, peer  string
	id        uint32 // the same at both ends
	responder bool
	fails     bool
	episode   int
	sa, child fleetSA
	old       [2]fleetSA // what was replaced
}

// A fleetSA has the number that its gateway counts, and one that is the same at
// both ends.
type fleetSA struct{ number, both uint32 }

// newFleet makes n gateways, a multiple of five, with so many tunnels each. One
// tunnel of 43 fails.
func newFleet(n, tunnels int) *fleet {
	f := &fleet{scripts: map[string][]scriptLine{}}
	name := ""
	for line := range strings.Lines(fleetScripts) {
		line = strings.TrimSuffix(line, "\n")
		if head, ok := strings.CutPrefix(line, "== "); ok {
			name = head
		} else if name != "" {
			f.scripts[name] = append(f.scripts[name], parseScript(line))
		}
	}
	blocks := n / 5
	for i := range blocks * 5 {
		g := &fleetGateway{f: f, dialect: i % 5, number: 1000}
		for t := range tunnels {
			block, other := i/5, (i/5+t)%blocks
			if g.dialect >= 3 {
				other = ((i/5-t)%blocks + blocks) % blocks
			}
			x := fleetTunnel{me: fleetAddr(block, g.dialect), id: uint32((i/5*5+g.dialect)*tunnels + t)}
			switch g.dialect {
			case 0, 1:
				x.peer = fleetAddr(other, g.dialect+3)
			case 2:
				x.peer = fleetAddr(block*tunnels+t, 5)
			default:
				x.peer, x.responder = fleetAddr(other, g.dialect-3), true
				x.id = uint32((other*5+g.dialect-3)*tunnels + t)
			}
			x.fails = x.id%43 == 6
			g.tunnels = append(g.tunnels, x)
		}
		f.gateway = append(f.gateway, g)
	}
	return f
}

func fleetAddr(n, kind int) string {
	return netip.AddrFrom4([4]byte{100, byte(64 + kind*4 + n>>16), byte(n >> 8), byte(n)}).String()
}

// parseScript cuts a line at its variables.
func parseScript(line string) (l scriptLine) {
	for {
		i, end := -1, 0
		for _, v := range [...]string{"{at}", "{me}", "{peer}", "{name}", "{sa}", "{child}", "{old}", "{mid}", "{MID}", "{in}", "{out}", "{IN}", "{OUT}", "{cookies}", "{id}"} {
			if j := strings.Index(line, v); j >= 0 && (i < 0 || j < i) {
				i, end = j, j+len(v)
			}
		}
		if i < 0 {
			l.text = append(l.text, line)
			return l
		}
		l.text, l.vars = append(l.text, line[:i]), append(l.vars, line[i+1:end-1])
		line = line[end:]
	}
}

// next writes the next episode of a tunnel. The lines are valid until the
// next call.
func (g *fleetGateway) next(tunnel int) []byte {
	t := &g.tunnels[tunnel]
	what := fleetLife[t.episode%len(fleetLife)]
	if t.fails {
		what = "fail"
	}
	d := fleetDialects[g.dialect]
	at := fleetStart.Add(time.Duration(t.episode)*time.Minute + time.Duration(t.id*0x9e3779b1^uint32(t.episode)*0x85ebca6b)%(50*time.Second))
	t.episode++
	about, lines := *t, g.f.scripts[d.name+" "+what]
	switch what {
	case "down": // of what was replaced
		about.sa, about.child = t.old[0], t.old[1]
		if about.sa.number == 0 {
			lines = nil
		}
	case "up", "fail":
		t.old = [2]fleetSA{t.sa, t.child}
		t.sa, t.child = fleetSA{g.number + 1, t.child.both + 1}, fleetSA{g.number + 2, t.child.both + 2}
		g.number += 2
		about = *t
	case "renew":
		t.old[1], t.child = t.child, fleetSA{g.number + 1, t.child.both + 1}
		g.number++
		about = *t
	}
	g.b = g.b[:0]
	for i := range lines {
		g.line(&about, &lines[i], at.Add(time.Duration(i)*20*time.Millisecond).Format(d.layout))
	}
	g.f.lines += len(lines)
	return g.b
}

var fleetStart = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

func (g *fleetGateway) line(t *fleetTunnel, l *scriptLine, at string) {
	number := func(kind, n uint32) uint32 { return 0x10000000 | (t.id*0x9e3779b1^n*0x85ebca6b^kind*0xc2b2ae35)>>2 }
	in, out, mid := number(1, t.child.both), number(2, t.child.both), number(3, uint32(t.episode))
	if t.responder {
		in, out = out, in
	}
	decimal := func(n uint32) { g.b = strconv.AppendUint(g.b, uint64(n), 10) }
	octets := func(n uint32) { g.b = hex.AppendEncode(g.b, binary.BigEndian.AppendUint32(nil, n)) }
	for i, v := range l.vars {
		g.b = append(g.b, l.text[i]...)
		switch v {
		case "at":
			g.b = append(g.b, at...)
		case "me":
			g.b = append(g.b, t.me...)
		case "peer":
			g.b = append(g.b, t.peer...)
		case "name":
			g.b = strconv.AppendUint(append(g.b, "site-"...), uint64(t.id), 10)
		case "id":
			g.b = append(strconv.AppendUint(append(g.b, "gw."...), uint64(t.id), 10), ".example"...)
		case "sa":
			decimal(t.sa.number)
		case "child":
			decimal(t.child.number)
		case "old":
			decimal(t.old[1].number)
		case "MID":
			decimal(mid)
		case "IN":
			decimal(in)
		case "OUT":
			decimal(out)
		case "mid":
			octets(mid)
		case "in":
			octets(in)
		case "out":
			octets(out)
		case "cookies":
			octets(number(4, t.sa.both))
			octets(number(5, t.sa.both))
			g.b = append(g.b, ':')
			octets(number(6, t.sa.both))
			octets(number(7, t.sa.both))
		}
	}
	g.b = append(append(g.b, l.text[len(l.text)-1]...), '\n')
}

// logs writes what so many gateways with two tunnels each write in so many
// lines, a log for each.
func (f *fleet) logs(lines int) [][]byte {
	logs := make([][]byte, len(f.gateway))
	for f.lines < lines {
		for i, g := range f.gateway {
			for t := range g.tunnels {
				logs[i] = append(logs[i], g.next(t)...)
			}
		}
	}
	return logs
}

// What the fleet writes is understood line by line, and is said to be what it
// is: tunnels that are up after so many attempts, some that fail, and clocks that
// agree.
func TestFleet(t *testing.T) {
	var in []ingest.Input
	f := newFleet(50, 2)
	for i, l := range f.logs(25_000) {
		in = append(in, memory(fmt.Sprintf("gw%d.log", i), fmt.Sprintf("gw%d", i), l))
	}
	r := diagnose(t, in)
	for _, s := range r.Sources {
		if s.Recognized < s.Units {
			t.Errorf("%s, %s: %d lines of %d are known", s.Name, s.Dialect, s.Recognized, s.Units)
		}
	}
	begun := (f.gateway[0].tunnels[0].episode-1)/len(fleetLife) + 1 // by each that is up
	up, failed := 0, 0
	for _, x := range r.Tunnels {
		switch x.Outcome {
		case diag.OutcomeEstablished:
			if up++; x.Attempts != begun {
				t.Errorf("%+v: %d attempts, want %d", x.Ends, x.Attempts, begun)
			}
		case diag.OutcomePhase1Failed:
			failed++
		default:
			t.Errorf("%+v", x)
		}
	}
	causes := 0
	for _, f := range r.Findings {
		if f.Kind == diag.Cause && f.Severity >= diag.Error {
			causes++
		}
		if f.Code == diag.EvidClockOffset {
			t.Errorf("%s", f.Summary)
		}
	}
	// A hundred views are of sixty tunnels.
	if up != 59 || failed != 1 || causes != failed {
		t.Errorf("%d tunnels are up, %d failed, %d causes", up, failed, causes)
	}
}
