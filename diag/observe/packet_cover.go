package observe

import (
	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/capture"
	"github.com/ikediag/ikediag/ike/exchange"
)

// covered notes what a capture shows of all that passes, to tell what it may
// have been told to leave out. Most captures of IPsec are made with a filter
// for the ports of IKE; that nothing of another protocol is in them means
// nothing.
type covered struct {
	shown diag.PacketSet
	// open: it shows what no filter for a port or protocol of IPsec lets pass.
	open bool
}

// natPort is that of RFC 3947, section 4.
const natPort = 4500

func (c *covered) packet(d *exchange.Datagram) {
	switch d.Protocol {
	case exchange.ProtocolUDP:
		src, dst := d.Source.Port(), d.Destination.Port()
		switch {
		case src == natPort || dst == natPort:
			c.shown |= diag.PacketsNATT
		case src == ikePort || dst == ikePort:
			c.shown |= diag.PacketsIKE
		default:
			c.shown |= diag.PacketsIKE | diag.PacketsNATT // it is not one for these ports
		}
	case exchange.ProtocolESP:
		c.shown |= diag.PacketsESP
	case exchange.ProtocolAH:
		c.shown |= diag.PacketsAH
	case exchange.ProtocolICMP, exchange.ProtocolICMPv6:
		// Errors are asked for beside the ports.
		c.open = c.open || len(d.Payload) > 0 && !icmpError(d.Protocol, d.Payload[0])
	default:
		c.open = true
	}
}

// icmpError reports whether a type is one of an error (RFC 792; RFC 4443,
// section 2.1).
func icmpError(protocol, kind uint8) bool {
	if protocol == exchange.ProtocolICMPv6 {
		return kind < 128
	}
	switch kind {
	case 3, 4, 5, 11, 12:
		return true
	}
	return false
}

// hides returns what the capture may lack for a filter's sake.
func (c *covered) hides(all *capture.Coverage) diag.PacketSet {
	if c.open || all.NotIP > 0 {
		return 0
	}
	return diag.AllPackets &^ c.shown
}
