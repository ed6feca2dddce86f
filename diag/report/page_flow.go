package report

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/ikediag/ikediag/diag"
)

// A flowView is what passed on one SA in one direction, or in the clear, as all
// sources show it.
type flowView struct {
	title safe
	bars  []*bar
}

// A bar is a flow as one source shows it. From and to are its ends in
// thousandths of the time in which anything passed; a counter has none.
type bar struct {
	where    safe
	packets  safe
	span     safe // when
	note     safe // what was lost
	from, to int
	counted  bool
	none     bool // nothing passed
}

// flows groups what passed by SA.
func (b *builder) flows(l *diag.Ladder) (out []*flowView) {
	type key struct {
		from       diag.Side
		spi        uint32
		ah, clear  bool
		source, to string
	}
	index := map[key]*flowView{}
	axis := axesOf(l.Flows)
	for i := range l.Flows {
		f := &l.Flows[i]
		k := key{f.From, f.SPI, f.AH, f.Clear, f.Source.String(), f.Destination.String()}
		v := index[k]
		if v == nil {
			v = &flowView{title: flowTitle(f)}
			index[k] = v
			out = append(out, v)
		}
		x := b.bar(f, axis)
		if !slices.ContainsFunc(v.bars, func(o *bar) bool { return o.counted && x.counted && o.where == x.where && o.packets == x.packets }) {
			v.bars = append(v.bars, x) // two tables of one host say the same
		}
	}
	return out
}

func flowTitle(f *diag.FlowReport) safe {
	if f.Clear {
		return "in the clear, " + address(f.Source) + " to " + address(f.Destination)
	}
	t := safe("ESP")
	if f.AH {
		t = "AH"
	}
	if f.InUDP {
		t += " in UDP"
	}
	if f.SPI != 0 {
		t += safe(fmt.Sprintf(" %08x", f.SPI))
	}
	if f.From != diag.SideUnknown {
		t += ", " + word(f.From.String()) + " to " + word(f.From.Other().String())
	}
	return t
}

func (b *builder) bar(f *diag.FlowReport, axis map[diag.Side]span) *bar {
	x := &bar{packets: safe(strconv.FormatUint(f.Packets, 10)), counted: f.Counted, none: f.Packets == 0}
	what := safe("capture")
	if f.Counted {
		what = "counted"
	}
	x.where = what + " on the path"
	if f.At != diag.SideUnknown {
		x.where = what + " at the " + word(f.At.String())
	}
	if f.Lost > 0 {
		x.note = safe(fmt.Sprintf("%d missing in between", f.Lost))
	}
	if f.Repeated > 0 {
		x.note = joined(", ", x.note, safe(fmt.Sprintf("%d repeated", f.Repeated)))
	}
	if f.Counted || !f.Start.Time.Known() || !f.End.Time.Known() {
		if s := b.source(f.Start.Source); s != nil && f.Counted {
			x.note = joined(", ", x.note, safe(cutFront(string(b.name(s)), maxBrief)))
		}
		return x
	}
	x.span = safe(moment(f.Start.Time))
	if to := moment(f.End.Time); to != string(x.span) {
		x.span += safe(" to " + to)
	}
	x.from, x.to = axis[f.At].place(f.Start.Time.Value), axis[f.At].place(f.End.Time.Value)
	return x
}

// A span is the time from the first packet of all to the last.
type span struct{ from, to time.Time }

func (s *span) add(t time.Time) {
	if s.from.IsZero() || t.Before(s.from) {
		s.from = t
	}
	if t.After(s.to) {
		s.to = t
	}
}

// place is where a time lies, in thousandths.
func (s span) place(t time.Time) int {
	all := s.to.Sub(s.from)
	if all <= 0 {
		return 0
	}
	return int(min(max(float64(t.Sub(s.from))/float64(all), 0), 1) * 1000)
}

// sameClock is how far apart two ends' first packets may be for their clocks to
// be called the same.
const sameClock = time.Minute

// axesOf returns the time that each end's flows are drawn in: the same for all,
// unless their clocks differ.
func axesOf(fs []diag.FlowReport) map[diag.Side]span {
	axes := map[diag.Side]span{}
	var all span
	for i := range fs {
		f := &fs[i]
		if f.Counted || !f.Start.Time.Known() || !f.End.Time.Known() {
			continue
		}
		a := axes[f.At]
		for _, s := range []*span{&a, &all} {
			s.add(f.Start.Time.Value)
			s.add(f.End.Time.Value)
		}
		axes[f.At] = a
	}
	for _, a := range axes {
		if a.from.Sub(all.from) > sameClock {
			return axes
		}
	}
	for at := range axes {
		axes[at] = all
	}
	return axes
}
