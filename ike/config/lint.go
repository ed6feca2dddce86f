package config

import (
	"cmp"
	"slices"
	"strconv"
)

// IssueKind says what Lint found.
type IssueKind uint8

// The kinds. Those up to IssueNotRouted cannot work, or have no effect; those
// from IssueIKEv1 on work and should not be: see IssueKind.Practice.
const (
	IssueReference           IssueKind = iota + 1 // refers to a section that does not exist
	IssueMisspelt                                 // a word that the format does not have and that is near to one of its own
	IssueIgnored                                  // a statement that this daemon takes no notice of
	IssueAlgorithmUnknown                         // an algorithm that this daemon has no name for
	IssueAlgorithmMix                             // a combined mode together with what excludes it
	IssueProposalLacks                            // a proposal without an algorithm that it needs
	IssueNoPrivateKey                             // signs, and the secrets that were given name no private key
	IssueNoCertificate                            // signs, and has neither certificate nor public key
	IssueNoSecret                                 // no pre-shared key among the secrets that were given
	IssueTwice                                    // another connection has the same ends and selectors
	IssueSameEnds                                 // both ends are this host
	IssueUnbound                                  // a policy that no interface applies
	IssueV1Disabled                               // IKEv1, which a setting of the whole daemon forbids
	IssueNotLetIn                                 // the gateway's own filter keeps IKE out of the interface
	IssueNotRouted                                // no route leads into the tunnel interface
	practice                                      // what follows works, and should not be
	IssueIKEv1                                    // IKEv1, where IKEv2 could be
	IssueAggressivePSK                            // aggressive mode with a pre-shared key, which can then be searched for
	IssueIdentityExposed                          // aggressive mode, which shows both identities
	IssueKeyShared                                // one pre-shared key for any peer
	IssueKeyShort                                 // see SecretMatch.Short
	IssueXAuthGroupKey                            // XAUTH over a key that its users share
	IssueWeakCipher                               // a broken cipher, or one with blocks of 64 bits (RFC 8221 section 5, RFC 8247 section 2.1)
	IssueWeakHash                                 // MD5, SHA-1 or an older one (RFC 8221 section 6, RFC 8247 section 2.3)
	IssueWeakGroup                                // one of the groups 1 to 5 and 22 to 24 (RFC 8247 section 2.4)
	IssueNoAuthentication                         // ESP that encrypts only
	IssueNullCipher                               // ESP that does not encrypt
	IssueAHOnly                                   // AH alone, which does not encrypt
	IssueNoPFS                                    // phase 2 without a group
	IssueTransport                                // transport mode between networks
	IssuePermissive                               // more is accepted than is written
	IssueRevocationUnchecked                      // certificates of which nobody tells whether they were revoked are accepted
	issueKinds
)

var issueNames = [issueKinds]string{
	IssueReference: "reference", IssueMisspelt: "misspelt", IssueIgnored: "ignored",
	IssueAlgorithmUnknown: "algorithm-unknown", IssueAlgorithmMix: "algorithm-mix", IssueProposalLacks: "proposal-lacks",
	IssueNoPrivateKey: "no-private-key", IssueNoCertificate: "no-certificate", IssueNoSecret: "no-secret",
	IssueTwice: "twice", IssueSameEnds: "same-ends", IssueUnbound: "unbound", IssueV1Disabled: "v1-disabled", IssueNotLetIn: "not-let-in", IssueNotRouted: "not-routed",
	IssueIKEv1: "ikev1", IssueAggressivePSK: "aggressive-psk", IssueIdentityExposed: "identity-exposed",
	IssueKeyShared: "key-shared", IssueKeyShort: "key-short", IssueXAuthGroupKey: "xauth-group-key",
	IssueWeakCipher: "weak-cipher", IssueWeakHash: "weak-hash", IssueWeakGroup: "weak-group",
	IssueNoAuthentication: "no-authentication", IssueNullCipher: "null-cipher", IssueAHOnly: "ah-only",
	IssueNoPFS: "no-pfs", IssueTransport: "transport", IssuePermissive: "permissive", IssueRevocationUnchecked: "revocation-unchecked",
}

// String returns the kind in lower case, such as "weak-cipher".
func (k IssueKind) String() string {
	if k < issueKinds && issueNames[k] != "" {
		return issueNames[k]
	}
	return "IssueKind(" + strconv.Itoa(int(k)) + ")"
}

// Practice reports whether the kind is advice: what works, and should not be.
func (k IssueKind) Practice() bool { return k > practice && k < issueKinds }

// Effect says what the daemon makes of an issue.
type Effect uint8

// The effects, least first.
const (
	Unwise   Effect = iota // it does as it is told
	NoEffect               // it goes on without what was written
	Fails                  // it refuses the connection, or cannot bring it up
	Refuses                // it refuses the whole file, and does not start with it
)

var effectNames = [...]string{"unwise", "no-effect", "fails", "refuses"}

// String returns unwise, no-effect, fails or refuses.
func (e Effect) String() string { return effectNames[min(int(e), len(effectNames)-1)] }

// Reference is the section of an RFC that an issue rests on.
type Reference struct {
	// RFC and Section name a part of an RFC.
	RFC     int
	Section string
}

// Issue is one thing that Lint found.
type Issue struct {
	// Kind is what is wrong.
	Kind   IssueKind
	Effect Effect
	// Connection is the index in Config.Connections, -1 where the issue is
	// about the configuration as a whole; Child that of its child, or -1.
	Connection, Child int
	// Setting is what is concerned, with its place.
	Setting Setting
	// Subject names what of the setting is wrong, such as an algorithm or
	// another connection. It is never a secret.
	Subject string
	// Key and Write are what to write instead, setting and value, in the
	// format's own spelling; empty where that cannot be said.
	Key, Write string
}

// References returns the sections of RFCs that speak against it; none where it
// is merely wrong.
func (i *Issue) References() []Reference { return references(i.Kind) }

// references has the sections by kind. RFC 8221 is about ESP and AH, RFC 8247
// about IKE, and RFC 9395 updates both.
func references(k IssueKind) []Reference {
	switch k {
	case IssueIKEv1:
		return []Reference{{9395, "3"}}
	case IssueAggressivePSK:
		return []Reference{{2409, "5.4"}}
	case IssueIdentityExposed:
		return []Reference{{2409, "5"}}
	case IssueKeyShort:
		return []Reference{{7296, "2.15"}}
	case IssueWeakCipher:
		return []Reference{{8221, "5"}, {8247, "2.1"}}
	case IssueWeakHash:
		return []Reference{{8221, "6"}, {8247, "2.3"}}
	case IssueWeakGroup:
		return []Reference{{8247, "2.4"}}
	case IssueNoAuthentication, IssueAHOnly:
		return []Reference{{8221, "4"}}
	case IssueNullCipher:
		return []Reference{{2410, "2"}}
	case IssueNoPFS:
		return []Reference{{2409, "8"}}
	case IssueTransport:
		return []Reference{{4301, "4.1"}}
	case IssueAlgorithmMix:
		return []Reference{{7296, "3.3"}, {8221, "4"}}
	case IssueProposalLacks:
		return []Reference{{7296, "3.3.3"}}
	}
	return nil
}

// Lint lists what in one configuration cannot work, what has no effect and
// what should not be, in the order of the connections. Connections that are
// not loaded are passed over. What cannot be seen without the peer is for
// Compare; what cannot be seen without the daemon's files (certificates, keys
// in directories) is not guessed, nor, where not AllRead, what is lacking.
//
// Time is linear in the configuration; the issues of keys are left out where
// looking them up costs more than a SecretIndex may.
func Lint(c *Config) []Issue {
	l := linter{c: c, dialect: formatOf(c.Dialect).lint, keys: c.IndexSecrets()}
	l.strict = l.demands(c.Setup)
	for _, st := range c.Setup {
		if st.Key == "ikev1-policy" && (st.Value == "drop" || st.Value == "reject") {
			l.forbids = Setting{Key: st.Key, Text: st.Value, At: st.At, Origin: Written}
		}
	}
	l.card = l.has(SecretPIN)
	l.private = l.card || l.has(SecretPrivateKey)
	l.out = append(l.out, c.Found...)
	l.words(c.Setup, -1)
	l.twins()
	for i := range c.Connections {
		l.connection(i)
	}
	if !c.AllRead() {
		l.out = slices.DeleteFunc(l.out, func(i Issue) bool { return lacks(i.Kind) })
	}
	slices.SortStableFunc(l.out, func(a, b Issue) int { return cmp.Compare(a.Connection, b.Connection) })
	return l.out
}

// lacks reports whether a kind says that something is not there, which may
// stand where nobody read.
func lacks(k IssueKind) bool {
	switch k {
	case IssueReference, IssueNoPrivateKey, IssueNoCertificate, IssueNoSecret, IssueUnbound, IssueNotLetIn, IssueNotRouted:
		return true
	}
	return false
}

// linter is one run of Lint.
type linter struct {
	c       *Config
	dialect lintDialect
	out     []Issue
	spelt   int // words that were compared with the format's
	keys    *SecretIndex
	// strict: the peers' certificates are refused where nobody tells whether
	// they were revoked.
	strict        bool
	forbids       Setting // what forbids IKEv1, zero where nothing does
	private, card bool    // the secrets name private keys, or a smart card
}

func (l *linter) has(k SecretKind) bool {
	return slices.ContainsFunc(l.c.Secrets, func(e SecretEntry) bool { return e.Kind == k })
}

func (l *linter) add(i Issue) { l.out = append(l.out, i) }

func (l *linter) connection(i int) {
	c := &l.c.Connections[i]
	l.dialect = formatOf(c.Dialect).lint
	for _, f := range c.Found {
		f.Connection = i
		l.add(f)
	}
	l.words(c.Unknown, i)
	if !c.Loaded() {
		return
	}
	l.ends(i, c)
	l.forbidden(i, c)
	l.own(i, c)
	l.practices(i, c)
	l.suite(i, -1, c.Proposals)
	var last Pos
	for k := range c.Children {
		child := &c.Children[k]
		l.words(child.Unknown, i)
		if child.Action.V != Protect {
			continue
		}
		l.transport(i, k, child)
		// Children that a list of subnets makes share one setting.
		if at := child.Proposals.At; k == 0 || at.IsZero() || at != last {
			l.suite(i, k, child.Proposals)
			l.pfs(i, k, child)
			last = at
		}
	}
}

// forbidden: a connection of a version that libreswan is told not to speak is
// not added. What it does without being told changed over releases.
func (l *linter) forbidden(i int, c *Connection) {
	if l.c.Dialect != Libreswan || c.Version.V != IKEv1 || l.forbids.At.IsZero() {
		return
	}
	l.add(Issue{Kind: IssueV1Disabled, Effect: Fails, Connection: i, Child: -1, Setting: l.forbids, Key: l.forbids.Key, Write: "accept"})
}

// ends: a connection of a host with itself.
func (l *linter) ends(i int, c *Connection) {
	a, ok1 := c.Local.Host()
	b, ok2 := c.Remote.Host()
	if ok1 && ok2 && a == b && !slices.ContainsFunc(c.Found, func(f Issue) bool { return f.Kind == IssueSameEnds }) {
		l.add(Issue{Kind: IssueSameEnds, Effect: Fails, Connection: i, Child: -1, Setting: settingOf(c.Remote.Addresses, addressText(c.Remote.Addresses.V)), Key: c.Remote.Addresses.Key})
	}
}
