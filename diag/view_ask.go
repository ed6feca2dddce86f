package diag

import (
	"slices"

	"github.com/ikediag/ikediag/isakmp"
)

// asked is what was found out of an attempt while rules run, and nothing changes.
type asked struct {
	kinds       BodySet          // of the facts that there are
	up, childUp Known[*Progress] // what Up and ChildUp return, as are the others once somebody asks
	short       short
	found       []foundMessage // what Message returned
	answers     []answer
}

// askedKept is of how many attempts the room for that is kept for the next tunnel.
const askedKept = 256

// askAll makes room for what rules ask of attempts, in all, and notes what each is
// among the others.
func askAll(attempts []*Attempt, all []asked) []asked {
	if len(all) > askedKept {
		all = nil
	}
	all = slices.Grow(all[:0], len(attempts))[:len(attempts)]
	working := int32(-1)
	for i, a := range attempts {
		a.reach, a.asked = 0, &all[i]
		for _, s := range a.strands {
			a.asked.kinds |= s.kinds
		}
		if a.working = working; a.child() {
			working = a.index
		}
	}
	replaced := false
	for _, a := range slices.Backward(attempts) {
		a.replaced = replaced
		replaced = replaced || a.complete() || !a.Over()
	}
	return all
}

// answered forgets the answers: something may change from now on.
func answered(attempts []*Attempt) {
	for _, a := range attempts {
		clear(a.asked.answers)
		clear(a.asked.found)
		*a.asked = asked{found: a.asked.found[:0], answers: a.asked.answers[:0]}
		a.asked = nil
	}
}

// A passage is that a side sent a message, or sent it again.
type passage uint32

const sentAgain passage = 1 << 16

func newPassage(from Side, x isakmp.ExchangeType, number uint8) passage {
	return passage(from)<<24 | passage(x)<<8 | passage(number)
}

func (p passage) from() Side { return Side(p >> 24) }

// mark returns a bit for the exchange and the number, one of 64: most of what is
// asked for was not sent, and nothing that was has its bit.
func (p passage) mark() uint64 { return 1 << ((p>>5 ^ p) & 63) }

// Sent reports whether anything shows that a side, or AnySide, sent the message of a
// number in an exchange: what Any would tell, for less.
func (a *Attempt) Sent(from Side, x isakmp.ExchangeType, number uint8) bool {
	return a.passed(newPassage(from, x, number), sentAgain)
}

// Repeated reports whether anything shows that it was sent again.
func (a *Attempt) Repeated(from Side, x isakmp.ExchangeType, number uint8) bool {
	return a.passed(newPassage(from, x, number)|sentAgain, 0)
}

// passed reports whether there is a passage like p, but for some bits.
func (a *Attempt) passed(p, but passage) bool {
	if !a.mayPass(p) {
		return false
	}
	if p.from() == AnySide {
		but |= newPassage(AnySide, 0, 0)
	}
	for _, s := range a.strands {
		by := s.side()
		for _, sl := range s.of(BodyMessage) {
			if m, ok := sl.first.body.(*Message); ok && (m.passage(by)^p)&^but == 0 {
				return true
			}
		}
	}
	return false
}

// mayPass is false where one look tells that there is no passage like p, from whatever
// side.
func (a *Attempt) mayPass(p passage) bool {
	return !a.lacks(BodyMessage) && (a.asked == nil || a.asked.inShort(a).marks[p>>16&1]&p.mark() != 0)
}

// Exchanged reports whether anything shows a message of an exchange, whoever sent it.
func (a *Attempt) Exchanged(x isakmp.ExchangeType) bool {
	return a.mayHave(x) && Any(a, AnySide, func(m *Message) bool { return m.Exchange == x })
}

// mayHave is false where one look tells that there is no message of an exchange.
func (a *Attempt) mayHave(x isakmp.ExchangeType) bool {
	return !a.lacks(BodyMessage) && (a.asked == nil || a.asked.inShort(a).exchanges&(1<<(x&63)) != 0)
}

// short tells in little what messages were sent, what was found wrong and what was
// notified.
type short struct {
	known     bool
	exchanges uint64    // a bit for each exchange
	marks     [2]uint64 // of the messages, and of those that were sent again
	failed    uint64    // a bit for each kind of check
	notified  uint64    // a bit for the type of each notify, one of 64
}

// inShort looks once.
func (k *asked) inShort(a *Attempt) *short {
	if !k.short.known {
		k.short.look(a)
	}
	return &k.short
}

func (t *short) look(a *Attempt) {
	t.known = true
	for _, s := range a.strands {
		for _, sl := range s.of(BodyMessage) {
			if m, ok := sl.first.body.(*Message); ok {
				mark := newPassage(0, m.Exchange, m.Number).mark()
				t.exchanges |= 1 << (m.Exchange & 63)
				t.marks[0] |= mark
				if m.Retransmission > 0 {
					t.marks[1] |= mark
				}
			}
		}
		for _, sl := range s.of(BodyCheck) {
			if c, ok := sl.first.body.(*Check); ok && !c.OK {
				t.failed |= 1 << c.What
			}
		}
		for _, sl := range s.of(BodyNotify) {
			if n, ok := sl.first.body.(*Notify); ok {
				t.notified |= 1 << (n.Type & 63)
			}
		}
	}
}

// FailedAt reports whether anything shows that a check failed, whoever made it: what
// Any would tell, for less.
func (a *Attempt) FailedAt(what CheckKind) bool {
	if a.asked == nil {
		return Any(a, AnySide, func(c *Check) bool { return c.What == what && !c.OK })
	}
	return !a.lacks(BodyCheck) && a.asked.inShort(a).failed&(1<<what) != 0
}

// Notified reports whether anything shows a notify of one of the types, whoever sent
// it: what Any would tell, for less.
func (a *Attempt) Notified(types ...isakmp.NotifyType) bool {
	if a.lacks(BodyNotify) {
		return false
	}
	if a.asked != nil {
		var any uint64
		for _, t := range types {
			any |= 1 << (t & 63)
		}
		if a.asked.inShort(a).notified&any == 0 {
			return false
		}
	}
	return Any(a, AnySide, func(n *Notify) bool { return slices.Contains(types, n.Type) })
}

// passage returns what a message is, to a vantage point of the given role.
func (m *Message) passage(by Side) passage {
	p := newPassage(m.From.side(by), m.Exchange, m.Number)
	if m.Retransmission > 0 {
		p |= sentAgain
	}
	return p
}

// Message returns the message of a number in an exchange that a side sent, or, again,
// its repetition: what Fact would find, looked for once.
func (a *Attempt) Message(from Side, x isakmp.ExchangeType, number uint8, again bool) Known[*Message] {
	p := newPassage(from, x, number)
	if again {
		p |= sentAgain
	}
	if !a.mayPass(p) {
		return Known[*Message]{}
	}
	if a.asked != nil {
		for i := range a.asked.found {
			if f := &a.asked.found[i]; f.passage == p {
				return f.message
			}
		}
	}
	k := Fact(a, from, func(m *Message) bool {
		return m.Exchange == x && m.Number == number && (m.Retransmission > 0 || !again)
	})
	if a.asked != nil {
		a.asked.found = append(a.asked.found, foundMessage{p, k})
	}
	return k
}

type foundMessage struct {
	passage
	message Known[*Message]
}

// lacks reports whether it is known that nothing shows facts of a kind.
func (a *Attempt) lacks(kind BodyKind) bool { return a.asked != nil && !a.asked.kinds.Has(kind) }

// A Question is what several rules ask of an attempt and what takes a while to
// find out: it is looked into once each time that rules run. Answers are shared: do
// not change what they hold, nor append to a slice that is not clipped.
type Question[T any] struct {
	look func(*Attempt) T
	key  questionKey
}

// A questionKey tells questions apart, whatever is asked.
type questionKey byte

// NewQuestion makes a question of what answers it, which is a pure function of
// the attempt. A question is a variable of a package, not made anew to be asked.
func NewQuestion[T any](look func(*Attempt) T) *Question[T] {
	return &Question[T]{look: look}
}

// Of answers the question for an attempt.
func (q *Question[T]) Of(a *Attempt) T {
	if a.asked == nil {
		return q.look(a)
	}
	for i := range a.asked.answers {
		if x := &a.asked.answers[i]; x.to == &q.key {
			return x.is.(T)
		}
	}
	is := q.look(a)
	a.asked.answers = append(a.asked.answers, answer{&q.key, is})
	return is
}

// answer is what a *Question gave.
type answer struct {
	to *questionKey
	is any
}

// reach is how far an attempt came, which nearly every rule asks for. The zero
// reach is not yet known.
type reach uint8

const (
	reachKnown reach = 1 << iota
	reachEnd         // of phase 1, by its messages
	reachUp          // of phase 1, see Up
	reachChild
)

// came reports whether the attempt came so far. It looks once.
func (a *Attempt) came(what reach) bool {
	if a.reach == 0 {
		a.look()
	}
	return a.reach&what != 0
}

func (a *Attempt) look() {
	a.reach, a.steps = reachKnown, 0
	for _, s := range a.strands {
		role := s.side()
		for _, sl := range s.of(BodyProgress) {
			p, ok := sl.first.body.(*Progress)
			if !ok {
				continue
			}
			a.steps |= 1 << p.Step
			if p.Step == Phase1Up && p.By.side(role) != Responder {
				a.reach |= reachEnd | reachUp
			}
		}
	}
	switch {
	case a.steps.has(Phase2Up):
		a.reach |= reachEnd | reachUp | reachChild
	case a.reach&reachUp != 0:
	case a.reached(isakmp.ExchangeMain) >= 6 || a.reached(isakmp.ExchangeAggressive) >= 3:
		a.reach |= reachEnd
	}
}

// A stepSet is a set of steps.
type stepSet uint16

func (s stepSet) has(step Step) bool { return s&(1<<step) != 0 }

// up reports whether Up finds something, and child whether ChildUp does.
func (a *Attempt) up() bool    { return a.came(reachUp) }
func (a *Attempt) child() bool { return a.came(reachChild) }
