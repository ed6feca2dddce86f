package ingest

import (
	"bytes"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/observe"
)

// A source is one or more inputs that are one source of evidence.
type source struct {
	name    string
	input   Input
	kind    diag.SourceKind
	id      diag.SourceID
	dialect string
	unread  bool // known by name only
	// keys is the format of keys that a content looks like whose kind is not
	// known.
	keys string
	err  error
	// blank is the format of keys of which, by its name, it is a file without any.
	blank string
	// segments are the rotated older parts of a log, oldest first.
	segments []*source
	// secrets are the secrets files that belong to a configuration, own is what
	// the name of its file has of its own.
	secrets []*source
	own     string
	// conf is a configuration, or secrets, that was parsed and not observed
	// yet; fault is what that came upon, faults what it did in included files,
	// and sources are theirs.
	conf    configuration
	fault   error
	faults  []error
	sources included
	// only are the lines that are this source's, where its input is a session
	// with outputs of several kinds.
	only []observe.Lines
	// session: it may be one.
	session bool
	// undated: lines of a log have no date, or none with a year.
	undated bool
	// live: others are read meanwhile.
	live bool
	// head is the beginning of a capture that can be opened only once.
	head []byte
	// held is the content of an input that can be opened only once.
	held io.ReadCloser
}

// sniff finds out what an input is, by what it reads of it into room.
func sniff(i Input, own []*observe.Dialect, room []byte) *source {
	s := &source{name: i.Name, input: i}
	r, err := s.open()
	if err != nil {
		s.err = err
		return s
	}
	head := s.beginning(r, room)
	s.session = s.detect(head, own) && !s.once() && s.err == nil
	if s.once() {
		head = slices.Clone(head)
		if s.kind == diag.KindCapture {
			s.head = head
		}
		s.held = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(bytes.NewReader(head), r), r}
		return s
	}
	r.Close()
	return s
}

// beginning returns what a content begins with, which it reads into room where it
// has to.
func (s *source) beginning(r io.Reader, room []byte) []byte {
	if _, ok := r.(inMemory); ok {
		return s.input.Content[:min(len(s.input.Content), len(room))]
	}
	n, err := io.ReadFull(r, room)
	if err != nil && err != io.EOF && n == 0 {
		s.err = err
	}
	return room[:n]
}

// once reports whether the content can be opened only once.
func (s *source) once() bool { return s.input.Once && s.input.Open != nil }

// open returns the content, decompressed and in UTF-8 where it was in UTF-16.
func (s *source) open() (io.ReadCloser, error) {
	if s.held != nil {
		return s.held, nil
	}
	r, err := s.whole()
	if err != nil || s.only == nil {
		return r, err
	}
	return struct {
		io.Reader
		io.Closer
	}{observe.Only(r, s.only), r}, nil
}

// cut makes a source of each kind of output that a session holds; others stay
// as they are.
func (s *source) cut() []*source {
	if !s.session {
		return []*source{s}
	}
	r, err := s.open()
	if err != nil {
		return []*source{s}
	}
	defer r.Close()
	parts, err := observe.Parts(r, observe.Detected{Kind: s.kind, Dialect: s.dialect, Read: !s.unread})
	if err != nil || len(parts) < 2 {
		return []*source{s}
	}
	var out []*source
	for _, p := range parts {
		if p.Kind == diag.KindUnknown {
			continue // it says nothing of IKE
		}
		c := *s
		c.kind, c.dialect, c.unread, c.undated, c.only = p.Kind, p.Dialect, !p.Read, p.Undated, p.Lines
		out = append(out, &c)
	}
	if len(out) == 0 {
		return []*source{s}
	}
	return out
}

// detect names the kind of a content by its head, and reports whether it is a
// session.
func (s *source) detect(head []byte, own []*observe.Dialect) (session bool) {
	d, session := observe.Sniff(head, own...)
	s.kind, s.dialect, s.unread = d.Kind, d.Dialect, d.Kind != diag.KindUnknown && !d.Read
	if s.kind == diag.KindUnknown || s.kind == diag.KindLog && s.unread {
		if keys, ok := observe.LooksLikeKeys(head); ok {
			s.keys = keys
		}
	}
	if s.kind == diag.KindEmpty || s.kind == diag.KindUnknown {
		s.blank, _ = observe.NoKeys(s.name, head)
	}
	s.undated = d.Kind == diag.KindLog && !observe.Dated(head, own...)
	return session
}

// rotation takes the name of a rotated segment apart: gw.log.2.gz is the third
// newest of gw.log.
func rotation(name string) (base string, n int) {
	name = strings.TrimSuffix(name, ".gz")
	i := strings.LastIndexByte(name, '.')
	if i <= 0 || len(name)-i > 5 {
		return name, 0
	}
	n, err := strconv.Atoi(name[i+1:])
	if err != nil || n < 0 {
		return name, 0
	}
	return name[:i], n
}

// arrange joins sources: segments to their log, secrets to the configurations
// that they are for. It does not depend on the order of the inputs.
func arrange(all []*source) []*source {
	slices.SortStableFunc(all, func(a, b *source) int { return strings.Compare(a.name, b.name) })
	logs := map[string][]*source{}
	for _, s := range all {
		if s.kind == diag.KindLog && !s.unread && s.err == nil {
			base, _ := rotation(s.name)
			logs[s.dialect+"\x00"+base] = append(logs[s.dialect+"\x00"+base], s)
		}
	}
	gone := map[*source]bool{}
	for _, segs := range logs {
		if len(segs) < 2 {
			continue
		}
		slices.SortFunc(segs, func(a, b *source) int { return b.segment() - a.segment() })
		newest := segs[len(segs)-1]
		newest.segments = segs[:len(segs)-1]
		for _, s := range newest.segments {
			gone[s] = true
		}
	}
	shareSecrets(all)
	return slices.DeleteFunc(all, func(s *source) bool { return gone[s] })
}

func (s *source) segment() int {
	_, n := rotation(s.name)
	return n
}

// needsDate reports whether only another source tells when a log was written.
func (s *source) needsDate() bool { return s.undated && !s.unread && s.err == nil }
