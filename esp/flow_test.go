package esp

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"time"
)

var (
	hostA = netip.MustParseAddrPort("192.0.2.1:0")
	hostB = netip.MustParseAddrPort("198.51.100.2:0")
	hostC = netip.MustParseAddrPort("[2001:db8::3]:0")
	began = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
)

// arrivals makes packets from A to B, one a second.
func arrivals(seqs ...uint32) (list []Arrival) {
	for i, s := range seqs {
		list = append(list, Arrival{Time: began.Add(time.Duration(i) * time.Second), Source: hostA, Destination: hostB,
			SPI: 0x100, Sequence: s, Length: 100})
	}
	return list
}

func span(from, to uint32) (list []uint32) {
	for s := from; s <= to; s++ {
		list = append(list, s)
	}
	return list
}

func join(lists ...[]uint32) (all []uint32) {
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

func TestFlow(t *testing.T) {
	for _, c := range []struct {
		name                                            string
		seqs                                            []uint32
		lowest, highest                                 uint64
		missing, duplicates, reordered, late, deep, gap uint64
		restarts                                        uint64
	}{
		{name: "in order", seqs: span(1, 100), lowest: 1, highest: 100},
		{name: "one", seqs: span(7, 7), lowest: 7, highest: 7},
		{name: "loss", seqs: join(span(1, 10), span(14, 20), span(22, 30)), lowest: 1, highest: 30, missing: 4, gap: 3},
		{name: "reordered", seqs: []uint32{1, 2, 5, 3, 4, 6}, lowest: 1, highest: 6, reordered: 2, deep: 2, gap: 2},
		{name: "doubled", seqs: []uint32{1, 1, 2, 2, 3, 3, 4, 4, 5, 5}, lowest: 1, highest: 5, duplicates: 5},
		{name: "from the middle", seqs: []uint32{500, 499, 501}, lowest: 499, highest: 501, reordered: 1, deep: 1},
		{name: "late", seqs: join(span(1, 10), span(12, 3000), []uint32{11}), lowest: 1, highest: 3000, reordered: 1, late: 1, deep: 2989, gap: 1},
		{name: "over the edge of the low half", seqs: join(span(0xfffffff0, 0xfffffffe), []uint32{0xffffffff, 0, 1, 2}),
			lowest: 0xfffffff0, highest: 1<<32 | 2},
		{name: "restart soon", seqs: join(span(1, 50), span(1, 20)), lowest: 1, highest: 20, restarts: 1},
		{name: "restart late", seqs: join(span(1, 5000), span(1, 2000), []uint32{2010}), lowest: 1, highest: 2010, missing: 9, gap: 9, restarts: 1},
		{name: "restart with loss before it", seqs: join(span(1001, 1100), span(1111, 4000), span(1, 10)), lowest: 1, highest: 10, missing: 10, gap: 10, restarts: 1},
		{name: "a few replays", seqs: join(span(1, 50), span(7, 9)), lowest: 1, highest: 50, duplicates: 3},
	} {
		var f Flow
		for _, a := range arrivals(c.seqs...) {
			f.observe(&a)
		}
		if f.Lowest != c.lowest || f.Highest != c.highest || f.Missing() != c.missing || f.Duplicates != c.duplicates ||
			f.Reordered != c.reordered || f.Late != c.late || f.Gap != c.gap || f.Restarts != c.restarts ||
			c.restarts == 0 && f.Deepest != c.deep || f.Packets != uint64(len(c.seqs)) || !f.Ascending {
			t.Errorf("%s: missing %d, needs %d, %+v", c.name, f.Missing(), f.WindowNeeded(), f)
		}
	}
}

// TestFlowTwice gives a recording twice: that is no restart.
func TestFlowTwice(t *testing.T) {
	list := arrivals(join(span(1, 40), span(45, 90))...)
	var f Flow
	for range 2 {
		for i := range list {
			f.observe(&list[i])
		}
	}
	if f.Restarts != 0 || f.Duplicates != 86 || f.Missing() != 4 || f.Ascending {
		t.Errorf("%+v", f)
	}
}

// TestFlowOrder observes in many orders: the order-independent part agrees.
func TestFlowOrder(t *testing.T) {
	list := arrivals(join(span(1000, 1200), span(1210, 1500), span(1100, 1102))...)
	rng := rand.New(rand.NewPCG(5, 6))
	want := ""
	for range 50 {
		var f Flow
		for i := range list {
			f.observe(&list[i])
		}
		got := fmt.Sprint(f.First, f.Last, f.Packets, f.Octets, f.Lowest, f.Highest, f.Duplicates, f.Missing())
		if want == "" {
			want = got
		}
		if got != want {
			t.Fatalf("%s\n%s", got, want)
		}
		rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	}
}

func TestFlowSilence(t *testing.T) {
	list := arrivals(1, 2, 3, 4, 5)
	for i := 3; i < 5; i++ {
		list[i].Time = list[i].Time.Add(time.Minute)
		list[i].Source, list[i].UDP = hostC, true
	}
	var f Flow
	for i := range list {
		f.observe(&list[i])
	}
	if f.Silence != 61*time.Second || !f.SilenceFrom.Equal(began.Add(2*time.Second)) || f.Moves != 1 || f.Wrappings != 1 ||
		f.Silent(f.Last.Add(5*time.Second)) != 5*time.Second || f.Silent(began) != 0 || f.Octets != 500 {
		t.Errorf("%+v", f)
	}
}

func TestFlows(t *testing.T) {
	flows := Flows{MaxFlows: 10}
	a := Arrival{Time: began, Source: hostA, Destination: hostB, Sequence: 1, Length: 100}
	for spi := uint32(1); spi <= 25; spi++ {
		a.SPI = 1 // used all the time: stays
		flows.Observe(&a)
		a.SPI = 100 + spi
		if f := flows.Observe(&a); f.SPI != a.SPI || f.Packets != 1 {
			t.Fatalf("%+v", f)
		}
	}
	if flows.Len() != 10 || flows.Evicted() != 16 {
		t.Errorf("%d flows, %d evicted", flows.Len(), flows.Evicted())
	}
	last := FlowKey{}
	n := 0
	for f := range flows.All() {
		if n > 0 && f.compare(last) <= 0 {
			t.Errorf("%+v after %+v", f.FlowKey, last)
		}
		if f.SPI != 1 && f.SPI < 117 {
			t.Errorf("%d is still there", f.SPI)
		}
		last = f.FlowKey
		n++
	}
	if f := flows.Get(FlowKey{Destination: hostB.Addr(), SPI: 1}); n != 10 || f == nil || f.Packets != 25 {
		t.Errorf("%+v", f)
	}
	if flows.Get(FlowKey{SPI: 1}) != nil {
		t.Error("a flow that is not there")
	}
	for range flows.All() {
		break
	}
}

// TestFlowsBound keeps many flows in a few slots, and compares with a model:
// whom they give up is whom the model gives up.
func TestFlowsBound(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for limit := 1; limit < 12; limit++ {
		flows := Flows{MaxFlows: limit}
		var lists [2][]uint32 // oldest first
		count := map[uint32]int{}
		for range 3000 {
			spi := rng.Uint32N(8) + 256
			if rng.IntN(3) == 0 {
				spi = rng.Uint32N(1000) + 300
			}
			f := flows.Observe(&Arrival{Time: began, Source: hostA, Destination: hostB, SPI: spi, Sequence: 1})
			for l := range lists {
				lists[l] = slices.DeleteFunc(lists[l], func(s uint32) bool { return s == spi })
			}
			if count[spi] == 0 && len(lists[0])+len(lists[1]) == limit {
				l := 0
				if len(lists[0]) == 0 {
					l = 1
				}
				delete(count, lists[l][0])
				lists[l] = lists[l][1:]
			}
			count[spi]++
			l := min(count[spi]/established, 1)
			lists[l] = append(lists[l], spi)
			if int(f.Packets) != count[spi] || flows.Len() != len(lists[0])+len(lists[1]) || len(flows.index) != flows.Len() {
				t.Fatalf("limit %d: %d packets of %d, %d flows", limit, f.Packets, count[spi], flows.Len())
			}
			for _, s := range slices.Concat(lists[0], lists[1]) {
				if flows.Get(FlowKey{Destination: hostB.Addr(), SPI: s}) == nil {
					t.Fatalf("limit %d: %d was given up before others", limit, s)
				}
			}
		}
	}
}

// TestFlowsFlood sends made-up SPIs: established flows stay.
func TestFlowsFlood(t *testing.T) {
	flows := Flows{MaxFlows: 100}
	for seq := range uint32(established) {
		flows.Observe(&Arrival{Time: began, Source: hostA, Destination: hostB, SPI: 256, Sequence: seq + 1})
	}
	for spi := range uint32(10_000) {
		flows.Observe(&Arrival{Time: began, Source: hostC, Destination: hostB, SPI: 1000 + spi, Sequence: 1})
	}
	if f := flows.Get(FlowKey{Destination: hostB.Addr(), SPI: 256}); f == nil || f.Packets != established {
		t.Errorf("%+v", f)
	}
}

func TestConversations(t *testing.T) {
	var flows Flows
	for i, x := range []struct {
		from, to netip.AddrPort
		spi      uint32
	}{{hostA, hostB, 1}, {hostB, hostA, 2}, {hostA, hostB, 3}, {hostA, hostB, 3}, {hostC, hostA, 4}} {
		flows.Observe(&Arrival{Time: began.Add(time.Duration(i) * time.Second), Source: x.from, Destination: x.to,
			SPI: x.spi, Sequence: uint32(i), Length: 10})
	}
	list := flows.Conversations()
	if len(list) != 2 {
		t.Fatalf("%+v", list)
	}
	c := list[0]
	if c.A != hostA.Addr() || c.B != hostB.Addr() || c.AToB.Flows != 2 || c.AToB.Packets != 3 || c.AToB.Octets != 30 ||
		c.BToA.Packets != 1 || c.OneWay() || !c.AToB.Last.Equal(began.Add(3*time.Second)) || !c.AToB.First.Equal(began) {
		t.Errorf("%+v", c)
	}
	if !list[1].OneWay() {
		t.Errorf("%+v", list[1])
	}
}
