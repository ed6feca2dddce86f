package config

import (
	"slices"
	"strconv"
	"strings"

	"github.com/ikediag/ikediag/ike"
)

// Version is the IKE version that a connection speaks.
type Version uint8

// The versions. VersionAny accepts both as responder; what it initiates with
// is in Connection.InitiateVersion.
const (
	VersionAny Version = 0
	IKEv1      Version = 1
	IKEv2      Version = 2
)

// String returns any, IKEv1 or IKEv2.
func (v Version) String() string {
	switch v {
	case VersionAny:
		return "any"
	case IKEv1:
		return "IKEv1"
	case IKEv2:
		return "IKEv2"
	}
	return "Version(" + strconv.Itoa(int(v)) + ")"
}

// Auth is how one end proves who it is in one round.
type Auth uint8

// The ways to authenticate. AuthXAuth in the first round is hybrid
// authentication: that end proves itself by XAUTH alone.
const (
	AuthNone Auth = iota
	AuthPSK
	AuthPubkey // certificate or raw key, RSA or ECDSA
	AuthXAuth
	AuthEAP
	AuthNull
	AuthNever // the connection is never negotiated
)

var authNames = [...]string{"none", "psk", "pubkey", "xauth", "eap", "null", "never"}

// String returns the method's common name.
func (a Auth) String() string {
	if int(a) < len(authNames) {
		return authNames[a]
	}
	return "Auth(" + strconv.Itoa(int(a)) + ")"
}

// XAuthRole is the part that the gateway plays in XAUTH.
type XAuthRole uint8

// The roles. A client proves a user name and password, a server asks for them.
const (
	XAuthNone XAuthRole = iota
	XAuthClient
	XAuthServer
)

// String returns none, client or server.
func (r XAuthRole) String() string {
	switch r {
	case XAuthClient:
		return "client"
	case XAuthServer:
		return "server"
	}
	return "none"
}

// Fragmentation says whether IKE messages may be sent in fragments.
type Fragmentation uint8

// The ways to fragment. Accept takes fragments and sends none.
const (
	FragmentNo Fragmentation = iota
	FragmentYes
	FragmentForce
	FragmentAccept
)

var fragmentNames = [...]string{"no", "yes", "force", "accept"}

// String returns no, yes, force or accept.
func (f Fragmentation) String() string { return fragmentNames[min(int(f), len(fragmentNames)-1)] }

// SendCert says when an end sends its certificate.
type SendCert uint8

// The times to send it.
const (
	SendCertAsked SendCert = iota // where the peer asks for it
	SendCertAlways
	SendCertNever
)

// String returns asked, always or never.
func (s SendCert) String() string {
	switch s {
	case SendCertAlways:
		return "always"
	case SendCertNever:
		return "never"
	}
	return "asked"
}

// sendCert reads the words of strongSwan, libreswan and racoon.
func sendCert(v string) (SendCert, bool) {
	switch strings.ToLower(v) {
	case "ifasked", "sendifasked":
		return SendCertAsked, true
	case "always", "yes", "alwayssend", "on":
		return SendCertAlways, true
	case "never", "no", "neversend", "off":
		return SendCertNever, true
	}
	return SendCertAsked, false
}

// Encap says when ESP is put into UDP.
type Encap uint8

// The ways to encapsulate.
const (
	EncapAuto  Encap = iota // where a NAT is detected
	EncapForce              // always: the NAT detection is made to see one
	EncapNever              // not even behind a NAT
)

// String returns auto, force or never.
func (e Encap) String() string {
	switch e {
	case EncapForce:
		return "force"
	case EncapNever:
		return "never"
	}
	return "auto"
}

// Start is what a daemon does on its own account with a connection or child.
type Start uint8

// The actions at start.
const (
	StartNone   Start = iota // loaded: answers, and starts when told to
	StartTrap                // negotiates when matching traffic comes
	StartNow                 // negotiates at once
	StartIgnore              // not loaded at all
	StartKeep                // negotiates at once after the first contact (libreswan's auto=keep)
)

var startNames = [...]string{"none", "trap", "start", "ignore", "keep"}

// String returns none, trap, start, ignore or keep.
func (s Start) String() string { return startNames[min(int(s), len(startNames)-1)] }

// Proposals is a list of proposals in order of preference.
type Proposals struct {
	// List holds them in the order of preference.
	List []ike.Proposal
	// Text is the list as the file has it.
	Text string
	// Defaults says that the implementation's own list is meant, or is taken
	// besides the written one: what else it accepts is then not known from
	// the configuration.
	Defaults bool
	// Strict says that as responder only the list is accepted.
	Strict bool
	// Terms has the parts of each proposal of List where the format states
	// them one by one, each with its place; nil elsewhere.
	Terms []Terms
}

// Terms are the parts of a proposal by what they are about, as Cisco's isakmp
// policy has them in lines of their own.
type Terms map[ike.Attribute]Value[string]

// End is one end of a connection as this gateway's configuration has it.
type End struct {
	// Addresses are the IKE addresses as written, several where the format
	// allows that; any of them will do.
	Addresses Value[[]Address]
	Port      Value[uint16] // 0: the usual one
	// ID is the identity of the first round. Where none is written its origin
	// is Default, and it is the address, or Any.
	ID   Value[ike.Identity]
	Auth Value[Auth] // first round
	// Auth2 is the second round; AuthNone where there is none.
	Auth2 Value[Auth]
	// XAuthID is the user name that this end's XAUTH gives or must give.
	XAuthID Value[string]
	// Certs and CAs name certificate files or subjects, as written.
	Certs, CAs Value[[]string]
	// SendCert says when this end sends its certificate; Unset where nothing is
	// written.
	SendCert Value[SendCert]
	// KeyFromCert: the end's public key is written to be that of its
	// certificate, and no key is written.
	KeyFromCert bool
	// VirtualIPs are the inner addresses that this end asks for (local) or
	// the pools it is served from (remote), as written.
	VirtualIPs Value[[]string]
}

// IKELifetime holds the times of the phase-1 SA in seconds; 0 is never.
type IKELifetime struct {
	// Over is when the SA ends, Rekey and Reauth when it is replaced.
	Rekey, Reauth, Over Value[uint32]
	// Total is the time that an IKEv1 offer announces: when the SA ends if
	// nothing renews it.
	Total Value[uint32]
}

// DPD is dead peer detection. Times are in seconds; a delay of 0 sends no
// probes of its own but answers the peer's.
type DPD struct {
	// Delay is after how much silence the peer is asked, Timeout after how much
	// it counts as dead.
	Delay, Timeout Value[uint32]
	// Action is the format's own word: clear, trap, hold, restart, none.
	Action Value[string]
}

// Connection is one peer and its phase-1 policy.
type Connection struct {
	// Name is the connection's in its file, At where it begins.
	Name string
	At   Pos
	// Dialect is that of the Config it was read from.
	Dialect Dialect

	// Version is the IKE that is spoken.
	Version Value[Version]
	// InitiateVersion is what a connection that accepts both versions starts
	// with.
	InitiateVersion Version
	Aggressive      Value[bool]
	// MainOnly says that as responder aggressive mode is refused, where the
	// format has a setting for that; Unset elsewhere. Cisco's devices answer
	// both modes unless it is set.
	MainOnly Value[bool]
	// EitherMode says that as responder both modes are taken, where the format
	// lists the modes (racoon); Unset elsewhere.
	EitherMode    Value[bool]
	Local, Remote End
	XAuth         Value[XAuthRole]
	Proposals     Value[Proposals]
	Lifetime      IKELifetime
	DPD           DPD
	Fragmentation Value[Fragmentation]
	Encap         Value[Encap]
	// ProposalCheck is what a responder takes of lifetimes and groups that are
	// not its own, where the format has a setting for that (racoon).
	ProposalCheck Value[ProposalCheck]
	// Rekey says whether this end renews SAs on its own account.
	Rekey Value[bool]
	// Push says that the virtual address is pushed by the server instead of
	// being asked for.
	Push Value[bool]
	// Unique says whether one peer may have several SAs, and which one stays:
	// the word of strongSwan's unique or libreswan's uniqueids.
	Unique Value[string]
	// Start is what the daemon does with the connection as a whole; the
	// children's own actions stand with them.
	Start Value[Start]
	// Tries is how often the negotiation is attempted; 0 is for ever.
	Tries    Value[uint32]
	Children []Child
	// Interfaces are those that carry the connection, in formats that bind
	// policy to interfaces: where a crypto map is applied, or the tunnel that
	// a profile protects.
	Interfaces Value[[]string]
	// Unbound says that the file shows its interfaces and that the connection
	// is bound to none of them: it is never negotiated. At is then where the
	// connection stands.
	Unbound Value[bool]
	// Keyrings are the sets of keys that the connection is confined to; empty:
	// all. In formats that state a key with its connection it names that key.
	Keyrings Value[[]string]
	// SidesGuessed says that the format does not tell which end is the local
	// one and neither does anything else; the customary one was taken. See
	// Reverse.
	SidesGuessed bool
	// Unknown lists the connection's statements that have no field here.
	Unknown []Statement
	// Found are issues that reading the connection came upon, such as a
	// section that it refers to and that does not exist. Lint returns them
	// with those that it finds.
	Found []Issue
}

// Loaded reports whether the daemon takes notice of the connection at all.
func (c *Connection) Loaded() bool { return c.Start.V != StartIgnore }

// Reverse exchanges the two ends, for a connection whose sides were guessed
// wrongly. The children's slices are replaced, not changed.
func (c *Connection) Reverse() {
	c.Local, c.Remote = c.Remote, c.Local
	switch c.XAuth.V {
	case XAuthClient:
		c.XAuth.V = XAuthServer
	case XAuthServer:
		c.XAuth.V = XAuthClient
	}
	c.Children = slices.Clone(c.Children)
	for i := range c.Children {
		k := &c.Children[i]
		k.Local, k.Remote = k.Remote, k.Local
	}
}

// Passive reports whether the gateway will not start this connection without
// being told to.
func (c *Connection) Passive() bool {
	if c.Start.V != StartNone && c.Start.V != StartIgnore {
		return false
	}
	for i := range c.Children {
		if s := c.Children[i].Start.V; s == StartTrap || s == StartNow || s == StartKeep {
			return false
		}
	}
	return true
}

// AuthMethod returns the method of an IKEv1 offer (RFC 2409 appendix A) for the
// case that this gateway begins, or answers: both ends' methods and the XAUTH
// roles in one number. It is AuthNone where IKEv1 has no method for them.
func (c *Connection) AuthMethod(initiator bool) ike.AuthMethod {
	i, r := c.Local.Auth.V, c.Remote.Auth.V
	if !initiator {
		i, r = r, i
	}
	// Whether the initiator is the one who is asked for a password.
	client := c.XAuth.V == XAuthClient
	if !initiator {
		client = c.XAuth.V == XAuthServer
	}
	pick := func(plain, init, resp ike.AuthMethod) ike.AuthMethod {
		switch {
		case c.XAuth.V == XAuthNone:
			return plain
		case client:
			return init
		}
		return resp
	}
	switch {
	case i == AuthPSK && r == AuthPSK:
		return pick(ike.AuthPSK, ike.AuthXAUTHInitPSK, ike.AuthXAUTHRespPSK)
	case i == AuthPubkey && r == AuthPubkey:
		return pick(ike.AuthPubkey, ike.AuthXAUTHInitRSA, ike.AuthXAUTHRespRSA)
	case i == AuthXAuth && r == AuthPubkey:
		return ike.AuthHybridInitRSA
	case i == AuthPubkey && r == AuthXAuth:
		return ike.AuthHybridRespRSA
	}
	return ike.AuthNone
}

// UsesPSK reports whether either end proves itself by a pre-shared key.
func (c *Connection) UsesPSK() bool { return c.Local.Auth.V == AuthPSK || c.Remote.Auth.V == AuthPSK }
