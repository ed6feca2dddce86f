package probe

import (
	"bytes"
	"context"
	"net/netip"
	"slices"
	"time"

	"github.com/ikediag/ikediag/ike/exchange"
	"github.com/ikediag/ikediag/isakmp"
)

// Ask asks a gateway and waits for the answers. The Result is never nil: where
// an error is returned, it is what there is until then. The error is the
// plan's (ErrGateway and so on), the context's, or the system's that gave no
// socket. That nothing answers is no error. Ask may be called by several
// goroutines at once, where no two Plans name the same port in Local.
func Ask(ctx context.Context, plan Plan) (*Result, error) {
	r := &Result{Gateway: plan.Gateway.Unmap(), Begun: time.Now()}
	plan, err := plan.filled()
	if err != nil {
		r.Ended = r.Begun
		return r, err
	}
	p := prober{plan: plan, result: r}
	defer p.close()
	for _, q := range plan.Questions {
		if err = ctx.Err(); err == nil {
			err = p.question(ctx, q)
		}
		if err != nil {
			break
		}
	}
	r.Ended = time.Now()
	return r, err
}

// prober is one run.
type prober struct {
	plan   Plan
	result *Result
	link   *link
	last   time.Time // when a datagram was sent last
	// ours are the cookies of messages that are done with: what still comes
	// with one of them is late, not strange.
	ours map[isakmp.Cookie]bool
}

func (p *prober) close() {
	if p.link != nil {
		p.link.close()
	}
}

// to opens the socket for a port, and closes that for the other: both may have
// to have one source port.
func (p *prober) to(ctx context.Context, i int) (*Failure, error) {
	at := netip.AddrPortFrom(p.plan.Gateway, p.plan.ports[i])
	if p.link != nil && p.link.gateway == at {
		return nil, nil
	}
	p.close()
	p.link = nil
	local := p.plan.Local
	if local.Port() == p.plan.ports[0] && i == 1 {
		local = netip.AddrPortFrom(local.Addr(), p.plan.ports[1])
	}
	l, f, err := dial(ctx, local, at, i == 1)
	if p.link = l; l != nil {
		p.result.Local = l.local.Addr()
	}
	return f, err
}

// question asks one question.
func (p *prober) question(ctx context.Context, q Question) error {
	port := 0
	if q == Port4500 {
		port = 1
	}
	a := Answer{Question: q, Destination: netip.AddrPortFrom(p.plan.Gateway, p.plan.ports[port]), Exchange: isakmp.ExchangeMain}
	f, err := p.to(ctx, port)
	switch {
	case err != nil:
		return err
	case f != nil:
		a.Outcome, a.Failures = Unsent, []Failure{*f}
		p.result.Answers = append(p.result.Answers, a)
		return nil
	}
	a.Source = p.link.local
	if base, asked := p.result.Of(Port500); asked && q > Port4500 && q != Version2 && !base.Outcome.Spoke() {
		a.Outcome = Skipped
		p.result.Answers = append(p.result.Answers, a)
		return nil
	}
	p.link.fragment(true)
	switch q {
	case Accepts:
		return p.accepts(ctx, a)
	case Version2:
		return p.version2(ctx, a)
	case NAT:
		return p.nat(ctx, a)
	case Fragments:
		return p.padded(ctx, a, fragmented)
	case MTU:
		return p.mtu(ctx, a)
	}
	return p.begin(ctx, a, p.plan.Transforms, nil)
}

// begin sends a first message and hangs up on what answers it.
func (p *prober) begin(ctx context.Context, a Answer, offered []Transform, id *isakmp.ID, more ...isakmp.VendorID) error {
	_, r, err := p.open(ctx, &a, offered, id, more...)
	if err == nil {
		err = p.hangUp(ctx, &a, r.cookies)
	}
	p.result.Answers = append(p.result.Answers, a)
	return err
}

// open sends a first message and waits for what comes back.
func (p *prober) open(ctx context.Context, a *Answer, offered []Transform, id *isakmp.ID, more ...isakmp.VendorID) (ask, reply, error) {
	q := ask{exchange: isakmp.ExchangeMain, number: 1, offered: offered}
	if id != nil {
		q.exchange = isakmp.ExchangeAggressive
	}
	a.Exchange, a.Offered = q.exchange, slices.Clone(offered)
	var err error
	if q.cookies[0], err = cookie(); err != nil {
		return q, reply{}, err
	}
	if q.sent, err = first(q.cookies[0], offered, id, more...); err != nil {
		return q, reply{}, err
	}
	r, err := p.exchange(ctx, &q, a)
	return q, r, err
}

// accepts offers all transforms, and anew without the chosen one, until
// nothing is chosen. In aggressive mode one public value goes with an offer,
// and so each group has one of its own.
func (p *prober) accepts(ctx context.Context, a Answer) error {
	var parts [][]Transform
	for _, t := range p.plan.Transforms {
		i := slices.IndexFunc(parts, func(part []Transform) bool { return p.plan.Identity == nil || part[0].Group == t.Group })
		switch {
		case i < 0:
			parts = append(parts, []Transform{t})
		case !slices.Contains(parts[i], t):
			parts[i] = append(parts[i], t)
		}
	}
	for _, left := range parts {
		for len(left) > 0 {
			if err := p.begin(ctx, a, left, p.plan.Identity); err != nil {
				return err
			}
			got := &p.result.Answers[len(p.result.Answers)-1]
			if got.Chosen == nil {
				break
			}
			left = slices.DeleteFunc(slices.Clone(left), func(t Transform) bool { return t == *got.Chosen })
		}
	}
	return nil
}

func (p *prober) version2(ctx context.Context, a Answer) error {
	q := ask{exchange: isakmp.ExchangeSAInit, number: 1, v2: true}
	a.Exchange = q.exchange
	var err error
	if q.cookies[0], err = cookie(); err == nil {
		if q.sent, err = initV2(q.cookies[0]); err == nil {
			_, err = p.exchange(ctx, &q, &a)
		}
	}
	p.result.Answers = append(p.result.Answers, a)
	return err
}

// nat goes on to message 4 of main mode, which holds the gateway's NAT-D.
func (p *prober) nat(ctx context.Context, a Answer) (err error) {
	defer func() { p.result.Answers = append(p.result.Answers, a) }()
	offered := slices.DeleteFunc(slices.Clone(p.plan.Transforms), func(t Transform) bool { return !computable(t.Group) || hashSizes[t.Hash] == 0 })
	if taken, _ := p.result.Accepted(); len(taken) > 0 && p.plan.Identity == nil && slices.Contains(offered, taken[0]) {
		offered = taken[:1]
	}
	if last, asked := p.result.Of(Accepts); asked && p.plan.Identity == nil && last.Outcome == Refused && len(last.Offered) == len(p.plan.Transforms) {
		a.Outcome = Skipped // nothing was accepted
		return nil
	}
	if len(offered) == 0 {
		a.Outcome = Unsupported
		return nil
	}
	q, r, err := p.open(ctx, &a, offered, nil, natt)
	if err != nil || a.Chosen == nil {
		return err
	}
	q.cookies, q.number = r.cookies, 3
	if q.sent, err = third(q.cookies, *a.Chosen, p.link.local, p.link.gateway); err != nil {
		return err
	}
	p.done(q.cookies[0]) // message 2 may come again
	r, err = p.exchange(ctx, &q, &a)
	if err != nil {
		return err
	}
	a.Asked, a.Asker = exchange.CompareNAT(r.natd, q.cookies[0], q.cookies[1], p.link.gateway, p.link.local)
	return nil // there are keys, and nothing in the clear is believed any more
}

// fragmented is more than an Ethernet carries in one piece.
const fragmented = 2000

// padded sends a first message that is as long as wanted, as an IP datagram.
func (p *prober) padded(ctx context.Context, a Answer, size int) error {
	offered := p.plan.Transforms
	if taken, _ := p.result.Accepted(); len(taken) > 0 && p.plan.Identity == nil {
		offered = taken[:1]
	}
	bare, err := first(isakmp.Cookie{}, offered, nil)
	if err != nil {
		return err
	}
	pad := padding(size - p.link.overhead() - len(bare))
	a.Size = p.link.overhead() + len(bare)
	for _, v := range pad {
		a.Size += isakmp.PayloadHeaderLen + len(v)
	}
	return p.begin(ctx, a, offered, nil, pad...)
}

// mtu tries sizes, the greatest first, until one gets an answer. What a router
// says of its next hop is tried next.
func (p *prober) mtu(ctx context.Context, a Answer) error {
	if !p.link.fragment(false) {
		a.Outcome = Unsupported
		p.result.Answers = append(p.result.Answers, a)
		return nil
	}
	defer p.link.fragment(true)
	sizes := slices.Clone(p.plan.Sizes)
	for told := 0; len(sizes) > 0; {
		size := sizes[0]
		sizes = sizes[1:]
		if err := p.padded(ctx, a, size); err != nil {
			return err
		}
		got := &p.result.Answers[len(p.result.Answers)-1]
		if got.Outcome.Spoke() || got.Outcome == Unreachable || got.Outcome == Unsent {
			return nil
		}
		for _, f := range got.Failures {
			if f.MTU < minMTU || f.MTU >= size {
				continue
			}
			sizes = slices.DeleteFunc(sizes, func(s int) bool { return s >= f.MTU })
			if told < 2 {
				sizes = slices.Insert(sizes, 0, f.MTU)
			}
			told++
			break
		}
	}
	return nil
}

// minMTU is the least that is believed of a router: every host takes datagrams
// of that size (RFC 791, section 3.1).
const minMTU = 576

// done remembers the cookie of a message that is not waited for any more.
func (p *prober) done(c isakmp.Cookie) {
	if p.ours == nil {
		p.ours = map[isakmp.Cookie]bool{}
	}
	p.ours[c] = true
}

// hangUp ends what the gateway began with its answer.
func (p *prober) hangUp(ctx context.Context, a *Answer, cookies [2]isakmp.Cookie) error {
	if a.Chosen == nil {
		return nil
	}
	b, err := end(cookies)
	if err == nil {
		_, err = p.send(ctx, a, b)
	}
	return err
}

// send sends a message once, not before its time. It returns a failure where
// this host did not.
func (p *prober) send(ctx context.Context, a *Answer, message []byte) (*Failure, error) {
	if wait := time.Until(p.last.Add(p.plan.Interval)); wait > 0 && !p.last.IsZero() {
		t := time.NewTimer(wait)
		defer t.Stop()
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-t.C:
		}
	}
	b := message
	if p.link.marker {
		b = append(make([]byte, 4, 4+len(message)), message...) // RFC 3948, section 2.2
	}
	p.link.errors() // of messages before
	_, err := p.link.conn.Write(b)
	if err != nil && !isOwn(err) {
		_, err = p.link.conn.Write(b) // that was said of a message before
	}
	p.last = time.Now()
	if err != nil {
		f, ok := failureOf(err)
		if !ok {
			return nil, err
		}
		f.Own = true
		for _, e := range p.link.errors() {
			if e.Own && e.Reason == f.Reason {
				f.MTU = e.MTU
			}
		}
		return &f, nil
	}
	a.Sent++
	p.result.Sent++
	a.Datagrams = append(a.Datagrams, p.datagram(b, true, 0))
	return nil, nil
}

// isOwn reports whether an error of writing is about what is being written:
// what ICMP says of an earlier message comes up there as well.
func isOwn(err error) bool {
	f, ok := failureOf(err)
	return ok && (f.Reason == exchange.TooBig || f.Reason == exchange.Prohibited || f.Reason == exchange.NetUnreachable)
}

// datagram makes evidence of octets, which it copies.
func (p *prober) datagram(b []byte, out bool, ttl uint8) exchange.Datagram {
	d := exchange.Datagram{
		Time: time.Now(), Source: p.link.gateway, Destination: p.link.local, Protocol: exchange.ProtocolUDP, TTL: ttl, Direction: exchange.Incoming,
		DontFragment: p.link.gateway.Addr().Is6(), Payload: bytes.Clone(b[:min(len(b), maxOctets)]), WireLen: len(b),
	}
	if out {
		d.Source, d.Destination, d.Direction = d.Destination, d.Source, exchange.Outgoing
		d.DontFragment = d.DontFragment || p.link.df
	}
	return d
}
