package observe

import (
	"fmt"
	"net/netip"

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
	// hosts are those that packets begin at here, as far as can be told: one
	// alone is the host that recorded them.
	hosts [2]netip.Addr
}

// natPort is that of RFC 3947, section 4.
const natPort = 4500

func (c *covered) packet(d *exchange.Datagram) {
	c.begins(d)
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
		c.shown |= diag.PacketsICMP
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

// update tells what the capture shows by now, if that is not what was told. It
// returns what is hidden.
func (p *Packets) update(c *capture.Reader, told diag.PacketSet) diag.PacketSet {
	if p.Update == nil || told == 0 || p.covered == p.updated && told <= diag.AllPackets {
		return told
	}
	p.updated = p.covered
	if p.cover = c.Coverage(); p.covered.hides(&p.cover) != told {
		told = p.covered.hides(&p.cover)
		p.Update(p.Describe)
	}
	return told
}

// begins notes the host that a datagram begins at here.
func (c *covered) begins(d *exchange.Datagram) {
	src := d.Source.Addr()
	if src == c.hosts[0] || c.hosts[1].IsValid() || d.Inner || !travels(src) || nearBy(d) != diag.Initiator && d.TTL != 1 {
		return
	}
	if !c.hosts[0].IsValid() {
		c.hosts[0] = src
		return
	}
	c.hosts[1] = src
}

// owner observes whose capture it is that shows no negotiation: one of the
// other end that nothing came to. Those that show one tell by it.
func (p *Packets) owner() {
	host := p.covered.hosts
	if !host[0].IsValid() || host[1].IsValid() || len(p.flows.pairs) > 0 || len(p.services.ends) > 0 {
		return
	}
	p.o = diag.Observation{Source: p.Source, Where: diag.Where{Frame: p.cover.Frames}, Basis: diag.Unauthenticated}
	p.o.Keys.Local = netip.AddrPortFrom(host[0], 0)
	if !p.cover.Last.IsZero() {
		p.o.Time = diag.Time{Value: p.cover.Last.UTC(), Precision: 1000}
	}
	p.o.Text = fmt.Appendf(p.text[:0], "%s sends", host[0])
	p.body.host = diag.Host{Event: diag.OwnAddress, Address: host[0]}
	p.send(&p.body.host)
}
