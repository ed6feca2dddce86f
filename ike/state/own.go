package state

import (
	"net/netip"
	"slices"

	"github.com/ikediag/ikediag/ike"
)

// Ends returns the addresses that a kernel's dump gives away as those of its
// host, and as those of that host's peers: the ends of the policies that send,
// and of the SAs that have only sent or only received. A listing of SAs does
// not say which end is its own, and its counters do. What the dump has on both
// sides is left out.
func (st *State) Ends() (own, peers []netip.Addr) {
	ends := func(mine, theirs netip.Addr) {
		if mine.IsValid() && !mine.IsUnspecified() && theirs.IsValid() && !theirs.IsUnspecified() {
			own, peers = append(own, mine), append(peers, theirs)
		}
	}
	for i := range st.Policies {
		p := &st.Policies[i]
		for _, t := range p.Templates {
			if t.Source.IsUnspecified() && t.Mode == ike.ModeTransport {
				t.Source, t.Destination = single(p.Source), single(p.Destination)
			}
			switch {
			case p.Socket:
			case p.Dir == DirOut:
				ends(t.Source, t.Destination)
			case p.Dir != DirUnknown:
				ends(t.Destination, t.Source)
			}
		}
	}
	for i := range st.SAs {
		if sa := &st.SAs[i]; len(st.Kernel) > 0 {
			ends(sa.Local.Address.Addr(), sa.Remote.Address.Addr())
		}
	}
	for i := range st.Events {
		if e := &st.Events[i]; e.Kind == EventAcquire && e.SA != nil {
			ends(e.SA.Source, e.SA.Destination)
		}
	}
	windows := map[[2]netip.Addr]window{}
	for i := range st.Kernel {
		sa := &st.Kernel[i]
		windows[[2]netip.Addr{sa.Source, sa.Destination}] |= windowOf(sa)
	}
	for i := range st.Kernel {
		sa := &st.Kernel[i]
		dir := sa.way()
		if dir == DirUnknown && st.Format != SetkeySAs { // which prints one for either
			there, back := windows[[2]netip.Addr{sa.Source, sa.Destination}], windows[[2]netip.Addr{sa.Destination, sa.Source}]
			switch {
			case there == withoutWindow && back == withWindow:
				dir = DirOut
			case there == withWindow && back == withoutWindow:
				dir = DirIn
			}
		}
		switch dir {
		case DirOut:
			ends(sa.Source, sa.Destination)
		case DirIn:
			ends(sa.Destination, sa.Source)
		}
	}
	for _, list := range [...]*[]netip.Addr{&own, &peers} {
		slices.SortFunc(*list, netip.Addr.Compare)
		*list = slices.Compact(*list)
	}
	both := func(list []netip.Addr) func(netip.Addr) bool {
		list = slices.Clone(list)
		return func(a netip.Addr) bool {
			_, found := slices.BinarySearchFunc(list, a, netip.Addr.Compare)
			return found
		}
	}
	ofPeers, ofOwn := both(peers), both(own)
	return slices.DeleteFunc(own, ofPeers), slices.DeleteFunc(peers, ofOwn)
}

// way tells which way an SA goes: as the kernel says, or as it has counted.
func (sa *KernelSA) way() Direction {
	switch {
	case sa.Dir != DirUnknown:
		return sa.Dir
	case sa.SeqOut > 0 && sa.SeqIn == 0:
		return DirOut
	case sa.SeqIn > 0 && sa.SeqOut == 0, sa.Replayed+sa.OutsideWindow+sa.Failed > 0:
		return DirIn
	}
	return DirUnknown
}

// window says whether SAs from one address to another have a replay window.
// Some daemons give one to those that receive only.
type window uint8

const (
	withWindow window = 1 << iota
	withoutWindow
)

func windowOf(sa *KernelSA) window {
	switch {
	case sa.Larval:
		return 0
	case sa.ReplayWindow > 0:
		return withWindow
	}
	return withoutWindow
}

// single returns the address of a selector that has no other: in transport
// mode the packets' own addresses are those of the ends.
func single(s ike.Selector) netip.Addr {
	if s.From != s.To {
		return netip.Addr{}
	}
	return s.From
}
