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
	spi       uint8 // sets of directions: those read, and from noSPI on those of which the line does not say it
	direction uint8 // 1: the line does not say it; 2: a response; 3: a request
}

// Exchange returns the exchange that the line names.
func (e *Event) Exchange() (isakmp.ExchangeType, bool) {
	if e.may&(1<<(FieldExchange&63)) != 0 { // as few lines; has would be too much to inline
		return e.exchange()
	}
	return 0, false
}

func (e *Event) exchange() (isakmp.ExchangeType, bool) {
	a := &e.reads.asked
	if x := a.exchange; x > 1 { // nearly all ask again
		return isakmp.ExchangeType(x - 2), true
	}
	if a.exchange == 0 {
		a.exchange = 1
		x, ok := exchangeByName(e.bytes(FieldExchange))
		if e.Kind == MalformedIgnored && x == isakmp.ExchangeInformational2 {
			// strongSwan's IKEv1 code uses the short name here.
			x = isakmp.ExchangeInformational
		}
		if ok {
			a.exchange = 2 + uint8(x)
		}
	}
	return isakmp.ExchangeType(max(a.exchange, 2) - 2), a.exchange > 1
}

// Request reports whether the message that the line is about was a request,
// as the daemon counts; ok is false where it does not say. In IKEv1 what an
// initiator sends is a request and what a responder sends a response.
func (e *Event) Request() (request, ok bool) {
	if e.reads.asked.direction == 0 {
		e.readDirection()
	}
	return e.reads.asked.direction == 3, e.reads.asked.direction > 1
}

func (e *Event) readDirection() {
	d := &e.reads.asked.direction
	switch string(e.Bytes(FieldDirection)) {
	case "request":
		*d = 3
	case "response":
		*d = 2
	default:
		*d = 1
	}
}

// MessageID returns the message ID that the line names.
func (e *Event) MessageID() (uint32, bool) {
	if e.may&(1<<(FieldMessageID&63)) != 0 {
		return e.messageID()
	}
	return 0, false
}

func (e *Event) messageID() (uint32, bool) {
	a := &e.reads.asked
	if a.messageID != 0 {
		return e.reads.mid, a.messageID == 2
	}
	a.messageID, e.reads.mid = 1, 0
	b := e.bytes(FieldMessageID)
	if len(b) == 0 {
		return 0, false
	}
	n, ok := uint64(0), false
	if e.template != nil && e.template.hexID && (e.record == nil || e.record.value(FieldMessageID) == nil) { // what a record has is decimal
		n, ok = parseHex(b)
	} else {
		n, ok = parseUint(b)
	}
	if e.reads.mid = uint32(n); ok && n <= 1<<32-1 {
		a.messageID = 2
	}
	return e.reads.mid, a.messageID == 2
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
	return e.reads.spi[i], e.reads.asked.spi>>(i+noSPI)&1 == 0
}

func (e *Event) readSPI(i int) {
	n, ok := parseHex(e.Bytes([...]Field{FieldSPI, FieldSPIIn, FieldSPIOut}[i]))
	e.reads.spi[i] = uint32(n)
	e.reads.asked.spi |= 1 << i
	if !ok || n > 1<<32-1 {
		e.reads.asked.spi |= 1 << (i + noSPI)
	}
}

// noSPI is where in asked.spi the directions begin of which the line does not say
// it.
const noSPI = 4
