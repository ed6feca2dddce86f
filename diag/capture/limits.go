package capture

import "time"

// Limits bound what one recording may cost. Zero fields mean the defaults.
type Limits struct {
	// Frame is the largest number of captured bytes of one frame; default
	// 256 KiB, libpcap's own maximum for network links.
	Frame int
	// Block is the largest pcapng block in bytes; default 16 MiB. Blocks
	// that are of no interest are passed over without being held.
	Block int
	// Interfaces is the largest number of interfaces of a section; default
	// 4096.
	Interfaces int
	// Assemblies is the largest number of IP datagrams of which fragments
	// are held at one time; default 64, at least 16. Each holds at most
	// 66 KiB.
	Assemblies int
	// AssemblyTime is how long fragments wait for the rest, by the
	// recording's own clock; default 30 s, as Linux does.
	AssemblyTime time.Duration
	// Headers is the largest number of headers around one datagram, of tags,
	// labels, tunnels and IPv6 extensions together; default 32.
	Headers int
	// Notes is the largest number of comments and names that are kept;
	// default 64. Each is at most 256 bytes.
	Notes int
	// Record is the largest record of tcpdump's text in bytes, continuation
	// lines included; default 64 KiB. The rest of a longer one is ignored.
	Record int
}

// withDefaults fills zero and negative fields.
func (l Limits) withDefaults() Limits {
	def := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	def(&l.Frame, 256<<10)
	def(&l.Block, 16<<20)
	def(&l.Interfaces, 4096)
	def(&l.Assemblies, 64)
	l.Assemblies = max(l.Assemblies, 16)
	def(&l.Headers, 32)
	def(&l.Notes, 64)
	def(&l.Record, 64<<10)
	if l.AssemblyTime <= 0 {
		l.AssemblyTime = 30 * time.Second
	}
	return l
}
