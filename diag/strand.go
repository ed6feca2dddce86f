package diag

import "net/netip"

// A strand is what one vantage point shows of one negotiation, or one
// connection of a configuration, or one SA of a state dump: the observations
// that share source, host and handle, folded. Folding is commutative: the
// order in which observations arrive changes nothing, since every choice is
// made by their places in the source.
type strand struct {
	key    strandKey
	first  spot   // 0 before the first observation
	from   moment // of the first dated observation
	to     moment // of the last one
	local  netip.AddrPort
	remote netip.AddrPort
	*names
	tokens     []token  // the tokensKept with the smallest hashes, sorted
	ledger     *ledger  // open returns it
	packed     packed   // the same, if it was packed and nothing has come since
	kinds      BodySet  // of the ledger's slots
	gateway    *gateway // whose view it is, set by the join
	home       *tunnel  // set by the join; nil for what is about a host
	prev, next *strand
	heard      uint32 // when it was last observed, by the times of Advance, in seconds; 0 before the first
	version    uint32 // grows with every observation
	before     uint32 // attempts of its tunnel that came before it and are forgotten
	rank       int32  // of its unit, set by the join: canonical
	common     uint32 // a bit for each of the tokens that another strand may have as well, set by the join
	role       Side
	assumed    Side    // the role that the other end's leaves, set by the join
	near       [2]bool // the capture was seen at the initiator's, at the responder's side
	observer   bool
	up         bool // an ISAKMP SA was established: no longer half open
	gone       bool // the engine has dropped it
	aside      bool // a probe's by the port that it comes from, set by the join
}

type strandKey struct {
	source SourceID
	host   uint32 // index of an interned name
	handle uint64
}

// Bounds of one strand. What a peer can make grow is bounded here.
const (
	slotsKept  = 160
	tokensKept = 32
	textKept   = 240
)

// A slot holds the facts of one kind that a View does not tell apart.
type slot struct {
	child uint64
	disc  uint64
	first fact
	last  *latest // nil while there is but one
	count uint32
	kind  BodyKind
}

// A fact is a stored observation.
type fact struct {
	at   spot
	when moment
	body Body
	account
}

// A latest is a fact that each observation makes another.
type latest struct {
	fact
	place uint32 // for its text, in the ledger's, and how large that is
	room  uint8
}

// latest returns the last fact of a slot.
func (s *slot) latest() *fact {
	if s.last == nil {
		return &s.first
	}
	return &s.last.fact
}

// time returns when it was.
func (f *fact) time() Time { return f.when.time() }

// set makes the fact what an observation says, its words aside, with the body in
// dst where that may be.
func (f *fact) set(o *Observation, at spot, when moment, dst Body) {
	f.at, f.when, f.body = at, when, o.Body.clone(dst)
}

// before orders the slots of one kind side by side: a rule asks for one.
func (s *slot) before(child uint64, kind BodyKind, disc uint64) bool {
	return s.kind < kind || s.kind == kind && (s.child < child || s.child == child && s.disc < disc)
}

func (s *slot) compare(t *slot) int {
	switch {
	case s.before(t.child, t.kind, t.disc):
		return -1
	case t.before(s.child, s.kind, s.disc):
		return 1
	}
	return 0
}

// find returns the place of a slot, and whether it is there.
func (l *ledger) find(child uint64, kind BodyKind, disc uint64) (at int, found bool) {
	lo, hi := 0, len(l.slots)
	for lo < hi {
		m := int(uint(lo+hi) / 2)
		if l.slots[m].before(child, kind, disc) {
			lo = m + 1
		} else {
			hi = m
		}
	}
	if lo == len(l.slots) {
		return lo, false
	}
	s := l.slots[lo]
	return lo, s.kind == kind && s.child == child && s.disc == disc
}

// start returns when the first dated observation was, end when the last one was.
func (s *strand) start() Time { return s.from.time() }
func (s *strand) end() Time   { return s.to.time() }

// ofHosts are the facts of the hosts around a tunnel: they stand with the last
// negotiation and say nothing of when that was.
var ofHosts = Bodies(BodyUndelivered, BodyDenied, BodyUnanswered)

// observe folds an observation of a moment in, as seen n times. It reports
// whether something changed that the join looks at.
func (s *strand) observe(o *Observation, when moment, n uint32, f *familiar) (rejoin bool) {
	l := s.ledger
	if l == nil || l.made == nil {
		l = s.begin(f.content)
	}
	if s.packed.with != nil {
		s.packed = packed{}
	}
	s.version++
	at := o.Where.spot()
	if s.first == 0 || at < s.first {
		s.first = at
	}
	l.last = max(l.last, at)
	var kind BodyKind
	if o.Body != nil {
		kind = o.Body.Kind()
	}
	set := BodySet(1) << (kind & 63) // below which all kinds are
	if set&ofHosts == 0 && !o.Time.Value.IsZero() {
		if s.from.clock == nil || when.before(s.from) {
			s.from = when
		}
		if s.to.clock == nil || s.to.before(when) {
			s.to = when
		}
	}
	rejoin = s.learn(&o.Keys, at)
	if o.Body == nil {
		return rejoin
	}
	disc := o.Body.slot()
	switch kind {
	case BodyProgress:
		if b, ok := o.Body.(*Progress); ok && (b.Step == Phase1Up || b.Step == Phase2Up) {
			s.up = true
			rejoin = s.addPair(b) || rejoin
		}
	case BodySA:
		b, ok := o.Body.(*SA)
		s.up = s.up || ok && b.State >= SAEstablished
	case BodyConnection:
		rejoin = true
	case BodySoftware:
		b, ok := o.Body.(*Software)
		rejoin = rejoin || ok && b.Product == ProbeProduct // it is no tunnel's
	}
	i, found := l.find(o.Keys.Child, kind, disc)
	for !found && len(l.slots) >= slotsKept && !s.state() && l.fold() {
		l.ends = nil
		i, found = l.find(o.Keys.Child, kind, disc)
	}
	if found {
		sl := l.slots[i]
		sl.count += n
		switch {
		case at < sl.first.at:
			if sl.last == nil {
				sl.last = l.made.latest.one(l.made.most)
				sl.last.fact, sl.first = sl.first, fact{}
			}
			sl.first.set(o, at, when, sl.first.body)
			l.keep(&sl.first.account, o)
		case at == sl.first.at:
			if sumsUp(o.Body, sl.first.body) {
				sl.first.set(o, at, when, sl.first.body)
				l.keep(&sl.first.account, o)
			}
		case sl.last == nil || at >= sl.last.at:
			if sl.last == nil {
				sl.last = l.made.latest.one(l.made.most)
				sl.last.body = l.made.body(o.Body, kind, f)
			}
			sl.last.set(o, at, when, sl.last.body)
			l.keepLast(sl.last, o)
		}
		return rejoin
	}
	if len(l.slots) >= slotsKept {
		l.dropped++
		return rejoin
	}
	sl := l.insert(i)
	sl.child, sl.kind, sl.disc, sl.count = o.Keys.Child, kind, disc, n
	sl.first.set(o, at, when, l.made.body(o.Body, kind, f))
	f.learn(sl.first.body, kind)
	l.keep(&sl.first.account, o)
	s.kinds |= set
	return rejoin || kind == BodySA
}

// addPair keeps the SPIs of an SA pair.
func (s *strand) addPair(p *Progress) (changed bool) {
	if p.SPIIn == p.SPIOut {
		return false
	}
	for _, spi := range [...]uint32{p.SPIIn, p.SPIOut} {
		if spi != 0 && s.addToken(newToken(tokenSPI, uint64(spi))) {
			changed = true
		}
	}
	return changed
}

// sumsUp reports whether a fact tells anew, of more packets, what an older one
// from the same place told.
func sumsUp(b, old Body) bool {
	f, ok := b.(*Flow)
	g, was := old.(*Flow)
	return ok && was && f.Packets > g.Packets
}

// learn takes the keys in, of which most say what they said before.
func (s *strand) learn(k *Keys, at spot) (changed bool) {
	l := s.ledger
	if k.Role != SideUnknown {
		changed = s.role == SideUnknown
		if p := &l.at[valueRole]; *p == 0 || at < *p { // the one that it gave first
			s.role, *p = k.Role, at
		}
	}
	if k.Near == Initiator || k.Near == Responder {
		i := k.Near - Initiator
		changed = changed || !s.near[i]
		s.near[i] = true
	}
	if k.Observer && !s.observer {
		s.observer, changed = true, true
	}
	if k.Local.IsValid() {
		changed = l.place(&s.local, valueLocal, k.Local, at) || changed
	}
	if k.Remote.IsValid() {
		changed = l.place(&s.remote, valueRemote, k.Remote, at) || changed
	}
	name := len(k.Connection) > 0 && l.at[valueName].later(at) && s.name != string(k.Connection)
	localID := len(k.LocalID) > 0 && l.at[valueLocalID].later(at) && s.localID != string(k.LocalID)
	remoteID := len(k.RemoteID) > 0 && l.at[valueRemoteID].later(at) && s.remoteID != string(k.RemoteID)
	if name || localID || remoteID {
		s.rename(k, name, localID, remoteID)
		changed = true
	}
	if c := k.Cookies[0]; c != 0 && c != l.cookie {
		l.cookie = c
		changed = s.addToken(newToken(tokenCookie, c)) || changed
	}
	if m := k.MessageID; m != 0 && m != l.number {
		l.number = m
		changed = s.addToken(newToken(tokenMessageID, uint64(m))) || changed
	}
	if k.SPI != 0 {
		changed = s.addToken(newToken(tokenSPI, uint64(k.SPI))) || changed
	}
	return changed
}

// place keeps the address that the source gave last. It reports whether another
// one is given.
func (l *ledger) place(v *netip.AddrPort, which int, a netip.AddrPort, at spot) (other bool) {
	later := l.at[which].later(at)
	if *v == a {
		return false
	}
	other = v.Addr() != a.Addr()
	if later {
		*v = a
	}
	return other
}

// rename keeps the names that the source gives anew, whose octets the caller may
// reuse.
func (s *strand) rename(k *Keys, name, localID, remoteID bool) {
	n := *s.names
	if name {
		n.name = string(k.Connection)
	}
	if localID {
		n.localID = string(k.LocalID)
	}
	if remoteID {
		n.remoteID = string(k.RemoteID)
	}
	s.names = &n
}

// side returns the role of the vantage point: its own word, or what the other
// end's leaves; SideUnknown for a capture.
func (s *strand) side() Side {
	switch {
	case s.observer:
		return SideUnknown
	case s.role != SideUnknown:
		return s.role
	}
	return s.assumed
}

// nearer returns the side at which a capture was taken, SideUnknown where the
// packets do not agree: on a link without a router between, all are fresh.
func (s *strand) nearer() Side {
	switch s.near {
	case [2]bool{true, false}:
		return Initiator
	case [2]bool{false, true}:
		return Responder
	}
	return SideUnknown
}

// factsOf returns what was observed of the kinds, and of those between them. What
// has nothing to say to a question is not looked through, nor unpacked.
func (s *strand) factsOf(kinds ...BodyKind) []*slot {
	set := s.kinds & Bodies(kinds...)
	if set == 0 {
		return nil
	}
	l := s.open()
	if l.ends == nil {
		l.mark()
	}
	below, upTo := s.kinds.below(set.first()), s.kinds.below(set.last()+1)
	return l.slots[l.ends[below]:l.ends[upTo]]
}

// policy returns the connection that the strand is, nil for one that is a
// negotiation.
func (s *strand) policy() *Connection {
	if !s.kinds.Has(BodyConnection) {
		return nil
	}
	if s.open().turned != nil {
		return s.ledger.turned
	}
	for _, sl := range s.factsOf(BodyConnection) {
		if c, ok := sl.first.body.(*Connection); ok {
			return c
		}
	}
	return nil
}

// state reports whether the strand comes from a state dump.
func (s *strand) state() bool { return s.kinds.Has(BodySA) }
