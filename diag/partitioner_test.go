package diag_test

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"

	"github.com/ikediag/ikediag/diag"
)

// What is said of a negotiation goes where the negotiation goes, what is said
// of the host to all of its pairs, and the rest stays with the gateway.
func TestPartitioner(t *testing.T) {
	var got []string
	p := diag.Partitioner{
		Gateway: "fra",
		Inventory: []diag.Gateway{
			{ID: "fra", Addresses: []netip.Addr{netip.MustParseAddr("192.0.2.1")}},
			{ID: "ber", Addresses: []netip.Addr{netip.MustParseAddr("198.51.100.2")}},
			{ID: "muc", Addresses: []netip.Addr{netip.MustParseAddr("198.51.100.3")}},
		},
		To: func(key string, _ bool, o *diag.Observation) { got = append(got, fmt.Sprint(o.Where.Line, " ", key)) },
	}
	line := 0
	say := func(handle uint64, remote, connection string) {
		line++
		o := diag.Observation{Where: diag.Where{Line: line}, Keys: diag.Keys{Handle: handle, Connection: []byte(connection)}, Body: &diag.Notify{}}
		if remote != "" {
			o.Keys.Remote = addr(remote)
		}
		p.Observe(&o)
	}
	want := func(what string, want ...string) {
		t.Helper()
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", what, got, want)
		}
		got = nil
	}
	say(0, "", "")
	want("of the host", "1 fra")
	say(7, "", "a")
	want("nobody is named yet")
	say(7, "198.51.100.2:500", "a")
	want("now one is", "1 ber|fra", "2 ber|fra", "3 ber|fra")
	say(7, "", "")
	want("the same negotiation", "4 ber|fra")
	say(8, "", "a")
	want("the same connection", "5 ber|fra")
	say(9, "", "b")
	say(10, "198.51.100.3:500", "b")
	want("another, known by its name later", "1 fra|muc", "6 fra|muc", "7 fra|muc")
	say(0, "", "")
	want("of the host again", "8 fra", "8 ber|fra", "8 fra|muc")
	say(11, "198.51.100.2:500", "b")
	say(12, "", "b")
	want("two have the name", "9 ber|fra")
	say(13, "203.0.113.9:500", "")
	p.Flush()
	want("nobody knows", "10 fra", "11 fra")
	for range 100_000 {
		line++
		p.Observe(&diag.Observation{Where: diag.Where{Line: line}, Keys: diag.Keys{Handle: uint64(line)}, Body: &diag.Notify{}})
	}
	if len(got) < 99_000 {
		t.Errorf("%d of 100000 are held back", 100_000-len(got))
	}
}

// Places in a connection name sources, too.
func TestRenumber(t *testing.T) {
	place := diag.Place{Line: 3, Elsewhere: true, Source: 2}
	o := diag.Observation{Source: 1, Body: &diag.Connection{
		At: map[string]diag.Place{"PSK": place, "Mode": {Line: 1}}, PSK: diag.PSK{At: place, Passed: &diag.PassedKey{At: place}},
		Users: []diag.XAuthUser{{Password: diag.PSK{At: place}}}, Faults: []diag.Fault{{Place: place}},
		Children: []diag.ConnectionChild{{Place: place, At: map[string]diag.Place{"Local": place}}},
	}}
	if err := o.Renumber(func(id diag.SourceID) (diag.SourceID, bool) { return id + 10, true }); err != nil {
		t.Fatal(err)
	}
	c := o.Body.(*diag.Connection)
	for i, p := range []diag.Place{c.At["PSK"], c.PSK.At, c.PSK.Passed.At, c.Users[0].Password.At, c.Faults[0].Place, c.Children[0].Place, c.Children[0].At["Local"]} {
		if p.Source != 12 {
			t.Errorf("place %d is in source %d", i, p.Source)
		}
	}
	if o.Source != 11 || c.At["Mode"].Source != 0 {
		t.Errorf("source %d, place %+v", o.Source, c.At["Mode"])
	}
	if err := o.Renumber(func(id diag.SourceID) (diag.SourceID, bool) { return 0, id == 11 }); err == nil {
		t.Error("a source that is not known is taken")
	}
}
