package capture

import (
	"net/netip"
	"time"
)

// Coverage says what a recording can have shown: it decides whether the
// absence of a packet means anything. The counts are of what has been read so
// far.
type Coverage struct {
	// Frames is the number of frames, or of packets in a text.
	Frames int
	// Datagrams is the number of datagrams delivered.
	Datagrams int
	// First and Last are the earliest and latest time of a frame; zero where
	// none has a time.
	First, Last time.Time
	// Assumed says what the times rest on that the recording does not tell;
	// binary formats assume nothing.
	Assumed TimeAssumption
	// SnapLength is the largest number of bytes kept of a frame, 0 where it is
	// unknown or unlimited. Of several interfaces it is the smallest.
	SnapLength int
	// CutFrames is the number of frames of which the recorder kept a part.
	CutFrames int
	// CutEnd says that the file ends in the middle of a record: what came
	// later is unknown.
	CutEnd bool
	// NotIP is the number of frames that hold no IP packet: ARP and the like.
	NotIP int
	// Malformed is the number of frames whose headers contradict each other
	// or end too early though the frame was not cut; of a text, the packets
	// that could not be understood, for one because they have names in place
	// of addresses.
	Malformed int
	// UnknownLink is the number of frames of link types that this package
	// does not read.
	UnknownLink int
	// Dropped is the number of frames that the recorder says it lost.
	Dropped uint64
	// Fragments is the number of IP fragments seen. Those of a text without
	// hex dumps cannot be put together: the first is delivered by itself, with
	// Datagram.Fragments 1, and the others are only counted here.
	Fragments int
	// Incomplete is the number of datagrams that were given up because
	// fragments were missing, Evicted the number of those that were given up
	// early because [Limits.Assemblies] was reached: their missing fragments
	// prove nothing.
	Incomplete, Evicted int
	// RefusedFragments is the number of fragments that overlap others with
	// different contents, reach beyond 65535 bytes or have a length that no
	// fragment may have.
	RefusedFragments int
	// Lines is the number of lines of a text, Unrecognized the number of
	// those that belong to no packet.
	Lines, Unrecognized int
	// Interfaces are the interfaces of a recording, in order; of a pcap one
	// without a name. At most [Limits.Interfaces] are listed.
	Interfaces []Interface
}

// Count adds a frame and what [Peeler.Peel] made of it: for sources of frames
// other than a Reader. The datagrams of [Peeler.Expired] are the caller's to
// add.
func (c *Coverage) Count(f *Frame, r Result) {
	c.Frames++
	if f.WireLen > len(f.Data) {
		c.CutFrames++
	}
	if !f.Time.IsZero() {
		c.seenAt(f.Time)
	}
	switch r {
	case Delivered:
		c.Datagrams++
	case NotIP:
		c.NotIP++
	case Malformed:
		c.Malformed++
	case UnknownLink:
		c.UnknownLink++
	}
}

// seenAt widens the span of times.
func (c *Coverage) seenAt(t time.Time) {
	if c.First.IsZero() || t.Before(c.First) {
		c.First = t
	}
	if t.After(c.Last) {
		c.Last = t
	}
}

// TimeAssumption is a set of things about times that had to be assumed.
type TimeAssumption uint8

// The assumptions of a text's times.
const (
	// AssumedZone: the zone is not in the text, [Options.Location] was used.
	AssumedZone TimeAssumption = 1 << iota
	// AssumedDate: the text has times without a date, [Options.Day] was used.
	AssumedDate
	// NoTimes: the text has no times, or they are relative to each other.
	NoTimes
)

// Interface is a place where frames were recorded.
type Interface struct {
	// Name is the interface's name, "" where it is unknown. It is text from
	// outside.
	Name string
	// Link is the type of its frames.
	Link LinkType
	// SnapLength is the largest number of bytes kept of a frame, 0 for no
	// limit.
	SnapLength int
	// Filter is the capture filter in the recorder's words, "" for none or
	// unknown. What a filter excludes, a recording cannot show.
	Filter string
	// Frames is the number of frames recorded there.
	Frames int
	// Started and Ended are when recording began and ended there, in the
	// recorder's own words, whether there were frames or not; zero where it
	// does not say.
	Started, Ended time.Time
	// Received is the number of frames that the recorder says it took in
	// there, 0 where it does not say.
	Received uint64
}

// Span returns the time from which to which the recorder says it was running,
// on all its interfaces. It goes beyond the first and the last frame where the
// network was silent. Both are zero where an interface's recorder does not say,
// and where frames have been taken out of the recording since.
func (c *Coverage) Span() (from, to time.Time) {
	told := true // when all of them began
	for i := range c.Interfaces {
		f := &c.Interfaces[i]
		if f.Ended.IsZero() || uint64(f.Frames) < f.Received {
			return time.Time{}, time.Time{}
		}
		told = told && !f.Started.IsZero()
		if f.Started.After(from) {
			from = f.Started
		}
		if i == 0 || f.Ended.Before(to) {
			to = f.Ended
		}
	}
	if !told {
		from = time.Time{}
	}
	if to.Before(from) {
		return time.Time{}, time.Time{} // one was over before the other began
	}
	return from, to
}

// NoteKind says what a [Note] is.
type NoteKind uint8

// The kinds of notes.
const (
	// NoteComment is a person's comment on a section, an interface or a frame.
	NoteComment NoteKind = iota
	// NoteName is a name of an address.
	NoteName
	// NoteRecorder is the hardware, system or program that recorded.
	NoteRecorder
)

// Note is text that a recording carries beside its frames. It is text from
// outside: untrusted, at most 256 bytes.
type Note struct {
	// Kind is what the note is about.
	Kind NoteKind
	// Frame is the frame that a comment is about, 0 for none.
	Frame int
	// Addr is what a NoteName names.
	Addr netip.Addr
	Text string
}
