package probe

import (
	"context"
	"slices"
	"time"

	"github.com/ikediag/ikediag/ike/exchange"
	"github.com/ikediag/ikediag/isakmp"
)

// exchange sends a message, again while nothing answers, and reads what does.
func (p *prober) exchange(ctx context.Context, q *ask, a *Answer) (r reply, err error) {
	stop := context.AfterFunc(ctx, func() { _ = p.link.conn.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	defer p.done(q.cookies[0])
	read, wait := 0, p.plan.Wait
	for range p.plan.Sends {
		if err := ctx.Err(); err != nil {
			a.Outcome = Stopped
			return r, err
		}
		f, err := p.send(ctx, a, q.sent)
		switch {
		case err != nil:
			a.Outcome = Stopped
			return r, err
		case f != nil:
			a.Failures = append(a.Failures, *f)
			a.Outcome = Unsent
			if f.Reason == exchange.TooBig {
				a.Outcome = TooBig
			}
			return r, nil
		}
		until := time.Now().Add(wait)
		wait *= 2
		for {
			b, ttl, err := p.link.read(ctx, until)
			if ctx.Err() != nil {
				a.Outcome = Stopped
				return r, ctx.Err()
			}
			if err != nil {
				if expired(err) {
					break
				}
				decided, known := p.failed(a, err, p.link.overhead()+len(q.sent))
				switch {
				case !known:
					return r, err
				case decided:
					return r, nil
				}
				continue
			}
			p.result.Received++
			if read++; read > MaxRead {
				a.Outcome = Deceived
				return r, nil
			}
			if p.answer(q, a, &r, b, ttl) {
				return r, nil
			}
		}
	}
	a.Outcome = Silent
	if a.Strange > 0 {
		a.Outcome = Deceived
	}
	return r, nil
}

// answer takes one datagram; true where it is the answer.
func (p *prober) answer(q *ask, a *Answer, r *reply, b []byte, ttl uint8) bool {
	message := b
	if p.link.marker {
		var marked bool
		if message, marked = isakmp.StripMarker(b); !marked {
			message = nil
		}
	}
	var next reply
	ok := q.read(message, &next)
	if !ok && len(message) >= isakmp.HeaderLen && p.ours[isakmp.Cookie(message[:8])] {
		return false // late
	}
	kept := 0
	for i := range a.Datagrams {
		if a.Datagrams[i].Direction == exchange.Incoming {
			kept++
		}
	}
	if kept < MaxKept-2 || ok { // an answer, or two, finds room
		d := p.datagram(b, false, ttl)
		switch {
		case !ok && q.exchange == isakmp.ExchangeAggressive:
			d.Payload = d.Payload[:min(len(d.Payload), isakmp.HeaderLen)] // it may hold a HASH all the same
		case ok:
			for _, s := range next.secret {
				from, to := min(s[0]+len(b)-len(message), len(d.Payload)), min(s[1]+len(b)-len(message), len(d.Payload))
				clear(d.Payload[from:to])
			}
		}
		a.Datagrams = append(a.Datagrams, d)
	}
	if !ok {
		a.Strange++
		return false
	}
	a.Received++
	a.Outcome, a.Notify, a.Version = next.outcome, next.notify, next.message.Version
	if next.chosen != nil {
		a.Chosen = next.chosen
	}
	for _, v := range next.vendors {
		if len(a.Vendors) < maxVendors && !slices.ContainsFunc(a.Vendors, func(o isakmp.VendorID) bool { return string(o) == string(v) }) {
			a.Vendors = append(a.Vendors, v)
		}
	}
	*r = next
	r.cookies = [2]isakmp.Cookie{next.message.InitiatorCookie, next.message.ResponderCookie}
	r.natd = cloned(next.natd)
	r.message = isakmp.Message{} // it aliases what is read next
	return true
}

// failed takes an error of reading. decided: it says what became of the message,
// of that size as an IP datagram; a report that fits only a larger one is late.
func (p *prober) failed(a *Answer, err error, size int) (decided, known bool) {
	f, known := failureOf(err)
	if !known {
		return false, false
	}
	all := p.link.errors()
	if len(all) == 0 {
		all = []Failure{f}
	}
	for _, f := range all {
		switch {
		case f.Reason == exchange.TooBig && f.MTU >= size:
			continue
		case f.Reason == exchange.TooBig:
			a.Outcome = TooBig
		default:
			a.Outcome = Unreachable
		}
		decided = true
		if len(a.Failures) < maxFailures {
			a.Failures = append(a.Failures, f)
		}
	}
	return decided, true
}

func cloned(all [][]byte) (out [][]byte) {
	for _, b := range all {
		out = append(out, slices.Clone(b))
	}
	return out
}
