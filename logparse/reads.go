package logparse

import "github.com/ikediag/ikediag/isakmp"

// reads is what was read of a line for one who asked, and is asked again: each
// zero until then, 1 where the line does not say it.
type reads struct {
	exchange  uint8 // 2 and the exchange's number
	messageID uint8 // 2: it is mid
	mid       uint32
}

// exchange is the exchange that a line names, in a daemon's spelling.
func (e *Event) exchange() (isakmp.ExchangeType, bool) {
	if e.reads.exchange == 0 {
		e.reads.exchange = 1
		if x, ok := exchangeByName(e.Bytes(FieldExchange)); ok {
			e.reads.exchange = 2 + uint8(x)
		}
	}
	if e.reads.exchange == 1 {
		return isakmp.ExchangeNone, false
	}
	return isakmp.ExchangeType(e.reads.exchange - 2), true
}

// MessageID returns the message ID that the line names.
func (e *Event) MessageID() (uint32, bool) {
	if e.reads.messageID == 0 {
		e.readMessageID()
	}
	return e.reads.mid, e.reads.messageID == 2
}

func (e *Event) readMessageID() {
	e.reads.messageID, e.reads.mid = 1, 0
	b := e.Bytes(FieldMessageID)
	if len(b) == 0 {
		return
	}
	n, ok := uint64(0), false
	if e.template != nil && e.template.hexID {
		n, ok = parseHex(b)
	} else {
		n, ok = parseUint(b)
	}
	if e.reads.mid = uint32(n); ok && n <= 1<<32-1 {
		e.reads.messageID = 2
	}
}
