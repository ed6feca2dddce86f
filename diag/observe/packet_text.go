package observe

import (
	"fmt"
	"net/netip"
	"strconv"

	"github.com/ikediag/ikediag/ike/exchange"
	"github.com/ikediag/ikediag/isakmp"
)

// describe renders a step as one line, for people. It costs no memory for
// what most packets are.
func (p *Packets) describe(d *exchange.Datagram, s *exchange.Step) []byte {
	b := p.text[:0]
	if s.Class == exchange.Unreachable {
		r := &s.Report
		p.text = fmt.Appendf(b, "%s reports %s of protocol %d to %s", r.Router, r.Reason, r.Protocol, r.Destination)
		return p.text
	}
	b = append(appendAddr(b, d.Source), " > "...)
	b = append(appendAddr(b, d.Destination), ": "...)
	if s.Class == exchange.MessageV2 {
		b = append(b, "IKEv2 message"...)
		for i := range s.Notifies {
			b = append(append(b, ", notify "...), isakmp.NotifyTypeV2(s.Notifies[i].Type).String()...)
		}
	} else {
		b = appendMessage(b, s)
	}
	if s.Length > 0 { // a text may not tell
		b = strconv.AppendInt(append(b, " ("...), int64(s.Length), 10)
		b = append(b, " octets)"...)
	}
	p.text = b
	return p.text
}

// appendMessage describes a message of version 1.
func appendMessage(b []byte, s *exchange.Step) []byte {
	if s.Exchange == isakmp.ExchangeNone {
		b = append(b, "a message"...)
	} else {
		b = append(b, s.Exchange.Mode()...)
	}
	if s.Number > 0 {
		b = strconv.AppendInt(append(b, " message "...), int64(s.Number), 10)
	}
	if s.MessageID != 0 {
		b = append(b, " id "...)
		for shift := 28; shift >= 0; shift -= 4 {
			b = append(b, "0123456789abcdef"[s.MessageID>>shift&15])
		}
	}
	switch {
	case s.Plain != nil:
		b = append(b, ", decrypted"...)
	case s.Encrypted:
		b = append(b, ", encrypted"...)
	}
	for i := range s.Notifies {
		b = append(append(b, ", notify "...), s.Notifies[i].Type.String()...)
	}
	if s.Retransmission > 0 {
		b = strconv.AppendInt(append(b, ", retransmission "...), int64(s.Retransmission), 10)
	}
	return b
}

// appendAddr appends an address and its port, if it is known.
func appendAddr(b []byte, a netip.AddrPort) []byte {
	if !a.IsValid() {
		return append(b, '?')
	}
	return a.AppendTo(b)
}
