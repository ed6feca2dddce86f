package observe

import (
	"encoding/binary"
	"io"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/capture"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/ike/exchange"
	"github.com/ikediag/ikediag/ike/keys"
	"github.com/ikediag/ikediag/ike/probe"
	"github.com/ikediag/ikediag/isakmp"
)

// Packets turns a capture into observations: a whole one with Read, or what a
// caller's own tracker makes of it with Step.
type Packets struct {
	// To takes the observations, which are of Source.
	To     Target
	Source diag.SourceID
	// Keys opens encrypted messages in Read; nil opens none. Digest keys the
	// digests of pre-shared keys: the engine's DigestKey.
	Keys   *Keys
	Digest []byte
	// Every is how often Read tells what ESP and AH come to so far; 0: at its
	// end only. One that goes on, as of a live interface, wants it, and often:
	// who compares two captures must not find that one has heard of more.
	Every time.Duration
	// Update, where it is not nil, is called with Describe as soon as Read has
	// begun and whenever it finds that the capture shows more than it seemed
	// to: such as diag.Engine.UpdateSource for a capture that goes on.
	Update func(describe func(*diag.Source))

	cover        capture.Coverage
	began, ended time.Time // when recording did, as far as is known
	o            diag.Observation
	body         bodies
	local        []ike.Selector // behind bodies
	remote       []ike.Selector
	text         []byte
	open         *opener // nil without Keys
	follow       *exchange.Tracker
	result       keys.Result

	covered  covered
	updated  covered // when Update was called last
	opaque   opaque
	services services

	undelivered undelivered
	flows       flows
	lock        sync.Mutex // of what clock flushes
}

// Read observes a capture to its end. What was read before a fault stays.
func (p *Packets) Read(r io.Reader) error {
	c, err := capture.NewReader(r, capture.Options{})
	if err != nil {
		return err
	}
	var tracker exchange.Tracker
	p.follow = &tracker
	if p.Keys != nil {
		p.open = p.Keys.opener()
		tracker.Opener = p.open
	}
	var d exchange.Datagram
	var s exchange.Step
	text := c.Format() == capture.FormatText
	hides := p.update(c, diag.AllPackets+1)
	live := p.Every > 0
	if live {
		defer p.clock()()
	}
	for c.Next(&d) {
		if live {
			p.lock.Lock()
		}
		if text && d.Fragments == 1 {
			d.Fragments = 2 // at least: it is the first of several
		}
		p.covered.packet(&d)
		if tracker.Observe(&d, &s) {
			if text {
				p.said(c, &s)
			}
			p.Step(&d, &s)
		} else {
			p.beside(c, &d)
		}
		hides = p.update(c, hides)
		if live {
			p.lock.Unlock()
		}
	}
	p.lock.Lock()
	defer p.lock.Unlock()
	p.cover = c.Coverage()
	p.began, p.ended = p.cover.First, p.cover.Last
	from, to := p.cover.Span()
	if !from.IsZero() && (p.began.IsZero() || from.Before(p.began)) {
		p.began = from
	}
	if to.After(p.ended) {
		p.ended = to
	}
	p.owner()
	p.services.end(p)
	p.flood(tracker.Stats())
	p.tell()
	return c.Err()
}

// LastPacket returns the time of the last frame of a capture, of those that
// can be read.
func LastPacket(r io.Reader) time.Time {
	c, err := capture.NewReader(r, capture.Options{})
	if err != nil {
		return time.Time{}
	}
	var d exchange.Datagram
	for c.Next(&d) {
		// Its coverage is what is asked for.
	}
	return c.Coverage().Last
}

// Step observes what one datagram shows. Packets of ESP and AH are summed up:
// see Flush.
func (p *Packets) Step(d *exchange.Datagram, s *exchange.Step) {
	p.opened()
	if d.Time.After(p.flows.now) {
		p.flows.now = d.Time
	}
	switch s.Class {
	case exchange.Message, exchange.MessageV2:
		p.flows.copied(s.Copy)
		if s.Copy || s.Attempt == 0 {
			return
		}
		p.message(d, s)
	case exchange.ESP, exchange.ESPInUDP, exchange.AH:
		p.flows.packet(d, s)
	case exchange.Broken:
		if ipsec := d.Protocol == exchange.ProtocolESP || d.Protocol == exchange.ProtocolAH; ipsec && (s.Cut || len(d.Payload) == 0) {
			p.flows.unnamed(d)
		}
	case exchange.Unreachable:
		p.unreachable(d, s)
	}
}

// begin fills in what all observations of a datagram have in common.
func (p *Packets) begin(d *exchange.Datagram, s *exchange.Step) {
	p.o = diag.Observation{
		Source: p.Source,
		Where:  diag.Where{Frame: d.Frame},
		Text:   p.describe(d, s),
		Basis:  p.basis(),
	}
	if !d.Time.IsZero() {
		p.o.Time = diag.Time{Value: d.Time.UTC(), Precision: 1000}
	}
	k := &p.o.Keys
	k.Handle, k.Observer = s.Attempt, true
	k.Local, k.Remote = s.Initiator, s.Responder
	k.Near = near(d, s)
	for i, c := range s.Cookies {
		k.Cookies[i] = binary.BigEndian.Uint64(c[:])
	}
	k.MessageID = s.MessageID
	if s.Exchange == isakmp.ExchangeQuick {
		k.Child = uint64(s.MessageID)
	}
}

func (p *Packets) send(body diag.Body) {
	p.o.Body = body
	p.To.Observe(&p.o)
	p.o.Where.Index++
}

// near tells at which side the datagram was recorded: the link layer may say
// whether it came or went, and a hop count that is still what hosts begin
// with has met no router.
func near(d *exchange.Datagram, s *exchange.Step) diag.Side {
	from := partySide(s.From)
	if from == diag.SideUnknown || s.Roles == exchange.RoleUnknown {
		return diag.SideUnknown
	}
	switch d.Direction {
	case exchange.Outgoing:
		return from
	case exchange.Incoming:
		return from.Other()
	}
	switch d.TTL {
	case 64, 128, 255:
		return from
	case 0:
		return diag.SideUnknown
	}
	return from.Other()
}

func partySide(s exchange.Side) diag.Side {
	switch s {
	case exchange.Initiator:
		return diag.Initiator
	case exchange.Responder:
		return diag.Responder
	}
	return diag.SideUnknown
}

func partyOf(s exchange.Side) diag.Party {
	switch s {
	case exchange.Initiator:
		return diag.OfInitiator
	case exchange.Responder:
		return diag.OfResponder
	}
	return diag.PartyUnknown
}

func (p *Packets) message(d *exchange.Datagram, s *exchange.Step) {
	p.begin(d, s)
	p.services.peers(&p.o.Keys)
	p.flows.negotiate(&p.o.Keys)
	from := partyOf(s.From)
	p.body.message = diag.Message{
		From: from, Exchange: s.Exchange, Number: uint8(min(s.Number, 255)), Encrypted: s.Encrypted, Opened: s.Plain != nil, Incomplete: d.Incomplete, Port: d.Source.Port(), NATPort: s.Port4500,
		Retransmission: uint16(min(s.Retransmission, 1<<16-1)), Fragments: uint8(min(d.Fragments, 255)), Pieces: uint8(min(s.Fragments, 255)), Length: uint32(s.Length),
	}
	p.body.message.Proof, p.body.message.Certificate = authenticating(s)
	p.body.message.Commit = s.Message != nil && s.Class == exchange.Message && s.Message.Flags&isakmp.FlagCommit != 0
	p.send(&p.body.message)
	if d.Incomplete {
		p.body.obstacle = diag.Obstacle{By: partyOf(s.From.Other()), What: diag.ObstacleReassembly}
		p.send(&p.body.obstacle)
	}
	if s.Class == exchange.MessageV2 {
		p.refusedV2(from, s)
		if s.Message != nil && slices.ContainsFunc(s.Message.Payloads, func(v isakmp.Payload) bool {
			return v.Type == isakmp.PayloadV2VendorID && string(v.Body) == probe.VendorID
		}) {
			p.body.software = diag.Software{Of: from, Product: diag.ProbeProduct}
			p.send(&p.body.software)
		}
		return
	}
	if s.New && !s.Late && s.Number == 1 {
		p.body.progress = diag.Progress{By: from, Step: diag.Phase1Started, Mode: s.Exchange}
		p.send(&p.body.progress)
	}
	switch {
	case s.Exchange == isakmp.ExchangeQuick && s.Number == 1 && s.Encrypted:
		// Nobody begins a quick mode before phase 1 is done for him.
		p.body.progress = diag.Progress{By: from, Step: diag.Phase1Up}
		p.send(&p.body.progress)
		p.body.progress = diag.Progress{By: from, Step: diag.Phase2Started}
		p.send(&p.body.progress)
	case s.Exchange == isakmp.ExchangeQuick && s.Number == 3 && s.Encrypted:
		p.body.progress = diag.Progress{By: from, Step: diag.Phase2Up}
		p.send(&p.body.progress)
	}
	if len(s.Offers) > 0 && s.First() {
		p.body.offer = diag.Offer{By: from, Role: diag.Offered, Proposals: s.Offers, Phase2: s.Exchange == isakmp.ExchangeQuick}
		if s.Chosen {
			p.body.offer.Role = diag.Chosen
		}
		p.send(&p.body.offer)
	}
	for i := range s.Notifies {
		n := &s.Notifies[i]
		p.body.notify = diag.Notify{From: from, Type: n.Type, Protected: s.Encrypted, Phase2: p.aboutPhase2(s, n), Length: uint16(min(n.Length, 1<<16-1))}
		p.send(&p.body.notify)
	}
	if s.Roles != exchange.RoleUnknown {
		for side, kind := range s.NAT {
			p.nat(side, kind)
		}
	}
	if s.Exchange == isakmp.ExchangeAggressive && len(s.IDs) == 1 {
		p.body.identity = diag.Identity{Of: from, Role: diag.Declared, ID: ike.IdentityFromWire(s.IDs[0].Type, s.IDs[0].Data)}
		p.send(&p.body.identity)
	}
	p.inside(s, from)
	p.proofs(s)
	for _, b := range s.Vendors {
		if v, ok := isakmp.VendorID(b).Lookup(); ok && v.Product != "" {
			p.body.software = software(from, v.Product, v.Version())
			p.send(&p.body.software)
		}
	}
}

// refusedV2 observes a refusal of IKEv2 that means the same in IKEv1 under the
// same number (RFC 7296, section 3.10.1).
func (p *Packets) refusedV2(from diag.Party, s *exchange.Step) {
	for i := range s.Notifies {
		switch n := &s.Notifies[i]; n.Type {
		case isakmp.NotifyNoProposalChosen, isakmp.NotifyInvalidMajorVersion:
			p.body.notify = diag.Notify{From: from, Type: n.Type, Protected: s.Encrypted, Length: uint16(min(n.Length, 1<<16-1))}
			p.send(&p.body.notify)
		}
	}
}

func (p *Packets) nat(side int, kind exchange.NATKind) {
	behind := [2]diag.Party{diag.OfInitiator, diag.OfResponder}[side]
	switch kind {
	case exchange.NATNone:
		p.body.nat = diag.NAT{Behind: behind, None: true}
	case exchange.NATUnknown:
		return
	default:
		p.body.nat = diag.NAT{Behind: behind}
	}
	p.send(&p.body.nat)
}

// unreachable observes a report that a datagram was not delivered. One about
// ESP, or one that quotes too little, is about a pair of addresses and no
// negotiation: it makes a strand of its own, which the join puts to the pair.
func (p *Packets) unreachable(d *exchange.Datagram, s *exchange.Step) {
	r := &s.Report
	if p.flows.unsent(r) {
		return
	}
	p.begin(d, s)
	p.o.Keys.Near = diag.SideUnknown // the report travels against the datagram
	to := partyAt(s.Initiator, s.Responder, r.Destination)
	if k, ok := p.flows.of(r.Source.Addr(), r.Destination.Addr()); ok && s.Attempt == 0 {
		p.o.Keys = k
		to = partyAt(k.Local, k.Remote, r.Destination)
	} else if s.Attempt == 0 {
		p.o.Keys = diag.Keys{Handle: pairHandle(r.Source.Addr(), r.Destination.Addr()), Observer: true, Local: r.Source, Remote: r.Destination}
	}
	p.body.unreach = diag.Unreachable{
		To: to, Protocol: r.Protocol, MTU: uint16(min(max(r.MTU, 0), 1<<16-1)),
		Port: r.Reason == exchange.PortUnreachable, Prohibited: r.Reason == exchange.Prohibited, TooBig: r.Reason == exchange.TooBig,
		ByPeer: r.Router == r.Destination.Addr(),
	}
	p.send(&p.body.unreach)
}

// pairHandle makes a handle of two addresses.
func pairHandle(a, b netip.Addr) uint64 {
	return handleOf(a.String()+" "+b.String(), 0)
}

// partyAt tells which side has an address.
func partyAt(initiator, responder, a netip.AddrPort) diag.Party {
	switch a.Addr() {
	case netip.Addr{}:
	case initiator.Addr():
		return diag.OfInitiator
	case responder.Addr():
		return diag.OfResponder
	}
	return diag.PartyUnknown
}
