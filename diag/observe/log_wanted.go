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

// load notes that the daemon begins to load a connection, and forgets the one
// that it began longest ago where there are many.
func (l *Log) load(e *logparse.Event) diag.Body {
	name := e.Bytes(logparse.FieldConnection)
	l.loads(name)
	if len(l.loading) == maxWanted {
		l.loading = slices.Delete(l.loading, 0, 1)
	}
	l.loading = append(l.loading, diag.HostName(string(name)))
	return nil
}

// loads reports whether the daemon was still loading a connection, and forgets
// that.
func (l *Log) loads(name []byte) bool {
	if len(l.loading) == 0 {
		return false
	}
	i := slices.Index(l.loading, diag.HostName(string(name)))
	if i < 0 {
		return false
	}
	l.loading = slices.Delete(l.loading, i, i+1)
	return true
}

// connection returns the name of the connection that a line is about.
func connection(e *logparse.Event) []byte {
	if name := e.Bytes(logparse.FieldConnection); len(name) > 0 {
		return name
	}
	return e.Prefix.Connection
}

// loaded notes that the daemon now has a connection that was missing
// before. Of others that is no news.
func (l *Log) loaded(e *logparse.Event) diag.Body {
	name := connection(e)
	l.loads(name)
	if len(l.wanted) == 0 {
		return nil
	}
	i := slices.Index(l.wanted, diag.HostName(string(name)))
	if i < 0 {
		return nil
	}
	l.body.host = diag.Host{Event: diag.ConnectionLoaded, Name: l.wanted[i]}
	l.wanted = slices.Delete(l.wanted, i, i+1)
	return &l.body.host
}

// rejected observes a connection that could not be loaded.
func (l *Log) rejected(e *logparse.Event) diag.Body {
	why := e.Bytes(logparse.FieldError)
	if what := refusalKind(why); what != 0 {
		l.body.certificate = diag.Certificate{Of: diag.Self, What: what, Subject: diag.Clean(string(e.Bytes(logparse.FieldSubject)), 160)}
		l.send(e, &l.body.certificate)
	}
	name := connection(e)
	l.loads(name)
	l.body.host = diag.Host{Event: diag.ConnectionNotLoaded, Name: l.want(name)}
	if string(why) == "unoriented" {
		l.body.host.Event = diag.ConnectionNotOriented
	}
	return &l.body.host
}

// absent observes that a connection was asked for that is not there, or not yet.
func (l *Log) absent(e *logparse.Event) diag.Body {
	name := e.Bytes(logparse.FieldConnection)
	l.body.host = diag.Host{Event: diag.ConnectionUnknown, Name: l.want(name)}
	if l.loads(name) {
		l.body.host.Event = diag.ConnectionLoading
	}
	return &l.body.host
}
