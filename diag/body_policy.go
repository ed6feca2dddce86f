package diag

import (
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/ikediag/ikediag/ike"
	"github.com/ikediag/ikediag/isakmp"
)

// Connection: what a configuration intends for one peer. Places of single
// values are in At, by the name of the field in this struct.
type Connection struct {
	// Version is 1 or 2; 0 where the configuration accepts both.
	Version uint8
	Mode    isakmp.ExchangeType // ExchangeMain or ExchangeAggressive
	// LocalAddresses and RemoteAddresses are empty where the configuration
	// leaves them open; LocalAny and RemoteAny say so.
	LocalAddresses, RemoteAddresses []netip.Addr
	LocalAny, RemoteAny             bool
	// RemoteName is a host name where the peer is given by one.
	RemoteName        string
	LocalID, RemoteID ike.Identity
	LocalAuth         ike.AuthMethod
	RemoteAuth        ike.AuthMethod
	XAuth             bool
	Proposals         []ike.Proposal
	Passive           bool
	// LoadedOnDemand: nothing says that the daemon is to load it, which by default
	// it does not.
	LoadedOnDemand     bool
	PSK                PSK
	Children           []ConnectionChild
	At                 map[string]Place
	Lifetime           uint32 // phase 1, seconds, 0 where not given
	ForceEncapsulation bool
	NATTraversalOff    bool
	FragmentationOff   bool
	DPDDelay           uint32 // seconds, 0 where no probes are sent or it is not given
	UnreadStatements   int    // statements of it that the reader did not understand
	// SidesGuessed: the format does not say which end is the local one; Local
	// is the first written. The join turns it round where it knows better.
	SidesGuessed        bool
	ExpectsCertificates bool
	// Product names the implementation that the configuration is written for,
	// as Software does; empty where the format does not tell. Behaviour is what
	// is known of it.
	Product   string
	Behaviour Behaviour
	// Format names the file format, as Source.Dialect does: it tells how a
	// remedy has to be spelled.
	Format string
	// AnswersBoth: whatever Mode is, as responder both main and aggressive mode
	// are taken.
	AnswersBoth bool
	// XAuthRole is the part that this end plays in XAUTH; XAuth says that
	// there is one.
	XAuthRole XAuthRole
	// Users are the XAUTH users whose passwords this end has: of a client its
	// own, of a server those of its files, where it may have others elsewhere.
	Users []XAuthUser
	// Virtual: inner addresses are handed out, so that a dynamic selector
	// becomes a known one.
	Virtual bool
	// Rivals counts the other connections of the same configuration that may
	// answer for the same peer and negotiate phase 1 otherwise: that this one
	// does not fit proves nothing then. Siblings counts those that differ in
	// phase 2 only.
	Rivals, Siblings int
	// Incomplete: the configuration names files that were not read, or reading
	// it was cut short. Others may answer for the peer, and defaults may be set
	// in what was not read.
	Incomplete bool
	// Certificates are the files, without their folders, that this end's
	// certificates are in, as far as the configuration names files.
	Certificates []string
	// PeerCertificates are the files that this end has the peer's in.
	PeerCertificates []string
	// LocalWithholds and RemoteWithholds: the end never sends its certificate.
	LocalWithholds, RemoteWithholds bool
	// LocalCertified and RemoteCertified: the end's public key is taken from its
	// certificate, which no connection of the configuration names, so that the
	// end has to send it.
	LocalCertified, RemoteCertified bool
	// Faults is what the reader of the format found wrong or unwise.
	Faults []Fault
}

// Alone reports whether no other connection of the same configuration may
// answer for the same peer and negotiate phase 1 otherwise.
func (c *Connection) Alone() bool { return c.Rivals == 0 && !c.Incomplete }

// XAuthRole is the part that an end plays in XAUTH.
type XAuthRole uint8

// The parts. A client proves a name and a password, a server asks for them.
const (
	XAuthNone XAuthRole = iota
	XAuthClient
	XAuthServer
)

// XAuthUser is a user of XAUTH without the password, which is described as a
// pre-shared key is.
type XAuthUser struct {
	// Name is the user's, Password describes the password.
	Name     ike.Identity
	Password PSK
}

// ConnectionChild is one SA pair that a connection wants.
type ConnectionChild struct {
	// Name is empty where the format has none. Local and Remote are as the
	// gateway that has the connection sees them.
	Name          string
	Local, Remote []ike.Selector
	Proposals     []ike.Proposal
	Mode          ike.Mode
	Lifetime      uint32 // seconds, 0 where not given
	LifeBytes     uint64 // octets, 0 where not given
	Place         Place
	// At holds the places of single values, by the name of the field in this
	// struct.
	At map[string]Place
	// FirstOnly: of several selectors only the first takes part in a quick
	// mode, which carries one pair (RFC 2409, section 5.5).
	FirstOnly bool
	// Overfull: it lists more selectors than its format has room for, and the
	// daemon refuses it.
	Overfull bool
	// Shunt: traffic passes or is dropped without IPsec, nothing is negotiated.
	Shunt bool
	// AccessList: the selectors are an entry of an access list, and Remote is
	// what the entry has for the destination.
	AccessList bool
	// Routed: what is routed into a tunnel interface is protected; the
	// selectors are for everything and cannot be others.
	Routed bool
	// Translated: the gateway's own source NAT takes the traffic before IPsec
	// sees it, by the rule at At["Translated"].
	Translated bool
	// Truncated: HMAC-SHA-256 is cut to 96 bits instead of 128.
	Truncated bool
	// Compressed: packets are to be compressed before they are encrypted
	// (IPComp).
	Compressed bool
}

// Place is where a value stands, and under which setting's name. File is the
// file's name.
type Place struct {
	// File is empty and Line 0 where the value stands nowhere.
	File string
	Line int
	// Elsewhere: it stands in Source, such as an included file or a secrets
	// file, and not in the source of the connection.
	Elsewhere bool     `json:",omitzero"`
	Source    SourceID `json:",omitzero"`
	Setting   string
	// Default: the value stands nowhere, it is the implementation's default.
	// Line is then where it would stand, or 0.
	Default bool
	// Blank: setting and value are parted by a blank, as in a line of commands,
	// and not by an equals sign.
	Blank bool
	// Value is the value as it is written, or as the default would be. It is
	// never a secret.
	Value string
}

// PSK describes the pre-shared key that the daemon would look up for a
// connection, without the key. The digests compare only with others made
// under the same engine's key.
type PSK struct {
	// State is what is known of the key; Digest is meaningless unless there is
	// one.
	State  PSKState
	Digest [32]byte
	// Loose is the digest of the key as the eye sees it (ike.Secret's
	// LooseDigest).
	Loose [32]byte
	// Ambiguous: other entries match equally well, with other keys.
	Ambiguous bool
	// Contested: a file that was not read may have a key that is taken instead.
	Contested bool
	// OthersDiffer: other peers without a fixed address have other keys in main
	// mode.
	OthersDiffer bool
	// Wildcard: the entry that was selected names no peer.
	Wildcard bool
	// Passed is a key that names the peer and is passed over, since the daemon
	// does not look for it by that name; nil where there is none.
	Passed *PassedKey
	// Empty: where State is PSKMissing, what was given for secrets holds none at
	// all. It may have been emptied before it was handed over.
	Empty bool
	// Short: it has fewer octets than resist a search.
	Short bool
	// At is where the key stands. Its Value is what follows the setting, with
	// [secret] in the place of the key.
	At Place
}

// PassedKey is a key that a daemon does not take.
type PassedKey struct {
	// Digest is as that of PSK, At where the key stands.
	Digest [32]byte
	At     Place
}

// PSKState tells what is known of a key.
type PSKState uint8

// The states of a key.
const (
	PSKUnread  PSKState = iota // no secrets were given
	PSKMissing                 // secrets were given, none fits
	PSKHidden                  // masked or encrypted in the configuration
	PSKKnown
)

// Kind returns BodyConnection.
func (*Connection) Kind() BodyKind { return BodyConnection }
func (*Connection) party() Party   { return Self }
func (*Connection) slot() uint64   { return 0 }
func (c *Connection) clone(Body) Body {
	d := new(Connection)
	*d = *c
	d.LocalAddresses = slices.Clone(c.LocalAddresses)
	d.RemoteAddresses = slices.Clone(c.RemoteAddresses)
	d.Proposals = ike.CloneProposals(c.Proposals)
	d.Children = slices.Clone(c.Children)
	for i := range d.Children {
		ch := &d.Children[i]
		ch.Local, ch.Remote = slices.Clone(ch.Local), slices.Clone(ch.Remote)
		ch.Proposals = ike.CloneProposals(ch.Proposals)
		ch.At = maps.Clone(ch.At)
	}
	d.Users = slices.Clone(c.Users)
	d.Faults = slices.Clone(c.Faults)
	d.Certificates, d.PeerCertificates = slices.Clone(c.Certificates), slices.Clone(c.PeerCertificates)
	d.At = maps.Clone(c.At)
	return d
}

// reversed returns the connection as its other end would have it.
func (c *Connection) reversed() *Connection {
	d := *c
	d.LocalAddresses, d.RemoteAddresses = c.RemoteAddresses, c.LocalAddresses
	d.LocalAny, d.RemoteAny = c.RemoteAny, c.LocalAny
	d.LocalID, d.RemoteID = c.RemoteID, c.LocalID
	d.LocalAuth, d.RemoteAuth = c.RemoteAuth, c.LocalAuth
	d.RemoteName = ""
	switch c.XAuthRole {
	case XAuthClient:
		d.XAuthRole = XAuthServer
	case XAuthServer:
		d.XAuthRole = XAuthClient
	}
	d.Users = nil // they were those of the other part
	d.Certificates, d.PeerCertificates = c.PeerCertificates, c.Certificates
	d.LocalWithholds, d.RemoteWithholds = c.RemoteWithholds, c.LocalWithholds
	d.LocalCertified, d.RemoteCertified = c.RemoteCertified, c.LocalCertified
	d.Children = slices.Clone(c.Children)
	for i := range d.Children {
		ch := &d.Children[i]
		ch.Local, ch.Remote = ch.Remote, ch.Local
		ch.At = reversedPlaces(ch.At)
	}
	d.At = reversedPlaces(c.At)
	return &d
}

// reversedPlaces exchanges the places of local and remote values.
func reversedPlaces(at map[string]Place) map[string]Place {
	if at == nil {
		return nil
	}
	out := make(map[string]Place, len(at))
	for k, v := range at {
		if rest, ok := strings.CutPrefix(k, "Local"); ok {
			k = "Remote" + rest
		} else if rest, ok := strings.CutPrefix(k, "Remote"); ok {
			k = "Local" + rest
		}
		out[k] = v
	}
	return out
}
