package state

import (
	"net/netip"
	"time"

	"github.com/ikediag/ikediag/ike"
)

// State is what one dump says.
type State struct {
	// Name is the input's, as given to Parse.
	Name   string
	Format Format
	// Recalled: no genuine sample of the format, or of this form of it, was at
	// hand when its reader was written: what rests on it is not proven.
	Recalled bool
	// Daemon is the program that printed it, where it says so.
	Daemon Daemon
	// NotRunning says that the daemon was asked and is not there.
	NotRunning bool
	// Connections are those loaded, where the format lists them. Listed is the
	// line with which a list of all of them begins, 0 where there is none, or it
	// was cut off.
	Connections []Connection
	Listed      int
	// Addresses are those that the daemon listens on, where it says so.
	Addresses []netip.Addr
	// SAs are the IKE SAs with their children, in order of appearance.
	SAs []SA
	// Routed are children without an SA: policies that wait for traffic.
	Routed []Child
	// Kernel holds the kernel's SAs, one for each direction.
	Kernel []KernelSA
	// Policies are the kernel's.
	Policies []Policy
	// Events are what a monitor saw happen in the kernel. Kernel and Policies
	// are then what was there at its end of what it saw: what is older than the
	// monitor is missing.
	Events []KernelEvent
	// Counters are host-wide.
	Counters []Counter
	// Settings and Routes are the host's.
	Settings []Setting
	Routes   []Route
	// Sockets are the host's UDP sockets; AllSockets: it has none but those, as
	// far as the listing tells.
	Sockets    []Socket
	AllSockets bool
	// Tracked are the connections of IKE and IPsec that its kernel tracks.
	Tracked []Tracked
	// Up and Connecting are the daemon's own counts of IKE SAs, -1 where it
	// does not say.
	Up, Connecting int
	// Unknown are lines that no reader knew, for a look at what is missed.
	// Lines is the number of lines read, the unknown and empty ones included.
	Unknown []Line
	Lines   int
	// Dropped counts records and unknown lines beyond the limits of a State.
	Dropped int
}

// Line is a line of the input: its number, from 1, and its text, bounded and
// without what could be a key.
type Line struct {
	// Number counts from 1, Text has no secret in it.
	Number int
	Text   string
}

// Daemon names a program.
type Daemon struct {
	// Product is "strongSwan", "libreswan"; Version is as printed.
	Product, Version string
	// System is the operating system's name and release, as printed.
	System string
	// Uptime is how long it has been running.
	Uptime Span
	// Since is its start in the host's local time, as printed.
	Since string
}

// Span is a duration that may be unknown or negative: daemons print a rekeying
// that is overdue as one in the past.
type Span struct {
	// Known tells 0 from not stated.
	Known bool
	D     time.Duration
	// Unit is the precision with which it was printed: one that says "2 hours"
	// is known to the hour.
	Unit time.Duration
}

// IKEState is the state of an IKE SA, common to all daemons.
type IKEState uint8

// The states of an IKE SA.
const (
	IKEUnknown IKEState = iota
	// IKECreated: nothing was sent or answered yet.
	IKECreated
	// IKEConnecting: phase 1 is going on.
	IKEConnecting
	// IKEEstablished: both sides are authenticated, as this one sees it.
	IKEEstablished
	// IKERekeying: a replacement is being negotiated.
	IKERekeying
	// IKERekeyed: it has been replaced and is about to go.
	IKERekeyed
	// IKEDeleting: the peer was told that it goes.
	IKEDeleting
	// IKEPassive: a cluster node keeps it for another.
	IKEPassive
	// IKEGone: it is not there any more, and children that it made are.
	IKEGone
)

var ikeStateNames = [...]string{"unknown", "created", "connecting", "established", "rekeying", "rekeyed", "deleting", "passive", "gone"}

// String returns the constant's name in lower case, as in established.
func (s IKEState) String() string { return enumName(ikeStateNames[:], uint8(s), "IKEState") }

// ChildState is the state of a child, common to all daemons.
type ChildState uint8

// The states of a child.
const (
	ChildUnknown ChildState = iota
	// ChildCreated: nothing is installed or negotiated yet.
	ChildCreated
	// ChildRouted: a policy waits for traffic; there is no SA.
	ChildRouted
	// ChildInstalling and ChildInstalled: its SAs are going into the kernel,
	// or are there.
	ChildInstalling
	ChildInstalled
	// ChildUpdating: addresses or encapsulation are changing.
	ChildUpdating
	// ChildRekeying: a replacement is being negotiated.
	ChildRekeying
	// ChildRekeyed: it has been replaced and is kept for packets under way.
	ChildRekeyed
	// ChildRetrying: the negotiation is repeated with another group.
	ChildRetrying
	// ChildDeleting and ChildDeleted: the peer was told that it goes, or it
	// has gone from the kernel.
	ChildDeleting
	ChildDeleted
)

var childStateNames = [...]string{"unknown", "created", "routed", "installing", "installed", "updating", "rekeying", "rekeyed", "retrying", "deleting", "deleted"}

// String returns the constant's name in lower case, as in installed.
func (s ChildState) String() string { return enumName(childStateNames[:], uint8(s), "ChildState") }

// Role is the part a gateway has in a negotiation.
type Role uint8

// The roles.
const (
	RoleUnknown Role = iota
	RoleInitiator
	RoleResponder
)

var roleNames = [...]string{"unknown", "initiator", "responder"}

// String returns initiator, responder or unknown.
func (r Role) String() string { return enumName(roleNames[:], uint8(r), "Role") }

// Endpoint is one end of an IKE SA.
type Endpoint struct {
	// Address is the host and port; the port is 0 where it was not printed.
	Address netip.AddrPort
	// Identity is what the end calls itself; Any where it has not said so
	// yet. Text is the identity as printed.
	Identity ike.Identity
	Text     string
	// EAP and XAuth are further identities, as printed.
	EAP, XAuth string
	// Virtual are the addresses assigned to the end within the tunnel.
	Virtual []netip.Addr
}

// SA is an IKE SA.
type SA struct {
	// Line is where the dump has it.
	Line int
	// Name is the connection's, "" where it was not chosen yet; ID is the
	// daemon's number for the SA.
	Name string
	ID   uint64
	// State is the state and StateText the daemon's word for it.
	State     IKEState
	StateText string
	// Version is 1 or 2, 0 where it was not printed.
	Version int
	// Cookies are those of the initiator and the responder, all zero where
	// not printed.
	Cookies [2][8]byte
	// Role is this gateway's.
	Role          Role
	Local, Remote Endpoint
	// Between are the initiator's and the responder's address in a format that
	// does not say which of them is its own.
	Between [2]netip.Addr
	// Proposal is what was chosen, Algorithms the same as printed; empty where
	// nothing was.
	Proposal   ike.Proposal
	Algorithms string
	// NAT are the flags of daemons that print them.
	NAT NAT
	// Age is the time since it was established, Rekey and Reauth the time to
	// the next rekeying and reauthentication.
	Age, Rekey, Reauth Span
	// RekeyDisabled says that the daemon does not rekey it.
	RekeyDisabled bool
	// Auth is the method that the daemon names beside the reauthentication.
	Auth string
	// Sent is the number in its exchange of the last message of phase 1 that it
	// sent, 0 where not told; Aggressive: the exchange is aggressive mode, not
	// main mode.
	Sent       uint8
	Aggressive bool
	// Down is why it is not there.
	Down Down
	// Queued, Active and Passive are the daemon's tasks: waiting, initiated
	// by it, and initiated by the peer.
	Queued, Active, Passive []string
	Children                []Child
}

// NAT is what a daemon says of NAT between it and its peer.
type NAT struct {
	// Local and Remote: that end is behind NAT. Faked: NAT is feigned to get
	// UDP encapsulation. Known is set where the format has the flags at all.
	Known, Local, Remote, Faked bool
}

// Child is a pair of IPsec SAs as a daemon sees them.
type Child struct {
	// Line is where the dump has it; Name and ID are the daemon's.
	Line int
	Name string
	ID   uint64
	// ReqID is the number that ties it to the kernel's policies, 0 where not
	// printed.
	ReqID     uint32
	State     ChildState
	StateText string
	Mode      ike.Mode
	Protocol  ike.Protocol
	// UDP says that it is encapsulated in UDP (RFC 3948).
	UDP bool
	// Proposal is what was chosen, Algorithms the same as printed.
	Proposal   ike.Proposal
	Algorithms string
	// In and Out are its directions.
	In, Out Flow
	// Local and Remote are its traffic selectors.
	Local, Remote []ike.Selector
	// Age is the time since it was installed; Rekey and Expire the time to
	// its rekeying and to its end. A Rekey below zero is overdue.
	Age, Rekey, Expire Span
	RekeyDisabled      bool
}

// Flow is one direction of a Child.
type Flow struct {
	// SPI is 0 where there is no SA; CPI is that of IPCOMP, 0 without.
	SPI uint32
	CPI uint16
	// Counted says that Bytes and Packets were printed.
	Counted        bool
	Bytes, Packets uint64
	// Window is the size of the replay window, 0 where it was not printed;
	// Replayed counts what it dropped, Failed what failed the integrity check.
	Window           uint32
	Replayed, Failed uint64
	// Idle is the time since a packet used it, not Known where none did or
	// where it was not printed.
	Idle Span
}

// KernelSA is one SA of a kernel: one direction of a Child.
type KernelSA struct {
	// Line is where the dump has it.
	Line                int
	Source, Destination netip.Addr
	Protocol            ike.Protocol
	// SPI and ReqID are the kernel's.
	SPI   uint32
	ReqID uint32
	Mode  ike.Mode
	// Cipher, Integrity and AEAD are the kernel's names of the algorithms,
	// without keys, "" where there is none.
	Cipher, Integrity, AEAD string
	// CipherBits and IntegrityBits are the keys' lengths in bits, the nonce
	// salt of an AEAD included; TruncBits is the length that the integrity
	// check value is cut to, 0 where the format does not say.
	CipherBits, IntegrityBits, TruncBits int
	// CipherKey and IntegrityKey are the keys, where printed.
	CipherKey, IntegrityKey ike.Secret
	// Dir is the way that it goes, as Linux says from 6.10 on.
	Dir Direction
	// Encap is set for ESP in UDP, with its ports.
	Encap                bool
	SourcePort, DestPort uint16
	// ReplayWindow is its size in packets, 0 for an outbound SA on Linux
	// before 6.10; ESN says that sequence numbers are extended.
	ReplayWindow uint32
	ESN          bool
	// SeqIn and SeqOut are the highest sequence numbers received and sent.
	SeqIn, SeqOut uint64
	// Flags are the kernel's words.
	Flags []string
	// Counted says that Bytes and Packets were printed.
	Counted        bool
	Bytes, Packets uint64
	// Replayed counts packets dropped by the replay window, OutsideWindow
	// those too old for it, Failed those that failed the integrity check.
	Replayed, OutsideWindow, Failed uint64
	// SoftExpire and HardExpire are the lifetime from the time it was added,
	// not Known where infinite.
	SoftExpire, HardExpire Span
	// Added and Used are times in the host's local time, zero where not
	// printed or never.
	Added, Used time.Time
	// Selector narrows it, as printed; Mark and IfID tie it to marked packets
	// and to an interface.
	Selector   string
	Mark, IfID uint32
	// Larval says that the kernel asked its daemon for it and that it is not
	// negotiated yet: it has no keys, and its SPI may be 0.
	Larval bool
}

// Direction is a policy's.
type Direction uint8

// The directions of a policy.
const (
	DirUnknown Direction = iota
	DirIn
	DirOut
	DirForward
)

var directionNames = [...]string{"unknown", "in", "out", "fwd"}

// String returns in, out, fwd or unknown.
func (d Direction) String() string { return enumName(directionNames[:], uint8(d), "Direction") }

// Policy is a kernel's security policy.
type Policy struct {
	// Line is where the dump has it; Source, Destination and Dir are what it
	// matches.
	Line                int
	Source, Destination ike.Selector
	Dir                 Direction
	// Socket says that it belongs to a socket: the daemon's own traffic.
	Socket bool
	// Block says that it drops what it matches.
	Block    bool
	Priority uint64
	Mark     uint32
	IfID     uint32
	// Interface is the one that BSD ties it to, empty for the policies of all.
	Interface string
	// Templates are what a packet must have been or will be protected with;
	// none: it passes in the clear.
	Templates []Template
}

// Template is one step of protection in a Policy.
type Template struct {
	// Source and Destination are the ends of the SA that it wants, unspecified in
	// transport mode.
	Source, Destination netip.Addr
	Protocol            ike.Protocol
	// SPI and ReqID are 0 for any.
	SPI   uint32
	ReqID uint32
	Mode  ike.Mode
	// Optional says that a packet without it is accepted too.
	Optional bool
}

// Counter is a named count of a host.
type Counter struct {
	// Line is where the dump has it.
	Line  int
	Name  string
	Value uint64
	// Before is the value in an earlier snapshot of the same host, where
	// Compared says that there is one: see State.Since.
	Before   uint64
	Compared bool
}
