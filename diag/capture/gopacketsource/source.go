// Package gopacketsource turns what github.com/google/gopacket reads from a live
// interface, or from anywhere else, into datagrams.
//
// It takes the raw frames from gopacket and peels them itself, with package
// capture: a datagram from a live source is the same as one from a file. Only
// gopacket's core is imported, none of its layers.
//
//	handle, err := pcap.OpenLive("eth0", 65535, false, 500*time.Millisecond)
//	// …
//	s := gopacketsource.New(handle, capture.LinkType(handle.LinkType()), gopacketsource.Options{
//		Retry: func(err error) bool { return err == pcap.NextErrorTimeoutExpired },
//	})
//	var d exchange.Datagram
//	for s.Next(&d) {
//		// d.Payload is valid until the next call of Next.
//	}
package gopacketsource

import (
	"errors"
	"io"
	"iter"
	"time"

	"github.com/google/gopacket"

	"github.com/ikediag/ikediag/diag/capture"
	"github.com/ikediag/ikediag/ike/exchange"
)

// Options shape a Source. The zero value is ready to use.
type Options struct {
	// Limits bound the fragments that are held.
	Limits capture.Limits
	// Retry says whether an error of the source is none that ends it, such as
	// a timeout of a live handle. nil means that every error does.
	Retry func(error) bool
	// Idle is called before each retry. It may tell the time, so that
	// fragments do not wait for ever on a silent interface: the zero time
	// leaves them alone, as does nil.
	Idle func() time.Time
}

// Source yields the datagrams of a gopacket source. It is not safe for
// concurrent use.
type Source struct {
	read    func() ([]byte, gopacket.CaptureInfo, error)
	options Options
	peel    capture.Peeler
	frame   capture.Frame
	cov     capture.Coverage
	err     error
	done    bool
}

// New makes a Source of frames that have the given link type: that of a pcap
// handle is capture.LinkType(handle.LinkType()). A source that can lend its
// buffer (gopacket.ZeroCopyPacketDataSource) is asked to.
func New(src gopacket.PacketDataSource, link capture.LinkType, o Options) *Source {
	s := &Source{read: src.ReadPacketData, options: o}
	if z, ok := src.(gopacket.ZeroCopyPacketDataSource); ok {
		s.read = z.ZeroCopyReadPacketData
	}
	s.peel.Limits = o.Limits
	s.frame.Link = link
	s.cov.Interfaces = []capture.Interface{{Link: link}}
	return s
}

// Next waits for the next datagram and reports whether there was one. It
// overwrites *d, whose Payload is valid until the next call. It returns false
// when the source has ended, and at an error, which Err returns. Datagrams whose
// fragments have not all come are delivered in between and at the end.
func (s *Source) Next(d *exchange.Datagram) bool {
	for {
		if s.peel.Expired(d) {
			s.cov.Datagrams++
			return true
		}
		if s.done {
			return false
		}
		data, info, err := s.read()
		if err != nil {
			s.fail(err)
			continue
		}
		s.frame.Data = data
		s.frame.WireLen = info.Length
		s.frame.Time = info.Timestamp
		s.frame.Number = s.cov.Frames + 1
		s.cov.Interfaces[0].Frames++
		result := s.peel.Peel(&s.frame, d)
		s.cov.Count(&s.frame, result)
		if result == capture.Delivered {
			return true
		}
	}
}

// fail ends the source, unless the error is one to retry after.
func (s *Source) fail(err error) {
	if s.options.Retry != nil && s.options.Retry(err) {
		if s.options.Idle != nil {
			if now := s.options.Idle(); !now.IsZero() {
				s.peel.Expire(now)
			}
		}
		return
	}
	if !errors.Is(err, io.EOF) {
		s.err = err
	}
	s.done = true
	s.peel.Flush()
}

// Err returns the error that ended the source, as gopacket gave it; nil at the
// source's regular end, io.EOF.
func (s *Source) Err() error { return s.err }

// Coverage returns the facts about what has been read so far. Its Interfaces
// are the Source's and valid until the next call of Next.
func (s *Source) Coverage() capture.Coverage {
	c := s.cov
	s.peel.CountFragments(&c)
	return c
}

// Enclosing returns the IP headers around the datagram that Next delivered last,
// outermost first. The slice is valid until the next call of Next.
func (s *Source) Enclosing() []capture.Header { return s.peel.Enclosing() }

// All returns the remaining datagrams. The pointer and what it holds are valid
// for one step. An error is the last pair, with a nil datagram.
func (s *Source) All() iter.Seq2[*exchange.Datagram, error] {
	return func(yield func(*exchange.Datagram, error) bool) {
		var d exchange.Datagram
		for s.Next(&d) {
			if !yield(&d, nil) {
				return
			}
		}
		if s.err != nil {
			yield(nil, s.err)
		}
	}
}
