package keys

import (
	"container/list"
	"crypto/sha256"
	"fmt"

	"github.com/ikediag/ikediag/isakmp"
)

// Limits bounds an Opener. Zero means the default.
type Limits struct {
	// Attempts is the number of negotiations kept of which a message opened:
	// 8192. Others is that of the others: 2048, so that forged messages evict
	// no negotiation that there is a key for. One takes some 4 KiB, at most
	// 40 KiB.
	Attempts, Others int
	// Exchanges is the number of exchanges kept of each: 16.
	Exchanges int
	// Keys is the number of keys tried on one message: 64.
	Keys int
}

// Opener decrypts the messages of one vantage point with the keys of a Ring.
// It satisfies ike/exchange's Opener. The zero value has no keys, and collects
// what Prove needs. It must not be copied after its first use.
type Opener struct {
	ring   *Ring
	limits Limits

	attempts        map[attemptKey]*attempt
	others, settled list.List // most recently used first
	result          Result
	vectors         []vector
}

// Opener returns an Opener with the keys of r. What is added to r later is
// used on later messages.
func (r *Ring) Opener(limits Limits) *Opener {
	return &Opener{ring: r, limits: limits}
}

// Take returns how the message of the last call of Open fared, and forgets it:
// a message that was not shown to the Opener has the zero Result.
func (o *Opener) Take() Result {
	r := o.result
	o.result = Result{}
	return r
}

// Open decrypts the body of a message, appends it to dst[:0] with its padding,
// and reports whether that worked; Take has the reason if it did not. It is to
// be shown clear messages too, in order, for what the keys are made of. A
// message that comes again is decrypted as before and moves no initialization
// vector on. raw is the whole message from its header on, m what was decoded
// of it.
func (o *Opener) Open(dst, raw []byte, m *isakmp.Message, fromInitiator bool) (text []byte, ok bool) {
	o.result = Result{}
	if m == nil || m.Version.Major() != 1 || m.InitiatorCookie.IsZero() {
		return nil, false
	}
	if o.attempts == nil {
		o.attempts = map[attemptKey]*attempt{}
	}
	if o.ring == nil {
		o.ring = &Ring{}
	}
	side := sideOf(fromInitiator || m.ResponderCookie.IsZero())
	a := o.attempt(m)
	if !m.Header.Encrypted() {
		a.collect(m, side)
		return nil, false
	}
	text, o.result = o.open(dst, raw, m, a, side)
	if o.result.Outcome != Opened {
		return nil, false
	}
	o.settle(a)
	return text, true
}

func (o *Opener) open(dst, raw []byte, m *isakmp.Message, a *attempt, side Side) ([]byte, Result) {
	if a.Suite == (Suite{}) {
		return nil, failed(NoContext, fmt.Errorf("%w: the responder's choice", ErrIncomplete))
	}
	if err := a.Suite.Supported(); err != nil {
		return nil, failed(Unsupported, err)
	}
	size, body := a.Suite.blockSize(), m.Encrypted
	if len(body) == 0 || len(body)%size != 0 {
		return nil, failed(Damaged, fmt.Errorf("%w: %d octets of ciphertext", ErrDamaged, len(body)))
	}
	x := a.exchange(m, orDefault(o.limits.Exchanges, 16))
	sum := sha256.Sum256(body)
	seen := x.find(sum)
	o.vectors = o.vectors[:0]
	if seen != nil && seen.ok {
		o.vectors = append(o.vectors, vector{b: seen.iv})
	} else {
		o.vectors = a.vectors(o.vectors, x, m)
	}
	repeated := seen != nil
	if !repeated {
		a.remember(raw, m, side, o.vectors)
		seen = x.record(sum)
	}
	a.make(o.ring.state(), orDefault(o.limits.Keys, 64))
	t := trial{a: a, x: x, m: m, side: side, vectors: o.vectors, dst: dst[:0]}
	res := t.run()
	res.Repeated = repeated
	opened := res.Outcome == Opened
	if !repeated || opened && !seen.ok {
		x.push(body, size, opened)
	}
	if !opened {
		return nil, res
	}
	seen.iv, seen.ok = t.iv.b, true
	return t.dst, res
}

func failed(o Outcome, err error) Result { return Result{Outcome: o, Err: err} }

// attempt finds or makes the attempt of a message. What an initiator sent
// before there was a responder's cookie goes to every attempt that follows
// from it: several responders may answer.
func (o *Opener) attempt(m *isakmp.Message) *attempt {
	k := attemptKey{m.InitiatorCookie, m.ResponderCookie}
	if a := o.attempts[k]; a != nil {
		a.list(o).MoveToFront(a.place)
		return a
	}
	a := &attempt{key: k}
	if first := o.attempts[attemptKey{initiator: k.initiator}]; first != nil {
		a.Phase1 = first.Phase1 // shares what is never written again
	}
	a.Cookies = [2]isakmp.Cookie{k.initiator, k.responder}
	o.attempts[k] = a
	a.place = o.others.PushFront(a)
	o.evict(&o.others, orDefault(o.limits.Others, 2048))
	return a
}

func (a *attempt) list(o *Opener) *list.List {
	if a.settled {
		return &o.settled
	}
	return &o.others
}

func (o *Opener) settle(a *attempt) {
	if a.settled {
		return
	}
	o.others.Remove(a.place)
	a.settled = true
	a.place = o.settled.PushFront(a)
	o.evict(&o.settled, orDefault(o.limits.Attempts, 8192))
}

func (o *Opener) evict(l *list.List, limit int) {
	for l.Len() > limit {
		delete(o.attempts, l.Remove(l.Back()).(*attempt).key)
	}
}
