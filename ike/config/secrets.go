package config

import (
	"net/netip"
	"strconv"

	"github.com/ikediag/ikediag/ike"
)

// SecretKind says what a secret is for.
type SecretKind uint8

// The kinds of secrets.
const (
	SecretOther      SecretKind = iota
	SecretPSK                   // pre-shared key of IKE
	SecretXAuth                 // password of XAUTH; strongSwan takes EAP's for it too
	SecretEAP                   // password of EAP
	SecretPrivateKey            // a private key, or the passphrase of one
	SecretPIN                   // of a smart card
)

var secretKindNames = [...]string{"other", "psk", "xauth", "eap", "private-key", "pin"}

// String returns the kind in lower case.
func (k SecretKind) String() string {
	if int(k) < len(secretKindNames) {
		return secretKindNames[k]
	}
	return "SecretKind(" + strconv.Itoa(int(k)) + ")"
}

// Spelling says in which form a secret was written. Two daemons that were
// given the same characters in different forms have different keys.
type Spelling uint8

// The forms of a secret.
const (
	Plain  Spelling = iota // characters as they are
	Quoted                 // characters between quotes
	Hex                    // 0x and hexadecimal digits
	Base64                 // 0s and base64
	Masked                 // not the secret: stars, or an encrypted form
)

var spellingNames = [...]string{"plain", "quoted", "hex", "base64", "masked"}

// String returns the form in lower case.
func (s Spelling) String() string {
	if int(s) < len(spellingNames) {
		return spellingNames[s]
	}
	return "Spelling(" + strconv.Itoa(int(s)) + ")"
}

// SecretEntry is one entry of a secrets file or section.
type SecretEntry struct {
	// Kind tells a pre-shared key from a password and a private key.
	Kind SecretKind
	// Name is the section's name in swanctl.conf, such as ike-branch, and the
	// kind's word elsewhere.
	Name string
	// Owners are the identities that the entry belongs to; empty: anybody.
	Owners []ike.Identity
	// Peers are the addresses that the entry belongs to, and Keyring the set of
	// keys that it is part of, in formats that have such (Cisco); LocalAddress
	// is the own address or interface that it is confined to.
	Peers        netip.Prefix
	Keyring      string
	LocalAddress Value[string]
	// OwnerText has the owners as written.
	OwnerText []string
	Secret    Value[ike.Secret]
	Spelling  Spelling
	// Suspicious says that the secret's bytes hold something the eye does not
	// see: white space at either end, a carriage return, bytes beyond ASCII.
	Suspicious bool
	// File names the private key that the secret opens.
	File string
	At   Pos
}

// Ownership says how an entry's owners match one identity.
type Ownership uint8

// The degrees of a match, weakest first.
const (
	OwnsNot      Ownership = iota
	OwnsAny                // the entry has no owners, or %any among them
	OwnsWildcard           // by a pattern such as *@example.com
	OwnsExactly
)

var ownershipNames = [...]string{"not", "any", "wildcard", "exact"}

// String returns not, any, wildcard or exact.
func (o Ownership) String() string { return ownershipNames[min(int(o), len(ownershipNames)-1)] }

// By says what a secret was looked up by.
type By uint8

// The ways to look a secret up.
const (
	ByNothing    By = iota
	ByIdentities    // by the identities that a connection configures
	ByAddresses     // by the addresses of the IKE packets
)

// String returns identities or addresses.
func (b By) String() string {
	switch b {
	case ByIdentities:
		return "identities"
	case ByAddresses:
		return "addresses"
	}
	return "nothing"
}

// SecretQuery is what a daemon knows when it looks for a pre-shared key.
type SecretQuery struct {
	// Conn is the connection concerned. A responder in main mode does not know
	// it yet: with Conn nil all connections are tried whose addresses fit, in
	// the order in which the daemon does.
	Conn *Connection
	// LocalID and RemoteID are the identities used; zero: those of Conn.
	LocalID, RemoteID ike.Identity
	// Local and Remote are the addresses of the IKE packets; zero: those of
	// Conn, where it names one.
	Local, Remote netip.Addr
	// Responder says that the peer began.
	Responder bool
	// XAuth asks for a user's password instead; LocalID is the server's,
	// RemoteID the user's identity.
	XAuth bool
}

// SecretMatch is the secret that a daemon takes, and why.
type SecretMatch struct {
	// Entry is the one that was selected, Secret what it holds.
	Entry  *SecretEntry
	Secret Value[ike.Secret]
	By     By
	// Conn is the connection by whose identities the secret was found.
	Conn *Connection
	// Local and Remote say how the owners match the two identities.
	Local, Remote Ownership
	// Equal lists the other entries that match as well. Conflict says that at
	// least one of them has another secret: then the order of the file
	// decides.
	Equal    []*SecretEntry
	Conflict bool
	// Depends says that the query does not tell who the peer is and that the
	// file has entries for single peers: a certain one may be given another.
	Depends bool
	// Weaker lists the entries that match less well, in order.
	Weaker []*SecretEntry
}

// Wildcard reports whether the entry that was taken names neither end.
func (m *SecretMatch) Wildcard() bool { return m.Local <= OwnsAny && m.Remote <= OwnsAny }
