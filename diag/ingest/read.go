package ingest

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/observe"
)

// announce makes the source known to the engine.
func (s *source) announce(e Target, o *Options) {
	about := diag.Source{
		Name: s.name, Kind: s.kind, Dialect: s.dialect, Gateway: s.input.Gateway, Group: s.input.Group, Reference: o.Reference, Zone: o.Zone, Written: s.input.Written,
	}
	if o.lasting && s.kind == diag.KindLog {
		about.Content = s.input.Content
	}
	s.id = e.AddSource(about)
}

// read reads a source into the engine. What was read before a fault stays.
func (s *source) read(e Target, o *Options, log *observe.Log) error {
	err := s.err
	if err == nil {
		err = s.content(e, o, log)
	}
	if err != nil {
		e.UpdateSource(s.id, func(src *diag.Source) { src.Err = diag.Clean(err.Error(), 200) })
	}
	return err
}

func (s *source) content(e Target, o *Options, l *observe.Log) error {
	switch {
	case s.unread:
		return fmt.Errorf("%s: %w", s.dialect, ErrUnread)
	case s.kind == diag.KindUnknown:
		return ErrUnknown
	case s.kind == diag.KindEmpty:
		return nil
	case s.kind == diag.KindConfig || s.kind == diag.KindSecrets:
		if s.conf == nil {
			s.parse(o)
		}
		return s.observe(e)
	}
	r, err := s.stream()
	if err != nil {
		return err
	}
	defer r.Close()
	var p io.Reader = &progress{Reader: r, name: s.name, tell: o.Progress}
	if m, ok := r.(inMemory); ok && o.Progress == nil {
		p = m.Reader // a log's lines are taken as they lie there
	}
	switch s.kind {
	case diag.KindLog:
		l.Reset()
		l.To, l.Source, l.Reference, l.Zone, l.Keys, l.Digest, l.Dialects = e, s.id, o.Reference, o.Zone, o.Keys, e.DigestKey(), o.Dialects
		l.Content = s.input.Content
		err = l.Read(p)
		e.UpdateSource(s.id, l.Describe)
	case diag.KindCapture:
		c := observe.Packets{To: e, Source: s.id}
		if o.Keys != nil && (s.live || o.Keys.Len() > 0) {
			c.Keys, c.Digest = o.Keys, e.DigestKey()
		}
		if s.live {
			c.Every, c.Update = tellLive, func(describe func(*diag.Source)) { e.UpdateSource(s.id, describe) }
		}
		err = c.Read(p)
		e.UpdateSource(s.id, c.Describe)
	case diag.KindState:
		st := observe.State{To: e, Source: s.id}
		err = st.Read(s.name, p)
		e.UpdateSource(s.id, st.Describe)
	case diag.KindCertificate:
		c := observe.Certificates{To: e, Source: s.id}
		err = c.Read(s.name, p)
		e.UpdateSource(s.id, c.Describe)
	case diag.KindProbe:
		b := observe.Probes{To: e, Source: s.id}
		err = b.Read(p)
		e.UpdateSource(s.id, b.Describe)
	default:
		err = ErrUnknown
	}
	return err
}

// tellLive is how often a live capture tells what ESP and AH come to.
const tellLive = time.Second

// date returns the time of a capture's last packet, or of the last line of a log
// that writes the year, of what can be read ahead of it; the zero time for
// anything else.
func (s *source) date(own []*observe.Dialect) time.Time {
	log := s.kind == diag.KindLog && !s.undated
	if s.kind != diag.KindCapture && !log || s.unread || s.err != nil {
		return time.Time{}
	}
	var r io.Reader = bytes.NewReader(s.head)
	if s.held == nil {
		f, err := s.open()
		if err != nil {
			return time.Time{} // reading it will say why
		}
		defer f.Close()
		r = f
	}
	if log {
		return observe.LastLine(r, own...)
	}
	return observe.LastPacket(r)
}

// stream returns the content, with a log's older segments before it. The first
// error of opening it is told at once.
func (s *source) stream() (io.ReadCloser, error) {
	if len(s.segments) == 0 {
		return s.open()
	}
	c := &concat{left: append(slices.Clone(s.segments), s)}
	return c, c.next()
}

// concat reads segments one after the other, of which one is open at a time.
type concat struct {
	left []*source
	r    io.ReadCloser
}

// next opens the next segment.
func (c *concat) next() (err error) {
	s := c.left[0]
	if c.r, err = s.open(); err != nil {
		c.r, c.left = nil, nil
		return fmt.Errorf("segment %s: %w", s.name, err)
	}
	c.left = c.left[1:]
	return nil
}

// Read reads on in the next segment where one is at its end.
func (c *concat) Read(b []byte) (int, error) {
	for c.r != nil {
		n, err := c.r.Read(b)
		if err != io.EOF || len(c.left) == 0 {
			return n, err
		}
		c.r.Close()
		if err := c.next(); err != nil || n > 0 {
			return n, err
		}
	}
	return 0, io.EOF
}

// Close closes the segment that is open.
func (c *concat) Close() error {
	if c.r == nil {
		return nil
	}
	return c.r.Close()
}

// progress counts what is read.
type progress struct {
	io.Reader
	name string
	done int64
	tell func(name string, done, total int64)
}

func (p *progress) Read(b []byte) (int, error) {
	n, err := p.Reader.Read(b)
	p.done += int64(n)
	if p.tell != nil {
		p.tell(p.name, p.done, 0)
	}
	return n, err
}
