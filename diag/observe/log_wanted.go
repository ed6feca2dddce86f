package observe

import (
	"slices"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/logparse"
)

// want notes that a connection ought to be there and is not, and returns its
// name.
func (l *Log) want(name []byte) string {
	s := diag.HostName(string(name))
	if s != "" && len(l.wanted) < maxWanted && !slices.Contains(l.wanted, s) {
		l.wanted = append(l.wanted, s)
	}
	return s
}

// loaded notes that the daemon now has a connection that was missing
// before. Of others that is no news.
func (l *Log) loaded(e *logparse.Event) diag.Body {
	if len(l.wanted) == 0 {
		return nil
	}
	name := e.Bytes(logparse.FieldConnection)
	if len(name) == 0 {
		name = e.Prefix.Connection
	}
	i := slices.Index(l.wanted, diag.HostName(string(name)))
	if i < 0 {
		return nil
	}
	l.body.host = diag.Host{Event: diag.ConnectionLoaded, Name: l.wanted[i]}
	l.wanted = slices.Delete(l.wanted, i, i+1)
	return &l.body.host
}
