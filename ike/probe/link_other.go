//go:build !linux

package probe

import "syscall"

// prepare: there is no error queue here, and what ICMP says shows as errors of
// reading and writing alone.
func prepare(syscall.RawConn, bool) error { return nil }

func (l *link) errors() []Failure { return nil }

// fragment sets or clears DF; false where the system cannot.
func (l *link) fragment(allowed bool) bool {
	level, option := dontFragment(l.gateway.Addr().Is4())
	if option == 0 {
		return allowed
	}
	value := 1
	if allowed {
		value = 0
	}
	c, err := l.conn.SyscallConn()
	if err != nil {
		return allowed
	}
	ctl := c.Control(func(fd uintptr) { err = setsockopt(fd, level, option, value) })
	l.df = !allowed
	return allowed || ctl == nil && err == nil
}
