package observe

import (
	"github.com/ikediag/ikediag/isakmp"
	"github.com/ikediag/ikediag/logparse"
)

// about is what is asked of a line more than once.
type about struct {
	exchange isakmp.ExchangeType // 0 where it names none
	mid      uint32
	numbered bool // mid is set
	ofPair   bool // it is about an SA pair
	pair     namedPair
	filled   bool // what its observations have in common is set
}

// read asks it of a line.
func (a *about) read(e *logparse.Event) {
	*a = about{}
	a.exchange, _ = e.Exchange()
	a.mid, a.numbered = e.MessageID()
	switch e.Kind {
	case logparse.ChildEstablished, logparse.ChildClosing, logparse.ChildDeleteReceived, logparse.ChildDeleteSent:
		a.pair, a.ofPair = pairNamed(e), true
	}
}
