package exchange

import (
	"iter"

	"github.com/ikediag/ikediag/isakmp"
)

// Attempts iterates over the attempts that are remembered: first those that
// got no further than half way, then the others, each in the order in which
// they were last heard of. The Attempt is reused.
func (t *Tracker) Attempts() iter.Seq[*Attempt] {
	return func(yield func(*Attempt) bool) {
		if !t.made {
			return
		}
		var out Attempt
		for _, p := range []pool{t.half, t.full} {
			for i := p.oldest; i != none; i = t.slots[i].next {
				t.slots[i].summary(&out)
				if !yield(&out) {
					return
				}
			}
		}
	}
}

// Attempt returns the summary of an attempt, false where it is not remembered.
func (t *Tracker) Attempt(id uint64) (out Attempt, ok bool) {
	i, ok := t.byID[id]
	if ok {
		t.slots[i].summary(&out)
	}
	return out, ok
}

func (a *slot) summary(out *Attempt) {
	ini, res := a.initiator, a.initiator^1
	*out = Attempt{
		ID: a.id, Cookies: a.cookies, Roles: a.roles, Late: a.late, Version: a.version, Mode: a.mode,
		Initiator: a.hosts[ini], Responder: a.hosts[res],
		Reached:    [2]int{int(a.reached[0]), int(a.reached[1])},
		QuickModes: int(a.quick), QuickDone: int(a.done),
		Floated:  [2]bool{a.floated&(1<<ini) != 0, a.floated&(1<<res) != 0},
		NAT:      [2]NATKind{a.nat[ini], a.nat[res]},
		Messages: [2]int{int(a.messages[ini]), int(a.messages[res])},
		Last:     [2]Last{a.last[ini].export(), a.last[res].export()},
		First:    a.begun.time(), FirstFrame: a.begun.frame,
		End: a.end.time(), EndFrame: a.end.frame,
		Silent: a.silent(),
	}
	switch a.mode {
	case isakmp.ExchangeMain:
		out.Complete = a.reached == [2]uint8{5, 6}
	case isakmp.ExchangeAggressive, isakmp.ExchangeAuthOnly:
		out.Complete = a.reached == [2]uint8{3, 2}
	case isakmp.ExchangeBase:
		out.Complete = a.reached == [2]uint8{3, 4}
	}
}

func (l *lastSent) export() Last {
	return Last{
		Exchange: l.exchange, MessageID: l.id, Number: int(l.number), Encrypted: l.encrypted, Length: l.length,
		First: l.first.time(), Time: l.last.time(), FirstFrame: l.first.frame, Frame: l.last.frame, Repeats: l.repeats,
	}
}

// silent returns the side that owes a message.
func (a *slot) silent() Side {
	l := &a.last[a.heard]
	owes := false
	switch l.exchange {
	case isakmp.ExchangeMain:
		owes = l.number > 0 && l.number < 6
	case isakmp.ExchangeBase:
		owes = l.number > 0 && l.number < 4
	case isakmp.ExchangeAggressive, isakmp.ExchangeAuthOnly, isakmp.ExchangeQuick:
		owes = l.number > 0 && l.number < 3
	case isakmp.ExchangeTransaction, isakmp.ExchangeNewGroup,
		isakmp.ExchangeSAInit, isakmp.ExchangeAuth, isakmp.ExchangeCreateChild, isakmp.ExchangeInformational2:
		owes = l.number%2 == 1
	}
	switch {
	case !owes:
		return SideUnknown
	case a.heard == a.initiator:
		return Responder
	}
	return Initiator
}
