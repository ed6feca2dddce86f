package esp

import (
	"iter"
	"net/netip"
	"slices"
	"time"
)

// DefaultMaxFlows is how many flows a Flows with MaxFlows 0 holds: about 20
// MiB.
const DefaultMaxFlows = 1 << 15

// established is how many packets make a flow established: others are given up
// before it.
const established = 8

// Flows tracks the flows of a recording or of a live stream. The zero value is
// ready to use. One more than MaxFlows replaces the one that was silent
// longest, by the order of observation, of those with a few packets only: who
// sends packets with made-up SPIs does not make it forget a tunnel.
type Flows struct {
	// MaxFlows bounds how many flows are held; 0 means DefaultMaxFlows. It is
	// not to be changed after the first Observe.
	MaxFlows int

	index   map[FlowKey]uint32
	slab    []Flow
	orders  [2]order // few packets, established
	evicted uint64
}

// order lists flows by when they were observed last, linked in the slab.
type order struct {
	oldest, newest uint32 // valid where n > 0
	n              int
}

// Observe adds a packet and returns its flow, which is valid until the next
// Observe.
func (t *Flows) Observe(a *Arrival) *Flow {
	key := FlowKey{a.Destination.Addr(), a.SPI, a.AH}
	i, ok := t.index[key]
	if ok {
		t.unlink(i)
	} else {
		i = t.place(key)
	}
	f := &t.slab[i]
	f.observe(a)
	t.link(i)
	return f
}

// place finds room for a new flow.
func (t *Flows) place(key FlowKey) (i uint32) {
	limit := t.MaxFlows
	if limit <= 0 {
		limit = DefaultMaxFlows
	}
	if t.index == nil {
		t.index = make(map[FlowKey]uint32)
	}
	if len(t.slab) < limit {
		i = uint32(len(t.slab))
		t.slab = append(t.slab, Flow{FlowKey: key})
	} else {
		o := &t.orders[0]
		if o.n == 0 {
			o = &t.orders[1]
		}
		i = o.oldest
		t.unlink(i)
		delete(t.index, t.slab[i].FlowKey)
		t.evicted++
		t.slab[i] = Flow{FlowKey: key}
	}
	t.index[key] = i
	return i
}

// orderOf returns the list that a flow is in.
func (t *Flows) orderOf(f *Flow) *order {
	if f.Packets < established {
		return &t.orders[0]
	}
	return &t.orders[1]
}

// link makes a flow the newest of its list.
func (t *Flows) link(i uint32) {
	f := &t.slab[i]
	o := t.orderOf(f)
	if o.n == 0 {
		o.oldest = i
	} else {
		f.older, t.slab[o.newest].newer = o.newest, i
	}
	o.newest = i
	o.n++
}

// unlink takes a flow out of its list.
func (t *Flows) unlink(i uint32) {
	f := &t.slab[i]
	o := t.orderOf(f)
	if i == o.oldest {
		o.oldest = f.newer
	} else {
		t.slab[f.older].newer = f.newer
	}
	if i == o.newest {
		o.newest = f.older
	} else {
		t.slab[f.newer].older = f.older
	}
	o.n--
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
	// Flows counts SPIs; Packets and Octets are of all of them, from First to
	// Last.
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
