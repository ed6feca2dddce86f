package rules

import (
	"testing"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
)

// ends makes a pair of children whose ends behave so; the first begins.
func ends(version uint8, first, second diag.Behaviour, a, b diag.ConnectionChild) kidPair {
	k := kidPair{k: [2]*diag.ConnectionChild{&a, &b}}
	for i, behaviour := range []diag.Behaviour{first, second} {
		k.p.c[i] = diag.Known[*diag.Connection]{OK: true, V: &diag.Connection{Version: version, Behaviour: behaviour}}
	}
	return k
}

func TestMeet(t *testing.T) {
	asks := func(p diag.NarrowedPolicy) diag.Behaviour { return diag.Behaviour{Narrowed: p} }
	has := func(p diag.SelectorPolicy) diag.Behaviour { return diag.Behaviour{Selectors: p} }
	const net, part, other = "10.1.0.0/16", "10.1.2.0/24", "10.9.0.0/16"
	for _, x := range []struct {
		version    uint8
		asks       diag.NarrowedPolicy
		has        diag.SelectorPolicy
		want, have string
		fate       fate
	}{
		{1, diag.NarrowedUnknown, diag.SelectorsUnknown, net, net, comesUp},
		{1, diag.NarrowedTaken, diag.SelectorsNarrowed, net, other, fails},
		{1, diag.NarrowedTaken, diag.SelectorsUnknown, part, net, unsure},
		{1, diag.NarrowedTaken, diag.SelectorsNarrowed, part, "dynamic", unsure},
		{1, diag.NarrowedTaken, diag.SelectorsExact, part, net, fails},
		{2, diag.NarrowedTaken, diag.SelectorsExact, part, net, unsure},
		{1, diag.NarrowedTaken, diag.SelectorsWithin, part, net, comesUp},
		{1, diag.NarrowedTaken, diag.SelectorsWithin, net, part, fails},
		{2, diag.NarrowedTaken, diag.SelectorsWithin, net, part, unsure},
		{1, diag.NarrowedRefused, diag.SelectorsNarrowed, part, net, comesUp},
		{1, diag.NarrowedRefused, diag.SelectorsNarrowed, net, part, fails},
		{2, diag.NarrowedRefused, diag.SelectorsNarrowed, net, part, comesUp},
		{1, diag.NarrowedTaken, diag.SelectorsNarrowed, net, part, comesUp},
		{1, diag.NarrowedUnknown, diag.SelectorsNarrowed, net, part, unsure},
	} {
		a := diag.ConnectionChild{Local: selectorList(t, x.want), Remote: selectorList(t, other)}
		b := diag.ConnectionChild{Remote: selectorList(t, x.have), Local: selectorList(t, other)}
		if got := ends(x.version, asks(x.asks), has(x.has), a, b).meet(0, 1); got != x.fate {
			t.Errorf("%+v: %d", x, got)
		}
	}
}

func TestPFSPolicies(t *testing.T) {
	none, some := ike.Proposal{Protocol: ike.ProtocolESP}, ike.Proposal{Protocol: ike.ProtocolESP, Groups: []ike.Group{ike.GroupMODP2048}}
	for _, x := range []struct {
		policy     diag.PFSPolicy
		asks, owns ike.Proposal
		fate       fate
	}{
		{diag.PFSCompared, none, some, fails},
		{diag.PFSCompared, some, none, fails},
		{diag.PFSFree, some, none, comesUp},
		{diag.PFSFree, some, some, fails},
		{diag.PFSFree, none, some, fails},
		{diag.PFSAnyGroup, some, some, comesUp},
		{diag.PFSAnyGroup, none, some, fails},
		{diag.PFSAnyGroup, some, none, unsure},
		{diag.PFSTaken, some, none, comesUp},
		{diag.PFSTaken, none, some, comesUp},
	} {
		a, b := diag.ConnectionChild{Proposals: []ike.Proposal{x.asks}}, diag.ConnectionChild{Proposals: []ike.Proposal{x.owns}}
		if got := ends(1, diag.Behaviour{}, diag.Behaviour{PFS: x.policy}, a, b).pfs(0, 1); got != x.fate {
			t.Errorf("policy %d, asked %v, own %v: %d", x.policy, x.asks.Groups, x.owns.Groups, got)
		}
	}
}

func TestKeyLengthPolicies(t *testing.T) {
	short := []ike.Proposal{{Ciphers: []ike.CipherKey{{Cipher: ike.CipherAESCBC, KeyBits: 128}}}}
	long := []ike.Proposal{{Ciphers: []ike.CipherKey{{Cipher: ike.CipherAESCBC, KeyBits: 256}}}}
	length, hash := []ike.Attribute{ike.AttrKeyLength}, []ike.Attribute{ike.AttrKeyLength, ike.AttrHash}
	for _, x := range []struct {
		policy      diag.KeyLengthPolicy
		differ      []ike.Attribute
		asked, owns []ike.Proposal
		fate        fate
	}{
		{diag.KeyLengthsCompared, length, long, short, fails},
		{diag.KeyLengthsLonger, length, long, short, unsure},
		{diag.KeyLengthsLonger, length, short, long, fails},
		{diag.KeyLengthsAny, length, short, long, unsure},
		{diag.KeyLengthsAny, hash, short, long, fails},
	} {
		if got := keyLengths(x.differ, x.asked, x.owns, x.policy); got != x.fate {
			t.Errorf("policy %d: %d", x.policy, got)
		}
	}
}

// A lifetime that a responder refuses is more than a difference.
func TestLifetimePolicies(t *testing.T) {
	written := diag.Place{Line: 1, Value: "x"}
	for _, x := range []struct {
		policy    diag.LifetimePolicy
		life      [2]uint32 // the responder's first
		at        diag.Place
		initiator int
		state     bool
		severity  diag.Severity
	}{
		{diag.LifetimesTaken, [2]uint32{1, 2}, written, 1, true, diag.Warning},
		{diag.LifetimesTaken, [2]uint32{1, 2}, diag.Place{Default: true}, 1, false, 0},
		{diag.LifetimesNotLonger, [2]uint32{1, 2}, written, 1, true, diag.Error},
		{diag.LifetimesNotLonger, [2]uint32{1, 2}, written, -1, true, diag.Warning},
		{diag.LifetimesNotLonger, [2]uint32{1, 2}, diag.Place{Default: true}, 1, true, diag.Warning},
		{diag.LifetimesNotLonger, [2]uint32{2, 1}, written, 1, true, diag.Warning},
		{diag.LifetimesNotLonger, [2]uint32{2, 1}, diag.Place{Default: true}, 1, false, 0},
		{diag.LifetimesEqual, [2]uint32{2, 1}, written, 1, true, diag.Error},
		{diag.LifetimesEqual, [2]uint32{2, 2}, written, 1, false, 0},
	} {
		p := ends(1, diag.Behaviour{Lifetimes: x.policy}, diag.Behaviour{}, diag.ConnectionChild{}, diag.ConnectionChild{}).p
		p.v, p.initiator = &diag.View{}, x.initiator
		c := p.lifetimes(1, x.life, [2]diag.Place{x.at, written}, p.weigh)
		if (c.state == differ) != x.state || x.state && c.finding.Severity != x.severity {
			t.Errorf("%+v: %v %v", x, c.state, c.finding.Severity)
		}
	}
}
