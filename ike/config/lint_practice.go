package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// shortKey is the number of octets below which a key that people can type is
// searched for in practice.
const shortKey = 20

// Short reports whether the secret has fewer than the 20 octets that a key
// which people can type needs to resist a search. It is false for one that the
// file hides.
func (m *SecretMatch) Short() bool {
	return m.Secret.Origin != Hidden && m.Secret.V.Len() < shortKey
}

// practices looks at what a connection wants of phase 1.
func (l *linter) practices(i int, c *Connection) {
	add := func(k IssueKind, s Setting, w [2]string) {
		l.add(Issue{Kind: k, Connection: i, Child: -1, Setting: s, Key: w[0], Write: w[1]})
	}
	if c.Version.V == IKEv1 {
		w := l.dialect.ikev2
		if l.c.Dialect == Libreswan && c.Version.Key == "keyexchange" {
			w = [2]string{"keyexchange", "ikev2"} // since 5.0; ikev2= has gone
		}
		w[0] = whole(w[0], c.Version.Key)
		add(IssueIKEv1, settingOf(c.Version, c.Version.V.String()), w)
	}
	if c.Aggressive.V && c.Version.V != IKEv2 {
		s, main := settingOf(c.Aggressive, yesNo(true)), l.dialect.mainMode
		main[0] = whole(main[0], s.Key)
		if c.UsesPSK() {
			add(IssueAggressivePSK, s, main)
		}
		add(IssueIdentityExposed, s, main)
	}
	if c.Remote.Auth.V == AuthPubkey && len(c.Remote.Certs.V)+len(c.Remote.CAs.V)+len(c.Local.Certs.V) > 0 && !l.strict && !l.dialect.revokes && !l.demands(c.Unknown) {
		add(IssueRevocationUnchecked, settingOf(c.Remote.Auth, c.Remote.Auth.V.String()), l.dialect.strict)
	}
	if !c.UsesPSK() {
		return
	}
	if shared := l.key(i, c); c.XAuth.V == XAuthServer && (shared || c.Remote.AnyAddress()) {
		add(IssueXAuthGroupKey, settingOf(c.XAuth, "xauth"), [2]string{})
	}
}

// whole returns the name of a setting as it stands in the file where that ends
// in the word: a crypto map's settings may be commands of their own.
func whole(word, key string) string {
	if word != "" && strings.HasSuffix(key, " "+word) {
		return key
	}
	return word
}

// demands reports whether one of the statements has the peer's certificate
// refused where nobody tells whether it was revoked.
func (l *linter) demands(list []Statement) bool {
	return slices.ContainsFunc(list, func(s Statement) bool {
		return s.Key != "" && s.Key == l.dialect.strict[0] && (s.Value == l.dialect.strict[1] || s.Value == "ifuri")
	})
}

// key looks at the pre-shared key that the daemon would take, and reports
// whether it is one for any peer.
func (l *linter) key(i int, c *Connection) (shared bool) {
	if !l.c.SecretsRead {
		return false
	}
	m, err := l.keys.SecretFor(SecretQuery{Conn: c})
	if err != nil {
		if errors.Is(err, ErrNoSecret) && !errors.Is(err, ErrPeerUnknown) && l.c.AllRead() {
			e := c.Local.Auth
			if e.V != AuthPSK {
				e = c.Remote.Auth
			}
			l.add(Issue{Kind: IssueNoSecret, Effect: Fails, Connection: i, Child: -1, Setting: settingOf(e, e.V.String()), Key: l.dialect.secret[0], Write: l.dialect.secret[1]})
		}
		return false
	}
	s := settingOf(m.Secret, "[secret]")
	add := func(k IssueKind) {
		l.add(Issue{Kind: k, Connection: i, Child: -1, Setting: s, Key: l.dialect.secret[0], Write: l.dialect.secret[1]})
	}
	if m.Short() {
		add(IssueKeyShort)
	}
	if m.Wildcard() {
		add(IssueKeyShared)
	}
	return m.Wildcard()
}

// The settings that give an end a key of its own without a certificate.
const publicKeys = "rsasigkey sigkey ckaid pubkey ecdsakey rsasigkey2 cert2"

// own looks for what the gateway signs with. Certificates and keys that
// daemons find in folders, databases and cards are not seen from here; in the
// ipsec.conf formats the connection names them.
func (l *linter) own(i int, c *Connection) {
	if l.c.Dialect != StrongSwan && l.c.Dialect != Libreswan || c.Version.V == IKEv2 && c.Local.Auth.Origin == Default {
		return
	}
	side, e := "left", &c.Local
	if strings.HasPrefix(e.Addresses.Key, "right") {
		side = "right"
	}
	if e.Auth.V != AuthPubkey {
		return
	}
	public := len(e.Certs.V) > 0 || c.SidesGuessed && len(c.Remote.Certs.V) > 0
	for _, s := range c.Unknown {
		for _, at := range [2]string{"left", "right"} {
			if rest, ok := strings.CutPrefix(s.Key, at); ok && (at == side || c.SidesGuessed) && hasWord(publicKeys, rest) {
				public = true
			}
		}
	}
	s := settingOf(e.Auth, e.Auth.V.String())
	if !public && !l.card {
		l.add(Issue{Kind: IssueNoCertificate, Effect: Fails, Connection: i, Child: -1, Setting: s, Key: side + "cert"})
	}
	if l.dialect.keysNamed && l.c.SecretsRead && l.c.AllRead() && !l.private {
		l.add(Issue{Kind: IssueNoPrivateKey, Effect: Fails, Connection: i, Child: -1, Setting: s, Key: "RSA"})
	}
}

// transport: transport mode is for the ends' own traffic.
func (l *linter) transport(conn, child int, k *Child) {
	if k.Mode.V != ike.ModeTransport {
		return
	}
	for _, list := range [2][]Selector{k.Local.V, k.Remote.V} {
		for _, s := range list {
			if !s.Bad && s.IsValid() && !s.Dynamic && s.From != s.To {
				l.add(Issue{Kind: IssueTransport, Connection: conn, Child: child, Setting: settingOf(k.Mode, strings.ToLower(k.Mode.V.String())), Subject: s.Text, Key: l.dialect.tunnel[0], Write: l.dialect.tunnel[1]})
				return
			}
		}
	}
}

// twins finds connections that the peer cannot tell apart: of two with the
// same ends, identities and methods that want the same selectors, the daemon
// takes one, and which one depends on the order.
func (l *linter) twins() {
	first := map[string]int{}
	for i := range l.c.Connections {
		c := &l.c.Connections[i]
		if !c.Loaded() || len(c.Children) == 0 {
			continue
		}
		ends := fmt.Sprint(addressText(c.Local.Addresses.V), "|", addressText(c.Remote.Addresses.V), "|", c.Local.ID.V, "|", c.Remote.ID.V, "|", c.Version.V, c.Aggressive.V, c.Local.Auth.V, c.Remote.Auth.V, c.XAuth.V)
		for k := range c.Children {
			child := &c.Children[k]
			if slices.ContainsFunc(child.Local.V, func(s Selector) bool { return s.Bad }) {
				continue // nobody knows what it wants
			}
			key := fmt.Sprint(ends, "|", traffic(child.Local.V), "|", traffic(child.Remote.V))
			if j, ok := first[key]; ok && j != i {
				other := &l.c.Connections[j]
				l.add(Issue{Kind: IssueTwice, Effect: NoEffect, Connection: i, Child: k, Subject: other.Name, Setting: Setting{Key: c.Name, At: c.At, Origin: Written}})
				break
			} else if !ok {
				first[key] = i
			}
		}
	}
}

// traffic returns the selectors with their protocols and ports, without the
// way in which they are written.
func traffic(list []Selector) (out []ike.Selector) {
	for _, s := range list {
		out = append(out, s.Selector)
	}
	return out
}
