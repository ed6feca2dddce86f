package config

import (
	"strconv"

	"github.com/ikediag/ikediag/ike"
)

// Action is what happens to a child's traffic.
type Action uint8

// The actions. All but Protect are shunts: nothing is negotiated for them.
const (
	Protect Action = iota
	Pass
	Drop
	Reject
)

var actionNames = [...]string{"protect", "pass", "drop", "reject"}

// String returns protect, pass, drop or reject.
func (a Action) String() string { return actionNames[min(int(a), len(actionNames)-1)] }

// Selector is one traffic selector as written. A Dynamic one stands for the
// end's own IKE or virtual address, which the configuration does not know; its
// protocol and ports hold.
type Selector struct {
	ike.Selector
	// Text is the selector as the file has it.
	Text string
	// Bad says that Text was not understood.
	Bad bool
}

// Child is one SA pair that a connection wants, with its phase-2 policy.
type Child struct {
	// Name is empty where the format has none; At is where the child begins;
	// Action is what starts it.
	Name   string
	At     Pos
	Action Value[Action]
	Mode   Value[ike.Mode] // tunnel or transport; ModeNone for BEET and others
	// Local and Remote are the traffic selectors. An IKEv1 daemon negotiates
	// the first pair only, unless FirstOnly is false.
	Local, Remote Value[[]Selector]
	// FirstOnly says that of several selectors only the first takes part in
	// an IKEv1 quick mode (strongSwan without Unity).
	FirstOnly bool
	// Overfull: it lists more selectors than its format has room for, and the
	// daemon refuses it.
	Overfull bool
	// Routed says that the child protects what is routed into a tunnel
	// interface: its selectors are for everything and cannot be others.
	Routed bool
	// Proposals are the phase-2 proposals; Protocol tells ESP from AH. A
	// proposal without group asks for no PFS.
	Proposals Value[Proposals]
	// PFS says whether PFS is wanted where the format states that apart from
	// the proposals; Unset elsewhere.
	PFS      Value[bool]
	Lifetime ChildLifetime
	// SHA256Bits96 uses HMAC-SHA-256 cut to 96 instead of 128 bits.
	SHA256Bits96 Value[bool]
	IPComp       Value[bool]
	// Translated is the rule by which the gateway's own source NAT takes the
	// child's traffic before IPsec sees it; Unset where the file does not show
	// one.
	Translated Value[string]
	// ReplayWindow is in packets; 0 is no replay protection.
	ReplayWindow Value[uint32]
	Start        Value[Start]
	// DPDAction is what happens where the peer is found dead, CloseAction where
	// it takes the child down, in strongSwan's words or the format's own.
	DPDAction   Value[string]
	CloseAction Value[string]
	Inactivity  Value[uint32] // seconds; 0 is never
	Unknown     []Statement
}

// ChildLifetime holds the limits of a phase-2 SA. Times are in seconds; 0 is
// never.
type ChildLifetime struct {
	// Life is when an SA ends, Rekey when it is replaced.
	Rekey, Life           Value[uint32]
	RekeyBytes, LifeBytes Value[uint64] // in octets
	// RekeyPackets and LifePackets count packets.
	RekeyPackets, LifePackets Value[uint64]
}

// AddressKind says what an address setting names.
type AddressKind uint8

// The kinds of addresses.
const (
	AddressAny    AddressKind = iota // %any
	AddressHost                      // one address
	AddressPrefix                    // a subnet
	AddressRange                     // first to last
	AddressName                      // a host name: not known without DNS
	AddressMagic                     // %defaultroute, %opportunistic and the like
)

var addressKindNames = [...]string{"any", "host", "prefix", "range", "name", "magic"}

// String returns the kind in lower case.
func (k AddressKind) String() string {
	if int(k) < len(addressKindNames) {
		return addressKindNames[k]
	}
	return "AddressKind(" + strconv.Itoa(int(k)) + ")"
}
