package observe_test

import (
	"strings"
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/observe"
)

// dumped keeps the observations of a dump.
type dumped []diag.Observation

func (k *dumped) Observe(o *diag.Observation) { *k = append(*k, *o) }

// observed reads a dump and returns what of a type is observed.
func observed[T diag.Body](t *testing.T, text string) (all []T, obs []diag.Observation) {
	t.Helper()
	var k dumped
	s := observe.State{To: &k, Source: 1}
	if err := s.Read("x", strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	for _, o := range k {
		if b, ok := o.Body.(T); ok {
			all, obs = append(all, b), append(obs, o)
		}
	}
	return all, obs
}

func TestStatePolicies(t *testing.T) {
	const dump = "src 10.1.0.0/24 dst 10.2.0.0/24 \n\tdir out priority 7 ptype main \n\ttmpl src 192.0.2.1 dst 192.0.2.2\n\t\tproto esp reqid 1 mode tunnel\n" +
		"src 0.0.0.0/0 dst 0.0.0.0/0 \n\tdir fwd action block priority 9 ptype main \n\tmark 0x1/0x1\n" +
		"src 10.3.0.0/24 dst 10.2.0.0/24 \n\tdir in priority 8 ptype main \n\ttmpl src 192.0.2.1 dst 192.0.2.2\n\t\tproto comp reqid 1 mode tunnel\n\t\tlevel use \n" +
		"src 0.0.0.0/0 dst 0.0.0.0/0 \n\tsocket in priority 0 ptype main \n"
	got, _ := observed[*diag.Policies](t, dump)
	if len(got) != 1 || len(got[0].List) != 3 || got[0].Partial || !got[0].Forwards {
		t.Fatalf("%+v", got)
	}
	l := got[0].List
	if !l[0].Protect || l[0].Dir != diag.PolicyOut || l[0].Priority != 7 || !l[1].Block || !l[1].Marked || l[1].Dir != diag.PolicyForward || l[2].Protect || l[2].Line != 8 {
		t.Errorf("%+v", l)
	}
	// Of a monitor, what is missing proves nothing, and of a listing with a
	// line that was not understood.
	for _, text := range []string{"Updated " + dump, dump + "something\n"} {
		if got, _ := observed[*diag.Policies](t, text); len(got) != 1 || !got[0].Partial {
			t.Errorf("%+v", got)
		}
	}
}

func TestStateCounters(t *testing.T) {
	got, obs := observed[*diag.Counter](t, "XfrmInError 1\nXfrmInNoStates 4\nXfrmInPolBlock 2\nXfrmInError 1\nXfrmInNoStates 9\nXfrmInPolBlock 2\n")
	if len(got) != 2 || *got[0] != (diag.Counter{Name: "XfrmInError", Delta: true}) || *got[1] != (diag.Counter{Name: "XfrmInNoStates", Value: 5, Delta: true}) {
		t.Fatalf("%+v", got)
	}
	if string(obs[1].Text) != "XfrmInNoStates 9, 5 more than before" {
		t.Errorf("%q", obs[1].Text)
	}
}

func TestStatePartial(t *testing.T) {
	got, _ := observed[*diag.SA](t, "006 #2: \"west\", type=ESP, add_time=1700000000, inBytes=84, outBytes=168, maxBytes=2^63B, id='@east'\n")
	if len(got) != 2 || !got[1].Child || !got[1].Partial || got[1].BytesOut != 168 || !got[1].Counted {
		t.Errorf("%+v", got)
	}
	got, _ = observed[*diag.SA](t, "Updated src 192.0.2.1 dst 192.0.2.2\n\tproto esp spi 0x000000a1 reqid 1 mode tunnel\n")
	if len(got) != 1 || !got[0].Half || !got[0].Partial {
		t.Errorf("%+v", got)
	}
}

// What rests on a form without a genuine sample is marked, and why a device has a
// tunnel down where its words are recalled.
func TestStateRecalled(t *testing.T) {
	const heading = "USER     COMMAND    PID   FD PROTO  LOCAL ADDRESS         FOREIGN ADDRESS\n"
	got, obs := observed[*diag.Host](t, heading+"root     charon     842   12 udp4   *:500                 *:*\n")
	if len(obs) != 1 || obs[0].Basis != diag.Recalled || got[0].Event != diag.PortListened || got[0].Name != "charon" {
		t.Errorf("%+v", obs)
	}
	const table = "Total inactive tunnels: 1\nID  Port  Gateway  Tunnel Down Reason\n1  500  192.0.2.9  "
	for text, want := range map[string]diag.Basis{"Peer's IKE-ID validation failed during negotiation": diag.Logged, "Authentication failed": diag.Recalled} {
		if _, obs := observed[*diag.Check](t, table+text+" (2 times)\n"); len(obs) != 1 || obs[0].Basis != want {
			t.Errorf("%s: %+v", text, obs)
		}
	}
	_, obs = observed[*diag.Policies](t, "10.1.0.0/24[any] 10.2.0.0/24[any] any\n\tout prio def ipsec\n\tesp/tunnel/192.0.2.1-192.0.2.2/require\n\tspid=1 seq=1 pid=42\n\trefcnt=1\n")
	if len(obs) != 1 || obs[0].Basis != diag.Logged || obs[0].Body.(*diag.Policies).Forwards {
		t.Errorf("%+v", obs)
	}
}

// TestStateHost: who listens, who does not, and what the kernel tracks.
func TestStateHost(t *testing.T) {
	const heading = "State  Recv-Q Send-Q Local Address:Port  Peer Address:Port Process\n"
	count := func(text string) (n [4]int) {
		got, _ := observed[*diag.Host](t, text)
		for _, h := range got {
			switch h.Event {
			case diag.PortListened:
				n[0]++
			case diag.PortHeld:
				n[1]++
			case diag.PortFree:
				n[2]++
			case diag.OwnAddress:
				n[3]++
			}
		}
		return n
	}
	for text, want := range map[string][4]int{
		heading: {}, // of a filter, maybe
		heading + "UNCONN 0 0 192.0.2.1:68 0.0.0.0:*\n":                                                          {0, 0, 2, 1},
		heading + "UNCONN 0 0 0.0.0.0:500 0.0.0.0:* users:((\"charon\",pid=8,fd=1))\n":                           {1, 0, 0, 0},
		heading + "UNCONN 0 0 0.0.0.0:500 0.0.0.0:* users:((\"dnsmasq\",pid=8,fd=1))\n":                          {0, 1, 0, 0},
		heading + "UNCONN 0 0 0.0.0.0:4500 0.0.0.0:*\nUNCONN 0 0 0.0.0.0:53 0.0.0.0:*\n":                         {1, 0, 1, 0},
		heading + "UNCONN 0 0 0.0.0.0:500 0.0.0.0:* users:((\"docker-proxy\",pid=8,fd=1))\n":                     {1, 0, 0, 0},
		"UNCONN 0 0 127.0.0.1:500 0.0.0.0:* users:((\"pluto\",pid=8,fd=1))\nUNCONN 0 0 10.0.0.1:500 0.0.0.0:*\n": {2, 0, 0, 1},
	} {
		if got := count(text); got != want {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
	got, obs := observed[*diag.Flow](t, "unknown 50 597 src=192.0.2.1 dst=192.0.2.9 packets=20 bytes=2400 src=192.0.2.9 dst=192.0.2.1 packets=3 bytes=90 use=1\n"+
		"unknown 50 597 src=10.0.0.1 dst=192.0.2.9 packets=20 bytes=2400 src=192.0.2.9 dst=192.0.2.1 packets=3 bytes=90 use=1\n")
	if len(got) != 2 || got[0].Packets != 20 || got[0].From != diag.OfInitiator || got[1].Packets != 3 || !obs[0].Keys.Observer {
		t.Errorf("%+v", got)
	}
}

func TestStateConnections(t *testing.T) {
	got, _ := observed[*diag.Host](t, "net: IKEv1, reauthentication every 14400s\n  local:  %any\n")
	if len(got) != 2 || got[0].Event != diag.ConnectionLoaded || got[0].Name != "net" || got[1].Event != diag.ConnectionsListed {
		t.Errorf("%+v", got)
	}
}
