package logparse

import "github.com/ikediag/ikediag/isakmp"

// reads is what was read of a line for one who asked, and is asked again.
type reads struct {
	asked asked
	mid   uint32
	spi   [3]uint32 // by direction: any, inbound, outbound
}

// asked tells what of a line was read, all zero at first.
type asked struct {
	exchange  uint8 // 1: the line does not say it; else its number and 2
	messageID uint8 // 1: the line does not say it; 2: it is reads.mid
	spi, no   uint8 // sets of directions: those read, and those of which the line does not say it
}

// exchange is the exchange that a line names, in a daemon's spelling.
func (e *Event) exchange() (isakmp.ExchangeType, bool) {
	a := &e.reads.asked
	if a.exchange == 0 {
		a.exchange = 1
		if x, ok := exchangeByName(e.Bytes(FieldExchange)); ok {
			a.exchange = 2 + uint8(x)
		}
	}
	if a.exchange == 1 {
		return isakmp.ExchangeNone, false
	}
	return isakmp.ExchangeType(a.exchange - 2), true
}

// MessageID returns the message ID that the line names.
func (e *Event) MessageID() (uint32, bool) {
	if e.reads.asked.messageID == 0 {
		e.readMessageID()
	}
	return e.reads.mid, e.reads.asked.messageID == 2
}

func (e *Event) readMessageID() {
	e.reads.asked.messageID, e.reads.mid = 1, 0
	b := e.Bytes(FieldMessageID)
	if len(b) == 0 {
		return
	}
	n, ok := uint64(0), false
	if e.template != nil && e.template.hexID && (e.record == nil || e.record.value(FieldMessageID) == nil) { // what a record has is decimal
		n, ok = parseHex(b)
	} else {
		n, ok = parseUint(b)
	}
	if e.reads.mid = uint32(n); ok && n <= 1<<32-1 {
		e.reads.asked.messageID = 2
	}
}

// SPI returns the SPI of a direction, or with RoleNone the only one.
func (e *Event) SPI(r Role) (spi uint32, ok bool) {
	i := 0
	switch r {
	case Inbound:
		i = 1
	case Outbound:
		i = 2
	}
	if e.reads.asked.spi>>i&1 == 0 {
		e.readSPI(i)
	}
	return e.reads.spi[i], e.reads.asked.no>>i&1 == 0
}

func (e *Event) readSPI(i int) {
	n, ok := e.Uint([...]Field{FieldSPI, FieldSPIIn, FieldSPIOut}[i])
	e.reads.spi[i] = uint32(n)
	e.reads.asked.spi |= 1 << i
	if !ok || n > 1<<32-1 {
		e.reads.asked.no |= 1 << i
	}
}
