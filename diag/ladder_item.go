package diag

import (
	"slices"
	"time"

	"github.com/ikediag/ikediag/isakmp"
)

// An item is a rung as one view shows it.
type item struct {
	rung Rung // without where it is seen
	// shown is where the view shows it; also is the next item that shows the
	// same, of this view or another.
	shown showing
	also  *item
	// child and mark tell apart rungs that are alike otherwise.
	child, mark uint64
	class       uint32 // its exchange, kind, side and number
	loose       bool   // it may be the same as one of another class
	at          spot   // the first that shows it
	when        moment // by the view's clock, zero where not told
	// after is the message that a check is about.
	after *item
	// mate is the same among what others show, while a view is woven in.
	mate *item
}

// A showing is what a Glimpse is made of, for rungs that are drawn.
type showing struct {
	by         *strand
	first      *fact
	last       *fact // nil where there is one alone, or its last is not known
	count      int
	at         Side
	incomplete bool
}

// same reports whether two views' items are the same thing. A log may not tell
// which quick mode it speaks of, a capture not what a message says.
func (x *item) same(y *item) bool {
	p, q := &x.rung, &y.rung
	if !x.like(y) {
		return false
	}
	if p.Kind != RungMessage {
		return x.mark == y.mark && x.child == y.child
	}
	if p.Repeated && q.Repeated && (p.Exchange == isakmp.ExchangeNone || q.Exchange == isakmp.ExchangeNone) {
		return true // a log that says no more than that something was repeated
	}
	// Logs do not count the messages of a transaction.
	number := p.Number == q.Number || p.Exchange == isakmp.ExchangeTransaction && (p.Number == 0 || q.Number == 0)
	if p.Exchange != q.Exchange || !number || p.Repeated != q.Repeated || x.child != y.child && x.child != 0 && y.child != 0 {
		return false
	}
	return p.Number > 0 || len(p.Notifies) == 0 || len(q.Notifies) == 0 || p.Notifies[0] == q.Notifies[0]
}

// never is what a capture tells that keeps no times.
var never = time.Time{}.Unix()

// nextLines is within how many lines a daemon says the same thing twice.
const nextLines = 3

// like reports whether two items are of one kind and side.
func (x *item) like(y *item) bool { return x.rung.Kind == y.rung.Kind && x.rung.Side == y.rung.Side }

// near reports whether a spot is in the same frame as another one, or in a line
// not far from its line.
func (p spot) near(q spot) bool {
	if p.framed() || q.framed() {
		return p/spotUnit == q/spotUnit
	}
	n := p.unit() - q.unit()
	return max(n, -n) <= nextLines
}

// again reports whether an item of the same view that is like it says the same.
func (x *item) again(y *item) bool {
	p, q := &x.rung, &y.rung
	if p.Kind != RungMessage {
		return p.Text == q.Text && x.child == y.child && x.at.near(y.at)
	}
	// What an informational message says of a quick mode, the line behind it may
	// tell as that one's.
	child := y.child == x.child || p.Exchange == isakmp.ExchangeInformational && !x.at.framed() && !y.at.framed() && y.at.unit()+1 == x.at.unit()
	return child && p.Exchange == q.Exchange && p.Number == q.Number && y.same(x)
}

// list lists what a view shows, in its own order. Its facts come by kind:
// messages, what they say, and the rest.
func (d *drawing) list(s *strand) []*item {
	facts, messages, at := s.facts(), s.factsOf(BodyMessage, BodyNotify), d.vantage(s)
	from := len(d.lists)
	d.lists = d.lists[:from+len(facts)]
	list, sort := d.lists[from:from:len(d.lists)], 0 // where in list what is of one sort begins: messages, the rest
	var classes uint64                               // a bit for each class that it has: most items are the first of theirs
	next := func(kind RungKind, side Side) *item {   // which is no item until it is added
		x := &d.items[:len(d.items)+1][len(d.items)]
		*x = item{}
		x.rung.Kind, x.rung.Side = kind, side
		return x
	}
	add := func(sl *slot, x *item) *item {
		d.items = d.items[:len(d.items)+1]
		x.child, x.at = sl.child, sl.first.at
		x.class = uint32(x.rung.Exchange)<<24 | uint32(x.rung.Kind)<<16 | uint32(x.rung.Side)<<8 | uint32(x.rung.Number)
		x.loose = x.rung.Kind == RungMessage && (x.rung.Exchange == isakmp.ExchangeNone || x.rung.Exchange == isakmp.ExchangeTransaction)
		x.shown.by, x.shown.first, x.shown.count, x.shown.at = s, &sl.first, int(sl.count), at
		if sl.again() {
			x.shown.last = sl.latest()
		}
		if when := sl.first.when; when.clock != nil && when.seconds() != never {
			x.when = when
		}
		alike := x.class
		if x.rung.Exchange != isakmp.ExchangeInformational { // of which again does not look at the child alone
			alike ^= uint32(x.child)
		}
		bit := uint64(1) << (alike * 0x9e3779b1 >> 26)
		if classes&bit != 0 {
			for _, y := range list[sort:] {
				if x.class == y.class && x.again(y) {
					y.take(x)
					y.show(x)
					return y
				}
			}
		}
		classes |= bit
		list = append(list, x)
		return x
	}
	for _, sl := range messages {
		switch b := sl.first.body.(type) {
		case *Message:
			if !s.piece(b, sl.first.at.where()) {
				x := next(RungMessage, b.From.side(s.side()))
				x.rung.message(b)
				x.shown.incomplete = b.Incomplete
				add(sl, x)
			}
		case *Notify:
			if b.Type != 0 && !said(list, sl, b) {
				x := next(RungMessage, b.From.side(s.side()))
				x.rung.Exchange, x.rung.Encrypted = isakmp.ExchangeInformational, b.Protected
				x.rung.say(b.Type)
				add(sl, x)
			}
		}
	}
	sort = len(list)
	for _, sl := range facts[len(messages):] {
		if !happenings.Has(sl.kind) {
			continue
		}
		h, ok := event(sl.first.body, s.observer)
		if !ok {
			continue
		}
		// Who found out about a certificate is at the place where it counts.
		side := sl.first.body.party().side(s.side())
		if side == SideUnknown || h.kind == RungCertificate {
			side = at
		}
		if h.kind == RungEnd {
			if i := slices.IndexFunc(list, func(y *item) bool { return y.rung.Kind == RungEnd && y.at.where().Line == sl.first.at.where().Line }); i >= 0 {
				if sl.kind == BodyTeardown { // a line says once that an SA ends, and better why
					list[i].rung.Text, list[i].mark = h.text, h.mark
				}
				continue
			}
		}
		x := next(h.kind, side)
		x.rung.Text, x.rung.Fault, x.mark = h.text, h.fault, h.mark
		x = add(sl, x)
		if c, ok := sl.first.body.(*Check); ok {
			x.after = d.checked(c, side, sl.child)
		}
	}
	inOrder(list)
	return list
}

// inOrder puts the items of a view in its own order. They are nearly so, and few.
func inOrder(list []*item) {
	for i, x := range list {
		for ; i > 0 && x.precedes(list[i-1]); i-- {
			list[i] = list[i-1]
		}
		list[i] = x
	}
}

// precedes reports whether an item stands before another one of its view.
func (x *item) precedes(y *item) bool {
	return x.at < y.at || x.at == y.at && x.rung.Kind < y.rung.Kind
}

// piece reports whether a message that a source does not number is a part of
// one that it does, right before or at any time after: a daemon tells of the
// fragments that it makes of a message, and of those that it puts together.
func (s *strand) piece(m *Message, at Where) bool {
	if m.Number > 0 || m.Exchange != isakmp.ExchangeMain && m.Exchange != isakmp.ExchangeAggressive && m.Exchange != isakmp.ExchangeQuick {
		return false
	}
	return slices.ContainsFunc(s.factsOf(BodyMessage), func(sl *slot) bool {
		w, ok := sl.first.body.(*Message)
		if !ok || w.Number == 0 || w.Exchange != m.Exchange || w.From != m.From {
			return false
		}
		last := sl.latest().at.where()
		return last.Line >= at.Line-nextLines && last.Frame >= at.Frame-nextLines
	})
}

// checked returns the message that a check is about, nil where nothing tells.
// Who the peer is and whether it is authentic shows in its last message but one,
// or its last, of phase 1 (RFC 2409, section 5).
func (a *Attempt) checked(c *Check, by Side, child uint64) *item {
	m := Rung{Kind: RungMessage, Side: by.Other(), Exchange: c.Exchange, Number: c.Number}
	switch {
	case c.Number > 0 || c.Exchange == isakmp.ExchangeInformational:
	case c.What != CheckIdentity && c.What != CheckHash && c.What != CheckSignature && c.What != CheckPeer || child != 0:
		return nil
	default:
		if m.Exchange == isakmp.ExchangeNone {
			m.Exchange = a.Mode()
		}
		last := map[isakmp.ExchangeType][2]uint8{isakmp.ExchangeMain: {6, 5}, isakmp.ExchangeAggressive: {2, 3}}[m.Exchange]
		if m.Number = last[0]; by == Responder {
			m.Number = last[1]
		}
		if m.Number == 0 {
			return nil
		}
	}
	return &item{rung: m, child: child}
}

// said puts a notify to the message that it came in.
func said(list []*item, sl *slot, n *Notify) bool {
	for _, x := range list {
		if x.at/spotUnit != sl.first.at/spotUnit || x.shown.count > 1 && x.shown.count != int(sl.count) {
			continue
		}
		x.rung.say(n.Type)
		return true
	}
	return false
}

// say adds a notify to a message.
func (r *Rung) say(n isakmp.NotifyType) {
	if !slices.Contains(r.Notifies, n) && len(r.Notifies) < 4 {
		r.Notifies = append(r.Notifies, n)
	}
	r.Fault = r.Fault || n.IsError()
}

// message says what a message is.
func (r *Rung) message(m *Message) {
	r.Exchange, r.Number, r.Encrypted, r.Repeated, r.Octets = m.Exchange, m.Number, m.Encrypted, m.Retransmission > 0, m.Length
	if m.Fragments > 1 {
		r.Packets = m.Fragments
	}
}

// take adds what another item of the same view, or another view, tells.
func (x *item) take(y *item) {
	p, q := &x.rung, &y.rung
	p.Encrypted = p.Encrypted || q.Encrypted
	p.Octets, p.Packets = max(p.Octets, q.Octets), max(p.Packets, q.Packets)
	for _, n := range q.Notifies {
		p.say(n)
	}
	if x.child == 0 {
		x.child = y.child
	}
}

// show adds where another item is shown, as far as there is room.
func (x *item) show(y *item) {
	n := x.places()
	for x.also != nil {
		x = x.also
	}
	for ; y != nil && n < glimpsesKept; y = y.also {
		x.also = y
		x = y
		n++
	}
	x.also = nil
}

// from returns where the source of a showing shows the item already, nil where it
// does not.
func (x *item) from(g *showing) *showing {
	for ; x != nil; x = x.also {
		if h := &x.shown; h.by.key.source == g.by.key.source && h.at == g.at && h.incomplete == g.incomplete {
			return h
		}
	}
	return nil
}

// places is the number of places at which the item is shown.
func (x *item) places() (n int) {
	for ; x != nil; x = x.also {
		n++
	}
	return n
}

// fold adds what another view shows. A source that shows it in several
// negotiations of its own, as a daemon does that begins one with each
// repetition, shows it several times.
func (x *item) fold(y *item) {
	g := &y.shown
	h := x.from(g)
	x.take(y)
	if h == nil {
		x.show(y)
		return
	}
	h.count += g.count
	last := g.first
	if g.count > 1 {
		last = g.last
	}
	if last != nil && h.first.ahead(last) && (h.last == nil || h.last.ahead(last)) {
		h.last = last
	}
}

// glimpse sets what a report shows of it, with its text.
func (h *showing) glimpse(g *Glimpse, text string) {
	g.At, g.Source, g.Count, g.Incomplete, g.Text = h.at, h.by.key.source, h.count, h.incomplete, text
	g.Where, g.Time = h.first.at.line(), h.first.time()
	if h.last != nil {
		g.Last, g.Until = h.last.at.line(), h.last.time()
	}
}

// ahead reports whether a fact stands in a line or a frame before another one's.
func (f *fact) ahead(o *fact) bool { return f.at/spotUnit < o.at/spotUnit }

// line is where without the index.
func (p spot) line() Where { return (p - p%spotUnit).where() }
