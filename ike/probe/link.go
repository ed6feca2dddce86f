package probe

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"syscall"
	"time"

	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"

	"github.com/ikediag/ikediag/ike/exchange"
)

// A link is a socket to one port of the gateway. It is connected, so that the
// system lets nothing in that comes from elsewhere, and tells what ICMP says.
type link struct {
	conn           *net.UDPConn
	local, gateway netip.AddrPort
	marker         bool // of port 4500
	v4             *ipv4.PacketConn
	v6             *ipv6.PacketConn
	df             bool
	buf            []byte
}

// dial opens a link. A failure of the way is a Failure, any other an error.
func dial(ctx context.Context, local, gateway netip.AddrPort, marker bool) (*link, *Failure, error) {
	d := net.Dialer{Control: func(_, _ string, c syscall.RawConn) error { return prepare(c, gateway.Addr().Is4()) }}
	if local.IsValid() || local.Port() != 0 {
		d.LocalAddr = &net.UDPAddr{Port: int(local.Port())}
		if local.Addr().IsValid() {
			d.LocalAddr = net.UDPAddrFromAddrPort(local)
		}
	}
	network := "udp4"
	if gateway.Addr().Is6() {
		network = "udp6"
	}
	c, err := d.DialContext(ctx, network, gateway.String())
	if err != nil {
		// What connecting says is about the way; what binding does, about the
		// port that the caller wants.
		var call *os.SyscallError
		if f, ok := failureOf(err); ok && errors.As(err, &call) && call.Syscall == "connect" {
			f.Own = true
			return nil, &f, nil
		}
		return nil, nil, err
	}
	l := &link{conn: c.(*net.UDPConn), gateway: gateway, marker: marker, buf: make([]byte, 1<<16)}
	if a, ok := c.LocalAddr().(*net.UDPAddr); ok {
		l.local = netip.AddrPortFrom(a.AddrPort().Addr().Unmap(), a.AddrPort().Port())
	}
	// The hop count of what comes is worth having where the system tells it.
	if gateway.Addr().Is4() {
		if l.v4 = ipv4.NewPacketConn(l.conn); l.v4.SetControlMessage(ipv4.FlagTTL, true) != nil {
			l.v4 = nil
		}
	} else if l.v6 = ipv6.NewPacketConn(l.conn); l.v6.SetControlMessage(ipv6.FlagHopLimit, true) != nil {
		l.v6 = nil
	}
	return l, nil, nil
}

func (l *link) close() { l.conn.Close() }

// overhead is what stands before the message in an IP datagram.
func (l *link) overhead() int {
	n := 20 + 8
	if l.gateway.Addr().Is6() {
		n = 40 + 8
	}
	if l.marker {
		n += 4
	}
	return n
}

// read waits for a datagram. It aliases the link's buffer. Whoever ends the
// context sets the deadline to the past.
func (l *link) read(ctx context.Context, until time.Time) (b []byte, ttl uint8, err error) {
	if err := l.conn.SetReadDeadline(until); err != nil {
		return nil, 0, err
	}
	if err := ctx.Err(); err != nil {
		return nil, 0, err
	}
	var n int
	switch {
	case l.v4 != nil:
		var cm *ipv4.ControlMessage
		if n, cm, _, err = l.v4.ReadFrom(l.buf); cm != nil {
			ttl = uint8(min(max(cm.TTL, 0), 255))
		}
	case l.v6 != nil:
		var cm *ipv6.ControlMessage
		if n, cm, _, err = l.v6.ReadFrom(l.buf); cm != nil {
			ttl = uint8(min(max(cm.HopLimit, 0), 255))
		}
	default:
		n, err = l.conn.Read(l.buf)
	}
	return l.buf[:n], ttl, err
}

// failureOf reads what an error of the system says of a datagram that was not
// delivered; false for one that says nothing of that.
func failureOf(err error) (f Failure, ok bool) {
	for _, k := range failures {
		if errors.Is(err, k.err) {
			return Failure{Time: time.Now(), Reason: k.reason}, true
		}
	}
	return f, false
}

// expired reports whether a read ended since its time was over.
func expired(err error) bool { return errors.Is(err, os.ErrDeadlineExceeded) }

type failureKind struct {
	err    error
	reason exchange.Reason
}
