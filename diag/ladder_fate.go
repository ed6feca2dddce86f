package diag

import (
	"slices"
	"strconv"

	"github.com/ikediag/ikediag/isakmp"
)

// fate finds out what became of a message. later is what comes after it.
func (d *drawing) fate(r *Rung, later []*item, losses []Loss) {
	to := r.Side.Other()
	parts := false
	for i := range r.Seen {
		switch g := &r.Seen[i]; {
		case g.At == r.Side && g.At != SideUnknown:
			r.Sent = max(r.Sent, g.Count)
		case g.At == to && to != SideUnknown && g.Incomplete:
			parts = true
		case g.At == to && to != SideUnknown:
			r.Arrived = max(r.Arrived, g.Count)
		}
	}
	lost := slices.ContainsFunc(losses, func(l Loss) bool {
		return l.From == r.Side && l.Message.Exchange == r.Exchange && l.Message.Number == r.Number
	})
	unnumbered := r.Number == 0
	switch {
	case to == SideUnknown:
	case parts && r.Arrived == 0, r.Arrived > 0 && lost && r.Arrived < r.Sent:
		r.Fate = FatePartly
	case r.Arrived > 0:
		r.Fate = FateArrived
	case lost:
		r.Fate = FateLost
	case !unnumbered && slices.ContainsFunc(later, func(y *item) bool { return y.follows(r) }):
		if !r.Repeated {
			r.Fate = FateArrived
		}
	default:
		r.Fate = d.unseen(to, r)
	}
}

// follows reports whether an item shows that its side got a message: it went on
// in the exchange, or found something wrong with just that message.
func (y *item) follows(r *Rung) bool {
	o := &y.rung
	if y.after != nil && y.after.rung.Side == r.Side.Other() && y.after.rung.Exchange == r.Exchange && y.after.rung.Number > r.Number {
		return true // the sender could not make sense of what answers it
	}
	if o.Side != r.Side.Other() {
		return false
	}
	switch o.Kind {
	case RungMessage:
		return o.Number > 0 && (o.Exchange == r.Exchange && o.Number > r.Number || o.Exchange > r.Exchange && r.Exchange != isakmp.ExchangeInformational)
	case RungPhase1Up:
		return r.Exchange == isakmp.ExchangeMain || r.Exchange == isakmp.ExchangeAggressive
	case RungChildUp:
		return r.Exchange == isakmp.ExchangeQuick
	case RungCheck:
		return y.after != nil && y.after.rung.Exchange == r.Exchange && y.after.rung.Number == r.Number
	}
	return false
}

// unseen tells what it means that no source of the receiver shows a message.
func (d *drawing) unseen(to Side, r *Rung) Fate {
	missed, known := d.missed[to], d.asked[to]
	if !known {
		if e, spans, ok := d.Missed(to); ok && spans && d.tunnel.view.Kind(e) == KindCapture {
			missed = FateLost
		} else if ok {
			missed = FateUnseen
		}
		d.missed[to], d.asked[to] = missed, true
	}
	switch {
	case missed == FateLost && r.Sent > 0:
		return FateLost
	case missed != FateUnknown:
		return FateUnseen
	}
	if r.Number == 0 || r.Repeated || !d.Seen(to) {
		return FateUnknown
	}
	_, ok := d.Unseen(to, BodyMessage, func(b Body) bool {
		m := b.(*Message)
		return m.Exchange == r.Exchange && m.Number == r.Number
	})
	if ok {
		return FateUnseen
	}
	return FateUnknown
}

// text names a message; those that say nothing are alike.
func (d *drawing) text(r *Rung) string {
	if len(r.Notifies) > 0 {
		return r.text()
	}
	n := &d.texts[(uint8(r.Exchange)<<3^r.Number)%uint8(len(d.texts))]
	if n.text == "" || n.exchange != r.Exchange || n.number != r.Number {
		*n = named{r.Exchange, r.Number, r.text()}
	}
	return n.text
}

// text names a message as people do: by its place in its exchange (RFC 2409,
// section 5), and by what it says.
func (r *Rung) text() string {
	s := r.Exchange.Mode()
	if r.Exchange == isakmp.ExchangeInformational && len(r.Notifies) > 0 {
		s = ""
	}
	switch {
	case r.Number > 0:
		s += " " + strconv.Itoa(int(r.Number))
	case r.Exchange == isakmp.ExchangeNone:
		s = "a message"
	}
	for _, n := range r.Notifies {
		if s != "" {
			s += ", "
		}
		s += n.String()
	}
	return s
}
