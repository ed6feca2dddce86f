package logparse

import (
	"bytes"
	"net/netip"

	"github.com/ikediag/ikediag/isakmp"
)

// The payloads that messages have here.
var (
	payloadsSA     = []byte("SA")
	payloadsKE     = []byte("KE")
	payloadsID     = []byte("ID")
	payloadsHash   = []byte("HASH")
	payloadsHashSA = []byte("HASH SA")
)

// packet follows a datagram. Which message it is, its state tells: IOS names
// the state before what it sends, and before what it receives, too.
func (c *ios) packet(j *iosJob, n *slot, e *Event) {
	side := e.Bytes(FieldSide)
	switch string(side) {
	case "I":
		n.s.Role = Initiator
	case "R", "N":
		n.s.Role = Responder
	}
	if port, ok := e.Uint(FieldPort); ok && port < 1<<16 && n.s.Local.Port() != uint16(port) {
		n.s.Local = netip.AddrPortFrom(n.s.Local.Addr(), uint16(port))
	}
	j.at = iosNothing
	if e.Kind == PacketReceived {
		n.retransmits = 0
		j.unread, j.packets = true, true
		if string(side) == "N" {
			e.Kind = BeingInitiated
		}
		return
	}
	if j.resend {
		j.resend = false
		n.retransmits++
		e.Retransmission = n.retransmits
		return
	}
	state := firstWord(e.Bytes(FieldState))
	if bytes.HasPrefix(state, []byte("AG_")) {
		n.s.Aggressive = true
	}
	var payloads []byte
	initiator := n.s.Role == Initiator
	switch string(state) {
	case "MM_NO_STATE", "AG_NO_STATE", "AG_INIT_EXCH":
		if payloads = payloadsSA; !initiator && state[0] == 'M' || n.closed {
			return // a refusal
		}
		if string(state) == "AG_INIT_EXCH" && initiator && n.stage&iosSA1 != 0 {
			payloads = payloadsHash
		}
	case "MM_SA_SETUP":
		if payloads = payloadsKE; !initiator {
			payloads = payloadsSA
		}
	case "MM_KEY_EXCH":
		if payloads = payloadsID; !initiator && n.stage&iosID == 0 {
			payloads = payloadsKE
		}
	case "QM_IDLE":
		if initiator || n.stage&(iosID|iosOwnProof|iosQuick) != iosID || n.s.Aggressive {
			c.quickSent(j, e)
			return
		}
		payloads = payloadsID // the last message of main mode, in releases that change the state before
	default:
		return
	}
	if string(payloads) == "ID" {
		n.stage |= iosOwnProof
	}
	n.retransmits = 0
	e.Kind = MessageGenerated
	exchange := isakmp.ExchangeMain
	if n.s.Aggressive {
		exchange = isakmp.ExchangeAggressive
	}
	c.out.message(exchange, initiator, payloads)
}

// quickSent follows what goes out when phase 1 is done.
func (c *ios) quickSent(j *iosJob, e *Event) {
	if j.quick == 0 {
		return // an informational message
	}
	e.Kind = MessageGenerated
	payloads := payloadsHashSA
	if j.quick == 3 {
		payloads = payloadsHash
	}
	c.out.message(isakmp.ExchangeQuick, j.quick != 2, payloads)
	c.out.number(FieldMessageID, uint64(j.mid))
	j.quick = 0
}

// parsed follows "processing SA payload" and its like: the first payload of a
// message tells which message it is.
func (c *ios) parsed(j *iosJob, n *slot, e *Event) {
	payload := e.Bytes(FieldPayloads)
	mid, ok := e.MessageID()
	initiator := n.s.Role == Initiator
	if !ok || mid != 0 {
		if string(payload) != "SA" || !ok {
			e.Kind = Plain
			return
		}
		n.stage |= iosQuick
		answer := initiator && mid == j.mid
		if j.quick = 2; answer {
			j.quick = 3
		}
		j.mid = mid
		j.offer.begin(true, true)
		c.out.message(isakmp.ExchangeQuick, !answer, payloadsHashSA)
		return
	}
	bit, exchange := uint8(0), isakmp.ExchangeMain
	switch string(payload) {
	case "SA":
		bit = iosSA1
		j.offer.begin(false, true)
	case "ID":
		bit = iosID
		j.at = iosPeerID
	}
	again := n.stage&bit != 0 && n.s.Established
	// More of the message that the SA payload was of: aggressive mode.
	if bit != iosSA1 && string(payload) != "HASH" && string(payload) != "SIG" && !j.unread && n.stage&(iosSA1|iosID) == iosSA1 && j.packets {
		n.s.Aggressive = true
	}
	n.stage |= bit
	if n.s.Aggressive {
		exchange = isakmp.ExchangeAggressive
		if bit != iosSA1 && (initiator || string(payload) != "HASH") {
			e.Kind = Plain
			return
		}
	} else if string(payload) == "HASH" || string(payload) == "SIG" || again || !j.unread && j.packets {
		e.Kind = Plain // of the message that its ID was of, or a notify's
		return
	}
	j.unread = false
	c.out.message(exchange, !initiator, payload)
}
