package observe

import (
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/logparse"
)

// listening notes an address that the daemon found on its host and opened a
// socket on.
func (l *Log) listening(e *logparse.Event) diag.Body {
	at, ok := e.Address(logparse.Local)
	a := at.Addr().Unmap()
	if !ok || !singles(a) {
		return nil
	}
	if !slices.Contains(l.own, a) {
		if len(l.own) == maxBound {
			return nil
		}
		l.own = append(l.own, a)
	}
	l.body.host = diag.Host{Event: diag.OwnAddress, Address: a}
	return &l.body.host
}
