package diag

import (
	"bytes"
	"cmp"
	"iter"
	"net/netip"
	"slices"

	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// View is what a rule sees of a tunnel: its attempts and the two ends'
// connections, every fact folded and with its evidence. It is not a list of
// lines.
type View struct {
	tunnel *tunnel
	engine *Engine
	// gateway is set in the view of a rule whose scope is a gateway.
	gateway *gateway
}

// Attempt is one ISAKMP SA of a tunnel, or one try to set one up, as every
// vantage point saw it.
type Attempt struct {
	tunnel  *tunnel
	strands []*strand
	index   int32
	working int32 // index of what LastWorking returns, -1 for none; set before rules run
	// roleless: nothing tells who initiated it, and nothing but SAs is known of
	// it. End 0 is then taken for the initiator, and never called so.
	roleless bool
	replaced bool // what Replaced returns; set before rules run
	reach    reach
	steps    stepSet // that are shown, whoever took them; known with reach
	asked    *asked  // while rules run
}

// Known is a fact of type T with its evidence. The zero Known is a fact that
// nothing shows.
type Known[T any] struct {
	// V is the fact as it was observed first, Last as it was observed last.
	V, Last T
	OK      bool
	// Count is how often it was observed, at the vantage point that observed
	// it most often.
	Count int
	// Evidence is the first observation of each vantage point, and the last
	// one where there were several.
	Evidence []Evidence
	// Side is the side that the fact is about, By the side that says so:
	// SideUnknown for a capture from outside.
	Side, By Side
}

// First returns the first piece of evidence, the zero one where there is none.
func (k Known[T]) First() Evidence {
	if len(k.Evidence) == 0 {
		return Evidence{}
	}
	return k.Evidence[0]
}

// As returns the evidence with a weight.
func (k Known[T]) As(w Weight) []Evidence {
	return k.AppendAs(slices.Grow([]Evidence(nil), len(k.Evidence)), w)
}

// AppendAs appends the evidence with a weight to other evidence.
func (k Known[T]) AppendAs(to []Evidence, w Weight) []Evidence {
	n := len(to)
	to = append(to, k.Evidence...)
	for i := range to[n:] {
		to[n+i].Weight = w
	}
	return to
}

// Attempts iterates over the tunnel's attempts, oldest first.
func (v *View) Attempts() iter.Seq[*Attempt] {
	return func(yield func(*Attempt) bool) {
		if v.tunnel == nil {
			return
		}
		for _, a := range v.tunnel.attempts {
			if !yield(a) {
				return
			}
		}
	}
}

// Unfinished iterates over the attempts in which phase 1, or Phase2 where that is
// asked for, did not complete, oldest first: those in which Up, or ChildUp, finds
// nothing. Those of a tunnel that works are few.
func (v *View) Unfinished(phase Phase) iter.Seq[*Attempt] {
	return func(yield func(*Attempt) bool) {
		if v.tunnel == nil {
			return
		}
		all := v.tunnel.attempts
		known := len(all) > 0 && all[0].asked != nil
		if known {
			all = v.engine.sink.without(phase)
		}
		for _, a := range all {
			if (known || !a.Completed(phase)) && !yield(a) {
				return
			}
		}
	}
}

// Last returns the latest attempt, nil where none was seen.
func (v *View) Last() *Attempt {
	if v.tunnel == nil || len(v.tunnel.attempts) == 0 {
		return nil
	}
	return v.tunnel.attempts[len(v.tunnel.attempts)-1]
}

// Fact finds, among the facts of type T about a side (or AnySide), those that
// keep accepts, and returns the first that the best vantage point shows: the
// side's own word, then its peer's, then a capture's. Bodies are shared: do
// not change them.
func Fact[T any, P interface {
	*T
	Body
}](a *Attempt, side Side, keep func(P) bool) Known[P] {
	if a.lacks(P(nil).Kind()) { // as with most that is asked for
		return Known[P]{}
	}
	var room [8]shown
	found, shows := find(a, side, keep, room[:0])
	if len(shows) > 0 {
		found.Evidence = a.tunnel.view.evidenceOf(shows)
	}
	return found
}

// find is Fact without the evidence: where it is shown is appended to shows,
// unless that is nil.
func find[T any, P interface {
	*T
	Body
}](a *Attempt, side Side, keep func(P) bool, shows []shown) (Known[P], []shown) {
	var found Known[P]
	best, kind := 0, P(nil).Kind()
	for _, s := range a.strands {
		if !s.kinds.Has(kind) {
			continue
		}
		count, role := 0, s.side()
		for _, sl := range s.slotsOf(kind) {
			b, ok := sl.first.body.(P)
			if !ok || keep != nil && !keep(b) { // as with most
				continue
			}
			party := b.party()
			about := party.side(role)
			if side != AnySide && about != side {
				continue
			}
			count += int(sl.count)
			if shows != nil {
				shows = append(shows, shown{s, &sl.first})
				if sl.again() {
					shows = append(shows, shown{s, sl.latest()})
				}
			}
			if q := quality(s, party); q > best {
				best = q
				found.V, found.Last, found.OK, found.Side, found.By = b, b, true, about, role
				if l, ok := sl.latest().body.(P); ok {
					found.Last = l
				}
			}
		}
		found.Count = max(found.Count, count)
	}
	return found, shows
}

// findStep is find for the progress of a step, which is asked of every attempt.
func (a *Attempt) findStep(side Side, step Step, shows []shown) (found Known[*Progress], _ []shown) {
	if !a.Stepped(step) {
		return found, shows
	}
	best := 0
	for _, s := range a.strands {
		if !s.kinds.Has(BodyProgress) {
			continue
		}
		count, role := 0, s.side()
		for _, sl := range s.slotsOf(BodyProgress) {
			p, ok := sl.first.body.(*Progress)
			if !ok || p.Step != step {
				continue
			}
			about := p.By.side(role)
			if side != AnySide && about != side {
				continue
			}
			count += int(sl.count)
			shows = append(shows, shown{s, &sl.first})
			if sl.again() {
				shows = append(shows, shown{s, sl.latest()})
			}
			if q := quality(s, p.By); q > best {
				best = q
				found.V, found.Last, found.OK, found.Side, found.By = p, p, true, about, role
				if l, ok := sl.latest().body.(*Progress); ok {
					found.Last = l
				}
			}
		}
		found.Count = max(found.Count, count)
	}
	return found, shows
}

// step returns the progress of a step as Fact would, trace with traces instead of
// evidence.
func (a *Attempt) step(side Side, step Step) Known[*Progress] {
	var room [8]shown
	found, shows := a.findStep(side, step, room[:0])
	found.Evidence = a.tunnel.view.evidenceOf(shows)
	return found
}

func (a *Attempt) trace(side Side, step Step) (Known[*Progress], Traces) {
	s := &a.tunnel.view.engine.sink
	if s.traces == nil {
		s.traces = make([]shown, 0, 64)
	}
	n := len(s.traces)
	found, all := a.findStep(side, step, s.traces)
	s.traces = all
	return found, Traces{at: all[n:len(all):len(all)]}
}

// Any reports whether Fact would find one, for less than it takes to find it.
func Any[T any, P interface {
	*T
	Body
}](a *Attempt, side Side, keep func(P) bool) bool {
	kind := P(nil).Kind()
	if a.lacks(kind) {
		return false
	}
	for _, s := range a.strands {
		if !s.kinds.Has(kind) {
			continue
		}
		role := s.side()
		for _, sl := range s.slotsOf(kind) {
			b, ok := sl.first.body.(P)
			if ok && (keep == nil || keep(b)) && (side == AnySide || b.party().side(role) == side) {
				return true
			}
		}
	}
	return false
}

// of returns what was observed of a kind.
func (s *strand) of(kind BodyKind) []*slot {
	if !s.kinds.Has(kind) {
		return nil
	}
	return s.slotsOf(kind)
}

// slotsOf is of for a kind that there is.
func (s *strand) slotsOf(kind BodyKind) []*slot {
	l := s.ledger
	if l == nil || l.ends == nil {
		l = s.marked()
	}
	n := s.kinds.below(kind)
	ends := l.ends[n:]
	return l.slots[ends[0]:ends[1]]
}

// marked returns the ledger, with where each kind ends.
func (s *strand) marked() *ledger {
	l := s.open()
	if l.ends == nil {
		l.mark()
	}
	return l
}

// Facts iterates over the facts of type T of an attempt, in a fixed order.
func Facts[T any, P interface {
	*T
	Body
}](a *Attempt, side Side) iter.Seq[Known[P]] {
	return func(yield func(Known[P]) bool) {
		if a.lacks(P(nil).Kind()) {
			return
		}
		for _, s := range a.strands {
			for _, sl := range s.of(P(nil).Kind()) {
				b, ok := sl.first.body.(P)
				if !ok {
					continue
				}
				about := b.party().side(s.side())
				if side != AnySide && about != side {
					continue
				}
				k := Known[P]{V: b, Last: b, OK: true, Count: int(sl.count), Side: about, By: s.side()}
				if l, ok := sl.latest().body.(P); ok {
					k.Last = l
				}
				k.Evidence = a.tunnel.view.appendSlot(nil, s, sl)
				if !yield(k) {
					return
				}
			}
		}
	}
}

// quality ranks vantage points for a fact about a party.
func quality(s *strand, p Party) int {
	switch {
	case p == Self && !s.observer:
		return 3
	case p == Peer && !s.observer:
		return 2
	}
	return 1
}

// shown is an observation of a fact, with its strand.
type shown struct {
	s *strand
	f *fact
}

// evidenceOf returns the evidence of several observations, in order.
func (v *View) evidenceOf(all []shown) []Evidence {
	if len(all) == 0 {
		return nil
	}
	if len(all) > 1 {
		slices.SortStableFunc(all, v.compareShown)
	}
	out := v.engine.sink.room(len(all))
	for i, x := range all {
		v.show(&out[i], x.s, x.f)
	}
	return out
}

func (v *View) appendSlot(dst []Evidence, s *strand, sl *slot) []Evidence {
	dst = append(slices.Grow(dst, 1), Evidence{})
	v.show(&dst[len(dst)-1], s, &sl.first)
	if sl.again() {
		dst = append(dst, Evidence{})
		v.show(&dst[len(dst)-1], s, sl.latest())
	}
	return dst
}

// again reports whether evidence has the last observation of a slot's fact, too.
func (s *slot) again() bool { return s.last != nil && s.count > 1 }

func (v *View) evidence(s *strand, f *fact) (e Evidence) {
	v.show(&e, s, f)
	return e
}

// show makes evidence, which is zero, of an observation.
func (v *View) show(e *Evidence, s *strand, f *fact) {
	e.Source, e.Kind = s.key.source, v.engine.sources[s.key.source].Kind.evidence()
	e.Where, e.Time, e.Basis, e.of = f.at.where(), f.time(), f.basis, shown{s, f}
	if g := s.gateway; g != nil {
		e.Gateway = g.id
	}
	e.claim = f.claims()
}

// evidence returns the kind of evidence that a kind of source gives.
func (k SourceKind) evidence() EvidenceKind {
	switch k {
	case KindCapture:
		return EvidencePacket
	case KindConfig, KindSecrets:
		return EvidenceConfig
	case KindState:
		return EvidenceState
	case KindCertificate:
		return EvidenceCertificate
	case KindProbe:
		return EvidenceProbe
	}
	return EvidenceLog
}

// sortEvidence puts evidence in the order of its places.
func (v *View) sortEvidence(es []Evidence) {
	slices.SortStableFunc(es, func(a, b Evidence) int { return v.compareEvidence(&a, &b) })
}

func (v *View) compareEvidence(a, b *Evidence) int {
	if c := v.comparePlace(a.Source, b.Source, a.Where.spot(), b.Where.spot()); c != 0 {
		return c
	}
	return bytes.Compare(a.words(), b.words())
}

func (v *View) compareShown(a, b shown) int {
	if c := v.comparePlace(a.s.key.source, b.s.key.source, a.f.at, b.f.at); c != 0 {
		return c
	}
	return bytes.Compare(a.s.said(a.f), b.s.said(b.f))
}

func (v *View) comparePlace(a, b SourceID, x, y spot) int {
	if a != b {
		if c := v.engine.compareSource(a, b); c != 0 {
			return c
		}
	}
	return cmp.Compare(x, y)
}

func (a *Attempt) start() Time {
	var t Time
	for _, s := range a.strands {
		if s.start().Known() && (!t.Known() || s.start().Value.Before(t.Value)) {
			t = s.start()
		}
	}
	return t
}

func (a *Attempt) end() Time {
	var t Time
	for _, s := range a.strands {
		if s.end().Value.After(t.Value) {
			t = s.end()
		}
	}
	return t
}

// Mode returns the exchange of the attempt's phase 1: main or aggressive,
// ExchangeNone where nothing tells.
func (a *Attempt) Mode() isakmp.ExchangeType { return findMode.Of(a) }

var findMode = NewQuestion(func(a *Attempt) isakmp.ExchangeType {
	if a.Stepped(Phase1Started) {
		if p, _ := find(a, AnySide, func(p *Progress) bool { return p.Step == Phase1Started && p.Mode != 0 }, nil); p.OK {
			return p.V.Mode
		}
	}
	if m, _ := find(a, AnySide, func(m *Message) bool {
		return m.Exchange == isakmp.ExchangeMain || m.Exchange == isakmp.ExchangeAggressive
	}, nil); m.OK {
		return m.V.Exchange
	}
	if c, _ := find(a, AnySide, func(c *Check) bool {
		return c.Exchange == isakmp.ExchangeMain || c.Exchange == isakmp.ExchangeAggressive
	}, nil); c.OK {
		return c.V.Exchange
	}
	return isakmp.ExchangeNone
})

// Auth returns the authentication method: as chosen in the negotiation, as
// looked up, else as both ends are configured.
func (a *Attempt) Auth() Known[ike.AuthMethod] { return findAuth.Of(a) }

var findAuth = NewQuestion(func(a *Attempt) Known[ike.AuthMethod] {
	o := Fact(a, AnySide, func(o *Offer) bool {
		return !o.Phase2 && o.Role == Chosen && len(o.Proposals) == 1 && len(o.Proposals[0].Auth) == 1
	})
	if o.OK {
		return Known[ike.AuthMethod]{V: o.V.Proposals[0].Auth[0], OK: true, Evidence: o.Evidence, Side: o.Side, By: o.By}
	}
	if i := Fact(a, AnySide, func(i *Identity) bool { return i.Auth != 0 }); i.OK {
		return Known[ike.AuthMethod]{V: i.V.Auth, OK: true, Evidence: i.Evidence, Side: i.Side, By: i.By}
	}
	// What one end is configured for the other need not be.
	x, y := a.tunnel.view.Connection(0), a.tunnel.view.Connection(1)
	if x.OK && y.OK && x.V.LocalAuth != 0 && x.V.LocalAuth == y.V.LocalAuth {
		return Known[ike.AuthMethod]{V: x.V.LocalAuth, OK: true, Evidence: x.Evidence}
	}
	return Known[ike.AuthMethod]{}
})

// Up reports whether phase 1 completed, on the word of both ends or of the
// initiator; established at the responder only is no proof, since the
// initiator has yet to check the last message.
func (a *Attempt) Up() Known[*Progress] {
	switch {
	case !a.up():
		return Known[*Progress]{}
	case a.asked == nil:
		return a.findUp()
	case !a.asked.up.OK:
		a.asked.up = a.findUp()
	}
	return a.asked.up
}

func (a *Attempt) findUp() Known[*Progress] {
	p := a.step(Initiator, Phase1Up)
	if p.OK {
		return p
	}
	if q := a.ChildUp(); q.OK {
		return q
	}
	return a.step(SideUnknown, Phase1Up)
}

// TraceUp is Up with traces instead of evidence.
func (a *Attempt) TraceUp() (Known[*Progress], Traces) {
	if !a.up() {
		return Known[*Progress]{}, Traces{}
	}
	if p, t := a.trace(Initiator, Phase1Up); p.OK {
		return p, t
	}
	if a.child() {
		return a.TraceChildUp()
	}
	return a.trace(SideUnknown, Phase1Up)
}

// TraceChildUp is ChildUp with traces instead of evidence.
func (a *Attempt) TraceChildUp() (Known[*Progress], Traces) {
	if !a.child() {
		return Known[*Progress]{}, Traces{}
	}
	return a.trace(AnySide, Phase2Up)
}

// ChildUp returns the first SA pair of the attempt that came up.
func (a *Attempt) ChildUp() Known[*Progress] {
	switch {
	case !a.child():
		return Known[*Progress]{}
	case a.asked == nil:
		return a.step(AnySide, Phase2Up)
	case !a.asked.childUp.OK:
		a.asked.childUp = a.step(AnySide, Phase2Up)
	}
	return a.asked.childUp
}

// Stepped reports whether anything shows that a step was taken, whoever took it: what
// Any would tell, for less.
func (a *Attempt) Stepped(step Step) bool {
	if a.reach == 0 {
		a.look()
	}
	return a.steps.has(step)
}

// Completed reports whether phase 1, or Phase2 where that is asked for, completed:
// whether Up, or ChildUp, finds something, for less than it takes to find it.
func (a *Attempt) Completed(phase Phase) bool {
	if phase == Phase2 {
		return a.came(reachChild)
	}
	return a.came(reachUp)
}

// Overtaken reports whether a later attempt of the tunnel completed phase 1: what
// this one failed of is history.
func (a *Attempt) Overtaken() bool { return a.index < a.tunnel.lastUp }

// LastWorking returns the last attempt before this one that brought a child up, nil
// where none did.
func (a *Attempt) LastWorking() *Attempt {
	if a.working < 0 {
		return nil
	}
	return a.tunnel.attempts[a.working]
}

// View returns the view of the attempt's tunnel.
func (a *Attempt) View() *View { return &a.tunnel.view }

// Seen reports whether a source shows the attempt from a side: its log, its
// state, or a capture that was taken there.
func (a *Attempt) Seen(from Side) bool {
	return slices.ContainsFunc(a.strands, func(s *strand) bool {
		if s.observer {
			return s.nearer() == from
		}
		return s.side() == from
	})
}

// Spoken reports whether a daemon's own word on the attempt is there: a log's.
func (a *Attempt) Spoken() bool {
	return slices.ContainsFunc(a.strands, func(s *strand) bool { return !s.observer && !s.state() })
}

// Addresses returns a side's own address and its peer's as that side sees
// them, invalid where it does not say.
func (a *Attempt) Addresses(side Side) (local, remote netip.Addr) {
	for _, s := range a.strands {
		if !s.observer && (s.side() == side || s.side() == SideUnknown) && s.local.IsValid() && s.remote.IsValid() {
			return s.local.Addr(), s.remote.Addr()
		}
	}
	for _, s := range a.strands {
		if s.observer && s.nearer() == side {
			if side == Responder {
				return s.remote.Addr(), s.local.Addr()
			}
			return s.local.Addr(), s.remote.Addr()
		}
	}
	if end := a.EndOf(side); a.roleless && end >= 0 {
		return a.tunnel.addr(end), a.tunnel.addr(1 - end)
	}
	return netip.Addr{}, netip.Addr{}
}

// From returns the address that a side's messages come from, as the other side
// sees it, invalid where that does not say.
func (a *Attempt) From(side Side) netip.Addr {
	for _, s := range a.strands {
		if !s.observer && s.side() == side.Other() && s.remote.IsValid() {
			return s.remote.Addr()
		}
	}
	_, from := a.Addresses(side.Other())
	return from
}

// Port returns the port that a side's messages come from, as the log of the
// other end tells it, 0 where none does. One that is neither 500 nor 4500 is a
// NAT's, most often.
func (a *Attempt) Port(side Side) uint16 {
	for _, s := range a.strands {
		if !s.observer && s.side() == side.Other() && s.remote.IsValid() {
			return s.remote.Port()
		}
	}
	return 0
}

// Up reports whether some attempt of the tunnel completed phase 1.
func (v *View) Up() bool {
	for a := range v.Attempts() {
		if a.up() {
			return true
		}
	}
	return false
}

// leg returns what is known of an end, nil where nothing is: of a tunnel that
// no source of a gateway shows, or of the end -1.
func (v *View) leg(end int) *leg {
	if v.tunnel == nil || end < 0 || end >= len(v.tunnel.ends) {
		return nil
	}
	return v.tunnel.ends[end]
}

// Connection returns what an end (0 or 1) is configured to do.
func (v *View) Connection(end int) Known[*Connection] {
	if s := v.policyOf(end); s != nil {
		return v.connection(s)
	}
	return Known[*Connection]{}
}

// connection returns the connection that a strand is.
func (v *View) connection(s *strand) Known[*Connection] {
	c := s.policy()
	return Known[*Connection]{V: c, Last: c, OK: true, Count: 1, Evidence: v.appendSlot(nil, s, s.factsOf(BodyConnection)[0])}
}

// policyOf returns the first connection of an end, nil where there is none.
func (v *View) policyOf(end int) *strand {
	if l := v.leg(end); l != nil {
		for _, s := range l.policies {
			if s.policy() != nil {
				return s
			}
		}
	}
	return nil
}

// ConnectionName returns what the gateway of an end calls the connection that
// Connection returns, empty where there is none.
func (v *View) ConnectionName(end int) string {
	if s := v.policyOf(end); s != nil {
		return s.name
	}
	return ""
}

// Gateway returns the ID of an end's gateway, empty where no source is its.
func (v *View) Gateway(end int) string {
	if l := v.leg(end); l != nil {
		return l.gateway.id
	}
	return ""
}

// EndName says how to call an end in a summary: by its address, else by its
// connection's name, else by its gateway.
func (v *View) EndName(end int) string {
	if a := v.Address(end); a.IsValid() {
		return a.String()
	}
	if l := v.leg(end); l != nil && l.name != "" {
		return Quote(l.name)
	}
	return ""
}

// EndOf returns the end, 0 or 1, that has a role in the attempt, -1 where it
// is not known.
func (a *Attempt) EndOf(side Side) int {
	for _, s := range a.strands {
		g := s.gateway
		for end, l := range a.tunnel.ends {
			switch {
			case s.side() != SideUnknown && l != nil && l.gateway == g:
				if s.side() == side {
					return end
				}
				return 1 - end
			case s.observer && !s.state() && s.local.Addr().IsValid():
				// Local of an observer is the initiator.
				if a.tunnel.addr(end) == s.local.Addr() {
					if side == Initiator {
						return end
					}
					return 1 - end
				}
				if a.tunnel.addr(end) == s.remote.Addr() {
					if side == Responder {
						return end
					}
					return 1 - end
				}
			}
		}
	}
	switch {
	case a.roleless && side == Initiator:
		return 0
	case a.roleless && side == Responder:
		return 1
	}
	return -1
}

// Address returns the address of an end, 0 or 1, as its peer knows it, invalid
// where nothing tells.
func (v *View) Address(end int) netip.Addr {
	if v.tunnel == nil || end < 0 || end >= len(v.tunnel.ends) {
		return netip.Addr{}
	}
	return v.tunnel.addr(end)
}

// NameOf says how to call a side in a summary.
func (a *Attempt) NameOf(side Side) string {
	end := a.EndOf(side)
	if a.asked == nil || a.roleless || end < 0 || side > Responder {
		return a.nameOf(side, end)
	}
	name := &a.tunnel.view.engine.sink.names[end][side]
	if *name == "" {
		*name = a.nameOf(side, end)
	}
	return *name
}

func (a *Attempt) nameOf(side Side, end int) string {
	if end >= 0 {
		if n := a.tunnel.view.EndName(end); n != "" && a.roleless {
			return n
		} else if n != "" {
			return "the " + side.String() + " " + n
		}
	}
	if side == SideUnknown || a.roleless {
		return "one end"
	}
	return "the " + side.String()
}

// HostFact finds a fact about the gateway of an end, 0 or 1, as a whole. In
// the view of a rule whose scope is a gateway, end is 0.
func HostFact[T any, P interface {
	*T
	Body
}](v *View, end int, keep func(P) bool) Known[P] {
	for _, s := range v.hostStrands(end) {
		for _, sl := range s.of(P(nil).Kind()) {
			if b, ok := sl.first.body.(P); ok && (keep == nil || keep(b)) {
				return Known[P]{V: b, OK: true, Count: int(sl.count), Evidence: v.appendSlot(nil, s, sl), By: s.side()}
			}
		}
	}
	return Known[P]{}
}

// HostFacts iterates over the facts of type T about the gateway of an end, in a
// fixed order.
func HostFacts[T any, P interface {
	*T
	Body
}](v *View, end int) iter.Seq[Known[P]] {
	return func(yield func(Known[P]) bool) {
		for _, s := range v.hostStrands(end) {
			for _, sl := range s.of(P(nil).Kind()) {
				b, ok := sl.first.body.(P)
				if ok && !yield(Known[P]{V: b, Last: b, OK: true, Count: int(sl.count), Evidence: v.appendSlot(nil, s, sl), By: s.side()}) {
					return
				}
			}
		}
	}
}

// hostStrands returns the facts about the gateway of an end.
func (v *View) hostStrands(end int) []*strand {
	g := v.gateway
	if l := v.leg(end); g == nil && l != nil {
		g = l.gateway
	}
	if g == nil {
		return nil
	}
	return g.about
}

// PassedEvidence returns the place of the key that is for the connection's peer
// and is not taken, that of the connection where there is none.
func (v *View) PassedEvidence(c Known[*Connection]) Evidence {
	if !c.OK || c.V.PSK.Passed == nil {
		return c.First()
	}
	return c.First().at(c.V.PSK.Passed.At)
}

// SecretEvidence returns the place of the key that a connection would use.
func (v *View) SecretEvidence(c Known[*Connection]) Evidence {
	return c.First().at(c.V.PSK.At)
}
