package diag

import (
	"net/netip"
	"time"

	"github.com/ikediag/ikediag/ike"
)

// Gateway is a host whose view sources are: an IPsec peer that the caller
// knows. Where the caller gives none, the join infers them.
type Gateway struct {
	// ID is the caller's name for it.
	ID         string
	Addresses  []netip.Addr // as its peers see it, and as it sees itself
	Identities []ike.Identity
}

// SourceID names a source within one engine.
type SourceID uint32

// Source is where observations come from: a file, a stream, a device.
type Source struct {
	// Name is what a report calls it, such as the file's name.
	Name string
	Kind SourceKind
	// Dialect names the format: "strongswan", "pcap", "swanctl.conf".
	Dialect string
	// Gateway is the ID of the gateway whose view this is, where the caller
	// knows it. Sources of one Gateway are one host's.
	Gateway string
	// Group is shared by sources that belong together, such as the files of
	// one folder: one gateway's unless what they say names two.
	Group string
	// Host is the host's own name, as a log's prefix gives it.
	Host string
	// Reference dates lines whose times have no year or no date: each gets the
	// one that brings it closest to Reference. Zone is the time zone of a
	// source that names none; nil: UTC.
	Reference time.Time
	Zone      *time.Location `json:"-"`
	// Written is when the source was written to last, such as a file's time of
	// modification, where the caller knows: nothing in it is later. It dates no
	// line; it tells which years a log without years cannot be of.
	Written time.Time
	// Since is when a source that goes on began to listen, such as the capture
	// of a live interface: what has happened from then until five seconds before
	// the last Advance it has shown. Zero: it covers what it says itself.
	Since time.Time
	// Units counts lines, frames or statements; Recognized those understood.
	Units, Recognized int
	Coverage          Coverage
	// NotRead lists the files that a configuration refers to and that were not
	// read, with the reason of each: "/etc/ipsec.d/*.conf, outside the folder".
	NotRead []string `json:",omitempty"`
	// Err says why a source could not be read or understood, or not whole.
	Err string
	// Content is what is read, where that is in memory and stays as it is as
	// long as the engine is asked: the texts of observations that stand in it are
	// then not copied. It is given to AddSource, which keeps it for itself.
	Content []byte `json:"-"`
}

// Coverage says what a source would have shown, had it happened. Absence is
// evidence only there.
type Coverage struct {
	// From and To are the times of what it has first and last.
	From, To time.Time
	// Shows holds the kinds of observation that the source gives at its log
	// level, ports and snap length.
	Shows BodySet
	// Levels maps a log's subsystems to the level at which they were seen.
	Levels map[string]int
	// SnapLen is the number of octets kept of a frame, 0 where all are.
	SnapLen int
	// Hides holds the packets that a capture may lack because of a filter: see
	// PacketSet.
	Hides PacketSet
	// Lost is the number of frames that a capture's recorder says it missed:
	// what the capture lacks may have been among them.
	Lost uint64
	// CutStart and CutEnd say that the source starts after, or ends before,
	// what it is about.
	CutStart, CutEnd bool
}

// lag is how long after an event a live source may tell of it: a capture passes
// buffers, a log a collector.
const lag = 5 * time.Second

// listened widens what a live source covers to the time in which it has
// listened, and has had the time to tell.
func (e *Engine) listened(s *Source) {
	if s.Since.IsZero() {
		return
	}
	c, until := &s.Coverage, e.now
	if !e.ended {
		until = until.Add(-lag)
	}
	if c.From.IsZero() || s.Since.Before(c.From) {
		c.From = s.Since
	}
	if until.After(c.To) {
		c.To = until
	}
}

// Where is a place in a source.
type Where struct {
	Line  int // from 1; 0 where the source has no lines
	Frame int // from 1; 0 where it has no frames
	// Index tells apart observations of one line or frame.
	Index int
}

func (w Where) before(x Where) bool {
	if w.Frame != x.Frame {
		return w.Frame < x.Frame
	}
	if w.Line != x.Line {
		return w.Line < x.Line
	}
	return w.Index < x.Index
}
