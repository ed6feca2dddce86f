package diag

import (
	"cmp"
	"net/netip"
	"strconv"

	"github.com/ikediag/ikediag/ike"
)

// SA: what a daemon or a kernel says of an ISAKMP SA or of an SA pair.
type SA struct {
	Child bool // an SA pair of phase 2, not an ISAKMP SA
	State SAState
	Mode  ike.Mode
	// Encap: ESP travels in UDP.
	Encap            bool
	SPIIn, SPIOut    uint32
	Local, Remote    []ike.Selector
	BytesIn          uint64
	BytesOut         uint64
	PacketsIn        uint64
	PacketsOut       uint64
	Counted          bool   // the counters are given
	Age              uint32 // seconds since it was established
	IdleIn           uint32 // seconds since a packet came on it, 0 where not told
	ReplayWindow     uint32
	ReplayErrors     uint64
	AuthErrors       uint64
	TruncationBits   uint16 // of the integrity algorithm, 0 where not told
	LocalID          ike.Identity
	RemoteID         ike.Identity
	Outer            [2]netip.AddrPort // local, remote
	QueuedTasks      uint8             // what the daemon still waits to do with it
	HardLifeExceeded bool
	// Half: one direction only, as a kernel has it, from Outer[0] to
	// Outer[1]. SPIIn is its SPI and PacketsIn its count, whichever way it
	// goes.
	Half bool
	// Way is the direction of a Half as its host sees it, PolicyIn or
	// PolicyOut, 0 where nothing tells.
	Way  PolicyDir
	IfID uint32 // the interface that it is tied to, 0 for none
	AH   bool
	// Sent is the number of the last message of phase 1 that its daemon sent, in
	// main mode, or in aggressive mode (RFC 2409, section 5); 0 where not told.
	Sent       uint8
	Aggressive bool
	// Partial: the source does not list all SAs that there are, or not by
	// their SPIs; one that it does not have proves nothing.
	Partial bool
}

// SAState is the state of an SA.
type SAState uint8

// The states of an SA.
const (
	SAUnknown SAState = iota
	SAConnecting
	SAEstablished
	SARekeying
	SADeleting
	SAGone     // it is not there any more, and others that rest on it are
	SAReplaced // another is there in its place, and it is kept for what still comes
)

// Kind returns BodySA.
func (*SA) Kind() BodyKind { return BodySA }
func (*SA) party() Party   { return Self }
func (s *SA) slot() uint64 {
	if s.Child {
		return uint64(s.SPIIn)<<1 | 1
	}
	return 0
}
func (s *SA) clone(dst Body) Body {
	d := reuse[SA](dst)
	l, r := append(d.Local[:0], s.Local...), append(d.Remote[:0], s.Remote...)
	*d = *s
	d.Local, d.Remote = l, r
	return d
}

// Host: something about the gateway as a whole, visible in all its tunnels.
type Host struct {
	// Event is what happened or is so.
	Event HostEvent
	// Port is the one that a socket was wanted for.
	Port uint16
	// Name is the device, file or setting it is about.
	Name string
	// Address is the host's own, of OwnAddress.
	Address netip.Addr
}

// HostEvent is what happened to a host.
type HostEvent uint8

// The events of a host.
const (
	DaemonStarted HostEvent = iota + 1 // the IKE daemon began to run; our readers say that by Software
	DaemonStopped                      // it ended
	// PortNotBound: the daemon could not open a socket for Port, which another
	// program has. Name is its reason.
	PortNotBound
	ConnectionLoaded    // the daemon has the connection Name
	ConnectionNotLoaded // the daemon refused to load the connection Name
	AlgorithmNotKnown   // a configuration names an algorithm that the daemon does not have
	ForwardingOff       // the kernel does not forward IPv4 packets; Name is the setting
	AddressChanged      // an address of the host came or went; no reader of ours says so
	// OwnAddress: Address is one of the host's: a capture shows packets that the
	// host sends from it, or a socket of its is bound to it. In a capture
	// Keys.Local is the address, too.
	OwnAddress
	ForwardingOn // the kernel forwards IPv4 packets
	// ReversePathStrict: packets are dropped whose sender is reached by another
	// interface than Name, on which they come.
	ReversePathStrict
	ReversePathLoose // no interface drops them
	// PortListened: Name, or some program, takes what comes to Port. Address is
	// unspecified where it does so at all of the host's.
	PortListened
	PortHeld // Name does, which does not speak IKE
	PortFree // nobody does
	// ConnectionNotOriented: neither end of the connection Name is an address
	// of the host's.
	ConnectionNotOriented
	// ConnectionUnknown: the daemon was asked for the connection Name, and has
	// none of that name.
	ConnectionUnknown
	// ConnectionsListed: all connections that the daemon has are listed; each is a
	// ConnectionLoaded of the same source.
	ConnectionsListed
	// ConnectionIgnored: the configuration says that the connection Name, of which
	// Address is an end, is not to be loaded.
	ConnectionIgnored
	// ConnectionLoading: the daemon was asked for the connection Name, which it has
	// begun to load and not finished.
	ConnectionLoading
)

// HostName returns a connection's name as a Host has it: clean and bounded.
func HostName(name string) string { return Clean(name, 60) }

// Kind returns BodyHost.
func (*Host) Kind() BodyKind { return BodyHost }
func (*Host) party() Party   { return Self }
func (h *Host) slot() uint64 {
	s := uint64(h.Event) | uint64(h.Port)<<8 | hash64(h.Name)<<24
	if h.Address.IsValid() {
		a := h.Address.As16()
		s ^= hash64(string(a[:])) << 24
	}
	return s
}
func (h *Host) clone(dst Body) Body { d := reuse[Host](dst); *d = *h; return d }

// Counter: a counter of the kernel's that concerns the whole host, such as
// those of /proc/net/xfrm_stat.
type Counter struct {
	// Name is Linux's, for those of other systems as well that count the same;
	// Said is what such a system calls it, empty where that is Name.
	Name  string
	Said  string
	Value uint64
	// Delta: Value counts since an earlier snapshot, not since the start.
	Delta bool
}

// What some systems count that Linux counts for each SA only.
const (
	CounterProtected = "protected" // packets that were sent into tunnels
	CounterOpened    = "opened"    // packets that came out of them
)

// String returns the counter's name at its host, and its value.
func (c *Counter) String() string {
	return cmp.Or(c.Said, c.Name) + " " + strconv.FormatUint(c.Value, 10)
}

// Kind returns BodyCounter.
func (*Counter) Kind() BodyKind        { return BodyCounter }
func (*Counter) party() Party          { return Self }
func (c *Counter) slot() uint64        { return hash64(c.Name) }
func (c *Counter) clone(dst Body) Body { d := reuse[Counter](dst); *d = *c; return d }

// hash64 is FNV-1a.
func hash64(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}
