package esp

import (
	"iter"
	"net/netip"
	"slices"
	"time"
)

// DefaultMaxFlows is how many flows a Flows with MaxFlows 0 holds: about 12
// MiB.
const DefaultMaxFlows = 1 << 15

// Flows tracks the flows of a recording or of a live stream. The zero value is
// ready to use. One more than MaxFlows replaces the one that was silent
// longest, by the order of observation.
type Flows struct {
	// MaxFlows bounds how many flows are held; 0 means DefaultMaxFlows. It is
	// not to be changed after the first Observe.
	MaxFlows int

	index          map[FlowKey]uint32
	slab           []Flow
	oldest, newest uint32 // valid where the slab is not empty
	evicted        uint64
}

// Observe adds a packet and returns its flow, which is valid until the next
// Observe.
func (t *Flows) Observe(a *Arrival) *Flow {
	key := FlowKey{a.Destination.Addr(), a.SPI, a.AH}
	i, ok := t.index[key]
	if !ok {
		i = t.place(key)
	}
	t.touch(i)
	f := &t.slab[i]
	f.observe(a)
	return f
}

// place makes room for a new flow, last in the order of use.
func (t *Flows) place(key FlowKey) uint32 {
	limit := t.MaxFlows
	if limit <= 0 {
		limit = DefaultMaxFlows
	}
	if t.index == nil {
		t.index = make(map[FlowKey]uint32)
	}
	var i uint32
	if len(t.slab) < limit {
		i = uint32(len(t.slab))
		t.slab = append(t.slab, Flow{FlowKey: key, older: i, newer: i})
		if i == 0 {
			t.oldest, t.newest = 0, 0
		} else {
			t.slab[i].older, t.slab[t.newest].newer = t.newest, i
			t.newest = i
		}
	} else {
		i = t.oldest
		f := &t.slab[i]
		delete(t.index, f.FlowKey)
		t.evicted++
		*f = Flow{FlowKey: key, older: f.older, newer: f.newer}
	}
	t.index[key] = i
	return i
}

// touch makes a flow the one used last. The ends of the list point at
// themselves.
func (t *Flows) touch(i uint32) {
	if i == t.newest {
		return
	}
	f := &t.slab[i]
	if i == t.oldest {
		t.oldest = f.newer
		t.slab[f.newer].older = f.newer
	} else {
		t.slab[f.older].newer = f.newer
		t.slab[f.newer].older = f.older
	}
	t.slab[t.newest].newer = i
	f.older, f.newer, t.newest = t.newest, i, i
}

// Len returns the number of flows held.
func (t *Flows) Len() int { return len(t.slab) }

// Evicted returns how many flows were given up for want of room.
func (t *Flows) Evicted() uint64 { return t.evicted }

// Get returns a flow, nil where there is none. It is valid until the next
// Observe.
func (t *Flows) Get(key FlowKey) *Flow {
	if i, ok := t.index[key]; ok {
		return &t.slab[i]
	}
	return nil
}

// All yields the flows by destination, protocol and SPI.
func (t *Flows) All() iter.Seq[*Flow] {
	return func(yield func(*Flow) bool) {
		for _, i := range t.sorted() {
			if !yield(&t.slab[i]) {
				return
			}
		}
	}
}

func (t *Flows) sorted() []uint32 {
	order := make([]uint32, len(t.slab))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(a, b uint32) int { return t.slab[a].compare(t.slab[b].FlowKey) })
	return order
}

// Way is the traffic from one host to another over all SPIs.
type Way struct {
	Flows           int
	Packets, Octets uint64
	First, Last     time.Time
}

func (w *Way) add(f *Flow) {
	if w.Flows == 0 || f.First.Before(w.First) {
		w.First = f.First
	}
	if w.Flows == 0 || f.Last.After(w.Last) {
		w.Last = f.Last
	}
	w.Flows++
	w.Packets += f.Packets
	w.Octets += f.Octets
}

// Conversation is the traffic between two hosts. SPIs do not tell which
// inbound SA belongs to which outbound one, so it is per pair of addresses.
type Conversation struct {
	A, B       netip.Addr // A is the lower address
	AToB, BToA Way
}

// OneWay reports whether one host only was heard. It is for the caller to know
// whether the recording would have shown the other.
func (c *Conversation) OneWay() bool { return (c.AToB.Packets == 0) != (c.BToA.Packets == 0) }

// Conversations returns the traffic per pair of addresses, by address. The
// source is each flow's last one.
func (t *Flows) Conversations() []Conversation {
	var list []Conversation
	at := make(map[[2]netip.Addr]int)
	for _, i := range t.sorted() {
		f := &t.slab[i]
		a, b := f.Source.Addr(), f.Destination
		swapped := b.Less(a)
		if swapped {
			a, b = b, a
		}
		n, ok := at[[2]netip.Addr{a, b}]
		if !ok {
			n = len(list)
			at[[2]netip.Addr{a, b}] = n
			list = append(list, Conversation{A: a, B: b})
		}
		if swapped {
			list[n].BToA.add(f)
		} else {
			list[n].AToB.add(f)
		}
	}
	slices.SortFunc(list, func(x, y Conversation) int {
		if c := x.A.Compare(y.A); c != 0 {
			return c
		}
		return x.B.Compare(y.B)
	})
	return list
}
