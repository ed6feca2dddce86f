package diag

import (
	"reflect"
	"testing"

	"github.com/ikediag/ikediag/ike"
)

func policyForTest() *Connection {
	return &Connection{
		Version: 1, Product: "libreswan", Behaviour: Behaviour{Selectors: SelectorsExact, OwnModeOnly: true}, LocalAny: true, XAuth: true, XAuthRole: XAuthClient, Rivals: 2, Siblings: 1, Virtual: true,
		LocalID: ike.ParseIdentity("west.example.org", ike.DialectAny), RemoteID: ike.ParseIdentity("east.example.org", ike.DialectAny),
		Proposals: []ike.Proposal{{Protocol: ike.ProtocolIKE, Groups: []ike.Group{ike.GroupMODP2048}}},
		Users:     []XAuthUser{{Name: ike.ParseIdentity("carol", ike.DialectAny), Password: PSK{State: PSKKnown, Digest: [32]byte{1}}}},
		At:        map[string]Place{"LocalID": {Line: 3, Setting: "leftid", Value: "west.example.org"}, "RemoteID": {Line: 4}, "Mode": {Default: true}},
		Children: []ConnectionChild{{
			Name: "net", FirstOnly: true, Overfull: true, Shunt: true, Truncated: true,
			Local: []ike.Selector{{Dynamic: true}}, Proposals: []ike.Proposal{{Protocol: ike.ProtocolESP}},
			At: map[string]Place{"Local": {Line: 7}, "Remote": {Line: 8}},
		}},
	}
}

func TestConnectionClone(t *testing.T) {
	c := policyForTest()
	d := c.clone(nil).(*Connection)
	if !reflect.DeepEqual(c, d) {
		t.Fatalf("the clone differs:\n%+v\n%+v", c, d)
	}
	d.At["LocalID"] = Place{}
	d.Children[0].At["Local"] = Place{}
	d.Users[0].Name = ike.Identity{}
	d.Proposals[0].Groups[0] = ike.GroupMODP768
	if !reflect.DeepEqual(c, policyForTest()) {
		t.Errorf("a change of the clone changed the original: %+v", c)
	}
}

func TestConnectionReversed(t *testing.T) {
	c := policyForTest()
	r := c.reversed()
	if r.XAuthRole != XAuthServer || r.Users != nil || r.LocalAny || !r.RemoteAny || r.LocalID != c.RemoteID {
		t.Errorf("reversed: %+v", r)
	}
	if r.At["RemoteID"] != c.At["LocalID"] || r.At["LocalID"] != c.At["RemoteID"] || r.At["Mode"] != c.At["Mode"] {
		t.Errorf("places: %v", r.At)
	}
	if k := &r.Children[0]; len(k.Local) != 0 || len(k.Remote) != 1 || k.At["Remote"].Line != 7 || k.At["Local"].Line != 8 {
		t.Errorf("child: %+v", k)
	}
	if !reflect.DeepEqual(c, policyForTest()) {
		t.Errorf("the original changed: %+v", c)
	}
	back := r.reversed()
	back.Users = c.Users
	if !reflect.DeepEqual(back, c) {
		t.Errorf("turned twice:\n%+v\n%+v", back, c)
	}
}

func TestConnectionWire(t *testing.T) {
	o := Observation{Body: policyForTest()}
	b, err := o.AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	var back Observation
	if err := back.UnmarshalBinary(b); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(o.Body, back.Body) {
		t.Errorf("wire form:\n%+v\n%+v", o.Body, back.Body)
	}
}

func TestEvidencePlace(t *testing.T) {
	whole := Evidence{Kind: EvidenceConfig, Where: Where{Line: 2}, Text: "connection net-net"}
	c := Known[*Connection]{V: policyForTest(), OK: true, Evidence: []Evidence{whole}}
	c.V.At["Version"] = Place{Default: true, Setting: "version", Value: "0"}
	var v View
	for _, x := range []struct {
		got  Evidence
		line int
		text string
	}{
		{v.PlaceEvidence(c, "LocalID"), 3, "leftid = west.example.org"},
		{v.PlaceEvidence(c, "Version"), 2, "version is not set: 0 by default"},
		{v.PlaceEvidence(c, "NoSuchField"), 2, "connection net-net"},
		{v.ChildEvidence(c, 0, "Remote"), 8, "connection net-net"},
		{v.ChildEvidence(c, 9, "Remote"), 2, "connection net-net"},
	} {
		if x.got.Where.Line != x.line || x.got.Text != x.text {
			t.Errorf("%d %q, want %d %q", x.got.Where.Line, x.got.Text, x.line, x.text)
		}
	}
	if e := v.PlaceEvidence(Known[*Connection]{}, "LocalID"); e.Where.Line != 0 {
		t.Errorf("of nothing: %+v", e)
	}
}
