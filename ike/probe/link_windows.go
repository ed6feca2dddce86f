package probe

import (
	"syscall"

	"github.com/ikediag/ikediag/ike/exchange"
)

// failures are Winsock's. A closed port shows as a connection that was reset.
var failures = []failureKind{
	{syscall.Errno(10054), exchange.PortUnreachable}, // WSAECONNRESET
	{syscall.Errno(10061), exchange.PortUnreachable}, // WSAECONNREFUSED
	{syscall.Errno(10065), exchange.HostUnreachable}, // WSAEHOSTUNREACH
	{syscall.Errno(10051), exchange.NetUnreachable},  // WSAENETUNREACH
	{syscall.Errno(10052), exchange.TimeExceeded},    // WSAENETRESET
	{syscall.Errno(10040), exchange.TooBig},          // WSAEMSGSIZE
	{syscall.Errno(10013), exchange.Prohibited},      // WSAEACCES
}

// dontFragment returns IP_DONTFRAGMENT and IPV6_DONTFRAG of ws2ipdef.h.
func dontFragment(v4 bool) (level, option int) {
	if v4 {
		return syscall.IPPROTO_IP, 14
	}
	return syscall.IPPROTO_IPV6, 14
}

func setsockopt(fd uintptr, level, option, value int) error {
	return syscall.SetsockoptInt(syscall.Handle(fd), level, option, value)
}
