package probe

import (
	"encoding/binary"
	"net/netip"
	"syscall"
	"time"

	"github.com/ikediag/ikediag/ike/exchange"
)

// failures are the errors that ICMP, the own routes or the own firewall give.
var failures = []failureKind{
	{syscall.ECONNREFUSED, exchange.PortUnreachable},
	{syscall.EHOSTUNREACH, exchange.HostUnreachable},
	{syscall.ENETUNREACH, exchange.NetUnreachable},
	{syscall.ENOPROTOOPT, exchange.ProtocolUnreachable},
	{syscall.EMSGSIZE, exchange.TooBig},
	{syscall.EACCES, exchange.Prohibited},
	{syscall.EPERM, exchange.Prohibited},
	{syscall.EHOSTDOWN, exchange.HostUnreachable},
	{syscall.ENONET, exchange.HostUnreachable},
	{syscall.EPROTO, exchange.ReasonOther},
	{syscall.EOPNOTSUPP, exchange.ReasonOther},
}

// Linux's names that package syscall lacks: ip(7), ipv6(7).
const (
	pmtudiscProbe  = 3 // set DF, and do not look at what is known of the path
	ipv6MTUDisc    = 23
	ipv6RecvErr    = 25
	extendedErrLen = 16 // struct sock_extended_err
	originLocal    = 1
)

// prepare has the system keep what ICMP says, for errors to read.
func prepare(c syscall.RawConn, v4 bool) error {
	var err error
	ctl := c.Control(func(fd uintptr) {
		if v4 {
			err = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_IP, syscall.IP_RECVERR, 1)
		} else {
			err = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_IPV6, ipv6RecvErr, 1)
		}
	})
	if ctl != nil {
		return ctl
	}
	return err
}

// fragment sets or clears DF; false where the system cannot.
func (l *link) fragment(allowed bool) bool {
	mode := pmtudiscProbe
	if allowed {
		mode = syscall.IP_PMTUDISC_DONT
	}
	c, err := l.conn.SyscallConn()
	if err != nil {
		return false
	}
	ctl := c.Control(func(fd uintptr) {
		if l.gateway.Addr().Is4() {
			err = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_IP, syscall.IP_MTU_DISCOVER, mode)
		} else {
			err = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_IPV6, ipv6MTUDisc, mode)
		}
	})
	l.df = !allowed
	return ctl == nil && err == nil
}

// errors takes what ICMP said since, oldest first: the error queue of recv(2).
func (l *link) errors() (all []Failure) {
	c, err := l.conn.SyscallConn()
	if err != nil {
		return nil
	}
	var quote [64]byte
	var control [512]byte
	for len(all) < 4*maxFailures { // it is bounded by the socket's buffer anyway
		n := 0
		ctl := c.Control(func(fd uintptr) {
			_, n, _, _, err = syscall.Recvmsg(int(fd), quote[:], control[:], syscall.MSG_ERRQUEUE|syscall.MSG_DONTWAIT)
		})
		if ctl != nil || err != nil {
			break
		}
		messages, err := syscall.ParseSocketControlMessage(control[:n])
		if err != nil {
			break
		}
		for _, m := range messages {
			is4 := m.Header.Level == syscall.IPPROTO_IP && m.Header.Type == syscall.IP_RECVERR
			is6 := m.Header.Level == syscall.IPPROTO_IPV6 && m.Header.Type == ipv6RecvErr
			if (is4 || is6) && len(m.Data) >= extendedErrLen {
				all = append(all, extended(m.Data, is6))
			}
		}
	}
	return all
}

// extended reads struct sock_extended_err and the address of who sent the
// error, which follows it.
//
//	errno 4, origin 1, type 1, code 1, pad 1, info 4, data 4, sockaddr
func extended(b []byte, v6 bool) Failure {
	f := Failure{Time: time.Now(), Own: b[4] == originLocal, Type: b[5], Code: b[6]}
	if f.Own {
		for _, k := range failures {
			if k.err == syscall.Errno(binary.NativeEndian.Uint32(b)) {
				f.Reason = k.reason
			}
		}
	} else {
		protocol := uint8(exchange.ProtocolICMP)
		if v6 {
			protocol = exchange.ProtocolICMPv6
		}
		f.Reason, _ = exchange.ReasonOf(protocol, f.Type, f.Code)
	}
	if f.Reason == exchange.TooBig {
		f.MTU = int(min(binary.NativeEndian.Uint32(b[8:]), 1<<16))
	}
	switch a := b[extendedErrLen:]; {
	case f.Own || len(a) < 2:
	case binary.NativeEndian.Uint16(a) == syscall.AF_INET && len(a) >= 8:
		f.Router = netip.AddrFrom4([4]byte(a[4:8]))
	case binary.NativeEndian.Uint16(a) == syscall.AF_INET6 && len(a) >= 24:
		f.Router = netip.AddrFrom16([16]byte(a[8:24])).Unmap()
	}
	return f
}
