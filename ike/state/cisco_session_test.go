package state

import (
	"testing"

	"github.com/ikediag/ikediag/diag/diagtest/recordings"
)

func TestCiscoSession(t *testing.T) {
	dir := recordings.Path(t, "configs", "state")
	st, err := Parse("ios", open(t, dir, "ntc-templates/cisco_ios_show_crypto_session_detail.raw"))
	if err != nil || len(st.SAs) != 3 || len(st.Unknown) != 0 {
		t.Fatalf("%v, %d sessions, unknown %v", err, len(st.SAs), st.Unknown)
	}
	down, up := st.SAs[0], st.SAs[1]
	for i, w := range []struct{ got, want any }{
		{down.State, IKEConnecting}, {down.Name, "Tunnel1201"}, {down.StateText, "DOWN-NEGOTIATING"}, {down.Children[0].State, ChildCreated},
		{up.State, IKEEstablished}, {up.ID, uint64(2913)}, {up.Local.Address.String(), "169.0.1.1:4500"}, {up.Remote.Address.String(), "192.168.0.1:4500"}, {up.Remote.Text, "SOME_DEVICE1234.1pc.com"},
		{up.Children[0].State, ChildInstalled}, {up.Children[0].In.Packets, uint64(15344097)}, {up.Children[0].Out.Packets, uint64(18074395)}, {up.Children[0].Expire.D.Seconds(), 615.0}, {up.Children[0].Local[0].Protocol, uint8(47)},
	} {
		if w.got != w.want {
			t.Errorf("%d: got %v, want %v", i, w.got, w.want)
		}
	}
	st, err = Parse("ios", open(t, dir, "ntc-templates/cisco_ios_show_crypto_session_detail_ikev2.raw"))
	if err != nil || len(st.SAs) != 1 || st.SAs[0].Version != 2 || len(st.Unknown) != 0 || st.SAs[0].Children[0].Remote[0].String() != "0.0.0.0/0" {
		t.Errorf("%v %+v", err, st)
	}
}

func TestCiscoSessionOddities(t *testing.T) {
	st := parse(t, "Crypto session current status\nIPSEC FLOW: permit\nInterface: a\nPeer: x\nPeer: 192.0.2.1 port 99999\n IPSEC FLOW: permit ip host\n Active SAs:\n Inbound: \n IPSEC FLOW: permit ip 10.1.0.0/255.255.0.0 10.2.0.0/255.0.255.0 port 5\n IKE SA: local\n Phase1_id:\n something new\n")
	if len(st.SAs) != 1 || len(st.SAs[0].Children) != 2 || len(st.Unknown) != 1 || st.SAs[0].Children[1].Local != nil {
		t.Errorf("%+v", st)
	}
	st = parse(t, "Crypto session current status\nInterface: Gi0\nSession status: UP-ACTIVE\nPeer: 192.0.2.9 port 500\n IKE SA: local 192.0.2.1/500 remote 192.0.2.9/500 Active\n IPSEC FLOW: permit 6 10.1.0.0/255.255.0.0 host 10.2.0.1\n Active SAs: 2, origin: crypto map\n")
	if c := st.SAs[0].Children[0]; c.Local[0].String() != "10.1.0.0/16[tcp]" && c.Local[0].Protocol != 6 {
		t.Errorf("%+v", c)
	}
}
