package logparse

import (
	"net/netip"
	"time"
)

// maxFields bounds how many fields one line can carry.
const maxFields = 16 // a power of two

// Event is one line, or one record of several lines, and what it says. The
// zero Event is ready for Parse. Everything in it is valid until the next
// call of the Parser; nothing in it may be changed.
type Event struct {
	Kind    Kind
	Dialect *Dialect
	// Number is the line's in its stream, from 1.
	Number int
	// Line is the line as read, without its end. It may hold secrets and
	// bytes that no terminal should see: show Redacted instead.
	Line []byte
	// Text is the daemon's own message, without prefix, leading and trailing
	// white space. Where the carrier escapes text, it is unescaped.
	Text []byte
	// Indent counts the blanks before Text.
	Indent int
	// Prefix is what stands before Text.
	Prefix Prefix
	// Session is the negotiation that the line belongs to; never nil once Parse
	// has filled the Event.
	Session *Session
	// Side is the end that the line is about: on SelectorsProposing and
	// SelectorsItem whose selectors they are, on NATDetected and
	// EndpointChanged which end, on PortFloat Remote where it is the peer that was
	// heard on its new port, on ChildInitiating Remote where the peer begins, on a
	// HexDump with a Packet who sent it. Else
	// RoleNone.
	Side Role
	// Retransmission, on PacketSent and RetransmitSent, counts the
	// repetitions before and including this one; 0 for a first transmission.
	// Both events of one repetition carry the same number.
	Retransmission int
	// RepeatOf is the Kind of the message that Repeated repeats.
	RepeatOf Kind
	// Duplicate says that the line only repeats the one before, as releases
	// that wrote each message with and without the SA's name did.
	Duplicate bool
	// Cut says that the line was longer than Parser.MaxLine or that its
	// stream ended within it.
	Cut bool

	dumped   dumped
	clean    uint16 // how many octets from Text's first one on are known to be printable
	header   int    // id of the one that Prefix was filled from
	template *template
	may      fieldSet // what template and record may carry
	record   *record  // what an assembler adds, nil where nothing
	reads    reads
	spans    [maxFields]span
	data     []byte  // of the dump that the line ends, as dumped says
	dataName []byte  // the dump's name
	day      day     // of the last time that was asked for
	ends     Session // that of a line of which only the addresses are known
}

// noSession is that of lines of which nothing is known.
var noSession Session

// of makes e a line of a session. Most are of the same one as the line before, and a
// pointer that is not written costs the collector nothing.
func (e *Event) of(s *Session) {
	if e.Session != s {
		e.Session = s
	}
}

// between shows the addresses of a line that belongs to no negotiation yet.
func (e *Event) between(local, remote netip.AddrPort) {
	e.ends = Session{Local: local, Remote: remote}
	e.Session = &e.ends
}

type span struct{ from, to uint32 }

// Prefix is what a carrier and a daemon put before a message. Every part may
// be missing.
type Prefix struct {
	// Time is the time as written, empty where the line has none; Event.Time
	// parses it.
	Time []byte
	// Host and Program are those of syslog or the journal.
	Host, Program []byte
	// PID is the process ID, 0 where unknown.
	PID uint32
	// Thread is the daemon's worker thread, -1 where unknown.
	Thread int32
	// Group is the daemon's subsystem, e.g. IKE or CFG.
	Group []byte
	// Level is the log level of the line, -1 where unknown.
	Level int8
	// Connection and SAID are the connection's name and the phase-1 SA's
	// number where the prefix has them; HasSAID tells 0 from missing.
	Connection []byte
	SAID       uint64
	HasSAID    bool
	// Remote is the peer's address where the prefix has it.
	Remote []byte

	// source is sourceOf where it is known already, else 0.
	source uint64
	// last is what the source's last line said of itself; may be nil. This one
	// says the same where same is set.
	last *lastPrefix
	same bool
	// clean counts the octets of the line's carrier's header where all of them are
	// printable, else 0; and own those of the daemon's prefix behind it where that is
	// known of them without looking at them again, else 0.
	clean, own int32
}

// setHost is for daemons that name their host themselves.
func (p *Prefix) setHost(host []byte) { p.Host, p.source, p.last = host, 0, nil }

// sourceOf hashes what names the daemon that wrote a line; never 0.
func sourceOf(pr *Prefix) uint64 {
	h := hash(1, pr.Host)
	switch {
	case pr.PID != 0:
		h = (h ^ uint64(pr.PID)) * mix
	case len(pr.Program) > 0:
		h = hash(h, pr.Program)
	}
	return max(h, 1)
}

// Session is one negotiation of phase 1 and what grew from it, as one log
// tells it: one ISAKMP SA, or one attempt at one.
type Session struct {
	// Handle is made from the content of the session's first line and its
	// place, so reading a log again gives the same one. It is unique within a
	// stream. 0: the line belongs to no one negotiation, or it cannot be told
	// to which.
	Handle uint64
	// SAID is the SA's number in its daemon, where HasSAID.
	SAID    uint64
	HasSAID bool
	// Tentative says that the next line of the same job may correct Handle:
	// a datagram has come in and nobody has looked into it yet.
	Tentative bool
	// Role is Initiator or Responder as soon as the log has shown it.
	Role Role
	// Aggressive says that the negotiation uses aggressive mode.
	Aggressive bool
	// Established says that phase 1 was done as this end saw it.
	Established bool
	// Connection is the connection's name, empty until the log tells it.
	Connection []byte
	// Local and Remote are the ends' addresses and ports as last seen; port 0
	// where only the address is known.
	Local, Remote netip.AddrPort
	// LocalID and RemoteID are the identities, empty until the log tells.
	LocalID, RemoteID []byte
	// Cookies are the initiator's and the responder's, 0 until the log tells.
	Cookies [2]uint64
}

// Level returns the log level of the line: the one in its prefix, else the
// one at which the daemon writes such a line. It tells that the subsystem
// logs at least that much. ok is false where neither is known.
func (e *Event) Level() (level int, ok bool) {
	if e.Prefix.Level >= 0 {
		return int(e.Prefix.Level), true
	}
	if e.template == nil || e.template.Group == "" {
		return 0, false
	}
	g := e.template.Group
	if c := g[len(g)-1]; c-'0' <= 9 {
		return int(c - '0'), true
	}
	return 1, true
}

// Group returns the subsystem that wrote the line: the one in its prefix,
// else the one that such a line is known to come from; empty where neither
// is known.
func (e *Event) Group() string {
	if len(e.Prefix.Group) > 0 {
		if e.template != nil && len(e.template.Group) >= 3 && string(e.Prefix.Group) == e.template.Group[:3] {
			return e.template.Group[:3]
		}
		return string(e.Prefix.Group)
	}
	if e.template == nil || len(e.template.Group) < 3 {
		return ""
	}
	return e.template.Group[:3]
}

// Basis tells what the reading of this line rests on: that of its dialect, or
// Recalled where its wording is known from documentation and memory only.
func (e *Event) Basis() Basis {
	switch {
	case e.template != nil && e.template.recalled:
		return Recalled
	case e.Dialect != nil:
		return e.Dialect.Basis
	}
	return Recorded
}

// Has reports whether the line carries f.
func (e *Event) Has(f Field) bool { return e.may.has(f) && e.bytes(f) != nil }

// Bytes returns f as written, nil where the line does not carry it. An empty
// value is not nil.
func (e *Event) Bytes(f Field) []byte {
	if e.may.has(f) { // most of what assemblers ask for is not there
		return e.bytes(f)
	}
	return nil
}

// written is Bytes for a field that the line's template has and no record
// changes, without what Bytes does for those that blanks surround.
func (e *Event) written(f Field) []byte {
	s := &e.spans[(e.template.slot[f]-1)&(maxFields-1)]
	return e.Text[s.from:s.to:s.to]
}

func (e *Event) bytes(f Field) []byte {
	if e.record != nil {
		if b := e.record.value(f); b != nil {
			return b
		}
	}
	t := e.template
	if t == nil || f >= numFields {
		return nil
	}
	if i := t.slot[f]; i > 0 {
		s := e.spans[(i-1)&(maxFields-1)]
		b := e.Text[s.from:s.to:s.to]
		if len(b) > 0 && b[0] > ' ' && b[len(b)-1] > ' ' { // nearly always
			return b
		}
		return trimBlanks(b)
	}
	return t.fixed(f)
}

// Uint returns f as a number, decimal or, for SPIs and cookies, hexadecimal.
func (e *Event) Uint(f Field) (uint64, bool) {
	b := e.Bytes(f)
	if len(b) == 0 {
		return 0, false
	}
	switch f {
	case FieldSPI, FieldSPIIn, FieldSPIOut, FieldInitiatorCookie, FieldResponderCookie:
		return parseHex(b)
	}
	return parseUint(b)
}

// Seconds returns the duration that the line names: RoleNone for what came or
// will be, Configured for what it is compared with.
func (e *Event) Seconds(r Role) (time.Duration, bool) {
	f := FieldSeconds
	if r == Configured || r == Expected {
		f = FieldExpectedSeconds
	}
	if !e.may.has(f) {
		return 0, false
	}
	n, ok := e.Uint(f)
	if !ok || n > 1<<33 {
		return 0, false
	}
	return time.Duration(n) * time.Second, true
}

// Address returns the address of a role as this line writes it, with port 0
// where it has none: Local, Remote, Old, New, or RoleNone for an address that
// is no end of the tunnel. What earlier lines told is in Session.
func (e *Event) Address(r Role) (netip.AddrPort, bool) {
	f := FieldAddress
	switch r {
	case Local:
		f = FieldLocal
	case Remote:
		f = FieldRemote
	case Old:
		f = FieldOld
	case New:
		f = FieldNew
	}
	return parseAddrPort(e.Bytes(f))
}

// IdentityText returns the identity of a role as written: Local, Remote,
// Expected, Actual, or RoleNone for one of neither side in particular.
func (e *Event) IdentityText(r Role) ([]byte, bool) {
	f := FieldID
	switch r {
	case Local:
		f = FieldLocalID
	case Remote:
		f = FieldRemoteID
	case Expected:
		f = FieldExpected
	case Actual:
		f = FieldActual
	}
	b := e.Bytes(f)
	return b, b != nil
}

// SelectorsText returns the selectors of a role as written: Local, Remote,
// Configured, Offered (what the peer sent), Selected (what both have in
// common), or RoleNone for the one selector of a list's line, whose side is
// in Side.
func (e *Event) SelectorsText(r Role) ([]byte, bool) {
	f := FieldTS
	switch r {
	case Local:
		f = FieldLocalTS
	case Remote:
		f = FieldRemoteTS
	case Configured:
		f = FieldConfiguredTS
	case Offered:
		f = FieldReceivedTS
	case Selected:
		f = FieldMatchedTS
	}
	b := e.Bytes(f)
	return b, b != nil
}

// ProposalsText returns the proposals of a role as written: Offered,
// Configured or Selected.
func (e *Event) ProposalsText(r Role) ([]byte, bool) {
	f := FieldSelected
	switch r {
	case Offered:
		f = FieldOffered
	case Configured:
		f = FieldConfigured
	}
	b := e.Bytes(f)
	return b, b != nil
}
