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
	of       concern
	pair     namedPair
	filled   bool // what its observations have in common is set
}

// read asks it of a line.
func (a *about) read(e *logparse.Event) {
	*a = about{}
	a.exchange, _ = e.Exchange()
	a.mid, a.numbered = e.MessageID()
	if int(e.Kind) < len(concerns) {
		a.of = concerns[e.Kind]
	}
	if a.of&ofPair != 0 {
		a.pair = pairNamed(e)
	}
}

// concern is what a line is about besides what it says.
type concern uint8

const (
	ofPair  concern = 1 << iota // a certain SA pair
	ofUp                        // what is up
	ofChild                     // a quick mode, whether or not it names the exchange
)

var concerns = [...]concern{
	logparse.SAEstablished:       ofUp,
	logparse.SADeleting:          ofUp,
	logparse.SADeleted:           ofUp,
	logparse.SADeleteReceived:    ofUp,
	logparse.SessionChanged:      ofUp,
	logparse.DaemonStarted:       ofUp,
	logparse.ChildFailed:         ofChild,
	logparse.ChildEstablished:    ofUp | ofPair,
	logparse.ChildClosing:        ofUp | ofPair,
	logparse.ChildDeleteReceived: ofUp | ofPair,
	logparse.ChildDeleteSent:     ofUp | ofPair,
}
