package diag

import "slices"

// flowReports lists what passed on the attempt's SAs: what captures show, then
// what kernels and daemons count.
func (a *Attempt) flowReports() (all []FlowReport) {
	for _, s := range a.strands {
		at := a.vantage(s)
		for _, sl := range s.factsOf(BodyFlow, BodySA) {
			switch b := sl.first.body.(type) {
			case *Flow:
				all = append(all, a.flowed(b, s, sl, at))
			case *SA:
				if b.Child && b.Counted {
					all = append(all, a.counted(b, s, sl, at)...)
				}
			}
		}
	}
	slices.SortStableFunc(all, func(x, y FlowReport) int {
		if c := compareBool(x.Clear, y.Clear); c != 0 {
			return c
		}
		return compareBool(x.Counted, y.Counted)
	})
	return all[:min(len(all), flowsKept)]
}

func (a *Attempt) flowed(f *Flow, s *strand, sl *slot, at Side) FlowReport {
	r := FlowReport{From: f.From.side(s.side()), At: at, SPI: f.SPI, AH: f.AH, InUDP: f.InUDP, Clear: f.Clear, Packets: f.Packets, Lost: f.Lost, Repeated: f.Repeated}
	r.Start = s.glimpse(&sl.first, at)
	r.End = r.Start
	if f.Clear {
		r.SPI, r.Source, r.Destination = 0, f.Source, f.Destination
	}
	if sl.again() {
		l := sl.latest()
		r.End = s.glimpse(l, at)
		if g, ok := l.body.(*Flow); ok && g.Packets > r.Packets {
			r.Packets, r.Lost, r.Repeated = g.Packets, g.Lost, g.Repeated
		}
	}
	return r
}

// glimpse returns where a fact is shown, once.
func (s *strand) glimpse(f *fact, at Side) (g Glimpse) {
	once := showing{by: s, first: f, count: 1, at: at}
	once.glimpse(&g, string(s.said(f)))
	return g
}

// counted makes two reports of an SA pair, one of a half.
func (a *Attempt) counted(sa *SA, s *strand, sl *slot, at Side) []FlowReport {
	in := FlowReport{From: at.Other(), At: at, SPI: sa.SPIIn, AH: sa.AH, InUDP: sa.Encap, Counted: true, Packets: sa.PacketsIn}
	in.Start = s.glimpse(&sl.first, at)
	in.End = in.Start
	if sa.Half {
		switch sa.Way {
		case PolicyOut:
			in.From = at
		case PolicyIn:
		default:
			in.From = SideUnknown
		}
		if in.From == SideUnknown && in.Packets == 0 {
			return nil // an SA that the kernel waits for
		}
		return []FlowReport{in}
	}
	out := in
	out.From, out.SPI, out.Packets = at, sa.SPIOut, sa.PacketsOut
	return []FlowReport{out, in}
}
