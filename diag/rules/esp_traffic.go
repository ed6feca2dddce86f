package rules

import (
	"cmp"
	"slices"
	"time"

	"github.com/ikediag/ikediag/diag"
)

// sa is one direction of an SA pair: what its sender and its receiver show of
// it, in captures and in dumps of their states.
type sa struct {
	spi  uint32
	from diag.Side
	// out and in are what the sender's and the receiver's dumps say, the
	// daemon's word and the kernel's.
	out, in dumped
	// sent, came and passed are the flow as a capture at the sender shows it,
	// at the receiver, and on the path.
	sent, came, passed *diag.Sighting
}

// dumped is what a side's dumps say of a direction.
type dumped struct {
	listed         bool
	counted        bool
	packets        uint64
	replay, failed uint64
	window         uint32
	bits           uint16 // that its check value is cut to
	encap, ah      bool
	replaced       bool   // by another SA: what was sent on it is not counted any more
	age, idle      uint32 // of the SA when the dump was taken, since a packet came; 0 where not told
	evidence       []diag.Evidence
}

func (d *dumped) add(h diag.Held, packets uint64) {
	d.listed = true
	d.counted = d.counted || h.SA.Counted
	d.packets = max(d.packets, packets)
	d.replay, d.failed = max(d.replay, h.SA.ReplayErrors), max(d.failed, h.SA.AuthErrors)
	d.window, d.bits = max(d.window, h.SA.ReplayWindow), max(d.bits, h.SA.TruncationBits)
	d.age, d.idle = max(d.age, h.SA.Age), max(d.idle, h.SA.IdleIn)
	d.replaced = d.replaced || h.SA.State == diag.SAReplaced
	d.encap, d.ah = d.encap || h.SA.Encap, d.ah || h.SA.AH
	d.evidence = append(d.evidence, h.Evidence)
}

// traffic is what passes, or does not, between the ends of an attempt.
type traffic struct {
	a   *diag.Attempt
	sas []*sa
	// listed says for each side whether a dump of its lists SAs.
	listed [3]bool
}

// trafficOf collects what is known of an attempt's SAs.
func trafficOf(a *diag.Attempt) *traffic {
	t := &traffic{a: a}
	for _, h := range a.SAs() {
		if h.At == diag.SideUnknown || h.SA.HardLifeExceeded {
			continue
		}
		t.listed[h.At] = t.listed[h.At] || !h.SA.Partial
		if !h.SA.Half {
			if h.SA.SPIIn != 0 {
				t.find(h.SA.SPIIn, h.At.Other()).in.add(h, atLeast(h.SA.PacketsIn, h.SA.BytesIn))
			}
			if h.SA.SPIOut != 0 {
				t.find(h.SA.SPIOut, h.At).out.add(h, atLeast(h.SA.PacketsOut, h.SA.BytesOut))
			}
			continue
		}
		local, remote := a.Addresses(h.At)
		switch {
		case local.IsValid() && h.SA.Outer[1].Addr() == local || remote.IsValid() && h.SA.Outer[0].Addr() == remote:
			t.find(h.SA.SPIIn, h.At.Other()).in.add(h, h.SA.PacketsIn)
		case local.IsValid() && h.SA.Outer[0].Addr() == local || remote.IsValid() && h.SA.Outer[1].Addr() == remote:
			t.find(h.SA.SPIIn, h.At).out.add(h, h.SA.PacketsIn)
		}
	}
	if len(t.sas) == 0 {
		t.withoutSPI()
	}
	t.byHost()
	dumps := len(t.sas) > 0
	for _, s := range a.Flows() {
		if s.Flow.Clear || s.From == diag.SideUnknown || s.Flow.SPI == 0 && dumps {
			continue // without an SPI nothing tells which SA of those listed it is
		}
		x := t.find(s.Flow.SPI, s.From)
		switch s.At {
		case s.From:
			x.sent = &s
		case s.From.Other():
			x.came = &s
		default:
			x.passed = &s
		}
	}
	slices.SortFunc(t.sas, func(x, y *sa) int { return cmp.Or(cmp.Compare(x.from, y.from), cmp.Compare(x.spi, y.spi)) })
	return t
}

// withoutSPI takes what listings count that name no SPIs: of each direction
// together.
func (t *traffic) withoutSPI() {
	for _, h := range t.a.SAs() {
		if h.At != diag.SideUnknown && !h.SA.Half && h.SA.Counted && h.SA.State == diag.SAEstablished {
			t.find(0, h.At.Other()).in.add(h, atLeast(h.SA.PacketsIn, h.SA.BytesIn))
			t.find(0, h.At).out.add(h, atLeast(h.SA.PacketsOut, h.SA.BytesOut))
		}
	}
}

// byHost takes what a host counts over all its tunnels, where it has this one
// only and does not count for each SA.
func (t *traffic) byHost() {
	if len(t.sas) == 0 {
		return
	}
	v := t.a.View()
	for _, side := range bothSides {
		end := t.a.EndOf(side)
		if end < 0 || !v.Sole(end) || slices.ContainsFunc(t.sas, func(s *sa) bool { return s.from == side && s.out.counted || s.from != side && s.in.counted }) {
			continue
		}
		of := func(name string) diag.Known[*diag.Counter] {
			return diag.HostFact(v, end, func(c *diag.Counter) bool { return c.Name == name })
		}
		out, in := of(diag.CounterProtected), of(diag.CounterOpened)
		if !out.OK || !in.OK {
			continue
		}
		first := map[diag.Side]bool{}
		for _, s := range t.sas {
			d, k := &s.out, out
			if s.from != side {
				d, k = &s.in, in
			}
			if d.listed && !first[s.from] {
				first[s.from] = true
				d.counted, d.packets, d.evidence = true, k.V.Value, slices.Concat(d.evidence, k.Evidence)
			}
		}
	}
}

// eachWay reports what check finds of each SA, of each attempt that no later one
// got beyond.
func eachWay(v *diag.View, out *diag.Sink, check func(*traffic, *sa) (diag.Finding, bool)) {
	for a := range v.Attempts() {
		if a.Overtaken() {
			continue
		}
		t := trafficOf(a)
		for _, s := range t.sas {
			if f, ok := check(t, s); ok {
				out.AddTo(a, f)
			}
		}
	}
}

func (t *traffic) find(spi uint32, from diag.Side) *sa {
	for _, s := range t.sas {
		if s.spi == spi && s.from == from {
			return s
		}
	}
	s := &sa{spi: spi, from: from}
	t.sas = append(t.sas, s)
	return s
}

// early reports whether the receiver's dump was taken before the sender sent,
// as far as the age of the SA tells: then it has counted nothing yet.
func (t *traffic) early(s *sa) bool {
	if s.in.age == 0 {
		return false
	}
	if s.sent == nil || len(s.sent.Evidence) == 0 {
		return s.out.age > s.in.age+moments
	}
	for _, up := range t.a.ChildUp().Evidence {
		if d, ok := diag.Elapsed(up, s.sent.Evidence[0]); ok && d > time.Duration(s.in.age+moments)*time.Second {
			return true
		}
	}
	return false
}

// late reports whether the receiver's dump is from after the sender sent, as the
// age of the SA tells: what it has not counted by then did not come.
func (t *traffic) late(s *sa) bool {
	if s.sent == nil {
		return s.in.age > 0 && s.out.age > 0 && s.out.age <= s.in.age
	}
	sent, ok := t.sinceUp(s.sent)
	if came, known := t.sinceUp(s.came); ok && known && s.in.idle > 0 && sent < came+time.Duration(s.in.idle)*time.Second {
		return true
	}
	return ok && sent <= time.Duration(s.in.age)*time.Second
}

// outlived reports whether the receiver's dump is from after the packets came
// that a capture there shows.
func (t *traffic) outlived(s *sa) bool {
	came, ok := t.sinceUp(s.came)
	return ok && came <= time.Duration(s.in.age)*time.Second
}

// sinceUp returns how long after the SA came up a flow's last packet was seen,
// by the clock of the capture that shows both.
func (t *traffic) sinceUp(s *diag.Sighting) (time.Duration, bool) {
	if s == nil || len(s.Evidence) == 0 {
		return 0, false
	}
	for _, up := range t.a.ChildUp().Evidence {
		if d, ok := diag.Elapsed(up, s.Evidence[len(s.Evidence)-1]); ok && d >= 0 {
			return d, true
		}
	}
	return 0, false
}

// after reports whether what the receiver shows of a direction is from after n
// packets of it were sent: its dump, or else its capture.
func (t *traffic) after(s *sa, n uint64) bool {
	missing, watched := t.a.Watched(s.from.Other(), diag.PacketsOf(s.wrapping()))
	return t.late(s) || watched && s.sent != nil && t.a.Recorded(missing, s.sent, n)
}

// moments is how many seconds two dumps that are taken by hand at the same
// time may be apart.
const moments = 5

// left returns how many packets the sender sent, as far as anything tells.
func (s *sa) left() (n uint64, ev []diag.Evidence) {
	if s.out.counted && s.out.packets > 0 {
		n, ev = s.out.packets, s.out.evidence
	}
	for _, f := range []*diag.Sighting{s.sent, s.passed} {
		if f != nil {
			n, ev = max(n, f.Flow.Packets), slices.Concat(ev, f.Evidence)
		}
	}
	return n, ev
}

// arrived returns how many packets came to the receiver.
func (s *sa) arrived() (n uint64, ev []diag.Evidence) {
	if s.in.counted && s.in.packets+s.in.replay+s.in.failed > 0 {
		n, ev = s.in.packets+s.in.replay+s.in.failed, s.in.evidence
	}
	if s.came != nil {
		n, ev = max(n, s.came.Flow.Packets), slices.Concat(ev, s.came.Evidence)
	}
	return n, ev
}

// flows returns the sightings that there are.
func (s *sa) flows() (all []*diag.Sighting) {
	for _, f := range []*diag.Sighting{s.sent, s.came, s.passed} {
		if f != nil {
			all = append(all, f)
		}
	}
	return all
}

// wrapping tells how the direction's packets travel.
func (s *sa) wrapping() (inUDP, ah bool) {
	inUDP, ah = s.out.encap || s.in.encap, s.out.ah || s.in.ah
	for _, f := range s.flows() {
		inUDP, ah = inUDP || f.Flow.InUDP, ah || f.Flow.AH
	}
	return inUDP, ah
}

// packets returns what carries the packets of an attempt's SAs.
func (t *traffic) packets() (set diag.PacketSet) {
	for _, s := range t.sas {
		set |= diag.PacketsOf(s.wrapping())
	}
	return set
}

// way sums up the SAs of a direction.
type way struct {
	from          diag.Side
	left, arrived uint64
	leftEv, arrEv []diag.Evidence
	inUDP, ah     bool
	lostBy        []diag.Evidence // of the receiver's dump: it has the SA, and nothing came
	late          bool            // that dump is from after the packets were sent
	lacking       bool            // the receiver's dump lists no SA of an SPI that is sent on
	takenByState  bool            // the receiver's dump counts packets
}

func (t *traffic) way(from diag.Side) (w way) {
	w.from = from
	for _, s := range t.sas {
		if s.from != from {
			continue
		}
		n, ev := s.left()
		w.left, w.leftEv = w.left+n, slices.Concat(w.leftEv, ev)
		n, ev = s.arrived()
		w.arrived, w.arrEv = w.arrived+n, slices.Concat(w.arrEv, ev)
		udp, ah := s.wrapping()
		w.inUDP, w.ah = w.inUDP || udp, w.ah || ah
		if s.in.listed && s.in.counted && s.in.packets+s.in.replay+s.in.failed == 0 && !t.early(s) {
			w.lostBy, w.late = slices.Concat(w.lostBy, s.in.evidence), w.late || t.late(s)
		}
		w.takenByState = w.takenByState || s.in.packets > 0
		if left, _ := s.left(); left > 0 && !s.in.listed && t.listed[from.Other()] {
			w.lacking = true
		}
	}
	return w
}

// enough is how many packets a direction must have carried for the lack of
// what belongs to them to mean something.
const enough = 3

// counted finds a counter of the host of a side's.
func counted(a *diag.Attempt, side diag.Side, names ...string) diag.Known[*diag.Counter] {
	return a.View().Counted(a.EndOf(side), names...)
}

// atLeast returns a number of packets; where a daemon counts octets only, the
// least that they can be.
func atLeast(packets, octets uint64) uint64 {
	const largest = 1 << 16
	if packets == 0 && octets > 0 {
		return (octets + largest - 1) / largest
	}
	return packets
}

// weighed returns evidence with a weight.
func weighed(ev []diag.Evidence, w diag.Weight) []diag.Evidence {
	out := slices.Clone(ev)
	for i := range out {
		out[i].Weight = w
	}
	return out
}
