//go:build darwin || freebsd

package probe

import (
	"runtime"
	"syscall"

	"github.com/ikediag/ikediag/ike/exchange"
)

var failures = []failureKind{
	{syscall.ECONNREFUSED, exchange.PortUnreachable},
	{syscall.EHOSTUNREACH, exchange.HostUnreachable},
	{syscall.EHOSTDOWN, exchange.HostUnreachable},
	{syscall.ENETUNREACH, exchange.NetUnreachable},
	{syscall.EMSGSIZE, exchange.TooBig},
	{syscall.EACCES, exchange.Prohibited},
	{syscall.EPERM, exchange.Prohibited},
}

// dontFragment returns the socket option of netinet/in.h and netinet6/in6.h.
func dontFragment(v4 bool) (level, option int) {
	switch {
	case !v4:
		return syscall.IPPROTO_IPV6, 62
	case runtime.GOOS == "darwin":
		return syscall.IPPROTO_IP, 28
	}
	return syscall.IPPROTO_IP, 67
}

func setsockopt(fd uintptr, level, option, value int) error {
	return syscall.SetsockoptInt(int(fd), level, option, value)
}
