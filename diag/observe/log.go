package observe

import (
	"io"
	"net/netip"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
	"github.com/ikediag/ikediag/logparse"
)

// Log turns a log into observations: the whole of one with Read, or line by
// line, as it is written, with Line and Flush.
type Log struct {
	// To takes the observations, which are of Source.
	To     Target
	Source diag.SourceID
	// Reference and Zone date lines that say neither year nor zone: see
	// logparse.Event.Time.
	Reference time.Time
	Zone      *time.Location
	// Keys takes the keys that the log holds, and opens the messages that it
	// shows in hexadecimal; nil drops them. Digest keys the digests of
	// pre-shared keys: the engine's DigestKey.
	Keys   *Keys
	Digest []byte
	// Content is the log, where that is in memory: observations then tell where in
	// it their texts stand, for an engine whose Source has it.
	Content []byte
	// Dialects are those to read besides logparse.Dialects(). They are set before
	// the first line.
	Dialects []*Dialect

	parser logparse.Parser
	event  logparse.Event

	o        diag.Observation
	text     []byte
	body     bodies
	known    *memos // nil until something is
	dumps    *dumps // nil where the log has none
	trails   trails // by session
	at       about  // the line at hand
	lines    lines
	from, to instant
	stamp    stamp // the last time, of which o has what it says
	levels   map[string]int
	spoke    [8]spoke
	wanted   []string     // connections that were asked for and are not there
	loading  []string     // those that the daemon began to load last and has not finished
	own      []netip.Addr // addresses of the host's that its daemon listens on
	probed   int          // the line that shows a probe's message, for which there is no session yet
	came     datagram
	dated    bool // assume is set
	assume   string
}

// bodies are reused, one of each kind.
type bodies struct {
	message  diag.Message
	notify   diag.Notify
	gaveUp   diag.GaveUp
	offer    diag.Offer
	identity diag.Identity
	traffic  diag.Traffic
	lookup   diag.LookedUp
	check    diag.Check
	progress diag.Progress
	nat      diag.NAT
	software diag.Software
	host     diag.Host
	unreach  diag.Unreachable

	obstacle    diag.Obstacle
	teardown    diag.Teardown
	rekey       diag.Rekey
	lifetime    diag.Lifetime
	certificate diag.Certificate
	keyProof    diag.KeyProof
	unanswered  diag.Unanswered
	flood       diag.Flood
	outage      diag.Outage
}

// maxWanted bounds the names that are kept of connections that are not there.
const maxWanted = 16

// Read observes a log to its end. What was read before a fault stays.
func (l *Log) Read(r io.Reader) error {
	defer l.outages()
	l.begin()
	var failed error
	// A loop over the events would cost more than the call that this one is.
	l.parser.Events(r)(func(e *logparse.Event, err error) bool {
		if err != nil {
			failed = err
			return false
		}
		l.Event(e)
		return true
	})
	if failed == nil {
		l.ended()
	}
	return failed
}

// Reset makes l, which has read a log, ready to read another one in the same
// memory. Its fields are to be set anew.
func (l *Log) Reset() {
	l.parser.Reset()
	l.parser.Dialects = nil
	*l = Log{parser: l.parser, text: l.text[:0], known: l.known, trails: l.trails.empty(), lines: l.lines.empty()}
}

// begin gives the parser the caller's dialects.
func (l *Log) begin() {
	if l.Dialects != nil && l.parser.Dialects == nil {
		l.parser.Dialects = logparse.Dialects(l.Dialects...)
	}
}

// MaxLine is the longest line in octets that is read whole.
const MaxLine = logparse.DefaultMaxLine

// Line observes one line, without its end.
func (l *Log) Line(b []byte) {
	l.begin()
	l.parser.Parse(b, &l.event)
	l.Event(&l.event)
}

// Flush observes the record that is still open at the end.
func (l *Log) Flush() {
	for l.parser.Flush(&l.event) {
		l.Event(&l.event)
	}
	l.outages()
	l.ended()
}

// Event observes what a line says. Lines without a meaning of their own give
// nothing.
func (l *Log) Event(e *logparse.Event) {
	if e.Prefix.Level >= 0 {
		l.level(e.Prefix.Group, e.Prefix.Level)
	}
	if e.Kind <= logparse.SecretDump || l.dumps != nil || e.Duplicate || e.Dumped() {
		if l.octets(e); e.Kind <= logparse.SecretDump || e.Duplicate {
			return
		}
	}
	m := meaningOf(e.Kind)
	if l.at.of, l.at.obstacle, l.at.filled = m.of, m.obstacle, false; m.of&ofPair != 0 {
		l.at.pair = pairNamed(e)
	}
	var body diag.Body
	switch {
	case m.fact != nil:
		body = m.fact(l, e)
	case m.obstacle != 0:
		body = l.obstacle(e)
	case e.Kind.Credential(): // as few are
		body = l.certificate(e)
	}
	if l.at.of&ofUp != 0 {
		l.watch(e)
	}
	if body != nil {
		l.send(e, body)
	} else if l.teaches(e) {
		l.send(e, nil)
	}
}

// octets takes what a line shows octet by octet: keys and messages.
func (l *Log) octets(e *logparse.Event) {
	if e.Kind == logparse.SecretDump || e.Dumped() {
		l.secret(e)
	}
	if l.dumps != nil || e.Kind == logparse.HexDump {
		l.dump(e)
	}
}

// teaches reports whether a line without a fact of its own says something of
// its session that no line before it said.
func (l *Log) teaches(e *logparse.Event) bool {
	s := e.Session
	if s.Handle == 0 || s.Tentative {
		return false
	}
	return l.trails.of(e).learnt.more(s)
}

// send observes what a line says.
func (l *Log) send(e *logparse.Event, body diag.Body) {
	o := &l.o
	o.Body = body
	if l.at.filled {
		o.Where.Index++
	} else {
		l.fill(e)
	}
	if e.Session.Tentative {
		return // the next line of the job says whose it is
	}
	// The quick mode, or the SA pair, that it is about.
	child, t := uint64(0), l.trails.of(e)
	switch last := t.exchange == isakmp.ExchangeQuick; {
	case l.at.quick || l.at.bare && last && t.mid == l.at.mid:
		child = uint64(l.at.mid)
	case last && !l.at.numbered:
		child = uint64(t.mid)
	}
	if l.at.of&ofPair != 0 {
		child = t.pairOf(e.Kind, l.at.pair, child)
	}
	o.Keys.Child = child
	l.To.Observe(o)
}

// fill sets what all observations of a line have in common.
func (l *Log) fill(e *logparse.Event) {
	l.at.filled = true
	o := &l.o
	o.Where.Index++
	if o.Where.Line != e.Number {
		o.Where = diag.Where{Line: e.Number}
	}
	var ok bool
	if o.Text, ok = e.Unredacted(); !ok {
		l.text = e.Redacted(l.text[:0])
		o.Text = l.text
	}
	o.Offset = max(cap(l.Content)-cap(e.Line), 0) // if that is a piece of it, else of no meaning
	o.Source, o.Basis = l.Source, diag.Logged
	if e.Basis() == logparse.Recalled {
		o.Basis = diag.Recalled
	}
	if !l.stamp.is(e.Prefix.Time) {
		l.date(e)
	}
	s := e.Session
	k := &o.Keys // all that a log tells is set, each time
	k.Handle, k.MessageID = s.Handle, 0
	l.at.quick, l.at.bare = false, false
	if l.at.mid, l.at.numbered = e.MessageID(); l.at.numbered {
		k.MessageID = l.at.mid
		x, _ := e.Exchange()
		l.at.bare = x == isakmp.ExchangeNone
		l.at.quick = x == isakmp.ExchangeQuick || l.at.bare && l.at.of&ofChild != 0
	}
	k.Cookies = s.Cookies
	k.Role = side(s.Role)
	// Pointers that are as they were are not written: to compare them costs less
	// while memory is collected.
	if k.Local != s.Local {
		k.Local = s.Local
	}
	if k.Remote != s.Remote {
		k.Remote = s.Remote
	}
	alias(&k.Connection, s.Connection)
	alias(&k.LocalID, s.LocalID)
	alias(&k.RemoteID, s.RemoteID)
	alias(&k.Host, e.Prefix.Host)
	if e.Kind == logparse.ResolveFailed && s.Handle == 0 {
		// A negotiation that could not even begin.
		k.Handle = handleOf("name "+string(e.Bytes(logparse.FieldName)), 0)
	}
}

// alias makes b the octets of another slice, if it is not them already.
func alias(b *[]byte, of []byte) {
	if len(*b) != len(of) || len(of) > 0 && &(*b)[0] != &of[0] {
		*b = of
	}
}

// level notes at which level a subsystem was seen to speak.
func (l *Log) level(group []byte, level int8) {
	if len(group) == 0 {
		return
	}
	k := &l.spoke[(group[0]+group[len(group)-1])%uint8(len(l.spoke))]
	if string(k.name[:k.n]) == string(group) && k.level >= level {
		return
	}
	k.n, k.level = 0, level
	if len(group) <= len(k.name) {
		k.n = uint8(copy(k.name[:], group))
	}
	if have, ok := l.levels[string(group)]; ok && have >= int(level) {
		return
	}
	if l.levels == nil {
		l.levels = map[string]int{}
	}
	if len(l.levels) < 64 {
		l.levels[string(group)] = int(level)
	}
}

// spoke is a level at which a subsystem was seen to speak, and need not be noted
// again.
type spoke struct {
	name  [8]byte
	n     uint8
	level int8
}

func side(r logparse.Role) diag.Side {
	switch r {
	case logparse.Initiator:
		return diag.Initiator
	case logparse.Responder:
		return diag.Responder
	}
	return diag.SideUnknown
}
