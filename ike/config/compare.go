package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// Compare lists where two connections that answer each other disagree: each
// setting of one against what the other expects. Proposals are compared in
// both directions, since either end may begin.
func Compare(a, b Side) Comparison {
	c := comparer{a: a, b: b, x: a.Connection, y: b.Connection}
	c.addresses()
	c.version()
	c.auth()
	c.proposals()
	c.psk()
	c.ids()
	c.rest()
	c.binding()
	c.children()
	slices.SortStableFunc(c.out, func(p, q Difference) int { return int(p.Field) - int(q.Field) })
	return Comparison{c.out}
}

type comparer struct {
	a, b Side
	x, y *Connection
	out  []Difference
}

func settingOf[T any](v Value[T], text string) Setting {
	if v.Text != "" {
		text = v.Text
	}
	return Setting{Key: v.Key, Text: text, At: v.At, Origin: v.Origin}
}

func (c *comparer) add(f Field, d Degree, a, b Setting, note string) *Difference {
	c.out = append(c.out, Difference{Field: f, Degree: d, A: a, B: b, Note: note})
	return &c.out[len(c.out)-1]
}

// flip calls f for both directions; a and b are then the sides' own ends, or
// exchanged.
func (c *comparer) flip(f func(x, y *Connection, set func(fromX, fromY Setting) (a, b Setting))) {
	f(c.x, c.y, func(x, y Setting) (Setting, Setting) { return x, y })
	f(c.y, c.x, func(x, y Setting) (Setting, Setting) { return y, x })
}

func addressText(l []Address) string {
	var t []string
	for _, a := range l {
		t = append(t, a.Text)
	}
	return strings.Join(t, ",")
}

// addresses: what one calls its peer must be what the other calls itself.
func (c *comparer) addresses() {
	c.flip(func(x, y *Connection, set func(a, b Setting) (Setting, Setting)) {
		want, have := x.Remote.Addresses, y.Local.Addresses
		host, ok := y.Local.Host()
		a, b := set(settingOf(want, addressText(want.V)), settingOf(have, addressText(have.V)))
		if !ok {
			if len(have.V) > 0 && have.V[0].Kind == AddressName && !x.Remote.AnyAddress() && addressText(want.V) != addressText(have.V) {
				c.add(FieldAddress, Unverifiable, a, b, NoteName)
			}
			return
		}
		open := len(want.V) == 0
		for _, w := range want.V {
			in, known := w.Contains(host)
			if in && known {
				return
			}
			open = open || !known
		}
		if open {
			c.add(FieldAddress, Unverifiable, a, b, NoteName)
			return
		}
		c.add(FieldAddress, Mismatch, a, b, "")
	})
}

func (c *comparer) version() {
	x, y := c.x.Version, c.y.Version
	if x.V != VersionAny && y.V != VersionAny && x.V != y.V {
		c.add(FieldVersion, Mismatch, settingOf(x, x.V.String()), settingOf(y, y.V.String()), "")
	}
	p, q := c.x.Aggressive, c.y.Aggressive
	if p.V != q.V && c.x.Version.V != IKEv2 && c.y.Version.V != IKEv2 {
		d, note := Mismatch, ""
		if c.x.AnswersBoth() && q.V || c.y.AnswersBoth() && p.V {
			d, note = Advisory, NoteEitherMode
		}
		c.add(FieldMode, d, settingOf(p, modeText(p.V)), settingOf(q, modeText(q.V)), note)
	}
}

// binding: policy that no interface carries is never negotiated.
func (c *comparer) binding() {
	for i, k := range []*Connection{c.x, c.y} {
		if !k.Unbound.V {
			continue
		}
		var s [2]Setting
		s[i] = Setting{Key: k.Unbound.Key, Text: NoteUnbound, At: k.Unbound.At, Origin: k.Unbound.Origin}
		c.add(FieldBinding, Mismatch, s[0], s[1], NoteUnbound)
	}
}

func modeText(aggressive bool) string {
	if aggressive {
		return "aggressive"
	}
	return "main"
}

func (c *comparer) auth() {
	c.flip(func(x, y *Connection, set func(a, b Setting) (Setting, Setting)) {
		p, q := x.Local.Auth, y.Remote.Auth
		if p.V != q.V && p.V != AuthNone && q.V != AuthNone {
			a, b := set(settingOf(p, p.V.String()), settingOf(q, q.V.String()))
			c.add(FieldAuth, Mismatch, a, b, "")
		}
	})
	p, q := c.x.XAuth, c.y.XAuth
	want := map[XAuthRole]XAuthRole{XAuthNone: XAuthNone, XAuthClient: XAuthServer, XAuthServer: XAuthClient}
	if q.V != want[p.V] {
		c.add(FieldXAuth, Mismatch, settingOf(p, p.V.String()), settingOf(q, q.V.String()), "")
		return
	}
	switch p.V {
	case XAuthClient:
		c.password(c.a, c.b, func(x, y Setting) (Setting, Setting) { return x, y })
	case XAuthServer:
		c.password(c.b, c.a, func(x, y Setting) (Setting, Setting) { return y, x })
	}
}

// password compares the client's password with the one that the server has for
// that user. A server may have it elsewhere, so that none is no fault here.
func (c *comparer) password(client, server Side, set func(a, b Setting) (Setting, Setting)) {
	if client.Config == nil || server.Config == nil || !client.Config.SecretsRead || !server.Config.SecretsRead {
		return
	}
	l := &client.Connection.Local
	user := l.ID.V
	if l.XAuthID.V != "" {
		user = ike.ParseIdentity(l.XAuthID.V, client.Config.identityDialect())
	}
	p, err1 := client.Config.SecretFor(SecretQuery{XAuth: true, RemoteID: user})
	q, err2 := server.Config.SecretFor(SecretQuery{XAuth: true, RemoteID: user})
	a, b := set(settingOf(p.Secret, "[secret]"), settingOf(q.Secret, "[secret]"))
	switch {
	case err1 != nil || err2 != nil:
		c.add(FieldPassword, Unverifiable, a, b, NoteNoKey)
	case !p.Secret.V.Equal(q.Secret.V):
		c.add(FieldPassword, Mismatch, a, b, "")
	}
}

// suites compares two lists in both directions and keeps the worse answer.
//
// The same implementation's built-in list on both sides is common ground.
func (c *comparer) suites(x, y Value[Proposals]) (d Degree, attrs []ike.Attribute, note string) {
	if x.V.Defaults && y.V.Defaults && c.x.Dialect.family() == c.y.Dialect.family() {
		return 0, nil, ""
	}
	for _, l := range [2][2][]ike.Proposal{{x.V.List, y.V.List}, {y.V.List, x.V.List}} {
		r := ike.Compare(l[0], l[1])
		switch {
		case r.Match:
			continue
		case r.Incomplete:
			if d < Unverifiable {
				d, attrs, note = Unverifiable, r.Differ, NoteDefaults
			}
		default:
			d, attrs, note = Mismatch, r.Differ, ""
		}
	}
	return d, attrs, note
}

func (c *comparer) proposals() {
	x, y := c.x.Proposals, c.y.Proposals
	if d, attrs, note := c.suites(x, y); d != 0 {
		c.add(FieldProposals, d, settingOf(x, x.V.Text), settingOf(y, y.V.Text), note).Attributes = attrs
	}
}

// psk compares the keys that each daemon would take.
func (c *comparer) psk() {
	if !c.x.UsesPSK() || !c.y.UsesPSK() {
		return
	}
	var m [2]SecretMatch
	var set [2]Setting
	for i, s := range []Side{c.a, c.b} {
		if s.Config == nil || !s.Config.SecretsRead {
			c.add(FieldPSK, Unverifiable, Setting{}, Setting{}, NoteNoSecrets)
			return
		}
		var err error
		if m[i], err = s.Config.SecretFor(c.query(i)); errors.Is(err, ErrPeerUnknown) {
			c.add(FieldPSK, Unverifiable, Setting{}, Setting{}, NoteDynamic)
			return
		} else if err != nil {
			set[i].Text = "none"
			set[1-i].Text = "not looked at"
			c.add(FieldPSK, Mismatch, set[0], set[1], NoteNoKey)
			return
		}
		set[i] = settingOf(m[i].Secret, "[secret]")
	}
	p, q := m[0].Secret, m[1].Secret
	note := ""
	switch {
	case m[0].Conflict || m[1].Conflict:
		note = NoteConflict
	case m[0].anyPeer() || m[1].anyPeer():
		note = NoteAnyPeer
	}
	switch {
	case p.Origin == Hidden || q.Origin == Hidden:
		c.add(FieldPSK, Unverifiable, set[0], set[1], "")
	case p.V.Equal(q.V):
	case p.V.LooseDigest(looseKey) == q.V.LooseDigest(looseKey):
		c.add(FieldPSK, Mismatch, set[0], set[1], NoteLooseKey)
	default:
		c.add(FieldPSK, Mismatch, set[0], set[1], note)
	}
}

// anyPeer reports whether the key is one for the address of any peer.
func (m *SecretMatch) anyPeer() bool {
	return m.Entry != nil && m.Entry.Peers.IsValid() && m.Entry.Peers.Bits() == 0
}

// query is what a daemon knows of the other side when it looks for the key.
func (c *comparer) query(i int) SecretQuery {
	own, peer := c.x, c.y
	if i == 1 {
		own, peer = peer, own
	}
	q := SecretQuery{Conn: own, Responder: i == 1}
	if a, ok := peer.Local.Host(); ok {
		q.Remote = a
	}
	if a, ok := peer.Remote.Host(); ok {
		q.Local = a
	}
	if id := peer.Local.ID.V; (own.Aggressive.V || own.Version.V == IKEv2) && !id.Any && !id.FromCert {
		q.RemoteID = id
	}
	return q
}

// looseKey keys digests that are compared and thrown away.
var looseKey = []byte("compare")

// ids: what one calls itself must be what the other demands.
func (c *comparer) ids() {
	c.flip(func(x, y *Connection, set func(a, b Setting) (Setting, Setting)) {
		have, want := x.Local.ID, y.Remote.ID
		a, b := set(settingOf(have, idText(have.V)), settingOf(want, idText(want.V)))
		switch {
		case want.V.Any || want.V.IsZero() || want.V.Accepts(have.V):
		case have.V.FromCert || want.V.FromCert:
			c.add(FieldID, Unverifiable, a, b, NoteCertificate)
		case have.V.Any || have.V.IsZero():
			c.add(FieldID, Unverifiable, a, b, NoteDynamic)
		case have.V.Type == 0 || want.V.Type == 0:
			c.add(FieldID, Unverifiable, a, b, NoteName)
		case want.V.SameValue(have.V):
			c.add(FieldID, Mismatch, a, b, NoteIDType)
		default:
			c.add(FieldID, Mismatch, a, b, "")
		}
	})
}

func idText(id ike.Identity) string {
	if id.Type == 0 {
		return id.String()
	}
	return fmt.Sprintf("%v %v", id.Type, id)
}

func (c *comparer) rest() {
	if x, y := c.x.Lifetime.Total, c.y.Lifetime.Total; x.V != y.V && x.Known() && y.Known() {
		c.add(FieldLifetime, Advisory, settingOf(x, secondsText(x.V)), settingOf(y, secondsText(y.V)), "")
	}
	if c.x.Passive() && c.y.Passive() {
		c.add(FieldStart, Advisory, settingOf(c.x.Start, c.x.Start.V.String()), settingOf(c.y.Start, c.y.Start.V.String()), NoteNeitherStart)
	}
	if x, y := c.x.Encap, c.y.Encap; x.V != y.V && (x.V == EncapNever || y.V == EncapNever) {
		c.add(FieldEncap, Advisory, settingOf(x, x.V.String()), settingOf(y, y.V.String()), "")
	}
	if x, y := c.x.Fragmentation, c.y.Fragmentation; (x.V == FragmentNo) != (y.V == FragmentNo) && (x.Stated() || y.Stated()) {
		c.add(FieldFragmentation, Advisory, settingOf(x, x.V.String()), settingOf(y, y.V.String()), "")
	}
}

func secondsText(n uint32) string { return fmt.Sprintf("%ds", n) }
