package diag

import (
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
	RemoteName         string
	LocalID, RemoteID  ike.Identity
	LocalAuth          ike.AuthMethod
	RemoteAuth         ike.AuthMethod
	XAuth              bool
	Proposals          []ike.Proposal
	Passive            bool
	PSK                PSK
	Children           []ConnectionChild
	At                 map[string]Place
	Lifetime           uint32 // phase 1, seconds, 0 where not given
	ForceEncapsulation bool
	NATTraversalOff    bool
	FragmentationOff   bool
	DPDDelay           uint32 // seconds
	UnreadStatements   int    // statements of it that the reader did not understand
	// SidesGuessed: the format does not say which end is the local one; Local
	// is the first written. The join turns it round where it knows better.
	SidesGuessed        bool
	ExpectsCertificates bool
}

// ConnectionChild is one SA pair that a connection wants.
type ConnectionChild struct {
	Name          string
	Local, Remote []ike.Selector
	Proposals     []ike.Proposal
	Mode          ike.Mode
	Lifetime      uint32 // seconds
	LifeBytes     uint64
	Place         Place
}

// Place is where in its source's file a value stands, and under which
// setting's name. File is empty for the source itself.
type Place struct {
	File    string
	Line    int
	Setting string
	// Default: the value stands nowhere, it is the implementation's default.
	Default bool
}

// PSK describes the pre-shared key that the daemon would look up for a
// connection, without the key. The digests compare only with others made
// under the same engine's key.
type PSK struct {
	State  PSKState
	Digest [32]byte
	// Loose is the digest of the key as the eye sees it (ike.Secret's
	// LooseDigest).
	Loose [32]byte
	// Ambiguous: other entries match equally well, with other keys.
	Ambiguous bool
	// Wildcard: the entry that was selected names no peer.
	Wildcard bool
	// File and Line are where the key stands.
	File string
	Line int
	// InSecrets: the key stands in Source, not in the connection's own.
	InSecrets bool
	Source    SourceID
	Text      string // how the place reads without its key
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
	}
	if c.At != nil {
		d.At = make(map[string]Place, len(c.At))
		for k, v := range c.At {
			d.At[k] = v
		}
	}
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
	d.Children = slices.Clone(c.Children)
	for i := range d.Children {
		ch := &d.Children[i]
		ch.Local, ch.Remote = ch.Remote, ch.Local
	}
	d.At = make(map[string]Place, len(c.At))
	for k, v := range c.At {
		switch {
		case strings.HasPrefix(k, "Local"):
			k = "Remote" + k[len("Local"):]
		case strings.HasPrefix(k, "Remote"):
			k = "Local" + k[len("Remote"):]
		}
		d.At[k] = v
	}
	return &d
}
