package observe

import (
	"bytes"
	"cmp"
	"net/netip"
	"slices"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/logparse"
)

// What is up of a connection, as its log tells: from it comes how old the SAs
// were when the last of them ended, and how long there was none in their
// place. One that was replaced in time is no outage.

// A line is a connection's part of a log.
type line struct {
	sas        []standing // ISAKMP SAs
	pairs      []standing // SA pairs
	down       *outage    // since the last pair ended
	named      time.Time  // when a pair ended that was named
	heard      time.Time  // when it was spoken of last
	connection []byte     // its name, which is empty where it goes by
	peer       netip.Addr // this
}

// lines are those of all connections.
type lines struct {
	of    map[string]*line // by name and peer
	kept  int              // how many were left when some were forgotten last
	near  [8]*line         // those of them that were asked for last, by the lowest bits of the sessions' handles
	key   []byte
	spare spare[line]
}

// empty returns lines with nothing in them, in the same memory.
func (c *lines) empty() lines {
	for _, k := range c.of {
		if len(c.spare) == maxSpare {
			break
		}
		*k = line{sas: k.sas[:0], pairs: k.pairs[:0], connection: k.connection[:0]}
		c.spare = append(c.spare, k)
	}
	return lines{key: c.key[:0], spare: c.spare}
}

// standing is an SA that is up.
type standing struct {
	handle  uint64 // of the negotiation
	in, out uint32 // SPIs of a pair
	since   int64  // in microseconds of Unix time, a third of a time.Time
}

// age returns for how long the SA is up.
func (s *standing) age(now time.Time) time.Duration {
	return time.Duration(now.UnixMicro()-s.since) * time.Microsecond
}

// outage is one that goes on.
type outage struct {
	at   time.Time
	o    diag.Observation
	body diag.Outage
}

const (
	// maxStanding bounds the SAs of one connection that are kept track of.
	maxStanding = 32
	// fewStanding is how many may be up of one connection, and one be replaced.
	fewStanding = 4
	// together is the time within which an ISAKMP SA and its pairs end
	// together.
	together = 3 * time.Second
	// fewLines are not worth forgetting.
	fewLines = 2
	// maxLines bounds the connections that are kept track of.
	maxLines = 1 << 13
	// maxSpare bounds the memory that is kept for other connections.
	maxSpare = 1 << 6
	// longGone is longer than any SA lives that nobody speaks of: those of a
	// connection that was silent for so long have ended unseen.
	longGone = 48 * time.Hour
)

// watch keeps track of what is up, of which a line is.
func (l *Log) watch(e *logparse.Event) {
	s := e.Session
	if !l.stamp.is(e.Prefix.Time) {
		l.date(e)
	}
	now := l.o.Time.Value
	if e.Kind == logparse.DaemonStarted {
		l.lines.forget(nil) // what was up is gone, and another finding's
		return
	}
	if s.Handle == 0 || s.Tentative || now.IsZero() {
		return
	}
	c := l.lineOf(s, now)
	switch e.Kind {
	case logparse.SAEstablished:
		c.sas = stand(c.sas, standing{handle: s.Handle, since: now.UnixMicro()})
	case logparse.ChildEstablished:
		c.pairs = stand(c.pairs, standing{s.Handle, l.at.pair.in, l.at.pair.out, now.UnixMicro()})
		l.trails.of(e).reason = 0
		l.back(c, now)
	case logparse.ChildClosing, logparse.ChildDeleteReceived, logparse.ChildDeleteSent:
		l.endPair(e, c, cmp.Or(l.at.pair.in, l.at.pair.one), now)
	case logparse.SADeleting, logparse.SADeleted, logparse.SADeleteReceived:
		l.endPhase1(e, c, now)
	case logparse.SessionChanged:
		switch up := bytes.HasPrefix(e.Bytes(logparse.FieldState), []byte("UP")); {
		case up && len(c.pairs) == 0:
			c.pairs = stand(c.pairs, standing{handle: s.Handle, since: now.UnixMicro()})
			l.back(c, now)
		case !up && len(c.pairs) > 0:
			age := c.pairs[len(c.pairs)-1].age(now)
			c.pairs = c.pairs[:0]
			l.lost(e, c, now).Age = wholeSeconds(age)
		}
	}
}

// lineOf finds the line of a session's connection, or of its peer where no
// connection has a name.
func (l *Log) lineOf(s *logparse.Session, now time.Time) *line {
	near := &l.lines.near[s.Handle%uint64(len(l.lines.near))]
	c := *near
	if c == nil || c.peer != s.Remote.Addr() || string(c.connection) != string(s.Connection) {
		c = l.findLine(s, now)
		*near = c
	}
	c.heard = now
	return c
}

func (l *Log) findLine(s *logparse.Session, now time.Time) *line {
	x := &l.lines
	x.key = append(append(x.key[:0], s.Connection...), 0)
	x.key, _ = s.Remote.Addr().AppendBinary(x.key)
	c := x.of[string(x.key)]
	if c == nil {
		if n := len(x.of); n >= 2*max(x.kept, fewLines) {
			l.forgetLines(now)
		}
		if x.of == nil || len(x.of) >= maxLines {
			x.forget(map[string]*line{})
		}
		c = x.spare.one()
		c.connection, c.peer = append(c.connection, s.Connection...), s.Remote.Addr()
		x.of[string(x.key)] = c
	}
	return c
}

// forget leaves those that are kept.
func (c *lines) forget(kept map[string]*line) {
	c.of, c.near = kept, [len(c.near)]*line{}
}

// forgetLines forgets the connections that are long gone. It is called when
// there are twice as many as it left the last time.
func (l *Log) forgetLines(now time.Time) {
	kept := map[string]*line{}
	for key, c := range l.lines.of {
		if now.Sub(c.heard) <= longGone {
			kept[key] = c
		} else if c.down != nil {
			l.tell(c.down)
		}
	}
	l.lines.forget(kept)
	l.lines.kept = len(kept)
}

// stand adds an SA to those that are up. Where there are more than a few, those
// that are so old that their end was not told have ended all the same.
func stand(list []standing, s standing) []standing {
	if len(list) >= fewStanding {
		begun := s.since - longGone.Microseconds()
		for i := range list {
			if list[i].since < begun { // as seldom
				list = slices.DeleteFunc(list, func(o standing) bool { return o.since < begun })
				break
			}
		}
	}
	if len(list) >= maxStanding {
		list = slices.Delete(list, 0, 1)
	}
	return append(list, s)
}

// endPair takes the pair of an SPI away, else the oldest of the session.
func (l *Log) endPair(e *logparse.Event, c *line, spi uint32, now time.Time) {
	i := slices.IndexFunc(c.pairs, func(p standing) bool { return spi != 0 && (p.in == spi || p.out == spi) })
	switch {
	case i >= 0:
		c.named = now
	case spi == 0 && (c.named.IsZero() || now.Sub(c.named) > together): // else it is the same once more
		i = slices.IndexFunc(c.pairs, func(p standing) bool { return p.handle == e.Session.Handle })
	}
	if i < 0 {
		return
	}
	age := c.pairs[i].age(now)
	if c.pairs = slices.Delete(c.pairs, i, i+1); len(c.pairs) == 0 {
		l.lost(e, c, now).Age = wholeSeconds(age)
	}
}

// endPhase1 takes an ISAKMP SA away, and with it its pairs, unless another one
// has taken them over or they live on without.
func (l *Log) endPhase1(e *logparse.Event, c *line, now time.Time) {
	i := slices.IndexFunc(c.sas, func(p standing) bool { return p.handle == e.Session.Handle })
	if i < 0 {
		return
	}
	age := wholeSeconds(c.sas[i].age(now))
	if c.sas = slices.Delete(c.sas, i, i+1); len(c.sas) > 0 {
		for j := range c.pairs {
			c.pairs[j].handle = c.sas[len(c.sas)-1].handle
		}
		return
	}
	if c.down != nil && now.Sub(c.down.at) <= together {
		c.down.body.Phase1Age = age
		return
	}
	if e.Dialect.Dangling || len(c.pairs) == 0 {
		return
	}
	pair := c.pairs[len(c.pairs)-1]
	c.pairs = c.pairs[:0]
	b := l.lost(e, c, now)
	b.Age, b.Phase1Age = wholeSeconds(pair.age(now)), age
}

// lost begins an outage. Its observation waits for the end.
func (l *Log) lost(e *logparse.Event, c *line, now time.Time) *diag.Outage {
	l.text = e.Redacted(l.text[:0])
	s := e.Session
	c.down = &outage{at: now, body: diag.Outage{By: diag.Self, Reason: l.trails.of(e).reason}}
	c.down.o = diag.Observation{
		Source: l.Source, Where: diag.Where{Line: e.Number, Index: outageIndex}, Basis: diag.Logged, Time: l.o.Time, Text: slices.Clone(l.text),
		Keys: diag.Keys{
			Handle: s.Handle, Role: side(s.Role), Local: s.Local, Remote: s.Remote, Cookies: s.Cookies, Connection: slices.Clone(s.Connection), Host: slices.Clone(e.Prefix.Host),
		},
	}
	if e.Basis() == logparse.Recalled {
		c.down.o.Basis = diag.Recalled
	}
	return &c.down.body
}

// outageIndex is behind all else that a line tells.
const outageIndex = 1 << 10

// back ends an outage.
func (l *Log) back(c *line, now time.Time) {
	d := c.down
	if d == nil {
		return
	}
	c.down = nil
	d.body.Gap, d.body.Back = wholeSeconds(now.Sub(d.at)), true
	l.tell(d)
}

func (l *Log) tell(d *outage) {
	l.body.outage = d.body
	d.o.Body = &l.body.outage
	l.To.Observe(&d.o)
}

// outages tells of those that the log's end leaves open.
func (l *Log) outages() {
	for _, c := range l.lines.of {
		if c.down != nil {
			l.tell(c.down)
			c.down = nil
		}
	}
}
