package diag_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

func dumpLadders(w io.Writer, r *diag.Report, ladders []diag.Ladder) {
	for _, l := range ladders {
		fmt.Fprintln(w, "  attempt", l.Attempt, l.Left, l.Gap)
		for _, g := range l.Rungs {
			fmt.Fprint(w, "   ", g.Kind, " ", g.Side, " ", g.Text, " ", g.Repeated, g.Fault, " ", g.Sent, g.Arrived, " ", g.Fate)
			for _, s := range g.Seen {
				fmt.Fprint(w, " ", s.At, "/", r.SourceID(s.Source), ":", s.Where.Line, "x", s.Count)
			}
			fmt.Fprintln(w)
		}
		for _, f := range l.Flows {
			fmt.Fprintln(w, "   flow", f.From, f.At, f.SPI, f.Packets, f.Counted, r.SourceID(f.Start.Source))
		}
	}
}

// view feeds an engine with what one source shows of one negotiation.
type view struct {
	e    *diag.Engine
	o    diag.Observation
	line int
	now  time.Time
}

func newView(e *diag.Engine, name, gateway string, kind diag.SourceKind, role diag.Side) *view {
	v := &view{e: e, now: epoch}
	v.o.Source = e.AddSource(diag.Source{Name: name, Gateway: gateway, Kind: kind, Coverage: diag.Coverage{
		From: epoch.Add(-time.Minute), To: epoch.Add(time.Minute), Shows: diag.Bodies(diag.BodyMessage, diag.BodyFlow)}})
	v.o.Basis = diag.Logged
	v.o.Keys = diag.Keys{Handle: 1, Role: role, Local: addr("192.0.2.1:500"), Remote: addr("198.51.100.1:500"), Cookies: [2]uint64{7, 8}}
	if kind == diag.KindCapture {
		v.o.Keys.Role, v.o.Keys.Observer, v.o.Keys.Near = diag.SideUnknown, true, role
	} else if role == diag.Responder {
		v.o.Keys.Local, v.o.Keys.Remote = v.o.Keys.Remote, v.o.Keys.Local
	}
	return v
}

// at says something at a second.
func (v *view) at(seconds int, bodies ...diag.Body) *view {
	for _, b := range bodies {
		v.line++
		v.o.Where = diag.Where{Line: v.line}
		if v.o.Keys.Observer {
			v.o.Where = diag.Where{Frame: v.line}
		}
		v.o.Time = diag.Time{Value: v.now.Add(time.Duration(seconds) * time.Second), Precision: time.Second}
		v.o.Text, v.o.Body = fmt.Append(nil, b.Kind(), " ", v.line), b
		v.e.Observe(&v.o)
	}
	return v
}

func mainMode(from diag.Party, number uint8) *diag.Message {
	return &diag.Message{From: from, Exchange: isakmp.ExchangeMain, Number: number}
}

func again(m *diag.Message) *diag.Message {
	m.Retransmission = 1
	return m
}

// rungs writes a ladder as lines of a table.
func rungs(t *testing.T, e *diag.Engine) string {
	t.Helper()
	for range e.Advance(time.Time{}) {
	}
	r := e.Report()
	if len(r.Tunnels) != 1 || len(r.Tunnels[0].Ladders) != 1 {
		t.Fatalf("%d tunnels: %+v", len(r.Tunnels), r.Tunnels)
	}
	var b bytes.Buffer
	for _, g := range r.Tunnels[0].Ladders[0].Rungs {
		again := ""
		if g.Repeated {
			again = ", again"
		}
		fmt.Fprintf(&b, "%s: %s%s", g.Side, g.Text, again)
		if g.Kind == diag.RungMessage {
			fmt.Fprintf(&b, " %d/%d %s", g.Sent, g.Arrived, g.Fate)
		}
		fmt.Fprintln(&b, "", len(g.Seen))
	}
	return strings.ReplaceAll(b.String(), " \n", "\n")
}

// Two logs and two captures, one clock three hours off, become one order.
func TestLadder(t *testing.T) {
	e := newEngine(t, diag.Options{})
	refused := &diag.Message{From: diag.OfResponder, Exchange: isakmp.ExchangeInformational}
	newView(e, "west/log", "west", diag.KindLog, diag.Initiator).
		at(0, &diag.Progress{By: diag.Self, Step: diag.Phase1Started, Mode: isakmp.ExchangeMain}, mainMode(diag.Self, 1)).
		at(1, mainMode(diag.Peer, 2), mainMode(diag.Self, 3)).
		at(4, again(mainMode(diag.Self, 3)), again(mainMode(diag.Self, 3))).
		at(20, &diag.GaveUp{By: diag.Self, Tries: 2})
	newView(e, "west/pcap", "west", diag.KindCapture, diag.Initiator).
		at(0, mainMode(diag.OfInitiator, 1)).at(1, mainMode(diag.OfResponder, 2), mainMode(diag.OfInitiator, 3)).
		at(4, again(mainMode(diag.OfInitiator, 3)), again(mainMode(diag.OfInitiator, 3)))
	east := newView(e, "east/pcap", "east", diag.KindCapture, diag.Responder)
	east.now = epoch.Add(3 * time.Hour)
	e.UpdateSource(east.o.Source, func(s *diag.Source) {
		s.Coverage.From, s.Coverage.To = s.Coverage.From.Add(3*time.Hour), s.Coverage.To.Add(3*time.Hour)
	})
	east.at(0, mainMode(diag.OfInitiator, 1)).at(1, mainMode(diag.OfResponder, 2), refused)
	log := newView(e, "east/log", "east", diag.KindLog, diag.Responder)
	log.now = east.now
	log.at(0, mainMode(diag.Peer, 1), mainMode(diag.Self, 2)).
		at(1, &diag.LookedUp{By: diag.Self, What: diag.LookupPSK}, &diag.Notify{From: diag.Self, Type: isakmp.NotifyNoProposalChosen})
	const want = `initiator: main mode 1 1/1 arrived 4
responder: main mode 2 1/1 arrived 4
initiator: main mode 3 1/0 lost 2
responder: no pre-shared key for this peer 1
responder: NO-PROPOSAL-CHOSEN 1/0 lost 2
initiator: main mode 3, again 2/0 lost 2
initiator: gives up 1
`
	if got := rungs(t, e); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// What one source shows of a hostile peer stays bounded, and what is left out
// is counted.
func TestLadderBounds(t *testing.T) {
	e := newEngine(t, diag.Options{})
	v := newView(e, "log", "west", diag.KindLog, diag.Initiator)
	for i := range 150 {
		v.line += 9 // what a daemon says in succession is one thing
		v.at(i, &diag.Check{By: diag.Self, What: diag.CheckFormat, Exchange: isakmp.ExchangeMain, Number: uint8(i)})
	}
	for range e.Advance(time.Time{}) {
	}
	l := e.Report().Tunnels[0].Ladders[0]
	if len(l.Rungs) != 48 || l.Left != 102 || l.Gap != 24 {
		t.Errorf("%d rungs, %d left out at %d", len(l.Rungs), l.Left, l.Gap)
	}
	if a, b := l.Rungs[23].Seen[0].Where.Line, l.Rungs[24].Seen[0].Where.Line; a != 240 || b != 1270 {
		t.Errorf("lines %d and %d are at the gap", a, b)
	}
	// Many tunnels: those that nothing is wrong with come last.
	e = newEngine(t, diag.Options{})
	fleet(e, 300)
	n := 0
	for _, tunnel := range e.Report().Tunnels {
		n += len(tunnel.Ladders)
	}
	if n != 256 {
		t.Errorf("%d ladders for 300 tunnels", n)
	}
}

// What the ends are configured for and do not have alike stands side by side,
// and never a key.
func TestSettings(t *testing.T) {
	e := newEngine(t, diag.Options{})
	for end, gateway := range []string{"west", "east"} {
		v := newView(e, gateway+"/log", gateway, diag.KindLog, diag.Side(end+1)).at(0, mainMode([]diag.Party{diag.Self, diag.Peer}[end], 1))
		v.o.Keys.Handle, v.o.Keys.Role = 9, diag.SideUnknown
		v.o.Source = e.AddSource(diag.Source{Name: gateway + "/conf", Gateway: gateway, Kind: diag.KindConfig})
		c := &diag.Connection{Mode: isakmp.ExchangeMain, PSK: diag.PSK{State: diag.PSKKnown, At: diag.Place{Line: 4, Setting: "secret", Value: "hunter2"}}, At: map[string]diag.Place{"Lifetime": {Line: 3, Setting: "life", Value: gateway}}}
		c.PSK.Digest[0], c.Lifetime = byte(end), uint32(end)
		c.RemoteAddresses = append(c.RemoteAddresses, v.o.Keys.Remote.Addr())
		c.LocalAddresses = append(c.LocalAddresses, v.o.Keys.Local.Addr())
		v.at(0, c)
	}
	r := e.Report()
	var got []string
	for _, s := range r.Tunnels[0].Settings {
		got = append(got, fmt.Sprint(s.Name, " ", s.About, s.Fits, " ", s.Ends[0].Text, s.Ends[0].Line, " ", s.Ends[1].Text, s.Ends[1].Line))
	}
	if want := "[pre-shared key -1 false [secret]4 [secret]4 phase 1 lifetime -1 true east3 west3]"; fmt.Sprint(got) != want {
		t.Errorf("got  %v\nwant %s", got, want)
	}
}
