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

// started observes which daemon it is that writes the log.
func (l *Log) started(e *logparse.Event) diag.Body {
	l.body.software = software(diag.Self, string(e.Bytes(logparse.FieldProduct)), string(e.Bytes(logparse.FieldVersion)))
	return &l.body.software
}

func (l *Log) stopped(*logparse.Event) diag.Body {
	l.body.host = diag.Host{Event: diag.DaemonStopped}
	return &l.body.host
}

// notBound observes a port that another program has.
func (l *Log) notBound(e *logparse.Event) diag.Body {
	why := e.Bytes(logparse.FieldError)
	if !portTaken(why) {
		return nil // such as an IPv6 socket on a host without IPv6
	}
	port, _ := e.Uint(logparse.FieldPort)
	l.body.host = diag.Host{Event: diag.PortNotBound, Port: uint16(port), Name: diag.Clean(string(why), 60)}
	return &l.body.host
}
