package ingest

import (
	"bytes"
	"errors"
	"io"
	"sync"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/observe"
)

// Feed takes one live source in, in pieces of any size. It finds out what the
// source is by itself. It runs no rule: that is the engine's Advance.
//
// A log's lines are observed as they are written. A capture is read in the
// background as it grows, where ESP and AH are summed up anew each second.
// Configurations and state dumps are read when the Feed is closed, since only
// then they are whole; Close waits for all of that. A Feed is for one goroutine at a time.
type Feed struct {
	engine Target
	source diag.Source
	opt    Options
	id     diag.SourceID

	head   []byte // until it is known what the source is
	log    *logFeed
	rest   *restFeed
	closed bool
}

// NewFeed announces a source to the target and returns what takes its bytes.
// Of the source, Kind and Dialect are found out. A source that is listened to
// while things happen says since when, in Since: that nothing came is worth as
// much as what came.
func NewFeed(e Target, s diag.Source, o Options) *Feed {
	if s.Zone == nil {
		s.Zone = o.Zone
	}
	if s.Reference.IsZero() {
		s.Reference = o.Reference
	}
	return &Feed{engine: e, source: s, opt: o, id: e.AddSource(s)}
}

// ErrClosed is what a write to a closed Feed gives.
var ErrClosed = errors.New("ingest: feed is closed")

// Write takes the next piece of the source, and keeps nothing of b. Its error is
// nil or ErrClosed: what of the source was not understood, Close says.
func (f *Feed) Write(b []byte) (int, error) {
	if f.closed {
		return 0, ErrClosed
	}
	switch {
	case f.log != nil:
		f.log.write(b)
	case f.rest != nil:
		return f.rest.write(b)
	default:
		f.head = append(f.head, b...)
		return len(b), f.decide(false)
	}
	return len(b), nil
}

// decide finds out what the source is, as soon as its head tells; at the end
// with what there is.
func (f *Feed) decide(end bool) error {
	full := len(f.head) >= observe.HeadBytes
	s := source{name: f.source.Name, id: f.id}
	s.detect(f.head[:min(len(f.head), observe.HeadBytes)], f.opt.Dialects)
	sure := s.kind == diag.KindCapture || s.kind == diag.KindLog && bytes.IndexByte(f.head, '\n') >= 0
	if !end && !full && !sure {
		return nil
	}
	head := f.head
	f.head = nil
	f.engine.UpdateSource(f.id, func(src *diag.Source) { src.Kind, src.Dialect = s.kind, s.dialect })
	if s.kind == diag.KindLog && !s.unread {
		f.log = &logFeed{log: observe.Log{To: f.engine, Source: f.id, Reference: f.source.Reference, Zone: f.source.Zone, Keys: f.opt.Keys, Digest: f.engine.DigestKey(), Dialects: f.opt.Dialects}}
		f.engine.UpdateSource(f.id, f.log.log.Describe) // what it shows
		f.log.write(head)
		return nil
	}
	f.rest = newRestFeed(f, s)
	_, err := f.rest.write(head)
	return err
}

// Close observes what is still open and waits for what is read in the
// background. The error is nil or an *InputError: what of the source was not
// understood. To close a Feed again does nothing.
func (f *Feed) Close() error {
	if f.closed {
		return nil
	}
	if f.log == nil && f.rest == nil {
		if err := f.decide(true); err != nil {
			return err
		}
	}
	f.closed = true
	if f.log != nil {
		f.log.close()
		f.engine.UpdateSource(f.id, f.log.log.Describe)
		return nil
	}
	if err := f.rest.close(); err != nil {
		f.engine.UpdateSource(f.id, func(s *diag.Source) { s.Err = diag.Clean(err.Error(), 200) })
		return &InputError{f.source.Name, err}
	}
	return nil
}

// A logFeed cuts what is written into lines.
type logFeed struct {
	log  observe.Log
	part []byte // of a line whose end has not come
	skip bool   // the rest of a line that was too long
}

func (l *logFeed) write(b []byte) {
	for len(b) > 0 {
		i := bytes.IndexByte(b, '\n')
		if i < 0 {
			if !l.skip {
				l.part = append(l.part, b...)
				if len(l.part) > observe.MaxLine {
					l.log.Line(l.part)
					l.part, l.skip = l.part[:0], true
				}
			}
			return
		}
		switch {
		case l.skip:
			l.skip = false
		case len(l.part) > 0:
			l.part = append(l.part, b[:i]...)
			l.log.Line(l.part)
			l.part = l.part[:0]
		default:
			l.log.Line(b[:i])
		}
		b = b[i+1:]
	}
}

func (l *logFeed) close() {
	if len(l.part) > 0 {
		l.log.Line(l.part)
	}
	l.log.Flush()
}

// A restFeed gives a reader of whole files what is written, through a pipe.
type restFeed struct {
	w    *io.PipeWriter
	done sync.WaitGroup
	err  error
}

func newRestFeed(f *Feed, s source) *restFeed {
	r, w := io.Pipe()
	p := &restFeed{w: w}
	s.held, s.live = io.NopCloser(r), true // what the reader leaves is drained below
	opt := f.opt
	p.done.Go(func() {
		p.err = s.content(f.engine, &opt, new(observe.Log))
		// What is not read any more is not waited for.
		_, _ = io.Copy(io.Discard, r)
	})
	return p
}

func (p *restFeed) write(b []byte) (int, error) { return p.w.Write(b) }

func (p *restFeed) close() error {
	p.w.Close()
	p.done.Wait()
	return p.err
}
