package observe

import (
	"bytes"
	"io"
	"sync"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/ike/config"
	"github.com/ikediag/ikediag/ike/exchange"
	"github.com/ikediag/ikediag/ike/keys"
	"github.com/ikediag/ikediag/isakmp"
	"github.com/ikediag/ikediag/logparse"
)

// Keys collects the keys that logs, configurations and key tables hold, for
// captures to be read with: set it in Log, Config and Packets. Read what has
// keys first; a capture that is read meanwhile opens what it can. The zero
// value is ready, and may be used by several readers at once.
type Keys struct {
	// Digest keys the digests of pre-shared keys: the engine's DigestKey.
	Digest []byte

	mu   sync.Mutex
	ring keys.Ring
	psks []ike.Secret
}

// KeyTable is the name of the format of Wireshark's table of keys of IKEv1, a
// line for each: the initiator's cookie and the encryption key.
const KeyTable = "ikev1_decryption_table"

// maxTable bounds the octets of a key table: far more lines than a Ring holds.
const maxTable = 4 << 20

// Len returns how many keys and sets of keys were collected.
func (k *Keys) Len() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.ring.Len()
}

// Secrets reads files that hold nothing but secrets: key tables, and
// pre-shared keys, which a configuration that they belong to reads as well.
// They give no observations.
type Secrets struct {
	Keys *Keys // takes the keys; nil drops them

	units, recognized int
}

// Read takes the keys of a file whose format is as Detect named it. What could
// be read of a faulty one stays. The error quotes nothing of it.
func (o *Secrets) Read(name, dialect string, r io.Reader) error {
	if dialect != KeyTable {
		c, err := config.Parse(name, r, config.Options{Dialect: config.Dialect(dialect)})
		o.Keys.config(c)
		o.units, o.recognized = c.Units, c.Recognized
		return err
	}
	b, err := io.ReadAll(io.LimitReader(r, maxTable))
	if err != nil {
		return err
	}
	k := o.Keys
	if k == nil {
		k = &Keys{}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	n, err := k.ring.AddTable(b)
	for line := range bytes.Lines(b) {
		if line = bytes.TrimSpace(line); len(line) > 0 && line[0] != '#' {
			o.units++
		}
	}
	o.recognized = n
	return err
}

// Describe fills in what the reading found out about the source.
func (o *Secrets) Describe(s *diag.Source) {
	s.Units, s.Recognized = o.units, o.recognized
}

// config takes the pre-shared keys of a configuration.
func (k *Keys) config(c *config.Config) {
	if k == nil || c == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for i := range c.Secrets {
		e := &c.Secrets[i]
		if e.Kind != config.SecretPSK || !e.Secret.Stated() || e.Secret.V.Len() == 0 {
			continue
		}
		n := k.ring.Len()
		if k.ring.AddPSK(e.Secret.V) == nil && k.ring.Len() > n {
			k.psks = append(k.psks, e.Secret.V)
		}
	}
}

// secret takes the keys that a line, or the dump that it ends, wrote into the
// log.
func (l *Log) secret(e *logparse.Event) {
	if l.Keys == nil || e.Duplicate {
		return
	}
	name, v, ok := e.Secret()
	if !ok {
		var b []byte
		if name, b, ok = e.Context(); !ok {
			return
		}
		v = ike.NewSecret(b)
	}
	// A thread makes the keys of one negotiation at a time.
	l.Keys.dump(uint64(l.Source+1)<<32|uint64(uint32(e.Prefix.Thread)), name, v)
}

// dump takes what a debug log says of a negotiation's keys. Those of one
// session are made one after the other.
func (k *Keys) dump(session uint64, name []byte, v ike.Secret) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.ring.AddDump(keys.Dump{Session: session, Name: string(name[:min(len(name), 80)]), Value: v})
}

// opener opens the messages of one capture.
func (k *Keys) opener() *opener {
	k.mu.Lock()
	defer k.mu.Unlock()
	return &opener{o: k.ring.Opener(keys.Limits{}), keys: k, proven: map[uint64]uint8{}}
}

// opener is a keys.Opener whose Ring others may be filling.
type opener struct {
	o      *keys.Opener
	keys   *Keys
	proven map[uint64]uint8 // by attempt: the sides of which the key is known
}

// Open opens a message; it satisfies exchange.Opener.
func (o *opener) Open(dst, raw []byte, m *isakmp.Message, fromInitiator bool) (plain []byte, ok bool) {
	o.keys.mu.Lock()
	defer o.keys.mu.Unlock()
	return o.o.Open(dst, raw, m, fromInitiator)
}

// opened notes what the keys made of the datagram's message.
func (p *Packets) opened() {
	p.result = keys.Result{}
	if p.open != nil {
		p.result = p.open.o.Take()
	}
}

// basis tells what a message's facts rest on: what was decrypted, and whose
// HASH verifies, was written by somebody who has the keys.
func (p *Packets) basis() diag.Basis {
	if p.result.Outcome == keys.Opened && p.result.Hash == keys.CheckVerified {
		return diag.Authenticated
	}
	return diag.Unauthenticated
}

// inside observes what only shows in a message that was decrypted.
func (p *Packets) inside(s *exchange.Step, from diag.Party) {
	if s.Plain == nil {
		return
	}
	for i := range s.Deletes {
		p.body.progress = diag.Progress{By: from, Step: diag.ChildDeleteSent}
		if s.Deletes[i].Protocol == isakmp.ProtocolISAKMP {
			p.body.progress.Step = diag.DeleteSent
		}
		p.send(&p.body.progress)
	}
	switch s.Exchange {
	case isakmp.ExchangeMain:
		if len(s.IDs) == 1 {
			p.body.identity = diag.Identity{Of: from, Role: diag.Declared, ID: ike.IdentityFromWire(s.IDs[0].Type, s.IDs[0].Data)}
			p.send(&p.body.identity)
		}
	case isakmp.ExchangeQuick:
		p.selectors(s, from)
	case isakmp.ExchangeTransaction:
		p.xauthStatus(s, from)
	}
}

// selectors observes the pair of identification payloads of a quick mode: of
// its starter first in either direction (RFC 2409, section 5.5).
func (p *Packets) selectors(s *exchange.Step, from diag.Party) {
	if len(s.IDs) != 2 || s.Number != 1 && s.Number != 2 {
		return
	}
	var pair [2]ike.Selector
	for i := range pair {
		id := &s.IDs[i]
		sel, ok := ike.SelectorFromWire(id.Type, id.Data)
		if !ok {
			return
		}
		sel.Protocol, sel.PortFrom, sel.PortTo = id.Protocol, id.Port, id.Port
		pair[i] = sel
	}
	p.body.traffic = diag.Traffic{By: from, Role: diag.Offered, Local: append(p.lists.local[:0], pair[0]), Remote: append(p.lists.remote[:0], pair[1])}
	if s.Number == 2 {
		p.body.traffic = diag.Traffic{By: from, Role: diag.Chosen, Local: append(p.lists.local[:0], pair[1]), Remote: append(p.lists.remote[:0], pair[0])}
	}
	p.lists.local, p.lists.remote = p.body.traffic.Local, p.body.traffic.Remote
	p.send(&p.body.traffic)
}

// xauthStatus observes how a server judged a user's name and password. Nothing
// else of such a message leaves this function.
func (p *Packets) xauthStatus(s *exchange.Step, from diag.Party) {
	for i := range s.Plain.Payloads {
		l := &s.Plain.Payloads[i]
		var c isakmp.Config
		if l.Type != isakmp.PayloadAttribute || c.Decode(l.Body) != nil || c.Type != isakmp.ConfigSet {
			continue
		}
		a, ok := c.Attributes.Find(uint16(isakmp.ConfigXAuthStatus))
		if v, number := a.Uint(); ok && number {
			p.body.check = diag.Check{By: from, What: diag.CheckXAuth, Exchange: isakmp.ExchangeTransaction, OK: v == 1}
			p.send(&p.body.check)
			if v == 1 {
				p.body.progress = diag.Progress{By: from, Step: diag.Phase1Up}
				p.send(&p.body.progress)
			}
		}
	}
}

// Bounds of what is proven in one capture: each proof costs two HMACs, or in
// main mode a key schedule, for each key that was given.
const (
	maxProven    = 1 << 12 // attempts
	maxDifferent = 8       // keys that a side did not use
)

// proofs observes which of the given pre-shared keys the sides of a
// negotiation used, as soon as its messages tell.
func (p *Packets) proofs(s *exchange.Step) {
	if p.open == nil || !s.First() || s.Attempt == 0 || s.Roles == exchange.RoleUnknown {
		return
	}
	switch {
	case s.Exchange == isakmp.ExchangeAggressive && s.Number >= 2:
	case s.Encrypted && (s.Exchange == isakmp.ExchangeMain || s.Exchange == isakmp.ExchangeInformational):
	default:
		return
	}
	settled, known := p.open.proven[s.Attempt]
	if settled == 3 || !known && len(p.open.proven) >= maxProven {
		return
	}
	for side, proof := range p.open.prove(s.Cookies, settled) {
		if len(proof) == 0 {
			continue
		}
		settled |= 1 << side
		for i := range proof {
			p.body.keyProof = proof[i]
			p.o.Basis = diag.Unauthenticated
			if proof[i].Used {
				p.o.Basis = diag.Authenticated // nobody else could have made the message
			}
			p.send(&p.body.keyProof)
		}
	}
	p.open.proven[s.Attempt] = settled
}

// prove tells of each side that is not settled which of the given keys it
// used, or which it did not.
func (o *opener) prove(cookies [2]isakmp.Cookie, settled uint8) (found [2][]diag.KeyProof) {
	o.keys.mu.Lock()
	defer o.keys.mu.Unlock()
	for _, psk := range o.keys.psks {
		for side, proof := range o.o.Prove(cookies[0], cookies[1], psk) {
			list := found[side]
			if settled&(1<<side) != 0 || len(list) == 1 && list[0].Used {
				continue
			}
			k := diag.KeyProof{Of: [...]diag.Party{diag.OfInitiator, diag.OfResponder}[side], Used: proof.Verdict == keys.Equal}
			switch {
			case proof.Verdict == keys.NotCheckable:
				continue
			case k.Used:
				list = list[:0]
			case len(list) >= maxDifferent:
				continue
			}
			k.Digest = psk.Digest(o.keys.Digest)
			found[side] = append(list, k)
		}
	}
	return found
}
