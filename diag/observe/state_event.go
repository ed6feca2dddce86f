package observe

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/ike/state"
)

// events observes what a kernel tells of its SAs while it is watched: one that
// is about to run out, one that has, and traffic that wanted one and got none.
// What came and went otherwise shows in what is there at the end.
func (o *State) events(st *state.State) {
	there := map[halfID]bool{}
	for i := range st.Kernel {
		there[idOf(&st.Kernel[i])] = true
	}
	made := map[netip.Addr]bool{} // where SAs lead that are made later
	for _, e := range slices.Backward(st.Events) {
		switch to := netip.IPv6Unspecified(); {
		case e.SA == nil:
		case e.Kind <= state.EventUpdated && e.SA.SPI != 0:
			made[e.SA.Destination], made[to] = true, true
		case e.Kind == state.EventExpired:
			o.expired(&e, there[idOf(e.SA)])
		case e.Kind == state.EventAcquire:
			b := &diag.Obstacle{By: diag.Self, What: diag.ObstacleNoSA, Detail: diag.Clean(e.SA.Selector, 60)}
			if e.SA.Destination.IsValid() && !e.SA.Destination.IsUnspecified() {
				b.Remote, to = e.SA.Destination, e.SA.Destination
			}
			if !made[to] {
				o.send(e.Line, "acquire "+e.SA.Selector, &diag.Keys{}, b)
			}
		}
	}
}

// halfID names a half of an SA pair (RFC 4301, section 4.1).
type halfID struct {
	to    netip.Addr
	proto ike.Protocol
	spi   uint32
}

func idOf(sa *state.KernelSA) halfID { return halfID{sa.Destination, sa.Protocol, sa.SPI} }

// expired observes that a half of an SA pair is to be replaced, or has run
// out. there: it, or another of the same name, is there at the end.
func (o *State) expired(e *state.KernelEvent, there bool) {
	sa := e.SA
	b, k := o.half(sa), halfKeys(sa)
	b.State, b.HardLifeExceeded, b.Partial = diag.SARekeying, e.Hard, true
	what := "is to be replaced"
	if e.Hard {
		b.State, what = diag.SADeleting, "has run out"
	}
	text := fmt.Sprintf("src %s dst %s proto %s spi %08x %s", sa.Source, sa.Destination, sa.Protocol, sa.SPI, what)
	if !there {
		o.send(e.Line, text, &k, b)
	}
	if !e.Hard {
		o.send(e.Line, text, &k, &diag.Rekey{By: diag.Self, Child: true})
	}
}

// halfKeys ties a half of an SA pair to what else is known of it. The lesser
// address comes first: which of them is the host's own the keys do not say.
func halfKeys(sa *state.KernelSA) diag.Keys {
	k := diag.Keys{
		Handle: handleOf(sa.Destination.String(), int(sa.SPI)), Observer: true, SPI: sa.SPI, Child: uint64(sa.SPI),
		Local: netip.AddrPortFrom(sa.Source, sa.SourcePort), Remote: netip.AddrPortFrom(sa.Destination, sa.DestPort),
	}
	if sa.Destination.Less(sa.Source) {
		k.Local, k.Remote = k.Remote, k.Local
	}
	return k
}
