package diag

// Teardown: a side says why an SA ends.
type Teardown struct {
	By     Party // who takes it down
	Child  bool  // an SA pair of phase 2, not an ISAKMP SA
	Reason TeardownReason
	// Seconds is the duration that the reason names, 0 where it names none:
	// of the inactivity, of the silence.
	Seconds uint32
}

// TeardownReason is why an SA ends.
type TeardownReason uint8

// The reasons for which SAs end.
const (
	EndedIdle    TeardownReason = iota + 1 // no traffic for as long as is allowed
	EndedExpired                           // its hard lifetime is over, and nothing replaced it
	EndedDPD                               // the peer did not answer dead peer detection (RFC 3706)
	EndedUnique                            // another SA of the same peer replaced it
	EndedInitial                           // the peer said INITIAL-CONTACT (RFC 2407, section 4.6.3.3)
	EndedRekeyed                           // a new one was negotiated in its place
	EndedLimit                             // it was up for as long as is allowed
)

// Kind returns BodyTeardown.
func (*Teardown) Kind() BodyKind { return BodyTeardown }
func (b *Teardown) party() Party { return b.By }
func (t *Teardown) slot() uint64 {
	s := uint64(t.By) | uint64(t.Reason)<<8
	if t.Child {
		s |= 1 << 16
	}
	return s
}
func (t *Teardown) clone(dst Body) Body { d := reuse[Teardown](dst); *d = *t; return d }

// Lifetime: a side compared the lifetime that its peer asks for with its own.
type Lifetime struct {
	By    Party // who compared, and is configured so
	Child bool  // of phase 2
	// Received and Configured are in seconds, ReceivedBytes and
	// ConfiguredBytes in octets; one pair or the other is set.
	Received, Configured           uint32
	ReceivedBytes, ConfiguredBytes uint64
}

// Kind returns BodyLifetime.
func (*Lifetime) Kind() BodyKind { return BodyLifetime }
func (b *Lifetime) party() Party { return b.By }
func (l *Lifetime) slot() uint64 {
	s := uint64(l.By)
	if l.Child {
		s |= 1 << 8
	}
	if l.ReceivedBytes|l.ConfiguredBytes != 0 {
		s |= 1 << 9
	}
	return s
}
func (l *Lifetime) clone(dst Body) Body { d := reuse[Lifetime](dst); *d = *l; return d }

// Rekey: an SA is being replaced by a new one, or could not be.
type Rekey struct {
	// By is who says so.
	By     Party
	Child  bool // an SA pair of phase 2
	Failed bool
}

// Kind returns BodyRekey.
func (*Rekey) Kind() BodyKind { return BodyRekey }
func (b *Rekey) party() Party { return b.By }
func (r *Rekey) slot() uint64 {
	s := uint64(r.By)
	if r.Child {
		s |= 1 << 8
	}
	if r.Failed {
		s |= 1 << 9
	}
	return s
}
func (r *Rekey) clone(dst Body) Body { d := reuse[Rekey](dst); *d = *r; return d }

// Outage: a log shows that the last SA pair of a connection ended, and how long
// there was none in its place.
type Outage struct {
	By Party // whose log it is
	// Age is how old the SA pair was in seconds, and Phase1Age the ISAKMP SA
	// that ended with it; 0 where it did not, or where nothing tells.
	Age, Phase1Age uint32
	// Gap is the time in seconds until the next came up, where Back says that
	// one did.
	Gap    uint32
	Back   bool
	Reason TeardownReason // 0 where none is told
}

// Kind returns BodyOutage.
func (*Outage) Kind() BodyKind { return BodyOutage }
func (b *Outage) party() Party { return b.By }
func (o *Outage) slot() uint64 {
	return uint64(o.By) | uint64(o.Reason)<<4 | uint64(o.Age)<<8 ^ uint64(o.Phase1Age)<<36
}
func (o *Outage) clone(dst Body) Body { d := reuse[Outage](dst); *d = *o; return d }
