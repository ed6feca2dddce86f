package diag

import "github.com/ikediag/ikediag/isakmp"

// A Question is what several rules ask of an attempt and what takes a while to
// find out: it is looked into once each time that rules run. Answers are shared: do
// not change what they hold, nor append to a slice that is not clipped.
type Question[T any] struct{ look func(*Attempt) T }

// NewQuestion makes a question of what answers it, which is a pure function of
// the attempt. A question is a variable of a package, not made anew to be asked.
func NewQuestion[T any](look func(*Attempt) T) *Question[T] { return &Question[T]{look} }

// Of answers the question for an attempt.
func (q *Question[T]) Of(a *Attempt) T {
	for i := range a.answers {
		if x := &a.answers[i]; x.to == any(q) {
			return x.is.(T)
		}
	}
	is := q.look(a)
	a.answers = append(a.answers, answer{q, is})
	return is
}

// answer is what a *Question gave.
type answer struct{ to, is any }

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
		a.reach = reachKnown
		switch {
		case Any(a, AnySide, childUp):
			a.reach |= reachEnd | reachUp | reachChild
		case Any(a, Initiator, phase1Up) || Any(a, SideUnknown, phase1Up):
			a.reach |= reachEnd | reachUp
		case a.reached(isakmp.ExchangeMain) >= 6 || a.reached(isakmp.ExchangeAggressive) >= 3:
			a.reach |= reachEnd
		}
	}
	return a.reach&what != 0
}

// up reports whether Up finds something, and child whether ChildUp does.
func (a *Attempt) up() bool    { return a.came(reachUp) }
func (a *Attempt) child() bool { return a.came(reachChild) }

func phase1Up(p *Progress) bool { return p.Step == Phase1Up }
func childUp(p *Progress) bool  { return p.Step == Phase2Up }

// forget forgets what was found out: something may have changed since.
func (a *Attempt) forget() { a.reach, a.answers = 0, nil }
