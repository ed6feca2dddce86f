package diag

import (
	"reflect"
	"testing"

	"github.com/ikediag/ikediag/ike"
)

// Offers that say the same share their proposals, and no other: what one is told
// later changes none that was told before.
func TestFamiliarOffers(t *testing.T) {
	proposals := func(groups ...ike.Group) []ike.Proposal { return []ike.Proposal{{Groups: groups}} }
	var f familiar
	strands := map[uint64]*strand{}
	tell := func(handle uint64, line int, phase2 bool, groups ...ike.Group) {
		s := strands[handle]
		if s == nil {
			s = &strand{names: &noNames}
			strands[handle] = s
		}
		told := proposals(groups...)
		s.observe(&Observation{Where: Where{Line: line}, Body: &Offer{Role: Offered, Phase2: phase2, Proposals: told}}, moment{}, 1, &f)
		clear(told[0].Groups) // the caller's
	}
	tell(1, 1, false, ike.GroupMODP1024)
	tell(2, 2, false, ike.GroupMODP1024)
	tell(2, 3, true, ike.GroupMODP768)
	tell(3, 4, false, ike.GroupMODP1024, ike.GroupMODP768)
	tell(1, 5, false, ike.GroupMODP768)
	tell(4, 6, false, ike.GroupMODP1024, ike.GroupMODP768)
	got := func(handle uint64, slot int, last bool) []ike.Proposal {
		sl := strands[handle].facts()[slot]
		if last {
			return sl.latest().body.(*Offer).Proposals
		}
		return sl.first.body.(*Offer).Proposals
	}
	one, two := proposals(ike.GroupMODP1024), proposals(ike.GroupMODP1024, ike.GroupMODP768)
	for i, c := range []struct{ got, want []ike.Proposal }{
		{got(1, 0, false), one}, {got(1, 0, true), proposals(ike.GroupMODP768)}, {got(2, 0, false), one}, {got(2, 1, false), proposals(ike.GroupMODP768)},
		{got(3, 0, false), two}, {got(4, 0, false), two},
	} {
		if !reflect.DeepEqual(c.got, c.want) {
			t.Errorf("%d: %v, want %v", i, c.got, c.want)
		}
	}
	if &got(1, 0, false)[0] != &got(2, 0, false)[0] || &got(3, 0, false)[0] != &got(4, 0, false)[0] {
		t.Error("the same is kept twice")
	}
}
