package state

import (
	"testing"

	"github.com/ikediag/ikediag/ike"
)

func TestWhackTraffic(t *testing.T) {
	st := parse(t, `006 #2: "west", type=ESP, add_time=1700000000, inBytes=84, outBytes=168, maxBytes=2^63B, id='C=DE, O=L'ab, CN=east'
006 #4: "any/0x2"[2] 192.0.2.9, username=car, ol, type=ESP, add_time=1700000000, inBytes=0, outBytes=0, maxBytes=2^63B, lease=10.9.0.7/32
 #6: "own", type=AH, add_time=1700000000, inBytes=1, outBytes=18446744073709551615, maxBytes=2^63B, id='@east', lease=10.9.0.8/32
006 something else
006 #x: "west", type=ESP, inBytes=1, outBytes=1
006 #7: "west", type=ESP, add_time=1
`)
	if len(st.SAs) != 3 || len(st.Unknown) != 3 || st.Format != WhackTraffic || st.Daemon.Product != "libreswan" {
		t.Fatalf("%+v", st)
	}
	a, b, c := st.SAs[0], st.SAs[1], st.SAs[2]
	for i, w := range []struct{ got, want any }{
		{a.Name, "west"}, {a.Children[0].ID, uint64(2)}, {a.Children[0].In.Bytes, uint64(84)}, {a.Children[0].Out.Bytes, uint64(168)}, {a.Remote.Text, "C=DE, O=L'ab, CN=east"},
		{a.Children[0].State, ChildInstalled}, {a.State, IKEUnknown},
		{b.Name, "any/0x2"}, {b.Remote.Address.Addr().String(), "192.0.2.9"}, {b.Remote.XAuth, "car, ol"}, {b.Remote.Virtual[0].String(), "10.9.0.7"}, {b.Line, 2},
		{c.Children[0].Protocol, ike.ProtocolAH}, {c.Remote.Text, "@east"}, {c.Remote.Virtual[0].String(), "10.9.0.8"}, {c.Children[0].Out.Bytes, uint64(1<<64 - 1)},
	} {
		if w.got != w.want {
			t.Errorf("%d: got %v, want %v", i, w.got, w.want)
		}
	}
}

func TestXfrmStatDifference(t *testing.T) {
	st := parse(t, "XfrmInError 1\nXfrmInNoStates 4\n\nXfrmInError 2\nXfrmInNoStates 4\nXfrmInError 5\nXfrmInNoStates 9\nXfrmNew 3\n")
	if len(st.Counters) != 3 || len(st.Unknown) != 0 {
		t.Fatalf("%+v", st)
	}
	for i, want := range []Counter{{6, "XfrmInError", 5, 1, true}, {7, "XfrmInNoStates", 9, 4, true}, {8, "XfrmNew", 3, 0, true}} {
		if st.Counters[i] != want {
			t.Errorf("got %+v, want %+v", st.Counters[i], want)
		}
	}
	// A restart in between: the later values stand for themselves.
	st = parse(t, "XfrmInError 7\nXfrmInNoStates 4\nXfrmInError 2\nXfrmInNoStates 9\n")
	if len(st.Counters) != 2 || st.Counters[0].Compared || st.Counters[1].Value != 9 {
		t.Errorf("%+v", st.Counters)
	}
	if (&State{}).Since(st) {
		t.Error("nothing compares with something")
	}
}
